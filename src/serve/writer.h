/* writer: the one thread that changes the store.
 *
 * Owns the writing connection and a bounded queue of write jobs: commands, pump messages, sessions, audit notes. It
 * drains many into one transaction: each under a savepoint of its own, one commit (one fsync) for all, and only then
 * are their `done` called. Rule: no `done` says yes before the commit that holds its effect; if the store gives the
 * whole transaction up, each job is decided again alone.
 */
#ifndef SERVE_WRITER_H
#define SERVE_WRITER_H

#include "record/ledger.h"

enum {
    WRITER_QUEUE_MAX = 8192,
    WRITER_BATCH_MAX = 256 /* jobs in one transaction */
};
#define WRITER_BETWEEN (400 * 1000) /* us */
#define WRITER_GATHER_MAX (2 * 1000) /* us, at most half a commit: waiting for those likely to come */
#define WRITER_NAP 50               /* us between looks meanwhile */

/* Embedded first in what a job carries; that memory is the submitter's again when done is called. */
struct write_job {
    int64_t site;
    /* Before decide, without a savepoint, if not NULL: *done false: it has written nothing and decide is to run. False
     * gives up the whole batch: only for a store that fails. */
    bool (*plain)(struct write_job *j, struct tx *t, bool *done, struct err *e);
    /* Writer thread, inside a savepoint; may be run again. False undoes the savepoint. */
    bool (*decide)(struct write_job *j, struct tx *t, struct err *e);
    /* After a false decide, if not NULL: what is kept about it (a recorded refusal). Its own savepoint. */
    bool (*keep)(struct write_job *j, struct tx *t, struct err *e);
    /* Writer thread, after the commit (or the failure): `ok` and `err` are set. */
    void (*done)(struct write_job *j);
    bool ok;
    struct err err;
    /* writer's own */
    struct write_job *next;
};

struct writer_config {
    const char *url;
    const struct event_types *types;
    /* After each commit, before the dones: the chain's head of that site moved. May be NULL. */
    void (*committed)(void *ctx, int64_t site, int64_t seq);
    /* Writer thread, no transaction open, about every WRITER_BETWEEN: what else is written. May be NULL. */
    void (*between)(void *ctx, struct store *s);
    void *ctx;
};

struct writer;

MUST_CHECK bool writer_start(const struct writer_config *c, struct writer **out, struct err *e); /* makes the tables */
void writer_stop(struct writer *w);   /* decides what is queued, then ends; later submits are refused; NULL is fine */
void writer_free(struct writer *w);   /* after stop, when nobody holds it any more; NULL is fine */
/* Any thread. ERR_BUSY when the queue is full or the writer stops: done is not called. */
MUST_CHECK bool writer_submit(struct writer *w, struct write_job *j, struct err *e);
/* Submit and wait for it (start-up and the command line; never an HTTP thread). */
MUST_CHECK bool writer_run(struct writer *w, struct write_job *j, struct err *e);

struct writer_stats {
    int64_t jobs, batches, retried, failed_commits, seq;
    int64_t batch_sizes[10]; /* batches of up to 1, 2, 4 … 256 jobs, and the rest */
    int queued;
    bool alive;              /* the last commit worked */
};
struct writer_stats writer_stats(struct writer *w);

#endif
