#include "schedule/day.h"

#include "schedule/numbers.h"

MUST_CHECK static bool read_head(struct numbers *n, struct day_problem *p, struct err *e)
{
    int visits, nurses;
    enum { MANY = 999999999 };
    if (!numbers_read(n, "visits", 0, MANY, &visits, e) || !numbers_read(n, "chairs", 0, DAY_PLACES_MAX, &p->chairs, e)
        || !numbers_read(n, "beds", 0, DAY_PLACES_MAX, &p->beds, e)
        || !numbers_read(n, "hard end", 1, DAY_SLOTS_MAX, &p->end, e)
        || !numbers_read(n, "closing slot", 0, p->end, &p->close, e) || !numbers_read(n, "nurses", 0, MANY, &nurses, e)
        || !numbers_read(n, "patients of a nurse", 0, DAY_PLACES_MAX, &p->patients_cap, e)
        || !numbers_read(n, "acuity of a nurse", 0, DAY_PLACES_MAX, &p->acuity_cap, e)
        || !numbers_read(n, "pharmacy releases", 0, DAY_PLACES_MAX, &p->releases, e))
        return false;
    if (visits > DAY_VISITS_MAX)
        return err_set(e, ERR_TOO_LARGE, "line 1", "has %d visits; a day has at most %d", visits, DAY_VISITS_MAX);
    if (nurses > DAY_NURSES_MAX)
        return err_set(e, ERR_TOO_LARGE, "line 1", "has %d nurses; a day has at most %d", nurses, DAY_NURSES_MAX);
    p->visits = visits;
    p->nurses = nurses;
    return numbers_line_end(n, e);
}

MUST_CHECK static bool read_visit(struct numbers *n, struct day_visit *v, struct err *e)
{
    int certified, bed;
    if (!numbers_read(n, "length", 1, 999, &v->slots, e) || !numbers_read(n, "ready", 0, 999, &v->ready, e)
        || !numbers_read(n, "weight", 0, DAY_WEIGHT_MAX, &v->weight, e)
        || !numbers_read(n, "acuity", 0, DAY_ACUITY_MAX, &v->acuity, e)
        || !numbers_read(n, "needs a certified nurse", 0, 1, &certified, e)
        || !numbers_read(n, "needs a bed", 0, 1, &bed, e))
        return false;
    v->certified = certified;
    v->bed = bed;
    return numbers_line_end(n, e);
}

MUST_CHECK static bool read_nurse(struct numbers *n, int day_end, struct day_nurse *v, struct err *e)
{
    int certified;
    if (!numbers_read(n, "shift start", 0, day_end, &v->start, e) || !numbers_read(n, "shift end", 0, 999, &v->end, e)
        || !numbers_read(n, "certified", 0, 1, &certified, e))
        return false;
    if (v->end <= v->start)
        return numbers_fail(n, e, "the shift ends at %d, not after its start at %d", v->end, v->start);
    v->certified = certified;
    return numbers_line_end(n, e);
}

bool day_read(struct arena *a, const char *text, size_t len, struct day_problem *out, struct err *e)
{
    struct numbers n;
    struct day_problem p = {0};
    numbers_init(&n, text, len);
    if (!read_head(&n, &p, e))
        return false;
    p.visit = ARENA_ARRAY(a, p.visits + 1, struct day_visit);
    p.nurse = ARENA_ARRAY(a, p.nurses + 1, struct day_nurse);
    for (int i = 0; i < p.visits; i++)
        if (!read_visit(&n, &p.visit[i], e))
            return false;
    for (int i = 0; i < p.nurses; i++)
        if (!read_nurse(&n, p.end, &p.nurse[i], e))
            return false;
    if (!numbers_end(&n, e))
        return false;
    *out = p;
    return true;
}

void day_write(const struct day_problem *p, const struct day_place *plan, struct buf *out)
{
    for (int i = 0; i < p->visits; i++)
        buf_printf(out, "%d %d\n", plan[i].start, plan[i].nurse);
}

int day_visit_cost(const struct day_problem *p, const struct day_visit *v, int start)
{
    int late = start + v->slots - p->close;
    return v->weight * (start - v->ready) + (late > 0 ? DAY_OVERTIME * late : 0);
}

int64_t day_cost(const struct day_problem *p, const struct day_place *plan, int *unplaced)
{
    int64_t cost = 0;
    *unplaced = 0;
    for (int i = 0; i < p->visits; i++) {
        bool out = plan[i].start < 0;
        cost += out ? DAY_UNPLACED : day_visit_cost(p, &p->visit[i], plan[i].start);
        *unplaced += out;
    }
    return cost;
}
