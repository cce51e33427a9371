/* What the house shows: pumps, the search box, and the story of anything. */
#include <string.h>

#include "care/flow.h"
#include "care/story.h"
#include "record/audit.h"
#include "record/runtime.h"

enum { FOUND_MAX = 20, READS_MAX = 500, QUERY_MIN = 2, CHANNELS_SHOWN_MAX = 26 };
#define SILENT_AFTER (5 * UTC_MINUTE) /* transport, not clinic: telemetry comes every few seconds */

/* ---- pumps ------------------------------------------------------------------------------------------------------- */

struct pump_rows {
    struct pump_row *rows;
    int count, cap;
};

static struct pump_row *pump_row_add(struct arena *a, struct pump_rows *p)
{
    if (p->count == p->cap) {
        int cap = p->cap ? p->cap * 2 : 64;
        struct pump_row *wider = ARENA_ARRAY(a, (size_t)cap, struct pump_row);
        if (p->count)
            memcpy(wider, p->rows, (size_t)p->count * sizeof *wider);
        p->rows = wider;
        p->cap = cap;
    }
    struct pump_row *r = &p->rows[p->count++];
    record_blank(&record_pump_row, r);
    return r;
}

/* owner NULL: nobody. What was never heard is silent since it was tied to the patient. */
static const char *doubt_of(const struct pump_row *r, const struct infusion *owner, utc_t now)
{
    bool should_speak = owner && (strcmp(owner->state, "running") == 0 || strcmp(owner->state, "kvo") == 0);
    utc_t since = r->heard == UTC_NONE && owner ? owner->associated_at : r->heard;
    bool flows = r->status && (strcmp(r->status, "delivering") == 0 || strcmp(r->status, "kvo") == 0);
    bool silent = since == UTC_NONE || now - since > SILENT_AFTER;
    if (flows && !silent && !owner)
        return "flow nobody claimed: no patient is tied to this channel";
    if (should_speak && silent)
        return "silent: not heard for over 5 minutes while it should be running";
    return NULL;
}

MUST_CHECK static bool channel_row(struct view *v, const struct pump *p, const char *channel, struct pump_rows *to,
                                   struct err *e)
{
    BLANK(pump_live, live);
    BLANK(patient, who);
    struct infusion *open;
    int count;
    bool found;
    if (!table_get(v->tx, &record_pump_live, arena_printf(v->a, "%s/%s", p->id, channel), &live, &found, e) ||
        !care_open_on(v->tx, p->id, channel, &open, &count, e))
        return false;
    struct pump_row *r = pump_row_add(v->a, to);
    r->pump = p->id;
    r->channel = channel;
    r->model = p->model;
    r->status = live.status;
    r->rate = live.rate;
    r->total = live.total;
    r->heard = live.heard;
    r->offset_s = live.offset_us == INT_NONE ? INT_NONE : live.offset_us / UTC_SECOND;
    r->battery = live.battery;
    if (count) {
        if (!table_need(v->tx, &record_patient, open[0].patient, "patient", &who, e))
            return false;
        r->patient = care_name(v->a, &who);
    }
    r->doubt = doubt_of(r, count ? &open[0] : NULL, v->now);
    return true;
}

static bool show_pumps(struct view *v, const void *params, struct err *e)
{
    struct pump *pumps;
    struct pump_rows rows = {0};
    int count;
    (void)params;
    if (!table_list(v->tx, &record_pump, "active=1 ORDER BY id", NO_VALS, &pumps, &count, e))
        return false;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < pumps[i].channels && k < CHANNELS_SHOWN_MAX; k++)
            if (!channel_row(v, &pumps[i], arena_printf(v->a, "%c", 'A' + k), &rows, e))
                return false;
    view_many(v, "pumps", &record_pump_row, rows.rows, rows.count);
    return true;
}

/* ---- search ------------------------------------------------------------------------------------------------------ */

struct found {
    struct found_row rows[FOUND_MAX];
    int count;
};

static void found_add(struct view *v, struct found *f, const char *kind, const char *id, const char *text,
                      const char *page)
{
    if (f->count == FOUND_MAX)
        return;
    struct found_row *r = &f->rows[f->count++];
    record_blank(&record_found_row, r);
    r->kind = kind;
    r->id = arena_strdup(v->a, id);
    r->text = text;
    r->page = page;
}

static bool is_found(const struct found *f, const char *id)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->rows[i].id, id) == 0)
            return true;
    return false;
}

