/* inbox: messages as they came, kept a number of days; more than inbox_put of record/ledger.h.
 *
 * Writer thread; inbox_get, inbox_of and inbox_check also a reader's. The messages of one batch are one block of
 * bytes, packed as it is written (LZ4: a fraction of what the message costs otherwise); small blocks are packed
 * together later, tighter, when the writer has nothing better to do. A message's row names the block it came in; the
 * block that now holds it is the last whose number is not greater. Rule: the inbox is evidence, never a source of care:
 * what matters became an event. A day that is over is sealed: the hash of all its messages goes into the ledger.
 */
#ifndef RECORD_INBOX_H
#define RECORD_INBOX_H

#include "record/ledger.h"

enum {
    INBOX_MESSAGE_MAX = 1024 * 1024,
    INBOX_BLOCK_MAX = 256 * 1024, /* bytes of one block before packing, unless a single message is longer */
    INBOX_PACK_MAX = 64           /* blocks packed together at a time */
};

/* The message as received, bytes unchanged; NUL-terminated besides. */
MUST_CHECK bool inbox_get(struct tx *t, const char *sender, const char *message_id, const char **raw, size_t *len,
                          bool *found, struct err *e);
/* The messages kept under a sender: how many, and the ids of the first `most` by id. */
MUST_CHECK bool inbox_of(struct tx *t, const char *sender, int64_t *all, const char **ids, int most, int *count,
                         struct err *e);
/* The message is no longer found; its bytes stay in their block as evidence. */
MUST_CHECK bool inbox_drop(struct tx *t, const char *sender, const char *message_id, struct err *e);
/* Pack the oldest blocks together that are not yet, at most INBOX_PACK_MAX; *packed of them; 0: nothing was left to
 * do. A block is left loose while fewer than `least` of its day stand together. */
MUST_CHECK bool inbox_pack(struct tx *t, int least, int *packed, struct err *e);
/* Retention: drop what was received on a (UTC) day before that of `before`. */
MUST_CHECK bool inbox_forget(struct tx *t, utc_t before, int64_t *gone, struct err *e);
/* The days before that of `before` that hold messages and have no seal yet, oldest first; at most `most`. */
MUST_CHECK bool inbox_unsealed(struct tx *t, utc_t before, int64_t *days, int most, int *count, struct err *e);

#define FIELDS_inbox_seal(F, R) \
    F(R, ID,   id,       MUST, "", "\"inbox DAY\"") \
    F(R, INT,  day,      MUST, "d", "days since 1970-01-01, UTC") \
    F(R, INT,  messages, MUST, "", "messages received that day") \
    F(R, TEXT, digest,   MUST, "", "SHA-256 over sender, id, answer and raw bytes of each, in the order they were kept")
RECORD(inbox_seal);

/* Appends inbox.sealed for the day of `when` (which must be over: nothing more is received on it, nothing
 * of it is in this batch). */
MUST_CHECK bool inbox_seal_day(struct tx *t, const struct event_head *h, utc_t when, struct err *e);
/* What is kept of that day against a seal. *same false: something was changed, added or lost since. */
MUST_CHECK bool inbox_check(struct tx *t, const struct inbox_seal *seal, bool *same, struct err *e);
/* Every sealed day that is still kept, against its seal: how many, and the first that differs (-1: none). */
MUST_CHECK bool inbox_verify(struct tx *t, int64_t *sealed, int64_t *bad_day, struct err *e);

#endif
