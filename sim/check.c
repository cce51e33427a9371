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
        .flow = DEC_NONE, .flow_kvo = DEC_NONE, .rate = dec_int(0), .step = dec_int(0), .tolerance = DEC_NONE};
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

static void judge(struct check_row *row)
{
    if (!dec_is(row->truth)) {
        row->wrong = "the simulator gave no such infusion";
    } else if (!dec_is(row->flow)) {
        /* A bag tied to the patient that never ran leaves no segment, and that is right. */
        row->wrong = dec_sign(row->truth) > 0 ? "missing from the ledger" : NULL;
    } else {
        row->tolerance = tolerance(row);
        if (row->wrong)
            return;
        if (row->uncertain)
            row->wrong = "uncertain";
        else if (dec_lt(row->tolerance, dec_abs(dec_sub(row->flow, row->truth))))
            row->wrong = "volume";
        else if (dec_lt(row->tolerance, dec_abs(dec_sub(row->flow_kvo, row->truth_kvo))))
            row->wrong = "keep-open volume";
    }
}

bool check_run(struct arena *a, const char *truth, size_t truth_len, const char *flow, size_t flow_len,
               struct check *out, struct err *e)
{
    *out = (struct check){.rows = ARENA_ARRAY(a, CHECK_INFUSIONS_MAX, struct check_row)};
    struct reading r = {a, out, "truth", 0};
    if (!each_line(&r, truth, truth_len, truth_line, e))
        return false;
    r.file = "flow";
    if (!each_line(&r, flow, flow_len, flow_line, e))
        return false;
    for (int i = 0; i < out->count; i++) {
        judge(&out->rows[i]);
        *(out->rows[i].wrong ? &out->failed : &out->passed) += 1;
    }
    return true;
}

void check_print(const struct check *c)
{
    for (int i = 0; i < c->count; i++) {
        const struct check_row *r = &c->rows[i];
        char truth[DEC_TEXT_MAX + 8], flow[DEC_TEXT_MAX + 8], tol[DEC_TEXT_MAX + 8];
        printf("%-6s %s %s truth %s mL, ledger %s mL, tolerance %s mL%s%s%s\n", r->wrong ? "FAILED" : "passed",
               r->infusion, r->drug ? r->drug : "-", dec_is(r->truth) ? dec_show(r->truth, truth) : "none",
               dec_is(r->flow) ? dec_show(r->flow, flow) : "none",
               dec_is(r->tolerance) ? dec_show(r->tolerance, tol) : "-", r->unfinished ? " (still running)" : "",
               r->wrong ? ": " : "", r->wrong ? r->wrong : "");
    }
    printf("%d passed, %d failed\n", c->passed, c->failed);
}
