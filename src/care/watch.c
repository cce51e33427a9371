/* Watching: what vital signs say, reactions and their restart, and whether a patient may leave. */
#include "care/watch.h"

#include "care/correct.h"
#include "care/dose.h"
#include "clinic/resume.h"
#include "clinic/news2.h"

#include <string.h>

/* ---- vital signs ----------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool score(struct cmd *c, struct vital_signs *s, struct err *e)
{
    struct news2 n;
    if (s->hr == INT_NONE || s->rr == INT_NONE || s->sbp == INT_NONE || s->spo2 == INT_NONE || !dec_is(s->temp)
        || !s->acvpu || s->oxygen == BOOL_NONE)
        return true; /* a score is made only of a complete set */
    struct news2_obs o = {.rr = dec_int(s->rr),
        .spo2 = dec_int(s->spo2),
        .scale = 1,
        .oxygen = s->oxygen == 1,
        .sbp = dec_int(s->sbp),
        .hr = dec_int(s->hr),
        .acvpu = s->acvpu[0],
        .temp = s->temp};
    if (!news2_score(&o, &n, e))
        return false;
    s->news2 = n.total;
    s->news2_parts =
        arena_printf(c->a, "{\"rr\":%d,\"spo2\":%d,\"oxygen\":%d,\"sbp\":%d,\"hr\":%d,\"acvpu\":%d,\"temp\":%d}", n.rr,
            n.spo2, n.oxygen, n.sbp, n.hr, n.acvpu, n.temp);
    return true;
}

static struct dec sign_of(const struct vital_signs *s, const char *sign)
{
    if (strcmp(sign, "temp") == 0)
        return s->temp;
    int64_t v = strcmp(sign, "hr") == 0 ? s->hr
        : strcmp(sign, "sbp") == 0      ? s->sbp
        : strcmp(sign, "dbp") == 0      ? s->dbp
        : strcmp(sign, "spo2") == 0     ? s->spo2
                                        : s->rr;
    return v == INT_NONE ? DEC_NONE : dec_int(v);
}

/* One rule of the drug as a limit: rise and fall against the baseline (a % is of the baseline), above and below by themselves. */
struct dec watch_limit(const struct drug_change *r, const struct vital_signs *base)
{
    struct dec b = base ? sign_of(base, r->sign) : DEC_NONE, by = r->value.v;
    bool rise = strcmp(r->test, "rise") == 0;
    if (!rise && strcmp(r->test, "fall") != 0)
        return by;
    if (!dec_is(b))
        return DEC_NONE;
    if (strcmp(unit_code(r->value.u), "%") == 0)
        by = dec_quot(dec_mul(b, r->value.v), dec_int(100));
    return rise ? dec_add(b, by) : dec_sub(b, by);
}

static bool change_fires(const struct drug_change *r, const struct vital_signs *base, const struct vital_signs *now)
{
    struct dec v = sign_of(now, r->sign), limit = watch_limit(r, base);
    if (!dec_is(v) || !dec_is(limit))
        return false;
    return strcmp(r->test, "rise") == 0 || strcmp(r->test, "above") == 0 ? dec_le(limit, v) : dec_le(v, limit);
}

bool care_vitals_derive(struct cmd *c, struct vital_signs *s, struct err *e)
{
    struct vital_signs *base;
    struct med_order *o;
    int n, k;
    if (!score(c, s, e)
        || !table_list(c->tx, &record_vital_signs, "visit=?2 AND phase='baseline' ORDER BY at LIMIT 1",
            VALS(V_TEXT(s->visit)), &base, &n, e)
        || !table_list(c->tx, &record_med_order, "visit=?2 AND role='treatment' ORDER BY place", VALS(V_TEXT(s->visit)),
            &o, &k, e))
        return false;
    if (strcmp(s->phase, "baseline") == 0)
        return true;
    const char *fired = NULL;
    for (int i = 0; i < k; i++) {
        const struct drug *d = content_drug(c->content, o[i].drug);
        for (int r = 0; d && r < d->changes_count; r++)
            if (change_fires(&d->changes[r], n ? base : NULL, s))
                fired = fired ? arena_printf(c->a, "%s; %s", fired, d->changes[r].words) : d->changes[r].words;
    }
    s->change =
        fired ? arena_strndup(c->a, fired, strlen(fired) < FIELD_TEXT_MAX ? strlen(fired) : FIELD_TEXT_MAX) : NULL;
    return true;
}

