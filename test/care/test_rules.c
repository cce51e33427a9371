/* Each rule of the path: it fires, it just does not, and who may pass it with which reason. */
#include "harness.h"

#include "care/gate.h"
#include "formulary/builtin.h"

#include <string.h>

#define PLAN "plan.make", "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}"

/* ---- the plan ------------------------------------------------------------------------------------------------------------- */

/* One patient a row, whole but for what the row says. */
static const struct plan_case {
    const char *rule, *born, *allergies, *kg, *cm, *payer;
    int weighed_days;
    const char *lab, *value; /* recorded in place of the usual one; value NULL: not at all */
    int lab_days;
    const char *allergy, *condition;
    bool fires, hard;
} plan_cases[] = {
    {"minor", .born = "2008-03-10", .fires = true, .hard = true},
    {"minor", .born = "2008-03-09"},
    {"weight_missing", .kg = "none", .fires = true, .hard = true},
    {"weight_age", .weighed_days = 91, .fires = true},
    {"weight_age", .weighed_days = 90},
    {"allergies_not_recorded", .allergies = "not recorded", .fires = true},
    {"allergies_not_recorded", .allergies = "recorded"},
    {"allergy", .allergies = "recorded", .allergy = "Ferric Carboxymaltose injection", .fires = true, .hard = true},
    {"allergy", .allergies = "recorded", .allergy = "Iron sucrose", .fires = true},
    {"allergy", .allergies = "recorded", .allergy = "penicillin"},
    {"height_weight_swapped", .kg = "168 kg", .cm = "72 cm", .fires = true},
    {"height_weight_swapped", .kg = "150 kg", .cm = "151 cm"},
    {"lab_missing", .lab = "ferritin", .fires = true},
    {"lab_missing", .lab = "ferritin", .value = "8 ng/mL", .lab_days = 91, .fires = true},
    {"lab_missing", .lab = "ferritin", .value = "8 ng/mL", .lab_days = 90},
    {"lab_range", .lab = "hemoglobin", .value = "15.1 g/dL", .fires = true},
    {"lab_range", .lab = "hemoglobin", .value = "15.0 g/dL"},
    {"lab_range", .lab = "hemoglobin", .value = "151 g/L", .fires = true}, /* another unit, the same limit */
    {"lab_range", .lab = "phosphate", .value = "2.4 mg/dL", .fires = true},
    {"not_indicated", .condition = "D50.0", .fires = true},
    {"not_indicated", .condition = "D50.9"},
    {"dose_limit", .kg = "29.9 kg", .cm = "140 cm"}, /* no band: an error of its own, below */
    {"dose_limit", .kg = "30 kg", .cm = "140 cm"},  /* 450 mg: the soft limit itself */
    {"dose_limit", .kg = "49.9 kg", .cm = "160 cm"}, /* 748.5 → 749 mg: 15.01 mg/kg, read as 15.0 */
};

static void plan_case(struct house *h, const struct plan_case *k, int index)
{
    const char *id = text(h, "p%d", index);
    bool none = k->kg && strcmp(k->kg, "none") == 0;
    admit(h,
        &(struct guest){id, text(h, "M%d", index), k->born ? k->born : "1968-07-14", "female",
            k->allergies ? k->allergies : "none known",
            none        ? NULL
                : k->kg ? k->kg
                        : "72 kg",
            k->cm ? k->cm : "168 cm", k->condition ? k->condition : "D50.9", k->payer ? k->payer : "demo-plain",
            k->weighed_days ? k->weighed_days : 5});
    static const char *const labs[][2] = {
        {"hemoglobin", "9.1 g/dL"}, {"ferritin", "8 ng/mL"}, {"phosphate", "3.1 mg/dL"}};
    for (int i = 0; i < 3; i++) {
        bool mine = k->lab && strcmp(k->lab, labs[i][0]) == 0;
        if (!mine || k->value)
            lab(h, id, labs[i][0], mine ? k->value : labs[i][1], mine && k->lab_days ? k->lab_days : 5);
    }
    if (k->allergy)
        allergic(h, id, k->allergy);
    const char *json = text(
        h, "{\"patient\":\"%s\",\"regimen\":\"fcm_ida\",\"indication\":\"D50.9\",\"first_day\":\"2026-03-09\"}", id);
    bool ok = ask(h, "prescriber", "plan.make", "%s", json);
    if (refused_by(h, k->rule) != k->fires)
        fail_msg("case %d: %s %s: %s", index, k->rule, k->fires ? "should fire" : "should not fire", h->e.text);
    if (!k->fires)
        return;
    assert_false(ok);
    const struct node *r = find(node_get(h->answer, "refusals"), "rule", k->rule);
    assert_string_equal(at(r, "severity"), k->hard ? "hard stop" : "needs a reason");
    h->override = "looked at it; goes ahead";
    ok = ask(h, "prescriber", "plan.make", "%s", json);
    if (ok == k->hard)
        fail_msg("case %d: %s %s by a reason", index, k->rule, k->hard ? "was passed" : "was not passed");
    if (ok) {
        assert_true(noted(h, k->rule));
        assert_int_equal(
            count(h, "refusal",
                text(h, "rule='%s' AND patient='%s' AND overridden_by='%s' AND reason='looked at it; goes ahead'",
                    k->rule, id, staff(h, "prescriber"))),
            1);
    }
}

