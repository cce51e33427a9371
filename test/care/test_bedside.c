/* The bedside: four scans, rates, reactions and restarts, taking down, going home. */
#include "harness.h"

#include <string.h>

#define HANG "{'visit':'%s','patient_code':'%s','bag_code':'%s','pump_code':'%s','badge_code':'%s'}"

static struct path iron_released(struct house *h, const char *id)
{
    iron_patient(h, id);
    struct path p = planned(h, id, "fcm_ida", "D50.9");
    released(h, &p);
    return p;
}

/* ---- the four scans ---------------------------------------------------------------------------------------------------- */

static void test_scans(void **state)
{
    struct house *h = *state;
    struct path p = iron_released(h, "rossi"), q;
    iron_patient(h, "bianchi");
    q = planned(h, "bianchi", "fcm_ida", "D50.9");
    utc_t now = h->now;
    released(h, &q);
    h->now = now > h->now ? now : h->now;
    const struct {
        const char *rule, *patient, *bag, *pump, *badge;
    } cases[] = {
        {"wrong_patient", "MRN-bianchi", p.bag, "VP1", "B7"},
        {"wrong_bag", "MRN-rossi", q.bag, "VP1", "B7"},
        {"wrong_bag", "MRN-rossi", "(01)09521234007500(21)none", "VP1", "B7"},
        {"wrong_bag", "MRN-rossi", "1-prep-99999-A", "VP1", "B7"},
        {"wrong_pump", "MRN-rossi", p.bag, "VP99", "B7"},
        {"wrong_badge", "MRN-rossi", p.bag, "VP1", "B8"},
    };
    for (int i = 0; i < 6; i++)
        refused(h, cases[i].rule, "nurse1", "give.associate", HANG, p.visit, cases[i].patient, cases[i].bag,
            cases[i].pump, cases[i].badge);
    refused(h, "wrong_badge", "nurse2", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1", "B7");
    h->override = "it is him"; /* identity is nobody's to pass */
    refused(h, "wrong_patient", "nurse1", "give.associate", HANG, p.visit, "MRN-bianchi", p.bag, "VP1", "B7");
    wrong(h, ERR_FORBIDDEN, "give.associate", "technician", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1",
        "B5");
    wrong(h, ERR_INPUT, "pump_code", "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','badge_code':'B7'}", p.visit, p.bag);
    wrong(h, ERR_INPUT, "channel", "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','channel':'B','badge_code':'B7'}",
        p.visit, p.bag);
    did(h, "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1", "B7");
    refused(h, "wrong_pump", "nurse1", "give.associate", HANG, q.visit, "MRN-bianchi", q.bag, "VP1",
        "B7"); /* the channel is not free */
    did(h, NULL, "pump.add", "{'id':'VP2','model':'Sim','channels':1,'active':false}");
    refused(h, "wrong_pump", "nurse1", "give.associate", HANG, q.visit, "MRN-bianchi", q.bag, "VP2", "B7");
    /* the second channel of a pump is its own */
    did(h, "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'bianchi','bag_code':'%s','pump_code':'VP3','channel':'B','badge_code':'B7'}",
        q.visit, q.bag);
    whole(h);
}

static void test_typed(void **state)
{
    struct house *h = *state;
    struct path p = iron_released(h, "rossi");
#define TYPED \
    "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7','typed':'%s'%s}"
    wrong(h, ERR_INPUT, "typed_reason", "nurse1", "give.associate", TYPED, p.visit, p.bag, "bag", "");
    wrong(h, ERR_INPUT, "typed", "nurse1", "give.associate", TYPED, p.visit, p.bag, "bag nurse",
        ",'typed_reason':'torn'");
    did(h, "nurse1", "give.associate", TYPED, p.visit, p.bag, "bag patient", ",'typed_reason':'the labels are wet'");
    assert_true(noted(h, "unscanned"));
    assert_int_equal(count(h, "scan", "typed=1 AND reason='the labels are wet'"), 2);
    assert_int_equal(count(h, "scan", "typed=0 AND reason IS NULL"), 2);
    assert_int_equal(
        count(h, "refusal",
            text(h, "rule='unscanned' AND overridden_by='%s' AND reason='the labels are wet'", staff(h, "nurse1"))),
        1);
    whole(h);
}

static void test_not_ready_to_hang(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    arrived(h, &p);
    screens(h, p.visit, "arrival", NULL), screens(h, p.visit, "infection", NULL);
    vitals(h, p.visit, "baseline");
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    p.prep = made(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    did(h, "technician", "prep.label", "{'prep':'%s'}", p.prep);
    p.bag = text(h, "%s", word(h, "prep", p.prep, "barcode"));
    refused(h, "not_released", "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1", "B7");
    assert_true(refused_by(h, "no_access"));
    did(h, "pharmacist", "prep.check", "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mg'},'volume':265}",
        p.prep, p.bag);
    did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    refused(h, "no_access", "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1", "B7");
    assert_false(refused_by(h, "not_released"));
    did(h, "nurse1", "line.place", "{'visit':'%s','line':'port, right chest'}", p.visit);
    did(h, "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1", "B7");
}

/* ---- hung and taken down -------------------------------------------------------------------------------------------------- */

static void flows(struct house *h, const struct path *p, const char *rate)
{
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':%s}", p->infusion, rate);
    PUMP(h, p->pump, .kind = "event", .event = "start", .status = "delivering", .rate = rate, .total = "0");
}

static void stops(struct house *h, const struct path *p, const char *total)
{
    PUMP(h, p->pump, .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = total);
}

static void taken_down(struct house *h, const struct path *p)
{
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p->infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p->infusion);
}

/* A bag from which nothing flowed is hung again, on another pump. */
static void test_hung_again(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "visit.not_treated", "{'visit':'%s','why':'unwell','then':'hold'}",
        p.visit);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion); /* nothing to flush */
    assert_word(h, "prep", p.prep, "state", "released");
    assert_word(h, "med_order", p.order, "state", "verified");
    wrong(h, ERR_CONFLICT, "infusion", "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    p.pump = "VP2";
    p.infusion = made(h, "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP2", "B7");
    flows(h, &p, "795");
    wait(h, 20);
    stops(h, &p, "265");
    taken_down(h, &p);
    assert_word(h, "med_order", p.order, "state", "given");
    refused(h, "dose_given", "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP2", "B7");
    whole(h);
}

