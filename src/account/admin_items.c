/* What competes for a line: infusions of one drug together (S3), each push (S2, S6), fluid alone (S4). */
#include "account/admin_inner.h"

#include <string.h>

static const struct charge_event *event_of(struct work *w, const struct part *p)
{
    return w->events[p->event];
}

static bool anticancer(const struct charge_event *ev)
{
    return ev->cls == CLASS_CHEMO || ev->cls == CLASS_HORMONAL;
}

/* Same drug in the same family, whatever the access: what "a further substance" is asked of. */
static bool same_drug(struct work *w, const struct part *x, const struct part *y)
{
    const struct charge_event *a = event_of(w, x), *b = event_of(w, y);
    return w->groups[x->group].encounter == w->groups[y->group].encounter && anticancer(a) == anticancer(b) &&
        strcmp(a->substance, b->substance) == 0;
}

static int new_item(struct work *w, struct part *p, enum item_kind kind)
{
    const struct charge_event *ev = event_of(w, p);
    int i = w->item_count++;
    bool chemo = kind != ITEM_HYD && anticancer(ev);
    w->items[i] = (struct item){.kind = kind, .chemo = chemo, .group = p->group, .substance = ev->substance,
        .start = p->start, .stop = p->stop, .beside = -1};
    w->items[i].rank = kind == ITEM_HYD ? w->p->rank_hyd
        : kind == ITEM_INF ? (chemo ? w->p->rank_chemo_inf : w->p->rank_tpd_inf)
                           : (chemo ? w->p->rank_chemo_push : w->p->rank_tpd_push);
    return i;
}

static void join_item(struct work *w, int item, struct part *p)
{
    struct item *it = &w->items[item];
    p->item = item;
    it->bags++;
    it->minutes += p->minutes;
    it->flagged |= event_of(w, p)->primary;
    if (p->stop != UTC_NONE && (it->stop == UTC_NONE || p->stop > it->stop))
        it->stop = p->stop;
}

/* Is there an earlier infusion of this drug that this one would be added to? */
static int infusion_so_far(struct work *w, int at)
{
    for (int i = 0; i < at; i++) {
        const struct part *p = &w->parts[i];
        if (p->kind == ITEM_INF && p->item >= 0 && p->group == w->parts[at].group && same_drug(w, p, &w->parts[at]))
            return p->item;
    }
    return -1;
}

static void gather_infusions(struct work *w)
{
    for (int i = 0; i < w->part_count; i++) {
        struct part *p = &w->parts[i];
        if (p->kind != ITEM_INF)
            continue;
        int item = infusion_so_far(w, i);
        if (item >= 0 && w->p->same_infusion == SAME_REPEAT && !w->items[item].chemo) {
            p->kind = ITEM_PUSH; /* X01: some code a repeated infusion as the same drug pushed again */
            continue;
        }
        if (item < 0)
            item = new_item(w, p, ITEM_INF);
        join_item(w, item, p);
    }
}

/* When the drug of parts[at] was last given on a line, before it; UTC_NONE if never. */
static utc_t last_dose(struct work *w, int at)
{
    utc_t last = UTC_NONE;
    for (int i = 0; i < at; i++) {
        const struct part *p = &w->parts[i];
        if (p->item < 0 || !same_drug(w, p, &w->parts[at]))
            continue;
        bool from_stop = p->kind == ITEM_INF || w->p->push_gap_from == GAP_FROM_STOP;
        utc_t t = from_stop && p->stop != UTC_NONE ? p->stop : p->start;
        if (t > last)
            last = t;
    }
    return last;
}

