#include "base/dec.h"

#include <stdio.h>
#include <string.h>

#include "test/base/harness.h"

static const char *text(struct dec d)
{
    static char out[8][DEC_TEXT_MAX];
    static int at;
    at = (at + 1) % 8;
    return dec_is(d) ? dec_text(d, out[at]) : "none";
}

static void parses_and_keeps_scale(void **s)
{
    (void)s;
    static const struct { const char *in, *out; } rows[] = {
        {"1.10", "1.10"}, {"0", "0"}, {"-0", "0"}, {"0.0", "0.0"}, {"-12.50", "-12.50"}, {"1e3", "1000"}, {"+5", "5"},
        {"1.5e-3", "0.0015"}, {"1.25E1", "12.5"}, {"0.000000000000000001", "0.000000000000000001"},
        {"999999999999999999", "999999999999999999"}, {"0e9", "0"}, {"-0.001", "-0.001"}, {"100e-2", "1.00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dec d;
        struct err e = {0};
        assert_true(dec_parse(rows[i].in, strlen(rows[i].in), &d, &e));
        assert_string_equal(text(d), rows[i].out);
    }
    static const char *const bad[] = {"", "-", "01", ".5", "5.", "1e", "1e+", "NaN", "1,000", "1 ", " 1", "0x1", "1.2.3",
        "1000000000000000000", "0.0000000000000000001", "1e18", "1e-19", "--1", "1e999999999999", "123456789012345678901"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dec d;
        struct err e = {0};
        assert_false(dec_parse(bad[i], strlen(bad[i]), &d, &e));
        assert_int_equal(e.kind, ERR_INPUT);
    }
}

static void adds_and_multiplies_exactly(void **s)
{
    (void)s;
    assert_string_equal(text(dec_add(dec_lit("0.1"), dec_lit("0.20"))), "0.30");
    assert_string_equal(text(dec_sub(dec_lit("1"), dec_lit("0.999999999999999999"))), "0.000000000000000001");
    assert_string_equal(text(dec_mul(dec_lit("1.10"), dec_lit("2.0"))), "2.200");
    assert_string_equal(text(dec_mul(dec_lit("-0.0000000001"), dec_lit("10000000000"))), "-1.0000000000");
    assert_string_equal(text(dec_neg(dec_lit("-3.0"))), "3.0");
    assert_string_equal(text(dec_max(dec_lit("2"), dec_lit("2.5"))), "2.5");
    assert_string_equal(text(dec_min(dec_lit("-2"), dec_lit("2.5"))), "-2");
    assert_int_equal(dec_cmp(dec_lit("1.10"), dec_lit("1.1")), 0);
    assert_int_equal(dec_cmp(dec_lit("-1.2"), dec_lit("1.1")), -1);
    assert_int_equal(dec_sign(dec_lit("-0.1")), -1);
}

static void overflow_is_none_and_goes_through(void **s)
{
    (void)s;
    struct dec big = dec_lit("999999999999999999");
    assert_string_equal(text(dec_add(big, dec_int(1))), "none");
    assert_string_equal(text(dec_mul(big, big)), "none");
    assert_string_equal(text(dec_mul(dec_lit("0.0000000001"), dec_lit("0.0000000001"))), "none");
    assert_string_equal(text(dec_div(big, dec_lit("0.000001"), 0, DEC_DOWN)), "none");
    assert_string_equal(text(dec_div(dec_int(1), dec_int(0), 2, DEC_DOWN)), "none");
    assert_string_equal(text(dec_quot(dec_int(1), dec_int(0))), "none");
    assert_string_equal(text(dec_quot(dec_int(0), dec_int(7))), "0");
    struct dec none = dec_div(dec_int(1), dec_int(0), 0, DEC_DOWN);
    assert_false(dec_is(dec_add(dec_mul(none, dec_int(2)), dec_int(1))));
    assert_false(dec_is(dec_round(none, 2, DEC_UP)));
    assert_false(dec_is(dec_max(none, dec_int(1))));
    assert_string_equal(text(dec_round_to(dec_int(5), dec_int(0), DEC_UP)), "none");
    char out[DEC_TEXT_MAX];
    assert_string_equal(dec_text(DEC_NONE, out), "");
}

static void rounds_as_told(void **s)
{
    (void)s;
    static const struct { const char *in; int scale; const char *half, *down, *up, *floor, *ceil; } rows[] = {
        {"0.5", 0, "1", "0", "1", "0", "1"},
        {"-0.5", 0, "-1", "0", "-1", "-1", "0"},
        {"2.5", 0, "3", "2", "3", "2", "3"},
        {"2.45", 1, "2.5", "2.4", "2.5", "2.4", "2.5"},
        {"2.44999", 1, "2.4", "2.4", "2.5", "2.4", "2.5"},
        {"-2.01", 1, "-2.0", "-2.0", "-2.1", "-2.1", "-2.0"},
        {"7", 2, "7.00", "7.00", "7.00", "7.00", "7.00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dec d = dec_lit(rows[i].in);
        assert_string_equal(text(dec_round(d, rows[i].scale, DEC_HALF_AWAY)), rows[i].half);
        assert_string_equal(text(dec_round(d, rows[i].scale, DEC_DOWN)), rows[i].down);
        assert_string_equal(text(dec_round(d, rows[i].scale, DEC_UP)), rows[i].up);
        assert_string_equal(text(dec_round(d, rows[i].scale, DEC_FLOOR)), rows[i].floor);
        assert_string_equal(text(dec_round(d, rows[i].scale, DEC_CEIL)), rows[i].ceil);
    }
    assert_string_equal(text(dec_round_to(dec_lit("1223.2"), dec_lit("25"), DEC_HALF_AWAY)), "1225");
    assert_string_equal(text(dec_round_to(dec_lit("250"), dec_lit("100"), DEC_HALF_AWAY)), "300");
    assert_string_equal(text(dec_round_to(dec_lit("29.52"), dec_lit("0.1"), DEC_HALF_AWAY)), "29.5");
    assert_string_equal(text(dec_round_to(dec_lit("0.37"), dec_lit("0.05"), DEC_CEIL)), "0.40");
    int64_t n;
    assert_true(dec_to_int(dec_lit("-2.5"), DEC_HALF_AWAY, &n));
    assert_int_equal(n, -3);
}

static void quotients_have_fifteen_digits(void **s)
{
    (void)s;
    assert_string_equal(text(dec_quot(dec_int(1), dec_int(3))), "0.333333333333333");
    assert_string_equal(text(dec_quot(dec_int(2), dec_int(3))), "0.666666666666667");
    assert_string_equal(text(dec_quot(dec_int(-2), dec_int(3))), "-0.666666666666667");
    assert_string_equal(text(dec_quot(dec_int(2), dec_int(-3))), "-0.666666666666667");
    assert_string_equal(text(dec_quot(dec_lit("10.00"), dec_lit("4.0"))), "2.5");
    assert_string_equal(text(dec_quot(dec_lit("1"), dec_lit("30000"))), "0.000033333333333333");
    assert_string_equal(text(dec_quot(dec_int(1000000), dec_int(3))), "333333.333333333");
    assert_string_equal(text(dec_quot(dec_lit("999999999999999999"), dec_int(1))), "none");
    assert_string_equal(text(dec_quot(dec_lit("99999999999999999"), dec_int(1))), "100000000000000000");
    assert_string_equal(text(dec_quot(dec_lit("0.000000000000000001"), dec_lit("999999999999999999"))), "0");
    assert_string_equal(text(dec_prod(dec_lit("1.23456789012345"), dec_lit("9.87654321098765"))), "12.1932631137021");
    assert_string_equal(text(dec_prod(dec_lit("0.5"), dec_lit("0.4"))), "0.2");
    assert_string_equal(text(dec_prod(dec_lit("999999999999999999"), dec_lit("999999999999999999"))), "none");
    assert_string_equal(text(dec_prod(dec_lit("-0.000000000000000001"), dec_lit("0.1"))), "0");
    assert_string_equal(text(dec_sum(dec_lit("1000"), dec_lit("0.000000000093576"))), "1000.00000000009");
    assert_string_equal(text(dec_sum(dec_lit("1.50"), dec_lit("0.000000000093576"))), "1.500000000093576");
    assert_string_equal(text(dec_mul_ratio(dec_int(1), 45359237, 100000000)), "0.45359237");
    assert_string_equal(text(dec_mul_ratio(dec_lit("1.10"), 1, 1)), "1.1");
    assert_string_equal(text(dec_mul_ratio(dec_int(10), 1, 6)), "1.66666666666667");
}

static void shows_for_people(void **s)
{
    (void)s;
    static const struct { const char *in, *out; } rows[] = {
        {"1250.50", "1,250.5"}, {"0.40", "0.4"}, {"1000", "1,000"}, {"999", "999"}, {"1.0", "1"}, {"0.00", "0"},
        {"-1234567.10", "-1,234,567.1"}, {"999999999999999999", "999,999,999,999,999,999"}, {"-100.0", "-100"},
        {"100", "100"}, {"0.000000000000000001", "0.000000000000000001"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[DEC_TEXT_MAX + 8];
        assert_string_equal(dec_show(dec_lit(rows[i].in), out), rows[i].out);
    }
}

/* Over many seeded pairs: text round trip, a+b-b = a, (a×b)÷b = a, rounding brackets the value. */
static void properties(void **s)
{
    (void)s;
    uint64_t seed = 42;
    for (int i = 0; i < 20000; i++) {
        struct dec a = DEC((int64_t)(next_random(&seed) % 2000000000) - 1000000000, (int8_t)(next_random(&seed) % 7));
        struct dec b = DEC((int64_t)(next_random(&seed) % 2000000) - 1000000, (int8_t)(next_random(&seed) % 7));
        char out[DEC_TEXT_MAX];
        struct dec back;
        struct err e = {0};
        dec_text(a, out);
        assert_true(dec_parse(out, strlen(out), &back, &e));
        assert_true(back.coef == a.coef && back.scale == a.scale);
        assert_true(dec_eq(dec_sub(dec_add(a, b), b), a));
        if (b.coef) {
            struct dec product = dec_mul(a, b);
            assert_true(dec_eq(dec_div(product, b, a.scale, DEC_HALF_AWAY), a));
            struct dec lo = dec_div(a, b, 3, DEC_FLOOR), hi = dec_div(a, b, 3, DEC_CEIL);
            struct dec half = dec_div(a, b, 3, DEC_HALF_AWAY);
            assert_true(dec_le(lo, half) && dec_le(half, hi) && dec_le(dec_sub(hi, lo), DEC(1, 3)));
            assert_true(dec_eq(dec_quot(a, b), dec_neg(dec_quot(dec_neg(a), b))));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_and_keeps_scale), cmocka_unit_test(adds_and_multiplies_exactly),
        cmocka_unit_test(overflow_is_none_and_goes_through), cmocka_unit_test(rounds_as_told),
        cmocka_unit_test(quotients_have_fifteen_digits), cmocka_unit_test(shows_for_people),
        cmocka_unit_test(properties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
