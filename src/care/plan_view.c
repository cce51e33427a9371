/* Plans as pages read them: patients, regimens on offer with a preview of every dose, one plan with its proofs. */
#include "care/care.h"
#include "care/dose.h"
#include "care/gate.h"
#include "formulary/content.h"

#include <stddef.h>
#include <string.h>

enum { PREVIEW_MAX = 400 }; /* doses of one regimen */

MUST_CHECK static bool diagnosis_for(struct view *v, const char *patient, const struct regimen **regimens, int max,
    struct condition *out, bool *found, int *offered, struct err *e)
{
    struct condition *list;
    int n;
    *found = false;
    *offered = 0;
    if (!table_list(v->tx, &record_condition, "patient=?2 AND code IS NOT NULL ORDER BY COALESCE(onset,0) DESC, id",
            VALS(V_TEXT(patient)), &list, &n, e))
        return false;
    for (int i = 0; i < n && !*offered; i++) {
        *offered = content_regimens_for(v->content, list[i].code, regimens, max);
        if (*offered) {
            *out = list[i];
            *found = true;
        }
    }
    return true;
}

/* The list's own patients, for what is read about all of them at once. */
#define LISTED "(SELECT id FROM patient WHERE site=?1 ORDER BY family, given, id LIMIT 1000)"

struct patient_list {
    struct patient *patients;
    struct condition *conditions; /* by patient, the latest first */
    struct plan *plans;           /* of each the latest, by patient */
    int count, condition_count, plan_count;
};

MUST_CHECK static bool patients_read(struct view *v, struct patient_list *l, struct err *e)
{
    static const struct table_some patients = {&record_patient, "id family given mrn born",
        "TRUE ORDER BY family, given, id LIMIT 1000"},
        conditions = {&record_condition, "id patient code display",
            "code IS NOT NULL AND patient IN " LISTED " ORDER BY patient, COALESCE(onset,0) DESC, id"},
        plans = {&record_plan, "id patient title state",
            "id IN (SELECT (SELECT q.id FROM plan q WHERE q.site=?1 AND q.patient=p.id ORDER BY q.first_day DESC, q.id DESC "
            "LIMIT 1) FROM " LISTED " p) ORDER BY patient"};
    return table_list_some(v->tx, &patients, NO_VALS, &l->patients, &l->count, e)
        && table_list_some(v->tx, &conditions, NO_VALS, &l->conditions, &l->condition_count, e)
        && table_list_some(v->tx, &plans, NO_VALS, &l->plans, &l->plan_count, e);
}

/* Where the rows about a patient begin; rows of `size` bytes, sorted by the patient that stands `at` in each. */
static int first_of(const void *rows, int n, size_t size, size_t at, const char *patient)
{
    int lo = 0;
    while (lo < n) {
        int mid = (lo + n) / 2;
        if (strcmp(*(const char *const *)((const char *)rows + (size_t)mid * size + at), patient) < 0)
            lo = mid + 1;
        else
            n = mid;
    }
    return lo;
}

/* The latest diagnosis a regimen is offered for. */
static const char *diagnosis_of(const struct view *v, const struct patient_list *l, const char *patient)
{
    const struct regimen *r[1];
    int at = first_of(
        l->conditions, l->condition_count, sizeof *l->conditions, offsetof(struct condition, patient), patient);
    for (; at < l->condition_count && strcmp(l->conditions[at].patient, patient) == 0; at++)
        if (content_regimens_for(v->content, l->conditions[at].code, r, 1))
            return l->conditions[at].display;
    return NULL;
}

static bool patients_show(struct view *v, const void *params, struct err *e)
{
    struct patient_list l;
    (void)params;
    if (!patients_read(v, &l, e))
        return false;
    int n = l.count;
    struct patient_row *rows = ARENA_ARRAY(v->a, n ? (size_t)n : 1, struct patient_row);
    for (int i = 0; i < n; i++) {
        const struct patient *p = &l.patients[i];
        int at = first_of(l.plans, l.plan_count, sizeof *l.plans, offsetof(struct plan, patient), p->id);
        record_blank(&record_patient_row, &rows[i]);
        rows[i].id = p->id;
        rows[i].name = care_name(v->a, p);
        rows[i].mrn = p->mrn;
        rows[i].born = care_show_date(v->a, p->born);
        rows[i].age = utc_age_years(p->born, v->now, v->zone);
        rows[i].diagnosis = diagnosis_of(v, &l, p->id);
        if (at < l.plan_count && strcmp(l.plans[at].patient, p->id) == 0) {
            rows[i].plan = l.plans[at].id;
            rows[i].plan_title = l.plans[at].title;
            rows[i].plan_state = l.plans[at].state;
        }
    }
    view_many(v, "patients", &record_patient_row, rows, n);
    return true;
}

