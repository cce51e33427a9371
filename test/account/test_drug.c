#include "../base/harness.h"

#include "account/drug.h"
#include "clinic/vials.h"

#include <string.h>

/* Try every combination: what the search must agree with. */
static void brute(const int64_t *size, const int64_t *cost, const int *hand, int n, int64_t dose, int64_t best[3])
{
    best[0] = -1;
    int k[3] = {0};
    int most[3];
    for (int i = 0; i < 3; i++)
        most[i] = i < n ? (int)(dose / size[i]) + 1 : 0;
    for (int i = 0; i < n; i++)
        if (hand[i] >= 0 && hand[i] < most[i])
            most[i] = hand[i];
    for (k[0] = 0; k[0] <= most[0]; k[0]++)
        for (k[1] = 0; k[1] <= most[1]; k[1]++)
            for (k[2] = 0; k[2] <= most[2]; k[2]++) {
                int64_t amount = 0, money = 0, vials = 0;
                for (int i = 0; i < n; i++) {
                    amount += k[i] * size[i];
                    money += k[i] * cost[i];
                    vials += k[i];
                }
                if (amount < dose)
                    continue;
                int64_t here[3] = {amount, vials, money};
                for (int i = 0; i < 3; i++) {
                    if (best[0] < 0 || here[i] < best[i]) {
                        memcpy(best, here, sizeof here);
                        break;
                    }
                    if (here[i] > best[i])
                        break;
                }
            }
}

static void test_choice_against_all(void **state)
{
    (void)state;
    uint64_t seed = 99;
    struct arena *a = arena_new();
    int possible = 0;
    for (int round = 0; round < 3000; round++) {
        int n = 1 + (int)(next_random(&seed) % 3), hand[3];
        int64_t size[3], cost[3], best[3], dose = 1 + (int64_t)(next_random(&seed) % 900);
        struct vial_size vials[3];
        for (int i = 0; i < n; i++) {
            size[i] = 5 * (1 + (int64_t)(next_random(&seed) % 60));
            cost[i] = (int64_t)(next_random(&seed) % 1000);
            hand[i] = next_random(&seed) % 3 ? -1 : (int)(next_random(&seed) % 6);
            vials[i] = (struct vial_size){dec_int(size[i]), hand[i], DEC(cost[i], 2), NULL};
        }
        brute(size, cost, hand, n, dose, best);
        struct vial_choice c;
        struct err e = {0};
        bool ok = vials_choose(dec_int(dose), vials, n, a, &c, &e);
        assert_int_equal(ok, best[0] >= 0);
        if (ok) {
            possible++;
            assert_true(dec_eq(c.opened, dec_int(best[0])));
            assert_true(dec_eq(c.waste, dec_int(best[0] - dose)));
            assert_int_equal(c.vials, best[1]);
            assert_true(dec_eq(c.cost, DEC(best[2], 2)));
            int counted = 0;
            for (int i = 0; i < n; i++) {
                counted += c.counts[i];
                assert_true(hand[i] < 0 || c.counts[i] <= hand[i]);
            }
            assert_int_equal(counted, c.vials);
        } else {
            assert_int_equal(e.kind, ERR_CONFLICT);
        }
        arena_reset(a);
    }
    assert_true(possible > 1500);
    arena_free(a);
}

static void test_choice_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct vial_size v = {dec_int(100), -1, DEC_NONE, NULL}, none = {dec_int(0), -1, DEC_NONE, NULL};
    struct vial_size fine[2] = {{DEC(1, 3), -1, DEC_NONE, NULL}, {dec_int(500), -1, DEC_NONE, NULL}};
    const struct { struct dec dose; const struct vial_size *sizes; int n; enum err_kind kind; const char *where; } rows[] = {
        {dec_int(0), &v, 1, ERR_INPUT, "dose"}, {dec_int(-1), &v, 1, ERR_INPUT, "dose"}, {DEC_NONE, &v, 1, ERR_INPUT, "dose"},
        {dec_int(1), &none, 1, ERR_INPUT, "vials"}, {dec_int(1), &v, 0, ERR_INPUT, "vials"}, {dec_int(1), &v, VIAL_SIZES_MAX + 1, ERR_TOO_LARGE, "vials"},
        {dec_int(500), fine, 2, ERR_TOO_LARGE, "vials"}, {DEC(INT64_C(999999999999999999), 0), &v, 1, ERR_TOO_LARGE, "vials"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vial_choice c;
        struct err e = {0};
        assert_false(vials_choose(rows[i].dose, rows[i].sizes, rows[i].n, a, &c, &e));
        assert_int_equal(e.kind, rows[i].kind);
        assert_string_equal(e.where, rows[i].where);
    }
    arena_free(a);
}

