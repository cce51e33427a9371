/* What the pages read: not that they have rows, but what the rows say. */
#include "harness.h"

#include <string.h>

static const struct node *fact(struct house *h, const char *visit, const char *what)
{
    const struct node *facts = node_get(see(h, "scheduler", "ready", "{}"), "facts");
    node_each(f, facts)
        if (strcmp(at(f, "visit"), visit) == 0 && strcmp(at(f, "what"), what) == 0)
            return f;
    return NULL;
}

static const char *verdict(struct house *h, const char *visit)
{
    return at(find(node_get(see(h, "scheduler", "ready", "{}"), "visits"), "visit", visit), "verdict");
}

static utc_t time_of(struct house *h, const struct node *n, const char *path)
{
    utc_t t;
    struct err e = {0};
    if (!utc_parse(at(n, path), h->zone, &t, &e))
        fail_msg("%s is no time: \"%s\"", path, at(n, path));
    return t;
}

/* Tomorrow's visit: what is ready, what blocks, what nobody knows; who mends it, and by when. */
static void test_ready(void **state)
{
    struct house *h = *state;
    admit(h,
        &(struct guest){
            "ito", "MRN-ito", "1961-02-28", "male", "not recorded", "70 kg", "175 cm", "D83.9", "demo-plain", 5});
    lab(h, "ito", "creatinine", "0.9 mg/dL", 25), lab(h, "ito", "igg", "420 mg/dL", 20),
        lab(h, "ito", "iga", "80 mg/dL", 20);
    h->override = "asked by telephone";
    const char *plan = made(h, "prescriber", "plan.make",
        "{'patient':'ito','regimen':'ivig_pid','indication':'D83.9','first_day':'2026-03-09'}");
    did(h, "prescriber", "plan.sign", "{'plan':'%s'}", plan);
    const char *v = visit_of(h, plan, 1);
    char start[UTC_TEXT_MAX];
    did(h, "scheduler", "visit.book", "{'visit':'%s','start':'%s','chair':'A1','nurse':'%s'}", v,
        utc_text(clock_at(h, "2026-03-16", 9, 0), start), staff(h, "nurse1"));
    assert_string_equal(verdict(h, v), "blocked");
    const struct node *order = fact(h, v, "order");
    assert_string_equal(at(order, "state"), "blocked");
    assert_string_equal(at(order, "says"), "1 order is signed");
    assert_string_equal(at(order, "owner"), "pharmacist");
    assert_string_equal(at(order, "command"), "plan.verify");
    assert_true(time_of(h, order, "deadline") == clock_at(h, "2026-03-15", 15, 0)); /* the afternoon before */
    assert_string_equal(at(fact(h, v, "laboratory"), "state"), "blocked");
    assert_true(holds(at(fact(h, v, "laboratory"), "says"), "Creatinine will be 32 days old"));
    assert_string_equal(at(fact(h, v, "authorisation"), "says"), "none on record");
    assert_string_equal(at(fact(h, v, "coverage"), "says"), "Demo Plain (fictional)");
    assert_string_equal(at(fact(h, v, "consent"), "state"), "unknown");
    assert_string_equal(at(fact(h, v, "allergies"), "state"), "unknown");
    assert_string_equal(at(fact(h, v, "weight"), "state"), "ready");
    assert_string_equal(at(fact(h, v, "drug"), "state"), "ready");
    assert_string_equal(at(fact(h, v, "drug"), "owner"), ""); /* ready: nobody's task */
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", plan);
    lab(h, "ito", "creatinine", "0.9 mg/dL", 0);
    did(h, "biller", "authorisation.record",
        "{'patient':'ito','drug':'immune_globulin_10','payer':'demo-plain','number':'PA9','state':'granted','start':'"
        "2026-03-01','end':'2026-06-30','units':59}");
    assert_string_equal(at(fact(h, v, "authorisation"), "state"), "blocked"); /* 30 g are 60 units */
    assert_true(holds(at(fact(h, v, "authorisation"), "says"), "60 are needed"));
    did(h, "biller", "authorisation.record",
        "{'patient':'ito','drug':'immune_globulin_10','payer':'demo-plain','number':'PA9','state':'granted','start':'"
        "2026-03-01','end':'2026-07-31','units':600}");
    assert_string_equal(verdict(h, v), "unknown");
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'declined'}", plan);
    assert_string_equal(verdict(h, v), "blocked");
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'given'}", plan);
    assert_string_equal(at(find(node_get(see(h, "scheduler", "ready", "{}"), "visits"), "visit", v), "open"), "1");
    assert_string_equal(at(fact(h, v, "allergies"), "command"), "allergy.record");
    did(h, "nurse1", "allergy.record", "{'patient':'ito'}"); /* asked: none */
    assert_string_equal(verdict(h, v), "ready");
    did(h, "nurse1", "allergy.record", "{'patient':'ito','substance':'immune globulin','reaction':'hives'}");
    wrong(h, ERR_CONFLICT, "substance", "nurse1", "allergy.record", "{'patient':'ito'}"); /* one is on record */
    wrong(h, ERR_INPUT, "substance", "nurse1", "allergy.record", "{'patient':'ito','substance':''}");
    assert_word(h, "patient", "ito", "allergies", "recorded");
    assert_string_equal(at(see(h, "nurse1", "plan", "{'plan':'%s'}", plan), "banner.allergies"), "immune globulin");
    whole(h);
}

