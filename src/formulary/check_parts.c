/* What must hold in the parts of a drug's file that say how it is made, kept, mixed and counted. */
#include "formulary/check.h"

#include <string.h>

static bool has_route(const struct drug *d, const char *route)
{
    for (int i = 0; i < d->routes_count; i++)
        if (strcmp(d->routes[i], route) == 0)
            return true;
    return false;
}

static bool is_never(const struct drug *d, const char *way)
{
    for (int i = 0; i < d->never_count; i++)
        if (strcmp(d->never[i].way, way) == 0)
            return true;
    return false;
}

/* What may not happen, and what a drug that burns the tissue must say. */
static void check_never(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->never_count; i++) {
        const char *path = check_path("drug.never[%d]", i);
        if (has_route(d, d->never[i].way))
            check_fail(k, "route", path, "%s is among the allowed routes", d->never[i].way);
        if (d->infusion && strcmp(d->infusion->method, d->never[i].way) == 0)
            check_fail(k, "route", path, "%s is how the file says it is given", d->never[i].way);
        for (int j = 0; j < i; j++)
            if (strcmp(d->never[j].way, d->never[i].way) == 0)
                check_fail(k, "twice", path, "%s is there twice", d->never[i].way);
    }
    if (!d->tissue || !strstr(d->tissue, "vesicant"))
        return;
    if (has_route(d, "IM") || has_route(d, "SC"))
        check_fail(k, "route", "drug.routes", "a vesicant is not given into muscle or under the skin");
    if (!is_never(d, "IT"))
        check_fail(k, "route", "drug.tissue", "a vesicant says never: IT");
    if (!d->extravasation)
        check_fail(k, "extravasation", "drug.tissue", "a vesicant says what to do when it leaves the vein");
}

static void check_extravasation(const struct check *k, const struct drug *d)
{
    const struct drug_extravasation *x = d->extravasation;
    if (!x)
        return;
    if (x->antidote && !content_drug(k->c, x->antidote))
        check_fail(k, "unknown_drug", "drug.extravasation.antidote", "no drug \"%s\" in the content", x->antidote);
    if (x->within_min != INT_NONE && !x->antidote && !x->antidote_words)
        check_fail(k, "extravasation", "drug.extravasation.within_min", "a time limit, but no antidote");
}

static void check_reconstitution(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->reconstitution_count; i++) {
        const struct drug_reconstitution *r = &d->reconstitution[i];
        const char *path = check_path("drug.reconstitution[%d]", i);
        const struct drug *fluid = content_drug(k->c, r->drug);
        const struct drug_vial *v = NULL;
        for (int n = 0; n < d->vials_count; n++)
            if (strcmp(d->vials[n].id, r->vial) == 0)
                v = &d->vials[n];
        if (!fluid)
            check_fail(k, "unknown_drug", path, "no drug \"%s\" in the content", r->drug);
        else if (strcmp(fluid->kind, "fluid") != 0)
            check_fail(k, "diluent", path, "%s is not a fluid", fluid->id);
        if (!check_positive(r->volume) || !check_dim(r->gives, check_per(check_dose_unit(d), "mL"))) {
            check_fail(k, "unit", path, "a volume above zero, and the concentration it gives");
            continue;
        }
        if (!v) {
            check_fail(k, "vial", path, "no vial \"%s\" in this file", r->vial);
            continue;
        }
        struct qty made = qty_div(v->amount, v->volume);
        if (check_cmp(made, r->gives) != 0)
            check_fail(k, "concentration", path, "gives another concentration than the vial's amount and volume");
    }
}

/* The shortest stability a fluid in a bag has at a temperature; INT_NONE: nothing said. */
static int64_t bag_stability(const struct drug *d, const char *at)
{
    int64_t least = INT_NONE;
    for (int i = 0; i < d->stability_count; i++) {
        const struct drug_stability *s = &d->stability[i];
        if (strcmp(s->in, "bag") == 0 && strcmp(s->at, at) == 0 && (least == INT_NONE || s->minutes < least))
            least = s->minutes;
    }
    return least;
}

static void check_stability(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->stability_count; i++) {
        const struct drug_stability *s = &d->stability[i];
        const char *path = check_path("drug.stability[%d]", i);
        if (s->minutes <= 0)
            check_fail(k, "stability", path, "is stable for more than nothing");
        if (s->diluent && !content_drug(k->c, s->diluent))
            check_fail(k, "unknown_drug", path, "no drug \"%s\" in the content", s->diluent);
        if (s->diluent && d->preparation && d->preparation->never_with && content_word_listed(d->preparation->never_with, s->diluent))
            check_fail(k, "diluent", path, "%s is never used with it", s->diluent);
    }
    int64_t room = bag_stability(d, "room"), fridge = bag_stability(d, "fridge");
    const struct drug_preparation *p = d->preparation;
    if (p && ((room != INT_NONE && p->beyond_use_room_min > room) ||
              (fridge != INT_NONE && p->beyond_use_fridge_min != INT_NONE && p->beyond_use_fridge_min > fridge)))
        check_fail(k, "beyond_use", "drug.preparation", "the beyond-use time is longer than the bag is stable");
}

