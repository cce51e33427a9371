#include "account/admin_inner.h"

#include <stdlib.h>
#include <string.h>

const struct charge_exclusion charge_exclusions[] = {
    /* Sources of the list: CGS cope18821, docslib UWHC manual, obc.med.miami.edu, jucm.com (billing reference S0). */
    {"kvo", "fluid that only keeps the vein open"},
    {"tko", "fluid that only keeps the vein open"},
    {"flush", "a flush of the line"},
    {"diluent", "the fluid the drug is mixed in or carried by"},
    {"patency", "fluid that keeps the line open"},
    {"between_blood", "fluid between units of blood"},
    {"integral", "part of the procedure it was given for"},
    {"oral", "given by mouth or breathed in, not into the vein"},
    {"protocol_premed", "premedication that belongs to the transfusion protocol"},
    {"line_start", "placing the line is part of the service"},
    {"local", "local anaesthetic is part of the service"},
    {"port_access", "reaching the port is part of the service"},
    {"tubing", "tubing is part of the service"},
    {"preparation", "preparing the drug is part of the service"},
};
const int charge_exclusion_count = (int)(sizeof charge_exclusions / sizeof charge_exclusions[0]);

static const char *const class_words[] = {"chemo", "hormonal", "tpd", "hyd", "blood", "none"};
static const char *const technique_words[] = {"inf", "push", "inj", "sc_inf", "prolonged", "port_flush", "declot", "refill"};
static const char *const query_words[] = {"missing_start", "missing_stop", "times", "primary", "tie", "access", "coder"};
enum { CLASSES = sizeof class_words / sizeof class_words[0], TECHNIQUES = sizeof technique_words / sizeof technique_words[0] };

bool charge_class_find(const char *word, enum charge_class *out)
{
    for (int i = 0; i < CLASSES; i++)
        if (strcmp(class_words[i], word) == 0) {
            *out = (enum charge_class)i;
            return true;
        }
    return false;
}

bool charge_technique_find(const char *word, enum charge_technique *out)
{
    for (int i = 0; i < TECHNIQUES; i++)
        if (strcmp(technique_words[i], word) == 0) {
            *out = (enum charge_technique)i;
            return true;
        }
    return false;
}

const char *charge_class_word(enum charge_class c)
{
    return class_words[c];
}

const char *charge_technique_word(enum charge_technique t)
{
    return technique_words[t];
}

const char *charge_query_word(enum charge_query_kind k)
{
    return query_words[k];
}

void admin_trace(struct work *w, int event, enum charge_fate fate, const char *text)
{
    struct sheet_trace *t = &w->sheet->traces[w->given[event]];
    if (!t->text) {
        t->fate = fate;
        t->text = text;
    } else {
        if (fate < t->fate && !(fate == FATE_DROPPED && t->fate == FATE_HELD))
            t->fate = fate;
        t->text = arena_printf(w->a, "%s %s", t->text, text);
    }
}

void admin_query(struct work *w, enum charge_query_kind kind, const char *event, const char *text)
{
    struct charge_sheet *s = w->sheet;
    if (s->query_count == w->query_room) {
        int room = w->query_room ? w->query_room * 2 : 16;
        struct sheet_query *grown = ARENA_ARRAY(w->a, (size_t)room, struct sheet_query);
        if (s->query_count)
            memcpy(grown, s->queries, (size_t)s->query_count * sizeof *grown);
        s->queries = grown;
        w->query_room = room;
    }
    s->queries[s->query_count++] = (struct sheet_query){kind, event, text};
}

const char *admin_clock(struct work *w, utc_t t)
{
    char text[UTC_TEXT_MAX];
    return arena_strdup(w->a, utc_show_clock(t, w->t->zone, text));
}

const char *admin_date(struct work *w, utc_t t)
{
    char text[UTC_TEXT_MAX];
    return arena_strdup(w->a, utc_date_text(t, w->t->zone, text));
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* The group an event belongs to; events come in by start, so encounters and groups are numbered by their start. */
int admin_group(struct work *w, const struct charge_event *ev, utc_t start)
{
    const char *name = or_empty(ev->encounter);
    const char *date = w->p->split_midnight ? admin_date(w, start) : "";
    const char *access = w->p->second_site_justified ? or_empty(ev->access) : "";
    int enc = 0;
    while (enc < w->encounter_count &&
           (strcmp(w->encounters[enc].name, name) != 0 || strcmp(w->encounters[enc].date, date) != 0))
        enc++;
    if (enc == w->encounter_count)
        w->encounters[w->encounter_count++] = (struct encounter){name, date, start, 0};
    int g = 0;
    while (g < w->group_count && (w->groups[g].encounter != enc || strcmp(w->groups[g].access, access) != 0))
        g++;
    if (g == w->group_count)
        w->groups[w->group_count++] = (struct group){enc, access, start, -1};
    return g;
}

struct sheet_line *admin_line(struct work *w, enum charge_role role, int units, int group)
{
    struct charge_sheet *s = w->sheet;
    if (s->line_count == w->line_room) {
        int room = w->line_room ? w->line_room * 2 : 16;
        struct sheet_line *grown = ARENA_ARRAY(w->a, (size_t)room, struct sheet_line);
        if (s->line_count)
            memcpy(grown, s->lines, (size_t)s->line_count * sizeof *grown);
        s->lines = grown;
        w->line_room = room;
    }
    struct sheet_line *l = &s->lines[s->line_count++];
    *l = (struct sheet_line){.role = role, .units = units, .encounter = "", .access = "", .start = UTC_NONE, .stop = UTC_NONE};
    if (group >= 0) {
        l->encounter = w->encounters[w->groups[group].encounter].name;
        l->access = w->groups[group].access;
    }
    return l;
}

static int by_moment(const void *a, const void *b)
{
    const struct charge_event *x = *(const struct charge_event *const *)a, *y = *(const struct charge_event *const *)b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1; /* UTC_NONE comes first */
    if (x->stop != y->stop)
        return x->stop < y->stop ? -1 : 1;
    int c = strcmp(or_empty(x->substance), or_empty(y->substance));
    return c ? c : strcmp(x->id, y->id);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct charge_event *const *)a)->id, (*(const struct charge_event *const *)b)->id);
}

