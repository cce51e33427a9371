/* What each event is worth by itself: filtered (S0), in minutes (S1), as infusion or push (S2), gathered by drug (S3),
 * fluid alone (S4); and the services outside the ranking (S8). */
#include "account/admin_inner.h"

#include <string.h>

struct read_event {
    int at;                 /* index in work.events */
    const struct charge_event *ev;
    bool timed;             /* has a duration */
    struct spans running;
    int64_t minutes;
};

static const char **one_id(struct work *w, const char *id)
{
    const char **ids = ARENA_ARRAY(w->a, 1, const char *);
    ids[0] = id;
    return ids;
}

/* A line of its own for one event, outside the ranking. */
static struct sheet_line *alone(struct work *w, const struct read_event *r, enum charge_role role, const char *sentence)
{
    struct sheet_line *l = admin_line(w, role, 1, -1);
    l->encounter = r->ev->encounter ? r->ev->encounter : "";
    l->access = r->ev->access ? r->ev->access : "";
    l->date = admin_date(w, r->ev->start);
    l->start = r->ev->start;
    l->stop = r->ev->stop;
    l->events = one_id(w, r->ev->id);
    l->event_count = 1;
    l->minutes = r->timed ? (int)r->minutes : 0;
    l->sentence = sentence;
    admin_trace(w, r->at, FATE_LINE, sentence);
    return l;
}

static void coder(struct work *w, const struct read_event *r, const char *text)
{
    admin_query(w, QUERY_CODER, r->ev->id, text);
    admin_trace(w, r->at, FATE_HELD, text);
}

/* The same word in ASCII, whatever the case ("KVO", "kvo"). */
static bool same_word(const char *x, const char *y)
{
    for (;; x++, y++) {
        char a = *x >= 'A' && *x <= 'Z' ? (char)(*x + ('a' - 'A')) : *x, b = *y >= 'A' && *y <= 'Z' ? (char)(*y + ('a' - 'A')) : *y;
        if (a != b)
            return false;
        if (!a)
            return true;
    }
}

static const char *exclusion_text(struct work *w, const char *reason)
{
    for (int i = 0; i < charge_exclusion_count; i++)
        if (same_word(charge_exclusions[i].word, reason))
            return charge_exclusions[i].says;
    return arena_strdup(w->a, reason);
}

/* S1. False if the recorded times cannot be counted; the query is made here. */
static bool count_minutes(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    r->timed = false;
    if (ev->stop == UTC_NONE || (ev->stop == ev->start && ev->technique == TECH_PUSH))
        return true;
    if (ev->stop > ev->start) {
        struct span whole = {ev->start, ev->stop};
        r->running = spans_minus(w->a, spans_make(w->a, &whole, 1), spans_make(w->a, ev->pauses, ev->pause_count));
        r->minutes = span_minutes(spans_total(r->running) - ev->pause_min * UTC_MINUTE);
    }
    r->timed = r->minutes > 0;
    if (r->timed)
        return true;
    const char *text = ev->stop < ev->start
        ? arena_printf(w->a, "%s stops at %s, before it starts at %s: which time is right?", ev->substance,
              admin_clock(w, ev->stop), admin_clock(w, ev->start))
        : arena_printf(w->a, "%s has not one whole minute of flow: was it given?", ev->substance);
    admin_query(w, QUERY_TIMES, ev->id, text);
    if (ev->technique == TECH_PUSH)
        return true; /* a push needs no duration */
    admin_trace(w, r->at, FATE_HELD, text);
    return false;
}

static struct part *new_part(struct work *w, const struct read_event *r, enum item_kind kind, utc_t start)
{
    if (w->part_count == w->part_room) {
        int room = w->part_room * 2 + 16;
        struct part *grown = ARENA_ARRAY(w->a, (size_t)room, struct part);
        if (w->part_count)
            memcpy(grown, w->parts, (size_t)w->part_count * sizeof *grown);
        w->parts = grown;
        w->part_room = room;
    }
    struct part *p = &w->parts[w->part_count++];
    *p = (struct part){.event = r->at, .kind = kind, .start = start, .stop = UTC_NONE, .item = -1,
        .group = admin_group(w, r->ev, start)};
    return p;
}

