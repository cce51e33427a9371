/* Drug levels by published models, vancomycin exposure. All are estimates and say so. */
#include <string.h>

#include "clinic/calc_rooms.h"
#include "clinic/pk_level.h"
#include "clinic/pk_vanco.h"

enum { MODEL, SEX, AGE, WEIGHT, HEIGHT, BOLUS, RATE, DURATION, T };

static bool level(const struct calc_value *in, struct calc_result *r, struct pk_level *out, struct err *e)
{
    struct pk_given given[2];
    int n = 0;
    struct dec zero = dec_int(0);
    const struct pk_person who = {in[AGE].v, in[WEIGHT].v, in[HEIGHT].v, in[SEX].word};
    if (in[BOLUS].given)
        given[n++] = (struct pk_given){zero, zero, in[BOLUS].v};
    if (in[RATE].given != in[DURATION].given)
        return err_set(
            e, ERR_INPUT, in[RATE].given ? "duration" : "rate", "an infusion needs its rate and its duration");
    if (in[RATE].given)
        given[n++] =
            (struct pk_given){zero, in[DURATION].v, dec_quot(dec_prod(in[RATE].v, in[DURATION].v), dec_int(60))};
    if (!n)
        return err_set(e, ERR_INPUT, "bolus", "nothing was given: a bolus or an infusion is needed");
    if (!pk_levels(in[MODEL].word, &who, given, n, &in[T].v, 1, out, e))
        return false;
    calc_note_step(r, "in the plasma", out->plasma, "mg/L");
    if (dec_is(out->effect))
        calc_note_step(r, "at the effect site", out->effect, "mg/L");
    calc_note(r, "an estimate of a population model; never for control of a pump");
    return true;
}

static bool plasma(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    struct pk_level l;
    if (!level(in, r, &l, e))
        return false;
    r->value.v = l.plasma;
    return true;
}

static bool effect(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    struct pk_level l;
    if (!level(in, r, &l, e))
        return false;
    if (!dec_is(l.effect))
        return err_set(e, ERR_INPUT, "model", "the model %s has no effect site", in[MODEL].word);
    r->value.v = l.effect;
    return true;
}

static bool two_level_auc(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { DOSE, HOURS, T1, C1, T2, C2, TAU, STATE };
    const struct pk_two_levels q = {in[DOSE].v, in[HOURS].v, in[TAU].v, in[T1].v, in[C1].v, in[T2].v, in[C2].v,
        calc_is(&in[STATE], "steady")};
    struct pk_two_result x;
    if (!pk_vanco_two_levels(&q, &x, e))
        return false;
    calc_note_step(r, "elimination rate constant", x.ke, "/h");
    calc_note_step(r, "volume", x.volume, "L");
    calc_note_step(r, "clearance", x.clearance, "L/h");
    calc_note_step(r, "peak at the end of the infusion", x.peak, "mg/L");
    calc_note_step(r, "trough", x.trough, "mg/L");
    calc_note(r, "first-order method throughout; a trapezoid gives another number");
    r->value.v = x.auc24;
    return true;
}

/* One model is the value; all that fit the patient are steps, so that none stands alone. */
static bool model_auc(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { V_MODEL, V_SEX, V_AGE, V_WEIGHT, V_HEIGHT, CREATININE, DOSE, TAU, HOURS, DOSES, LEVEL, LEVEL_T };
    struct pk_vanco_dose doses[PK_VANCO_DOSES_MAX];
    struct pk_vanco_answer x;
    int64_t n = 0;
    if (in[LEVEL].given != in[LEVEL_T].given)
        return err_set(
            e, ERR_INPUT, in[LEVEL].given ? "level_time" : "level", "a level needs its time after the first dose");
    if (!dec_to_int(in[DOSES].v, DEC_DOWN, &n))
        return err_set(e, ERR_INPUT, "doses", "doses must be a whole number");
    for (int64_t i = 0; i < n; i++)
        doses[i] = (struct pk_vanco_dose){dec_mul(dec_int(i), in[TAU].v), in[HOURS].v, in[DOSE].v};
    const struct pk_vanco_sample sample = {in[LEVEL_T].v, in[LEVEL].v};
    const struct pk_vanco_case c = {{in[V_AGE].v, in[V_WEIGHT].v, in[V_HEIGHT].v, in[V_SEX].word}, in[CREATININE].v,
        doses, (int)n, &sample, in[LEVEL].given, dec_quot(dec_mul(in[DOSE].v, dec_int(24)), in[TAU].v)};
    if (!pk_vanco_fit(&c, &x, e))
        return false;
    for (int i = 0; i < PK_VANCO_MODELS; i++) {
        const struct pk_vanco_fit *f = &x.fits[i];
        if (f->applies)
            calc_note_step(r, f->title, f->auc24, "mg.h/L");
        if (strcmp(f->model, in[V_MODEL].word) == 0 && !f->applies)
            return err_set(e, ERR_INPUT, "model", "the model %s does not fit: %s", f->title, f->why_not);
        if (strcmp(f->model, in[V_MODEL].word) == 0)
            r->value.v = f->auc24;
    }
    calc_note_step(r, "lowest", x.low, "mg.h/L");
    calc_note_step(r, "highest", x.high, "mg.h/L");
    calc_note_step(r, "spread", x.spread, "%");
    calc_note(r, "models differ: read the spread, not one number");
    return true;
}

