#include "formulary/cases.h"

#include <stdio.h>
#include <string.h>

#include "clinic/calc.h"
#include "clinic/steps.h"
#include "formulary/check.h"

struct run {
    struct arena *a;
    const struct content *c;
    struct case_report *out;
    const char *entry, *name;
    bool failed;
};

static void miss(struct run *r, const char *fmt, ...) PRINTF(2, 3);
static void miss(struct run *r, const char *fmt, ...)
{
    char text[300];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (!r->failed && r->out->failed++ < CASE_FAILURES_MAX)
        r->out->failures[r->out->failed - 1] = (struct case_failure){r->entry, r->name, arena_strdup(r->a, text)};
    r->failed = true;
}

/* The number found, rounded to as many places as the case writes. */
static void same_dec(struct run *r, const char *what, struct dec wanted, struct dec found)
{
    char w[DEC_TEXT_MAX + 8], f[DEC_TEXT_MAX + 8];
    if (!dec_is(wanted))
        return;
    struct dec shown = dec_is(found) ? dec_round(found, wanted.scale > 0 ? wanted.scale : 0, DEC_HALF_AWAY) : DEC_NONE;
    if (!dec_is(shown) || !dec_eq(shown, wanted))
        miss(r, "%s: %s wanted, %s found", what, dec_show(wanted, w), dec_is(found) ? dec_show(dec_round(found, 4, DEC_HALF_AWAY), f) : "nothing");
}

static void same_qty(struct run *r, const char *what, struct qty wanted, struct qty found)
{
    struct err e = {0};
    struct qty in;
    if (!qty_is(wanted))
        return;
    if (!qty_is(found) || !qty_to(found, wanted.u, &in, &e))
        miss(r, "%s: nothing found in %s", what, unit_code(wanted.u));
    else
        same_dec(r, what, wanted.v, in.v);
}

/* ---- a drug ------------------------------------------------------------------------------------------------------------ */

struct bag {
    struct qty diluent, volume, concentration;
};

/* The bag the content would have: the largest or smallest whose concentration is allowed. */
static bool bag_for(const struct drug *d, struct qty dose, struct bag *out)
{
    const struct drug_preparation *p = d->preparation;
    const char *unit = check_dose_unit(d);
    struct dec amount = check_in(dose, unit), ml = check_in(d->vials[0].volume, "mL");
    struct dec drug_ml = dec_round(dec_quot(dec_mul(amount, ml), check_in(d->vials[0].amount, unit)), 2, DEC_HALF_AWAY);
    unit_t u_ml = unit_find("mL"), u_conc = unit_find(check_per(unit, "mL"));
    bool diluted = p && strcmp(p->final_volume, "diluent_plus_drug") == 0, found = !diluted;
    *out = (struct bag){QTY_NONE, {drug_ml, u_ml}, {dec_quot(amount, drug_ml), u_conc}};
    for (int i = 0; diluted && i < p->diluents_count; i++) {
        struct qty bag = p->diluents[i].volume;
        struct dec total = dec_add(check_in(bag, "mL"), drug_ml), conc = dec_quot(amount, total);
        struct dec low = check_in(p->concentration_min, unit_code(u_conc)), high = check_in(p->concentration_max, unit_code(u_conc));
        if ((dec_is(low) && dec_lt(conc, low)) || (dec_is(high) && dec_lt(high, conc)))
            continue;
        int order = found ? check_cmp(bag, out->diluent) : 1;
        if (!found || (strcmp(p->bag_choice, "largest_allowed") == 0 ? order > 0 : order < 0))
            *out = (struct bag){bag, {total, u_ml}, {conc, u_conc}};
        found = true;
    }
    return found && dec_is(drug_ml);
}

