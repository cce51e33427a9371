#include "care/dose.h"

#include "care/care.h"
#include "clinic/dose_check.h"
#include "clinic/steps.h"

#include <stdio.h>
#include <string.h>

/* The proof while it is being written. */
struct proof {
    struct arena *a;
    struct buf b;
    struct json j;
};

static void proof_begin(struct proof *p, struct arena *a, const char *content_hash)
{
    p->a = a;
    buf_init(&p->b, FIELD_LONG_MAX);
    json_init(&p->j, &p->b);
    json_object(&p->j, NULL);
    if (content_hash)
        json_str(&p->j, "content", content_hash);
}

MUST_CHECK static bool proof_end(struct proof *p, const char **out, struct err *e)
{
    json_end(&p->j, '}');
    bool ok = buf_ok(&p->b, "proof", e);
    if (ok)
        *out = arena_strndup(p->a, buf_str(&p->b), p->b.len);
    buf_fini(&p->b);
    return ok;
}

static void proof_step(struct proof *p, const char *name, struct qty q, const char *fmt, ...) PRINTF(4, 5);
static void proof_step(struct proof *p, const char *name, struct qty q, const char *fmt, ...)
{
    char says[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(says, sizeof says, fmt, ap);
    va_end(ap);
    json_object(&p->j, NULL);
    json_str(&p->j, "name", name);
    json_qty(&p->j, "value", q);
    if (qty_is(q))
        json_str(&p->j, "shown", care_qty_text(p->a, q));
    json_str(&p->j, "says", says);
    json_end(&p->j, '}');
}

static void proof_input(struct proof *p, const char *name, const struct observation *o, utc_t now)
{
    json_object(&p->j, NULL);
    json_str(&p->j, "name", name);
    json_qty(&p->j, "value", o->value);
    json_str(&p->j, "shown", care_qty_text(p->a, o->value));
    json_time(&p->j, "at", o->taken);
    json_int(&p->j, "age_days", (now - o->taken) / UTC_DAY);
    json_str(&p->j, "source", o->source);
    if (o->original)
        json_str(&p->j, "original", o->original);
    json_str(&p->j, "id", o->id);
    json_end(&p->j, '}');
}

/* ---- the dose itself ---------------------------------------------------------------------------------------------- */

/* Which weight a per-kg dose uses: actual, or the dosing weight IBW + 0.4 (ABW - IBW) where the site wants it and BMI
 * is over the rule's limit (reference: NBA Australia / Ontario IVIG; not under 152.4 cm, where IBW is undefined). */
MUST_CHECK static bool weight_used(struct proof *p, const struct dose_inputs *in, struct qty *out, struct err *e)
{
    if (!in->weight)
        return err_set(e, ERR_INPUT, "weight", "the patient has no weight on record: weigh first");
    if (!qty_to(in->weight->value, unit_find("kg"), out, e))
        return err_within(e, "weight"), false;
    const struct regimen_dose *r = in->rule;
    if (!r || !r->weight || strcmp(r->weight, "dosing") != 0 || !in->site || in->site->dosing_weight != 1
        || !dec_is(r->dosing_bmi))
        return true;
    struct qty height, bmi, ibw, dosing;
    if (!in->height)
        return err_set(e, ERR_INPUT, "height", "the dosing weight needs a height: measure first");
    if (!qty_to(in->height->value, unit_find("cm"), &height, e))
        return err_within(e, "height"), false;
    struct dec m = dec_mul(height.v, DEC(1, 2));
    bmi = (struct qty){dec_quot(out->v, dec_mul(m, m)), unit_find("kg/m2")};
    proof_step(p, "body mass index", bmi, "weight ÷ height²");
    if (!dec_lt(r->dosing_bmi, bmi.v) || dec_lt(height.v, DEC(1524, 1)))
        return true;
    struct dec base = strcmp(in->sex, "male") == 0 ? DEC(50, 0) : DEC(455, 1);
    ibw = (struct qty){
        dec_add(base, dec_quot(dec_mul(DEC(23, 1), dec_sub(height.v, DEC(1524, 1))), DEC(254, 2))), out->u};
    proof_step(p, "ideal body weight", ibw, "Devine: %s + 2.3 × (height in inches − 60)",
        strcmp(in->sex, "male") == 0 ? "50" : "45.5");
    dosing = qty_add(ibw, qty_scale(qty_sub(*out, ibw), DEC(4, 1)));
    proof_step(p, "dosing weight", dosing, "ideal + 0.4 × (actual − ideal)");
    *out = dosing;
    return true;
}

static const struct regimen_band *band_of(const struct regimen_dose *r, struct qty weight)
{
    for (int i = 0; i < r->bands_count; i++)
        if (dec_le(r->bands[i].from.v, weight.v) && dec_lt(weight.v, r->bands[i].below.v))
            return &r->bands[i];
    return NULL;
}

static enum dec_round rounding(const char *word)
{
    return strcmp(word, "down") == 0 ? DEC_DOWN : strcmp(word, "up") == 0 ? DEC_UP : DEC_HALF_AWAY;
}

/* The mass of a dose per kg: g/kg gives g, anything else is written in mg/kg. */
static unit_t per_kg_mass(unit_t u)
{
    return unit_find(unit_code(u)[0] == 'g' ? "g" : "mg");
}

/* Amount before cap and rounding, in the unit the rule is written in. */
MUST_CHECK static bool raw_dose(struct proof *p, const struct dose_inputs *in, struct qty weight, struct qty *flat,
    struct qty *per_kg, struct qty *out, struct err *e)
{
    const struct regimen_dose *r = in->rule;
    if (strcmp(r->basis, "per_m2") == 0 || strcmp(r->basis, "auc") == 0)
        return err_set(e, ERR_INPUT, "regimen", "this program does not yet work out a dose by %s",
            r->basis[0] == 'a' ? "AUC" : "body surface");
    *flat = r->flat;
    *per_kg = r->per_kg;
    if (strcmp(r->basis, "band") == 0) {
        const struct regimen_band *b = band_of(r, weight);
        if (!b)
            return err_set(e, ERR_INPUT, "weight", "no weight band of %s holds %s", in->regimen->name,
                care_qty_text(p->a, weight));
        proof_step(
            p, "weight band", weight, "from %s, below %s", care_qty_text(p->a, b->from), care_qty_text(p->a, b->below));
        *flat = b->flat;
        *per_kg = b->per_kg;
    }
    if (qty_is(*flat)) {
        *out = *flat;
        proof_step(p, "dose", *out, "flat: %s", r->words);
        return true;
    }
    struct qty mg = {dec_mul(per_kg->v, weight.v), per_kg_mass(per_kg->u)};
    *out = mg;
    proof_step(p, "dose", mg, "%s × %s", care_qty_text(p->a, *per_kg), care_qty_text(p->a, weight));
    return true;
}

MUST_CHECK static bool cap_and_round(struct proof *p, const struct dose_inputs *in, struct dose *out, struct err *e)
{
    const struct regimen_dose *r = in->rule;
    unit_t show = unit_find(in->drug->show_unit);
    if (!qty_to(out->dose, show, &out->dose, e))
        return false;
    if (qty_is(r->cap)) {
        struct qty cap;
        if (!qty_to(r->cap, show, &cap, e))
            return false;
        bool capped = dec_lt(cap.v, out->dose.v);
        proof_step(p, "cap", cap, capped ? "capped" : "not reached");
        if (capped)
            out->dose = cap;
    }
    out->unrounded = out->dose;
    out->round_percent = DEC(0, 0);
    if (qty_is(r->round_step) && strcmp(r->round, "none") != 0) {
        struct qty step;
        if (!qty_to(r->round_step, show, &step, e))
            return false;
        out->dose.v = dec_round_to(out->dose.v, step.v, rounding(r->round));
        struct dec diff = dec_abs(dec_sub(out->dose.v, out->unrounded.v));
        out->round_percent = dec_div(dec_mul(diff, DEC(100, 0)), out->unrounded.v, 2, DEC_HALF_AWAY);
        char pc[DEC_TEXT_MAX + 8];
        proof_step(p, "rounded", out->dose, "to a multiple of %s, %s: %s %% changed", care_qty_text(p->a, step),
            r->round, dec_show(out->round_percent, pc));
    }
    out->dose.v = dec_trim(out->dose.v);
    if (dec_sign(out->dose.v) <= 0)
        return err_set(e, ERR_INPUT, "dose", "the dose comes out as nothing");
    return true;
}

/* ---- the bag ------------------------------------------------------------------------------------------------------------ */

/* Volume of drug and diluent, and the concentration in the bag. */
MUST_CHECK static bool bag_of(struct proof *p, const struct drug *d, struct dose *x, struct err *e)
{
    const struct drug_vial *v = d->vials;
    const struct drug_preparation *prep = d->preparation;
    struct qty mg, vial_mg;
    unit_t u_mg = unit_find("mg");
    if (!v || !d->vials_count)
        return err_set(e, ERR_INTERNAL, "drug", "%s has no vial in the content", d->id);
    if (!qty_to(x->dose, u_mg, &mg, e) || !qty_to(v->amount, u_mg, &vial_mg, e))
        return false;
    x->drug_ml = dec_trim(dec_div(dec_mul(mg.v, v->volume.v), vial_mg.v, 2, DEC_HALF_AWAY));
    x->volume_ml = x->drug_ml;
    proof_step(p, "drug volume", (struct qty){x->drug_ml, unit_find("mL")}, "dose ÷ %s in %s",
        care_qty_text(p->a, vial_mg), care_qty_text(p->a, v->volume));
    bool largest = prep && prep->bag_choice && strcmp(prep->bag_choice, "largest_allowed") == 0;
    for (int i = 0; prep && strcmp(prep->final_volume, "diluent_plus_drug") == 0 && i < prep->diluents_count; i++) {
        const struct drug_diluent *bag = &prep->diluents[i];
        struct dec total = dec_add(bag->volume.v, x->drug_ml);
        struct dec conc = dec_quot(mg.v, total);
        if ((qty_is(prep->concentration_min) && dec_lt(conc, prep->concentration_min.v))
            || (qty_is(prep->concentration_max) && dec_lt(prep->concentration_max.v, conc))
            || (qty_is(prep->diluent_max) && dec_lt(prep->diluent_max.v, bag->volume.v)))
            continue;
        bool better = !x->diluent
            || (largest ? dec_lt(x->diluent->volume.v, bag->volume.v) : dec_lt(bag->volume.v, x->diluent->volume.v));
        if (better)
            x->diluent = bag;
    }
    if (prep && strcmp(prep->final_volume, "diluent_plus_drug") == 0) {
        if (!x->diluent)
            return err_set(
                e, ERR_INPUT, "dose", "no diluent bag of %s gives an allowed concentration for this dose", d->generic);
        x->volume_ml = dec_add(x->drug_ml, x->diluent->volume.v);
        proof_step(p, "bag", (struct qty){x->volume_ml, unit_find("mL")}, "drug and %s %s",
            care_qty_text(p->a, x->diluent->volume), x->diluent->drug);
    }
    x->concentration = (struct qty){dec_round(dec_quot(mg.v, x->volume_ml), 6, DEC_HALF_AWAY), unit_find("mg/mL")};
    x->concentration.v = dec_trim(x->concentration.v);
    proof_step(p, "concentration", x->concentration, "dose ÷ volume in the bag");
    return true;
}

/* ---- the rates ------------------------------------------------------------------------------------------------------------ */

/* A rate of the content (mL/h, mL/kg/h, mg/kg/min, mg/h …) as mL/h on the pump, rounded down to 0.1 mL/h: never over. */
MUST_CHECK static bool rate_ml_h(struct qty rate, const struct dose *x, struct dec *out, struct err *e)
{
    if (!steps_rate_ml_h(rate, (struct qty){x->weight_kg, unit_find("kg")}, x->concentration, out, e))
        return false;
    *out = dec_trim(dec_round(*out, 1, DEC_DOWN));
    return true;
}

MUST_CHECK static bool rates_of(struct proof *p, const struct drug *d, struct dose *x, struct err *e)
{
    const struct drug_infusion *inf = d->infusion;
    struct step steps[STEPS_MAX];
    int n = 0;
    x->max_rate = DEC_NONE;
    if (qty_is(inf->rate_max) && !rate_ml_h(inf->rate_max, x, &x->max_rate, e))
        return false;
    for (int i = 0; i < inf->steps_count && n < STEPS_MAX; i++) {
        struct dec r;
        if (!rate_ml_h(inf->steps[i].rate, x, &r, e))
            return false;
        steps[n++] = (struct step){
            .rate = r, .minutes = inf->steps[i].minutes == INT_NONE ? DEC_NONE : dec_int(inf->steps[i].minutes)};
    }
    if (!n) {
        int64_t minutes = inf->planned_min != INT_NONE ? inf->planned_min : inf->duration_min;
        if (minutes == INT_NONE || minutes < 1)
            return err_set(e, ERR_INTERNAL, "drug", "%s has neither steps nor a planned time", d->id);
        struct dec r = dec_trim(dec_div(dec_mul(x->volume_ml, dec_int(60)), dec_int(minutes), 1, DEC_DOWN));
        steps[n++] = (struct step){.rate = r, .minutes = DEC_NONE};
    }
    struct step_plan plan;
    if (!steps_run(p->a, steps, n, x->volume_ml, &plan, e))
        return false;
    int64_t minutes;
    if (!dec_to_int(plan.minutes, DEC_UP, &minutes) || minutes > 7 * 24 * 60)
        return err_set(e, ERR_INPUT, "dose", "the infusion would take more than 7 days");
    x->minutes = (int)minutes;
    struct buf b;
    struct json j;
    buf_init(&b, 8192);
    json_init(&j, &b);
    json_list(&j, NULL);
    for (int i = 0; i < plan.count; i++) {
        json_object(&j, NULL);
        json_dec(&j, "rate", plan.segments[i].rate);
        if (i + 1 < plan.count)
            json_dec(&j, "minutes", plan.segments[i].minutes);
        json_end(&j, '}');
        proof_step(p, i + 1 < plan.count ? "rate step" : "rate to the end",
            (struct qty){plan.segments[i].rate, unit_find("mL/h")}, "%s, %s",
            dose_rate_text(p->a, plan.segments[i].rate, x->concentration, x->weight_kg),
            care_ml(p->a, plan.segments[i].minutes, "min"));
    }
    json_end(&j, ']');
    x->steps = arena_strdup(p->a, buf_str(&b));
    buf_fini(&b);
    return true;
}

/* ---- together ----------------------------------------------------------------------------------------------------------------- */

static void check_second(struct proof *p, const struct dose_inputs *in, struct qty weight, struct qty flat,
    struct qty per_kg, struct dose *x)
{
    struct dose_question q = {.flat = flat,
        .per_kg = per_kg,
        .weight = weight,
        .cap = in->rule->cap,
        .step = in->rule->round_step,
        .round = rounding(in->rule->round),
        .rounds = strcmp(in->rule->round, "none") != 0,
        .unit = x->dose.u};
    char text[DEC_TEXT_MAX];
    const char *second = dose_check(p->a, &q);
    x->agrees = second && strcmp(second, dec_text(dec_trim(x->dose.v), text)) == 0;
    json_object(&p->j, "second");
    json_str(&p->j, "dose", second);
    json_bool(&p->j, "agrees", x->agrees);
    json_end(&p->j, '}');
}

static void proof_head(struct proof *p, const struct dose_inputs *in)
{
    json_str(&p->j, "drug", in->drug->id);
    json_str(&p->j, "regimen", in->regimen->id);
    json_str(&p->j, "rule", in->rule->words);
    json_str(&p->j, "source", in->rule->source);
    json_list(&p->j, "inputs");
    if (in->weight)
        proof_input(p, "weight", in->weight, in->now);
    if (in->height)
        proof_input(p, "height", in->height, in->now);
    json_end(&p->j, ']');
}

MUST_CHECK static bool compute(struct proof *p, const struct dose_inputs *in, struct dose *x, struct err *e)
{
    struct qty weight = QTY_NONE, flat, per_kg;
    x->weight_kg = DEC_NONE;
    json_list(&p->j, "steps");
    if (strcmp(in->rule->basis, "flat") != 0 || in->drug->infusion) {
        if (!weight_used(p, in, &weight, e))
            return false;
        x->weight_kg = weight.v;
    }
    if (!raw_dose(p, in, weight, &flat, &per_kg, &x->dose, e) || !cap_and_round(p, in, x, e)
        || !bag_of(p, in->drug, x, e))
        return false;
    if (in->drug->infusion) {
        if (!rates_of(p, in->drug, x, e))
            return false;
        int64_t first = in->drug->infusion->observe_first_min;
        x->observe_min = (int)(in->first && first != INT_NONE ? first : in->drug->infusion->observe_min);
    }
    json_end(&p->j, ']');
    json_qty(&p->j, "dose", x->dose);
    check_second(p, in, weight, flat, per_kg, x);
    return true;
}

bool dose_compute(struct arena *a, const struct dose_inputs *in, struct dose *out, struct err *e)
{
    struct proof p;
    memset(out, 0, sizeof *out);
    out->max_rate = DEC_NONE;
    if (!in->drug || !in->rule)
        return err_set(e, ERR_INTERNAL, "drug", "the regimen names a drug that is not in the content");
    proof_begin(&p, a, in->content_hash);
    proof_head(&p, in);
    if (!compute(&p, in, out, e)) {
        buf_fini(&p.b);
        return false;
    }
    return proof_end(&p, &out->proof, e);
}

bool dose_change(struct arena *a, const struct drug *drug, const struct site *site, const struct med_order *old,
    struct qty dose, const char *reason, struct dose *out, struct err *e)
{
    struct proof p;
    (void)site;
    if (!drug)
        return err_set(e, ERR_NOT_FOUND, "order", "drug %.60s is no longer in the content", old->drug);
    memset(out, 0, sizeof *out);
    out->max_rate = DEC_NONE;
    out->weight_kg = old->weight;
    out->agrees = true; /* a person's own number: there is no second computation to agree with */
    if (!qty_to(dose, unit_find(drug->show_unit), &out->dose, e))
        return false;
    if (dec_sign(out->dose.v) <= 0)
        return err_set(e, ERR_INPUT, "", "a dose is more than nothing");
    out->unrounded = out->dose;
    proof_begin(&p, a, NULL);
    json_str(&p.j, "drug", drug->id);
    json_str(&p.j, "rule", "set by the prescriber");
    json_str(&p.j, "reason", reason);
    json_list(&p.j, "inputs");
    json_end(&p.j, ']');
    json_list(&p.j, "steps");
    proof_step(&p, "dose before", old->dose, "order version %d", (int)old->version);
    proof_step(&p, "dose now", out->dose, "set by the prescriber: %.200s", reason);
    bool ok = bag_of(&p, drug, out, e) && (!drug->infusion || rates_of(&p, drug, out, e));
    json_end(&p.j, ']');
    json_qty(&p.j, "dose", out->dose);
    json_raw(&p.j, "before", old->proof);
    if (ok)
        return proof_end(&p, &out->proof, e);
    buf_fini(&p.b);
    return false;
}

const char *dose_rate_text(struct arena *a, struct dec ml_h, struct qty concentration, struct dec weight_kg)
{
    if (!dec_is(ml_h) || !qty_is(concentration))
        return NULL;
    struct dec mg_h = dec_mul(ml_h, concentration.v);
    char text[DEC_TEXT_MAX + 8];
    if (!dec_is(weight_kg) || dec_sign(weight_kg) <= 0)
        return arena_printf(a, "%s mg/h", dec_show(dec_round(mg_h, 0, DEC_HALF_AWAY), text));
    struct dec per = dec_quot(mg_h, dec_mul(weight_kg, dec_int(60)));
    return arena_printf(a, "%s mg/kg/min", dec_show(dec_round(per, 2, DEC_HALF_AWAY), text));
}

const char *dose_rates_text(struct arena *a, const char *steps, int minutes)
{
    struct err e = {0};
    struct node *n = steps ? json_read(a, steps, strlen(steps), FIELD_LONG_MAX, &e) : NULL;
    if (!n || !n->count)
        return "";
    const char *time =
        minutes >= 60 ? arena_printf(a, "%d h %d min", minutes / 60, minutes % 60) : arena_printf(a, "%d min", minutes);
    const char *first = node_path(n, "[0].rate")->text;
    if (n->count == 1)
        return arena_printf(a, "%s mL/h, %s", first, time);
    return arena_printf(
        a, "%s → %s mL/h in %d steps, %s", first, node_get(node_at(n, n->count - 1), "rate")->text, n->count, time);
}
