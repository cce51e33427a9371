/* The day of a visit: arrival, screens, vital signs, vein access, OK to treat, not treated, discharge. */
#include "care/care.h"
#include "care/correct.h"
#include "care/gate.h"
#include "care/shift.h"

#include <string.h>

static bool visit_arrive(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    if (!care_visit_in(c, in->visit, "booked", &v, e))
        return false;
    if (strcmp(care_day(c->a, c->zone, v.start), care_day(c->a, c->zone, c->now)) != 0)
        return err_set(e, ERR_CONFLICT, "visit", "the visit is booked for %s, not for today",
            care_show_date(c->a, care_day(c->a, c->zone, v.start)));
    v.state = "arrived";
    v.arrived_at = c->happened;
    c->id = v.id;
    return cmd_emit(c, &ev_visit_arrived, &v, "state arrived_at", NULL, e);
}

static bool visit_seat(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_seat_in *in = input;
    struct visit v;
    struct visit *others;
    int n;
    if (!care_visit_in(c, in->visit, "booked|arrived|ok|treating|observing", &v, e))
        return false;
    if (in->chair) {
        struct chair ch;
        if (!table_need(c->tx, &record_chair, in->chair, "chair", &ch, e)
            || !table_list(c->tx, &record_visit,
                "chair=?2 AND id<>?3 AND state IN ('arrived','ok','treating','observing')",
                VALS(V_TEXT(in->chair), V_TEXT(v.id)), &others, &n, e))
            return false;
        if (n)
            return err_set(e, ERR_CONFLICT, "chair", "chair %s is taken by another patient", in->chair);
        if (ch.active != 1)
            return err_set(e, ERR_CONFLICT, "chair", "chair %s is out of use", in->chair);
        /* who is not here yet keeps to the board; who is here may be seated anywhere that is free now */
        if (strcmp(v.state, "booked") == 0
            && !table_list(c->tx, &record_visit, "chair=?2 AND id<>?3 AND state='booked' AND start<?4 AND \"end\">?5",
                           VALS(V_TEXT(in->chair), V_TEXT(v.id), V_INT(v.end), V_INT(v.start)), &others, &n, e))
            return false;
        if (n)
            return err_set(e, ERR_CONFLICT, "chair", "chair %s is booked for another patient then", in->chair);
        v.chair = in->chair;
    }
    if (in->nurse) {
        struct staff s;
        if (!table_need(c->tx, &record_staff, in->nurse, "nurse", &s, e))
            return false;
        if (!(roles_read(s.roles) & ROLE_NURSE))
            return err_set(e, ERR_INPUT, "nurse", "%s is not a nurse", s.name);
        v.nurse = in->nurse;
    }
    c->id = v.id;
    return cmd_emit(c, &ev_visit_seated, &v, "chair nurse", NULL, e);
}

/* The answer to "any allergies?": one more, or none known; what is on record is not taken back here. */
static bool allergy_record(struct cmd *c, const void *input, struct err *e)
{
    const struct allergy_record_in *in = input;
    struct patient p;
    if (!table_need(c->tx, &record_patient, in->patient, "patient", &p, e))
        return false;
    if (in->substance && !in->substance[0])
        return err_set(e, ERR_INPUT, "substance", "name the substance, or leave it out if there is none");
    if (!in->substance && strcmp(p.allergies, "recorded") == 0)
        return err_set(
            e, ERR_CONFLICT, "substance", "an allergy is on record already: \"none known\" cannot stand beside it");
    BLANK(allergy, a);
    a.id = cmd_new_id(c, "allergy");
    a.patient = p.id;
    a.substance = in->substance ? in->substance : "none known";
    a.reaction = in->reaction;
    a.status = "active";
    p.allergies = in->substance ? "recorded" : "none known";
    return cmd_emit(c, &ev_allergy_recorded, &a, NULL, NULL, e)
        && cmd_emit(c, &ev_patient_changed, &p, "allergies", NULL, e);
}

