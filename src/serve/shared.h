/* shared: answers that are the same for everyone who may ask, kept for a moment.
 *
 * When something happens on the floor, every open page asks for the floor again; all of them get the answer made for
 * the first. Owns the copies; any thread. Rule: an answer is handed out only while the ledger stands where it stood
 * when it was made, and for SHARED_FOR at most, because what it says of the time of day goes on.
 */
#ifndef SERVE_SHARED_H
#define SERVE_SHARED_H

#include "base/buf.h"
#include "base/utc.h"

enum { SHARED_MAX = 8, SHARED_BYTES_MAX = 1024 * 1024 };
#define SHARED_FOR (500 * 1000) /* us, real time */

struct shared;
struct shared *shared_new(void);
void shared_free(struct shared *s); /* NULL is fine */

/* `what` is compared as a pointer. True: the answer of this ledger position is in *out. now: steady time. */
bool shared_find(struct shared *s, const void *what, int64_t seq, utc_t now, struct buf *out);
void shared_keep(struct shared *s, const void *what, int64_t seq, utc_t now, const struct buf *answer);

#endif
