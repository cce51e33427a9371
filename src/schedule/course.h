/* course: the model of courses over many days: each course has a pattern of visits from its start day on, each visit five
 * tasks back to back (nurse, drip, nurse, rest, nurse) in a day of COURSE_SLOTS slots with a lunch in which no nurse works.
 *
 * To choose: the start day of a course, and for each visit its slot and one nurse. No day goes over its cap. Cost: the
 * largest daily number of visits + COURSE_DOUBLE for each task too many of one nurse in a slot + COURSE_BEYOND for each
 * task beyond the number of nurses in a slot. Pure; any thread.
 */
#ifndef SCHEDULE_COURSE_H
#define SCHEDULE_COURSE_H

#include "base/arena.h"
#include "base/buf.h"

enum {
    COURSE_SLOTS = 32, COURSE_LUNCH = 12, COURSE_LUNCH_END = 16, COURSE_TASKS = 5,
    COURSE_DOUBLE = 4, COURSE_BEYOND = 2,
    COURSE_COUNT_MAX = 500, COURSE_DAYS_MAX = 400, COURSE_NURSES_MAX = 8, COURSE_VISITS_MAX = 20000
};

struct course { int visits, first; /* index of its first visit in a plan */ int task[COURSE_TASKS], length; uint16_t *day; };

struct course_problem {
    int courses, length, days, nurses, visits;
    int *cap;              /* by day */
    struct course *course;
};

struct course_plan { int *start; /* by course */ int16_t *slot, *nurse; /* by visit */ };
struct course_cost { int64_t cost; int largest, double_booked, beyond; };

/* "P L T N", T caps, then P lines "pattern t1 t2 t3 t4 t5". ERR_INPUT with the line, also for a visit longer than the day
 * or one whose tasks cannot avoid lunch; ERR_TOO_LARGE over the limits. */
MUST_CHECK bool course_read(struct arena *a, const char *text, size_t len, struct course_problem *out, struct err *e);
/* One line a course: its start day, then "slot nurse" of each visit. */
void course_write(const struct course_problem *p, const struct course_plan *plan, struct buf *out);
struct course_cost course_cost(struct arena *a, const struct course_problem *p, const struct course_plan *plan);
/* Slots in which a visit's nurse works if it starts at slot 0; starts that keep lunch free and end within the day. */
uint32_t course_work(const struct course *c);
uint32_t course_starts(const struct course *c);

#endif