/* ---- reactions ------------------------------------------------------------------------------------------------------------ */

/* What was restarted stays; what a prescriber ordered stands as long as the drug's table allows it still. */
bool care_reaction_restart(struct cmd *c, struct reaction *r, struct err *e)
{
    struct infusion i;
    if (!r->infusion || (r->restart && strcmp(r->restart, "restarted") == 0))
        return true;
    if (!table_need(c->tx, &record_infusion, r->infusion, "infusion", &i, e))
        return false;
    const struct drug *d = content_drug(c->content, i.drug);
    const struct drug_restart *rule = d ? drug_restart_for(d, (int)r->grade) : NULL;
    struct resume_row row = {.grade = (int)r->grade, .wait_min = DEC_NONE, .hold_min = DEC_NONE};
    struct resume how = {.allowed = false, .rate = DEC_NONE};
    struct err no_restart = {0}; /* a table that cannot be followed allows none; the reaction is recorded all the same */
    if (rule) {
        row.fraction = rule->fraction;
        row.needs_order = rule->needs_order == 1;
        row.may_raise = rule->may_raise == 1;
        if (resume_action_read(rule->action, &row.action, &no_restart)
            && !resume_by_grade(&row, 1, row.grade, r->rate, DEC(1, 1), &how, &no_restart))
            how.allowed = false;
    }
    struct dec most = how.allowed ? how.rate : DEC_NONE;
    if (how.allowed && r->restart_by && !(dec_is(most) && dec_is(r->restart_rate) && dec_lt(most, r->restart_rate)))
        return true;
    r->restart = !how.allowed ? "never" : how.needs_order ? "allowed" : "ordered";
    r->restart_rate = most;
    return true;
}

/* What flowed when it began. The pump is stopped by hand before anything is written, so that is the last rate of the
 * minutes before; none if the drug had been over for longer. */
#define ONSET_LOOKS_BACK (10 * UTC_MINUTE)
bool care_reaction_rate(struct cmd *c, struct reaction *r, struct err *e)
{
    struct infusion i;
    struct flow f;
    r->rate = DEC_NONE;
    if (!r->infusion)
        return true;
    if (!table_need(c->tx, &record_infusion, r->infusion, "infusion", &i, e) || !care_flow(c->tx, &i, &f, e))
        return false;
    for (int k = f.count - 1; k >= 0 && !dec_is(r->rate); k--) {
        const struct flow_segment *g = &f.segments[k];
        bool lately = g->start <= r->onset && (g->end == UTC_NONE || g->end >= r->onset - ONSET_LOOKS_BACK);
        if (lately && g->kind == FLOW_SEG_RUNNING)
            r->rate = g->rate;
    }
    return true;
}

static bool reaction_record(struct cmd *c, const void *input, struct err *e)
{
    const struct reaction_record_in *in = input;
    struct visit v;
    struct infusion i = {0};
    if (in->grade < 1 || in->grade > 5)
        return err_set(e, ERR_INPUT, "grade", "CTCAE grades run from 1 to 5");
    if (!care_visit_in(c, in->visit, "arrived|ok|treating|observing|done", &v, e)
        || (in->infusion && !table_need(c->tx, &record_infusion, in->infusion, "infusion", &i, e)))
        return false;
    if (in->infusion && strcmp(i.visit, v.id) != 0)
        return err_set(e, ERR_INPUT, "infusion", "that infusion belongs to another visit");
    BLANK(reaction, r);
    r.id = cmd_new_id(c, "reaction");
    r.visit = v.id;
    r.patient = v.patient;
    r.infusion = in->infusion;
    r.onset = c->happened;
    r.grade = in->grade;
    r.symptoms = in->symptoms;
    r.actions = in->actions;
    r.state = "open";
    r.stop_seen = in->stopped_by_hand;
    r.charted = care_charted(c);
    if (!care_reaction_rate(c, &r, e))
        return false;
    if (!care_reaction_restart(c, &r, e) || !cmd_emit(c, &ev_reaction_recorded, &r, NULL, NULL, e))
        return false;
    c->id = r.id;
    /* the person's stop is a fact of its own; the pump's word makes the segment */
    return in->stopped_by_hand != 1 || !in->infusion || care_flow_fact(c, &i, FLOW_STOP, DEC_NONE, DEC_NONE, e);
}

