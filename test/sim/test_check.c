#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/check.h"

#define TRUTH(volume, rate)                                                                                            \
    "{\"infusion\":\"i1\",\"patient\":\"p1\",\"drug\":\"iron\",\"volume\":" volume ",\"kvo\":0,\"rate\":" rate         \
    ",\"step\":0.1,\"whole\":true}\n"
#define FLOW(state, volume, certainty)                                                                                 \
    "{\"infusion\":\"i1\",\"patient\":\"p1\",\"drug\":\"iron\",\"state\":\"" state "\",\"volume\":" volume             \
    ",\"certainty\":\"" certainty "\"}\n"

static const struct {
    const char *truth, *flow;
    int passed, failed;
    const char *wrong;
} cases[] = {
    {TRUTH("100", "300"),
     FLOW("running", "60.0", "certain") FLOW("paused", "0", "certain") FLOW("running", "40.05", "certain"), 1, 0, NULL},
    {TRUTH("100", "300"), FLOW("running", "100.1", "certain"), 1, 0, NULL},
    {TRUTH("100", "300"), FLOW("running", "100.11", "certain"), 0, 1, "volume"},
    {TRUTH("100", "300"), FLOW("running", "99.8", "certain"), 0, 1, "volume"},
    {TRUTH("265", "1080"), FLOW("running", "265.3", "certain"), 1, 0, NULL}, /* 1 s at 1080 mL/h is 0.3 mL */
    {TRUTH("265", "1080"), FLOW("running", "265.31", "certain"), 0, 1, "volume"},
    {TRUTH("100", "300"), FLOW("running", "100", "certain") FLOW("kvo", "2", "certain"), 0, 1, "keep-open volume"},
    {TRUTH("100", "300"), FLOW("running", "100", "certain") FLOW("flush", "20", "certain"), 1, 0, NULL},
    {TRUTH("100", "300"), FLOW("running", "100", "uncertain total"), 0, 1, "uncertain"},
    {TRUTH("100", "300"), "", 0, 1, "missing from the ledger"},
    {TRUTH("0", "300"), "", 1, 0, NULL},
    {"", FLOW("running", "1", "certain"), 0, 1, "the simulator gave no such infusion"},
    {TRUTH("100", "300"),
     "{\"infusion\":\"i1\",\"patient\":\"p2\",\"drug\":\"iron\",\"state\":\"running\",\"volume\":{\"value\":100,"
     "\"unit\":\"mL\"},\"certainty\":\"certain\"}",
     0, 1, "another patient"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *a = arena_new();
        struct check c;
        struct err e = {0};
        if (!check_run(a, cases[i].truth, strlen(cases[i].truth), cases[i].flow, strlen(cases[i].flow), &c, &e))
            fail_msg("case %zu: %s: %s", i, e.where, e.text);
        if (c.passed != cases[i].passed || c.failed != cases[i].failed)
            fail_msg("case %zu: %d passed, %d failed", i, c.passed, c.failed);
        if (cases[i].wrong)
            assert_string_equal(c.rows[0].wrong, cases[i].wrong);
        arena_free(a);
    }
}

static void test_unreadable(void **state)
{
    (void)state;
    static const char *const bad[] = {"{\"infusion\":\"i\"}\n", "nonsense\n", TRUTH("1", "1") TRUTH("1", "1"),
                                      TRUTH("\"x\"", "1")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena *a = arena_new();
        struct check c;
        struct err e = {0};
        assert_false(check_run(a, bad[i], strlen(bad[i]), "", 0, &c, &e));
        assert_string_equal(e.where, "truth");
        assert_non_null(strstr(e.text, "line"));
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_unreadable)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
