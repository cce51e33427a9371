/* Finding a time: offers with reasons, booking, moving, cancelling; the day board and what is due but not booked. */
#include "care/care.h"
#include "care/shift.h"
#include "formulary/content.h"
#include "schedule/offer.h"

#include <string.h>

/* ---- the problem, from the store ------------------------------------------------------------------------------------ */

struct board {
    struct schedule_problem p;
    struct chair *chairs;
    struct shift *shifts;
    struct visit *visits;
    int chair_count, shift_count, visit_count;
};

MUST_CHECK static bool board_nurses(struct tx *t, struct board *b, struct err *e)
{
    struct schedule_nurse *n = ARENA_ARRAY(t->a, b->shift_count ? (size_t)b->shift_count : 1, struct schedule_nurse);
    for (int i = 0; i < b->shift_count; i++) {
        struct staff s;
        if (!table_need(t, &record_staff, b->shifts[i].nurse, "nurse", &s, e))
            return false;
        n[i] = (struct schedule_nurse){
            s.id, s.name, b->shifts[i].pod, b->shifts[i].start, b->shifts[i].end, (int)b->shifts[i].patients};
    }
    b->p.nurses = n;
    b->p.nurse_count = b->shift_count;
    return true;
}

/* Until when a visit keeps its chair and nurse: who is here beyond the booked end is here at least a slot longer. A
 * visit nobody closed yesterday holds nothing today. */
static utc_t busy_until(const struct visit *v, utc_t now)
{
    if (v->left_at != UTC_NONE)
        return v->left_at;
    return strcmp(v->state, "booked") == 0 || now - v->start > UTC_DAY || v->end > now + SCHEDULE_SLOT_MIN * UTC_MINUTE
        ? v->end
        : now + SCHEDULE_SLOT_MIN * UTC_MINUTE;
}

/* No shift and no visit lasts longer: what began before cannot reach into the time looked at, so years of visits are not
 * looked through. */
#define LONGEST (7 * UTC_DAY)

/* Chairs, shifts and bookings between two instants; `without` is left out (the visit being moved). */
MUST_CHECK static bool board_read(
    struct tx *t, utc_t now, utc_t from, utc_t to, const char *without, struct board *b, struct err *e)
{
    memset(b, 0, sizeof *b);
    if (!table_list(t, &record_chair, "active=1 ORDER BY place, id", NO_VALS, &b->chairs, &b->chair_count, e)
        || !table_list(t, &record_shift, "\"end\">?2 AND start<?3 AND start>?4 ORDER BY start, id",
            VALS(V_INT(from), V_INT(to), V_INT(from - LONGEST)), &b->shifts, &b->shift_count, e)
        || !table_list(t, &record_visit,
            "start<?3 AND start>?6 AND (\"end\">?2 AND state IN "
            "('booked','arrived','ok','treating','observing','done') OR ?5>?2 AND state IN "
            "('arrived','ok','treating','observing')) AND id<>?4 ORDER BY start, id",
            VALS(V_INT(from), V_INT(to), V_TEXT(without ? without : ""), V_INT(now + SCHEDULE_SLOT_MIN * UTC_MINUTE),
                V_INT(from - LONGEST)),
            &b->visits, &b->visit_count, e)
        || !board_nurses(t, b, e))
        return false;
    int kept = 0;
    for (int i = 0; i < b->visit_count; i++)
        if (busy_until(&b->visits[i], now) > from)
            b->visits[kept++] = b->visits[i];
    b->visit_count = kept;
    struct schedule_chair *c = ARENA_ARRAY(t->a, b->chair_count ? (size_t)b->chair_count : 1, struct schedule_chair);
    for (int i = 0; i < b->chair_count; i++)
        c[i] = (struct schedule_chair){b->chairs[i].id, b->chairs[i].pod, b->chairs[i].bed == 1};
    struct schedule_busy *busy = ARENA_ARRAY(t->a, b->visit_count ? (size_t)b->visit_count : 1, struct schedule_busy);
    for (int i = 0; i < b->visit_count; i++) {
        const struct visit *v = &b->visits[i];
        busy[i] = (struct schedule_busy){
            v->chair, v->nurse, v->start, busy_until(v, now), v->start + v->setup_min * UTC_MINUTE};
    }
    b->p.chairs = c;
    b->p.chair_count = b->chair_count;
    b->p.busy = busy;
    b->p.busy_count = b->visit_count;
    return true;
}