/* One part, or one for each date it touches when dates are counted apart (S9). */
static void add_parts(struct work *w, const struct read_event *r, enum item_kind kind)
{
    if (!r->timed) {
        new_part(w, r, kind, r->ev->start);
        return;
    }
    int64_t paused = r->ev->pause_min;
    for (utc_t from = r->ev->start; from < r->ev->stop;) {
        utc_t to = r->ev->stop;
        if (w->p->split_midnight && kind != ITEM_PUSH) {
            utc_t midnight = utc_day_start(utc_day_start(from, w->t->zone) + 36 * UTC_HOUR, w->t->zone);
            if (midnight < to)
                to = midnight;
        }
        struct part *p = new_part(w, r, kind, from);
        p->stop = to;
        p->running = spans_within(w->a, r->running, (struct span){from, to});
        p->minutes = span_minutes(spans_total(p->running));
        int64_t off = paused < p->minutes ? paused : p->minutes;
        p->minutes -= off;
        paused -= off;
        from = to;
    }
}

static bool anticancer(const struct charge_event *ev)
{
    return ev->cls == CLASS_CHEMO || ev->cls == CLASS_HORMONAL;
}

static void read_transfusion(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (ev->stop == UTC_NONE)
        admin_query(w, QUERY_MISSING_STOP, ev->id, arena_printf(w->a, "When did %s stop?", ev->substance));
    if (r->timed)
        add_parts(w, r, ITEM_OTHER);
    const char *date = admin_date(w, ev->start);
    for (int i = 0; i < w->sheet->line_count; i++) {
        struct sheet_line *l = &w->sheet->lines[i];
        if (l->role != ROLE_TRANSFUSION || strcmp(l->date, date) != 0)
            continue;
        const char **ids = ARENA_ARRAY(w->a, (size_t)l->event_count + 1, const char *);
        memcpy(ids, l->events, (size_t)l->event_count * sizeof *ids);
        ids[l->event_count++] = ev->id;
        l->events = ids;
        l->minutes += r->timed ? (int)r->minutes : 0;
        if (ev->stop != UTC_NONE && (l->stop == UTC_NONE || l->stop < ev->stop))
            l->stop = ev->stop;
        admin_trace(w, r->at, FATE_LINE, "Transfusion is one line a date, whatever the number of units: this unit shares it.");
        return;
    }
    alone(w, r, ROLE_TRANSFUSION,
        arena_printf(w->a, "%s was transfused from %s: one line for the date, whatever the number of units.", ev->substance,
            admin_clock(w, ev->start)));
}

/* A drug infusion or push into the vein: S2. */
static void read_drug(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (ev->technique == TECH_PUSH) {
        add_parts(w, r, ITEM_PUSH);
        return;
    }
    if (!r->timed) {
        bool hold = w->p->missing_stop == MISSING_HOLD;
        const char *text = arena_printf(w->a, "When did %s, started at %s, stop? Until that is known it %s.", ev->substance,
            admin_clock(w, ev->start), hold ? "waits" : "counts as a push");
        admin_query(w, QUERY_MISSING_STOP, ev->id, text);
        if (hold)
            admin_trace(w, r->at, FATE_HELD, text);
        else
            add_parts(w, r, ITEM_PUSH);
        return;
    }
    add_parts(w, r, r->minutes < w->p->infusion_from ? ITEM_PUSH : ITEM_INF);
}

static void read_fluid(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (ev->technique == TECH_PUSH) {
        admin_trace(w, r->at, FATE_DROPPED, arena_printf(w->a, "%s was pushed: fluid by hand is a flush, not fluid replacement.", ev->substance));
    } else if (!r->timed) {
        const char *text = arena_printf(w->a, "When did %s, started at %s, stop? Fluid without a stop time is not charged.",
            ev->substance, admin_clock(w, ev->start));
        admin_query(w, QUERY_MISSING_STOP, ev->id, text);
        admin_trace(w, r->at, FATE_HELD, text);
    } else {
        add_parts(w, r, ITEM_HYD);
    }
}

static void read_injection(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (ev->cls != CLASS_CHEMO && ev->cls != CLASS_HORMONAL && ev->cls != CLASS_TPD) {
        coder(w, r, arena_printf(w->a, "%s is recorded as an injection, but its class is \"%s\": a coder must decide.",
            ev->substance, charge_class_word(ev->cls)));
        return;
    }
    enum charge_role role = ev->cls == CLASS_CHEMO ? ROLE_CHEMO_INJ_NONHORM
        : ev->cls == CLASS_HORMONAL ? ROLE_CHEMO_INJ_HORM : ROLE_TPD_INJ;
    alone(w, r, role, arena_printf(w->a, "%s was injected at %s; injections stand outside the ranking, one line each.",
        ev->substance, admin_clock(w, ev->start)));
}

static void read_prolonged(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (!anticancer(ev)) {
        coder(w, r, arena_printf(w->a, "A long infusion of %s by portable pump was started; there is no line for it: a coder must decide.",
            ev->substance));
    } else if (r->timed && r->minutes <= w->p->prolonged_over) {
        read_drug(w, r);
    } else {
        if (r->timed)
            add_parts(w, r, ITEM_OTHER);
        alone(w, r, ROLE_CHEMO_PROLONG, arena_printf(w->a, "A portable pump with %s was connected at %s to run for longer than %d hours.",
            ev->substance, admin_clock(w, ev->start), w->p->prolonged_over / 60))->minutes = 0;
    }
}