static void test_regimens_and_patients(void **state)
{
    struct house *h = *state;
    admit(h, &(struct guest){"none", "M1", "1970-01-01", "female", "none known", NULL, NULL, "D50.9", NULL, 0});
    admit(h, &(struct guest){"other", "M2", "1970-01-01", "female", "none known", "70 kg", "170 cm", "J45.9", NULL, 1});
    const struct node *r = see(h, "prescriber", "regimens", "{'patient':'none','regimen':'fcm_ida'}");
    assert_int_equal(node_get(r, "doses")->count, 0);
    assert_true(holds(at(r, "problems[0].text"), "no weight on record"));
    assert_int_equal(node_get(see(h, "prescriber", "regimens", "{'patient':'other'}"), "regimens")->count, 0);
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    const struct node *list = node_get(see(h, "nurse1", "patients", "{}"), "patients"),
                      *rossi = find(list, "id", "rossi");
    assert_string_equal(at(rossi, "name"), "ROSSI, Ada");
    assert_string_equal(at(rossi, "born"), "14-Jul-1968");
    assert_string_equal(at(rossi, "age"), "57");
    assert_string_equal(at(rossi, "diagnosis"), "D50.9");
    assert_string_equal(at(rossi, "plan"), p.plan);
    assert_string_equal(at(rossi, "plan_state"), "verified");
    assert_string_equal(at(find(list, "id", "other"), "diagnosis"), "");
    allergic(h, "rossi", "latex");
    const struct node *plan = see(h, "pharmacist", "plan", "{'plan':'%s'}", p.plan);
    assert_string_equal(at(plan, "banner.allergies"), "latex");
    assert_string_equal(at(plan, "banner.weight"), "72 kg");
    assert_string_equal(at(plan, "banner.weight_days"), "5");
    assert_string_equal(at(plan, "doses[0].rates"), "795 mL/h, 20 min");
    h->reason = "less";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':500,'unit':'mg'}}",
        order_of(h, visit_of(h, p.plan, 2)));
    assert_string_equal(at(see(h, "pharmacist", "plan", "{'plan':'%s'}", p.plan), "doses[1].changed"), "750 mg before");
    assert_true(see_wrong(h, ERR_NOT_FOUND, "prescriber", "regimens", "{'patient':'rossi','regimen':'gold'}"));
    assert_true(see_wrong(h, ERR_NOT_FOUND, "nurse1", "bedside", "{'visit':'nothing'}"));
    assert_true(see_wrong(h, ERR_INPUT, "nurse1", "bedside", "{}"));
}

