/* Scenes read from the store: one query a table over all the visits wanted, so that a full floor costs hardly more
 * queries than one bedside. */
#include "care/watch.h"

#include <stdlib.h>
#include <string.h>

/* Which rows, by which visits: ?2 is one visit; or ?2 and ?3 a day's begin and end. */
struct scene_sql {
    const char *plans, *patients, *orders, *preps, *infusions, *facts, *vitals, *reactions, *alarms, *screens;
};

#define SCENE_SQL(of)                                                                                                 \
    {                                                                                                                 \
        .plans = "id IN (SELECT plan FROM visit WHERE site=?1 AND id" of ") ORDER BY id",                             \
        .patients = "id IN (SELECT patient FROM visit WHERE site=?1 AND id" of ") ORDER BY id",                       \
        .orders = "visit" of " AND state<>'cancelled' ORDER BY visit, place, id",                                     \
        .preps = "visit" of " AND state NOT IN ('killed','wasted') ORDER BY visit, made_at, id",                      \
        .infusions = "visit" of " ORDER BY visit, associated_at, id",                                                 \
        .facts = "infusion IN (SELECT id FROM infusion WHERE site=?1 AND visit" of ") ORDER BY infusion",             \
        .vitals = "visit" of " ORDER BY visit, at, id",                                                               \
        .reactions = "visit" of " ORDER BY visit, onset DESC, id DESC",                                               \
        .alarms = "infusion IN (SELECT id FROM infusion WHERE site=?1 AND visit" of ")"                               \
                  " ORDER BY state, started DESC, id",                                                                \
        .screens = "visit" of " ORDER BY visit, at, id",                                                              \
    }
static const struct scene_sql of_one = SCENE_SQL("=?2");
static const struct scene_sql of_day = SCENE_SQL(" IN (SELECT id FROM visit WHERE site=?1 AND start>=?2 AND start<?3 "
                                                 "AND state IN ('arrived','ok','treating','observing'))");

struct list {
    const struct record *r;
    char *rows;
    int count;
};

struct reading {
    struct tx *t;
    const struct val *v;
    int n;
    struct list plans, patients, orders, preps, infusions, facts, vitals, reactions, alarms, screens;
};

MUST_CHECK static bool fetch(
    struct reading *g, const struct record *r, const char *where, struct list *out, struct err *e)
{
    out->r = r;
    return table_list(g->t, r, where, g->v, g->n, &out->rows, &out->count, e);
}

MUST_CHECK static bool fetch_all(struct reading *g, const struct scene_sql *sql, struct err *e)
{
    return fetch(g, &record_plan, sql->plans, &g->plans, e) && fetch(g, &record_patient, sql->patients, &g->patients, e)
        && fetch(g, &record_med_order, sql->orders, &g->orders, e) && fetch(g, &record_prep, sql->preps, &g->preps, e)
        && fetch(g, &record_infusion, sql->infusions, &g->infusions, e)
        && fetch(g, &record_flow_fact, sql->facts, &g->facts, e)
        && fetch(g, &record_vital_signs, sql->vitals, &g->vitals, e)
        && fetch(g, &record_reaction, sql->reactions, &g->reactions, e)
        && fetch(g, &record_alarm, sql->alarms, &g->alarms, e)
        && fetch(g, &record_screen, sql->screens, &g->screens, e);
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
        const struct flow_fact *facts = rows_of(&g->facts, "infusion", s->infusions[i].id, &n);
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
    const struct alarm *all = (const struct alarm *)(const void *)g->alarms.rows;
    s->alarms = ARENA_ARRAY(g->t->a, g->alarms.count ? (size_t)g->alarms.count : 1, struct alarm);
    for (int i = 0; i < g->alarms.count; i++)
        if (has_infusion(s, all[i].infusion))
            s->alarms[s->alarm_count++] = all[i];
}

MUST_CHECK static bool own(struct reading *g, struct scene *s, struct err *e)
{
    const char *visit = s->visit.id;
    int plans, patients;
    const struct plan *plan = rows_of(&g->plans, "id", s->visit.plan, &plans);
    const struct patient *patient = rows_of(&g->patients, "id", s->visit.patient, &patients);
    if (!plans || !patients)
        return err_set(e, ERR_NOT_FOUND, plans ? "patient" : "plan", "there is no %s \"%.60s\" here",
            plans ? "patient" : "plan", plans ? s->visit.patient : s->visit.plan);
    s->regimen = plan->regimen;
    s->plan_title = plan->title;
    s->patient = *patient;
    s->orders = rows_of(&g->orders, "visit", visit, &s->order_count);
    s->steps = ARENA_ARRAY(g->t->a, (size_t)s->order_count + 1, struct node *);
    s->preps = rows_of(&g->preps, "visit", visit, &s->prep_count);
    s->infusions = rows_of(&g->infusions, "visit", visit, &s->infusion_count);
    s->vitals = rows_of(&g->vitals, "visit", visit, &s->vital_count);
    s->reactions = rows_of(&g->reactions, "visit", visit, &s->reaction_count);
    s->screens = rows_of(&g->screens, "visit", visit, &s->screen_count);
    own_alarms(g, s);
    return own_flows(g, s, e);
}

bool scene_read(struct tx *t, const struct content *c, const struct zone *z, utc_t now, const struct visit *v,
    struct scene *s, struct err *e)
{
    const struct val one[] = {V_TEXT(v->id)};
    struct reading g = {.t = t, .v = one, .n = 1};
    *s = (struct scene){.t = t, .content = c, .zone = z, .now = now, .visit = *v};
    return fetch_all(&g, &of_one, e) && own(&g, s, e);
}

bool scenes_read(const struct view *v, const struct visit *visits, int n, struct scene *out, struct err *e)
{
    utc_t day = utc_day_start(v->now, v->zone);
    const struct val ends[] = {V_INT(day), V_INT(day + UTC_DAY)};
    struct reading g = {.t = v->tx, .v = ends, .n = 2};
    if (!fetch_all(&g, &of_day, e))
        return false;
    for (int i = 0; i < n; i++) {
        out[i] = (struct scene){.t = v->tx, .content = v->content, .zone = v->zone, .now = v->now, .visit = visits[i]};
        if (scene_present(&visits[i]) && !own(&g, &out[i], e))
            return false;
    }
    return true;
}

bool scene_present(const struct visit *v)
{
    return strcmp(v->state, "arrived") == 0 || strcmp(v->state, "ok") == 0 || strcmp(v->state, "treating") == 0
        || strcmp(v->state, "observing") == 0;
}
