/* What must hold inside one regimen's file. */
#include "formulary/check.h"

#include <stdlib.h>
#include <string.h>

static void check_bands(const struct check *k, const struct regimen_dose *x, int i)
{
    for (int b = 0; b < x->bands_count; b++) {
        const struct regimen_band *band = &x->bands[b];
        const char *path = check_path("regimen.doses[%d].bands[%d]", i, b);
        if (check_cmp(band->from, band->below) != -1)
            check_fail(k, "band", path, "from must be less than below");
        if (qty_is(band->flat) == qty_is(band->per_kg))
            check_fail(k, "band", path, "a band has either flat or per_kg");
        int meets = b ? check_cmp(x->bands[b - 1].below, band->from) : 0;
        if (meets < 0)
            check_fail(k, "band_gap", path, "there is a gap before this band");
        if (meets > 0)
            check_fail(k, "band_overlap", path, "overlaps the band before it");
    }
}

static void check_dose_rule(const struct check *k, const struct regimen_dose *x, int i)
{
    const char *path = check_path("regimen.doses[%d]", i);
    bool band = strcmp(x->basis, "band") == 0, flat = strcmp(x->basis, "flat") == 0, kg = strcmp(x->basis, "per_kg") == 0;
    bool m2 = strcmp(x->basis, "per_m2") == 0, auc = strcmp(x->basis, "auc") == 0;
    bool by_weight = kg;
    for (int b = 0; b < x->bands_count; b++)
        by_weight |= qty_is(x->bands[b].per_kg);
    if (flat != qty_is(x->flat) || kg != qty_is(x->per_kg) || band != (x->bands_count > 0) ||
        m2 != qty_is(x->per_m2) || auc != qty_is(x->auc))
        check_fail(k, "dose_rule", path, "basis %s needs its own field, and only that", x->basis);
    if (by_weight && !x->weight)
        check_fail(k, "dose_rule", path, "a dose by weight says which weight");
    if (m2 != (x->bsa != NULL))
        check_fail(k, "dose_rule", path, "a dose by body surface, and only that, says which formula");
    if (auc != qty_is(x->gfr_cap))
        check_fail(k, "dose_rule", path, "a dose by AUC, and only that, says where the GFR is capped");
    if (x->weight && strcmp(x->weight, "dosing") == 0 && !dec_is(x->dosing_bmi))
        check_fail(k, "dose_rule", path, "the dosing weight needs dosing_bmi");
    if ((strcmp(x->round, "none") == 0) == qty_is(x->round_step))
        check_fail(k, "rounding", path, "round and round_step stand together");
    if (qty_is(x->round_step) && !check_positive(x->round_step))
        check_fail(k, "rounding", path, "round_step must be above zero");
    check_bands(k, x, i);
}

/* Every amount of a dose is of the drug's own kind: mass, units, milliequivalents. */
static void check_dose_units(const struct check *k, const struct regimen_dose *x, const struct drug *d, int i)
{
    const char *unit = check_dose_unit(d);
    const struct {
        const char *name;
        struct qty q;
        const char *unit;
    } amounts[] = {{"flat", x->flat, unit}, {"cap", x->cap, unit}, {"round_step", x->round_step, unit},
                   {"per_kg", x->per_kg, check_per(unit, "kg")}, {"per_m2", x->per_m2, check_per(unit, "m2")}};
    for (size_t a = 0; a < sizeof amounts / sizeof amounts[0]; a++)
        if (qty_is(amounts[a].q) && !check_dim(amounts[a].q, amounts[a].unit))
            check_fail(k, "unit", check_path("regimen.doses[%d].%s", i, amounts[a].name), "%s is not like %s",
                       unit_code(amounts[a].q.u), amounts[a].unit);
    for (int b = 0; b < x->bands_count; b++)
        if ((qty_is(x->bands[b].flat) && !check_dim(x->bands[b].flat, unit)) ||
            (qty_is(x->bands[b].per_kg) && !check_dim(x->bands[b].per_kg, check_per(unit, "kg"))))
            check_fail(k, "unit", check_path("regimen.doses[%d].bands[%d]", i, b), "is not like %s", unit);
}

static void check_dose_drug(const struct check *k, const struct regimen_dose *x, int i)
{
    const struct drug *d = content_drug(k->c, x->drug);
    if (!d) {
        check_fail(k, "unknown_drug", check_path("regimen.doses[%d].drug", i), "no drug \"%s\" in the content", x->drug);
        return;
    }
    check_dose_units(k, x, d, i);
    bool allowed = false;
    for (int r = 0; r < d->routes_count; r++)
        allowed |= strcmp(d->routes[r], x->route) == 0;
    if (!allowed)
        check_fail(k, "route", check_path("regimen.doses[%d].route", i), "route %s is not allowed for %s", x->route, d->id);
    const struct drug_limit *dose = drug_limit_of(d, "dose"), *per_kg = drug_limit_of(d, "dose_per_kg");
    if (dose && (check_cmp(x->flat, dose->hard_high) == 1 || check_cmp(x->cap, dose->hard_high) == 1))
        check_fail(k, "dose_over_limit", check_path("regimen.doses[%d]", i), "is above the hard limit of %s", d->id);
    if (per_kg && check_cmp(x->per_kg, per_kg->hard_high) == 1)
        check_fail(k, "dose_over_limit", check_path("regimen.doses[%d].per_kg", i), "is above the hard limit of %s", d->id);
    const struct drug_limit *per_m2 = drug_limit_of(d, "dose_per_m2");
    if (per_m2 && check_cmp(x->per_m2, per_m2->hard_high) == 1)
        check_fail(k, "dose_over_limit", check_path("regimen.doses[%d].per_m2", i), "is above the hard limit of %s", d->id);
    for (int b = 0; b < x->bands_count; b++)
        if ((dose && check_cmp(x->bands[b].flat, dose->hard_high) == 1) || (per_kg && check_cmp(x->bands[b].per_kg, per_kg->hard_high) == 1))
            check_fail(k, "dose_over_limit", check_path("regimen.doses[%d].bands[%d]", i, b), "is above the hard limit of %s", d->id);
}

