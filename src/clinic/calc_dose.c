/* Doses, rates, nutrition, rate steps and drug levels. */
#include "clinic/calc_rooms.h"
#include "clinic/desens.h"
#include "clinic/pk.h"
#include "clinic/steps.h"

static bool calvert(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { AUC, GFR, CAP, METHOD };
    struct dec gfr = in[GFR].v;
    bool measured = calc_is(&in[METHOD], "measured");
    calc_note(r,
        measured               ? "GFR measured"
            : in[METHOD].given ? "GFR estimated from creatinine"
                               : "GFR: method not stated");
    if (measured && in[CAP].given)
        calc_note(r, "a measured GFR is not capped");
    else if (in[CAP].given && dec_lt(in[CAP].v, gfr)) {
        gfr = in[CAP].v;
        calc_note(r, "GFR capped");
    } else if (!measured && !in[CAP].given)
        calc_note(r, "no cap given: an estimated GFR is to be capped (FDA: 125 mL/min)");
    struct dec sum = dec_add(gfr, dec_int(25));
    calc_note_step(r, "GFR used", gfr, "mL/min");
    calc_note_step(r, "GFR + 25", sum, "mL/min");
    r->value.v = dec_mul(in[AUC].v, sum);
    return true;
}

static bool ganzoni(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { WEIGHT, ACTUAL, TARGET };
    struct dec gap = dec_max(dec_sub(in[TARGET].v, in[ACTUAL].v), dec_int(0));
    struct dec deficit = dec_mul(dec_mul(in[WEIGHT].v, gap), dec_lit("2.4"));
    bool small = dec_lt(in[WEIGHT].v, dec_int(35));
    struct dec stores = small ? dec_mul(dec_int(15), in[WEIGHT].v) : dec_int(500);
    if (dec_sign(gap) == 0)
        calc_note(r, "haemoglobin is at or above the target: stores only");
    calc_note_step(r, "haemoglobin gap", gap, "g/dL");
    calc_note_step(r, "deficit", deficit, "mg");
    calc_note_step(r, "iron stores", stores, "mg");
    r->value.v = dec_add(deficit, stores);
    return true;
}

/* Total iron by haemoglobin and weight, as the ferric carboxymaltose label of many countries prints it. */
static bool iron_simplified(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    if (dec_lt(in[0].v, dec_int(35)))
        return err_set(e, ERR_INPUT, "weight", "the table begins at 35 kg");
    bool heavy = dec_le(dec_int(70), in[0].v);
    calc_note_step(r, "weight class from", dec_int(heavy ? 70 : 35), "kg");
    if (dec_le(dec_int(14), in[1].v))
        r->value.v = dec_int(500);
    else if (dec_le(dec_int(10), in[1].v))
        r->value.v = dec_int(heavy ? 1500 : 1000);
    else
        r->value.v = dec_int(heavy ? 2000 : 1500);
    return true;
}

/* One dose of a total: not above the product's single maximum nor its maximum per kg. */
static bool iron_single(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { TOTAL, WEIGHT, SINGLE_MAX, PER_KG_MAX };
    struct dec by_weight = dec_mul(in[WEIGHT].v, in[PER_KG_MAX].v), most = dec_min(by_weight, in[SINGLE_MAX].v);
    calc_note_step(r, "most by weight", by_weight, "mg");
    calc_note_step(r, "most in one dose", most, "mg");
    calc_note_step(r, "doses needed", dec_div(in[TOTAL].v, most, 0, DEC_UP), "1");
    r->value.v = dec_min(in[TOTAL].v, most);
    return true;
}

