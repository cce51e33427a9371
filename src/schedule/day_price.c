#include "schedule/day_price.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { H = DAY_SLOTS_MAX, FLAT_MAX = 30, FIRST_ROUNDS = 600 };

typedef float row[H + 1]; /* one figure a slot; prefix sums need one more */

struct day_price {
    const struct day_problem *p;
    const struct day_kinds *k;
    int rows;                /* chairs, beds, releases, then starts, patients, acuity of each class */
    row *price, *best, *aim; /* aim: smoothed use less cap */
    row *use, *cap;
    row *prefix;             /* chairs, beds, then class by acuity level */
    row *type_cost;          /* cheapest priced use of a type by start, over the classes */
    unsigned char (*type_class)[H];
    row *own;                /* by visit: what the start itself costs; far out of reach where it cannot start */
    double value, step;
    float part;              /* of a round in the aim: large at first, small when the steps are */
    int *active, actives;    /* visits still to place */
    unsigned char *type_active;
    uint64_t *open;          /* by type and class: starts that are free */
    uint16_t (*hits)[H];     /* by visit: rounds of this climb that chose a start */
    int hit_rounds;
    int round, flat;              /* rounds without gain */
    bool done;
};

static const float NEVER = 1e6f, LEAST_PART = 0.006f;

enum { CHAIRS, BEDS, RELEASES, CLASSES };

static int class_row(int c, int which)
{
    return CLASSES + 3 * c + which;
}

static bool suits(const struct day_class *c, const struct day_type *t)
{
    return c->certified || !t->certified;
}

/* Everything is to be placed and every start within a shift is free. */
static void open_all(struct day_price *d)
{
    const struct day_kinds *k = d->k;
    d->actives = d->p->visits;
    for (int i = 0; i < d->actives; i++)
        d->active[i] = i;
    memset(d->type_active, 1, (size_t)k->types);
    for (int y = 0; y < k->types; y++)
        for (int c = 0; c < k->classes; c++) {
            const struct day_class *n = &k->class[c];
            int starts = n->end - n->start - k->type[y].slots + 1;
            d->open[y * k->classes + c] = starts > 0 && suits(n, &k->type[y]) ? day_slots(n->start, starts) : 0;
        }
}

static void set_caps(struct day_price *d)
{
    const struct day_problem *p = d->p;
    for (int t = 0; t < p->end; t++) {
        d->cap[CHAIRS][t] = (float)p->chairs;
        d->cap[BEDS][t] = (float)(p->beds < p->chairs ? p->beds : p->chairs);
        d->cap[RELEASES][t] = (float)p->releases;
        for (int c = 0; c < d->k->classes; c++) {
            const struct day_class *y = &d->k->class[c];
            float on = t >= y->start && t < y->end ? (float)y->count : 0;
            d->cap[class_row(c, 0)][t] = on;
            d->cap[class_row(c, 1)][t] = on * (float)p->patients_cap;
            d->cap[class_row(c, 2)][t] = on * (float)p->acuity_cap;
        }
    }
}

struct day_price *day_price_new(struct arena *a, const struct day_problem *p, const struct day_kinds *k)
{
    struct day_price *d = ARENA_NEW(a, struct day_price);
    d->p = p;
    d->k = k;
    d->rows = CLASSES + 3 * k->classes;
    d->price = ARENA_ARRAY(a, d->rows, row);
    d->best = ARENA_ARRAY(a, d->rows, row);
    d->aim = ARENA_ARRAY(a, d->rows, row);
    d->use = ARENA_ARRAY(a, d->rows, row);
    d->cap = ARENA_ARRAY(a, d->rows, row);
    d->prefix = ARENA_ARRAY(a, 2 + k->classes * (k->acuity_most + 1), row);
    d->type_cost = ARENA_ARRAY(a, k->types + 1, row);
    d->type_class = arena_array(a, (size_t)k->types + 1, H);
    d->own = ARENA_ARRAY(a, p->visits + 1, row);
    for (int i = 0; i < p->visits; i++)
        for (int t = 0; t < H; t++)
            d->own[i][t] = t >= p->visit[i].ready && k->type[k->type_of[i]].fits >> t & 1
                ? (float)day_visit_cost(p, &p->visit[i], t) : NEVER;
    set_caps(d);
    d->active = ARENA_ARRAY(a, p->visits + 1, int);
    d->type_active = ARENA_ARRAY(a, k->types + 1, unsigned char);
    d->open = ARENA_ARRAY(a, k->types * k->classes + 1, uint64_t);
    d->hits = arena_array(a, (size_t)p->visits + 1, sizeof *d->hits);
    open_all(d);
    d->step = 1;
    d->part = 0.1f;
    d->value = -1e30;
    return d;
}

