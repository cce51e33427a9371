#include "clinic/nutrition.h"

#include <stdio.h>

static bool number(const char *name, struct dec d, const char *low, const char *high, struct err *e)
{
    char a[DEC_TEXT_MAX + 8];
    if (!dec_is(d))
        return err_set(e, ERR_INPUT, name, "%s is missing", name);
    if (dec_lt(d, dec_lit(low)) || dec_lt(dec_lit(high), d))
        return err_set(e, ERR_INPUT, name, "%s is %s and must be between %s and %s", name, dec_show(d, a), low, high);
    return true;
}

static bool bag_ok(const struct nutrition_bag *b, struct err *e)
{
    static const char *const ions[] = {
        "sodium", "potassium", "calcium", "magnesium", "phosphate", "chloride", "acetate"};
    if (!number("weight", b->weight, "20", "400", e) || !number("volume", b->volume, "100", "6000", e) ||
        !number("hours", b->hours, "4", "24", e) || !number("amino_acids", b->amino_acids, "0", "400", e) ||
        !number("dextrose", b->dextrose, "0", "1500", e) || !number("lipid", b->lipid, "0", "400", e))
        return false;
    if (dec_is(b->lipid_hours) && !number("lipid_hours", b->lipid_hours, "4", "24", e))
        return false;
    for (int i = 0; i < NUTRITION_IONS; i++)
        if (dec_is(b->ions[i]) && !number(ions[i], b->ions[i], "0", "1500", e))
            return false;
    if (dec_sign(b->lipid) > 0 && !number("lipid_osm", b->lipid_osm, "0.2", "2", e))
        return false;
    return b->osm_rule != NUTRITION_FLAT || number("osm_flat", b->osm_flat, "0", "1000", e);
}

static bool curve_ok(const struct nutrition_point *p, int n, struct err *e)
{
    char where[32];
    if (n < 0 || n > NUTRITION_POINTS_MAX)
        return err_set(e, ERR_TOO_LARGE, "curve", "a curve has at most %d points", NUTRITION_POINTS_MAX);
    for (int i = 0; i < n; i++) {
        bool there = dec_is(p[i].calcium) && dec_is(p[i].phosphate) && dec_sign(p[i].calcium) >= 0 &&
            dec_sign(p[i].phosphate) >= 0;
        bool falls =
            !there || i == 0 || (dec_lt(p[i - 1].calcium, p[i].calcium) && dec_le(p[i].phosphate, p[i - 1].phosphate));
        snprintf(where, sizeof where, "curve point %d", i + 1);
        if (!there || !falls)
            return err_set(e, ERR_INPUT, where, "calcium must rise and phosphate fall along the curve");
    }
    return true;
}

static struct dec ion(const struct nutrition_bag *b, enum nutrition_ion i)
{
    return dec_is(b->ions[i]) ? b->ions[i] : dec_int(0);
}

/* mEq a day: calcium and magnesium carry two charges; phosphate at the pH of the bag 1.8. */
static struct dec milliequivalents(const struct nutrition_bag *b, bool cations)
{
    static const char *const charge[] = {"1", "1", "2", "2", "1.8", "1", "1"};
    struct dec sum = dec_int(0);
    for (int i = 0; i < NUTRITION_IONS; i++)
        if (!cations || i <= NUTRITION_MAGNESIUM)
            sum = dec_add(sum, dec_mul(ion(b, (enum nutrition_ion)i), dec_lit(charge[i])));
    return sum;
}

static struct dec per_litre(struct dec x, const struct nutrition_bag *b)
{
    return dec_quot(dec_mul(x, dec_int(1000)), b->volume);
}

static struct dec osmolarity(const struct nutrition_bag *b)
{
    struct dec lipid = dec_sign(b->lipid) > 0 ? dec_mul(b->lipid, b->lipid_osm) : dec_int(0);
    struct dec solids = dec_add(dec_add(dec_mul(b->amino_acids, dec_int(10)), dec_mul(b->dextrose, dec_int(5))), lipid);
    if (b->osm_rule == NUTRITION_FLAT)
        return dec_sum(per_litre(solids, b), b->osm_flat);
    struct dec salts =
        b->osm_rule == NUTRITION_PER_MEQ ? milliequivalents(b, false) : dec_mul(dec_int(2), milliequivalents(b, true));
    return per_litre(dec_add(solids, salts), b);
}

