/* Kinetics: published roots and invariants, section-wise profiles against a step-by-step integration, what was delivered. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "clinic/pk_curve.h"
#include "clinic/pk_inner.h"
#include "clinic/pk_level.h"
#include "clinic/pk_models.h"
#include "clinic/pk_vanco.h"
#include "test/base/harness.h"

static void near(double got, double want, double rel)
{
    if (!(fabs(got - want) <= rel * fmax(fabs(want), 1e-300)))
        fail_msg("%.10g, wanted %.10g", got, want);
}

/* stanpumpR's test of the cubic, and what must hold of every set of roots. */
static void roots(void **s)
{
    (void)s;
    struct pk_rates r = {3, 1, .01, .02, .04, .03, .05, 0};
    double x[3];
    pk_roots(&r, x);
    near(x[0], .101857993, 1e-7);
    near(x[1], .043642958, 1e-7);
    near(x[2], .004499049, 1e-6);
    r.n = 2;
    pk_roots(&r, x);
    near(x[0], .063722813, 1e-7);
    near(x[1], .006277187, 1e-6);
    uint64_t seed = 17;
    for (int i = 0; i < 20000; i++) {
        double k[5];
        for (int d = 0; d < 5; d++)
            k[d] = i == 0 ? 0.1 : pow(10, (double)(next_random(&seed) % 6000) / 1000 - 4);
        struct pk_rates q = {3, 1, k[0], k[1], k[2], k[3], k[4], 0};
        struct pk_curve c;
        pk_roots(&q, x);
        near(x[0] + x[1] + x[2], k[0] + k[1] + k[2] + k[3] + k[4], 1e-9);
        assert_true(x[0] >= x[1] && x[1] >= x[2] && x[2] >= 0);
        assert_true(pk_curve_of(&q, &c));
        double all = c.plasma[0] + c.plasma[1] + c.plasma[2];
        assert_true(isfinite(all));
        near(all, 1, 1e-5); /* C(0) = dose ÷ V1 */
    }
    const struct pk_rates none[] = {{3, 0, .1, .1, .1, .1, .1, 0}, {3, 1, 0, .1, .1, .1, .1, 0}, {3, 1, .1, 0, .1, .1, .1, 0}, {1, 1, NAN, 0, 0, 0, 0, 0},
        {4, 1, .1, .1, .1, .1, .1, 0}, {0, 1, .1, .1, .1, .1, .1, 0}, {3, 1, .1, .1, .1, .1, .1, -1}, {2, 1, .1, INFINITY, .1, 0, 0, 0}};
    struct pk_curve c;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(pk_curve_of(&none[i], &c));
}

/* The second method: the differential equations by Runge-Kutta, a hundredth of a minute a step. */
static void integrate(const struct pk_rates *r, const struct pk_input *in, int n, double until, double *cp, double *ce)
{
    double a[4] = {0}, h = 0.01;
    for (int i = 0; i < n; i++)
        a[0] += in[i].minutes <= 0 && in[i].start <= 0 ? in[i].mg : 0;
    for (long step = 0; step < lround(until / h); step++) {
        double t = (double)step * h, rate = 0, k[4][4], x[4];
        for (int i = 0; i < n; i++)
            rate += in[i].minutes > 0 && t > in[i].start - h / 2 && t < in[i].start + in[i].minutes - h / 2 ? in[i].mg / in[i].minutes : 0;
        for (int stage = 0; stage < 4; stage++) {
            double w = stage == 0 ? 0 : stage == 3 ? h : h / 2;
            for (int d = 0; d < 4; d++)
                x[d] = a[d] + (stage ? w * k[stage - 1][d] : 0);
            k[stage][0] = rate - (r->k10 + r->k12 + r->k13) * x[0] + r->k21 * x[1] + r->k31 * x[2];
            k[stage][1] = r->k12 * x[0] - r->k21 * x[1];
            k[stage][2] = r->k13 * x[0] - r->k31 * x[2];
            k[stage][3] = r->ke0 * (x[0] / r->v1 - x[3]);
        }
        for (int d = 0; d < 4; d++)
            a[d] += h / 6 * (k[0][d] + 2 * k[1][d] + 2 * k[2][d] + k[3][d]);
    }
    *cp = a[0] / r->v1;
    *ce = a[3];
}

struct profile {
    const char *model;
    const char *bolus, *rate; /* mg, mg/min */
    double cp[4], ce[4];      /* mg/L at 1, 5, 20, 30 min */
};

