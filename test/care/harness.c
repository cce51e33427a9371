#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "care/flow.h"
#include "formulary/builtin.h"
#include "serve/commands.h"
#include "serve/views.h"

enum { JSON_IN_MAX = 64 * 1024, JSON_OUT_MAX = 4 * 1024 * 1024 };

/* ---- texts ------------------------------------------------------------------------------------------------------------- */

static char *formatted(struct house *h, const char *fmt, va_list ap)
{
    static char out[JSON_IN_MAX];
    int n = vsnprintf(out, JSON_IN_MAX, fmt, ap);
    assert_true(n >= 0 && n < JSON_IN_MAX);
    for (char *p = out; *p; p++)
        if (*p == '\'')
            *p = '"';
    return arena_strdup(h->a, out);
}

const char *text(struct house *h, const char *fmt, ...)
{
    char out[1000];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(out, sizeof out, fmt, ap);
    va_end(ap);
    return arena_strdup(h->keep, out);
}

bool holds(const char *whole_text, const char *part)
{
    return strstr(whole_text, part) != NULL;
}

const char *at(const struct node *n, const char *path)
{
    const struct node *x = *path ? node_path(n, path) : n;
    if (!x)
        return "";
    return x->kind == NODE_TRUE ? "true" : x->kind == NODE_FALSE ? "false" : x->text ? x->text : "";
}

const struct node *find(const struct node *list, const char *member, const char *value)
{
    node_each(n, list)
        if (strcmp(at(n, member), value) == 0)
            return n;
    return NULL;
}

static struct node *tree(struct house *h, const char *json, size_t len)
{
    struct node *n = json_read(h->a, json, len, JSON_OUT_MAX, &h->e);
    if (!n)
        fail_msg("%s: %s in %.400s", h->e.where, h->e.text, json);
    return n;
}

/* ---- time ------------------------------------------------------------------------------------------------------------ */

utc_t clock_at(const struct house *h, const char *date, int hour, int minute)
{
    return care_local(h->zone, date, hour * 60 + minute);
}

void wait(struct house *h, int minutes)
{
    h->now += minutes * UTC_MINUTE;
}

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

static void reading(struct house *h, struct tx *t)
{
    WORKS(h, tx_read(t, h->store, h->a, 1, &care_event_types, &h->e));
}

const char *staff(struct house *h, const char *login)
{
    struct tx t;
    struct staff *s;
    int n;
    reading(h, &t);
    WORKS(h, table_list(&t, &record_staff, "login=?2", VALS(V_TEXT(login)), &s, &n, &h->e));
    tx_rollback(&t);
    if (!n)
        fail_msg("nobody is called %s", login);
    return arena_strdup(h->keep, s[0].id);
}

struct node *row(struct house *h, const char *record, const char *id)
{
    const struct record *r = model_find(record);
    struct tx t;
    struct buf b;
    struct json j;
    bool found;
    assert_non_null(r);
    void *rec = arena_alloc(h->a, r->size);
    reading(h, &t);
    WORKS(h, table_get(&t, r, id, rec, &found, &h->e));
    if (!found)
        fail_msg("there is no %s %s", record, id);
    buf_init(&b, JSON_OUT_MAX);
    json_init(&j, &b);
    record_to_json(r, rec, &j, NULL);
    struct node *n = tree(h, buf_str(&b), b.len);
    buf_fini(&b);
    tx_rollback(&t);
    return n;
}

const char *word(struct house *h, const char *record, const char *id, const char *field)
{
    return at(row(h, record, id), field);
}

