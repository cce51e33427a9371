/* Scenes read from the store: one query a table over all the visits wanted, so that a full floor costs hardly more
 * queries than one bedside. */
#include "care/watch.h"

#include <stdlib.h>
#include <string.h>

enum part { PLANS, PATIENTS, ORDERS, PREPS, INFUSIONS, FACTS, VITALS, REACTIONS, ALARMS, SCREENS, PARTS };

/* One visit is read whole, as ?2. Of a day (?2 its begin, ?3 its end) only what the floor shows: no facts, for the row
 * of an infusion says enough; of the bags only those that wait to be hung. */
#define PRESENT " IN (SELECT id FROM visit WHERE site=?1 AND start>=?2 AND start<?3 " \
                "AND state IN ('arrived','ok','treating','observing'))"
#define EXPECTED " FROM visit WHERE site=?1 AND start>=?2 AND start<?3 " \
                 "AND state IN ('booked','arrived','ok','treating','observing')) ORDER BY id"
#define OF_VISIT " FROM visit WHERE site=?1 AND id=?2) ORDER BY id"
#define INFUSIONS_OF(visits) "infusion IN (SELECT id FROM infusion WHERE site=?1 AND visit" visits ")"

static const struct scene_part {
    const struct record *r;
    const char *one, *day; /* NULL: not read */
    const char *fields;    /* of the day's */
} parts[PARTS] = {
    [PLANS] = {&record_plan, "id IN (SELECT plan" OF_VISIT, "id IN (SELECT plan" EXPECTED, "id regimen title"},
    [PATIENTS] = {&record_patient, "id IN (SELECT patient" OF_VISIT, "id IN (SELECT patient" EXPECTED,
        "id family given"},
    [ORDERS] = {&record_med_order, "visit=?2 AND state<>'cancelled' ORDER BY visit, place, id",
        "visit" PRESENT " AND state<>'cancelled' ORDER BY visit, place, id",
        "id visit place drug drug_name steps weight state"},
    [PREPS] = {&record_prep, "visit=?2 AND state NOT IN ('killed','wasted') ORDER BY visit, made_at, id",
        "visit" PRESENT " AND state='released' ORDER BY visit", "visit state"},
    [INFUSIONS] = {&record_infusion, "visit=?2 ORDER BY visit, associated_at, id",
        "visit" PRESENT " ORDER BY visit, associated_at, id",
        "id visit med_order drug drug_name concentration ordered_ml state certainty rate volume kvo_ml started heard "
        "stopped counted rate_since rate_changed why_uncertain"},
    [FACTS] = {&record_flow_fact, INFUSIONS_OF("=?2") " ORDER BY infusion"},
    [VITALS] = {&record_vital_signs, "visit=?2 AND phase<>'entered in error' ORDER BY visit, at, id",
        "visit" PRESENT " AND phase<>'entered in error' ORDER BY visit, at", "visit phase at"},
    [REACTIONS] = {&record_reaction, "visit=?2 AND state<>'entered in error' ORDER BY visit, onset DESC, id DESC",
        "visit" PRESENT " AND state<>'entered in error' ORDER BY visit, onset DESC, id DESC", "id visit onset state"},
    [ALARMS] = {&record_alarm, INFUSIONS_OF("=?2") " ORDER BY state, started DESC, id",
        INFUSIONS_OF(PRESENT) " AND state='active' ORDER BY started DESC, id",
        "id infusion text priority state started seen_by"},
    [SCREENS] = {&record_screen, "visit=?2 ORDER BY visit, at, id", "visit" PRESENT " ORDER BY visit", "visit kind"},
};

struct list {
    const struct record *r;
    char *rows;
    int count;
};

struct reading {
    struct tx *t;
    const struct val *v;
    int n;
    bool day;
    struct list lists[PARTS];
};

MUST_CHECK static bool fetch_all(struct reading *g, struct err *e)
{
    for (int i = 0; i < PARTS; i++) {
        const struct scene_part *p = &parts[i];
        const struct table_some q = {p->r, g->day ? p->fields : NULL, g->day ? p->day : p->one};
        struct list *l = &g->lists[i];
        l->r = p->r;
        if (q.where && !table_list_some(g->t, &q, g->v, g->n, &l->rows, &l->count, e))
            return false;
    }
    return true;
}

/* ---- each visit its own ------------------------------------------------------------------------------------------- */

