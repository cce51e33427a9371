/* Events and the rows they write; savepoints; answers; the inbox. The same on SQLite and PostgreSQL. */
#include "rig.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/inbox.h"
#include "record/runtime.h"

static void every_type_of_field(void **state)
{
    struct rig *r = *state;
    rig_begin(r, 1);
    BLANK(observation, none);
    rig_order(r, "1-med_order-1-X", "1-visit-1-X", "1-patient-1-X"); /* ID REF TEXT CODE INT QTY DEC JSON */
    rig_patient(r, "1-patient-1-X", "Lovelace");                    /* DATE */
    rig_infusion(r, "1-infusion-1-X", "1-visit-1-X", "1-patient-1-X", "1-med_order-1-X"); /* TIME */
    struct chair c = {"A3", "west", 0, 7, 1};                       /* BOOL */
    struct event_head h = rig_head(1, NULL);
    WORKS(r, event_append(&r->t, &ev_chair_put, &h, &c, NULL, &r->e));
    BLANK(question, q);                                             /* LONG */
    char *text = arena_alloc(r->a, FIELD_LONG_MAX + 1);
    memset(text, 'x', FIELD_LONG_MAX);
    memcpy(text, "\"\\\n\té漢 ' ?1", 14);
    q.id = "1-question-1-X";
    q.patient = "1-patient-1-X";
    q.text = text;
    q.at = utc_of_date(2399, 12, 31);
    q.state = "open";
    q.told = "";                                                    /* empty is not absent */
    WORKS(r, event_append(&r->t, &ev_question_put, &h, &q, NULL, &r->e));
    rig_commit(r);

    WORKS(r, tx_read(&r->t, r->s, r->a, 1, &rig_types, &r->e));
    struct med_order o;
    WORKS(r, table_need(&r->t, &record_med_order, "1-med_order-1-X", "med_order", &o, &r->e));
    char buf[DEC_TEXT_MAX], qbuf[QTY_TEXT_MAX];
    assert_string_equal(dec_text(o.volume, buf), "250.00"); /* two places stay two */
    assert_string_equal(qty_text(o.dose, qbuf), "750 mg");
    assert_string_equal(o.steps, "[{\"rate\":1000.0,\"minutes\":15}]");
    assert_string_equal(o.state, "draft");
    assert_int_equal(o.minutes, 15);
    assert_false(dec_is(o.max_rate) || dec_is(o.weight));
    assert_null(o.note);
    struct infusion i;
    WORKS(r, table_need(&r->t, &record_infusion, "1-infusion-1-X", "infusion", &i, &r->e));
    assert_int_equal(i.associated_at, utc_of_date(2026, 3, 9));
    assert_int_equal(i.started, UTC_NONE);
    assert_string_equal(dec_text(i.kvo_ml, buf), "0.0");
    assert_null(i.prep);
    struct chair c2;
    WORKS(r, table_need(&r->t, &record_chair, "A3", "chair", &c2, &r->e));
    assert_true(c2.bed == 0 && c2.active == 1 && c2.place == 7);
    struct question q2;
    WORKS(r, table_need(&r->t, &record_question, "1-question-1-X", "question", &q2, &r->e));
    assert_string_equal(q2.text, text);
    assert_string_equal(q2.told, "");
    assert_null(q2.answer);
    bool found;
    WORKS(r, table_get(&r->t, &record_chair, "A4", &c2, &found, &r->e));
    assert_false(found);
    assert_int_equal(c2.place, INT_NONE);
    FAILS(r, ERR_NOT_FOUND, table_need(&r->t, &record_chair, "A4", "chair", &c2, &r->e));
    tx_rollback(&r->t);
    WORKS(r, tx_read(&r->t, r->s, r->a, 2, &rig_types, &r->e)); /* another site sees nothing of it */
    WORKS(r, table_get(&r->t, &record_chair, "A3", &c2, &found, &r->e));
    assert_false(found);
    tx_rollback(&r->t);
}

