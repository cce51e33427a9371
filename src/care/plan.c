/* Plans: drafted with every dose proven, signed by a prescriber, verified by a pharmacist, then kept or shifted. */
#include "care/care.h"
#include "care/dose.h"
#include "care/gate.h"
#include "care/query.h"
#include "care/shift.h"
#include "formulary/content.h"

#include <string.h>

enum { FIRST_DAY_MAX = 366 };

/* ---- drafting ------------------------------------------------------------------------------------------------- */

struct draft {
    const struct plan_make_in *in;
    const struct regimen *regimen;
    const struct regimen_indication *indication;
    struct patient patient;
    struct observation weight, height;
    bool has_weight, has_height;
};

MUST_CHECK static bool draft_read(struct cmd *c, struct draft *d, struct err *e)
{
    d->regimen = content_regimen(c->content, d->in->regimen);
    if (!d->regimen)
        return err_set(e, ERR_NOT_FOUND, "regimen", "there is no regimen \"%.60s\" in the content", d->in->regimen);
    for (int i = 0; i < d->regimen->indications_count; i++)
        if (strcmp(d->regimen->indications[i].code, d->in->indication) == 0)
            d->indication = &d->regimen->indications[i];
    if (!d->indication)
        return err_set(e, ERR_INPUT, "indication", "%s is not offered for %.20s", d->regimen->name, d->in->indication);
    return table_need(c->tx, &record_patient, d->in->patient, "patient", &d->patient, e)
        && care_latest(c->tx, d->patient.id, "weight", &d->weight, &d->has_weight, e)
        && care_latest(c->tx, d->patient.id, "height", &d->height, &d->has_height, e);
}

static struct dose_inputs inputs_of(
    const struct cmd *c, const struct draft *d, const struct regimen_dose *rule, bool first)
{
    return (struct dose_inputs){
        .drug = content_drug(c->content, rule->drug), .regimen = d->regimen, .rule = rule, .site = c->content->site,
        .weight = d->has_weight ? &d->weight : NULL, .height = d->has_height ? &d->height : NULL, .sex = d->patient.sex,
        .age = utc_age_years(d->patient.born, c->now, c->zone), .content_hash = c->content_hash, .first = first, .now = c->now};
}

MUST_CHECK static bool emit_order(struct cmd *c, const struct draft *d, const struct visit *v,
    const struct regimen_dose *rule, const struct dose *x, struct err *e)
{
    BLANK(med_order, o);
    const struct drug *drug = content_drug(c->content, rule->drug);
    o.id = cmd_new_id(c, "med_order");
    o.plan = v->plan;
    o.visit = v->id;
    o.patient = d->patient.id;
    o.drug = drug->id;
    o.drug_name = drug->tall_man ? drug->tall_man : drug->generic;
    o.place = rule->step;
    o.role = strcmp(drug->kind, "therapy") == 0 ? "treatment" : "premedication";
    o.method = drug->infusion ? drug->infusion->method : strcmp(rule->route, "PO") == 0 ? "oral" : "injection";
    o.dose = x->dose;
    o.volume = x->volume_ml;
    o.steps = x->steps;
    o.max_rate = x->max_rate;
    o.minutes = x->minutes;
    o.weight = x->weight_kg;
    o.state = "draft";
    o.version = 1;
    o.proof = x->proof;
    return cmd_emit(c, &ev_order_made, &o, NULL, x->proof, e);
}

/* One visit and its orders. Optional doses (premedication left to the prescriber) are not ordered by default. */
MUST_CHECK static bool emit_visit(
    struct cmd *c, const struct draft *d, const struct plan *plan, const struct regimen_visit *rv, struct err *e)
{
    const struct regimen_times *t = d->regimen->times;
    struct dose doses[16];
    const struct regimen_dose *rules[16];
    int n = 0, drug_min = 0, observe = 0;
    for (int i = 0; i < rv->doses_count && n < 16; i++) {
        const struct regimen_dose *rule = regimen_find_dose(d->regimen, rv->doses[i]);
        if (rule->optional)
            continue;
        struct dose_inputs in = inputs_of(c, d, rule, rv->number == 1);
        if (!dose_compute(c->a, &in, &doses[n], e))
            return false;
        drug_min += doses[n].minutes;
        observe = doses[n].observe_min > observe ? doses[n].observe_min : observe;
        rules[n++] = rule;
    }
    BLANK(visit, v);
    v.id = cmd_new_id(c, "visit");
    v.plan = plan->id;
    v.patient = d->patient.id;
    v.number = rv->number;
    v.due = care_add_days(c->a, d->in->first_day, (int)rv->day);
    v.earliest = care_add_days(c->a, v.due, -(int)rv->early_days);
    v.latest = care_add_days(c->a, v.due, (int)rv->late_days);
    v.state = "due";
    v.setup_min = t->check_in + t->assess + t->access + t->hang;
    v.drug_min = drug_min;
    v.observe_min = observe + t->discharge;
    if (!cmd_emit(c, &ev_visit_planned, &v, NULL, NULL, e))
        return false;
    for (int i = 0; i < n; i++)
        if (!emit_order(c, d, &v, rules[i], &doses[i], e))
            return false;
    return true;
}

