#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/body.h"

enum { KG70 = 70000 };
static const utc_t nine = 20000 * UTC_DAY + 14 * UTC_HOUR; /* a morning */

static void test_calm_body_stays_ordinary(void **state)
{
    (void)state;
    for (uint64_t who = 1; who <= 300; who++) {
        struct body b;
        body_init(&b, 7, who, KG70, 0);
        for (utc_t t = nine; t < nine + 4 * UTC_HOUR; t += 30 * UTC_MINUTE) {
            body_advance(&b, t, 336000);
            struct vitals v = body_measure(&b, t);
            assert_in_range(v.temp_tenths, 357, 378);
            assert_in_range(v.hr, 48, 105);
            assert_in_range(v.sbp, 90, 170);
            assert_true(v.dbp < v.sbp);
            assert_in_range(v.spo2, 94, 100);
            assert_null(body_complains(&b));
        }
    }
}

static void test_reaction_needs_its_rate_and_goes_when_stopped(void **state)
{
    (void)state;
    struct body b;
    body_init(&b, 7, 3, KG70, 1000);
    b.strength = 1000;
    int64_t low = (int64_t)b.bears_ul_kg_h * 69, high = (int64_t)b.bears_ul_kg_h * 150;
    body_advance(&b, nine, 0);
    struct vitals before = body_measure(&b, nine);
    body_advance(&b, nine + 2 * UTC_HOUR, low);
    assert_int_equal(body_grade(&b), 0);
    body_advance(&b, nine + 2 * UTC_HOUR + 25 * UTC_MINUTE, high);
    assert_int_equal(body_grade(&b), 2);
    assert_non_null(strstr(body_complains(&b), "chills"));
    struct vitals during = body_measure(&b, nine + 2 * UTC_HOUR + 25 * UTC_MINUTE);
    assert_true(during.hr >= before.hr + 15);
    assert_true(during.sbp <= before.sbp - 5);
    assert_true(during.temp_tenths >= before.temp_tenths + 4);
    body_advance(&b, nine + 3 * UTC_HOUR + 10 * UTC_MINUTE, 0);
    assert_int_equal(body_grade(&b), 0);
}

static void test_only_some_react_and_always_the_same(void **state)
{
    (void)state;
    int reactors = 0;
    for (uint64_t who = 1; who <= 1000; who++) {
        struct body a, b;
        body_init(&a, 11, who, KG70, 100);
        body_init(&b, 11, who, KG70, 100);
        (void)body_measure(&a, nine); /* looking at it changes nothing about it */
        body_advance(&a, nine, 0);
        body_advance(&b, nine, 0);
        body_advance(&a, nine + UTC_HOUR, 400000);
        body_advance(&b, nine + UTC_HOUR, 400000);
        assert_int_equal(a.strain, b.strain);
        reactors += a.reacts;
    }
    assert_in_range(reactors, 70, 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calm_body_stays_ordinary),
        cmocka_unit_test(test_reaction_needs_its_rate_and_goes_when_stopped),
        cmocka_unit_test(test_only_some_react_and_always_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
