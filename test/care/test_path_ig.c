/* Immune globulin: dose by actual and by dosing weight, rate steps announced and held to, to discharge. */
#include "harness.h"

#include <string.h>

static const struct node *step(const struct node *order, const char *name)
{
    return find(node_path(order, "proof.steps"), "name", name);
}

static struct path drafted(struct house *h, const char *patient)
{
    struct path p = {.patient = patient};
    p.plan = made(h, "prescriber", "plan.make",
        "{'patient':'%s','regimen':'ivig_pid','indication':'D83.9','first_day':'2026-03-09'}", patient);
    p.visit = visit_of(h, p.plan, 1);
    p.order = order_of(h, p.visit);
    return p;
}

/* 70 kg, BMI 22.9: 0.4 g/kg is 28 g, to the nearest 5 g is 30 g: 300 mL at 21 … 336 mL/h. */
static void test_actual_weight(void **state)
{
    struct house *h = *state;
    ig_patient(h, "ito", "70 kg", "175 cm");
    struct path p = drafted(h, "ito");
    const struct node *o = row(h, "med_order", p.order);
    assert_string_equal(at(o, "dose.value"), "30");
    assert_string_equal(at(o, "dose.unit"), "g");
    assert_string_equal(at(o, "volume"), "300");
    assert_string_equal(at(step(o, "dose"), "shown"), "28 g");
    assert_string_equal(at(step(o, "cap"), "says"), "not reached");
    assert_true(holds(at(step(o, "rounded"), "says"), "7.14 %"));
    assert_true(holds(at(step(o, "body mass index"), "shown"), "22.85"));
    assert_null(step(o, "dosing weight"));
    assert_string_equal(at(o, "proof.second.dose"), "30");
    assert_string_equal(at(o, "proof.second.agrees"), "true");
    assert_string_equal(at(o, "proof.question.basis"), "per_kg"); /* explain asks both engines again */
    assert_string_equal(at(o, "proof.question.patient.weight"), "70 kg");
    assert_string_equal(at(o, "proof.content"), h->content->hash);
    /* 0.5 mg/kg/min of 100 mg/mL for 70 kg = 35 mg/min = 21 mL/h, then 1, 2, 4, 6, 8 mg/kg/min */
    static const char *const rates[] = {"21", "42", "84", "168", "252", "336"};
    for (int i = 0; i < 6; i++)
        assert_string_equal(at(o, text(h, "steps[%d].rate", i)), rates[i]);
    assert_string_equal(at(o, "max_rate"), "336");
    /* 10.5 + 21 + 42 + 84 + 126 mL in 150 min, 16.5 mL at 336 mL/h: 2.95 min more */
    assert_string_equal(at(o, "minutes"), "153");
    assert_int_equal(count(h, "visit", text(h, "plan='%s'", p.plan)), 6);
    assert_word(h, "visit", visit_of(h, p.plan, 2), "due", "2026-04-06");
    assert_word(h, "visit", visit_of(h, p.plan, 2), "earliest", "2026-04-03");
    assert_word(h, "visit", p.visit, "observe_min", "65");                       /* 60 after the first */
    assert_word(h, "visit", visit_of(h, p.plan, 2), "observe_min", "35");
    whole(h);
}

/* 120 kg, 170 cm: BMI 41.5; Devine 50 + 2.3 × (170/2.54 - 60) = 65.94; dosing weight 65.94 + 0.4 × 54.06 = 87.56 kg; 35.02 g → 35 g. */
static void test_dosing_weight(void **state)
{
    struct house *h = *state;
    ig_patient(h, "berg", "120 kg", "170 cm");
    struct path p = drafted(h, "berg");
    const struct node *o = row(h, "med_order", p.order);
    assert_string_equal(at(o, "dose.value"), "35");
    assert_true(holds(at(step(o, "ideal body weight"), "shown"), "65.93"));
    assert_true(holds(at(step(o, "dosing weight"), "shown"), "87.56"));
    assert_true(holds(at(step(o, "body mass index"), "shown"), "41.52"));
    assert_true(holds(at(o, "weight"), "87.56"));
    /* rates by the dosing weight too: 0.5 × 87.56 × 60 / 100 = 26.27, down to 26.2 */
    assert_string_equal(at(o, "steps[0].rate"), "26.2");
    assert_string_equal(at(o, "proof.second.agrees"), "true");
}

/* ---- the day -------------------------------------------------------------------------------------------------------------- */

static const struct node *drug_row(struct house *h, const struct path *p)
{
    return node_at(node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p->visit), "drugs"), 0);
}

