/* Iron, from the patient's record to discharge: what stands after each step, and the whole ledger at the end. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* ---- plan ------------------------------------------------------------------------------------------------------------- */

static void test_plan(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct node *on_offer = see(h, "prescriber", "regimens", "{'patient':'rossi','regimen':'fcm_ida'}");
    assert_string_equal(at(on_offer, "regimens[0].regimen"), "fcm_ida");
    assert_string_equal(at(on_offer, "doses[0].dose"), "750 mg");
    assert_string_equal(at(on_offer, "doses[1].due"), "2026-03-16");
    const char *plan = made(h, "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}");
    assert_word(h, "plan", plan, "state", "draft");
    assert_word(h, "plan", plan, "content", h->content->hash);
    const char *visit = visit_of(h, plan, 1), *second = visit_of(h, plan, 2), *order = order_of(h, visit);
    const struct node *v = row(h, "visit", visit), *w = row(h, "visit", second), *o = row(h, "med_order", order);
    assert_string_equal(at(v, "due"), "2026-03-09");
    assert_string_equal(at(v, "latest"), "2026-03-23");
    assert_string_equal(at(w, "due"), "2026-03-16");
    assert_string_equal(at(v, "setup_min"), "30");
    assert_string_equal(at(v, "drug_min"), "20");    /* 265 mL at 795 mL/h */
    assert_string_equal(at(v, "observe_min"), "35"); /* 30 and 5 to leave */
    assert_string_equal(at(o, "dose.value"), "750");
    assert_string_equal(at(o, "volume"), "265");     /* 250 mL bag and 15 mL of drug */
    assert_string_equal(at(o, "steps[0].rate"), "795");
    assert_string_equal(at(o, "max_rate"), "1100");
    assert_string_equal(at(o, "proof.second.agrees"), "true");
    assert_string_equal(at(o, "proof.inputs[0].name"), "weight");
    assert_string_equal(at(o, "proof.inputs[0].age_days"), "5");
    assert_string_equal(at(o, "proof.inputs[0].source"), "import");
    assert_string_equal(
        at(find(node_path(o, "proof.steps"), "name", "weight band"), "says"), "from 50 kg, below 300 kg");
    assert_string_equal(at(find(node_path(o, "proof.steps"), "name", "cap"), "says"), "not reached");
    did(h, "prescriber", "plan.sign", "{'plan':'%s'}", plan);
    assert_word(h, "med_order", order, "state", "signed");
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", plan);
    assert_word(h, "plan", plan, "state", "verified");
    assert_word(h, "med_order", order, "state", "verified");
    assert_string_equal(at(see(h, "scheduler", "due", "{}"), "visits[0].urgency"), "14 days left");
    whole(h);
}

/* ---- the day ------------------------------------------------------------------------------------------------------------ */

static const char *ladder(struct house *h, const char *visit, const char *rung)
{
    const struct node *list = node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", visit), "ladder");
    node_each(n, list)
        if (holds(at(n, "name"), rung))
            return at(n, "state");
    return "";
}

