#include "care/gate.h"

#include "care/cover.h"
#include "clinic/news2.h"
#include "clinic/steps.h"

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
            age < 0 ? "the patient's age is not known (%d); this content is for %d and over"
                    : "the patient is %d; this content is for %d and over",
            age, (int)g->regimen->age_min);
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
            "the weight of %s is %lld days old; at most %lld are allowed", care_qty_text(c->a, g->weight->value),
            (long long)days, (long long)c->content->site->weight_max_age_days);
}

/* The last two weights: a jump asks for a second look (a slip of the scale, lb for kg, another patient). */
MUST_CHECK static bool gate_weight_change(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct observation *w;
    int n;
    if (!table_list(c->tx, &record_observation, "patient=?2 AND name='weight' ORDER BY taken DESC, id DESC LIMIT 2",
            VALS(V_TEXT(g->patient->id)), &w, &n, e))
        return false;
    if (n < 2 || dec_sign(w[1].value.v) <= 0)
        return true;
    struct qty now;
    if (!qty_to(w[0].value, w[1].value.u, &now, e))
        return false;
    struct dec percent = dec_quot(dec_mul(dec_abs(dec_sub(now.v, w[1].value.v)), dec_int(100)), w[1].value.v);
    char text[DEC_TEXT_MAX + 8];
    if (dec_lt(c->content->site->weight_change_percent, percent))
        cmd_refuse(c, "weight_change", g->patient->id,
            fact_qty(c->a, "weight", w[0].value, w[0].taken, care_qty_text(c->a, w[1].value)),
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
    if (!table_list(
            c->tx, &record_allergy, "patient=?2 ORDER BY substance, id", VALS(V_TEXT(g->patient->id)), &list, &n, e))
        return false;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < d->allergies_count; k++)
            if (strstr(lower(c->a, list[i].substance), d->allergies[k].text))
                cmd_refuse_as(c, "allergy", d->allergies[k].severity, g->patient->id,
                    fact_text(c->a, "allergy", list[i].substance), "allergy to %s: %s", list[i].substance,
                    d->allergies[k].words);
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
        cmd_refuse_as(c, "lab_missing", lab->missing, g->patient->id,
            found ? fact_qty(c->a, lab->name, o.value, o.taken, NULL) : fact_text(c->a, lab->name, "none"),
            found ? "%s is too old: at most %lld days are allowed" : "%s is missing: one within %lld days is wanted",
            lab->title, (long long)lab->max_age_days);
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
                fact_qty(c->a, lab->name, o.value, o.taken, care_qty_text(c->a, *limits[i])), "%s is %s, %s %s: %s",
                lab->title, care_qty_text(c->a, o.value), i ? "over" : "under", care_qty_text(c->a, *limits[i]),
                lab->words);
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

static void gate_allergies_asked(struct gate *g)
{
    if (strcmp(g->patient->allergies, "not recorded") == 0)
        cmd_refuse(g->cmd, "allergies_not_recorded", g->patient->id, fact_text(g->cmd->a, "allergies", "not recorded"),
                   "nobody has recorded whether there are allergies");
}

/* A person is seldom as many kilograms as centimetres: the two were entered in each other's place. */
MUST_CHECK static bool gate_swapped(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct observation height;
    struct qty kg, cm;
    bool found;
    if (!care_latest(c->tx, g->patient->id, "height", &height, &found, e))
        return false;
    if (!found || !g->weight)
        return true;
    if (!qty_to(g->weight->value, unit_find("kg"), &kg, e) || !qty_to(height.value, unit_find("cm"), &cm, e))
        return false;
    if (dec_le(cm.v, kg.v))
        cmd_refuse(c, "height_weight_swapped", g->patient->id,
            fact_qty(c->a, "weight", kg, g->weight->taken, care_qty_text(c->a, cm)),
            "a weight of %s with a height of %s: are they swapped?", care_qty_text(c->a, kg), care_qty_text(c->a, cm));
    return true;
}

