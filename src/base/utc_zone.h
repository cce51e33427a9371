/* utc_zone: what struct zone holds; for utc.c and utc_zone.c only.
 *
 * Constant once read. Rule: nobody outside base looks inside a zone.
 */
#ifndef BASE_UTC_ZONE_H
#define BASE_UTC_ZONE_H

#include "base/utc.h"

struct zone_type {
    int offset; /* seconds east of UTC */
    char abbrev[16];
};

/* One yearly change of the footer rule: Mm.w.d, Jn (no 29 February) or n (from 0). */
struct zone_change {
    char kind; /* 'M', 'J', 'N' */
    int month, week, day;
    int at; /* seconds after local midnight */
};

struct zone_rule {
    bool has, daylight;
    char std[16], dst[16];
    int std_offset, dst_offset;
    struct zone_change start, end;
};

struct zone {
    int transitions, types;
    int64_t *when; /* seconds UTC, rising */
    unsigned char *to;
    struct zone_type *type;
    struct zone_rule rule;
};

#endif
