/* The proof: tampering is found and named, replay gives the same tables, an erasure leaves the chain whole, an old
 * version is lifted. The same on SQLite and PostgreSQL. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "record/erase.h"
#include "record/lift.h"
#include "record/replay.h"

static void small_ledger(struct rig *r)
{
    rig_begin(r, 1);
    rig_patient(r, "p1", "Byron");                                /* 1 */
    rig_visit(r, "v1", "p1");                                     /* 2 */
    rig_infusion(r, "i1", "v1", "p1", "o1");                      /* 3 */
    rig_fact(r, "f1", "i1", 125);                                 /* 4 */
    rig_commit(r);
    rig_begin(r, 1);
    rig_scan(r, "s1", "v1");                                      /* 5 */
    rig_patient(r, "p2", "Second");                               /* 6 */
    rig_visit(r, "v2", "p2");                                     /* 7 */
    rig_fact(r, "f2", "i1", 250);                                 /* 8 */
    rig_commit(r);
    rig_begin(r, 2);
    rig_patient(r, "p1", "Elsewhere");
    rig_commit(r);
}

static void whole(struct rig *r, int64_t events, char digest[65])
{
    struct verify_result v;
    char again[65];
    WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
    if (!v.whole)
        print_error("%s\n", v.says);
    assert_true(v.whole);
    assert_int_equal(v.events, events);
    assert_int_equal(v.first_bad, 0);
    char says[80];
    snprintf(says, sizeof says, "ledger whole: %d events, replay equal", (int)events);
    assert_string_equal(v.says, says);
    WORKS(r, ledger_digest(r->s, again, &r->e));
    assert_string_equal(again, v.digest);
    if (digest)
        strcpy(digest, v.digest);
}

static void a_whole_ledger(void **state)
{
    struct rig *r = *state;
    char empty[65], full[65];
    whole(r, 0, empty);
    small_ledger(r);
    whole(r, 9, full);
    assert_string_not_equal(empty, full);
    struct store *reader = rig_open_again(r, true);
    struct verify_result v;
    WORKS(r, ledger_verify(reader, &rig_types, &v, &r->e)); /* it writes nothing */
    assert_true(v.whole);
    store_close(reader);
}

static void tampering(void **state)
{
    struct rig *r = *state;
    static const struct {
        const char *sql;
        int64_t seq;
        const char *says;
    } cases[] = {
        {"UPDATE payload SET data=replace(data, 'Byron', 'Bryon') WHERE site=1 AND seq=1", 1,
         "event 1 patient.put: its payload is not"},
        {"UPDATE payload SET reason='' WHERE site=1 AND seq=3", 3, "event 3 infusion.put: its payload is not"},
        {"UPDATE payload SET salt=(SELECT salt FROM payload WHERE site=1 AND seq=2) WHERE site=1 AND seq=5", 5,
         "commitment"},
        {"DELETE FROM payload WHERE site=1 AND seq=4", 4, "event 4 fact.put: its payload is missing"},
        {"UPDATE ledger SET happened=happened+1 WHERE site=1 AND seq=2", 2,
         "event 2 visit.put: its header does not fit"},
        {"UPDATE ledger SET actor='staff-2' WHERE site=1 AND seq=6", 6, "header does not fit"},
        {"UPDATE ledger SET patient=NULL WHERE site=1 AND seq=6", 6, "header does not fit"},
        {"UPDATE ledger SET offset_us=NULL WHERE site=1 AND seq=6", 6, "header does not fit"},
        {"UPDATE ledger SET hash=replace(hash, substr(hash, 1, 1), 'x') WHERE site=1 AND seq=3", 3,
         "does not fit its hash"},
        {"UPDATE ledger SET type='patient.patch' WHERE site=1 AND seq=1", 1, "header does not fit"},
        {"UPDATE ledger SET version=2 WHERE site=1 AND seq=1", 1, "header does not fit"},
        {"DELETE FROM ledger WHERE site=1 AND seq=5", 5, "event 5: it is missing; the next one is 6"},
        {"DELETE FROM ledger WHERE site=1 AND seq=8", 8, "event 8: it is missing; the ledger should end with 8"},
        {"UPDATE ledger_head SET seq=7 WHERE site=1", 8, "past the ledger's end at 7"},
        {"UPDATE ledger_head SET hash='00' WHERE site=1", 8, "its hash is not the one the ledger ends with"},
        {"DELETE FROM ledger_head WHERE site=2", 1, "site 2, event 1: it stands last, but the end"},
        {"UPDATE ledger SET site=3 WHERE site=2", 1, "site 2, event 1: it is missing"},
        {"UPDATE patient SET family='Bryon' WHERE site=1 AND id='p1'", 1,
         "table patient, row \"p1\": family is not what its events say"},
        {"UPDATE infusion SET volume=126 WHERE site=1", 3, "table infusion, row \"i1\": volume"},
        {"UPDATE infusion SET volume=2500, volume_s=2 WHERE site=1", 3, "volume"},        /* 25.00 is not 25.0 */
        {"UPDATE visit SET reason='' WHERE site=1 AND id='v2'", 7, "row \"v2\": reason"}, /* empty is not absent */
        {"DELETE FROM scan", 5, "row \"s1\": it stands in the replay only"},
        {"INSERT INTO chair (site, id, pod, bed, place, active) VALUES (1, 'A1', 'w', 0, 1, 1)", 0,
         "row \"A1\": it stands in the store only"},
    };
    struct verify_result v;
    char good[65], now[65];
    small_ledger(r);
    whole(r, 9, good);
    WORKS(r, store_script(r->s,
                          "CREATE TABLE was AS SELECT * FROM ledger; CREATE TABLE was_payload AS SELECT * FROM payload;"
                          "CREATE TABLE was_head AS SELECT * FROM ledger_head",
                          &r->e)); /* to go back to */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t changed;
        WORKS(r, store_run(r->s, cases[i].sql, NO_VALS, &changed, &r->e));
        assert_true(changed > 0);
        WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
        if (v.whole || v.first_bad != cases[i].seq || !strstr(v.says, cases[i].says))
            print_error("%s\n  gives %d: %s\n", cases[i].sql, (int)v.first_bad, v.says);
        assert_false(v.whole);
        assert_int_equal(v.first_bad, cases[i].seq);
        assert_non_null(strstr(v.says, cases[i].says));
        WORKS(r, store_script(r->s,
                              "DELETE FROM ledger; DELETE FROM payload; DELETE FROM ledger_head;"
                              "INSERT INTO ledger SELECT * FROM was; INSERT INTO payload SELECT * FROM was_payload;"
                              "INSERT INTO ledger_head SELECT * FROM was_head",
                              &r->e));
        WORKS(r, ledger_digest(r->s, now, &r->e));
        if (strcmp(now, good) != 0) {
            WORKS(r, ledger_rebuild(r->s, &rig_types, &v, &r->e));
            assert_int_equal(v.events, 9);
        }
    }
    whole(r, 9, NULL);
}