/* By number, then by family name, then by given name: each an index's own order, so that a common name costs no more. q
 * comes in small letters; of ASCII both stores make the same of lower(). Beginning with q: from q up to before q and the
 * last character there is. */
MUST_CHECK static bool find_patients(struct view *v, const char *q, struct found *f, struct err *e)
{
    static const char *const wheres[] = {"lower(mrn)=?2 AND lower(mrn)<?3 ORDER BY id LIMIT 12",
        "lower(family)>=?2 AND lower(family)<?3 ORDER BY lower(family), given, id LIMIT 12",
        "lower(given)>=?2 AND lower(given)<?3 ORDER BY lower(given), family, id LIMIT 12"};
    const struct val ends[] = {V_TEXT(q), V_TEXT(arena_printf(v->a, "%s\xF4\x8F\xBF\xBF", q))};
    for (int k = 0; k < 3; k++) {
        struct patient *p;
        int count;
        if (!table_list(v->tx, &record_patient, wheres[k], ends, 2, &p, &count, e))
            return false;
        for (int i = 0; i < count; i++)
            if (!is_found(f, p[i].id))
                found_add(v, f, "patient", p[i].id,
                    arena_printf(v->a, "%s, born %s, %s", care_name(v->a, &p[i]), p[i].born, p[i].mrn),
                    arena_printf(v->a, "/plans/%s", p[i].id));
    }
    return true;
}

MUST_CHECK static bool find_by_id(struct view *v, const char *id, struct found *f, struct err *e)
{
    BLANK(visit, visit);
    BLANK(plan, plan);
    BLANK(prep, prep);
    BLANK(patient, patient);
    BLANK(pump, pump);
    bool is_visit, is_plan, is_prep, is_patient, is_pump;
    if (!table_get(v->tx, &record_visit, id, &visit, &is_visit, e) ||
        !table_get(v->tx, &record_plan, id, &plan, &is_plan, e) ||
        !table_get(v->tx, &record_prep, id, &prep, &is_prep, e) ||
        !table_get(v->tx, &record_patient, id, &patient, &is_patient, e) ||
        !table_get(v->tx, &record_pump, id, &pump, &is_pump, e))
        return false;
    if (is_visit)
        found_add(v, f, "visit", id, arena_printf(v->a, "visit %lld, %s", (long long)visit.number, visit.state),
                  arena_printf(v->a, "/bedside/%s", id));
    if (is_plan)
        found_add(v, f, "plan", id, plan.title, arena_printf(v->a, "/plans/%s", plan.patient));
    if (is_prep)
        found_add(v, f, "bag", id, arena_printf(v->a, "bag, %s, %s", prep.drug, prep.state),
                  arena_printf(v->a, "/bedside/%s", prep.visit));
    if (is_patient)
        found_add(v, f, "patient", id, care_name(v->a, &patient), arena_printf(v->a, "/plans/%s", id));
    if (is_pump)
        found_add(v, f, "pump", id, pump.model, "/pumps");
    return true;
}

/* A scan of a label, badge or wristband, or a name begun. */
MUST_CHECK static bool find_by_code(struct view *v, const char *code, struct found *f, struct err *e)
{
    struct prep *bags;
    struct staff *people;
    struct chair *chairs;
    int bag_count, people_count, chair_count, n = (int)strlen(code);
    if (!table_list(v->tx, &record_prep, "barcode=?2 LIMIT 5", VALS(V_TEXT(code)), &bags, &bag_count, e)
        || !table_list(v->tx, &record_staff,
            "patient IS NULL AND active=1 AND (badge=?2 OR substr(lower(name),1,CAST(?4 AS INTEGER))=lower(?3)) "
            "ORDER BY name LIMIT 8",
            VALS(V_TEXT(code), V_TEXT(code), V_INT(n)), &people, &people_count, e)
        || !table_list(
            v->tx, &record_chair, "lower(id)=lower(?2) LIMIT 1", VALS(V_TEXT(code)), &chairs, &chair_count, e))
        return false;
    for (int i = 0; i < chair_count; i++)
        found_add(v, f, "chair", chairs[i].id, arena_printf(v->a, "chair %s", chairs[i].id), "/floor");
    for (int i = 0; i < bag_count; i++)
        found_add(v, f, "bag", bags[i].id, arena_printf(v->a, "bag, %s, %s", bags[i].drug, bags[i].state),
                  arena_printf(v->a, "/bedside/%s", bags[i].visit));
    for (int i = 0; i < people_count; i++)
        found_add(v, f, "staff", people[i].id, arena_printf(v->a, "%s, %s", people[i].name, people[i].roles), "/staff");
    return true;
}

