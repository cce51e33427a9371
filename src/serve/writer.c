#include "serve/writer.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "serve/now.h"

struct writer {
    struct writer_config c;
    struct store *store;
    struct arena *a;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct write_job *first, *last;
    bool stopping;
    int last_count;            /* jobs of the last batch: as many are likely to come again */
    utc_t commit_us;           /* how long a commit takes, smoothed; writer thread only */
    utc_t due;                 /* steady: of the next `between` */
    struct writer_stats stats; /* under the lock */
};

/* The jobs decided together; all of one site. */
struct batch {
    struct write_job *jobs[WRITER_BATCH_MAX];
    int count;
    bool closed;               /* takes no more */
    int64_t site, seq;
};

static bool batch_more(struct writer *w, struct batch *b);

/* ---- deciding ---------------------------------------------------------------------------------------------------- */

/* True: the transaction still stands (whatever became of the job). */
MUST_CHECK static bool decide_one(struct writer *w, struct tx *t, struct write_job *j)
{
    struct err e = {.kind = ERR_NONE};
    j->err = e;
    j->ok = false;
    if (j->plain && !j->plain(j, t, &j->ok, &j->err))
        return j->ok = false;
    if (j->ok)
        return true;
    if (!tx_savepoint(t, &j->err))
        return false;
    j->ok = j->decide(j, t, &j->err);
    if (j->ok && tx_release(t, &j->err))
        return true;
    j->ok = false;
    if (!store_in_transaction(w->store) || !tx_undo(t, &e))
        return false;
    if (!j->keep)
        return true;
    if (!tx_savepoint(t, &e))
        return false;
    if (j->keep(j, t, &e))
        return tx_release(t, &e);
    return store_in_transaction(w->store) && tx_undo(t, &e);
}

/* All of the batch in one transaction; false: nothing of it is kept. */
MUST_CHECK static bool decide_batch(struct writer *w, struct batch *b, struct err *e)
{
    struct tx t;
    memset(&t, 0, sizeof t);
    arena_reset(w->a);
    if (!tx_begin(&t, w->store, w->a, b->site, w->c.types, e))
        return false;
    for (int i = 0; i < b->count || batch_more(w, b); i++)
        if (!decide_one(w, &t, b->jobs[i])) {
            *e = b->jobs[i]->err;
            tx_rollback(&t);
            return false;
        }
    utc_t began = now_steady();
    if (!tx_commit(&t, e)) {
        tx_rollback(&t);
        return false;
    }
    w->commit_us += (now_steady() - began - w->commit_us) / 8;
    b->seq = t.seq;
    return true;
}

static void reopen(struct writer *w)
{
    struct err e = {.kind = ERR_NONE};
    struct store *s = NULL;
    if (store_open(w->c.url, false, &s, &e)) {
        store_close(w->store);
        w->store = s;
    }
}

static void finish(struct writer *w, struct batch *b, bool whole, const struct err *why)
{
    if (whole && w->c.committed)
        w->c.committed(w->c.ctx, b->site, b->seq);
    for (int i = 0; i < b->count; i++) {
        struct write_job *j = b->jobs[i];
        if (!whole) {
            j->ok = false;
            j->err = *why;
            if (j->err.kind == ERR_NONE)
                err_set(&j->err, ERR_STORE, "", "the store did not keep it; nothing was changed");
        }
        j->done(j);
    }
}

static void count_batch(struct writer *w, const struct batch *b, bool whole, bool alone)
{
    int size = 0;
    while (size < 9 && (1 << size) < b->count)
        size++;
    pthread_mutex_lock(&w->lock);
    w->stats.batches++;
    w->stats.batch_sizes[size]++;
    w->stats.jobs += b->count;
    w->stats.retried += alone;
    w->stats.failed_commits += !whole;
    w->stats.alive = whole;
    if (whole)
        w->stats.seq = b->seq;
    pthread_mutex_unlock(&w->lock);
}

static void run_batch(struct writer *w, struct batch *b)
{
    struct err e = {.kind = ERR_NONE};
    bool whole = decide_batch(w, b, &e);
    count_batch(w, b, whole, false);
    if (whole || b->count == 1) {
        finish(w, b, whole, &e);
        if (!whole)
            reopen(w);
        return;
    }
    for (int i = 0; i < b->count; i++) { /* one job must not take its neighbours with it */
        struct batch alone = {.jobs = {b->jobs[i]}, .count = 1, .closed = true, .site = b->site};
        struct err why = {.kind = ERR_NONE};
        whole = decide_batch(w, &alone, &why);
        count_batch(w, &alone, whole, true);
        if (!whole)
            reopen(w);
        finish(w, &alone, whole, &why);
    }
}

/* ---- the queue --------------------------------------------------------------------------------------------------- */

/* With the lock: the jobs at the head of the queue that are of the batch's site, in their order. */
static void take_batch(struct writer *w, struct batch *b)
{
    int before = b->count;
    while (w->first && b->count < WRITER_BATCH_MAX && w->first->site == b->site) {
        struct write_job *j = w->first;
        w->first = j->next;
        b->jobs[b->count++] = j;
    }
    if (!w->first)
        w->last = NULL;
    w->stats.queued -= b->count - before;
}

/* All so far are decided: does the batch take more before it commits? Those who were answered together ask again
 * together, one by one right after the commit; a batch that left with the first would make all others wait for two.
 * So what came meanwhile is taken along, and as many as in the last batch are waited for, a fraction of a commit at
 * most. One person working alone never waits. */
