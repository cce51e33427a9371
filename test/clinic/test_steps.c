#include "clinic/steps.h"

#include "test/base/harness.h"

static const char *t(struct dec d)
{
    static char out[8][DEC_TEXT_MAX];
    static int at;
    at = (at + 1) % 8;
    return dec_is(d) ? dec_text(dec_trim(d), out[at]) : "none";
}

static struct step row(const char *rate, const char *minutes)
{
    return (struct step){dec_lit(rate), minutes ? dec_lit(minutes) : DEC_NONE};
}

/* Published step tables; lengths by hand. */
static void known_tables(void **s)
{
    (void)s;
    struct step_plan p;
    struct err e = {0};
    /* infliximab, classic titration: 10-20-40-80 mL/h for 15 min each, 150 for 30, 250 to the end */
    const struct step inf[] = {row("10", "15"), row("20", "15"), row("40", "15"), row("80", "15"), row("150", "30"), row("250", NULL)};
    assert_true(steps_run(NULL, inf, 6, dec_int(250), &p, &e));
    assert_string_equal(t(p.minutes), "123");
    assert_string_equal(t(p.segments[5].amount), "137.5");
    /* 12-step desensitisation, rituximab 675 mg, third bag: published steps .75 1.5 3 … are of bag 1 and 2; bag 3 here in mL */
    const struct step bag3[] = {row("10", "15"), row("20", "15"), row("40", "15"), row("80", NULL)};
    assert_true(steps_run(NULL, bag3, 4, dec_int(250), &p, &e));
    assert_string_equal(t(p.segments[3].minutes), "174.375");
    /* daratumumab first infusion, 1000 mL: 50, 100, 150, 200 mL/h by the hour */
    const struct step dara[] = {row("50", "60"), row("100", "60"), row("150", "60"), row("200", NULL)};
    assert_true(steps_run(NULL, dara, 4, dec_int(1000), &p, &e));
    assert_string_equal(t(p.minutes), "390");
    /* ends exactly at the end of a step: no empty step follows */
    assert_true(steps_run(NULL, dara, 4, dec_int(300), &p, &e));
    assert_int_equal(p.count, 3);
    assert_string_equal(t(p.minutes), "180");
}

/* Totals the labels print; by share; a slow beginning; loading, then a first and a second rate. */
static void known_totals(void **s)
{
    (void)s;
    static const struct { const char *start, *increment, *maximum, *amount, *minutes; } rows[] = {
        {"40", "40", "200", "500", "210"},    /* ocrelizumab 600 mg in 500 mL: 3.5 h on the label */
        {"50", "50", "400", "700", "210"},    /* rituximab 700 mg, first, in mg/h */
        {"100", "100", "400", "750", "157.5"}, /* rituximab later */
    };
    struct step table[STEPS_MAX];
    struct step_plan p;
    struct err e = {0};
    int n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(steps_regular(dec_lit(rows[i].start), dec_lit(rows[i].increment), dec_lit(rows[i].maximum), dec_int(30), table, &n, &e));
        assert_true(steps_run(NULL, table, n, dec_lit(rows[i].amount), &p, &e));
        assert_string_equal(t(p.minutes), rows[i].minutes);
    }
    /* rituximab in 90 minutes: a fifth in 30 minutes, the rest in 60: 140, then 280 mL/h of 350 mL */
    const struct step_share shares[] = {{dec_lit("0.2"), dec_int(30)}, {dec_lit("0.8"), dec_int(60)}};
    assert_true(steps_by_share(shares, 2, dec_int(350), table, &e));
    assert_string_equal(t(table[0].rate), "140");
    assert_string_equal(t(table[1].rate), "280");
    assert_true(steps_run(NULL, table, 2, dec_int(350), &p, &e));
    assert_string_equal(t(p.minutes), "90");
    assert_false(steps_by_share(shares, 1, dec_int(350), table, &e));
    /* red cells: 2 mL/min for 15 minutes, 300 mL in 2 h; not within the hour if 200 mL/h is the most */
    e = (struct err){0};
    assert_true(steps_slow_start(dec_int(120), dec_int(15), dec_int(300), dec_int(120), DEC_NONE, table, &e));
    assert_true(steps_run(NULL, table, 2, dec_int(300), &p, &e));
    assert_true(dec_eq(dec_round(p.minutes, 9, DEC_HALF_AWAY), dec_int(120)));
    assert_false(steps_slow_start(dec_int(120), dec_int(15), dec_int(300), dec_int(60), dec_int(200), table, &e));
    assert_false(steps_slow_start(dec_int(120), dec_int(15), dec_int(300), dec_int(240), DEC_NONE, table, &e)); /* slower than it began */
    /* amiodarone: 150 mg in 10 min, 1 mg/min for 6 h, 0.5 mg/min for 18 h: 1,050 mg in 1,450 min */
    const struct step amiodarone[] = {row("900", "10"), row("60", "360"), row("30", NULL)};
    e = (struct err){0};
    assert_true(steps_run(NULL, amiodarone, 3, dec_int(1050), &p, &e));
    assert_string_equal(t(p.minutes), "1450");
}

