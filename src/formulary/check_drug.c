/* What must hold inside one drug's file. */
#include "formulary/check.h"

#include <string.h>

static void check_vial(const struct check *k, const struct drug *d, int i)
{
    const struct drug_vial *v = &d->vials[i];
    bool tablet = strcmp(v->container, "tablet") == 0;
    if (!check_positive(v->amount) || (tablet ? qty_is(v->volume) : !check_positive(v->volume)))
        check_fail(k, "vial", check_path("drug.vials[%d]", i), "a vial needs an amount and a volume above zero; a tablet has no volume");
    else if (strcmp(d->kind, "fluid") != 0 && !check_dim(v->amount, d->show_unit))
        check_fail(k, "unit", check_path("drug.vials[%d].amount", i), "%s cannot be shown in %s", unit_code(v->amount.u), d->show_unit);
    if (strcmp(k->file->head.status, "DEMO") == 0 && strncmp(v->ndc, "DEMO-", 5) != 0)
        check_fail(k, "demo_code", check_path("drug.vials[%d].ndc", i), "demo content carries plainly fictional package codes (DEMO-…)");
    if (!v->gtin)
        return;
    int sum = 0;
    size_t n = strlen(v->gtin);
    for (size_t x = 0; x < n && n == 14; x++) {
        if (v->gtin[x] < '0' || v->gtin[x] > '9')
            n = 0;
        else
            sum += (v->gtin[x] - '0') * (x % 2 == 0 ? 3 : 1); /* GS1 check digit, 14 digits */
    }
    if (n != 14 || sum % 10 != 0)
        check_fail(k, "gtin", check_path("drug.vials[%d].gtin", i), "a GTIN is 14 digits with a right check digit");
}

/* Stock concentration of the vials in the dose's unit (mg of a mass) per mL, if they agree. */
static struct dec stock_concentration(const struct check *k, const struct drug *d)
{
    struct dec first = DEC_NONE;
    for (int i = 0; i < d->vials_count; i++) {
        struct dec mg = check_in(d->vials[i].amount, check_dose_unit(d)), ml = check_in(d->vials[i].volume, "mL");
        if (!dec_is(mg) || !dec_is(ml) || dec_sign(ml) <= 0)
            return DEC_NONE;
        struct dec conc = dec_quot(mg, ml);
        if (dec_is(first) && !dec_eq(first, conc))
            check_fail(k, "vial", check_path("drug.vials[%d]", i), "the vials of one drug entry must have one concentration");
        first = conc;
    }
    return first;
}

/* Every dose of the usual range must find a bag whose concentration is allowed: for a bag of V and a stock of s,
 * cmin ≤ d / (V + d/s) ≤ cmax means d between c·V·s/(s-c) of the two limits. */
static void check_bags(const struct check *k, const struct drug *d, const struct drug_limit *usual)
{
    const struct drug_preparation *p = d->preparation;
    const char *unit = check_dose_unit(d), *per_ml = check_per(unit, "mL");
    struct dec s = stock_concentration(k, d), low = check_in(p->concentration_min, per_ml), high = check_in(p->concentration_max, per_ml);
    if (!dec_is(s) || !usual || !qty_is(usual->soft_low) || !qty_is(usual->soft_high))
        return;
    if (!dec_is(low))
        low = dec_int(0);
    if (!dec_is(high) || dec_le(s, high))
        high = dec_mul(s, dec_lit("0.999"));
    if (!dec_lt(low, high))
        return;
    struct dec reach = check_in(usual->soft_low, unit), end = check_in(usual->soft_high, unit);
    bool moved = true;
    while (moved && dec_lt(reach, end)) {
        moved = false;
        for (int i = 0; i < p->diluents_count; i++) {
            struct dec v = check_in(p->diluents[i].volume, "mL");
            struct dec from = dec_quot(dec_mul(dec_mul(low, v), s), dec_sub(s, low));
            struct dec to = dec_quot(dec_mul(dec_mul(high, v), s), dec_sub(s, high));
            if (dec_le(from, reach) && dec_lt(reach, to)) {
                reach = to;
                moved = true;
            }
        }
    }
    char text[DEC_TEXT_MAX + 8];
    if (dec_lt(reach, end))
        check_fail(k, "concentration", "drug.preparation.diluents",
                   "no bag keeps a usual dose of %s %s within the concentration limits", dec_show(dec_round(reach, 1, DEC_HALF_AWAY), text), unit);
}