static bool open_on(const struct cmd *c, const char *date)
{
    struct civil d = utc_civil(care_midnight_utc(date), NULL);
    return c->content->site->open_mask >> d.weekday & 1u;
}

/* The days the gaps to the doses before and after leave; NULL: no bound. */
struct gaps {
    const char *from, *to;
    const char *says;
};

/* The regimen's smallest gap before visit `number` of a plan, in days; 0 if it names none. */
static int64_t gap_before(const struct cmd *c, const struct plan *p, int64_t number)
{
    const struct regimen *r = content_regimen(c->content, p->regimen);
    for (int i = 0; r && i < r->visits_count; i++)
        if (r->visits[i].number == number && r->visits[i].gap_min_days != INT_NONE)
            return r->visits[i].gap_min_days;
    return 0;
}

/* Against the dose before, given or booked, and against the one after, if it is booked. */
MUST_CHECK static bool gaps_of(
    struct cmd *c, const struct plan *p, const struct visit *v, struct gaps *g, struct err *e)
{
    struct visit *list;
    int n;
    *g = (struct gaps){0};
    if (!table_list(c->tx, &record_visit,
            "plan=?2 AND id<>?3 AND start IS NOT NULL AND state IN "
            "('booked','arrived','ok','treating','observing','done') ORDER BY number",
            VALS(V_TEXT(v->plan), V_TEXT(v->id)), &list, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        const char *day = care_day(c->a, c->zone, list[i].start);
        int64_t before = gap_before(c, p, v->number), after = gap_before(c, p, list[i].number);
        if (list[i].number < v->number && before > 0) {
            g->from = care_add_days(c->a, day, (int)before); /* ascending: the nearest dose before stays */
            g->says =
                arena_printf(c->a, "%lld days after the dose of %s", (long long)before, care_show_date(c->a, day));
        } else if (list[i].number > v->number && after > 0 && !g->to) {
            g->to = care_add_days(c->a, day, -(int)after);
            g->says = g->says
                ? g->says
                : arena_printf(c->a, "%lld days before the dose of %s", (long long)after, care_show_date(c->a, day));
        }
    }
    return true;
}

static bool gap_kept(const struct gaps *g, const char *day)
{
    return (!g->from || strcmp(day, g->from) >= 0) && (!g->to || strcmp(day, g->to) <= 0);
}

/* Open days of the window (or the one asked for) that keep the gaps. That the nearest to the due day come first does
 * not matter: the cost knows. */
static int window_days(
    struct cmd *c, const struct visit *v, const struct gaps *g, const char *only, struct schedule_day *out)
{
    const char *today = care_day(c->a, c->zone, c->now);
    const char *day = only ? only : strcmp(v->earliest, today) > 0 ? v->earliest : today;
    const char *last = only ? only : strcmp(v->latest, today) >= 0 ? v->latest : care_add_days(c->a, today, 14);
    int n = 0;
    for (; strcmp(day, last) <= 0 && n < SCHEDULE_DAYS_MAX; day = care_add_days(c->a, day, 1)) {
        if (!open_on(c, day) || !gap_kept(g, day))
            continue;
        out[n++] = (struct schedule_day){day, care_local(c->zone, day, (int)c->site.opens),
            care_local(c->zone, day, (int)c->site.closes),
            (int)((care_midnight_utc(day) - care_midnight_utc(v->due)) / UTC_DAY)};
    }
    return n;
}

MUST_CHECK static bool nurse_before(struct cmd *c, const struct visit *v, const char **out, struct err *e)
{
    struct visit *before;
    int n;
    *out = NULL;
    if (!table_list(c->tx, &record_visit,
            "patient=?2 AND state='done' AND nurse IS NOT NULL ORDER BY start DESC LIMIT 1", VALS(V_TEXT(v->patient)),
            &before, &n, e))
        return false;
    if (n)
        *out = before[0].nurse;
    return true;
}

MUST_CHECK static bool problem_of(
    struct cmd *c, const struct visit *v, const struct schedule_day *days, int n, struct board *b, struct err *e)
{
    utc_t from = n ? days[0].opens : c->now, to = n ? days[n - 1].closes : c->now;
    if (!board_read(c->tx, c->now, from, to, v->id, b, e) || !nurse_before(c, v, &b->p.nurse_before, e))
        return false;
    b->p.days = days;
    b->p.day_count = n;
    b->p.not_before = c->now;
    b->p.setup_min = (int)v->setup_min;
    b->p.drug_min = (int)v->drug_min;
    b->p.observe_min = (int)v->observe_min;
    return true;
}

/* ---- commands ----------------------------------------------------------------------------------------------------------- */

static bool same_offer(const struct offer *a, const struct offer *b)
{
    return a->place == b->place && a->start == b->start && a->end == b->end && strcmp(a->chair, b->chair) == 0
        && strcmp(a->nurse, b->nurse) == 0 && strcmp(a->says, b->says) == 0;
}

/* What a person was shown must be explainable years later, so every distinct answer is kept, once: asking again and
 * getting the same adds nothing. Keeping only what was then booked would leave out what it was preferred to. */
MUST_CHECK static bool keep_offer(struct cmd *c, struct offer *o, const struct offer *known, int n, struct err *e)
{
    for (int i = 0; i < n; i++)
        if (same_offer(o, &known[i])) {
            o->id = known[i].id;
            c->id = c->id ? c->id : o->id;
            return true;
        }
    o->id = cmd_new_id(c, "offer");
    return cmd_emit(c, &ev_time_offered, o, NULL, NULL, e);
}

static bool visit_offer(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_offer_in *in = input;
    struct schedule_day days[SCHEDULE_DAYS_MAX];
    struct schedule_offer offers[SCHEDULE_OFFERS_MAX];
    struct visit v;
    struct board b;
    struct plan plan;
    struct gaps g;
    const char *why;
    struct offer *known;
    int known_count, n, max = in->count == INT_NONE ? 5 : in->count < 1 || in->count > SCHEDULE_OFFERS_MAX ? 0 : (int)in->count;
    if (!care_visit_in(c, in->visit, "due|booked", &v, e) || !table_need(c->tx, &record_plan, v.plan, "visit", &plan, e)
        || !gaps_of(c, &plan, &v, &g, e) || !problem_of(c, &v, days, window_days(c, &v, &g, in->day, days), &b, e)
        || !schedule_offers(c->a, &b.p, max, offers, &n, &why, e)
        || !table_list(c->tx, &record_offer, "visit=?2 ORDER BY id", VALS(V_TEXT(v.id)), &known, &known_count, e))
        return false;
    struct buf buf;
    struct json j;
    buf_init(&buf, FIELD_LONG_MAX);
    json_init(&j, &buf);
    json_object(&j, NULL);
    json_str(&j, "why_none", why);
    json_list(&j, "offers");
    bool ok = true;
    for (int i = 0; ok && i < n; i++) {
        BLANK(offer, o);
        o.visit = v.id;
        o.place = i + 1;
        o.start = offers[i].start;
        o.end = offers[i].end;
        o.chair = offers[i].chair;
        o.nurse = offers[i].nurse;
        o.says = offers[i].says;
        ok = keep_offer(c, &o, known, known_count, e);
        record_to_json(&record_offer, &o, &j, NULL);
    }
    json_end(&j, ']');
    json_end(&j, '}');
    ok = ok && buf_ok(&buf, "offers", e);
    c->result = arena_strdup(c->a, buf_str(&buf));
    buf_fini(&buf);
    return ok;
}

MUST_CHECK static bool wanted_time(
    struct cmd *c, const struct visit_book_in *in, const struct visit *v, struct schedule_offer *out, struct err *e)
{
    struct offer o;
    if (in->offer) {
        if (!table_need(c->tx, &record_offer, in->offer, "offer", &o, e))
            return false;
        if (strcmp(o.visit, v->id) != 0)
            return err_set(e, ERR_INPUT, "offer", "this time was offered for another visit");
        /* the end is worked out anew: an order may have changed the visit's length since the offer */
        *out = (struct schedule_offer){
            o.start, o.start + (v->setup_min + v->drug_min + v->observe_min) * UTC_MINUTE, o.chair, o.nurse, o.says};
    } else {
        if (in->start == UTC_NONE || !in->chair || !in->nurse)
            return err_set(e, ERR_INPUT, "start", "name an offer, or start, chair and nurse");
        *out = (struct schedule_offer){in->start,
            in->start + (v->setup_min + v->drug_min + v->observe_min) * UTC_MINUTE, in->chair, in->nurse, NULL};
    }
    if (out->start < c->now - UTC_MINUTE)
        return err_set(e, ERR_CONFLICT, "start", "that time has passed");
    return true;
}

/* Chair and nurse; a chair or a shift that is not there is an error, a busy one is refused. */
MUST_CHECK static bool judge_room(struct cmd *c, const struct visit *v, const struct schedule_offer *t, struct err *e)
{
    struct board b;
    struct chair chair;
    const char *why,
        *facts = arena_printf(
            c->a, "{\"chair\":\"%s\",\"nurse\":\"%s\",\"start\":%lld}", t->chair, t->nurse, (long long)t->start);
    if (!table_need(c->tx, &record_chair, t->chair, "chair", &chair, e)
        || !board_read(c->tx, c->now, t->start, t->end, v->id, &b, e))
        return false;
    if (chair.active != 1)
        return err_set(e, ERR_CONFLICT, "chair", "chair %s is out of use", chair.id);
    b.p.setup_min = (int)v->setup_min;
    switch (schedule_fits(c->a, &b.p, t, c->zone, &why)) {
    case SCHEDULE_SHIFT:
        return err_set(e, ERR_CONFLICT, "nurse", "%s", why);
    case SCHEDULE_CHAIR:
        cmd_refuse(c, "chair_taken", v->patient, facts, "%s", why);
        break;
    case SCHEDULE_SETUP:
    case SCHEDULE_FULL:
        cmd_refuse(c, "nurse_full", v->patient, facts, "%s", why);
        break;
    case SCHEDULE_FREE:
        break;
    }
    for (int i = 0; i < b.visit_count; i++) {
        utc_t until = busy_until(&b.visits[i], c->now);
        if (strcmp(b.visits[i].patient, v->patient) == 0 && b.visits[i].start < t->end && until > t->start)
            return err_set(e, ERR_CONFLICT, "start", "the patient has another visit then");
    }
    return true;
}

MUST_CHECK static bool judge_day(
    struct cmd *c, const struct visit *v, const struct plan *p, const struct schedule_offer *t, struct err *e)
{
    struct gaps g;
    const char *day = care_day(c->a, c->zone, t->start);
    utc_t opens = care_local(c->zone, day, (int)c->site.opens), closes = care_local(c->zone, day, (int)c->site.closes);
    if (!gaps_of(c, p, v, &g, e))
        return false;
    if (strcmp(p->state, "draft") == 0)
        cmd_refuse(c, "not_signed", v->patient, care_fact(c->a, "plan", p->state),
            "the plan is a draft: the prescriber signs it first");
    if (strcmp(day, v->earliest) < 0 || strcmp(day, v->latest) > 0)
        cmd_refuse(c, "window", v->patient,
            arena_printf(c->a, "{\"day\":\"%s\",\"earliest\":\"%s\",\"latest\":\"%s\"}", day, v->earliest, v->latest),
            "%s is outside the window of %s to %s", care_show_date(c->a, day), care_show_date(c->a, v->earliest),
            care_show_date(c->a, v->latest));
    if (!gap_kept(&g, day))
        cmd_refuse(c, "gap", v->patient, care_fact(c->a, "day", day), "%s is too near another dose: at least %s",
            care_show_date(c->a, day), g.says);
    if (!open_on(c, day) || t->start < opens || t->end > closes)
        cmd_refuse(
            c, "closed", v->patient, care_fact(c->a, "day", day), "the site is not open for the whole visit then");
    return true;
}

MUST_CHECK static bool book(
    struct cmd *c, const struct visit_book_in *in, const char *states, const struct event_type *ev, struct err *e)
{
    struct visit v;
    struct plan plan;
    struct schedule_offer t;
    if (!care_visit_in(c, in->visit, states, &v, e) || !table_need(c->tx, &record_plan, v.plan, "visit", &plan, e)
        || !wanted_time(c, in, &v, &t, e) || !judge_room(c, &v, &t, e) || !judge_day(c, &v, &plan, &t, e)
        || !cmd_allowed(c, e))
        return false;
    v.state = "booked";
    v.start = t.start;
    v.end = t.end;
    v.chair = t.chair;
    v.nurse = t.nurse;
    v.unfit = NULL;
    c->id = v.id;
    return cmd_emit(c, ev, &v, "state " BOOKING_FIELDS, NULL, e);
}

static bool visit_book(struct cmd *c, const void *input, struct err *e)
{
    return book(c, input, "due", &ev_visit_booked, e);
}

static bool visit_move(struct cmd *c, const void *input, struct err *e)
{
    return book(c, input, "booked", &ev_visit_moved, e);
}

static bool visit_unbook(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    if (!care_need_reason(c, e) || !care_visit_in(c, in->visit, "booked", &v, e))
        return false;
    v.state = "due";
    care_free_booking(&v);
    c->id = v.id;
    return cmd_emit(c, &ev_visit_unbooked, &v, "state " BOOKING_FIELDS, NULL, e);
}

/* Why the longer visit does not fit where it stands; NULL: it does. */
MUST_CHECK static bool why_unfit(struct cmd *c, const struct visit *v, utc_t end, const char **why, struct err *e)
{
    const struct schedule_offer t = {v->start, end, v->chair, v->nurse, NULL};
    const char *day = care_day(c->a, c->zone, v->start);
    struct board b;
    char at[UTC_TEXT_MAX];
    if (!board_read(c->tx, c->now, t.start, t.end, v->id, &b, e))
        return false;
    b.p.setup_min = (int)v->setup_min;
    if (schedule_fits(c->a, &b.p, &t, c->zone, why) == SCHEDULE_FREE)
        *why = NULL;
    if (!*why && end > care_local(c->zone, day, (int)c->site.closes))
        *why = arena_printf(c->a, "the site closes at %s",
            utc_show_clock(care_local(c->zone, day, (int)c->site.closes), c->zone, at));
    for (int i = 0; i < b.visit_count && !*why; i++)
        if (strcmp(b.visits[i].patient, v->patient) == 0 && b.visits[i].start < end && b.visits[i].end > v->start)
            *why = "the patient has another visit then";
    return true;
}

/* A booking that may be shortened is; one that must be longer and cannot keeps its end and says so. */
bool care_refit(struct cmd *c, struct visit *v, struct err *e)
{
    if (v->start == UTC_NONE || !v->chair || !v->nurse)
        return cmd_emit(c, &ev_visit_replanned, v, "drug_min", NULL, e);
    utc_t end = v->start + (v->setup_min + v->drug_min + v->observe_min) * UTC_MINUTE;
    const char *why = NULL;
    if (end > v->end && !why_unfit(c, v, end, &why, e))
        return false;
    v->unfit = why ? arena_printf(c->a, "%d minutes longer than its booking: %.300s", (int)((end - v->end) / UTC_MINUTE), why)
                   : NULL;
    if (!why)
        v->end = end;
    return cmd_emit(c, &ev_visit_replanned, v, "drug_min end unfit", NULL, e);
}

const struct command book_commands[] = {
    {"visit.offer", ROLE_SCHEDULER | ROLE_NURSE, &record_visit_offer_in, visit_offer,
        "times for a visit, each with its reason"},
    {"visit.book", ROLE_SCHEDULER | ROLE_NURSE, &record_visit_book_in, visit_book, "book day, chair and nurse"},
    {"visit.move", ROLE_SCHEDULER | ROLE_NURSE, &record_visit_book_in, visit_move, "move a booking"},
    {"visit.unbook", ROLE_SCHEDULER | ROLE_NURSE, &record_visit_id_in, visit_unbook, "cancel a booking: due again"},
};
const int book_command_count = TABLE_COUNT(book_commands);

/* ---- views ---------------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool block_of(struct view *v, const struct visit *x, struct day_block *out, struct err *e)
{
    struct patient p;
    struct plan plan;
    if (!table_need(v->tx, &record_patient, x->patient, "patient", &p, e)
        || !table_need(v->tx, &record_plan, x->plan, "plan", &plan, e))
        return false;
    record_blank(&record_day_block, out);
    out->visit = x->id;
    out->patient = x->patient;
    out->name = care_name(v->a, &p);
    out->title = plan.title;
    out->chair = x->chair;
    out->nurse = x->nurse;
    out->start = x->start;
    out->end = x->left_at != UTC_NONE ? x->left_at : x->end;
    out->setup_min = x->setup_min;
    out->drug_min = x->drug_min;
    out->observe_min = x->observe_min;
    out->state = x->state;
    out->unfit = x->unfit;
    return true;
}

static bool schedule_show(struct view *v, const void *params, struct err *e)
{
    const struct by_day *in = params;
    const char *day = in->day ? in->day : care_day(v->a, v->zone, v->now);
    utc_t from = care_local(v->zone, day, 0), to = care_local(v->zone, care_add_days(v->a, day, 1), 0);
    struct board b;
    if (!board_read(v->tx, v->now, from, to, NULL, &b, e))
        return false;
    struct day_block *blocks = ARENA_ARRAY(v->a, b.visit_count ? (size_t)b.visit_count : 1, struct day_block);
    for (int i = 0; i < b.visit_count; i++)
        if (!block_of(v, &b.visits[i], &blocks[i], e))
            return false;
    struct nurse_row *nurses = ARENA_ARRAY(v->a, b.shift_count ? (size_t)b.shift_count : 1, struct nurse_row);
    for (int i = 0; i < b.shift_count; i++)
        nurses[i] = (struct nurse_row){b.p.nurses[i].id, b.p.nurses[i].name, b.p.nurses[i].start, b.p.nurses[i].end,
            b.p.nurses[i].patients, b.p.nurses[i].pod};
    view_many(v, "chairs", &record_chair, b.chairs, b.chair_count);
    view_many(v, "nurses", &record_nurse_row, nurses, b.shift_count);
    view_many(v, "blocks", &record_day_block, blocks, b.visit_count);
    return true;
}

static bool due_show(struct view *v, const void *params, struct err *e)
{
    struct visit *list;
    int n;
    (void)params;
    const char *today = care_day(v->a, v->zone, v->now);
    if (!table_list(v->tx, &record_visit,
            "(state IN ('due','held') AND earliest<=?2 OR state='booked' AND unfit IS NOT NULL) AND plan IN (SELECT id FROM plan WHERE site=?1 AND state IN "
            "('signed','verified')) ORDER BY due, id LIMIT 500",
            VALS(V_TEXT(care_add_days(v->a, today, 60))), &list, &n, e))
        return false;
    struct due_row *rows = ARENA_ARRAY(v->a, n ? (size_t)n : 1, struct due_row);
    for (int i = 0; i < n; i++) {
        struct day_block b;
        if (!block_of(v, &list[i], &b, e))
            return false;
        int left = (int)((care_midnight_utc(list[i].latest) - care_midnight_utc(today)) / UTC_DAY);
        rows[i] = (struct due_row){list[i].id, list[i].patient, b.name, b.title, list[i].number, list[i].due,
            list[i].earliest, list[i].latest, list[i].setup_min + list[i].drug_min + list[i].observe_min, list[i].state,
            list[i].unfit     ? list[i].unfit
                : left < 0    ? "past its window"
                : left == 0 ? "last day"
                            : arena_printf(v->a, "%d days left", left)};
    }
    view_many(v, "visits", &record_due_row, rows, n);
    return true;
}

static const struct view_member schedule_members[] = {
    {"chairs", &record_chair, true}, {"nurses", &record_nurse_row, true}, {"blocks", &record_day_block, true}};
static const struct view_member due_members[] = {{"visits", &record_due_row, true}};

const struct view_type book_views[] = {
    {"schedule", ROLE_STAFF, &record_by_day, schedule_members, TABLE_COUNT(schedule_members), schedule_show,
        "the day board"},
    {"due", ROLE_STAFF, &record_nothing, due_members, TABLE_COUNT(due_members), due_show, "due but not booked, or booked too short"},
};
const int book_view_count = TABLE_COUNT(book_views);