static struct node *rows_of(struct house *h, const char *record, const char *where)
{
    const struct record *r = model_find(record);
    struct tx t;
    struct buf b;
    struct json j;
    char *array;
    int n;
    assert_non_null(r);
    reading(h, &t);
    WORKS(h, table_list(&t, r, where, NO_VALS, &array, &n, &h->e));
    buf_init(&b, JSON_OUT_MAX);
    json_init(&j, &b);
    json_list(&j, NULL);
    for (int i = 0; i < n; i++)
        record_to_json(r, array + (size_t)i * r->size, &j, NULL);
    json_end(&j, ']');
    struct node *list = tree(h, buf_str(&b), b.len);
    buf_fini(&b);
    tx_rollback(&t);
    return list;
}

int count(struct house *h, const char *record, const char *where)
{
    return rows_of(h, record, where)->count;
}

const char *one(struct house *h, const char *record, const char *where)
{
    const struct node *list = rows_of(h, record, where);
    if (!list->count)
        fail_msg("no %s where %s", record, where);
    return arena_strdup(h->keep, at(node_at(list, 0), "id"));
}

static bool show(struct house *h, const char *who, const char *view, const char *params, struct node **out)
{
    const struct view_type *type = view_find(view);
    struct tx t;
    struct buf b;
    struct json j;
    struct staff s;
    bool found;
    const char *id = staff(h, who);
    if (!type)
        fail_msg("there is no view %s", view);
    reading(h, &t);
    buf_init(&b, JSON_OUT_MAX);
    json_init(&j, &b);
    WORKS(h, table_get(&t, &record_staff, id, &s, &found, &h->e));
    struct view v = {.tx = &t, .a = h->a, .content = h->content, .zone = h->zone, .now = h->now, .out = &j};
    v.by = (struct actor){.id = s.id, .name = s.name, .roles = roles_read(s.roles), .patient = s.patient};
    WORKS(h, table_get(&t, &record_site_info, "site", &v.site, &found, &h->e));
    void *in = arena_alloc(h->a, type->params->size + 1);
    bool ok = record_from_json(type->params, tree(h, params, strlen(params)), h->a, h->zone, in, &h->e)
        && view_show(type, &v, in, &h->e);
    if (ok)
        *out = tree(h, buf_str(&b), b.len);
    buf_fini(&b);
    tx_rollback(&t);
    return ok;
}

struct node *see(struct house *h, const char *who, const char *view, const char *fmt, ...)
{
    struct node *out = NULL;
    va_list ap;
    va_start(ap, fmt);
    const char *params = formatted(h, fmt, ap);
    va_end(ap);
    h->e = (struct err){0};
    if (!show(h, who, view, params, &out))
        fail_msg("view %s: %s: %s", view, h->e.where, h->e.text);
    return out;
}

bool see_wrong(struct house *h, enum err_kind kind, const char *who, const char *view, const char *fmt, ...)
{
    struct node *out = NULL;
    va_list ap;
    va_start(ap, fmt);
    const char *params = formatted(h, fmt, ap);
    va_end(ap);
    h->e = (struct err){0};
    return !show(h, who, view, params, &out) && h->e.kind == kind;
}

static bool same_number(struct dec a, struct dec b)
{
    return dec_is(a) == dec_is(b) && (!dec_is(a) || dec_eq(a, b));
}

/* What the floor takes from an infusion's row is what its facts say. */
static void rows_tell_the_flow(struct house *h)
{
    struct tx t;
    struct infusion *i;
    int n;
    reading(h, &t);
    WORKS(h, table_list(&t, &record_infusion, "TRUE ORDER BY id", NO_VALS, &i, &n, &h->e));
    for (int k = 0; k < n; k++) {
        struct flow facts, row = care_flow_row(&i[k]);
        WORKS(h, care_flow(&t, &i[k], &facts, &h->e));
        assert_string_equal(row.state, facts.state);
        assert_int_equal(row.certainty, facts.certainty);
        assert_true(same_number(row.rate, facts.rate) && same_number(row.volume, facts.volume));
        assert_true(same_number(row.kvo, facts.kvo));
        assert_true(row.started == facts.started && row.ended == facts.ended && row.heard == facts.heard);
        assert_true(row.counted == facts.counted && row.rate_since == facts.rate_since);
        assert_true(row.rate_changed == facts.rate_changed);
        assert_true((row.doubt == NULL) == (facts.doubt == NULL));
        assert_true(same_number(flow_volume_at(&row, h->now), flow_volume_at(&facts, h->now)));
    }
    tx_rollback(&t);
}