/* ---- screens -------------------------------------------------------------------------------------------------------- */

/* Does this answer need someone? yes/no by equality; a scale at or over its threshold. */
MUST_CHECK static bool answer_read(const struct screen_item *q, const struct node *a, bool *positive, struct err *e)
{
    const char *s = a->kind == NODE_STRING || a->kind == NODE_NUMBER ? a->text : "";
    bool yes_no = strcmp(q->kind, "yes_no") == 0;
    bool ok = yes_no ? strcmp(s, "yes") == 0 || strcmp(s, "no") == 0 : strlen(s) == 1 && s[0] >= '0' && s[0] <= '4';
    if (!ok)
        return err_set(e, ERR_INPUT, q->id, "answer %s", yes_no ? "yes or no" : "0 to 4");
    *positive = yes_no ? strcmp(s, q->asks_if) == 0 : s[0] >= q->asks_if[0];
    return true;
}

bool care_screen_answers(
    struct cmd *c, const struct screen_form *f, const char *told, const char **positive, struct err *e)
{
    if (!f)
        return err_set(e, ERR_NOT_FOUND, "", "this screen is not in the content");
    struct node *answers = json_read(c->a, told, strlen(told), FIELD_LONG_MAX, e);
    if (!answers || answers->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "", "answers are an object {question: answer}");
    struct buf b;
    struct json j;
    buf_init(&b, 8192);
    json_init(&j, &b);
    json_list(&j, NULL);
    bool ok = true;
    for (int i = 0; ok && i < f->items_count; i++) {
        const struct node *a = node_get(answers, f->items[i].id);
        bool needs = false;
        ok = a ? answer_read(&f->items[i], a, &needs, e)
               : err_set(e, ERR_INPUT, f->items[i].id, "not answered: %s", f->items[i].text);
        if (ok && needs)
            json_str(&j, NULL, f->items[i].id);
    }
    json_end(&j, ']');
    *positive = arena_strdup(c->a, buf_str(&b));
    buf_fini(&b);
    if (!ok)
        return false;
    node_each(a, answers) {
        bool known = false;
        for (int i = 0; i < f->items_count; i++)
            known |= strcmp(f->items[i].id, a->key) == 0;
        if (!known)
            return err_set(e, ERR_INPUT, "", "\"%.60s\" is not a question of this screen", a->key);
    }
    return true;
}

static bool screen_record(struct cmd *c, const void *input, struct err *e)
{
    const struct screen_record_in *in = input;
    const struct screen_form *f = content_screen(c->content, in->kind);
    const char *positive;
    struct visit v;
    if (!care_visit_in(c, in->visit, "arrived|ok", &v, e))
        return false;
    if (!f)
        return err_set(e, ERR_NOT_FOUND, "kind", "there is no screen \"%.60s\"", in->kind);
    if (!care_screen_answers(c, f, in->answers, &positive, e)) {
        err_within(e, "answers");
        return false;
    }
    BLANK(screen, s);
    s.id = cmd_new_id(c, "screen");
    s.visit = v.id;
    s.patient = v.patient;
    s.kind = f->id;
    s.answers = in->answers;
    s.positive = positive;
    s.at = c->happened;
    s.taker = c->by.id;
    return cmd_emit(c, &ev_screen_recorded, &s, NULL, NULL, e);
}