/* How often the regimen gives this dose within the window of the drug's course limit, from day 1. */
static int times_in_course(const struct regimen *r, const struct drug *d, const char *dose)
{
    const struct drug_limit *l = d ? drug_limit_of(d, "course") : NULL;
    int n = 0;
    for (int i = 0; l && i < r->visits_count; i++)
        for (int k = 0; k < r->visits[i].doses_count; k++)
            n += (l->days == INT_NONE || r->visits[i].day - r->visits[0].day < l->days)
                && strcmp(r->visits[i].doses[k], dose) == 0;
    return n;
}

/* No dose is worked out of a rule the program cannot carry, nor for someone the content is not made for. */
static bool no_dose(const struct cmd *c)
{
    for (int i = 0; i < c->refusal_count; i++)
        if (strcmp(c->refusals[i].rule, "not_supported") == 0 || strcmp(c->refusals[i].rule, "minor") == 0)
            return true;
    return false;
}

static bool plan_make(struct cmd *c, const void *input, struct err *e)
{
    struct draft d = {.in = input};
    if (!draft_read(c, &d, e))
        return false;
    struct gate g = {.cmd = c,
        .regimen = d.regimen,
        .patient = &d.patient,
        .weight = d.has_weight ? &d.weight : NULL,
        .indication = d.indication->code,
        .first_day = d.in->first_day};
    const char *today = care_day(c->a, c->zone, c->now);
    if (strcmp(d.in->first_day, today) < 0 || strcmp(d.in->first_day, care_add_days(c->a, today, FIRST_DAY_MAX)) > 0)
        return err_set(e, ERR_INPUT, "first_day", "%s: day 1 is today or within %d days",
            care_show_date(c->a, d.in->first_day), FIRST_DAY_MAX);
    if (!gate_plan(&g, e))
        return false;
    if (!d.has_weight || no_dose(c))
        return cmd_allowed(c, e); /* no dose can be worked out; the refusal has said so */
    for (int i = 0; i < d.regimen->doses_count; i++) {
        const struct regimen_dose *rule = &d.regimen->doses[i];
        struct dose_inputs in = inputs_of(c, &d, rule, true);
        struct dose x;
        if (rule->optional)
            continue;
        g.times = times_in_course(d.regimen, in.drug, rule->id);
        if (!dose_compute(c->a, &in, &x, e) || !gate_dose(&g, in.drug, rule, &x, e))
            return false;
    }
    if (!cmd_allowed(c, e))
        return false;
    BLANK(plan, p);
    p.id = cmd_new_id(c, "plan");
    p.patient = d.patient.id;
    p.regimen = d.regimen->id;
    p.title = d.regimen->name;
    p.indication = d.indication->code;
    p.indication_text = d.indication->text;
    p.state = "draft";
    p.version = 1;
    p.content = c->content_hash;
    p.prescriber = c->by.id;
    p.first_day = d.in->first_day;
    if (!cmd_emit(c, &ev_plan_made, &p, NULL, NULL, e))
        return false;
    for (int i = 0; i < d.regimen->visits_count; i++)
        if (!emit_visit(c, &d, &p, &d.regimen->visits[i], e))
            return false;
    return true;
}

/* ---- signing and verifying ------------------------------------------------------------------------------------- */

MUST_CHECK static bool plan_in(struct cmd *c, const char *id, const char *state, struct plan *out, struct err *e)
{
    if (!table_need(c->tx, &record_plan, id, "plan", out, e))
        return false;
    if (strcmp(out->state, state) != 0)
        return err_set(e, ERR_CONFLICT, "plan", "the plan is %s; it must be %s for this", out->state, state);
    return true;
}