/* Each pair is said by both files: a slip in one of them shows. */
static void check_pairs(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->compatibility_count; i++) {
        const struct drug_pair *p = &d->compatibility[i];
        const char *path = check_path("drug.compatibility[%d]", i);
        const struct drug *other = content_drug(k->c, p->drug);
        const struct drug_pair *back = NULL;
        if (!other) {
            check_fail(k, "unknown_drug", path, "no drug \"%s\" in the content", p->drug);
            continue;
        }
        for (int j = 0; j < i; j++)
            if (strcmp(d->compatibility[j].drug, p->drug) == 0 && strcmp(d->compatibility[j].at, p->at) == 0)
                check_fail(k, "twice", path, "%s at %s is there twice", p->drug, p->at);
        if (other == d) {
            check_fail(k, "pair", path, "a drug is not paired with itself");
            continue;
        }
        for (int j = 0; j < other->compatibility_count; j++)
            if (strcmp(other->compatibility[j].drug, d->id) == 0 && strcmp(other->compatibility[j].at, p->at) == 0)
                back = &other->compatibility[j];
        if (!back || strcmp(back->verdict, p->verdict) != 0)
            check_fail(k, "not_symmetric", path, "says %s, %s says %s", p->verdict, other->id, back ? back->verdict : "nothing");
        for (int n = 0; d->preparation && n < d->preparation->diluents_count; n++)
            if (strcmp(d->preparation->diluents[n].drug, p->drug) == 0 && strcmp(p->at, "mixture") == 0 && strcmp(p->verdict, "compatible") != 0)
                check_fail(k, "diluent", path, "%s is also one of its diluents", p->drug);
    }
}

static void check_never_with(const struct check *k, const struct drug *d)
{
    const struct drug_preparation *p = d->preparation;
    if (!p || !p->never_with)
        return;
    for (const char *w = p->never_with; *w; w += strcspn(w, " "), w += strspn(w, " ")) {
        char id[64] = "";
        strncat(id, w, strcspn(w, " ") < sizeof id ? strcspn(w, " ") : sizeof id - 1);
        if (!content_drug(k->c, id))
            check_fail(k, "unknown_drug", "drug.preparation.never_with", "no drug \"%s\" in the content", id);
        if (d->infusion && d->infusion->flush && strcmp(d->infusion->flush, id) == 0)
            check_fail(k, "diluent", "drug.infusion.flush", "%s is never used with it", id);
        for (int i = 0; i < p->diluents_count; i++)
            if (strcmp(p->diluents[i].drug, id) == 0)
                check_fail(k, "diluent", check_path("drug.preparation.diluents[%d]", i), "%s is never used with it", id);
    }
}

static bool group_known(const struct content *c, const char *group)
{
    for (int i = 0; i < c->drugs_count; i++)
        for (int n = 0; n < c->drugs[i].lifetime_count; n++)
            if (strcmp(c->drugs[i].lifetime[n].group, group) == 0)
                return true;
    return false;
}

static void check_lifetime(const struct check *k, const struct drug *d)
{
    const char *unit = check_dose_unit(d);
    for (int i = 0; i < d->lifetime_count; i++) {
        const struct drug_lifetime *x = &d->lifetime[i];
        const char *path = check_path("drug.lifetime[%d]", i);
        const struct qty limits[2] = {x->soft_high, x->hard_high};
        if (!qty_is(x->soft_high) && !qty_is(x->hard_high))
            check_fail(k, "limits", path, "a lifetime limit needs a value");
        for (int n = 0; n < 2; n++)
            if (qty_is(limits[n]) && !check_dim(limits[n], unit) && !check_dim(limits[n], check_per(unit, "m2")))
                check_fail(k, "unit", path, "%s is not a dose or a dose by body surface", unit_code(limits[n].u));
        if (check_cmp(x->soft_high, x->hard_high) == 1)
            check_fail(k, "limits", path, "soft_high is above hard_high");
    }
    for (int i = 0; i < d->equivalence_count; i++) {
        const char *path = check_path("drug.equivalence[%d]", i);
        if (dec_sign(d->equivalence[i].factor) <= 0)
            check_fail(k, "limits", path, "a factor is above zero");
        if (!group_known(k->c, d->equivalence[i].group))
            check_fail(k, "unknown_group", path, "no drug has a lifetime limit of the group \"%s\"", d->equivalence[i].group);
        for (int j = 0; j < i; j++)
            if (strcmp(d->equivalence[j].table, d->equivalence[i].table) == 0 && strcmp(d->equivalence[j].group, d->equivalence[i].group) == 0)
                check_fail(k, "twice", path, "table %s has two factors", d->equivalence[i].table);
    }
}

