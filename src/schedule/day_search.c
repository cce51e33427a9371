#include "schedule/day_search.h"

#include <math.h>
#include <string.h>

#include "schedule/seeded.h"

enum { OUT_MAX = 24, TRIES = 40, COLUMNS_MAX = 512, CYCLE_OF_VISIT = 200, CYCLE_LEAST = 2000, LEFT_OUT_TRIED = 4, BLINK = 40, TOURNAMENT = 16, PRESS_EVERY = 64 };

struct list { struct day_column *column; int count; double value; };

struct day_search {
    struct arena *a;
    const struct day_problem *p;
    const struct day_kinds *k;
    struct day_grid grid;
    struct seeded random;
    struct day_place *place, *best;
    float *regret;              /* by visit: of the column it has */
    struct list *list;          /* by visit, guided */
    struct list *plain;         /* by visit, what a start itself costs */
    double *missing;            /* by visit: what leaving it out counts for in this search */
    double cost;                /* cost as the search counts it: left-out visits at missing[] */
    int64_t best_cost;
    int *left_out, left_outs;   /* visits not placed */
    int *where;                 /* by visit: its index in left_out, or -1 */
    float regret_most;          /* of a column that may be tried */
    bool guided;
    double extra;               /* in missing[], beyond the price */
    double heat, cool;
    int cycle, cycle_length, cycle_round;
    /* one round */
    int out[OUT_MAX];
    struct day_place was[OUT_MAX];
    float was_regret[OUT_MAX];
    int outs;
    int *order;                 /* of a construction */
    double *key;
};

static const double HOT = 2.5, COLD = 0.08; /* in units of cost */
static const double MISSING = 4, MISSING_UNGUIDED = 60;
static const double PRESS = 0.02; /* what missing[] of a visit that stays out grows by */
/* Columns dearer than this are not tried: a plan near the bound has none. Cycle by cycle; the last while some are out. */
static const float REGRETS[] = {3, 4, 6, 3}, REGRET_ANY = 1e9f;

static void set_out(struct day_search *s, int i, bool out)
{
    if (out) {
        s->where[i] = s->left_outs;
        s->left_out[s->left_outs++] = i;
    } else {
        int last = s->left_out[--s->left_outs];
        s->left_out[s->where[i]] = last;
        s->where[last] = s->where[i];
        s->where[i] = -1;
    }
}

static double place_cost(const struct day_search *s, int i, struct day_place at)
{
    return at.start < 0 ? s->missing[i] : day_visit_cost(s->p, &s->p->visit[i], at.start);
}

static void put(struct day_search *s, int i, struct day_place at)
{
    if (at.start >= 0) {
        day_grid_take(&s->grid, i, at);
        set_out(s, i, false);
        s->cost += place_cost(s, i, at) - s->missing[i];
    }
    s->place[i] = at;
}

static void take_out(struct day_search *s, int i)
{
    struct day_place at = s->place[i];
    if (at.start < 0)
        return;
    day_grid_leave(&s->grid, i, at);
    s->cost += s->missing[i] - place_cost(s, i, at);
    s->place[i] = (struct day_place){-1, -1};
    set_out(s, i, true);
}

/* A nurse of the class for a start: mostly the one with the most patients then, so that others stay open for long visits. */
static int pick_nurse(struct day_search *s, const struct day_class *c, const struct day_type *y, int start)
{
    int n = c->count, from = seeded_below(&s->random, n);
    for (int k = 0; k < n; k++) {
        int nurse = s->k->member[c->first + (from + k) % n];
        if (day_grid_nurse(&s->grid, nurse, c, y) >> start & 1)
            return nurse;
    }
    return -1;
}

static uint64_t class_starts(const struct day_search *s, int class, const struct day_type *y)
{
    const struct day_class *c = &s->k->class[class];
    uint64_t any = 0;
    for (int k = 0; k < c->count; k++)
        any |= day_grid_nurse(&s->grid, s->k->member[c->first + k], c, y);
    return any;
}

/* In the guided list, of a column of another. */
static float regret_of(const struct day_search *s, int i, const struct day_column *c)
{
    for (int n = 0; n < s->list[i].count; n++)
        if (s->list[i].column[n].start == c->start && s->list[i].column[n].class == c->class)
            return s->list[i].column[n].regret;
    return 0;
}

enum { CLASSES_ASKED_MAX = DAY_NURSES_MAX };

