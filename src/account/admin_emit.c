/* Lines from items (S6), with the sentence of each, and the modifiers of second initial services (S10). */
#include "account/admin_inner.h"

#include <stdlib.h>
#include <string.h>

static const char *minutes_text(struct work *w, int64_t n)
{
    return arena_printf(w->a, "%d minute%s", (int)n, n == 1 ? "" : "s");
}

/* "75 minutes (09:00 to 10:15)", with bags and pauses when there are any. */
static const char *time_text(struct work *w, const struct item *it)
{
    const char *from = admin_clock(w, it->start), *to = admin_clock(w, it->stop);
    const char *n = minutes_text(w, it->minutes);
    if (it->kind == ITEM_INF && it->bags > 1)
        return arena_printf(w->a, "%s in %d infusions added up (%s to %s)", n, it->bags, from, to);
    if (it->minutes < span_minutes(it->stop - it->start))
        return arena_printf(w->a, "%s (%s to %s without the pauses)", n, from, to);
    return arena_printf(w->a, "%s (%s to %s)", n, from, to);
}

static struct sheet_line *item_line(struct work *w, int item, enum charge_role role, int units, int64_t minutes)
{
    const struct item *it = &w->items[item];
    struct sheet_line *l = admin_line(w, role, units, it->group);
    l->date = admin_date(w, it->start);
    l->start = it->start;
    l->stop = it->stop;
    l->minutes = (int)minutes;
    const char **ids = ARENA_ARRAY(w->a, (size_t)it->bags + 1, const char *);
    for (int i = 0; i < w->part_count; i++) {
        if (w->parts[i].item != item)
            continue;
        const char *id = w->events[w->parts[i].event]->id;
        bool known = false;
        for (int k = 0; k < l->event_count && !known; k++)
            known = strcmp(ids[k], id) == 0;
        if (!known)
            ids[l->event_count++] = id;
    }
    l->events = ids;
    return l;
}

/* Every event of the item gets the sentence as its trace. */
static void trace_item(struct work *w, int item, enum charge_fate fate, const char *text)
{
    int last = -1;
    for (int i = 0; i < w->part_count; i++)
        if (w->parts[i].item == item && w->parts[i].event != last) {
            last = w->parts[i].event;
            admin_trace(w, last, fate, text);
        }
}

static int steps_over(int64_t t, int from, int every)
{
    return t < from ? 0 : 1 + (int)((t - from) / every);
}

static const char *why_initial(struct work *w, const struct item *it)
{
    if (w->p->setting == SETTING_OFFICE && it->flagged)
        return "it is the reason for the visit, so it is the one initial service";
    return "it ranks first here, so it is the one initial service";
}

static void emit_infusion(struct work *w, int item)
{
    const struct item *it = &w->items[item];
    bool initial = w->groups[it->group].initial == item;
    int more = steps_over(it->minutes, w->p->add_from, w->p->add_every);
    enum charge_role base = it->chemo ? (initial ? ROLE_CHEMO_INF_INIT : ROLE_CHEMO_INF_SEQ)
                                      : (initial ? ROLE_TPD_INF_INIT : ROLE_TPD_INF_SEQ);
    struct sheet_line *l = item_line(w, item, base, 1, more ? 60 : it->minutes);
    const char *time = time_text(w, it);
    l->sentence = initial
        ? arena_printf(w->a, "%s ran %s; %s.", it->substance, time, why_initial(w, it))
        : arena_printf(w->a, "%s ran %s as a further drug of this visit, ranked after the initial service.", it->substance, time);
    trace_item(w, item, FATE_LINE, l->sentence);
    if (!more)
        return;
    l = item_line(w, item, it->chemo ? ROLE_CHEMO_INF_ADD : ROLE_TPD_INF_ADD, more, it->minutes - 60);
    l->sentence = arena_printf(w->a, "%s ran %d minutes in all: a further hour counts from minute %d and every %d minutes after, here %d.",
        it->substance, (int)it->minutes, w->p->add_from, w->p->add_every, more);
}