static void sum_up(row out, const row in, const row other, float times)
{
    out[0] = 0;
    for (int t = 0; t < H; t++)
        out[t + 1] = out[t] + in[t] + (other ? times * other[t] : 0);
}

static void make_prefixes(struct day_price *d, row *price)
{
    int levels = d->k->acuity_most + 1;
    sum_up(d->prefix[0], price[CHAIRS], NULL, 0);
    sum_up(d->prefix[1], price[BEDS], NULL, 0);
    for (int c = 0; c < d->k->classes; c++)
        for (int a = 0; a < levels; a++)
            sum_up(d->prefix[2 + c * levels + a], price[class_row(c, 1)], price[class_row(c, 2)], (float)a);
}

/* What a nurse of class c asks of type y from slot t. */
static void class_cost(const struct day_price *d, row *price, const struct day_type *y, int c, float *out)
{
    const float *sum = d->prefix[2 + c * (d->k->acuity_most + 1) + y->acuity], *ahead = sum + y->slots;
    const float *start = price[class_row(c, 0)];
    for (int t = 0; t <= H - y->slots; t++)
        out[t] = start[t] + ahead[t] - sum[t];
}

static void price_type(struct day_price *d, row *price, int type)
{
    const struct day_type *y = &d->k->type[type];
    float *best = d->type_cost[type], one[H];
    unsigned char *who = d->type_class[type];
    for (int t = 0; t < H; t++)
        best[t] = NEVER;
    if (!y->fits)
        return;
    for (int c = 0; c < d->k->classes; c++) {
        uint64_t open = d->open[type * d->k->classes + c];
        if (!open)
            continue;
        class_cost(d, price, y, c, one);
        for (int t = __builtin_ctzll(open); t < H && open >> t; t++)
            if (open >> t & 1 && one[t] < best[t]) {
                best[t] = one[t];
                who[t] = (unsigned char)c;
            }
    }
    const float *chairs = d->prefix[0], *beds = d->prefix[1];
    for (int t = 0; t <= H - y->slots; t++)
        best[t] += price[RELEASES][t] + chairs[t + y->slots] - chairs[t] + (y->bed ? beds[t + y->slots] - beds[t] : 0);
}

static int cheapest(const struct day_price *d, int i, float *cost)
{
    const float *own = d->own[i], *shared = d->type_cost[d->k->type_of[i]];
    float least = DAY_UNPLACED;
    int at = -1;
    for (int t = d->p->visit[i].ready; t < d->p->end; t++)
        if (own[t] + shared[t] < least) {
            least = own[t] + shared[t];
            at = t;
        }
    *cost = least;
    return at;
}

/* use[] as differences: + at the first slot, - behind the last. */
static void note_use(struct day_price *d, int i, int t)
{
    const struct day_type *y = &d->k->type[d->k->type_of[i]];
    int c = d->type_class[d->k->type_of[i]][t], end = t + y->slots;
    d->use[CHAIRS][t] += 1;
    d->use[CHAIRS][end] -= 1;
    if (y->bed) {
        d->use[BEDS][t] += 1;
        d->use[BEDS][end] -= 1;
    }
    d->use[RELEASES][t] += 1;
    d->use[class_row(c, 0)][t] += 1;
    d->use[class_row(c, 1)][t] += 1;
    d->use[class_row(c, 1)][end] -= 1;
    d->use[class_row(c, 2)][t] += (float)y->acuity;
    d->use[class_row(c, 2)][end] -= (float)y->acuity;
}

static bool is_start_row(int r)
{
    return r == RELEASES || (r >= CLASSES && (r - CLASSES) % 3 == 0);
}