/* Infusions under the skin are gathered per encounter once all are read; short ones are injections. */
static bool read_under_skin(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (ev->cls != CLASS_TPD) {
        coder(w, r, arena_printf(w->a, "%s, class \"%s\", ran under the skin: a coder must decide.", ev->substance,
            charge_class_word(ev->cls)));
        return false;
    }
    if (r->timed && r->minutes >= w->p->infusion_from)
        return true;
    if (r->timed) {
        alone(w, r, ROLE_TPD_INJ, arena_printf(w->a, "%s ran under the skin for %d minutes, fewer than %d: an injection.",
            ev->substance, (int)r->minutes, w->p->infusion_from));
        return false;
    }
    bool hold = w->p->missing_stop == MISSING_HOLD;
    const char *text = arena_printf(w->a, "When did %s under the skin, started at %s, stop? Until that is known it %s.",
        ev->substance, admin_clock(w, ev->start), hold ? "waits" : "counts as an injection");
    admin_query(w, QUERY_MISSING_STOP, ev->id, text);
    if (hold)
        admin_trace(w, r->at, FATE_HELD, text);
    else
        alone(w, r, ROLE_TPD_INJ, text);
    return false;
}

static void read_one(struct work *w, struct read_event *r)
{
    const struct charge_event *ev = r->ev;
    if (ev->technique == TECH_DECLOT) {
        alone(w, r, ROLE_DECLOT, arena_printf(w->a, "%s was used at %s to open a blocked catheter; a service of its own.",
            ev->substance, admin_clock(w, ev->start)));
    } else if (ev->technique == TECH_REFILL) {
        alone(w, r, ev->implanted ? ROLE_PUMP_REFILL_IMPLANTED : ROLE_PUMP_REFILL_PORTABLE,
            arena_printf(w->a, "The %s pump was refilled with %s at %s.", ev->implanted ? "implanted" : "portable",
                ev->substance, admin_clock(w, ev->start)));
    } else if (ev->technique == TECH_INJ) {
        read_injection(w, r);
    } else if (ev->cls == CLASS_NONE) {
        admin_trace(w, r->at, FATE_DROPPED, arena_printf(w->a, "%s is not a drug or fluid treatment, so giving it is not charged.", ev->substance));
    } else if (ev->technique == TECH_PROLONGED) {
        read_prolonged(w, r);
    } else if (ev->cls == CLASS_BLOOD) {
        read_transfusion(w, r);
    } else if (ev->cls == CLASS_HYD) {
        read_fluid(w, r);
    } else {
        read_drug(w, r);
    }
}

/* All infusions under the skin of one encounter: one first hour, further hours over the union of their time, one more
 * set-up if a second site was used (S8). */
static void under_skin_lines(struct work *w, const struct read_event *list, int n, const char *encounter)
{
    struct spans *sets = ARENA_ARRAY(w->a, (size_t)n + 1, struct spans);
    const char **ids = ARENA_ARRAY(w->a, (size_t)n + 1, const char *);
    const struct read_event *first = NULL, *second_site = NULL;
    int count = 0;
    int64_t paused = 0;
    utc_t stop = 0;
    for (int i = 0; i < n; i++) {
        const struct charge_event *ev = list[i].ev;
        if (strcmp(ev->encounter ? ev->encounter : "", encounter) != 0)
            continue;
        if (!first)
            first = &list[i];
        else if (strcmp(ev->access ? ev->access : "", first->ev->access ? first->ev->access : "") != 0)
            second_site = &list[i];
        sets[count] = list[i].running;
        paused += ev->pause_min;
        ids[count++] = ev->id;
        stop = ev->stop > stop ? ev->stop : stop;
    }
    int minutes = (int)(span_minutes(spans_total(spans_join(w->a, sets, count))) - paused);
    int more = minutes < w->p->add_from ? 0 : 1 + (minutes - w->p->add_from) / w->p->add_every;
    struct sheet_line *l = alone(w, first, ROLE_SC_INF_INIT, arena_printf(w->a,
        "%s ran under the skin for %d minutes from %s; setting up the first pump and site is part of it.",
        first->ev->substance, minutes, admin_clock(w, first->ev->start)));
    l->minutes = more ? 60 : minutes;
    l->stop = stop;
    l->events = ids;
    l->event_count = count;
    for (int i = 0; i < n; i++)
        if (&list[i] != first && strcmp(list[i].ev->encounter ? list[i].ev->encounter : "", encounter) == 0)
            admin_trace(w, list[i].at, FATE_LINE, "Its minutes count with the other infusion under the skin of this visit.");
    struct sheet_line base = *l;
    if (more) {
        struct sheet_line *add = admin_line(w, ROLE_SC_INF_ADD, more, -1);
        *add = base;
        add->role = ROLE_SC_INF_ADD;
        add->units = more;
        add->minutes = minutes - 60;
        add->sentence = arena_printf(w->a, "%d minutes under the skin in all: a further hour from minute %d, the next every %d minutes.",
            minutes, w->p->add_from, w->p->add_every);
    }
    if (second_site) {
        struct sheet_line *setup = admin_line(w, ROLE_SC_INF_SETUP, 1, -1);
        *setup = base;
        setup->role = ROLE_SC_INF_SETUP;
        setup->minutes = 0;
        setup->events = one_id(w, second_site->ev->id);
        setup->event_count = 1;
        setup->sentence = "A second site under the skin was set up; one further set-up a visit.";
    }
}