/* Puts a visit at its first free column of the list; skips one now and then (a blink) so that no order is a dead end. */
static bool insert(struct day_search *s, int i, const struct list *l, int blink)
{
    const struct day_type *y = &s->k->type[s->k->type_of[i]];
    uint64_t starts = day_grid_starts(&s->grid, y), of_class[CLASSES_ASKED_MAX];
    uint64_t asked[(CLASSES_ASKED_MAX + 63) / 64] = {0};
    float most = l == &s->list[i] ? s->regret_most : REGRET_ANY;
    for (int n = 0; starts && n < l->count; n++) {
        const struct day_column *c = &l->column[n];
        if (c->regret > most)
            break;
        if (!(starts >> c->start & 1))
            continue;
        if (!(asked[c->class >> 6] >> (c->class & 63) & 1)) {
            asked[c->class >> 6] |= UINT64_C(1) << (c->class & 63);
            of_class[c->class] = class_starts(s, c->class, y);
        }
        if (!(of_class[c->class] >> c->start & 1) || (seeded_next(&s->random) & 1023) < (uint64_t)blink)
            continue;
        int nurse = pick_nurse(s, &s->k->class[c->class], y, c->start);
        if (nurse < 0)
            continue;
        put(s, i, (struct day_place){c->start, nurse});
        s->regret[i] = l == &s->list[i] ? c->regret : regret_of(s, i, c);
        return true;
    }
    return false;
}

static void ruin_one(struct day_search *s, int i)
{
    if (s->outs == OUT_MAX)
        return;
    for (int k = 0; k < s->outs; k++)
        if (s->out[k] == i)
            return;
    s->was[s->outs] = s->place[i];
    s->was_regret[s->outs] = s->regret[i];
    s->out[s->outs++] = i;
    take_out(s, i);
}

static void ruin_random(struct day_search *s, int n)
{
    for (int k = 0; k < n; k++)
        ruin_one(s, seeded_below(&s->random, s->p->visits));
}

/* Visits that start or end near visit i. */
static void ruin_near(struct day_search *s, int i, int n)
{
    int at = s->place[i].start < 0 ? s->p->visit[i].ready : s->place[i].start;
    int end = at + s->p->visit[i].slots;
    ruin_one(s, i);
    for (int k = 0; k < TRIES && s->outs < n; k++) {
        int j = seeded_below(&s->random, s->p->visits), t = s->place[j].start;
        if (t >= 0 && ((t >= at - 3 && t <= at + 3) || (t + s->p->visit[j].slots >= end - 2 && t + s->p->visit[j].slots <= end + 2)))
            ruin_one(s, j);
    }
}

static void ruin_nurse(struct day_search *s, int i, int n)
{
    int nurse = s->place[i].nurse;
    ruin_one(s, i);
    if (nurse < 0)
        return;
    for (int k = 0, j = i; k < s->p->visits && s->outs < n; k++) {
        j = j + 1 < s->p->visits ? j + 1 : 0;
        if (s->place[j].nurse == nurse)
            ruin_one(s, j);
    }
}

static bool overlap(const struct day_search *s, int j, int start, int slots)
{
    int t = s->place[j].start;
    return t >= 0 && t < start + slots && start < t + s->p->visit[j].slots;
}

/* Gives visit i a better column than it has: whoever stands in the way of that start under one nurse goes out. */
static bool ruin_for(struct day_search *s, int i)
{
    const struct list *l = &s->list[i];
    const struct day_type *y = &s->k->type[s->k->type_of[i]];
    int better = 0, from = seeded_below(&s->random, s->p->visits);
    while (better < l->count && better < 24 && (s->place[i].start < 0 || l->column[better].start != s->place[i].start))
        better++;
    if (better == 0)
        return false;
    const struct day_column *c = &l->column[seeded_below(&s->random, better)];
    const struct day_class *class = &s->k->class[c->class];
    int nurse = s->k->member[class->first + seeded_below(&s->random, class->count)];
    ruin_one(s, i);
    for (int k = 0; k < s->p->visits && s->outs < OUT_MAX; k++) {
        int j = from + k < s->p->visits ? from + k : from + k - s->p->visits;
        bool room = day_grid_starts(&s->grid, y) >> c->start & 1, calm = day_grid_nurse(&s->grid, nurse, class, y) >> c->start & 1;
        if (room && calm)
            break;
        if (!overlap(s, j, c->start, y->slots))
            continue;
        if ((!calm && s->place[j].nurse == nurse) || (!room && seeded_below(&s->random, 4) == 0))
            ruin_one(s, j);
    }
    if (day_grid_starts(&s->grid, y) >> c->start & day_grid_nurse(&s->grid, nurse, class, y) >> c->start & 1)
    {
        put(s, i, (struct day_place){c->start, nurse});
        s->regret[i] = c->regret;
    }
    return true;
}

/* Where the plan is dear: one that is left out, or the one of a few with the most regret. */
static int pick_visit(struct day_search *s)
{
    if (s->left_outs && seeded_below(&s->random, 2))
        return s->left_out[seeded_below(&s->random, s->left_outs)];
    int i = seeded_below(&s->random, s->p->visits);
    for (int k = seeded_below(&s->random, TOURNAMENT); k > 0; k--) {
        int j = seeded_below(&s->random, s->p->visits);
        i = s->regret[j] > s->regret[i] ? j : i;
    }
    return i;
}

