/* May this infusion flow at this rate now? Asked at start, resume and each raise; slowing is never held back. */
#include "care/correct.h"
#include "care/flow.h"
#include "clinic/steps.h"
#include "formulary/content.h"

#include <string.h>

enum { STEP_EARLY_MIN = 1 }; /* a hand and a clock: a minute early is on time */

struct rate_case {
    struct cmd *c;
    const struct infusion *i;
    struct med_order order;
    const struct drug *drug; /* NULL: no longer in the content */
    struct flow flow;
    struct dec rate;
    bool running;
};

static const char *shown(struct arena *a, struct dec d)
{
    char text[DEC_TEXT_MAX + 8];
    return arena_strdup(a, dec_show(d, text));
}

static const char *rate_fact(const struct rate_case *k, struct dec limit)
{
    char rate[DEC_TEXT_MAX], most[DEC_TEXT_MAX];
    return arena_printf(k->c->a, "{\"infusion\":\"%s\",\"rate\":%s,\"limit\":%s}", k->i->id, dec_text(k->rate, rate),
        dec_is(limit) ? dec_text(limit, most) : "null");
}

/* ---- after a reaction ------------------------------------------------------------------------------------------------- */

static void judge_restart(struct rate_case *k, const struct reaction *r)
{
    struct cmd *c = k->c;
    const struct drug_restart *rule = k->drug ? drug_restart_for(k->drug, (int)r->grade) : NULL;
    const char *facts = care_fact(c->a, "reaction", r->id);
    bool over = strcmp(r->state, "closed") == 0 && rule && rule->may_raise == 1;
    if (strcmp(r->restart, "allowed") == 0) {
        cmd_refuse(
            c, "restart_needs_order", k->i->patient, facts, "a restart after the reaction needs a prescriber's order");
        return;
    }
    if (dec_is(r->restart_rate) && dec_lt(r->restart_rate, k->rate) && !over)
        cmd_refuse(c, "rate_above_restart", k->i->patient, rate_fact(k, r->restart_rate),
            "after the reaction %s mL/h at most", shown(c->a, r->restart_rate));
    if (k->running || !rule || rule->wait_min == INT_NONE || strcmp(r->restart, "restarted") == 0)
        return;
    utc_t stopped = k->flow.ended != UTC_NONE && k->flow.ended > r->onset ? k->flow.ended : r->onset;
    char at[UTC_TEXT_MAX];
    if (c->happened < stopped + rule->wait_min * UTC_MINUTE)
        cmd_refuse(c, "restart_too_soon", k->i->patient, facts,
            "%lld minutes after the stop are not over: not before %s", (long long)rule->wait_min,
            utc_show_clock(stopped + rule->wait_min * UTC_MINUTE, c->zone, at));
}

/* What ran was not known when the reaction was recorded, the pump's word came later: its limit is worked out now. */
MUST_CHECK static bool limit_known_now(struct rate_case *k, struct reaction *r, struct err *e)
{
    if (dec_is(r->rate) || dec_is(r->restart_rate) || strcmp(r->restart, "restarted") == 0)
        return true;
    return care_reaction_rate(k->c, r, e) && (!dec_is(r->rate) || care_reaction_restart(k->c, r, e));
}

/* "Never" stands for the rest of the visit; of the others the latest counts. A reaction nobody tied to a drug must be closed first. */
MUST_CHECK static bool judge_reactions(struct rate_case *k, struct err *e)
{
    struct reaction *r;
    int n;
    struct reaction *latest = NULL;
    if (!table_list(
            k->c->tx, &record_reaction, "visit=?2 AND state<>'entered in error' ORDER BY onset DESC, id DESC", VALS(V_TEXT(k->i->visit)), &r, &n, e))
        return false;
    for (int x = 0; x < n; x++) {
        struct infusion of;
        const char *facts = care_fact(k->c->a, "reaction", r[x].id);
        if (!r[x].infusion) {
            if (strcmp(r[x].state, "closed") != 0)
                cmd_refuse(k->c, "reaction_open", k->i->patient, facts, "a reaction of grade %d is not closed",
                    (int)r[x].grade);
            continue;
        }
        if (!table_need(k->c->tx, &record_infusion, r[x].infusion, "infusion", &of, e))
            return false;
        if (strcmp(of.drug, k->i->drug) != 0)
            continue;
        if (!r[x].restart || strcmp(r[x].restart, "never") == 0)
            cmd_refuse(k->c, "restart_not_allowed", k->i->patient, facts,
                "after this reaction of grade %d the drug is not to be restarted", (int)r[x].grade);
        else if (!latest)
            latest = &r[x];
    }
    if (!latest)
        return true;
    if (!limit_known_now(k, latest, e))
        return false;
    judge_restart(k, latest);
    return true;
}