static void a_rebuild(void **state)
{
    struct rig *r = *state;
    struct verify_result v;
    char before[65];
    small_ledger(r);
    whole(r, 9, before);
    WORKS(r,
          store_script(
              r->s, "UPDATE store_info SET value='another' WHERE name='derived'; DELETE FROM visit; DROP TABLE scan;",
              &r->e));
    FAILS(r, ERR_CONFLICT, ledger_create(r->s, &r->e)); /* made from another description, and not empty */
    WORKS(r, ledger_rebuild(r->s, &rig_types, &v, &r->e));
    assert_string_equal(v.digest, before);
    WORKS(r, ledger_create(r->s, &r->e));
    whole(r, 9, NULL);
    /* a broken ledger is not built from, and what stands is kept */
    WORKS(r, store_script(r->s, "UPDATE ledger SET actor='x' WHERE site=1 AND seq=7", &r->e));
    FAILS(r, ERR_STORE, ledger_rebuild(r->s, &rig_types, &v, &r->e));
    WORKS(r, ledger_digest(r->s, v.digest, &r->e));
    assert_string_equal(v.digest, before);
}

static int64_t count(struct rig *r, const char *sql)
{
    struct rows rows;
    bool more;
    WORKS(r, store_query(r->s, r->a, sql, NO_VALS, &rows, &r->e));
    WORKS(r, rows_next(&rows, &more, &r->e));
    int64_t n = rows_int(&rows, 0);
    rows_end(&rows);
    return n;
}