/* The diagnosis stands with the patient, not only with the plan; and the payer of today pays for it. */
MUST_CHECK static bool gate_indication(struct gate *g, const struct drug *d, struct err *e)
{
    struct cmd *c = g->cmd;
    struct condition *list;
    struct cover cover;
    int n;
    bool known = false;
    if (!table_list(c->tx, &record_condition, "patient=?2 AND code IS NOT NULL ORDER BY id",
            VALS(V_TEXT(g->patient->id)), &list, &n, e))
        return false;
    for (int i = 0; i < n; i++)
        known |= strcmp(list[i].code, g->indication) == 0;
    if (!known)
        cmd_refuse(c, "not_indicated", g->patient->id, fact_text(c->a, "indication", g->indication),
            "%s is not among the patient's diagnoses", g->indication);
    BLANK(med_order, o);
    o.patient = g->patient->id;
    o.drug = d->id;
    o.dose = QTY_NONE;
    if (!care_cover(c->tx, c->content, &o, care_day(c->a, c->zone, c->now), &cover, e))
        return false;
    if (cover.row && !content_code_listed(cover.row->diagnoses, g->indication))
        cmd_refuse(c, "diagnosis_not_covered", g->patient->id, fact_text(c->a, "indication", g->indication),
            "%s does not list %s for %s", cover.payer->name, g->indication, d->generic);
    return true;
}

MUST_CHECK static bool gate_double(struct gate *g, const struct drug *d, struct err *e)
{
    struct cmd *c = g->cmd;
    struct plan *list;
    int n;
    if (!table_list(c->tx, &record_plan,
            "patient=?2 AND state IN ('draft','signed','verified') AND id IN (SELECT plan FROM med_order WHERE site=?1 "
            "AND patient=?2 AND drug=?3) ORDER BY id",
            VALS(V_TEXT(g->patient->id), V_TEXT(d->id)), &list, &n, e))
        return false;
    if (n)
        cmd_refuse(c, "double_plan", g->patient->id, fact_text(c->a, "plan", list[0].id),
            "%s is in another plan already: %s, %s", d->generic, list[0].title, list[0].state);
    return true;
}

static const char *dose_not_carried(struct arena *a, const struct regimen_dose *x, const struct drug *d)
{
    const char *method = x->method ? x->method : d->infusion ? d->infusion->method : strcmp(x->route, "PO") == 0 ? "oral" : "injection";
    if (strcmp(x->basis, "auc") == 0) /* content does not yet say which weight and floor its clearance is made with */
        return arena_printf(a, "the dose of %s by AUC", d->generic);
    if (!unit_same_dim(unit_find(d->show_unit), unit_find("mg")))
        return arena_printf(a, "%s in %s", d->generic, unit_show(unit_find(d->show_unit)));
    if (d->pca)
        return arena_printf(a, "patient-controlled %s", d->generic);
    if (!content_word_listed("pump oral", method))
        return arena_printf(a, "%s by %s", d->generic, method);
    if (x->method || x->minutes != INT_NONE || x->with)
        return arena_printf(a, "%s given in a manner of the regimen's own", d->generic);
    return NULL;
}

/* What the program can carry from plan to claim today. A regimen that asks for more is refused whole: better no plan
 * than one with a number nobody worked out. */
const char *gate_not_carried(struct arena *a, const struct content *c, const struct regimen *g)
{
    if (!regimen_for_setting(g, c->site->setting))
        return arena_printf(a, "%s is made for: %s. This site is: %s", g->name, g->settings ? g->settings : "hospital centre", c->site->setting);
    if (g->modifications_count)
        return arena_printf(a, "this program does not yet carry the modification table of %s", g->name);
    for (int i = 0; i < g->doses_count; i++) {
        const struct drug *d = content_drug(c, g->doses[i].drug);
        const char *what = d && !g->doses[i].optional ? dose_not_carried(a, &g->doses[i], d) : NULL;
        if (what)
            return arena_printf(a, "this program does not yet carry %s", what);
    }
    return NULL;
}

static void gate_carried(struct gate *g)
{
    struct cmd *c = g->cmd;
    const char *why = gate_not_carried(c->a, c->content, g->regimen);
    if (why)
        cmd_refuse(c, "not_supported", g->patient->id, fact_text(c->a, "regimen", g->regimen->id), "%s", why);
}

bool gate_plan(struct gate *g, struct err *e)
{
    gate_carried(g);
    gate_age(g);
    gate_weight(g);
    gate_allergies_asked(g);
    if (!gate_weight_change(g, e) || !gate_swapped(g, e))
        return false;
    for (int i = 0; i < g->regimen->doses_count; i++) {
        const struct drug *d = content_drug(g->cmd->content, g->regimen->doses[i].drug);
        if (!d || g->regimen->doses[i].optional)
            continue;
        if (!gate_allergy(g, d, e) || !gate_labs(g, d, true, e) || !gate_double(g, d, e))
            return false;
        if (strcmp(d->kind, "therapy") == 0 && !gate_indication(g, d, e))
            return false;
    }
    return true;
}