struct day {
    int64_t day;
    int row;
};

static int by_day(const void *x, const void *y)
{
    const struct day *a = x, *b = y;
    return (a->day > b->day) - (a->day < b->day);
}

/* The visits as they fall: rows may interleave (connect a pump each 14 days, disconnect it two days later). */
static void check_visits(const struct check *k, const struct regimen *g)
{
    int n = 0;
    struct day *days = ARENA_ARRAY(k->out->a, CONTENT_VISITS_MAX, struct day);
    for (int i = 0; i < g->visits_count; i++) {
        const struct regimen_visit *v = &g->visits[i];
        int64_t times = v->count == INT_NONE ? 1 : v->count;
        if (v->day < 0 || v->early_days < 0 || v->late_days < 0 || times < 1 || n + times > CONTENT_VISITS_MAX ||
            (times > 1 && (v->every_days == INT_NONE || v->every_days < 1))) {
            check_fail(k, "visits", check_path("regimen.visits[%d]", i),
                       "at most %d visits; count is 1 or more with every_days; day, early and late are 0 or more", CONTENT_VISITS_MAX);
            return;
        }
        for (int64_t t = 0; t < times; t++)
            days[n++] = (struct day){v->day + t * (times > 1 ? v->every_days : 0), i};
        for (int d = 0; d < v->doses_count; d++)
            if (!regimen_find_dose(g, v->doses[d]))
                check_fail(k, "unknown_dose", check_path("regimen.visits[%d].doses[%d]", i, d), "no dose \"%s\" in this regimen", v->doses[d]);
    }
    qsort(days, (size_t)n, sizeof days[0], by_day);
    bool said[CONTENT_VISITS_MAX] = {false};
    for (int i = 1; i < n; i++) {
        const struct regimen_visit *v = &g->visits[days[i].row];
        const char *path = check_path("regimen.visits[%d]", days[i].row);
        int64_t apart = days[i].day - days[i - 1].day;
        if (said[days[i].row])
            continue;
        said[days[i].row] = true;
        if (!apart)
            check_fail(k, "visits", path, "two visits fall on day %lld", (long long)days[i].day);
        else if (v->gap_min_days != INT_NONE && v->gap_min_days > apart)
            check_fail(k, "visit_window", path, "planned %lld days apart, but gap_min_days is %lld", (long long)apart, (long long)v->gap_min_days);
        else if (v->early_days >= apart)
            check_fail(k, "visit_window", path, "could come before the visit before it");
        else
            said[days[i].row] = false;
    }
}

static void check_gates(const struct check *k, const struct regimen *g)
{
    for (int i = 0; i < g->gates_count; i++) {
        const struct regimen_gate *x = &g->gates[i];
        const char *path = check_path("regimen.gates[%d]", i);
        if (strcmp(x->kind, "screen") == 0) {
            bool found = false;
            for (int s = 0; s < k->c->screens_count; s++)
                for (int q = 0; q < k->c->screens[s].items_count; q++)
                    found |= strcmp(k->c->screens[s].items[q].id, x->name) == 0;
            if (!found)
                check_fail(k, "unknown_question", path, "no screen asks \"%s\"", x->name);
        } else if (!qty_is(x->low) && !qty_is(x->high)) {
            check_fail(k, "gate", path, "needs low or high");
        } else if (qty_is(x->low) && qty_is(x->high) && check_cmp(x->low, x->high) != -1) {
            check_fail(k, "gate", path, "low is above high, or of another kind");
        }
        if (strcmp(x->kind, "lab") == 0 && x->max_age_days == INT_NONE)
            check_fail(k, "gate", path, "a laboratory value needs max_age_days");
        if (strcmp(x->kind, "vital") == 0 && !content_word_listed("hr sbp dbp temp spo2 rr", x->name))
            check_fail(k, "gate", path, "\"%s\" is not a vital sign", x->name);
    }
}

void check_regimen(const struct check *k, const struct regimen *g)
{
    if (g->age_min < 18)
        check_fail(k, "minor", "regimen.age_min", "content is for adults: age_min is 18 or more");
    for (int i = 0; i < g->doses_count; i++) {
        check_dose_rule(k, &g->doses[i], i);
        check_dose_drug(k, &g->doses[i], i);
        for (int j = 0; j < i; j++)
            if (strcmp(g->doses[i].id, g->doses[j].id) == 0)
                check_fail(k, "twice", check_path("regimen.doses[%d].id", i), "\"%s\" is there twice", g->doses[i].id);
    }
    check_visits(k, g);
    check_gates(k, g);
    check_tables(k, g);
    if (!content_leaflet(k->c, g->leaflet, "en"))
        check_fail(k, "leaflet", "regimen.leaflet", "no file leaflets/%s.en.md", g->leaflet);
}