#define IN_MODEL_WORDS IN_WORD("model", "marsh|marsh_fast|schnider|eleveld|eleveld_opioid|minto|fentanyl")
#define IN_LEVEL_PERSON                                                                                                \
    IN_SEX, IN_NEED("age", "a", "18", "100"), IN_NEED("weight", "kg", "30", "200"),                                    \
        IN_NEED("height", "cm", "130", "220")
#define IN_GIVEN IN_MAY("bolus", "mg", "0.0001", "10000"), IN_MAY("rate", "mg/h", "0.001", "100000"), \
    IN_MAY("duration", "min", "0.1", "10080"), IN_NEED("t", "min", "0", "20160")
#define PK_SOURCE                                                                                                      \
    "Marsh 1991, Schnider 1998, Eleveld 2018, Minto 1997 (each model names its paper); formulas of Gibaldi and "       \
    "Perrier"

static const struct calc rows[] = {
    {"pk.model.plasma", "Level by a published model", "mg/L",
        "Σ over compartments of the bolus and the infusion from minute 0", PK_SOURCE, plasma,
        {IN_MODEL_WORDS, IN_LEVEL_PERSON, IN_GIVEN}},
    {"pk.model.effect", "Level at the effect site by a published model", "mg/L",
        "Σ over compartments, delayed by ke0; fentanyl's model has none", PK_SOURCE, effect,
        {IN_MODEL_WORDS, IN_LEVEL_PERSON, IN_GIVEN}},
    {"vancomycin.auc_two_levels", "Vancomycin AUC24 from two levels", "mg.h/L",
        "ke = ln(c1 ÷ c2) ÷ (t2 − t1); V by Sawchuk and Zaske; AUC24 = 24 ÷ tau × dose ÷ (ke × V)",
        "Sawchuk and Zaske, J Pharmacokinet Biopharm 1976;4:183; clinPK tests", two_level_auc,
        {IN_NEED("dose", "mg", "100", "5000"), IN_NEED("duration", "h", "0.25", "24"), IN_NEED("t1", "h", "0.25", "72"),
            IN_NEED("c1", "mg/L", "0.5", "200"), IN_NEED("t2", "h", "0.5", "96"), IN_NEED("c2", "mg/L", "0.5", "200"),
            IN_NEED("tau", "h", "4", "96"), IN_WORD("state", "first|steady")}},
    {"vancomycin.auc_model", "Vancomycin AUC24 by population models", "mg.h/L",
        "daily dose ÷ clearance; with a level the MAP estimate of each model that fits the patient",
        "Goti 2018, Thomson 2009, Buelga 2005, Adane 2015, Carreno 2017 by PKPDsim; doubts stand with each model",
        model_auc,
        {IN_WORD("model", "goti|thomson|buelga|adane|carreno"), IN_SEX, IN_NEED("age", "a", "18", "110"),
            IN_NEED("weight", "kg", "30", "300"), IN_NEED("height", "cm", "130", "230"),
            IN_ALSO("creatinine", "mg/dL", "0.2", "15", "umol/L", "88.4"), IN_NEED("dose", "mg", "100", "4000"),
            IN_NEED("tau", "h", "6", "48"), IN_NEED("duration", "h", "0.5", "6"), IN_NEED("doses", "1", "1", "100"),
            IN_MAY("level", "mg/L", "0.5", "150"), IN_MAY("level_time", "h", "0.1", "1000")}},
};

const struct calc *const calc_pk[] = {&rows[0], &rows[1], &rows[2], &rows[3], NULL};