bool admin_read(struct work *w, struct err *e)
{
    /* Each event opens at most one encounter and group a date. */
    size_t places = 1;
    for (int i = 0; i < w->count; i++) {
        const struct charge_event *ev = w->events[i];
        bool long_one = w->p->split_midnight && ev->start != UTC_NONE && ev->stop != UTC_NONE && ev->stop > ev->start;
        places += long_one ? (size_t)((ev->stop - ev->start) / (23 * UTC_HOUR)) + 2 : 1;
    }
    if (places > CHARGE_PARTS_MAX)
        return err_set(e, ERR_TOO_LARGE, "events", "counted by date these are %zu parts; at most %d", places, CHARGE_PARTS_MAX);
    w->encounters = ARENA_ARRAY(w->a, places, struct encounter);
    w->groups = ARENA_ARRAY(w->a, places, struct group);
    struct read_event *skin = ARENA_ARRAY(w->a, (size_t)w->count + 1, struct read_event);
    int skin_count = 0;
    for (int i = 0; i < w->count; i++) {
        struct read_event r = {.at = i, .ev = w->events[i]};
        if (!r.ev->substance)
            return err_set(e, ERR_INPUT, r.ev->id, "an event without a substance");
        if (r.ev->excluded) {
            admin_trace(w, i, FATE_DROPPED, arena_printf(w->a, "%s is not charged: %s.", r.ev->substance, exclusion_text(w, r.ev->excluded)));
        } else if (r.ev->start == UTC_NONE) {
            const char *text = arena_printf(w->a, "When did %s start? Without a time it is not charged.", r.ev->substance);
            admin_query(w, QUERY_MISSING_START, r.ev->id, text);
            admin_trace(w, i, FATE_HELD, text);
        } else if (r.ev->technique == TECH_PORT_FLUSH) {
            continue; /* admin_flushes: it needs to see all other lines */
        } else if (count_minutes(w, &r)) {
            if (r.ev->technique != TECH_SC_INF)
                read_one(w, &r);
            else if (read_under_skin(w, &r))
                skin[skin_count++] = r;
        }
    }
    for (int i = 0; i < skin_count; i++) {
        const char *encounter = skin[i].ev->encounter ? skin[i].ev->encounter : "";
        bool seen = false;
        for (int k = 0; k < i && !seen; k++)
            seen = strcmp(skin[k].ev->encounter ? skin[k].ev->encounter : "", encounter) == 0;
        if (!seen)
            under_skin_lines(w, skin, skin_count, encounter);
    }
    return true;
}

/* A port flush is paid only when nothing else was done that date, one a date (S8). */
void admin_flushes(struct work *w)
{
    for (int i = 0; i < w->count; i++) {
        const struct charge_event *ev = w->events[i];
        if (ev->technique != TECH_PORT_FLUSH || ev->excluded || ev->start == UTC_NONE)
            continue;
        struct read_event r = {.at = i, .ev = ev};
        const char *date = admin_date(w, ev->start);
        const struct sheet_line *other = NULL;
        for (int k = 0; k < w->sheet->line_count && !other; k++)
            if (strcmp(w->sheet->lines[k].date, date) == 0)
                other = &w->sheet->lines[k];
        if (other)
            admin_trace(w, i, FATE_DROPPED, arena_printf(w->a, "Flushing the port is charged only as the sole service of a date; here there is \"%s\".",
                charge_roles[other->role].label));
        else
            alone(w, &r, ROLE_PORT_FLUSH, arena_printf(w->a, "The port was flushed at %s and nothing else was given that date.", admin_clock(w, ev->start)));
    }
}