/* The Lagrangean at `price`; use[] becomes use less cap. *own_cost: what the choice costs without prices. */
static double evaluate(struct day_price *d, row *price, double *own_cost)
{
    double value = 0, own = 0;
    make_prefixes(d, price);
    for (int y = 0; y < d->k->types; y++)
        if (d->type_active[y])
            price_type(d, price, y);
    memset(d->use, 0, (size_t)d->rows * sizeof *d->use);
    d->hit_rounds++;
    for (int k = 0; k < d->actives; k++) {
        float cost;
        int i = d->active[k], t = cheapest(d, i, &cost);
        value += (double)cost;
        own += t < 0 ? DAY_UNPLACED : (double)d->own[i][t];
        if (t >= 0) {
            note_use(d, i, t);
            d->hits[i][t]++;
        }
    }
    for (int r = 0; r < d->rows; r++) {
        if (!is_start_row(r))
            for (int t = 1; t < d->p->end; t++)
                d->use[r][t] += d->use[r][t - 1];
        for (int t = 0; t < d->p->end; t++) {
            value -= (double)(price[r][t] * d->cap[r][t]);
            d->use[r][t] -= d->cap[r][t];
        }
    }
    *own_cost = own;
    return value;
}

/* Mixes this round's use into the aim and returns its squared length where a price could follow it. */
static double mix_aim(struct day_price *d, float part)
{
    double square = 0;
    for (int r = 0; r < d->rows; r++)
        for (int t = 0; t < d->p->end; t++) {
            float g = d->aim[r][t] += part * (d->use[r][t] - d->aim[r][t]);
            if (g > 0 || d->best[r][t] > 0)
                square += (double)(g * g);
        }
    return square;
}

static void keep_if_better(struct day_price *d, double value)
{
    if (value > d->value) {
        double gain = value - d->value;
        d->value = value;
        memcpy(d->best, d->price, (size_t)d->rows * sizeof *d->best);
        if (gain > 1e-5 * (fabs(value) + 1))
            d->flat = 0;
        d->step = d->step * 1.05 < 2 ? d->step * 1.05 : 2;
    } else if (++d->flat > FLAT_MAX) {
        d->flat = 0;
        d->step *= 0.85;
        d->part = d->part * 0.7f > LEAST_PART ? d->part * 0.7f : LEAST_PART;
    }
}

void day_price_climb(struct day_price *d, int rounds, int64_t target)
{
    for (int n = 0; n < rounds && !day_price_done(d); n++) {
        d->round++;
        double own, value = evaluate(d, d->price, &own);
        keep_if_better(d, value);
        double square = mix_aim(d, d->part);
        double gap = (double)target - d->value, likely = 3 + 0.02 * fabs(d->value); /* a first plan is far off */
        gap = d->round < FIRST_ROUNDS || gap < likely ? gap : likely;
        double step = d->step * (gap > 0.05 ? gap : 0.05) / (square + 1e-9);
        for (int r = 0; r < d->rows; r++)
            for (int t = 0; t < d->p->end; t++) {
                float to = d->best[r][t] + (float)step * d->aim[r][t];
                d->price[r][t] = to > 0 ? to : 0;
            }
        d->done = d->step < 1e-5 || day_price_bound(d) >= target;
    }
}

bool day_price_done(const struct day_price *d)
{
    return d->done;
}

double day_price_value(const struct day_price *d)
{
    return d->value;
}

int64_t day_price_bound(const struct day_price *d)
{
    const double single = 0.01; /* what sums of single precision may have lost */
    return d->value <= single ? 0 : (int64_t)ceil(d->value - single);
}

/* What the visits of a plan use, off the caps; a class loses what its nurses give. */
static void use_caps(struct day_price *d, const struct day_place *plan)
{
    for (int i = 0; i < d->p->visits; i++) {
        const struct day_type *y = &d->k->type[d->k->type_of[i]];
        if (plan[i].start < 0)
            continue;
        int c = d->k->class_of[plan[i].nurse], t = plan[i].start;
        d->cap[RELEASES][t] -= 1;
        d->cap[class_row(c, 0)][t] -= 1;
        for (; t < plan[i].start + y->slots; t++) {
            d->cap[CHAIRS][t] -= 1;
            d->cap[BEDS][t] -= y->bed ? 1.0f : 0.0f;
            d->cap[class_row(c, 1)][t] -= 1;
            d->cap[class_row(c, 2)][t] -= (float)y->acuity;
        }
    }
}

