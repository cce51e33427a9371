/* day_grid: who is where in a day under construction, as bit-sliced counters: plane k of a counter holds bit k of all
 * 64 slots, so that taking a place or asking for every possible start is a handful of word operations.
 *
 * Owned by one search; one thread. Undo is the opposite call. Rule: a place taken was free, so no cap is ever exceeded.
 */
#ifndef SCHEDULE_DAY_GRID_H
#define SCHEDULE_DAY_GRID_H

#include "schedule/day.h"

enum { DAY_PLANES = 11 }; /* counts up to 2 * DAY_PLACES_MAX */

/* A count a slot, biased so that the top plane says "full": count ≥ cap. */
struct day_count { uint64_t plane[DAY_PLANES]; int top; };

/* Nurses who are the same to a visit: shift and certificate. */
struct day_class { int start, end, count; bool certified; int first; /* in day_kinds.member */ uint64_t off; };
/* Visits that need the same of a nurse and a chair. */
struct day_type { int slots, acuity; bool certified, bed; uint64_t fits; /* starts whose end is within the day */ };

struct day_kinds {
    int classes, types, acuity_most;
    struct day_class *class;
    struct day_type *type;
    int *type_of;  /* by visit */
    int *class_of; /* by nurse */
    int *member;   /* nurses, class by class */
};

struct day_row { struct day_count patients, acuity; uint64_t started; };

struct day_grid {
    const struct day_problem *p;
    const struct day_kinds *k;
    struct day_count chairs, beds, releases;
    struct day_row *row; /* by nurse */
};

void day_kinds_init(struct arena *a, const struct day_problem *p, struct day_kinds *out);
void day_grid_init(struct arena *a, const struct day_problem *p, const struct day_kinds *k, struct day_grid *out);
void day_grid_clear(struct day_grid *g);
/* Visit i takes or leaves its place. */
void day_grid_take(struct day_grid *g, int i, struct day_place at);
void day_grid_leave(struct day_grid *g, int i, struct day_place at);

/* Slots t from which one of the next d slots is in m. */
static inline uint64_t day_reach(uint64_t m, int d)
{
    int s = 1;
    for (; s * 2 <= d; s *= 2)
        m |= m >> s;
    return m | m >> (d - s);
}

static inline uint64_t day_slots(int from, int count)
{
    uint64_t m = count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
    return from >= 64 ? 0 : m << from;
}

/* Slots where `more` would exceed the cap. */
static inline uint64_t day_full(const struct day_count *c, int more)
{
    int least = (1 << c->top) - more + 1; /* biased count from which it is too many */
    uint64_t over = c->plane[c->top], same = ~UINT64_C(0);
    if (more == 1)
        return over;
    for (int b = c->top - 1; b >= 0; b--) {
        if (least >> b & 1) {
            same &= c->plane[b];
        } else {
            over |= same & c->plane[b];
            same &= ~c->plane[b];
        }
    }
    return over | same;
}

/* Starts that chairs, beds and pharmacy leave to a visit of this type, whoever the nurse. */
static inline uint64_t day_grid_starts(const struct day_grid *g, const struct day_type *t)
{
    uint64_t no = day_full(&g->chairs, 1);
    if (!t->fits)
        return 0;
    if (t->bed)
        no |= day_full(&g->beds, 1);
    return t->fits & ~(day_reach(no, t->slots) | day_full(&g->releases, 1));
}

/* Starts at which this nurse could take it; the class is the nurse's. */
static inline uint64_t day_grid_nurse(const struct day_grid *g, int nurse, const struct day_class *c, const struct day_type *t)
{
    const struct day_row *r = &g->row[nurse];
    uint64_t no = c->off | day_full(&r->patients, 1);
    if (t->acuity)
        no |= day_full(&r->acuity, t->acuity);
    return ~(day_reach(no, t->slots) | r->started);
}

#endif
