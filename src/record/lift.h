/* lift: how an event written long ago is read today.
 *
 * No state; any thread. Rule: an event is never rewritten; when the meaning of a type changes, its version goes up and
 * one pure function here turns a payload of the old version into one of the next. A release keeps every lift for ever.
 */
#ifndef RECORD_LIFT_H
#define RECORD_LIFT_H

#include "record/ledger.h"

struct lift {
    const char *type; /* "visit.booked" */
    int from;         /* version it reads; it writes from + 1 */
    /* Write the whole payload object of the next version. No content, clock or random. */
    bool (*lift)(const struct node *payload, struct json *out, struct err *e);
};

/* *data (a payload of type/version) to the version that is registered, step by step; *type gets that one. ERR_STORE if
 * no one registered it and no lift leads to one. */
MUST_CHECK bool lift_event(const struct event_types *types, struct arena *a, const char *name, int version,
                           const struct event_type **type, const char **data, struct err *e);

#endif
