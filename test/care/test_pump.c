/* What pumps say, and do not say: messages lost, doubled, late, out of order, from a counter set back, from a pump that
 * went on to another patient. The words of certainty must be right, and the ledger whole. */
#include "harness.h"

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
        T(test_kvo),
        T(test_mute),
        T(test_strangers),
        T(test_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
