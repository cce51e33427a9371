#include "care/dose.h"

#include "care/care.h"
#include "clinic/derive_io.h"
#include "clinic/recheck.h"
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

/* The regimen's rule and the patient's facts as the engine asks for them (clinic/derive.h). The dosing weight
 * IBW + 0.4 (ABW - IBW) is used where the regimen and the site both say so (reference: NBA Australia / Ontario IVIG). */
static struct derive_order order_of(const struct dose_inputs *in, struct derive_weight_band *bands)
{
    const struct regimen_dose *r = in->rule;
    bool dosing = r->weight && strcmp(r->weight, "dosing") == 0 && in->site && in->site->dosing_weight == 1 && dec_is(r->dosing_bmi);
    struct derive_order o = {.drug = in->drug->id, .unit = in->drug->show_unit, .bmi_over = r->dosing_bmi, .weight_cap = QTY_NONE,
        .surface_cap = QTY_NONE, .creatinine_floor = QTY_NONE, .gfr_cap = r->gfr_cap, .cap = r->cap, .step = r->round_step,
        .keep_weight_percent = DEC_NONE, .weight = dosing ? DERIVE_BY_BMI : DERIVE_ACTUAL, .source = r->source};
    if (strcmp(r->basis, "band") == 0) {
        o.basis = DERIVE_BY_WEIGHT;
        o.weight_bands = bands;
        o.weight_band_n = r->bands_count;
        for (int i = 0; i < r->bands_count; i++)
            bands[i] = (struct derive_weight_band){
                r->bands[i].from.v, r->bands[i].below.v, qty_is(r->bands[i].flat) ? r->bands[i].flat : r->bands[i].per_kg};
    } else if (strcmp(r->basis, "per_m2") == 0) {
        o.basis = DERIVE_PER_M2;
        o.surface = r->bsa && strcmp(r->bsa, "dubois") == 0 ? DERIVE_DUBOIS : DERIVE_MOSTELLER;
    } else if (strcmp(r->basis, "auc") == 0)
        o.basis = DERIVE_AUC;
    else
        o.basis = strcmp(r->basis, "per_kg") == 0 ? DERIVE_PER_KG : DERIVE_FLAT;
    o.amount = o.basis == DERIVE_PER_M2 ? r->per_m2 : o.basis == DERIVE_AUC ? r->auc : o.basis == DERIVE_PER_KG ? r->per_kg : r->flat;
    if (qty_is(r->round_step) && strcmp(r->round, "none") != 0)
        o.rounding = DERIVE_STEP;
    o.how = strcmp(r->round, "down") == 0 ? DEC_DOWN : strcmp(r->round, "up") == 0 ? DEC_UP : DEC_HALF_AWAY;
    return o;
}

/* How old a value may be is a rule with a severity of its own (care/gate): here any age will do. */
static struct derive_reading reading_of(const struct observation *o)
{
    return o ? (struct derive_reading){o->value, o->taken, 0, o->source} : (struct derive_reading){.value = QTY_NONE, .taken = UTC_NONE};
}

/* The nodes between the inputs and the dose, in the order they were made. */
static void proof_nodes(struct proof *p, const struct dose_inputs *in, const struct derive_order *o, const struct derive_answer *x)
{
    for (int i = 0; i < x->node_n; i++) {
        const struct derive_node *n = &x->nodes[i];
        bool last = i == x->node_n - 1;
        char pc[DEC_TEXT_MAX + 8];
        if (!n->from_n && n->taken != UTC_NONE)
            continue; /* stands among the inputs */
        if (strcmp(n->name, "after the cap") == 0)
            proof_step(p, "cap", o->cap, "%s", x->capped ? "capped" : "not reached");
        else if (last && o->rounding == DERIVE_STEP)
            proof_step(p, "rounded", x->dose, "to a multiple of %s, %s: %s %% changed", care_qty_text(p->a, o->step), in->rule->round,
                dec_show(x->round_percent, pc));
        else if (!last || !dec_eq(x->dose.v, x->unrounded.v))
            proof_step(p, strcmp(n->name, "full dose") == 0 ? "dose" : n->name, n->value, "%s", n->says);
    }
}

static void check_second(struct proof *p, const struct derive_order *o, const struct derive_patient *who,
    const struct derive_answer *first, struct dose *x)
{
    struct recheck second;
    recheck_dose(o, who, &second);
    x->agrees = recheck_agrees(first, true, &second);
    json_object(&p->j, "second");
    json_str(&p->j, "dose", second.result == RECHECK_DOSE || second.result == RECHECK_BOUNDARY ? second.dose : NULL);
    if (second.result == RECHECK_BOUNDARY)
        json_str(&p->j, "or", second.other); /* a boundary of rounding lies between the bounds: a person decides */
    json_bool(&p->j, "agrees", x->agrees);
    json_end(&p->j, '}');
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
    struct derive_weight_band *bands = ARENA_ARRAY(p->a, (size_t)in->rule->bands_count + 1, struct derive_weight_band);
    struct derive_answer *first = ARENA_NEW(p->a, struct derive_answer);
    const struct derive_order o = order_of(in, bands);
    const struct derive_patient who = {.sex = in->sex, .age = in->age < 0 ? DEC_NONE : dec_int(in->age), .weight = reading_of(in->weight),
        .height = reading_of(in->height), .creatinine = {.value = QTY_NONE}, .gfr = {.value = QTY_NONE}, .weight_before = QTY_NONE,
        .now = in->now};
    if (!in->weight && (o.basis != DERIVE_FLAT || in->drug->infusion))
        return err_set(e, ERR_INPUT, "weight", "the patient has no weight on record: weigh first");
    json_list(&p->j, "steps");
    if (!derive_dose(p->a, &o, &who, first, e))
        return false;
    proof_nodes(p, in, &o, first);
    x->dose = first->dose;
    x->unrounded = first->unrounded;
    x->round_percent = first->round_percent;
    x->weight_kg = first->weight_kg;
    if (in->drug->infusion && !dec_is(x->weight_kg)) { /* rates per kg need it, whatever the dose is made of */
        struct qty kg;
        if (!qty_to(in->weight->value, unit_find("kg"), &kg, e))
            return err_within(e, "weight"), false;
        x->weight_kg = kg.v;
    }
    if (!bag_of(p, in->drug, x, e))
        return false;
    if (in->drug->infusion) {
        if (!rates_of(p, in->drug, x, e))
            return false;
        int64_t first_min = in->drug->infusion->observe_first_min;
        x->observe_min = (int)(in->first && first_min != INT_NONE ? first_min : in->drug->infusion->observe_min);
    }
    json_end(&p->j, ']');
    json_qty(&p->j, "dose", x->dose);
    derive_question_json(&o, &who, &p->j, "question"); /* so that both engines can be asked again */
    check_second(p, &o, &who, first, x);
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