/* ---- the dose -------------------------------------------------------------------------------------------------------- */

static void gate_limit(struct gate *g, const struct drug_limit *l, struct qty value)
{
    struct cmd *c = g->cmd;
    bool course = strcmp(l->of, "course") == 0;
    const struct {
        struct qty limit;
        bool over, hard;
    } tests[] = {{l->hard_low, false, true}, {l->hard_high, true, true}, {l->soft_low, false, false},
        {l->soft_high, true, false}};
    for (int i = 0; i < 4; i++) {
        struct err e = {0};
        int cmp;
        if (!qty_is(tests[i].limit))
            continue;
        if (!qty_cmp(value, tests[i].limit, &cmp, &e)) {
            cmd_refuse(c, "dose_limit", g->patient->id, fact_qty(c->a, l->of, value, UTC_NONE, NULL),
                "the limit of %s cannot be compared: %s", l->of, e.text);
            return;
        }
        if (tests[i].over ? cmp <= 0 : cmp >= 0)
            continue;
        const char *rule = course ? "course_limit" : tests[i].hard && tests[i].over ? "dose_above_hard" : "dose_limit";
        cmd_refuse_as(c, rule, tests[i].hard ? "hard stop" : "needs a reason", g->patient->id,
            fact_qty(c->a, l->of, value, UTC_NONE, care_qty_text(c->a, tests[i].limit)),
            "%s %s is %s the limit of %s: %s", l->of, care_qty_text(c->a, value), tests[i].over ? "over" : "under",
            care_qty_text(c->a, tests[i].limit), l->words);
        if (tests[i].hard)
            return;
    }
}

/* The fastest rate planned, in the limit's own unit. */
static void gate_rate(struct gate *g, const struct drug_limit *l, const struct dose *x)
{
    struct arena *a = g->cmd->a;
    struct err e = {0};
    struct dec fastest = DEC_NONE, r;
    struct qty in, of = qty_is(l->hard_high) ? l->hard_high : qty_is(l->soft_high) ? l->soft_high : qty_is(l->soft_low) ? l->soft_low : l->hard_low;
    const struct node *steps = x->steps ? json_read(a, x->steps, strlen(x->steps), FIELD_LONG_MAX, &e) : NULL;
    if (!steps)
        return;
    node_each(s, steps) {
        const struct node *rate = node_get(s, "rate");
        if (rate && dec_parse(rate->text, rate->len, &r, &e) && (!dec_is(fastest) || dec_lt(fastest, r)))
            fastest = r;
    }
    struct qty kg = dec_is(x->weight_kg) ? (struct qty){x->weight_kg, unit_find("kg")} : QTY_NONE;
    if (!dec_is(fastest) || !steps_rate_from_ml_h(fastest, kg, x->concentration, of.u, &in, &e))
        in = (struct qty){fastest, unit_find("mL/h")}; /* cannot be compared: refused below, with words */
    gate_limit(g, l, in);
}

static void gate_limits(struct gate *g, const struct drug *d, const struct dose *x)
{
    for (int i = 0; i < d->limits_count; i++) {
        const struct drug_limit *l = &d->limits[i];
        if (!drug_limit_holds(l, g->cmd->content->site->setting))
            continue;
        if (strcmp(l->of, "duration") == 0 && x->minutes > 0)
            gate_limit(g, l, (struct qty){dec_int(x->minutes), unit_find("min")});
        else if (strcmp(l->of, "dose") == 0)
            gate_limit(g, l, x->dose);
        else if (strcmp(l->of, "dose_per_kg") == 0 && dec_is(x->weight_kg)) {
            struct qty mg;
            struct err e = {0};
            if (qty_to(x->dose, unit_find("mg"), &mg, &e))
                /* to one place, as it is read: rounding to a whole mg is not over the limit the dose was made by */
                gate_limit(
                    g, l, (struct qty){dec_round(dec_quot(mg.v, x->weight_kg), 1, DEC_HALF_AWAY), unit_find("mg/kg")});
        } else if (strcmp(l->of, "volume") == 0)
            gate_limit(g, l, (struct qty){x->volume_ml, unit_find("mL")});
        else if (strcmp(l->of, "concentration") == 0)
            gate_limit(g, l, x->concentration);
        else if (strcmp(l->of, "rate") == 0)
            gate_rate(g, l, x);
    }
}

