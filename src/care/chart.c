/* What people charted at a visit, and what they told otherwise later: both times, both values, who and why. */
#include "care/correct.h"

#include <string.h>

enum { CHART_ENTRIES_MAX = 2000 };

struct chart {
    struct view *v;
    struct chart_entry *rows;
    int count;
};

MUST_CHECK static bool name_of(struct tx *t, const char *id, const char **out, struct err *e)
{
    struct staff s;
    bool found;
    *out = id;
    if (!id || !table_get(t, &record_staff, id, &s, &found, e))
        return !id;
    if (found)
        *out = s.name;
    return true;
}

static const char *json_of(struct arena *a, const struct record *r, const void *rec)
{
    struct buf b;
    struct json j;
    buf_init(&b, FIELD_LONG_MAX * 2);
    json_init(&j, &b);
    record_to_json(r, rec, &j, NULL);
    const char *out = arena_strndup(a, buf_str(&b), b.len);
    buf_fini(&b);
    return out;
}

static const void *at_field(const struct record *r, const void *rec, const char *name)
{
    const struct field *f = name ? record_field(r, name) : NULL;
    return f ? (const char *)rec + f->offset : NULL;
}

/* Which member of each record tells when, by whom, and that it was struck out. */
struct kind {
    const struct record *record;
    const char *where, *time, *who, *state, *struck;
};

MUST_CHECK static bool add(struct chart *k, const struct kind *kind, const struct chart_rule *rule, const void *rec,
                           struct err *e)
{
    const struct record *r = kind->record;
    const char *const *who = at_field(r, rec, kind->who), *const *state = at_field(r, rec, kind->state);
    const utc_t *at = at_field(r, rec, kind->time), *charted = at_field(r, rec, "charted");
    if (k->count == CHART_ENTRIES_MAX)
        return err_set(e, ERR_TOO_LARGE, "visit", "more than %d entries were charted", CHART_ENTRIES_MAX);
    struct chart_entry *x = &k->rows[k->count++];
    record_blank(&record_chart_entry, x);
    x->record = r->name;
    x->id = *(const char *const *)rec;
    x->what = rule->what;
    x->at = at ? *at : UTC_NONE;
    x->charted = charted ? *charted : UTC_NONE;
    x->fields = rule->fields;
    x->struck = state && *state && strcmp(*state, kind->struck) == 0;
    x->data = json_of(k->v->a, r, rec);
    return name_of(k->v->tx, who ? *who : NULL, &x->who, e);
}

MUST_CHECK static bool entries(struct chart *k, const struct visit *v, struct err *e)
{
    static const struct kind kinds[] = {
        {&record_visit, "id=?2", "arrived_at", NULL, NULL, NULL},
        {&record_screen, "visit=?2 ORDER BY at, id", "at", "taker", NULL, NULL},
        {&record_vital_signs, "visit=?2 ORDER BY at, id", "at", "taker", "phase", "entered in error"},
        {&record_observation,
         "patient IN (SELECT patient FROM visit WHERE site=?1 AND id=?2) AND source<>'import' AND taken>=?3 AND "
         "taken<=?4 ORDER BY taken, id", "taken", "source", NULL, NULL},
        {&record_flow_fact,
         "infusion IN (SELECT id FROM infusion WHERE site=?1 AND visit=?2) AND source<>'pump' AND kind<>'lost' ORDER BY "
         "happened, id", "happened", "sender", "kind", "void"},
        {&record_reaction, "visit=?2 ORDER BY onset, id", "onset", NULL, "state", "entered in error"},
    };
    utc_t from = v->arrived_at != UTC_NONE ? v->arrived_at : INT64_MAX, to = v->left_at != UTC_NONE ? v->left_at : INT64_MAX;
    for (int i = 0; i < TABLE_COUNT(kinds); i++) {
        const struct val values[] = {V_TEXT(v->id), V_INT(from), V_INT(to)};
        const struct chart_rule *rule = NULL;
        char *rows;
        int n;
        for (int x = 0; x < chart_rule_count; x++)
            if (chart_rules[x].record == kinds[i].record)
                rule = &chart_rules[x];
        if (!rule || !table_list(k->v->tx, kinds[i].record, kinds[i].where, values,
                                 kinds[i].record == &record_observation ? 3 : 1, &rows, &n, e))
            return false;
        for (int x = 0; x < n; x++)
            if (!add(k, &kinds[i], rule, rows + (size_t)x * kinds[i].record->size, e))
                return false;
    }
    return true;
}

static bool chart_show(struct view *v, const void *params, struct err *e)
{
    const struct by_visit *in = params;
    struct visit visit;
    struct correction *fixes;
    struct chart k = {.v = v, .rows = ARENA_ARRAY(v->a, CHART_ENTRIES_MAX, struct chart_entry)};
    int n;
    BLANK(banner, b);
    if (!table_need(v->tx, &record_visit, in->visit, "visit", &visit, e)
        || !care_banner(v->tx, v->zone, v->now, visit.patient, visit.id, &b, e)
        || !table_list(v->tx, &record_correction, "visit=?2 ORDER BY at, id", VALS(V_TEXT(visit.id)), &fixes, &n, e)
        || !entries(&k, &visit, e))
        return false;
    v->patient = visit.patient;
    struct chart_fix *rows = ARENA_ARRAY(v->a, n ? (size_t)n : 1, struct chart_fix);
    for (int i = 0; i < n; i++) {
        const struct correction *x = &fixes[i];
        rows[i] = (struct chart_fix){x->id, x->record, x->about, x->field, x->was, x->now, x->reason, x->by, x->at};
        if (!name_of(v->tx, x->by, &rows[i].who, e))
            return false;
    }
    view_one(v, "banner", &record_banner, &b);
    view_many(v, "entries", &record_chart_entry, k.rows, k.count);
    view_many(v, "corrections", &record_chart_fix, rows, n);
    return true;
}

static const struct view_member chart_members[] = {
    {"banner", &record_banner, false}, {"entries", &record_chart_entry, true}, {"corrections", &record_chart_fix, true}};
const struct view_type correct_views[] = {
    {"chart", ROLE_CLINICAL | ROLE_BILLER, &record_by_visit, chart_members, TABLE_COUNT(chart_members), chart_show,
     "what people charted at a visit, and what was corrected"},
};
const int correct_view_count = TABLE_COUNT(correct_views);