static void check_preparation(const struct check *k, const struct drug *d)
{
    const struct drug_preparation *p = d->preparation;
    bool diluted = strcmp(p->final_volume, "diluent_plus_drug") == 0;
    const struct qty limits[2] = {p->concentration_min, p->concentration_max};
    const char *per_ml = check_per(check_dose_unit(d), "mL");
    for (int i = 0; i < 2; i++) /* written in one unit, so that no reader can take 400 ug for 400 mg */
        if (qty_is(limits[i]) && limits[i].u != unit_find(per_ml))
            check_fail(k, "unit", i ? "drug.preparation.concentration_max" : "drug.preparation.concentration_min", "must be in %s, not %s",
                       per_ml, unit_code(limits[i].u));
    if (diluted != (p->diluents_count > 0))
        check_fail(k, "diluent", "drug.preparation.final_volume", "a diluted drug lists its diluents, an undiluted one has none");
    if (diluted && !p->bag_choice)
        check_fail(k, "diluent", "drug.preparation", "bag_choice is missing: which of the allowed bags is taken");
    if (check_cmp(p->concentration_min, p->concentration_max) == 1)
        check_fail(k, "concentration", "drug.preparation.concentration_min", "concentration_min is above concentration_max");
    for (int i = 0; i < p->diluents_count; i++) {
        const struct drug *fluid = content_drug(k->c, p->diluents[i].drug);
        if (!fluid)
            check_fail(k, "unknown_drug", check_path("drug.preparation.diluents[%d].drug", i), "no drug \"%s\" in the content", p->diluents[i].drug);
        else if (strcmp(fluid->kind, "fluid") != 0)
            check_fail(k, "diluent", check_path("drug.preparation.diluents[%d].drug", i), "%s is not a fluid", fluid->id);
        if (qty_is(p->diluent_max) && check_cmp(p->diluents[i].volume, p->diluent_max) == 1)
            check_fail(k, "diluent", check_path("drug.preparation.diluents[%d].volume", i), "is more than diluent_max");
    }
    if ((p->stable_room_min != INT_NONE && p->beyond_use_room_min > p->stable_room_min) ||
        (p->stable_fridge_min != INT_NONE && p->beyond_use_fridge_min != INT_NONE && p->beyond_use_fridge_min > p->stable_fridge_min))
        check_fail(k, "beyond_use", "drug.preparation.beyond_use_room_min", "beyond-use time is longer than the stability data");
    if (diluted)
        check_bags(k, d, drug_limit_of(d, "dose"));
}