static void ruin(struct day_search *s)
{
    int i = pick_visit(s);
    int n = 2 + seeded_below(&s->random, 9), kind = seeded_below(&s->random, 10);
    s->outs = 0;
    if (kind < 4 && ruin_for(s, i))
        return;
    if (kind < 8)
        ruin_near(s, i, n);
    else if (kind < 9)
        ruin_nurse(s, i, n);
    else
        ruin_random(s, n);
}

static double order_key(struct day_search *s, int i, int order)
{
    const struct day_visit *v = &s->p->visit[i];
    switch (order) {
    case 0: return seeded_unit(&s->random);
    case 1: return -v->slots + seeded_unit(&s->random);
    case 2: return -s->list[i].value * (0.8 + 0.4 * seeded_unit(&s->random));
    default: return v->ready + seeded_unit(&s->random);
    }
}

/* Puts back what is out, a few of the long left out among them, in one of the orders. */
static void recreate(struct day_search *s)
{
    int list[OUT_MAX], n = 0, order = seeded_below(&s->random, 4);
    double key[OUT_MAX];
    bool plain = seeded_below(&s->random, 16) == 0;
    for (int k = 0; k < LEFT_OUT_TRIED && k < s->left_outs; k++)
        ruin_one(s, s->left_out[seeded_below(&s->random, s->left_outs)]);
    for (int k = 0; k < s->outs; k++) {
        int i = s->out[k], at = n;
        if (s->place[i].start >= 0)
            continue;
        double of = order_key(s, i, order);
        for (; at > 0 && key[at - 1] > of; at--) {
            key[at] = key[at - 1];
            list[at] = list[at - 1];
        }
        key[at] = of;
        list[at] = i;
        n++;
    }
    for (int k = 0; k < n; k++)
        insert(s, list[k], plain ? &s->plain[list[k]] : &s->list[list[k]], BLINK);
}

static void undo(struct day_search *s)
{
    for (int k = 0; k < s->outs; k++)
        take_out(s, s->out[k]);
    for (int k = 0; k < s->outs; k++) {
        put(s, s->out[k], s->was[k]);
        s->regret[s->out[k]] = s->was_regret[k];
    }
}

static void note_best(struct day_search *s)
{
    int unplaced;
    for (int k = s->left_outs; k-- > 0;) /* what has a place at any price takes it */
        insert(s, s->left_out[k], &s->plain[s->left_out[k]], 0);
    int64_t cost = day_cost(s->p, s->place, &unplaced);
    if (cost < s->best_cost) {
        s->best_cost = cost;
        memcpy(s->best, s->place, (size_t)s->p->visits * sizeof *s->best);
    }
}



/* What leaving a visit out counts for: a little more than what it costs the day at the prices, so that the search passes
 * through plans that lack some. Which to leave out for good is asked with one figure for all: that is what a plan pays. */
static void set_missing(struct day_search *s, bool same)
{
    double most = 0;
    for (int i = 0; i < s->p->visits; i++)
        most = s->list[i].value > most ? s->list[i].value : most;
    s->cost = 0;
    for (int i = 0; i < s->p->visits; i++) {
        s->missing[i] = (same ? most : s->list[i].value) + s->extra;
        s->cost += place_cost(s, i, s->place[i]);
    }
}

static void begin_cycle(struct day_search *s)
{
    int unplaced;
    if (s->cycle > 0) {
        day_cost(s->p, s->best, &unplaced);
        set_missing(s, unplaced > 0 && s->cycle % 2);
        s->regret_most = unplaced > 0 && s->cycle % 2 ? REGRET_ANY : REGRETS[s->cycle % 4];
    } else {
        s->regret_most = s->guided ? REGRETS[0] : REGRET_ANY;
    }
    int first = s->p->visits * CYCLE_OF_VISIT;
    s->cycle_length = (first < CYCLE_LEAST ? CYCLE_LEAST : first) << (s->cycle < 4 ? s->cycle : 4);
    s->cycle_round = 0;
    s->cycle++;
    s->heat = HOT;
    s->cool = exp(log(COLD / HOT) / s->cycle_length);
}

/* Who stays out weighs more and more. */
static void press(struct day_search *s)
{
    for (int k = 0; k < s->left_outs; k++) {
        s->missing[s->left_out[k]] += PRESS;
        s->cost += PRESS;
    }
}