/* An infusion that ran beside another. */
static void emit_beside(struct work *w, int item)
{
    const struct item *it = &w->items[item], *other = &w->items[it->beside];
    struct encounter *enc = &w->encounters[w->groups[it->group].encounter];
    int both = (int)span_minutes(spans_overlap(it->running, other->running));
    if (it->chemo) {
        const char *text = arena_printf(w->a, "%s and %s ran together for %d minutes through one access; two anticancer drugs at once have no line: a coder must decide.",
            it->substance, other->substance, both);
        for (int i = 0; i < w->part_count; i++)
            if (w->parts[i].item == item) {
                admin_query(w, QUERY_CODER, w->events[w->parts[i].event]->id, text);
                break;
            }
        trace_item(w, item, FATE_HELD, text);
        return;
    }
    const char *ran = arena_printf(w->a, "%s ran %s, %d of them beside %s", it->substance, time_text(w, it), both, other->substance);
    if (enc->concurrent >= w->p->conc_max) {
        trace_item(w, item, FATE_DROPPED, arena_printf(w->a, "%s; a visit has at most %d line%s for drugs beside another, and it is used.",
            ran, w->p->conc_max, w->p->conc_max == 1 ? "" : "s"));
        return;
    }
    enc->concurrent++;
    struct sheet_line *l = item_line(w, item, ROLE_TPD_INF_CONC, 1, it->minutes);
    l->sentence = arena_printf(w->a, "%s: one line for a drug beside another, without hours.", ran);
    trace_item(w, item, FATE_LINE, l->sentence);
}

static void emit_push(struct work *w, int item)
{
    const struct item *it = &w->items[item];
    bool initial = w->groups[it->group].initial == item;
    enum charge_role role = it->chemo ? (initial ? ROLE_CHEMO_PUSH_INIT : ROLE_CHEMO_PUSH_ADD)
        : initial ? ROLE_TPD_PUSH_INIT : it->again ? ROLE_TPD_PUSH_SAME : ROLE_TPD_PUSH_NEW;
    const struct charge_event *ev = NULL;
    for (int i = 0; i < w->part_count && !ev; i++)
        if (w->parts[i].item == item)
            ev = w->events[w->parts[i].event];
    const char *how = ev->technique == TECH_PUSH || it->again
        ? arena_printf(w->a, "%s was given at %s", it->substance, admin_clock(w, it->start))
        : it->stop == UTC_NONE
        ? arena_printf(w->a, "%s was started at %s without a stop time, which counts as a push", it->substance, admin_clock(w, it->start))
        : arena_printf(w->a, "%s ran %s, fewer than %d, which counts as a push", it->substance, time_text(w, it), w->p->infusion_from);
    struct sheet_line *l = item_line(w, item, role, 1, it->minutes);
    l->sentence = initial ? arena_printf(w->a, "%s; %s.", how, why_initial(w, it))
        : it->again ? arena_printf(w->a, "%s, the same drug again, long enough after its last charged dose.", how)
                    : arena_printf(w->a, "%s: a further drug of this visit.", how);
    trace_item(w, item, FATE_LINE, l->sentence);
}

static void emit_fluid(struct work *w, int item)
{
    const struct item *it = &w->items[item];
    if (!it->candidate) {
        trace_item(w, item, FATE_DROPPED, arena_printf(w->a, "%s ran alone for %s%s; fluid counts from %d.",
            it->substance, minutes_text(w, it->minutes), it->cut ? ", the time beside a drug left out" : "", w->p->hyd_from));
        return;
    }
    int units = steps_over(it->minutes, w->p->hyd_from, w->p->hyd_every);
    bool initial = w->groups[it->group].initial == item;
    const char *ran = arena_printf(w->a, "Fluid ran alone for %s (%s to %s%s)", minutes_text(w, it->minutes),
        admin_clock(w, it->start), admin_clock(w, it->stop), it->cut ? ", the time beside a drug left out" : "");
    struct sheet_line *l;
    if (!initial) {
        l = item_line(w, item, ROLE_HYD_ADD, units, it->minutes);
        l->sentence = arena_printf(w->a, "%s, added to the initial service of this visit: %d hour%s, the first from minute %d.", ran, units,
            units == 1 ? "" : "s", w->p->hyd_from);
        trace_item(w, item, FATE_LINE, l->sentence);
        return;
    }
    int64_t first = units > 1 && it->minutes > 60 ? 60 : it->minutes;
    l = item_line(w, item, ROLE_HYD_INIT, 1, first);
    l->sentence = arena_printf(w->a, "%s; %s.", ran, why_initial(w, it));
    trace_item(w, item, FATE_LINE, l->sentence);
    if (units > 1) {
        l = item_line(w, item, ROLE_HYD_ADD, units - 1, it->minutes - first);
        l->sentence = arena_printf(w->a, "Fluid ran alone for %d minutes in all: a further hour from minute %d and every %d minutes after.",
            (int)it->minutes, w->p->hyd_from + w->p->hyd_every, w->p->hyd_every);
    }
}