static bool rate_unit(struct qty q)
{
    static const char *const units[] = {"mL/h", "mL/kg/h", "mg/min", "mg/kg/min", "[iU]/h", "[iU]/kg/h", "meq/h", "mmol/h", "mg/m2/h"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (check_dim(q, units[i]))
            return true;
    return false;
}

/* The steps' own total for `declared_for` must be `declared_min` (to the minute). */
static void check_declared(const struct check *k, const struct drug_infusion *n)
{
    struct qty left = n->declared_for, total = {dec_int(0), unit_find("min")};
    for (int i = 0; i < n->steps_count; i++) {
        const struct drug_step *s = &n->steps[i];
        struct qty takes = qty_div(left, s->rate);
        struct err e = {0};
        if (!qty_is(takes) || !qty_to(takes, unit_find("min"), &takes, &e)) {
            check_fail(k, "unit", "drug.infusion.declared_for", "cannot be given at a rate in %s", unit_code(s->rate.u));
            return;
        }
        struct dec whole = s->minutes == INT_NONE ? takes.v : dec_min(takes.v, dec_int(s->minutes));
        total.v = dec_add(total.v, whole);
        if (dec_eq(whole, takes.v))
            break;
        left = qty_sub(left, qty_mul(s->rate, (struct qty){whole, unit_find("min")}));
    }
    char text[DEC_TEXT_MAX + 8];
    struct dec off = dec_abs(dec_sub(total.v, dec_int(n->declared_min)));
    if (!dec_is(off) || !dec_lt(off, dec_int(1)))
        check_fail(k, "declared_minutes", "drug.infusion.declared_min", "says %lld min, but the steps take %s min",
                   (long long)n->declared_min, dec_show(dec_round(total.v, 1, DEC_HALF_AWAY), text));
}

static void check_table(const struct check *k, const struct drug_infusion *n, const char *name, const struct drug_step *steps, int count)
{
    for (int i = 0; i < count; i++) {
        const struct drug_step *s = &steps[i];
        const char *path = check_path("drug.infusion.%s[%d]", name, i);
        bool last = i == count - 1;
        if (!rate_unit(s->rate) || !check_positive(s->rate))
            check_fail(k, "unit", path, "%s is not a rate", unit_code(s->rate.u));
        if (last != (s->minutes == INT_NONE) || (!last && s->minutes <= 0))
            check_fail(k, "steps", path, "each step but the last says how many minutes; the last runs to the end");
        if (i > 0 && check_cmp(steps[i - 1].rate, s->rate) >= 0)
            check_fail(k, "steps", path, "the rate must rise from step to step");
        if (qty_is(n->rate_max) && check_cmp(s->rate, n->rate_max) == 1)
            check_fail(k, "rate", path, "is faster than rate_max");
        if (i > 0 && check_cmp(steps[i - 1].rate, s->rate) == -2)
            check_fail(k, "unit", path, "the steps' rates must have units of one kind");
    }
}

static void check_steps(const struct check *k, const struct drug_infusion *n)
{
    check_table(k, n, "steps", n->steps, n->steps_count);
    check_table(k, n, "later_steps", n->later_steps, n->later_steps_count);
    if ((n->later_steps_count > 0) != (n->later_words != NULL) || (n->later_steps_count && !n->steps_count))
        check_fail(k, "steps", "drug.infusion", "later_steps need steps, and later_words that say when they may be used");
    if ((n->declared_min == INT_NONE) != !qty_is(n->declared_for))
        check_fail(k, "declared_minutes", "drug.infusion", "declared_min and declared_for stand together");
    else if (n->declared_min != INT_NONE && n->steps_count)
        check_declared(k, n);
}

static void check_infusion(const struct check *k, const struct drug *d)
{
    const struct drug_infusion *n = d->infusion;
    bool flows = strcmp(n->method, "push") != 0 && strcmp(n->method, "injection") != 0 && strcmp(n->method, "oral") != 0;
    if (flows && n->steps_count == 0 && n->planned_min == INT_NONE)
        check_fail(k, "duration", "drug.infusion", "an infusion needs steps or planned_min");
    if (n->planned_min != INT_NONE && n->duration_min != INT_NONE && n->planned_min < n->duration_min)
        check_fail(k, "duration", "drug.infusion.planned_min", "is shorter than duration_min");
    if (qty_is(n->rate_max) && !rate_unit(n->rate_max))
        check_fail(k, "unit", "drug.infusion.rate_max", "%s is not a rate", unit_code(n->rate_max.u));
    if (qty_is(n->rate_max_caution) && check_cmp(n->rate_max_caution, n->rate_max) != -1)
        check_fail(k, "rate", "drug.infusion.rate_max_caution", "must be slower than rate_max");
    if (qty_is(n->rate_max_caution) != (n->caution_words != NULL))
        check_fail(k, "rate", "drug.infusion", "rate_max_caution and caution_words stand together");
    if (n->flush && !content_drug(k->c, n->flush))
        check_fail(k, "unknown_drug", "drug.infusion.flush", "no drug \"%s\" in the content", n->flush);
    if ((n->flush != NULL) != qty_is(n->flush_volume))
        check_fail(k, "duration", "drug.infusion", "flush and flush_volume stand together");
    check_steps(k, n);
}

static void check_restarts(const struct check *k, const struct drug *d)
{
    bool seen[6] = {false}, never = false;
    for (int i = 0; i < d->restarts_count; i++) {
        const struct drug_restart *r = &d->restarts[i];
        const char *path = check_path("drug.restarts[%d]", i);
        if (r->grade < 1 || r->grade > 5 || seen[r->grade] || (i > 0 && r->grade < d->restarts[i - 1].grade)) {
            check_fail(k, "restart", path, "grades run from 1 to 5, each once, ascending");
            return;
        }
        seen[r->grade] = true;
        bool stops = strcmp(r->action, "never") == 0;
        if (never && !stops)
            check_fail(k, "restart", path, "a lower grade already says never");
        never |= stops;
        if (!stops && (!dec_is(r->fraction) || dec_sign(r->fraction) <= 0 || dec_lt(dec_int(1), r->fraction)))
            check_fail(k, "restart", path, "fraction of the rate at onset is missing or not between 0 and 1");
        if (strcmp(r->action, "restart") == 0 && r->needs_order != 1)
            check_fail(k, "restart", path, "a restart after a stop needs an order");
    }
    for (int g = 1; g <= 4; g++)
        if (!seen[g])
            check_fail(k, "restart", "drug.restarts", "nothing is said for grade %d", g);
}

static void check_watch(const struct check *k, const struct drug *d)
{
    bool baseline = false, end = false;
    for (int i = 0; i < d->checks_count; i++) {
        const struct drug_check *x = &d->checks[i];
        baseline |= strcmp(x->when, "baseline") == 0;
        end |= strcmp(x->when, "end") == 0;
        bool timed = strcmp(x->when, "every") == 0 || strcmp(x->when, "after start") == 0 || strcmp(x->when, "after") == 0;
        if ((timed && (x->minutes == INT_NONE || x->minutes <= 0)) || x->grace_min < 0)
            check_fail(k, "checks", check_path("drug.checks[%d]", i), "\"%s\" needs minutes above zero", x->when);
    }
    if (!baseline || !end)
        check_fail(k, "checks", "drug.checks", "vital signs need at least a baseline and an end");
    for (int i = 0; i < d->changes_count; i++) {
        const struct drug_change *x = &d->changes[i];
        const char *unit = x->sign[0] == 's' && x->sign[1] == 'p' ? "%" : strcmp(x->sign, "temp") == 0 ? "Cel" :
                           strstr(x->sign, "bp") ? "mm[Hg]" : "/min";
        bool relative = strcmp(x->test, "rise") == 0 || strcmp(x->test, "fall") == 0;
        if (!check_dim(x->value, unit) && !(relative && check_dim(x->value, "%")))
            check_fail(k, "unit", check_path("drug.changes[%d].value", i), "%s is not a unit of %s", unit_code(x->value.u), x->sign);
    }
}

static void check_limits(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->limits_count; i++) {
        const struct drug_limit *x = &d->limits[i];
        const struct qty in_order[4] = {x->hard_low, x->soft_low, x->soft_high, x->hard_high};
        bool rate = strcmp(x->of, "rate") == 0, any = false;
        const char *dose = check_dose_unit(d);
        const char *unit = strcmp(x->of, "dose_per_kg") == 0 ? check_per(dose, "kg") : strcmp(x->of, "dose_per_m2") == 0 ? check_per(dose, "m2") :
                           strcmp(x->of, "volume") == 0 ? "mL" : strcmp(x->of, "duration") == 0 ? "min" :
                           strcmp(x->of, "concentration") == 0 ? check_per(dose, "mL") : dose;
        struct qty before = QTY_NONE;
        for (int q = 0; q < 4; q++) {
            if (!qty_is(in_order[q]))
                continue;
            any = true;
            if (rate ? !rate_unit(in_order[q]) : !check_dim(in_order[q], unit))
                check_fail(k, "unit", check_path("drug.limits[%d]", i), "%s is not a unit of %s", unit_code(in_order[q].u), x->of);
            else if (qty_is(before) && check_cmp(before, in_order[q]) == 1)
                check_fail(k, "limits", check_path("drug.limits[%d]", i), "hard_low, soft_low, soft_high, hard_high must ascend");
            before = in_order[q];
        }
        for (int j = 0; j < i; j++)
            if (strcmp(d->limits[j].of, x->of) == 0 && d->limits[j].days == x->days &&
                (x->area ? d->limits[j].area && strcmp(d->limits[j].area, x->area) == 0 : !d->limits[j].area))
                check_fail(k, "twice", check_path("drug.limits[%d]", i), "%s of %s is limited twice", x->of, x->area ? x->area : "every area");
        if (!any || (strcmp(x->of, "course") == 0) != (x->days != INT_NONE))
            check_fail(k, "limits", check_path("drug.limits[%d]", i), "a limit needs a value; a course limit, and only that, its days");
    }
}

