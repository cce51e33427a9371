/* One bag of parenteral nutrition: a published worked example, limits at their edges, a curve that never extrapolates. */
#include "clinic/nutrition.h"

#include <string.h>

#include "test/base/harness.h"

static struct nutrition_bag bag(void)
{
    struct nutrition_bag b = {dec_int(70), dec_int(2000), dec_int(24), dec_int(100), dec_int(200), dec_int(40), DEC_NONE,
        {DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE, DEC_NONE}, true, NUTRITION_PER_MEQ, DEC_NONE, DEC(7, 1)};
    return b;
}

static const struct nutrition_limits none = {{0, INT8_MIN}, {0, INT8_MIN}, {0, INT8_MIN}, {0, INT8_MIN}, {0, INT8_MIN}, {0, INT8_MIN},
    {0, INT8_MIN}};

/* 50 g/L amino acids, 100 dextrose, 20 lipid, 150 mEq/L: 1,164 mOsm/L (published example); 200 g in 70 kg: 1.984. */
static void worked_example(void **s)
{
    (void)s;
    struct nutrition_bag b = bag();
    struct nutrition x;
    struct err e = {0};
    b.ions[NUTRITION_SODIUM] = dec_int(150);
    b.ions[NUTRITION_CHLORIDE] = dec_int(150);
    assert_true(nutrition_of(&b, &none, NULL, 0, &x, &e));
    assert_true(dec_eq(x.osmolarity, dec_int(1164)));
    assert_true(dec_eq(dec_round(x.gir, 3, DEC_HALF_AWAY), dec_lit("1.984")));
    assert_true(dec_eq(x.kcal, dec_int(1480)) && dec_eq(x.nitrogen, dec_int(16)));
    assert_int_equal(x.faults, 0);
    b.osm_rule = NUTRITION_TWICE_CATIONS; /* the rules conflict: the same bag */
    assert_true(nutrition_of(&b, &none, NULL, 0, &x, &e) && dec_eq(x.osmolarity, dec_int(1164)));
    b.ions[NUTRITION_CHLORIDE] = DEC_NONE;
    assert_true(nutrition_of(&b, &none, NULL, 0, &x, &e) && dec_eq(x.osmolarity, dec_int(1164)));
    b.osm_rule = NUTRITION_PER_MEQ;
    assert_true(nutrition_of(&b, &none, NULL, 0, &x, &e) && dec_eq(x.osmolarity, dec_int(1089)));
    b.osm_rule = NUTRITION_FLAT;
    b.osm_flat = dec_int(350);
    assert_true(nutrition_of(&b, &none, NULL, 0, &x, &e) && dec_eq(x.osmolarity, dec_int(1364)));
}