static void check_rest(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->monitoring_count; i++) {
        if (d->monitoring[i].loinc && !check_loinc(d->monitoring[i].loinc))
            check_fail(k, "code", check_path("drug.monitoring[%d].loinc", i), "%s is not a LOINC code: the check digit is wrong", d->monitoring[i].loinc);
        if (d->monitoring[i].every_days != INT_NONE && d->monitoring[i].every_days < 1)
            check_fail(k, "monitoring", check_path("drug.monitoring[%d]", i), "every_days is 1 or more");
    }
    if (d->rxnorm && strspn(d->rxnorm, "0123456789") != strlen(d->rxnorm))
        check_fail(k, "code", "drug.rxnorm", "an RxNorm code is digits");
    for (int i = 0; i < d->cases_count; i++)
        if (!check_dim(d->cases[i].dose, check_dose_unit(d)))
            check_fail(k, "unit", check_path("drug.cases[%d].dose", i), "%s is not a dose of this drug", unit_code(d->cases[i].dose.u));
    /* two people look at what can kill by one wrong digit */
    if (strcmp(d->kind, "therapy") == 0 && strcmp(d->charge_class, "chemo") == 0 && strcmp(d->hazard, "niosh_1") == 0 && d->double_check != 1)
        check_fail(k, "double_check", "drug.double_check", "a hazardous cancer drug needs an independent double check");
    if (strcmp(d->kind, "therapy") == 0 && strcmp(d->hazard, "niosh_1") == 0 && !d->emetic_count)
        check_fail(k, "incomplete", "drug", "a hazardous cancer drug says its emetic class");
}

static void check_risks(const struct check *k, const struct drug *d)
{
    if ((d->risks_count > 0) != (d->infusion && qty_is(d->infusion->rate_max_caution)))
        check_fail(k, "risk", "drug", "risks and infusion.rate_max_caution stand together");
    for (int i = 0; i < d->risks_count; i++) {
        const struct drug_risk *r = &d->risks[i];
        bool age = strcmp(r->fact, "age_over") == 0, lab = strcmp(r->fact, "lab_above") == 0;
        if (age != (r->years != INT_NONE) || lab != (r->name != NULL) || lab != qty_is(r->value) || (!age && !lab) != (r->codes != NULL))
            check_fail(k, "risk", check_path("drug.risks[%d]", i), "%s needs its own fields, and only those", r->fact);
    }
}

static void check_pca(const struct check *k, const struct drug *d)
{
    const struct drug_pca *p = d->pca;
    const char *unit = check_dose_unit(d);
    if (!p)
        return;
    const struct qty doses[] = {p->demand, p->demand_max, p->hour_max, p->four_hours_max};
    for (int i = 0; i < 4; i++) {
        if (!check_dim(doses[i], unit) || !check_positive(doses[i])) {
            check_fail(k, "unit", "drug.pca", "each dose is above zero and like %s", unit);
            return;
        }
        if (i && check_cmp(doses[i - 1], doses[i]) == 1)
            check_fail(k, "limits", "drug.pca", "demand, demand_max, hour_max, four_hours_max must ascend");
    }
    if (p->lockout_min < 1 || p->lockout_min > 60)
        check_fail(k, "limits", "drug.pca.lockout_min", "a lockout is 1 to 60 minutes");
    if (check_cmp(p->four_hours_max, qty_scale(p->hour_max, dec_int(4))) == 1)
        check_fail(k, "limits", "drug.pca.four_hours_max", "is more than four times hour_max: it never takes hold");
    if (p->basal_naive == 1)
        check_fail(k, "limits", "drug.pca.basal_naive", "no continuous rate for a person new to opioids");
    if (d->double_check != 1)
        check_fail(k, "double_check", "drug.double_check", "patient-controlled analgesia needs an independent double check");
}

void check_parts(const struct check *k, const struct drug *d)
{
    check_never(k, d);
    check_extravasation(k, d);
    check_reconstitution(k, d);
    check_stability(k, d);
    check_pairs(k, d);
    check_never_with(k, d);
    check_lifetime(k, d);
    check_pca(k, d);
    check_risks(k, d);
    check_rest(k, d);
}