static void test_plan_rules(void **state)
{
    struct house *h = *state;
    for (int i = 0; i < (int)(sizeof plan_cases / sizeof plan_cases[0]); i++)
        plan_case(h, &plan_cases[i], i);
    whole(h);
}

static void test_dose_rules(void **state)
{
    struct house *h = *state;
    /* below every band */
    admit(
        h, &(struct guest){"thin", "M1", "1968-07-14", "female", "none known", "29.9 kg", "140 cm", "D50.9", NULL, 5});
    h->override = "x";
    assert_false(ask(h, "prescriber", "plan.make",
        "{'patient':'thin','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}"));
    /* 40 kg: 600 mg; 15.025 is read as 15.0 mg/kg, 15.05 as 15.1 */
    admit(h,
        &(struct guest){
            "near", "M2", "1968-07-14", "female", "none known", "40 kg", "160 cm", "D50.9", "demo-plain", 5});
    lab(h, "near", "hemoglobin", "9.1 g/dL", 5), lab(h, "near", "ferritin", "8 ng/mL", 5);
    struct path light = planned(h, "near", "fcm_ida", "D50.9");
    assert_string_equal(at(row(h, "med_order", light.order), "dose.value"), "600");
    h->reason = "by hand";
    refused(
        h, "dose_limit", "prescriber", "order.change", "{'order':'%s','dose':{'value':602,'unit':'mg'}}", light.order);
    h->reason = "by hand";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':601,'unit':'mg'}}", light.order);
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    const char *second = order_of(h, visit_of(h, p.plan, 2));
    const struct {
        const char *mg, *rule;
    } doses[] = {
        {"751", "dose_limit"}, {"750", NULL}, {"449", "dose_limit"}, {"450", NULL}, {"1001", "dose_above_hard"}};
    for (int i = 0; i < 5; i++) {
        h->reason = "another course elsewhere";
        bool ok =
            ask(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':%s,'unit':'mg'}}", second, doses[i].mg);
        if (ok != !doses[i].rule || (doses[i].rule && !refused_by(h, doses[i].rule)))
            fail_msg("%s mg: %s %s", doses[i].mg, doses[i].rule ? doses[i].rule : "ok", h->e.text);
    }
    h->reason = "too much", h->override = "please";
    refused(
        h, "dose_above_hard", "prescriber", "order.change", "{'order':'%s','dose':{'value':1001,'unit':'mg'}}", second);
    /* 750 + 751 mg in 42 days is over the course of 1,500 mg; 750 + 750 is one course */
    h->reason = "back to the usual";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':750,'unit':'mg'}}", second);
    h->reason = "heavy";
    refused(
        h, "course_limit", "prescriber", "order.change", "{'order':'%s','dose':{'value':0.751,'unit':'g'}}", p.order);
    whole(h);
}

/* To the nearest 5 g: 31 kg asks for 12.4 g and gets 10, 19.4 % less; 35 kg asks for 14 and gets 15, 7.1 % more. */
static void test_rounding(void **state)
{
    struct house *h = *state;
#define IG "plan.make", "{'patient':'%s','regimen':'ivig_pid','indication':'D83.9','first_day':'2026-03-09'}"
    ig_patient(h, "small", "31 kg", "150 cm");
    refused(h, "rounding", "prescriber", IG, "small");
    assert_true(holds(at(find(node_get(h->answer, "refusals"), "rule", "rounding"), "says"), "19.35 %"));
    h->override = "whole vials only";
    did(h, "prescriber", IG, "small");
    ig_patient(h, "less", "35 kg", "150 cm");
    did(h, "prescriber", IG, "less");
    assert_false(noted(h, "rounding"));
    /* the dosing weight wants a height */
    ig_patient(h, "noheight", "90 kg", NULL);
    wrong(h, ERR_INPUT, "height", "prescriber", IG, "noheight");
}

/* A second plan with the same drug, and what it adds to the course. */
static void test_second_plan(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    refused(h, "double_plan", "prescriber", PLAN);
    assert_true(refused_by(h, "course_limit")); /* 4 × 750 mg: over the hard 2,000 mg, nobody may */
    h->override = "the first will be stopped";
    refused(h, "course_limit", "prescriber", PLAN);
    h->reason = "no longer needed";
    did(h, "prescriber", "plan.stop", "{'plan':'%s'}", p.plan);
    did(h, "prescriber", PLAN);
}

static void test_payer_rules(void **state)
{
    struct house *h = *state;
    admit(h,
        &(struct guest){"ito", "M1", "1961-02-28", "male", "none known", "70 kg", "175 cm", "D80.1", "demo-plain", 5});
    lab(h, "ito", "creatinine", "0.9 mg/dL", 5), lab(h, "ito", "igg", "420 mg/dL", 5),
        lab(h, "ito", "iga", "80 mg/dL", 5);
    refused(h, "diagnosis_not_covered", "prescriber", "plan.make",
        "{'patient':'ito','regimen':'ivig_pid','indication':'D80.1','first_day':'2026-03-09'}");
    h->override = "the patient knows the cost";
    did(h, "prescriber", "plan.make",
        "{'patient':'ito','regimen':'ivig_pid','indication':'D80.1','first_day':'2026-03-09'}");
}

/* ---- the day -------------------------------------------------------------------------------------------------------------- */

/* An override is about the facts it saw: other facts make it void. And it takes the role. */
static void test_override(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    assessed(h, &p);
    screens(h, p.visit, "infection", "cough");
    refused(h, "screen_positive", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    h->override = "sounds like hay fever";
    refused(h, "screen_positive", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit); /* a prescriber's decision */
    h->override = "";
    refused(h, "screen_positive", "prescriber", "visit.ok", "{'visit':'%s'}", p.visit); /* without words it is none */
    h->override = "hay fever since April";
    did(h, "prescriber", "visit.ok", "{'visit':'%s'}", p.visit);
    assert_int_equal(count(h, "refusal", "rule='screen_positive' AND overridden_by IS NOT NULL"), 1);
    assert_true(count(h, "refusal", "rule='screen_positive' AND overridden_by IS NULL") >= 3);
    whole(h);
}

struct day_case {
    const char *rule;
    void (*spoil)(struct house *h, struct path *p);
    bool fires;
    const char *nurse; /* NULL: a nurse may not pass it; else "yes" */
    bool hard;
};

static void no_spoil(struct house *h, struct path *p)
{
    (void)h, (void)p;
}

static void fevered(struct house *h, struct path *p)
{
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'baseline','temp':38.1,'hr':72,'rr':14,'sbp':122,'dbp':76,'spo2':98,'oxygen':false,'"
        "acvpu':'A'}",
        p->visit);
}

static void warm(struct house *h, struct path *p)
{
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'baseline','temp':38.0,'hr':72,'rr':14,'sbp':90,'dbp':60,'spo2':98,'oxygen':false,'"
        "acvpu':'A'}",
        p->visit);
}

