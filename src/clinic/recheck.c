#include "clinic/recheck.h"

#include <stdio.h>
#include <string.h>

#include "clinic/ctcae.h"
#include "clinic/recheck_inner.h"

struct again {
    const struct derive_order *o;
    const struct derive_patient *p;
    struct recheck *out;
};

static bool refuse(struct again *g, const char *why)
{
    g->out->result = RECHECK_REFUSED;
    g->out->why = why;
    return false;
}

static int cmp_lit(const mpq_t x, const char *decimal)
{
    mpq_t k;
    mpq_init(k);
    frac_lit(k, decimal);
    int c = mpq_cmp(x, k);
    mpq_clear(k);
    return c;
}

static int cmp_dec(const mpq_t x, struct dec d)
{
    mpq_t k;
    mpq_init(k);
    frac_dec(k, d);
    int c = mpq_cmp(x, k);
    mpq_clear(k);
    return c;
}

static void mul_lit(mpq_t x, const char *decimal)
{
    mpq_t k;
    mpq_init(k);
    frac_lit(k, decimal);
    mpq_mul(x, x, k);
    mpq_clear(k);
}

static bool too_old(const struct again *g, int max_age_days, utc_t taken)
{
    if (max_age_days <= 0)
        return false;
    return taken == UTC_NONE || taken > g->p->now || taken < g->p->now - (int64_t)max_age_days * UTC_DAY;
}

/* The reading in `unit`, between the limits of what is human. */
static bool reading(struct again *g, const char *name, const struct derive_reading *r, const char *unit,
    const char *low, const char *high, mpq_t out)
{
    if (strcmp(name, "creatinine") == 0 && frac_qty(out, r->value, "umol/L")) {
        mpq_t molar;
        mpq_init(molar);
        frac_lit(molar, "88.4");
        mpq_div(out, out, molar);
        mpq_clear(molar);
    } else if (!frac_qty(out, r->value, unit))
        return refuse(g, name);
    if (cmp_lit(out, low) < 0 || cmp_lit(out, high) > 0 || too_old(g, r->max_age_days, r->taken))
        return refuse(g, name);
    return true;
}

/* ---- size
 * ---------------------------------------------------------------------------------------------------------------- */

static void body_mass_index(mpq_t out, const mpq_t kg, const mpq_t cm)
{
    mpq_mul(out, cm, cm);
    mpq_div(out, kg, out);
    mul_lit(out, "10000");
}

/* kg at the start the weight measured; at the end the weight used. */
static bool apply_policy(struct again *g, mpq_t kg, const mpq_t cm)
{
    const struct derive_order *o = g->o;
    if (!g->p->sex || (strcmp(g->p->sex, "male") && strcmp(g->p->sex, "female")))
        return refuse(g, "sex");
    if (cmp_lit(cm, "152.4") < 0)
        return true;
    mpq_t ideal, k, bmi;
    mpq_inits(ideal, k, bmi, NULL);
    frac_lit(k, "152.4");
    mpq_sub(ideal, cm, k);
    mul_lit(ideal, "2.3");
    frac_lit(k, "2.54");
    mpq_div(ideal, ideal, k);
    frac_lit(k, strcmp(g->p->sex, "male") == 0 ? "50" : "45.5");
    mpq_add(ideal, ideal, k);
    body_mass_index(bmi, kg, cm);
    bool heavy = mpq_cmp(kg, ideal) > 0, adjust = o->weight == DERIVE_ADJUSTED ||
        (o->weight == DERIVE_BY_BMI && dec_is(o->bmi_over) && cmp_dec(bmi, o->bmi_over) > 0);
    if (o->weight == DERIVE_IDEAL || (o->weight == DERIVE_LOWER && heavy))
        mpq_set(kg, ideal);
    else if (o->weight != DERIVE_LOWER && adjust && heavy) {
        mpq_sub(k, kg, ideal);
        mul_lit(k, "0.4");
        mpq_add(kg, ideal, k);
    }
    mpq_clears(ideal, k, bmi, NULL);
    return true;
}

