#include "care/gate.h"

#include <string.h>

/* ---- facts of a refusal, as JSON ------------------------------------------------------------------------------- */

static const char *fact_qty(struct arena *a, const char *name, struct qty q, utc_t at, const char *limit)
{
    struct buf b;
    struct json j;
    buf_init(&b, 4096);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "fact", name);
    json_qty(&j, "value", q);
    json_time(&j, "at", at);
    if (limit)
        json_str(&j, "limit", limit);
    json_end(&j, '}');
    const char *out = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return out;
}

static const char *fact_text(struct arena *a, const char *name, const char *value)
{
    struct buf b;
    struct json j;
    buf_init(&b, 8192);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "fact", name);
    json_str(&j, "value", value);
    json_end(&j, '}');
    const char *out = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return out;
}

/* ---- the plan ------------------------------------------------------------------------------------------------------ */

static void gate_age(struct gate *g)
{
    struct cmd *c = g->cmd;
    int age = utc_age_years(g->patient->born, c->now, c->zone);
    if (age < g->regimen->age_min)
        cmd_refuse(c, "minor", g->patient->id, fact_text(c->a, "born", g->patient->born),
                   "the patient is %d; this content is for %d and over", age, (int)g->regimen->age_min);
}

static void gate_weight(struct gate *g)
{
    struct cmd *c = g->cmd;
    if (!g->weight) {
        cmd_refuse(c, "weight_missing", g->patient->id, fact_text(c->a, "weight", "none"), "no weight is on record");
        return;
    }
    int64_t days = (c->now - g->weight->taken) / UTC_DAY;
    if (days > c->content->site->weight_max_age_days)
        cmd_refuse(c, "weight_age", g->patient->id, fact_qty(c->a, "weight", g->weight->value, g->weight->taken, NULL),
                   "the weight of %s is %lld days old; at most %lld are allowed", care_qty_text(c->a, g->weight->value), (long long)days,
                   (long long)c->content->site->weight_max_age_days);
}

/* The last two weights: a jump asks for a second look (a slip of the scale, lb for kg, another patient). */
MUST_CHECK static bool gate_weight_change(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct observation *w;
    int n;
    if (!table_list(c->tx, &record_observation, "patient=?2 AND name='weight' ORDER BY taken DESC, id DESC LIMIT 2", VALS(V_TEXT(g->patient->id)), &w, &n, e))
        return false;
    if (n < 2 || dec_sign(w[1].value.v) <= 0)
        return true;
    struct qty now;
    if (!qty_to(w[0].value, w[1].value.u, &now, e))
        return false;
    struct dec percent = dec_quot(dec_mul(dec_abs(dec_sub(now.v, w[1].value.v)), dec_int(100)), w[1].value.v);
    char text[DEC_TEXT_MAX + 8];
    if (dec_lt(c->content->site->weight_change_percent, percent))
        cmd_refuse(c, "weight_change", g->patient->id, fact_qty(c->a, "weight", w[0].value, w[0].taken, care_qty_text(c->a, w[1].value)),
                   "the weight went from %s to %s, %s %%", care_qty_text(c->a, w[1].value), care_qty_text(c->a, w[0].value),
                   dec_show(dec_round(percent, 1, DEC_HALF_AWAY), text));
    return true;
}

static char *lower(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s);
    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return out;
}

MUST_CHECK static bool gate_allergy(struct gate *g, const struct drug *d, struct err *e)
{
    struct cmd *c = g->cmd;
    struct allergy *list;
    int n;
    if (!table_list(c->tx, &record_allergy, "patient=?2 ORDER BY substance, id", VALS(V_TEXT(g->patient->id)), &list, &n, e))
        return false;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < d->allergies_count; k++)
            if (strstr(lower(c->a, list[i].substance), d->allergies[k].text))
                cmd_refuse_as(c, "allergy", d->allergies[k].severity, g->patient->id, fact_text(c->a, "allergy", list[i].substance),
                              "allergy to %s: %s", list[i].substance, d->allergies[k].words);
    return true;
}

