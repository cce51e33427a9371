/* Heparin (Raschke) and insulin (Yale) as tables of one mechanism; tables with gaps and overlaps are refused. */
#include "clinic/nomogram.h"

#include <string.h>

#include "test/base/harness.h"

/* constant initialisers: a compound literal is none */
#define NO {0, INT8_MIN}
#define ANY {NO, NO}
#define D(n) {n, 0}
#define T(n, places) {n, places}
#define RATE(v1, v2, c1, c2, k, min) {{v1, v2}, {c1, c2}, NOMOGRAM_RATE, k, NO, NO, NO, min}
#define HOLD(v1, v2, c1, c2, k, hold, min) {{v1, v2}, {c1, c2}, NOMOGRAM_HOLD, k, NO, hold, NO, min}

/* Raschke, Ann Intern Med 1993;119:874, by aafp and perinatology.com. Printed in whole seconds: 35-45 holds 45.9. */
static const struct nomogram_row heparin_rows[] = {
    {{NO, D(35)}, ANY, NOMOGRAM_RATE, D(4), D(80), NO, NO, D(360)},
    {{D(35), D(46)}, ANY, NOMOGRAM_RATE, D(2), D(40), NO, NO, D(360)},
    {{D(46), D(71)}, ANY, NOMOGRAM_RATE, D(0), NO, NO, NO, D(360)},
    {{D(71), D(91)}, ANY, NOMOGRAM_RATE, D(-2), NO, NO, NO, D(360)},
    {{D(91), NO}, ANY, NOMOGRAM_HOLD, D(-3), NO, D(60), NO, D(360)},
};

static const struct nomogram heparin = {heparin_rows, 5, NULL, 0, NO, NO, NO};

/* Yale 2006 as PMC4991569 prints it; a fall is a negative change. Whole mg/dL: "fall 1-25" is −26 < change < 0. */
static const struct nomogram_row insulin_rows[] = {
    {{NO, D(75)}, ANY, NOMOGRAM_STOP, NO, NO, NO, T(75, 2), D(15)},
    RATE(D(75), D(100), D(1), NO, D(0), D(60)),
    RATE(D(75), D(100), D(-25), D(1), D(-1), D(60)),
    HOLD(D(75), D(100), NO, D(-25), D(-2), D(30), D(60)),
    RATE(D(100), D(140), D(26), NO, D(1), D(60)),
    RATE(D(100), D(140), D(-25), D(26), D(0), D(60)),
    RATE(D(100), D(140), D(-50), D(-25), D(-1), D(60)),
    HOLD(D(100), D(140), NO, D(-50), D(-2), D(30), D(60)),
    RATE(D(140), D(200), D(51), NO, D(2), D(60)),
    RATE(D(140), D(200), D(0), D(51), D(1), D(60)),
    RATE(D(140), D(200), D(-50), D(0), D(0), D(60)),
    RATE(D(140), D(200), D(-75), D(-50), D(-1), D(60)),
    HOLD(D(140), D(200), NO, D(-75), D(-2), D(30), D(60)),
    RATE(D(200), NO, D(1), NO, D(2), D(60)),
    RATE(D(200), NO, D(-25), D(1), D(1), D(60)),
    RATE(D(200), NO, D(-75), D(-25), D(0), D(60)),
    RATE(D(200), NO, D(-100), D(-75), D(-1), D(60)),
    HOLD(D(200), NO, NO, D(-100), D(-2), D(30), D(60)),
};
static const struct nomogram_delta insulin_deltas[] = {
    {{D(0), D(3)}, T(5, 1)}, {{D(3), T(65, 1)}, D(1)}, {{T(65, 1), D(10)}, T(15, 1)}, {{D(10), D(15)}, D(2)},
    {{D(15), D(20)}, D(3)}, {{D(20), D(25)}, D(4)}, {{D(25), NO}, D(5)},
};
static const struct nomogram insulin = {insulin_rows, sizeof insulin_rows / sizeof *insulin_rows, insulin_deltas, 7, T(5, 1), NO, NO};

