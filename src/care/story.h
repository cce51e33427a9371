/* story: what happened to one thing, in the ledger's order, ready to read: for the audit page and `venule explain`.
 * Any thread with its own tx. Rule: told from the ledger alone, so it is the same years later.
 */
#ifndef CARE_STORY_H
#define CARE_STORY_H

#include "care/care.h"

/* The events about an id (or, for a patient's, all about the patient), oldest first; none: ERR_NOT_FOUND. */
MUST_CHECK bool care_story(struct tx *t, const char *id, struct event_row **out, int *count, struct err *e);
/* The type of an event, NULL if this program no longer knows it. */
const struct event_type *care_event_type(const char *name, int version);

#endif