static utc_t time_of(struct house *h, const struct node *n, const char *name)
{
    utc_t t;
    struct err e = {0};
    if (!utc_parse(at(n, name), h->zone, &t, &e))
        fail_msg("%s: \"%s\"", name, at(n, name));
    return t;
}

/* One step of the table: announced, too early refused, vital signs first, then raised; the pump says so. */
static void raise_to(struct house *h, struct path *p, const char *rate, const char *total)
{
    const struct node *d = drug_row(h, p);
    assert_string_equal(at(d, "next_rate"), rate);
    utc_t next = time_of(h, d, "next_at");
    wait(h, 20);
    refused(h, "rate_above_step", "nurse1", "give.rate", "{'infusion':'%s','rate':%s}", p->infusion, rate);
    h->now = next;
    refused(h, "vitals_due", "nurse1", "give.rate", "{'infusion':'%s','rate':%s}", p->infusion, rate);
    assert_false(refused_by(h, "rate_above_step"));
    vitals(h, p->visit, "rate change");
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':%s}", p->infusion, rate);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = rate, .total = total);
    assert_string_equal(at(drug_row(h, p), "rate"), rate);
}

static void test_whole_path(void **state)
{
    struct house *h = *state;
    ig_patient(h, "ito", "70 kg", "175 cm");
    struct path p = planned(h, "ito", "ivig_pid", "D83.9");
    hung(h, &p, "VP1");
    assert_string_equal(at(row(h, "prep", p.prep), "vials[0].product"), "ig_20");
    assert_string_equal(at(row(h, "prep", p.prep), "volume"), "300");
    assert_string_equal(at(drug_row(h, &p), "first_rate"), "21");
    refused(h, "rate_above_step", "nurse1", "give.start", "{'infusion':'%s','rate':42}", p.infusion);
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':21}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "21", .total = "0");
    utc_t began = h->now;
    const struct node *d = drug_row(h, &p);
    assert_true(time_of(h, d, "next_at") == began + 30 * UTC_MINUTE);
    assert_string_equal(at(d, "dose_rate"), "0.5 mg/kg/min");
    /* 153 minutes in all, told from the first minute on */
    assert_true(time_of(h, d, "ends") - began > 152 * UTC_MINUTE && time_of(h, d, "ends") - began <= 153 * UTC_MINUTE);
    raise_to(h, &p, "42", "10.5");
    raise_to(h, &p, "84", "31.5");
    raise_to(h, &p, "168", "73.5");
    raise_to(h, &p, "252", "157.5");
    raise_to(h, &p, "336", "283.5");
    assert_string_equal(at(drug_row(h, &p), "next_rate"), "");
    refused(h, "rate_above_max", "nurse1", "give.rate", "{'infusion':'%s','rate':336.1}", p.infusion);
    h->now += 177 * UTC_SECOND; /* 16.5 mL at 336 mL/h are 176.8 s */
    PUMP(h, "VP1", .kind = "event", .event = "complete", .status = "kvo", .rate = "0", .total = "300");
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "300");
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "infusion", p.infusion, "volume", "300");
    assert_word(h, "infusion", p.infusion, "certainty", "certain");
    assert_word(h, "infusion", p.infusion, "state", "ended");
    vitals(h, p.visit, "end");
    const struct node *segments = node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "segments");
    assert_string_equal(at(find(segments, "rate", "84"), "volume"), "42.0");
    wait(h, 31); /* the first dose of a plan is watched for 60 minutes */
    refused(h, "observation_not_over", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    wait(h, 29);
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    whole(h);
}

/* A pause does not count towards a step; slowing is never held back and needs no vital signs. */
static void test_pause_and_slow(void **state)
{
    struct house *h = *state;
    ig_patient(h, "ito", "70 kg", "175 cm");
    struct path p = planned(h, "ito", "ivig_pid", "D83.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':21}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "21", .total = "0");
    wait(h, 20);
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "7");
    did(h, "nurse1", "give.pause", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "infusion", p.infusion, "state", "paused");
    wait(h, 40);
    refused(h, "rate_above_step", "nurse1", "give.resume", "{'infusion':'%s','rate':42}", p.infusion);
    did(h, "nurse1", "give.resume", "{'infusion':'%s','rate':21}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "21", .total = "7");
    assert_true(time_of(h, drug_row(h, &p), "next_at") == h->now + 10 * UTC_MINUTE);
    wait(h, 10);
    vitals(h, p.visit, "rate change");
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':42}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "42", .total = "10.5");
    wait(h, 1);
    did(h, "nurse1", "give.rate", "{'infusion':'%s','rate':15}", p.infusion);
    whole(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_actual_weight, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_dosing_weight, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_whole_path, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_pause_and_slow, house_open, house_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
