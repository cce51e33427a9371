/* Circulation, heart and calcium. */
#include "base/dec_math.h"
#include "clinic/calc_rooms.h"

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

static bool qtc_framingham(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec missing = dec_sum(dec_int(1), dec_neg(rr_interval(in, r)));
    r->value.v = dec_sum(in[0].v, dec_prod(dec_int(154), missing));
    return true;
}

static bool qtc_hodges(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec over = dec_sub(in[1].v, dec_int(60));
    calc_note_step(r, "heart rate − 60", over, "/min");
    r->value.v = dec_sum(in[0].v, dec_prod(dec_lit("1.75"), over));
    return true;
}

static bool qtc_rautaharju(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec sum = dec_add(dec_int(120), in[1].v);
    calc_note_step(r, "120 + heart rate", sum, "/min");
    r->value.v = dec_quot(dec_prod(in[0].v, sum), dec_int(180));
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

#define IN_QT IN_NEED("qt", "ms", "100", "900")
#define IN_PULSE IN_NEED("hr", "/min", "10", "350")

static const struct calc rows[] = {
    {"map", "Mean arterial pressure", "mm[Hg]", "(systolic + 2 × diastolic) ÷ 3", "physiology", mean_pressure,
        {IN_NEED("sbp", "mm[Hg]", "20", "350"), IN_NEED("dbp", "mm[Hg]", "10", "250")}},
    {"shock_index", "Shock index", "1", "heart rate ÷ systolic pressure", "Allgöwer, Dtsch Med Wochenschr 1967;92:1947",
        shock_index, {IN_NEED("hr", "/min", "10", "350"), IN_NEED("sbp", "mm[Hg]", "20", "350")}},
    {"qtc.bazett", "QTc (Bazett)", "ms", "QT ÷ √(60 ÷ heart rate)",
        "Bazett, Heart 1920;7:353; over-corrects at fast rates", qtc_bazett, {IN_QT, IN_PULSE}},
    {"qtc.fridericia", "QTc (Fridericia)", "ms", "QT ÷ ∛(60 ÷ heart rate)", "Fridericia, Acta Med Scand 1920;53:469",
        qtc_fridericia, {IN_QT, IN_PULSE}},
    {"qtc.framingham", "QTc (Framingham)", "ms", "QT + 154 × (1 − 60 ÷ heart rate)", "Sagie, Am J Cardiol 1992;70:797",
        qtc_framingham, {IN_QT, IN_PULSE}},
    {"qtc.hodges", "QTc (Hodges)", "ms", "QT + 1.75 × (heart rate − 60)", "Hodges, J Am Coll Cardiol 1983;1:694",
        qtc_hodges, {IN_QT, IN_PULSE}},
    {"qtc.rautaharju", "QTc (Rautaharju)", "ms", "QT × (120 + heart rate) ÷ 180",
        "Rautaharju, Am J Cardiol 2014;113:535; the form without sex and age terms", qtc_rautaharju, {IN_QT, IN_PULSE}},
    {"calcium.corrected", "Calcium corrected for albumin", "mg/dL", "calcium + 0.8 × (4 − albumin g/dL)",
        "Payne, Br Med J 1973;4:643", calcium_corrected,
        {IN_ALSO("calcium", "mg/dL", "2", "25", "mmol/L", "0.2495"), IN_NEED("albumin", "g/dL", "0.5", "7")}},
};

const struct calc *const calc_organ[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7],
    NULL};