static bool keep_or_doubt(struct again *g, mpq_t kg)
{
    mpq_t before, change, limit;
    bool ok = true;
    if (!qty_is(g->p->weight_before))
        return true;
    mpq_inits(before, change, limit, NULL);
    if (!frac_qty(before, g->p->weight_before, "kg") || mpq_sgn(before) <= 0)
        ok = refuse(g, "weight_before");
    if (ok) {
        mpq_div(change, kg, before);
        if ((cmp_lit(change, "2.1") > 0 && cmp_lit(change, "2.3") < 0) ||
            (cmp_lit(change, "0.435") > 0 && cmp_lit(change, "0.475") < 0))
            ok = refuse(g, "weight");
    }
    if (ok && dec_is(g->o->keep_weight_percent)) {
        mpq_sub(change, kg, before);
        mpq_abs(change, change);
        mul_lit(change, "100");
        frac_dec(limit, g->o->keep_weight_percent);
        mpq_mul(limit, limit, before);
        if (mpq_cmp(change, limit) < 0)
            mpq_set(kg, before);
    }
    mpq_clears(before, change, limit, NULL);
    return ok;
}

static bool weigh(struct again *g, bool tall, mpq_t kg, mpq_t cm)
{
    bool height = tall || g->o->weight != DERIVE_ACTUAL, ok = true;
    mpq_t bmi;
    if (!reading(g, "weight", &g->p->weight, "kg", "20", "400", kg) ||
        (height && !reading(g, "height", &g->p->height, "cm", "100", "250", cm)))
        return false;
    mpq_init(bmi);
    if (height) {
        body_mass_index(bmi, kg, cm);
        if (cmp_lit(bmi, "8") < 0 || cmp_lit(bmi, "120") > 0)
            ok = refuse(g, "weight");
    }
    ok = ok && keep_or_doubt(g, kg) && (g->o->weight == DERIVE_ACTUAL || apply_policy(g, kg, cm));
    if (ok && qty_is(g->o->weight_cap)) {
        if (!frac_qty(bmi, g->o->weight_cap, "kg"))
            ok = refuse(g, "weight_cap");
        else if (mpq_cmp(bmi, kg) < 0)
            mpq_set(kg, bmi);
    }
    mpq_clear(bmi);
    return ok;
}

static void times_bounds(struct bounds *x, const struct bounds *y, const char *factor)
{
    mpq_mul(x->lo, x->lo, y->lo);
    mpq_mul(x->hi, x->hi, y->hi);
    mul_lit(x->lo, factor);
    mul_lit(x->hi, factor);
}

static void surface_bounds(const struct derive_order *o, mpq_t kg, const mpq_t cm, struct bounds *m2)
{
    static const struct {
        const char *factor, *weight, *height;
    } k[] = {[DERIVE_DUBOIS] = {"0.007184", "0.425", "0.725"},
        [DERIVE_HAYCOCK] = {"0.024265", "0.5378", "0.3964"},
        [DERIVE_GEHAN_GEORGE] = {"0.0235", "0.51456", "0.42246"},
        [DERIVE_BOYD] = {"0.0003207", NULL, "0.3"}};
    struct bounds h;
    if (o->surface == DERIVE_MOSTELLER) {
        mpq_t x;
        mpq_init(x);
        mpq_set_si(x, 1, 3600);
        mpq_mul(x, x, kg);
        mpq_mul(x, x, cm);
        bounds_sqrt(m2, x);
        mpq_clear(x);
        return;
    }
    bounds_init(&h);
    if (o->surface == DERIVE_BOYD) {
        mul_lit(kg, "1000");
        bounds_boyd(m2, kg);
    } else
        bounds_pow(m2, kg, k[o->surface].weight);
    bounds_pow(&h, cm, k[o->surface].height);
    times_bounds(m2, &h, k[o->surface].factor);
    bounds_clear(&h);
}

static bool surface_size(struct again *g, struct bounds *size)
{
    mpq_t kg, cm, cap;
    mpq_inits(kg, cm, cap, NULL);
    bool ok = weigh(g, true, kg, cm);
    if (ok)
        surface_bounds(g->o, kg, cm, size);
    if (ok && qty_is(g->o->surface_cap)) {
        if (!frac_qty(cap, g->o->surface_cap, "m2"))
            ok = refuse(g, "surface_cap");
        else if (mpq_cmp(cap, size->lo) < 0)
            mpq_set(size->lo, cap);
        if (ok && mpq_cmp(cap, size->hi) < 0)
            mpq_set(size->hi, cap);
    }
    mpq_clears(kg, cm, cap, NULL);
    return ok;
}

