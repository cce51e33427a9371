/* Delay, hold, skip, and an order cancelled: the later visits move as the regimen says, and the answer tells which. */
#include "care/shift.h"

#include "formulary/content.h"

#include <string.h>

enum {
    INTERVAL_DAYS = 7, /* between doses, where neither plan nor regimen tells */
    NAMED_MAX = 250    /* bytes of a sentence's list of visits; the answer holds them all */
};

void care_free_booking(struct visit *v)
{
    v->start = v->end = UTC_NONE;
    v->chair = v->nurse = v->unfit = NULL;
}

bool care_cancel_orders(struct cmd *c, const char *visit, const char *state, struct err *e)
{
    struct med_order *o;
    int n;
    if (!table_list(c->tx, &record_med_order,
            "visit=?2 AND state IN ('draft','signed','verified','prepared','held') ORDER BY place", VALS(V_TEXT(visit)),
            &o, &n, e))
        return false;
    bool held = strcmp(state, "held") == 0;
    for (int i = 0; i < n; i++) {
        o[i].state = state;
        if (!cmd_emit(c, held ? &ev_order_held : &ev_order_cancelled, &o[i], "state", NULL, e))
            return false;
    }
    return true;
}

/* ---- moving ----------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool move_one(
    struct cmd *c, struct visit *v, int days, struct json *j, const char **names, struct err *e)
{
    const char *from = v->due;
    v->due = care_add_days(c->a, v->due, days);
    v->earliest = care_add_days(c->a, v->earliest, days);
    v->latest = care_add_days(c->a, v->latest, days);
    if (!cmd_emit(c, &ev_visit_delayed, v, "due earliest latest", NULL, e))
        return false;
    const char *day = v->start == UTC_NONE ? NULL : care_day(c->a, c->zone, v->start);
    bool out = strcmp(v->state, "booked") == 0 && (strcmp(day, v->earliest) < 0 || strcmp(day, v->latest) > 0);
    json_object(j, NULL);
    json_str(j, "visit", v->id);
    json_int(j, "number", v->number);
    json_str(j, "from", from);
    json_str(j, "to", v->due);
    json_bool(j, "unbooked", out);
    json_end(j, '}');
    if (strlen(*names) < NAMED_MAX)
        *names = arena_printf(c->a, "%s%s visit %d to %s%s", *names, **names ? "," : ":", (int)v->number,
            care_show_date(c->a, v->due), out ? " (its booking is undone)" : "");
    if (!out)
        return true;
    v->state = "due";
    care_free_booking(v);
    return cmd_emit(c, &ev_visit_unbooked, v, "state " BOOKING_FIELDS, NULL, e);
}

static void answer(struct cmd *c, const char *says, const struct buf *moved)
{
    struct buf b;
    struct json j;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "says", says);
    json_raw(&j, "moved", moved ? buf_str(moved) : "[]");
    json_end(&j, '}');
    c->result = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
}

bool care_shift_visits(struct cmd *c, const struct visit *from, int days, const char *says, struct err *e)
{
    struct visit *v;
    struct buf b;
    struct json j;
    int n;
    if (!table_list(c->tx, &record_visit, "plan=?2 AND number>=?3 AND state IN ('due','booked','held') ORDER BY number",
                    VALS(V_TEXT(from->plan), V_INT(from->number)), &v, &n, e))
        return false;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_list(&j, NULL);
    bool ok = true;
    const char *names = "";
    for (int i = 0; ok && i < n; i++)
        ok = move_one(c, &v[i], days, &j, &names, e);
    json_end(&j, ']');
    if (!says)
        says = arena_printf(c->a, "%d visit%s moved by %d day%s", n, n == 1 ? "" : "s", days, days == 1 ? "" : "s");
    ok = ok && buf_ok(&b, "moved", e);
    if (ok)
        answer(c, arena_printf(c->a, "%s%s", says, names), &b);
    buf_fini(&b);
    return ok;
}

/* Nothing of the plan is left to come: it is completed, unless it was stopped. */
bool care_plan_over(struct cmd *c, const char *plan, struct err *e)
{
    struct visit *open;
    struct plan p;
    int n;
    if (!table_list(c->tx, &record_visit, "plan=?2 AND state NOT IN ('done','skipped','cancelled','not treated')",
            VALS(V_TEXT(plan)), &open, &n, e)
        || !table_need(c->tx, &record_plan, plan, "plan", &p, e))
        return false;
    if (n || strcmp(p.state, "verified") != 0)
        return true;
    p.state = "completed";
    return cmd_emit(c, &ev_plan_completed, &p, "state", NULL, e);
}

/* ---- skip -------------------------------------------------------------------------------------------------------------- */

/* Days to the next visit of the plan; of the last, from the one before it. */
MUST_CHECK static bool interval_of(struct cmd *c, const struct visit *v, const struct regimen *r, int *days, struct err *e)
{
    struct visit *near;
    int n;
    *days = r && r->cycle_days != INT_NONE ? (int)r->cycle_days : INTERVAL_DAYS;
    if (!table_list(c->tx, &record_visit, "plan=?2 AND (number=?3 OR number=?4) ORDER BY number DESC LIMIT 1",
            VALS(V_TEXT(v->plan), V_INT(v->number + 1), V_INT(v->number - 1)), &near, &n, e))
        return false;
    if (!n)
        return true;
    int64_t gap = (care_midnight_utc(near[0].due) - care_midnight_utc(v->due)) / UTC_DAY;
    gap = gap < 0 ? -gap : gap;
    if (gap > 0)
        *days = (int)gap;
    return true;
}

