/* Size of the body and of the kidney: what a dose is multiplied with. */
#include <string.h>

#include "base/dec_math.h"
#include "clinic/derive_inner.h"

/* What no adult is, whatever the two numbers are by themselves: height and weight swapped, a slip of a digit. */
#define BMI_LOW "8"
#define BMI_HIGH "120"

static const struct derive_wanted want_weight = {"weight", "kg", "20", "400"};
static const struct derive_wanted want_height = {"height", "cm", "100", "250"};
static const struct derive_wanted want_creatinine = {"creatinine", "mg/dL", "0.1", "30"};
static const struct derive_wanted want_gfr = {"gfr", "mL/min", "1", "300"};

static bool fresh(const struct derive_work *w, const char *name, const struct derive_reading *r, struct err *e)
{
    if (r->max_age_days <= 0)
        return true;
    if (r->taken == UTC_NONE)
        return err_set(e, ERR_INPUT, name, "%s has no date: it must not be older than %d days", name, r->max_age_days);
    if (r->taken > w->p->now)
        return err_set(e, ERR_INPUT, name, "%s is dated in the future", name);
    if (w->p->now - r->taken > r->max_age_days * UTC_DAY)
        return err_set(e, ERR_INPUT, name, "%s is over %lld days old and must not be older than %d: measure again",
            name, (long long)((w->p->now - r->taken) / UTC_DAY), r->max_age_days);
    return true;
}

/* Creatinine comes in umol/L too: 88.4 of them are 1 mg/dL. */
static struct qty in_mass(const char *name, struct qty q)
{
    unit_t molar = unit_find("umol/L");
    struct qty umol;
    struct err e = {0};
    if (strcmp(name, "creatinine") == 0 && unit_same_dim(q.u, molar) && qty_to(q, molar, &umol, &e))
        return (struct qty){dec_quot(umol.v, dec_lit("88.4")), unit_find("mg/dL")};
    return q;
}

bool derive_input(struct derive_work *w, const struct derive_wanted *want, const struct derive_reading *r,
    struct dec *v, int *node, struct err *e)
{
    char a[QTY_TEXT_MAX];
    struct qty q = QTY_NONE;
    if (!qty_is(r->value))
        return err_set(e, ERR_INPUT, want->name, "%s is missing", want->name);
    unit_t u = unit_find(want->unit);
    struct qty given = in_mass(want->name, r->value);
    if (!unit_same_dim(given.u, u))
        return err_set(
            e, ERR_INPUT, want->name, "%s is in %s and must be in %s", want->name, unit_code(r->value.u), want->unit);
    if (!qty_to(given, u, &q, e) || !dec_is(q.v))
        return err_set(e, ERR_INPUT, want->name, "%s is out of range", want->name);
    if (dec_lt(q.v, dec_lit(want->low)) || dec_lt(dec_lit(want->high), q.v))
        return err_set(e, ERR_INPUT, want->name, "%s is %s and must be between %s and %s %s", want->name,
            qty_show(r->value, a), want->low, want->high, want->unit);
    if (!fresh(w, want->name, r, e))
        return false;
    *v = q.v;
    *node = derive_node(w, want->name, q, FROM_NONE, "as measured: %s", derive_show(w, r->value));
    w->out->nodes[*node].taken = r->taken;
    w->out->nodes[*node].source = r->source;
    return true;
}

static bool body_is_possible(struct dec weight, struct dec height, struct err *e)
{
    struct dec m = dec_quot(height, dec_int(100)), bmi = dec_quot(weight, dec_prod(m, m));
    char a[DEC_TEXT_MAX + 8];
    if (dec_lt(bmi, dec_lit(BMI_LOW)) || dec_lt(dec_lit(BMI_HIGH), bmi))
        return err_set(e, ERR_INPUT, "weight",
            "weight and height give a body mass index of %s: are they swapped, or in pounds or inches?",
            dec_show(dec_round(bmi, 1, DEC_HALF_AWAY), a));
    return true;
}

/* 60 inches: below it Devine's line is not defined. */
static bool ideal_defined(struct dec height)
{
    return !dec_lt(height, dec_lit("152.4"));
}

static struct dec ideal_weight(const struct derive_work *w, struct dec height)
{
    struct dec base = dec_lit(strcmp(w->p->sex, "male") == 0 ? "50" : "45.5");
    return dec_sum(base, dec_quot(dec_prod(dec_lit("2.3"), dec_sub(height, dec_lit("152.4"))), dec_lit("2.54")));
}

static bool sex_known(const struct derive_work *w, struct err *e)
{
    if (w->p->sex && (strcmp(w->p->sex, "male") == 0 || strcmp(w->p->sex, "female") == 0))
        return true;
    return err_set(e, ERR_INPUT, "sex", "sex is missing: the formula has a part for men and one for women");
}

static int weight_node(struct derive_work *w, const char *says, struct dec kg, const struct derive_body *b)
{
    return derive_node(
        w, "weight used", (struct qty){kg, unit_find("kg")}, FROM(b->weight_node, b->height_node, -1, -1), "%s", says);
}