/* Minutes and first rate: by the steps, else by the planned time. */
static bool flow_of(struct run *r, const struct drug *d, const struct drug_case *k, const struct bag *b, struct dec *minutes,
                    struct dec *first, struct err *e)
{
    const struct drug_infusion *n = d->infusion;
    struct step steps[STEPS_MAX];
    struct step_plan plan;
    *minutes = *first = DEC_NONE;
    if (!n)
        return true;
    for (int i = 0; i < n->steps_count && i < STEPS_MAX; i++) {
        if (!steps_rate_ml_h(n->steps[i].rate, k->weight, b->concentration, &steps[i].rate, e))
            return false;
        steps[i].minutes = n->steps[i].minutes == INT_NONE ? DEC_NONE : dec_int(n->steps[i].minutes);
    }
    if (n->steps_count) {
        if (!steps_run(r->a, steps, n->steps_count, b->volume.v, &plan, e))
            return false;
        *minutes = plan.minutes;
        *first = plan.segments[0].rate;
    } else if (n->planned_min != INT_NONE) {
        *minutes = dec_int(n->planned_min);
        *first = dec_quot(dec_mul(b->volume.v, dec_int(60)), *minutes);
    }
    return true;
}

static void same_units(struct run *r, const struct drug *d, const struct drug_case *k)
{
    int64_t units;
    const struct drug_billing *b = k->day ? drug_billing_on(d, k->day) : NULL;
    struct dec n = b ? check_in(qty_div(k->dose, b->unit), "1") : DEC_NONE;
    if (k->units == INT_NONE)
        return;
    if (!dec_is(n) || !dec_to_int(n, DEC_UP, &units))
        miss(r, "units: no billing row on %s", k->day ? k->day : "a day the case must name");
    else if (units != k->units)
        miss(r, "units: %lld wanted, %lld found", (long long)k->units, (long long)units);
}

static void drug_case(struct run *r, const struct drug *d, const struct drug_case *k)
{
    struct bag b = {QTY_NONE, QTY_NONE, QTY_NONE};
    struct dec minutes, first;
    struct err e = {0};
    if (!d->vials_count || !qty_is(d->vials[0].volume) || !bag_for(d, k->dose, &b)) {
        if (!k->refuses || !strstr("no diluent bag", k->refuses))
            miss(r, "no diluent bag of the file gives an allowed concentration");
        return;
    }
    const struct drug_limit *l = drug_limit_of(d, "dose");
    bool over = l && check_cmp(k->dose, l->hard_high) == 1;
    if (over || k->refuses) {
        if (over != (k->refuses && strstr("above the hard limit", k->refuses)))
            miss(r, over ? "the dose is above the hard limit" : "nothing refuses it");
        return;
    }
    if (!flow_of(r, d, k, &b, &minutes, &first, &e)) {
        miss(r, "%s: %s", e.where, e.text);
        return;
    }
    same_qty(r, "bag", k->bag, b.diluent);
    same_qty(r, "volume", k->volume, b.volume);
    same_qty(r, "concentration", k->concentration, b.concentration);
    same_qty(r, "first rate", k->first_rate, (struct qty){first, unit_find("mL/h")});
    same_dec(r, "minutes", k->minutes, minutes);
    same_units(r, d, k);
}

