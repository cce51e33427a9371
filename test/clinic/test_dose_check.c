#include "clinic/dose_check.h"

#include "test/base/harness.h"

static struct arena *arena;

static int set_up(void **s)
{
    (void)s;
    arena = arena_new();
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    arena_free(arena);
    return 0;
}

static void known_doses(void **s)
{
    (void)s;
    static const struct { const char *flat, *per_kg, *weight, *cap, *step; enum dec_round how; const char *unit, *want; } rows[] = {
        {"750 mg", NULL, NULL, NULL, NULL, DEC_HALF_AWAY, "mg", "750"},
        {"1 g", NULL, NULL, NULL, NULL, DEC_HALF_AWAY, "mg", "1000"},
        {NULL, "15 mg/kg", "70.5 kg", NULL, NULL, DEC_HALF_AWAY, "mg", "1057.5"},
        {NULL, "15 mg/kg", "70.5 kg", "1000 mg", NULL, DEC_HALF_AWAY, "mg", "1000"},
        {NULL, "0.4 g/kg", "82.28 kg", NULL, "5 g", DEC_HALF_AWAY, "g", "35"},
        {NULL, "0.4 g/kg", "82.28 kg", NULL, "5 g", DEC_DOWN, "g", "30"},
        {NULL, "0.4 g/kg", "75.1 kg", NULL, "5 g", DEC_UP, "g", "35"},
        {NULL, "0.4 g/kg", "81.25 kg", NULL, "5 g", DEC_HALF_AWAY, "g", "35"}, /* 32.5: half goes away from zero */
        {NULL, "375 ug/kg", "80 kg", NULL, NULL, DEC_HALF_AWAY, "mg", "30"},
        {NULL, "375 ug/kg", NULL, NULL, NULL, DEC_HALF_AWAY, "mg", NULL},
        {"5 mL", NULL, NULL, NULL, NULL, DEC_HALF_AWAY, "mg", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dose_question q = {.flat = QTY_NONE, .per_kg = QTY_NONE, .weight = QTY_NONE, .cap = QTY_NONE, .step = QTY_NONE,
            .round = rows[i].how, .rounds = rows[i].step != NULL, .unit = unit_find(rows[i].unit)};
        q.flat = rows[i].flat ? qty_lit(rows[i].flat) : QTY_NONE;
        q.per_kg = rows[i].per_kg ? qty_lit(rows[i].per_kg) : QTY_NONE;
        q.weight = rows[i].weight ? qty_lit(rows[i].weight) : QTY_NONE;
        q.cap = rows[i].cap ? qty_lit(rows[i].cap) : QTY_NONE;
        q.step = rows[i].step ? qty_lit(rows[i].step) : QTY_NONE;
        const char *got = dose_check(arena, &q);
        if (!rows[i].want)
            assert_null(got);
        else {
            assert_non_null(got);
            assert_string_equal(got, rows[i].want);
        }
    }
}

/* Seeded doses by both arithmetics: the same digits. */
static void agrees_with_decimals(void **s)
{
    (void)s;
    uint64_t seed = 5;
    unit_t mg = unit_find("mg"), kg = unit_find("kg"), mg_kg = unit_find("mg/kg");
    for (int i = 0; i < 5000; i++) {
        struct dec per = DEC((int64_t)(next_random(&seed) % 5000) + 1, 2), w = DEC((int64_t)(next_random(&seed) % 3000) + 300, 1);
        struct dec cap = dec_int((int64_t)(next_random(&seed) % 2000) + 1), step = DEC((int64_t)(next_random(&seed) % 500) + 1, 1);
        enum dec_round how = (enum dec_round[]){DEC_HALF_AWAY, DEC_DOWN, DEC_UP}[next_random(&seed) % 3];
        bool rounds = next_random(&seed) % 2, caps = next_random(&seed) % 2;
        struct dose_question q = {.flat = QTY_NONE, .per_kg = {per, mg_kg}, .weight = {w, kg}, .cap = caps ? (struct qty){cap, mg} : QTY_NONE,
            .step = {step, mg}, .round = how, .rounds = rounds, .unit = mg};
        struct dec dose = dec_mul(per, w);
        if (caps)
            dose = dec_min(dose, cap);
        if (rounds)
            dose = dec_round_to(dose, step, how);
        char want[DEC_TEXT_MAX];
        const char *got = dose_check(arena, &q);
        assert_non_null(got);
        assert_string_equal(got, dec_text(dec_trim(dose), want));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_doses), cmocka_unit_test(agrees_with_decimals)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
