#include "clinic/derive.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "clinic/derive_inner.h"

const char *derive_verdict_word(enum derive_verdict v)
{
    static const char *const words[] = {"give", "ask the prescriber", "omit", "delay", "stop"};
    return words[v];
}

int derive_node(struct derive_work *w, const char *name, struct qty value, const int from[DERIVE_FROM_MAX],
    const char *fmt, ...)
{
    struct derive_answer *x = w->out;
    assert(x->node_n < DERIVE_NODES_MAX); /* every rule, their groups, and the dozen of a dose fit */
    struct derive_node *n = &x->nodes[x->node_n];
    *n = (struct derive_node){.name = name, .value = value, .taken = UTC_NONE};
    for (int i = 0; i < DERIVE_FROM_MAX; i++)
        if (from[i] >= 0)
            n->from[n->from_n++] = from[i];
    if (w->a) {
        char text[400];
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(text, sizeof text, fmt, ap);
        va_end(ap);
        n->says = arena_strdup(w->a, text);
    }
    return x->node_n++;
}

const char *derive_show(struct derive_work *w, struct qty q)
{
    char text[QTY_TEXT_MAX];
    return w->a && qty_is(q) ? arena_strdup(w->a, qty_show(q, text)) : "";
}

static struct dec digits(struct dec d, int keep)
{
    int n = 0;
    for (int64_t c = d.coef < 0 ? -d.coef : d.coef; c; c /= 10)
        n++;
    int scale = d.scale - (n - keep);
    if (!dec_is(d) || n <= keep)
        return d;
    if (scale >= 0)
        return dec_trim(dec_round(d, scale, DEC_HALF_AWAY));
    struct dec step = dec_int(1);
    for (; scale < 0; scale++)
        step = dec_mul(step, dec_int(10));
    return dec_round_to(d, step, DEC_HALF_AWAY);
}

struct dec derive_snap(struct dec d)
{
    return digits(d, 12);
}

struct dec derive_six(struct dec d)
{
    return digits(d, 6);
}

/* Amount as a mass (or units) in the answer's unit: "1.4 mg/m2" is 1.4 mg. */
static bool amount_in(const char *code, struct dec v, const char *per, const char *unit, struct dec *out, struct err *e)
{
    char front[UNIT_TEXT_MAX];
    size_t n = strcspn(code, "/");
    if (n >= sizeof front || strcmp(code[n] ? code + n : "", per) != 0)
        return err_set(e, ERR_INPUT, "amount", "the amount is in %s and must be per%s", code,
            per[0] ? per : " dose, without a size");
    memcpy(front, code, n);
    front[n] = '\0';
    struct qty q = {v, unit_find(front)}, in;
    if (!unit_same_dim(q.u, unit_find(unit)))
        return err_set(e, ERR_INPUT, "amount", "the amount is in %s and the dose in %s: they do not meet", code, unit);
    if (!qty_to(q, unit_find(unit), &in, e))
        return false;
    *out = in.v;
    return true;
}

static bool amount_ok(struct qty q, struct err *e)
{
    return (qty_is(q) && dec_sign(q.v) > 0) || err_set(e, ERR_INPUT, "amount", "the order has no amount above nothing");
}

/* amount × size, in the answer's unit. */
static bool times(
    struct derive_work *w, struct qty amount, const char *per, struct dec size, struct dec *raw, struct err *e)
{
    struct dec each;
    if (!amount_ok(amount, e) || !amount_in(unit_code(amount.u), amount.v, per, w->o->unit, &each, e))
        return false;
    *raw = dec_prod(each, size);
    return true;
}

static int raw_node(struct derive_work *w, struct dec raw, int from, struct qty amount, const char *by)
{
    return derive_node(w, "full dose", (struct qty){raw, unit_find(w->o->unit)}, FROM(from, -1, -1, -1), "%s%s",
        derive_show(w, amount), by);
}

static bool raw_by_weight(struct derive_work *w, struct dec *raw, int *node, struct err *e)
{
    struct derive_body b;
    const struct derive_weight_band *hit = NULL;
    if (!derive_weight_used(w, false, &b, e))
        return false;
    struct dec kg = derive_snap(b.weight);
    for (int i = 0; i < w->o->weight_band_n && !hit; i++)
        if (dec_le(w->o->weight_bands[i].from, kg) && dec_lt(kg, w->o->weight_bands[i].below)) {
            hit = &w->o->weight_bands[i];
            w->out->weight_band = i;
        }
    if (!hit)
        return err_set(e, ERR_INPUT, "weight", "no weight band of the order holds this weight");
    char low[DEC_TEXT_MAX + 8], high[DEC_TEXT_MAX + 8];
    b.weight_node =
        derive_node(w, "weight band", (struct qty){b.weight, unit_find("kg")}, FROM(b.weight_node, -1, -1, -1),
            "from %s kg, below %s kg", dec_show(hit->from, low), dec_show(hit->below, high));
    bool per_kg = strchr(unit_code(hit->amount.u), '/') != NULL;
    if (!times(w, hit->amount, per_kg ? "/kg" : "", per_kg ? b.weight : dec_int(1), raw, e))
        return false;
    *node = raw_node(w, *raw, b.weight_node, hit->amount, per_kg ? " × weight, by weight band" : ", by weight band");
    return true;
}

