/* venule solve of one day: prices first, then searches that follow them. */
#include <inttypes.h>
#include <stdio.h>

#include "schedule/day_search.h"
#include "solve_cmd.h"

enum { CLIMB_ROUNDS = 8000, CLIMB_SLICE = 100, SEARCH_SLICE = 10000, SLICE_WORK = 50000, WHY_MAX = 20 };

struct day_team {
    struct solve_team team; /* first: meet gets this */
    struct day_price *prices;
};

static void run_member(void *member, int rounds)
{
    day_search_run(member, rounds);
}

static struct day_search *best_member(const struct solve_team *t, int64_t *cost)
{
    struct day_search *best = t->member[0];
    day_search_best(best, cost);
    for (int i = 1; i < t->threads; i++) {
        int64_t one;
        day_search_best(t->member[i], &one);
        if (one < *cost) {
            best = t->member[i];
            *cost = one;
        }
    }
    return best;
}

static bool meet(struct solve_team *t)
{
    const struct day_team *d = (const struct day_team *)t;
    int64_t cost;
    best_member(t, &cost);
    return cost <= day_price_bound(d->prices);
}

/* Fewer rounds between two looks at the clock where a round has many kinds of visits and nurses to price. */
static int climb_slice(const struct day_kinds *k)
{
    int rounds = SLICE_WORK / (k->types * k->classes + 1);
    return rounds < 1 ? 1 : rounds < CLIMB_SLICE ? rounds : CLIMB_SLICE;
}

static void climb(struct day_price *prices, int64_t target, const struct solve_how *how, int slice)
{
    int64_t until = how->from + how->limit * 4 / 10;
    for (int n = 0; n < CLIMB_ROUNDS && !day_price_done(prices) && !solve_interrupted(); n += slice) {
        if (solve_now() >= until)
            break;
        day_price_climb(prices, slice, target);
    }
}

static void say_left_out(struct arena *a, const struct day_problem *p, const struct day_place *plan)
{
    int said = 0;
    for (int i = 0; i < p->visits; i++)
        if (plan[i].start < 0 && said++ < WHY_MAX)
            printf("visit %d cannot be placed: %s\n", i, day_why(a, p, plan, i));
    if (said > WHY_MAX)
        printf("and %d more\n", said - WHY_MAX);
}

bool solve_day(struct arena *a, const struct buf *instance, struct solve_how *how, struct buf *plan, struct err *e)
{
    struct day_problem p;
    struct day_kinds k;
    if (!day_read(a, buf_str(instance), instance->len, &p, e))
        return false;
    solve_catch_interrupt();
    day_kinds_init(a, &p, &k);
    struct day_team d = {.team = {.threads = how->threads, .run = run_member, .meet = meet, .slice = SEARCH_SLICE / (1 + p.nurses / 20),
        .rounds = how->rounds, .until = how->from + how->limit}, .prices = day_price_new(a, &p, &k)};
    struct arena *own[SOLVE_THREADS_MAX];
    for (int i = 0; i < how->threads; i++) {
        own[i] = arena_new();
        d.team.member[i] = day_search_new(own[i], &p, &k, how->seed * SOLVE_THREADS_MAX + (uint64_t)i);
    }
    int64_t cost;
    int unplaced;
    best_member(&d.team, &cost);
    climb(d.prices, cost, how, climb_slice(&k));
    for (int i = 0; i < how->threads; i++)
        day_search_guide(d.team.member[i], d.prices);
    bool ok = solve_team_run(&d.team, e);
    const struct day_place *best = day_search_best(best_member(&d.team, &cost), &cost);
    cost = day_cost(&p, best, &unplaced);
    say_left_out(a, &p, best);
    day_write(&p, best, plan);
    snprintf(how->line, sizeof how->line, "cost %" PRId64 " bound %" PRId64 " unplaced %d", cost, day_price_bound(d.prices), unplaced);
    for (int i = 0; i < how->threads; i++)
        arena_free(own[i]);
    return ok && buf_ok(plan, "solution", e);
}
