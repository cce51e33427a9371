#include "serve/readers.h"

#include <pthread.h>
#include <string.h>

struct readers {
    const char *url;
    const struct event_types *types;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct store *idle[READERS_MAX];
    int idle_count, lent;
    struct arena *a;
};

bool readers_open(const char *url, const struct event_types *types, struct readers **out, struct err *e)
{
    struct store *first;
    if (!store_open(url, true, &first, e))
        return false;
    struct readers *r = mem_alloc(sizeof *r);
    r->a = arena_new();
    r->url = arena_strdup(r->a, url);
    r->types = types;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->freed, NULL);
    r->idle[r->idle_count++] = first;
    *out = r;
    return true;
}

void readers_close(struct readers *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    while (r->lent)
        pthread_cond_wait(&r->freed, &r->lock);
    for (int i = 0; i < r->idle_count; i++)
        store_close(r->idle[i]);
    pthread_mutex_unlock(&r->lock);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->freed);
    arena_free(r->a);
    mem_free(r);
}

/* An idle connection, or NULL with leave to open one. */
static struct store *take(struct readers *r)
{
    struct store *s = NULL;
    pthread_mutex_lock(&r->lock);
    while (!r->idle_count && r->lent >= READERS_MAX)
        pthread_cond_wait(&r->freed, &r->lock);
    r->lent++;
    if (r->idle_count)
        s = r->idle[--r->idle_count];
    pthread_mutex_unlock(&r->lock);
    return s;
}

static void give_back(struct readers *r, struct store *s)
{
    pthread_mutex_lock(&r->lock);
    r->lent--;
    if (s)
        r->idle[r->idle_count++] = s;
    pthread_cond_signal(&r->freed);
    pthread_mutex_unlock(&r->lock);
}

bool reader_begin(struct readers *r, struct arena *a, int64_t site, struct tx *out, struct err *e)
{
    struct store *s = take(r);
    for (int tries = 0; tries < 2; tries++) {
        struct err why = {.kind = ERR_NONE};
        if (s || store_open(r->url, true, &s, &why)) {
            memset(out, 0, sizeof *out);
            if (tx_read(out, s, a, site, r->types, &why))
                return true;
            store_close(s); /* gone stale: once more with a new one */
            s = NULL;
        }
        if (tries == 1)
            *e = why;
    }
    give_back(r, NULL);
    return false;
}

void reader_end(struct readers *r, struct tx *t, bool failed)
{
    struct store *s = t->store;
    tx_rollback(t);
    if (failed) {
        store_close(s);
        s = NULL;
    }
    give_back(r, s);
}
