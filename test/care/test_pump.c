/* What pumps say, and do not say: messages lost, doubled, late, out of order, from a counter set back, from a pump that
 * went on to another patient. The words of certainty must be right, and the ledger whole. */
#include "harness.h"

#include "care/pump_desk.h"
#include "record/dump.h"
#include "record/erase.h"
#include "record/model.h"
#include "record/runtime.h"

#include <string.h>

static struct path waiting(struct house *h, const char *id, const char *pump)
{
    iron_patient(h, id);
    struct path p = planned(h, id, "fcm_ida", "D50.9");
    hung(h, &p, pump);
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    return p;
}

#define START(...) \
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = __VA_ARGS__)
#define STOP(...) \
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = __VA_ARGS__)
#define TELLS(...) PUMP(h, "VP1", .kind = "telemetry", .status = "delivering", .rate = "795", .total = __VA_ARGS__)

static void is_now(struct house *h, const struct path *p, const char *state, const char *certainty, const char *volume)
{
    const struct node *i = row(h, "infusion", p->infusion);
    if (strcmp(at(i, "state"), state) != 0 || strcmp(at(i, "certainty"), certainty) != 0
        || strcmp(at(i, "volume"), volume) != 0)
        fail_msg("%s, %s, %s mL (%s); wanted %s, %s, %s mL", at(i, "state"), at(i, "certainty"), at(i, "volume"),
            at(i, "why_uncertain"), state, certainty, volume);
}

static void down(struct house *h, const struct path *p)
{
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p->infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p->infusion);
}

/* START never came: the next telemetry shows it flows; the counter of the association tells from when nothing was known. */
static void test_lost_start(void **state)
{
    struct house *h = *state;
    PUMP(h, "VP1", .kind = "telemetry", .status = "not delivering", .rate = "0", .total = "40");
    struct path p = waiting(h, "rossi", "VP1");
    is_now(h, &p, "waiting", "certain", "0");
    wait(h, 4);
    TELLS("93"); /* 53 mL since the baseline of 40: when is not known */
    is_now(h, &p, "running", "uncertain when", "53");
    wait(h, 16);
    STOP("305");
    down(h, &p);
    is_now(h, &p, "ended", "uncertain when", "265");
    assert_true(holds(word(h, "infusion", p.infusion, "why_uncertain"), "the total is"));
    assert_word(h, "med_order", p.order, "state", "given"); /* the total is known */
    whole(h);
}

/* A message sent twice has one effect, whatever the gateway numbered it; the same facts in another order say the same. */
static void test_doubled(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    utc_t t0 = h->now;
    START("0", .message = "S");
    wait(h, 10);
    TELLS("132.5", .message = "T");
    START("0", .message = "S", .observed = t0);
    TELLS("132.5", .message = "T");
    wait(h, 10);
    STOP("265", .message = "E");
    STOP("265", .message = "E");
    START("0", .message = "S", .observed = t0);
    down(h, &p);
    is_now(h, &p, "ended", "certain", "265");
    const struct node *segments = node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "segments");
    assert_int_equal(find(segments, "kind", "running") != NULL, 1);
    int n = 0;
    node_each(s, segments)
        n += strcmp(at(s, "kind"), "running") == 0;
    assert_int_equal(n, 1);
    whole(h);
}

/* The pump kept its words back and sends them after it was taken down: they belong to whom it ran for then. */
static void test_late(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    utc_t t0 = h->now;
    START("0");
    wait(h, 20);
    utc_t t1 = h->now;
    wait(h, 2);
    did(h, "nurse1", "give.pause", "{'infusion':'%s'}", p.infusion);
    did(h, NULL, "pump.watch", "{}"); /* not heard for 22 minutes */
    is_now(h, &p, "uncertain", "uncertain total", "0");
    down(h, &p);
    assert_word(h, "infusion", p.infusion, "state", "uncertain");
    assert_word(h, "med_order", p.order, "state", "part given"); /* as far as was known */
    wait(h, 10);
    TELLS("66.3", .observed = t0 + 5 * UTC_MINUTE);
    STOP("265", .observed = t1);
    is_now(h, &p, "ended", "certain", "265");
    assert_word(h, "med_order", p.order, "state", "given"); /* the late word put it right */
    whole(h);
}

