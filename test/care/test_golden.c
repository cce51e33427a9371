/* The golden ledger of the service's own events: two whole paths from plan to claim as the first release wrote them, and
 * what erred on the way. golden/1.jsonl is read and replayed for ever, on both stores; it is never written again.
 * VENULE_GOLDEN_WRITE=FILE makes one of a later release, as golden/2.jsonl.
 *
 * One event a line as it stands in the tables, then one line a derived row. Every member of a golden row must come out
 * the same; a member a later release adds may stand beside it. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "../record/golden_file.h"
#include "record/erase.h"
#include "record/replay.h"

/* ---- what the first release wrote ----------------------------------------------------------------------------------------- */

static void charged(struct house *h, const struct path *p)
{
    did(h, "biller", "charge.make", "{'visit':'%s'}", p->visit);
    did(h, "biller", "charge.finalise", "{'visit':'%s'}", p->visit);
}

static void home(struct house *h, const struct path *p, int observe)
{
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p->infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p->infusion);
    vitals(h, p->visit, "end");
    wait(h, observe);
    vitals(h, p->visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p->visit);
}

/* Iron: one pump event after another, a set of vital signs corrected after the claim, the second visit delayed. */
static void iron(struct house *h)
{
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    wait(h, 6);
    vitals(h, p.visit, "during");
    PUMP(h, "VP1", .kind = "telemetry", .status = "delivering", .rate = "795", .total = "79.5");
    wait(h, 14);
    PUMP(h, "VP1", .kind = "event", .event = "complete", .status = "kvo", .rate = "5", .total = "265");
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "kvo", .rate = "5", .total = "265");
    wait(h, 3);
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "265.2");
    did(h, "nurse1", "give.stop", "{'infusion':'%s','volume':265}", p.infusion);
    refused(h, "not_flushed", "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    home(h, &p, 31);
    charged(h, &p);
    h->reason = "read from the wrong line";
    did(h, "nurse2", "chart.correct", "{'record':'vital_signs','id':'%s','field':'hr','value':76}",
        one(h, "vital_signs", text(h, "visit='%s' AND phase='during'", p.visit)));
    h->reason = "on a journey";
    did(h, "scheduler", "visit.delay", "{'visit':'%s','days':3}", visit_of(h, p.plan, 2));
    h->reason = "ferritin is up";
    did(h, "prescriber", "order.cancel", "{'order':'%s'}", order_of(h, visit_of(h, p.plan, 2)));
}

/* Immune globulin: six steps, a reaction at the third with its restart, an alarm, a question, the second visit skipped. */
static void ig(struct house *h)
{
    static const char *const rates[] = {"21", "42", "84", "168", "252", "336"};
    static const char *const totals[] = {"0", "10.5", "31.5", "73.5", "157.5", "283.5"};
    char now[UTC_TEXT_MAX];
    ig_patient(h, "ito", "70 kg", "175 cm");
    struct path p = planned(h, "ito", "ivig_pid", "D83.9");
    hung(h, &p, "VP2");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':21}", p.infusion);
    for (int i = 0; i < 6; i++) {
        if (i) {
            wait(h, 30);
            vitals(h, p.visit, "rate change");
            did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':%s}", p.infusion, rates[i]);
        }
        PUMP(h, "VP2", .kind = "event", .event = "start", .status = "delivering", .rate = rates[i], .total = totals[i]);
        if (i != 2)
            continue;
        wait(h, 1);
        PUMP(h, "VP2", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "32.9");
        const char *r = made(h, "nurse1", "reaction.record",
            "{'visit':'%s','infusion':'%s','grade':1,'symptoms':'headache','stopped_by_hand':true}", p.visit, p.infusion);
        did(h, "nurse1", "reaction.change", "{'reaction':'%s','symptoms':'headache, chills','state':'treated'}", r);
        wait(h, 31);
        if (strcmp(word(h, "reaction", r, "restart"), "allowed") == 0)
            did(h, "prescriber", "restart.order", "{'reaction':'%s','rate':42}", r);
        did(h, "nurse1", "give.resume", "{'infusion':'%s','rate':42}", p.infusion);
        PUMP(h, "VP2", .kind = "event", .event = "start", .status = "delivering", .rate = "42", .total = "32.9");
        did(h, "nurse1", "reaction.change", "{'reaction':'%s','state':'closed','next_time':'slower'}", r);
        break;
    }
    did(h, NULL, "pump.message",
        "{'sender':'S','message':'a1','kind':'alarm','pump':'VP2','channel':'A','observed':'%s','alert':'A1','alarm_code':196940,"
        "'alarm_text':'Near end','priority':'low','phase':'start'}", utc_text(h->now, now));
    wait(h, 60);
    PUMP(h, "VP2", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "74.9");
    did(h, "nurse1", "give.stop", "{'infusion':'%s','volume':74.9}", p.infusion);
    home(h, &p, 66);
    did(h, "biller", "charge.make", "{'visit':'%s'}", p.visit);
    h->override = "the rest of the vial is on file";
    did(h, "biller", "charge.finalise", "{'visit':'%s'}", p.visit);
    did(h, "nurse1", "question.ask", "{'patient':'ito','text':'May I drive home?'}");
    h->reason = "wants a month off";
    did(h, "prescriber", "visit.skip", "{'visit':'%s'}", visit_of(h, p.plan, 2));
}

/* A third patient was forgotten: what is left of them are headers. */
static void forgotten(struct house *h)
{
    struct tx t;
    iron_patient(h, "gone");
    (void)planned(h, "gone", "fcm_ida", "D50.9");
    struct event_head head = {.happened = h->now, .recorded = h->now, .clock = "server", .offset_us = INT_NONE, .actor = "system",
        .command = "patient.erase", .reason = "asked to be forgotten"};
    assert_true(tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e));
    assert_true(ledger_erase(&t, &head, "gone", &h->e));
    assert_true(tx_commit(&t, &h->e));
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------- */

