/* The bedside: one visit on one time axis, and what can be done now. */
#include "care/dose.h"
#include "care/watch.h"
#include "record/runtime.h"

#include <string.h>

enum { SEGMENTS_MAX = 2000, MARKS_MAX = 400, ACTIONS_MAX = 40, LADDER_MAX = 24, QUESTIONS_MAX = 60 };

const struct view_member bedside_members[BEDSIDE_MEMBERS] = {{"banner", &record_banner, false},
    {"visit", &record_visit, false}, {"ladder", &record_ladder_step, true}, {"drugs", &record_bedside_drug, true},
    {"segments", &record_segment_row, true}, {"vitals", &record_vital_signs, true}, {"marks", &record_mark_row, true},
    {"checks", &record_check_row, true}, {"actions", &record_action_row, true}, {"alarms", &record_alarm, true},
    {"reactions", &record_reaction, true}, {"screens", &record_screen_question, true},
    {"pathway", &record_reaction_guide, true}, {"symptoms", &record_symptom_row, true},
    {"limits", &record_sign_limit, true}, {"restarts", &record_restart_row, true}, {"bands", &record_score_band, true}};

/* ---- drugs and segments -------------------------------------------------------------------------------------------- */

static const char *given_text(struct arena *a, struct dec ml, const struct infusion *i, const char *unit)
{
    struct qty mg = {dec_mul(ml, i->concentration.v), unit_find("mg")}, shown;
    struct err e = {0};
    if (!dec_is(mg.v) || !qty_to(mg, unit_find(unit), &shown, &e))
        return NULL;
    shown.v = dec_trim(dec_round(shown.v, strcmp(unit, "g") == 0 ? 2 : 0, DEC_HALF_AWAY));
    return care_qty_text(a, shown);
}

/* The pump's latest word, though it made no event: for the page alone. */
static void heard_lately(struct view *v, const struct infusion *i, struct bedside_drug *d)
{
    struct pump_live live;
    struct err e = {0};
    bool found;
    if (i->pump && i->channel && i->ended == UTC_NONE
        && table_get(v->tx, &record_pump_live, arena_printf(v->a, "%s/%s", i->pump, i->channel), &live, &found, &e)
        && found && live.heard > i->associated_at && (d->heard == UTC_NONE || live.heard > d->heard))
        d->heard = live.heard;
}

static void drug_flow(struct view *v, const struct scene *s, const struct med_order *o, const struct infusion *i,
    const struct flow *f, struct bedside_drug *d)
{
    const struct drug *drug = content_drug(v->content, i->drug);
    d->infusion = i->id;
    d->state = f->state;
    d->certainty = flow_certainty_word(f->certainty);
    d->why_uncertain = f->doubt;
    d->pump = i->pump ? arena_printf(v->a, "%s %s", i->pump, i->channel) : NULL;
    d->ordered = i->ordered_ml;
    d->volume = dec_round(flow_volume_at(f, v->now), 1, DEC_HALF_AWAY);
    d->given = given_text(v->a, d->volume, i, drug ? drug->show_unit : "mg");
    d->rate = f->rate;
    d->dose_rate =
        dec_is(f->rate) && dec_sign(f->rate) > 0 ? dose_rate_text(v->a, f->rate, i->concentration, o->weight) : NULL;
    d->heard = f->heard;
    heard_lately(v, i, d);
    if (!scene_next_step(s, i, f, &d->next_at, &d->next_rate)) {
        d->next_at = UTC_NONE;
        d->next_rate = DEC_NONE;
    }
    d->ends = strcmp(f->state, "running") == 0 ? scene_infusion_end(s, i, f) : f->ended;
}

static void drug_of(struct view *v, const struct scene *s, const struct med_order *o, struct bedside_drug *d)
{
    struct err e = {0};
    record_blank(&record_bedside_drug, d);
    d->order = o->id;
    d->drug = o->drug;
    d->drug_name = o->drug_name;
    d->dose = care_qty_text(v->a, o->dose);
    d->method = o->method;
    d->order_state = o->state;
    d->ordered = o->volume;
    d->max_rate = o->max_rate;
    d->steps = o->steps;
    struct node *steps = o->steps ? json_read(v->a, o->steps, strlen(o->steps), FIELD_LONG_MAX, &e) : NULL;
    if (steps && !node_dec(node_path(steps, "[0].rate"), &d->first_rate, &e))
        d->first_rate = DEC_NONE;
    for (int k = 0; k < s->prep_count; k++)
        if (strcmp(s->preps[k].med_order, o->id) == 0) {
            d->prep = s->preps[k].id;
            d->prep_state = s->preps[k].state;
            d->bag_code = s->preps[k].barcode;
            d->beyond_use = s->preps[k].beyond_use;
        }
    for (int k = 0; k < s->infusion_count; k++)
        if (strcmp(s->infusions[k].med_order, o->id) == 0)
            drug_flow(v, s, o, &s->infusions[k], &s->flows[k], d);
}