static const char *enabled(struct house *h, const char *visit, const char *command)
{
    return at(
        find(node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", visit), "actions"), "command", command), "enabled");
}

static void come_and_be_seen(struct house *h, struct path *p)
{
    booked(h, p);
    assert_word(h, "visit", p->visit, "state", "booked");
    assert_string_equal(enabled(h, p->visit, "visit.arrive"), "true");
    did(h, "nurse1", "visit.arrive", "{'visit':'%s'}", p->visit);
    assert_word(h, "visit", p->visit, "state", "arrived");
    assert_string_equal(ladder(h, p->visit, "Arrived"), "done");
    assert_string_equal(ladder(h, p->visit, "Screened"), "now");
    assert_string_equal(enabled(h, p->visit, "visit.ok"), "false");
    screens(h, p->visit, "arrival", NULL);
    screens(h, p->visit, "infection", NULL);
    vitals(h, p->visit, "baseline");
    const char *set = one(h, "vital_signs", "TRUE ORDER BY at DESC, id DESC");
    assert_word(h, "vital_signs", set, "news2", "0");
    did(h, "nurse1", "line.place", "{'visit':'%s','line':'peripheral 22 G, left forearm'}", p->visit);
    assert_string_equal(enabled(h, p->visit, "visit.ok"), "true");
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p->visit);
    assert_word(h, "visit", p->visit, "state", "ok");
    assert_word(h, "visit", p->visit, "ok_by", staff(h, "nurse1"));
}

static void prepare(struct house *h, struct path *p)
{
    const char *stock = one(h, "stock", "product='fcm_750'");
    const char *left = text(h, "%d", atoi(word(h, "stock", stock, "vials")) - 1);
    p->prep = made(h, "technician", "prep.start", "{'order':'%s'}", p->order);
    assert_string_equal(at(h->answer, "result.volume_ml"), "265");
    assert_word(h, "stock", stock, "vials", left);
    const struct node *bag = row(h, "prep", p->prep);
    assert_string_equal(at(bag, "vials[0].lot"), "IR750");
    assert_string_equal(at(bag, "vials[0].count"), "1");
    assert_string_equal(at(bag, "waste.value"), "0");
    assert_string_equal(at(bag, "drug_ml"), "15");
    assert_string_equal(at(bag, "diluent_ml"), "250");
    did(h, "technician", "prep.label", "{'prep':'%s'}", p->prep);
    p->bag = arena_strdup(h->keep, word(h, "prep", p->prep, "barcode"));
    assert_true(holds(p->bag, "(01)09521234007500"));
    assert_true(holds(p->bag, text(h, "(10)IR750(21)%s", p->prep)));
    const struct node *card = find(node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards"), "order", p->order);
    assert_string_equal(at(card, "stage"), "check");
    assert_string_equal(at(card, "safe_now"), "true");
    did(h, "pharmacist", "prep.check", "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mg'},'volume':265}",
        p->prep, p->bag);
    did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p->prep);
    assert_word(h, "prep", p->prep, "state", "released");
}

static void run_in(struct house *h, struct path *p)
{
    p->infusion = made(h, "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}", p->visit,
        p->bag);
    assert_int_equal(count(h, "scan", text(h, "infusion='%s' AND typed=0", p->infusion)), 4);
    assert_word(h, "infusion", p->infusion, "state", "associated");
    assert_word(h, "prep", p->prep, "state", "hung");
    assert_word(h, "med_order", p->order, "state", "running");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p->infusion);
    assert_word(h, "infusion", p->infusion, "state", "waiting"); /* only the pump's word makes it run */
    assert_word(h, "visit", p->visit, "state", "treating");
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    assert_word(h, "infusion", p->infusion, "state", "running");
    wait(h, 5);
    vitals(h, p->visit, "during");
    PUMP(h, "VP1", .kind = "telemetry", .status = "delivering", .rate = "795", .total = "66.3");
    assert_word(h, "infusion", p->infusion, "certainty", "certain");
    const struct node *chair = find(node_get(see(h, "nurse2", "floor", "{}"), "chairs"), "visit", p->visit);
    assert_string_equal(at(chair, "state"), "running");
    assert_string_equal(at(chair, "rate"), "795 mL/h");
    wait(h, 15);
    PUMP(h, "VP1", .kind = "event", .event = "complete", .status = "kvo", .rate = "0", .total = "265");
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "265");
    did(h, "nurse1", "give.stop", "{'infusion':'%s','volume':265}", p->infusion);
    assert_string_equal(enabled(h, p->visit, "give.disconnect"), "true");
    refused(h, "not_flushed", "nurse1", "give.disconnect", "{'infusion':'%s'}", p->infusion);
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p->infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p->infusion);
    const struct node *i = row(h, "infusion", p->infusion);
    assert_string_equal(at(i, "state"), "ended");
    assert_string_equal(at(i, "certainty"), "certain");
    assert_string_equal(at(i, "volume"), "265");
    assert_word(h, "med_order", p->order, "state", "given");
    assert_word(h, "prep", p->prep, "state", "used");
    assert_word(h, "visit", p->visit, "state", "observing");
}

static void go_home(struct house *h, struct path *p)
{
    vitals(h, p->visit, "end");
    wait(h, 29);
    refused(h, "observation_not_over", "nurse1", "visit.discharge", "{'visit':'%s'}", p->visit);
    wait(h, 1);
    vitals(h, p->visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p->visit);
    assert_word(h, "visit", p->visit, "state", "done");
    assert_string_equal(ladder(h, p->visit, "Discharged"), "done");
}

static void test_whole_path(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    come_and_be_seen(h, &p);
    prepare(h, &p);
    run_in(h, &p);
    go_home(h, &p);
    assert_word(h, "plan", p.plan, "state", "verified"); /* one visit is left */
    h->now = clock_at(h, "2026-03-16", 8, 0);
    struct path q = p;
    q.visit = visit_of(h, p.plan, 2);
    q.order = order_of(h, q.visit);
    come_and_be_seen(h, &q);
    prepare(h, &q);
    run_in(h, &q);
    go_home(h, &q);
    assert_word(h, "plan", p.plan, "state", "completed");
    assert_string_equal(
        at(node_at(node_get(see(h, "prescriber", "plan", "{'plan':'%s'}", p.plan), "doses"), 1), "percent"), "100");
    whole(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plan, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_whole_path, house_open, house_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