/* ---- vital signs ------------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool in_range(const char *name, int64_t value, int low, int high, struct err *e)
{
    if (value == INT_NONE || (value >= low && value <= high))
        return true;
    return err_set(e, ERR_INPUT, name, "%lld is not possible; %d to %d is taken", (long long)value, low, high);
}

bool care_vitals_plausible(const struct vital_signs *in, struct err *e)
{
    if (!in_range("hr", in->hr, 20, 250, e) || !in_range("rr", in->rr, 4, 70, e)
        || !in_range("sbp", in->sbp, 40, 280, e) || !in_range("dbp", in->dbp, 20, 180, e)
        || !in_range("spo2", in->spo2, 50, 100, e))
        return false;
    if (dec_is(in->temp) && (dec_lt(in->temp, dec_int(30)) || dec_lt(dec_int(43), in->temp)))
        return err_set(e, ERR_INPUT, "temp", "30 to 43 Cel is taken; is it in Fahrenheit?");
    if (in->sbp != INT_NONE && in->dbp != INT_NONE && in->dbp >= in->sbp)
        return err_set(
            e, ERR_INPUT, "dbp", "diastolic %lld is not below systolic %lld", (long long)in->dbp, (long long)in->sbp);
    if (in->hr == INT_NONE && in->rr == INT_NONE && in->sbp == INT_NONE && in->spo2 == INT_NONE && !dec_is(in->temp))
        return err_set(e, ERR_INPUT, "", "no value was given");
    return true;
}

static bool vitals_record(struct cmd *c, const void *input, struct err *e)
{
    const struct vitals_record_in *in = input;
    struct visit v;
    BLANK(vital_signs, s);
    if (!care_visit_then(c, in->visit, "arrived|ok|treating|observing", &v, e))
        return false;
    s.id = cmd_new_id(c, "vital_signs");
    s.visit = v.id;
    s.patient = v.patient;
    s.phase = in->phase;
    s.at = c->happened;
    s.temp = dec_is(in->temp) ? dec_round(in->temp, 1, DEC_HALF_AWAY) : in->temp;
    s.hr = in->hr;
    s.rr = in->rr;
    s.sbp = in->sbp;
    s.dbp = in->dbp;
    s.spo2 = in->spo2;
    s.oxygen = in->oxygen;
    s.acvpu = in->acvpu;
    s.taker = c->by.id;
    s.charted = care_charted(c);
    return care_vitals_plausible(&s, e) && care_vitals_derive(c, &s, e) && cmd_emit(c, &ev_vitals_recorded, &s, NULL, NULL, e);
}

static bool weight_record(struct cmd *c, const void *input, struct err *e)
{
    const struct weight_record_in *in = input;
    struct visit v;
    struct qty kg;
    char text[QTY_TEXT_MAX];
    if (!care_visit_in(c, in->visit, "arrived|ok", &v, e))
        return false;
    if (!qty_to(in->weight, unit_find("kg"), &kg, e))
        return err_within(e, "weight"), false;
    if (dec_lt(kg.v, dec_int(20)) || dec_lt(dec_int(400), kg.v))
        return err_set(
            e, ERR_INPUT, "weight", "%s is not possible for an adult; 20 to 400 kg is taken", qty_show(kg, text));
    BLANK(observation, o);
    o.id = cmd_new_id(c, "observation");
    o.patient = v.patient;
    o.name = "weight";
    o.code = "29463-7";
    o.display = "Body weight";
    o.value = kg;
    o.original = arena_strdup(c->a, qty_text(in->weight, text));
    o.taken = c->happened;
    o.source = c->by.id;
    return cmd_emit(c, &ev_observation_recorded, &o, NULL, NULL, e);
}

static bool line_place(struct cmd *c, const void *input, struct err *e)
{
    const struct line_place_in *in = input;
    struct visit v;
    if (!care_visit_in(c, in->visit, "arrived|ok|treating|observing", &v, e))
        return false;
    v.line_at = c->happened;
    v.line = in->line;
    c->id = v.id;
    return cmd_emit(c, &ev_line_placed, &v, "line_at line", NULL, e);
}

/* ---- OK to treat, or not ---------------------------------------------------------------------------------------------- */

