#include "serve/shared.h"

#include <pthread.h>

#include "base/arena.h"

struct kept {
    const void *what;
    int64_t seq;
    utc_t made;
    struct buf answer;
};

struct shared {
    pthread_mutex_t lock;
    struct kept kept[SHARED_MAX];
};

struct shared *shared_new(void)
{
    struct shared *s = mem_alloc(sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    for (int i = 0; i < SHARED_MAX; i++)
        buf_init(&s->kept[i].answer, SHARED_BYTES_MAX);
    return s;
}

void shared_free(struct shared *s)
{
    if (!s)
        return;
    for (int i = 0; i < SHARED_MAX; i++)
        buf_fini(&s->kept[i].answer);
    pthread_mutex_destroy(&s->lock);
    mem_free(s);
}

bool shared_find(struct shared *s, const void *what, int64_t seq, utc_t now, struct buf *out)
{
    bool found = false;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < SHARED_MAX && !found; i++) {
        const struct kept *k = &s->kept[i];
        found = k->what == what && k->seq == seq && now - k->made < SHARED_FOR && !k->answer.full;
        if (found)
            buf_add(out, buf_str(&k->answer), k->answer.len);
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

/* Its own place, else the oldest. */
static struct kept *place_of(struct shared *s, const void *what)
{
    struct kept *best = &s->kept[0];
    for (int i = 0; i < SHARED_MAX; i++) {
        if (s->kept[i].what == what)
            return &s->kept[i];
        if (s->kept[i].made < best->made)
            best = &s->kept[i];
    }
    return best;
}

void shared_keep(struct shared *s, const void *what, int64_t seq, utc_t now, const struct buf *answer)
{
    pthread_mutex_lock(&s->lock);
    struct kept *k = place_of(s, what);
    if (k->what != what || seq >= k->seq) { /* never an older one over a newer */
        k->what = what;
        k->seq = seq;
        k->made = now;
        buf_clear(&k->answer);
        buf_add(&k->answer, buf_str(answer), answer->len);
    }
    pthread_mutex_unlock(&s->lock);
}