/* Late words of the patient before must not fall to the patient after, nor the other way round. */
static void test_next_patient(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    START("0");
    wait(h, 20);
    utc_t ended = h->now;
    wait(h, 1); /* its STOP is on its way */
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    wrong(h, ERR_CONFLICT, "infusion", "nurse1", "give.disconnect", "{'infusion':'%s'}",
        p.infusion); /* for all we know it runs */
    STOP("265", .observed = ended);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    is_now(h, &p, "ended", "certain", "265");
    wait(h, 5);
    struct path q = waiting(h, "bianchi", "VP1");
    START("265"); /* the counter goes on: bianchi's baseline is 265 */
    STOP("265", .observed = ended, .message = "again"); /* a resend under another number */
    is_now(h, &q, "running", "certain", "0");
    wait(h, 10);
    TELLS("397.5");
    is_now(h, &q, "running", "certain", "132.5");
    is_now(h, &p, "ended", "certain", "265");
    wait(h, 10);
    STOP("530");
    down(h, &q);
    is_now(h, &q, "ended", "certain", "265");
    whole(h);
}

/* A counter set back without a word: what flowed in between is not known, and said so. */
static void test_reset(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    START("0");
    wait(h, 10);
    TELLS("132.5");
    is_now(h, &p, "running", "certain", "132.5");
    wait(h, 5);
    TELLS("10");
    const struct node *i = row(h, "infusion", p.infusion);
    assert_string_equal(at(i, "state"), "uncertain");
    assert_string_equal(at(i, "certainty"), "uncertain total");
    assert_true(holds(at(i, "why_uncertain"), "set back"));
    const struct node *floor = see(h, "nurse1", "floor", "{}");
    assert_string_equal(at(floor, "count.uncertain"), "1");
    assert_string_equal(at(find(node_get(floor, "tasks"), "what", "Find out what flowed"), "urgency"), "overdue");
    STOP("10");
    down(h, &p);
    h->reason = "bag weighed empty";
    did(h, "nurse1", "give.reconcile", "{'infusion':'%s','volume':265,'seen_by':'bag weight'}", p.infusion);
    is_now(h, &p, "reconciled", "stated", "265");
    wait(h, 31);
    vitals(h, p.visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    whole(h);
}

static void forget_live(struct house *h, const char *channel)
{
    if (!store_run(h->store, "DELETE FROM pump_live WHERE id=?1", VALS(V_TEXT(channel)), NULL, &h->e))
        fail_msg("%s", h->e.text);
}

static const char *doubt(struct house *h, const char *pump)
{
    return at(find(node_get(see(h, "nurse1", "pumps", "{}"), "pumps"), "pump", pump), "doubt");
}

/* A lost live row is no silence: it is counted from the later of the server's start and the association. */
static void test_unheard(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    char started[UTC_TEXT_MAX];
    START("0");
    wait(h, 20);
    utc_text(h->now, started);
    forget_live(h, "VP1/A"); /* the server was away for 20 minutes and its runtime rows with it */
    wait(h, 4);
    did(h, NULL, "pump.watch", "{'listening':'%s'}", started);
    is_now(h, &p, "running", "certain", "0");
    wait(h, 2);
    did(h, NULL, "pump.watch", "{'listening':'%s'}", started);
    is_now(h, &p, "uncertain", "uncertain total", "0");
    down(h, &p);
    /* the pumps' page says no sooner that one is silent */
    struct path q = waiting(h, "okafor", "VP2");
    PUMP(h, "VP2", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    assert_word(h, "infusion", q.infusion, "state", "running");
    forget_live(h, "VP2/A");
    assert_string_equal(doubt(h, "VP2"), "");
    wait(h, 6);
    assert_non_null(strstr(doubt(h, "VP2"), "silent"));
    whole(h);
}

/* Silence makes it uncertain once; the pump's next word makes it certain again. */
static void test_silence(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    START("0");
    wait(h, 4);
    did(h, NULL, "pump.watch", "{}");
    is_now(h, &p, "running", "certain", "0");
    wait(h, 2);
    did(h, NULL, "pump.watch", "{}");
    is_now(h, &p, "uncertain", "uncertain total", "0");
    int facts = count(h, "flow_fact", "kind='lost'");
    wait(h, 1);
    did(h, NULL, "pump.watch", "{}");
    assert_int_equal(facts, 1);
    assert_int_equal(count(h, "flow_fact", "kind='lost'"), 1); /* once */
    const struct node *pump = find(node_get(see(h, "nurse1", "pumps", "{}"), "pumps"), "pump", "VP1");
    assert_string_equal(at(pump, "patient"), "ROSSI, Ada");
    TELLS("92.7"); /* 7 minutes at 795 mL/h are 92.75 mL */
    is_now(h, &p, "running", "certain", "92.7");
    wait(h, 13);
    STOP("265");
    down(h, &p);
    is_now(h, &p, "ended", "certain", "265");
    whole(h);
}

/* Keep-vein-open and what flows between are apart from the drug. */
static void test_kvo(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    START("0");
    wait(h, 20);
    PUMP(h, "VP1", .kind = "event", .event = "complete", .status = "kvo", .rate = "5", .total = "265");
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "kvo", .rate = "5", .total = "265");
    is_now(h, &p, "kvo", "certain", "265");
    wait(h, 12);
    STOP("266");
    down(h, &p);
    is_now(h, &p, "ended", "certain", "265");
    assert_word(h, "infusion", p.infusion, "kvo_ml", "1");
    whole(h);
}

/* Nobody charts the start: the pump's word moves the visit on all the same, to its end and its charge. */
static void test_start_not_charted(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    START("0");
    assert_word(h, "visit", p.visit, "state", "treating");
    wait(h, 20);
    STOP("265");
    down(h, &p);
    assert_word(h, "visit", p.visit, "state", "observing");
    wait(h, 31);
    vitals(h, p.visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    did(h, "biller", "charge.make", "{'visit':'%s'}", p.visit);
    whole(h);
}

/* And if all of the pump's words come only after it was taken down, taking it down moves the visit on. */
static void test_start_told_at_the_end(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    utc_t t0 = h->now;
    wait(h, 22);
    assert_word(h, "visit", p.visit, "state", "ok");
    START("0", .observed = t0);
    STOP("265", .observed = t0 + 20 * UTC_MINUTE);
    down(h, &p);
    assert_word(h, "visit", p.visit, "state", "observing");
    whole(h);
}

/* A reaction before any word of the pump: what ran is not known. Once it is, the drug's table limits the restart. */
static void test_reaction_before_the_pump(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    utc_t t0 = h->now;
    wait(h, 3);
    const char *r = made(h, "nurse1", "reaction.record",
        "{'visit':'%s','infusion':'%s','grade':2,'symptoms':'flushing','stopped_by_hand':true}", p.visit, p.infusion);
    r = arena_strdup(h->a, r);
    assert_word(h, "reaction", r, "restart", "allowed");
    assert_string_equal(word(h, "reaction", r, "restart_rate"), "");
    START("0", .observed = t0);
    STOP("39.7");
    refused(h, "rate_above_restart", "prescriber", "restart.order", "{'reaction':'%s','rate':397.6}", r);
    did(h, "prescriber", "restart.order", "{'reaction':'%s','rate':397.5}", r);
    assert_word(h, "reaction", r, "rate", "795");
    whole(h);
}

static struct path prepared(struct house *h, const char *id)
{
    iron_patient(h, id);
    return planned(h, id, "fcm_ida", "D50.9");
}

static void scanned(struct house *h, struct path *p)
{
    p->infusion = made(h, "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}", p->visit, p->bag);
}

/* The bag was started first and scanned after: what flowed before the scan is the patient's too, from its first drop. */
static void test_scanned_after(void **state)
{
    struct house *h = *state;
    struct path p = prepared(h, "rossi");
    released(h, &p);
    PUMP(h, "VP1", .kind = "telemetry", .status = "not delivering", .rate = "0", .total = "40");
    /* an earlier stretch of somebody else's test run: stopped since, so it is not this bag's */
    START("40");
    wait(h, 1);
    STOP("53.2");
    wait(h, 5);
    utc_t t0 = h->now;
    START("53.2");
    wait(h, 6);
    TELLS("132.7");
    assert_true(holds(at(find(node_get(see(h, "nurse1", "pumps", "{}"), "pumps"), "pump", "VP1"), "doubt"), "nobody claimed"));
    scanned(h, &p);
    is_now(h, &p, "running", "certain", "79.5");
    assert_word(h, "visit", p.visit, "state", "treating");
    char text[UTC_TEXT_MAX];
    assert_word(h, "infusion", p.infusion, "started", utc_text(t0, text));
    int copies = count(h, "flow_fact", "infusion IS NOT NULL AND source='pump'");
    wait(h, 14);
    STOP("318.2");
    is_now(h, &p, "paused", "certain", "265");
    down(h, &p);
    is_now(h, &p, "ended", "certain", "265");
    assert_word(h, "med_order", p.order, "state", "given");
    assert_int_equal(count(h, "flow_fact", "infusion IS NULL"), 4); /* what was nobody's stays as it was told */
    assert_true(copies >= 2);
    whole(h);
    /* the patient is erased: the copies go, what was nobody's stays, and the ledger still proves itself */
    struct tx t;
    const struct event_head head = {.happened = h->now, .recorded = h->now, .clock = "server", .offset_us = 0, .actor = "system",
        .command = "patient.erase", .reason = "asked to"};
    WORKS(h, tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e));
    WORKS(h, ledger_erase(&t, &head, "rossi", &h->e));
    WORKS(h, tx_commit(&t, &h->e));
    assert_int_equal(count(h, "flow_fact", "1=1"), 4);
    struct verify_result v;
    WORKS(h, ledger_verify(h->store, &care_event_types, &v, &h->e));
    if (!v.whole)
        fail_msg("%s", v.says);
}

/* The whole bag ran before anybody scanned it: told for then, all of it is claimed; told for now, nothing is. */
static void test_scanned_when_over(void **state)
{
    struct house *h = *state;
    struct path p = prepared(h, "rossi");
    released(h, &p);
    utc_t t0 = h->now;
    START("10");
    wait(h, 20);
    STOP("275");
    wait(h, 2);
    h->reason = "started first, scanned when it was over";
    h->happened = t0;
    scanned(h, &p);
    is_now(h, &p, "paused", "certain", "265");
    down(h, &p);
    is_now(h, &p, "ended", "certain", "265");
    assert_word(h, "visit", p.visit, "state", "observing");
    struct path q = prepared(h, "okafor"); /* the next patient on that pump: nothing is claimed twice */
    hung(h, &q, "VP1");
    is_now(h, &q, "associated", "certain", "0");
    whole(h);
}

/* A start of the bag before, come late and after that bag was scanned, is nobody's; the next patient's bag never gets it. */
static void test_late_word_of_the_bag_before(void **state)
{
    struct house *h = *state;
    struct path p = prepared(h, "rossi"), q = prepared(h, "okafor");
    released(h, &p);
    released(h, &q);
    utc_t t0 = h->now;
    wait(h, 3);
    TELLS("39.7");
    scanned(h, &p);
    is_now(h, &p, "uncertain", "uncertain total", "0"); /* it flowed already when first heard */
    START("0", .observed = t0);
    wait(h, 17);
    STOP("265");
    down(h, &p);
    wait(h, 2);
    START("0", .observed = t0, .message = "again");
    q.infusion = made(h, "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-okafor','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}", q.visit, q.bag);
    is_now(h, &q, "associated", "certain", "0");
    assert_int_equal(count(h, "flow_fact", arena_printf(h->keep, "infusion='%s' AND source='pump'", q.infusion)), 0);
    whole(h);
}

/* The same where the table asks for no order: the limit holds at the bedside. */
static void test_mild_reaction_before_the_pump(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    utc_t t0 = h->now;
    wait(h, 3);
    const char *r = made(h, "nurse1", "reaction.record",
        "{'visit':'%s','infusion':'%s','grade':1,'symptoms':'flushing','stopped_by_hand':true}", p.visit, p.infusion);
    assert_word(h, "reaction", r, "restart", "ordered");
    assert_string_equal(word(h, "reaction", r, "restart_rate"), "");
    START("0", .observed = t0);
    STOP("39.7");
    wait(h, 20);
    refused(h, "rate_above_restart", "nurse1", "give.resume", "{'infusion':'%s','rate':397.6}", p.infusion);
    did(h, "nurse1", "give.resume", "{'infusion':'%s','rate':397.5}", p.infusion);
    whole(h);
}

/* The pump never speaks. What the nurse charted and what she says flowed are all there is: it ends reconciled, with
 * segments that say who said so, and can be charged. */
static void test_mute(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    utc_t t0 = h->now;
    wait(h, 20);
    did(h, "nurse1", "give.stop", "{'infusion':'%s'}", p.infusion);
    is_now(h, &p, "waiting", "certain", "0");
    down(h, &p);
    is_now(h, &p, "uncertain", "uncertain total", "0");
    h->reason = "bag empty, pump without network";
    did(h, "nurse1", "give.reconcile", "{'infusion':'%s','volume':265,'seen_by':'bag weight'}", p.infusion);
    is_now(h, &p, "reconciled", "stated", "265");
    assert_word(h, "med_order", p.order, "state", "given");
    const struct node *s = find(
        node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "segments"), "kind", "running");
    assert_non_null(s);
    assert_string_equal(at(s, "certainty"), "stated");
    assert_string_equal(at(s, "source"), "nurse");
    assert_string_equal(at(s, "volume"), "265");
    wait(h, 31);
    vitals(h, p.visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    did(h, "biller", "charge.make", "{'visit':'%s'}", p.visit);
    const struct node *bill = see(h, "biller", "charge", "{'visit':'%s'}", p.visit);
    const struct node *line = find(node_get(bill, "lines"), "role", "TPD_INF_INIT");
    assert_non_null(line);
    assert_string_equal(at(line, "minutes"), "20");
    utc_t start;
    assert_true(utc_parse(at(line, "start"), h->zone, &start, &h->e) && start == t0);
    assert_null(find(node_get(bill, "queries"), "to", "nurse"));
    did(h, "biller", "charge.finalise", "{'visit':'%s'}", p.visit);
    whole(h);
}

static void test_strangers(void **state)
{
    struct house *h = *state;
    wrong(h, ERR_NOT_FOUND, "pump", NULL, "pump.message",
        "{'sender':'S','message':'1','kind':'telemetry','pump':'XX','channel':'A','observed':'2026-03-09T12:00:00Z'}");
    wrong(h, ERR_FORBIDDEN, "pump.message", "nurse1", "pump.message",
        "{'sender':'S','message':'1','kind':'telemetry','pump':'VP1','channel':'A','observed':'2026-03-09T12:00:00Z'}");
    wrong(h, ERR_FORBIDDEN, "pump.watch", "admin", "pump.watch", "{}");
    /* flow nobody claimed is kept and shown, and is nobody's */
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "100", .total = "0");
    PUMP(h, "VP1", .kind = "telemetry", .status = "delivering", .rate = "100", .total = "1");
    assert_int_equal(count(h, "flow_fact", "infusion IS NULL AND kind='start'"), 1);
    assert_true(
        holds(at(find(node_get(see(h, "nurse1", "pumps", "{}"), "pumps"), "pump", "VP1"), "doubt"), "nobody claimed"));
    /* a clock that is ahead is corrected, and kept with the fact */
    PUMP(h, "VP2", .kind = "event", .event = "start", .status = "delivering", .rate = "100", .total = "0",
        .observed = h->now + 90 * UTC_SECOND);
    assert_string_equal(at(find(node_get(see(h, "nurse1", "pumps", "{}"), "pumps"), "pump", "VP2"), "offset_s"), "90");
    whole(h);
}

