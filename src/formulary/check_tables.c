/* What must hold in a regimen's tables: modification, dose levels, sequence, settings, indications. */
#include "formulary/check.h"

#include <string.h>

/* ---- sequence -------------------------------------------------------------------------------------------------------- */

static void check_sequence(const struct check *k, const struct regimen *g)
{
    for (int i = 0; i < g->doses_count; i++) {
        const struct regimen_dose *x = &g->doses[i];
        const char *path = check_path("regimen.doses[%d]", i);
        const char *const others[2] = {x->after, x->with};
        for (int o = 0; o < 2; o++)
            if (others[o] && (!regimen_find_dose(g, others[o]) || strcmp(others[o], x->id) == 0))
                check_fail(k, strcmp(others[o], x->id) == 0 ? "cycle" : "unknown_dose", path, "%s another dose of the regimen, not \"%s\"",
                           o ? "with names" : "after names", others[o]);
        if (x->after_min != INT_NONE && !x->after)
            check_fail(k, "sequence", path, "after_min without after");
        const struct regimen_dose *at = x;
        int hops = 0;
        while (at && at->after && hops <= g->doses_count) {
            at = regimen_find_dose(g, at->after);
            hops++;
        }
        if (hops > g->doses_count)
            check_fail(k, "cycle", path, "\"%s\" waits, by way of others, for itself", x->id);
        const struct regimen_dose *before = regimen_find_dose(g, x->after);
        if (before && before->step > x->step)
            check_fail(k, "sequence", path, "\"%s\" comes after \"%s\", but has the smaller step", x->id, before->id);
    }
    const struct regimen *at = g;
    int hops = 0;
    while (at && at->follows && hops <= k->c->regimens_count) {
        at = content_regimen(k->c, at->follows);
        hops++;
    }
    if (!at)
        check_fail(k, "unknown_regimen", "regimen.follows", "no such regimen in the content");
    else if (at->follows)
        check_fail(k, "cycle", "regimen.follows", "follows, by way of others, itself");
}

/* ---- how each dose is given -------------------------------------------------------------------------------------------- */

static bool never(const struct drug *d, const char *way)
{
    for (int i = 0; way && i < d->never_count; i++)
        if (strcmp(d->never[i].way, way) == 0)
            return true;
    return false;
}

static void check_manner(const struct check *k, const struct regimen_dose *x, int i)
{
    const struct drug *d = content_drug(k->c, x->drug);
    const char *path = check_path("regimen.doses[%d]", i);
    if (!d)
        return;
    const char *method = x->method ? x->method : d->infusion ? d->infusion->method : NULL;
    if (never(d, x->route))
        check_fail(k, "route", path, "%s is never given %s", d->id, x->route);
    if (never(d, method))
        check_fail(k, "route", path, "%s is never given by %s", d->id, method);
    if (x->minutes != INT_NONE && (x->minutes < 1 || (d->infusion && d->infusion->duration_min != INT_NONE && x->minutes < d->infusion->duration_min)))
        check_fail(k, "duration", path, "is faster than %s may be given", d->id);
    for (int n = 0; n < x->levels_count; n++) {
        const struct regimen_level *l = &x->levels[n];
        if (l->level != -(n + 1) || dec_sign(l->percent) <= 0 || !dec_lt(l->percent, n ? x->levels[n - 1].percent : dec_int(100)))
            check_fail(k, "levels", check_path("regimen.doses[%d].levels[%d]", i, n), "levels run -1, -2 … and fall from below 100 %%");
    }
}

/* ---- the modification table ---------------------------------------------------------------------------------------------- */

static bool same_table(const struct regimen_modification *a, const struct regimen_modification *b)
{
    return strcmp(a->dose, b->dose) == 0 && strcmp(a->reads, b->reads) == 0 && strcmp(a->name, b->name) == 0 &&
           strcmp(a->timing, b->timing) == 0;
}

static bool has_level(const struct regimen *g, const struct regimen_modification *m)
{
    for (int i = 0; i < g->doses_count; i++) {
        bool meant = strcmp(m->dose, "all") == 0 || strcmp(m->dose, g->doses[i].id) == 0;
        if (meant && m->level < 0 && -m->level <= g->doses[i].levels_count)
            return true;
    }
    return false;
}

static void check_action(const struct check *k, const struct regimen *g, const struct regimen_modification *m, const char *path)
{
    bool level = strcmp(m->action, "level") == 0, percent = strcmp(m->action, "percent") == 0;
    if (level != (m->level != INT_NONE) || percent != dec_is(m->percent) || (strcmp(m->action, "delay") != 0 && m->days != INT_NONE))
        check_fail(k, "modification", path, "action %s needs its own field, and only that", m->action);
    else if (level && !has_level(g, m))
        check_fail(k, "modification", path, "no dose of this regimen has level %lld", (long long)m->level);
    else if (percent && (dec_sign(m->percent) <= 0 || dec_lt(dec_int(150), m->percent)))
        check_fail(k, "modification", path, "a percentage of the dose is above 0 and at most 150");
    if (strcmp(m->dose, "all") != 0 && !regimen_find_dose(g, m->dose))
        check_fail(k, "unknown_dose", path, "no dose \"%s\" in this regimen", m->dose);
    if (strcmp(m->reads, "grade") == 0 && ((qty_is(m->from) && !check_dim(m->from, "{score}")) || (qty_is(m->below) && !check_dim(m->below, "{score}"))))
        check_fail(k, "unit", path, "a grade is in {score}");
    if (strcmp(m->reads, "weight_change") == 0 && ((qty_is(m->from) && !check_dim(m->from, "%")) || (qty_is(m->below) && !check_dim(m->below, "%"))))
        check_fail(k, "unit", path, "a change of weight is in %%");
}