void day_search_run(struct day_search *s, int rounds)
{
    if (s->p->visits == 0)
        return;
    for (int n = 0; n < rounds; n++) {
        if (s->cycle_round++ == s->cycle_length)
            begin_cycle(s);
        s->heat *= s->cool;
        if (s->cycle_round % PRESS_EVERY == 0)
            press(s);
        double before = s->cost;
        ruin(s);
        recreate(s);
        double gain = before - s->cost;
        if (gain < 0 && seeded_unit(&s->random) >= exp(gain / s->heat)) {
            undo(s);
            s->cost = before; /* sums of doubles drift */
            continue;
        }
        if (gain > 0)
            note_best(s);
    }
}

static void make_lists(struct day_search *s, const struct day_price *prices, double share, struct list *out)
{
    int room = DAY_SLOTS_MAX * (s->k->classes + 1);
    struct day_column *all = ARENA_ARRAY(s->a, room, struct day_column);
    for (int i = 0; i < s->p->visits; i++) {
        struct list *l = &out[i];
        int n = day_price_columns(prices, i, share, all, &l->value);
        n = n < COLUMNS_MAX ? n : COLUMNS_MAX;
        if (!l->column)
            l->column = ARENA_ARRAY(s->a, n + 1, struct day_column);
        l->count = n;
        memcpy(l->column, all, (size_t)n * sizeof *all);
    }
}

/* First plan: list orders over the whole day, the best kept. */
static void construct(struct day_search *s)
{
    int *order = s->order;
    for (int way = 0; way < 4; way++) {
        for (int i = 0; i < s->p->visits; i++) {
            take_out(s, i);
            double of = order_key(s, i, way == 0 ? 3 : way);
            int at = i;
            for (; at > 0 && s->key[at - 1] > of; at--) {
                s->key[at] = s->key[at - 1];
                order[at] = order[at - 1];
            }
            s->key[at] = of;
            order[at] = i;
        }
        for (int n = 0; n < s->p->visits; n++)
            insert(s, order[n], &s->list[order[n]], 0);
        note_best(s);
    }
    day_search_adopt(s, s->best);
}

struct day_search *day_search_new(struct arena *a, const struct day_problem *p, const struct day_kinds *k, uint64_t seed)
{
    struct day_search *s = ARENA_NEW(a, struct day_search);
    *s = (struct day_search){.a = a, .p = p, .k = k, .best_cost = INT64_MAX};
    s->place = ARENA_ARRAY(a, p->visits + 1, struct day_place);
    s->best = ARENA_ARRAY(a, p->visits + 1, struct day_place);
    s->list = ARENA_ARRAY(a, p->visits + 1, struct list);
    s->plain = ARENA_ARRAY(a, p->visits + 1, struct list);
    s->regret = ARENA_ARRAY(a, p->visits + 1, float);
    s->missing = ARENA_ARRAY(a, p->visits + 1, double);
    s->left_out = ARENA_ARRAY(a, p->visits + 1, int);
    s->where = ARENA_ARRAY(a, p->visits + 1, int);
    s->order = ARENA_ARRAY(a, p->visits + 1, int);
    s->key = ARENA_ARRAY(a, p->visits + 1, double);
    seeded_init(&s->random, seed);
    day_grid_init(a, p, k, &s->grid);
    const struct day_price *none = day_price_new(a, p, k);
    make_lists(s, none, 0, s->plain);
    memcpy(s->list, s->plain, (size_t)p->visits * sizeof *s->list);
    for (int i = 0; i < p->visits; i++) {
        s->place[i] = (struct day_place){-1, -1};
        set_out(s, i, true);
    }
    s->extra = MISSING_UNGUIDED;
    s->regret_most = REGRET_ANY;
    set_missing(s, false);
    construct(s);
    begin_cycle(s);
    return s;
}

void day_search_guide(struct day_search *s, const struct day_price *prices)
{
    memset(s->list, 0, (size_t)s->p->visits * sizeof *s->list);
    make_lists(s, prices, 1, s->list);
    for (int i = 0; i < s->p->visits; i++)
        if (s->place[i].start >= 0)
            s->regret[i] = regret_of(s, i, &(struct day_column){.start = (uint8_t)s->place[i].start,
                .class = (uint8_t)s->k->class_of[s->place[i].nurse]});
    s->extra = MISSING;
    s->guided = true;
    s->cycle = 0;
    set_missing(s, false);
    begin_cycle(s);
}

const struct day_place *day_search_best(const struct day_search *s, int64_t *cost)
{
    *cost = s->best_cost;
    return s->best;
}

void day_search_adopt(struct day_search *s, const struct day_place *plan)
{
    for (int i = 0; i < s->p->visits; i++)
        take_out(s, i);
    for (int i = 0; i < s->p->visits; i++) {
        put(s, i, plan[i]);
        s->regret[i] = plan[i].start < 0 ? 0
            : regret_of(s, i, &(struct day_column){.start = (uint8_t)plan[i].start, .class = (uint8_t)s->k->class_of[plan[i].nurse]});
    }
    note_best(s);
}