static void check_profiles(const struct profile *rows, int n, double unit)
{
    const struct pk_patient who = {40, 70, 170, true};
    const struct pk_person person = {dec_int(40), dec_int(70), dec_int(170), "male"};
    static const int at[4] = {1, 5, 20, 30};
    for (int i = 0; i < n; i++) {
        const struct pk_given given[] = {{dec_int(0), dec_int(0), dec_lit(rows[i].bolus)},
            {dec_int(0), dec_int(20), dec_mul(dec_lit(rows[i].rate), dec_int(20))}};
        struct pk_level l[4];
        struct pk_rates r;
        struct pk_curve c;
        struct err e = {0};
        struct dec t[4];
        for (int k = 0; k < 4; k++)
            t[k] = dec_int(at[k]);
        if (!pk_levels(rows[i].model, &person, given, 2, t, 4, l, &e))
            fail_msg("%s: %s", e.where, e.text);
        assert_true(pk_model_make(pk_model_find(rows[i].model), &who, &r, &e) && pk_curve_of(&r, &c));
        const struct pk_input in[] = {{0, 0, pk_number(given[0].mg)}, {0, 20, pk_number(given[1].mg)}};
        for (int k = 0; k < 4; k++) {
            double cp, ce;
            near(pk_plasma(&c, in, 2, at[k]) * unit, rows[i].cp[k], 1e-5);
            near(pk_effect(&c, in, 2, at[k]) * unit, rows[i].ce[k], 1e-5);
            near(pk_number(l[k].plasma) * unit, rows[i].cp[k], 1e-5);
            near(pk_number(l[k].effect) * unit, rows[i].ce[k], 1e-5);
            integrate(&r, in, 2, at[k], &cp, &ce);
            near(pk_plasma(&c, in, 2, at[k]), cp, 1e-6);
            near(pk_effect(&c, in, 2, at[k]), ce, 1e-6);
        }
    }
}

/* M 40 y 70 kg 170 cm: 140 mg at once and 700 mg/h for 20 minutes. */
static void propofol_profiles(void **s)
{
    (void)s;
    static const struct profile rows[] = {
        {"marsh", "140", "11.6666666666666667", {7.33998, 4.54993, 3.77232, 1.28500}, {1.82894, 4.15841, 3.74174, 1.81723}},
        {"schnider", "140", "11.6666666666666667", {14.61365, 4.09093, 4.32167, 1.14449}, {7.89488, 5.81617, 4.26975, 1.28871}},
        {"eleveld", "140", "11.6666666666666667", {12.13872, 3.83292, 3.79174, 1.00518}, {2.23402, 3.79791, 3.70641, 1.88160}},
    };
    check_profiles(rows, 3, 1);
}

/* 70 mcg at once and 7 mcg/min for 20 minutes, in ng/mL. */
static void remifentanil_profile(void **s)
{
    (void)s;
    static const struct profile rows[] = {
        {"minto", "0.07", "0.007", {6.62352, 2.73247, 2.63817, .51752}, {4.13304, 3.22220, 2.63924, .63153}}};
    check_profiles(rows, 1, 1000);
}

/* Eleveld's parameters by stanpumpR, seven digits. */
static void eleveld_parameters(void **s)
{
    (void)s;
    static const struct { struct pk_patient p; const char *model; double v1, v2, v3, cl, q2, q3; } rows[] = {
        {{50, 70, 171, true}, "eleveld_opioid", 6.283078, 20.17078, 137.4287, 1.551355, 1.516118, .6698454},
        {{50, 55, 160, false}, "eleveld_opioid", 5.772932, 15.84847, 92.30994, 1.519402, 1.265265, .4969959},
        {{35, 70, 170, true}, "eleveld", 6.28308, 25.5013, 272.817, 1.78958, 1.83092, 1.10854},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pk_rates r;
        struct err e = {0};
        assert_true(pk_model_make(pk_model_find(rows[i].model), &rows[i].p, &r, &e));
        near(r.v1, rows[i].v1, 5e-6);
        near(r.k10 * r.v1, rows[i].cl, 5e-6);
        near(r.k12 * r.v1, rows[i].q2, 5e-6);
        near(r.k13 * r.v1, rows[i].q3, 5e-6);
        near(r.k12 * r.v1 / r.k21, rows[i].v2, 5e-6);
        near(r.k13 * r.v1 / r.k31, rows[i].v3, 5e-6);
    }
    /* Schnider's clearances for 40 y M 70 kg 170 cm: 1.638 and 1.602 L/min; the public slips give 0.968 and 0.978 */
    struct pk_rates r;
    struct err e = {0};
    const struct pk_patient p = {40, 70, 170, true};
    assert_true(pk_model_make(pk_model_find("schnider"), &p, &r, &e));
    near(r.k10 * r.v1, 1.638, 5e-4);
    near(r.k12 * r.v1, 1.602, 5e-4);
}