/* The stricter of the two points around this calcium; nothing beyond the ends. */
static struct dec phosphate_allowed(const struct nutrition_point *p, int n, struct dec calcium)
{
    if (n == 0 || dec_lt(calcium, p[0].calcium))
        return DEC_NONE;
    for (int i = 0; i < n; i++)
        if (dec_le(calcium, p[i].calcium))
            return p[i].phosphate;
    return DEC_NONE;
}

static void judge(struct nutrition *x, const struct nutrition_bag *b, const struct nutrition_limits *l)
{
    const struct { struct dec value, limit; unsigned fault;
    } over[] = {
        {b->central ? dec_int(0) : x->osmolarity, l->peripheral_osm, NUTRITION_NEEDS_CENTRAL},
        {x->gir, l->gir_max, NUTRITION_GIR_HIGH},
        {x->lipid_day, l->lipid_day_max, NUTRITION_LIPID_DAY_HIGH},
        {x->lipid_hour, l->lipid_hour_max, NUTRITION_LIPID_FAST},
        {x->amino_day, l->amino_max, NUTRITION_AMINO_HIGH},
        {x->kcal_kg, l->energy_max, NUTRITION_ENERGY_HIGH},
        {x->potassium_hour, l->potassium_hour_max, NUTRITION_POTASSIUM_FAST},
    };
    for (unsigned i = 0; i < sizeof over / sizeof *over; i++)
        if (dec_is(over[i].limit) && dec_lt(over[i].limit, over[i].value))
            x->faults |= over[i].fault;
    bool both = dec_sign(x->calcium) > 0 && dec_sign(x->phosphate) > 0;
    if (both && !dec_is(x->phosphate_max))
        x->faults |= NUTRITION_CURVE_SILENT;
    else if (both && dec_lt(x->phosphate_max, x->phosphate))
        x->faults |= NUTRITION_PRECIPITATES;
}

bool nutrition_of(const struct nutrition_bag *b, const struct nutrition_limits *l, const struct nutrition_point *curve,
    int points, struct nutrition *out, struct err *e)
{
    *out = (struct nutrition){.phosphate_max = DEC_NONE};
    if (!bag_ok(b, e) || !curve_ok(curve, points, e))
        return false;
    out->kcal_amino = dec_mul(b->amino_acids, dec_int(4));
    out->kcal_dextrose = dec_mul(b->dextrose, dec_lit("3.4"));
    out->kcal_lipid =
        dec_mul(b->lipid, dec_int(10)); /* with the emulsifier and glycerol of a 20 % emulsion: 2 kcal/mL */
    out->kcal = dec_add(dec_add(out->kcal_amino, out->kcal_dextrose), out->kcal_lipid);
    out->kcal_kg = dec_quot(out->kcal, b->weight);
    out->nitrogen = dec_quot(b->amino_acids, dec_lit("6.25"));
    out->osmolarity = osmolarity(b);
    out->gir = dec_quot(dec_mul(b->dextrose, dec_int(1000)), dec_mul(dec_mul(b->hours, dec_int(60)), b->weight));
    out->lipid_day = dec_quot(b->lipid, b->weight);
    out->lipid_hour = dec_quot(b->lipid, dec_mul(b->weight, dec_is(b->lipid_hours) ? b->lipid_hours : b->hours));
    out->amino_day = dec_quot(b->amino_acids, b->weight);
    out->potassium_hour = dec_quot(ion(b, NUTRITION_POTASSIUM), b->hours);
    out->calcium = per_litre(ion(b, NUTRITION_CALCIUM), b);
    out->phosphate = per_litre(ion(b, NUTRITION_PHOSPHATE), b);
    out->phosphate_max = phosphate_allowed(curve, points, out->calcium);
    if (!dec_is(out->osmolarity) || !dec_is(out->gir) || !dec_is(out->kcal_kg) || !dec_is(out->lipid_hour) ||
        !dec_is(out->phosphate))
        return err_set(e, ERR_INPUT, "volume", "the bag is out of range");
    judge(out, b, l);
    return true;
}

const char *nutrition_fault_words(unsigned one)
{
    static const char *const words[] = {"too concentrated for a peripheral line", "glucose faster than the limit",
        "more lipid a day than the limit", "lipid faster than the limit", "more amino acids than the limit",
        "more energy than the limit", "potassium faster than the limit", "calcium and phosphate may precipitate",
        "the site has no curve for this calcium: not known, ask"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (one & (1u << i))
            return words[i];
    return "";
}
