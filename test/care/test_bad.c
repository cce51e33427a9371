/* Bad input: what cannot be is refused with the field that says so, and nothing is half done. */
#include "harness.h"

#include <string.h>

/* ---- vital signs and weight ----------------------------------------------------------------------------------------------- */

static void test_vitals(void **state)
{
    struct house *h = *state;
    static const struct {
        const char *json, *where;
    } bad[] = {
        {"'temp':98.6", "temp"},
        {"'temp':29.9", "temp"},
        {"'temp':43.1", "temp"},
        {"'hr':19", "hr"},
        {"'hr':251", "hr"},
        {"'rr':3", "rr"},
        {"'rr':71", "rr"},
        {"'sbp':39", "sbp"},
        {"'sbp':281", "sbp"},
        {"'dbp':19", "dbp"},
        {"'dbp':181", "dbp"},
        {"'spo2':49", "spo2"},
        {"'spo2':101", "spo2"},
        {"'sbp':80,'dbp':80", "dbp"},
        {"'oxygen':true", ""},
        {"'temp':'37'", "temp"},
        {"'hr':72.5", "hr"},
        {"'hr':'72'", "hr"},
        {"'acvpu':'X','hr':70", "acvpu"},
        {"'pulse':70", "pulse"},
    };
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "vitals.record", "{'visit':'%s','phase':'baseline','hr':72}",
        p.visit); /* not here */
    arrived(h, &p);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        wrong(h, ERR_INPUT, bad[i].where, "nurse1", "vitals.record", "{'visit':'%s','phase':'baseline',%s}", p.visit,
            bad[i].json);
    wrong(h, ERR_INPUT, "phase", "nurse1", "vitals.record", "{'visit':'%s','phase':'before','hr':72}", p.visit);
    wrong(h, ERR_INPUT, "visit", "nurse1", "vitals.record", "{'phase':'baseline','hr':72}");
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'baseline','temp':36.66,'hr':20,'rr':4,'sbp':280,'dbp':180,'spo2':50}", p.visit);
    assert_string_equal(at(row(h, "vital_signs", at(h->answer, "id")), "temp"), "36.7");
    static const char *const weights[] = {"{'value':700,'unit':'kg'}", "{'value':19.9,'unit':'kg'}",
        "{'value':72,'unit':'mL'}", "{'value':72}", "72", "{'value':882,'unit':'[lb_av]'}"};
    for (int i = 0; i < 6; i++) {
        assert_false(ask(h, "nurse1", "weight.record", "{'visit':'%s','weight':%s}", p.visit, weights[i]));
        assert_int_equal(h->e.kind, ERR_INPUT);
        assert_true(strncmp(h->e.where, "weight", 6) == 0);
    }
    did(h, "nurse1", "weight.record", "{'visit':'%s','weight':{'value':160,'unit':'[lb_av]'}}", p.visit);
    const struct node *w = row(h, "observation", at(h->answer, "id"));
    assert_string_equal(at(w, "value.value"), "72.5747792"); /* 160 × 0.45359237 exactly */
    assert_string_equal(at(w, "original"), "160 [lb_av]");
    whole(h);
}

/* ---- screens ----------------------------------------------------------------------------------------------------------------- */

static void test_screens(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    arrived(h, &p);
#define SCREEN "{'visit':'%s','kind':'%s','answers':%s}"
    wrong(h, ERR_NOT_FOUND, "kind", "nurse1", "screen.record", SCREEN, p.visit, "mood", "{}");
    wrong(h, ERR_INPUT, "answers", "nurse1", "screen.record", SCREEN, p.visit, "immune_globulin", "[]");
    wrong(h, ERR_INPUT, "answers.clot_signs", "nurse1", "screen.record", SCREEN, p.visit, "immune_globulin", "{}");
    wrong(h, ERR_INPUT, "answers.clot_signs", "nurse1", "screen.record", SCREEN, p.visit, "immune_globulin",
        "{'clot_signs':'maybe','urine':'no','vaccine':'no'}");
    wrong(h, ERR_INPUT, "answers.clot_signs", "nurse1", "screen.record", SCREEN, p.visit, "immune_globulin",
        "{'clot_signs':true,'urine':'no','vaccine':'no'}");
    wrong(h, ERR_INPUT, "answers", "nurse1", "screen.record", SCREEN, p.visit, "immune_globulin",
        "{'clot_signs':'no','urine':'no','vaccine':'no','extra':'yes'}");
    did(h, "nurse1", "screen.record", SCREEN, p.visit, "immune_globulin",
        "{'clot_signs':'no','urine':'no','vaccine':'no'}");
}

