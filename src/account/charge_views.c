#include "account/charge.h"

#include <string.h>

RECORD_DEFINE(charge_notice_in, 0, "what is known of the patient's advance notice")
RECORD_DEFINE(charge_head, 0, "a visit's charges as a whole")
RECORD_DEFINE(charge_edit_row, 0, "what a payer would send back")
RECORD_DEFINE(statement_head, 0, "head of a printable statement")
RECORD_DEFINE(statement_line, 0, "one line of a printable statement")

const char charge_currency[] = "USD";

static struct bill_source source_of(const struct view *v)
{
    return (struct bill_source){.tx = v->tx, .content = v->content, .zone = v->zone, .site = &v->site, .now = v->now};
}

/* The bill of a visit; a patient sees only their own. */
MUST_CHECK static bool show_bill(struct view *v, const char *visit, struct bill *b, struct err *e)
{
    struct bill_source s = source_of(v);
    if (!bill_make(&s, visit, b, e))
        return false;
    v->patient = b->patient.id;
    if ((v->by.roles & ROLE_PATIENT) && !(v->by.roles & ROLE_STAFF) && (!v->by.patient || strcmp(v->by.patient, b->patient.id) != 0))
        return err_set(e, ERR_FORBIDDEN, "visit", "this visit is another patient's");
    return true;
}

static const char *state_of(const struct charge *c)
{
    return c->id ? c->state : "open";
}

/* Lines as they stand on the charge; before it was made, as they would. */
MUST_CHECK static bool lines_of(struct view *v, struct bill *b, struct err *e)
{
    if (b->charge.id)
        return table_list(v->tx, &record_charge_line, "charge=?2 AND revision=?3 ORDER BY place, id",
            VALS(V_TEXT(b->charge.id), V_INT(b->charge.revision)), &b->lines, &b->line_count, e);
    for (int i = 0; i < b->line_count; i++) {
        b->lines[i].id = arena_printf(v->a, "line-%d", i + 1);
        b->lines[i].charge = "open";
        b->lines[i].revision = 0;
    }
    return true;
}

/* ---- charges: the day's visits --------------------------------------------------------------------------------------------- */

MUST_CHECK static bool day_row(struct view *v, const struct visit *visit, struct charge_row *row, struct err *e)
{
    struct bill_source s = source_of(v);
    struct bill b;
    if (!bill_make(&s, visit->id, &b, e))
        return false;
    record_blank(&record_charge_row, row);
    row->visit = visit->id;
    row->patient = b.patient.id;
    row->name = care_name(v->a, &b.patient);
    row->title = b.plan.title;
    row->at = visit->start;
    row->state = state_of(&b.charge);
    row->total = b.charge.id ? b.charge.total : b.total;
    row->queries = b.query_count;
    row->late = b.charge.id && strcmp(b.charge.facts, b.facts) != 0;
    return true;
}

/* Of any day: what was charted otherwise, or late, after the charges were made, so that no claim goes out of date unseen. */
MUST_CHECK static bool show_late(struct view *v, struct err *e)
{
    struct visit *visits;
    int n, kept = 0;
    if (!table_list(v->tx, &record_visit,
            "id IN (SELECT x.visit FROM correction x JOIN charge c ON c.site=x.site AND c.visit=x.visit WHERE x.site=?1 AND x.at>c.at)"
            " ORDER BY start, id LIMIT 200", NO_VALS, &visits, &n, e))
        return false;
    struct charge_row *rows = ARENA_ARRAY(v->a, (size_t)n + 1, struct charge_row);
    for (int i = 0; i < n; i++) {
        if (!day_row(v, &visits[i], &rows[kept], e))
            return false;
        kept += rows[kept].late == 1;
    }
    view_many(v, "late", &record_charge_row, rows, kept);
    return true;
}

static bool show_charges(struct view *v, const void *params, struct err *e)
{
    const struct by_day *in = params;
    struct visit *visits;
    int n;
    const char *day = in->day ? in->day : care_day(v->a, v->zone, v->now);
    utc_t from = care_local(v->zone, day, 0), to = care_local(v->zone, care_add_days(v->a, day, 1), 0);
    /* A nurse sees the visit while the patient is still in the chair, when a question can be answered; a biller once the
     * last drug is in. */
    const char *first = v->by.roles & ROLE_NURSE ? "treating" : "observing";
    if (!table_list(v->tx, &record_visit, "state IN (?4,'observing','done') AND start>=?2 AND start<?3 ORDER BY start, id LIMIT 500",
            VALS(V_INT(from), V_INT(to), V_TEXT(first)), &visits, &n, e))
        return false;
    struct charge_row *rows = ARENA_ARRAY(v->a, (size_t)n + 1, struct charge_row);
    for (int i = 0; i < n; i++)
        if (!day_row(v, &visits[i], &rows[i], e))
            return false;
    view_many(v, "visits", &record_charge_row, rows, n);
    return show_late(v, e);
}