static int segments_of(const struct scene *s, struct segment_row *out)
{
    int n = 0;
    for (int i = 0; i < s->infusion_count; i++)
        for (int k = 0; k < s->flows[i].count && n < SEGMENTS_MAX; k++) {
            const struct flow_segment *g = &s->flows[i].segments[k];
            out[n++] = (struct segment_row){s->infusions[i].id, s->infusions[i].drug_name, g->start, g->end,
                flow_segment_word(g->kind), g->rate, g->volume, flow_certainty_word(g->certainty),
                g->source == FLOW_BY_PUMP          ? "pump"
                    : g->source == FLOW_BY_PATIENT ? "patient"
                                                   : "nurse"};
        }
    return n;
}

/* ---- ladder ---------------------------------------------------------------------------------------------------------- */

struct ladder {
    struct ladder_step *rows;
    int count;
    utc_t now;
    bool now_marked;
};

static void rung(struct ladder *l, const char *name, utc_t planned, utc_t actual, const char *detail)
{
    if (l->count == LADDER_MAX)
        return;
    const char *state = actual != UTC_NONE ? "done"
        : !l->now_marked ? (planned != UTC_NONE && l->now > planned + 15 * UTC_MINUTE ? "late" : "now")
                         : "later";
    if (actual == UTC_NONE)
        l->now_marked = true;
    l->rows[l->count++] = (struct ladder_step){name, state, planned, actual, detail};
}

static utc_t screened_at(const struct scene *s)
{
    return s->screen_count ? s->screens[s->screen_count - 1].at : UTC_NONE;
}

static utc_t baseline_at(const struct scene *s)
{
    for (int i = 0; i < s->vital_count; i++)
        if (strcmp(s->vitals[i].phase, "baseline") == 0)
            return s->vitals[i].at;
    return UTC_NONE;
}

static void rungs_of_drug(struct ladder *l, const struct scene *s, const struct bedside_drug *d, utc_t planned)
{
    utc_t released = UTC_NONE, hung = UTC_NONE, ended = UTC_NONE;
    for (int i = 0; i < s->prep_count; i++)
        if (strcmp(s->preps[i].med_order, d->order) == 0)
            released = s->preps[i].released_at;
    for (int i = 0; i < s->infusion_count; i++)
        if (strcmp(s->infusions[i].med_order, d->order) == 0) {
            hung = s->flows[i].started;
            if (strcmp(s->infusions[i].state, "ended") == 0 || strcmp(s->infusions[i].state, "reconciled") == 0)
                ended = s->flows[i].ended;
        }
    rung(l, arena_printf(s->t->a, "%s: mixed and released", d->drug_name), planned, released, d->dose);
    rung(l, arena_printf(s->t->a, "%s: running", d->drug_name), planned, hung, d->pump);
    rung(l, arena_printf(s->t->a, "%s: in and flushed", d->drug_name), d->ends, ended, d->given);
}

static int ladder_of(struct view *v, const struct scene *s, const struct bedside_drug *drugs, struct ladder_step *out)
{
    const struct visit *x = &s->visit;
    struct ladder l = {.rows = out, .now = v->now};
    utc_t drug = x->start == UTC_NONE ? UTC_NONE : x->start + x->setup_min * UTC_MINUTE;
    rung(&l, "Arrived", x->start, x->arrived_at, x->chair);
    rung(&l, "Screened", UTC_NONE, screened_at(s), NULL);
    rung(&l, "Vital signs", UTC_NONE, baseline_at(s), NULL);
    rung(&l, "Vein access", UTC_NONE, x->line_at, x->line);
    rung(&l, "OK to treat", UTC_NONE, x->ok_at, NULL);
    for (int i = 0; i < s->order_count; i++)
        rungs_of_drug(&l, s, &drugs[i], drug);
    rung(&l, "Discharged", x->end, x->left_at, NULL);
    return l.count;
}

/* ---- marks ------------------------------------------------------------------------------------------------------------- */

static void mark(struct mark_row *m, int *n, utc_t at, const char *kind, const char *text, const char *id)
{
    if (*n < MARKS_MAX && at != UTC_NONE)
        m[(*n)++] = (struct mark_row){at, kind, text, id};
}