static void test_part_given(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    flows(h, &p, "795");
    wrong(h, ERR_CONFLICT, "infusion", "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion); /* it runs */
    refused(h, "infusion_running", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    wrong(h, ERR_INPUT, "rate", "nurse1", "give.rate", "{'infusion':'%s','rate':0}", p.infusion);
    wrong(h, ERR_INPUT, "rate", "nurse1", "give.rate", "{'infusion':'%s'}", p.infusion);
    refused(h, "rate_above_max", "nurse1", "give.rate", "{'infusion':'%s','rate':1100.1}", p.infusion);
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':1100}", p.infusion);
    wait(h, 10);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "1100", .total = "132.5");
    stops(h, &p, "132.5");
    wrong(h, ERR_INPUT, "volume", "nurse1", "give.flush", "{'infusion':'%s','volume':501}", p.infusion);
    refused(h, "not_flushed", "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    h->override = "line out, arm swollen";
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "med_order", p.order, "state", "part given");
    assert_string_equal(
        at(node_at(node_get(see(h, "nurse1", "plan", "{'plan':'%s'}", p.plan), "doses"), 0), "percent"), "50");
    wait(h, 31);
    refused(h, "vitals_due", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    h->override = "refuses, is well";
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    whole(h);
}

/* Leaving before the drug was hung is not a discharge; after OK alone it is "not treated". */
static void test_leaving(void **state)
{
    struct house *h = *state;
    struct path p = iron_released(h, "rossi");
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    p.pump = "VP1";
    p.infusion = made(h, "nurse1", "give.associate", HANG, p.visit, "MRN-rossi", p.bag, "VP1", "B7");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    /* the pump never said a word: it is not known whether any went in */
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "infusion", p.infusion, "state", "uncertain");
    refused(h, "infusion_running", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    wrong(h, ERR_INPUT, "reason", "nurse1", "give.reconcile", "{'infusion':'%s','volume':0,'seen_by':'display'}",
        p.infusion);
    h->reason = "bag weighed";
    wrong(h, ERR_INPUT, "volume", "nurse1", "give.reconcile", "{'infusion':'%s','volume':466,'seen_by':'bag weight'}",
        p.infusion);
    h->reason = "bag weighed";
    did(h, "nurse1", "give.reconcile", "{'infusion':'%s','volume':265,'seen_by':'bag weight'}", p.infusion);
    assert_word(h, "infusion", p.infusion, "state", "reconciled");
    assert_word(h, "infusion", p.infusion, "certainty", "stated");
    assert_word(h, "med_order", p.order, "state", "given"); /* follows what is now known */
    whole(h);
}

/* What is not certain about one dose asks for a reason before the next. */
static void test_uncertain_delivery(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    flows(h, &p, "795");
    wait(h, 1);
    did(h, NULL, "pump.watch", "{}");
    assert_word(h, "infusion", p.infusion, "state", "running");
    wait(h, 6);
    did(h, NULL, "pump.watch", "{}");
    assert_word(h, "infusion", p.infusion, "state", "uncertain");
    h->reason = "display read";
    wrong(h, ERR_CONFLICT, "infusion", "nurse1", "give.reconcile", "{'infusion':'%s','volume':90,'seen_by':'display'}",
        p.infusion);                                                             /* still hangs */
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion); /* never held back */
    did(h, "nurse1", "give.pause", "{'infusion':'%s'}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    h->now = clock_at(h, "2026-03-16", 8, 0);
    struct path q = p;
    q.visit = visit_of(h, p.plan, 2);
    q.order = order_of(h, q.visit);
    released(h, &q);
    refused(h, "uncertain_delivery", "nurse1", "give.associate", HANG, q.visit, "MRN-rossi", q.bag, "VP2", "B7");
    h->override = "the bag was seen empty";
    did(h, "nurse1", "give.associate", HANG, q.visit, "MRN-rossi", q.bag, "VP2", "B7");
    whole(h);
}

/* ---- reactions -------------------------------------------------------------------------------------------------------------- */

static struct path ig_running(struct house *h)
{
    ig_patient(h, "ito", "70 kg", "175 cm");
    struct path p = planned(h, "ito", "ivig_pid", "D83.9");
    hung(h, &p, "VP1");
    flows(h, &p, "21");
    wait(h, 30);
    vitals(h, p.visit, "rate change");
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':42}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "42", .total = "10.5");
    wait(h, 10);
    return p;
}

/* The pump is stopped by hand first; its word comes before the nurse writes. */
static const char *reacts(struct house *h, const struct path *p, int grade)
{
    stops(h, p, "17.5");
    const char *id = made(h, "nurse1", "reaction.record",
        "{'visit':'%s','infusion':'%s','grade':%d,'symptoms':'headache, chills','stopped_by_hand':true}", p->visit,
        p->infusion, grade);
    assert_word(h, "reaction", id, "rate", "42"); /* at onset, not now */
    return id;
}

#define RESUME "give.resume", "{'infusion':'%s','rate':%s}"

static void test_grade_2(void **state)
{
    struct house *h = *state;
    struct path p = ig_running(h);
    const char *r = reacts(h, &p, 2);
    assert_word(h, "reaction", r, "restart", "allowed");
    assert_word(h, "reaction", r, "restart_rate", "21");
    assert_string_equal(
        at(find(node_get(see(h, "nurse1", "floor", "{}"), "chairs"), "visit", p.visit), "state"), "reaction");
    assert_string_equal(at(node_at(node_get(see(h, "nurse1", "floor", "{}"), "tasks"), 0), "urgency"), "alarm");
    refused(h, "restart_needs_order", "nurse1", RESUME, p.infusion, "21");
    wrong(h, ERR_FORBIDDEN, "restart.order", "nurse1", "restart.order", "{'reaction':'%s','rate':21}", r);
    refused(h, "rate_above_restart", "prescriber", "restart.order", "{'reaction':'%s','rate':21.1}", r);
    did(h, "prescriber", "restart.order", "{'reaction':'%s','rate':15}", r);
    wait(h, 14);
    refused(h, "restart_too_soon", "nurse1", RESUME, p.infusion, "15");
    assert_false(refused_by(h, "rate_above_restart"));
    wait(h, 1);
    refused(h, "rate_above_restart", "nurse1", RESUME, p.infusion, "15.1");
    did(h, "nurse1", RESUME, p.infusion, "15");
    assert_word(h, "reaction", r, "restart", "restarted");
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "15", .total = "17.5");
    refused(h, "reaction_open", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    did(h, "nurse1", "reaction.change", "{'reaction':'%s','state':'closed','next_time':'premedicate'}", r);
    wait(h, 40);
    vitals(h, p.visit, "rate change");
    refused(h, "rate_above_restart", "nurse1", "give.rate", "{'infusion':'%s','rate':42}",
        p.infusion); /* not raised again today, closed or not */
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':10}", p.infusion);
    assert_true(holds(at(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "banner.alerts"), "Reaction grade 2"));
    whole(h);
}

static void test_grade_1(void **state)
{
    struct house *h = *state;
    struct path p = ig_running(h);
    const char *r = reacts(h, &p, 1);
    refused(h, "rate_above_restart", "nurse1", RESUME, p.infusion, "42");
    did(h, "nurse1", RESUME, p.infusion, "21"); /* half the rate, no order needed */
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "21", .total = "17.5");
    wait(h, 31);
    vitals(h, p.visit, "rate change");
    refused(h, "rate_above_restart", "nurse1", "give.rate", "{'infusion':'%s','rate':42}", p.infusion);
    did(h, "nurse1", "reaction.change", "{'reaction':'%s','state':'closed'}", r);
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':42}", p.infusion); /* raised again by the steps when well */
    whole(h);
}

static void test_grade_3(void **state)
{
    struct house *h = *state;
    struct path p = ig_running(h);
    const char *r = reacts(h, &p, 3);
    assert_word(h, "reaction", r, "restart", "never");
    refused(h, "restart_not_allowed", "prescriber", "restart.order", "{'reaction':'%s','rate':10}", r);
    did(h, "nurse1", "reaction.change", "{'reaction':'%s','state':'closed','actions':'epinephrine'}", r);
    wait(h, 60);
    refused(h, "restart_not_allowed", "nurse1", RESUME, p.infusion, "10"); /* closing it does not make it safe */
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "med_order", p.order, "state", "part given");
    wrong(h, ERR_INPUT, "grade", "nurse1", "reaction.record",
        "{'visit':'%s','grade':6,'symptoms':'x','stopped_by_hand':false}", p.visit);
    whole(h);
}

