/* inbox: messages as they came, kept a number of days; more than inbox_put of record/ledger.h.
 *
 * Threads as record/ledger.h. Rule: the inbox is evidence, never a source of care: what matters became an event.
 */
#ifndef RECORD_INBOX_H
#define RECORD_INBOX_H

#include "record/ledger.h"

enum { INBOX_MESSAGE_MAX = 1024 * 1024 };

/* The message as received, bytes unchanged; NUL-terminated besides. */
MUST_CHECK bool inbox_get(struct tx *t, const char *sender, const char *message_id, const char **raw, size_t *len, bool *found, struct err *e);
/* Retention: drop what was received on a (UTC) day before that of `before`. */
MUST_CHECK bool inbox_forget(struct tx *t, utc_t before, int64_t *gone, struct err *e);

#endif