/* What was given or is ordered within the window of a course limit, and this dose as often as the plan gives it. */
MUST_CHECK static bool gate_course(struct gate *g, const struct drug *d, const struct dose *x, struct err *e)
{
    const struct drug_limit *l = drug_limit_of(d, "course");
    struct cmd *c = g->cmd;
    if (!l || l->days == INT_NONE)
        return true;
    struct med_order *o;
    int n;
    const char *day = g->first_day ? g->first_day : care_day(c->a, c->zone, c->now);
    if (!table_list(c->tx, &record_med_order,
            "patient=?2 AND drug=?3 AND id<>?6 AND state IN ('signed','verified','prepared','running','given','part "
            "given') "
            "AND visit IN (SELECT id FROM visit WHERE site=?1 AND patient=?2 AND due>?4 AND due<?5) ORDER BY id",
            VALS(V_TEXT(g->patient->id), V_TEXT(d->id), V_TEXT(care_add_days(c->a, day, -(int)l->days)),
                V_TEXT(care_add_days(c->a, day, (int)l->days)), V_TEXT(g->order ? g->order : "")),
            &o, &n, e))
        return false;
    struct qty sum = qty_scale(x->dose, dec_int(g->times > 0 ? g->times : 1));
    for (int i = 0; i < n; i++)
        sum = qty_add(sum, o[i].dose);
    gate_limit(g, l, sum);
    return true;
}

bool gate_dose(
    struct gate *g, const struct drug *d, const struct regimen_dose *rule, const struct dose *x, struct err *e)
{
    struct cmd *c = g->cmd;
    if (!x->agrees)
        cmd_refuse(
            c, "engines_disagree", g->patient->id, x->proof, "the two dose engines do not agree on %s", d->generic);
    if (rule && dec_is(rule->round_max_percent) && dec_lt(rule->round_max_percent, x->round_percent)) {
        char text[DEC_TEXT_MAX + 8];
        cmd_refuse(c, "rounding", g->patient->id, fact_qty(c->a, "unrounded", x->unrounded, UTC_NONE, NULL),
            "rounding changes the dose of %s by %s %%", d->generic, dec_show(x->round_percent, text));
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
            cmd_refuse(c, "not_screened", g->patient->id, fact_text(c->a, "screen", f->id), "\"%s\" has not been asked",
                f->title);
            continue;
        }
        struct node *positive = json_read(c->a, done->positive, strlen(done->positive), FIELD_LONG_MAX, e);
        if (!positive)
            return false;
        node_each(p, positive)
            for (int k = 0; k < f->items_count; k++)
                if (node_str(p) && strcmp(f->items[k].id, p->text) == 0)
                    cmd_refuse_as(c, "screen_positive", f->items[k].severity, g->patient->id,
                        fact_text(c->a, f->items[k].id, done->answers), "%s", f->items[k].words);
    }
    return true;
}

/* How old baseline vital signs may be: the strictest of the visit's drugs; INT_NONE if none says. */
static int64_t baseline_minutes(const struct gate *g, const struct med_order *o, int n)
{
    int64_t most = INT_NONE;
    for (int i = 0; i < n; i++) {
        const struct drug *d = content_drug(g->cmd->content, o[i].drug);
        for (int k = 0; d && k < d->checks_count; k++)
            if (strcmp(d->checks[k].when, "baseline") == 0 && d->checks[k].minutes != INT_NONE
                && (most == INT_NONE || d->checks[k].minutes < most))
                most = d->checks[k].minutes;
    }
    return most;
}

static struct qty vital_of(const struct vital_signs *v, const struct field *f)
{
    const void *p = (const char *)v + f->offset;
    return (struct qty){
        f->type == FIELD_DEC ? *(const struct dec *)p : dec_int(*(const int64_t *)p), unit_find(f->detail)};
}

