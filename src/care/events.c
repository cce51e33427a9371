#include "care/events.h"

#define EVENT_DEFINE(sym, name, ver, mode, rec, after, says) \
    const struct event_type ev_##sym = {name, ver, APPLY_##mode, &record_##rec, after, says};
CARE_EVENTS(EVENT_DEFINE)

#define EVENT_ROW(sym, name, ver, mode, rec, after, says) &ev_##sym,
static const struct event_type *const types[] = {CARE_EVENTS(EVENT_ROW)};

const struct event_types care_event_types = {types, sizeof types / sizeof types[0]};
