/* audit: who looked at which patient, for what: one row per (reader, patient, purpose, 5 minutes), in its own chain.
 *
 * Owns a bounded queue in memory and the table read_audit. audit_note and audit_durable: any thread (a lock inside);
 * audit_flush: the writer thread, at least once a second, between its batches. Rule: what cannot be written down is
 * not shown: audit_note refuses while the last flush failed, the queue is full, or nobody has flushed for
 * AUDIT_LATE; a break-glass read is answered only after audit_durable says so.
 */
#ifndef RECORD_AUDIT_H
#define RECORD_AUDIT_H

#include "base/utc.h"
#include "record/store.h"

enum { AUDIT_QUEUE_MAX = 8192, AUDIT_TEXT_MAX = 120 };
#define AUDIT_SLOT (5 * UTC_MINUTE)
#define AUDIT_LATE (10 * UTC_SECOND)

struct audit;
struct audit *audit_new(void);
void audit_free(struct audit *a); /* NULL is fine; what was not flushed is lost */

struct audit_read {
    int64_t site;
    const char *reader, *patient; /* ids */
    const char *purpose;          /* a word such as "view bedside"; all at most AUDIT_TEXT_MAX bytes */
    utc_t at;                     /* real time */
};
/* *ticket (may be NULL) is for audit_durable. ERR_BUSY or ERR_STORE: the read must be refused. */
MUST_CHECK bool audit_note(struct audit *a, const struct audit_read *r, uint64_t *ticket, struct err *e);
bool audit_durable(struct audit *a, uint64_t ticket);

/* Write what is queued in a transaction of its own (none is open); nothing queued costs nothing. On failure the rows
 * stay queued and audit_note refuses until a flush works again. */
MUST_CHECK bool audit_flush(struct audit *a, struct store *s, struct err *e);

/* Walk the chains. *bad_seq is 0, or the first row that does not fit, of *bad_site. */
MUST_CHECK bool audit_verify(struct store *s, int64_t *bad_site, int64_t *bad_seq, struct err *e);

struct audit_row {
    int64_t seq;
    const char *reader, *purpose;
    utc_t first; /* the first read in its 5 minutes */
};
/* Who read a patient, newest first, at most `max`. */
MUST_CHECK bool audit_about(struct store *s, struct arena *a, int64_t site, const char *patient, int max,
                            struct audit_row **out, int *count, struct err *e);

#endif