static bool visit_ok(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    struct plan plan;
    struct patient p;
    struct observation weight;
    bool found;
    /* signed again when its facts have changed since */
    if (!care_visit_in(c, in->visit, "booked|arrived|ok", &v, e))
        return false;
    if (strcmp(v.state, "booked") == 0) {
        cmd_refuse(c, "not_arrived", v.patient, care_fact(c->a, "visit", v.state), "the patient has not arrived");
        return cmd_allowed(c, e);
    }
    if (!table_need(c->tx, &record_plan, v.plan, "visit", &plan, e)
        || !table_need(c->tx, &record_patient, v.patient, "visit", &p, e)
        || !care_latest(c->tx, p.id, "weight", &weight, &found, e))
        return false;
    struct gate g = {.cmd = c,
        .regimen = content_regimen(c->content, plan.regimen),
        .patient = &p,
        .weight = found ? &weight : NULL,
        .visit = &v};
    if (!g.regimen)
        return err_set(e, ERR_NOT_FOUND, "visit", "regimen %.60s is no longer in the content", plan.regimen);
    if (!gate_day(&g, e) || !cmd_allowed(c, e))
        return false;
    v.state = "ok";
    v.ok_at = c->happened;
    v.ok_by = c->by.id;
    c->id = v.id;
    return cmd_emit(c, &ev_visit_ok, &v, "state ok_at ok_by", NULL, e);
}

/* What OK to treat was signed on was told otherwise since, before the first drop. */
MUST_CHECK static bool corrected_since(struct cmd *c, const struct visit *v, const char **why, struct err *e)
{
    struct correction *x;
    int n;
    if (strcmp(v->state, "ok") != 0)
        return true;
    if (!table_list(c->tx, &record_correction,
            "visit=?2 AND at>?3 AND (record IN ('screen','observation') OR about IN (SELECT id FROM vital_signs WHERE "
            "site=?1 AND visit=?2)) ORDER BY at DESC, id DESC LIMIT 1",
            VALS(V_TEXT(v->id), V_INT(v->ok_at)), &x, &n, e))
        return false;
    if (n)
        *why = arena_printf(c->a, "%s was corrected since OK to treat was signed: sign again",
            strcmp(x[0].record, "screen") == 0        ? "a screen"
                : strcmp(x[0].record, "observation") == 0 ? "a measurement"
                                                          : "a set of vital signs");
    return true;
}

/* An OK is void once its facts have changed: consent withdrawn, or an answer since then that needs someone. */
bool care_ok_holds(struct cmd *c, const struct visit *v, const char **why, struct err *e)
{
    struct consent *k;
    struct screen *s;
    int n, m;
    *why = NULL;
    if (v->ok_at == UTC_NONE) {
        *why = "OK to treat has not been signed today";
        return true;
    }
    if (!table_list(
            c->tx, &record_consent, "plan=?2 ORDER BY at DESC, id DESC LIMIT 1", VALS(V_TEXT(v->plan)), &k, &n, e)
        || !table_list(c->tx, &record_screen, "visit=?2 AND at>?3 ORDER BY at, id",
            VALS(V_TEXT(v->id), V_INT(v->ok_at)), &s, &m, e))
        return false;
    if (!n || strcmp(k[0].state, "given") != 0)
        *why = "consent was taken back since OK to treat was signed";
    if (!corrected_since(c, v, why, e))
        return false;
    for (int i = 0; i < m; i++) {
        const struct screen_form *f = content_screen(c->content, s[i].kind);
        struct node *positive = json_read(c->a, s[i].positive, strlen(s[i].positive), FIELD_LONG_MAX, e);
        if (!positive)
            return false;
        node_each(p, positive)
            for (int q = 0; f && q < f->items_count; q++)
                if (node_str(p) && strcmp(f->items[q].id, p->text) == 0 && strcmp(f->items[q].severity, "note") != 0)
                    *why = arena_printf(c->a, "%s, said since OK to treat was signed: sign again", f->items[q].words);
    }
    return true;
}

