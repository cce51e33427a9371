#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"

static const utc_t real_now = INT64_C(1795000000000000);

static struct clock read_ok(const char *text)
{
    struct clock c;
    struct err e = {0};
    if (!clock_read(text, real_now, &c, &e))
        fail_msg("%s: %s: %s", text, e.where, e.text);
    return c;
}

static void test_reads_and_runs(void **state)
{
    (void)state;
    struct clock c = read_ok("2026-03-09T12:00:00Z@2026-11-21T20:00:00Z,60");
    utc_t care0 = utc_of_date(2026, 3, 9) + 12 * UTC_HOUR, real0 = utc_of_date(2026, 11, 21) + 20 * UTC_HOUR;
    assert_true(clock_care(&c, real0) == care0);
    assert_true(clock_care(&c, real0 + UTC_SECOND) == care0 + UTC_MINUTE);
    assert_true(clock_care(&c, real0 - UTC_SECOND) == care0 - UTC_MINUTE);
    assert_true(clock_to_real(&c, care0 + UTC_HOUR) == real0 + UTC_MINUTE);
    c = read_ok("real");
    assert_true(clock_care(&c, real_now) == real_now);
    c = read_ok("2026-03-09T07:00:00-05:00,1.5");
    assert_true(clock_care(&c, real_now + 2 * UTC_SECOND) == care0 + 3 * UTC_SECOND);
}

static void test_text_reads_back_and_inverse_never_early(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026-03-09T12:00:00Z,1", "2026-03-09T12:00:00.25Z,0.125", "2026-03-09T12:00:00Z,600",
                                        "2099-12-31T23:59:59.999999Z,10000"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[CLOCK_TEXT_MAX];
        struct clock c = read_ok(texts[i]), d = read_ok(clock_text(&c, text));
        assert_true(c.care0 == d.care0 && c.real0 == d.real0 && c.speed == d.speed);
        for (utc_t care = c.care0 - 7 * UTC_HOUR; care < c.care0 + 7 * UTC_HOUR; care += UTC_HOUR + 12345677) {
            utc_t real = clock_to_real(&c, care);
            assert_true(clock_care(&c, real) >= care);
            assert_true(clock_care(&c, real - 1) < care);
        }
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "fast", "2026-03-09T12:00:00Z", "2026-03-09T12:00:00Z,0", "2026-03-09T12:00:00Z,-1",
        "2026-03-09T12:00:00Z,10001", "2026-03-09T12:00:00Z,1.0005", "2026-03-09,60", "2026-03-09T12:00:00,60",
        "2026-03-09T12:00:00Z@,60", "@2026-03-09T12:00:00Z,60", "2026-03-09T12:00:00Z,6x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct clock c;
        struct err e = {0};
        if (clock_read(bad[i], real_now, &c, &e))
            fail_msg("\"%s\" was accepted", bad[i]);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_true(*e.text && *e.where);
        assert_true(clock_care(&c, 5) == 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reads_and_runs),
                                       cmocka_unit_test(test_text_reads_back_and_inverse_never_early),
                                       cmocka_unit_test(test_refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