/* The row of the table of `m` whose range ends where, or begins where, this one's does. */
static void check_range(const struct check *k, const struct regimen *g, int i)
{
    const struct regimen_modification *m = &g->modifications[i];
    const char *path = check_path("regimen.modifications[%d]", i);
    bool meets = false;
    if (qty_is(m->from) && qty_is(m->below) && check_cmp(m->from, m->below) != -1) {
        check_fail(k, "modification", path, "from is not less than below, or of another kind");
        return;
    }
    for (int j = 0; j < g->modifications_count; j++) {
        const struct regimen_modification *o = &g->modifications[j];
        if (j == i || !same_table(m, o))
            continue;
        if (check_cmp(m->from, o->below) == 0)
            meets = true;
        /* both hold at once unless one ends at or before the other's beginning */
        int a = check_cmp(m->below, o->from), b = check_cmp(o->below, m->from);
        bool apart = (a != -2 && a <= 0) || (b != -2 && b <= 0);
        if (j < i && !apart)
            check_fail(k, "modification_overlap", path, "overlaps row %d", j + 1);
    }
    if (qty_is(m->from) && !meets)
        check_fail(k, "modification_gap", path, "nothing is said below %s", unit_code(m->from.u));
    if (qty_is(m->below)) {
        bool goes_on = false;
        for (int j = 0; j < g->modifications_count; j++)
            goes_on |= j != i && same_table(m, &g->modifications[j]) && check_cmp(g->modifications[j].from, m->below) == 0;
        if (!goes_on)
            check_fail(k, "modification_gap", path, "nothing is said from the end of this row on");
    }
}

/* ---- the regimen ----------------------------------------------------------------------------------------------------------- */

static void check_words(const struct check *k, const char *path, const char *words, const char *allowed)
{
    for (const char *p = words; p && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
        char word[32] = "";
        strncat(word, p, strcspn(p, " ") < sizeof word ? strcspn(p, " ") : sizeof word - 1);
        if (!content_word_listed(allowed, word))
            check_fail(k, "shape", path, "\"%s\" is not one of: %s", word, allowed);
    }
}

static void check_cycles(const struct check *k, const struct regimen *g)
{
    if ((g->cycles == INT_NONE) != (g->cycle_days == INT_NONE)) {
        check_fail(k, "cycles", "regimen", "cycles and cycle_days stand together");
        return;
    }
    if (g->cycles == INT_NONE)
        return;
    for (int i = 0; i < g->visits_count; i++) {
        const struct regimen_visit *v = &g->visits[i];
        int64_t times = v->count == INT_NONE ? 1 : v->count;
        if (times > g->cycles || (times > 1 && v->every_days != g->cycle_days))
            check_fail(k, "cycles", check_path("regimen.visits[%d]", i), "does not fit %lld cycles of %lld days", (long long)g->cycles,
                       (long long)g->cycle_days);
    }
}

void check_tables(const struct check *k, const struct regimen *g)
{
    check_sequence(k, g);
    for (int i = 0; i < g->doses_count; i++)
        check_manner(k, &g->doses[i], i);
    for (int i = 0; i < g->modifications_count; i++) {
        check_action(k, g, &g->modifications[i], check_path("regimen.modifications[%d]", i));
        check_range(k, g, i);
    }
    check_words(k, "regimen.settings", g->settings, "hospital centre home");
    check_cycles(k, g);
    for (int i = 0; i < g->indications_count; i++) {
        const struct regimen_indication *x = &g->indications[i];
        const char *path = check_path("regimen.indications[%d]", i);
        if (!check_icd10(x->code))
            check_fail(k, "code", path, "\"%s\" is not an ICD-10-CM code", x->code);
        if (x->snomed && !check_snomed(x->snomed))
            check_fail(k, "code", path, "%s is not a SNOMED CT code: the check digit is wrong", x->snomed);
        check_words(k, path, x->stage, "0 I II III IV limited extensive");
    }
    for (int i = 0; i < g->cases_count; i++) {
        const struct regimen_dose *x = regimen_find_dose(g, g->cases[i].dose);
        const struct drug *d = x ? content_drug(k->c, x->drug) : NULL;
        if (!x)
            check_fail(k, "unknown_dose", check_path("regimen.cases[%d]", i), "no dose \"%s\" in this regimen", g->cases[i].dose);
        else if (d && !check_dim(g->cases[i].expect, check_dose_unit(d)))
            check_fail(k, "unit", check_path("regimen.cases[%d].expect", i), "is not a dose of %s", d->id);
    }
}