/* While it still runs: slowing is never held back, whatever the grade; a reaction tied to no drug is closed before a raise. */
static void test_slowing(void **state)
{
    struct house *h = *state;
    struct path p = ig_running(h);
    const char *loose = made(h, "nurse1", "reaction.record",
        "{'visit':'%s','grade':1,'symptoms':'itching','stopped_by_hand':false}", p.visit);
    vitals(h, p.visit, "during");
    wait(h, 25);
    refused(h, "reaction_open", "nurse1", "give.rate", "{'infusion':'%s','rate':84}", p.infusion);
    did(h, "nurse1", "reaction.change", "{'reaction':'%s','state':'closed'}", loose);
    (void)made(h, "nurse1", "reaction.record",
        "{'visit':'%s','infusion':'%s','grade':4,'symptoms':'collapse','stopped_by_hand':false}", p.visit, p.infusion);
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':21}", p.infusion);
    did(h, "nurse1", "give.pause", "{'infusion':'%s'}", p.infusion);
    refused(h, "restart_not_allowed", "nurse1", "give.rate", "{'infusion':'%s','rate':84}", p.infusion);
}

/* ---- going home with a drug left ------------------------------------------------------------------------------------------------ */

static void test_orders_left(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    wait(h, 20);
    stops(h, &p, "265");
    taken_down(h, &p);
    vitals(h, p.visit, "end");
    wait(h, 30);
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit); /* nothing is left */
    assert_false(noted(h, "orders_left"));
    /* the next dose is hung and never flows: it is left over */
    h->now = clock_at(h, "2026-03-16", 8, 0);
    p.visit = visit_of(h, p.plan, 2);
    p.order = order_of(h, p.visit);
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "265");
    wait(h, 1);
    stops(h, &p, "278.3");
    taken_down(h, &p);
    assert_word(h, "med_order", p.order, "state", "part given");
    whole(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_scans),
        T(test_typed),
        T(test_not_ready_to_hang),
        T(test_hung_again),
        T(test_part_given),
        T(test_leaving),
        T(test_uncertain_delivery),
        T(test_grade_2),
        T(test_grade_1),
        T(test_grade_3),
        T(test_slowing),
        T(test_orders_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