static void an_erasure(void **state)
{
    struct rig *r = *state;
    small_ledger(r);
    rig_begin(r, 1);
    struct event_head h = rig_head(20, NULL);
    h.reason = "request of 2026-03-10";
    WORKS(r, ledger_erase(&r->t, &h, "p1", &r->e)); /* 9 */
    rig_visit(r, "v3", "p2");
    rig_commit(r);
    assert_int_equal(count(r, "SELECT count(*) FROM payload WHERE site=1"), 4);
    assert_int_equal(count(r, "SELECT count(*) FROM payload WHERE data LIKE '%Byron%'"), 0);
    assert_int_equal(count(r, "SELECT count(*) FROM patient WHERE site=1"), 1);
    assert_int_equal(count(r, "SELECT count(*) FROM patient WHERE site=2"),
                     1); /* the same id elsewhere is somebody else */
    assert_int_equal(count(r, "SELECT count(*) FROM visit"), 2);
    assert_int_equal(count(r, "SELECT count(*) FROM infusion"), 0);
    assert_int_equal(count(r, "SELECT count(*) FROM flow_fact"), 0);
    assert_int_equal(count(r, "SELECT count(*) FROM scan"), 0);
    assert_int_equal(count(r, "SELECT count(*) FROM ledger WHERE site=1"), 10); /* no header goes */
    whole(r, 11, NULL);
    struct verify_result v;
    WORKS(r, ledger_rebuild(r->s, &rig_types, &v, &r->e));
    whole(r, 11, NULL);
    WORKS(r, tx_read(&r->t, r->s, r->a, 1, &rig_types, &r->e));
    struct ledger_event ev;
    bool found;
    WORKS(r, ledger_event_at(&r->t, 1, &ev, &found, &r->e));
    assert_true(found && !ev.payload);
    assert_string_equal(ev.head.subject, "p1");
    tx_rollback(&r->t);
    /* no erasure covers another patient's payload, and one that is put back is seen */
    WORKS(r, store_script(r->s, "DELETE FROM payload WHERE site=1 AND seq=6", &r->e));
    WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
    assert_int_equal(v.first_bad, 6);
    WORKS(r,
          store_script(
              r->s,
              "INSERT INTO payload (site, seq, salt, data) SELECT 1, 6, salt, data FROM payload WHERE site=1 AND seq=7;"
              "INSERT INTO payload (site, seq, salt, data) SELECT 1, 2, salt, data FROM payload WHERE site=1 AND seq=7",
              &r->e));
    WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
    assert_int_equal(v.first_bad, 2);
    assert_non_null(strstr(v.says, "stands though a later event erased it"));
}

/* chair.put/1 said "room" and "number"; version 2 says "pod" and "place"; the table of today is version 3. */
static bool lift_chair_1(const struct node *n, struct json *j, struct err *e)
{
    (void)e;
    json_object(j, NULL);
    json_str(j, "id", node_str_at(n, "id"));
    json_str(j, "pod", node_str_at(n, "room"));
    json_node(j, "place", node_get(n, "number"));
    json_end(j, '}');
    return true;
}

static bool lift_chair_2(const struct node *n, struct json *j, struct err *e)
{
    if (!node_str_at(n, "pod"))
        return err_set(e, ERR_STORE, "pod", "chair.put/2 without a pod");
    json_object(j, NULL);
    node_each(m, n)
        json_node(j, m->key, m);
    json_bool(j, "bed", false);
    json_bool(j, "active", true);
    json_end(j, '}');
    return true;
}

static void lifting(void **state)
{
    struct rig *r = *state;
    static const struct event_type chair_3 = {"chair.put", 3, APPLY_PUT, &record_chair, NULL, "of today"};
    static const struct event_type *const one[] = {&chair_3};
    static const struct lift lifts[] = {{"chair.put", 1, lift_chair_1}, {"chair.put", 2, lift_chair_2}};
    const struct event_types types = {one, 1, lifts, 2};
    static const struct {
        int version;
        const char *data;
    } old[] = {
        {1, "{\"id\":\"A1\",\"room\":\"west\",\"number\":4}"},
        {2, "{\"id\":\"A2\",\"pod\":\"west\",\"place\":5}"},
        {3, "{\"id\":\"A3\",\"pod\":\"west\",\"bed\":true,\"place\":6,\"active\":true}"},
    };
    rig_begin(r, 1);
    r->t.types = &types;
    for (int i = 0; i < 3; i++) {
        r->t.seq++;
        WORKS(r, replay_event(&r->t, "chair.put", old[i].version, old[i].data, &r->e));
    }
    struct chair *all;
    int n;
    WORKS(r, table_list(&r->t, &record_chair, "TRUE ORDER BY id", NO_VALS, &all, &n, &r->e));
    assert_int_equal(n, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(all[i].pod, "west");
        assert_int_equal(all[i].place, 4 + i);
        assert_int_equal(all[i].bed, i == 2);
        assert_int_equal(all[i].active, 1);
    }
    FAILS(r, ERR_STORE, replay_event(&r->t, "chair.put", 4, old[2].data, &r->e)); /* from the future */
    FAILS(r, ERR_STORE, replay_event(&r->t, "sofa.put", 1, old[2].data, &r->e));
    FAILS(r, ERR_STORE, replay_event(&r->t, "chair.put", 2, "{\"id\":\"A2\"}", &r->e));
    FAILS(r, ERR_INPUT, replay_event(&r->t, "chair.put", 3, old[0].data, &r->e));
    tx_rollback(&r->t);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_start, rig_stop)
    const struct CMUnitTest tests[] = {
        TEST(a_whole_ledger), TEST(tampering), TEST(a_rebuild), TEST(an_erasure), TEST(lifting),
    };
    return cmocka_run_group_tests_name(rig_is_pg() ? "replay, PostgreSQL" : "replay, SQLite", tests, NULL, NULL);
}
