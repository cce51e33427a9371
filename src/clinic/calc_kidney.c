/* Kidney function, and clearances that follow from it. */
#include <string.h>

#include "base/dec_math.h"
#include "clinic/calc_rooms.h"

static bool female(const char *word)
{
    return strcmp(word, "female") == 0;
}

static bool cockcroft_gault(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { AGE, WEIGHT, SEX, CREATININE };
    struct dec above = dec_mul(dec_sub(dec_int(140), in[AGE].v), in[WEIGHT].v);
    struct dec below = dec_prod(dec_int(72), in[CREATININE].v);
    calc_note_step(r, "(140 − age) × weight", above, "kg");
    calc_note_step(r, "72 × creatinine", below, "mg/dL");
    struct dec plain = dec_quot(above, below);
    r->value.v = plain;
    if (female(in[SEX].word)) {
        calc_note_step(r, "before the factor for women", plain, "mL/min");
        r->value.v = dec_prod(plain, dec_lit("0.85"));
    }
    return true;
}

static bool ckdepi2021(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { AGE, SEX, CREATININE };
    bool f = female(in[SEX].word);
    struct dec ratio = dec_quot(in[CREATININE].v, dec_lit(f ? "0.7" : "0.9")), one = dec_int(1);
    struct dec low = dec_pow(dec_min(ratio, one), dec_lit(f ? "-0.241" : "-0.302"));
    struct dec high = dec_pow(dec_max(ratio, one), dec_lit("-1.2"));
    struct dec age = dec_pow(dec_lit("0.9938"), in[AGE].v);
    calc_note_step(r, "creatinine ÷ κ", ratio, "1");
    calc_note_step(r, "min(…, 1) raised", low, "1");
    calc_note_step(r, "max(…, 1) raised", high, "1");
    calc_note_step(r, "0.9938 to the age", age, "1");
    r->value.v = dec_prod(dec_prod(dec_int(142), dec_prod(low, high)), age);
    if (f)
        r->value.v = dec_prod(r->value.v, dec_lit("1.012"));
    return true;
}

static bool mdrd(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { AGE, SEX, CREATININE };
    struct dec scr = dec_pow(in[CREATININE].v, dec_lit("-1.154")), age = dec_pow(in[AGE].v, dec_lit("-0.203"));
    calc_note_step(r, "creatinine^−1.154", scr, "1");
    calc_note_step(r, "age^−0.203", age, "1");
    r->value.v = dec_prod(dec_int(175), dec_prod(scr, age));
    if (female(in[SEX].word))
        r->value.v = dec_prod(r->value.v, dec_lit("0.742"));
    return true;
}

static bool deindex(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)r;
    (void)e;
    r->value.v = dec_quot(dec_mul(in[0].v, in[1].v), dec_lit("1.73"));
    return true;
}

/* The weight the formula is fed, by a named policy: it alone moves the result by a fifth. */
static struct dec policy_weight(const char *policy, bool is_male, struct dec weight, struct dec height,
    struct calc_result *r)
{
    if (strcmp(policy, "actual") == 0)
        return weight;
    if (!calc_devine_defined(height)) {
        calc_note(r, "height is below 152.4 cm, where ideal weight is not defined: actual weight used");
        return weight;
    }
    struct dec bmi = calc_bmi(weight, height, r), ideal = calc_devine(is_male, height, r);
    calc_note_step(r, "body mass index", bmi, "kg/m2");
    bool over = dec_le(dec_int(25), bmi), under = dec_lt(bmi, dec_lit("18.5"));
    if (strcmp(policy, "ideal") == 0)
        return ideal;
    if (strcmp(policy, "lower") == 0)
        return dec_min(ideal, weight);
    if (strcmp(policy, "by_bmi") == 0 && under)
        return weight;
    if (strcmp(policy, "by_bmi") == 0 && !over)
        return dec_min(ideal, weight);
    if (strcmp(policy, "adjusted_if_over_25") == 0 && !over)
        return weight;
    if (dec_le(weight, ideal)) {
        calc_note(r, "not above ideal weight: actual weight used");
        return weight;
    }
    return calc_adjusted(ideal, weight, r);
}

static bool crcl_policy(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { AGE, SEX, WEIGHT, HEIGHT, CREATININE, POLICY, FLOOR, CAP };
    struct dec scr = in[CREATININE].v;
    if (in[FLOOR].given && dec_lt(scr, in[FLOOR].v)) {
        scr = in[FLOOR].v;
        calc_note(r, "creatinine raised to the floor");
    }
    struct dec weight =
        policy_weight(in[POLICY].word, !female(in[SEX].word), in[WEIGHT].v, in[HEIGHT].v, r);
    calc_note_step(r, "weight used", weight, "kg");
    calc_note_step(r, "creatinine used", scr, "mg/dL");
    const struct calc_value same[] = {in[AGE], {true, weight, NULL}, in[SEX], {true, scr, NULL}};
    if (!cockcroft_gault(same, r, e))
        return false;
    if (in[CAP].given && dec_is(r->value.v) && dec_lt(in[CAP].v, r->value.v)) {
        calc_note_step(r, "before the cap", r->value.v, "mL/min");
        calc_note(r, "clearance capped");
        r->value.v = in[CAP].v;
    }
    return true;
}

