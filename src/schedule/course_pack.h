/* course_pack: visits of one nurse in one day, packed with the least double booking: a small exact repair.
 *
 * Depth first over the visits in the order given, free starts before shared ones, cut at the best so far and after a number
 * of nodes. Pure; any thread. Rule: within its nodes it is exact, and the slots it gives are starts of the visit.
 */
#ifndef SCHEDULE_COURSE_PACK_H
#define SCHEDULE_COURSE_PACK_H

#include <stdint.h>

enum { COURSE_PACK_MAX = 16 };

struct course_pack {
    int count;
    uint32_t work[COURSE_PACK_MAX], starts[COURSE_PACK_MAX]; /* course_work, course_starts */
    /* out */
    int slot[COURSE_PACK_MAX];
    int shared; /* tasks too many; less than the limit given, or the limit: nothing better was found */
};

/* Looks for a packing with less than `limit` shared, through at most `nodes` places. */
void course_pack(struct course_pack *p, int limit, int nodes);

#endif
