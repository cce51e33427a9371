/* After a reaction: by the table and the grade, never by a default. */
#include "clinic/resume.h"

#include "test/base/harness.h"

static struct resume_row row(int grade, enum resume_action action, const char *fraction, bool may_raise)
{
    return (struct resume_row){grade, action, fraction ? dec_lit(fraction) : DEC_NONE, dec_int(30), DEC_NONE, true, may_raise};
}

static void by_the_table(void **s)
{
    (void)s;
    const struct resume_row table[] = {row(1, RESUME_SLOW, "0.5", true), row(2, RESUME_RESTART, "0.5", true),
        row(3, RESUME_RESTART, "0.25", false), row(4, RESUME_NEVER, NULL, false)};
    static const struct { int grade; const char *onset; bool allowed, listed; const char *rate; } rows[] = {
        {1, "200", true, true, "100"}, {2, "333", true, true, "166.5"}, {2, "100.3", true, true, "50.1"}, {3, "336", true, true, "84"},
        {4, "200", false, true, NULL}, {5, "200", false, false, NULL}, {2, NULL, true, true, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resume r;
        struct err e = {0};
        struct dec onset = rows[i].onset ? dec_lit(rows[i].onset) : DEC_NONE;
        assert_true(resume_by_grade(table, 4, rows[i].grade, onset, dec_lit("0.1"), &r, &e));
        assert_int_equal(r.allowed, rows[i].allowed);
        assert_int_equal(r.listed, rows[i].listed);
        assert_int_equal(dec_is(r.rate), rows[i].rate != NULL);
        if (rows[i].rate)
            assert_true(dec_eq(r.rate, dec_lit(rows[i].rate)));
    }
}

/* No row, or a row without a fraction: no rate comes out of nowhere. */
static void never_half_by_default(void **s)
{
    (void)s;
    const struct resume_row bare[] = {row(2, RESUME_RESTART, NULL, false)};
    struct resume r;
    struct err e = {0};
    struct step_plan p;
    const struct step steps[] = {{dec_int(50), dec_int(30)}, {dec_int(100), DEC_NONE}};
    for (int grade = 1; grade <= 5; grade++) {
        assert_true(resume_by_grade(NULL, 0, grade, dec_int(200), dec_lit("0.1"), &r, &e));
        assert_false(r.allowed || dec_is(r.rate));
    }
    assert_false(resume_plan(&r, dec_int(100), steps, 2, dec_int(100), &p, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    e = (struct err){0};
    assert_true(resume_by_grade(bare, 1, 2, dec_int(200), dec_lit("0.1"), &r, &e));
    assert_true(r.allowed && !dec_is(r.rate) && r.needs_order);
    assert_false(resume_plan(&r, DEC_NONE, steps, 2, dec_int(100), &p, &e));
    assert_string_equal(e.where, "rate");
    e = (struct err){0};
    assert_true(resume_plan(&r, dec_int(60), steps, 2, dec_int(100), &p, &e)); /* an order named the rate */
    assert_int_equal(p.count, 1);
}

static void refuses(void **s)
{
    (void)s;
    const struct resume_row twice[] = {row(2, RESUME_RESTART, "0.5", true), row(2, RESUME_NEVER, NULL, false)};
    const struct resume_row over[] = {row(2, RESUME_RESTART, "1.5", true)}, nothing[] = {row(2, RESUME_RESTART, "0", true)};
    const struct { const struct resume_row *rows; int n, grade; const char *onset, *where; } rows[] = {
        {twice, 2, 2, "100", "grade"}, {over, 1, 2, "100", "fraction"}, {nothing, 1, 2, "100", "fraction"}, {twice, 2, 0, "100", "grade"},
        {twice, 2, 6, "100", "grade"}, {over, 1, 1, "0", "rate"}, {over, 1, 1, "-5", "rate"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct resume r;
        struct err e = {0};
        assert_false(resume_by_grade(rows[i].rows, rows[i].n, rows[i].grade, dec_lit(rows[i].onset), dec_lit("0.1"), &r, &e));
        assert_string_equal(e.where, rows[i].where);
        assert_false(r.allowed);
    }
    enum resume_action a;
    struct err e = {0};
    assert_true(resume_action_read("never", &a, &e) && a == RESUME_NEVER);
    assert_false(resume_action_read("half", &a, &e));
}

/* Ocrelizumab after a mild reaction: half the rate for at least 30 minutes, then up again by its steps. */
static void rises_again(void **s)
{
    (void)s;
    const struct step steps[] = {{dec_int(40), dec_int(30)}, {dec_int(80), dec_int(30)}, {dec_int(120), dec_int(30)},
        {dec_int(160), dec_int(30)}, {dec_int(200), DEC_NONE}};
    struct resume_row mild = row(1, RESUME_SLOW, "0.5", true);
    mild.hold_min = dec_int(30);
    struct resume r;
    struct step_plan p;
    struct err e = {0};
    assert_true(resume_by_grade(&mild, 1, 1, dec_int(160), dec_lit("0.1"), &r, &e));
    assert_true(resume_plan(&r, r.rate, steps, 5, dec_int(300), &p, &e));
    static const int rates[] = {80, 120, 160, 200}; /* 40 + 60 + 80 mL in 90 min, 120 mL at 200 */
    assert_int_equal(p.count, 4);
    for (int i = 0; i < 4; i++)
        assert_true(dec_eq(p.segments[i].rate, dec_int(rates[i])));
    assert_true(dec_eq(p.minutes, dec_int(126)));
    assert_false(resume_plan(&r, dec_int(81), steps, 5, dec_int(300), &p, &e)); /* above the table */
    assert_int_equal(e.kind, ERR_REFUSED);
    e = (struct err){0};
    r.may_raise = false;
    assert_true(resume_plan(&r, r.rate, steps, 5, dec_int(300), &p, &e));
    assert_true(p.count == 1 && dec_eq(p.minutes, dec_int(225)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_the_table), cmocka_unit_test(never_half_by_default),
        cmocka_unit_test(refuses), cmocka_unit_test(rises_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
