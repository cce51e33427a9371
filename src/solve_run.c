#include "solve_run.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

static volatile sig_atomic_t interrupted;

struct worker { struct solve_team *team; pthread_barrier_t *barrier; bool *stop; void *member; bool leads; };

int64_t solve_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

void solve_catch_interrupt(void)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

bool solve_interrupted(void)
{
    return interrupted;
}

static void *work(void *of)
{
    struct worker *w = of;
    struct solve_team *t = w->team;
    while (!*w->stop) {
        int64_t left = t->rounds ? t->rounds - t->done : t->slice;
        t->run(w->member, left < t->slice ? (int)left : t->slice);
        pthread_barrier_wait(w->barrier);
        if (w->leads) {
            t->done += left < t->slice ? left : t->slice;
            *w->stop = t->meet(t) || interrupted || (t->rounds && t->done >= t->rounds) || solve_now() >= t->until;
        }
        pthread_barrier_wait(w->barrier);
    }
    return NULL;
}

bool solve_team_run(struct solve_team *t, struct err *e)
{
    pthread_barrier_t barrier;
    pthread_t thread[SOLVE_THREADS_MAX];
    struct worker w[SOLVE_THREADS_MAX];
    bool stop = t->meet(t) || interrupted || solve_now() >= t->until;
    if (stop)
        return true;
    if (pthread_barrier_init(&barrier, NULL, (unsigned)t->threads) != 0)
        return err_set(e, ERR_INTERNAL, "threads", "no barrier can be made");
    for (int i = 0; i < t->threads; i++)
        w[i] = (struct worker){t, &barrier, &stop, t->member[i], i == 0};
    for (int i = 1; i < t->threads; i++)
        if (pthread_create(&thread[i], NULL, work, &w[i]) != 0)
            return err_set(e, ERR_BUSY, "threads", "no thread number %d can be started", i + 1);
    work(&w[0]);
    for (int i = 1; i < t->threads; i++)
        pthread_join(thread[i], NULL);
    pthread_barrier_destroy(&barrier);
    return true;
}