/* Immune globulin: dosing weight where BMI is over the limit, rounded to the site's step. */
static bool ivig_dose(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { SEX, WEIGHT, HEIGHT, PER_KG, BMI_OVER, STEP };
    struct dec weight = in[WEIGHT].v, used = weight;
    if (in[BMI_OVER].given) {
        struct dec bmi = calc_bmi(weight, in[HEIGHT].v, r);
        calc_note_step(r, "body mass index", bmi, "kg/m2");
        if (!calc_devine_defined(in[HEIGHT].v))
            calc_note(r, "height is below 152.4 cm: actual weight used");
        else if (dec_lt(in[BMI_OVER].v, bmi)) {
            struct dec ideal = calc_devine(calc_is(&in[SEX], "male"), in[HEIGHT].v, r);
            used = dec_le(weight, ideal) ? weight : calc_adjusted(ideal, weight, r);
            calc_note(r, "dosing weight used");
        }
    }
    calc_note_step(r, "weight used", used, "kg");
    r->value.v = dec_prod(in[PER_KG].v, used);
    if (in[STEP].given) {
        calc_note_step(r, "before rounding", r->value.v, "g");
        r->value.v = dec_round_to(r->value.v, in[STEP].v, DEC_HALF_AWAY);
    }
    return true;
}

static struct qty as(struct dec v, const char *unit)
{
    return (struct qty){v, unit_find(unit)};
}

static bool dose_to_ml_h(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    struct qty per_min = qty_mul(as(in[0].v, "ug/kg/min"), as(in[1].v, "kg"));
    calc_note_step(r, "dose rate × weight", per_min.v, "ug/min");
    return steps_rate_ml_h(as(in[0].v, "ug/kg/min"), as(in[1].v, "kg"), as(in[2].v, "ug/mL"), &r->value.v, e);
}

static bool ml_h_to_dose(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    struct qty out;
    calc_note_step(r, "rate × concentration", dec_mul(in[0].v, in[2].v), "ug/h");
    if (!steps_rate_from_ml_h(in[0].v, as(in[1].v, "kg"), as(in[2].v, "ug/mL"), unit_find("ug/kg/min"), &out, e))
        return false;
    r->value.v = out.v;
    return true;
}

static bool drops(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec all = dec_mul(in[0].v, in[2].v);
    calc_note_step(r, "drops in all", all, "{gtt}");
    r->value.v = dec_quot(all, in[1].v);
    return true;
}

static bool heparin_start(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    struct dec bolus = dec_mul(dec_int(80), in[0].v), rate = dec_mul(dec_int(18), in[0].v);
    calc_note_step(r, "bolus", bolus, "[iU]");
    calc_note_step(r, "rate", rate, "[iU]/h");
    return steps_rate_ml_h(as(rate, "[iU]/h"), QTY_NONE, as(in[1].v, "[iU]/mL"), &r->value.v, e);
}

static bool osmolarity(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    static const char *const names[] = {"amino acids", "dextrose", "lipid", "electrolytes"};
    static const char *const factor[] = {"10", "5", "0.7", "1"};
    struct dec sum = dec_int(0);
    for (int i = 0; i < 4; i++) {
        struct dec part = in[i].given ? dec_mul(in[i].v, dec_lit(factor[i])) : dec_int(0);
        calc_note_step(r, names[i], part, "mosm/L");
        sum = dec_add(sum, part);
    }
    r->value.v = sum;
    return true;
}

static bool glucose_rate(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    struct dec mg = dec_mul(in[0].v, dec_int(1000));
    calc_note_step(r, "dextrose in mg", mg, "mg/d");
    r->value.v = dec_quot(mg, dec_mul(dec_int(1440), in[1].v));
    return true;
}

static bool energy(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { AMINO, DEXTROSE, LIPID, WEIGHT };
    struct dec lipid = in[LIPID].given ? in[LIPID].v : dec_int(0);
    struct dec a = dec_mul(in[AMINO].v, dec_int(4)), d = dec_mul(in[DEXTROSE].v, dec_lit("3.4")),
               l = dec_mul(lipid, dec_int(10));
    calc_note_step(r, "amino acids", a, "kcal/d");
    calc_note_step(r, "dextrose", d, "kcal/d");
    calc_note_step(r, "lipid", l, "kcal/d");
    calc_note_step(r, "nitrogen", dec_quot(in[AMINO].v, dec_lit("6.25")), "g/d");
    r->value.v = dec_add(dec_add(a, d), l);
    if (in[WEIGHT].given)
        calc_note_step(r, "energy per kg", dec_quot(r->value.v, in[WEIGHT].v), "kcal/kg/d");
    return true;
}

