/* What was charted wrong, or late: the right value counts, the old one stands beside it with who and why, and all that
 * follows from it is worked out again. Every test ends with the ledger replayed. */
#include "harness.h"

#include <string.h>

static void fix(struct house *h, const char *record, const char *id, const char *field, const char *value)
{
    h->reason = "charted wrong";
    did(h, "nurse2", "chart.correct", "{'record':'%s','id':'%s','field':'%s','value':%s}", record, id, field, value);
}

static void not_fixed(struct house *h, enum err_kind kind, const char *where, const char *record, const char *id,
    const char *field_and_value)
{
    h->reason = "charted wrong";
    wrong(h, kind, where, "nurse2", "chart.correct", "{'record':'%s','id':'%s',%s}", record, id, field_and_value);
}

static const char *clock_text(struct house *h, utc_t t)
{
    char at_[UTC_TEXT_MAX];
    return text(h, "'%s'", utc_text(t, at_));
}

/* The correction's own record: old and new. */
static void stands(struct house *h, const char *about, const char *field, const char *was, const char *now)
{
    const char *id = one(h, "correction", text(h, "about='%s' AND field='%s' ORDER BY at DESC, id DESC", about, field));
    const struct node *x = row(h, "correction", id);
    assert_string_equal(at(x, "was"), was);
    assert_string_equal(at(x, "now"), now);
    assert_string_equal(at(x, "reason"), "charted wrong");
    assert_string_equal(at(x, "by"), staff(h, "nurse2"));
    const struct node *story = node_get(see(h, "biller", "explain", "{'id':'%s'}", about), "events");
    const struct node *told = NULL;
    node_each(v, story)
        if (holds(at(v, "type"), ".corrected") && strcmp(at(v, "why.was"), was) == 0)
            told = v;
    assert_non_null(told);
    assert_string_equal(at(told, "reason"), "charted wrong");
    assert_string_equal(at(told, "who"), at(row(h, "staff", staff(h, "nurse2")), "name"));
}

/* ---- vital signs ------------------------------------------------------------------------------------------------------ */

static const char *set_of(struct house *h, const char *visit, const char *phase)
{
    return one(h, "vital_signs", text(h, "visit='%s' AND phase='%s' ORDER BY at", visit, phase));
}

static void test_vitals(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    wait(h, 5);
    did(h, "nurse1", "vitals.record",
        "{'visit':'%s','phase':'during','temp':36.8,'hr':72,'rr':26,'sbp':84,'dbp':50,'spo2':98,'oxygen':false,'acvpu':'A'}",
        p.visit);
    const char *base = set_of(h, p.visit, "baseline"), *during = set_of(h, p.visit, "during");
    assert_word(h, "vital_signs", during, "news2", "6"); /* 26 breaths 3, systolic 84 3 */
    assert_true(holds(word(h, "vital_signs", during, "change"), "down a fifth"));
    wait(h, 10);
    fix(h, "vital_signs", during, "rr", "16");
    assert_word(h, "vital_signs", during, "rr", "16");
    assert_word(h, "vital_signs", during, "news2", "3");
    const struct node *bands = node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "bands");
    assert_string_equal(at(find(bands, "vitals", during), "band"), "low-medium"); /* 3, all of it the pressure's */
    assert_string_equal(at(find(bands, "vitals", base), "band"), "zero");
    stands(h, during, "rr", "26", "16");
    /* another baseline: the fall of the pressure was none */
    fix(h, "vital_signs", base, "sbp", "92");
    fix(h, "vital_signs", base, "dbp", "54");
    assert_false(holds(word(h, "vital_signs", during, "change"), "down a fifth"));
    assert_true(holds(word(h, "vital_signs", during, "change"), "below 90"));
    assert_word(h, "vital_signs", base, "news2", "2");
    /* a value nobody took: the score goes with it */
    fix(h, "vital_signs", during, "spo2", "null");
    assert_word(h, "vital_signs", during, "spo2", "");
    assert_word(h, "vital_signs", during, "news2", "");
    stands(h, during, "spo2", "98", "");
    not_fixed(h, ERR_INPUT, "value.hr", "vital_signs", during, "'field':'hr','value':900");
    not_fixed(h, ERR_INPUT, "value", "vital_signs", during, "'field':'hr','value':'fast'");
    not_fixed(h, ERR_INPUT, "field", "vital_signs", during, "'field':'taker','value':'x'");
    not_fixed(h, ERR_INPUT, "value", "vital_signs", during, text(h, "'field':'at','value':%s", clock_text(h, h->now + UTC_MINUTE)));
    not_fixed(h, ERR_CONFLICT, "value", "vital_signs", during, "'field':'rr','value':16");
    not_fixed(h, ERR_NOT_FOUND, "id", "vital_signs", "1-vital_signs-1-0", "'field':'rr','value':16");
    wrong(h, ERR_INPUT, "reason", "nurse2", "chart.correct",
        "{'record':'vital_signs','id':'%s','field':'rr','value':17}", during);
    wrong(h, ERR_FORBIDDEN, "chart.correct", "scheduler", "chart.correct",
        "{'record':'vital_signs','id':'%s','field':'rr','value':17}", during);
    /* the wrong patient's: struck out, it counts nowhere, and is still there */
    fix(h, "vital_signs", during, "phase", "'entered in error'");
    assert_null(find(node_get(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "vitals"), "id", during));
    assert_string_equal(
        at(find(node_get(see(h, "nurse1", "chart", "{'visit':'%s'}", p.visit), "entries"), "id", during), "struck"), "true");
    not_fixed(h, ERR_CONFLICT, "id", "vital_signs", during, "'field':'rr','value':15");
    whole(h);
}