/* Cockcroft and Gault + 25, the part of Calvert's formula an AUC is multiplied with. */
static bool estimate(struct again *g, mpq_t gfr)
{
    mpq_t kg, cm, scr, k;
    mpq_inits(kg, cm, scr, k, NULL);
    bool ok = g->p->sex && (strcmp(g->p->sex, "male") == 0 || strcmp(g->p->sex, "female") == 0);
    if (!ok)
        refuse(g, "sex");
    ok = ok && weigh(g, false, kg, cm) && reading(g, "creatinine", &g->p->creatinine, "mg/dL", "0.1", "30", scr);
    if (ok && qty_is(g->o->creatinine_floor)) {
        struct derive_reading floor = {.value = g->o->creatinine_floor};
        ok = reading(g, "creatinine", &floor, "mg/dL", "0.1", "30", k);
        if (ok && mpq_cmp(scr, k) < 0)
            mpq_set(scr, k);
    }
    if (ok) {
        mpq_set_si(gfr, 140, 1);
        frac_dec(k, g->p->age);
        mpq_sub(gfr, gfr, k);
        mpq_mul(gfr, gfr, kg);
        mul_lit(scr, "72");
        mpq_div(gfr, gfr, scr);
        if (strcmp(g->p->sex, "female") == 0)
            mul_lit(gfr, "0.85");
        ok = mpq_sgn(gfr) > 0 || refuse(g, "age");
    }
    if (ok && qty_is(g->o->gfr_cap) && (ok = frac_qty(k, g->o->gfr_cap, "mL/min")) && mpq_cmp(k, gfr) < 0)
        mpq_set(gfr, k);
    mpq_clears(kg, cm, scr, k, NULL);
    return ok;
}

static bool kidney_size(struct again *g, struct bounds *size)
{
    mpq_t k;
    bool ok =
        qty_is(g->p->gfr.value) ? reading(g, "gfr", &g->p->gfr, "mL/min", "1", "300", size->lo) : estimate(g, size->lo);
    if (!ok)
        return false;
    mpq_init(k);
    mpq_set_si(k, 25, 1);
    mpq_add(size->lo, size->lo, k);
    mpq_set(size->hi, size->lo);
    mpq_clear(k);
    return true;
}

static bool by_weight_band(struct again *g, mpq_t each, struct bounds *size)
{
    mpq_t kg, cm;
    bool ok = false;
    mpq_inits(kg, cm, NULL);
    if (weigh(g, false, kg, cm)) {
        for (int i = 0; i < g->o->weight_band_n && !ok; i++) {
            const struct derive_weight_band *b = &g->o->weight_bands[i];
            if (cmp_dec(kg, b->from) < 0 || cmp_dec(kg, b->below) >= 0)
                continue;
            ok = frac_amount(each, b->amount, "", g->o->unit);
            mpq_set_si(size->lo, 1, 1);
            if (!ok && (ok = frac_amount(each, b->amount, "/kg", g->o->unit)))
                mpq_set(size->lo, kg);
            mpq_set(size->hi, size->lo);
        }
        if (!ok)
            refuse(g, "weight");
    }
    mpq_clears(kg, cm, NULL);
    return ok;
}

/* dose = each × size */
static bool full_dose(struct again *g, struct bounds *dose)
{
    static const char *const per[] = {
        [DERIVE_FLAT] = "", [DERIVE_PER_KG] = "/kg", [DERIVE_PER_M2] = "/m2", [DERIVE_AUC] = ""};
    mpq_t each, cm;
    mpq_inits(each, cm, NULL);
    bool ok = true;
    mpq_set_si(dose->lo, 1, 1);
    mpq_set_si(dose->hi, 1, 1);
    if (g->o->basis == DERIVE_BY_WEIGHT)
        ok = by_weight_band(g, each, dose);
    else if (g->o->basis == DERIVE_AUC) { /* mg.min/mL × mL/min = mg, then in the answer's unit */
        mpq_t mg;
        mpq_init(mg);
        ok = frac_qty(each, g->o->amount, "mg.min/mL") &&
            frac_qty(mg, (struct qty){dec_int(1), unit_find("mg")}, g->o->unit);
        mpq_mul(each, each, mg);
        mpq_clear(mg);
        ok = ok ? kidney_size(g, dose) : refuse(g, "amount");
    } else if (!frac_amount(each, g->o->amount, per[g->o->basis], g->o->unit))
        ok = refuse(g, "amount");
    else if (g->o->basis == DERIVE_PER_M2)
        ok = surface_size(g, dose);
    else if (g->o->basis == DERIVE_PER_KG) {
        ok = weigh(g, false, dose->lo, cm);
        mpq_set(dose->hi, dose->lo);
    }
    if (ok && mpq_sgn(each) <= 0)
        ok = refuse(g, "amount");
    mpq_mul(dose->lo, dose->lo, each);
    mpq_mul(dose->hi, dose->hi, each);
    mpq_clears(each, cm, NULL);
    return ok;
}