/* What a PCA order can deliver in an hour by its lockout alone. */
static bool pca_hour(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { DOSE, LOCKOUT, BASAL };
    int64_t lockout;
    if (!dec_to_int(in[LOCKOUT].v, DEC_DOWN, &lockout) || lockout < 1 || !dec_eq(dec_int(lockout), in[LOCKOUT].v))
        return err_set(e, ERR_INPUT, "lockout", "the lockout is in whole minutes");
    struct dec demands = dec_int(60 / lockout), basal = in[BASAL].given ? in[BASAL].v : dec_int(0);
    calc_note_step(r, "demands in an hour", demands, "1");
    calc_note_step(r, "by demand", dec_mul(demands, in[DOSE].v), "mg/h");
    r->value.v = dec_add(basal, dec_mul(demands, in[DOSE].v));
    return true;
}

/* 4 mL/kg/h for the first 10 kg, 2 for the next 10, 1 for the rest. */
static bool maintenance(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    static const int per_kg[] = {4, 2, 1};
    static const char *const names[] = {"first 10 kg", "next 10 kg", "the rest"};
    struct dec left = in[0].v, sum = dec_int(0), ten = dec_int(10);
    for (int i = 0; i < 3; i++) {
        struct dec kg = i < 2 ? dec_min(left, ten) : left, part = dec_mul(kg, dec_int(per_kg[i]));
        calc_note_step(r, names[i], part, "mL/h");
        sum = dec_add(sum, part);
        left = dec_sub(left, kg);
    }
    r->value.v = sum;
    return true;
}

static bool one_trough(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { DOSE, DURATION, CL, V, TAU };
    if (dec_lt(in[TAU].v, in[DURATION].v))
        return err_set(e, ERR_INPUT, "duration", "duration is longer than the interval tau");
    struct pk_one m = {in[CL].v, in[V].v};
    calc_note_step(r, "elimination rate constant", dec_quot(m.cl, m.v), "/h");
    calc_note_step(r, "level at the end of infusion", pk_one_steady(&m, in[DOSE].v, in[DURATION].v, in[TAU].v,
        in[DURATION].v), "mg/L");
    calc_note(r, "an estimate: one compartment, steady state");
    r->value.v = pk_one_steady(&m, in[DOSE].v, in[DURATION].v, in[TAU].v, in[TAU].v);
    return true;
}

static bool two_conc(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    (void)e;
    enum { DOSE, DURATION, CL, V1, Q, V2, T };
    struct pk_two m = {in[CL].v, in[V1].v, in[Q].v, in[V2].v};
    calc_note_step(r, "k10", dec_quot(m.cl, m.v1), "/h");
    calc_note_step(r, "k12", dec_quot(m.q, m.v1), "/h");
    calc_note_step(r, "k21", dec_quot(m.q, m.v2), "/h");
    calc_note(r, "an estimate: two compartments, single infusion");
    r->value.v = pk_two_single(&m, in[DOSE].v, in[DURATION].v, in[T].v);
    return true;
}

static bool steps_minutes(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { START, INCREMENT, MAXIMUM, EVERY, AMOUNT };
    struct step steps[STEPS_MAX];
    struct step_plan p;
    int n;
    if (!steps_regular(in[START].v, in[INCREMENT].v, in[MAXIMUM].v, in[EVERY].v, steps, &n, e) ||
        !steps_run(NULL, steps, n, in[AMOUNT].v, &p, e))
        return false;
    const struct step_segment *last = &p.segments[p.count - 1];
    calc_note_step(r, "steps", dec_int(p.count), "1");
    calc_note_step(r, "last rate", last->rate, "/h");
    calc_note_step(r, "minutes at the last rate", last->minutes, "min");
    r->value.v = p.minutes;
    return true;
}