static void patches(void **state)
{
    struct rig *r = *state;
    rig_begin(r, 1);
    rig_order(r, "o1", "v1", "p1");
    rig_order(r, "o2", "v1", "p1");
    BLANK(med_order, x);
    x.id = "o1";
    x.state = "signed";
    x.weight = dec_lit("71.10");
    x.volume = DEC_NONE;          /* named and absent: cleared */
    x.note = "not named: not kept";
    struct event_head h = rig_head(5, NULL);
    WORKS(r, event_append(&r->t, &ev_order_patch, &h, &x, "state weight volume", &r->e));
    struct med_order o;
    WORKS(r, table_need(&r->t, &record_med_order, "o1", "id", &o, &r->e));
    char buf[DEC_TEXT_MAX];
    assert_string_equal(o.state, "signed");
    assert_string_equal(dec_text(o.weight, buf), "71.10");
    assert_false(dec_is(o.volume));
    assert_null(o.note);
    assert_string_equal(o.drug, "fcm");
    WORKS(r, table_need(&r->t, &record_med_order, "o2", "id", &o, &r->e));
    assert_string_equal(o.state, "draft");
    /* what is refused, and why */
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_order_patch, &h, &x, "state colour", &r->e));
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_order_patch, &h, &x, "", &r->e));
    x.state = NULL;
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_order_patch, &h, &x, "state", &r->e)); /* MUST is not cleared */
    x.state = "lost";
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_order_patch, &h, &x, "state", &r->e)); /* not a word of the list */
    x.state = "held";
    x.id = "o9";
    FAILS(r, ERR_NOT_FOUND, event_append(&r->t, &ev_order_patch, &h, &x, "state", &r->e)); /* no such row */
    tx_rollback(&r->t);
    struct event_head none = h;
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_order_patch, &none, &x, "state", &r->e)); /* outside a batch */
    FAILS(r, ERR_INTERNAL, table_put(&r->t, &record_med_order, &o, &r->e));                   /* outside an apply */
}

static void what_is_refused(void **state)
{
    struct rig *r = *state;
    static char longer[FIELD_TEXT_MAX + 2];
    memset(longer, 'x', FIELD_TEXT_MAX + 1);
    const struct patient good = {"p1", "M", "Byron", "Ada", "1961-02-28", "female", "555", "en", "recorded", 35};
    struct patient bad[8];
    for (int i = 0; i < 8; i++)
        bad[i] = good;
    bad[0].family = longer;
    bad[1].family = "";
    bad[2].family = NULL;
    bad[3].born = "1961-02-29";
    bad[4].sex = "femal";
    bad[5].phone = "\xC3\x28";
    bad[6].travel = INT64_MAX;
    bad[7].id = NULL;
    struct event_head h = rig_head(1, NULL);
    rig_begin(r, 1);
    for (int i = 0; i < 8; i++)
        FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_patient_put, &h, &bad[i], NULL, &r->e));
    BLANK(med_order, o);
    rig_order(r, "o1", "v1", "p1");
    WORKS(r, table_need(&r->t, &record_med_order, "o1", "id", &o, &r->e));
    o.proof = "{\"a\":1,\"a\":2}";
    FAILS(r, ERR_INTERNAL,
          event_append(&r->t, &ev_order_put, &h, &o, NULL, &r->e)); /* JSON that could not be read back */
    o.proof = "null";
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_order_put, &h, &o, NULL, &r->e)); /* would come back as absent */
    o.proof = " { \"a\" : 1.10 } ";
    WORKS(r, event_append(&r->t, &ev_order_put, &h, &o, NULL, &r->e));
    WORKS(r, table_need(&r->t, &record_med_order, "o1", "id", &o, &r->e));
    assert_string_equal(o.proof, "{\"a\":1.10}"); /* one form */
    h.subject = "somebody else";
    FAILS(r, ERR_INTERNAL, event_append(&r->t, &ev_patient_put, &h, &good, NULL, &r->e));
    tx_rollback(&r->t);
}