/* ---- role, state, id, site ------------------------------------------------------------------------------------------------------ */

static void test_roles(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    const struct {
        const char *who, *command, *json;
    } cases[] = {
        {"nurse1", "plan.make",
            "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}"},
        {"pharmacist", "plan.sign", text(h, "{'plan':'%s'}", p.plan)},
        {"prescriber", "plan.verify", text(h, "{'plan':'%s'}", p.plan)},
        {"nurse1", "plan.stop", text(h, "{'plan':'%s'}", p.plan)},
        {"prescriber", "visit.book", text(h, "{'visit':'%s'}", p.visit)},
        {"scheduler", "consent.record", text(h, "{'plan':'%s','state':'given'}", p.plan)},
        {"biller", "visit.arrive", text(h, "{'visit':'%s'}", p.visit)},
        {"technician", "visit.ok", text(h, "{'visit':'%s'}", p.visit)},
        {"nurse1", "prep.start", text(h, "{'order':'%s'}", p.order)},
        {"pharmacist", "order.change", text(h, "{'order':'%s','dose':{'value':1,'unit':'mg'}}", p.order)},
        {"technician", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR750'}"},
        {"nurse1", "staff.add", "{'login':'xx','name':'x','roles':'nurse','hash':'$argon2id$x'}"},
        {"admin", "visit.discharge", text(h, "{'visit':'%s'}", p.visit)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        wrong(h, ERR_FORBIDDEN, cases[i].command, cases[i].who, cases[i].command, "%s", cases[i].json);
    /* somebody who no longer works here */
    did(h, "admin", "staff.change", "{'staff':'%s','active':false}", staff(h, "nurse2"));
    assert_false(ask(h, "nurse2", "visit.arrive", "{'visit':'%s'}", p.visit));
    assert_int_equal(h->e.kind, ERR_SIGNED_OUT);
}

static void test_ids_and_states(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    wrong(h, ERR_NOT_FOUND, "visit", "nurse1", "visit.arrive", "{'visit':'nothing'}");
    wrong(h, ERR_INPUT, "visit", "nurse1", "visit.arrive", "{'visit':'%s'}", p.plan); /* an id, of something else */
    wrong(h, ERR_NOT_FOUND, "patient", "prescriber", "plan.make",
        "{'patient':'nobody','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}");
    wrong(h, ERR_NOT_FOUND, "regimen", "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'gold','indication':'D50.9','first_day':'2026-03-09'}");
    wrong(h, ERR_INPUT, "indication", "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D83.9','first_day':'2026-03-09'}");
    wrong(h, ERR_INPUT, "first_day", "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-02-30'}");
    wrong(h, ERR_INPUT, "first_day", "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-08'}");
    wrong(h, ERR_INPUT, "first_day", "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2027-03-11'}");
    wrong(h, ERR_CONFLICT, "plan", "prescriber", "plan.sign", "{'plan':'%s'}", p.plan);       /* signed already */
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "visit.arrive", "{'visit':'%s'}", p.visit);     /* not booked */
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    h->reason = "x";
    wrong(h, ERR_INPUT, "dose", "prescriber", "order.change", "{'order':'%s','dose':{'value':0,'unit':'mg'}}", p.order);
    h->reason = "x";
    wrong(
        h, ERR_INPUT, "dose", "prescriber", "order.change", "{'order':'%s','dose':{'value':750,'unit':'mL'}}", p.order);
    wrong(h, ERR_INPUT, "reason", "prescriber", "order.change", "{'order':'%s','dose':{'value':750,'unit':'mg'}}",
        p.order);
    wrong(h, ERR_NOT_FOUND, "drug", "biller", "authorisation.record",
        "{'patient':'rossi','drug':'gold','payer':'x','number':'1','state':'granted','start':'2026-01-01','end':'2026-"
        "12-31','units':1}");
    wrong(h, ERR_INPUT, "end", "biller", "authorisation.record",
        "{'patient':'rossi','drug':'ferric_carboxymaltose','payer':'x','number':'1','state':'granted','start':'2026-01-"
        "02','end':'2026-01-01','units':1}");
    wrong(h, ERR_INPUT, "units", "biller", "authorisation.record",
        "{'patient':'rossi','drug':'ferric_carboxymaltose','payer':'x','number':'1','state':'granted','start':'2026-01-"
        "01','end':'2026-12-31','units':-1}");
    /* another site's visit, by its id */
    char other[80];
    strcpy(other, p.visit);
    other[0] = '2';
    assert_false(ask(h, "nurse1", "visit.arrive", "{'visit':'%s'}", other));
    assert_true(h->e.kind == ERR_FORBIDDEN || h->e.kind == ERR_NOT_FOUND); /* its check digit may not even hold */
    /* the day of the booking, not another */
    booked(h, &p);
    h->now += UTC_DAY;
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "visit.arrive", "{'visit':'%s'}", p.visit);
    whole(h);
}

/* ---- the patient's own role -------------------------------------------------------------------------------------------------------- */

static void test_patient_role(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    iron_patient(h, "bianchi");
    did(h, NULL, "staff.add",
        "{'login':'ada','name':'Ada Rossi','roles':'patient','hash':'$argon2id$x','patient':'rossi'}");
    struct path p = planned(h, "bianchi", "fcm_ida", "D50.9");
    wrong(h, ERR_FORBIDDEN, "patient", "ada", "question.ask", "{'patient':'bianchi','text':'may I drive?'}");
    wrong(h, ERR_FORBIDDEN, "visit.arrive", "ada", "visit.arrive", "{'visit':'%s'}", p.visit);
    assert_true(see_wrong(h, ERR_FORBIDDEN, "ada", "patient", "{'patient':'bianchi'}"));
    assert_true(see_wrong(h, ERR_FORBIDDEN, "ada", "bedside", "{'visit':'%s'}", p.visit));
    assert_true(see_wrong(h, ERR_FORBIDDEN, "ada", "patients", "{}"));
    assert_true(see_wrong(h, ERR_FORBIDDEN, "ada", "search", "{'q':'bianchi'}"));
    assert_true(see_wrong(h, ERR_FORBIDDEN, "biller", "patient", "{'patient':'rossi'}"));
    did(h, "ada", "question.ask", "{'patient':'rossi','text':'may I drive?'}");
    (void)see(h, "ada", "patient", "{'patient':'rossi'}");
    wrong(h, ERR_INPUT, "patient", NULL, "staff.add",
        "{'login':'eve','name':'Eve','roles':'patient nurse','hash':'$argon2id$x','patient':'rossi'}");
    wrong(h, ERR_INPUT, "patient", NULL, "staff.add",
        "{'login':'eve','name':'Eve','roles':'nurse','hash':'$argon2id$x','patient':'rossi'}");
}

/* ---- twice with one key --------------------------------------------------------------------------------------------------------------- */

static void test_twice(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
#define MAKE "plan.make", "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}"
    h->key = "key-0001", h->body = "body-1";
    const char *plan = made(h, "prescriber", MAKE);
    assert_false(h->repeated);
    h->key = "key-0001", h->body = "body-1";
    const char *again = made(h, "prescriber", MAKE);
    assert_true(h->repeated);
    assert_string_equal(plan, again);
    assert_int_equal(count(h, "plan", "TRUE"), 1);
    h->key = "key-0001", h->body = "body-2";
    assert_false(ask(h, "prescriber", MAKE));
    assert_int_equal(h->e.kind, ERR_CONFLICT);
    h->key = "key-0001", h->body = "body-1"; /* another person's key is another key */
    assert_false(ask(h, "prescriber2", MAKE));
    assert_true(refused_by(h, "double_plan"));
    h->key = "key-0001", h->body = "body-1"; /* a refusal is an answer too, and is not given twice over */
    int before = count(h, "refusal", "TRUE");
    (void)ask(h, "prescriber2", MAKE);
    assert_true(h->repeated);
    assert_int_equal(count(h, "refusal", "TRUE"), before);
    whole(h);
}

/* ---- two times ------------------------------------------------------------------------------------------------------------------------- */

/* When it happened is the person's word; the order of the ledger is the order of recording. */
static void test_happened(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    arrived(h, &p);
    wait(h, 30);
    utc_t before = h->now - 10 * UTC_MINUTE;
    h->happened = before;
    did(h, "nurse1", "line.place", "{'visit':'%s','line':'22 G'}", p.visit);
    utc_t line;
    struct err e = {0};
    assert_true(utc_parse(word(h, "visit", p.visit, "line_at"), h->zone, &line, &e));
    assert_true(line == before);
    const struct node *story = node_get(see(h, "nurse1", "explain", "{'id':'%s'}", p.visit), "events"), *last = NULL;
    node_each(n, story)
        last = n;
    assert_string_equal(at(last, "type"), "line.placed");
    assert_true(strcmp(at(last, "happened"), at(last, "recorded")) < 0);
    assert_string_equal(at(last, "who"), "Noor Haddad");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {T(test_vitals), T(test_screens), T(test_roles), T(test_ids_and_states),
        T(test_patient_role), T(test_twice), T(test_happened)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
