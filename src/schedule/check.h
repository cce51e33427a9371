/* check: the independent judge of a solution. It reads the instance and the solution as texts of its
 * own and recomputes every constraint and the cost by counting; it shares no code with the readers, models or solvers.
 *
 * Pure; any thread. Rule: nothing a solver believes is used here.
 */
#ifndef SCHEDULE_CHECK_H
#define SCHEDULE_CHECK_H

#include "base/arena.h"

struct check_day { long cost; int unplaced; };
struct check_course { long cost; int largest, double_booked, beyond; };

/* ERR_INPUT names the visit, nurse or slot that breaks a rule ("visit 7", "nurse 2, slot 14"), numbered as in the file from 0. */
MUST_CHECK bool check_day(struct arena *a, const char *instance, const char *solution, struct check_day *out, struct err *e);
MUST_CHECK bool check_course(struct arena *a, const char *instance, const char *solution, struct check_course *out, struct err *e);

#endif