static void alarm_of(struct house *h, const char *phase, const char *message)
{
    char now[UTC_TEXT_MAX];
    did(h, NULL, "pump.message",
        "{'sender':'S','message':'%s','kind':'alarm','pump':'VP1','channel':'A','observed':'%s','alert':'A1','alarm_"
        "code':196940,"
        "'alarm_text':'Occlusion','priority':'high','phase':'%s'}",
        message, utc_text(h->now, now), phase);
}

static void test_alarm(void **state)
{
    struct house *h = *state;
    struct path p = waiting(h, "rossi", "VP1");
    START("0");
    wait(h, 2);
    alarm_of(h, "start", "a");
    alarm_of(h, "update", "b");
    assert_int_equal(count(h, "alarm", "TRUE"), 1);
    const char *alarm = one(h, "alarm", "TRUE");
    assert_word(h, "alarm", alarm, "infusion", p.infusion);
    const struct node *floor = see(h, "nurse2", "floor", "{}"),
                      *chair = find(node_get(floor, "chairs"), "visit", p.visit);
    assert_string_equal(at(chair, "alarm"), "high");
    assert_string_equal(at(floor, "count.high"), "1");
    assert_string_equal(at(node_at(node_get(floor, "tasks"), 0), "what"), "Pump alarm: Occlusion");
    did(h, "nurse1", "alarm.see", "{'alarm':'%s'}", alarm);
    assert_null(find(node_get(see(h, "nurse2", "floor", "{}"), "tasks"), "what", "Pump alarm: Occlusion"));
    wait(h, 1);
    alarm_of(h, "end", "c");
    assert_word(h, "alarm", alarm, "state", "ended");
    assert_string_equal(at(see(h, "nurse2", "floor", "{}"), "count.high"), "0");
    whole(h);
}