static bool batch_more(struct writer *w, struct batch *b)
{
    const struct timespec nap = {.tv_nsec = WRITER_NAP * 1000};
    utc_t until = now_steady() + (w->commit_us / 2 < WRITER_GATHER_MAX ? w->commit_us / 2 : WRITER_GATHER_MAX);
    int before = b->count;
    while (!b->closed && b->count < WRITER_BATCH_MAX) {
        pthread_mutex_lock(&w->lock);
        take_batch(w, b);
        bool leave = w->stopping || w->first; /* first: of another site, whose turn it is */
        pthread_mutex_unlock(&w->lock);
        if (b->count > before)
            return true;
        if (leave || b->count >= w->last_count || now_steady() >= until)
            return false;
        nanosleep(&nap, NULL);
    }
    return false;
}

/* With the lock: until there is work, the end, or something else is due. */
static void wait_for_work(struct writer *w)
{
    const struct timespec until = {.tv_sec = w->due / UTC_SECOND, .tv_nsec = (w->due % UTC_SECOND) * 1000};
    while (!w->first && !w->stopping) {
        if (!w->c.between)
            pthread_cond_wait(&w->came, &w->lock);
        else if (pthread_cond_timedwait(&w->came, &w->lock, &until) != 0)
            return;
    }
}

static void between(struct writer *w, bool now)
{
    if (!w->c.between || (!now && now_steady() < w->due))
        return;
    w->c.between(w->c.ctx, w->store);
    w->due = now_steady() + WRITER_BETWEEN;
}

static void *writer_main(void *ctx)
{
    pthread_setname_np(pthread_self(), "writer");
    struct writer *w = ctx;
    struct batch *b = mem_alloc(sizeof *b);
    pthread_mutex_lock(&w->lock);
    for (;;) {
        wait_for_work(w);
        if (!w->first && w->stopping)
            break;
        bool work = w->first != NULL;
        if (work) {
            *b = (struct batch){.site = w->first->site};
            take_batch(w, b);
        }
        pthread_mutex_unlock(&w->lock);
        if (work) {
            run_batch(w, b);
            w->last_count = b->count;
        }
        between(w, false);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    between(w, true);
    mem_free(b);
    return NULL;
}

bool writer_submit(struct writer *w, struct write_job *j, struct err *e)
{
    j->next = NULL;
    pthread_mutex_lock(&w->lock);
    bool room = !w->stopping && w->stats.queued < WRITER_QUEUE_MAX;
    if (room) {
        if (w->last)
            w->last->next = j;
        else
            w->first = j;
        w->last = j;
        w->stats.queued++;
        pthread_cond_signal(&w->came);
    }
    pthread_mutex_unlock(&w->lock);
    return room || err_set(e, ERR_BUSY, "", "too much is waiting to be written; try again in a moment");
}

/* ---- submit and wait --------------------------------------------------------------------------------------------- */

struct waiting {
    struct write_job job; /* first */
    struct write_job *inner;
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool finished;
};

static bool waiting_decide(struct write_job *j, struct tx *t, struct err *e)
{
    struct write_job *inner = ((struct waiting *)j)->inner;
    return inner->decide(inner, t, e);
}

static bool waiting_keep(struct write_job *j, struct tx *t, struct err *e)
{
    struct write_job *inner = ((struct waiting *)j)->inner;
    return !inner->keep || inner->keep(inner, t, e);
}

static void waiting_done(struct write_job *j)
{
    struct waiting *w = (struct waiting *)j;
    pthread_mutex_lock(&w->lock);
    w->finished = true;
    pthread_cond_signal(&w->done);
    pthread_mutex_unlock(&w->lock);
}

bool writer_run(struct writer *w, struct write_job *j, struct err *e)
{
    struct waiting v = {.job = {.site = j->site, .decide = waiting_decide, .keep = waiting_keep, .done = waiting_done},
                        .inner = j};
    pthread_mutex_init(&v.lock, NULL);
    pthread_cond_init(&v.done, NULL);
    bool ok = writer_submit(w, &v.job, e);
    if (ok) {
        pthread_mutex_lock(&v.lock);
        while (!v.finished)
            pthread_cond_wait(&v.done, &v.lock);
        pthread_mutex_unlock(&v.lock);
        ok = v.job.ok;
        j->ok = ok;
        j->err = v.job.err;
        if (!ok)
            *e = v.job.err;
    }
    pthread_mutex_destroy(&v.lock);
    pthread_cond_destroy(&v.done);
    return ok;
}

/* ---- starting and stopping --------------------------------------------------------------------------------------- */

bool writer_start(const struct writer_config *c, struct writer **out, struct err *e)
{
    struct store *s;
    if (!store_open(c->url, false, &s, e))
        return false;
    if (!ledger_create(s, e)) {
        store_close(s);
        return false;
    }
    struct writer *w = mem_alloc(sizeof *w);
    w->c = *c;
    w->store = s;
    w->a = arena_new();
    w->stats.alive = true;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&w->came, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        store_close(s);
        arena_free(w->a);
        mem_free(w);
        return err_set(e, ERR_INTERNAL, "", "no thread for the writer");
    }
    *out = w;
    return true;
}

void writer_stop(struct writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->came);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
}

void writer_free(struct writer *w)
{
    if (!w)
        return;
    store_close(w->store);
    arena_free(w->a);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->came);
    mem_free(w);
}

struct writer_stats writer_stats(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct writer_stats s = w->stats;
    pthread_mutex_unlock(&w->lock);
    return s;
}