/* ---- charge: one visit ------------------------------------------------------------------------------------------------------ */

static void show_segments(struct view *v, const struct bill *b)
{
    int n = 0, k = 0;
    for (int i = 0; i < b->infusion_count; i++)
        n += b->flows[i].count;
    struct segment_row *rows = ARENA_ARRAY(v->a, (size_t)n + 1, struct segment_row);
    for (int i = 0; i < b->infusion_count; i++)
        for (int j = 0; j < b->flows[i].count; j++) {
            static const char *const sources[] = {"pump", "nurse", "patient"};
            const struct flow_segment *g = &b->flows[i].segments[j];
            rows[k++] = (struct segment_row){.infusion = b->infusions[i].id, .drug_name = b->infusions[i].drug_name, .start = g->start, .end = g->end,
                .kind = flow_segment_word(g->kind), .rate = g->rate, .volume = g->volume, .certainty = flow_certainty_word(g->certainty),
                .source = sources[g->source]};
        }
    view_many(v, "segments", &record_segment_row, rows, k);
}

static void show_authorisations(struct view *v, const struct bill *b)
{
    struct authorisation_left *rows = ARENA_ARRAY(v->a, (size_t)b->authorisation_count + 1, struct authorisation_left);
    for (int i = 0; i < b->authorisation_count; i++) {
        const struct bill_authorisation *x = &b->authorisations[i];
        rows[i] = (struct authorisation_left){.drug = x->row.drug, .payer = x->row.payer, .number = x->row.number, .units = x->row.units,
            .used = x->before, .this_visit = x->now, .end = x->row.end};
    }
    view_many(v, "authorisations", &record_authorisation_left, rows, b->authorisation_count);
}

static void show_edits(struct view *v, const struct bill *b)
{
    struct charge_edit_row *rows = ARENA_ARRAY(v->a, (size_t)b->edit_count + 1, struct charge_edit_row);
    for (int i = 0; i < b->edit_count; i++)
        rows[i] = (struct charge_edit_row){.rule = b->edits[i].rule, .action = edit_action_word(b->edits[i].action),
            .line = b->edits[i].line < 0 ? INT_NONE : b->edits[i].line + 1, .says = bill_text(v->a, b->edits[i].says)};
    view_many(v, "edits", &record_charge_edit_row, rows, b->edit_count);
}

static bool show_charge(struct view *v, const void *params, struct err *e)
{
    const struct by_visit *in = params;
    struct bill b;
    struct banner banner;
    if (!show_bill(v, in->visit, &b, e) || !care_banner(v->tx, v->zone, v->now, b.patient.id, in->visit, &banner, e))
        return false;
    bool made = b.charge.id != NULL;
    struct charge_head head = {.visit = b.visit.id, .patient = b.patient.id, .charge = b.charge.id, .state = state_of(&b.charge),
        .revision = made ? b.charge.revision : INT_NONE, .late = made && strcmp(b.charge.facts, b.facts) != 0, .planned = b.planned,
        .title = b.plan.title, .payer = b.payer ? b.payer->name : b.payer_name, .currency = charge_currency,
        .total = made ? b.charge.total : b.total, .rules = made ? b.charge.pack : v->content->hash};
    view_one(v, "banner", &record_banner, &banner);
    view_one(v, "charge", &record_charge_head, &head);
    show_segments(v, &b);
    show_authorisations(v, &b);
    show_edits(v, &b);
    view_many(v, "queries", &record_charge_query, b.queries, b.query_count);
    view_many(v, "traces", &record_charge_trace, b.traces, b.trace_count);
    if (!lines_of(v, &b, e))
        return false;
    view_many(v, "lines", &record_charge_line, b.lines, b.line_count);
    return true;
}

/* ---- what the patient may pay -------------------------------------------------------------------------------------------- */

static bool show_estimate(struct view *v, const void *params, struct err *e)
{
    const struct by_visit *in = params;
    struct bill_source s = source_of(v);
    struct bill b;
    struct benefit_estimate x;
    bool known;
    const char *why;
    if (!show_bill(v, in->visit, &b, e) || !charge_estimate(&s, &b, &x, &known, &why, e))
        return false;
    struct estimate_row rows[BENEFIT_LINES_MAX + 8];
    int n = 0;
    if (known) {
        for (int i = 0; i < x.line_count; i++)
            rows[n++] = (struct estimate_row){x.lines[i].what, x.lines[i].patient, bill_text(v->a, x.lines[i].says)};
        for (int i = 0; i < x.step_count; i++)
            rows[n++] = (struct estimate_row){"other payers", x.secondary, x.steps[i]};
    }
    rows[n++] = (struct estimate_row){"you may pay", known ? x.patient : b.total, bill_text(v->a, why)};
    view_many(v, "rows", &record_estimate_row, rows, n);
    return true;
}