/* Chair, drug and later days are freed at once: bags not hung are stopped, the dose delayed, held or skipped. */
static bool visit_not_treated(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_not_treated_in *in = input;
    struct visit v;
    struct infusion *hanging;
    int m;
    int64_t days = in->days == INT_NONE ? 7 : in->days;
    if (days < 1 || days > 90)
        return err_set(e, ERR_INPUT, "days", "1 to 90 days");
    if (!care_visit_in(c, in->visit, "booked|arrived|ok", &v, e)
        || !table_list(c->tx, &record_infusion, "visit=?2 AND state NOT IN ('ended','reconciled') ORDER BY id",
            VALS(V_TEXT(v.id)), &hanging, &m, e))
        return false;
    if (m)
        return err_set(e, ERR_CONFLICT, "visit", "%s hangs on pump %s: take it down first", hanging[0].drug_name,
            hanging[0].pump ? hanging[0].pump : "-");
    bool skip = strcmp(in->then, "skip") == 0, hold = strcmp(in->then, "hold") == 0;
    v.reason = c->reason ? arena_printf(c->a, "%s: %s", in->why, c->reason) : in->why;
    v.arrived_at = v.ok_at = UTC_NONE;
    v.ok_by = NULL;
    c->id = v.id;
    if (!care_kill_bags(c, "visit", v.id, "not treated today", e))
        return false;
    if (skip)
        return care_skip_visit(c, &v, "not treated", &ev_visit_not_treated, "arrived_at ok_at ok_by", e);
    v.state = hold ? "held" : "due";
    care_free_booking(&v);
    return cmd_emit(c, &ev_visit_not_treated, &v, "state reason " BOOKING_FIELDS " arrived_at ok_at ok_by", NULL, e)
        && (hold || care_shift_visits(c, &v, (int)days, NULL, e));
}

static bool visit_discharge(struct cmd *c, const void *input, struct err *e)
{
    const struct visit_id_in *in = input;
    struct visit v;
    if (!care_visit_in(c, in->visit, "treating|observing", &v, e) || !care_discharge_gate(c, &v, e)
        || !cmd_allowed(c, e))
        return false;
    v.state = "done";
    v.left_at = c->happened;
    c->id = v.id;
    return cmd_emit(c, &ev_visit_discharged, &v, "state left_at", NULL, e)
        && care_cancel_orders(c, v.id, "cancelled", e) && care_plan_over(c, v.plan, e);
}

const struct command visit_commands[] = {
    {"visit.arrive", ROLE_NURSE | ROLE_SCHEDULER, &record_visit_id_in, visit_arrive, "the patient is here"},
    {"visit.seat", ROLE_NURSE | ROLE_SCHEDULER, &record_visit_seat_in, visit_seat, "another chair or nurse"},
    {"allergy.record", ROLE_NURSE | ROLE_PRESCRIBER | ROLE_PHARMACIST, &record_allergy_record_in, allergy_record,
        "an allergy, or that there is none"},
    {"screen.record", ROLE_NURSE | ROLE_PRESCRIBER, &record_screen_record_in, screen_record, "answers to a screen"},
    {"vitals.record", ROLE_NURSE | ROLE_PRESCRIBER, &record_vitals_record_in, vitals_record, "one set of vital signs"},
    {"weight.record", ROLE_NURSE, &record_weight_record_in, weight_record, "weigh the patient"},
    {"line.place", ROLE_NURSE, &record_line_place_in, line_place, "vein access is in place"},
    {"visit.ok", ROLE_NURSE | ROLE_PRESCRIBER, &record_visit_id_in, visit_ok, "sign OK to treat; mixing is released"},
    {"visit.not_treated", ROLE_NURSE | ROLE_PRESCRIBER, &record_visit_not_treated_in, visit_not_treated,
        "not treated today"},
    {"visit.discharge", ROLE_NURSE, &record_visit_id_in, visit_discharge, "the patient leaves"},
};
const int visit_command_count = TABLE_COUNT(visit_commands);
NO_VIEWS(visit);
