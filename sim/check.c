#include "sim/check.h"

#include <stdio.h>
#include <string.h>

#include "base/tree.h"

struct reading {
    struct arena *a;
    struct check *c;
    const char *file;
    int line;
};

static struct check_row *row_of(struct reading *r, const char *infusion, struct err *e)
{
    struct check *c = r->c;
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->rows[i].infusion, infusion) == 0)
            return &c->rows[i];
    if (c->count == CHECK_INFUSIONS_MAX) {
        err_set(e, ERR_TOO_LARGE, r->file, "more than %d infusions", CHECK_INFUSIONS_MAX);
        return NULL;
    }
    struct check_row *row = &c->rows[c->count++];
    *row = (struct check_row){.infusion = arena_strdup(r->a, infusion), .truth = DEC_NONE, .truth_kvo = DEC_NONE,
        .flow = DEC_NONE, .flow_kvo = DEC_NONE, .rate = dec_int(0), .step = dec_int(0), .tolerance = DEC_NONE, .said = DEC_NONE};
    return row;
}

/* A number, or a quantity {"value":…}; 0 if the member is absent or null and may be. */
static bool number(struct reading *r, const struct node *line, const char *name, bool must, struct dec *out,
                   struct err *e)
{
    const struct node *n = node_get(line, name);
    if (n && n->kind == NODE_MAP)
        n = node_get(n, "value");
    *out = dec_int(0);
    if (!n || n->kind == NODE_NULL)
        return !must || err_set(e, ERR_INPUT, r->file, "line %d has no %s", r->line, name);
    struct err bad = {0};
    return node_dec(n, out, &bad) || err_set(e, ERR_INPUT, r->file, "line %d: %s: %s", r->line, name, bad.text);
}

static bool same(const char *known, const char *said)
{
    return known && said && strcmp(known, said) == 0;
}

static bool truth_line(struct reading *r, const struct node *n, struct err *e)
{
    const char *infusion = node_str_at(n, "infusion"), *patient = node_str_at(n, "patient"),
               *drug = node_str_at(n, "drug");
    if (!infusion || !patient || !drug)
        return err_set(e, ERR_INPUT, r->file, "line %d must name infusion, patient and drug", r->line);
    struct check_row *row = row_of(r, infusion, e);
    if (!row)
        return false;
    if (dec_is(row->truth))
        return err_set(e, ERR_INPUT, r->file, "line %d: infusion %s is there twice", r->line, infusion);
    row->patient = arena_strdup(r->a, patient);
    row->drug = arena_strdup(r->a, drug);
    row->visit = arena_strdup(r->a, node_str_at(n, "visit"));
    row->bag = arena_strdup(r->a, node_str_at(n, "bag"));
    struct dec lost;
    if (!number(r, n, "lost", false, &lost, e) || !dec_to_int(lost, DEC_DOWN, &row->lost))
        return false;
    const struct node *whole = node_get(n, "whole");
    row->unfinished = whole && whole->kind == NODE_FALSE;
    return number(r, n, "volume", true, &row->truth, e) && number(r, n, "kvo", false, &row->truth_kvo, e) &&
           number(r, n, "rate", true, &row->rate, e) && number(r, n, "step", true, &row->step, e);
}

static bool flow_line(struct reading *r, const struct node *n, struct err *e)
{
    const char *infusion = node_str_at(n, "infusion"), *state = node_str_at(n, "state");
    const char *certainty = node_str_at(n, "certainty");
    if (!infusion || !state || !certainty)
        return err_set(e, ERR_INPUT, r->file, "line %d must name infusion, state and certainty", r->line);
    struct check_row *row = row_of(r, infusion, e);
    struct dec volume;
    if (!row || !number(r, n, "volume", false, &volume, e))
        return false;
    if (!dec_is(row->flow))
        row->flow = row->flow_kvo = dec_int(0);
    if (strcmp(state, "kvo") == 0)
        row->flow_kvo = dec_add(row->flow_kvo, volume);
    else if (strcmp(state, "running") == 0 || strcmp(state, "bolus") == 0 || strcmp(state, "uncertain") == 0)
        row->flow = dec_add(row->flow, volume); /* a flush is not drug, a pause is nothing */
    const struct node *sum = node_get(n, "sum");
    if (sum) {
        const char *now = node_str_at(sum, "certainty");
        row->open = now && strncmp(now, "uncertain", 9) == 0;
        if (!number(r, sum, "volume", true, &row->said, e))
            return false;
    }
    row->uncertain |= strcmp(state, "uncertain") == 0 || strncmp(certainty, "uncertain", 9) == 0;
    if (row->patient && !same(row->patient, node_str_at(n, "patient")))
        row->wrong = "another patient";
    if (row->drug && !same(row->drug, node_str_at(n, "drug")))
        row->wrong = "another drug";
    return true;
}

static bool each_line(struct reading *r, const char *text, size_t len,
                      bool (*take)(struct reading *, const struct node *, struct err *), struct err *e)
{
    struct arena *scratch = arena_new();
    bool ok = true;
    r->line = 0;
    while (ok && len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;
        r->line++;
        if (n > 0) {
            struct err bad = {0};
            struct node *node = json_read(scratch, text, n, CHECK_LINE_MAX, &bad);
            ok = node ? take(r, node, e)
                      : err_set(e, ERR_INPUT, r->file, "line %d, %s: %s", r->line, bad.where, bad.text);
        }
        arena_reset(scratch);
        text += n + (end != NULL);
        len -= n + (end != NULL);
    }
    arena_free(scratch);
    return ok;
}

