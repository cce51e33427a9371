/* span: stretches of time as sorted, non-touching sets; how "minutes alone" and "minutes beside" are counted.
 *
 * Sets live in the caller's arena. Any thread. Rule: a set is always sorted and merged, so totals never count a
 * moment twice; everything is exact in microseconds, and minutes are whole elapsed minutes, never rounded up.
 */
#ifndef ACCOUNT_SPAN_H
#define ACCOUNT_SPAN_H

#include "base/arena.h"
#include "base/utc.h"

struct span {
    utc_t from, to; /* from ≤ t < to */
};

struct spans {
    struct span *at;
    int count;
};

/* Sorted and merged copy of `n` stretches in any order; empty and reversed ones are dropped. */
struct spans spans_make(struct arena *a, const struct span *list, int n);
struct spans spans_join(struct arena *a, const struct spans *sets, int n); /* union of all */
struct spans spans_minus(struct arena *a, struct spans x, struct spans y);
struct spans spans_within(struct arena *a, struct spans x, struct span window);
int64_t spans_total(struct spans x);                   /* microseconds */
int64_t spans_overlap(struct spans x, struct spans y); /* microseconds in both */

static inline int64_t span_minutes(int64_t us) { return us / UTC_MINUTE; }

#endif