MUST_CHECK static bool gate_vital(
    struct gate *g, const struct regimen_gate *r, const struct vital_signs *v, struct err *e)
{
    struct cmd *c = g->cmd;
    const struct field *f = record_field(&record_vital_signs, r->name);
    int low = 0, high = 0;
    if (!f || (f->type != FIELD_DEC && f->type != FIELD_INT))
        return err_set(e, ERR_INTERNAL, r->name, "the content's gate %s is about no vital sign", r->id);
    if (!field_is_set(f, v)) {
        cmd_refuse(c, "vitals_missing", g->patient->id, fact_text(c->a, r->name, "not measured"),
            "%s was not measured: take a full set", r->title);
        return true;
    }
    struct qty q = vital_of(v, f);
    if ((qty_is(r->low) && !qty_cmp(q, r->low, &low, e)) || (qty_is(r->high) && !qty_cmp(q, r->high, &high, e)))
        return err_within(e, r->name), false;
    if (low < 0 || high > 0)
        cmd_refuse_as(c, "vitals_range", r->severity, g->patient->id, fact_qty(c->a, r->name, q, v->at, NULL),
            "%s is %s: %s", r->title, care_qty_text(c->a, q), r->words);
    return true;
}

/* The band is NEWS2's own (5 and more: urgent). An incomplete set has no score, which the gates above have said. */
MUST_CHECK static bool gate_news2(struct gate *g, const struct vital_signs *v, struct err *e)
{
    struct cmd *c = g->cmd;
    struct news2 n;
    if (v->news2 == INT_NONE)
        return true;
    struct news2_obs o = {.rr = dec_int(v->rr),
        .spo2 = dec_int(v->spo2),
        .scale = 1,
        .oxygen = v->oxygen == 1,
        .sbp = dec_int(v->sbp),
        .hr = dec_int(v->hr),
        .acvpu = v->acvpu[0],
        .temp = v->temp};
    if (!news2_score(&o, &n, e))
        return false;
    if (n.band >= NEWS2_MEDIUM)
        cmd_refuse(c, "news2_high", g->patient->id, arena_printf(c->a, "{\"news2\":%d,\"set\":\"%s\"}", n.total, v->id),
            "NEWS2 is %d (%s): an urgent look first", n.total, news2_band_name(n.band));
    return true;
}

MUST_CHECK static bool gate_vitals(struct gate *g, int64_t minutes, struct err *e)
{
    struct cmd *c = g->cmd;
    struct vital_signs *v;
    int n;
    if (!table_list(c->tx, &record_vital_signs, "visit=?2 AND phase='baseline' ORDER BY at DESC, id DESC LIMIT 1",
            VALS(V_TEXT(g->visit->id)), &v, &n, e))
        return false;
    if (!n) {
        cmd_refuse(c, "vitals_missing", g->patient->id, fact_text(c->a, "vital signs", "none"),
            "no baseline vital signs were taken today");
        return true;
    }
    if (minutes != INT_NONE && c->happened - v->at > minutes * UTC_MINUTE)
        cmd_refuse(c, "vitals_missing", g->patient->id, fact_text(c->a, "vital signs", v->id),
            "the baseline vital signs are %lld minutes old; at most %lld are allowed",
            (long long)((c->happened - v->at) / UTC_MINUTE), (long long)minutes);
    for (int i = 0; i < g->regimen->gates_count; i++)
        if (strcmp(g->regimen->gates[i].kind, "vital") == 0 && !gate_vital(g, &g->regimen->gates[i], v, e))
            return false;
    return gate_news2(g, v, e);
}

/* The regimen's own laboratory gates, beside those of its drugs. Screen gates are questions of a screen, judged there. */
MUST_CHECK static bool gate_regimen_labs(struct gate *g, struct err *e)
{
    for (int i = 0; i < g->regimen->gates_count; i++) {
        const struct regimen_gate *r = &g->regimen->gates[i];
        if (strcmp(r->kind, "lab") != 0)
            continue;
        struct drug_lab lab = {.name = r->name,
            .title = r->title,
            .max_age_days = r->max_age_days == INT_NONE ? INT64_MAX : r->max_age_days,
            .missing = r->severity,
            .low = r->low,
            .high = r->high,
            .outside = r->severity,
            .words = r->words};
        if (!gate_lab(g, &lab, e))
            return false;
    }
    return true;
}

MUST_CHECK static bool gate_consent(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct consent *k;
    int n;
    if (!table_list(c->tx, &record_consent, "plan=?2 ORDER BY at DESC, id DESC LIMIT 1", VALS(V_TEXT(g->visit->plan)),
            &k, &n, e))
        return false;
    if (!n || strcmp(k[0].state, "given") != 0)
        cmd_refuse(c, "consent_missing", g->patient->id, fact_text(c->a, "consent", n ? k[0].state : "none"),
            "consent to this plan is not on record");
    return true;
}