/* From the empty chair to the last task, as the room sees it. */
static void test_floor(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    booked(h, &p);
    const char *chair = text(h, "%s", word(h, "visit", p.visit, "chair"));
    const struct node *f = see(h, "nurse1", "floor", "{}"), *k = find(node_get(f, "chairs"), "chair", chair);
    assert_int_equal(node_get(f, "chairs")->count, 4);
    assert_string_equal(at(k, "state"), "empty");
    assert_string_equal(at(k, "coming"), "ROSSI, Ada");
    assert_string_equal(at(f, "count.expected"), "1");
    assert_string_equal(at(f, "waiting[0].state"), "booked");
    static const char *const waits[] = {
        "screen", "vital signs", "OK to treat", "mixing", "hanging", "start at the pump", "word from the pump"};
    for (int i = 0; i < 7; i++) {
        switch (i) {
        case 0: did(h, "nurse1", "visit.arrive", "{'visit':'%s'}", p.visit); break;
        case 1: screens(h, p.visit, "arrival", NULL), screens(h, p.visit, "infection", NULL); break;
        case 2: vitals(h, p.visit, "baseline"); break;
        case 3:
            did(h, "nurse1", "line.place", "{'visit':'%s','line':'22 G'}", p.visit),
                did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
            break;
        case 4:
            p.prep = made(h, "technician", "prep.start", "{'order':'%s'}", p.order);
            did(h, "technician", "prep.label", "{'prep':'%s'}", p.prep);
            p.bag = text(h, "%s", word(h, "prep", p.prep, "barcode"));
            did(h, "pharmacist", "prep.check",
                "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mg'},'volume':265}", p.prep, p.bag);
            did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
            break;
        case 5:
            p.infusion = made(h, "nurse1", "give.associate",
                "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}",
                p.visit, p.bag);
            break;
        default: did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
        }
        f = see(h, "nurse1", "floor", "{}");
        k = find(node_get(f, "chairs"), "chair", chair);
        if (strcmp(at(k, "waits_for"), waits[i]) != 0 || strcmp(at(f, "waiting[0].waits_for"), waits[i]) != 0)
            fail_msg("step %d waits for \"%s\", not \"%s\"", i, at(k, "waits_for"), waits[i]);
    }
    assert_string_equal(at(f, "count.present"), "1");
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    wait(h, 4);
    f = see(h, "nurse1", "floor", "{}");
    k = find(node_get(f, "chairs"), "chair", chair);
    assert_string_equal(at(k, "state"), "running");
    assert_string_equal(at(k, "volume"), "53.0"); /* counted on at the rate: 4 minutes of 795 mL/h */
    assert_string_equal(at(k, "waits_for"), "");
    assert_string_equal(at(f, "count.running"), "1");
    assert_true(time_of(h, k, "ends") - h->now == 16 * UTC_MINUTE);
    assert_string_equal(at(k, "next"), "vital signs"); /* 5 minutes after the start */
    assert_string_equal(at(find(node_get(f, "tasks"), "what", "vital signs"), "urgency"), "soon");
    wait(h, 7);
    assert_string_equal(at(find(node_get(see(h, "nurse1", "floor", "{}"), "tasks"), "what", "vital signs"), "urgency"),
        "overdue"); /* 5 + 5 minutes' grace */
    vitals(h, p.visit, "during");
    assert_null(find(node_get(see(h, "nurse1", "floor", "{}"), "tasks"), "what", "vital signs"));
}

/* A change against the patient's own baseline is marked; NEWS2 stands with the set. */
static void test_change(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'during','temp':37.7,'hr':86,'rr':14,'sbp':98,'dbp':60,'spo2':98,'oxygen':false,'acvpu':"
        "'A'}",
        p.visit);
    const struct node *set = row(h, "vital_signs", at(h->answer, "id"));
    assert_string_equal(at(set, "change"), ""); /* 122 to 98 is 19.7 %, 72 to 86 is 19.4 %, 36.8 to 37.7 is 0.9 */
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'during','temp':37.8,'hr':87,'rr':14,'sbp':97,'dbp':60,'spo2':91,'oxygen':false,'acvpu':"
        "'A'}",
        p.visit);
    set = row(h, "vital_signs", at(h->answer, "id"));
    assert_true(holds(at(set, "change"), "Systolic pressure down a fifth"));
    assert_true(holds(at(set, "change"), "Heart rate up a fifth"));
    assert_true(holds(at(set, "change"), "Temperature up 1 degree"));
    assert_true(holds(at(set, "change"), "Oxygen saturation below 92"));
    const struct node *mark =
        find(node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "marks"), "kind", "symptom");
    assert_true(holds(at(mark, "text"), "down a fifth"));
}