static void a_failing_command_leaves_nothing(void **state)
{
    struct rig *r = *state;
    rig_begin(r, 1);
    WORKS(r, tx_savepoint(&r->t, &r->e));
    rig_patient(r, tx_next_id(&r->t, "patient"), "First");
    WORKS(r, tx_release(&r->t, &r->e));
    int64_t seq = r->t.seq;
    char hash[65];
    memcpy(hash, r->t.hash, sizeof hash);
    WORKS(r, tx_savepoint(&r->t, &r->e));
    rig_patient(r, "p2", "Second");
    rig_visit(r, "v2", "p2");
    BLANK(stock, s);
    s.id = "nothing";
    s.vials = 1;
    struct event_head h = rig_head(1, NULL);
    FAILS(r, ERR_NOT_FOUND, event_append(&r->t, &ev_stock_patch, &h, &s, "vials", &r->e));
    WORKS(r, tx_undo(&r->t, &r->e));
    assert_int_equal(r->t.seq, seq);
    assert_string_equal(r->t.hash, hash);
    WORKS(r, tx_savepoint(&r->t, &r->e));
    rig_patient(r, "p3", "Third");
    WORKS(r, tx_release(&r->t, &r->e));
    rig_commit(r);
    WORKS(r, tx_read(&r->t, r->s, r->a, 1, &rig_types, &r->e));
    assert_int_equal(r->t.seq, 2);
    struct patient *all;
    int n;
    WORKS(r, table_list(&r->t, &record_patient, "family > ?2 ORDER BY family", VALS(V_TEXT("A")), &all, &n, &r->e));
    assert_int_equal(n, 2);
    assert_string_equal(all[0].family, "First");
    assert_string_equal(all[0].id, "1-patient-1-0");
    assert_string_equal(all[1].family, "Third");
    const struct table_some names = {&record_patient, "id given", "family > ?2 ORDER BY family"};
    WORKS(r, table_list_some(&r->t, &names, VALS(V_TEXT("A")), &all, &n, &r->e));
    assert_int_equal(n, 2);
    assert_string_equal(all[1].id, "p3");
    assert_non_null(all[1].given);
    assert_null(all[1].family); /* not asked for: absent, though the same rows were read whole before */
    WORKS(r, table_list(&r->t, &record_patient, "family > ?2 ORDER BY family", VALS(V_TEXT("A")), &all, &n, &r->e));
    assert_string_equal(all[1].family, "Third");
    const struct table_some wrong = {&record_patient, "id colour", "TRUE"};
    FAILS(r, ERR_INTERNAL, table_list_some(&r->t, &wrong, NO_VALS, &all, &n, &r->e));
    struct ledger_event ev;
    bool found;
    WORKS(r, ledger_event_at(&r->t, 2, &ev, &found, &r->e));
    assert_true(found);
    assert_string_equal(ev.head.subject, "p3");
    assert_string_equal(ev.head.patient, "p3");
    WORKS(r, ledger_event_at(&r->t, 3, &ev, &found, &r->e));
    assert_false(found);
    struct visit *v;
    WORKS(r, table_list(&r->t, &record_visit, "TRUE", NO_VALS, &v, &n, &r->e));
    assert_int_equal(n, 0);
    tx_rollback(&r->t);
}

static void after_and_patient(void **state)
{
    struct rig *r = *state;
    rig_begin(r, 1);
    rig_patient(r, "p1", "Byron");
    rig_visit(r, "v1", "p1");
    rig_infusion(r, "i1", "v1", "p1", "o1");
    rig_fact(r, "f1", "i1", 125);
    rig_scan(r, "s1", "v1");
    rig_fact(r, "f2", NULL, 9);
    struct infusion i;
    WORKS(r, table_need(&r->t, &record_infusion, "i1", "id", &i, &r->e));
    assert_true(dec_eq(i.volume, dec_lit("12.5")) && i.volume.scale == 1);
    struct ledger_event *about;
    int n;
    WORKS(r, ledger_about(&r->t, "p1", &about, &n, &r->e)); /* the fact and the scan lead to their patient too */
    assert_int_equal(n, 5);
    assert_string_equal(about[3].type, "fact.put");
    assert_string_equal(about[4].type, "scan.put");
    assert_non_null(strstr(about[3].payload, "\"total\":12.5"));
    WORKS(r, ledger_about(&r->t, "f2", &about, &n, &r->e));
    assert_int_equal(n, 1);
    assert_null(about[0].head.patient);
    BLANK(consent, c); /* a NOTE writes nothing but leads to its patient as well */
    c.id = "c1";
    c.patient = "p1";
    c.plan = "plan";
    c.state = "given";
    c.at = 0;
    c.witness = "staff-1";
    struct event_head h = rig_head(3, NULL);
    h.reason = "asked";
    h.why = "{\"rule\":\"x\"}";
    WORKS(r, event_append(&r->t, &ev_noted, &h, &c, NULL, &r->e));
    WORKS(r, ledger_about(&r->t, "p1", &about, &n, &r->e));
    assert_int_equal(n, 6);
    assert_string_equal(about[5].head.reason, "asked");
    assert_string_equal(about[5].head.why, "{\"rule\":\"x\"}");
    bool found;
    WORKS(r, table_get(&r->t, &record_consent, "c1", &c, &found, &r->e));
    assert_false(found);
    rig_commit(r);
}

