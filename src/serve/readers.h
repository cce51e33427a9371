/* readers: a few read-only connections to the store, lent to one thread at a time.
 *
 * Owns the connections; a broken one is replaced. Any thread. Rule: a lease is short: one view, one look-up.
 */
#ifndef SERVE_READERS_H
#define SERVE_READERS_H

#include "record/ledger.h"

enum { READERS_MAX = 4 };

struct readers;

MUST_CHECK bool readers_open(const char *url, const struct event_types *types, struct readers **out, struct err *e);
void readers_close(struct readers *r);

/* A read transaction on a snapshot of one site; ends with reader_end (failed: the connection is opened anew). */
MUST_CHECK bool reader_begin(struct readers *r, struct arena *a, int64_t site, struct tx *out, struct err *e);
void reader_end(struct readers *r, struct tx *t, bool failed);

#endif
