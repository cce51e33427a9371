#include "../base/harness.h"

#include "account/benefit.h"

#include <string.h>

static struct benefit_plan plan_of(const char *coinsurance, const char *deductible, const char *oop)
{
    return (struct benefit_plan){.currency = "USD", .coinsurance = dec_lit(coinsurance), .deductible_left = dec_lit(deductible),
        .family_deductible_left = DEC_NONE, .oop_left = dec_lit(oop), .family_oop_left = DEC_NONE, .sequestration = DEC_NONE, .card_max = DEC_NONE};
}

static void test_rows(void **state)
{
    (void)state;
    const struct { const char *allowed, *share, *ded, *oop, *copay, *patient; } rows[] = {
        {"6400", "0.2", "1000", "3800", NULL, "2080"}, {"6400", "0.2", "1000", "900", NULL, "900"}, {"6400", "0.2", "0", "0", NULL, "0"},
        {"3000", "0", "0", "2000", "150", "150"}, {"420", "0.2", "1000", "3800", NULL, "420"}, {"100", "0", "0", "2000", "150", "100"},
        {"0.03", "0.5", "0", "10", NULL, "0.02"}, {"0.01", "0.5", "0", "10", NULL, "0.01"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct benefit_plan p = plan_of(rows[i].share, rows[i].ded, rows[i].oop);
        struct benefit_line l = {"treatment", dec_lit(rows[i].allowed), DEC_NONE, rows[i].copay ? dec_lit(rows[i].copay) : DEC_NONE};
        struct benefit_estimate out;
        struct err e = {0};
        assert_true(benefit_estimate(&p, &l, 1, a, &out, &e));
        assert_true(dec_eq(out.patient, dec_lit(rows[i].patient)));
        assert_true(dec_eq(dec_add(out.patient, out.plan), out.allowed));
    }
    arena_free(a);
}

/* Deductible and limit are carried from line to line: splitting a bill never changes what the patient owes in all. */
static void test_carry(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct benefit_plan p = plan_of("0.2", "500", "700");
    struct benefit_line one = {"all", dec_lit("3000"), DEC_NONE, DEC_NONE};
    struct benefit_line three[] = {{"drug", dec_lit("300"), DEC_NONE, DEC_NONE}, {"giving", dec_lit("1200"), DEC_NONE, DEC_NONE},
        {"rest", dec_lit("1500"), DEC_NONE, DEC_NONE}};
    struct benefit_estimate x, y;
    struct err e = {0};
    assert_true(benefit_estimate(&p, &one, 1, a, &x, &e));
    assert_true(benefit_estimate(&p, three, 3, a, &y, &e));
    assert_true(dec_eq(x.patient, dec_lit("700")));
    assert_true(dec_eq(y.patient, x.patient));
    assert_true(dec_eq(y.lines[0].patient, dec_lit("300")));
    assert_true(dec_eq(y.lines[1].patient, dec_lit("400"))); /* 200 deductible + 200 of 1,000; the limit is reached */
    assert_true(dec_eq(y.lines[2].patient, dec_lit("0")));
    assert_true(dec_eq(y.oop_left, dec_lit("0")));
    p.family_oop_left = dec_lit("50");
    assert_true(benefit_estimate(&p, three, 3, a, &y, &e));
    assert_true(dec_eq(y.patient, dec_lit("50")));
    assert_non_null(strstr(y.lines[0].says, "the yearly limit leaves USD 50.00"));
    arena_free(a);
}

static void test_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct benefit_plan good = plan_of("0.2", "500", "700"), twenty = plan_of("20", "500", "700"), owed = plan_of("0.2", "-1", "700");
    struct benefit_plan unknown = good;
    unknown.coinsurance = DEC_NONE;
    struct benefit_line l = {"all", dec_lit("3000"), DEC_NONE, DEC_NONE}, none = {"all", DEC_NONE, DEC_NONE, DEC_NONE};
    const struct { const struct benefit_plan *p; const struct benefit_line *l; int n; const char *where; } rows[] = {
        {&twenty, &l, 1, "coinsurance"}, {&owed, &l, 1, "deductible_left"}, {&unknown, &l, 1, "coinsurance"}, {&good, &none, 1, "allowed"}, {&good, &l, 0, "lines"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct benefit_estimate out;
        struct err e = {0};
        assert_false(benefit_estimate(rows[i].p, rows[i].l, rows[i].n, a, &out, &e));
        assert_string_equal(e.where, rows[i].where);
    }
    arena_free(a);
}

static void test_money(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(benefit_money(a, "USD", dec_lit("1286.4")), "USD 1,286.40");
    assert_string_equal(benefit_money(a, "", dec_lit("0.005")), "0.01");
    assert_string_equal(benefit_money(a, "EUR", dec_lit("-3.2")), "EUR -3.20");
    assert_string_equal(benefit_money(a, NULL, dec_lit("1000000")), "1,000,000.00");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_carry), cmocka_unit_test(test_refused), cmocka_unit_test(test_money)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