void whole(struct house *h)
{
    struct verify_result v;
    WORKS(h, ledger_verify(h->store, &care_event_types, &v, &h->e));
    if (!v.whole)
        fail_msg("%s", v.says);
    assert_true(v.events > 0);
    rows_tell_the_flow(h);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------ */

/* As the writer thread: one savepoint; a refusal is undone and its sentence kept. */
static bool decide(struct house *h, struct command_run *r)
{
    struct tx t;
    WORKS(h, tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e));
    WORKS(h, tx_savepoint(&t, &h->e));
    h->e = (struct err){0};
    bool ok = command_decide(r, &t, &h->e);
    struct err why = h->e;
    struct err e = {0};
    if (ok) {
        assert_true(tx_release(&t, &e));
    } else {
        assert_true(tx_undo(&t, &e));
        assert_true(tx_savepoint(&t, &e));
        if (!command_keep_refusals(r, &t, &why, &e))
            fail_msg("the refusal was not kept: %s: %s", e.where, e.text);
        assert_true(tx_release(&t, &e));
    }
    if (!tx_commit(&t, &e))
        fail_msg("commit: %s: %s", e.where, e.text);
    h->answer = r->answer ? tree(h, r->answer, strlen(r->answer)) : NULL;
    h->repeated = r->repeated;
    h->e = why;
    return ok;
}

static int overrides_of(struct house *h, const char *words, struct override *out)
{
    int n = 0;
    node_each(x, node_get(h->answer, "refusals"))
        if (n < OVERRIDES_TRIED_MAX)
            out[n++] =
                (struct override){arena_strdup(h->a, at(x, "rule")), arena_strdup(h->a, at(x, "facts_hash")), words};
    return n;
}

static bool run(struct house *h, const char *who, const char *command, const char *json)
{
    const struct command *c = command_find(command);
    struct override overrides[OVERRIDES_TRIED_MAX];
    if (!c)
        fail_msg("there is no command %s", command);
    struct node *n = tree(h, json, strlen(json));
    void *in = arena_alloc(h->a, c->in->size + 1);
    struct command_run r = {.command = c,
        .in = in,
        .actor = who ? staff(h, who) : NULL,
        .content = h->content,
        .zone = h->zone,
        .now = h->now,
        .happened = h->happened ? h->happened : UTC_NONE,
        .offset_us = INT_NONE,
        .reason = h->reason,
        .key = h->key,
        .body_hash = h->body,
        .a = h->a};
    h->e = (struct err){0};
    h->answer = NULL;
    bool ok = record_from_json(c->in, n, h->a, h->zone, in, &h->e) && decide(h, &r);
    if (!ok && h->e.kind == ERR_REFUSED && h->override) {
        r.overrides = overrides;
        r.override_count = overrides_of(h, h->override, overrides);
        ok = decide(h, &r);
    }
    h->reason = h->override = h->key = h->body = NULL;
    h->happened = 0;
    return ok;
}

#define FORMATTED(json)                        \
    va_list ap;                                \
    va_start(ap, fmt);                         \
    const char *json = formatted(h, fmt, ap);  \
    va_end(ap)

static void say_failed(struct house *h, const char *who, const char *command, const char *json)
{
    node_each(x, node_get(h->answer, "refusals"))
        print_error("  %s (%s): %s\n", at(x, "rule"), at(x, "severity"), at(x, "says"));
    fail_msg("%s %s %s: %s: %s", who ? who : "system", command, json, h->e.where, h->e.text);
}

bool ask(struct house *h, const char *who, const char *command, const char *fmt, ...)
{
    FORMATTED(json);
    return run(h, who, command, json);
}

