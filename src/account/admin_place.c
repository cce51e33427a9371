/* Which service is the initial one of each encounter and access (S5), and which infusions ran beside another (S7). */
#include "account/admin_inner.h"

#include <string.h>

/* Before, among candidates of one group: rank, then start; a tie goes to the longer, then by name, so that the order
 * of the events never matters. */
static bool goes_before(const struct item *x, const struct item *y, bool by_rank)
{
    if (by_rank && x->rank != y->rank)
        return x->rank < y->rank;
    if (x->start != y->start)
        return x->start < y->start;
    if (x->minutes != y->minutes)
        return x->minutes > y->minutes;
    return strcmp(x->substance, y->substance) < 0;
}

static int best_candidate(struct work *w, int group, bool flagged_only)
{
    int best = -1;
    for (int i = 0; i < w->item_count; i++) {
        const struct item *it = &w->items[i];
        if (it->group == group && it->candidate && (it->flagged || !flagged_only) &&
            (best < 0 || goes_before(it, &w->items[best], true)))
            best = i;
    }
    return best;
}

static const char *first_event(struct work *w, int item)
{
    for (int i = 0; i < w->part_count; i++)
        if (w->parts[i].item == item)
            return w->events[w->parts[i].event]->id;
    return "";
}

static void query_tie(struct work *w, int best)
{
    const struct item *b = &w->items[best];
    for (int i = 0; i < w->item_count; i++) {
        const struct item *it = &w->items[i];
        if (i == best || it->group != b->group || !it->candidate || it->rank != b->rank || it->start != b->start)
            continue;
        admin_query(w, QUERY_TIE, first_event(w, best), arena_printf(w->a,
            "%s and %s have the same rank and both began at %s; %s was taken as the initial service.", b->substance,
            it->substance, admin_clock(w, b->start), b->substance));
        return;
    }
}

static void choose_initial(struct work *w, int group)
{
    int candidates = 0, flagged = 0;
    for (int i = 0; i < w->item_count; i++)
        if (w->items[i].group == group && w->items[i].candidate) {
            candidates++;
            flagged += w->items[i].flagged;
        }
    bool office = w->p->setting == SETTING_OFFICE;
    int best = best_candidate(w, group, office && flagged > 0);
    w->groups[group].initial = best;
    if (best < 0)
        return;
    if (office && candidates > 1 && flagged != 1)
        admin_query(w, QUERY_PRIMARY, "", arena_printf(w->a,
            "%s service is marked as the reason for the visit; %s was taken as the initial one by rank.",
            flagged ? "More than one" : "No charged", w->items[best].substance));
    if (!office || flagged != 1)
        query_tie(w, best);
}

/* Accesses without a documented need are one; the nurse may know of the need. */
static void query_accesses(struct work *w)
{
    for (int enc = 0; !w->p->second_site_justified && enc < w->encounter_count; enc++) {
        const char *first = NULL;
        for (int i = 0; i < w->part_count; i++) {
            const struct charge_event *ev = w->events[w->parts[i].event];
            const char *access = ev->access ? ev->access : "";
            if (w->groups[w->parts[i].group].encounter != enc)
                continue;
            if (first && strcmp(first, access) != 0) {
                admin_query(w, QUERY_ACCESS, ev->id, arena_printf(w->a,
                    "%s ran through a second access. Was it medically needed? Without that note all counts as one access.", ev->substance));
                break;
            }
            first = access;
        }
    }
}

static bool ran_beside(struct work *w, const struct item *x, const struct item *y)
{
    int64_t both = spans_overlap(x->running, y->running);
    return w->p->conc_rule == CONC_MAJORITY ? 2 * both > spans_total(x->running) : span_minutes(both) >= w->p->conc_min;
}

/* The placed infusion x shares most of its time with, by the concurrency rule; -1 if it stands for itself. */
static int beside(struct work *w, const struct item *x)
{
    int best = -1;
    for (int i = 0; i < w->item_count; i++) {
        const struct item *y = &w->items[i];
        if (y == x || !y->placed || y->group != x->group || !ran_beside(w, x, y))
            continue;
        if (best < 0 || spans_overlap(x->running, y->running) > spans_overlap(x->running, w->items[best].running))
            best = i;
    }
    return best;
}

/* The next infusion of a family that has not been looked at, by start. */
static int next_infusion(struct work *w, int group, bool chemo, const bool *done)
{
    int best = -1;
    for (int i = 0; i < w->item_count; i++) {
        const struct item *it = &w->items[i];
        if (it->group == group && it->kind == ITEM_INF && it->candidate && it->chemo == chemo && !done[i] &&
            (best < 0 || goes_before(it, &w->items[best], false)))
            best = i;
    }
    return best;
}

static void place_infusions(struct work *w, int group, bool *done)
{
    int initial = w->groups[group].initial;
    if (initial >= 0 && w->items[initial].kind == ITEM_INF) {
        w->items[initial].placed = true;
        done[initial] = true;
    }
    for (int family = 1; family >= 0; family--) {
        for (int i; (i = next_infusion(w, group, family == 1, done)) >= 0;) {
            struct item *it = &w->items[i];
            done[i] = true;
            it->beside = beside(w, it);
            it->placed = it->beside < 0;
        }
    }
}

void admin_place(struct work *w)
{
    bool *done = ARENA_ARRAY(w->a, (size_t)w->item_count + 1, bool);
    for (int g = 0; g < w->group_count; g++) {
        choose_initial(w, g);
        place_infusions(w, g, done);
    }
    query_accesses(w);
}