static void refuses_bad_tables(void **s)
{
    (void)s;
    struct step_plan p;
    struct step out[STEPS_MAX];
    int n;
    const struct step zero[] = {row("0", NULL)}, open_middle[] = {row("10", NULL), row("20", NULL)};
    const struct step negative[] = {row("10", "-5"), row("20", NULL)};
    struct err e[8] = {{0}};
    assert_false(steps_run(NULL, zero, 1, dec_int(10), &p, &e[0]));
    assert_false(steps_run(NULL, open_middle, 2, dec_int(10), &p, &e[1]));
    assert_false(steps_run(NULL, negative, 2, dec_int(10), &p, &e[2]));
    assert_false(steps_run(NULL, zero, 0, dec_int(10), &p, &e[3]));
    assert_false(steps_run(NULL, open_middle + 1, 1, dec_int(0), &p, &e[4]));
    assert_false(steps_regular(dec_int(50), dec_int(50), dec_int(40), dec_int(30), out, &n, &e[5]));
    assert_false(steps_regular(dec_int(1), dec_int(1), dec_int(4000), dec_int(30), out, &n, &e[6]));
    assert_false(steps_regular(dec_int(1), dec_int(-1), dec_int(4), dec_int(30), out, &n, &e[7]));
    for (int i = 0; i < 8; i++)
        assert_true(e[i].kind != ERR_NONE && e[i].where[0]);
}

/* Seeded tables: amounts add up exactly, times too, no rate above the maximum, more amount is never faster. */
static void properties(void **s)
{
    (void)s;
    uint64_t seed = 11;
    for (int i = 0; i < 3000; i++) {
        struct dec start = DEC((int64_t)(next_random(&seed) % 500) + 1, 1), inc = DEC((int64_t)(next_random(&seed) % 700) + 20, 1);
        struct dec max = dec_add(start, DEC((int64_t)(next_random(&seed) % 1000), 1)), every = dec_int((int64_t)(next_random(&seed) % 60) + 1);
        struct dec amount = DEC((int64_t)(next_random(&seed) % 100000) + 1, 2);
        struct step table[STEPS_MAX];
        struct step_plan p, more;
        struct err e = {0};
        int n;
        assert_true(steps_regular(start, inc, max, every, table, &n, &e));
        assert_true(steps_run(NULL, table, n, amount, &p, &e));
        struct dec amounts = dec_int(0), minutes = dec_int(0);
        for (int k = 0; k < p.count; k++) {
            amounts = dec_add(amounts, p.segments[k].amount);
            assert_true(dec_eq(steps_rate_at(table, n, minutes), p.segments[k].rate));
            minutes = dec_sum(minutes, p.segments[k].minutes);
            assert_true(dec_le(p.segments[k].rate, max) && dec_sign(p.segments[k].amount) > 0);
            struct dec by_rate = dec_quot(dec_prod(p.segments[k].rate, p.segments[k].minutes), dec_int(60));
            assert_true(dec_le(dec_abs(dec_sum(by_rate, dec_neg(p.segments[k].amount))), dec_lit("0.0000000001")));
        }
        assert_true(dec_eq(amounts, amount) && dec_eq(minutes, p.minutes));
        assert_true(steps_run(NULL, table, n, dec_add(amount, dec_int(1)), &more, &e));
        assert_true(dec_lt(p.minutes, more.minutes));
    }
}