/* Decision 4: counters decide; time only cross-checks, so one stamp of it at the highest rate is forgiven. */
static struct dec tolerance(const struct check_row *row)
{
    struct dec stamp = dec_div(dec_mul(row->rate, dec_int(CHECK_STAMP_MS)), dec_int(3600000), 4, DEC_UP);
    return dec_max(DEC(1, 1), dec_max(stamp, row->step));
}

static bool off(const struct check_row *row, struct dec ledger, struct dec truth)
{
    return dec_lt(row->tolerance, dec_abs(dec_sub(ledger, truth)));
}

static void judge(struct check_row *row, bool charges)
{
    if (!dec_is(row->truth)) {
        row->wrong = row->wrong ? row->wrong : "the simulator gave no such infusion";
        return;
    }
    row->tolerance = tolerance(row);
    if (!dec_is(row->flow)) {
        /* A bag tied to the patient that never ran leaves no segment, and that is right. */
        row->wrong = dec_sign(row->truth) > 0 ? "missing from the ledger" : NULL;
    } else if (!row->wrong && row->uncertain) {
        /* only where a fact never arrived, and somebody has said since what flowed */
        row->wrong = !row->lost                            ? "uncertain, though every message arrived"
                     : row->open && !row->unfinished       ? "uncertain, and nobody reconciled it"
                     : dec_is(row->said) && !row->open && off(row, row->said, row->truth) ? "reconciled volume"
                                                           : NULL;
    } else if (!row->wrong) {
        row->wrong = off(row, row->flow, row->truth)           ? "volume"
                     : off(row, row->flow_kvo, row->truth_kvo) ? "keep-open volume"
                     : dec_is(row->said) && off(row, row->said, row->truth) ? "stated volume"
                                                               : NULL;
    }
    if (!row->wrong && charges && !row->charged && !row->unfinished && dec_lt(row->tolerance, row->truth))
        row->wrong = "given and not charged";
}

/* ---- charges ---------------------------------------------------------------------------------------------------------- */

static bool names(const char *ids, const char *id)
{
    size_t n = id ? strlen(id) : 0;
    for (const char *p = ids; n && p && *p; p += strcspn(p, " "), p += *p == ' ')
        if (strncmp(p, id, n) == 0 && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

/* A line must be for something that flowed; waste is what did not. */
static bool charge_line(struct reading *r, const char *visit, const struct node *line, struct err *e)
{
    const char *role = node_str_at(line, "role"), *ids = node_str_at(line, "events"), *drug = node_str_at(line, "drug");
    bool flowed = false;
    if (!role)
        return err_set(e, ERR_INPUT, r->file, "line %d: a charge without a role", r->line);
    for (int i = 0; i < r->c->count; i++) {
        struct check_row *row = &r->c->rows[i];
        if (!same(row->visit, visit) || (!names(ids, row->infusion) && !names(ids, row->bag)))
            continue;
        flowed |= dec_is(row->flow) && dec_sign(dec_add(row->flow, row->flow_kvo)) > 0;
        row->charged |= strcmp(role, "DRUG") == 0 && same(row->drug, drug);
    }
    if (flowed || strcmp(role, "DRUG_WASTE") == 0)
        return true;
    struct check_row *row = row_of(r, arena_printf(r->a, "charge %s of %s", role, visit), e);
    if (row)
        row->wrong = "charged, and nothing flowed";
    return row != NULL;
}

static bool charges_line(struct reading *r, const struct node *n, struct err *e)
{
    const char *visit = node_str_at(n, "visit");
    if (!visit || !node_get(n, "lines"))
        return err_set(e, ERR_INPUT, r->file, "line %d must name a visit and have lines", r->line);
    node_each(line, node_get(n, "lines"))
        if (!charge_line(r, visit, line, e))
            return false;
    return true;
}

bool check_run(struct arena *a, struct check_text truth, struct check_text flow, struct check_text charges,
               struct check *out, struct err *e)
{
    *out = (struct check){.rows = ARENA_ARRAY(a, CHECK_INFUSIONS_MAX, struct check_row)};
    struct reading r = {a, out, "truth", 0};
    if (!each_line(&r, truth.s, truth.len, truth_line, e))
        return false;
    r.file = "flow";
    if (!each_line(&r, flow.s, flow.len, flow_line, e))
        return false;
    r.file = "charges";
    if (charges.s && !each_line(&r, charges.s, charges.len, charges_line, e))
        return false;
    for (int i = 0; i < out->count; i++) {
        struct check_row *row = &out->rows[i];
        judge(row, charges.s != NULL);
        *(row->wrong ? &out->failed : &out->passed) += 1;
        out->uncertain += !row->wrong && row->uncertain;
    }
    return true;
}

void check_print(const struct check *c)
{
    for (int i = 0; i < c->count; i++) {
        const struct check_row *r = &c->rows[i];
        char truth[DEC_TEXT_MAX + 8], flow[DEC_TEXT_MAX + 8], tol[DEC_TEXT_MAX + 8];
        printf("%-6s %s %s truth %s mL, ledger %s mL, tolerance %s mL%s%s%s%s\n", r->wrong ? "FAILED" : "passed",
               r->infusion, r->drug ? r->drug : "-", dec_is(r->truth) ? dec_show(r->truth, truth) : "none",
               dec_is(r->flow) ? dec_show(r->flow, flow) : "none",
               dec_is(r->tolerance) ? dec_show(r->tolerance, tol) : "-", r->unfinished ? " (still running)" : "",
               !r->uncertain ? "" : r->open ? " (uncertain)" : " (uncertain, reconciled)",
               r->wrong ? ": " : "", r->wrong ? r->wrong : "");
    }
    printf("%d passed (%d of them uncertain and reconciled), %d failed\n", c->passed, c->uncertain, c->failed);
}
