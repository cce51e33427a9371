/* Ready: for each visit of the next seven days, what is ready, blocked or not known, who mends it and by when.
 * "Ready" is administrative; OK to treat is clinical and signed. */
#include "care/care.h"
#include "care/cover.h"
#include "formulary/content.h"

#include <string.h>

enum { READY_DAYS = 7, READY_VISITS_MAX = 400, READY_FACTS_MAX = 12 };

static bool authorisation_record(struct cmd *c, const void *input, struct err *e)
{
    const struct authorisation_record_in *in = input;
    struct patient p;
    if (!table_need(c->tx, &record_patient, in->patient, "patient", &p, e))
        return false;
    if (!content_drug(c->content, in->drug))
        return err_set(e, ERR_NOT_FOUND, "drug", "the content has no drug \"%.60s\"", in->drug);
    if (strcmp(in->end, in->start) < 0)
        return err_set(e, ERR_INPUT, "end", "it ends before it begins");
    if (in->units < 0 || in->units > 10000000)
        return err_set(e, ERR_INPUT, "units", "0 to 10,000,000 billing units");
    BLANK(authorisation, a);
    a.id = cmd_new_id(c, "authorisation");
    a.patient = p.id;
    a.payer = in->payer;
    a.drug = in->drug;
    a.number = in->number;
    a.state = in->state;
    a.start = in->start;
    a.end = in->end;
    a.units = in->units;
    a.used = 0;
    return cmd_emit(c, &ev_authorisation_recorded, &a, NULL, NULL, e);
}

static bool consent_record(struct cmd *c, const void *input, struct err *e)
{
    const struct consent_record_in *in = input;
    struct plan p;
    if (!table_need(c->tx, &record_plan, in->plan, "plan", &p, e))
        return false;
    BLANK(consent, k);
    k.id = cmd_new_id(c, "consent");
    k.patient = p.patient;
    k.plan = p.id;
    k.state = in->state;
    k.at = c->happened;
    k.witness = c->by.id;
    return cmd_emit(c, &ev_consent_recorded, &k, NULL, NULL, e);
}

const struct command ready_commands[] = {
    {"authorisation.record", ROLE_SCHEDULER | ROLE_BILLER, &record_authorisation_record_in, authorisation_record,
        "the payer's answer"},
    {"consent.record", ROLE_NURSE | ROLE_PRESCRIBER, &record_consent_record_in, consent_record,
        "the patient's decision"},
};
const int ready_command_count = TABLE_COUNT(ready_commands);

/* ---- the facts of one visit --------------------------------------------------------------------------------------- */

struct facts {
    struct tx *t;
    const struct content *content;
    const struct zone *zone;
    utc_t now;
    struct visit visit;
    const char *day;      /* local day of the booking */
    struct ready_fact rows[READY_FACTS_MAX];
    int count;
};

static void add(
    struct facts *f, const char *what, const char *state, const char *says, const char *owner, const char *command)
{
    if (f->count == READY_FACTS_MAX)
        return;
    bool open = strcmp(state, "ready") != 0;
    struct ready_fact *r = &f->rows[f->count++];
    record_blank(&record_ready_fact, r);
    r->visit = f->visit.id;
    r->what = what;
    r->state = state;
    r->says = says;
    r->owner = open ? owner : NULL;
    r->command = open ? command : NULL;
    /* mended the evening before, so that nobody travels in vain */
    r->deadline = open ? f->visit.start - 18 * UTC_HOUR : UTC_NONE;
}

/* What is known of the last fact's command, so that the page asks only for the rest. Keys and values in turn; NULL ends. */
static void add_input(struct facts *f, const char *const *pairs)
{
    struct ready_fact *r = &f->rows[f->count - 1];
    struct buf b;
    struct json j;
    if (!r->command)
        return;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    for (; pairs[0]; pairs += 2)
        if (pairs[1])
            json_str(&j, pairs[0], pairs[1]);
    json_end(&j, '}');
    r->input = arena_strdup(f->t->a, buf_str(&b));
    buf_fini(&b);
}
#define INPUT(...) ((const char *const[]){__VA_ARGS__, NULL})