/* ---- rules
 * ----------------------------------------------------------------------------------------------------------------- */

/* The rule's number: value ÷ limit of normal, grade, or per cent of change. */
static bool measure(struct again *g, const struct derive_rule *r, const struct derive_finding *f, mpq_t x, bool *skip)
{
    mpq_t of;
    bool ok;
    if (r->measure == DERIVE_GRADE) {
        mpq_set_si(x, f->grade, 1);
        return (f->grade >= 0 && f->grade <= 5) || refuse(g, r->name);
    }
    if (r->measure == DERIVE_VALUE)
        return frac_qty(x, f->value, r->unit) || refuse(g, r->name);
    mpq_init(of);
    if (r->measure == DERIVE_WEIGHT_CHANGE) {
        *skip = !qty_is(g->p->weight_before);
        ok = *skip ||
            (frac_qty(x, g->p->weight.value, "kg") && frac_qty(of, g->p->weight_before, "kg") && mpq_sgn(of) > 0);
        if (ok && !*skip) {
            mpq_sub(x, x, of);
            mpq_abs(x, x);
            mul_lit(x, "100");
        }
    } else {
        struct qty normal = r->measure == DERIVE_TIMES_ULN ? f->uln
            : r->measure == DERIVE_TIMES_LLN               ? f->lln
                                                           : f->baseline;
        const char *unit = qty_is(f->value) ? unit_code(f->value.u) : "1";
        ok = frac_qty(x, f->value, unit) && frac_qty(of, normal, unit) && mpq_sgn(of) > 0;
    }
    if (ok && !*skip)
        mpq_div(x, x, of);
    mpq_clear(of);
    return ok || refuse(g, r->name ? r->name : "weight_before");
}

static const struct derive_finding *found(const struct again *g, const struct derive_rule *r)
{
    for (int i = g->p->finding_n - 1, at = -1; i >= -1; i--) {
        if (i == -1)
            return at < 0 ? NULL : &g->p->findings[at];
        if (g->p->findings[i].when == r->when && strcmp(g->p->findings[i].name, r->name) == 0)
            at = i; /* the first of its name */
    }
    return NULL;
}

static bool fires(struct again *g, const struct derive_rule *r, bool *out)
{
    const struct derive_finding *f = r->measure == DERIVE_WEIGHT_CHANGE ? NULL : found(g, r);
    bool skip = false;
    mpq_t x;
    *out = false;
    if (r->measure != DERIVE_WEIGHT_CHANGE && (!f || too_old(g, f->max_age_days, f->taken)))
        return refuse(g, r->name);
    mpq_init(x);
    bool ok = measure(g, r, f, x, &skip);
    if (ok && !skip)
        *out = !(dec_is(r->from) && cmp_dec(x, r->from) < 0) && !(dec_is(r->below) && cmp_dec(x, r->below) >= 0);
    mpq_clear(x);
    return ok;
}

/* Verdict, delay, and the per cent that is left: each rule lowers what the ones before left. */
static bool judge(struct again *g, mpq_t percent)
{
    const struct derive_order *o = g->o;
    mpq_t p;
    bool ok = o->level <= 0 && -o->level <= o->level_n;
    if (!ok)
        return refuse(g, "level");
    mpq_init(p);
    mpq_set_si(percent, 100, 1);
    if (o->level < 0)
        frac_dec(percent, o->levels[-o->level - 1]);
    for (int i = 0; i < o->rule_n && ok; i++) {
        const struct derive_rule *r = &o->rules[i];
        bool fired;
        if (!(ok = fires(g, r, &fired)) || !fired)
            continue;
        enum derive_verdict v = r->action == DERIVE_STOP ? DERIVE_STOPPED : r->action == DERIVE_DELAY ? DERIVE_DELAYED
            : r->action == DERIVE_OMIT                   ? DERIVE_OMITTED
            : r->action == DERIVE_ASK                    ? DERIVE_ASKED
                                                         : DERIVE_GIVE;
        if (v > g->out->verdict)
            g->out->verdict = v;
        if (v == DERIVE_DELAYED && r->days > g->out->delay_days)
            g->out->delay_days = r->days;
        if (r->action == DERIVE_LEVEL && -r->level > o->level_n)
            ok = refuse(g, "level");
        else if (r->action == DERIVE_LEVEL || r->action == DERIVE_REDUCE) {
            frac_dec(p, r->action == DERIVE_LEVEL ? o->levels[-r->level - 1] : r->percent);
            if (mpq_cmp(p, percent) < 0)
                mpq_set(percent, p);
        }
    }
    if (g->out->verdict != DERIVE_DELAYED)
        g->out->delay_days = 0;
    mpq_clear(p);
    return ok;
}

