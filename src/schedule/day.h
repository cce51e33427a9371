/* day: the model of one infusion day: visits, chairs, beds, nurses, pharmacy releases over slots of 15 minutes.
 *
 * A visit takes one chair (a bed if it needs one) and one nurse from its start to its end. The nurse is on shift
 * throughout, certified where needed, starts at most one visit a slot and keeps the caps on patients and on acuity.
 * Cost of a visit started at t: weight * (t - ready) + DAY_OVERTIME * max(0, t + slots - close); unplaced DAY_UNPLACED.
 * Pure; any thread. Rule: what day_read lets through is within the limits below, so nothing after it checks again.
 */
#ifndef SCHEDULE_DAY_H
#define SCHEDULE_DAY_H

#include "base/arena.h"
#include "base/buf.h"

enum {
    DAY_SLOTS_MAX = 64, /* one bit a slot in a machine word */
    DAY_VISITS_MAX = 2000,
    DAY_NURSES_MAX = 200,
    DAY_PLACES_MAX = 1000, /* chairs, beds, caps */
    DAY_ACUITY_MAX = 9,
    DAY_WEIGHT_MAX = 100,
    DAY_OVERTIME = 5,
    DAY_UNPLACED = 2000
};

struct day_visit { int slots, ready, weight, acuity; bool certified, bed; };
struct day_nurse { int start, end; bool certified; };

struct day_problem {
    int visits, chairs, beds, end, close, nurses;
    int patients_cap, acuity_cap; /* of one nurse at once */
    int releases;                 /* of the pharmacy, that is visit starts, in a slot */
    struct day_visit *visit;
    struct day_nurse *nurse;
};

struct day_place { int start, nurse; }; /* -1 -1: unplaced */

/* An instance: "P C B H CL N maxpat maxac ph", then P lines "d ready w acuity cert bed", then N lines "start end cert".
 * ERR_INPUT with the line; ERR_TOO_LARGE over the limits. A visit that fits no nurse or no day is not an error: see day_why. */
MUST_CHECK bool day_read(struct arena *a, const char *text, size_t len, struct day_problem *out, struct err *e);
/* P lines "start nurse". */
void day_write(const struct day_problem *p, const struct day_place *plan, struct buf *out);

/* Cost of one visit at a start; of a plan. */
int day_visit_cost(const struct day_problem *p, const struct day_visit *v, int start);
int64_t day_cost(const struct day_problem *p, const struct day_place *plan, int *unplaced);

/* Why visit i is not in the plan, as words: what could never take it ("no certified nurse is on shift for 6 slots from 30"),
 * or which resource binds in this plan ("every start lacks a nurse; 3 of them only a chair"). */
const char *day_why(struct arena *a, const struct day_problem *p, const struct day_place *plan, int i);

#endif