static void dose_row_of(struct view *v, const struct visit *x, const struct med_order *o, struct dose_row *d)
{
    record_blank(&record_dose_row, d);
    d->order = o->id;
    d->visit = x->id;
    d->number = x->number;
    d->due = x->due;
    d->drug = o->drug;
    d->drug_name = o->drug_name;
    d->dose = care_qty_text(v->a, o->dose);
    d->rates = dose_rates_text(v->a, o->steps, (int)o->minutes);
    d->state = o->state;
    d->proof = o->proof;
}

/* Every dose of a regimen for this patient as it would be ordered today; a dose that cannot be computed says why. */
MUST_CHECK static bool preview(struct view *v, const struct patient *p, const struct regimen *r, const char *first_day,
    struct dose_row *rows, int *n, const char **problem, struct err *e)
{
    struct observation weight, height;
    bool has_weight, has_height;
    if (!care_latest(v->tx, p->id, "weight", &weight, &has_weight, e)
        || !care_latest(v->tx, p->id, "height", &height, &has_height, e))
        return false;
    if ((*problem = gate_not_carried(v->a, v->content, r)) != NULL)
        return true;
    for (int i = 0; i < r->visits_count; i++)
        for (int k = 0; k < r->visits[i].doses_count && *n < PREVIEW_MAX; k++) {
            const struct regimen_dose *rule = regimen_find_dose(r, r->visits[i].doses[k]);
            struct dose_inputs in = {.drug = content_drug(v->content, rule->drug),
                .regimen = r,
                .rule = rule,
                .site = v->content->site,
                .weight = has_weight ? &weight : NULL,
                .height = has_height ? &height : NULL,
                .sex = p->sex,
                .age = utc_age_years(p->born, v->now, v->zone),
                .content_hash = v->content->hash,
                .first = r->visits[i].number == 1,
                .now = v->now};
            struct dose x;
            struct err why = {0};
            if (rule->optional)
                continue;
            if (!dose_compute(v->a, &in, &x, &why)) {
                *problem = arena_printf(v->a, "%s: %s", why.where, why.text);
                *n = 0; /* half a regimen is not shown */
                return true;
            }
            struct dose_row *d = &rows[(*n)++];
            record_blank(&record_dose_row, d);
            d->number = r->visits[i].number;
            d->due = care_add_days(v->a, first_day, (int)r->visits[i].day);
            d->drug = in.drug->id;
            d->drug_name = in.drug->tall_man ? in.drug->tall_man : in.drug->generic;
            d->dose = care_qty_text(v->a, x.dose);
            d->rates = dose_rates_text(v->a, x.steps, x.minutes);
            d->state = "preview";
            d->proof = x.proof;
        }
    return true;
}

static bool regimens_show(struct view *v, const void *params, struct err *e)
{
    const struct regimen_params *in = params;
    const struct regimen *r[16];
    struct patient p;
    struct condition c;
    struct banner b;
    bool found;
    int n, doses = 0;
    if (!table_need(v->tx, &record_patient, in->patient, "patient", &p, e)
        || !diagnosis_for(v, p.id, r, 16, &c, &found, &n, e) || !care_banner(v->tx, v->zone, v->now, p.id, NULL, &b, e))
        return false;
    v->patient = p.id;
    struct regimen_row rows[16];
    for (int i = 0; i < n; i++) {
        int visits = r[i]->visits_count;
        rows[i] = (struct regimen_row){r[i]->id, r[i]->name, c.code, c.display,
            arena_printf(v->a, "%d visit%s: %s", visits, visits == 1 ? "" : "s", r[i]->doses[0].words), "none, DEMO"};
    }
    struct dose_row *preview_rows = ARENA_ARRAY(v->a, PREVIEW_MAX, struct dose_row);
    const char *problem = NULL;
    const struct regimen *chosen = in->regimen ? content_regimen(v->content, in->regimen) : NULL;
    if (in->regimen && !chosen)
        return err_set(e, ERR_NOT_FOUND, "regimen", "there is no regimen \"%.60s\"", in->regimen);
    if (chosen
        && !preview(v, &p, chosen, in->first_day ? in->first_day : care_day(v->a, v->zone, v->now), preview_rows,
            &doses, &problem, e))
        return false;
    struct mark_row why = {v->now, "note", problem, NULL};
    view_one(v, "banner", &record_banner, &b);
    view_many(v, "regimens", &record_regimen_row, rows, n);
    view_many(v, "doses", &record_dose_row, preview_rows, doses);
    view_many(v, "problems", &record_mark_row, &why, problem ? 1 : 0);
    return true;
}