MUST_CHECK static bool gate_lab(struct gate *g, const struct drug_lab *lab, struct err *e)
{
    struct cmd *c = g->cmd;
    struct observation o;
    bool found;
    if (!care_latest(c->tx, g->patient->id, lab->name, &o, &found, e))
        return false;
    int64_t days = found ? (c->now - o.taken) / UTC_DAY : 0;
    if (!found || days > lab->max_age_days) {
        cmd_refuse_as(c, "lab_missing", lab->missing, g->patient->id, found ? fact_qty(c->a, lab->name, o.value, o.taken, NULL) : fact_text(c->a, lab->name, "none"),
                      found ? "%s is too old: at most %lld days are allowed" : "%s is missing: one within %lld days is wanted", lab->title, (long long)lab->max_age_days);
        return true;
    }
    const struct qty *limits[2] = {&lab->low, &lab->high};
    for (int i = 0; i < 2; i++) {
        int cmp;
        if (!qty_is(*limits[i]) || !qty_is(o.value))
            continue;
        if (!qty_cmp(o.value, *limits[i], &cmp, e))
            return err_within(e, lab->name), false;
        if (i == 0 ? cmp < 0 : cmp > 0)
            cmd_refuse_as(c, "lab_range", lab->outside ? lab->outside : "needs a reason", g->patient->id,
                          fact_qty(c->a, lab->name, o.value, o.taken, care_qty_text(c->a, *limits[i])),
                          "%s is %s, %s %s: %s", lab->title, care_qty_text(c->a, o.value), i ? "over" : "under", care_qty_text(c->a, *limits[i]), lab->words);
    }
    return true;
}

MUST_CHECK static bool gate_labs(struct gate *g, const struct drug *d, bool first, struct err *e)
{
    for (int i = 0; i < d->labs_count; i++)
        if ((first || strcmp(d->labs[i].when, "each") == 0) && !gate_lab(g, &d->labs[i], e))
            return false;
    return true;
}

bool gate_plan(struct gate *g, struct err *e)
{
    gate_age(g);
    gate_weight(g);
    if (!gate_weight_change(g, e))
        return false;
    for (int i = 0; i < g->regimen->doses_count; i++) {
        const struct drug *d = content_drug(g->cmd->content, g->regimen->doses[i].drug);
        if (d && (!gate_allergy(g, d, e) || !gate_labs(g, d, true, e)))
            return false;
    }
    return true;
}

/* ---- the dose -------------------------------------------------------------------------------------------------------- */

static void gate_limit(struct gate *g, const struct drug_limit *l, struct qty value)
{
    struct cmd *c = g->cmd;
    const struct {
        struct qty limit;
        bool over, hard;
    } tests[] = {{l->hard_low, false, true}, {l->hard_high, true, true}, {l->soft_low, false, false}, {l->soft_high, true, false}};
    for (int i = 0; i < 4; i++) {
        struct err e = {0};
        int cmp;
        if (!qty_is(tests[i].limit))
            continue;
        if (!qty_cmp(value, tests[i].limit, &cmp, &e)) {
            cmd_refuse(c, "dose_limit", g->patient->id, fact_qty(c->a, l->of, value, UTC_NONE, NULL), "the limit of %s cannot be compared: %s", l->of, e.text);
            return;
        }
        if (tests[i].over ? cmp <= 0 : cmp >= 0)
            continue;
        cmd_refuse_as(c, "dose_limit", tests[i].hard ? "hard stop" : "needs a reason", g->patient->id,
                      fact_qty(c->a, l->of, value, UTC_NONE, care_qty_text(c->a, tests[i].limit)), "%s %s is %s the limit of %s: %s", l->of,
                      care_qty_text(c->a, value), tests[i].over ? "over" : "under", care_qty_text(c->a, tests[i].limit), l->words);
        if (tests[i].hard)
            return;
    }
}