static void heparin_table(void **s)
{
    (void)s;
    static const struct { const char *aptt, *rate, *bolus; int hold; } rows[] = {
        {"34.9", "1804", "6560", 0}, {"35", "1640", "3280", 0}, {"45.9", "1640", "3280", 0}, {"46", "1476", "0", 0},
        {"70", "1476", "0", 0}, {"71", "1312", "0", 0}, {"90", "1312", "0", 0}, {"91", "1230", "0", 60}, {"200", "1230", "0", 60},
    };
    struct err e = {0};
    assert_true(nomogram_check(&heparin, &e));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nomogram_told told;
        const struct nomogram_asked q = {dec_lit(rows[i].aptt), DEC_NONE, dec_int(1476), dec_int(82)};
        assert_true(nomogram_ask(&heparin, &q, &told, &e));
        assert_true(dec_eq(told.rate, dec_lit(rows[i].rate)) && dec_eq(told.bolus, dec_lit(rows[i].bolus)));
        assert_true(dec_eq(told.recheck_min, dec_int(360)));
        assert_int_equal(told.action == NOMOGRAM_HOLD, rows[i].hold != 0);
        assert_true(!rows[i].hold || dec_eq(told.hold_min, dec_int(rows[i].hold)));
    }
    /* acute coronary syndrome: bolus 4000 and 1000 units/h at most */
    struct nomogram acs = heparin;
    acs.bolus_max = dec_int(4000);
    acs.rate_max = dec_int(1000);
    struct nomogram_told told;
    const struct nomogram_asked q = {dec_int(30), DEC_NONE, dec_int(900), dec_int(82)};
    assert_true(nomogram_ask(&acs, &q, &told, &e));
    assert_true(told.rate_capped && told.bolus_capped && dec_eq(told.rate, dec_int(1000)) && dec_eq(told.bolus, dec_int(4000)));
}

static void insulin_table(void **s)
{
    (void)s;
    static const struct { const char *glucose, *change, *rate, *want; enum nomogram_action action; } rows[] = {
        {"255", "10", "2.5", "3.5", NOMOGRAM_RATE}, {"255", "0", "2.5", "3", NOMOGRAM_RATE}, {"255", "-25", "7", "8.5", NOMOGRAM_RATE},
        {"255", "-26", "7", "7", NOMOGRAM_RATE}, {"255", "-75", "7", "7", NOMOGRAM_RATE}, {"255", "-76", "7", "5.5", NOMOGRAM_RATE},
        {"255", "-101", "12", "8", NOMOGRAM_HOLD}, {"150", "51", "4", "6", NOMOGRAM_RATE}, {"150", "50", "4", "5", NOMOGRAM_RATE},
        {"150", "-1", "4", "4", NOMOGRAM_RATE}, {"150", "-51", "4", "3", NOMOGRAM_RATE}, {"150", "-76", "4", "2", NOMOGRAM_HOLD},
        {"120", "26", "4", "5", NOMOGRAM_RATE}, {"120", "25", "4", "4", NOMOGRAM_RATE}, {"120", "-26", "4", "3", NOMOGRAM_RATE},
        {"120", "-51", "0.5", "0", NOMOGRAM_HOLD}, {"99.9", "5", "4", "4", NOMOGRAM_RATE}, {"75", "0", "4", "3", NOMOGRAM_RATE},
        {"75", "-26", "4", "2", NOMOGRAM_HOLD}, {"74.9", "-5", "4", "3", NOMOGRAM_STOP}, {"40", NULL, "10", "7.5", NOMOGRAM_STOP},
    };
    struct err e = {0};
    if (!nomogram_check(&insulin, &e))
        fail_msg("%s: %s", e.where, e.text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nomogram_told told;
        const struct nomogram_asked q = {dec_lit(rows[i].glucose), rows[i].change ? dec_lit(rows[i].change) : DEC_NONE,
            dec_lit(rows[i].rate), DEC_NONE};
        assert_true(nomogram_ask(&insulin, &q, &told, &e));
        if (told.action != rows[i].action || !dec_eq(told.rate, dec_lit(rows[i].want)))
            fail_msg("glucose %s change %s", rows[i].glucose, rows[i].change);
    }
    struct nomogram_told told;
    const struct nomogram_asked no_change = {dec_int(150), DEC_NONE, dec_int(4), DEC_NONE};
    assert_false(nomogram_ask(&insulin, &no_change, &told, &e));
    assert_string_equal(e.where, "change");
}

