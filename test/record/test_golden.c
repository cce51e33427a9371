/* The golden ledgers: what a release wrote is read and replayed by every later one. golden/N.jsonl holds one event a
 * line as it stands in the tables, and on its last line what must come of it. VENULE_GOLDEN_WRITE=FILE makes one. */
#include "rig.h"
#include "golden_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "record/chain.h"
#include "record/erase.h"
#include "record/replay.h"

/* What the tables hold, told so that a field added later changes nothing: the JSON of each row. */
static const char *essence(struct rig *r)
{
    struct buf b;
    buf_init(&b, GOLDEN_MAX);
    for (int64_t site = 1; site <= 2; site++) {
        WORKS(r, tx_read(&r->t, r->s, r->a, site, &rig_types, &r->e));
        for (int i = 0; i < model_record_count; i++) {
            const struct record *rec = model_records[i];
            char *rows;
            int n;
            WORKS(r, table_list(&r->t, rec, "TRUE ORDER BY id", NO_VALS, &rows, &n, &r->e));
            for (int k = 0; k < n; k++) {
                struct json j;
                json_init(&j, &b);
                buf_printf(&b, "%d %s ", (int)site, rec->name);
                record_to_json(rec, rows + (size_t)k * rec->size, &j, NULL);
                buf_addc(&b, '\n');
            }
        }
        tx_rollback(&r->t);
    }
    char *digest = arena_alloc(r->a, 65);
    assert_false(b.full);
    chain_sha256(buf_str(&b), b.len, digest);
    buf_fini(&b);
    return digest;
}

static void write_golden(struct rig *r, const char *path)
{
    rig_begin(r, 1);
    r->t.salt = rig_salt;
    rig_patient(r, "1-patient-1-0", "Byron");
    rig_visit(r, "v1", "1-patient-1-0");
    rig_order(r, "o1", "v1", "1-patient-1-0");
    rig_infusion(r, "i1", "v1", "1-patient-1-0", "o1");
    rig_fact(r, "f1", "i1", 125);
    rig_scan(r, "s1", "v1");
    rig_patient(r, "p2", "O'Brien \"é漢\"");
    rig_visit(r, "v2", "p2");
    rig_order(r, "o2", "v2", "p2");
    BLANK(med_order, o);
    o.id = "o2";
    o.state = "signed";
    o.weight = dec_lit("71.10");
    struct event_head h = rig_head(30, NULL);
    h.reason = "weighed again";
    h.why = "{\"rule\":\"weight\",\"was\":70.0}";
    h.clock = "pump P1";
    h.offset_us = -1250000;
    WORKS(r, event_append(&r->t, &ev_order_patch, &h, &o, "state weight volume", &r->e));
    rig_commit(r);
    rig_begin(r, 2);
    r->t.salt = rig_salt;
    rig_patient(r, "p2", "Elsewhere");
    h.offset_us = INT_NONE;
    h.reason = h.why = NULL;
    WORKS(r, ledger_erase(&r->t, &h, "p2", &r->e));
    rig_patient(r, "p3", "After");
    rig_commit(r);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    golden_events_write(r->s, r->a, f);
    fprintf(f, "{\"essence\":\"%s\"}\n", essence(r));
    fclose(f);
}

static void replay_file(struct rig *r, const char *path, int64_t events)
{
    size_t len;
    char *text = golden_text(r->a, path, &len);
    const char *want = NULL;
    for (char *line = text, *end; line < text + len && (end = strchr(line, '\n')); line = end + 1) {
        const struct node *n = json_read(r->a, line, (size_t)(end - line), GOLDEN_MAX, &r->e);
        assert_non_null(n);
        if (node_get(n, "essence"))
            want = node_str_at(n, "essence");
        else
            golden_event_insert(r->s, r->a, n);
    }
    struct verify_result v;
    WORKS(r, ledger_rebuild(r->s, &rig_types, &v, &r->e));
    WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
    assert_true(v.whole);
    assert_int_equal(v.events, events);
    assert_non_null(want);
    assert_string_equal(essence(r), want);
}

static void first_release(void **state)
{
    struct rig *r = *state;
    if (getenv("VENULE_GOLDEN_WRITE")) {
        write_golden(r, getenv("VENULE_GOLDEN_WRITE"));
        return;
    }
    const char *dir = getenv("VENULE_GOLDEN_DIR");
    replay_file(r, arena_printf(r->a, "%s/1.jsonl", dir ? dir : "test/record/golden"), 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(first_release, rig_start, rig_stop)};
    return cmocka_run_group_tests_name(rig_is_pg() ? "golden, PostgreSQL" : "golden, SQLite", tests, NULL, NULL);
}
