/* venule solve of courses over many days. */
#include <inttypes.h>
#include <stdio.h>

#include "schedule/course_search.h"
#include "solve_cmd.h"

enum { SEARCH_SLICE = 20000 };

struct course_team {
    struct solve_team team; /* first: meet gets this */
    const struct course_problem *p;
    int meetings;
};

static void run_member(void *member, int rounds)
{
    course_search_run(member, rounds);
}

static const struct course_plan *best_plan(const struct solve_team *t, struct course_cost *cost, int *over)
{
    const struct course_plan *best = NULL;
    for (int i = 0; i < t->threads; i++) {
        struct course_cost one;
        const struct course_plan *plan = course_search_best(t->member[i], &one, over);
        if (plan && (!best || one.cost < cost->cost)) {
            best = plan;
            *cost = one;
        }
    }
    return best;
}

static bool meet(struct solve_team *t)
{
    const struct course_team *c = (const struct course_team *)t;
    struct course_cost cost;
    int over;
    return best_plan(t, &cost, &over) && cost.cost <= course_bound(c->p);
}

bool solve_course(struct arena *a, const struct buf *instance, struct solve_how *how, struct buf *plan, struct err *e)
{
    struct course_problem p;
    struct course_cost cost = {0};
    struct arena *own[SOLVE_THREADS_MAX];
    int over;
    if (!course_read(a, buf_str(instance), instance->len, &p, e))
        return false;
    solve_catch_interrupt();
    struct course_team c = {.team = {.threads = how->threads, .run = run_member, .meet = meet, .slice = SEARCH_SLICE,
        .rounds = how->rounds, .until = how->from + how->limit}, .p = &p};
    for (int i = 0; i < how->threads; i++) {
        own[i] = arena_new();
        c.team.member[i] = course_search_new(own[i], &p, how->seed * SOLVE_THREADS_MAX + (uint64_t)i);
    }
    bool ok = solve_team_run(&c.team, e);
    const struct course_plan *best = best_plan(&c.team, &cost, &over);
    if (ok && !best)
        ok = err_set(e, ERR_INPUT, "caps", "no plan was found that keeps them: day %d has at most %d visits", over, p.cap[over]);
    if (ok) {
        cost = course_cost(a, &p, best);
        course_write(&p, best, plan);
        snprintf(how->line, sizeof how->line, "cost %" PRId64 " maxsize %d double %d beyond %d", cost.cost, cost.largest,
            cost.double_booked, cost.beyond);
    }
    for (int i = 0; i < how->threads; i++)
        arena_free(own[i]);
    return ok && buf_ok(plan, "solution", e);
}
