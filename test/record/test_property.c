/* Any sequence of events: random records of every table, random patches, commands undone, patients erased; then the
 * ledger is whole, a rebuild changes nothing, and a SQLite store fed the same sequence has the same digest. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "record/erase.h"
#include "record/replay.h"
#include "record/table_sql.h"

enum { SEQUENCES = 6, STEPS = 1200, PATIENTS = 4, ROWS = 3, RECORDS_MAX = 80 };

static uint64_t seed;

static unsigned rnd(unsigned below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

static struct event_type types[RECORDS_MAX * 2];
static const struct event_type *pointers[RECORDS_MAX * 2];
static char names[RECORDS_MAX * 2][64];
static struct event_types all_types = {pointers, 0, NULL, 0};

static void make_types(void)
{
    assert_true(model_record_count <= RECORDS_MAX);
    for (int i = 0; i < model_record_count * 2; i++) {
        const struct record *r = model_records[i / 2];
        snprintf(names[i], sizeof names[i], "%s.%s", r->name, i % 2 ? "patch" : "put");
        types[i] = (struct event_type){names[i], 1, i % 2 ? APPLY_PATCH : APPLY_PUT, r, NULL, "random"};
        if (r == &record_flow_fact && i % 2 == 0)
            types[i].after = ev_fact_put.after;
        pointers[i] = &types[i];
    }
    all_types.count = model_record_count * 2;
}

/* Does the record lead to a patient? Then its rows belong to one for ever: "visit-p2-1". */
static bool of_patient(const struct record *r)
{
    if (r == &record_patient || record_field(r, "patient"))
        return true;
    for (int i = 0; i < r->count; i++) {
        const struct record *to = r->fields[i].type == FIELD_REF ? model_find(r->fields[i].detail) : NULL;
        if (to && to != &record_staff && (to == &record_patient || record_field(to, "patient")))
            return true;
    }
    return false;
}

static const char *name_row(struct arena *a, const struct record *r, unsigned patient, unsigned row)
{
    if (r == &record_patient)
        return arena_printf(a, "patient-p%u", patient);
    return of_patient(r) ? arena_printf(a, "%s-p%u-%u", r->name, patient, row) : arena_printf(a, "%s-%u", r->name, row);
}

static const char *pick_word(struct arena *a, const char *list)
{
    int words = 1;
    for (const char *p = list; *p; p++)
        words += *p == '|';
    for (unsigned n = rnd((unsigned)words); n; n--)
        list = strchr(list, '|') + 1;
    return arena_strndup(a, list, strcspn(list, "|"));
}

static const char *pick_text(struct arena *a, const struct field *f)
{
    static const char *const texts[] = {
        "x", "O'Brien \"Bob\" \\ ?1 $1 ~,", "é漢字\t\r\n\x01", "  ", "0", "NULL", "{}", "1.10"};
    unsigned n = rnd(12);
    if (n < 8)
        return texts[n];
    if (n == 8 && f->need == MAY)
        return "";
    unsigned len = rnd(f->type == FIELD_LONG || f->type == FIELD_BLOB ? 5000 : FIELD_TEXT_MAX) + 1;
    char *s = arena_alloc(a, len + 1);
    for (unsigned i = 0; i < len; i++)
        s[i] = (char)(32 + rnd(95));
    return s;
}

static struct dec pick_dec(void)
{
    int64_t coef = 0;
    for (unsigned digits = rnd(19); digits; digits--)
        coef = coef * 10 + rnd(10);
    return DEC(rnd(2) ? coef : -coef, (int8_t)rnd(DEC_SCALE_MAX + 1));
}

static void pick(struct arena *a, const struct field *f, void *rec, unsigned patient)
{
    static const char *const json[] = {
        "{\"a\":[1.10,null,\"\\u00e9\\n\"],\"b\":{}}", "[]", "\"x\"", "-1e-7", " [ 1 , true ] ", "[null]"};
    static const char *const units[] = {"mg", "mL/h", "ug/kg/min", "10*9/L", "1", "[iU]", "mm[Hg]"};
    void *p = (char *)rec + f->offset;
    switch (f->type) {
    case FIELD_INT: *(int64_t *)p = rnd(2) ? rnd(1000) : (int64_t)seed / 11; break;
    case FIELD_BOOL: *(int *)p = (int)rnd(2); break;
    case FIELD_TIME:
        *(utc_t *)p = utc_of_date(1600 + (int)rnd(800), 1 + (int)rnd(12), 1 + (int)rnd(28)) + rnd(1000000);
        break;
    case FIELD_DEC: *(struct dec *)p = pick_dec(); break;
    case FIELD_QTY:
        *(struct qty *)p = (struct qty){pick_dec(), unit_find(f->detail[0] ? f->detail : units[rnd(7)])};
        break;
    case FIELD_CODE: *(const char **)p = f->detail[0] ? pick_word(a, f->detail) : "word"; break;
    case FIELD_DATE:
        *(const char **)p = arena_printf(a, "%04u-%02u-%02u", 1900 + rnd(200), 1 + rnd(12), 1 + rnd(28));
        break;
    case FIELD_JSON: *(const char **)p = json[rnd(6)]; break;
    case FIELD_REF: {
        const struct record *to = model_find(f->detail);
        *(const char **)p = to ? name_row(a, to, patient, rnd(ROWS)) : pick_text(a, f);
        break;
    }
    default: *(const char **)p = pick_text(a, f); break;
    }
}