/* ---- the patient's page ------------------------------------------------------------------------------------------------------ */

static void test_patient_page(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    did(h, NULL, "staff.add",
        "{'login':'ada','name':'Ada Rossi','roles':'patient','hash':'$argon2id$x','patient':'rossi'}");
    assert_string_equal(
        at(see(h, "ada", "patient", "{'patient':'rossi'}"), "now.headline"), "No visit is planned at the moment.");
    const char *plan = made(h, "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}");
    assert_int_equal(
        node_get(see(h, "ada", "patient", "{'patient':'rossi'}"), "visits")->count, 0); /* a draft is not hers yet */
    assert_string_equal(
        at(see(h, "ada", "patient", "{'patient':'rossi'}"), "now.headline"), "No visit is planned at the moment.");
    did(h, "prescriber", "plan.sign", "{'plan':'%s'}", plan);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", plan);
    assert_true(holds(at(see(h, "ada", "patient", "{'patient':'rossi'}"), "now.headline"),
        "due around 09-Mar-2026. We will call you"));
    struct path p = {.patient = "rossi", .plan = plan, .visit = visit_of(h, plan, 1)};
    p.order = order_of(h, p.visit);
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'given'}", plan);
    char start[UTC_TEXT_MAX];
    did(h, "scheduler", "visit.book", "{'visit':'%s','start':'%s','chair':'A1','nurse':'%s'}", p.visit,
        utc_text(clock_at(h, "2026-03-09", 10, 0), start), staff(h, "nurse1"));
    /* 30 minutes of travel and 10 early; 85 minutes here, and home again */
    const struct node *page = see(h, "ada", "patient", "{'patient':'rossi'}");
    assert_string_equal(at(page, "now.headline"), "Today: leave at 09:20, home between 11:55 and 12:40.");
    assert_string_equal(at(page, "now.step"), "1");
    assert_string_equal(at(page, "steps[0].state"), "now");
    assert_true(holds(at(find(node_get(page, "texts"), "kind", "what"), "title"), "iron, 750 mg"));
    assert_true(holds(at(find(node_get(page, "texts"), "kind", "urgent"), "text"), "Trouble breathing"));
    node_each(t, node_get(page, "texts"))
        assert_false(holds(at(t, "text"), "{{") || holds(at(t, "text"), "incomplete"));
    /* late: the time is kept honest */
    h->now = clock_at(h, "2026-03-09", 10, 0);
    did(h, "nurse1", "visit.arrive", "{'visit':'%s'}", p.visit);
    h->now = clock_at(h, "2026-03-09", 11, 0);
    page = see(h, "ada", "patient", "{'patient':'rossi'}");
    assert_string_equal(at(page, "now.headline"), "You should be home between 12:25 and 13:10.");
    assert_true(holds(at(page, "now.because"), "longer than planned"));
    assert_string_equal(at(page, "steps[1].state"), "now");
    whole(h);
}

