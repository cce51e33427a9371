#include "serve/jobs.h"

#include <pthread.h>

#include "base/arena.h"

struct jobs {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct {
        void (*run)(void *);
        void *ctx;
    } queue[JOBS_MAX];
    int head, count;
    bool stopping;
};

static void *jobs_run(void *ctx)
{
    pthread_setname_np(pthread_self(), "jobs");
    struct jobs *j = ctx;
    pthread_mutex_lock(&j->lock);
    for (;;) {
        while (!j->count && !j->stopping)
            pthread_cond_wait(&j->came, &j->lock);
        if (!j->count)
            break;
        void (*run)(void *) = j->queue[j->head].run;
        void *arg = j->queue[j->head].ctx;
        j->head = (j->head + 1) % JOBS_MAX;
        j->count--;
        pthread_mutex_unlock(&j->lock);
        run(arg);
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

struct jobs *jobs_start(void)
{
    struct jobs *j = mem_alloc(sizeof *j);
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->came, NULL);
    if (pthread_create(&j->thread, NULL, jobs_run, j) != 0) {
        mem_free(j);
        return NULL;
    }
    return j;
}

void jobs_stop(struct jobs *j)
{
    if (!j)
        return;
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_cond_signal(&j->came);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
}

void jobs_free(struct jobs *j)
{
    if (!j)
        return;
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->came);
    mem_free(j);
}

bool jobs_add(struct jobs *j, void (*run)(void *ctx), void *ctx, struct err *e)
{
    pthread_mutex_lock(&j->lock);
    bool room = j->count < JOBS_MAX && !j->stopping;
    if (room) {
        int at = (j->head + j->count++) % JOBS_MAX;
        j->queue[at].run = run;
        j->queue[at].ctx = ctx;
        pthread_cond_signal(&j->came);
    }
    pthread_mutex_unlock(&j->lock);
    return room || err_set(e, ERR_BUSY, "", "too many sign-ins and documents wait; try again in a moment");
}
