/* Doses known from elsewhere, modification with the worst rule, bad inputs; each by both engines. */
#include "clinic/derive.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "clinic/ctcae.h"
#include "clinic/derive_io.h"
#include "clinic/lifetime.h"
#include "clinic/recheck.h"
#include "test/base/harness.h"

static const utc_t now = INT64_C(1795219200) * 1000000;

static struct derive_reading measured(const char *value, int days_ago)
{
    return (struct derive_reading){value ? qty_lit(value) : QTY_NONE, now - days_ago * UTC_DAY, 28, "demo"};
}

static struct derive_patient adult(const char *weight, const char *height)
{
    return (struct derive_patient){.sex = "female", .age = dec_int(60), .weight = measured(weight, 0), .height = measured(height, 0),
        .creatinine = measured(NULL, 0), .gfr = measured(NULL, 0), .weight_before = QTY_NONE, .now = now};
}

static struct derive_order per(enum derive_basis basis, const char *amount)
{
    return (struct derive_order){.drug = "demo", .unit = "mg", .basis = basis, .amount = qty_lit(amount), .bmi_over = DEC_NONE,
        .weight_cap = QTY_NONE, .surface_cap = QTY_NONE, .creatinine_floor = QTY_NONE, .gfr_cap = QTY_NONE, .cap = QTY_NONE,
        .step = QTY_NONE, .keep_weight_percent = DEC_NONE};
}

static struct derive_answer x;

/* Both engines; the dose as text, NULL if there is none. */
static const char *dose_of(const struct derive_order *o, const struct derive_patient *p, struct err *e)
{
    static char text[4][DEC_TEXT_MAX];
    static int at;
    struct recheck r;
    *e = (struct err){0};
    bool ok = derive_dose(NULL, o, p, &x, e);
    recheck_dose(o, p, &r);
    if (!recheck_agrees(&x, ok, &r))
        fail_msg("the engines differ: %s %s against %s %s", e->where, e->text, r.dose, r.why);
    at = (at + 1) % 4;
    return ok && qty_is(x.dose) ? dec_text(x.dose.v, text[at]) : NULL;
}

static void expect(const struct derive_order *o, const struct derive_patient *p, const char *want)
{
    struct err e;
    const char *got = dose_of(o, p, &e);
    if (!got)
        fail_msg("no dose: %s: %s", e.where, e.text);
    assert_string_equal(got, want);
}