static void answers(void **state)
{
    struct rig *r = *state;
    const char *answer;
    bool found;
    rig_begin(r, 1);
    WORKS(r, answer_find(&r->t, "staff-1", "k", "hash", &answer, &found, &r->e));
    assert_false(found);
    WORKS(r, answer_keep(&r->t, "staff-1", "k", "hash", "{\"id\":1}", &r->e));
    rig_commit(r);
    rig_begin(r, 1);
    WORKS(r, answer_find(&r->t, "staff-1", "k", "hash", &answer, &found, &r->e));
    assert_true(found);
    assert_string_equal(answer, "{\"id\":1}");
    WORKS(r, answer_find(&r->t, "staff-2", "k", "hash", &answer, &found, &r->e));
    assert_false(found);
    FAILS(r, ERR_CONFLICT, answer_find(&r->t, "staff-1", "k", "other", &answer, &found, &r->e));
    assert_null(answer);
    WORKS(r, tx_savepoint(&r->t, &r->e));
    FAILS(r, ERR_CONFLICT, answer_keep(&r->t, "staff-1", "k", "other", "{}", &r->e));
    WORKS(r, tx_undo(&r->t, &r->e));
    tx_rollback(&r->t);
    rig_begin(r, 2);
    WORKS(r, answer_find(&r->t, "staff-1", "k", "hash", &answer, &found, &r->e));
    assert_false(found);
    tx_rollback(&r->t);
}

