#include "clinic/news2.h"

#include <string.h>

#include "test/base/harness.h"

/* All seven at zero points. */
static struct news2_obs well(void)
{
    return (struct news2_obs){.rr = dec_int(16), .spo2 = dec_int(98), .scale = 1, .sbp = dec_int(120), .hr = dec_int(70),
        .acvpu = 'A', .temp = dec_lit("37.0")};
}

static struct news2 score(const struct news2_obs *o)
{
    struct news2 n;
    struct err e = {0};
    assert_true(news2_score(o, &n, &e));
    return n;
}

/* Both sides of every line of the chart, read from the chart, not from the code. */
static void every_line_of_the_chart(void **s)
{
    (void)s;
    static const struct { const char *name, *value; int points; } rows[] = {
        {"rr", "8", 3}, {"rr", "9", 1}, {"rr", "11", 1}, {"rr", "12", 0}, {"rr", "20", 0}, {"rr", "21", 2}, {"rr", "24", 2}, {"rr", "25", 3},
        {"spo2", "91", 3}, {"spo2", "92", 2}, {"spo2", "93", 2}, {"spo2", "94", 1}, {"spo2", "95", 1}, {"spo2", "96", 0}, {"spo2", "100", 0},
        {"air2", "83", 3}, {"air2", "84", 2}, {"air2", "85", 2}, {"air2", "86", 1}, {"air2", "87", 1}, {"air2", "88", 0}, {"air2", "100", 0},
        {"oxy2", "83", 3}, {"oxy2", "85", 2}, {"oxy2", "87", 1}, {"oxy2", "88", 0}, {"oxy2", "92", 0}, {"oxy2", "93", 1}, {"oxy2", "94", 1},
        {"oxy2", "95", 2}, {"oxy2", "96", 2}, {"oxy2", "97", 3},
        {"sbp", "90", 3}, {"sbp", "91", 2}, {"sbp", "100", 2}, {"sbp", "101", 1}, {"sbp", "110", 1}, {"sbp", "111", 0}, {"sbp", "219", 0}, {"sbp", "220", 3},
        {"hr", "40", 3}, {"hr", "41", 1}, {"hr", "50", 1}, {"hr", "51", 0}, {"hr", "90", 0}, {"hr", "91", 1}, {"hr", "110", 1}, {"hr", "111", 2},
        {"hr", "130", 2}, {"hr", "131", 3},
        {"temp", "35.0", 3}, {"temp", "35.1", 1}, {"temp", "36.0", 1}, {"temp", "36.1", 0}, {"temp", "38.0", 0}, {"temp", "38.1", 1},
        {"temp", "39.0", 1}, {"temp", "39.1", 2}, {"temp", "35.04", 3}, {"temp", "35.05", 1}, {"temp", "39.04", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct news2_obs o = well();
        const char *name = rows[i].name;
        struct dec v = dec_lit(rows[i].value);
        bool second = name[3] == '2' && name[0] != 's';
        if (second) {
            o.scale = 2;
            o.oxygen = name[0] == 'o';
        }
        struct dec *at = strcmp(name, "rr") == 0 ? &o.rr : strcmp(name, "sbp") == 0 ? &o.sbp : strcmp(name, "hr") == 0 ? &o.hr
                       : strcmp(name, "temp") == 0 ? &o.temp : &o.spo2;
        *at = v;
        struct news2 n = score(&o);
        if (n.total != rows[i].points + (o.oxygen ? 2 : 0) || n.red != (rows[i].points == 3))
            fail_msg("%s %s: %d, red %d", name, rows[i].value, n.total, n.red);
    }
    for (const char *c = "CVPU"; *c; c++) {
        struct news2_obs o = well();
        o.acvpu = *c;
        struct news2 n = score(&o);
        assert_true(n.total == 3 && n.acvpu == 3 && n.red && n.band == NEWS2_LOW_MEDIUM);
    }
}

static void bands(void **s)
{
    (void)s;
    static const struct { const char *rr, *hr, *temp, *sbp; int total; const char *band; } rows[] = {
        {"16", "70", "37.0", "120", 0, "zero"}, {"16", "91", "37.0", "120", 1, "low"}, {"21", "91", "38.1", "120", 4, "low"},
        {"25", "70", "37.0", "120", 3, "low-medium"}, {"25", "91", "37.0", "120", 4, "low-medium"}, {"21", "111", "38.1", "120", 5, "medium"},
        {"21", "111", "39.1", "120", 6, "medium"}, {"21", "111", "39.1", "110", 7, "high"}, {"25", "131", "37.0", "120", 6, "medium"},
        {"25", "131", "38.1", "120", 7, "high"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct news2_obs o = well();
        o.rr = dec_lit(rows[i].rr);
        o.hr = dec_lit(rows[i].hr);
        o.temp = dec_lit(rows[i].temp);
        o.sbp = dec_lit(rows[i].sbp);
        struct news2 n = score(&o);
        assert_int_equal(n.total, rows[i].total);
        assert_string_equal(news2_band_name(n.band), rows[i].band);
    }
}

static void incomplete_is_no_score(void **s)
{
    (void)s;
    for (int i = 0; i < 9; i++) {
        struct news2_obs o = well();
        struct news2 n;
        struct err e = {0};
        struct dec *values[] = {&o.rr, &o.spo2, &o.sbp, &o.hr, &o.temp};
        static const char *const where[] = {"rr", "spo2", "sbp", "hr", "temp", "scale", "acvpu", "spo2", "temp"};
        if (i < 5)
            *values[i] = DEC_NONE;
        else if (i == 5)
            o.scale = 0;
        else if (i == 6)
            o.acvpu = '\0';
        else if (i == 7)
            o.spo2 = dec_int(101);
        else
            o.temp = dec_lit("98.6");
        assert_false(news2_score(&o, &n, &e));
        assert_string_equal(e.where, where[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_the_chart), cmocka_unit_test(bands), cmocka_unit_test(incomplete_is_no_score),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