MUST_CHECK static bool orders_of_plan(struct cmd *c, const char *plan, struct med_order **out, int *n, struct err *e)
{
    return table_list(c->tx, &record_med_order, "plan=?2 ORDER BY id", VALS(V_TEXT(plan)), out, n, e);
}

/* Move every order of the plan that stands in `from` to `to`. */
MUST_CHECK static bool orders_step(
    struct cmd *c, const char *plan, const char *from, const char *to, const struct event_type *ev, struct err *e)
{
    struct med_order *o;
    int n;
    if (!orders_of_plan(c, plan, &o, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        if (strcmp(o[i].state, from) != 0)
            continue;
        o[i].state = to;
        if (!cmd_emit(c, ev, &o[i], "state", NULL, e))
            return false;
    }
    return true;
}

static bool plan_sign(struct cmd *c, const void *input, struct err *e)
{
    const struct plan_id_in *in = input;
    struct plan p;
    if (!plan_in(c, in->plan, "draft", &p, e))
        return false;
    p.state = "signed";
    p.signed_at = c->now;
    p.prescriber = c->by.id;
    c->id = p.id;
    return cmd_emit(c, &ev_plan_signed, &p, "state signed_at prescriber", NULL, e)
        && orders_step(c, p.id, "draft", "signed", &ev_order_signed, e);
}

/* Did this person sign the plan, or change one of its orders that waits for verification? */
MUST_CHECK static bool signed_by(
    struct cmd *c, const struct plan *p, const char *who, bool *yes, int *waiting, struct err *e)
{
    struct med_order *o;
    int n;
    *yes = strcmp(p->prescriber, who) == 0;
    *waiting = 0;
    if (!orders_of_plan(c, p->id, &o, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        struct ledger_event *v;
        int k;
        if (strcmp(o[i].state, "signed") != 0)
            continue;
        (*waiting)++;
        if (!care_query_settled(c, o[i].id, e))
            return false;
        if (o[i].version < 2)
            continue;
        if (!ledger_about(c->tx, o[i].id, &v, &k, e))
            return false;
        for (int x = k - 1; x >= 0; x--)
            if (strcmp(v[x].type, ev_order_changed.name) == 0) {
                *yes |= strcmp(v[x].head.actor, who) == 0;
                break;
            }
    }
    return true;
}

static bool plan_verify(struct cmd *c, const void *input, struct err *e)
{
    const struct plan_id_in *in = input;
    struct plan p;
    bool own;
    int waiting;
    if (!table_need(c->tx, &record_plan, in->plan, "plan", &p, e))
        return false;
    /* a verified plan with a changed (signed) order is verified again */
    if (strcmp(p.state, "signed") != 0 && strcmp(p.state, "verified") != 0)
        return err_set(e, ERR_CONFLICT, "plan", "the plan is %s; it must be signed first", p.state);
    if (!signed_by(c, &p, c->by.id, &own, &waiting, e))
        return false;
    if (!waiting)
        return err_set(e, ERR_CONFLICT, "plan", "no order of the plan waits for verification");
    if (own)
        cmd_refuse(c, "self_verify", p.patient,
            arena_printf(c->a, "{\"plan\":\"%s\",\"signer\":\"%s\"}", p.id, c->by.id),
            "the one who signed cannot verify: it takes a second person");
    if (!cmd_allowed(c, e))
        return false;
    p.state = "verified";
    p.verified_by = c->by.id;
    p.verified_at = c->now;
    c->id = p.id;
    return cmd_emit(c, &ev_plan_verified, &p, "state verified_by verified_at", NULL, e)
        && orders_step(c, p.id, "signed", "verified", &ev_order_verified, e);
}

static bool plan_stop(struct cmd *c, const void *input, struct err *e)
{
    const struct plan_id_in *in = input;
    struct plan p;
    struct visit *v;
    int n;
    if (!care_need_reason(c, e) || !table_need(c->tx, &record_plan, in->plan, "plan", &p, e))
        return false;
    if (strcmp(p.state, "stopped") == 0 || strcmp(p.state, "completed") == 0)
        return err_set(e, ERR_CONFLICT, "plan", "the plan is %s already", p.state);
    if (!table_list(c->tx, &record_visit, "plan=?2 AND state IN ('due','booked','held') ORDER BY number",
            VALS(V_TEXT(p.id)), &v, &n, e))
        return false;
    p.state = "stopped";
    c->id = p.id;
    if (!cmd_emit(c, &ev_plan_stopped, &p, "state", NULL, e))
        return false;
    for (int i = 0; i < n; i++) {
        v[i].state = "cancelled";
        care_free_booking(&v[i]);
        v[i].reason = c->reason;
        if (!cmd_emit(c, &ev_visit_skipped, &v[i], "state " BOOKING_FIELDS " reason", NULL, e)
            || !care_cancel_orders(c, v[i].id, "cancelled", e))
            return false;
    }
    return true;
}

/* ---- a changed dose: new version, the old label dies ----------------------------------------------------------------- */

static bool order_change(struct cmd *c, const void *input, struct err *e)
{
    const struct order_change_in *in = input;
    struct med_order o;
    struct plan p;
    struct patient who;
    if (!care_need_reason(c, e) || !table_need(c->tx, &record_med_order, in->order, "order", &o, e)
        || !table_need(c->tx, &record_plan, o.plan, "order", &p, e)
        || !table_need(c->tx, &record_patient, o.patient, "order", &who, e))
        return false;
    if (strcmp(o.state, "running") == 0 || strcmp(o.state, "given") == 0 || strcmp(o.state, "part given") == 0
        || strcmp(o.state, "cancelled") == 0)
        return err_set(e, ERR_CONFLICT, "order", "the order is %s and can no longer change", o.state);
    struct visit v;
    struct dose x;
    const struct drug *drug = content_drug(c->content, o.drug);
    if (!table_need(c->tx, &record_visit, o.visit, "order", &v, e))
        return false;
    struct gate g = {.cmd = c,
        .regimen = content_regimen(c->content, p.regimen),
        .patient = &who,
        .order = o.id,
        .first_day = v.due};
    if (!dose_change(c->a, drug, c->content->site, &o, in->dose, c->reason, &x, e))
        return err_within(e, "dose"), false;
    if (!gate_dose(&g, drug, NULL, &x, e) || !cmd_allowed(c, e))
        return false;
    v.drug_min += x.minutes - o.minutes;
    o.dose = x.dose;
    o.volume = x.volume_ml;
    o.steps = x.steps;
    o.max_rate = x.max_rate;
    o.minutes = x.minutes;
    o.proof = x.proof;
    o.version++;
    o.state = strcmp(p.state, "draft") == 0 ? "draft" : "signed";
    o.note = in->note;
    p.version++;
    c->id = o.id;
    return cmd_emit(c, &ev_order_changed, &o, "dose volume steps max_rate minutes proof version state note", x.proof, e)
        && cmd_emit(c, &ev_plan_changed, &p, "version", NULL, e)
        && care_refit(c, &v, e)
        && care_kill_bags(c, "med_order", o.id, arena_printf(c->a, "the order changed to version %d", (int)o.version), e);
}

const struct command plan_commands[] = {
    {"plan.make", ROLE_PRESCRIBER, &record_plan_make_in, plan_make, "draft a plan: every dose computed and proven"},
    {"plan.sign", ROLE_PRESCRIBER, &record_plan_id_in, plan_sign, "sign the plan and its orders"},
    {"plan.verify", ROLE_PHARMACIST, &record_plan_id_in, plan_verify, "verify the signed orders of the plan"},
    {"plan.stop", ROLE_PRESCRIBER, &record_plan_id_in, plan_stop, "stop the plan: what is left is cancelled"},
    {"visit.delay", ROLE_PRESCRIBER | ROLE_NURSE | ROLE_SCHEDULER, &record_visit_delay_in, visit_delay,
        "delay a visit and those after it"},
    {"visit.hold", ROLE_PRESCRIBER | ROLE_NURSE, &record_visit_id_in, visit_hold, "hold a visit until released"},
    {"visit.resume", ROLE_PRESCRIBER | ROLE_NURSE, &record_visit_id_in, visit_resume,
        "release a held visit: due again"},
    {"visit.skip", ROLE_PRESCRIBER, &record_visit_id_in, visit_skip,
        "skip a visit: left out, or moved by its interval, as the regimen says"},
    {"order.change", ROLE_PRESCRIBER, &record_order_change_in, order_change, "change a dose; older labels die"},
    {"order.cancel", ROLE_PRESCRIBER, &record_order_id_in, order_cancel,
        "cancel one order: its label dies, the visit gets shorter"},
};
const int plan_command_count = TABLE_COUNT(plan_commands);