/* Twelve steps, three bags at a hundredth, a tenth and the rest of the dose. */
static bool desens12(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { DOSE, VOLUME, FINAL, STEP_MIN };
    static const char *const names[] = {"dose in step 1", "dose in step 2", "dose in step 3", "dose in step 4",
        "dose in step 5", "dose in step 6", "dose in step 7", "dose in step 8", "dose in step 9", "dose in step 10",
        "dose in step 11", "dose in step 12"};
    struct desens_step steps[DESENS_TWELVE];
    struct desens_plan p;
    struct dec minutes = in[STEP_MIN].given ? in[STEP_MIN].v : dec_int(15);
    const struct desens_bag bags[] = {{in[VOLUME].v, dec_quot(in[DOSE].v, dec_int(100))},
        {in[VOLUME].v, dec_quot(in[DOSE].v, dec_int(10))}, {in[VOLUME].v, DEC_NONE}};
    if (!desens_twelve(in[FINAL].v, minutes, steps, e) || !desens_run(in[DOSE].v, bags, 3, steps, DESENS_TWELVE, &p, e))
        return false;
    for (int i = 0; i < p.count; i++)
        calc_note_step(r, names[i], p.rows[i].dose, "mg");
    calc_note_step(r, "bag 1 used", p.bags[0].used, "mL");
    calc_note_step(r, "bag 2 used", p.bags[1].used, "mL");
    calc_note_step(r, "bag 3 holds", p.bags[2].dose, "mg");
    calc_note_step(r, "bag 3 concentration", p.bags[2].concentration, "mg/mL");
    calc_note_step(r, "all steps", p.rows[p.count - 1].total, "mg");
    r->value.v = p.minutes;
    return true;
}

static bool slow_start(const struct calc_value *in, struct calc_result *r, struct err *e)
{
    enum { VOLUME, FIRST, FIRST_MIN, TOTAL, MAX };
    struct step steps[2];
    struct dec most = in[MAX].given ? in[MAX].v : DEC_NONE;
    if (!steps_slow_start(in[FIRST].v, in[FIRST_MIN].v, in[VOLUME].v, in[TOTAL].v, most, steps, e))
        return false;
    calc_note_step(r, "in the beginning", dec_quot(dec_mul(in[FIRST].v, in[FIRST_MIN].v), dec_int(60)), "mL");
    r->value.v = steps[1].rate;
    return true;
}

#define IN_CONC IN_NEED("concentration", "ug/mL", "0.001", "500000")
#define IN_CL(name) IN_NEED(name, "L/h", "0.001", "500")
#define IN_V(name) IN_NEED(name, "L", "0.1", "5000")
#define IN_PK_DOSE IN_NEED("dose", "mg", "0.001", "100000")
#define IN_PK_DURATION IN_NEED("duration", "h", "0.01", "168")
#define IN_STEP(name) IN_NEED(name, "/h", "0.001", "100000")