bool care_skip_visit(
    struct cmd *c, struct visit *v, const char *gone, const struct event_type *event, const char *more, struct err *e)
{
    struct plan p;
    int days;
    if (!table_need(c->tx, &record_plan, v->plan, "visit", &p, e))
        return false;
    const struct regimen *r = content_regimen(c->content, p.regimen);
    bool moves = r && r->skip && strcmp(r->skip, "move") == 0;
    const char *fields = arena_printf(c->a, "state " BOOKING_FIELDS " reason%s%s", more[0] ? " " : "", more);
    v->state = moves ? "due" : gone;
    care_free_booking(v);
    if (!cmd_emit(c, event, v, fields, NULL, e))
        return false;
    if (moves)
        return interval_of(c, v, r, &days, e)
            && care_shift_visits(c, v, days,
                arena_printf(c->a, "every dose of this regimen counts: it moves by %d days, with those after it", days), e);
    answer(c, "the dose is left out for good; the later visits keep their days", NULL);
    return care_cancel_orders(c, v->id, "cancelled", e) && care_plan_over(c, v->plan, e);
}

bool visit_skip(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    if (!care_need_reason(c, e) || !care_visit_in(c, in->visit, "due|booked|held", &v, e))
        return false;
    v.reason = c->reason;
    c->id = v.id;
    return care_kill_bags(c, "visit", v.id, "the visit was skipped", e)
        && care_skip_visit(c, &v, "skipped", &ev_visit_skipped, "", e);
}

/* ---- delay, hold ---------------------------------------------------------------------------------------------------------- */

bool visit_delay(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_delay_in *in = input;
    struct visit v;
    if (in->days < 1 || in->days > 365)
        return err_set(e, ERR_INPUT, "days", "1 to 365 days, not %lld", (long long)in->days);
    if (!care_need_reason(c, e) || !care_visit_in(c, in->visit, "due|booked|held", &v, e))
        return false;
    c->id = v.id;
    return care_shift_visits(c, &v, (int)in->days, NULL, e);
}

bool visit_hold(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    if (!care_need_reason(c, e) || !care_visit_in(c, in->visit, "due|booked", &v, e))
        return false;
    v.state = "held";
    c->id = v.id;
    care_free_booking(&v);
    v.reason = c->reason;
    answer(c, "held; it moves with the later visits by the days it is late when it is released", NULL);
    return cmd_emit(c, &ev_visit_held, &v, "state " BOOKING_FIELDS " reason", NULL, e);
}

/* Due again; what the hold took beyond the due day shifts it and the later ones. */
bool visit_resume(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    if (!care_visit_in(c, in->visit, "held", &v, e))
        return false;
    int late = (int)((care_midnight_utc(care_day(c->a, c->zone, c->now)) - care_midnight_utc(v.due)) / UTC_DAY);
    v.state = "due";
    v.reason = NULL;
    c->id = v.id;
    answer(c, "due again, on its day", NULL);
    return cmd_emit(c, &ev_visit_resumed, &v, "state reason", NULL, e)
        && (late <= 0 || care_shift_visits(c, &v, late, NULL, e));
}

/* ---- one order less --------------------------------------------------------------------------------------------------------- */

/* The visit without this order: shorter; skipped if nothing is left of it and the patient is not here; watched if the rest
 * is in. */
MUST_CHECK static bool visit_without(struct cmd *c, struct visit *v, const struct med_order *o, struct err *e)
{
    struct med_order *left;
    int n;
    if (!table_list(c->tx, &record_med_order, "visit=?2 AND state<>'cancelled'", VALS(V_TEXT(v->id)), &left, &n, e))
        return false;
    v->drug_min = v->drug_min > o->minutes ? v->drug_min - o->minutes : 0;
    bool here = strcmp(v->state, "due") != 0 && strcmp(v->state, "booked") != 0 && strcmp(v->state, "held") != 0;
    if (n || here)
        return care_refit(c, v, e) && (!here || care_visit_watches(c, v->id, e));
    v->state = "skipped";
    v->reason = c->reason;
    care_free_booking(v);
    return cmd_emit(c, &ev_visit_skipped, v, "state " BOOKING_FIELDS " reason drug_min", NULL, e)
        && care_plan_over(c, v->plan, e);
}

bool order_cancel(struct cmd *c, const void *input, struct err *e)
{
    const struct order_id_in *in = input;
    struct med_order o;
    struct plan p;
    struct visit v;
    if (!care_need_reason(c, e) || !table_need(c->tx, &record_med_order, in->order, "order", &o, e)
        || !table_need(c->tx, &record_plan, o.plan, "order", &p, e)
        || !table_need(c->tx, &record_visit, o.visit, "order", &v, e))
        return false;
    if (strcmp(o.state, "running") == 0 || strcmp(o.state, "given") == 0 || strcmp(o.state, "part given") == 0
        || strcmp(o.state, "cancelled") == 0)
        return err_set(e, ERR_CONFLICT, "order", "the order is %s and cannot be cancelled", o.state);
    o.state = "cancelled";
    p.version++;
    c->id = o.id;
    return cmd_emit(c, &ev_order_cancelled, &o, "state", NULL, e) && cmd_emit(c, &ev_plan_changed, &p, "version", NULL, e)
        && care_kill_bags(c, "med_order", o.id, arena_printf(c->a, "the order was cancelled: %s", c->reason), e)
        && visit_without(c, &v, &o, e);
}