static void test_questions(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    did(h, NULL, "staff.add",
        "{'login':'ada','name':'Ada Rossi','roles':'patient','hash':'$argon2id$x','patient':'rossi'}");
    (void)planned(h, "rossi", "fcm_ida", "D50.9");
    const char *q =
        made(h, "ada", "question.ask", "{'patient':'rossi','text':'Since this morning I have TROUBLE BREATHING'}");
    assert_string_equal(at(h->answer, "result.red_flag"), "breathing");
    assert_string_equal(at(h->answer, "result.level"), "emergency");
    assert_true(holds(at(h->answer, "result.told"), "911"));
    const char *easy = made(h, "ada", "question.ask", "{'patient':'rossi','text':'How long will it take?'}");
    assert_string_equal(at(h->answer, "result.red_flag"), "");
    assert_true(holds(at(h->answer, "result.told"), "20"));
    (void)made(h, "ada", "question.ask", "{'patient':'rossi','text':'xyzzy'}");
    assert_string_equal(at(h->answer, "result.told"), ""); /* nothing is pretended */
    assert_int_equal(node_get(see(h, "nurse1", "questions", "{}"), "questions")->count, 3);
    did(h, "nurse1", "question.answer", "{'question':'%s','answer':'We called you: come in.'}", q);
    wrong(h, ERR_CONFLICT, "question", "nurse1", "question.answer", "{'question':'%s','answer':'again'}", q);
    wrong(h, ERR_FORBIDDEN, "question.answer", "ada", "question.answer", "{'question':'%s','answer':'myself'}", easy);
    assert_int_equal(node_get(see(h, "nurse1", "questions", "{}"), "questions")->count, 2);
    assert_string_equal(
        at(find(node_get(see(h, "ada", "patient", "{'patient':'rossi'}"), "questions"), "id", q), "answer"),
        "We called you: come in.");
    whole(h);
}

static void test_pharmacy_stages(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    const char *plan = made(h, "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}");
    assert_int_equal(
        node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards")->count, 0); /* a draft is nobody's work */
    did(h, "prescriber", "plan.sign", "{'plan':'%s'}", plan);
    const struct node *cards = node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards");
    assert_int_equal(cards->count, 2); /* both orders wait to be verified, whenever they are due */
    assert_string_equal(at(node_at(cards, 0), "stage"), "verify");
    assert_string_equal(at(node_at(cards, 0), "why_not"), "not verified");
    assert_string_equal(at(node_at(cards, 0), "dose"), "750 mg");
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", plan);
    assert_int_equal(node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards")->count, 0); /* not booked today */
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'given'}", plan);
    struct path p = {.patient = "rossi", .plan = plan, .visit = visit_of(h, plan, 1)};
    p.order = order_of(h, p.visit);
    mixed(h, &p);
    const struct node *card = node_at(node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards"), 0);
    assert_string_equal(at(card, "stage"), "check");
    assert_string_equal(at(card, "barcode"), p.bag);
    const struct node *v = row(h, "visit", p.visit);
    assert_true(
        time_of(h, card, "needed_by") == time_of(h, v, "start") + 20 * UTC_MINUTE); /* 30 of set-up, 10 before */
    h->now += 13 * UTC_HOUR;
    assert_int_equal(node_get(see(h, "pharmacist", "pharmacy", "{'day':'2026-03-09'}"), "cards")->count, 1);
    assert_string_equal(
        at(node_at(node_get(see(h, "pharmacist", "pharmacy", "{'day':'2026-03-09'}"), "cards"), 0), "why_not"),
        "past its beyond-use time");
    const struct node *bag = see(h, "pharmacist", "prep", "{'prep':'%s'}", p.prep);
    assert_string_equal(at(bag, "banner.name"), "ROSSI, Ada");
    assert_true(holds(at(bag, "prep.proof.vials_says"), "1 vial, 0 mg thrown away"));
}

static void test_search_and_story(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    assert_string_equal(at(node_at(node_get(see(h, "nurse1", "search", "{'q':'ros'}"), "found"), 0), "text"),
        "ROSSI, Ada, born 1968-07-14, MRN-rossi");
    assert_string_equal(at(node_at(node_get(see(h, "nurse1", "search", "{'q':'%s'}", p.visit), "found"), 0), "page"),
        text(h, "/bedside/%s", p.visit));
    assert_int_equal(node_get(see(h, "nurse1", "search", "{'q':'r'}"), "found")->count, 0);
    const struct node *story = node_get(see(h, "nurse1", "explain", "{'id':'%s'}", p.order), "events");
    static const char *const told[] = {"order.made", "order.signed", "order.verified"};
    assert_int_equal(story->count, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(at(node_at(story, i), "type"), told[i]);
    assert_string_equal(at(node_at(story, 0), "why.second.agrees"), "true"); /* the proof of that day */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_ready),
        T(test_regimens_and_patients),
        T(test_floor),
        T(test_change),
        T(test_patient_page),
        T(test_questions),
        T(test_pharmacy_stages),
        T(test_search_and_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