/* clinPK's two-compartment answers in hours, and PKPDsim's areas day by day. */
static void published_levels_and_areas(void **s)
{
    (void)s;
    struct pk_rates r = pk_rates_from(2, 54, 58.56, 0, 2.99, 2.28, 0, 0);
    struct pk_curve c;
    assert_true(pk_curve_of(&r, &c));
    const struct pk_input once[] = {{0, 2, 1000}, {12, 2, 1000}};
    static const struct { double t, want; } rows[] = {{0, 0}, {1, 8.82}, {2, 16.84}, {3, 15.31}, {4, 13.95}, {12, 7.14}, {13, 15.46},
        {14, 23.03}, {15, 21.09}, {16, 19.36}, {17, 17.81}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(fabs(pk_plasma(&c, once, 2, rows[i].t) - rows[i].want) < 0.0051);
    const struct pk_input push[] = {{0, 0, 1000}};
    static const double after[] = {18.52, 16.81, 15.29, 13.93, 12.71};
    for (int t = 0; t < 5; t++)
        assert_true(fabs(pk_plasma(&c, push, 1, t) - after[t]) < 0.0051);
    r = pk_rates_from(2, 47.25, 51.24, 0, 3.02069794728, 2.28, 0, 0);
    assert_true(pk_curve_of(&r, &c));
    struct pk_input daily[10];
    static const double area[] = {299.084, 381.493, 427.152, 454.601, 471.194, 481.227, 487.294, 490.962, 493.181, 494.522};
    for (int d = 0; d < 10; d++) {
        daily[d] = (struct pk_input){24 * d, 1, 1500};
        double got = pk_area(&c, daily, d + 1, 24 * (d + 1)) - pk_area(&c, daily, d + 1, 24 * d);
        assert_true(fabs(got - area[d]) < 6e-4);
    }
    near(1500 / 3.02069794728, 496.574, 1e-6);
    r = pk_rates_from(1, 30, 0, 0, 3, 0, 0, 0);
    assert_true(pk_curve_of(&r, &c));
    static const double bolus[] = {3.3333, 3.01612, 2.72910};
    const struct pk_input hundred[] = {{0, 0, 100}};
    for (int t = 0; t < 3; t++)
        assert_true(fabs(pk_plasma(&c, hundred, 1, t) - bolus[t]) < 6e-5);
}

/* A level follows what was delivered: two halves are one whole, a pause lowers it, what is open counts at its rate. */
static void of_what_was_delivered(void **s)
{
    (void)s;
    const struct pk_person who = {dec_int(40), dec_int(70), dec_int(170), "male"};
    const struct pk_given whole[] = {{dec_int(0), dec_int(60), dec_int(600)}};
    const struct pk_given halves[] = {{dec_int(0), dec_int(30), dec_int(300)}, {dec_int(30), dec_int(30), dec_int(300)}};
    const struct pk_given paused[] = {{dec_int(0), dec_int(30), dec_int(300)}, {dec_int(45), dec_int(15), dec_int(150)}};
    struct dec t = dec_int(60);
    struct pk_level a, b, c;
    struct err e = {0};
    assert_true(pk_levels("schnider", &who, whole, 1, &t, 1, &a, &e) && pk_levels("schnider", &who, halves, 2, &t, 1, &b, &e) &&
        pk_levels("schnider", &who, paused, 2, &t, 1, &c, &e));
    assert_true(dec_eq(a.plasma, b.plasma) && dec_lt(c.plasma, a.plasma) && dec_lt(c.effect, a.effect));
    const utc_t start = INT64_C(1795219200) * 1000000;
    struct flow_segment seg[] = {
        {.start = start, .end = start + 30 * UTC_MINUTE, .kind = FLOW_SEG_RUNNING, .rate = dec_int(60), .volume = dec_int(30)},
        {.start = start + 30 * UTC_MINUTE, .end = start + 45 * UTC_MINUTE, .kind = FLOW_SEG_PAUSED, .rate = dec_int(0), .volume = dec_int(0)},
        {.start = start + 45 * UTC_MINUTE, .end = UTC_NONE, .kind = FLOW_SEG_RUNNING, .rate = dec_int(60), .volume = dec_int(10)},
    };
    struct flow f = {.segments = seg, .count = 3, .certainty = FLOW_CERTAIN};
    struct pk_given out[4];
    int n;
    bool uncertain;
    assert_true(pk_given_by(&f, qty_lit("10 mg/mL"), start, start + 60 * UTC_MINUTE, out, 4, &n, &uncertain, &e));
    assert_true(n == 2 && !uncertain);
    assert_true(pk_levels("schnider", &who, out, n, &t, 1, &b, &e));
    assert_true(dec_eq(b.plasma, c.plasma) && dec_eq(b.effect, c.effect));
    assert_true(pk_given_by(&f, qty_lit("10 g/L"), start, start + 15 * UTC_MINUTE, out, 4, &n, &uncertain, &e));
    assert_true(n == 1 && dec_eq(out[0].mg, dec_int(150)));
    f.certainty = FLOW_UNCERTAIN_TOTAL;
    assert_true(pk_given_by(&f, qty_lit("10 mg/mL"), start, start + 60 * UTC_MINUTE, out, 4, &n, &uncertain, &e) && uncertain);
    assert_false(pk_given_by(&f, QTY_NONE, start, start, out, 4, &n, &uncertain, &e));
    e = (struct err){0};
    assert_false(pk_given_by(&f, qty_lit("10 mg/mL"), start, start + 60 * UTC_MINUTE, out, 1, &n, &uncertain, &e));
    assert_int_equal(e.kind, ERR_TOO_LARGE);
}

static void refuses_people(void **s)
{
    (void)s;
    static const struct { int age, weight, height; const char *sex, *model, *where; } rows[] = {
        {10, 70, 170, "male", "schnider", "age"}, {120, 70, 170, "male", "minto", "age"}, {40, 0, 170, "male", "marsh", "weight"},
        {40, 400, 170, "male", "marsh", "weight"}, {40, 70, 17, "male", "marsh", "height"}, {40, 70, 170, NULL, "marsh", "sex"},
        {40, 70, 170, "male", "nobody", "model"}, {40, 70, 170, "male", NULL, "model"},
    };
    const struct pk_given g = {dec_int(0), dec_int(0), dec_int(100)}, back = {dec_int(0), dec_int(-5), dec_int(100)};
    struct dec t = dec_int(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pk_person p = {dec_int(rows[i].age), dec_int(rows[i].weight), dec_int(rows[i].height), rows[i].sex};
        struct pk_level l;
        struct err e = {0};
        assert_false(pk_levels(rows[i].model, &p, &g, 1, &t, 1, &l, &e));
        assert_string_equal(e.where, rows[i].where);
    }
    const struct pk_person p = {dec_int(40), dec_int(70), dec_int(170), "male"};
    struct pk_level l;
    struct err e = {0};
    assert_false(pk_levels("marsh", &p, &back, 1, &t, 1, &l, &e));
    assert_string_equal(e.where, "segment 1");
}

/* ---- vancomycin --------------------------------------------------------------------------------------------------------- */

static struct pk_vanco_dose doses[6];

static struct pk_vanco_case patient(const struct pk_vanco_sample *samples, int n)
{
    for (int i = 0; i < 6; i++)
        doses[i] = (struct pk_vanco_dose){dec_int(12 * i), dec_int(1), dec_int(1000)};
    return (struct pk_vanco_case){{dec_int(50), dec_int(70), dec_int(175), "male"}, dec_int(1), doses, 6, samples, n, dec_int(2000)};
}

/* 2 g a day, M 50 y 70 kg 1.0 mg/dL: 572, 503 and 353 by three models of the same patient. */
static void vancomycin_spread(void **s)
{
    (void)s;
    struct pk_vanco_case c = patient(NULL, 0);
    struct pk_vanco_answer x;
    struct err e = {0};
    assert_true(pk_vanco_fit(&c, &x, &e));
    assert_int_equal(x.applied, 3);
    near(pk_number(x.fits[0].auc24), 572, 1e-3);
    near(pk_number(x.fits[1].auc24), 503, 1.1e-3);
    near(pk_number(x.fits[2].auc24), 353, 1e-3);
    assert_true(dec_eq(x.low, x.fits[2].auc24) && dec_eq(x.high, x.fits[0].auc24) && dec_eq(dec_round(x.spread, 0, DEC_HALF_AWAY), dec_int(62)));
    assert_true(x.fits[3].why_not && x.fits[4].why_not && !dec_is(x.fits[3].auc24));
    c.person.weight = dec_int(150); /* BMI 49: other models */
    assert_true(pk_vanco_fit(&c, &x, &e));
    assert_true(x.fits[0].applies && !x.fits[1].applies && x.fits[3].applies && x.fits[4].applies);
    c.person.weight = dec_int(125); /* BMI 40.8 */
    assert_true(pk_vanco_fit(&c, &x, &e));
    c.creatinine = DEC_NONE;
    assert_false(pk_vanco_fit(&c, &x, &e));
    assert_string_equal(e.where, "creatinine");
}

/* The MAP estimate is where no step in any direction is better: every model, 400 directions; and for the two-parameter
 * model the best point of a fine grid is the same. */
static void vancomycin_map(void **s)
{
    (void)s;
    const struct pk_vanco_sample seen[] = {{dec_lit("62"), dec_lit("31.5")}, {dec_lit("71.5"), dec_lit("14.2")}};
    uint64_t seed = 23;
    for (int big = 0; big < 2; big++) {
        struct pk_vanco_case c = patient(seen, 2);
        if (big)
            c.person.weight = dec_int(140);
        for (int m = 0; m < PK_VANCO_MODELS; m++) {
            double eta[PK_VANCO_ETAS_MAX], other[PK_VANCO_ETAS_MAX];
            assert_true(pk_vanco_etas_of(m, &c, eta));
            double best = pk_vanco_objective(m, &c, eta);
            assert_true(isfinite(best));
            for (int i = 0; i < 400; i++) {
                double size = i % 2 ? 1e-3 : 0.3;
                for (int d = 0; d < PK_VANCO_ETAS_MAX; d++)
                    other[d] = d < pk_vanco_etas(m) ? eta[d] + size * ((double)(next_random(&seed) % 2001) / 1000 - 1) : 0;
                assert_true(pk_vanco_objective(m, &c, other) >= best - 1e-9);
            }
        }
    }
    struct pk_vanco_case c = patient(seen, 2);
    double eta[PK_VANCO_ETAS_MAX], best = INFINITY, at[2] = {0}, grid[PK_VANCO_ETAS_MAX] = {0};
    assert_true(pk_vanco_etas_of(2, &c, eta));
    for (int i = -500; i <= 500; i++)
        for (int k = -500; k <= 500; k++) {
            grid[0] = i * 0.002;
            grid[1] = k * 0.002;
            double f = pk_vanco_objective(2, &c, grid);
            if (f < best) {
                best = f;
                at[0] = grid[0];
                at[1] = grid[1];
            }
        }
    assert_true(fabs(at[0] - eta[0]) < 0.0021 && fabs(at[1] - eta[1]) < 0.0021);
    struct pk_vanco_answer before, after;
    struct err e = {0};
    struct pk_vanco_case none = patient(NULL, 0);
    assert_true(pk_vanco_fit(&none, &before, &e) && pk_vanco_fit(&c, &after, &e));
    assert_true(dec_lt(after.spread, before.spread)); /* levels bring the models together */
    for (int m = 0; m < 3; m++)
        assert_true(fabs(pk_number(after.fits[m].predicted[0]) - 31.5) < 4);
}

static void vancomycin_refuses(void **s)
{
    (void)s;
    static const struct { const char *at, *level, *where; } rows[] = {{"62", "0", "level"}, {"62", "-1", "level"}, {"62", "900", "level"},
        {"-1", "10", "level"}, {"0", "10", "level"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pk_vanco_sample seen = {dec_lit(rows[i].at), dec_lit(rows[i].level)};
        struct pk_vanco_case c = patient(&seen, 1);
        struct pk_vanco_answer x;
        struct err e = {0};
        assert_false(pk_vanco_fit(&c, &x, &e));
        assert_string_equal(e.where, rows[i].where);
    }
    static const struct { const char *t1, *c1, *t2, *c2, *where; } two[] = {{"0.5", "30", "8", "12", "t1"}, {"2", "12", "8", "30", "c2"},
        {"2", "30", "2", "12", "t2"}, {"2", "30", "9", "12", "t2"}, {"2", "0", "8", "12", "c1"}};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++) {
        const struct pk_two_levels q = {dec_int(1000), dec_int(1), dec_int(8), dec_lit(two[i].t1), dec_lit(two[i].c1), dec_lit(two[i].t2),
            dec_lit(two[i].c2), false};
        struct pk_two_result x;
        struct err e = {0};
        assert_false(pk_vanco_two_levels(&q, &x, &e));
        assert_string_equal(e.where, two[i].where);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(roots), cmocka_unit_test(propofol_profiles), cmocka_unit_test(remifentanil_profile),
        cmocka_unit_test(eleveld_parameters), cmocka_unit_test(published_levels_and_areas), cmocka_unit_test(of_what_was_delivered),
        cmocka_unit_test(refuses_people), cmocka_unit_test(vancomycin_spread), cmocka_unit_test(vancomycin_map),
        cmocka_unit_test(vancomycin_refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