/* ---- the step table ------------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool steps_read(struct rate_case *k, struct step out[STEPS_MAX], int *n, struct err *e)
{
    struct node *list =
        k->order.steps ? json_read(k->c->a, k->order.steps, strlen(k->order.steps), FIELD_LONG_MAX, e) : NULL;
    *n = 0;
    if (k->order.steps && !list)
        return false;
    node_each(s, list) {
        struct node *minutes = node_get(s, "minutes");
        out[*n].minutes = DEC_NONE;
        if (*n == STEPS_MAX || !node_dec(node_get(s, "rate"), &out[*n].rate, e)
            || (minutes && !node_dec(minutes, &out[*n].minutes, e)))
            return err_set(e, ERR_INTERNAL, "steps", "the steps of order %.60s cannot be read", k->order.id);
        (*n)++;
    }
    return true;
}

/* The rate that flows, or flowed last, and for how many minutes (pauses not counted). DEC_NONE before the first drop. */
static struct dec last_rate(const struct flow *f, utc_t now, struct dec *minutes)
{
    struct dec rate = DEC_NONE;
    int64_t us = 0;
    for (int x = f->count - 1; x >= 0; x--) {
        const struct flow_segment *s = &f->segments[x];
        utc_t end = s->end == UTC_NONE || s->end > now ? now : s->end;
        if (s->kind == FLOW_SEG_RUNNING && dec_is(s->rate) && (!dec_is(rate) || dec_eq(s->rate, rate))) {
            rate = s->rate;
            us += end > s->start ? end - s->start : 0;
        } else if (s->kind != FLOW_SEG_PAUSED)
            break;
    }
    *minutes = dec_div(dec_int(us / 1000), dec_int(60000), 2, DEC_DOWN);
    return rate;
}

/* The fastest the table allows now: the first step, the rate that flows (or did before a pause), or the next step once
 * this one's time is over. */
MUST_CHECK static bool step_allowed(
    const struct rate_case *k, const struct step *steps, int n, struct dec *out, struct err *e)
{
    struct step_next next;
    struct dec minutes, rate = last_rate(&k->flow, k->c->happened, &minutes);
    *out = steps[0].rate;
    if (!dec_is(rate) || dec_lt(rate, steps[0].rate))
        return true;
    *out = rate;
    if (!steps_next(steps, n, rate, minutes, &next, e))
        return false;
    if (next.follows && dec_le(next.in_min, dec_int(STEP_EARLY_MIN)))
        *out = next.rate;
    return true;
}

MUST_CHECK static bool judge_step(struct rate_case *k, struct err *e)
{
    struct step steps[STEPS_MAX];
    struct dec allowed;
    int n;
    if (!steps_read(k, steps, &n, e))
        return false;
    if (n < 2)
        return true;
    if (!step_allowed(k, steps, n, &allowed, e))
        return false;
    if (dec_lt(allowed, k->rate))
        cmd_refuse(k->c, "rate_above_step", k->i->patient, rate_fact(k, allowed),
            "the step table allows %s mL/h now, not %s mL/h", shown(k->c->a, allowed), shown(k->c->a, k->rate));
    return true;
}

/* A raise wants vital signs taken at the rate that flows now, where the drug asks for them at each rate change. */
MUST_CHECK static bool judge_vitals(struct rate_case *k, struct err *e)
{
    struct vital_signs *v;
    int n;
    bool wanted = false;
    for (int x = 0; k->drug && x < k->drug->checks_count; x++)
        wanted |= strcmp(k->drug->checks[x].when, "rate change") == 0;
    if (!wanted || !k->running)
        return true;
    utc_t since = k->flow.started;
    for (int x = k->flow.count - 1; x >= 0; x--) {
        const struct flow_segment *s = &k->flow.segments[x];
        if (s->kind == FLOW_SEG_RUNNING && dec_is(s->rate) && dec_eq(s->rate, k->flow.rate))
            since = s->start;
        else if (s->kind != FLOW_SEG_PAUSED)
            break;
    }
    if (!table_list(k->c->tx, &record_vital_signs, "visit=?2 AND at>?3 AND phase<>'entered in error' LIMIT 1",
            VALS(V_TEXT(k->i->visit), V_INT(since)), &v, &n, e))
        return false;
    if (!n)
        cmd_refuse(k->c, "vitals_due", k->i->patient, rate_fact(k, k->flow.rate),
            "no vital signs were taken at the rate that flows now, %s mL/h", shown(k->c->a, k->flow.rate));
    return true;
}

