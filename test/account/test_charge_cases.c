/* The command itself, over our answer key, the shared one where it is, and files it must refuse. */
#include "../base/harness.h"

#include "cli.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *own_cases, *shared_cases;
static char said[1 << 20]; /* what the command printed, both streams */

static int run(const char *file, const char *more)
{
    char name[] = "/tmp/venule-test-XXXXXX";
    int out = mkstemp(name), keep_out = dup(1), keep_err = dup(2);
    assert_true(out >= 0);
    unlink(name);
    fflush(stdout);
    dup2(out, 1);
    dup2(out, 2);
    char *argv[] = {"charge", "--cases", (char *)(uintptr_t)file, (char *)(uintptr_t)more, NULL};
    int code = cli_charge(more ? 4 : 3, argv);
    fflush(stdout);
    dup2(keep_out, 1);
    dup2(keep_err, 2);
    close(keep_out);
    close(keep_err);
    lseek(out, 0, SEEK_SET);
    ssize_t n = read(out, said, sizeof said - 1);
    said[n > 0 ? n : 0] = 0;
    close(out);
    return code;
}

static int run_text(const char *text)
{
    char name[] = "/tmp/venule-test-XXXXXX";
    int f = mkstemp(name);
    assert_true(f >= 0);
    assert_int_equal(write(f, text, strlen(text)), (ssize_t)strlen(text));
    close(f);
    int code = run(name, NULL);
    unlink(name);
    return code;
}

static void test_own(void **state)
{
    (void)state;
    int code = run(own_cases, NULL);
    if (code != 0)
        fail_msg("%s", said);
    assert_non_null(strstr(said, " passed, 0 failed"));
    assert_null(strstr(said, "not understood"));
}

static void test_shared(void **state)
{
    (void)state;
    if (access(shared_cases, R_OK) != 0)
        skip();
    int code = run(shared_cases, NULL);
    if (code != 0)
        fail_msg("%s", said);
    assert_non_null(strstr(said, "READ           "));
}

#define EVENT "{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"inf\",\"start\":\"09:00\",\"stop\":\"10:00\"}"
#define ADMIN(event, expected) \
    "{\"cases\":[\n{\"id\":\"Z\",\"kind\":\"admin\",\"setting\":\"facility\",\"events\":[\n" event "],\n\"expected\":[" expected "]}]}"
#define INIT "{\"role\":\"TPD_INF_INIT\",\"units\":1,\"modifiers\":[]}"

static void test_failing(void **state)
{
    (void)state;
    assert_int_equal(run_text(ADMIN(EVENT, INIT)), 0);
    assert_int_equal(run_text(ADMIN(EVENT, "{\"role\":\"TPD_PUSH_INIT\",\"units\":1,\"modifiers\":[]}")), 1);
    assert_non_null(strstr(said, "expected TPD_PUSH_INIT x1\n  made     TPD_INF_INIT x1"));
    assert_non_null(strstr(said, "0 passed, 1 failed"));
    assert_int_equal(run_text(ADMIN(EVENT, "{\"role\":\"TPD_INF_INIT\",\"units\":1,\"modifiers\":[\"59\"]}")), 1);
    assert_int_equal(run_text(ADMIN(EVENT, "")), 1);
    assert_int_equal(run_text("{\"cases\":[{\"id\":\"Z\",\"kind\":\"drug\",\"hcpcs\":\"X\",\"billing_unit\":10,\"dose\":77,\"vial_sizes\":[100],"
                              "\"expected\":{\"vials\":{\"100\":2},\"waste_amount\":20,\"lines\":[]}}]}"), 1);
    assert_non_null(strstr(said, "expected waste 20"));
    assert_non_null(strstr(said, "vials made 1 x 100"));
}

/* What cannot be read names line and column; what is not understood is said. */
static void test_malformed(void **state)
{
    (void)state;
    const struct { const char *text; int code; const char *says; } rows[] = {
        {"{\"cases\":[", 2, "line 1, column"},
        {"{\"cases\":[]}\n{}", 2, "line 2, column 1"},
        {"{\"cases\":[],\"cases\":[]}", 2, "line 1, column 13"},
        {"{}", 2, "\"cases\" must be a list"},
        {"{\"cases\":[\n 1]}", 2, "line 2, column 2: a case must be an object"},
        {"{\"cases\":[]}", 2, "no case was run"},
        {"{\"cases\":[{\"kind\":\"edit\"}]}", 2, "no case was run"},
        {"{\"cases\":[{\"kind\":\"admin\"}]}", 1, "line 1, column 11: \"events\" must be a list"},
        {ADMIN("{\"cls\":\"tpd\",\"tech\":\"inf\",\"start\":\"09:00\"}", ""), 1, "line 3, column 1: \"sub\" is missing"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tdp\",\"tech\":\"inf\",\"start\":\"09:00\"}", ""), 1, "line 3, column 12: \"tdp\" is not a class"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"drip\",\"start\":\"09:00\"}", ""), 1, "\"drip\" is not a technique"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"inf\",\"start\":\"9am\"}", ""), 1, "a time is"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"inf\",\"start\":\"24:00\"}", ""), 1, "a time is"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"inf\",\"start\":900}", ""), 1, "a time is"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"inf\",\"strat\":\"09:00\"}", ""), 1, "\"start\" is missing"},
        {ADMIN("{\"sub\":\"A\",\"cls\":\"tpd\",\"tech\":\"inf\",\"start\":\"09:00\",\"stop\":\"10:00\",\"flow\":3}", INIT), 0,
            "line 3, column 68: member \"flow\" is not understood"},
        {ADMIN(EVENT, "{\"role\":\"TPD_INF_INIT\"}"), 1, "line 4, column 13: an expected line needs \"units\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int code = run_text(rows[i].text);
        if (code != rows[i].code || !strstr(said, rows[i].says))
            fail_msg("row %zu: code %d, wanted %d with \"%s\", said: %s", i, code, rows[i].code, rows[i].says, said);
    }
    assert_int_equal(run("/nonexistent/cases.json", NULL), 2);
    assert_non_null(strstr(said, "cannot be opened"));
    assert_int_equal(run(own_cases, "--frobnicate"), 2);
    assert_non_null(strstr(said, "usage:"));
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    own_cases = argv[1];
    shared_cases = argv[2];
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_own), cmocka_unit_test(test_shared), cmocka_unit_test(test_failing), cmocka_unit_test(test_malformed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