static void inbox(void **state)
{
    struct rig *r = *state;
    static char raw[5000];
    static const size_t lengths[] = {0, 1, 64, 65, 1400, sizeof raw};
    bool fresh, found;
    const char *old, *back;
    size_t len;
    uint32_t seed = 1;
    rig_begin(r, 1);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            for (size_t k = 0; k < lengths[i]; k++) /* first what shrinks, then what does not */
                raw[k] = pass ? (char)((seed = seed * 1664525 + 1013904223) >> 24) : "OBX|1|NM|\r"[k % 10];
            const char *id = arena_printf(r->a, "m%d%zu", pass, i);
            WORKS(r, inbox_put(&r->t, "P1", id, 0, raw, lengths[i], "AA", &fresh, &old, &r->e));
            assert_true(fresh && !old);
            WORKS(r, inbox_get(&r->t, "P1", id, &back, &len, &found, &r->e));
            assert_true(found && len == lengths[i] && memcmp(back, raw, len) == 0);
        }
    rig_commit(r);
    rig_begin(r, 1);
    struct ledger_event ev;
    struct event_head h = rig_head(1, NULL);
    BLANK(inbox_seal, seal);
    bool same;
    int64_t days[4];
    int unsealed;
    WORKS(r, inbox_unsealed(&r->t, UTC_DAY, days, 4, &unsealed, &r->e));
    assert_true(unsealed == 1 && days[0] == 0);
    WORKS(r, inbox_seal_day(&r->t, &h, UTC_DAY - 1, &r->e));
    WORKS(r, ledger_event_at(&r->t, 1, &ev, &found, &r->e));
    assert_string_equal(ev.type, "inbox.sealed");
    const struct node *n = json_read(r->a, ev.payload, strlen(ev.payload), 1000, &r->e);
    WORKS(r, record_from_json(&record_inbox_seal, n, r->a, NULL, &seal, &r->e));
    assert_int_equal(seal.messages, 12);
    WORKS(r, inbox_unsealed(&r->t, UTC_DAY, days, 4, &unsealed, &r->e));
    assert_int_equal(unsealed, 0);
    int packed, all = 0;
    WORKS(r, inbox_pack(&r->t, 8, &packed, &r->e));
    assert_int_equal(packed, 0); /* too few to be worth it */
    do {
        WORKS(r, inbox_pack(&r->t, 1, &packed, &r->e));
        all += packed;
    } while (packed);
    assert_int_equal(all, 1);
    WORKS(r, inbox_check(&r->t, &seal, &same, &r->e)); /* packing changes nothing */
    assert_true(same);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        WORKS(r, inbox_get(&r->t, "P1", arena_printf(r->a, "m0%zu", i), &back, &len, &found, &r->e));
        assert_true(found && len == lengths[i]);
        for (size_t k = 0; k < len; k++)
            assert_int_equal(back[k], "OBX|1|NM|\r"[k % 10]);
    }
    /* what a savepoint takes back is not in the block either; what came before it is */
    WORKS(r, inbox_put(&r->t, "P3", "kept", 9 * UTC_DAY, "kept", 4, "AA", &fresh, &old, &r->e));
    WORKS(r, tx_savepoint(&r->t, &r->e));
    WORKS(r, inbox_put(&r->t, "P3", "undone", 9 * UTC_DAY, "undone", 6, "AA", &fresh, &old, &r->e));
    WORKS(r, inbox_put(&r->t, "P3", "other day", 10 * UTC_DAY, "undone", 6, "AA", &fresh, &old, &r->e));
    WORKS(r, tx_undo(&r->t, &r->e));
    WORKS(r, inbox_put(&r->t, "P3", "after", 9 * UTC_DAY, "after", 5, NULL, &fresh, &old, &r->e));
    WORKS(r, inbox_put(&r->t, "P3", "kept", 9 * UTC_DAY, "kept", 4, "AE", &fresh, &old, &r->e));
    assert_true(!fresh && strcmp(old, "AA") == 0);
    rig_commit(r);
    rig_begin(r, 1);
    WORKS(r, inbox_get(&r->t, "P3", "kept", &back, &len, &found, &r->e));
    assert_true(found && strcmp(back, "kept") == 0);
    WORKS(r, inbox_get(&r->t, "P3", "undone", &back, &len, &found, &r->e));
    assert_false(found);
    WORKS(r, inbox_get(&r->t, "P3", "after", &back, &len, &found, &r->e));
    assert_true(found && strcmp(back, "after") == 0);
    WORKS(r, inbox_put(&r->t, "P3", "after", 9 * UTC_DAY, "", 0, "AE", &fresh, &old, &r->e));
    assert_true(!fresh && !old);
    WORKS(r, tx_savepoint(&r->t, &r->e));
    WORKS(r, store_run(r->s, "UPDATE inbox_block SET size=size-1 WHERE day=0", NO_VALS, NULL, &r->e));
    FAILS(r, ERR_STORE, inbox_check(&r->t, &seal, &same, &r->e));
    FAILS(r, ERR_STORE, inbox_get(&r->t, "P1", "m04", &back, &len, &found, &r->e));
    WORKS(r, tx_undo(&r->t, &r->e));
    WORKS(r, tx_savepoint(&r->t, &r->e));
    WORKS(r, store_run(r->s, "UPDATE inbox_block SET day=0 WHERE day=9", NO_VALS, NULL, &r->e));
    WORKS(r, inbox_check(&r->t, &seal, &same, &r->e));
    assert_false(same);
    WORKS(r, tx_undo(&r->t, &r->e));
    WORKS(r, inbox_put(&r->t, "P1", "m00", 5, "other", 5, "AE", &fresh, &old, &r->e));
    assert_false(fresh);
    assert_string_equal(old, "AA");
    WORKS(r, inbox_put(&r->t, "P2", "m00", 3 * UTC_DAY, "x", 1, NULL, &fresh, &old, &r->e));
    assert_true(fresh);
    FAILS(r, ERR_TOO_LARGE,
          inbox_put(&r->t, "P1", "big", 5, raw, (size_t)INBOX_MESSAGE_MAX + 1, "AE", &fresh, &old, &r->e));
    int64_t gone, sealed, bad;
    WORKS(r, inbox_verify(&r->t, &sealed, &bad, &r->e));
    assert_true(sealed == 1 && bad == -1);
    WORKS(r, tx_savepoint(&r->t, &r->e));
    WORKS(r, store_run(r->s, "UPDATE inbox_block SET day=0 WHERE day=9", NO_VALS, NULL, &r->e));
    WORKS(r, inbox_verify(&r->t, &sealed, &bad, &r->e));
    assert_int_equal(bad, 0);
    WORKS(r, tx_undo(&r->t, &r->e));
    WORKS(r, inbox_forget(&r->t, 2 * UTC_DAY, &gone, &r->e));
    assert_int_equal(gone, 12);
    WORKS(r, inbox_get(&r->t, "P2", "m00", &back, &len, &found, &r->e));
    assert_true(found);
    rig_commit(r);
}

