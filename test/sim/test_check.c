#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sim/check.h"

#define T(s) ((struct check_text){(s), strlen(s)})
#define LOST(volume, n)                                                                                                \
    "{\"infusion\":\"i1\",\"patient\":\"p1\",\"visit\":\"v1\",\"bag\":\"b1\",\"drug\":\"iron\",\"volume\":" volume    \
    ",\"kvo\":0,\"rate\":300,\"step\":0.1,\"whole\":true,\"lost\":" n "}\n"
#define SUM(state, volume, certainty, now, said)                                                                       \
    "{\"infusion\":\"i1\",\"patient\":\"p1\",\"drug\":\"iron\",\"state\":\"" state "\",\"volume\":" volume             \
    ",\"certainty\":\"" certainty "\",\"sum\":{\"state\":\"x\",\"certainty\":\"" now "\",\"volume\":" said "}}\n"
#define CHARGE(role, drug, events)                                                                                     \
    "{\"visit\":\"v1\",\"lines\":[{\"role\":\"" role "\",\"drug\":\"" drug "\",\"events\":\"" events "\"}]}\n"
#define NONE "{\"visit\":\"v1\",\"lines\":[]}\n"
#define TRUTH(volume, rate)                                                                                            \
    "{\"infusion\":\"i1\",\"patient\":\"p1\",\"drug\":\"iron\",\"volume\":" volume ",\"kvo\":0,\"rate\":" rate         \
    ",\"step\":0.1,\"whole\":true}\n"
#define FLOW(state, volume, certainty)                                                                                 \
    "{\"infusion\":\"i1\",\"patient\":\"p1\",\"drug\":\"iron\",\"state\":\"" state "\",\"volume\":" volume             \
    ",\"certainty\":\"" certainty "\"}\n"

static const struct {
    const char *truth, *flow, *charges;
    int passed, failed;
    const char *wrong;
} cases[] = {
    {TRUTH("100", "300"),
     FLOW("running", "60.0", "certain") FLOW("paused", "0", "certain") FLOW("running", "40.05", "certain"), NULL, 1, 0, NULL},
    {TRUTH("100", "300"), FLOW("running", "100.1", "certain"), NULL, 1, 0, NULL},
    {TRUTH("100", "300"), FLOW("running", "100.11", "certain"), NULL, 0, 1, "volume"},
    {TRUTH("100", "300"), FLOW("running", "99.8", "certain"), NULL, 0, 1, "volume"},
    {TRUTH("265", "1080"), FLOW("running", "265.3", "certain"), NULL, 1, 0, NULL}, /* 1 s at 1080 mL/h is 0.3 mL */
    {TRUTH("265", "1080"), FLOW("running", "265.31", "certain"), NULL, 0, 1, "volume"},
    {TRUTH("100", "300"), FLOW("running", "100", "certain") FLOW("kvo", "2", "certain"), NULL, 0, 1, "keep-open volume"},
    {TRUTH("100", "300"), FLOW("running", "100", "certain") FLOW("flush", "20", "certain"), NULL, 1, 0, NULL},
    {TRUTH("100", "300"), FLOW("running", "100", "uncertain total"), NULL, 0, 1, "uncertain, though every message arrived"},
    {TRUTH("100", "300"), "", NULL, 0, 1, "missing from the ledger"},
    {TRUTH("0", "300"), "", NULL, 1, 0, NULL},
    {"", FLOW("running", "1", "certain"), NULL, 0, 1, "the simulator gave no such infusion"},
    {TRUTH("100", "300"),
     "{\"infusion\":\"i1\",\"patient\":\"p2\",\"drug\":\"iron\",\"state\":\"running\",\"volume\":{\"value\":100,"
     "\"unit\":\"mL\"},\"certainty\":\"certain\"}",
     NULL, 0, 1, "another patient"},
    /* uncertain is right where a message never came, and somebody said since what flowed */
    {LOST("100", "1"), SUM("uncertain", "100", "uncertain when", "stated", "100.0"), NULL, 1, 0, NULL},
    {LOST("100", "1"), SUM("uncertain", "100", "uncertain when", "uncertain when", "100"), NULL, 0, 1,
     "uncertain, and nobody reconciled it"},
    {LOST("100", "0"), SUM("uncertain", "100", "uncertain when", "stated", "100"), NULL, 0, 1,
     "uncertain, though every message arrived"},
    {LOST("100", "1"), SUM("uncertain", "80", "uncertain total", "stated", "90"), NULL, 0, 1, "reconciled volume"},
    {LOST("100", "1"), SUM("running", "100", "certain", "certain", "100"), NULL, 1, 0, NULL},
    {LOST("100", "1"), SUM("running", "100", "certain", "stated", "99"), NULL, 0, 1, "stated volume"},
    /* charges */
    {LOST("100", "0"), SUM("running", "100", "certain", "certain", "100"), CHARGE("DRUG", "iron", "b1"), 1, 0, NULL},
    {LOST("100", "0"), SUM("running", "100", "certain", "certain", "100"), NONE, 0, 1, "given and not charged"},
    {LOST("100", "0"), SUM("running", "100", "certain", "certain", "100"), CHARGE("DRUG", "other", "b1"), 0, 1,
     "given and not charged"},
    {LOST("0", "0"), "", CHARGE("DRUG_WASTE", "iron", "b1"), 1, 0, NULL},
    {LOST("0", "0"), "", CHARGE("TPD_INF_INIT", "", "i1"), 1, 1, NULL},
    {LOST("100", "0"), SUM("running", "100", "certain", "certain", "100"), CHARGE("DRUG", "iron", "b1 i7"), 1, 0, NULL},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *a = arena_new();
        struct check c;
        struct err e = {0};
        struct check_text charges = {cases[i].charges, cases[i].charges ? strlen(cases[i].charges) : 0};
        if (!check_run(a, T(cases[i].truth), T(cases[i].flow), charges, &c, &e))
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
        assert_false(check_run(a, T(bad[i]), T(""), (struct check_text){NULL, 0}, &c, &e));
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
