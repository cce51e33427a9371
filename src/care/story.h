/* story: what happened to one thing, in the ledger's order, ready to read: for the audit page and `venule explain`.
 * Any thread with its own tx. Rule: told from the ledger alone, so it is the same years later.
 */
#ifndef CARE_STORY_H
#define CARE_STORY_H

#include "care/care.h"

struct story {
    struct event_row *rows; /* oldest first */
    int count;
    const char *patient;    /* whom the first of them is about; NULL: nobody */
};
/* The events about an id (or, for a patient's, all about the patient); none: ERR_NOT_FOUND. */
MUST_CHECK bool care_story(struct tx *t, const char *id, struct story *out, struct err *e);
/* The type of an event, NULL if this program no longer knows it. */
const struct event_type *care_event_type(const char *name, int version);

#endif