/* The rows whose `field` is `key`, of a list that is sorted by that field. */
static void *rows_of(const struct list *l, const char *field, const char *key, int *count)
{
    size_t at = record_field(l->r, field)->offset, size = l->r->size;
    int lo = 0, hi = l->count;
#define KEY(i) (*(const char *const *)(l->rows + (size_t)(i) * size + at))
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (strcmp(KEY(mid), key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (hi = lo; hi < l->count && strcmp(KEY(hi), key) == 0; hi++)
        ;
#undef KEY
    *count = hi - lo;
    return l->rows ? l->rows + (size_t)lo * size : NULL;
}

MUST_CHECK static bool own_flows(struct reading *g, struct scene *s, struct err *e)
{
    s->flows = ARENA_ARRAY(g->t->a, s->infusion_count ? (size_t)s->infusion_count : 1, struct flow);
    for (int i = 0; i < s->infusion_count; i++) {
        int n;
        if (g->day) {
            s->flows[i] = care_flow_row(&s->infusions[i]);
            continue;
        }
        const struct flow_fact *facts = rows_of(&g->lists[FACTS], "infusion", s->infusions[i].id, &n);
        if (!care_flow_of(g->t->a, &s->infusions[i], facts, n, &s->flows[i], e))
            return false;
    }
    return true;
}

static bool has_infusion(const struct scene *s, const char *id)
{
    for (int i = 0; id && i < s->infusion_count; i++)
        if (strcmp(s->infusions[i].id, id) == 0)
            return true;
    return false;
}

/* Alarms are sorted by urgency, not by visit: each visit's are picked out in that order. */
static void own_alarms(struct reading *g, struct scene *s)
{
    const struct alarm *all = (const struct alarm *)(const void *)g->lists[ALARMS].rows;
    s->alarms = ARENA_ARRAY(g->t->a, g->lists[ALARMS].count ? (size_t)g->lists[ALARMS].count : 1, struct alarm);
    for (int i = 0; i < g->lists[ALARMS].count; i++)
        if (has_infusion(s, all[i].infusion))
            s->alarms[s->alarm_count++] = all[i];
}

MUST_CHECK static bool own_person(struct reading *g, struct scene *s, struct err *e)
{
    int plans, patients;
    const struct plan *plan = rows_of(&g->lists[PLANS], "id", s->visit.plan, &plans);
    const struct patient *patient = rows_of(&g->lists[PATIENTS], "id", s->visit.patient, &patients);
    if (!plans || !patients)
        return err_set(e, ERR_NOT_FOUND, plans ? "patient" : "plan", "there is no %s \"%.60s\" here",
            plans ? "patient" : "plan", plans ? s->visit.patient : s->visit.plan);
    s->regimen = plan->regimen;
    s->plan_title = plan->title;
    s->patient = *patient;
    return true;
}

MUST_CHECK static bool own(struct reading *g, struct scene *s, struct err *e)
{
    const char *visit = s->visit.id;
    s->orders = rows_of(&g->lists[ORDERS], "visit", visit, &s->order_count);
    s->steps = ARENA_ARRAY(g->t->a, (size_t)s->order_count + 1, struct node *);
    s->preps = rows_of(&g->lists[PREPS], "visit", visit, &s->prep_count);
    s->infusions = rows_of(&g->lists[INFUSIONS], "visit", visit, &s->infusion_count);
    s->vitals = rows_of(&g->lists[VITALS], "visit", visit, &s->vital_count);
    s->reactions = rows_of(&g->lists[REACTIONS], "visit", visit, &s->reaction_count);
    s->screens = rows_of(&g->lists[SCREENS], "visit", visit, &s->screen_count);
    own_alarms(g, s);
    return own_flows(g, s, e);
}

bool scene_read(struct tx *t, const struct content *c, const struct zone *z, utc_t now, const struct visit *v,
    struct scene *s, struct err *e)
{
    const struct val one[] = {V_TEXT(v->id)};
    struct reading g = {.t = t, .v = one, .n = 1};
    *s = (struct scene){.t = t, .content = c, .zone = z, .now = now, .visit = *v};
    return fetch_all(&g, e) && own_person(&g, s, e) && own(&g, s, e);
}

bool scenes_read(const struct view *v, const struct visit *visits, int n, struct scene *out, struct err *e)
{
    utc_t day = utc_day_start(v->now, v->zone);
    const struct val ends[] = {V_INT(day), V_INT(day + UTC_DAY)};
    struct reading g = {.t = v->tx, .v = ends, .n = 2, .day = true};
    if (!fetch_all(&g, e))
        return false;
    for (int i = 0; i < n; i++) {
        out[i] = (struct scene){.t = v->tx, .content = v->content, .zone = v->zone, .now = v->now, .visit = visits[i]};
        bool present = scene_present(&visits[i]);
        if ((present || strcmp(visits[i].state, "booked") == 0) && !own_person(&g, &out[i], e))
            return false;
        if (present && !own(&g, &out[i], e))
            return false;
    }
    return true;
}

bool scene_present(const struct visit *v)
{
    return strcmp(v->state, "arrived") == 0 || strcmp(v->state, "ok") == 0 || strcmp(v->state, "treating") == 0
        || strcmp(v->state, "observing") == 0;
}