static bool check_timeline(const struct charge_timeline *t, const struct charge_event **sorted, struct err *e)
{
    for (int i = 0; i < t->count; i++) {
        const struct charge_event *ev = &t->events[i];
        if (!ev->id || !ev->id[0])
            return err_set(e, ERR_INPUT, "events", "event %d has no id", i + 1);
        if (ev->pause_count > CHARGE_PAUSES_MAX)
            return err_set(e, ERR_TOO_LARGE, ev->id, "%d pauses in one event; at most %d", ev->pause_count, CHARGE_PAUSES_MAX);
        if (ev->start != UTC_NONE && ev->stop != UTC_NONE && ev->stop > ev->start &&
            ev->stop - ev->start > CHARGE_DAYS_MAX * UTC_DAY)
            return err_set(e, ERR_TOO_LARGE, ev->id, "an event lasts more than %d days", CHARGE_DAYS_MAX);
        sorted[i] = ev;
    }
    if (t->count)
        qsort(sorted, (size_t)t->count, sizeof *sorted, by_id);
    for (int i = 1; i < t->count; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return err_set(e, ERR_INPUT, sorted[i]->id, "two events have this id");
    return true;
}

/* The ranked lines come first on the sheet, those outside the ranking after them. */
static void ranked_first(struct work *w, int outside)
{
    struct charge_sheet *s = w->sheet;
    struct sheet_line *all = ARENA_ARRAY(w->a, (size_t)s->line_count + 1, struct sheet_line);
    for (int i = 0; i < s->line_count; i++)
        all[(i + s->line_count - outside) % s->line_count] = s->lines[i];
    s->lines = all;
    w->line_room = s->line_count + 1;
}

bool charge_admin(const struct charge_timeline *t, const struct charge_policy *p, struct arena *a,
    struct charge_sheet *out, struct err *e)
{
    if (t->count > CHARGE_EVENTS_MAX)
        return err_set(e, ERR_TOO_LARGE, "events", "%d events; at most %d in one timeline", t->count, CHARGE_EVENTS_MAX);
    size_t n = (size_t)t->count + 1;
    struct work w = {.t = t, .p = p, .a = a, .sheet = out, .count = t->count};
    *out = (struct charge_sheet){.rules = or_empty(p->version), .trace_count = t->count};
    out->traces = ARENA_ARRAY(a, n, struct sheet_trace);
    w.events = ARENA_ARRAY(a, n, const struct charge_event *);
    if (!check_timeline(t, w.events, e))
        return false;
    if (t->count)
        qsort(w.events, (size_t)t->count, sizeof *w.events, by_moment);
    w.given = ARENA_ARRAY(a, n, int);
    for (int i = 0; i < t->count; i++) {
        w.given[i] = (int)(w.events[i] - t->events);
        out->traces[i].event = t->events[i].id;
    }
    if (!admin_read(&w, e))
        return false;
    int outside = out->line_count;
    admin_items(&w);
    admin_place(&w);
    admin_emit(&w);
    ranked_first(&w, outside);
    admin_flushes(&w);
    return true;
}

static bool same_claim_line(const struct sheet_line *x, const struct sheet_line *y)
{
    if (x->role != y->role || strcmp(x->date, y->date) != 0 || x->modifier_count != y->modifier_count)
        return false;
    for (int i = 0; i < x->modifier_count; i++)
        if (strcmp(x->modifiers[i], y->modifiers[i]) != 0)
            return false;
    return true;
}

int charge_admin_claim(const struct charge_sheet *s, struct arena *a, struct sheet_line **out)
{
    struct sheet_line *all = ARENA_ARRAY(a, (size_t)s->line_count + 1, struct sheet_line);
    int n = 0;
    for (int i = 0; i < s->line_count; i++) {
        const struct sheet_line *l = &s->lines[i];
        int k = 0;
        while (k < n && !same_claim_line(&all[k], l))
            k++;
        if (k == n) {
            all[n++] = *l;
            continue;
        }
        struct sheet_line *to = &all[k];
        const char **events = ARENA_ARRAY(a, (size_t)(to->event_count + l->event_count), const char *);
        for (int j = 0; j < to->event_count; j++)
            events[j] = to->events[j];
        for (int j = 0; j < l->event_count; j++)
            events[to->event_count + j] = l->events[j];
        to->events = events;
        to->event_count += l->event_count;
        to->units += l->units;
        to->minutes += l->minutes;
        to->sentence = arena_printf(a, "%s %s", to->sentence, l->sentence);
    }
    *out = all;
    return n;
}