static void limits_at_their_edges(void **s)
{
    (void)s;
    struct nutrition x;
    struct err e = {0};
    static const struct { size_t limit; const char *at, *under; unsigned fault; } rows[] = {
        {0, "1014", "1013.9", NUTRITION_NEEDS_CENTRAL}, {1, "1.98412698412698", "1.98", NUTRITION_GIR_HIGH},
        {2, "0.571428571428571", "0.57", NUTRITION_LIPID_DAY_HIGH}, {3, "0.0238095238095238", "0.0238", NUTRITION_LIPID_FAST},
        {4, "1.42857142857143", "1.42", NUTRITION_AMINO_HIGH}, {5, "21.1428571428571", "21.1", NUTRITION_ENERGY_HIGH},
        {6, "5", "4.99", NUTRITION_POTASSIUM_FAST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nutrition_bag b = bag();
        struct dec limits[7];
        struct nutrition_limits l;
        b.central = false;
        if (rows[i].limit == 6)
            b.ions[NUTRITION_POTASSIUM] = dec_int(120);
        for (int k = 0; k < 7; k++)
            limits[k] = DEC_NONE;
        limits[rows[i].limit] = dec_lit(rows[i].at);
        memcpy(&l, limits, sizeof l);
        assert_true(nutrition_of(&b, &l, NULL, 0, &x, &e));
        assert_int_equal(x.faults, 0);
        limits[rows[i].limit] = dec_lit(rows[i].under);
        memcpy(&l, limits, sizeof l);
        assert_true(nutrition_of(&b, &l, NULL, 0, &x, &e));
        assert_int_equal(x.faults, rows[i].fault);
        assert_true(strlen(nutrition_fault_words(x.faults)) > 10);
    }
    struct nutrition_bag b = bag();
    struct nutrition_limits l = none;
    l.peripheral_osm = dec_int(900); /* a central line takes it */
    assert_true(nutrition_of(&b, &l, NULL, 0, &x, &e) && x.faults == 0);
    b.lipid_hours = dec_int(12); /* lipid over half the time: twice as fast */
    l.lipid_hour_max = DEC(4, 2);
    assert_true(nutrition_of(&b, &l, NULL, 0, &x, &e) && x.faults == NUTRITION_LIPID_FAST);
}

/* Made-up points. Between two of them the stricter counts, though a straight line would allow more; beyond them nothing. */
static void curve_never_extrapolates(void **s)
{
    (void)s;
    static const struct nutrition_point curve[] = {{{2, 0}, {30, 0}}, {{5, 0}, {15, 0}}, {{10, 0}, {6, 0}}};
    static const struct { const char *ca, *po4; unsigned fault; } rows[] = {
        {"4", "60", 0}, {"4", "60.2", NUTRITION_PRECIPITATES}, {"4.2", "30", 0}, {"4.2", "30.2", NUTRITION_PRECIPITATES},
        {"10", "30", 0}, {"10.2", "12", 0}, {"10.2", "12.2", NUTRITION_PRECIPITATES}, {"20", "12", 0}, {"20.2", "1", NUTRITION_CURVE_SILENT},
        {"3.9", "1", NUTRITION_CURVE_SILENT}, {"0", "60", 0}, {"20", "0", 0},
    };
    struct nutrition x;
    struct err e = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct nutrition_bag b = bag(); /* 2 L: half of it per litre */
        b.ions[NUTRITION_CALCIUM] = dec_lit(rows[i].ca);
        b.ions[NUTRITION_PHOSPHATE] = dec_lit(rows[i].po4);
        assert_true(nutrition_of(&b, &none, curve, 3, &x, &e));
        if (x.faults != rows[i].fault)
            fail_msg("calcium %s phosphate %s: %x", rows[i].ca, rows[i].po4, x.faults);
        assert_true(nutrition_of(&b, &none, NULL, 0, &x, &e));
        bool both = strcmp(rows[i].ca, "0") != 0 && strcmp(rows[i].po4, "0") != 0;
        assert_int_equal(x.faults, both ? NUTRITION_CURVE_SILENT : 0);
    }
    static const struct nutrition_point rising[] = {{{2, 0}, {10, 0}}, {{5, 0}, {15, 0}}}, back[] = {{{5, 0}, {10, 0}}, {{2, 0}, {5, 0}}};
    struct nutrition_bag b = bag();
    assert_false(nutrition_of(&b, &none, rising, 2, &x, &e));
    assert_string_equal(e.where, "curve point 2");
    e = (struct err){0};
    assert_false(nutrition_of(&b, &none, back, 2, &x, &e));
}

static void refuses(void **s)
{
    (void)s;
    static const char *const bad[] = {NULL, "-1", "1000000"};
    static const char *const names[] = {"weight", "volume", "hours", "amino_acids", "dextrose", "lipid"};
    for (int field = 0; field < 6; field++)
        for (int k = 0; k < 3; k++) {
            struct nutrition_bag b = bag();
            struct dec *d[] = {&b.weight, &b.volume, &b.hours, &b.amino_acids, &b.dextrose, &b.lipid};
            struct nutrition x;
            struct err e = {0};
            *d[field] = bad[k] ? dec_lit(bad[k]) : DEC_NONE;
            assert_false(nutrition_of(&b, &none, NULL, 0, &x, &e));
            assert_string_equal(e.where, names[field]);
        }
    struct nutrition_bag b = bag();
    struct nutrition x;
    struct err e = {0};
    b.ions[NUTRITION_POTASSIUM] = dec_int(-5);
    assert_false(nutrition_of(&b, &none, NULL, 0, &x, &e));
    assert_string_equal(e.where, "potassium");
    b = bag();
    b.lipid_osm = DEC_NONE;
    e = (struct err){0};
    assert_false(nutrition_of(&b, &none, NULL, 0, &x, &e));
    assert_string_equal(e.where, "lipid_osm");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worked_example), cmocka_unit_test(limits_at_their_edges),
        cmocka_unit_test(curve_never_extrapolates), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