/* Ideal, adjusted, lower, by BMI: needs height and sex. */
static bool by_policy(struct derive_work *w, struct derive_body *b, struct err *e)
{
    unit_t kg = unit_find("kg");
    if (!sex_known(w, e))
        return false;
    if (!ideal_defined(b->height)) {
        b->weight_node = weight_node(w, "below 152.4 cm ideal weight is not defined: actual weight", b->weight, b);
        return true;
    }
    if (w->o->weight == DERIVE_BY_BMI) {
        struct dec m = dec_quot(b->height, dec_int(100)), bmi = dec_quot(b->weight, dec_prod(m, m));
        int mass = derive_node(w, "body mass index", (struct qty){bmi, unit_find("kg/m2")},
            FROM(b->weight_node, b->height_node, -1, -1), "weight ÷ height²");
        if (!dec_is(w->o->bmi_over) || !dec_lt(w->o->bmi_over, derive_snap(bmi))) {
            b->weight_node = derive_node(w, "weight used", (struct qty){b->weight, kg},
                FROM(b->weight_node, mass, -1, -1), "actual weight: body mass index not over the limit");
            return true;
        }
    }
    struct dec ideal = ideal_weight(w, b->height);
    int node = derive_node(w, "ideal body weight", (struct qty){ideal, kg}, FROM(b->height_node, -1, -1, -1),
        "Devine: %s + 2.3 × inches over 60", strcmp(w->p->sex, "male") == 0 ? "50" : "45.5");
    struct dec used = b->weight;
    const char *name = "weight used", *says = "actual weight: not above ideal";
    if (w->o->weight == DERIVE_IDEAL) {
        used = ideal;
        says = "ideal weight";
    } else if (w->o->weight == DERIVE_LOWER) {
        used = dec_min(ideal, b->weight);
        says = "the lower of ideal and actual";
    } else if (dec_lt(ideal, b->weight)) {
        used = dec_sum(ideal, dec_prod(dec_lit("0.4"), dec_sum(b->weight, dec_neg(ideal))));
        name = "dosing weight";
        says = "ideal + 0.4 × (actual − ideal)";
    }
    b->weight_node = derive_node(w, name, (struct qty){used, kg}, FROM(b->weight_node, node, -1, -1), "%s", says);
    b->weight = used;
    return true;
}

/* A small change keeps the weight of the dose before; a jump that looks like pounds is a slip. */
static bool since_before(struct derive_work *w, struct derive_body *b, struct err *e)
{
    struct qty before;
    if (!qty_is(w->p->weight_before))
        return true;
    if (!qty_to(w->p->weight_before, unit_find("kg"), &before, e)) {
        err_within(e, "weight_before");
        return false;
    }
    if (dec_sign(before.v) <= 0)
        return err_set(e, ERR_INPUT, "weight_before", "the weight before must be more than nothing");
    struct dec ratio = dec_quot(b->weight, before.v);
    if ((dec_lt(dec_lit("2.1"), ratio) && dec_lt(ratio, dec_lit("2.3"))) ||
        (dec_lt(dec_lit("0.435"), ratio) && dec_lt(ratio, dec_lit("0.475"))))
        return err_set(e, ERR_INPUT, "weight", "the weight is %s 2.2 times the one before: pounds for kilograms?",
            dec_lt(dec_int(1), ratio) ? "about" : "the inverse of");
    if (!dec_is(w->o->keep_weight_percent))
        return true;
    struct dec change = dec_abs(dec_sub(b->weight, before.v));
    if (dec_lt(dec_mul(change, dec_int(100)), dec_mul(w->o->keep_weight_percent, before.v))) {
        b->weight_node = weight_node(w, "the change is small: the weight of the dose before is kept", before.v, b);
        b->weight = before.v;
        w->out->weight_kept = true;
    }
    return true;
}

bool derive_weight_used(struct derive_work *w, bool needs_height, struct derive_body *b, struct err *e)
{
    *b = (struct derive_body){DEC_NONE, DEC_NONE, -1, -1};
    bool height = needs_height || w->o->weight != DERIVE_ACTUAL;
    if (!derive_input(w, &want_weight, &w->p->weight, &b->weight, &b->weight_node, e))
        return false;
    if (height && (!derive_input(w, &want_height, &w->p->height, &b->height, &b->height_node, e) ||
            !body_is_possible(b->weight, b->height, e)))
        return false;
    if (!since_before(w, b, e) || (w->o->weight != DERIVE_ACTUAL && !by_policy(w, b, e)))
        return false;
    struct qty cap;
    w->out->weight_kg = b->weight;
    if (!qty_is(w->o->weight_cap))
        return true;
    if (!qty_to(w->o->weight_cap, unit_find("kg"), &cap, e))
        return false;
    if (dec_lt(cap.v, derive_snap(b->weight))) {
        b->weight = w->out->weight_kg = cap.v;
        w->out->weight_capped = true;
        b->weight_node = weight_node(w, "weight capped for this drug", cap.v, b);
    }
    return true;
}