void day_price_rest(struct day_price *d, const struct day_price *from, const struct day_grid *g, const struct day_place *plan)
{
    const struct day_kinds *k = d->k;
    set_caps(d);
    use_caps(d, plan);
    memset(d->type_active, 0, (size_t)k->types);
    d->actives = 0;
    for (int i = 0; i < d->p->visits; i++)
        if (plan[i].start < 0) {
            d->active[d->actives++] = i;
            d->type_active[k->type_of[i]] = 1;
            memset(d->hits[i], 0, sizeof d->hits[i]);
        }
    for (int y = 0; y < k->types; y++) {
        uint64_t starts = d->type_active[y] ? day_grid_starts(g, &k->type[y]) : 0;
        for (int c = 0; c < k->classes; c++) {
            uint64_t any = 0;
            for (int n = 0; starts && suits(&k->class[c], &k->type[y]) && n < k->class[c].count; n++)
                any |= day_grid_nurse(g, k->member[k->class[c].first + n], &k->class[c], &k->type[y]);
            d->open[y * k->classes + c] = starts & any;
        }
    }
    if (from != d)
        memcpy(d->best, from->best, (size_t)d->rows * sizeof *d->best);
    memcpy(d->price, d->best, (size_t)d->rows * sizeof *d->best);
    memset(d->aim, 0, (size_t)d->rows * sizeof *d->aim);
    d->value = -1e30;
    d->round = FIRST_ROUNDS;
    d->flat = d->hit_rounds = 0;
    d->step = 0.5;
    d->part = 0.05f;
    d->done = false;
}

int day_price_actives(const struct day_price *d, const int **visits)
{
    *visits = d->active;
    return d->actives;
}

double day_price_likely(const struct day_price *d, int i, int *start, int *class)
{
    *start = -1;
    for (int t = 0, most = 0; t < d->p->end; t++)
        if (d->hits[i][t] > most) {
            most = d->hits[i][t];
            *start = t;
        }
    *class = *start < 0 ? -1 : d->type_class[d->k->type_of[i]][*start];
    return *start < 0 ? 0 : (double)d->hits[i][*start] / (d->hit_rounds + 1);
}

static int by_regret(const void *a, const void *b)
{
    const struct day_column *x = a, *y = b;
    if (x->regret != y->regret)
        return x->regret < y->regret ? -1 : 1;
    return x->start != y->start ? x->start - y->start : x->class - y->class;
}

int day_price_columns(const struct day_price *d, int i, double share, struct day_column *out, double *value)
{
    const struct day_type *y = &d->k->type[d->k->type_of[i]];
    float one[H];
    int n = 0;
    if (!y->fits)
        return 0;
    struct day_price look = *d;
    make_prefixes(&look, d->best);
    const float *chairs = look.prefix[0], *beds = look.prefix[1];
    for (int c = 0; c < d->k->classes; c++) {
        const struct day_class *k = &d->k->class[c];
        if (!suits(k, y))
            continue;
        class_cost(&look, d->best, y, c, one);
        for (int t = k->start > d->p->visit[i].ready ? k->start : d->p->visit[i].ready; t + y->slots <= k->end; t++) {
            float shared = one[t] + d->best[RELEASES][t] + chairs[t + y->slots] - chairs[t]
                + (y->bed ? beds[t + y->slots] - beds[t] : 0);
            if (d->own[i][t] < NEVER)
                out[n++] = (struct day_column){d->own[i][t] + (float)share * shared, (int16_t)d->own[i][t], (uint8_t)t, (uint8_t)c};
        }
    }
    qsort(out, (size_t)n, sizeof *out, by_regret);
    *value = n ? (double)out[0].regret : 0;
    for (int k = n; k-- > 0;)
        out[k].regret -= out[0].regret;
    return n;
}