typedef void row_fn(struct house *h, const struct record *r, const char *json, void *user);

static void each_row(struct house *h, row_fn *with, void *user)
{
    struct tx t;
    assert_true(tx_read(&t, h->store, h->a, 1, &care_event_types, &h->e));
    for (int i = 0; i < model_record_count; i++) {
        const struct record *r = model_records[i];
        char *rows;
        int n;
        assert_true(table_list(&t, r, "TRUE ORDER BY id", NO_VALS, &rows, &n, &h->e));
        for (int k = 0; k < n; k++) {
            struct buf b;
            struct json j;
            buf_init(&b, GOLDEN_MAX);
            json_init(&j, &b);
            record_to_json(r, rows + (size_t)k * r->size, &j, NULL);
            with(h, r, buf_str(&b), user);
            buf_fini(&b);
        }
    }
    tx_rollback(&t);
}

static void print_row(struct house *h, const struct record *r, const char *json, void *user)
{
    (void)h;
    fprintf(user, "{\"record\":\"%s\",\"row\":%s}\n", r->name, json);
}

static const char *text_of_node(struct arena *a, const struct node *n)
{
    struct buf b;
    struct json j;
    buf_init(&b, GOLDEN_MAX);
    json_init(&j, &b);
    json_node(&j, NULL, n);
    const char *out = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return out;
}

/* The rows as the replay has them: record/id → JSON. */
struct now {
    const char *record, *id;
    const struct node *row;
};
struct all {
    struct now rows[3000];
    int count;
};

static void keep_row(struct house *h, const struct record *r, const char *json, void *user)
{
    struct all *all = user;
    const char *kept = arena_strdup(h->a, json);
    const struct node *n = json_read(h->a, kept, strlen(kept), GOLDEN_MAX, &h->e);
    assert_non_null(n);
    assert_true(all->count < 3000);
    all->rows[all->count++] = (struct now){r->name, node_str_at(n, "id"), n};
}

static void must_be_there(struct house *h, const struct all *all, const char *record, const struct node *golden)
{
    for (int i = 0; i < all->count; i++) {
        const struct now *x = &all->rows[i];
        if (strcmp(x->record, record) != 0 || strcmp(x->id, node_str_at(golden, "id")) != 0)
            continue;
        node_each(m, golden) {
            const struct node *is = node_get(x->row, m->key);
            const char *was = text_of_node(h->a, m), *now = is ? text_of_node(h->a, is) : "absent";
            if (strcmp(was, now) != 0)
                fail_msg("%s %s: %s was %.200s and replays as %.200s", record, x->id, m->key, was, now);
        }
        return;
    }
    fail_msg("%s %s is not there any more", record, node_str_at(golden, "id"));
}

/* ---- the tests ---------------------------------------------------------------------------------------------------------------- */

static void write_one(const char *path)
{
    void *state;
    assert_int_equal(house_open(&state), 0);
    struct house *h = state;
    iron(h);
    h->now = clock_at(h, "2026-03-10", 8, 0);
    ig(h);
    forgotten(h);
    whole(h);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    golden_events_write(h->store, h->a, f);
    each_row(h, print_row, f);
    fclose(f);
    house_close(&state);
}

static void replayed(const char *path, int events, int rows)
{
    struct house h = {.keep = arena_new(), .a = arena_new()};
    const char *pg = getenv("VENULE_TEST_PG");
    struct all *all = arena_alloc(h.keep, sizeof *all);
    struct verify_result v;
    size_t len;
    int event_count = 0, row_count = 0;
    assert_true(store_open(pg ? pg : "sqlite::memory:", false, &h.store, &h.e));
    if (pg)
        assert_true(store_script(h.store, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", &h.e));
    assert_true(ledger_create(h.store, &h.e));
    char *file = golden_text(h.keep, path, &len);
    const struct node **golden = arena_array(h.keep, 3000, sizeof *golden);
    for (char *line = file, *end; line < file + len && (end = strchr(line, '\n')); line = end + 1) {
        const struct node *n = json_read(h.keep, line, (size_t)(end - line), GOLDEN_MAX, &h.e);
        assert_non_null(n);
        if (node_get(n, "record")) {
            assert_true(row_count < 3000);
            golden[row_count++] = n;
        } else {
            golden_event_insert(h.store, h.keep, n);
            event_count++;
        }
    }
    if (!ledger_rebuild(h.store, &care_event_types, &v, &h.e) || !ledger_verify(h.store, &care_event_types, &v, &h.e))
        fail_msg("%s: %s", h.e.where, h.e.text);
    if (!v.whole)
        fail_msg("%s", v.says);
    assert_int_equal(event_count, events);
    assert_int_equal(v.events, events);
    assert_int_equal(row_count, rows);
    all->count = 0;
    each_row(&h, keep_row, all);
    for (int i = 0; i < row_count; i++)
        must_be_there(&h, all, node_str_at(golden[i], "record"), node_get(golden[i], "row"));
    assert_true(all->count >= rows);
    store_close(h.store);
    arena_free(h.a);
    arena_free(h.keep);
}

static void test_first_release(void **state)
{
    const char *dir = getenv("VENULE_GOLDEN_DIR"), *to = getenv("VENULE_GOLDEN_WRITE");
    char path[1000];
    (void)state;
    if (to) {
        write_one(to);
        return;
    }
    snprintf(path, sizeof path, "%s/1.jsonl", dir ? dir : "test/care/golden");
    replayed(path, 302, 216);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_first_release)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