static int percent_given(struct view *v, const char *order)
{
    struct infusion *i;
    int n;
    struct err e = {0};
    if (!table_list(v->tx, &record_infusion, "med_order=?2 ORDER BY id", VALS(V_TEXT(order)), &i, &n, &e) || !n)
        return -1;
    struct dec sum = dec_int(0);
    for (int k = 0; k < n; k++)
        sum = dec_add(sum, i[k].volume);
    int64_t percent;
    if (dec_sign(i[0].ordered_ml) <= 0
        || !dec_to_int(dec_div(dec_mul(sum, dec_int(100)), i[0].ordered_ml, 0, DEC_HALF_AWAY), DEC_HALF_AWAY, &percent))
        return -1;
    return (int)percent;
}

static bool plan_show(struct view *v, const void *params, struct err *e)
{
    const struct by_plan *in = params;
    struct plan plan;
    struct visit *visits;
    struct med_order *orders;
    struct banner b;
    struct consent *consents;
    int n, k, c, rows = 0;
    if (!table_need(v->tx, &record_plan, in->plan, "plan", &plan, e)
        || !care_banner(v->tx, v->zone, v->now, plan.patient, NULL, &b, e)
        || !table_list(v->tx, &record_visit, "plan=?2 ORDER BY number", VALS(V_TEXT(plan.id)), &visits, &n, e)
        || !table_list(v->tx, &record_med_order, "plan=?2 ORDER BY id", VALS(V_TEXT(plan.id)), &orders, &k, e)
        || !table_list(v->tx, &record_consent, "plan=?2 ORDER BY at DESC", VALS(V_TEXT(plan.id)), &consents, &c, e))
        return false;
    v->patient = plan.patient;
    struct dose_row *doses = ARENA_ARRAY(v->a, k ? (size_t)k : 1, struct dose_row);
    for (int i = 0; i < n; i++)
        for (int o = 0; o < k; o++)
            if (strcmp(orders[o].visit, visits[i].id) == 0) {
                dose_row_of(v, &visits[i], &orders[o], &doses[rows]);
                int percent = percent_given(v, orders[o].id);
                doses[rows].percent = percent < 0 ? INT_NONE : percent;
                if (rows && strcmp(doses[rows - 1].drug, doses[rows].drug) == 0
                    && strcmp(doses[rows - 1].dose, doses[rows].dose) != 0)
                    doses[rows].changed = arena_printf(v->a, "%s before", doses[rows - 1].dose);
                rows++;
            }
    view_one(v, "banner", &record_banner, &b);
    view_one(v, "plan", &record_plan, &plan);
    view_many(v, "visits", &record_visit, visits, n);
    view_many(v, "doses", &record_dose_row, doses, rows);
    view_many(v, "consents", &record_consent, consents, c);
    return true;
}

static const struct view_member patients_members[] = {{"patients", &record_patient_row, true}};
static const struct view_member regimens_members[] = {{"banner", &record_banner, false},
    {"regimens", &record_regimen_row, true}, {"doses", &record_dose_row, true}, {"problems", &record_mark_row, true}};
static const struct view_member plan_members[] = {{"banner", &record_banner, false}, {"plan", &record_plan, false},
    {"visits", &record_visit, true}, {"doses", &record_dose_row, true}, {"consents", &record_consent, true}};

const struct view_type plan_views[] = {
    {"patients", ROLE_STAFF, &record_nothing, patients_members, TABLE_COUNT(patients_members), patients_show,
        "every patient, diagnosis and plan"},
    {"regimens", ROLE_CLINICAL, &record_regimen_params, regimens_members, TABLE_COUNT(regimens_members), regimens_show,
        "regimens offered for a patient, doses as a preview"},
    {"plan", ROLE_STAFF, &record_by_plan, plan_members, TABLE_COUNT(plan_members), plan_show,
        "one plan with the proof of each dose"},
};
const int plan_view_count = TABLE_COUNT(plan_views);