/* ---- the desk ----------------------------------------------------------------------------------------------------- */

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % sides;
}

/* As serve does it: the desk first, pump.message where it may tell something. Returns true if the desk took it. */
static bool by_desk(struct house *h, struct pump_desk *desk, struct pump_say m, int number)
{
    BLANK(pump_message_in, in);
    struct pump_seat *seat;
    struct tx t;
    in.sender = "PUMPS^GW";
    in.message = text(h, "D%d", number);
    in.kind = m.kind;
    in.pump = "VP1";
    in.channel = "A";
    in.observed = m.observed ? m.observed : h->now;
    in.status = m.status;
    WORKS(h, dec_parse(m.rate, strlen(m.rate), &in.rate, &h->e));
    WORKS(h, dec_parse(m.total, strlen(m.total), &in.total, &h->e));
    WORKS(h, tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e));
    WORKS(h, pump_desk_idle(desk, &t, &in, h->now, &seat, &h->e));
    if (seat)
        WORKS(h, pump_desk_take(desk, &t, seat, &in, h->now, &h->e));
    else
        WORKS(h, pump_desk_leave(desk, &t, &in, &h->e));
    WORKS(h, tx_commit(&t, &h->e));
    return seat != NULL;
}

static struct pump_live live_of(struct house *h)
{
    struct pump_live l;
    struct tx t;
    bool found;
    WORKS(h, tx_read(&t, h->store, h->keep, 1, &care_event_types, &h->e));
    WORKS(h, table_get(&t, &record_pump_live, "VP1/A", &l, &found, &h->e));
    tx_rollback(&t);
    assert_true(found);
    return l;
}