/* Given and wasted units together never exceed what was opened; given never less than given. */
static void test_units(void **state)
{
    (void)state;
    uint64_t seed = 5;
    struct arena *a = arena_new();
    for (int round = 0; round < 20000; round++) {
        struct drug_given in = {.code = "X", .uom = "mg", .charted_waste = DEC_NONE};
        in.unit = DEC((int64_t)(1 + next_random(&seed) % 500), (int8_t)(next_random(&seed) % 3));
        in.opened = DEC((int64_t)(1 + next_random(&seed) % 100000), (int8_t)(next_random(&seed) % 3));
        in.given = dec_round(dec_mul(in.opened, DEC((int64_t)(next_random(&seed) % 101), 2)), 3, DEC_DOWN);
        in.multi_dose = next_random(&seed) % 8 == 0;
        struct drug_sheet s;
        struct err e = {0};
        assert_true(charge_drug(&in, a, &s, &e));
        int64_t units = 0, given = 0;
        for (int i = 0; i < s.line_count; i++) {
            assert_true(s.lines[i].units > 0);
            units += s.lines[i].units;
            if (!s.lines[i].modifier || strcmp(s.lines[i].modifier, "JW") != 0)
                given += s.lines[i].units;
        }
        assert_true(dec_le(in.given, dec_mul(in.unit, dec_int(given))));
        assert_true(given == 0 || dec_lt(dec_mul(in.unit, dec_int(given - 1)), in.given));
        if (units > given)
            assert_true(dec_le(dec_mul(in.unit, dec_int(units)), in.opened));
        arena_reset(a);
    }
    arena_free(a);
}

static void test_no_line(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct drug_given in = {.code = "DEMO-IG", .name = "immune globulin", .uom = "mg", .unit = dec_int(500), .given = dec_int(30000),
        .opened = dec_int(30000), .charted_waste = DEC_NONE};
    struct drug_sheet s;
    struct err e = {0};
    for (int supply = SUPPLY_WHITE; supply <= SUPPLY_PATIENT; supply++) {
        in.supply = (enum drug_supply)supply;
        assert_true(charge_drug(&in, a, &s, &e));
        assert_int_equal(s.line_count, 0);
        assert_non_null(strstr(s.sentence, "only giving it is charged"));
    }
    in.supply = SUPPLY_BOUGHT;
    in.charted_waste = dec_int(100);
    assert_true(charge_drug(&in, a, &s, &e));
    assert_non_null(s.query);
    in.charted_waste = DEC(0, 2);
    assert_true(charge_drug(&in, a, &s, &e));
    assert_null(s.query);
    in.given = dec_int(30001);
    assert_false(charge_drug(&in, a, &s, &e));
    assert_string_equal(e.where, "opened");
    arena_free(a);
}

static void test_ndc(void **state)
{
    (void)state;
    const struct { const char *in, *out; } rows[] = {
        {"50242-150-01", "50242015001"}, {"0517-0650-01", "00517065001"}, {"12345-6789-1", "12345678901"}, {"12345-6789-01", "12345678901"},
        {"12345678901", "12345678901"}, {"5024215001", NULL}, {"50242-15-01", NULL}, {"5024-150-01", NULL}, {"50242-150-0A", NULL},
        {"50242-150-01-1", NULL}, {"", NULL}, {"123456789012", NULL}, {"50242--01", NULL}, {"502421-50-01", NULL}, {"5024215-001", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[12] = "";
        struct err e = {0};
        assert_int_equal(charge_ndc11(rows[i].in, out, &e), rows[i].out != NULL);
        if (rows[i].out)
            assert_string_equal(out, rows[i].out);
        else
            assert_string_equal(e.where, "ndc");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choice_against_all), cmocka_unit_test(test_choice_refused), cmocka_unit_test(test_units),
        cmocka_unit_test(test_no_line), cmocka_unit_test(test_ndc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