/* The weight a dose was worked out with, from its proof; of a changed dose, from the one before. False if it has none. */
static bool weight_of_order(struct arena *a, const struct med_order *o, struct qty *kg)
{
    struct err e = {0};
    for (const struct node *proof = json_read(a, o->proof, strlen(o->proof), FIELD_LONG_MAX, &e); proof;
         proof = node_get(proof, "before"))
        node_each(input, node_get(proof, "inputs")) {
            const char *name = node_str_at(input, "name"), *unit = node_str_at(input, "value.unit");
            struct qty q;
            if (name && unit && strcmp(name, "weight") == 0 && node_dec(node_path(input, "value.value"), &q.v, &e)) {
                q.u = unit_find(unit);
                return qty_to(q, unit_find("kg"), kg, &e);
            }
        }
    return false;
}

MUST_CHECK static bool gate_order_weight(struct gate *g, const struct med_order *o, struct err *e)
{
    struct cmd *c = g->cmd;
    struct qty then, now;
    char text[DEC_TEXT_MAX + 8];
    if (!g->weight || !weight_of_order(c->a, o, &then) || dec_sign(then.v) <= 0)
        return true;
    if (!qty_to(g->weight->value, then.u, &now, e))
        return false;
    struct dec percent = dec_quot(dec_mul(dec_abs(dec_sub(now.v, then.v)), dec_int(100)), then.v);
    if (dec_le(c->content->site->weight_change_percent, percent))
        cmd_refuse(c, "weight_change_10", g->patient->id,
            fact_qty(c->a, "weight", now, g->weight->taken, care_qty_text(c->a, then)),
            "the dose of %s was worked out with %s; the weight is now %s, %s %% different", o->drug_name,
            care_qty_text(c->a, then), care_qty_text(c->a, now), dec_show(dec_round(percent, 1, DEC_HALF_AWAY), text));
    return true;
}

/* What a payer would deny is asked for before the bag is mixed. */
MUST_CHECK static bool gate_cover(struct gate *g, const struct med_order *o, struct err *e)
{
    struct cmd *c = g->cmd;
    struct cover cover;
    if (!care_cover(c->tx, c->content, o, care_day(c->a, c->zone, c->now), &cover, e))
        return false;
    if (!cover.insured)
        cmd_refuse(c, "coverage_missing", g->patient->id, fact_text(c->a, "coverage", "none"),
            "no active coverage is on record for today");
    if (cover.state == COVER_MISSING)
        cmd_refuse(c, "authorisation_missing", g->patient->id, fact_text(c->a, "authorisation", cover.says),
            "%s wants an authorisation for %s: %s", cover.payer_says, o->drug_name, cover.says);
    if (cover.state == COVER_SHORT)
        cmd_refuse(c, "authorisation_short", g->patient->id, fact_text(c->a, "authorisation", cover.says),
            "the authorisation for %s is too small: %s", o->drug_name, cover.says);
    return true;
}

MUST_CHECK static bool gate_order(struct gate *g, const struct med_order *o, struct err *e)
{
    struct cmd *c = g->cmd;
    const struct drug *d = content_drug(c->content, o->drug);
    if (strcmp(o->state, "verified") != 0)
        cmd_refuse(c, "not_verified", g->patient->id, fact_text(c->a, o->id, o->state),
            "the order for %s is %s, not verified", o->drug_name, o->state);
    return !d || (gate_allergy(g, d, e) && gate_labs(g, d, g->visit->number == 1, e) && gate_order_weight(g, o, e)
                  && (strcmp(d->kind, "therapy") != 0 || gate_cover(g, o, e)));
}

bool gate_day(struct gate *g, struct err *e)
{
    struct cmd *c = g->cmd;
    struct med_order *o;
    int n;
    gate_weight(g);
    gate_allergies_asked(g);
    if (!table_list(c->tx, &record_med_order, "visit=?2 AND state<>'cancelled' ORDER BY place",
            VALS(V_TEXT(g->visit->id)), &o, &n, e)
        || !gate_weight_change(g, e) || !gate_screens(g, e) || !gate_vitals(g, baseline_minutes(g, o, n), e)
        || !gate_regimen_labs(g, e) || !gate_consent(g, e))
        return false;
    if (!n)
        cmd_refuse(c, "order_missing", g->patient->id, fact_text(c->a, "orders", "none"), "the visit has no order");
    for (int i = 0; i < n; i++)
        if (!gate_order(g, &o[i], e))
            return false;
    return true;
}