static struct dec powers(const struct derive_body *b, const char *k, const char *kw, const char *kh)
{
    return dec_prod(dec_lit(k), dec_prod(dec_pow(b->weight, dec_lit(kw)), dec_pow(b->height, dec_lit(kh))));
}

static struct dec boyd(const struct derive_body *b)
{
    struct dec grams = dec_prod(b->weight, dec_int(1000));
    struct dec power = dec_sub(dec_lit("0.7285"), dec_prod(dec_lit("0.0188"), dec_log10(grams)));
    return dec_prod(dec_lit("0.0003207"), dec_prod(dec_pow(grams, power), dec_pow(b->height, dec_lit("0.3"))));
}

bool derive_surface(struct derive_work *w, const struct derive_body *b, struct dec *m2, int *node, struct err *e)
{
    static const char *const says[] = {"Mosteller: √(height × weight ÷ 3600)",
        "DuBois: 0.007184 × weight^0.425 × height^0.725", "Haycock: 0.024265 × weight^0.5378 × height^0.3964",
        "Gehan and George: 0.0235 × weight^0.51456 × height^0.42246",
        "Boyd: 0.0003207 × height^0.3 × g^(0.7285 − 0.0188 log10 g)"};
    struct qty cap;
    switch (w->o->surface) {
    case DERIVE_MOSTELLER: *m2 = dec_sqrt(dec_quot(dec_prod(b->height, b->weight), dec_int(3600))); break;
    case DERIVE_DUBOIS: *m2 = powers(b, "0.007184", "0.425", "0.725"); break;
    case DERIVE_HAYCOCK: *m2 = powers(b, "0.024265", "0.5378", "0.3964"); break;
    case DERIVE_GEHAN_GEORGE: *m2 = powers(b, "0.0235", "0.51456", "0.42246"); break;
    case DERIVE_BOYD: *m2 = boyd(b); break;
    }
    if (!dec_is(*m2))
        return err_set(e, ERR_INPUT, "weight", "body surface is out of range");
    unit_t u = unit_find("m2");
    *node = derive_node(w, "body surface", (struct qty){*m2, u}, FROM(b->weight_node, b->height_node, -1, -1), "%s",
        says[w->o->surface]);
    if (!qty_is(w->o->surface_cap))
        return true;
    if (!qty_to(w->o->surface_cap, u, &cap, e))
        return false;
    if (dec_lt(cap.v, derive_snap(*m2))) {
        *m2 = cap.v;
        w->out->surface_capped = true;
        *node = derive_node(w, "body surface used", cap, FROM(*node, -1, -1, -1),
            "capped: a cap of the surface is a choice, not evidence");
    }
    return true;
}

/* Cockcroft and Gault with the order's weight policy. */
static bool estimated(struct derive_work *w, struct dec *ml_min, int *node, struct err *e)
{
    struct derive_body b;
    struct dec scr;
    int creatinine;
    struct qty floor;
    if (!sex_known(w, e) || !derive_weight_used(w, false, &b, e) ||
        !derive_input(w, &want_creatinine, &w->p->creatinine, &scr, &creatinine, e))
        return false;
    if (qty_is(w->o->creatinine_floor)) {
        if (!qty_to(in_mass("creatinine", w->o->creatinine_floor), unit_find("mg/dL"), &floor, e))
            return false;
        if (dec_lt(scr, floor.v)) {
            scr = floor.v;
            w->out->creatinine_floored = true;
            creatinine = derive_node(w, "creatinine used", floor, FROM(creatinine, -1, -1, -1), "raised to the floor");
        }
    }
    bool female = strcmp(w->p->sex, "female") == 0;
    *ml_min = dec_quot(dec_prod(dec_sub(dec_int(140), w->p->age), b.weight), dec_prod(dec_int(72), scr));
    if (female)
        *ml_min = dec_prod(*ml_min, dec_lit("0.85"));
    if (!dec_is(*ml_min) || dec_sign(*ml_min) <= 0)
        return err_set(e, ERR_INPUT, "age", "the clearance comes out as nothing");
    *node = derive_node(w, "creatinine clearance", (struct qty){*ml_min, unit_find("mL/min")},
        FROM(b.weight_node, creatinine, -1, -1), "Cockcroft and Gault: (140 − age) × weight ÷ (72 × creatinine)%s",
        female ? " × 0.85" : "");
    return true;
}

bool derive_clearance(struct derive_work *w, struct dec *ml_min, int *node, struct err *e)
{
    struct qty cap;
    if (qty_is(w->p->gfr.value)) /* measured: neither estimated nor capped */
        return derive_input(w, &want_gfr, &w->p->gfr, ml_min, node, e);
    if (!estimated(w, ml_min, node, e))
        return false;
    if (!qty_is(w->o->gfr_cap))
        return true;
    if (!qty_to(w->o->gfr_cap, unit_find("mL/min"), &cap, e))
        return false;
    if (dec_lt(cap.v, derive_snap(*ml_min))) {
        *ml_min = cap.v;
        w->out->gfr_capped = true;
        *node = derive_node(w, "clearance used", cap, FROM(*node, -1, -1, -1), "an estimate is capped");
    }
    return true;
}