void did(struct house *h, const char *who, const char *command, const char *fmt, ...)
{
    FORMATTED(json);
    if (!run(h, who, command, json))
        say_failed(h, who, command, json);
}

const char *made(struct house *h, const char *who, const char *command, const char *fmt, ...)
{
    FORMATTED(json);
    if (!run(h, who, command, json))
        say_failed(h, who, command, json);
    assert_true(*at(h->answer, "id"));
    return arena_strdup(h->keep, at(h->answer, "id"));
}

bool refused_by(const struct house *h, const char *rule)
{
    return find(node_get(h->answer, "refusals"), "rule", rule) != NULL;
}

bool noted(const struct house *h, const char *rule)
{
    return find(node_get(h->answer, "notes"), "rule", rule) != NULL;
}

void refused(struct house *h, const char *rule, const char *who, const char *command, const char *fmt, ...)
{
    FORMATTED(json);
    int before = count(h, "refusal", "TRUE");
    if (run(h, who, command, json))
        fail_msg("%s %s %s was accepted; %s should refuse it", who, command, json, rule);
    if (h->e.kind != ERR_REFUSED || !refused_by(h, rule))
        say_failed(h, who, command, json);
    assert_true(content_rule(h->content, rule) != NULL);
    assert_true(count(h, "refusal", "TRUE") > before);
}

void wrong(
    struct house *h, enum err_kind kind, const char *where, const char *who, const char *command, const char *fmt, ...)
{
    FORMATTED(json);
    char before[65], after[65];
    WORKS(h, ledger_digest(h->store, before, &h->e));
    if (run(h, who, command, json))
        fail_msg("%s %s %s was accepted", who, command, json);
    struct err got = h->e;
    WORKS(h, ledger_digest(h->store, after, &h->e));
    assert_string_equal(before, after);
    if (got.kind != kind || strcmp(got.where, where) != 0)
        fail_msg("%s %s: kind %d at \"%s\" (%s), not %d at \"%s\"", command, json, got.kind, got.where, got.text, kind,
            where);
}