static void gate_limits(struct gate *g, const struct drug *d, const struct dose *x)
{
    for (int i = 0; i < d->limits_count; i++) {
        const struct drug_limit *l = &d->limits[i];
        if (strcmp(l->of, "dose") == 0)
            gate_limit(g, l, x->dose);
        else if (strcmp(l->of, "dose_per_kg") == 0 && dec_is(x->weight_kg)) {
            struct qty mg;
            struct err e = {0};
            if (qty_to(x->dose, unit_find("mg"), &mg, &e))
                gate_limit(g, l, (struct qty){dec_quot(mg.v, x->weight_kg), unit_find("mg/kg")});
        } else if (strcmp(l->of, "volume") == 0)
            gate_limit(g, l, (struct qty){x->volume_ml, unit_find("mL")});
        else if (strcmp(l->of, "concentration") == 0)
            gate_limit(g, l, x->concentration);
        else if (strcmp(l->of, "rate") == 0 && dec_is(x->max_rate))
            gate_limit(g, l, (struct qty){x->max_rate, unit_find("mL/h")});
    }
}

/* What was given or is ordered within the window of a course limit, with this dose for each visit of the plan. */
MUST_CHECK static bool gate_course(struct gate *g, const struct drug *d, const struct dose *x, struct err *e)
{
    const struct drug_limit *l = drug_limit_of(d, "course");
    struct cmd *c = g->cmd;
    if (!l || l->days == INT_NONE)
        return true;
    struct med_order *o;
    int n;
    if (!table_list(c->tx, &record_med_order,
                    "patient=?2 AND drug=?3 AND state IN ('signed','verified','prepared','running','given','part given') "
                    "AND visit IN (SELECT id FROM visit WHERE site=?1 AND patient=?2 AND due>=?4) ORDER BY id",
                    VALS(V_TEXT(g->patient->id), V_TEXT(d->id), V_TEXT(care_add_days(c->a, care_day(c->a, c->zone, c->now), -(int)l->days))), &o, &n, e))
        return false;
    struct qty sum = x->dose;
    for (int i = 0; i < n; i++)
        sum = qty_add(sum, o[i].dose);
    struct drug_limit as_course = *l;
    gate_limit(g, &as_course, sum);
    return true;
}

bool gate_dose(struct gate *g, const struct regimen_dose *rule, const struct dose *x, struct err *e)
{
    struct cmd *c = g->cmd;
    const char *drug_id = rule ? rule->drug : NULL;
    const struct drug *d = NULL;
    for (int i = 0; !d && i < g->regimen->doses_count; i++)
        if (!drug_id || strcmp(g->regimen->doses[i].drug, drug_id) == 0)
            d = content_drug(c->content, g->regimen->doses[i].drug);
    if (!d)
        return err_set(e, ERR_INTERNAL, "drug", "the regimen's drug is not in the content");
    if (!x->agrees)
        cmd_refuse(c, "engines_disagree", g->patient->id, x->proof, "the two dose engines do not agree on %s", d->generic);
    if (rule && dec_is(rule->round_max_percent) && dec_lt(rule->round_max_percent, x->round_percent)) {
        char text[DEC_TEXT_MAX + 8];
        cmd_refuse(c, "rounding", g->patient->id, fact_qty(c->a, "unrounded", x->unrounded, UTC_NONE, NULL), "rounding changes the dose of %s by %s %%",
                   d->generic, dec_show(x->round_percent, text));
    }
    gate_limits(g, d, x);
    return gate_course(g, d, x, e);
}