/* The other copy of the 75-99 column holds only above a fall of 50 and says nothing for 26 to 50: refused. */
static void refuses_gaps_and_overlaps(void **s)
{
    (void)s;
    struct nomogram_row rows[32];
    struct nomogram m = insulin;
    struct err e = {0};
    memcpy(rows, insulin_rows, sizeof insulin_rows);
    m.rows = rows;
    rows[3].change.below = dec_int(-50);
    assert_false(nomogram_check(&m, &e));
    assert_string_equal(e.where, "rows");
    assert_non_null(strstr(e.text, "-50"));
    struct nomogram_told told;
    e = (struct err){0};
    const struct nomogram_asked hole = {dec_int(80), dec_int(-40), dec_int(4), DEC_NONE};
    assert_false(nomogram_ask(&m, &hole, &told, &e));
    assert_int_equal(e.kind, ERR_CONFLICT);
    rows[3].change.below = dec_int(-20);
    e = (struct err){0};
    assert_false(nomogram_check(&m, &e)); /* overlap */
    assert_non_null(strstr(e.text, "overlaps"));
    /* each limit of each row moved by one, either way, breaks the tiling: the check sees all of them */
    for (int i = 0; i < insulin.n; i++)
        for (int end = 0; end < 4; end++)
            for (int by = -1; by <= 1; by += 2) {
                memcpy(rows, insulin_rows, sizeof insulin_rows);
                struct dec *d = end == 0 ? &rows[i].value.from : end == 1 ? &rows[i].value.below
                    : end == 2 ? &rows[i].change.from : &rows[i].change.below;
                if (!dec_is(*d))
                    continue;
                *d = dec_add(*d, dec_int(by));
                e = (struct err){0};
                assert_false(nomogram_check(&m, &e));
            }
    memcpy(rows, insulin_rows, sizeof insulin_rows);
    rows[0].restart_fraction = DEC_NONE;
    e = (struct err){0};
    assert_false(nomogram_check(&m, &e));
    assert_string_equal(e.where, "row 1");
}

static void refuses_numbers(void **s)
{
    (void)s;
    const struct { struct nomogram_asked q; const char *where; } rows[] = {
        {{DEC_NONE, DEC_NONE, dec_int(1), dec_int(80)}, "value"}, {{dec_int(-1), DEC_NONE, dec_int(1), dec_int(80)}, "value"},
        {{dec_int(50), DEC_NONE, DEC_NONE, dec_int(80)}, "rate"}, {{dec_int(50), DEC_NONE, dec_int(-1), dec_int(80)}, "rate"},
        {{dec_int(50), DEC_NONE, dec_int(1), DEC_NONE}, "weight"}, {{dec_int(50), DEC_NONE, dec_int(1), dec_int(0)}, "weight"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nomogram_told told;
        struct err e = {0};
        assert_false(nomogram_ask(&heparin, &rows[i].q, &told, &e));
        assert_string_equal(e.where, rows[i].where);
        assert_false(dec_is(told.rate));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(heparin_table), cmocka_unit_test(insulin_table),
        cmocka_unit_test(refuses_gaps_and_overlaps), cmocka_unit_test(refuses_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
