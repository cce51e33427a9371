#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/rng.h"

/* The first numbers of the reference program of pcg-random.org ("pcg32-demo", state 42, sequence 54). */
static void test_reference_numbers(void **state)
{
    (void)state;
    static const uint32_t want[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e};
    struct rng r;
    rng_init(&r, 42, 54);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_int_equal(rng_u32(&r), want[i]);
}

static void test_bounds_and_shares(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1, 1);
    int seen[7] = {0}, yes = 0;
    int64_t sum = 0, squares = 0;
    for (int i = 0; i < 70000; i++) {
        int64_t v = rng_range(&r, -3, 3), n = rng_normal(&r);
        assert_in_range(v + 3, 0, 6);
        assert_in_range(n + 6000, 0, 12000);
        seen[v + 3]++;
        sum += n;
        squares += n * n;
        yes += rng_chance(&r, 250);
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(seen[i], 9500, 10500);
    assert_in_range(yes, 17000, 18000);
    assert_in_range(sum / 70000 + 20, 0, 40);
    assert_in_range(squares / 70000, 970000, 1030000); /* variance 1, in thousandths squared */
}

static void test_streams_differ(void **state)
{
    (void)state;
    struct rng a, b, again;
    char x[RNG_UUID_MAX], y[RNG_UUID_MAX], z[RNG_UUID_MAX];
    rng_init(&a, 5, 1);
    rng_init(&b, 5, 2);
    rng_init(&again, 5, 1);
    assert_string_not_equal(rng_uuid(&a, x), rng_uuid(&b, y));
    assert_string_equal(x, rng_uuid(&again, z));
    assert_int_equal(strlen(x), 36);
    assert_int_equal(x[14], '4');
    assert_non_null(strchr("89ab", x[19]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reference_numbers),
                                       cmocka_unit_test(test_bounds_and_shares), cmocka_unit_test(test_streams_differ)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
