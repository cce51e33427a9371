#include "base/dec_math.h"

#include "test/base/harness.h"

static void assert_dec(struct dec d, const char *want)
{
    char out[DEC_TEXT_MAX];
    assert_string_equal(dec_is(d) ? dec_text(d, out) : "none", want);
}

/* Expected digits from published tables of the constants (square roots, e, logarithms). */
static void known_values(void **s)
{
    (void)s;
    assert_dec(dec_sqrt(dec_int(2)), "1.4142135623731");
    assert_dec(dec_sqrt(dec_lit("0.01")), "0.1");
    assert_dec(dec_sqrt(dec_int(0)), "0");
    assert_dec(dec_sqrt(dec_int(4)), "2");
    assert_dec(dec_sqrt(dec_lit("999999999999999999")), "1000000000");
    assert_dec(dec_cbrt(dec_int(-27)), "-3");
    assert_dec(dec_cbrt(dec_int(2)), "1.25992104989487");
    assert_dec(dec_exp(dec_int(1)), "2.71828182845905");
    assert_dec(dec_exp(dec_int(0)), "1");
    assert_dec(dec_exp(dec_int(-1)), "0.367879441171442");
    assert_dec(dec_exp(dec_int(-30)), "0.000000000000093576");
    assert_dec(dec_exp(dec_int(-100)), "0");
    assert_dec(dec_ln(dec_int(10)), "2.30258509299405");
    assert_dec(dec_ln(dec_int(1)), "0");
    assert_dec(dec_log10(dec_int(1000)), "3");
    assert_dec(dec_log10(dec_int(2)), "0.301029995663981");
    assert_dec(dec_pow(dec_int(2), dec_lit("0.5")), "1.4142135623731");
    assert_dec(dec_pow(dec_int(10), dec_int(-3)), "0.001");
    assert_dec(dec_pow(dec_int(0), dec_int(2)), "0");
    assert_dec(dec_pow(dec_lit("0.9938"), dec_int(81)), "0.604252401579043");
}

/* Exact ties at the 16th digit: half away from zero, which no amount of precision shows. */
static void ties_go_away_from_zero(void **s)
{
    (void)s;
    assert_dec(dec_pow(dec_lit("1000000000000000.5"), dec_int(1)), "1000000000000000"); /* below half: 16 digits and .5 */
    assert_dec(dec_pow(dec_lit("1.000000000000005"), dec_int(1)), "1.00000000000001");
    assert_dec(dec_pow(dec_lit("100000000000000.5"), dec_int(1)), "100000000000001");
    assert_dec(dec_pow(dec_lit("1.0000000000000049"), dec_int(1)), "1");
}

static void bad_arguments_are_none(void **s)
{
    (void)s;
    assert_false(dec_is(dec_sqrt(dec_int(-1))));
    assert_false(dec_is(dec_ln(dec_int(0))));
    assert_false(dec_is(dec_log10(dec_int(-5))));
    assert_false(dec_is(dec_pow(dec_int(-2), dec_int(2))));
    assert_false(dec_is(dec_pow(dec_int(0), dec_int(0))));
    assert_false(dec_is(dec_exp(dec_int(1000))));
    assert_false(dec_is(dec_exp(dec_lit("999999999999999999"))));
    assert_false(dec_is(dec_exp(DEC_NONE)));
    assert_dec(dec_exp(dec_lit("-999999999999999999")), "0");
}

/* ln and exp undo each other, x^0.5 is the root, all to within two units of the 15th digit. */
static void properties(void **s)
{
    (void)s;
    uint64_t seed = 7;
    for (int i = 0; i < 300; i++) {
        struct dec a = DEC((int64_t)(next_random(&seed) % 1000000) + 1, (int8_t)(next_random(&seed) % 4));
        struct dec back = dec_exp(dec_ln(a));
        struct dec off = dec_abs(dec_sub(dec_quot(back, a), dec_int(1)));
        assert_true(dec_lt(off, dec_lit("0.0000000000001")));
        assert_true(dec_eq(dec_pow(a, dec_lit("0.5")), dec_sqrt(a)));
        struct dec r = dec_sqrt(a);
        off = dec_abs(dec_sub(dec_quot(dec_quot(a, r), r), dec_int(1)));
        assert_true(dec_lt(off, dec_lit("0.00000000000002")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values), cmocka_unit_test(ties_go_away_from_zero),
        cmocka_unit_test(bad_arguments_are_none), cmocka_unit_test(properties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