static void converts_rates(void **s)
{
    (void)s;
    static const struct { const char *rate, *weight, *conc, *want; } rows[] = {
        {"100 mL/h", NULL, NULL, "100"}, {"2 mL/min", NULL, NULL, "120"}, {"0.5 mL/kg/h", "70 kg", NULL, "35"},
        {"50 mg/h", NULL, "2 mg/mL", "25"}, {"0.5 mg/kg/min", "70 kg", "100 mg/mL", "21"},
        {"8 mg/kg/min", "70 kg", "0.1 g/mL", "336"}, {"0.5 mg/kg/min", "200 lb", "100 mg/mL", "27.2155422"},
        {"18 U/kg/h", "82 kg", "50 U/mL", "29.52"}, {"10 meq/h", NULL, "0.1 meq/mL", "100"}, {"10 ug/kg/min", "70 kg", "1600 ug/mL", "26.25"},
        {"10 ug/kg/min", "70000 g", "1.6 mg/mL", "26.25"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dec out;
        struct err e = {0};
        struct qty w = rows[i].weight ? qty_lit(rows[i].weight) : QTY_NONE, c = rows[i].conc ? qty_lit(rows[i].conc) : QTY_NONE;
        if (!steps_rate_ml_h(qty_lit(rows[i].rate), w, c, &out, &e))
            fail_msg("%s: %s", rows[i].rate, e.text);
        assert_string_equal(t(out), rows[i].want);
        struct qty back;
        assert_true(steps_rate_from_ml_h(out, w, c, unit_find(unit_code(qty_lit(rows[i].rate).u)), &back, &e));
        assert_true(dec_le(dec_abs(dec_sub(back.v, qty_lit(rows[i].rate).v)), dec_lit("0.000000000001")));
    }
    static const struct { const char *rate, *weight, *conc, *where; } bad[] = {
        {"10 /min", "70 kg", "1 mg/mL", "rate"}, {"10 mg", NULL, "1 mg/mL", "rate"}, {"0.5 mg/kg/min", NULL, "1 mg/mL", "weight"},
        {"0.5 mg/kg/min", "70 kg", NULL, "concentration"}, {"18 U/kg/h", "82 kg", "1 mg/mL", "concentration"},
        {"0.5 mL/kg/h", "70 cm", NULL, "weight"}, {"-1 mL/h", NULL, NULL, "rate"}, {"50 mg/h", NULL, "0 mg/mL", "concentration"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dec out;
        struct err e = {0};
        struct qty w = bad[i].weight ? qty_lit(bad[i].weight) : QTY_NONE, c = bad[i].conc ? qty_lit(bad[i].conc) : QTY_NONE;
        assert_false(steps_rate_ml_h(qty_lit(bad[i].rate), w, c, &out, &e));
        assert_string_equal(e.where, bad[i].where);
    }
    struct dec pump;
    struct err e = {0};
    assert_true(steps_for_pump(dec_lit("29.59"), dec_lit("0.1"), &pump, &e));
    assert_string_equal(t(pump), "29.5");
    assert_false(steps_for_pump(dec_lit("0.09"), dec_lit("0.1"), &pump, &e));
}

static void says_the_next_step(void **s)
{
    (void)s;
    const struct step table[] = {row("21", "30"), row("42", "30"), row("84", "30"), row("168", NULL)};
    static const struct { const char *rate, *minutes; bool follows; const char *next, *in; } rows[] = {
        {"21", "0", true, "42", "30"}, {"21", "29.5", true, "42", "0.5"}, {"21", "45", true, "42", "0"}, {"42", "10", true, "84", "20"},
        {"60", "10", true, "84", "20"}, {"10", "5", true, "21", "0"}, {"0", "0", true, "21", "0"}, {"168", "1", false, "none", "none"},
        {"200", "1", false, "none", "none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct step_next n;
        struct err e = {0};
        assert_true(steps_next(table, 4, dec_lit(rows[i].rate), dec_lit(rows[i].minutes), &n, &e));
        assert_int_equal(n.follows, rows[i].follows);
        assert_string_equal(t(n.rate), rows[i].next);
        assert_string_equal(t(n.in_min), rows[i].in);
    }
    struct step_next n;
    struct err e = {0};
    assert_false(steps_next(table, 0, dec_int(1), dec_int(1), &n, &e));
    assert_string_equal(t(steps_rate_at(table, 4, dec_int(0))), "21");
    assert_string_equal(t(steps_rate_at(table, 4, dec_lit("29.999"))), "21");
    assert_string_equal(t(steps_rate_at(table, 4, dec_int(30))), "42");
    assert_string_equal(t(steps_rate_at(table, 4, dec_int(9999))), "168");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_tables), cmocka_unit_test(known_totals), cmocka_unit_test(refuses_bad_tables), cmocka_unit_test(properties),
        cmocka_unit_test(converts_rates), cmocka_unit_test(says_the_next_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