/* OK to treat was signed on what is now told otherwise: it is void, and is signed again. */
static void test_ok_is_void(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    mixed(h, &p);
    const struct node *bag = row(h, "prep", p.prep);
    did(h, "pharmacist", "prep.check", "{'prep':'%s','barcode':'%s','dose':{'value':%s,'unit':'%s'},'volume':%s}", p.prep,
        p.bag, at(bag, "dose.value"), at(bag, "dose.unit"), at(bag, "volume"));
    wait(h, 2);
    const char *base = set_of(h, p.visit, "baseline");
    fix(h, "vital_signs", base, "temp", "37.6");
    refused(h, "not_ok_to_treat", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    wait(h, 1);
    did(h, "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    did(h, "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    /* a fever that was charted too low */
    wait(h, 1);
    fix(h, "vital_signs", base, "temp", "38.6");
    wait(h, 1);
    refused(h, "vitals_range", "nurse1", "visit.ok", "{'visit':'%s'}", p.visit);
    /* a screen whose answer was wrong */
    const char *screen = one(h, "screen", text(h, "visit='%s' AND kind='infection'", p.visit));
    assert_word(h, "screen", screen, "positive", "");
    not_fixed(h, ERR_INPUT, "value.fever_week", "screen", screen, "'field':'answers','value':{}");
    whole(h);
}

/* ---- flow --------------------------------------------------------------------------------------------------------------- */

static const char *fact_of(struct house *h, const char *infusion, const char *kind)
{
    return one(h, "flow_fact", text(h, "infusion='%s' AND kind='%s' AND source='nurse'", infusion, kind));
}

/* A pump that never spoke, reconciled, charged and closed: 40 minutes later the nurse corrects the stop. Minutes, segment
 * and charge follow; the claim is corrected in the open. */
static void test_stop(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    utc_t t0 = h->now;
    wait(h, 25);
    did(h, "nurse1", "give.stop", "{'infusion':'%s'}", p.infusion);
    wait(h, 1);
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    h->reason = "bag empty";
    did(h, "nurse1", "give.reconcile", "{'infusion':'%s','volume':265,'seen_by':'bag weight'}", p.infusion);
    wait(h, 31);
    vitals(h, p.visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    did(h, "biller", "charge.make", "{'visit':'%s'}", p.visit);
    did(h, "biller", "charge.finalise", "{'visit':'%s'}", p.visit);
    assert_int_equal(count(h, "charge_line", text(h, "visit='%s' AND minutes=25 AND revision=1", p.visit)), 1);
    wait(h, 9);
    const char *stop = fact_of(h, p.infusion, "stop"), *start = fact_of(h, p.infusion, "start");
    fix(h, "flow_fact", stop, "happened", clock_text(h, t0 + 12 * UTC_MINUTE));
    stands(h, stop, "happened", at(row(h, "correction", one(h, "correction", text(h, "about='%s'", stop))), "was"),
        at(row(h, "correction", one(h, "correction", text(h, "about='%s'", stop))), "now"));
    const struct node *i = row(h, "infusion", p.infusion);
    utc_t ended;
    assert_true(utc_parse(at(i, "ended"), h->zone, &ended, &h->e) && ended == t0 + 12 * UTC_MINUTE);
    assert_string_equal(at(i, "volume"), "265");
    /* the claim is out of date, in the open: on the list whatever the day, and nothing of it changed by itself */
    const struct node *list = see(h, "biller", "charges", "{'day':'2026-03-20'}");
    assert_int_equal(node_get(list, "visits")->count, 0);
    assert_non_null(find(node_get(list, "late"), "visit", p.visit));
    assert_int_equal(count(h, "charge_line", text(h, "visit='%s'", p.visit)), 2);
    wrong(h, ERR_CONFLICT, "visit", "biller", "charge.finalise", "{'visit':'%s'}", p.visit);
    did(h, "biller", "charge.make", "{'visit':'%s'}", p.visit);
    assert_word(h, "charge", one(h, "charge", text(h, "visit='%s'", p.visit)), "state", "corrected");
    assert_int_equal(count(h, "charge_line", text(h, "visit='%s' AND minutes=12 AND revision=2", p.visit)), 1);
    assert_int_equal(count(h, "charge_line", text(h, "visit='%s' AND minutes=25 AND revision=1", p.visit)), 1);
    assert_int_equal(node_get(see(h, "biller", "charges", "{}"), "late")->count, 0);
    /* bounds: not before it was hung, not after it was taken down, no rate of nothing, not a pump's word */
    not_fixed(h, ERR_INPUT, "value", "flow_fact", stop, text(h, "'field':'happened','value':%s", clock_text(h, t0 - 5 * UTC_MINUTE)));
    not_fixed(h, ERR_INPUT, "value", "flow_fact", stop, text(h, "'field':'happened','value':%s", clock_text(h, t0 + 30 * UTC_MINUTE)));
    not_fixed(h, ERR_INPUT, "value", "flow_fact", start, "'field':'rate','value':0");
    not_fixed(h, ERR_INPUT, "value", "flow_fact", start, "'field':'kind','value':'disassociate'");
    /* the wrong button: what was said to be a start was none, so nobody can say that anything flowed */
    fix(h, "flow_fact", start, "kind", "'void'");
    fix(h, "flow_fact", fact_of(h, p.infusion, "stated"), "total", "0");
    assert_word(h, "infusion", p.infusion, "volume", "0");
    assert_word(h, "infusion", p.infusion, "started", "");
    assert_word(h, "med_order", p.order, "state", "part given");
    whole(h);
}

/* Nobody charted the start, the pump was mute: it looked unused. Told after the fact, with both times, it was given. */
static void test_late_entry(void **state)
{
    struct house *h = *state;
    char now[UTC_TEXT_MAX];
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    utc_t t0 = h->now;
    wait(h, 30);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "med_order", p.order, "state", "verified");
    assert_word(h, "prep", p.prep, "state", "released"); /* it may be hung again: that would be a second dose */
    wait(h, 10);
    wrong(h, ERR_CONFLICT, "infusion", "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    h->happened = t0 + UTC_MINUTE;
    wrong(h, ERR_INPUT, "reason", "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    h->reason = "charted wrong";
    h->happened = t0 + 35 * UTC_MINUTE;
    wrong(h, ERR_CONFLICT, "infusion", "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion); /* it was down */
    h->reason = "the computer was away";
    h->happened = t0 + UTC_MINUTE;
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    const char *start = fact_of(h, p.infusion, "start");
    assert_word(h, "flow_fact", start, "happened", utc_text(t0 + UTC_MINUTE, now));
    assert_word(h, "flow_fact", start, "charted", utc_text(h->now, now));
    assert_word(h, "infusion", p.infusion, "state", "uncertain");
    assert_word(h, "med_order", p.order, "state", "part given");
    assert_word(h, "prep", p.prep, "state", "used");
    assert_word(h, "visit", p.visit, "state", "observing");
    h->reason = "the computer was away";
    h->happened = t0 + 21 * UTC_MINUTE;
    did(h, "nurse1", "give.stop", "{'infusion':'%s'}", p.infusion);
    h->reason = "empty bag";
    did(h, "nurse1", "give.reconcile", "{'infusion':'%s','volume':265,'seen_by':'bag weight'}", p.infusion);
    assert_word(h, "med_order", p.order, "state", "given");
    assert_word(h, "infusion", p.infusion, "started", utc_text(t0 + UTC_MINUTE, now));
    /* vital signs remembered after the patient went home */
    wait(h, 20);
    vitals(h, p.visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    wait(h, 15);
    h->reason = "found on paper";
    h->happened = h->now - 20 * UTC_MINUTE;
    did(h, "nurse1", "vitals.record", "{'visit':'%s','phase':'after','hr':70}", p.visit);
    assert_int_equal(count(h, "vital_signs", text(h, "visit='%s' AND charted IS NOT NULL", p.visit)), 1);
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "vitals.record", "{'visit':'%s','phase':'after','hr':70}", p.visit);
    const struct node *chart = see(h, "nurse1", "chart", "{'visit':'%s'}", p.visit);
    assert_string_equal(at(find(node_get(chart, "entries"), "id", start), "who"), at(row(h, "staff", staff(h, "nurse1")), "name"));
    assert_non_null(find(node_get(chart, "corrections"), "field", "start"));
    whole(h);
}

/* ---- the rest ------------------------------------------------------------------------------------------------------------ */

static void test_reaction(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    wait(h, 4);
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "53");
    const char *r = made(h, "nurse1", "reaction.record",
        "{'visit':'%s','infusion':'%s','grade':1,'symptoms':'itch','stopped_by_hand':true}", p.visit, p.infusion);
    assert_word(h, "reaction", r, "rate", "795");
    did(h, "nurse1", "reaction.change", "{'reaction':'%s','symptoms':'itch, flushing'}", r);
    assert_word(h, "reaction", r, "symptoms", "itch, flushing");
    wrong(h, ERR_INPUT, "symptoms", "nurse1", "reaction.change", "{'reaction':'%s','symptoms':''}", r);
    wait(h, 20);
    fix(h, "reaction", r, "grade", "3");
    assert_word(h, "reaction", r, "restart", "never");
    stands(h, r, "grade", "1", "3");
    not_fixed(h, ERR_INPUT, "value", "reaction", r, "'field':'grade','value':6");
    /* it was the neighbour's */
    assert_true(holds(at(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "banner.alerts"), "grade 3"));
    fix(h, "reaction", r, "state", "'entered in error'");
    assert_string_equal(at(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "banner.alerts"), "");
    wrong(h, ERR_CONFLICT, "reaction", "nurse1", "reaction.change", "{'reaction':'%s','grade':2}", r);
    did(h, "nurse1", "give.resume", "{'infusion':'%s','rate':795}", p.infusion);
    whole(h);
}

static void test_weight_and_visit(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    assessed(h, &p);
    did(h, "nurse1", "weight.record", "{'visit':'%s','weight':{'value':92,'unit':'kg'}}", p.visit);
    const char *w = one(h, "observation", "patient='rossi' AND source<>'import'");
    wait(h, 3);
    fix(h, "observation", w, "value", "{'value':158.7,'unit':'[lb_av]'}");
    assert_word(h, "observation", w, "value.unit", "kg");
    assert_true(holds(word(h, "observation", w, "value.value"), "71.9"));
    assert_true(holds(word(h, "observation", w, "original"), "158.7"));
    assert_word(h, "correction", one(h, "correction", text(h, "about='%s'", w)), "visit", p.visit);
    not_fixed(h, ERR_INPUT, "value", "observation", w, "'field':'value','value':{'value':12,'unit':'kg'}");
    not_fixed(h, ERR_CONFLICT, "id", "observation", one(h, "observation", "patient='rossi' AND source='import'"),
        "'field':'value','value':{'value':70,'unit':'kg'}");
    fix(h, "visit", p.visit, "line", "'peripheral 24 G, right hand'");
    stands(h, p.visit, "line", "peripheral 22 G, left forearm", "peripheral 24 G, right hand");
    not_fixed(h, ERR_INPUT, "value", "visit", p.visit, text(h, "'field':'line_at','value':%s", clock_text(h, h->now - 2 * UTC_HOUR)));
    did(h, "nurse1", "allergy.record", "{'patient':'rossi','substance':'penicilin'}");
    const char *a = one(h, "allergy", "patient='rossi' AND substance='penicilin'");
    fix(h, "allergy", a, "substance", "'penicillin'");
    assert_true(holds(at(see(h, "nurse1", "bedside", "{'visit':'%s'}", p.visit), "banner.allergies"), "penicillin"));
    whole(h);
}

/* The answer's kind, whatever it was, leaves a ledger that replays to the same rows. */
static bool tries(struct house *h, const char *record, const char *id, const char *field, const char *value)
{
    h->reason = "by chance";
    return ask(h, "nurse1", "chart.correct", "{'record':'%s','id':'%s','field':'%s','value':%s}", record, id, field, value);
}

/* Whatever is corrected, in whatever order: what follows is a function of what stands now, and the replay is equal. An
 * infusion charted right from the start and one corrected to it say the same. */
static void test_random_corrections(void **state)
{
    struct house *h = *state;
    uint64_t seed = 20261122;
    int done = 0, no = 0;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    utc_t t0 = h->now;
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    wait(h, 20);
    vitals(h, p.visit, "during");
    did(h, "nurse1", "give.stop", "{'infusion':'%s'}", p.infusion);
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    wait(h, 20);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    h->reason = "bag empty";
    did(h, "nurse1", "give.reconcile", "{'infusion':'%s','volume':265,'seen_by':'bag weight'}", p.infusion);
    const char *start = fact_of(h, p.infusion, "start"), *stop = fact_of(h, p.infusion, "stop"),
               *stated = fact_of(h, p.infusion, "stated"), *base = set_of(h, p.visit, "baseline"),
               *during = set_of(h, p.visit, "during");
    static const char *const signs[] = {"hr", "rr", "sbp", "dbp", "spo2", "temp"};
    for (int i = 0; i < 120; i++) {
        int n = (int)(next_random(&seed) % 60);
        bool ok = false;
        switch (next_random(&seed) % 6) {
        case 0: ok = tries(h, "flow_fact", start, "happened", clock_text(h, t0 + (n - 10) * UTC_MINUTE)); break;
        case 1: ok = tries(h, "flow_fact", stop, "happened", clock_text(h, t0 + (n - 10) * UTC_MINUTE)); break;
        case 2: ok = tries(h, "flow_fact", start, "rate", text(h, "%d", n * 20)); break;
        case 3: ok = tries(h, "flow_fact", stated, "total", text(h, "%d", n * 10)); break;
        case 4: ok = tries(h, "vital_signs", n % 2 ? base : during, signs[n % 6], text(h, "%d", 20 + n * 2)); break;
        default: ok = tries(h, "vital_signs", during, signs[n % 6], n % 3 ? text(h, "%d", 30 + n) : "null"); break;
        }
        done += ok;
        no += !ok;
        assert_true(ok || h->e.kind == ERR_INPUT || h->e.kind == ERR_CONFLICT);
    }
    assert_true(done > 40 && no > 10);
    assert_int_equal(count(h, "correction", "field<>'volume'"), done);
    whole(h);
    /* put right, it says what it would have said at once */
    (void)tries(h, "flow_fact", start, "happened", clock_text(h, t0));
    (void)tries(h, "flow_fact", stop, "happened", clock_text(h, t0 + 20 * UTC_MINUTE));
    (void)tries(h, "flow_fact", start, "rate", "795");
    (void)tries(h, "flow_fact", stated, "total", "265");
    static const char *const right[] = {"72", "14", "122", "76", "98", "36.8"};
    for (int s = 0; s < 6; s++)
        (void)tries(h, "vital_signs", during, signs[s], right[s]);
    char now[UTC_TEXT_MAX];
    assert_word(h, "infusion", p.infusion, "volume", "265");
    assert_word(h, "infusion", p.infusion, "started", utc_text(t0, now));
    assert_word(h, "infusion", p.infusion, "ended", utc_text(t0 + 20 * UTC_MINUTE, now));
    assert_word(h, "vital_signs", during, "news2", "0");
    assert_word(h, "med_order", p.order, "state", "given");
    whole(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_vitals), T(test_ok_is_void), T(test_stop), T(test_late_entry), T(test_reaction), T(test_weight_and_visit),
        T(test_random_corrections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
