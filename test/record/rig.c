#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A new fact moves its infusion: what `after` is for. */
static bool fact_after(struct tx *t, const void *payload, struct err *e)
{
    const struct flow_fact *f = payload;
    struct infusion i;
    bool found;
    if (!f->infusion || !dec_is(f->total))
        return true;
    if (!table_get(t, &record_infusion, f->infusion, &i, &found, e) || !found)
        return e->kind == ERR_NONE;
    i.volume = f->total;
    i.heard = f->happened;
    return table_patch(t, &record_infusion, &i, "volume heard", e);
}

#define TYPE(sym, name, mode, rec, after) \
    const struct event_type ev_##sym = {name, 1, APPLY_##mode, &record_##rec, after, "of the tests"}
TYPE(patient_put, "patient.put", PUT, patient, NULL);
TYPE(patient_patch, "patient.patch", PATCH, patient, NULL);
TYPE(order_put, "order.put", PUT, med_order, NULL);
TYPE(order_patch, "order.patch", PATCH, med_order, NULL);
TYPE(chair_put, "chair.put", PUT, chair, NULL);
TYPE(visit_put, "visit.put", PUT, visit, NULL);
TYPE(infusion_put, "infusion.put", PUT, infusion, NULL);
TYPE(infusion_patch, "infusion.patch", PATCH, infusion, NULL);
TYPE(fact_put, "fact.put", PUT, flow_fact, fact_after);
TYPE(scan_put, "scan.put", PUT, scan, NULL);
TYPE(stock_put, "stock.put", PUT, stock, NULL);
TYPE(stock_patch, "stock.patch", PATCH, stock, NULL);
TYPE(question_put, "question.put", PUT, question, NULL);
TYPE(noted, "note", NOTE, consent, NULL);

static const struct event_type *const types[] = {
    &ev_patient_put, &ev_patient_patch, &ev_order_put, &ev_order_patch, &ev_chair_put, &ev_visit_put, &ev_infusion_put,
    &ev_infusion_patch, &ev_fact_put, &ev_scan_put, &ev_stock_put, &ev_stock_patch, &ev_question_put, &ev_noted,
};
const struct event_types rig_types = {types, sizeof types / sizeof *types, NULL, 0};

bool rig_is_pg(void)
{
    return getenv("VENULE_TEST_PG") != NULL;
}

int rig_start(void **state)
{
    struct rig *r = mem_alloc(sizeof *r);
    *state = r;
    if (rig_is_pg()) {
        snprintf(r->url, sizeof r->url, "%s", getenv("VENULE_TEST_PG"));
    } else {
        strcpy(r->dir, "/tmp/venule-record-XXXXXX");
        assert_non_null(mkdtemp(r->dir));
        snprintf(r->url, sizeof r->url, "sqlite:%s/x.db", r->dir);
    }
    r->a = arena_new();
    WORKS(r, store_open(r->url, false, &r->s, &r->e));
    if (rig_is_pg())
        WORKS(r, store_script(r->s, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", &r->e));
    WORKS(r, ledger_create(r->s, &r->e));
    return 0;
}

int rig_stop(void **state)
{
    struct rig *r = *state;
    store_close(r->s);
    arena_free(r->a);
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (int i = 0; r->dir[0] && i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/x.db%s", r->dir, tails[i]);
        unlink(path);
    }
    if (r->dir[0])
        rmdir(r->dir);
    mem_free(r);
    return 0;
}

struct store *rig_open_again(struct rig *r, bool read_only)
{
    struct store *s;
    WORKS(r, store_open(r->url, read_only, &s, &r->e));
    return s;
}

void rig_salt(void *to, size_t n)
{
    static unsigned char next;
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)to)[i] = ++next;
}

void rig_begin(struct rig *r, int64_t site)
{
    WORKS(r, tx_begin(&r->t, r->s, r->a, site, &rig_types, &r->e));
}