/* ---- the house ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *login, *name, *roles, *badge;
} people[] = {
    {"prescriber", "Dr Amara Lind", "prescriber", "B1"}, {"prescriber2", "Dr Tomas Vidal", "prescriber", "B2"},
    {"pharmacist", "Ines Castell", "pharmacist", "B3"},  {"pharmacist2", "Jonah Okoro", "pharmacist", "B4"},
    {"technician", "Mila Brandt", "technician", "B5"},   {"nurse1", "Noor Haddad", "nurse", "B7"},
    {"nurse2", "Peter Vance", "nurse", "B8"},            {"scheduler", "Owen Tarrant", "scheduler", "B11"},
    {"biller", "Hanna Wirth", "biller", "B12"},          {"admin", "Kirsten Boyle", "administrator", "B15"},
    {"both", "Dr Lea Brun", "prescriber pharmacist", "B16"},
};

static void shifts(struct house *h)
{
    static const char *const nurses[] = {"nurse1", "nurse2"};
    const char *day = "2026-03-09";
    for (int d = 0; d < 40; d++, day = care_add_days(h->a, day, 1))
        for (int i = 0; i < 2; i++) {
            char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];
            did(h, NULL, "shift.add", "{'nurse':'%s','start':'%s','end':'%s','patients':3,'pod':'%s'}",
                staff(h, nurses[i]), utc_text(clock_at(h, day, 7, 15), from), utc_text(clock_at(h, day, 18, 15), to),
                i ? "B" : "A");
        }
}

static void shelves(struct house *h)
{
    static const char *const boxes[][3] = {{"ferric_carboxymaltose", "fcm_750", "IR750"},
        {"ferric_carboxymaltose", "fcm_100", "IR100"}, {"immune_globulin_10", "ig_20", "IG20"},
        {"immune_globulin_10", "ig_10", "IG10"}, {"immune_globulin_10", "ig_5", "IG05"}};
    for (int i = 0; i < 5; i++)
        did(h, "technician", "stock.receive",
            "{'drug':'%s','product':'%s','lot':'%s','expires':'2026-12-31','owner':'bought','vials':20}", boxes[i][0],
            boxes[i][1], boxes[i][2]);
}

static void furnish(struct house *h)
{
    did(h, NULL, "site.set",
        "{'id':'site','name':'Test "
        "centre','zone':'America/New_York','setting':'centre','billing':'facility','demo':true,'phone':'555',"
        "'opens':450,'closes':1080}");
    did(h, NULL, "content.release", "{'hash':'%s','version':'test','second':'test'}", h->content->hash);
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        did(h, NULL, "staff.add", "{'login':'%s','name':'%s','roles':'%s','hash':'$argon2id$x','badge':'%s'}",
            people[i].login, people[i].name, people[i].roles, people[i].badge);
    for (int i = 1; i <= 4; i++)
        did(h, NULL, "chair.add", "{'id':'%c%d','pod':'%c','bed':false,'place':%d,'active':true}", i <= 2 ? 'A' : 'B',
            i <= 2 ? i : i - 2, i <= 2 ? 'A' : 'B', i);
    for (int i = 1; i <= 3; i++)
        did(h, NULL, "pump.add", "{'id':'VP%d','model':'Sim','channels':%d,'active':true}", i, i == 3 ? 2 : 1);
    shifts(h);
    shelves(h);
}


int house_open(void **state)
{
    struct house *h = mem_alloc(sizeof *h);
    *h = (struct house){.keep = arena_new(), .a = arena_new()};
    *state = h;
    const char *pg = getenv("VENULE_TEST_PG"); /* a PostgreSQL that may be wiped: the same tests there */
    WORKS(h, store_open(pg ? pg : "sqlite::memory:", false, &h->store, &h->e));
    if (pg)
        WORKS(h, store_script(h->store, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", &h->e));
    WORKS(h, ledger_create(h->store, &h->e));
    WORKS(h, content_read_embedded(h->keep, &content_builtin, &h->content, &h->e));
    WORKS(h, utc_zone_read(h->keep, "America/New_York", &h->zone, &h->e));
    h->now = clock_at(h, "2026-03-09", 8, 0);
    furnish(h);
    return 0;
}

int house_close(void **state)
{
    struct house *h = *state;
    store_close(h->store);
    arena_free(h->a);
    arena_free(h->keep);
    mem_free(h);
    return 0;
}

/* ---- patients --------------------------------------------------------------------------------------------------------------- */

static void put(struct house *h, const struct event_type *type, const void *rec)
{
    struct tx t;
    WORKS(h, tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e));
    struct event_head head = {.happened = h->now,
        .recorded = h->now,
        .clock = "server",
        .offset_us = INT_NONE,
        .actor = "system",
        .command = "import"};
    WORKS(h, event_append(&t, type, &head, rec, NULL, &h->e));
    WORKS(h, tx_commit(&t, &h->e));
}

static void observed(struct house *h, const char *patient, const char *name, const char *qty, utc_t when)
{
    static int n;
    BLANK(observation, o);
    o.id = text(h, "obs-%d", ++n);
    o.patient = patient;
    o.name = name;
    o.value = qty_lit(qty);
    o.taken = when;
    o.source = "import";
    put(h, &ev_observation_recorded, &o);
}

void lab(struct house *h, const char *patient, const char *name, const char *qty, int days_ago)
{
    observed(h, patient, name, qty, h->now - days_ago * UTC_DAY);
}

void allergic(struct house *h, const char *patient, const char *substance)
{
    BLANK(allergy, a);
    a.id = text(h, "%s-%s", patient, substance);
    a.patient = patient;
    a.substance = substance;
    put(h, &ev_allergy_recorded, &a);
}

