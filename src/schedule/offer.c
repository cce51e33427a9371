#include "schedule/offer.h"

#include <string.h>

static bool overlaps(utc_t a1, utc_t a2, utc_t b1, utc_t b2)
{
    return a1 < b2 && b1 < a2;
}

static const struct schedule_busy *chair_taken(
    const struct schedule_problem *p, const char *chair, utc_t start, utc_t end)
{
    for (int i = 0; i < p->busy_count; i++)
        if (p->busy[i].chair && strcmp(p->busy[i].chair, chair) == 0
            && overlaps(p->busy[i].start, p->busy[i].end, start, end))
            return &p->busy[i];
    return NULL;
}

/* Patients this nurse looks after at once, at most, within the interval; -1 if a set-up of theirs collides with ours. */
static int nurse_load(const struct schedule_problem *p, const char *nurse, utc_t start, utc_t end)
{
    utc_t setup_end = start + p->setup_min * UTC_MINUTE;
    int most = 0;
    for (int i = 0; i < p->busy_count; i++) {
        const struct schedule_busy *b = &p->busy[i];
        if (!b->nurse || strcmp(b->nurse, nurse) != 0 || !overlaps(b->start, b->end, start, end))
            continue;
        if (overlaps(b->start, b->setup_end, start, setup_end))
            return -1;
        utc_t at = b->start > start ? b->start : start;
        int load = 0;
        for (int k = 0; k < p->busy_count; k++)
            load += p->busy[k].nurse && strcmp(p->busy[k].nurse, nurse) == 0 && p->busy[k].start <= at
                && at < p->busy[k].end;
        most = load > most ? load : most;
    }
    return most;
}

struct pick {
    const struct schedule_chair *chair;
    const struct schedule_nurse *nurse;
    int load;
    bool usual, same_pod;
};

static bool pick_nurse(const struct schedule_problem *p, utc_t start, utc_t end, struct pick *out)
{
    int best = -1000;
    for (int i = 0; i < p->nurse_count; i++) {
        const struct schedule_nurse *n = &p->nurses[i];
        if (n->start > start || n->end < end)
            continue;
        int load = nurse_load(p, n->id, start, end);
        if (load < 0 || load >= n->patients)
            continue;
        bool usual = p->nurse_before && strcmp(p->nurse_before, n->id) == 0;
        int score = (usual ? 3 : 0) - 2 * load;
        if (score > best) {
            best = score;
            out->nurse = n;
            out->load = load;
            out->usual = usual;
        }
    }
    return best > -1000;
}

static bool pick_chair(const struct schedule_problem *p, utc_t start, utc_t end, struct pick *out)
{
    out->chair = NULL;
    for (int i = 0; i < p->chair_count; i++) {
        const struct schedule_chair *c = &p->chairs[i];
        if (chair_taken(p, c->id, start, end))
            continue;
        bool same = out->nurse->pod && c->pod && strcmp(out->nurse->pod, c->pod) == 0;
        if (!out->chair || (same && !out->same_pod) || (same == out->same_pod && out->chair->bed && !c->bed)) {
            out->chair = c;
            out->same_pod = same;
        }
    }
    return out->chair != NULL;
}

/* A candidate and how good it is: smaller is better. Days count most, then the nurse's load, then the hour. */
struct candidate {
    struct schedule_offer offer;
    int64_t cost;
};

static const char *reason(struct arena *a, const struct schedule_day *d, const struct pick *k)
{
    const char *day = d->from_due == 0 ? "on the due day"
        : d->from_due < 0 ? arena_printf(a, "%d day%s before the due day", -d->from_due, d->from_due == -1 ? "" : "s")
                          : arena_printf(a, "%d day%s after the due day", d->from_due, d->from_due == 1 ? "" : "s");
    const char *nurse =
        k->usual ? arena_printf(a, "%s again, as last time", k->nurse->name) : arena_printf(a, "%s", k->nurse->name);
    return arena_printf(a, "%s; %s, %s; chair %s%s", day, nurse,
        k->load == 0 ? "nobody else then"
                     : arena_printf(a, "with %d of %d others then", k->load, k->nurse->patients - 1),
        k->chair->id, k->same_pod ? " in the same pod" : "");
}

static int64_t cost_of(const struct schedule_day *d, const struct pick *k, utc_t start)
{
    int64_t away = d->from_due < 0 ? -d->from_due : d->from_due;
    return away * 1000000 + k->load * 2000 - (k->usual ? 3000 : 0) - (k->same_pod ? 500 : 0)
        + (start - d->opens) / (15 * UTC_MINUTE) * 20;
}

