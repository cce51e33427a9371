/* Electrolytes and fluid. One mEq of a singly charged ion is one mmol, so sodium and its like are taken in either. */
#include <string.h>

#include "clinic/calc_rooms.h"

static bool anion_gap(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { SODIUM, CHLORIDE, BICARBONATE, ALBUMIN };
    struct dec gap = dec_sub(in[SODIUM].v, dec_add(in[CHLORIDE].v, in[BICARBONATE].v));
    r->value.v = gap;
    if (in[ALBUMIN].given) {
        struct dec missing = dec_sub(dec_int(4), in[ALBUMIN].v);
        calc_note_step(r, "before the albumin correction", gap, "mmol/L");
        calc_note_step(r, "albumin below 4", missing, "g/dL");
        r->value.v = dec_add(gap, dec_mul(dec_lit("2.5"), missing));
    }
    return true;
}

static bool sodium_for_glucose(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { SODIUM, GLUCOSE, FACTOR };
    struct dec over = dec_quot(dec_sub(in[GLUCOSE].v, dec_int(100)), dec_int(100));
    if (dec_sign(over) < 0) {
        over = dec_int(0);
        calc_note(r, "glucose is below 100 mg/dL: not corrected");
    }
    calc_note_step(r, "hundreds of glucose over 100", over, "1");
    r->value.v = dec_sum(in[SODIUM].v, dec_prod(dec_lit(in[FACTOR].word), over));
    return true;
}

static bool serum_osmolality(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec salt = dec_mul(dec_int(2), in[0].v), sugar = dec_quot(in[1].v, dec_int(18));
    struct dec urea = dec_quot(in[2].v, dec_lit("2.8"));
    calc_note_step(r, "2 × sodium", salt, "mmol/L");
    calc_note_step(r, "glucose ÷ 18", sugar, "mmol/L");
    calc_note_step(r, "urea nitrogen ÷ 2.8", urea, "mmol/L");
    r->value.v = dec_sum(dec_sum(salt, sugar), urea);
    return true;
}

/* Body water: men 0.6 of the weight, women 0.5; from 65 years 0.5 and 0.45. */
static struct dec body_water(
    const struct calc_value *sex, const struct calc_value *age, const struct calc_value *weight, struct calc_result *r)
{
    bool old = dec_le(dec_int(65), age->v);
    const char *share = calc_is(sex, "male") ? (old ? "0.5" : "0.6") : (old ? "0.45" : "0.5");
    struct dec water = dec_mul(dec_lit(share), weight->v);
    calc_note_step(r, "share of water", dec_lit(share), "1");
    calc_note_step(r, "body water", water, "L");
    return water;
}

static bool water_deficit(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { SEX, AGE, WEIGHT, SODIUM, TARGET };
    struct dec target = in[TARGET].given ? in[TARGET].v : dec_int(140);
    struct dec over = dec_sum(dec_quot(in[SODIUM].v, target), dec_int(-1));
    struct dec water = body_water(&in[SEX], &in[AGE], &in[WEIGHT], r);
    if (dec_sign(over) < 0) {
        over = dec_int(0);
        calc_note(r, "sodium is at or below the target: no free water is missing");
    }
    calc_note_step(r, "sodium ÷ target − 1", over, "1");
    r->value.v = dec_prod(water, over);
    return true;
}

static bool sodium_change(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { SEX, AGE, WEIGHT, SODIUM, INFUSED_NA, INFUSED_K };
    struct dec ions = in[INFUSED_K].given ? dec_add(in[INFUSED_NA].v, in[INFUSED_K].v) : in[INFUSED_NA].v;
    struct dec apart = dec_sub(ions, in[SODIUM].v);
    struct dec water = body_water(&in[SEX], &in[AGE], &in[WEIGHT], r);
    calc_note_step(r, "infused − serum", apart, "mmol/L");
    r->value.v = dec_quot(apart, dec_add(water, dec_int(1)));
    calc_note(r, "an estimate for one litre: urine and drinking are not in it");
    return true;
}

static bool potassium_rate(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { AMOUNT, VOLUME, DURATION, RATE_MAX, CONCENTRATION_MAX };
    struct dec hours = dec_quot(in[DURATION].v, dec_int(60));
    struct dec conc = dec_quot(dec_mul(in[AMOUNT].v, dec_int(1000)), in[VOLUME].v);
    calc_note_step(r, "concentration", conc, "meq/L");
    calc_note_step(r, "flow", dec_quot(in[VOLUME].v, hours), "mL/h");
    r->value.v = dec_quot(dec_mul(in[AMOUNT].v, dec_int(60)), in[DURATION].v);
    if (in[RATE_MAX].given && dec_lt(in[RATE_MAX].v, r->value.v))
        calc_note(r, "faster than the limit given");
    if (in[CONCENTRATION_MAX].given && dec_lt(in[CONCENTRATION_MAX].v, conc))
        calc_note(r, "more concentrated than the limit given");
    return true;
}