static bool reaction_change(struct cmd *c, const void *input, struct err *e)
{
    const struct reaction_change_in *in = input;
    struct reaction r;
    if (!table_need(c->tx, &record_reaction, in->reaction, "reaction", &r, e))
        return false;
    if (strcmp(r.state, "entered in error") == 0)
        return err_set(e, ERR_CONFLICT, "reaction", "this reaction was struck out");
    if (in->grade != INT_NONE) {
        if (in->grade < 1 || in->grade > 5)
            return err_set(e, ERR_INPUT, "grade", "CTCAE grades run from 1 to 5");
        r.grade = in->grade;
        if (!care_reaction_restart(c, &r, e))
            return false;
    }
    if (in->symptoms && !in->symptoms[0])
        return err_set(e, ERR_INPUT, "symptoms", "name at least one");
    if (in->symptoms)
        r.symptoms = in->symptoms;
    if (in->actions)
        r.actions = r.actions ? arena_printf(c->a, "%s; %s", r.actions, in->actions) : in->actions;
    if (r.actions && strlen(r.actions) > FIELD_TEXT_MAX)
        return err_set(e, ERR_TOO_LARGE, "actions", "the actions are over %d characters together", FIELD_TEXT_MAX);
    r.state = in->state ? in->state : r.state;
    r.next_time = in->next_time ? in->next_time : r.next_time;
    c->id = r.id;
    return cmd_emit(c, &ev_reaction_changed, &r, "grade symptoms actions state next_time restart restart_rate", NULL, e);
}

static bool restart_order(struct cmd *c, const void *input, struct err *e)
{
    const struct restart_order_in *in = input;
    struct reaction r;
    char a[DEC_TEXT_MAX + 8];
    if (!table_need(c->tx, &record_reaction, in->reaction, "reaction", &r, e))
        return false;
    /* the pump's word of what ran may have come only after the reaction was recorded: then its limit holds too */
    if (!dec_is(r.rate) && (!care_reaction_rate(c, &r, e) || (dec_is(r.rate) && !care_reaction_restart(c, &r, e))))
        return false;
    const char *facts = arena_printf(c->a, "{\"reaction\":\"%s\",\"grade\":%d}", r.id, (int)r.grade);
    if (!dec_is(in->rate) || dec_sign(in->rate) <= 0)
        return err_set(e, ERR_INPUT, "rate", "a restart has a rate, more than 0 mL/h");
    if (!r.restart || strcmp(r.restart, "never") == 0)
        cmd_refuse(c, "restart_not_allowed", r.patient, facts,
            "the drug's table does not allow a restart after grade %d", (int)r.grade);
    if (dec_is(r.restart_rate) && dec_lt(r.restart_rate, in->rate))
        cmd_refuse(c, "rate_above_restart", r.patient, facts, "the drug's table allows %s mL/h at most",
            dec_show(r.restart_rate, a));
    if (!cmd_allowed(c, e))
        return false;
    r.restart = "ordered";
    r.restart_rate = in->rate;
    r.restart_by = c->by.id;
    c->id = r.id;
    return cmd_emit(c, &ev_reaction_changed, &r, "rate restart restart_rate restart_by", NULL, e);
}

int64_t care_observe_min(const struct drug *d, int64_t visit_number)
{
    if (!d || !d->infusion)
        return 0;
    return visit_number == 1 && d->infusion->observe_first_min != INT_NONE ? d->infusion->observe_first_min
                                                                           : d->infusion->observe_min;
}