static int marks_of(const struct scene *s, struct mark_row *m)
{
    struct arena *a = s->t->a;
    int n = 0;
    for (int i = 0; i < s->reaction_count; i++)
        mark(m, &n, s->reactions[i].onset, "reaction",
            arena_printf(a, "Grade %d: %s", (int)s->reactions[i].grade, s->reactions[i].symptoms), s->reactions[i].id);
    for (int i = 0; i < s->alarm_count; i++)
        mark(m, &n, s->alarms[i].started, "alarm", s->alarms[i].text, s->alarms[i].id);
    for (int i = 0; i < s->vital_count; i++)
        if (s->vitals[i].change)
            mark(m, &n, s->vitals[i].at, "symptom", s->vitals[i].change, s->vitals[i].id);
    for (int i = 0; i < s->infusion_count; i++)
        mark(m, &n, s->infusions[i].associated_at, "scan", arena_printf(a, "%s hung", s->infusions[i].drug_name),
            s->infusions[i].id);
    mark(m, &n, s->visit.ok_at, "action", "OK to treat", s->visit.id);
    return n;
}

/* ---- what can be done now ------------------------------------------------------------------------------------------------ */

struct actions {
    struct view *v;
    const struct scene *s;
    struct action_row *rows;
    int count;
};

static void action(struct actions *x, const char *command, const char *label, const char *key, const char *input,
    const char *asks, const char *why_not)
{
    if (x->count < ACTIONS_MAX)
        x->rows[x->count++] = (struct action_row){command, label, key, input, asks, why_not == NULL, why_not};
}

static const char *visit_input(struct actions *x)
{
    return arena_printf(x->v->a, "{\"visit\":\"%s\"}", x->s->visit.id);
}

static void actions_before(struct actions *x)
{
    const struct visit *v = &x->s->visit;
    const char *in = visit_input(x);
    if (strcmp(v->state, "booked") == 0)
        action(x, "visit.arrive", "Arrived", "a", in, NULL, NULL);
    if (strcmp(v->state, "arrived") != 0)
        return;
    for (int i = 0; i < x->v->content->screens_count; i++) {
        const struct screen_form *f = &x->v->content->screens[i];
        if (scene_asks(x->s, f) && !scene_asked(x->s, f))
            action(x, "screen.record", f->title, i == 0 ? "s" : NULL,
                arena_printf(x->v->a, "{\"visit\":\"%s\",\"kind\":\"%s\"}", v->id, f->id), "answers", NULL);
    }
    if (strcmp(x->s->patient.allergies, "not recorded") == 0)
        action(x, "allergy.record", "Ask about allergies", "y",
            arena_printf(x->v->a, "{\"patient\":\"%s\"}", v->patient), "substance reaction", NULL);
    action(x, "weight.record", "Weigh", "w", in, "weight", NULL);
    action(x, "visit.ok", "OK to treat", "o", in, NULL,
        baseline_at(x->s) == UTC_NONE ? "vital signs first"
            : !x->s->screen_count     ? "screen first"
                                      : NULL);
    action(x, "visit.not_treated", "Not treated today", "n", in, "why then days", NULL);
}

static void actions_during(struct actions *x)
{
    const struct flow *f;
    const struct visit *v = &x->s->visit;
    const struct infusion *i = scene_running(x->s, &f);
    struct arena *a = x->v->a;
    if (v->line_at == UTC_NONE)
        action(x, "line.place", "Vein access", "l", visit_input(x), "line", NULL);
    if (!i) {
        const char *why = "no bag is released yet";
        for (int k = 0; k < x->s->prep_count; k++)
            if (strcmp(x->s->preps[k].state, "released") == 0)
                why = v->line_at == UTC_NONE ? "vein access first" : NULL;
        if (strcmp(v->state, "observing") != 0)
            action(x, "give.associate", "Hang: scan patient, bag, pump, badge", "h", visit_input(x),
                "patient_code bag_code pump_code channel badge_code", why);
        return;
    }
    const char *in = arena_printf(a, "{\"infusion\":\"%s\"}", i->id);
    bool going = strcmp(f->state, "running") == 0 || strcmp(f->state, "kvo") == 0,
         idle = strcmp(f->state, "associated") == 0;
    if (idle || strcmp(f->state, "waiting") == 0)
        action(x, "give.start", "Record start", "b", in, "rate", idle ? NULL : "waiting for the pump's word");
    if (going) {
        action(x, "give.rate", "Record new rate", "r", in, "rate", NULL);
        action(x, "give.pause", "Record pause", "p", in, NULL, NULL);
    }
    if (strcmp(f->state, "paused") == 0)
        action(x, "give.resume", "Record resume", "p", in, "rate", NULL);
    action(x, "give.flush", "Record flush", "f", in, "volume", NULL);
    action(x, "give.disconnect", "Taken down", "d", in, "volume",
        strcmp(f->state, "running") == 0 ? "stop the pump first" : NULL);
    if (f->certainty >= FLOW_UNCERTAIN_WHEN)
        action(x, "give.reconcile", "Say what flowed", "u", in, "volume seen_by reason", NULL);
}