/* Whatever is packed together between batches, each message is found as it came: no block's number is given twice. */
static void inbox_packed_between_batches(void **state)
{
    struct rig *r = *state;
    bool fresh, found;
    const char *old, *back;
    size_t len;
    int packed;
    for (int i = 0; i < 40; i++) {
        rig_begin(r, 1);
        const char *id = arena_printf(r->a, "m%d", i);
        WORKS(r, inbox_put(&r->t, "P1", id, 0, id, strlen(id), "AA", &fresh, &old, &r->e));
        rig_commit(r);
        rig_begin(r, 1);
        for (int k = 0; k < i % 3; k++)
            WORKS(r, inbox_pack(&r->t, 1 + i % 2, &packed, &r->e));
        rig_commit(r);
        rig_begin(r, 1);
        for (int k = 0; k <= i; k++) {
            id = arena_printf(r->a, "m%d", k);
            WORKS(r, inbox_get(&r->t, "P1", id, &back, &len, &found, &r->e));
            assert_true(found && strcmp(back, id) == 0);
        }
        tx_rollback(&r->t);
    }
}

static void runtime_rows(void **state)
{
    struct rig *r = *state;
    BLANK(pump_live, p);
    p.id = "P1/A";
    p.pump = "P1";
    p.channel = "A";
    p.heard = 5;
    p.rate = dec_lit("125.0");
    rig_begin(r, 1);
    WORKS(r, runtime_put(&r->t, &record_pump_live, &p, &r->e));
    p.heard = 6;
    p.rate = DEC_NONE;
    WORKS(r, runtime_put(&r->t, &record_pump_live, &p, &r->e));
    struct pump_live *all;
    int n;
    WORKS(r, table_list(&r->t, &record_pump_live, "heard > ?2", VALS(V_INT(1)), &all, &n, &r->e));
    assert_int_equal(n, 1);
    assert_true(all[0].heard == 6 && !dec_is(all[0].rate));
    WORKS(r, runtime_delete(&r->t, &record_pump_live, "P1/A", &r->e));
    WORKS(r, table_list(&r->t, &record_pump_live, "heard > ?2", VALS(V_INT(1)), &all, &n, &r->e));
    assert_int_equal(n, 0);
    struct chair c = {"A3", "west", 0, 7, 1};
    FAILS(r, ERR_INTERNAL, runtime_put(&r->t, &record_chair, &c, &r->e)); /* not by this door */
    rig_commit(r);
    WORKS(r, ledger_create(r->s, &r->e)); /* again: nothing to do */
}

/* The second writer of a site waits for the first or is told to: never two events with one number. */
static void one_writer_a_site(void **state)
{
    struct rig *r = *state;
    rig_begin(r, 1);
    rig_patient(r, "p1", "First");
    struct store *other = rig_open_again(r, false);
    struct tx t2;
    WORKS(r, store_script(other, rig_is_pg() ? "SET lock_timeout='200ms'" : "PRAGMA busy_timeout=200", &r->e));
    FAILS(r, ERR_BUSY, tx_begin(&t2, other, r->a, 1, &rig_types, &r->e));
    rig_commit(r);
    WORKS(r, tx_begin(&t2, other, r->a, 1, &rig_types, &r->e));
    assert_int_equal(t2.seq, 1);
    tx_rollback(&t2);
    store_close(other);
}

