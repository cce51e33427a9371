/* course_search: start days of courses and the day plans they lead to, better the longer it looks.
 *
 * Two levels in one annealing: a course moves to another start day and its visits are put into the days they fall on; a
 * few visits of one day are taken out and put back. What a place costs is two word operations on the bit masks "this nurse
 * is busy" and "all nurses' worth of tasks is there". One owner, one thread. Rule: the plan after N rounds is a function
 * of problem, seed and N; the best plan keeps the caps of the days, or there is none yet.
 */
#ifndef SCHEDULE_COURSE_SEARCH_H
#define SCHEDULE_COURSE_SEARCH_H

#include "schedule/course.h"

struct course_search;

struct course_search *course_search_new(struct arena *a, const struct course_problem *p, uint64_t seed);
void course_search_run(struct course_search *s, int rounds);
/* The best plan; NULL while no plan keeps the caps, then *day is one that is over. */
const struct course_plan *course_search_best(const struct course_search *s, struct course_cost *cost, int *day);
/* Goes on from another's best plan if it is better than ours. */
void course_search_adopt(struct course_search *s, const struct course_plan *plan, const struct course_cost *cost);
/* A cost below which no plan can be: from the largest day alone. */
int course_bound(const struct course_problem *p);

#endif