/* Does the drug want vital signs at or after its end, and were none taken since? */
MUST_CHECK static bool judge_end_vitals(struct cmd *c, const struct infusion *i, const struct drug *d, struct err *e)
{
    struct vital_signs *v;
    int n;
    bool wanted = false;
    for (int k = 0; k < d->checks_count; k++)
        wanted |= strcmp(d->checks[k].when, "end") == 0 || strcmp(d->checks[k].when, "after") == 0;
    if (!wanted)
        return true;
    if (!table_list(c->tx, &record_vital_signs, "visit=?2 AND at>=?3 AND phase<>'entered in error' LIMIT 1", VALS(V_TEXT(i->visit), V_INT(i->ended)),
            &v, &n, e))
        return false;
    if (!n)
        cmd_refuse(c, "vitals_due", i->patient, care_fact(c->a, "infusion", i->id),
            "no vital signs were taken since the end of %s", d->generic);
    return true;
}

MUST_CHECK static bool judge_infusion(struct cmd *c, const struct visit *v, const struct infusion *i, struct err *e)
{
    const struct drug *d = content_drug(c->content, i->drug);
    char at[UTC_TEXT_MAX];
    if (strcmp(i->state, "ended") != 0 && strcmp(i->state, "reconciled") != 0)
        cmd_refuse(c, "infusion_running", v->patient, care_fact(c->a, "infusion", i->id),
            "%s is %s: end it, or say what flowed, first", i->drug_name, i->state);
    else if (d && d->infusion && i->ended != UTC_NONE && i->started != UTC_NONE) {
        utc_t until = i->ended + care_observe_min(d, v->number) * UTC_MINUTE;
        if (c->happened < until)
            cmd_refuse(c, "observation_not_over", v->patient, care_fact(c->a, "infusion", i->id),
                "observation after %s runs to %s", d->generic, utc_show_clock(until, c->zone, at));
        return judge_end_vitals(c, i, d, e);
    }
    return true;
}

bool care_discharge_gate(struct cmd *c, const struct visit *v, struct err *e)
{
    struct reaction *r;
    struct infusion *i;
    struct med_order *o;
    int n, k, m;
    if (!table_list(
            c->tx, &record_reaction, "visit=?2 AND state NOT IN ('closed','entered in error') ORDER BY onset", VALS(V_TEXT(v->id)), &r, &n, e)
        || !table_list(c->tx, &record_infusion, "visit=?2 ORDER BY id", VALS(V_TEXT(v->id)), &i, &k, e)
        || !table_list(c->tx, &record_med_order,
            "visit=?2 AND state IN ('signed','verified','prepared') ORDER BY place", VALS(V_TEXT(v->id)), &o, &m, e))
        return false;
    if (n)
        cmd_refuse(c, "reaction_open", v->patient, care_fact(c->a, "reaction", r[0].id),
            "a reaction of grade %d is not closed", (int)r[0].grade);
    for (int x = 0; x < k; x++)
        if (!judge_infusion(c, v, &i[x], e))
            return false;
    if (m)
        cmd_refuse(
            c, "orders_left", v->patient, care_fact(c->a, "order", o[0].id), "%s has not been given", o[0].drug_name);
    return true;
}

const struct command watch_commands[] = {
    {"reaction.record", ROLE_NURSE | ROLE_PRESCRIBER, &record_reaction_record_in, reaction_record,
        "a reaction: stop the pump by hand first"},
    {"reaction.change", ROLE_NURSE | ROLE_PRESCRIBER, &record_reaction_change_in, reaction_change,
        "more about a reaction"},
    {"restart.order", ROLE_PRESCRIBER, &record_restart_order_in, restart_order, "order a restart, by the drug's table"},
};
const int watch_command_count = TABLE_COUNT(watch_commands);
const struct view_type watch_views[] = {
    {"floor", ROLE_STAFF, &record_nothing, floor_members, FLOOR_MEMBERS, floor_show, "the room seen from above", true},
    {"bedside", ROLE_CLINICAL, &record_by_visit, bedside_members, BEDSIDE_MEMBERS, bedside_show,
        "one visit on one time axis"},
};
const int watch_view_count = TABLE_COUNT(watch_views);
