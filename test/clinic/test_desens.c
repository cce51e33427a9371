/* The two published desensitisation tables to the printed digit; what a table must not be. */
#include "clinic/desens.h"

#include <stdio.h>
#include <string.h>

#include "test/base/harness.h"

static const char *t(struct dec d)
{
    static char out[8][DEC_TEXT_MAX];
    static int at;
    at = (at + 1) % 8;
    return dec_text(d, out[at]);
}

static const char *printed(struct dec d, int places)
{
    return t(dec_round(d, places, DEC_HALF_AWAY));
}

/* Carboplatin 400 mg, 250 mL bags, final rate 75 mL/h (UpToDate 51577, excerpt). */
static void carboplatin_table(void **s)
{
    (void)s;
    struct desens_step steps[DESENS_TWELVE];
    struct desens_plan p;
    struct err e = {0};
    const struct desens_bag bags[] = {{dec_int(250), dec_int(4)}, {dec_int(250), dec_int(40)}, {dec_int(250), DEC_NONE}};
    assert_true(desens_twelve(dec_int(75), dec_int(15), steps, &e));
    assert_true(desens_run(dec_int(400), bags, 3, steps, DESENS_TWELVE, &p, &e));
    assert_string_equal(printed(p.bags[0].used, 2), "8.67");
    assert_string_equal(printed(p.bags[1].used, 2), "17.58");
    assert_string_equal(printed(p.bags[2].dose, 3), "397.049");
    assert_string_equal(printed(p.bags[2].concentration, 3), "1.588");
    assert_string_equal(printed(p.minutes, 1), "351.9");
    assert_string_equal(t(p.bags[0].used), "8.671875");
    assert_string_equal(t(p.bags[1].used), "17.578125");
    assert_string_equal(t(p.bags[2].dose), "397.04875");
    assert_true(dec_eq(p.rows[11].total, dec_int(400)));
}

/* Rituximab 675 mg; 1.5 mg and 15 mg in 50 mL, the rest in 250 mL; final rate 80 mL/h (Hindawi 4231561, table 1). */
static void rituximab_table(void **s)
{
    (void)s;
    static const struct { const char *dose; int places; } rows[DESENS_TWELVE] = {{"0.015", 3}, {"0.038", 3}, {"0.075", 3},
        {"0.15", 2}, {"0.38", 2}, {"0.75", 2}, {"1.5", 1}, {"3", 0}, {"6.69", 2}, {"13.38", 2}, {"26.76", 2}, {"622.26", 2}};
    struct desens_step steps[DESENS_TWELVE];
    struct desens_plan p;
    struct err e = {0};
    const struct desens_bag bags[] = {{dec_int(50), dec_lit("1.5")}, {dec_int(50), dec_int(15)}, {dec_int(250), DEC_NONE}};
    assert_true(desens_twelve(dec_int(80), dec_int(15), steps, &e));
    assert_true(desens_run(dec_int(675), bags, 3, steps, DESENS_TWELVE, &p, &e));
    for (int i = 0; i < DESENS_TWELVE; i++)
        assert_string_equal(printed(p.rows[i].dose, rows[i].places), rows[i].dose);
    assert_string_equal(printed(p.rows[11].total, 2), "675.00");
    assert_string_equal(t(p.rows[11].minutes), "174.375");
    assert_string_equal(t(p.minutes), "339.375");
    assert_string_equal(printed(p.minutes, 2), "339.38");
}

/* Any dose, any final rate: the steps add up to the dose, the last bag is empty, no step gives less than the one before
 * within a bag, and a bag never begins below the one before it in mg/h. */
static void properties(void **s)
{
    (void)s;
    uint64_t seed = 3;
    for (int i = 0; i < 2000; i++) {
        struct dec dose = DEC((int64_t)(next_random(&seed) % 1000000) + 100, 2), final = dec_int((int64_t)(next_random(&seed) % 200) + 40);
        struct dec volume = dec_int((int64_t)(next_random(&seed) % 400) + 250);
        struct desens_step steps[DESENS_TWELVE];
        struct desens_plan p;
        struct err e = {0};
        const struct desens_bag bags[] = {{volume, dec_quot(dose, dec_int(100))}, {volume, dec_quot(dose, dec_int(10))}, {volume, DEC_NONE}};
        assert_true(desens_twelve(final, dec_int(15), steps, &e));
        if (!desens_run(dose, bags, 3, steps, DESENS_TWELVE, &p, &e))
            fail_msg("%s: %s", e.where, e.text);
        struct dec sum = dec_int(0);
        for (int k = 0; k < p.count; k++) {
            sum = dec_add(sum, p.rows[k].dose);
            assert_true(k == 0 || dec_lt(p.rows[k - 1].dose, p.rows[k].dose));
        }
        assert_true(dec_eq(sum, dose) && dec_eq(p.bags[2].used, volume));
    }
}

static void refuses(void **s)
{
    (void)s;
    const struct desens_bag good[] = {{dec_int(50), dec_int(1)}, {dec_int(50), DEC_NONE}};
    const struct desens_bag small[] = {{DEC(1, 1), dec_int(1)}, {dec_int(50), DEC_NONE}};
    const struct desens_bag much[] = {{dec_int(50), dec_int(11)}, {dec_int(50), DEC_NONE}};
    const struct desens_bag closed[] = {{dec_int(50), dec_int(1)}, {dec_int(50), dec_int(9)}};
    const struct desens_step steps[] = {{0, dec_int(10), dec_int(15)}, {1, dec_int(10), DEC_NONE}};
    const struct desens_step skips[] = {{1, dec_int(10), dec_int(15)}, {1, dec_int(10), DEC_NONE}};
    const struct desens_step back[] = {{0, dec_int(10), dec_int(15)}, {0, dec_int(10), DEC_NONE}};
    const struct desens_step ends[] = {{0, dec_int(10), dec_int(15)}, {1, dec_int(10), dec_int(15)}};
    const struct desens_step still[] = {{0, dec_int(0), dec_int(15)}, {1, dec_int(10), DEC_NONE}};
    const struct { const struct desens_bag *bags; const struct desens_step *steps; struct dec dose; const char *where; } rows[] = {
        {small, steps, dec_int(10), "step 1"}, {much, steps, dec_int(10), "bag 1"}, {closed, steps, dec_int(10), "bag 2"},
        {good, skips, dec_int(10), "step 1"}, {good, back, dec_int(10), "bag 2"}, {good, ends, dec_int(10), "step 2"},
        {good, still, dec_int(10), "step 1"}, {good, steps, dec_int(0), "dose"}, {good, steps, DEC_NONE, "dose"},
        {good, steps, dec_int(-5), "dose"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desens_plan p;
        struct err e = {0};
        assert_false(desens_run(rows[i].dose, rows[i].bags, 2, rows[i].steps, 2, &p, &e));
        assert_string_equal(e.where, rows[i].where);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(carboplatin_table), cmocka_unit_test(rituximab_table),
        cmocka_unit_test(properties), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