static bool phosphate_potassium(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    calc_note_step(r, "volume at 3 mmol/mL", dec_quot(in[0].v, dec_int(3)), "mL");
    r->value.v = dec_quot(dec_mul(in[0].v, dec_lit("4.4")), dec_int(3));
    return true;
}

static bool neutrophils(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { WBC, SEGMENTS, BANDS };
    struct dec share = in[BANDS].given ? dec_add(in[SEGMENTS].v, in[BANDS].v) : in[SEGMENTS].v;
    if (dec_lt(dec_int(100), share))
        return err_set(e, ERR_INPUT, "bands", "segments and bands together are more than 100 %%");
    calc_note_step(r, "neutrophils", share, "%");
    r->value.v = dec_quot(dec_mul(in[WBC].v, share), dec_int(100));
    return true;
}

#define IN_ION(name, low, high) IN_ALSO(name, "mmol/L", low, high, "meq/L", "1")
#define IN_GLUCOSE IN_ALSO("glucose", "mg/dL", "10", "2000", "mmol/L", "0.0555")

static const struct calc rows[] = {
    {"anion_gap", "Anion gap", "mmol/L",
        "sodium − (chloride + bicarbonate), + 2.5 × (4 − albumin g/dL) if albumin is given",
        "Figge, Crit Care Med 1998;26:1807 for the albumin part", anion_gap,
        {IN_ION("sodium", "90", "200"), IN_ION("chloride", "50", "160"), IN_ION("bicarbonate", "1", "60"),
            IN_MAY("albumin", "g/dL", "0.5", "7")}},
    {"sodium.for_glucose", "Sodium corrected for glucose", "mmol/L", "sodium + factor × (glucose mg/dL − 100) ÷ 100",
        "factor 1.6 Katz, N Engl J Med 1973;289:843; factor 2.4 Hillier, Am J Med 1999;106:399: they conflict, so it "
        "is named",
        sodium_for_glucose, {IN_ION("sodium", "90", "200"), IN_GLUCOSE, IN_WORD("factor", "1.6|2.4")}},
    {"osmolality.serum", "Serum osmolality, calculated", "mosm/kg",
        "2 × sodium + glucose ÷ 18 + urea nitrogen ÷ 2.8 (mg/dL)",
        "Dorwart and Chalmers, Clin Chem 1975;21:190; doubt: other constants are in use", serum_osmolality,
        {IN_ION("sodium", "90", "200"), IN_GLUCOSE, IN_ALSO("urea_nitrogen", "mg/dL", "1", "300", "mmol/L", "0.357")}},
    {"water.deficit", "Free water deficit", "L", "body water × (sodium ÷ target − 1); target 140 unless given",
        "Adrogué and Madias, N Engl J Med 2000;342:1493; body water 0.6 men, 0.5 women, 0.5 and 0.45 from 65 years",
        water_deficit,
        {IN_SEX, IN_AGE, IN_WEIGHT, IN_ION("sodium", "90", "200"),
            IN_ALSO_MAY("target", "mmol/L", "130", "150", "meq/L", "1")}},
    {"sodium.change", "Change of sodium by one litre infused", "mmol/L",
        "(infused sodium + potassium − serum sodium) ÷ (body water + 1)",
        "Adrogué and Madias, N Engl J Med 2000;342:1493", sodium_change,
        {IN_SEX, IN_AGE, IN_WEIGHT, IN_ION("sodium", "90", "200"), IN_ION("infused_sodium", "0", "1100"),
            IN_ALSO_MAY("infused_potassium", "mmol/L", "0", "400", "meq/L", "1")}},
    {"potassium.rate", "Potassium rate and concentration", "meq/h", "amount ÷ hours; concentration = amount ÷ litres",
        "definition; the limits are the site's (peripheral concentration limits conflict between sources)",
        potassium_rate,
        {IN_NEED("amount", "meq", "1", "400"), IN_NEED("volume", "mL", "10", "5000"),
            IN_NEED("duration", "min", "10", "2880"), IN_MAY("rate_max", "meq/h", "1", "60"),
            IN_MAY("concentration_max", "meq/L", "10", "1000")}},
    {"phosphate.potassium", "Potassium that comes with potassium phosphate", "meq", "phosphate mmol × 4.4 ÷ 3",
        "potassium phosphates injection label: 3 mmol phosphate and 4.4 mEq potassium in 1 mL; other products differ",
        phosphate_potassium, {IN_NEED("phosphate", "mmol", "1", "60")}},
    {"anc", "Absolute neutrophil count", "10*9/L", "white cells × (segments + bands) %", "definition", neutrophils,
        {IN_NEED("wbc", "10*9/L", "0", "500"), IN_NEED("segments", "%", "0", "100"), IN_MAY("bands", "%", "0", "100")}},
};

const struct calc *const calc_salt[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7],
    NULL};
