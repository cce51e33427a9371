/* Kidney, circulation, heart and calcium. */
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

static bool mean_pressure(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { SBP, DBP };
    if (dec_lt(in[SBP].v, in[DBP].v))
        return err_set(e, ERR_INPUT, "dbp", "dbp is above sbp: are they swapped?");
    struct dec sum = dec_add(in[SBP].v, dec_mul(dec_int(2), in[DBP].v));
    calc_note_step(r, "systolic + 2 × diastolic", sum, "mm[Hg]");
    r->value.v = dec_quot(sum, dec_int(3));
    return true;
}

static bool shock_index(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)r;
    (void)e;
    r->value.v = dec_quot(in[0].v, in[1].v);
    return true;
}

static struct dec rr_interval(const struct calc_value *in, struct calc_result *r)
{
    struct dec rr = dec_quot(dec_int(60), in[1].v);
    calc_note_step(r, "RR interval", rr, "s");
    return rr;
}

static bool qtc_bazett(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    r->value.v = dec_quot(in[0].v, dec_sqrt(rr_interval(in, r)));
    return true;
}

static bool qtc_fridericia(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    r->value.v = dec_quot(in[0].v, dec_cbrt(rr_interval(in, r)));
    return true;
}

static bool calcium_corrected(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec missing = dec_sub(dec_int(4), in[1].v);
    calc_note_step(r, "albumin below 4", missing, "g/dL");
    r->value.v = dec_add(in[0].v, dec_mul(dec_lit("0.8"), missing));
    return true;
}

static const struct calc rows[] = {
    {"crcl.cockcroft_gault", "Creatinine clearance (Cockcroft and Gault)", "mL/min",
        "(140 − age) × weight ÷ (72 × creatinine mg/dL), women × 0.85", "Cockcroft and Gault, Nephron 1976;16:31",
        cockcroft_gault, {IN_AGE, IN_WEIGHT, IN_SEX, IN_CREATININE}},
    {"egfr.ckdepi2021", "Estimated GFR (CKD-EPI 2021, creatinine)", "mL/min/{1.73_m2}",
        "142 × min(S/κ, 1)^α × max(S/κ, 1)^−1.2 × 0.9938^age, women × 1.012; κ 0.7 women 0.9 men; α −0.241 women −0.302 men",
        "Inker, N Engl J Med 2021;385:1737", ckdepi2021, {IN_AGE, IN_SEX, IN_CREATININE}},
    {"egfr.mdrd", "Estimated GFR (MDRD, four variables, IDMS)", "mL/min/{1.73_m2}",
        "175 × creatinine^−1.154 × age^−0.203, women × 0.742", "Levey, Ann Intern Med 2006;145:247", mdrd,
        {IN_AGE, IN_SEX, IN_CREATININE}},
    {"gfr.deindex", "GFR of this body from an indexed GFR", "mL/min", "indexed GFR × body surface ÷ 1.73",
        "KDIGO 2024, drug dosing", deindex,
        {IN_NEED("egfr", "mL/min/{1.73_m2}", "1", "250"), IN_NEED("bsa", "m2", "0.5", "4")}},
    {"map", "Mean arterial pressure", "mm[Hg]", "(systolic + 2 × diastolic) ÷ 3", "physiology", mean_pressure,
        {IN_NEED("sbp", "mm[Hg]", "20", "350"), IN_NEED("dbp", "mm[Hg]", "10", "250")}},
    {"shock_index", "Shock index", "1", "heart rate ÷ systolic pressure", "Allgöwer, Dtsch Med Wochenschr 1967;92:1947",
        shock_index, {IN_NEED("hr", "/min", "10", "350"), IN_NEED("sbp", "mm[Hg]", "20", "350")}},
    {"qtc.bazett", "QTc (Bazett)", "ms", "QT ÷ √(60 ÷ heart rate)", "Bazett, Heart 1920;7:353", qtc_bazett,
        {IN_NEED("qt", "ms", "100", "900"), IN_NEED("hr", "/min", "10", "350")}},
    {"qtc.fridericia", "QTc (Fridericia)", "ms", "QT ÷ ∛(60 ÷ heart rate)", "Fridericia, Acta Med Scand 1920;53:469",
        qtc_fridericia, {IN_NEED("qt", "ms", "100", "900"), IN_NEED("hr", "/min", "10", "350")}},
    {"calcium.corrected", "Calcium corrected for albumin", "mg/dL", "calcium + 0.8 × (4 − albumin g/dL)",
        "Payne, Br Med J 1973;4:643", calcium_corrected,
        {IN_NEED("calcium", "mg/dL", "2", "25"), IN_NEED("albumin", "g/dL", "0.5", "7")}},
};

const struct calc *const calc_organ[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7],
    &rows[8], NULL};
