/* chain: what is hashed, and how, so that anyone can check it with a few lines of another language.
 *
 * No state; any thread. Rule: every text is written with its length before it ("5:visit,"), absence as "~,", so no two
 * different headers give the same line. commitment = SHA-256(salt ‖ data, reason, why); hash = SHA-256(line), where
 * the line holds the header, the commitment and the hash before it. The first event of a site follows 64 zeros.
 */
#ifndef RECORD_CHAIN_H
#define RECORD_CHAIN_H

#include "base/buf.h"
#include "record/ledger.h"

enum { SALT_BYTES = 16 };
extern const char chain_start[65]; /* 64 zeros */

void chain_sha256(const void *data, size_t n, char out[65]);
/* "len:text,", or "~," for NULL. */
void chain_text(struct buf *b, const char *s);
void chain_int(struct buf *b, int64_t n);

/* `scratch` is cleared and filled. False (ERR_TOO_LARGE) if the payload is over the buffer's limit. */
MUST_CHECK bool chain_commitment(struct buf *scratch, const unsigned char salt[SALT_BYTES], const char *data,
                                 const char *reason, const char *why, char out[65], struct err *e);
struct chain_link {
    int64_t site, seq;
    const char *type;
    int version;
    const struct event_head *head;
    const char *subject, *patient; /* as stored; head's own are ignored */
    const char *commitment, *before;
};
MUST_CHECK bool chain_hash(struct buf *scratch, const struct chain_link *l, char out[65], struct err *e);

#endif