/* Every row about the infusion, as replay compares them. */
static const char *what_flowed(struct house *h)
{
    struct dump d;
    struct buf b;
    bool more = true;
    buf_init(&b, 4 * 1024 * 1024);
    dump_init(&d, h->store);
    for (;;) {
        WORKS(h, dump_next(&d, &more, &h->e));
        if (!more)
            break;
        const struct record *r = model_records[d.table];
        if (r == &record_infusion || r == &record_flow_fact)
            buf_printf(&b, "%s\n", buf_str(&d.text));
    }
    dump_fini(&d);
    assert_false(b.full);
    assert_true(b.len > 1000);
    const char *out = arena_strdup(h->keep, buf_str(&b));
    buf_fini(&b);
    return out;
}

/* One infusion under a pump that speaks every few seconds, late or twice now and then; the nurse pauses it by hand, and
 * takes it down. desk NULL: all by pump.message. Returns how many messages the desk took. */
static int a_shift(struct house *h, struct pump_desk *desk, uint32_t seed, const char **said)
{
    struct path p = waiting(h, "rossi", "VP1");
    int taken = 0, total = 0;
    bool flows = true, up = true;
    for (int i = 0; i < 240; i++) {
        uint32_t d = dice(&seed, 40);
        if (d == 0)
            flows = !flows;
        if (d == 1)
            total = 0;
        if (d == 2 && up && i > 200) {
            down(h, &p);
            up = false;
        }
        utc_t late = dice(&seed, 12) == 0 ? (utc_t)dice(&seed, 400) * UTC_SECOND : 0;
        total += flows ? (int)dice(&seed, 30) : 0; /* tenths of a mL */
        struct pump_say m = {.kind = "telemetry", .status = flows ? "delivering" : "not delivering",
            .rate = flows ? dice(&seed, 30) ? "795" : "400" : "0", .total = text(h, "%d.%d", total / 10, total % 10),
            .observed = h->now - late, .message = text(h, "D%d", i)};
        if (desk && by_desk(h, desk, m, i))
            taken++;
        else
            pump_says(h, "VP1", m);
        h->now += (utc_t)dice(&seed, 20) * UTC_SECOND / 2;
    }
    struct pump_say last = {.kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "300",
        .message = "end"};
    if (desk)
        by_desk(h, desk, last, 9999); /* no telemetry: the desk leaves it */
    pump_says(h, "VP1", last);
    whole(h);
    *said = what_flowed(h);
    return taken;
}

