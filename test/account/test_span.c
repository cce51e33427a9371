#include "../base/harness.h"

#include "account/span.h"

#include <string.h>

/* Minutes 0…59 as a bit set: what the sets must agree with. */
static uint64_t bits(struct spans s)
{
    uint64_t b = 0;
    for (int i = 0; i < s.count; i++)
        for (int64_t m = s.at[i].from / UTC_MINUTE; m < s.at[i].to / UTC_MINUTE; m++)
            b |= UINT64_C(1) << m;
    return b;
}

static struct spans some(struct arena *a, uint64_t *seed)
{
    struct span list[6];
    int n = (int)(next_random(seed) % 6);
    for (int i = 0; i < n; i++) {
        int64_t from = (int64_t)(next_random(seed) % 60), to = (int64_t)(next_random(seed) % 60);
        list[i] = (struct span){from * UTC_MINUTE, to * UTC_MINUTE}; /* some are empty or reversed */
    }
    return spans_make(a, list, n);
}

static void in_order(struct spans s)
{
    for (int i = 0; i < s.count; i++) {
        assert_true(s.at[i].from < s.at[i].to);
        if (i)
            assert_true(s.at[i - 1].to < s.at[i].from || (s.at[i - 1].to == s.at[i].from));
    }
}

static void test_against_bits(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct arena *a = arena_new();
    for (int round = 0; round < 3000; round++) {
        struct spans sets[2] = {some(a, &seed), some(a, &seed)};
        uint64_t x = bits(sets[0]), y = bits(sets[1]);
        struct spans join = spans_join(a, sets, 2), minus = spans_minus(a, sets[0], sets[1]);
        in_order(join);
        in_order(minus);
        assert_int_equal(bits(join), x | y);
        assert_int_equal(bits(minus), x & ~y);
        assert_int_equal(spans_overlap(sets[0], sets[1]), __builtin_popcountll(x & y) * UTC_MINUTE);
        assert_int_equal(spans_total(join), __builtin_popcountll(x | y) * UTC_MINUTE);
        struct span window = {10 * UTC_MINUTE, 40 * UTC_MINUTE};
        assert_int_equal(bits(spans_within(a, sets[0], window)), x & ((UINT64_C(1) << 40) - 1) & ~((UINT64_C(1) << 10) - 1));
        arena_reset(a);
    }
    arena_free(a);
}

static void test_whole_minutes(void **state)
{
    (void)state;
    assert_int_equal(span_minutes(UTC_MINUTE - 1), 0);
    assert_int_equal(span_minutes(16 * UTC_MINUTE - 1), 15);
    assert_int_equal(span_minutes(16 * UTC_MINUTE), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_bits), cmocka_unit_test(test_whole_minutes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