MUST_CHECK static bool fact_orders(struct facts *f, struct med_order **out, int *n, struct err *e)
{
    if (!table_list(f->t, &record_med_order, "visit=?2 AND state<>'cancelled' ORDER BY place",
            VALS(V_TEXT(f->visit.id)), out, n, e))
        return false;
    int open = 0;
    const char *state = "verified";
    for (int i = 0; i < *n; i++)
        if (strcmp((*out)[i].state, "draft") == 0 || strcmp((*out)[i].state, "signed") == 0
            || strcmp((*out)[i].state, "held") == 0) {
            open++;
            state = (*out)[i].state;
        }
    bool draft = strcmp(state, "draft") == 0;
    add(f, "order", *n && !open ? "ready" : "blocked",
        !*n        ? "no order"
            : open ? arena_printf(f->t->a, "%d order%s %s", open, open == 1 ? " is" : "s are", state)
                   : "signed and verified",
        draft ? "prescriber" : "pharmacist", draft ? "plan.sign" : "plan.verify");
    add_input(f, INPUT("plan", f->visit.plan));
    return true;
}

MUST_CHECK static bool fact_weight(struct facts *f, struct err *e)
{
    struct observation o;
    bool found;
    if (!care_latest(f->t, f->visit.patient, "weight", &o, &found, e))
        return false;
    int64_t days = found ? (f->visit.start - o.taken) / UTC_DAY : 0, max = f->content->site->weight_max_age_days;
    add(f, "weight",
        !found           ? "blocked"
            : days > max ? "blocked"
                         : "ready",
        !found
            ? "never weighed"
            : arena_printf(f->t->a, "%s, %lld days old on the day", care_qty_text(f->t->a, o.value), (long long)days),
        "nurse", "weight.record");
    add_input(f, INPUT("visit", f->visit.id));
    return true;
}

MUST_CHECK static bool fact_labs(struct facts *f, const struct drug *d, struct err *e)
{
    const char *missing = NULL;
    for (int i = 0; i < d->labs_count; i++) {
        const struct drug_lab *l = &d->labs[i];
        struct observation o;
        bool found;
        if (strcmp(l->when, "first") == 0 && f->visit.number != 1)
            continue;
        if (!care_latest(f->t, f->visit.patient, l->name, &o, &found, e))
            return false;
        if (found && (f->visit.start - o.taken) / UTC_DAY <= l->max_age_days)
            continue;
        const char *one = found ? arena_printf(f->t->a, "%s will be %lld days old (at most %lld)", l->title,
                              (long long)((f->visit.start - o.taken) / UTC_DAY), (long long)l->max_age_days)
                                : arena_printf(f->t->a, "%s is missing", l->title);
        missing = missing ? arena_printf(f->t->a, "%s; %s", missing, one) : one;
    }
    add(f, "laboratory", missing ? "blocked" : "ready", missing ? missing : "in date", "prescriber", NULL);
    return true;
}

MUST_CHECK static bool fact_cover(struct facts *f, const struct med_order *o, struct err *e)
{
    static const char *const states[] = {[COVER_UNKNOWN] = "unknown",
        [COVER_NOT_NEEDED] = "ready",
        [COVER_MISSING] = "blocked",
        [COVER_SHORT] = "blocked",
        [COVER_GRANTED] = "ready"};
    struct cover c;
    if (!care_cover(f->t, f->content, o, f->day, &c, e))
        return false;
    add(f, "coverage", c.payer ? "ready" : "unknown", c.payer_says, "biller", NULL);
    if (c.insured) {
        add(f, "authorisation", states[c.state], c.says, "biller", "authorisation.record");
        add_input(f, INPUT("patient", f->visit.patient, "drug", o->drug, "payer", c.payer ? c.payer->id : NULL));
    }
    return true;
}

MUST_CHECK static bool fact_consent(struct facts *f, struct err *e)
{
    struct consent *k;
    int n;
    if (!table_list(
            f->t, &record_consent, "plan=?2 ORDER BY at DESC, id DESC LIMIT 1", VALS(V_TEXT(f->visit.plan)), &k, &n, e))
        return false;
    bool given = n && strcmp(k[0].state, "given") == 0;
    add(f, "consent",
        given   ? "ready"
            : n ? "blocked"
                : "unknown",
        n ? k[0].state : "not asked yet: can be taken on arrival", "nurse", "consent.record");
    add_input(f, INPUT("plan", f->visit.plan));
    return true;
}

