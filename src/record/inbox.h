/* inbox: messages as they came, kept a number of days; more than inbox_put of record/ledger.h.
 *
 * Writer thread; inbox_get and inbox_check also a reader's. A message is kept plain when it comes (packing costs as
 * much as all the rest of taking it in) and packed later, when the writer has nothing better to do. Rule: the inbox is
 * evidence, never a source of care: what matters became an event. A day that is over is sealed: the hash of all its
 * messages goes into the ledger.
 */
#ifndef RECORD_INBOX_H
#define RECORD_INBOX_H

#include "record/ledger.h"

enum { INBOX_MESSAGE_MAX = 1024 * 1024, INBOX_PACK_MAX = 500 };

/* The message as received, bytes unchanged; NUL-terminated besides. */
MUST_CHECK bool inbox_get(struct tx *t, const char *sender, const char *message_id, const char **raw, size_t *len,
                          bool *found, struct err *e);
/* Pack at most INBOX_PACK_MAX messages; *packed 0: nothing was left to do. */
MUST_CHECK bool inbox_pack(struct tx *t, int *packed, struct err *e);
/* Retention: drop what was received on a (UTC) day before that of `before`. */
MUST_CHECK bool inbox_forget(struct tx *t, utc_t before, int64_t *gone, struct err *e);

#define FIELDS_inbox_seal(F, R) \
    F(R, ID,   id,       MUST, "", "\"inbox DAY\"") \
    F(R, INT,  day,      MUST, "d", "days since 1970-01-01, UTC") \
    F(R, INT,  messages, MUST, "", "messages received that day") \
    F(R, TEXT, digest,   MUST, "", "SHA-256 over sender, id and raw bytes of each, by (sender, id)")
RECORD(inbox_seal);

/* Appends inbox.sealed for the day of `when` (which must be over: nothing more is received on it). */
MUST_CHECK bool inbox_seal_day(struct tx *t, const struct event_head *h, utc_t when, struct err *e);
/* What is kept of that day against a seal. *same false: something was changed, added or lost since. */
MUST_CHECK bool inbox_check(struct tx *t, const struct inbox_seal *seal, bool *same, struct err *e);

#endif