/* ---- the day ------------------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool gate_screens(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct screen *s;
    int n;
    if (!table_list(c->tx, &record_screen, "visit=?2 ORDER BY at DESC, id DESC", VALS(V_TEXT(g->visit->id)), &s, &n, e))
        return false;
    for (int i = 0; i < c->content->screens_count; i++) {
        const struct screen_form *f = &c->content->screens[i];
        if (f->regimens && !content_word_listed(f->regimens, g->regimen->id))
            continue;
        const struct screen *done = NULL;
        for (int k = 0; k < n && !done; k++)
            if (strcmp(s[k].kind, f->id) == 0)
                done = &s[k];
        if (!done) {
            cmd_refuse(c, "not_screened", g->patient->id, fact_text(c->a, "screen", f->id), "\"%s\" has not been asked", f->title);
            continue;
        }
        struct node *positive = json_read(c->a, done->positive, strlen(done->positive), FIELD_LONG_MAX, e);
        if (!positive)
            return false;
        node_each(p, positive)
            for (int k = 0; k < f->items_count; k++)
                if (node_str(p) && strcmp(f->items[k].id, p->text) == 0)
                    cmd_refuse_as(c, "screen_positive", f->items[k].severity, g->patient->id, fact_text(c->a, f->items[k].id, done->answers), "%s", f->items[k].words);
    }
    return true;
}

MUST_CHECK static bool gate_vitals(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct vital_signs *v;
    int n;
    if (!table_list(c->tx, &record_vital_signs, "visit=?2 AND phase='baseline' ORDER BY at DESC LIMIT 1", VALS(V_TEXT(g->visit->id)), &v, &n, e))
        return false;
    if (!n) {
        cmd_refuse(c, "vitals_missing", g->patient->id, fact_text(c->a, "vital signs", "none"), "no baseline vital signs were taken today");
        return true;
    }
    for (int i = 0; i < g->regimen->gates_count; i++) {
        const struct regimen_gate *r = &g->regimen->gates[i];
        if (strcmp(r->kind, "vital") != 0)
            continue;
        const struct field *f = record_field(&record_vital_signs, r->name);
        if (!f || !field_is_set(f, v))
            continue;
        const void *p = (const char *)v + f->offset;
        struct dec value = f->type == FIELD_DEC ? *(const struct dec *)p : dec_int(*(const int64_t *)p);
        struct qty q = {value, unit_find(f->detail)};
        int low = 0, high = 0;
        if ((qty_is(r->low) && !qty_cmp(q, r->low, &low, e)) || (qty_is(r->high) && !qty_cmp(q, r->high, &high, e)))
            return err_within(e, r->name), false;
        if (low < 0 || high > 0)
            cmd_refuse_as(c, "vitals_range", r->severity, g->patient->id, fact_qty(c->a, r->name, q, v->at, NULL), "%s is %s: %s", r->title,
                          care_qty_text(c->a, q), r->words);
    }
    return true;
}

MUST_CHECK static bool gate_consent(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct consent *k;
    int n;
    if (!table_list(c->tx, &record_consent, "plan=?2 ORDER BY at DESC, id DESC LIMIT 1", VALS(V_TEXT(g->visit->plan)), &k, &n, e))
        return false;
    if (!n || strcmp(k[0].state, "given") != 0)
        cmd_refuse(c, "consent_missing", g->patient->id, fact_text(c->a, "consent", n ? k[0].state : "none"), "consent to this plan is not on record");
    return true;
}

bool gate_day(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct med_order *o;
    int n;
    gate_weight(g);
    if (!gate_weight_change(g, e) || !gate_screens(g, e) || !gate_vitals(g, e) || !gate_consent(g, e)
        || !table_list(c->tx, &record_med_order, "visit=?2 AND state<>'cancelled' ORDER BY place", VALS(V_TEXT(g->visit->id)), &o, &n, e))
        return false;
    if (!n)
        cmd_refuse(c, "order_missing", g->patient->id, fact_text(c->a, "orders", "none"), "the visit has no order");
    for (int i = 0; i < n; i++) {
        const struct drug *d = content_drug(c->content, o[i].drug);
        if (strcmp(o[i].state, "verified") != 0)
            cmd_refuse(c, "not_verified", g->patient->id, fact_text(c->a, o[i].id, o[i].state), "the order for %s is %s, not verified", o[i].drug_name, o[i].state);
        if (d && (!gate_allergy(g, d, e) || !gate_labs(g, d, g->visit->number == 1, e)))
            return false;
    }
    return true;
}