/* Keep the best of each half-day, so that the person on the phone has a choice. */
static void keep(struct candidate *best, int *n, int max, const struct candidate *c)
{
    for (int i = 0; i < *n; i++) {
        utc_t apart = best[i].offer.start - c->offer.start;
        if ((apart < 0 ? -apart : apart) < 2 * UTC_HOUR) {
            if (c->cost < best[i].cost)
                best[i] = *c;
            return;
        }
    }
    if (*n < max) {
        best[(*n)++] = *c;
        return;
    }
    int worst = 0;
    for (int i = 1; i < max; i++)
        if (best[i].cost > best[worst].cost)
            worst = i;
    if (c->cost < best[worst].cost)
        best[worst] = *c;
}

static void sort_candidates(struct candidate *c, int n)
{
    for (int i = 1; i < n; i++) {
        struct candidate x = c[i];
        int k = i;
        for (; k > 0 && c[k - 1].cost > x.cost; k--)
            c[k] = c[k - 1];
        c[k] = x;
    }
}

MUST_CHECK static bool check_size(const struct schedule_problem *p, int minutes, struct err *e)
{
    if (p->day_count > SCHEDULE_DAYS_MAX || p->busy_count > SCHEDULE_BUSY_MAX)
        return err_set(
            e, ERR_TOO_LARGE, "visit", "%d days and %d bookings are too many to search", p->day_count, p->busy_count);
    for (int i = 0; i < p->day_count; i++)
        if (p->days[i].closes - p->days[i].opens >= minutes * UTC_MINUTE)
            return true;
    return err_set(e, ERR_INPUT, "visit",
        p->day_count ? "the visit takes %d minutes, longer than any open day of its window"
                     : "no day of its window is open (%d minutes)",
        minutes);
}

/* Which resource binds when nothing fits, with how often. */
static const char *binds(struct arena *a, int no_nurse, int no_chair)
{
    if (!no_nurse && !no_chair)
        return "the window is over for today";
    if (!no_nurse)
        return "every chair is taken";
    if (!no_chair)
        return "no nurse has room";
    return arena_printf(
        a, "no nurse has room at %d of %d times, every chair is taken at the others", no_nurse, no_nurse + no_chair);
}

bool schedule_offers(struct arena *a, const struct schedule_problem *p, int max, struct schedule_offer *out, int *count,
    const char **why, struct err *e)
{
    struct candidate best[SCHEDULE_OFFERS_MAX];
    int n = 0, minutes = p->setup_min + p->drug_min + p->observe_min, no_nurse = 0, no_chair = 0;
    *count = 0;
    if (max < 1 || max > SCHEDULE_OFFERS_MAX)
        return err_set(e, ERR_INPUT, "count", "1 to %d offers", SCHEDULE_OFFERS_MAX);
    if (!check_size(p, minutes, e))
        return false;
    for (int d = 0; d < p->day_count; d++)
        for (utc_t t = p->days[d].opens; t + minutes * UTC_MINUTE <= p->days[d].closes;
             t += SCHEDULE_SLOT_MIN * UTC_MINUTE) {
            struct pick k = {0};
            utc_t end = t + minutes * UTC_MINUTE;
            if (t < p->not_before)
                continue;
            if (!pick_nurse(p, t, end, &k)) {
                no_nurse++;
                continue;
            }
            if (!pick_chair(p, t, end, &k)) {
                no_chair++;
                continue;
            }
            struct candidate c = {{t, end, k.chair->id, k.nurse->id, NULL}, cost_of(&p->days[d], &k, t)};
            c.offer.says = reason(a, &p->days[d], &k);
            keep(best, &n, max, &c);
        }
    sort_candidates(best, n);
    for (int i = 0; i < n; i++)
        out[i] = best[i].offer;
    *count = n;
    *why = n ? NULL : binds(a, no_nurse, no_chair);
    return true;
}

enum schedule_bind schedule_fits(struct arena *a, const struct schedule_problem *p, const struct schedule_offer *b,
    const struct zone *zone, const char **why)
{
    char from[UTC_TEXT_MAX];
    const struct schedule_busy *taken = chair_taken(p, b->chair, b->start, b->end);
    *why = NULL;
    if (taken) {
        *why = arena_printf(a, "chair %s is taken from %s", b->chair, utc_show_clock(taken->start, zone, from));
        return SCHEDULE_CHAIR;
    }
    const struct schedule_nurse *n = NULL;
    for (int i = 0; i < p->nurse_count && !n; i++)
        if (strcmp(p->nurses[i].id, b->nurse) == 0 && p->nurses[i].start <= b->start && p->nurses[i].end >= b->end)
            n = &p->nurses[i];
    if (!n) {
        *why = "the nurse is not on shift for the whole visit";
        return SCHEDULE_SHIFT;
    }
    int load = nurse_load(p, n->id, b->start, b->end);
    if (load < 0) {
        *why = arena_printf(a, "%s is setting up another patient then", n->name);
        return SCHEDULE_SETUP;
    }
    if (load < n->patients)
        return SCHEDULE_FREE;
    *why = arena_printf(a, "%s looks after %d patients then already", n->name, load);
    return SCHEDULE_FULL;
}