/* FDA text: AUC × (GFR + 25), an estimated GFR at most 125. Public tools that print 700 and 224 use another formula. */
static void known_calvert(void **s)
{
    (void)s;
    static const struct { const char *auc, *gfr, *mg; } rows[] = {{"5", "100", "625"}, {"4", "30", "220"}, {"5", "80", "525"},
        {"6", "60", "510"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char auc[32], gfr[32];
        snprintf(auc, sizeof auc, "%s mg.min/mL", rows[i].auc);
        snprintf(gfr, sizeof gfr, "%s mL/min", rows[i].gfr);
        struct derive_order o = per(DERIVE_AUC, auc);
        struct derive_patient p = adult("70 kg", NULL);
        p.gfr = measured(gfr, 3);
        expect(&o, &p, rows[i].mg);
    }
    static const char *const auc[] = {"4 mg.min/mL", "5 mg.min/mL", "6 mg.min/mL"}, *const most[] = {"600", "750", "900"};
    for (int i = 0; i < 3; i++) {
        struct derive_order o = per(DERIVE_AUC, auc[i]);
        struct derive_patient p = adult("110 kg", NULL);
        p.sex = "male";
        p.age = dec_int(25);
        p.creatinine = measured("0.5 mg/dL", 1);
        o.gfr_cap = qty_lit("125 mL/min");
        expect(&o, &p, most[i]);
        assert_true(x.gfr_capped);
    }
}

/* MedCalc-Bench 2: M 53, 87 kg, 175 cm, 1.39 mg/dL, adjusted weight: 67.005 mL/min; AUC 5 × 92.005. */
static void known_clearance(void **s)
{
    (void)s;
    struct derive_order o = per(DERIVE_AUC, "5 mg.min/mL");
    struct derive_patient p = adult("87 kg", "175 cm");
    p.sex = "male";
    p.age = dec_int(53);
    p.creatinine = measured("1.39 mg/dL", 1);
    o.weight = DERIVE_ADJUSTED;
    expect(&o, &p, "460.025");
    p.creatinine = measured("122.876 umol/L", 1); /* 1.39 × 88.4 */
    expect(&o, &p, "460.025");
    o.weight = DERIVE_ACTUAL;
    expect(&o, &p, "503.147"); /* 75.6295 */
    o.weight = DERIVE_IDEAL;
    expect(&o, &p, "431.276"); /* 61.2552 */
    p.creatinine = measured("0.5 mg/dL", 1);
    o.creatinine_floor = qty_lit("0.7 mg/dL");
    expect(&o, &p, "733.176"); /* 87 × 70.4638 ÷ (72 × 0.7) = 121.635 */
    assert_true(x.creatinine_floored);
    /* 50 × 24 ÷ 72 = 16.666…, + 25, × 6 is 250 exactly: rounding up to 50 must not make it 300 */
    o = per(DERIVE_AUC, "6 mg.min/mL");
    p = adult("24 kg", NULL);
    p.sex = "male";
    p.age = dec_int(90);
    p.creatinine = measured("1 mg/dL", 1);
    o.rounding = DERIVE_STEP;
    o.step = qty_lit("50 mg");
    o.how = DEC_UP;
    expect(&o, &p, "250");
}

/* BC Cancer case 3: 57 kg, 168 cm, R-CHOP. */
static void known_rchop(void **s)
{
    (void)s;
    static const struct { const char *amount, *cap, *step, *want; } rows[] = {{"750 mg/m2", NULL, NULL, "1223.21"},
        {"50 mg/m2", NULL, NULL, "81.5475"}, {"1.4 mg/m2", NULL, NULL, "2.28333"}, {"1.4 mg/m2", "2 mg", NULL, "2"},
        {"1.4 mg/m2", "0.002 g", NULL, "2"}, {"45 mg/m2", NULL, "25 mg", "75"}, {"375 mg/m2", NULL, NULL, "611.606"},
        {"0.375 g/m2", NULL, "100 mg", "600"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct derive_order o = per(DERIVE_PER_M2, rows[i].amount);
        struct derive_patient p = adult("57 kg", "168 cm");
        o.cap = rows[i].cap ? qty_lit(rows[i].cap) : QTY_NONE;
        o.rounding = rows[i].step ? DERIVE_STEP : DERIVE_NO_ROUNDING;
        o.step = rows[i].step ? qty_lit(rows[i].step) : QTY_NONE;
        expect(&o, &p, rows[i].want);
        assert_int_equal(x.capped, rows[i].cap != NULL);
    }
}

/* The published surfaces of 80 kg and 180 cm (clinPK), × 100. */
static void known_surfaces(void **s)
{
    (void)s;
    static const char *const want[] = {"200", "199.642", "200.656", "200.948", "200.736"};
    for (int i = 0; i < 5; i++) {
        struct derive_order o = per(DERIVE_PER_M2, "100 mg/m2");
        struct derive_patient p = adult("80 kg", "180 cm");
        o.surface = (enum derive_surface)i;
        expect(&o, &p, want[i]);
    }
    struct derive_order o = per(DERIVE_PER_M2, "100 mg/m2");
    struct derive_patient p = adult("80000 g", "1.8 m");
    expect(&o, &p, "200");
    p = adult("120 kg", "180 cm");
    o.surface_cap = qty_lit("2.2 m2");
    expect(&o, &p, "220");
    assert_true(x.surface_capped);
}

static const struct derive_band bands[] = { /* NHS England, 1 mg/mL drugs, rows of docslib 100960 */
    {{175, 2}, {190, 2}, {18, 1}}, {{190, 2}, {210, 2}, {2, 0}}, {{210, 2}, {230, 2}, {22, 1}}, {{230, 2}, {250, 2}, {24, 1}},
    {{949, 2}, {1049, 2}, {10, 0}}, {{1449, 2}, {1549, 2}, {15, 0}},
};

static void known_bands(void **s)
{
    (void)s;
    static const struct { const char *amount, *want; } rows[] = {{"1.75 mg", "1.8"}, {"1.899 mg", "1.8"}, {"1.9 mg", "2"},
        {"2.099 mg", "2"}, {"2.1 mg", "2.2"}, {"2.29999 mg", "2.2"}, {"2.3 mg", "2.4"}, {"2.499 mg", "2.4"}, {"9.49 mg", "10"},
        {"10.489 mg", "10"}, {"14.49 mg", "15"}, {"15.489 mg", "15"}, {"2.5 mg", NULL}, {"1.7499 mg", NULL}, {"10.49 mg", NULL},
        {"20 mg", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct derive_order o = per(DERIVE_FLAT, rows[i].amount);
        struct derive_patient p = adult("70 kg", NULL);
        struct err e;
        o.rounding = DERIVE_BANDS;
        o.bands = bands;
        o.band_n = sizeof bands / sizeof *bands;
        const char *got = dose_of(&o, &p, &e);
        if (!rows[i].want) {
            assert_null(got);
            assert_string_equal(e.where, "bands");
        } else
            assert_string_equal(got, rows[i].want);
    }
    /* BC Cancer's vincristine, 2.28 mg, goes to 2.2 */
    struct derive_order o = per(DERIVE_PER_M2, "1.4 mg/m2");
    struct derive_patient p = adult("57 kg", "168 cm");
    o.rounding = DERIVE_BANDS;
    o.bands = bands;
    o.band_n = sizeof bands / sizeof *bands;
    expect(&o, &p, "2.2");
    assert_true(dec_eq(x.round_percent, dec_lit("3.65")));
}

static void weights(void **s)
{
    (void)s;
    struct derive_order o = per(DERIVE_PER_KG, "1.8 mg/kg");
    struct derive_patient p = adult("120 kg", "175 cm");
    o.weight_cap = qty_lit("100 kg"); /* vedotin drugs */
    expect(&o, &p, "180");
    assert_true(x.weight_capped);
    o = per(DERIVE_PER_KG, "2 g/kg"); /* immune globulin: 164.56 g */
    p = adult("100 kg", "175 cm");
    p.sex = "male";
    o.unit = "g";
    o.weight = DERIVE_BY_BMI;
    o.bmi_over = dec_int(30);
    expect(&o, &p, "164.557");
    o.rounding = DERIVE_STEP;
    o.step = qty_lit("5 g");
    expect(&o, &p, "165");
    o.bmi_over = dec_int(33);
    expect(&o, &p, "200");
    /* a change below the limit keeps the weight of the dose before; at the limit it does not */
    o = per(DERIVE_PER_KG, "1 mg/kg");
    o.keep_weight_percent = dec_int(5);
    p = adult("104.9 kg", NULL);
    p.weight_before = qty_lit("100 kg");
    expect(&o, &p, "100");
    assert_true(x.weight_kept);
    p = adult("105 kg", NULL);
    p.weight_before = qty_lit("100 kg");
    expect(&o, &p, "105");
    static const struct derive_weight_band table[] = {{{40, 0}, {50, 0}, {{15, 0}, 0}}, {{50, 0}, {400, 0}, {{750, 0}, 0}}};
    struct derive_weight_band own[2];
    memcpy(own, table, sizeof own);
    own[0].amount.u = unit_find("mg/kg");
    own[1].amount.u = unit_find("mg");
    o = per(DERIVE_BY_WEIGHT, "1 mg");
    o.weight_bands = own;
    o.weight_band_n = 2;
    p = adult("49.9 kg", NULL);
    expect(&o, &p, "748.5");
    p = adult("50 kg", NULL);
    expect(&o, &p, "750");
}

static void refuses_inputs(void **s)
{
    (void)s;
    static const struct { const char *weight, *height, *before, *where; int weight_age, age; const char *basis; } rows[] = {
        {NULL, "170 cm", NULL, "weight", 0, 60, "100 mg/m2"}, {"70 kg", NULL, NULL, "height", 0, 60, "100 mg/m2"},
        {"70 kg", "170 cm", NULL, "weight", 29, 60, "100 mg/m2"}, {"70 kg", "170 cm", NULL, "age", 0, 17, "100 mg/m2"},
        {"170 kg", "70 cm", NULL, "height", 0, 60, "100 mg/m2"}, {"180 kg", "110 cm", NULL, "weight", 0, 60, "100 mg/m2"}, /* swapped */
        {"0 kg", "170 cm", NULL, "weight", 0, 60, "100 mg/m2"}, {"-70 kg", "170 cm", NULL, "weight", 0, 60, "100 mg/m2"},
        {"7000 kg", "170 cm", NULL, "weight", 0, 60, "100 mg/m2"}, {"70 cm", "170 cm", NULL, "weight", 0, 60, "100 mg/m2"},
        {"70", "170 cm", NULL, "weight", 0, 60, "100 mg/m2"}, {"70 kg", "17 m", NULL, "height", 0, 60, "100 mg/m2"},
        {"154 kg", "170 cm", "70 kg", "weight", 0, 60, "100 mg/m2"}, /* pounds read as kilograms */
        {"70 kg", "170 cm", "154 kg", "weight", 0, 60, "100 mg/m2"}, {"70 kg", "170 cm", "0 kg", "weight_before", 0, 60, "100 mg/m2"},
        {"70 kg", "170 cm", NULL, "amount", 0, 60, "100 mg/kg"}, {"70 kg", "170 cm", NULL, "amount", 0, 60, "100 mL/m2"},
        {"70 kg", "170 cm", NULL, "amount", 0, 60, "0 mg/m2"}, {"70 kg", "170 cm", NULL, "amount", 0, 60, "100 U/m2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct derive_order o = per(DERIVE_PER_M2, rows[i].basis);
        struct derive_patient p = adult(rows[i].weight, rows[i].height);
        struct err e;
        p.weight.taken = now - rows[i].weight_age * UTC_DAY;
        p.age = dec_int(rows[i].age);
        p.weight_before = rows[i].before ? qty_lit(rows[i].before) : QTY_NONE;
        if (dose_of(&o, &p, &e))
            fail_msg("row %zu gives a dose", i);
        assert_string_equal(e.where, rows[i].where);
        assert_true(strlen(e.text) > 10);
    }
}

static void refuses_stale(void **s)
{
    (void)s;
    struct derive_order o = per(DERIVE_AUC, "5 mg.min/mL");
    struct derive_patient p = adult("70 kg", NULL);
    struct err e;
    p.creatinine = measured("1 mg/dL", 28);
    expect(&o, &p, "455.556");
    p.creatinine.taken -= 1;
    assert_null(dose_of(&o, &p, &e));
    assert_string_equal(e.where, "creatinine");
    p.creatinine.taken = now + 1;
    assert_null(dose_of(&o, &p, &e));
    p.creatinine.taken = UTC_NONE;
    assert_null(dose_of(&o, &p, &e));
    p.creatinine.max_age_days = 0;
    expect(&o, &p, "455.556");
    p.sex = NULL;
    assert_null(dose_of(&o, &p, &e));
    assert_string_equal(e.where, "sex");
}

/* ---- modification ------------------------------------------------------------------------------------------------------- */

static struct derive_rule rule(const char *id, const char *name, const char *from, const char *below, enum derive_action action)
{
    return (struct derive_rule){.id = id, .name = name, .measure = DERIVE_VALUE, .when = DERIVE_DAY1, .unit = "10*9/L",
        .from = from ? dec_lit(from) : DEC_NONE, .below = below ? dec_lit(below) : DEC_NONE, .action = action,
        .percent = DEC_NONE, .words = id, .source = "demo"};
}

static struct derive_finding lab(const char *name, const char *value)
{
    return (struct derive_finding){.name = name, .when = DERIVE_DAY1, .value = qty_lit(value), .lln = QTY_NONE, .uln = QTY_NONE,
        .baseline = QTY_NONE, .grade = -1, .taken = now, .max_age_days = 3};
}

static void worst_rule_wins(void **s)
{
    (void)s;
    struct derive_rule rules[] = {rule("anc low", "anc", NULL, "1", DERIVE_DELAY), rule("anc some", "anc", "1", "1.5", DERIVE_REDUCE),
        rule("anc good", "anc", "1.5", NULL, DERIVE_GO), rule("plt low", "platelets", NULL, "50", DERIVE_OMIT),
        rule("plt some", "platelets", "50", "75", DERIVE_REDUCE), rule("neuro", "neuropathy", "3", NULL, DERIVE_STOP)};
    rules[0].days = 7;
    rules[1].percent = dec_int(75);
    rules[4].percent = dec_int(50);
    rules[5].measure = DERIVE_GRADE;
    static const struct { const char *anc, *plt; int grade; enum derive_verdict verdict; int fired; const char *worst, *dose; } rows[] = {
        {"1.5 10*9/L", "75 10*9/L", 2, DERIVE_GIVE, 1, NULL, "100"}, {"1.499 10*9/L", "75 10*9/L", 0, DERIVE_GIVE, 1, "anc some", "75"},
        {"1 10*9/L", "50 10*9/L", 0, DERIVE_GIVE, 2, "plt some", "50"}, {"1000 /uL", "75 10*9/L", 0, DERIVE_GIVE, 1, "anc some", "75"},
        {"999 /uL", "74 10*9/L", 0, DERIVE_DELAYED, 2, "anc low", NULL}, {"1.2 10*9/L", "49.9 10*9/L", 0, DERIVE_OMITTED, 2, "plt low", NULL},
        {"0.5 10*9/L", "20 10*9/L", 3, DERIVE_STOPPED, 3, "neuro", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct derive_finding f[] = {lab("anc", rows[i].anc), lab("platelets", rows[i].plt), lab("neuropathy", "0 {score}")};
        struct derive_order o = per(DERIVE_FLAT, "100 mg");
        struct derive_patient p = adult("70 kg", NULL);
        struct err e;
        f[2].grade = rows[i].grade;
        o.rules = rules;
        o.rule_n = 6;
        p.findings = f;
        p.finding_n = 3;
        const char *got = dose_of(&o, &p, &e);
        assert_int_equal(x.verdict, rows[i].verdict);
        assert_int_equal(x.fired_n, rows[i].fired);
        assert_int_equal(x.delay_days, rows[i].verdict == DERIVE_DELAYED ? 7 : 0);
        assert_true((x.worst < 0) == (rows[i].worst == NULL) && (!rows[i].worst || strcmp(rules[x.worst].id, rows[i].worst) == 0));
        assert_true((got == NULL) == (rows[i].dose == NULL) && (!got || strcmp(got, rows[i].dose) == 0));
    }
}

/* A reduction is of the capped dose; a level holds until raised; the deeper of level and reduction counts. */
static void reductions(void **s)
{
    (void)s;
    static const struct dec levels[] = {{80, 0}, {60, 0}};
    struct derive_rule rules[] = {rule("some", "anc", "1", "1.5", DERIVE_REDUCE), rule("level", "platelets", NULL, "50", DERIVE_LEVEL)};
    struct derive_finding f[] = {lab("anc", "1.2 10*9/L"), lab("platelets", "100 10*9/L")};
    struct derive_order o = per(DERIVE_PER_M2, "1.4 mg/m2");
    struct derive_patient p = adult("57 kg", "168 cm");
    struct err e;
    rules[0].percent = dec_int(50);
    rules[1].level = -2;
    o.cap = qty_lit("2 mg");
    o.rules = rules;
    o.rule_n = 2;
    o.levels = levels;
    o.level_n = 2;
    p.findings = f;
    p.finding_n = 2;
    expect(&o, &p, "1");
    o.level = -1;
    f[0].value = qty_lit("3 10*9/L");
    expect(&o, &p, "1.6");
    f[1].value = qty_lit("40 10*9/L");
    expect(&o, &p, "1.2");
    o.level = -2;
    f[1].value = qty_lit("80 10*9/L");
    expect(&o, &p, "1.2");
    o.level = -3;
    assert_null(dose_of(&o, &p, &e));
    o.level = 0;
    p.finding_n = 1;
    assert_null(dose_of(&o, &p, &e)); /* the table asks for platelets */
    assert_string_equal(e.where, "platelets");
    p.finding_n = 2;
    f[1].taken = now - 3 * UTC_DAY - 1;
    assert_null(dose_of(&o, &p, &e)); /* too old */
    assert_string_equal(e.where, "platelets");
    f[1] = lab("platelets", "80 g/L");
    assert_null(dose_of(&o, &p, &e));
    assert_string_equal(e.where, "platelets");
}

/* 40 kg, 83 years, 1 mg/dL: 95/3 mL/min; AUC 2 gives 340/3 mg, 75 % of it 85 mg exactly, and half of a step of 10 goes
 * up: 90. Taken to 12 digits too early it was 84.9999999998, and 80. Found by the run of both engines. */
static void thirds_keep_their_ties(void **s)
{
    (void)s;
    struct derive_rule r = rule("some", "anc", "1", "1.5", DERIVE_REDUCE);
    struct derive_finding f = lab("anc", "1.2 10*9/L");
    struct derive_order o = per(DERIVE_AUC, "2 mg.min/mL");
    struct derive_patient p = adult("40 kg", NULL);
    r.percent = dec_int(75);
    p.sex = "male";
    p.age = dec_int(83);
    p.creatinine = measured("1 mg/dL", 1);
    p.findings = &f;
    p.finding_n = 1;
    o.rules = &r;
    o.rule_n = 1;
    o.rounding = DERIVE_STEP;
    o.step = qty_lit("10 mg");
    expect(&o, &p, "90");
}

/* Multiples of a limit of normal, at the limit itself: 1.5 × 1.2 mg/dL = 1.8, which no binary fraction holds. */
static void multiples_are_exact(void **s)
{
    (void)s;
    struct derive_rule r = rule("bili", "bilirubin", "1.5", "3", DERIVE_REDUCE);
    r.measure = DERIVE_TIMES_ULN;
    r.percent = dec_int(75);
    static const struct { const char *value, *uln, *want; } rows[] = {{"1.8 mg/dL", "1.2 mg/dL", "75"}, {"1.79 mg/dL", "1.2 mg/dL", "100"},
        {"3.6 mg/dL", "1.2 mg/dL", "100"}, {"3.59 mg/dL", "12 mg/L", "75"}, {"18 mg/L", "1.2 mg/dL", "75"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct derive_finding f = lab("bilirubin", rows[i].value);
        struct derive_order o = per(DERIVE_FLAT, "100 mg");
        struct derive_patient p = adult("70 kg", NULL);
        f.uln = qty_lit(rows[i].uln);
        o.rules = &r;
        o.rule_n = 1;
        p.findings = &f;
        p.finding_n = 1;
        expect(&o, &p, rows[i].want);
    }
}

static void checks_tables(void **s)
{
    (void)s;
    /* a published table whose rows overlap (PMC4671866: "1.0-1.49 or platelets ≥ 90" beside "platelets < 100") */
    struct derive_rule overlapping[] = {rule("a", "platelets", "90", NULL, DERIVE_GO), rule("b", "platelets", NULL, "100", DERIVE_DELAY)};
    struct derive_rule gap[] = {rule("a", "anc", NULL, "1", DERIVE_DELAY), rule("b", "anc", "1.5", NULL, DERIVE_GO)};
    struct derive_rule good[] = {rule("a", "anc", NULL, "1", DERIVE_DELAY), rule("b", "anc", "1", NULL, DERIVE_GO), rule("c", "platelets", NULL, "1", DERIVE_STOP)};
    struct derive_rule whole[] = {rule("a", "anc", "1", "2", DERIVE_REDUCE)}, falling[] = {rule("a", "anc", "2", "1", DERIVE_GO)};
    overlapping[1].days = gap[0].days = good[0].days = 7;
    whole[0].percent = dec_int(100);
    struct err e = {0};
    assert_false(derive_rules_check(overlapping, 2, &e));
    assert_non_null(strstr(e.text, "overlaps"));
    e = (struct err){0};
    assert_false(derive_rules_check(gap, 2, &e));
    assert_non_null(strstr(e.text, "gap"));
    e = (struct err){0};
    assert_false(derive_rules_check(whole, 1, &e));
    e = (struct err){0};
    assert_false(derive_rules_check(falling, 1, &e));
    e = (struct err){0};
    assert_true(derive_rules_check(good, 3, &e));
    good[0].days = 0;
    assert_false(derive_rules_check(good, 3, &e));
}

/* CTCAE 5.0 at each boundary, both engines. */
static void grades(void **s)
{
    (void)s;
    static const struct { const char *name, *value, *limit, *base; int grade; } rows[] = {
        {"anc", "1.8 10*9/L", "1.8 10*9/L", NULL, 0}, {"anc", "1.79 10*9/L", "1.8 10*9/L", NULL, 1}, {"anc", "1.5 10*9/L", "1.8 10*9/L", NULL, 1},
        {"anc", "1.49 10*9/L", "1.8 10*9/L", NULL, 2}, {"anc", "1000 /uL", "1.8 10*9/L", NULL, 2}, {"anc", "999 /uL", "1.8 10*9/L", NULL, 3},
        {"anc", "0.5 10*9/L", "1.8 10*9/L", NULL, 3}, {"anc", "0.499 10*9/L", "1.8 10*9/L", NULL, 4}, {"platelets", "25 10*9/L", "150 10*9/L", NULL, 3},
        {"platelets", "24.9 10*9/L", "150 10*9/L", NULL, 4}, {"hemoglobin", "79 g/L", "12 g/dL", NULL, 3}, {"hemoglobin", "1 g/dL", "12 g/dL", NULL, 3},
        {"bilirubin", "1.2 mg/dL", "1.2 mg/dL", NULL, 0}, {"bilirubin", "1.8 mg/dL", "1.2 mg/dL", NULL, 1}, {"bilirubin", "1.81 mg/dL", "1.2 mg/dL", NULL, 2},
        {"bilirubin", "3.6 mg/dL", "1.2 mg/dL", NULL, 2}, {"bilirubin", "12.1 mg/dL", "1.2 mg/dL", NULL, 4}, {"bilirubin", "3 mg/dL", "1.2 mg/dL", "2 mg/dL", 1},
        {"potassium", "5.5 mmol/L", "5 mmol/L", NULL, 1}, {"potassium", "5.6 mmol/L", "5 mmol/L", NULL, 2}, {"potassium", "7.1 mmol/L", "5 mmol/L", NULL, 4},
        {"alt", "120 U/L", "40 U/L", NULL, 1}, {"alt", "121 U/L", "40 U/L", NULL, 2}, {"alt", "801 U/L", "40 U/L", NULL, 4},
        {"anc", "1 10*9/L", NULL, NULL, -1}, {"anc", "1 g/L", "1.8 10*9/L", NULL, -1}, {"bilirubin", "1 mg/dL", "0 mg/dL", NULL, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct ctcae_term *t = ctcae_find(rows[i].name);
        struct qty v = qty_lit(rows[i].value), limit = rows[i].limit ? qty_lit(rows[i].limit) : QTY_NONE, base = rows[i].base ? qty_lit(rows[i].base) : QTY_NONE;
        struct err e = {0};
        int grade;
        bool ok = ctcae_grade(t, v, limit, limit, base, &grade, &e);
        if ((ok ? grade : -1) != rows[i].grade)
            fail_msg("%s %s: grade %d, %s", rows[i].name, rows[i].value, grade, e.text);
        assert_int_equal(recheck_grade(t, v, limit, limit, base), rows[i].grade);
        assert_true(ok || strlen(e.text) > 10);
    }
}

/* ---- lifetime ----------------------------------------------------------------------------------------------------------- */

/* AC × 4 before, R-CHOP now: 450 mg/m2 is passed in cycle 5, 550 in cycle 7. */
static void lifetime_of_anthracyclines(void **s)
{
    (void)s;
    const struct lifetime_entry before[] = {{"doxorubicin", qty_lit("60 mg/m2")}, {"doxorubicin", qty_lit("60 mg/m2")},
        {"doxorubicin", qty_lit("0.06 g/m2")}, {"doxorubicin", qty_lit("60 mg/m2")}};
    static const struct lifetime_factor ighg[] = {{"doxorubicin", {1, 0}}, {"daunorubicin", {6, 1}}, {"mitoxantrone", {105, 1}}};
    static const struct lifetime_factor cog[] = {{"doxorubicin", {1, 0}}, {"daunorubicin", {5, 1}}, {"epirubicin", {67, 2}},
        {"idarubicin", {5, 0}}, {"mitoxantrone", {4, 0}}};
    struct lifetime l;
    struct lifetime_crossing c;
    struct err e = {0};
    assert_true(lifetime_sum(before, 4, ighg, 3, "mg/m2", &l, &e));
    assert_true(dec_eq(l.total, dec_int(240)) && l.count == 1);
    assert_true(lifetime_crosses(l.total, dec_int(50), 8, dec_int(450), &c, &e));
    assert_true(c.cycle == 5 && dec_eq(c.at, dec_int(490)));
    assert_true(lifetime_crosses(l.total, dec_int(50), 8, dec_int(550), &c, &e));
    assert_true(c.cycle == 7 && dec_eq(c.at, dec_int(590)));
    assert_true(lifetime_crosses(l.total, dec_int(50), 4, dec_int(440), &c, &e)); /* reached, not passed */
    assert_true(c.cycle == 0 && dec_eq(c.at, dec_int(440)));
    /* the tables disagree: the same history is 345 or 240 + 40, and epirubicin counts in one of them only */
    const struct lifetime_entry mixed[] = {{"doxorubicin", qty_lit("240 mg/m2")}, {"mitoxantrone", qty_lit("10 mg/m2")}, {"epirubicin", qty_lit("100 mg/m2")}};
    assert_true(lifetime_sum(mixed, 3, ighg, 3, "mg/m2", &l, &e));
    assert_true(dec_eq(l.total, dec_int(345)) && l.uncounted == 1 && !dec_is(l.parts[2].factor) && dec_eq(l.parts[2].raw, dec_int(100)));
    assert_true(lifetime_sum(mixed, 3, cog, 5, "mg/m2", &l, &e));
    assert_true(dec_eq(l.total, dec_int(347)) && l.uncounted == 0);
    const struct lifetime_entry bad[] = {{"doxorubicin", qty_lit("240 mg")}}, gone[] = {{"doxorubicin", QTY_NONE}};
    assert_false(lifetime_sum(bad, 1, ighg, 3, "mg/m2", &l, &e));
    e = (struct err){0};
    assert_false(lifetime_sum(gone, 1, ighg, 3, "mg/m2", &l, &e));
    assert_string_equal(e.where, "doxorubicin");
    e = (struct err){0};
    assert_false(lifetime_crosses(dec_int(1), dec_int(0), 8, dec_int(450), &c, &e));
}

/* ---- the proof ---------------------------------------------------------------------------------------------------------- */

static void prints_its_tree(void **s)
{
    (void)s;
    struct arena *a = arena_new();
    struct derive_order o = per(DERIVE_PER_M2, "1.4 mg/m2");
    struct derive_patient p = adult("57 kg", "168 cm");
    struct derive_finding f = lab("anc", "1.2 10*9/L");
    struct derive_rule r = rule("anc some", "anc", "1", "1.5", DERIVE_REDUCE);
    struct err e = {0};
    struct buf b;
    struct json j;
    r.percent = dec_int(75);
    o.cap = qty_lit("2 mg");
    o.rules = &r;
    o.rule_n = 1;
    p.findings = &f;
    p.finding_n = 1;
    assert_true(derive_dose(a, &o, &p, &x, &e));
    buf_init(&b, 20000);
    json_init(&j, &b);
    derive_to_json(&o, &x, &j, NULL);
    struct node *n = json_read(a, b.data, b.len, b.len, &e);
    assert_non_null(n);
    assert_string_equal(node_path(n, "verdict")->text, "give");
    assert_string_equal(node_path(n, "fired[0].rule")->text, "anc some");
    assert_string_equal(node_path(n, "tree.name")->text, "dose");
    assert_string_equal(node_path(n, "tree.value.value")->text, "1.5");
    assert_string_equal(node_path(n, "tree.from[0].name")->text, "modified dose");
    assert_string_equal(node_path(n, "tree.from[0].from[0].name")->text, "after the cap");
    assert_string_equal(node_path(n, "tree.from[0].from[0].from[0].name")->text, "full dose");
    assert_string_equal(node_path(n, "tree.from[0].from[0].from[0].from[0].name")->text, "body surface");
    assert_string_equal(node_path(n, "tree.from[0].from[0].from[0].from[0].value.value")->text, "1.63095064303001");
    assert_string_equal(node_path(n, "tree.from[0].from[0].from[0].from[0].from[0].name")->text, "weight");
    assert_string_equal(node_path(n, "tree.from[0].from[1].name")->text, "modification");
    assert_string_equal(node_path(n, "tree.from[0].from[1].from[0].name")->text, "anc");
    buf_fini(&b);
    arena_free(a);
}

/* A question written and read again gives the same dose, by both engines; one with tables is not written in part. */
static void asks_again(void **s)
{
    (void)s;
    struct arena *a = arena_new();
    struct derive_weight_band own[] = {{dec_int(40), dec_int(50), qty_lit("15 mg/kg")}, {dec_int(50), dec_int(400), qty_lit("750 mg")}};
    for (int i = 0; i < 4; i++) {
        struct derive_order o = per(DERIVE_PER_KG, "0.40 g/kg"), back;
        struct derive_patient p = adult("120.50 kg", "175 cm"), who;
        struct derive_finding f = lab("anc", "1.2 10*9/L");
        struct buf b;
        struct json j;
        struct err e = {0};
        o.unit = "g";
        o.rounding = DERIVE_STEP;
        o.step = qty_lit("5 g");
        o.weight = DERIVE_BY_BMI;
        o.bmi_over = dec_int(30);
        if (i == 1) {
            o = per(DERIVE_BY_WEIGHT, "1 mg");
            o.weight_bands = own;
            o.weight_band_n = 2;
        } else if (i == 2) {
            o = per(DERIVE_AUC, "5 mg.min/mL");
            o.gfr_cap = qty_lit("125 mL/min");
            p.creatinine = measured("90 umol/L", 0);
        } else if (i == 3) {
            p.findings = &f;
            p.finding_n = 1;
        }
        buf_init(&b, 20000);
        json_init(&j, &b);
        json_object(&j, NULL);
        derive_question_json(&o, &p, &j, "question");
        json_end(&j, '}');
        struct node *n = json_read(a, b.data, b.len, b.len, &e);
        assert_non_null(n);
        bool read = derive_question_read(a, node_get(n, "question"), &back, &who, &e);
        assert_int_equal(read, i != 3);
        buf_fini(&b);
        if (!read)
            continue;
        const char *then = dose_of(&o, &p, &e), *now_again = dose_of(&back, &who, &e);
        assert_non_null(then);
        assert_string_equal(now_again, then);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_calvert), cmocka_unit_test(known_clearance), cmocka_unit_test(known_rchop),
        cmocka_unit_test(known_surfaces), cmocka_unit_test(known_bands), cmocka_unit_test(weights), cmocka_unit_test(refuses_inputs),
        cmocka_unit_test(refuses_stale), cmocka_unit_test(worst_rule_wins), cmocka_unit_test(reductions),
        cmocka_unit_test(thirds_keep_their_ties), cmocka_unit_test(multiples_are_exact), cmocka_unit_test(checks_tables), cmocka_unit_test(grades),
        cmocka_unit_test(lifetime_of_anthracyclines), cmocka_unit_test(prints_its_tree), cmocka_unit_test(asks_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
