/* replay: walking the ledger from its first event, proving each link and applying it again.
 *
 * One thread. Rule: replay goes through the same apply as the writer, so what it builds is what the ledger says.
 */
#ifndef RECORD_REPLAY_H
#define RECORD_REPLAY_H

#include "record/ledger.h"

/* Apply one stored event to t (t->seq is the number before it). */
MUST_CHECK bool replay_event(struct tx *t, const char *name, int version, const char *data, struct err *e);

/* Every site of `from`, in order, into `to` (which has the derived tables, empty, and an open transaction). What is
 * wrong with the ledger goes into *out (whole false, first_bad, says) and ends the walk; false: a store failed. */
MUST_CHECK bool replay_all(struct store *from, struct store *to, const struct event_types *types,
                           struct verify_result *out, struct err *e);

/* Drop the derived tables and make them again from the ledger, in one transaction: after a change of the field tables
 * or of an apply. Refuses (ERR_STORE, says what) if the ledger is not whole. */
MUST_CHECK bool ledger_rebuild(struct store *s, const struct event_types *types, struct verify_result *out,
                               struct err *e);

#endif