static const char *line_words(struct view *v, const struct charge_line *l)
{
    const struct drug *d = content_drug(v->content, l->drug);
    if (d)
        return arena_printf(v->a, "%s%s", d->patient ? d->patient->name : d->generic, strcmp(l->role, "DRUG_WASTE") == 0 ? ": opened and not given" : "");
    const struct price_code *p = content_price_code(v->content, l->role);
    return p ? p->text : l->role;
}

static bool show_statement(struct view *v, const void *params, struct err *e)
{
    const struct by_visit *in = params;
    struct bill_source s = source_of(v);
    struct bill b;
    struct benefit_estimate x;
    bool known;
    const char *why;
    if (!show_bill(v, in->visit, &b, e) || !charge_estimate(&s, &b, &x, &known, &why, e) || !lines_of(v, &b, e))
        return false;
    bool final = b.charge.id && strcmp(b.charge.state, "final") == 0;
    utc_t at = b.visit.start != UTC_NONE ? b.visit.start : v->now;
    struct statement_head head = {.site = v->site.name, .address = v->content->site ? v->content->site->address : NULL, .phone = v->site.phone,
        .name = care_name(v->a, &b.patient), .mrn = b.patient.mrn, .born = care_show_date(v->a, b.patient.born),
        .day = care_show_date(v->a, care_day(v->a, v->zone, at)), .title = b.plan.title, .payer = b.payer ? b.payer->name : b.payer_name,
        .state = final ? "final" : b.planned ? "planned: nothing has been given yet" : "not final: it may still change",
        .total = benefit_money(v->a, charge_currency, b.charge.id ? b.charge.total : b.total),
        .yours = known ? benefit_money(v->a, charge_currency, x.patient) : "not known", .note = bill_text(v->a, why)};
    struct statement_line *lines = ARENA_ARRAY(v->a, (size_t)b.line_count + 1, struct statement_line);
    for (int i = 0; i < b.line_count; i++) {
        const struct charge_line *l = &b.lines[i];
        lines[i] = (struct statement_line){.what = line_words(v, l), .units = l->units, .says = l->says,
            .code = l->code && l->modifiers ? arena_printf(v->a, "%s %s", l->code, l->modifiers) : l->code,
            .amount = dec_is(l->amount) ? benefit_money(v->a, charge_currency, l->amount) : "no price"};
    }
    view_one(v, "head", &record_statement_head, &head);
    view_many(v, "lines", &record_statement_line, lines, b.line_count);
    return true;
}

static const struct view_member charges_members[] = {{"visits", &record_charge_row, true}, {"late", &record_charge_row, true}};
static const struct view_member charge_members[] = {
    {"banner", &record_banner, false}, {"charge", &record_charge_head, false}, {"segments", &record_segment_row, true},
    {"lines", &record_charge_line, true}, {"queries", &record_charge_query, true}, {"traces", &record_charge_trace, true},
    {"authorisations", &record_authorisation_left, true}, {"edits", &record_charge_edit_row, true},
};
static const struct view_member estimate_members[] = {{"rows", &record_estimate_row, true}};
static const struct view_member statement_members[] = {{"head", &record_statement_head, false}, {"lines", &record_statement_line, true}};

const struct view_type charge_views[] = {
    {"charges", ROLE_BILLER | ROLE_NURSE | ROLE_ADMIN, &record_by_day, charges_members, TABLE_COUNT(charges_members), show_charges, "the day's visits and their charges"},
    {"charge", ROLE_BILLER | ROLE_NURSE | ROLE_ADMIN, &record_by_visit, charge_members, TABLE_COUNT(charge_members), show_charge, "one visit: what flowed, the lines it made, what is asked and left"},
    {"estimate", ROLE_STAFF | ROLE_PATIENT, &record_by_visit, estimate_members, TABLE_COUNT(estimate_members), show_estimate, "what the patient may have to pay, step by step"},
    {"statement", ROLE_BILLER | ROLE_ADMIN | ROLE_PATIENT, &record_by_visit, statement_members, TABLE_COUNT(statement_members), show_statement, "a statement to print"},
};
const int charge_view_count = TABLE_COUNT(charge_views);