/* With and without the desk the same facts are recorded, to the last row. */
static void test_desk(void **state)
{
    (void)state;
    int taken = 0;
    for (uint32_t seed = 1; seed <= 6; seed++) {
        void *one = NULL, *two = NULL;
        const char *without, *with;
        struct pump_desk *desk = pump_desk_new();
        assert_int_equal(house_open(&one), 0);
        assert_int_equal(house_open(&two), 0);
        a_shift(one, NULL, seed, &without);
        taken += a_shift(two, desk, seed, &with);
        assert_string_equal(without, with);
        struct pump_live a = live_of(one), b = live_of(two);
        assert_true(a.heard == b.heard && a.observed == b.observed && a.sampled == b.sampled && dec_eq(a.total, b.total));
        pump_desk_free(desk);
        house_close(&one);
        house_close(&two);
    }
    assert_true(taken > 100); /* of 1440, though much happens here */
}

/* What another server wrote meanwhile is seen: the desk must not go on from what it remembers. */
static void test_desk_of_two(void **state)
{
    struct house *h = *state;
    struct pump_desk *desk = pump_desk_new();
    waiting(h, "rossi", "VP1");
    struct pump_say m = {.kind = "telemetry", .status = "delivering", .rate = "795", .total = "1"};
    START("0");
    wait(h, 1);
    pump_says(h, "VP1", m);
    assert_true(by_desk(h, desk, m, 1));
    struct tx t;
    WORKS(h, tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e)); /* as another connection leaves it */
    WORKS(h, store_run(h->store, "UPDATE ledger_head SET writer=7", NO_VALS, NULL, &h->e));
    WORKS(h, store_run(h->store, "UPDATE pump_live SET status='not delivering', rate=0", NO_VALS, NULL, &h->e));
    WORKS(h, tx_commit(&t, &h->e));
    assert_false(by_desk(h, desk, m, 2));
    pump_says(h, "VP1", m);
    assert_true(by_desk(h, desk, m, 3));
    WORKS(h, tx_begin(&t, h->store, h->a, 1, &care_event_types, &h->e)); /* what a failed batch left is not believed */
    struct pump_seat *seat;
    BLANK(pump_message_in, in);
    in.sender = in.message = "x", in.kind = "telemetry", in.pump = "VP1", in.channel = "A", in.status = m.status;
    in.rate = DEC(795, 0), in.total = DEC(2, 0), in.observed = h->now;
    WORKS(h, pump_desk_idle(desk, &t, &in, h->now, &seat, &h->e));
    assert_non_null(seat);
    WORKS(h, pump_desk_take(desk, &t, seat, &in, h->now, &h->e));
    tx_rollback(&t);
    m.total = "1.5"; /* less than what was rolled back, more than what was kept */
    assert_true(by_desk(h, desk, m, 4));
    /* a message under another name of the pump goes past the desk: what it changed is seen all the same */
    m = (struct pump_say){.kind = "telemetry", .status = "delivering", .rate = "795", .total = "3"};
    assert_true(by_desk(h, desk, m, 5));
    struct tx t2;
    WORKS(h, tx_begin(&t2, h->store, h->a, 1, &care_event_types, &h->e));
    in.pump = "VP1-OLD-NAME";
    WORKS(h, pump_desk_idle(desk, &t2, &in, h->now, &seat, &h->e));
    assert_null(seat);
    WORKS(h, pump_desk_leave(desk, &t2, &in, &h->e));
    WORKS(h, store_run(h->store, "UPDATE pump_live SET status='not delivering', rate=0", NO_VALS, NULL, &h->e));
    WORKS(h, tx_commit(&t2, &h->e));
    assert_false(by_desk(h, desk, m, 6));
    pump_desk_free(desk);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_lost_start),
        T(test_doubled),
        T(test_late),
        T(test_next_patient),
        T(test_reset),
        T(test_silence),
        T(test_unheard),
        T(test_kvo),
        T(test_start_not_charted),
        T(test_start_told_at_the_end),
        T(test_reaction_before_the_pump),
        T(test_mild_reaction_before_the_pump),
        T(test_scanned_after),
        T(test_scanned_when_over),
        T(test_late_word_of_the_bag_before),
        T(test_mute),
        T(test_strangers),
        T(test_alarm),
        cmocka_unit_test(test_desk),
        T(test_desk_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
