/* Corrections: a charted time or value told otherwise, with a reason. The old value stays in the ledger and beside the
 * new one in the correction's own record; what follows from it (scores, checks, volumes, orders) is derived anew, and an
 * OK to treat signed on it is void. Nothing of a pump is corrected: its word is reconciled (give.reconcile). */
#include "care/correct.h"

#include "care/flow.h"
#include "care/watch.h"

#include <string.h>

enum { REASON_LIMIT = FIELD_TEXT_MAX };

/* One thing being corrected: as it stood, as it will. */
struct mend {
    struct cmd *c;
    const struct chart_correct_in *in;
    const struct chart_rule *rule;
    const struct field *field;
    void *old, *row;
    const char *fields; /* that change: the one asked for, and what is derived of it at once */
    const char *visit, *infusion, *patient;
};

/* A hand and a clock: charted within two minutes is charted at once. */
#define AT_ONCE (2 * UTC_MINUTE)

bool care_is_late(const struct cmd *c)
{
    return c->now - c->happened > AT_ONCE;
}

utc_t care_charted(const struct cmd *c)
{
    return care_is_late(c) ? c->now : UTC_NONE;
}

bool care_visit_then(struct cmd *c, const char *visit, const char *states, struct visit *out, struct err *e)
{
    if (!table_need(c->tx, &record_visit, visit, "visit", out, e))
        return false;
    bool within = strcmp(out->state, "done") == 0 && care_is_late(c) && c->happened >= out->arrived_at
        && c->happened <= out->left_at;
    return within ? care_need_reason(c, e) : care_visit_in(c, visit, states, out, e);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static const char *text_of(const struct record *r, const void *rec, const char *name)
{
    const struct field *f = record_field(r, name);
    return f && field_is_set(f, rec) ? *(const char *const *)((const char *)rec + f->offset) : NULL;
}

static bool word_listed(const char *words, const char *word)
{
    return content_word_listed(words, word);
}

/* Whose it is, and of which visit and infusion. */
MUST_CHECK static bool mend_place(struct mend *m, struct err *e)
{
    const struct record *r = m->rule->record;
    struct cmd *c = m->c;
    struct infusion i;
    m->patient = text_of(r, m->row, "patient");
    m->visit = r == &record_visit ? text_of(r, m->row, "id") : text_of(r, m->row, "visit");
    m->infusion = text_of(r, m->row, "infusion");
    if (r != &record_flow_fact)
        return true;
    if (!m->infusion)
        return err_set(e, ERR_CONFLICT, "id", "nobody tied this to a patient: there is nothing charted to correct");
    if (!table_need(c->tx, &record_infusion, m->infusion, "id", &i, e))
        return false;
    m->patient = i.patient;
    m->visit = i.visit;
    return true;
}

/* The value as the field's own type reads it; null strikes it. */
MUST_CHECK static bool mend_value(struct mend *m, struct err *e)
{
    struct cmd *c = m->c;
    bool present[FIELDS_MAX];
    const char *value = m->in->value ? m->in->value : "null";
    const char *text = arena_printf(c->a, "{\"%s\":%s}", m->field->name, value);
    struct node *n = json_read(c->a, text, strlen(text), FIELD_LONG_MAX + 100, e);
    void *patch = arena_alloc(c->a, m->rule->record->size);
    if (!n || !record_patch_from_json(m->rule->record, n, c->a, c->zone, patch, present, e)) {
        e->where[0] = 0;
        err_within(e, "value");
        return false;
    }
    if (!field_is_set(m->field, patch) && (m->field->need == MUST || m->rule->record == &record_flow_fact))
        return err_set(e, ERR_INPUT, "value", "%s cannot be absent", m->field->name);
    field_copy(m->field, m->row, patch);
    return true;
}

static const char *shown(struct mend *m, const void *row)
{
    struct buf b;
    struct json j;
    const char *out = NULL;
    if (!field_is_set(m->field, row))
        return NULL;
    buf_init(&b, FIELD_LONG_MAX + 1000);
    json_init(&j, &b);
    json_object(&j, NULL);
    field_to_json(m->field, row, &j);
    json_end(&j, '}');
    struct err e = {0};
    const struct node *n = json_read(m->c->a, buf_str(&b), b.len, b.len + 1, &e);
    const struct node *x = n ? node_get(n, m->field->name) : NULL;
    if (x && (x->kind == NODE_STRING || x->kind == NODE_NUMBER)) {
        out = x->text;
    } else if (x) {
        size_t at = strlen(m->field->name) + 4; /* {"name":… */
        out = arena_strndup(m->c->a, buf_str(&b) + at, b.len - at - 1);
    }
    buf_fini(&b);
    return out;
}

/* ---- what may be said of each ---------------------------------------------------------------------------------------- */

static utc_t time_of(const struct mend *m, const char *field)
{
    return *(const utc_t *)((const char *)m->row + record_field(m->rule->record, field)->offset);
}

/* Charted times lie in the past, and within the visit: from an hour before the arrival on. */
MUST_CHECK static bool judge_time(struct mend *m, struct err *e)
{
    struct visit v;
    char at[UTC_TEXT_MAX];
    utc_t t = time_of(m, m->field->name);
    if (t > m->c->now)
        return err_set(e, ERR_INPUT, "value", "%s is in the future", utc_show_clock(t, m->c->zone, at));
    if (!m->visit || m->rule->record == &record_visit)
        return true;
    if (!table_need(m->c->tx, &record_visit, m->visit, "id", &v, e))
        return false;
    if (v.arrived_at != UTC_NONE && t < v.arrived_at - UTC_HOUR)
        return err_set(e, ERR_INPUT, "value", "the patient arrived at %s: this is before",
            utc_show_clock(v.arrived_at, m->c->zone, at));
    return true;
}

MUST_CHECK static bool judge_vitals(struct mend *m, struct err *e)
{
    const struct vital_signs *s = m->row;
    m->fields = m->field->name;
    return strcmp(((struct vital_signs *)m->old)->phase, "entered in error") == 0
        ? err_set(e, ERR_CONFLICT, "id", "this set was struck out: record another")
        : strcmp(s->phase, "entered in error") == 0 || care_vitals_plausible(s, e) || (err_within(e, "value"), false);
}

MUST_CHECK static bool judge_screen(struct mend *m, struct err *e)
{
    struct screen *s = m->row;
    if (!care_screen_answers(m->c, content_screen(m->c->content, s->kind), s->answers, &s->positive, e)) {
        err_within(e, "value");
        return false;
    }
    m->fields = "answers positive at";
    return true;
}

MUST_CHECK static bool judge_observation(struct mend *m, struct err *e)
{
    struct observation *o = m->row;
    const struct observation *was = m->old;
    char text[QTY_TEXT_MAX];
    m->fields = m->field->name;
    if (strcmp(o->source, "import") == 0)
        return err_set(e, ERR_CONFLICT, "id", "this came from another system: mend it there, or measure anew");
    if (strcmp(m->field->name, "value") != 0)
        return true;
    struct qty to;
    if (!qty_to(o->value, was->value.u, &to, e))
        return err_within(e, "value"), false;
    if (strcmp(o->name, "weight") == 0 && (dec_lt(to.v, dec_int(20)) || dec_lt(dec_int(400), to.v)))
        return err_set(e, ERR_INPUT, "value", "%s is not possible for an adult; 20 to 400 kg is taken",
            qty_show(to, text));
    o->original = arena_strdup(m->c->a, qty_text(o->value, text));
    o->value = to;
    m->fields = "value original";
    return true;
}

MUST_CHECK static bool judge_text(struct mend *m, struct err *e)
{
    const char *text = text_of(m->rule->record, m->row, m->field->name);
    m->fields = m->field->name;
    return !text || text[0] || err_set(e, ERR_INPUT, "value", "say something, or leave the value out");
}

MUST_CHECK static bool judge_visit(struct mend *m, struct err *e)
{
    const struct visit *v = m->row;
    struct infusion *i;
    int n;
    m->fields = m->field->name;
    if (v->line_at != UTC_NONE && v->arrived_at != UTC_NONE && v->line_at < v->arrived_at)
        return err_set(e, ERR_INPUT, "value", "the vein access would be before the arrival");
    if (v->left_at != UTC_NONE && v->arrived_at != UTC_NONE && v->left_at < v->arrived_at)
        return err_set(e, ERR_INPUT, "value", "the patient would have left before arriving");
    if (strcmp(m->field->name, "left_at") != 0)
        return true;
    if (!table_list(m->c->tx, &record_infusion, "visit=?2 AND ended>?3 LIMIT 1", VALS(V_TEXT(v->id), V_INT(v->left_at)),
            &i, &n, e))
        return false;
    return !n || err_set(e, ERR_INPUT, "value", "%s was still running then", i[0].drug_name);
}

/* The rate at onset belongs to the time, and the restart to the grade; what was ordered or done stays as it was. */
MUST_CHECK static bool judge_reaction(struct mend *m, struct err *e)
{
    struct reaction *r = m->row;
    if (strcmp(((struct reaction *)m->old)->state, "entered in error") == 0)
        return err_set(e, ERR_CONFLICT, "id", "this reaction was struck out: record another");
    m->fields = m->field->name;
    if (strcmp(m->field->name, "grade") == 0) {
        if (r->grade < 1 || r->grade > 5)
            return err_set(e, ERR_INPUT, "value", "CTCAE grades run from 1 to 5");
        m->fields = "grade restart restart_rate";
        return care_reaction_restart(m->c, r, e);
    }
    if (strcmp(m->field->name, "onset") == 0) {
        m->fields = "onset rate restart restart_rate";
        return care_reaction_rate(m->c, r, e) && care_reaction_restart(m->c, r, e);
    }
    return judge_text(m, e);
}

/* A person's word about flow: between the association and the taking down; the taking down itself before the channel
 * went to the next patient. */
MUST_CHECK static bool judge_flow_time(struct mend *m, const struct infusion *i, struct err *e)
{
    const struct flow_fact *f = m->row;
    struct infusion *next;
    char at[UTC_TEXT_MAX];
    utc_t down;
    int n;
    if (f->happened < i->associated_at)
        return err_set(e, ERR_INPUT, "value", "it was hung at %s: nothing of it happened before",
            utc_show_clock(i->associated_at, m->c->zone, at));
    if (strcmp(f->kind, "disassociate") == 0) {
        if (!i->pump)
            return true;
        if (!table_list(m->c->tx, &record_infusion,
                "pump=?2 AND channel=?3 AND associated_at>?4 AND associated_at<?5 AND id<>?6 LIMIT 1",
                VALS(V_TEXT(i->pump), V_TEXT(i->channel), V_INT(i->associated_at), V_INT(f->happened), V_TEXT(i->id)),
                &next, &n, e))
            return false;
        return !n || err_set(e, ERR_INPUT, "value", "the pump had another infusion by then");
    }
    if (!care_taken_down(m->c->tx, i->id, &down, e))
        return false;
    return down == UTC_NONE || f->happened <= down || strcmp(f->kind, "stated") == 0
        || err_set(e, ERR_INPUT, "value", "it was taken down at %s", utc_show_clock(down, m->c->zone, at));
}

MUST_CHECK static bool judge_flow(struct mend *m, struct err *e)
{
    const struct flow_fact *f = m->row, *was = m->old;
    struct infusion i;
    struct dec most;
    m->fields = m->field->name;
    if (strcmp(f->source, "pump") == 0)
        return err_set(e, ERR_CONFLICT, "id", "this is the pump's own word: it is reconciled, not corrected");
    if (!table_need(m->c->tx, &record_infusion, f->infusion, "id", &i, e))
        return false;
    if (strcmp(was->kind, "void") == 0)
        return err_set(e, ERR_CONFLICT, "id", "this was struck out: record it anew");
    if (strcmp(m->field->name, "kind") == 0) {
        static const char movable[] = "start rate stop flush";
        bool ok = word_listed(movable, was->kind) && word_listed("start rate stop flush void", f->kind);
        return ok || err_set(e, ERR_INPUT, "value", "a %s cannot become \"%.20s\"; start, rate, stop and flush can be changed or made void",
            was->kind, f->kind);
    }
    if (strcmp(m->field->name, "happened") == 0)
        return (strcmp(f->kind, "associate") != 0 || err_set(e, ERR_CONFLICT, "field", "the scans stand at their own time"))
            && judge_flow_time(m, &i, e);
    if (strcmp(m->field->name, "rate") == 0)
        return (word_listed("start rate", f->kind) && dec_sign(f->rate) > 0 && dec_le(f->rate, dec_int(2000)))
            || err_set(e, ERR_INPUT, "value", "a start or rate change has a rate, over 0 to 2000 mL/h");
    most = strcmp(f->kind, "flush") == 0 ? dec_int(500) : dec_add(i.ordered_ml, dec_int(200));
    return (dec_sign(f->total) >= 0 && dec_le(f->total, most))
        || err_set(e, ERR_INPUT, "value", "0 to %s", care_ml(m->c->a, most, "mL"));
}

/* ---- what follows ----------------------------------------------------------------------------------------------------- */

/* Scores and change rules of every set of the visit: another baseline moves them all. */
MUST_CHECK static bool after_vitals(struct mend *m, struct err *e)
{
    struct vital_signs *v;
    int n;
    if (!table_list(m->c->tx, &record_vital_signs, "visit=?2 ORDER BY at, id", VALS(V_TEXT(m->visit)), &v, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        struct vital_signs s = v[i];
        s.news2 = INT_NONE;
        s.news2_parts = s.change = NULL;
        if (strcmp(s.phase, "entered in error") != 0 && !care_vitals_derive(m->c, &s, e))
            return false;
        bool same = s.news2 == v[i].news2 && strcmp(s.change ? s.change : "", v[i].change ? v[i].change : "") == 0
            && strcmp(s.news2_parts ? s.news2_parts : "", v[i].news2_parts ? v[i].news2_parts : "") == 0;
        if (!same && !cmd_emit(m->c, &ev_vitals_corrected, &s, "news2 news2_parts change", NULL, e))
            return false;
    }
    return true;
}

MUST_CHECK static bool after_flow(struct mend *m, struct err *e)
{
    return care_order_again(m->c, m->infusion, e);
}

/* ---- the table of what can be corrected --------------------------------------------------------------------------------- */

const struct chart_rule chart_rules[] = {
    {&record_vital_signs, "at temp hr rr sbp dbp spo2 oxygen acvpu phase", &ev_vitals_corrected, "vital signs"},
    {&record_flow_fact, "happened kind rate total", &ev_flow_corrected, "what was done at the pump"},
    {&record_reaction, "onset grade symptoms actions next_time state", &ev_reaction_corrected, "reaction"},
    {&record_screen, "at answers", &ev_screen_corrected, "screen"},
    {&record_observation, "taken value", &ev_observation_corrected, "measurement"},
    {&record_allergy, "substance reaction", &ev_allergy_corrected, "allergy"},
    {&record_visit, "arrived_at line_at line left_at", &ev_visit_corrected, "visit"},
};
const int chart_rule_count = TABLE_COUNT(chart_rules);

static bool judge(struct mend *m, struct err *e)
{
    const struct record *r = m->rule->record;
    if (m->field->type == FIELD_TIME && !judge_time(m, e))
        return false;
    return r == &record_vital_signs ? judge_vitals(m, e)
        : r == &record_flow_fact    ? judge_flow(m, e)
        : r == &record_reaction     ? judge_reaction(m, e)
        : r == &record_screen       ? judge_screen(m, e)
        : r == &record_observation  ? judge_observation(m, e)
        : r == &record_visit        ? judge_visit(m, e)
                                    : judge_text(m, e);
}

MUST_CHECK static bool mend_read(struct mend *m, struct err *e)
{
    struct cmd *c = m->c;
    for (int i = 0; i < chart_rule_count; i++)
        if (strcmp(chart_rules[i].record->name, m->in->record) == 0)
            m->rule = &chart_rules[i];
    if (!m->rule)
        return err_set(e, ERR_INPUT, "record", "\"%.40s\" is not corrected by hand", m->in->record);
    m->field = word_listed(m->rule->fields, m->in->field) ? record_field(m->rule->record, m->in->field) : NULL;
    if (!m->field)
        return err_set(e, ERR_INPUT, "field", "of %s these can be corrected: %s", m->rule->what, m->rule->fields);
    m->old = arena_alloc(c->a, m->rule->record->size);
    m->row = arena_alloc(c->a, m->rule->record->size);
    if (!table_need(c->tx, m->rule->record, m->in->id, "id", m->old, e))
        return false;
    memcpy(m->row, m->old, m->rule->record->size);
    return mend_value(m, e) && mend_place(m, e);
}

/* The weight taken at a visit names no visit: the one the patient was here for then. */
MUST_CHECK static bool mend_visit(struct mend *m, struct err *e)
{
    const struct observation *o = m->old;
    struct visit *v;
    int n;
    if (m->rule->record != &record_observation)
        return true;
    if (!table_list(m->c->tx, &record_visit,
            "patient=?2 AND arrived_at<=?3 AND (left_at IS NULL OR left_at>=?3) ORDER BY arrived_at DESC LIMIT 1",
            VALS(V_TEXT(o->patient), V_INT(o->taken)), &v, &n, e))
        return false;
    m->visit = n ? v[0].id : NULL;
    return true;
}

bool care_told_late(struct cmd *c, const struct infusion *i, const char *field, const char *now, struct err *e)
{
    BLANK(correction, x);
    x.id = tx_next_id(c->tx, "correction");
    x.record = record_infusion.name;
    x.about = x.infusion = i->id;
    x.field = field;
    x.now = now;
    x.visit = i->visit;
    x.patient = i->patient;
    x.reason = c->reason;
    x.by = c->by.id;
    x.at = c->now;
    return cmd_emit(c, &ev_chart_corrected, &x, NULL, NULL, e);
}

static bool chart_correct(struct cmd *c, const void *input, struct err *e)
{
    struct mend m = {.c = c, .in = input};
    BLANK(correction, x);
    if (!care_need_reason(c, e) || !mend_read(&m, e))
        return false;
    if (strlen(c->reason) > REASON_LIMIT)
        return err_set(e, ERR_TOO_LARGE, "reason", "at most %d characters", REASON_LIMIT);
    x.was = shown(&m, m.old);
    if (!judge(&m, e) || !mend_visit(&m, e))
        return false;
    x.now = shown(&m, m.row);
    if (strcmp(x.was ? x.was : "", x.now ? x.now : "") == 0)
        return err_set(e, ERR_CONFLICT, "value", "it says so already");
    x.id = cmd_new_id(c, "correction");
    x.record = m.rule->record->name;
    x.about = m.in->id;
    x.field = m.field->name;
    x.visit = m.visit;
    x.infusion = m.infusion;
    x.patient = m.patient;
    x.reason = c->reason;
    x.by = c->by.id;
    x.at = c->now;
    c->id = m.in->id;
    if (!cmd_emit(c, &ev_chart_corrected, &x, NULL, NULL, e)
        || !cmd_emit(c, m.rule->event, m.row, m.fields, care_fact(c->a, "was", x.was), e))
        return false;
    if (m.rule->record == &record_vital_signs)
        return after_vitals(&m, e);
    return m.rule->record != &record_flow_fact || after_flow(&m, e);
}

const struct command correct_commands[] = {
    {"chart.correct", ROLE_NURSE | ROLE_PRESCRIBER | ROLE_PHARMACIST, &record_chart_correct_in, chart_correct,
        "correct a charted time or value; the old one stays beside it"},
};
const int correct_command_count = TABLE_COUNT(correct_commands);
