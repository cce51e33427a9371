/* day_price: what each slot of each resource is worth: Lagrangean prices of the time-indexed model of the day.
 *
 * Every cap is relaxed and priced; nurses of one class are pooled, which leaves the value of the linear program as it is
 * (equal nurses may share a fraction equally). Each visit then takes its cheapest start, and what they cost together is
 * a lower bound of every plan. Prices climb by the volume algorithm (Barahona, Anbil 2000).
 * One owner, one thread. Rule: bound never exceeds the cost of any plan that keeps the caps.
 */
#ifndef SCHEDULE_DAY_PRICE_H
#define SCHEDULE_DAY_PRICE_H

#include "schedule/day_grid.h"

struct day_price;

struct day_price *day_price_new(struct arena *a, const struct day_problem *p, const struct day_kinds *k);
/* Climbs for `rounds` more; `target` is the cost of the best plan known. */
void day_price_climb(struct day_price *d, int rounds, int64_t target);
/* The best bound so far, rounded up to the next whole cost a plan can have. */
int64_t day_price_bound(const struct day_price *d);
double day_price_value(const struct day_price *d);
/* Nothing left to gain: the bound has met the target or the steps have become nothing. */
bool day_price_done(const struct day_price *d);

/* From here on d prices what a plan leaves: visits not in it, places free in its grid. Prices go on from those of `from`;
 * the bound is then of the rest alone. */
void day_price_rest(struct day_price *d, const struct day_price *from, const struct day_grid *g, const struct day_place *plan);
/* The visits it prices. */
int day_price_actives(const struct day_price *d, const int **visits);
/* The start a visit chose most in the rounds since, its class now, and the share of rounds; *start -1: it never chose one. */
double day_price_likely(const struct day_price *d, int i, int *start, int *class);

/* A start in a class of nurses, with its cost at the best prices less the cheapest of the visit: 0 is what the bound chose. */
struct day_column { float regret; int16_t own; uint8_t start, class; };
/* All columns of visit i, least regret first, into out[DAY_SLOTS_MAX * classes]; returns their number. *value: the
 * cheapest itself. share 0…1: how much of the prices to count (0: only what the visit itself costs). */
int day_price_columns(const struct day_price *d, int i, double share, struct day_column *out, double *value);

#endif