/* ---- from the full dose to the digits
 * -------------------------------------------------------------------------------------- */

/* x = whole number nearest to n (half away), down or up. */
static void to_whole(mpz_t out, const mpq_t n, enum dec_round how)
{
    mpz_t twice;
    mpz_init(twice);
    if (how == DEC_UP)
        mpz_cdiv_q(out, mpq_numref(n), mpq_denref(n));
    else if (how == DEC_DOWN)
        mpz_fdiv_q(out, mpq_numref(n), mpq_denref(n));
    else {
        mpz_mul_2exp(out, mpq_numref(n), 1);
        mpz_add(out, out, mpq_denref(n));
        mpz_mul_2exp(twice, mpq_denref(n), 1);
        mpz_fdiv_q(out, out, twice);
    }
    mpz_clear(twice);
}

static void to_multiple(mpq_t x, const mpq_t step, enum dec_round how)
{
    mpz_t whole;
    mpz_init(whole);
    mpq_div(x, x, step);
    to_whole(whole, x, how);
    mpq_set_z(x, whole);
    mpq_mul(x, x, step);
    mpz_clear(whole);
}

/* Six digits: the step is 10^(digits before the point − 6). */
static void to_six(mpq_t x)
{
    mpq_t step, top;
    mpq_inits(step, top, NULL);
    mpq_set_si(top, 1000000, 1);
    mpq_set_si(step, 1, 1);
    while (mpq_cmp(x, top) >= 0) {
        mul_lit(top, "10");
        mul_lit(step, "10");
    }
    mul_lit(top, "0.1");
    while (mpq_cmp(x, top) < 0) {
        mul_lit(top, "0.1");
        mul_lit(step, "0.1");
    }
    to_multiple(x, step, DEC_HALF_AWAY);
    mpq_clears(step, top, NULL);
}

static bool write_digits(mpq_t x, char out[RECHECK_TEXT_MAX])
{
    mpz_t scaled, rest;
    mpz_inits(scaled, rest, NULL);
    bool done = false;
    for (int places = 0; places <= DEC_SCALE_MAX && !done; places++) {
        char text[RECHECK_TEXT_MAX];
        mpz_ui_pow_ui(scaled, 10, (unsigned long)places);
        mpz_mul(scaled, scaled, mpq_numref(x));
        mpz_tdiv_qr(scaled, rest, scaled, mpq_denref(x));
        if (mpz_sgn(rest) != 0)
            continue;
        if (mpz_sizeinbase(scaled, 10) + 4 > sizeof text - DEC_SCALE_MAX)
            break;
        gmp_snprintf(text, sizeof text, "%0*Zd", places + 1, scaled);
        size_t whole = strlen(text) - (size_t)places;
        snprintf(out, RECHECK_TEXT_MAX, "%.*s%s%s", (int)whole, text, places ? "." : "", text + whole);
        done = true;
    }
    mpz_clears(scaled, rest, NULL);
    return done;
}

static bool cap_fits(struct again *g)
{
    mpq_t k;
    mpq_init(k);
    bool ok = !qty_is(g->o->cap) || frac_qty(k, g->o->cap, g->o->unit) || refuse(g, "cap");
    mpq_clear(k);
    return ok;
}