void has_condition(struct house *h, const char *patient, const char *icd)
{
    BLANK(condition, c);
    c.id = text(h, "%s-%s", patient, icd);
    c.patient = patient;
    c.code = icd;
    c.display = icd;
    put(h, &ev_condition_recorded, &c);
}

void admit(struct house *h, const struct guest *g)
{
    BLANK(patient, p);
    p.id = g->id, p.mrn = g->mrn, p.family = g->id, p.given = "Ada", p.born = g->born, p.sex = g->sex,
    p.allergies = g->allergies;
    put(h, &ev_patient_recorded, &p);
    if (g->icd)
        has_condition(h, g->id, g->icd);
    if (g->kg)
        lab(h, g->id, "weight", g->kg, g->weighed_days);
    if (g->cm)
        lab(h, g->id, "height", g->cm, g->weighed_days);
    if (g->payer) {
        BLANK(coverage, c);
        c.id = text(h, "cov-%s", g->id), c.patient = g->id, c.payer = g->payer, c.status = "active";
        put(h, &ev_coverage_recorded, &c);
    }
}

void iron_patient(struct house *h, const char *id)
{
    admit(h,
        &(struct guest){id, text(h, "MRN-%s", id), "1968-07-14", "female", "none known", "72 kg", "168 cm", "D50.9",
            "demo-plain", 5});
    lab(h, id, "hemoglobin", "9.1 g/dL", 5);
    lab(h, id, "ferritin", "8 ng/mL", 5);
    lab(h, id, "phosphate", "3.1 mg/dL", 5);
}

void ig_patient(struct house *h, const char *id, const char *kg, const char *cm)
{
    admit(h,
        &(struct guest){
            id, text(h, "MRN-%s", id), "1961-02-28", "male", "none known", kg, cm, "D83.9", "demo-plain", 5});
    lab(h, id, "creatinine", "0.9 mg/dL", 5);
    lab(h, id, "igg", "420 mg/dL", 20);
    lab(h, id, "iga", "80 mg/dL", 20);
    did(h, "scheduler", "authorisation.record",
        "{'patient':'%s','drug':'immune_globulin_10','payer':'demo-plain','number':'PA1','state':'granted',"
        "'start':'2026-01-01','end':'2026-12-31','units':5000}",
        id);
}

/* ---- the path ------------------------------------------------------------------------------------------------------------------ */

const char *visit_of(struct house *h, const char *plan, int number)
{
    return one(h, "visit", text(h, "plan='%s' AND number=%d", plan, number));
}

const char *order_of(struct house *h, const char *visit)
{
    return one(h, "med_order", text(h, "visit='%s' ORDER BY place", visit));
}

struct path planned(struct house *h, const char *patient, const char *regimen, const char *icd)
{
    struct path p = {.patient = patient};
    char day[UTC_TEXT_MAX];
    p.plan = made(h, "prescriber", "plan.make", "{'patient':'%s','regimen':'%s','indication':'%s','first_day':'%s'}",
        patient, regimen, icd, utc_date_text(h->now, h->zone, day));
    did(h, "prescriber", "plan.sign", "{'plan':'%s'}", p.plan);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", p.plan);
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'given'}", p.plan);
    p.visit = visit_of(h, p.plan, 1);
    p.order = order_of(h, p.visit);
    return p;
}

void booked(struct house *h, struct path *p)
{
    struct err e = {0};
    did(h, "scheduler", "visit.offer", "{'visit':'%s'}", p->visit);
    const char *offer = arena_strdup(h->keep, at(h->answer, "result.offers[0].id"));
    assert_true(*offer);
    did(h, "scheduler", "visit.book", "{'visit':'%s','offer':'%s'}", p->visit, offer);
    utc_t start;
    assert_true(utc_parse(word(h, "visit", p->visit, "start"), h->zone, &start, &e));
    h->now = start > h->now ? start : h->now;
}