static void check_bill(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->billing_count; i++) {
        const struct drug_billing *b = &d->billing[i];
        const char *path = check_path("drug.billing[%d]", i);
        if (!check_positive(b->unit) || !check_dim(b->unit, check_dose_unit(d)))
            check_fail(k, "billing", path, "the billing unit must be above zero, and of the dose's kind");
        if (!check_hcpcs(b->hcpcs))
            check_fail(k, "code", path, "\"%s\" is not a HCPCS Level II code (a letter and four digits)", b->hcpcs);
        if (b->until && strcmp(b->until, b->from) < 0)
            check_fail(k, "billing", path, "ends before it begins");
        for (int j = 0; j < i; j++)
            if ((!d->billing[j].until || strcmp(d->billing[j].until, b->from) >= 0) && (!b->until || strcmp(b->until, d->billing[j].from) >= 0))
                check_fail(k, "billing", path, "overlaps row %d in time", j + 1);
    }
}

static void check_rest(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->labs_count; i++)
        if (!check_loinc(d->labs[i].loinc))
            check_fail(k, "code", check_path("drug.labs[%d].loinc", i), "%s is not a LOINC code: the check digit is wrong", d->labs[i].loinc);
    for (int i = 0; i < d->labs_count; i++)
        if ((qty_is(d->labs[i].low) || qty_is(d->labs[i].high)) != (d->labs[i].outside != NULL))
            check_fail(k, "labs", check_path("drug.labs[%d]", i), "low or high, and outside, stand together");
    for (int i = 0; i < d->uses_count; i++) {
        bool allowed = false;
        for (int r = 0; r < d->routes_count; r++)
            allowed |= strcmp(d->routes[r], d->uses[i].route) == 0;
        if (!allowed)
            check_fail(k, "route", check_path("drug.uses[%d].route", i), "route %s is not allowed for %s", d->uses[i].route, d->id);
        if (qty_is(d->uses[i].dose_max) && check_cmp(d->uses[i].dose, d->uses[i].dose_max) == 1)
            check_fail(k, "limits", check_path("drug.uses[%d].dose", i), "is more than dose_max");
    }
}

