/* day_search: a plan of one day, better the longer it looks: ruin and recreate over the bit-mask grid.
 *
 * Visits are taken out (near in time, of one nurse, at random, or those in the way of a better start) and put back in the
 * order of their columns' regret at the Lagrangean prices; worse plans are accepted as in simulated annealing, in cycles
 * that end cold. One owner, one thread. Rule: the plan after N rounds is a function of problem, seed, prices and N;
 * the best plan may be asked for at any time and keeps every cap.
 */
#ifndef SCHEDULE_DAY_SEARCH_H
#define SCHEDULE_DAY_SEARCH_H

#include "schedule/day_grid.h"
#include "schedule/day_price.h"

struct day_search;

/* With a first plan made by list orders. */
struct day_search *day_search_new(struct arena *a, const struct day_problem *p, const struct day_kinds *k, uint64_t seed);
/* From now on insertions follow these prices. */
void day_search_guide(struct day_search *s, const struct day_price *prices);
void day_search_run(struct day_search *s, int rounds);
/* The best plan so far. */
const struct day_place *day_search_best(const struct day_search *s, int64_t *cost);
/* Goes on from another's plan if it is better than ours. */
void day_search_adopt(struct day_search *s, const struct day_place *plan);

#endif