/* ---- a regimen ----------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool needs(struct qty q, const char *what, struct err *e)
{
    return qty_is(q) || err_set(e, ERR_INPUT, what, "the case names no %s", what);
}

MUST_CHECK static bool calculate(const char *id, const struct calc_arg *args, int n, struct qty *out, struct err *e)
{
    const struct calc *k = calc_find(id);
    struct calc_result r;
    if (!k)
        return err_set(e, ERR_INTERNAL, id, "there is no such calculation");
    if (!calc_run(k, args, n, &r, e))
        return false;
    *out = r.value;
    return true;
}

MUST_CHECK static bool weight_for(const struct regimen_dose *x, const struct regimen_case *of, struct qty *out, struct err *e)
{
    const struct calc_arg body[] = {{"weight", of->weight, NULL}, {"height", of->height, NULL}, {"sex", QTY_NONE, of->sex}};
    struct qty bmi;
    if (!needs(of->weight, "weight", e))
        return false;
    *out = of->weight;
    if (!x->weight || strcmp(x->weight, "dosing") != 0 || !qty_is(of->height) || !of->sex)
        return true;
    if (!calculate("bmi", body, 2, &bmi, e))
        return false;
    return !dec_lt(x->dosing_bmi, bmi.v) || calculate("ivig.dosing_weight", body, 3, out, e);
}

MUST_CHECK static bool raw_dose(const struct regimen_dose *x, const struct regimen_case *of, struct qty *out, struct err *e)
{
    struct qty flat = x->flat, per_kg = x->per_kg, bsa, weight;
    if (strcmp(x->basis, "per_m2") == 0) {
        const struct calc_arg body[] = {{"weight", of->weight, NULL}, {"height", of->height, NULL}};
        if (!needs(of->weight, "weight", e) || !needs(of->height, "height", e) ||
            !calculate(strcmp(x->bsa, "dubois") == 0 ? "bsa.dubois" : "bsa.mosteller", body, 2, &bsa, e))
            return false;
        *out = qty_mul(x->per_m2, bsa);
        return true;
    }
    if (strcmp(x->basis, "auc") == 0) {
        const struct calc_arg in[] = {{"auc", x->auc, NULL}, {"gfr", of->gfr, NULL}, {"gfr_cap", x->gfr_cap, NULL}};
        return needs(of->gfr, "gfr", e) && calculate("carboplatin.calvert", in, 3, out, e);
    }
    if (strcmp(x->basis, "flat") != 0 && !weight_for(x, of, &weight, e))
        return false;
    for (int i = 0; strcmp(x->basis, "band") == 0 && i < x->bands_count; i++)
        if (check_cmp(x->bands[i].from, weight) <= 0 && check_cmp(weight, x->bands[i].below) < 0) {
            flat = x->bands[i].flat;
            per_kg = x->bands[i].per_kg;
        }
    *out = qty_is(flat) ? flat : qty_mul(per_kg, weight);
    return qty_is(*out) || err_set(e, ERR_INPUT, "weight", "no band holds this weight");
}

bool case_dose(struct arena *a, const struct content *c, const struct regimen_dose *x, const struct regimen_case *of,
    struct qty *out, struct err *e)
{
    const struct drug *d = content_drug(c, x->drug);
    (void)a;
    if (!d || !raw_dose(x, of, out, e) || !qty_to(*out, unit_find(d->show_unit), out, e))
        return d != NULL ? false : err_set(e, ERR_NOT_FOUND, "drug", "no drug \"%s\"", x->drug);
    if (qty_is(x->cap) && check_cmp(*out, x->cap) == 1 && !qty_to(x->cap, out->u, out, e))
        return false;
    if (qty_is(x->round_step)) {
        struct qty step;
        enum dec_round how = strcmp(x->round, "down") == 0 ? DEC_DOWN : strcmp(x->round, "up") == 0 ? DEC_UP : DEC_HALF_AWAY;
        if (!qty_to(x->round_step, out->u, &step, e))
            return false;
        out->v = dec_round_to(out->v, step.v, how);
    }
    return true;
}

static void regimen_case(struct run *r, const struct regimen *g, const struct regimen_case *k)
{
    const struct regimen_dose *x = regimen_find_dose(g, k->dose);
    struct qty found = QTY_NONE;
    struct err e = {0};
    if (!x)
        miss(r, "no dose \"%s\"", k->dose);
    else if (!case_dose(r->a, r->c, x, k, &found, &e))
        miss(r, "%s: %s", e.where, e.text);
    else if (check_cmp(k->expect, found) != 0) { /* a dose after rounding is exact */
        char w[QTY_TEXT_MAX], f[QTY_TEXT_MAX];
        miss(r, "%s: %s wanted, %s found", k->dose, qty_show(k->expect, w), qty_show(found, f));
    }
}

void content_test(struct arena *a, const struct content *c, struct case_report *out)
{
    struct run r = {.a = a, .c = c, .out = out};
    *out = (struct case_report){0, 0, {{NULL, NULL, NULL}}};
    for (int i = 0; i < c->drugs_count; i++) {
        r.entry = arena_printf(a, "drug %s", c->drugs[i].id);
        for (int k = 0; k < c->drugs[i].cases_count; k++, out->run++) {
            r.name = c->drugs[i].cases[k].name;
            r.failed = false;
            drug_case(&r, &c->drugs[i], &c->drugs[i].cases[k]);
        }
    }
    for (int i = 0; i < c->regimens_count; i++) {
        r.entry = arena_printf(a, "regimen %s", c->regimens[i].id);
        for (int k = 0; k < c->regimens[i].cases_count; k++, out->run++) {
            r.name = c->regimens[i].cases[k].name;
            r.failed = false;
            regimen_case(&r, &c->regimens[i], &c->regimens[i].cases[k]);
        }
    }
}