static bool raw_auc(struct derive_work *w, struct dec *raw, int *node, struct err *e)
{
    struct qty auc, mg;
    struct dec gfr;
    int from;
    if (!amount_ok(w->o->amount, e) || !derive_clearance(w, &gfr, &from, e))
        return false;
    if (!unit_same_dim(w->o->amount.u, unit_find("mg.min/mL")))
        return err_set(e, ERR_INPUT, "amount", "a target AUC is in mg.min/mL");
    if (!qty_to(w->o->amount, unit_find("mg.min/mL"), &auc, e))
        return false;
    mg = (struct qty){dec_prod(auc.v, dec_sum(gfr, dec_int(25))), unit_find("mg")};
    if (!unit_same_dim(mg.u, unit_find(w->o->unit)))
        return err_set(e, ERR_INPUT, "amount", "an AUC gives mg, and the dose is in %s", w->o->unit);
    if (!qty_to(mg, unit_find(w->o->unit), &mg, e))
        return false;
    *raw = mg.v;
    *node = derive_node(
        w, "full dose", mg, FROM(from, -1, -1, -1), "Calvert: AUC %s × (clearance + 25)", derive_show(w, w->o->amount));
    return true;
}

static bool raw_dose(struct derive_work *w, struct dec *raw, int *node, struct err *e)
{
    struct derive_body b;
    const struct derive_order *o = w->o;
    struct dec m2;
    int from;
    switch (o->basis) {
    case DERIVE_FLAT:
        if (!times(w, o->amount, "", dec_int(1), raw, e))
            return false;
        *node = raw_node(w, *raw, -1, o->amount, ", the same for everyone");
        return true;
    case DERIVE_PER_KG:
        if (!derive_weight_used(w, false, &b, e) || !times(w, o->amount, "/kg", b.weight, raw, e))
            return false;
        *node = raw_node(w, *raw, b.weight_node, o->amount, " × weight");
        return true;
    case DERIVE_PER_M2:
        if (!derive_weight_used(w, true, &b, e) || !derive_surface(w, &b, &m2, &from, e) ||
            !times(w, o->amount, "/m2", m2, raw, e))
            return false;
        *node = raw_node(w, *raw, from, o->amount, " × body surface");
        return true;
    case DERIVE_AUC: return raw_auc(w, raw, node, e);
    case DERIVE_BY_WEIGHT: return raw_by_weight(w, raw, node, e);
    }
    return err_set(e, ERR_INPUT, "basis", "the order names no basis");
}

static bool capped(struct derive_work *w, struct dec *dose, int *node, struct err *e)
{
    struct qty cap;
    unit_t u = unit_find(w->o->unit);
    if (!qty_is(w->o->cap))
        return true;
    if (!unit_same_dim(w->o->cap.u, u) || !qty_to(w->o->cap, u, &cap, e))
        return err_set(e, ERR_INPUT, "cap", "the cap is in %s and the dose in %s", unit_code(w->o->cap.u), w->o->unit);
    w->out->capped = dec_lt(cap.v, derive_snap(*dose));
    if (w->out->capped)
        *dose = cap.v;
    *node = derive_node(w, "after the cap", (struct qty){*dose, u}, FROM(*node, -1, -1, -1), "never more than %s: %s",
        derive_show(w, w->o->cap), w->out->capped ? "capped" : "not reached");
    return true;
}

static bool banded(struct derive_work *w, struct dec *dose, struct err *e)
{
    char a[DEC_TEXT_MAX + 8];
    if (w->o->band_n > DERIVE_BANDS_MAX)
        return err_set(e, ERR_TOO_LARGE, "bands", "a table has at most %d bands", DERIVE_BANDS_MAX);
    for (int i = 0; i < w->o->band_n; i++)
        if (dec_le(w->o->bands[i].from, *dose) && dec_lt(*dose, w->o->bands[i].below)) {
            w->out->band = i;
            *dose = w->o->bands[i].dose;
            return true;
        }
    return err_set(e, ERR_INPUT, "bands", "no band of the table holds a dose of %s %s", dec_show(*dose, a), w->o->unit);
}