void check_drug(const struct check *k, const struct drug *d)
{
    for (int i = 0; i < d->routes_count; i++)
        if (!content_code_listed("IV IM SC PO", d->routes[i]))
            check_fail(k, "route", check_path("drug.routes[%d]", i), "\"%s\" is not one of IV, IM, SC, PO", d->routes[i]);
    for (int i = 0; i < d->vials_count; i++)
        check_vial(k, d, i);
    if (strcmp(d->kind, "therapy") == 0 &&
        (!d->preparation || !d->infusion || !d->restarts_count || !d->checks_count || !d->limits_count || !d->billing_count || !d->patient ||
         !d->therapy || !d->tissue || !d->stability_count || !d->cases_count || !drug_limit_of(d, "dose")))
        check_fail(k, "incomplete", "drug", "a therapy needs therapy, tissue, preparation, infusion, restarts, checks, limits with a dose, "
                   "stability, billing, patient and cases");
    if (!unit_find(d->show_unit))
        check_fail(k, "unit", "drug.show_unit", "\"%s\" is not a unit", d->show_unit);
    if (d->preparation)
        check_preparation(k, d);
    if (d->infusion)
        check_infusion(k, d);
    if (d->restarts_count)
        check_restarts(k, d);
    if (d->checks_count)
        check_watch(k, d);
    check_limits(k, d);
    check_bill(k, d);
    check_rest(k, d);
    check_parts(k, d);
}
