#include "clinic/detect.h"

#include <string.h>

#include "test/base/harness.h"

/* "hr sbp dbp temp spo2 rr", "-" not measured */
static struct detect_set set(const char *text)
{
    struct detect_set s;
    char copy[100];
    strcpy(copy, text);
    char *save = NULL, *p = strtok_r(copy, " ", &save);
    for (int i = 0; i < DETECT_SIGNS; i++, p = strtok_r(NULL, " ", &save))
        s.v[i] = strcmp(p, "-") == 0 ? DEC_NONE : dec_lit(p);
    return s;
}

static struct detect_rule rule(const char *sign, const char *test, const char *value)
{
    struct detect_rule r;
    struct err e = {0};
    assert_true(detect_sign_read(sign, &r.sign, &e) && detect_test_read(test, &r.test, &e));
    r.value = qty_lit(value);
    return r;
}

static void fires_at_its_limit(void **s)
{
    (void)s;
    static const struct { const char *sign, *test, *value, *before, *now; int fired, blind; } rows[] = {
        {"temp", "rise", "1 Cel", "80 120 70 36.8 98 16", "80 120 70 37.8 98 16", 1, 0},
        {"temp", "rise", "1 Cel", "80 120 70 36.8 98 16", "80 120 70 37.7 98 16", 0, 0},
        {"temp", "above", "38.0 Cel", "- - - - - -", "- - - 38.0 - -", 0, 0},
        {"temp", "above", "38.0 Cel", "- - - - - -", "- - - 38.1 - -", 1, 0},
        {"sbp", "fall", "20 %", "80 120 70 36.8 98 16", "80 96 70 36.8 98 16", 1, 0},
        {"sbp", "fall", "20 %", "80 120 70 36.8 98 16", "80 97 70 36.8 98 16", 0, 0},
        {"sbp", "fall", "20 mm[Hg]", "80 120 70 36.8 98 16", "80 100 70 36.8 98 16", 1, 0},
        {"sbp", "fall", "20 mm[Hg]", "80 120 70 36.8 98 16", "80 140 70 36.8 98 16", 0, 0},
        {"sbp", "rise", "20 %", "80 120 70 36.8 98 16", "80 144 70 36.8 98 16", 1, 0},
        {"sbp", "rise", "20 %", "80 120 70 36.8 98 16", "80 143 70 36.8 98 16", 0, 0},
        {"hr", "rise", "20 %", "75 120 70 36.8 98 16", "90 120 70 36.8 98 16", 1, 0},
        {"hr", "rise", "20 %", "75 120 70 36.8 98 16", "89 120 70 36.8 98 16", 0, 0},
        {"spo2", "below", "92 %", "80 120 70 36.8 98 16", "80 120 70 36.8 92 16", 0, 0},
        {"spo2", "below", "92 %", "80 120 70 36.8 98 16", "80 120 70 36.8 91 16", 1, 0},
        {"sbp", "below", "12 kPa", "80 120 70 36.8 98 16", "80 90 70 36.8 98 16", 1, 0}, /* 90.008 mm[Hg] */
        {"hr", "rise", "20 %", "- 120 70 36.8 98 16", "90 120 70 36.8 98 16", 0, 1},     /* no baseline */
        {"hr", "rise", "20 %", "75 120 70 36.8 98 16", "- 120 70 36.8 98 16", 0, 1},     /* not measured */
        {"rr", "rise", "5 /min", "75 120 70 36.8 98 16", "75 120 70 36.8 98 21", 1, 0},
        {"dbp", "fall", "10 mm[Hg]", "75 120 70 36.8 98 16", "75 120 60 36.8 98 16", 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct detect_rule r = rule(rows[i].sign, rows[i].test, rows[i].value);
        struct detect_set before = set(rows[i].before), now = set(rows[i].now);
        struct detect_result out;
        struct err e = {0};
        assert_true(detect_changes(&r, 1, &before, &now, &out, &e));
        if (out.count != rows[i].fired || out.blind != rows[i].blind)
            fail_msg("row %d: fired %d blind %d", (int)i, out.count, out.blind);
    }
}

static void says_which_and_why(void **s)
{
    (void)s;
    const struct detect_rule rules[] = {rule("temp", "rise", "1 Cel"), rule("sbp", "fall", "20 %"), rule("spo2", "below", "92 %"),
        rule("hr", "rise", "20 %")};
    struct detect_set before = set("80 125 70 36.5 98 16"), now = set("110 99 60 37.2 - 22");
    struct detect_result out;
    struct err e = {0};
    assert_true(detect_changes(rules, 4, &before, &now, &out, &e));
    assert_int_equal(out.count, 2);
    assert_int_equal(out.blind, 1);
    assert_int_equal(out.fired[0].rule, 1);
    assert_true(dec_eq(out.fired[0].limit, dec_int(100)) && dec_eq(out.fired[0].now, dec_int(99)) && dec_eq(out.fired[0].baseline, dec_int(125)));
    assert_int_equal(out.fired[1].rule, 3);
    assert_true(dec_eq(out.fired[1].limit, dec_int(96)));
}

static void refuses_bad_rules(void **s)
{
    (void)s;
    static const struct { const char *sign, *test, *value; } rows[] = {
        {"temp", "rise", "1.8 [degF]"}, {"temp", "above", "100 [degF]"}, {"hr", "above", "120 mm[Hg]"}, {"sbp", "fall", "0 %"},
        {"sbp", "fall", "-20 mm[Hg]"}, {"sbp", "above", "20 %"}, {"hr", "rise", "10"},
    };
    struct detect_set x = set("80 120 70 36.8 98 16");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct detect_rule r[2] = {rule("hr", "rise", "20 %"), rule(rows[i].sign, rows[i].test, rows[i].value)};
        struct detect_result out;
        struct err e = {0};
        assert_false(detect_changes(r, 2, &x, &x, &out, &e));
        assert_string_equal(e.where, "rule 2.value");
    }
    enum detect_sign sign;
    enum detect_test test;
    struct err e[2] = {{0}};
    assert_false(detect_sign_read("mood", &sign, &e[0]));
    assert_false(detect_test_read("jump", &test, &e[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fires_at_its_limit), cmocka_unit_test(says_which_and_why), cmocka_unit_test(refuses_bad_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