static void no_temperature(struct house *h, struct path *p)
{
    did(h, "nurse1", "vitals.record", "{'visit':'%s','phase':'baseline','hr':72,'rr':14,'sbp':122,'dbp':76,'spo2':98}",
        p->visit);
}

static void ill(struct house *h, struct path *p) /* rr 22: 2, spo2 94: 1, hr 112: 2 = 5 */
{
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'baseline','temp':37.0,'hr':112,'rr':22,'sbp':122,'dbp':76,'spo2':94,'oxygen':false,'"
        "acvpu':'A'}",
        p->visit);
    assert_word(h, "vital_signs", at(h->answer, "id"), "news2", "5");
}

static void nearly_ill(struct house *h, struct path *p) /* rr 22: 2, hr 112: 2 = 4 */
{
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'baseline','temp':37.0,'hr':112,'rr':22,'sbp':122,'dbp':76,'spo2':96,'oxygen':false,'"
        "acvpu':'A'}",
        p->visit);
}

static void waits_an_hour(struct house *h, struct path *p)
{
    (void)p;
    wait(h, 60);
}

static void waits_longer(struct house *h, struct path *p)
{
    (void)p;
    wait(h, 61);
}

static void heavier(struct house *h, struct path *p) /* 72 kg to 79.2 kg: 10 % */
{
    did(h, "nurse1", "weight.record", "{'visit':'%s','weight':{'value':79.2,'unit':'kg'}}", p->visit);
}