static const struct calc rows[] = {
    {"carboplatin.calvert", "Carboplatin (Calvert)", "mg", "AUC × (GFR + 25), GFR not above its cap",
        "Calvert, J Clin Oncol 1989;7:1748; FDA 2010 on the cap", calvert,
        {IN_NEED("auc", "mg.min/mL", "0.5", "10"), IN_NEED("gfr", "mL/min", "1", "250"),
            IN_MAY("gfr_cap", "mL/min", "50", "250"), IN_WORD_MAY("gfr_method", "measured|creatinine")}},
    {"iron.ganzoni", "Iron deficit (Ganzoni)", "mg",
        "weight × (target − actual Hb g/dL) × 2.4 + stores (500 mg; 15 mg/kg below 35 kg)",
        "Ganzoni, Schweiz Med Wochenschr 1970;100:301", ganzoni,
        {IN_WEIGHT, IN_NEED("hb_actual", "g/dL", "2", "22"), IN_NEED("hb_target", "g/dL", "8", "18")}},
    {"rate.dose_to_ml_h", "Pump rate from a dose rate", "mL/h", "dose rate × weight × 60 ÷ concentration", "definition",
        dose_to_ml_h, {IN_NEED("dose_rate", "ug/kg/min", "0.0001", "100000"), IN_WEIGHT, IN_CONC}},
    {"rate.ml_h_to_dose", "Dose rate from a pump rate", "ug/kg/min", "rate × concentration ÷ (weight × 60)",
        "definition", ml_h_to_dose, {IN_NEED("rate", "mL/h", "0.01", "2000"), IN_WEIGHT, IN_CONC}},
    {"drops.gtt_min", "Drops a minute", "{gtt}/min", "volume × drops per mL ÷ minutes", "definition", drops,
        {IN_NEED("volume", "mL", "0.1", "5000"), IN_NEED("duration", "min", "1", "10080"),
            IN_NEED("drop_factor", "{gtt}/mL", "5", "100")}},
    {"heparin.raschke.start", "Heparin, first rate (Raschke)", "mL/h",
        "18 units/kg/h ÷ concentration, after a bolus of 80 units/kg", "Raschke, Ann Intern Med 1993;119:874",
        heparin_start, {IN_WEIGHT, IN_NEED("concentration", "[iU]/mL", "1", "20000")}},
    {"pn.osmolarity", "Osmolarity of parenteral nutrition", "mosm/L",
        "10 × amino acids + 5 × dextrose + 0.7 × lipid (g/L) + electrolytes (mEq/L)", "ASPEN 2014, rule of thumb",
        osmolarity,
        {IN_NEED("amino_acids", "g/L", "0", "150"), IN_NEED("dextrose", "g/L", "0", "700"),
            IN_MAY("lipid", "g/L", "0", "200"), IN_MAY("electrolytes", "meq/L", "0", "1000")}},
    {"pn.gir", "Glucose infusion rate", "mg/kg/min", "dextrose g/d × 1000 ÷ (weight × 1440)", "definition",
        glucose_rate, {IN_NEED("dextrose", "g/d", "1", "2000"), IN_WEIGHT}},
    {"fluid.maintenance", "Maintenance fluid (4-2-1)", "mL/h", "4 mL/kg for 10 kg, 2 for the next 10, 1 for the rest",
        "Holliday and Segar, Pediatrics 1957;19:823", maintenance, {IN_NEED("weight", "kg", "2", "400")}},
    {"pk.one.trough", "Trough at steady state, one compartment", "mg/L",
        "R ÷ CL × (1 − e^−kT) ÷ (1 − e^−kτ) × e^−k(τ − T)", "Gibaldi and Perrier, Pharmacokinetics", one_trough,
        {IN_PK_DOSE, IN_PK_DURATION, IN_CL("cl"), IN_V("v"), IN_NEED("tau", "h", "0.5", "744")}},
    {"pk.two.conc", "Level of a single infusion, two compartments", "mg/L",
        "R ÷ V1 × Σ Ai ÷ λi × (1 − e^−λi t), then e^−λi(t − T)", "Gibaldi and Perrier, Pharmacokinetics", two_conc,
        {IN_PK_DOSE, IN_PK_DURATION, IN_CL("cl"), IN_V("v1"), IN_CL("q"), IN_V("v2"), IN_NEED("t", "h", "0", "1000")}},
    {"steps.minutes", "Length of an infusion by rate steps", "min", "start, + increment every …, to the maximum",
        "the step table of the product", steps_minutes,
        {IN_STEP("start"), IN_STEP("increment"), IN_STEP("maximum"), IN_NEED("every", "min", "1", "1440"),
            IN_NEED("amount", "1", "0.001", "100000")}},
    {"iron.simplified", "Total iron by weight and haemoglobin", "mg",
        "Hb < 10 g/dL: 1500 mg, from 70 kg 2000; Hb < 14: 1000, from 70 kg 1500; else 500",
        "ferric carboxymaltose, simplified table (MIMS); doubt: labels differ by country", iron_simplified,
        {IN_WEIGHT, IN_NEED("hb", "g/dL", "2", "22")}},
    {"iron.single_dose", "One dose of a total of iron", "mg",
        "least of total, single maximum and weight × maximum per kg",
        "definition; the maxima are the product's (ferric carboxymaltose: 750 or 1000 mg, 15 or 20 mg/kg by label)",
        iron_single,
        {IN_NEED("total", "mg", "100", "5000"), IN_WEIGHT, IN_NEED("single_max", "mg", "50", "2000"),
            IN_NEED("per_kg_max", "mg/kg", "1", "30")}},
    {"ivig.dose", "Immune globulin dose", "g",
        "dose per kg × weight; dosing weight if BMI is over the limit; rounded to the step",
        "National Blood Authority Australia; Ontario: BMI > 30 and 5 g", ivig_dose,
        {IN_SEX, IN_WEIGHT, IN_HEIGHT, IN_NEED("per_kg", "g/kg", "0.05", "2"), IN_MAY("bmi_over", "kg/m2", "18", "60"),
            IN_MAY("round_step", "g", "0.5", "20")}},
    {"steps.desensitisation12", "Desensitisation in 12 steps, three bags", "min",
        "bags of dose ÷ 100, dose ÷ 10 and the rest; 2 5 10 20, 5 10 20 40, 10 20 40 80 mL/h × final rate ÷ 80; last "
        "step to the end",
        "Castells, J Allergy Clin Immunol 2008;122:574, pattern; carboplatin table of UpToDate 51577", desens12,
        {IN_NEED("dose", "mg", "0.1", "10000"), IN_NEED("volume", "mL", "50", "1000"),
            IN_NEED("final_rate", "mL/h", "8", "400"), IN_MAY("step_time", "min", "5", "60")}},
    {"steps.slow_start", "Rate after a slow beginning", "mL/h", "(volume − first rate × first minutes) ÷ the time left",
        "transfusion practice: slow for 15 minutes, then even to the end", slow_start,
        {IN_NEED("volume", "mL", "10", "5000"), IN_NEED("first_rate", "mL/h", "1", "600"),
            IN_NEED("first_time", "min", "1", "120"), IN_NEED("total_time", "min", "5", "1440"),
            IN_MAY("rate_max", "mL/h", "1", "2000")}},
    {"pn.energy", "Energy of parenteral nutrition", "kcal/d", "4 × amino acids + 3.4 × dextrose + 10 × lipid (g/d)",
        "ASPEN; lipid as 20 % emulsion, 2 kcal/mL, from memory", energy,
        {IN_NEED("amino_acids", "g/d", "0", "400"), IN_NEED("dextrose", "g/d", "0", "1500"),
            IN_MAY("lipid", "g/d", "0", "400"), IN_MAY("weight", "kg", "20", "400")}},
    {"pca.hour_by_lockout", "Most a PCA order gives in an hour by its lockout", "mg/h",
        "background + ⌊60 ÷ lockout⌋ × dose", "definition", pca_hour,
        {IN_NEED("dose", "mg", "0.001", "20"), IN_NEED("lockout", "min", "1", "240"),
            IN_MAY("basal", "mg/h", "0", "50")}},
};

const struct calc *const calc_dose[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7],
    &rows[8], &rows[9], &rows[10], &rows[11], &rows[12], &rows[13], &rows[14], &rows[15], &rows[16], &rows[17],
    &rows[18], NULL};
