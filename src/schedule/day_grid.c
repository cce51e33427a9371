#include "schedule/day_grid.h"

static int find_class(struct day_kinds *k, const struct day_nurse *n, int day_end)
{
    int end = n->end < day_end ? n->end : day_end;
    for (int c = 0; c < k->classes; c++)
        if (k->class[c].start == n->start && k->class[c].end == end && k->class[c].certified == n->certified)
            return c;
    k->class[k->classes] = (struct day_class){.start = n->start, .end = end, .certified = n->certified,
        .off = ~day_slots(n->start, end - n->start)};
    return k->classes++;
}

static int find_type(struct day_kinds *k, const struct day_visit *v, int day_end)
{
    for (int t = 0; t < k->types; t++) {
        const struct day_type *y = &k->type[t];
        if (y->slots == v->slots && y->acuity == v->acuity && y->certified == v->certified && y->bed == v->bed)
            return t;
    }
    k->type[k->types] = (struct day_type){.slots = v->slots, .acuity = v->acuity, .certified = v->certified, .bed = v->bed,
        .fits = v->slots > day_end ? 0 : day_slots(0, day_end - v->slots + 1)};
    return k->types++;
}

void day_kinds_init(struct arena *a, const struct day_problem *p, struct day_kinds *out)
{
    *out = (struct day_kinds){.class = ARENA_ARRAY(a, p->nurses + 1, struct day_class),
        .type = ARENA_ARRAY(a, p->visits + 1, struct day_type), .type_of = ARENA_ARRAY(a, p->visits + 1, int),
        .class_of = ARENA_ARRAY(a, p->nurses + 1, int), .member = ARENA_ARRAY(a, p->nurses + 1, int)};
    for (int i = 0; i < p->visits; i++) {
        out->type_of[i] = find_type(out, &p->visit[i], p->end);
        out->acuity_most = p->visit[i].acuity > out->acuity_most ? p->visit[i].acuity : out->acuity_most;
    }
    for (int n = 0; n < p->nurses; n++)
        out->class[out->class_of[n] = find_class(out, &p->nurse[n], p->end)].count++;
    for (int c = 0, at = 0; c < out->classes; c++) {
        out->class[c].first = at;
        for (int n = 0; n < p->nurses; n++)
            if (out->class_of[n] == c)
                out->member[at++] = n;
    }
}

static void count_init(struct day_count *c, int cap)
{
    *c = (struct day_count){.top = 0};
    while (1 << c->top < cap || 1 << c->top <= DAY_ACUITY_MAX) /* so that cap - acuity + bias stays above 0 */
        c->top++;
    int bias = (1 << c->top) - cap;
    for (int b = 0; b <= c->top; b++)
        c->plane[b] = bias >> b & 1 ? ~UINT64_C(0) : 0;
}

void day_grid_clear(struct day_grid *g)
{
    const struct day_problem *p = g->p;
    count_init(&g->chairs, p->chairs);
    count_init(&g->beds, p->beds);
    count_init(&g->releases, p->releases);
    for (int n = 0; n < p->nurses; n++) {
        count_init(&g->row[n].patients, p->patients_cap);
        count_init(&g->row[n].acuity, p->acuity_cap);
        g->row[n].started = 0;
    }
}

void day_grid_init(struct arena *a, const struct day_problem *p, const struct day_kinds *k, struct day_grid *out)
{
    *out = (struct day_grid){.p = p, .k = k, .row = ARENA_ARRAY(a, p->nurses + 1, struct day_row)};
    day_grid_clear(out);
}

static inline void count_add(struct day_count *c, uint64_t m, int amount)
{
    for (int low = 0; amount; low++, amount >>= 1) {
        uint64_t carry = amount & 1 ? m : 0;
        for (int b = low; carry; b++) {
            uint64_t was = c->plane[b];
            c->plane[b] = was ^ carry;
            carry &= was;
        }
    }
}

static inline void count_drop(struct day_count *c, uint64_t m, int amount)
{
    for (int low = 0; amount; low++, amount >>= 1) {
        uint64_t borrow = amount & 1 ? m : 0;
        for (int b = low; borrow; b++) {
            uint64_t was = c->plane[b];
            c->plane[b] = was ^ borrow;
            borrow &= ~was;
        }
    }
}

void day_grid_take(struct day_grid *g, int i, struct day_place at)
{
    const struct day_type *t = &g->k->type[g->k->type_of[i]];
    uint64_t m = day_slots(at.start, t->slots), first = UINT64_C(1) << at.start;
    struct day_row *r = &g->row[at.nurse];
    count_add(&g->chairs, m, 1);
    if (t->bed)
        count_add(&g->beds, m, 1);
    count_add(&g->releases, first, 1);
    count_add(&r->patients, m, 1);
    count_add(&r->acuity, m, t->acuity);
    r->started |= first;
}

void day_grid_leave(struct day_grid *g, int i, struct day_place at)
{
    const struct day_type *t = &g->k->type[g->k->type_of[i]];
    uint64_t m = day_slots(at.start, t->slots), first = UINT64_C(1) << at.start;
    struct day_row *r = &g->row[at.nurse];
    count_drop(&g->chairs, m, 1);
    if (t->bed)
        count_drop(&g->beds, m, 1);
    count_drop(&g->releases, first, 1);
    count_drop(&r->patients, m, 1);
    count_drop(&r->acuity, m, t->acuity);
    r->started &= ~first;
}