static void emit_item(struct work *w, int item)
{
    const struct item *it = &w->items[item];
    if (it->kind == ITEM_HYD)
        emit_fluid(w, item);
    else if (it->kind == ITEM_PUSH)
        emit_push(w, item);
    else if (!it->candidate)
        trace_item(w, item, FATE_DROPPED, arena_printf(w->a, "Only %s of %s fall on %s; an infusion counts from %d.",
            minutes_text(w, it->minutes), it->substance, admin_date(w, it->start), w->p->infusion_from));
    else if (it->beside >= 0)
        emit_beside(w, item);
    else
        emit_infusion(w, item);
}

struct order {
    const struct work *w;
    int index;
};

static int by_rank(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    const struct item *i = &x->w->items[x->index], *j = &y->w->items[y->index];
    bool first_i = x->w->groups[i->group].initial == x->index, first_j = y->w->groups[j->group].initial == y->index;
    if (first_i != first_j)
        return first_i ? -1 : 1;
    if (i->rank != j->rank)
        return i->rank < j->rank ? -1 : 1;
    if (i->start != j->start)
        return i->start < j->start ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index; /* items come in sorted order of their events */
}

/* Groups by encounter, then the best initial service first: the one that needs no modifier. */
static int by_place(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    const struct group *g = &x->w->groups[x->index], *h = &y->w->groups[y->index];
    if (g->encounter != h->encounter)
        return g->encounter < h->encounter ? -1 : 1;
    int rg = g->initial < 0 ? 99 : x->w->items[g->initial].rank, rh = h->initial < 0 ? 99 : y->w->items[h->initial].rank;
    if (rg != rh)
        return rg < rh ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void mark_second_initials(struct work *w)
{
    static const char *const words[] = {"59", NULL, "XE", "XS", "XP", "XU"};
    struct charge_sheet *s = w->sheet;
    for (int i = 0; i < s->line_count; i++) {
        struct sheet_line *l = &s->lines[i];
        for (int k = 0; k < i && charge_roles[l->role].kind == ROLE_INITIAL; k++) {
            const struct sheet_line *before = &s->lines[k];
            if (charge_roles[before->role].kind != ROLE_INITIAL || strcmp(before->date, l->date) != 0)
                continue;
            bool other_encounter = strcmp(before->encounter, l->encounter) != 0;
            const char *word = words[w->p->second_modifier];
            l->modifiers[l->modifier_count++] = word ? word : other_encounter ? "XE" : "XS";
            l->sentence = arena_printf(w->a, "%s It is the second initial service of the date, %s, and says so with %s.", l->sentence,
                other_encounter ? "at a separate visit" : "through a second access that was needed", l->modifiers[0]);
            break;
        }
    }
}

void admin_emit(struct work *w)
{
    struct order *groups = ARENA_ARRAY(w->a, (size_t)w->group_count + 1, struct order);
    struct order *items = ARENA_ARRAY(w->a, (size_t)w->item_count + 1, struct order);
    for (int g = 0; g < w->group_count; g++)
        groups[g] = (struct order){w, g};
    if (w->group_count)
        qsort(groups, (size_t)w->group_count, sizeof *groups, by_place);
    for (int i = 0; i < w->item_count; i++)
        items[i] = (struct order){w, i};
    if (w->item_count)
        qsort(items, (size_t)w->item_count, sizeof *items, by_rank);
    for (int g = 0; g < w->group_count; g++)
        for (int i = 0; i < w->item_count; i++)
            if (w->items[items[i].index].group == groups[g].index)
                emit_item(w, items[i].index);
    mark_second_initials(w);
}