static bool finish(struct again *g, mpq_t x, const mpq_t percent, char text[RECHECK_TEXT_MAX])
{
    const struct derive_order *o = g->o;
    mpq_t k;
    bool ok = true;
    mpq_init(k);
    if (qty_is(o->cap)) {
        ok = frac_qty(k, o->cap, o->unit);
        if (ok && mpq_cmp(k, x) < 0)
            mpq_set(x, k);
    }
    mpq_mul(x, x, percent);
    mul_lit(x, "0.01");
    if (ok && o->rounding == DERIVE_STEP) {
        ok = frac_qty(k, o->step, o->unit) && mpq_sgn(k) > 0;
        if (ok)
            to_multiple(x, k, o->how);
    } else if (ok && o->rounding == DERIVE_BANDS) {
        int hit = -1;
        for (int i = o->band_n - 1; i >= 0; i--)
            if (cmp_dec(x, o->bands[i].from) >= 0 && cmp_dec(x, o->bands[i].below) < 0)
                hit = i;
        ok = hit >= 0;
        if (ok)
            frac_dec(x, o->bands[hit].dose);
    } else if (ok)
        to_six(x);
    ok = ok && mpq_sgn(x) > 0 && write_digits(x, text);
    mpq_clear(k);
    return ok;
}

void recheck_dose(const struct derive_order *o, const struct derive_patient *p, struct recheck *out)
{
    struct again g = {o, p, out};
    struct bounds dose;
    mpq_t percent;
    *out = (struct recheck){.result = RECHECK_REFUSED, .why = "age"};
    if (!dec_is(p->age) || p->age.scale < 0)
        return;
    mpq_init(percent);
    frac_dec(percent, p->age);
    bool adult = cmp_lit(percent, "18") >= 0 && cmp_lit(percent, "120") <= 0;
    bounds_init(&dose);
    if (adult && judge(&g, percent) && full_dose(&g, &dose) && cap_fits(&g)) {
        bool low = finish(&g, dose.lo, percent, out->dose), high = finish(&g, dose.hi, percent, out->other);
        if (out->verdict != DERIVE_GIVE)
            out->result = RECHECK_NO_DOSE;
        else if (low != high)
            out->result = RECHECK_BOUNDARY;
        else if (!low)
            refuse(&g, "bands");
        else
            out->result = strcmp(out->dose, out->other) == 0 ? RECHECK_DOSE : RECHECK_BOUNDARY;
    }
    bounds_clear(&dose);
    mpq_clear(percent);
}

bool recheck_agrees(const struct derive_answer *first, bool first_ok, const struct recheck *second)
{
    char text[DEC_TEXT_MAX];
    if (!first_ok || second->result == RECHECK_REFUSED)
        return !first_ok && second->result == RECHECK_REFUSED;
    if (first->verdict != second->verdict || first->delay_days != second->delay_days)
        return false;
    if (first->verdict != DERIVE_GIVE)
        return second->result == RECHECK_NO_DOSE;
    return second->result == RECHECK_DOSE && strcmp(dec_text(dec_trim(first->dose.v), text), second->dose) == 0;
}

int recheck_grade(const struct ctcae_term *t, struct qty value, struct qty lln, struct qty uln, struct qty baseline)
{
    mpq_t v, normal, base, limit;
    mpq_inits(v, normal, base, limit, NULL);
    bool potassium = strcmp(t->name, "potassium") == 0;
    int grade = frac_qty(v, value, t->unit) && mpq_sgn(v) >= 0 ? 0 : -1;
    if (t->of != CTCAE_VALUE && grade == 0 &&
        (!frac_qty(normal, t->of == CTCAE_LLN ? lln : uln, t->unit) || mpq_sgn(normal) <= 0))
        grade = -1;
    if (t->of == CTCAE_ULN && grade == 0 && !potassium && qty_is(baseline)) {
        if (!frac_qty(base, baseline, t->unit) || mpq_sgn(base) < 0)
            grade = -1;
        else if (mpq_cmp(base, normal) > 0)
            mpq_set(normal, base);
    }
    for (int i = 3; i >= 0 && grade == 0; i--) {
        if (!t->limit[i])
            continue;
        bool own = t->of == CTCAE_VALUE || (i > 0 && (potassium || t->of == CTCAE_LLN));
        if (t->of == CTCAE_LLN && i == 0)
            mpq_set(limit, normal);
        else
            frac_lit(limit, t->limit[i]);
        if (!own && t->of == CTCAE_ULN)
            mpq_mul(limit, limit, normal);
        int c = mpq_cmp(v, limit);
        if (t->falls ? c < 0 : c > 0)
            grade = i + 1;
    }
    mpq_clears(v, normal, base, limit, NULL);
    return grade;
}