static const char *why_no_repeat(struct work *w, const struct part *p, utc_t last)
{
    const struct charge_event *ev = event_of(w, p);
    if (anticancer(ev))
        return arena_printf(w->a, "%s was given before in this visit; the same anticancer drug pushed again has no line.", ev->substance);
    if (w->p->setting == SETTING_OFFICE && !w->p->push_same_office)
        return arena_printf(w->a, "%s was given before in this visit; an office does not charge the same drug pushed again.", ev->substance);
    utc_t gap = p->start - last, need = w->p->push_gap * UTC_MINUTE;
    if (w->p->push_gap_strict ? gap > need : gap >= need)
        return NULL;
    if (gap < 0)
        return arena_printf(w->a, "%s was pushed while its infusion was still running: no line of its own.", ev->substance);
    return arena_printf(w->a, "%s was pushed again %d minutes after its last charged dose at %s; it takes %s%d.", ev->substance,
        (int)span_minutes(gap), admin_clock(w, last), w->p->push_gap_strict ? "more than " : "", w->p->push_gap);
}

static void gather_pushes(struct work *w)
{
    for (int i = 0; i < w->part_count; i++) {
        struct part *p = &w->parts[i];
        if (p->kind != ITEM_PUSH)
            continue;
        utc_t last = last_dose(w, i);
        const char *no = last == UTC_NONE ? NULL : why_no_repeat(w, p, last);
        if (no) {
            admin_trace(w, p->event, FATE_DROPPED, no);
            continue;
        }
        int item = new_item(w, p, ITEM_PUSH);
        join_item(w, item, p);
        w->items[item].again = last != UTC_NONE;
        w->items[item].candidate = last == UTC_NONE;
    }
}

/* S4 for one group: fluid time no drug or blood ran in, over all its stretches. */
static void gather_fluid(struct work *w, int group)
{
    struct spans *fluid = ARENA_ARRAY(w->a, (size_t)w->part_count + 1, struct spans);
    struct spans *taken = ARENA_ARRAY(w->a, (size_t)w->part_count + 1, struct spans);
    int nfluid = 0, ntaken = 0, item = -1;
    int64_t paused = 0;
    for (int i = 0; i < w->part_count; i++) {
        struct part *p = &w->parts[i];
        if (p->group != group)
            continue;
        if (p->kind != ITEM_HYD) {
            taken[ntaken++] = p->running;
            continue;
        }
        if (item < 0)
            item = new_item(w, p, ITEM_HYD);
        join_item(w, item, p);
        paused += span_minutes(spans_total(p->running)) - p->minutes;
        fluid[nfluid++] = p->running;
    }
    if (item < 0)
        return;
    struct item *it = &w->items[item];
    struct spans whole = spans_join(w->a, fluid, nfluid);
    it->running = spans_minus(w->a, whole, spans_join(w->a, taken, ntaken));
    it->cut = spans_total(it->running) < spans_total(whole);
    if (!w->p->hyd_accumulates) {
        int kept = 0;
        for (int i = 0; i < it->running.count; i++)
            if (span_minutes(it->running.at[i].to - it->running.at[i].from) >= w->p->hyd_from)
                it->running.at[kept++] = it->running.at[i];
        it->running.count = kept;
    }
    it->minutes = span_minutes(spans_total(it->running)) - paused;
    if (it->minutes < 0)
        it->minutes = 0;
    it->candidate = it->minutes >= w->p->hyd_from;
    if (it->candidate) {
        it->start = it->running.at[0].from;
        it->stop = it->running.at[it->running.count - 1].to;
    }
}

void admin_items(struct work *w)
{
    w->items = ARENA_ARRAY(w->a, (size_t)w->part_count + 1, struct item);
    gather_infusions(w);
    for (int i = 0; i < w->item_count; i++) {
        struct spans *sets = ARENA_ARRAY(w->a, (size_t)w->items[i].bags + 1, struct spans);
        int n = 0;
        for (int k = 0; k < w->part_count; k++)
            if (w->parts[k].item == i)
                sets[n++] = w->parts[k].running;
        w->items[i].running = spans_join(w->a, sets, n);
        w->items[i].candidate = w->items[i].minutes >= w->p->infusion_from; /* a short rest beyond midnight is not */
    }
    gather_pushes(w);
    for (int g = 0; g < w->group_count; g++)
        gather_fluid(w, g);
}