static int actions_of(struct view *v, const struct scene *s, struct action_row *rows)
{
    struct actions x = {.v = v, .s = s, .rows = rows};
    const char *st = s->visit.state, *in = visit_input(&x);
    bool here = strcmp(st, "arrived") == 0 || strcmp(st, "ok") == 0 || strcmp(st, "treating") == 0
        || strcmp(st, "observing") == 0;
    actions_before(&x);
    if (here)
        action(&x, "vitals.record", "Vital signs", "v", in, "phase temp hr rr sbp dbp spo2 oxygen acvpu", NULL);
    if (strcmp(st, "ok") == 0 || strcmp(st, "treating") == 0 || strcmp(st, "observing") == 0)
        actions_during(&x);
    for (int i = 0; i < s->alarm_count; i++)
        if (strcmp(s->alarms[i].state, "active") == 0 && !s->alarms[i].seen_by)
            action(&x, "alarm.see", arena_printf(v->a, "Answer alarm: %s", s->alarms[i].text), NULL,
                arena_printf(v->a, "{\"alarm\":\"%s\"}", s->alarms[i].id), NULL, NULL);
    for (int i = 0; i < s->reaction_count; i++)
        if (strcmp(s->reactions[i].state, "closed") != 0) {
            const char *r = arena_printf(v->a, "{\"reaction\":\"%s\"}", s->reactions[i].id);
            action(&x, "reaction.change", "More about the reaction", NULL, r, "grade actions state next_time", NULL);
            action(&x, "restart.order", "Order restart", NULL, r, "rate",
                strcmp(s->reactions[i].restart ? s->reactions[i].restart : "never", "never") == 0
                    ? "the drug's table says never"
                    : NULL);
        }
    if (strcmp(st, "observing") == 0 || strcmp(st, "treating") == 0)
        action(&x, "visit.discharge", "Discharge", "g", in, NULL,
            strcmp(st, "observing") == 0 ? NULL : "a drug is not finished");
    return x.count;
}

static int questions_of(const struct scene *s, struct screen_question *out)
{
    int n = 0;
    for (int i = 0; i < s->content->screens_count; i++) {
        const struct screen_form *f = &s->content->screens[i];
        for (int k = 0; scene_asks(s, f) && k < f->items_count && n < QUESTIONS_MAX; k++)
            out[n++] = (struct screen_question){
                f->id, f->title, f->items[k].id, f->items[k].text, f->items[k].kind, scene_asked(s, f)};
    }
    return n;
}

bool bedside_show(struct view *v, const void *params, struct err *e)
{
    const struct by_visit *in = params;
    struct visit visit;
    struct scene s;
    struct banner b;
    struct check_row checks[SCENE_CHECKS_MAX];
    if (!table_need(v->tx, &record_visit, in->visit, "visit", &visit, e)
        || !scene_read(v->tx, v->content, v->zone, v->now, &visit, &s, e)
        || !care_banner(v->tx, v->zone, v->now, visit.patient, visit.id, &b, e))
        return false;
    v->patient = visit.patient;
    struct bedside_drug *drugs = ARENA_ARRAY(v->a, s.order_count ? (size_t)s.order_count : 1, struct bedside_drug);
    for (int i = 0; i < s.order_count; i++)
        drug_of(v, &s, &s.orders[i], &drugs[i]);
    struct segment_row *segments = ARENA_ARRAY(v->a, SEGMENTS_MAX, struct segment_row);
    struct mark_row *marks = ARENA_ARRAY(v->a, MARKS_MAX, struct mark_row);
    struct action_row *actions = ARENA_ARRAY(v->a, ACTIONS_MAX, struct action_row);
    struct screen_question *questions = ARENA_ARRAY(v->a, QUESTIONS_MAX, struct screen_question);
    struct ladder_step ladder[LADDER_MAX];
    view_one(v, "banner", &record_banner, &b);
    view_one(v, "visit", &record_visit, &visit);
    view_many(v, "ladder", &record_ladder_step, ladder, ladder_of(v, &s, drugs, ladder));
    view_many(v, "drugs", &record_bedside_drug, drugs, s.order_count);
    view_many(v, "segments", &record_segment_row, segments, segments_of(&s, segments));
    view_many(v, "vitals", &record_vital_signs, s.vitals, s.vital_count);
    view_many(v, "marks", &record_mark_row, marks, marks_of(&s, marks));
    view_many(v, "checks", &record_check_row, checks, scene_checks(&s, checks));
    view_many(v, "actions", &record_action_row, actions, actions_of(v, &s, actions));
    view_many(v, "alarms", &record_alarm, s.alarms, s.alarm_count);
    view_many(v, "reactions", &record_reaction, s.reactions, s.reaction_count);
    view_many(v, "screens", &record_screen_question, questions, questions_of(&s, questions));
    bedside_guide(v, &s);
    return true;
}