void rig_commit(struct rig *r)
{
    WORKS(r, tx_commit(&r->t, &r->e));
}

struct event_head rig_head(int64_t minute, const char *patient)
{
    utc_t t = utc_of_date(2026, 3, 9) + minute * UTC_MINUTE;
    return (struct event_head){.happened = t,
                               .recorded = t + UTC_SECOND,
                               .clock = "server",
                               .offset_us = 0,
                               .actor = "staff-1",
                               .command = "test.do",
                               .patient = patient};
}

#define APPEND(type, rec)                                           \
    do {                                                            \
        struct event_head h = rig_head(r->t.seq, NULL);             \
        WORKS(r, event_append(&r->t, &type, &h, rec, NULL, &r->e)); \
    } while (0)

void rig_patient(struct rig *r, const char *id, const char *family)
{
    struct patient p = {id, "M-1", family, "Ada", "1961-02-28", "female", "555", "en", "recorded", 35};
    APPEND(ev_patient_put, &p);
}

void rig_visit(struct rig *r, const char *id, const char *patient)
{
    BLANK(visit, v);
    v.id = id;
    v.plan = "1-plan-1-X";
    v.patient = patient;
    v.number = 1;
    v.due = v.earliest = v.latest = "2026-03-09";
    v.state = "due";
    v.setup_min = 15;
    v.drug_min = 60;
    v.observe_min = 30;
    APPEND(ev_visit_put, &v);
}

void rig_order(struct rig *r, const char *id, const char *visit, const char *patient)
{
    BLANK(med_order, o);
    o.id = id;
    o.plan = "1-plan-1-X";
    o.visit = visit;
    o.patient = patient;
    o.drug = "fcm";
    o.drug_name = "ferric carboxymaltose";
    o.place = 1;
    o.role = "treatment";
    o.method = "pump";
    o.dose = qty_lit("750 mg");
    o.volume = dec_lit("250.00");
    o.steps = "[{\"rate\":1000.0,\"minutes\":15}]";
    o.minutes = 15;
    o.state = "draft";
    o.version = 1;
    o.proof = "{\"formula\":\"flat\",\"in\":[1.10,null,true]}";
    APPEND(ev_order_put, &o);
}

void rig_infusion(struct rig *r, const char *id, const char *visit, const char *patient, const char *order)
{
    BLANK(infusion, i);
    i.id = id;
    i.visit = visit;
    i.patient = patient;
    i.med_order = order;
    i.drug = "fcm";
    i.drug_name = "ferric carboxymaltose";
    i.method = "pump";
    i.pump = "P1";
    i.channel = "A";
    i.ordered_ml = dec_lit("250.00");
    i.concentration = qty_lit("3.00 mg/mL");
    i.state = "associated";
    i.certainty = "certain";
    i.volume = dec_lit("0");
    i.kvo_ml = dec_lit("0.0");
    i.associated_at = utc_of_date(2026, 3, 9);
    i.nurse = "staff-1";
    APPEND(ev_infusion_put, &i);
}

void rig_fact(struct rig *r, const char *id, const char *infusion, int64_t total)
{
    BLANK(flow_fact, f);
    f.id = id;
    f.infusion = infusion;
    f.pump = "P1";
    f.channel = "A";
    f.kind = "counter";
    f.happened = utc_of_date(2026, 3, 9) + r->t.seq * UTC_MINUTE;
    f.sender = "P1";
    f.message = id;
    f.source = "pump";
    f.total = DEC(total, 1);
    APPEND(ev_fact_put, &f);
}

void rig_scan(struct rig *r, const char *id, const char *visit)
{
    BLANK(scan, s);
    s.id = id;
    s.visit = visit;
    s.what = "patient";
    s.code = "M-1";
    s.typed = 0;
    s.nurse = "staff-1";
    s.at = utc_of_date(2026, 3, 9);
    APPEND(ev_scan_put, &s);
}
