#include "base/unit.h"

#include <string.h>

#include "test/base/harness.h"

static const char *moved(const char *from, const char *to)
{
    static char out[4][QTY_TEXT_MAX];
    static int at;
    at = (at + 1) % 4;
    struct qty r;
    struct err e = {0};
    if (!qty_to(qty_lit(from), unit_find(to), &r, &e))
        return "error";
    return qty_text(r, out[at]);
}

static void converts_exactly(void **s)
{
    (void)s;
    static const struct { const char *from, *to, *want; } rows[] = {
        {"1 [lb_av]", "kg", "0.45359237 kg"}, {"176 lb", "kg", "79.83225712 kg"}, {"16 [oz_av]", "[lb_av]", "1 [lb_av]"},
        {"1 [in_i]", "cm", "2.54 cm"}, {"5 [ft_i]", "cm", "152.4 cm"}, {"1.10 mg", "ug", "1100 ug"},
        {"1.10 mg", "mg", "1.10 mg"}, {"400 ug/min", "mg/h", "24 mg/h"}, {"10 ug/kg/min", "mg/kg/h", "0.6 mg/kg/h"},
        {"1 L", "mL", "1000 mL"}, {"1 mL", "cm3", "1 cm3"}, {"37.0 Cel", "[degF]", "98.6 [degF]"},
        {"103 [degF]", "Cel", "39.4444444444444 Cel"}, {"32 [degF]", "Cel", "0 Cel"}, {"0 Cel", "K", "273.15 K"},
        {"2 a", "d", "730.5 d"}, {"1 d", "h", "24 h"}, {"90 min", "h", "1.5 h"}, {"4.5 10*3/uL", "10*9/L", "4.5 10*9/L"},
        {"50 %", "1", "0.5 1"}, {"1 U/mL", "[iU]/L", "1000 [iU]/L"}, {"1 mOsm/L", "mosm/L", "1 mosm/L"},
        {"1000 mm[Hg]", "kPa", "133.322 kPa"}, {"1 kcal", "kJ", "4.184 kJ"}, {"12 g/dL", "g/L", "120 g/L"},
        {"1 h", "a", "0.000114077116130504 a"}, {"20 {breaths}/min", "/min", "20 /min"}, {"5 mg.h/L", "mg.min/mL", "0.3 mg.min/mL"},
        {"1 mo", "d", "30.4375 d"}, {"7 g/{dose}", "mg/{dose}", "7000 mg/{dose}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(moved(rows[i].from, rows[i].to), rows[i].want);
}

static void refuses_other_dimensions(void **s)
{
    (void)s;
    static const struct { const char *from, *to; } rows[] = {
        {"1 mg", "mL"}, {"1 [iU]", "mg"}, {"1 meq", "mmol"}, {"1 {gtt}", "{score}"}, {"90 mL/min", "mL/min/{1.73_m2}"},
        {"1 {vial}", "1"}, {"1 mg/kg", "mg"}, {"1 mg/kg", "1"}, {"1 mg/kg/min", "/min"}, {"1 Cel", "s"}, {"1 {vial}", "{bag}"}, {"1 mol", "osm"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct qty r;
        struct err e = {0};
        assert_false(qty_to(qty_lit(rows[i].from), unit_find(rows[i].to), &r, &e));
        assert_int_equal(e.kind, ERR_INPUT);
        assert_non_null(strstr(e.text, unit_code(unit_find(rows[i].to))));
    }
}

static void knows_aliases_and_shows_safely(void **s)
{
    (void)s;
    static const struct { const char *in, *code, *show; } rows[] = {
        {"U", "[iU]", "units"}, {"mcg/kg/min", "ug/kg/min", "mcg/kg/min"}, {"U/kg/h", "[iU]/kg/h", "units/kg/h"},
        {"mL/min/{1.73_m2}", "mL/min/{1.73_m2}", "mL/min/1.73 m²"}, {"mg/m2", "mg/m2", "mg/m²"}, {"cc", "mL", "mL"},
        {"min.mg/mL", "mg.min/mL", "mg·min/mL"}, {"mEq/L", "meq/L", "mEq/L"}, {"1/min", "/min", "/min"}, {"lb", "[lb_av]", "lb"},
        {"µg/min", "ug/min", "mcg/min"}, {"hours", "h", "h"}, {"umol/L", "umol/L", "µmol/L"}, {"mmHg", "mm[Hg]", "mmHg"},
        {"10*9/L", "10*9/L", "×10⁹/L"}, {"%", "%", "%"}, {"1", "1", ""}, {"gtt/min", "{gtt}/min", "drops/min"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unit_t u = unit_find(rows[i].in);
        assert_int_not_equal(u, UNIT_NONE);
        assert_string_equal(unit_code(u), rows[i].code);
        assert_string_equal(unit_show(u), rows[i].show);
        assert_int_equal(unit_find(rows[i].code), u);
    }
    static const char *const unknown[] = {"", "AUC", "furlong", "mg//mL", "mg/", "mg.", "kg9", "m7", "mg/mL/kg/min/h/d/s/cm",
        "m4.m4", "/", "mg mL", "[lb_av", "{foo}", "ugug"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_int_equal(unit_find(unknown[i]), UNIT_NONE);
    assert_int_equal(unit_find(NULL), UNIT_NONE);
}

static const char *op(struct qty q)
{
    static char out[4][QTY_TEXT_MAX];
    static int at;
    at = (at + 1) % 4;
    return qty_is(q) ? qty_text(q, out[at]) : "none";
}

static void composes_units(void **s)
{
    (void)s;
    struct qty a = qty_lit("10 ug/kg/min"), kg = qty_lit("70 kg"), conc = qty_lit("1600 ug/mL"), r;
    struct err e = {0};
    struct qty rate = qty_div(qty_mul(a, kg), conc);
    assert_string_equal(op(rate), "0.4375 mL/min");
    assert_true(qty_to(rate, unit_find("mL/h"), &r, &e));
    assert_string_equal(op(r), "26.25 mL/h");
    assert_string_equal(op(qty_div(qty_lit("50 mg/h"), qty_lit("500 ug/mL"))), "100 mL/h");
    assert_string_equal(op(qty_mul(qty_lit("5 mg.min/mL"), qty_lit("105 mL/min"))), "525 mg");
    assert_string_equal(op(qty_mul(qty_lit("166.7 mL/h"), qty_lit("30 min"))), "83.35 mL");
    assert_string_equal(op(qty_div(qty_lit("500 mg"), qty_lit("250 mL"))), "2 mg/mL");
    assert_string_equal(op(qty_mul(qty_lit("10 %"), qty_lit("50 mL"))), "5 mL");
    assert_string_equal(op(qty_div(qty_lit("80 kg"), qty_mul(qty_lit("1.8 m"), qty_lit("180 cm")))), "24.6913580246914 kg/m2");
    assert_string_equal(op(qty_mul(qty_lit("18 U/kg/h"), qty_lit("82 kg"))), "1476 [iU]/h");
    assert_string_equal(op(qty_div(qty_lit("2 mg"), qty_lit("4 mg"))), "0.5 1");
    assert_string_equal(op(qty_add(qty_lit("1.5 mg"), qty_lit("500 ug"))), "2.0 mg");
    assert_string_equal(op(qty_sub(qty_lit("1 L"), qty_lit("1 mL"))), "0.999 L");
    assert_string_equal(op(qty_sub(qty_lit("1 L"), qty_lit("1 kg"))), "none");
    assert_string_equal(op(qty_div(qty_lit("1 L"), qty_lit("0 kg"))), "none");
    assert_string_equal(op(qty_mul(qty_lit("10 mg/kg/min"), qty_lit("0.5 h"))), "300 mg/kg");
    assert_string_equal(op(qty_mul(qty_lit("10 mg/kg"), qty_lit("100 lb"))), "453.59237 mg");
    assert_string_equal(op(qty_div(qty_lit("1 mg/kg/min"), qty_lit("100 mg/mL"))), "0.01 mL/kg/min");
    assert_string_equal(op(qty_div(qty_lit("4 g"), qty_lit("2 mg/kg"))), "2000 kg");
    assert_string_equal(op(qty_div(qty_lit("70 g"), qty_lit("35 kg"))), "2 g/kg");
    assert_string_equal(op(qty_div(qty_lit("15000 ug/h"), qty_lit("50 kg"))), "300 ug/kg/h");
    assert_string_equal(op(qty_div(qty_lit("1 L"), qty_lit("2 m2"))), "0.5 L/m2");
    assert_string_equal(op(qty_mul(QTY_NONE, kg)), "none");
    assert_string_equal(op(qty_scale(kg, dec_lit("0.4"))), "28.0 kg");
    int c;
    assert_true(qty_cmp(qty_lit("1000 mg"), qty_lit("1 g"), &c, &e));
    assert_int_equal(c, 0);
    assert_true(qty_cmp(qty_lit("999 mg"), qty_lit("1 g"), &c, &e));
    assert_int_equal(c, -1);
    assert_false(qty_cmp(qty_lit("999 mg"), qty_lit("1 mL"), &c, &e));
}

static void reads_and_shows_quantities(void **s)
{
    (void)s;
    static const struct { const char *in, *text, *show; } rows[] = {
        {"85 kg", "85 kg", "85 kg"}, {"1.10 mg/mL", "1.10 mg/mL", "1.1 mg/mL"}, {"18%", "18 %", "18%"}, {"1", "1 1", "1"},
        {"  1250.0 U ", "1250.0 [iU]", "1,250 units"}, {"5e1 mg", "50 mg", "50 mg"}, {"5 eq", "5 eq", "5 Eq"},
        {"95 /min", "95 /min", "95/min"}, {"-2 mL", "-2 mL", "-2 mL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct qty q;
        struct err e = {0};
        char out[QTY_TEXT_MAX];
        assert_true(qty_parse(rows[i].in, &q, &e));
        assert_string_equal(qty_text(q, out), rows[i].text);
        assert_string_equal(qty_show(q, out), rows[i].show);
    }
    static const char *const bad[] = {"", "kg", "85 stone", "1.2.3 kg", "01 kg", "1 kg extra words that are far too long to be any unit"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct qty q;
        struct err e = {0};
        assert_false(qty_parse(bad[i], &q, &e));
        assert_int_equal(e.kind, ERR_INPUT);
        assert_true(e.text[0]);
    }
}

/* Group 5 is temperature, which has offsets. There and back between every two units of one dimension gives the number again. */
static void round_trips(void **s)
{
    (void)s;
    static const char *const groups[][8] = {
        {"kg", "g", "mg", "ug", "[lb_av]", "[oz_av]"}, {"L", "dL", "mL", "uL", "cm3"}, {"cm", "m", "mm", "[in_i]", "[ft_i]"},
        {"s", "min", "h", "d", "wk"}, {"ug/kg/min", "mg/kg/h", "g/kg/d"}, {"Cel", "K", "[degF]"}, {"mL/h", "mL/min", "L/d"},
        {"[iU]/h", "k[iU]/d", "m[iU]/min"}, {"mg/mL", "g/L", "ug/uL", "mg/dL"}, {"mm[Hg]", "kPa", "cm[H2O]"},
    };
    uint64_t seed = 3;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (int i = 0; i < 8 && groups[g][i]; i++)
            for (int j = 0; j < 8 && groups[g][j]; j++)
                for (int k = 0; k < 20; k++) {
                    struct qty a = {DEC((int64_t)(next_random(&seed) % 100000) + 1, (int8_t)(next_random(&seed) % 3)), unit_find(groups[g][i])};
                    struct qty b, c;
                    struct err e = {0};
                    assert_true(qty_to(a, unit_find(groups[g][j]), &b, &e));
                    assert_true(qty_to(b, a.u, &c, &e));
                    struct dec off = dec_abs(dec_sub(c.v, a.v));
                    /* 13 digits, or what the 18th place of b is worth in a's unit */
                    struct qty last = {DEC(1, 18), b.u}, worth = {dec_lit("0.00000000001"), a.u};
                    if (g != 5)
                        assert_true(qty_to(last, a.u, &worth, &e));
                    assert_true(dec_le(off, dec_max(dec_quot(a.v, dec_lit("10000000000000")), worth.v)));
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(converts_exactly), cmocka_unit_test(refuses_other_dimensions),
        cmocka_unit_test(knows_aliases_and_shows_safely), cmocka_unit_test(composes_units),
        cmocka_unit_test(reads_and_shows_quantities), cmocka_unit_test(round_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