static bool show_search(struct view *v, const void *params, struct err *e)
{
    const struct by_text *p = params;
    struct found f = {.count = 0};
    char *small = arena_strdup(v->a, p->q);
    for (char *s = small; *s; s++)
        if (*s >= 'A' && *s <= 'Z')
            *s = (char)(*s - 'A' + 'a');
    if (strlen(p->q) >= QUERY_MIN &&
        (!find_by_id(v, p->q, &f, e) || !find_by_code(v, p->q, &f, e) || !find_patients(v, small, &f, e)))
        return false;
    view_many(v, "found", &record_found_row, f.rows, f.count);
    return true;
}

/* ---- the story of anything --------------------------------------------------------------------------------------- */

static bool show_explain(struct view *v, const void *params, struct err *e)
{
    const struct by_id *p = params;
    struct story s;
    if (!care_story(v->tx, p->id, &s, e))
        return false;
    v->patient = s.patient;
    view_many(v, "events", &record_event_row, s.rows, s.count);
    return true;
}

/* ---- staff, for administration and for choosing a person --------------------------------------------------------- */

static bool show_staff(struct view *v, const void *params, struct err *e)
{
    struct staff *people;
    int count;
    (void)params;
    if (!table_list(v->tx, &record_staff, "patient IS NULL ORDER BY name, id", NO_VALS, &people, &count, e))
        return false;
    for (int i = 0; i < count; i++)
        people[i].password = NULL; /* never shown */
    view_many(v, "staff", &record_staff, people, count);
    return true;
}

static bool show_chairs(struct view *v, const void *params, struct err *e)
{
    struct chair *chairs;
    int count;
    (void)params;
    if (!table_list(v->tx, &record_chair, "active=1 ORDER BY place, id", NO_VALS, &chairs, &count, e))
        return false;
    view_many(v, "chairs", &record_chair, chairs, count);
    return true;
}

/* ---- who looked at whom ------------------------------------------------------------------------------------------ */

static bool show_reads(struct view *v, const void *params, struct err *e)
{
    const struct by_patient *p = params;
    struct audit_row *found;
    int count;
    if (!audit_about(v->tx->store, v->a, v->tx->site, p->patient, READS_MAX, &found, &count, e))
        return false;
    struct read_row *rows = ARENA_ARRAY(v->a, count ? (size_t)count : 1, struct read_row);
    for (int i = 0; i < count; i++) {
        BLANK(staff, who);
        bool known;
        if (!table_get(v->tx, &record_staff, found[i].reader, &who, &known, e))
            return false;
        rows[i] = (struct read_row){.reader = found[i].reader, .name = known ? who.name : found[i].reader,
                                    .purpose = found[i].purpose, .first = found[i].first};
    }
    v->patient = p->patient;
    view_many(v, "reads", &record_read_row, rows, count);
    return true;
}

static const struct view_member pumps_members[] = {{"pumps", &record_pump_row, true}};
static const struct view_member search_members[] = {{"found", &record_found_row, true}};
static const struct view_member explain_members[] = {{"events", &record_event_row, true}};
static const struct view_member reads_members[] = {{"reads", &record_read_row, true}};
static const struct view_member staff_members[] = {{"staff", &record_staff, true}};
static const struct view_member chairs_members[] = {{"chairs", &record_chair, true}};

const struct view_type house_views[] = {
    {"pumps", ROLE_STAFF, &record_nothing, pumps_members, 1, show_pumps, "every pump channel as last heard"},
    {"search", ROLE_STAFF, &record_by_text, search_members, 1, show_search, "what a name, number or scan may mean"},
    {"explain", ROLE_STAFF, &record_by_id, explain_members, 1, show_explain, "everything that happened to one thing"},
    {"reads", ROLE_ADMIN | ROLE_PATIENT, &record_by_patient, reads_members, 1, show_reads, "who looked at a patient"},
    {"staff", ROLE_STAFF, &record_nothing, staff_members, 1, show_staff, "who works here"},
    {"chairs", ROLE_STAFF, &record_nothing, chairs_members, 1, show_chairs, "chairs and beds in use"},
};
const int house_view_count = TABLE_COUNT(house_views);