static void put_or_patch(struct rig *r, bool *ok)
{
    const struct event_type *type = &types[rnd((unsigned)all_types.count)];
    const struct record *rec = type->record;
    unsigned patient = rnd(PATIENTS);
    char fields[2000] = "";
    void *x = arena_alloc(r->a, rec->size);
    record_blank(rec, x);
    *(const char **)((char *)x + rec->fields[0].offset) = name_row(r->a, rec, patient, rnd(ROWS));
    for (int i = 1; i < rec->count; i++) {
        const struct field *f = &rec->fields[i];
        if (type->mode == APPLY_PATCH && rnd(3))
            continue;
        if (f->need == MUST || rnd(3))
            pick(r->a, f, x, patient);
        strcat(strcat(fields, fields[0] ? " " : ""), f->name);
    }
    if (type->mode == APPLY_PATCH && !fields[0])
        return;
    struct event_head h = rig_head(r->t.seq, NULL);
    h.reason = rnd(4) ? NULL : pick_text(r->a, &rec->fields[0]);
    h.why = rnd(4) ? NULL : "{\"rule\":\"x\"}";
    h.offset_us = rnd(2) ? INT_NONE : (int64_t)rnd(100000) - 50000;
    *ok = event_append(&r->t, type, &h, x, type->mode == APPLY_PATCH ? fields : NULL, &r->e);
    if (!*ok && r->e.kind != ERR_NOT_FOUND) {
        print_error("%s: %s: %s\n", type->name, r->e.where, r->e.text);
        fail();
    }
}

static void sequence(struct rig *r, uint64_t start)
{
    seed = start;
    for (int step = 0; step < STEPS;) {
        int64_t site = 1 + rnd(2);
        arena_reset(r->a);
        WORKS(r, tx_begin(&r->t, r->s, r->a, site, &all_types, &r->e));
        for (unsigned commands = 1 + rnd(20); commands; commands--) {
            bool ok = true;
            WORKS(r, tx_savepoint(&r->t, &r->e));
            for (unsigned events = 1 + rnd(3); ok && events; events--, step++)
                put_or_patch(r, &ok);
            if (ok && rnd(60) == 0) {
                struct event_head h = rig_head(r->t.seq, NULL);
                WORKS(r, ledger_erase(&r->t, &h, arena_printf(r->a, "patient-p%u", rnd(PATIENTS)), &r->e));
            }
            if (ok && rnd(5)) {
                WORKS(r, tx_release(&r->t, &r->e));
            } else {
                r->e = (struct err){0};
                WORKS(r, tx_undo(&r->t, &r->e));
            }
        }
        if (rnd(6))
            rig_commit(r);
        else
            tx_rollback(&r->t);
    }
}

static void random_sequences(void **state)
{
    struct rig *r = *state;
    make_types();
    for (uint64_t n = 1; n <= SEQUENCES; n++) {
        struct rig twin = {.a = arena_new()};
        struct verify_result v, w;
        WORKS(&twin, store_open("sqlite::memory:", false, &twin.s, &twin.e));
        WORKS(&twin, ledger_create(twin.s, &twin.e));
        if (n > 1)
            WORKS(r, store_script(r->s,
                                  rig_is_pg() ? "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
                                              : "DELETE FROM ledger; DELETE FROM payload; DELETE FROM ledger_head",
                                  &r->e));
        store_close(r->s); /* statements know tables that are gone */
        WORKS(r, store_open(r->url, false, &r->s, &r->e));
        if (rig_is_pg())
            WORKS(r, ledger_create(r->s, &r->e));
        else
            WORKS(r, ledger_rebuild(r->s, &all_types, &v, &r->e)); /* of nothing: empties the tables */
        sequence(r, n * 977);
        sequence(&twin, n * 977);
        WORKS(r, ledger_verify(r->s, &all_types, &v, &r->e));
        WORKS(&twin, ledger_verify(twin.s, &all_types, &w, &twin.e));
        if (!v.whole || !w.whole)
            print_error("sequence %d: %s; twin: %s\n", (int)n, v.says, w.says);
        assert_true(v.whole && w.whole);
        print_message("sequence %d: %s\n", (int)n, v.says);
        assert_true(v.events > STEPS / 8);
        assert_string_equal(v.digest, w.digest);
        WORKS(r, ledger_rebuild(r->s, &all_types, &w, &r->e));
        assert_string_equal(v.digest, w.digest);
        store_close(twin.s);
        arena_free(twin.a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(random_sequences, rig_start, rig_stop)};
    return cmocka_run_group_tests_name(rig_is_pg() ? "property, PostgreSQL" : "property, SQLite", tests, NULL, NULL);
}