static bool measured(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { URINE, VOLUME, DURATION, CREATININE };
    struct dec out = dec_prod(in[URINE].v, in[VOLUME].v);
    calc_note_step(r, "urine creatinine × volume", dec_quot(out, dec_int(100)), "mg");
    r->value.v = dec_quot(out, dec_prod(in[CREATININE].v, in[DURATION].v));
    return true;
}

static bool matzke(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec slope = dec_prod(dec_lit("0.689"), in[0].v);
    calc_note_step(r, "0.689 × clearance", slope, "mL/min");
    r->value.v = dec_sum(slope, dec_lit("3.66"));
    return true;
}

#define POLICIES "actual|ideal|adjusted|lower|by_bmi|adjusted_if_over_25"

static const struct calc rows[] = {
    {"crcl.cockcroft_gault", "Creatinine clearance (Cockcroft and Gault)", "mL/min",
        "(140 − age) × weight ÷ (72 × creatinine mg/dL), women × 0.85", "Cockcroft and Gault, Nephron 1976;16:31",
        cockcroft_gault, {IN_AGE, IN_WEIGHT, IN_SEX, IN_CREATININE}},
    {"egfr.ckdepi2021", "Estimated GFR (CKD-EPI 2021, creatinine)", "mL/min/{1.73_m2}",
        "142 × min(S/κ, 1)^α × max(S/κ, 1)^−1.2 × 0.9938^age, women × 1.012; κ 0.7 women 0.9 men; α −0.241 women "
        "−0.302 men",
        "Inker, N Engl J Med 2021;385:1737", ckdepi2021, {IN_AGE, IN_SEX, IN_CREATININE}},
    {"egfr.mdrd", "Estimated GFR (MDRD, four variables, IDMS)", "mL/min/{1.73_m2}",
        "175 × creatinine^−1.154 × age^−0.203, women × 0.742", "Levey, Ann Intern Med 2006;145:247", mdrd,
        {IN_AGE, IN_SEX, IN_CREATININE}},
    {"gfr.deindex", "GFR of this body from an indexed GFR", "mL/min", "indexed GFR × body surface ÷ 1.73",
        "KDIGO 2024, drug dosing", deindex,
        {IN_NEED("egfr", "mL/min/{1.73_m2}", "1", "250"), IN_NEED("bsa", "m2", "0.5", "4")}},
    {"crcl.policy", "Creatinine clearance by a named weight policy", "mL/min",
        "Cockcroft and Gault; weight actual, ideal, adjusted (ideal + 0.4 × excess), lower (of ideal and actual), "
        "by_bmi "
        "(< 18.5 actual, < 25 lower, else adjusted), adjusted_if_over_25; creatinine not below its floor, result not "
        "above its cap",
        "Cockcroft and Gault, Nephron 1976;16:31; policies as of MedCalc-Bench (by_bmi) and NCCN appendix B "
        "(adjusted_if_over_25, floor 0.7 mg/dL); doubt: sites floor at 0.7, 0.8 or 1.0, so the floor is an input",
        crcl_policy,
        {IN_AGE, IN_SEX, IN_WEIGHT, IN_HEIGHT, IN_CREATININE, IN_WORD("weight_policy", POLICIES),
            IN_ALSO_MAY("creatinine_floor", "mg/dL", "0.3", "2", "umol/L", "88.4"),
            IN_MAY("cap", "mL/min", "50", "250")}},
    {"crcl.measured", "Creatinine clearance from timed urine", "mL/min",
        "urine creatinine × urine volume ÷ (creatinine × minutes)", "definition of clearance", measured,
        {IN_ALSO("urine_creatinine", "mg/dL", "1", "1000", "umol/L", "88.4"),
            IN_NEED("urine_volume", "mL", "10", "20000"), IN_NEED("duration", "min", "60", "2880"), IN_CREATININE}},
    {"vancomycin.clearance_matzke", "Vancomycin clearance (Matzke)", "mL/min", "0.689 × creatinine clearance + 3.66",
        "Matzke, Antimicrob Agents Chemother 1984;25:433; read in one calculator only", matzke,
        {IN_NEED("crcl", "mL/min", "1", "250")}},
};

const struct calc *const calc_kidney[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], NULL};