/* A disk that fills up: SQLite may give the whole transaction up. Nothing half done is left either way. */
static void a_full_disk(void **state)
{
    struct rig *r = *state;
    struct verify_result v;
    if (rig_is_pg())
        return; /* its server's disk is not ours to fill */
    rig_begin(r, 1);
    rig_patient(r, "p1", "First");
    rig_commit(r);
    struct rows rows;
    bool more;
    WORKS(r, store_query(r->s, r->a, "PRAGMA page_count", NO_VALS, &rows, &r->e));
    WORKS(r, rows_next(&rows, &more, &r->e));
    int pages = (int)rows_int(&rows, 0);
    rows_end(&rows);
    WORKS(r,
          store_script(r->s, arena_printf(r->a, "PRAGMA cache_size=4; PRAGMA max_page_count=%d", pages + 200), &r->e));
    int kept = 1;
    bool full = false;
    static char text[30000];
    memset(text, 'x', sizeof text - 1);
    for (int batch = 0; batch < 100 && !full; batch++) {
        int done = 0;
        if (!tx_begin(&r->t, r->s, r->a, 1, &rig_types, &r->e))
            break;
        for (; done < 3 && !full; done++) {
            struct event_head h = rig_head(1, NULL);
            struct question q = {.id = tx_next_id(&r->t, "question"),
                                 .patient = "p1",
                                 .text = text,
                                 .at = 0,
                                 .state = "open",
                                 .answered_at = UTC_NONE};
            full = !tx_savepoint(&r->t, &r->e) || !event_append(&r->t, &ev_question_put, &h, &q, NULL, &r->e) ||
                   !tx_release(&r->t, &r->e);
        }
        if (full) {
            assert_int_equal(r->e.kind, ERR_STORE);
            r->e = (struct err){0};
            tx_rollback(&r->t);
        } else if (tx_commit(&r->t, &r->e)) {
            kept += done;
        } else {
            full = true;
            r->e = (struct err){0};
        }
        assert_false(store_in_transaction(r->s));
    }
    assert_true(full && kept > 1);
    WORKS(r, store_script(r->s, "PRAGMA max_page_count=100000", &r->e));
    WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
    assert_true(v.whole);
    assert_int_equal(v.events, kept);
    rig_begin(r, 1);
    rig_patient(r, "p9", "After");
    rig_commit(r);
}

/* The child appends and tells what was committed; it is killed in the middle. What it told stands, and all is whole. */
static void append_until_killed(struct rig *r, int to)
{
    struct store *own = rig_open_again(r, false);
    for (int n = 0;; n++) {
        arena_reset(r->a);
        if (!tx_begin(&r->t, own, r->a, 1, &rig_types, &r->e))
            _exit(1);
        for (int i = 0; i < 5; i++)
            rig_patient(r, tx_next_id(&r->t, "patient"), "Patient");
        if (!tx_commit(&r->t, &r->e) || write(to, &r->t.seq, sizeof r->t.seq) != sizeof r->t.seq)
            _exit(1);
    }
}

static void a_kill(void **state)
{
    struct rig *r = *state;
    for (int round = 0; round < 3; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            append_until_killed(r, ends[1]);
        close(ends[1]);
        int64_t told = 0, seq;
        for (int acks = 0; acks < 10 + round && read(ends[0], &seq, sizeof seq) == sizeof seq; acks++)
            told = seq;
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(ends[0], &seq, sizeof seq) == sizeof seq)
            told = seq;
        close(ends[0]);
        assert_true(told >= 50);
        struct verify_result v;
        WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
        assert_true(v.whole && v.events >= told && v.events % 5 == 0);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_start, rig_stop)
    const struct CMUnitTest tests[] = {
        TEST(every_type_of_field), TEST(patches),     TEST(what_is_refused), TEST(a_failing_command_leaves_nothing),
        TEST(after_and_patient),   TEST(answers),     TEST(inbox),           TEST(inbox_packed_between_batches), TEST(runtime_rows),
        TEST(one_writer_a_site),   TEST(a_full_disk), TEST(a_kill),
    };
    return cmocka_run_group_tests_name(rig_is_pg() ? "ledger, PostgreSQL" : "ledger, SQLite", tests, NULL, NULL);
}