static void much_heavier(struct house *h, struct path *p)
{
    did(h, "nurse1", "weight.record", "{'visit':'%s','weight':{'value':79.3,'unit':'kg'}}", p->visit);
}

static void little_heavier(struct house *h, struct path *p)
{
    did(h, "nurse1", "weight.record", "{'visit':'%s','weight':{'value':174.4,'unit':'[lb_av]'}}",
        p->visit); /* 79.1 kg */
}

static void no_consent(struct house *h, struct path *p)
{
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'withdrawn'}", p->plan);
}

static void order_changed(struct house *h, struct path *p)
{
    h->reason = "less is enough";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':500,'unit':'mg'}}", p->order);
}

static void order_changed_and_verified(struct house *h, struct path *p)
{
    order_changed(h, p);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", p->plan);
}

static void allergy_found(struct house *h, struct path *p)
{
    allergic(h, p->patient, "ferumoxytol");
}

static void labs_worse(struct house *h, struct path *p)
{
    lab(h, p->patient, "hemoglobin", "15.2 g/dL", 0);
}

static void contact_only(struct house *h, struct path *p)
{
    screens(h, p->visit, "infection", "contact"); /* a note */
}

static const struct day_case day_cases[] = {
    {"vitals_range", no_spoil},
    {"vitals_range", fevered, true},
    {"vitals_range", warm},
    {"vitals_missing", no_temperature, true, .hard = true},
    {"vitals_missing", waits_an_hour},
    {"vitals_missing", waits_longer, true, .hard = true},
    {"news2_high", ill, true},
    {"news2_high", nearly_ill},
    {"weight_change", heavier},
    {"weight_change", much_heavier, true, "yes"},
    {"weight_change_10", heavier, true},
    {"weight_change_10", little_heavier},
    {"consent_missing", no_consent, true, .hard = true},
    {"not_verified", order_changed, true, .hard = true},
    {"not_verified", order_changed_and_verified},
    {"allergy", allergy_found, true},
    {"lab_range", labs_worse, true},
    {"screen_positive", contact_only},
};