/* Vials enough on the shelf, by label amount, for this order alone. */
MUST_CHECK static bool fact_drug(struct facts *f, const struct med_order *o, const struct drug *d, struct err *e)
{
    struct stock *s;
    int n;
    struct qty need;
    struct dec have = dec_int(0);
    if (!table_list(f->t, &record_stock,
            "drug=?2 AND vials>0 AND recalled=0 AND expires>=?3 AND (patient IS NULL OR patient=?4)",
            VALS(V_TEXT(o->drug), V_TEXT(f->day), V_TEXT(o->patient)), &s, &n, e)
        || !qty_to(o->dose, unit_find("mg"), &need, e))
        return false;
    for (int i = 0; i < n; i++) {
        struct qty each;
        const struct drug_vial *v = content_vial(f->content, s[i].product, NULL);
        if (v && qty_to(v->amount, unit_find("mg"), &each, &(struct err){0}))
            have = dec_add(have, dec_mul(each.v, dec_int(s[i].vials)));
    }
    bool enough = dec_le(need.v, have);
    char text[DEC_TEXT_MAX + 8];
    add(f, "drug", enough ? "ready" : "blocked",
        arena_printf(f->t->a, "%s %s mg on the shelf, %s needed", d->generic, dec_show(have, text),
            care_qty_text(f->t->a, o->dose)),
        "pharmacist", "stock.receive");
    add_input(f, INPUT("drug", o->drug));
    return true;
}

MUST_CHECK static bool fact_allergies(struct facts *f, struct err *e)
{
    struct patient p;
    if (!table_need(f->t, &record_patient, f->visit.patient, "patient", &p, e))
        return false;
    bool known = strcmp(p.allergies, "not recorded") != 0;
    add(f, "allergies", known ? "ready" : "unknown", known ? p.allergies : "nobody recorded whether there are any",
        "nurse", "allergy.record");
    return true;
}

MUST_CHECK static bool facts_of(struct facts *f, struct err *e)
{
    struct med_order *o;
    int n;
    f->count = 0;
    f->day = care_day(f->t->a, f->zone, f->visit.start);
    if (!fact_orders(f, &o, &n, e) || !fact_weight(f, e))
        return false;
    const struct drug *d = n ? content_drug(f->content, o[0].drug) : NULL;
    if (d && (!fact_labs(f, d, e) || !fact_cover(f, o, e) || !fact_drug(f, o, d, e)))
        return false;
    if (f->visit.unfit)
        add(f, "booking", "blocked", f->visit.unfit, "scheduler", NULL);
    return fact_consent(f, e) && fact_allergies(f, e);
}

static const char *verdict_of(const struct facts *f, int *open)
{
    const char *worst = "ready";
    *open = 0;
    for (int i = 0; i < f->count; i++) {
        if (strcmp(f->rows[i].state, "ready") == 0)
            continue;
        (*open)++;
        if (strcmp(worst, "blocked") != 0)
            worst = f->rows[i].state;
    }
    return worst;
}

static bool ready_show(struct view *v, const void *params, struct err *e)
{
    struct visit *list;
    int n, fact_count = 0;
    (void)params;
    utc_t from = utc_day_start(v->now, v->zone);
    if (!table_list(v->tx, &record_visit,
            "state IN ('booked','arrived') AND start>=?2 AND start<?3 ORDER BY start, id LIMIT 400",
            VALS(V_INT(from), V_INT(from + (READY_DAYS + 1) * UTC_DAY)), &list, &n, e))
        return false;
    struct ready_row *rows = ARENA_ARRAY(v->a, n ? (size_t)n : 1, struct ready_row);
    struct ready_fact *facts = ARENA_ARRAY(v->a, n ? (size_t)n * READY_FACTS_MAX : 1, struct ready_fact);
    for (int i = 0; i < n; i++) {
        struct facts f = {.t = v->tx, .content = v->content, .zone = v->zone, .now = v->now, .visit = list[i]};
        struct patient p;
        struct plan plan;
        int open;
        if (!facts_of(&f, e) || !table_need(v->tx, &record_patient, list[i].patient, "patient", &p, e)
            || !table_need(v->tx, &record_plan, list[i].plan, "plan", &plan, e))
            return false;
        memcpy(&facts[fact_count], f.rows, (size_t)f.count * sizeof f.rows[0]);
        fact_count += f.count;
        const char *verdict = verdict_of(&f, &open);
        rows[i] = (struct ready_row){
            list[i].id, p.id, plan.id, care_name(v->a, &p), plan.title, list[i].start, verdict, open};
    }
    view_many(v, "visits", &record_ready_row, rows, n);
    view_many(v, "facts", &record_ready_fact, facts, fact_count);
    return true;
}

static const struct view_member ready_members[] = {
    {"visits", &record_ready_row, true}, {"facts", &record_ready_fact, true}};

const struct view_type ready_views[] = {
    {"ready", ROLE_STAFF, &record_nothing, ready_members, TABLE_COUNT(ready_members), ready_show,
        "the next seven days: ready, blocked, unknown"},
};
const int ready_view_count = TABLE_COUNT(ready_views);
