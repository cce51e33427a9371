#include "schedule/day_grid.h"

/* What no plan can give: NULL if nothing stands against the visit on an empty day. */
static const char *never(struct arena *a, const struct day_problem *p, const struct day_visit *v)
{
    bool long_enough = false, certified = false;
    if (v->ready + v->slots > p->end)
        return arena_printf(a, "%d slots from slot %d do not end by slot %d", v->slots, v->ready, p->end);
    if (p->chairs == 0 || p->releases == 0 || (v->bed && p->beds == 0))
        return p->chairs == 0 ? "there is no chair" : p->releases == 0 ? "the pharmacy releases nothing" : "there is no bed";
    if (v->acuity > p->acuity_cap || p->patients_cap == 0)
        return arena_printf(a, "its acuity %d is over the cap %d of a nurse", v->acuity, p->acuity_cap);
    for (int n = 0; n < p->nurses; n++) {
        const struct day_nurse *s = &p->nurse[n];
        int from = s->start > v->ready ? s->start : v->ready, to = s->end < p->end ? s->end : p->end;
        if (v->certified && !s->certified)
            continue;
        certified = true;
        long_enough = long_enough || from + v->slots <= to;
    }
    if (!certified)
        return v->certified ? "there is no certified nurse" : "there is no nurse";
    if (!long_enough)
        return arena_printf(a, "no %snurse is on shift for %d slots from slot %d on", v->certified ? "certified " : "",
            v->slots, v->ready);
    return NULL;
}

static int count(uint64_t m)
{
    int n = 0;
    for (; m; m &= m - 1)
        n++;
    return n;
}

const char *day_why(struct arena *a, const struct day_problem *p, const struct day_place *plan, int i)
{
    const struct day_visit *v = &p->visit[i];
    const char *said = never(a, p, v);
    struct day_kinds k;
    struct day_grid g;
    uint64_t shift = 0, nurse = 0;
    if (said)
        return said;
    day_kinds_init(a, p, &k);
    day_grid_init(a, p, &k, &g);
    for (int j = 0; j < p->visits; j++)
        if (plan[j].start >= 0)
            day_grid_take(&g, j, plan[j]);
    const struct day_type *y = &k.type[k.type_of[i]];
    for (int n = 0; n < p->nurses; n++) {
        const struct day_class *c = &k.class[k.class_of[n]];
        if (v->certified && !c->certified)
            continue;
        shift |= ~day_reach(c->off, v->slots);
        nurse |= day_grid_nurse(&g, n, c, y);
    }
    uint64_t all = y->fits & shift & day_slots(v->ready, DAY_SLOTS_MAX - v->ready);
    uint64_t chair = ~day_reach(day_full(&g.chairs, 1), v->slots), release = ~day_full(&g.releases, 1);
    uint64_t bed = v->bed ? ~day_reach(day_full(&g.beds, 1), v->slots) : ~UINT64_C(0);
    int lack[4] = {count(all & ~chair), count(all & ~bed), count(all & ~nurse), count(all & ~release)}, most = 0;
    static const char *const binds[4] = {"the chairs bind", "the beds bind", "the nurses bind", "the pharmacy binds"};
    if (all & chair & bed & release & nurse)
        return arena_printf(a, "is left out, though slot %d is free", __builtin_ctzll(all & chair & bed & release & nurse));
    for (int r = 1; r < 4; r++)
        most = lack[r] > lack[most] ? r : most;
    return arena_printf(a, "of %d starts %d lack a chair, %d a bed, %d a nurse with room, %d a pharmacy release: %s", count(all),
        lack[0], lack[1], lack[2], lack[3], binds[most]);
}