static void test_day_rules(void **state)
{
    struct house *h = *state;
    for (int i = 0; i < (int)(sizeof day_cases / sizeof day_cases[0]); i++) {
        const struct day_case *k = &day_cases[i];
        const char *id = text(h, "d%d", i);
        iron_patient(h, id);
        struct path p = planned(h, id, "fcm_ida", "D50.9");
        assessed(h, &p);
        k->spoil(h, &p);
        bool ok = ask(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
        if (refused_by(h, k->rule) != k->fires)
            fail_msg("case %d: %s %s: %s", i, k->rule, k->fires ? "should fire" : "should not fire", h->e.text);
        if (!k->fires) {
            continue;
        }
        assert_false(ok);
        const struct node *r = find(node_get(h->answer, "refusals"), "rule", k->rule);
        assert_string_equal(at(r, "severity"), k->hard ? "hard stop" : "needs a reason");
        assert_int_equal(k->nurse != NULL, holds(at(r, "who"), "nurse"));
        h->override = "decided after a look";
        ok = ask(h, "prescriber", "visit.ok", "{'visit':'%s'}", p.visit);
        if (ok == k->hard)
            fail_msg("case %d: %s %s", i, k->rule, h->e.text);
        h->now = clock_at(h, care_day(h->a, h->zone, h->now), 8, 0) + UTC_DAY; /* each on a day of its own */
        if (utc_civil(h->now, h->zone).weekday == 6)
            h->now += 2 * UTC_DAY;
    }
    whole(h);
}

static void test_day_missing(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    booked(h, &p);
    refused(h, "not_arrived", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    did(h, "nurse1", "visit.arrive", "{'visit':'%s'}", p.visit);
    refused(h, "not_screened", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    assert_true(refused_by(h, "vitals_missing")); /* all at once, not the first only */
}

/* Immune globulin: its own screen, the regimen's kidney gate, the payer's authorisation. */
static void test_ig_day(void **state)
{
    struct house *h = *state;
    ig_patient(h, "ito", "70 kg", "175 cm");
    struct path p = planned(h, "ito", "ivig_pid", "D83.9");
    arrived(h, &p);
    screens(h, p.visit, "arrival", NULL);
    screens(h, p.visit, "infection", NULL);
    vitals(h, p.visit, "baseline");
    refused(h, "not_screened", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    screens(h, p.visit, "immune_globulin", "clot_signs");
    h->override = "it is nothing";
    refused(h, "screen_positive", "prescriber", "visit.ok", "{'visit':'%s'}", p.visit);
    screens(h, p.visit, "immune_globulin", NULL);
    lab(h, "ito", "creatinine", "2.1 mg/dL", 0);
    refused(h, "lab_range", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    int n = 0;
    node_each(r, node_get(h->answer, "refusals"))
        n += strcmp(at(r, "rule"), "lab_range") == 0;
    assert_int_equal(n, 2); /* over the drug's 1.5 and over the regimen's 2.0 */
    h->override = "seen with the kidney clinic; slowest rate";
    did(h, "prescriber", "visit.ok", "{'visit':'%s'}", p.visit);
}

static void authorise(struct house *h, const char *state, int units, const char *end)
{
    did(h, "biller", "authorisation.record",
        "{'patient':'ito','drug':'immune_globulin_10','payer':'demo-plain','number':'PA','state':'%s','start':'2026-01-"
        "01','end':'%s','units':%d}",
        state, end, units);
}

/* 30 g are 60 units of 500 mg. */
static void test_authorisation(void **state)
{
    struct house *h = *state;
    admit(h,
        &(struct guest){
            "ito", "MRN-ito", "1961-02-28", "male", "none known", "70 kg", "175 cm", "D83.9", "demo-plain", 5});
    lab(h, "ito", "creatinine", "0.9 mg/dL", 5), lab(h, "ito", "igg", "420 mg/dL", 5),
        lab(h, "ito", "iga", "80 mg/dL", 5);
    struct path p = planned(h, "ito", "ivig_pid", "D83.9");
    assessed(h, &p);
    refused(h, "authorisation_missing", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    authorise(h, "denied", 0, "2026-12-31");
    refused(h, "authorisation_missing", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    authorise(h, "granted", 5000, "2026-03-08"); /* ended yesterday */
    refused(h, "authorisation_missing", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    authorise(h, "granted", 59, "2026-12-30");
    refused(h, "authorisation_short", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    authorise(h, "granted", 60, "2026-12-31");
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    assert_int_equal(count(h, "authorisation", "used>0"), 0); /* asked for is not yet used */
}

static void test_no_cover(void **state)
{
    struct house *h = *state;
    admit(h,
        &(struct guest){"poor", "MRN-poor", "1961-02-28", "male", "none known", "70 kg", "175 cm", "D50.9", NULL, 5});
    lab(h, "poor", "hemoglobin", "9.1 g/dL", 5), lab(h, "poor", "ferritin", "8 ng/mL", 5);
    struct path p = planned(h, "poor", "fcm_ida", "D50.9");
    assessed(h, &p);
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    assert_true(noted(h, "coverage_missing")); /* said, and no obstacle */
}

/* ---- rules that need a push --------------------------------------------------------------------------------------------- */

/* A visit whose only order was cancelled has nothing to be OK for. */
static void test_order_missing(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    assessed(h, &p);
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    iron_patient(h, "verdi");
    struct path q = planned(h, "verdi", "fcm_ida", "D50.9");
    arrived(h, &q);
    h->reason = "not today";
    if (!ask(h, "prescriber", "order.cancel", "{'order':'%s'}", q.order))
        fail_msg("%s: %s", h->e.where, h->e.text);
    h->override = "x";
    refused(h, "order_missing", "prescriber", "visit.ok", "{'visit':'%s'}", q.visit); /* a hard stop: words do not help */
}

/* The two engines agree by construction, so a disagreement is handed in. */
static void test_engines_disagree(void **state)
{
    struct house *h = *state;
    struct tx t;
    struct patient who;
    struct err e = {0};
    iron_patient(h, "rossi");
    assert_true(tx_read(&t, h->store, h->a, 1, &care_event_types, &e));
    assert_true(table_need(&t, &record_patient, "rossi", "patient", &who, &e));
    for (int agrees = 0; agrees < 2; agrees++) {
        struct cmd c = {.tx = &t, .a = h->a, .content = h->content, .content_hash = h->content->hash, .zone = h->zone, .now = h->now,
            .by = {.id = "x", .name = "x", .roles = ROLE_PRESCRIBER | ROLE_PHARMACIST}};
        struct gate g = {.cmd = &c, .patient = &who, .regimen = content_regimen(h->content, "fcm_ida"), .first_day = "2026-03-09"};
        struct dose x = {.dose = qty_lit("750 mg"), .unrounded = qty_lit("750 mg"), .weight_kg = dec_int(72), .volume_ml = dec_int(265),
            .concentration = qty_lit("2.83 mg/mL"), .max_rate = dec_int(1100), .round_percent = dec_int(0), .agrees = agrees, .proof = "{}"};
        assert_true(gate_dose(&g, content_drug(h->content, "ferric_carboxymaltose"), NULL, &x, &e));
        assert_int_equal(c.refusal_count, !agrees);
        if (!agrees) {
            assert_string_equal(c.refusals[0].rule, "engines_disagree");
            assert_string_equal(c.refusals[0].severity, "hard stop");
        }
    }
    tx_rollback(&t);
}

/* Immune globulin at 70 kg: 2 mg/kg/min is 84 mL/h, the third step; 168 is over it for who is at risk. A note. */
static void test_rate_caution(void **state)
{
    struct house *h = *state;
    static const struct {
        const char *id, *icd;
    } people[] = {{"well", NULL}, {"sweet", "E11.9"}};
    static const char *const rates[] = {"21", "42", "84", "168"}, *const totals[] = {"0", "10.5", "31.5", "73.5"};
    for (int i = 0; i < 2; i++) {
        ig_patient(h, people[i].id, "70 kg", "175 cm");
        if (people[i].icd)
            has_condition(h, people[i].id, people[i].icd);
        struct path p = planned(h, people[i].id, "ivig_pid", "D83.9");
        const char *pump = i ? "VP2" : "VP1";
        hung(h, &p, pump);
        for (int r = 0; r < 4; r++) {
            if (r) {
                wait(h, 30);
                vitals(h, p.visit, "rate change");
            }
            did(h, "nurse1", r ? "give.rate" : "give.start", "{'infusion':'%s','rate':%s}", p.infusion, rates[r]);
            if (noted(h, "rate_caution") != (i == 1 && r == 3))
                fail_msg("%s at %s mL/h: %s", people[i].id, rates[r], noted(h, "rate_caution") ? "noted" : "not noted");
            PUMP(h, pump, .kind = "event", .event = "start", .status = "delivering", .rate = rates[r], .total = totals[r]);
        }
        h->now = clock_at(h, "2026-03-10", 8, 0);
    }
}

/* The content as shipped with a text of one file replaced, in force from now on. */
static void content_learns(struct house *h, const char *path, const char *const swaps[][2], int n)
{
    struct embed_file *files = ARENA_ARRAY(h->keep, (size_t)content_builtin.count, struct embed_file);
    struct embed_set set = {files, content_builtin.count};
    struct err e = {0};
    for (int i = 0; i < set.count; i++) {
        files[i] = content_builtin.files[i];
        for (int s = 0; s < n && strcmp(files[i].path, path) == 0; s++) {
            const char *text = (const char *)files[i].data, *at = strstr(text, swaps[s][0]);
            assert_non_null(at);
            text = arena_printf(h->keep, "%.*s%s%s", (int)(at - text), text, swaps[s][1], at + strlen(swaps[s][0]));
            files[i].data = (const unsigned char *)text;
            files[i].len = strlen(text);
        }
    }
    if (!content_read_embedded(h->keep, &set, &h->content, &e))
        fail_msg("%s: %s", e.where, e.text);
    did(h, NULL, "content.release", "{'hash':'%s','version':'next','second':'test'}", h->content->hash);
}

/* A new release forbids the manner of an order already made: the bag is not hung. */
static void test_route_lock(void **state)
{
    struct house *h = *state;
    static const char *const swaps[][2] = {{"    method: pump", "    method: gravity"},
        {"  never:\n", "  never:\n    - {way: pump, words: for the test, source: site}\n"}};
    iron_patient(h, "rossi");
    iron_patient(h, "verdi");
    struct path free = planned(h, "rossi", "fcm_ida", "D50.9"), locked = planned(h, "verdi", "fcm_ida", "D50.9");
    released(h, &locked);
    hung(h, &free, "VP1");
    content_learns(h, "drugs/ferric_carboxymaltose.yaml", swaps, 2);
    h->override = "x";
    refused(h, "route_lock", "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-verdi','bag_code':'%s','pump_code':'VP2','badge_code':'B7'}", locked.visit, locked.bag);
}

/* ---- every rule of the content is somebody's ------------------------------------------------------------------------------- */

static const char *const here[] = {"minor", "weight_missing", "weight_age", "weight_change", "weight_change_10",
    "height_weight_swapped", "allergy", "allergies_not_recorded", "lab_missing", "lab_range", "dose_limit",
    "dose_above_hard", "course_limit", "not_indicated", "double_plan", "not_verified", "consent_missing",
    "authorisation_missing", "authorisation_short", "diagnosis_not_covered", "coverage_missing", "not_arrived",
    "not_screened", "screen_positive", "vitals_missing", "vitals_range", "news2_high", "rounding", "not_supported", "order_missing", "engines_disagree", "rate_caution", "route_lock"};
static const char *const test_board[] = {"not_signed", "window", "gap", "closed", "chair_taken", "nurse_full"};
static const char *const test_bag[] = {"self_verify", "not_ok_to_treat", "stock_short", "expired", "recalled",
    "old_label", "bag_mismatch", "not_checked", "beyond_use", "not_released"};
static const char *const test_bedside[] = {"wrong_patient", "wrong_bag", "wrong_pump", "wrong_badge", "unscanned",
    "no_access", "rate_above_max", "rate_above_step", "vitals_due", "uncertain_delivery", "dose_given",
    "restart_not_allowed", "restart_needs_order", "rate_above_restart", "restart_too_soon", "reaction_open",
    "observation_not_over", "not_flushed", "infusion_running", "orders_left"};
static const char *const of_charges[] = {"charge_on_hold", "charge_rejected", "charge_query_open"};

static bool listed(const char *const *list, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], id) == 0)
            return true;
    return false;
}
#define IN(list, id) listed(list, sizeof list / sizeof list[0], id)

static void test_all_known(void **state)
{
    struct house *h = *state;
    for (int i = 0; i < h->content->rules_count; i++) {
        const char *id = h->content->rules[i].id;
        int times = IN(here, id) + IN(test_board, id) + IN(test_bag, id) + IN(test_bedside, id)
            + IN(of_charges, id);
        if (times != 1)
            fail_msg("the rule %s is in %d lists: say which test fires it", id, times);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_plan_rules),
        T(test_dose_rules),
        T(test_rounding),
        T(test_second_plan),
        T(test_payer_rules),
        T(test_override),
        T(test_day_rules),
        T(test_day_missing),
        T(test_ig_day),
        T(test_authorisation),
        T(test_no_cover),
        T(test_order_missing),
        T(test_engines_disagree),
        T(test_rate_caution),
        T(test_route_lock),
        T(test_all_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