/* ---- patients at risk --------------------------------------------------------------------------------------------------- */

/* Does the patient have this risk? Facts only: what nobody recorded is no risk here, and the words on the page remain. */
MUST_CHECK static bool at_risk(const struct rate_case *k, const struct drug_risk *r, bool *yes, struct err *e)
{
    struct cmd *c = k->c;
    *yes = false;
    if (strcmp(r->fact, "age_over") == 0) {
        BLANK(patient, p);
        if (!table_need(c->tx, &record_patient, k->i->patient, "infusion", &p, e))
            return false;
        *yes = utc_age_years(p.born, c->now, c->zone) > r->years;
        return true;
    }
    if (strcmp(r->fact, "lab_above") == 0) {
        struct observation o;
        bool found;
        int cmp = 0;
        if (!care_latest(c->tx, k->i->patient, r->name, &o, &found, e))
            return false;
        if (found && qty_is(o.value) && !qty_cmp(o.value, r->value, &cmp, e))
            return err_within(e, r->name), false;
        *yes = found && cmp > 0;
        return true;
    }
    struct condition *list;
    int n;
    if (!table_list(c->tx, &record_condition, "patient=?2 AND code IS NOT NULL ORDER BY id", VALS(V_TEXT(k->i->patient)), &list, &n, e))
        return false;
    for (int x = 0; x < n; x++)
        *yes |= content_code_listed(r->codes, list[x].code);
    return true;
}

/* Above the careful maximum of the drug for someone at risk: kidney, clots, a weak heart (who and how fast is content). */
MUST_CHECK static bool judge_caution(struct rate_case *k, struct err *e)
{
    struct dec most;
    if (!k->drug || !k->drug->infusion || !qty_is(k->drug->infusion->rate_max_caution))
        return true;
    struct qty kg = dec_is(k->order.weight) ? (struct qty){k->order.weight, unit_find("kg")} : QTY_NONE;
    if (!steps_rate_ml_h(k->drug->infusion->rate_max_caution, kg, k->i->concentration, &most, e))
        return err_within(e, "rate_max_caution"), false;
    if (dec_le(k->rate, most))
        return true;
    for (int x = 0; x < k->drug->risks_count; x++) {
        bool yes;
        if (!at_risk(k, &k->drug->risks[x], &yes, e))
            return false;
        if (!yes)
            continue;
        cmd_refuse(k->c, "rate_caution", k->i->patient, rate_fact(k, most), "%s mL/h is over the careful maximum of %s mL/h: %s",
            shown(k->c->a, k->rate), shown(k->c->a, dec_round(most, 1, DEC_DOWN)), k->drug->risks[x].words);
        return true;
    }
    return true;
}

bool care_judge_rate(struct cmd *c, const struct infusion *i, struct dec rate, struct err *e)
{
    struct rate_case k = {.c = c, .i = i, .rate = rate, .drug = content_drug(c->content, i->drug)};
    if (!dec_is(rate) || dec_sign(rate) <= 0)
        return err_set(e, ERR_INPUT, "rate", "give the rate set on the pump, more than 0 mL/h");
    if (!table_need(c->tx, &record_med_order, i->med_order, "infusion", &k.order, e)
        || !care_flow(c->tx, i, &k.flow, e))
        return false;
    k.running = strcmp(k.flow.state, "running") == 0 && dec_is(k.flow.rate) && dec_sign(k.flow.rate) > 0;
    if (k.running && dec_lt(rate, k.flow.rate))
        return true;
    if (dec_is(k.order.max_rate) && dec_lt(k.order.max_rate, rate))
        cmd_refuse(c, "rate_above_max", i->patient, rate_fact(&k, k.order.max_rate),
            "%s mL/h is over the most allowed for this patient, %s mL/h", shown(c->a, rate),
            shown(c->a, k.order.max_rate));
    if (k.running && dec_eq(rate, k.flow.rate))
        return true; /* the pump said so before the person did */
    return judge_reactions(&k, e) && judge_step(&k, e) && judge_caution(&k, e) && judge_vitals(&k, e);
}