void arrived(struct house *h, struct path *p)
{
    booked(h, p);
    did(h, "nurse1", "visit.arrive", "{'visit':'%s'}", p->visit);
}

void screens(struct house *h, const char *visit, const char *kind, const char *positive)
{
    const struct screen_form *f = content_screen(h->content, kind);
    struct buf b;
    struct json j;
    assert_non_null(f);
    buf_init(&b, 8192);
    json_init(&j, &b);
    json_object(&j, NULL);
    for (int i = 0; i < f->items_count; i++) {
        const struct screen_item *q = &f->items[i];
        bool bad = positive && strcmp(q->id, positive) == 0, yes_no = strcmp(q->kind, "yes_no") == 0;
        bool asks_yes = strcmp(q->asks_if, "yes") == 0;
        json_str(&j, q->id, yes_no ? (bad == asks_yes ? "yes" : "no") : bad ? q->asks_if : "0");
    }
    json_end(&j, '}');
    did(h, "nurse1", "screen.record", "{'visit':'%s','kind':'%s','answers':%s}", visit, kind, buf_str(&b));
    buf_fini(&b);
}

void vitals(struct house *h, const char *visit, const char *phase)
{
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'%s','temp':36.8,'hr':72,'rr':14,'sbp':122,'dbp':76,'spo2':98,'oxygen':false,'acvpu':'A'"
        "}",
        visit, phase);
}

void assessed(struct house *h, struct path *p)
{
    arrived(h, p);
    screens(h, p->visit, "arrival", NULL);
    screens(h, p->visit, "infection", NULL);
    if (strcmp(word(h, "plan", p->plan, "regimen"), "ivig_pid") == 0)
        screens(h, p->visit, "immune_globulin", NULL);
    vitals(h, p->visit, "baseline");
    did(h, "nurse1", "line.place", "{'visit':'%s','line':'peripheral 22 G, left forearm'}", p->visit);
}

void ok_to_treat(struct house *h, struct path *p)
{
    assessed(h, p);
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p->visit);
}

void mixed(struct house *h, struct path *p)
{
    ok_to_treat(h, p);
    p->prep = made(h, "technician", "prep.start", "{'order':'%s'}", p->order);
    did(h, "technician", "prep.label", "{'prep':'%s'}", p->prep);
    p->bag = arena_strdup(h->keep, word(h, "prep", p->prep, "barcode"));
}

void released(struct house *h, struct path *p)
{
    mixed(h, p);
    const struct node *bag = row(h, "prep", p->prep);
    did(h, "pharmacist", "prep.check", "{'prep':'%s','barcode':'%s','dose':{'value':%s,'unit':'%s'},'volume':%s}",
        p->prep, p->bag, at(bag, "dose.value"), at(bag, "dose.unit"), at(bag, "volume"));
    did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p->prep);
}

void hung(struct house *h, struct path *p, const char *pump)
{
    released(h, p);
    p->pump = pump;
    p->infusion = made(h, "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-%s','bag_code':'%s','pump_code':'%s','badge_code':'B7'}", p->visit,
        p->patient, p->bag, pump);
}

/* ---- the pump ------------------------------------------------------------------------------------------------------------------- */

void pump_says(struct house *h, const char *pump, struct pump_say m)
{
    static int number;
    char when[UTC_TEXT_MAX];
    const char *id = m.message ? m.message : text(h, "G%d", ++number);
    did(h, NULL, "pump.message",
        "{'sender':'PUMPS^GW','message':'%s','kind':'%s','pump':'%s','channel':'A','observed':'%s'%s%s%s%s}", id,
        m.kind, pump, utc_text(m.observed ? m.observed : h->now, when),
        m.event ? text(h, ",'event':'%s'", m.event) : "", m.status ? text(h, ",'status':'%s'", m.status) : "",
        m.rate ? text(h, ",'rate':%s", m.rate) : "", m.total ? text(h, ",'total':%s", m.total) : "");
}