static bool rounded(struct derive_work *w, struct dec *dose, int *node, struct err *e)
{
    struct dec before =
        derive_snap(*dose); /* here, not earlier: a product of a snapped number may lose the tie again */
    struct qty step;
    unit_t u = unit_find(w->o->unit);
    if (w->o->rounding == DERIVE_STEP) {
        if (!qty_is(w->o->step) || dec_sign(w->o->step.v) <= 0 || !unit_same_dim(w->o->step.u, u) ||
            !qty_to(w->o->step, u, &step, e))
            return err_set(e, ERR_INPUT, "step", "the rounding step must be more than nothing, in %s", w->o->unit);
        *dose = dec_round_to(before, step.v, w->o->how);
    } else if (w->o->rounding == DERIVE_BANDS) {
        *dose = before;
        if (!banded(w, dose, e))
            return false;
    } else
        *dose = derive_six(before);
    if (!dec_is(*dose) || dec_sign(*dose) <= 0)
        return err_set(e, ERR_INPUT, "dose", "the dose comes out as nothing");
    *dose = dec_trim(*dose);
    w->out->round_percent = dec_div(dec_mul(dec_abs(dec_sub(*dose, before)), dec_int(100)), before, 2, DEC_HALF_AWAY);
    char pc[DEC_TEXT_MAX + 8];
    *node = derive_node(w, "dose", (struct qty){*dose, u}, FROM(*node, -1, -1, -1), "%s: %s %% changed",
        w->o->rounding == DERIVE_STEP        ? "to a multiple of the step"
            : w->o->rounding == DERIVE_BANDS ? "by the band of the table"
                                             : "6 significant digits",
        dec_show(w->out->round_percent, pc));
    return true;
}

static bool adult(const struct derive_work *w, struct err *e)
{
    if (!dec_is(w->p->age))
        return err_set(e, ERR_INPUT, "age", "age is missing");
    if (dec_lt(w->p->age, dec_int(18)) || dec_lt(dec_int(120), w->p->age))
        return err_set(e, ERR_INPUT, "age", "age must be between 18 and 120 years: this content is for adults");
    return true;
}

bool derive_dose(struct arena *a, const struct derive_order *o, const struct derive_patient *p,
    struct derive_answer *out, struct err *e)
{
    struct derive_work w = {a, o, p, out};
    struct dec dose = DEC_NONE, percent;
    int node = -1, how = -1;
    *out = (struct derive_answer){.dose = QTY_NONE, .unrounded = QTY_NONE, .round_percent = DEC_NONE, .worst = -1,
        .weight_kg = DEC_NONE, .band = -1, .weight_band = -1, .percent = dec_int(100)};
    unit_t u = unit_find(o->unit ? o->unit : "");
    if (u == UNIT_NONE)
        return err_set(e, ERR_INPUT, "unit", "the order names no known unit of the dose");
    if (!adult(&w, e) || !derive_modify(&w, &how, e) || !raw_dose(&w, &dose, &node, e))
        return false;
    if (!dec_is(dose) || dec_sign(dose) <= 0)
        return err_set(e, ERR_INPUT, "dose", "the dose is out of range");
    if (!capped(&w, &dose, &node, e))
        return false;
    if (out->verdict != DERIVE_GIVE) {
        derive_node(
            &w, "verdict", QTY_NONE, FROM(how, node, -1, -1), "%s%s", derive_verdict_word(out->verdict), ": no dose");
        return true;
    }
    percent = out->percent;
    if (dec_lt(percent, dec_int(100))) {
        dose = dec_quot(dec_prod(dose, percent), dec_int(100));
        node = derive_node(
            &w, "modified dose", (struct qty){dose, u}, FROM(node, how, -1, -1), "per cent of the capped dose");
    } else if (how >= 0)
        node = derive_node(&w, "after modification", (struct qty){dose, u}, FROM(node, how, -1, -1), "full dose");
    out->unrounded = (struct qty){derive_snap(dose), u};
    if (!rounded(&w, &dose, &node, e))
        return false;
    out->dose = (struct qty){dose, u};
    return true;
}

/* ---- the tree as JSON ---------------------------------------------------------------------------------------- */

static void node_json(const struct derive_answer *x, int i, struct json *j, const char *key)
{
    const struct derive_node *n = &x->nodes[i];
    json_object(j, key);
    json_str(j, "name", n->name);
    if (qty_is(n->value))
        json_qty(j, "value", n->value);
    if (n->says)
        json_str(j, "says", n->says);
    if (n->source)
        json_str(j, "source", n->source);
    if (n->taken != UTC_NONE)
        json_time(j, "taken", n->taken);
    if (n->from_n) {
        json_list(j, "from");
        for (int k = 0; k < n->from_n; k++)
            node_json(x, n->from[k], j, NULL); /* always an earlier node: it ends */
        json_end(j, ']');
    }
    json_end(j, '}');
}

void derive_to_json(const struct derive_order *o, const struct derive_answer *x, struct json *j, const char *key)
{
    json_object(j, key);
    json_str(j, "drug", o->drug);
    json_str(j, "verdict", derive_verdict_word(x->verdict));
    if (x->verdict == DERIVE_DELAYED)
        json_int(j, "days", x->delay_days);
    json_list(j, "fired");
    for (int i = 0; i < x->fired_n; i++) {
        const struct derive_rule *r = &o->rules[x->fired[i]];
        json_object(j, NULL);
        json_str(j, "rule", r->id);
        json_str(j, "says", r->words);
        json_str(j, "source", r->source);
        json_bool(j, "worst", x->fired[i] == x->worst);
        json_end(j, '}');
    }
    json_end(j, ']');
    if (o->source)
        json_str(j, "source", o->source);
    if (x->node_n)
        node_json(x, x->node_n - 1, j, "tree");
    json_end(j, '}');
}
