/* The pharmacy: vials, label, check, release, and everything that must not be released or hung. */
#include "harness.h"

#include <string.h>

#define CHECK "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mg'},'volume':265}"

static struct path labelled(struct house *h)
{
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    mixed(h, &p);
    return p;
}

static const char *vials_left(struct house *h, const char *lot)
{
    return word(h, "stock", one(h, "stock", text(h, "lot='%s'", lot)), "vials");
}

/* ---- before mixing ----------------------------------------------------------------------------------------------------- */

static void test_not_before_ok(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    assessed(h, &p);
    refused(h, "not_ok_to_treat", "technician", "prep.start", "{'order':'%s'}", p.order);
    const struct node *card = find(node_get(see(h, "technician", "pharmacy", "{}"), "cards"), "order", p.order);
    assert_string_equal(at(card, "safe_now"), "false");
    assert_string_equal(at(card, "why_not"), "OK to treat is not signed");
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    assert_string_equal(
        at(find(node_get(see(h, "technician", "pharmacy", "{}"), "cards"), "order", p.order), "safe_now"), "true");
    did(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    wrong(h, ERR_CONFLICT, "order", "technician", "prep.start", "{'order':'%s'}", p.order);
}

/* An OK is void once its facts have changed; signed anew it stands again. */
static void test_ok_is_void(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    ok_to_treat(h, &p);
    wait(h, 1);
    screens(h, p.visit, "infection", "contact"); /* a note changes nothing */
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'withdrawn'}", p.plan);
    refused(h, "not_ok_to_treat", "technician", "prep.start", "{'order':'%s'}", p.order);
    wait(h, 1);
    did(h, "nurse1", "consent.record", "{'plan':'%s','state':'given'}", p.plan);
    screens(h, p.visit, "infection", "fever_week");
    refused(h, "not_ok_to_treat", "technician", "prep.start", "{'order':'%s'}", p.order);
    refused(h, "screen_positive", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    wait(h, 1);
    h->override = "a cold two weeks ago, well now";
    did(h, "prescriber", "visit.ok", "{'visit':'%s'}", p.visit);
    did(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    whole(h);
}

static void test_stock(void **state)
{
    struct house *h = *state;
    wrong(h, ERR_NOT_FOUND, "drug", "technician", "stock.receive",
        "{'drug':'gold','product':'x','lot':'L','expires':'2026-12-31','owner':'bought','vials':1}");
    wrong(h, ERR_NOT_FOUND, "product", "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'ig_20','lot':'L','expires':'2026-12-31','owner':'bought','vials':"
        "1}");
    wrong(h, ERR_INPUT, "expires", "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'L','expires':'2026-03-08','owner':'bought','vials':"
        "1}");
    wrong(h, ERR_INPUT, "lot", "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'L(21)','expires':'2026-12-31','owner':'bought','"
        "vials':1}");
    wrong(h, ERR_INPUT, "vials", "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'L','expires':'2026-12-31','owner':'bought','vials':"
        "0}");
    wrong(h, ERR_INPUT, "patient", "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'L','expires':'2026-12-31','owner':'white-bagged','"
        "vials':1}");
    wrong(h, ERR_INPUT, "reason", "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR750'}");
    h->reason = "maker's letter";
    wrong(h, ERR_NOT_FOUND, "lot", "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'nope'}");
    /* a recalled lot is not drawn; without another there is not enough */
    h->reason = "maker's letter";
    did(h, "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR750'}");
    h->reason = "maker's letter";
    did(h, "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR100'}");
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    ok_to_treat(h, &p);
    refused(h, "stock_short", "technician", "prep.start", "{'order':'%s'}", p.order);
    assert_string_equal(vials_left(h, "IR750"), "20");
    /* the patient's own vials first, another patient's never; the lot that expires first */
    iron_patient(h, "bianchi");
    did(h, "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'HERS','expires':'2026-12-31','owner':'white-bagged'"
        ",'patient':'bianchi','vials':5}");
    refused(h, "stock_short", "technician", "prep.start", "{'order':'%s'}", p.order);
    did(h, "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'LATE','expires':'2026-12-31','owner':'bought','"
        "vials':5}");
    did(h, "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'SOON','expires':'2026-04-30','owner':'bought','"
        "vials':5}");
    did(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    assert_string_equal(vials_left(h, "SOON"), "4");
    assert_string_equal(vials_left(h, "HERS"), "5");
    whole(h);
}

/* ---- check and release ------------------------------------------------------------------------------------------------------ */

static void test_second_person(void **state)
{
    struct house *h = *state;
    struct path p = labelled(h);
    refused(h, "not_checked", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    refused(h, "self_verify", "technician", "prep.check", CHECK, p.prep, p.bag);
    refused(h, "bag_mismatch", "pharmacist", "prep.check",
        "{'prep':'%s','barcode':'%s','dose':{'value':700,'unit':'mg'},'volume':265}", p.prep, p.bag);
    refused(h, "bag_mismatch", "pharmacist", "prep.check",
        "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mg'},'volume':265.6}", p.prep, p.bag);
    refused(h, "bag_mismatch", "pharmacist", "prep.check",
        "{'prep':'%s','barcode':'(21)1-prep-9-Z','dose':{'value':750,'unit':'mg'},'volume':265}", p.prep);
    wrong(h, ERR_INPUT, "dose", "pharmacist", "prep.check",
        "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mL'},'volume':265}", p.prep, p.bag);
    wrong(h, ERR_FORBIDDEN, "prep.release", "technician", "prep.release", "{'prep':'%s'}", p.prep);
    /* 0.75 g is 750 mg; half a millilitre is a reading */
    did(h, "pharmacist", "prep.check", "{'prep':'%s','barcode':'%s','dose':{'value':0.75,'unit':'g'},'volume':265.5}",
        p.prep, p.bag);
    did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    wrong(h, ERR_CONFLICT, "prep", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    whole(h);
}

static void test_self_verify(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    const char *plan = made(h, "both", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}");
    wrong(h, ERR_CONFLICT, "plan", "pharmacist", "plan.verify", "{'plan':'%s'}", plan); /* not signed yet */
    did(h, "both", "plan.sign", "{'plan':'%s'}", plan);
    refused(h, "self_verify", "both", "plan.verify", "{'plan':'%s'}", plan);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", plan);
    wrong(h, ERR_CONFLICT, "plan", "pharmacist", "plan.verify", "{'plan':'%s'}", plan); /* nothing waits */
    /* who changes an order of another's plan cannot verify the change */
    iron_patient(h, "bianchi");
    struct path p = planned(h, "bianchi", "fcm_ida", "D50.9");
    h->reason = "less";
    did(h, "both", "order.change", "{'order':'%s','dose':{'value':500,'unit':'mg'}}", p.order);
    refused(h, "self_verify", "both", "plan.verify", "{'plan':'%s'}", p.plan);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", p.plan);
    assert_word(h, "plan", p.plan, "version", "2");
}

static void change(struct house *h, const struct path *p, const char *mg)
{
    h->reason = "less is enough";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':%s,'unit':'mg'}}", p->order, mg);
}

/* An order changed after labelling kills the label: at release and at the bedside. */
static void test_old_label(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    released(h, &p);
    change(h, &p, "500");
    assert_word(h, "prep", p.prep, "state", "killed");
    assert_word(h, "med_order", p.order, "version", "2");
    assert_word(h, "med_order", p.order, "state", "signed");
    refused(h, "old_label", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    refused(h, "old_label", "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}", p.visit,
        p.bag);
    refused(h, "not_verified", "technician", "prep.start", "{'order':'%s'}", p.order);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", p.plan);
    const char *again = made(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    assert_word(h, "prep", again, "order_version", "2");
    assert_string_equal(at(row(h, "prep", again), "dose.value"), "500");
    /* 10 mL of drug in 150 mL is over 2 mg/mL; in 250 mL it would be under */
    assert_string_equal(at(row(h, "prep", again), "volume"), "160");
    assert_string_equal(at(row(h, "visit", p.visit), "drug_min"), "20");
    whole(h);
}

static void test_label_dies_at_check(void **state)
{
    struct house *h = *state;
    struct path p = labelled(h);
    change(h, &p, "600");
    refused(h, "old_label", "pharmacist", "prep.check", CHECK, p.prep, p.bag);
    h->reason = "order changed";
    did(h, "technician", "prep.waste", "{'prep':'%s'}", p.prep);
    h->reason = "again";
    wrong(h, ERR_CONFLICT, "prep", "technician", "prep.waste", "{'prep':'%s'}", p.prep);
}

/* ---- time passes, letters come -------------------------------------------------------------------------------------------------- */

#define HANG "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}"

static void test_beyond_use(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    ok_to_treat(h, &p);
    p.prep = made(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    utc_t drawn = h->now;
    wait(h, 10); /* the 12 hours run from the first vial, not from the label */
    did(h, "technician", "prep.label", "{'prep':'%s'}", p.prep);
    p.bag = text(h, "%s", word(h, "prep", p.prep, "barcode"));
    did(h, "pharmacist", "prep.check", CHECK, p.prep, p.bag);
    h->now = drawn + 12 * UTC_HOUR + 1;
    refused(h, "beyond_use", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    h->now = drawn + 12 * UTC_HOUR;
    did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    h->now++;
    refused(h, "beyond_use", "nurse1", "give.associate", HANG, p.visit, p.bag);
}

static void test_recalled(void **state)
{
    struct house *h = *state;
    struct path p = labelled(h);
    did(h, "pharmacist", "prep.check", CHECK, p.prep, p.bag);
    h->reason = "particles found";
    did(h, "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR750'}");
    refused(h, "recalled", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
}

static void test_recalled_at_the_bedside(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    released(h, &p);
    h->reason = "particles found";
    did(h, "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR750'}");
    refused(h, "recalled", "nurse1", "give.associate", HANG, p.visit, p.bag);
}

static void test_expired(void **state)
{
    struct house *h = *state;
    h->reason = "only the short one is to be used";
    did(h, "pharmacist", "stock.recall", "{'drug':'ferric_carboxymaltose','lot':'IR750'}");
    did(h, "technician", "stock.receive",
        "{'drug':'ferric_carboxymaltose','product':'fcm_750','lot':'TODAY','expires':'2026-03-09','owner':'bought','"
        "vials':1}");
    struct path p = labelled(h); /* the last day of use is a day of use */
    did(h, "pharmacist", "prep.check", CHECK, p.prep, p.bag);
    h->now = clock_at(h, "2026-03-10", 0, 0);
    refused(h, "expired", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
}

/* A question about the order stops verifying, mixing and release until the prescriber replies or it is taken back. */
static void test_query(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    ok_to_treat(h, &p);
    wrong(h, ERR_FORBIDDEN, "order.query", "scheduler", "order.query", "{'order':'%s','text':'phosphate?'}", p.order);
    const char *q = made(h, "pharmacist", "order.query", "{'order':'%s','text':'Phosphate was low in May: still 750 mg?'}", p.order);
    wrong(h, ERR_CONFLICT, "order", "technician", "order.query", "{'order':'%s','text':'and this?'}", p.order);
    const struct node *card = find(node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards"), "order", p.order);
    assert_string_equal(at(card, "query"), q);
    assert_string_equal(at(card, "safe_now"), "false");
    assert_true(holds(at(card, "why_not"), "question"));
    wrong(h, ERR_CONFLICT, "order", "technician", "prep.start", "{'order':'%s'}", p.order);
    assert_true(holds(h->e.text, "Phosphate was low in May"));
    const struct node *open = find(node_get(see(h, "prescriber", "queries", "{}"), "queries"), "query", q);
    assert_string_equal(at(open, "name"), "ROSSI, Ada");
    assert_string_equal(at(open, "dose"), "750 mg");
    wrong(h, ERR_FORBIDDEN, "query", "nurse1", "order.reply", "{'query':'%s','reply':'yes'}", q);
    did(h, "prescriber", "order.reply", "{'query':'%s','reply':'Yes: 3.1 last week.'}", q);
    wrong(h, ERR_CONFLICT, "query", "prescriber", "order.reply", "{'query':'%s','reply':'again'}", q);
    card = find(node_get(see(h, "pharmacist", "pharmacy", "{}"), "cards"), "order", p.order);
    assert_string_equal(at(card, "query"), "");
    assert_string_equal(at(card, "reply"), "Yes: 3.1 last week.");
    assert_int_equal(node_get(see(h, "prescriber", "queries", "{}"), "queries")->count, 0);
    p.prep = made(h, "technician", "prep.start", "{'order':'%s'}", p.order);
    /* asked by the technician, taken back by the same; a changed dose waits at verification */
    h->reason = "less";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':500,'unit':'mg'}}", p.order);
    q = made(h, "technician", "order.query", "{'order':'%s','text':'Why less?'}", p.order);
    wrong(h, ERR_CONFLICT, "order", "pharmacist", "plan.verify", "{'plan':'%s'}", p.plan);
    did(h, "technician", "order.reply", "{'query':'%s','reply':'Seen: the note says it.'}", q);
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", p.plan);
    whole(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_not_before_ok),
        T(test_ok_is_void),
        T(test_stock),
        T(test_second_person),
        T(test_self_verify),
        T(test_old_label),
        T(test_label_dies_at_check),
        T(test_beyond_use),
        T(test_recalled),
        T(test_query),
        T(test_recalled_at_the_bedside),
        T(test_expired),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
