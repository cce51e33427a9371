/* Finding a time: offers, booking by rule, moving, and what delay, hold, skip and "not treated today" do to later days. */
#include "harness.h"

#include <string.h>

static utc_t time_in(struct house *h, const char *t)
{
    utc_t out;
    struct err e = {0};
    assert_true(utc_parse(t, h->zone, &out, &e));
    return out;
}

static const char *iso(struct house *h, utc_t t)
{
    char out[UTC_TEXT_MAX];
    return text(h, "%s", utc_text(t, out));
}

#define BOOK "{'visit':'%s','start':'%s','chair':'%s','nurse':'%s'}"

/* ---- booking by rule ---------------------------------------------------------------------------------------------------- */

static void test_rules(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    iron_patient(h, "bianchi");
    const char *plan = made(h, "prescriber", "plan.make",
        "{'patient':'rossi','regimen':'fcm_ida','indication':'D50.9','first_day':'2026-03-09'}");
    const char *v = visit_of(h, plan, 1), *w = visit_of(h, plan, 2), *n1 = staff(h, "nurse1"), *n2 = staff(h, "nurse2");
    const char *ten = iso(h, clock_at(h, "2026-03-09", 10, 0));
    refused(h, "not_signed", "scheduler", "visit.book", BOOK, v, ten, "A1", n1);
    did(h, "prescriber", "plan.sign", "{'plan':'%s'}", plan);
    wrong(h, ERR_INPUT, "start", "scheduler", "visit.book", "{'visit':'%s','start':'%s'}", v, ten);
    wrong(h, ERR_NOT_FOUND, "chair", "scheduler", "visit.book", BOOK, v, ten, "Z9", n1);
    wrong(h, ERR_CONFLICT, "nurse", "scheduler", "visit.book", BOOK, v, ten, "A1", staff(h, "biller"));
    wrong(h, ERR_CONFLICT, "start", "scheduler", "visit.book", BOOK, v, iso(h, h->now - 2 * UTC_MINUTE), "A1", n1);
    wrong(h, ERR_CONFLICT, "visit", "scheduler", "visit.move", BOOK, v, ten, "A1", n1); /* not booked yet */
    /* 30 + 20 + 35 minutes: 16:35 is the last start before 18:00 */
    refused(h, "closed", "scheduler", "visit.book", BOOK, v, iso(h, clock_at(h, "2026-03-09", 16, 36)), "A1", n1);
    refused(h, "closed", "scheduler", "visit.book", BOOK, v, iso(h, clock_at(h, "2026-03-14", 10, 0)), "A1",
        n1); /* Saturday */
    refused(h, "window", "scheduler", "visit.book", BOOK, v, iso(h, clock_at(h, "2026-03-24", 10, 0)), "A1", n1);
    did(h, "scheduler", "visit.book", BOOK, v, iso(h, clock_at(h, "2026-03-09", 16, 35)), "A1", n1);
    did(h, "scheduler", "visit.move", BOOK, v, ten, "A1", n1);
    assert_true(time_in(h, word(h, "visit", v, "end")) == clock_at(h, "2026-03-09", 11, 25));
    /* seven days at least between the doses, from the day the first was booked for */
    refused(h, "gap", "scheduler", "visit.book", BOOK, w, iso(h, clock_at(h, "2026-03-13", 10, 0)), "A1", n1);
    assert_true(refused_by(h, "window"));
    h->override = "holiday"; /* the window may be passed, the gap may not */
    refused(h, "gap", "scheduler", "visit.book", BOOK, w, iso(h, clock_at(h, "2026-03-13", 10, 0)), "A1", n1);
    did(h, "scheduler", "visit.book", BOOK, w, iso(h, clock_at(h, "2026-03-16", 10, 0)), "A1", n1);
    refused(h, "gap", "scheduler", "visit.move", BOOK, v, iso(h, clock_at(h, "2026-03-10", 10, 0)), "A1",
        n1); /* too near the one after */
    /* somebody else's chair, and a nurse's hands */
    struct path p = planned(h, "bianchi", "fcm_ida", "D50.9");
    refused(h, "chair_taken", "scheduler", "visit.book", BOOK, p.visit, iso(h, clock_at(h, "2026-03-09", 11, 24)), "A1",
        n2);
    did(h, "scheduler", "visit.book", BOOK, p.visit, iso(h, clock_at(h, "2026-03-09", 11, 25)), "A1", n2);
    refused(h, "nurse_full", "scheduler", "visit.move", BOOK, p.visit, iso(h, clock_at(h, "2026-03-09", 10, 15)), "A2",
        n1); /* sets up rossi till 10:30 */
    h->override = "Peter helps";
    did(h, "scheduler", "visit.move", BOOK, p.visit, iso(h, clock_at(h, "2026-03-09", 10, 15)), "A2", n1);
    /* one patient is not in two chairs */
    has_condition(h, "bianchi", "D83.9");
    lab(h, "bianchi", "creatinine", "0.9 mg/dL", 5), lab(h, "bianchi", "igg", "420 mg/dL", 5),
        lab(h, "bianchi", "iga", "80 mg/dL", 5);
    struct path q = planned(h, "bianchi", "ivig_pid", "D83.9");
    wrong(h, ERR_CONFLICT, "start", "scheduler", "visit.book", BOOK, q.visit, iso(h, clock_at(h, "2026-03-09", 11, 0)),
        "B1", n2);
    whole(h);
}

static void test_offers(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    const char *w = visit_of(h, p.plan, 2);
    wrong(h, ERR_INPUT, "count", "scheduler", "visit.offer", "{'visit':'%s','count':13}", p.visit);
    wrong(h, ERR_INPUT, "count", "scheduler", "visit.offer", "{'visit':'%s','count':4294967297}", p.visit);
    wrong(h, ERR_NOT_FOUND, "visit", "scheduler", "visit.offer", "{'visit':'1-visit-99999-0'}");
    wrong(h, ERR_FORBIDDEN, "visit.offer", "biller", "visit.offer", "{'visit':'%s'}", p.visit);
    did(h, "scheduler", "visit.offer", "{'visit':'%s','count':3}", p.visit);
    const char *offer = text(h, "%s", at(h->answer, "result.offers[0].id"));
    assert_true(holds(at(h->answer, "result.offers[0].says"), "on the due day"));
    assert_int_equal(count(h, "offer", "TRUE"), 3); /* what was offered is kept */
    did(h, "scheduler", "visit.offer", "{'visit':'%s','count':3}", p.visit);
    assert_int_equal(count(h, "offer", "TRUE"), 3); /* once: the same answer again is the same offers */
    assert_string_equal(at(h->answer, "result.offers[0].id"), offer);
    assert_string_equal(at(h->answer, "id"), offer);
    did(h, "scheduler", "visit.offer", "{'visit':'%s','count':4}", p.visit);
    assert_int_equal(count(h, "offer", "TRUE"), 4); /* what was not offered before is new */
    assert_string_equal(at(h->answer, "result.offers[0].id"), offer);
    wrong(h, ERR_INPUT, "offer", "scheduler", "visit.book", "{'visit':'%s','offer':'%s'}", w, offer);
    did(h, "scheduler", "visit.book", "{'visit':'%s','offer':'%s'}", p.visit, offer);
    /* offers for the second keep the gap: the 16th is the first day */
    did(h, "scheduler", "visit.offer", "{'visit':'%s','count':12}", w);
    node_each(o, node_path(h->answer, "result.offers"))
        assert_true(strcmp(at(o, "start"), "2026-03-16") > 0);
    /* a closed day, a day of others */
    wrong(h, ERR_INPUT, "visit", "scheduler", "visit.offer", "{'visit':'%s','day':'2026-03-21'}", w);
    const struct node *board = see(h, "scheduler", "schedule", "{'day':'2026-03-09'}");
    assert_string_equal(at(board, "blocks[0].visit"), p.visit);
    assert_string_equal(at(board, "blocks[0].name"), "ROSSI, Ada");
    assert_int_equal(node_get(board, "chairs")->count, 4);
    assert_int_equal(node_get(board, "nurses")->count, 2);
    assert_int_equal(node_get(see(h, "scheduler", "schedule", "{'day':'2026-03-10'}"), "blocks")->count, 0);
    /* due: the second only, and the first again once unbooked */
    assert_int_equal(node_get(see(h, "scheduler", "due", "{}"), "visits")->count, 1);
    wrong(h, ERR_INPUT, "reason", "scheduler", "visit.unbook", "{'visit':'%s'}", p.visit);
    h->reason = "no transport";
    did(h, "scheduler", "visit.unbook", "{'visit':'%s'}", p.visit);
    const struct node *due = node_get(see(h, "scheduler", "due", "{}"), "visits");
    assert_int_equal(due->count, 2);
    assert_string_equal(at(node_at(due, 0), "minutes"), "85");
    whole(h);
}

/* ---- later days shift ---------------------------------------------------------------------------------------------------------- */

static void dues(struct house *h, const char *plan, const char *first, const char *second)
{
    assert_word(h, "visit", visit_of(h, plan, 1), "due", first);
    assert_word(h, "visit", visit_of(h, plan, 2), "due", second);
}

static void test_delay(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    const char *w = visit_of(h, p.plan, 2), *n1 = staff(h, "nurse1");
    did(h, "scheduler", "visit.book", BOOK, p.visit, iso(h, clock_at(h, "2026-03-09", 10, 0)), "A1", n1);
    did(h, "scheduler", "visit.book", BOOK, w, iso(h, clock_at(h, "2026-03-20", 10, 0)), "A1", n1);
    wrong(h, ERR_INPUT, "reason", "nurse1", "visit.delay", "{'visit':'%s','days':3}", p.visit);
    wrong(h, ERR_INPUT, "days", "nurse1", "visit.delay", "{'visit':'%s','days':0}", p.visit);
    wrong(h, ERR_FORBIDDEN, "visit.delay", "biller", "visit.delay", "{'visit':'%s','days':3}", p.visit);
    h->reason = "a cold";
    did(h, "nurse1", "visit.delay", "{'visit':'%s','days':3}", p.visit);
    dues(h, p.plan, "2026-03-12", "2026-03-19");
    assert_word(h, "visit", p.visit, "state", "due");  /* its booking fell out of the window */
    assert_word(h, "visit", p.visit, "chair", "");
    assert_word(h, "visit", w, "state", "booked");     /* the 20th is still inside */
    h->reason = "still a cold";
    did(h, "nurse1", "visit.delay", "{'visit':'%s','days':2}", w); /* the later alone */
    dues(h, p.plan, "2026-03-12", "2026-03-21");
    assert_word(h, "visit", w, "state", "due");
    whole(h);
}

static void test_hold_and_resume(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    booked(h, &p);
    h->reason = "wait for the scan";
    did(h, "prescriber", "visit.hold", "{'visit':'%s'}", p.visit);
    assert_word(h, "visit", p.visit, "state", "held");
    assert_string_equal(
        at(find(node_get(see(h, "scheduler", "due", "{}"), "visits"), "visit", p.visit), "state"), "held");
    wrong(h, ERR_CONFLICT, "visit", "scheduler", "visit.offer", "{'visit':'%s'}", p.visit);
    h->now += 5 * UTC_DAY;
    did(h, "prescriber", "visit.resume", "{'visit':'%s'}", p.visit);
    assert_word(h, "visit", p.visit, "state", "due");
    dues(h, p.plan, "2026-03-14", "2026-03-21"); /* five days were lost */
    wrong(h, ERR_CONFLICT, "visit", "prescriber", "visit.resume", "{'visit':'%s'}", p.visit);
    whole(h);
}

/* One row of the answer's list of what moved. */
static void moved(struct house *h, int at_, const char *visit, const char *from, const char *to, const char *unbooked)
{
    const struct node *m = node_at(node_path(h->answer, "result.moved"), at_);
    assert_non_null(m);
    assert_string_equal(at(m, "visit"), visit);
    assert_string_equal(at(m, "from"), from);
    assert_string_equal(at(m, "to"), to);
    assert_string_equal(at(m, "unbooked"), unbooked);
}

/* What a skip means is the regimen's content: every dose of a course of iron counts, so it moves by its interval and the
 * later one with it; a dose of monthly immune globulin is left out, and the months stay. */
static void test_skip_and_stop(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    const char *w = visit_of(h, p.plan, 2), *n1 = staff(h, "nurse1");
    did(h, "scheduler", "visit.book", BOOK, p.visit, iso(h, clock_at(h, "2026-03-10", 10, 0)), "A1", n1);
    did(h, "scheduler", "visit.book", BOOK, w, iso(h, clock_at(h, "2026-03-20", 10, 0)), "A1", n1);
    h->reason = "a cold";
    did(h, "prescriber", "visit.skip", "{'visit':'%s'}", p.visit);
    assert_word(h, "visit", p.visit, "state", "due");
    assert_word(h, "visit", p.visit, "chair", "");
    assert_word(h, "visit", p.visit, "reason", "a cold");
    assert_word(h, "med_order", p.order, "state", "verified");
    dues(h, p.plan, "2026-03-16", "2026-03-23");
    assert_string_equal(at(h->answer, "result.says"),
        "every dose of this regimen counts: it moves by 7 days, with those after it: visit 1 to 16-Mar-2026, visit 2 to 23-Mar-2026 "
        "(its booking is undone)");
    assert_int_equal(node_path(h->answer, "result.moved")->count, 2);
    moved(h, 0, p.visit, "2026-03-09", "2026-03-16", "false");
    moved(h, 1, w, "2026-03-16", "2026-03-23", "true"); /* the 20th is before its window now */
    assert_word(h, "visit", w, "state", "due");
    ig_patient(h, "verdi", "70 kg", "175 cm");
    struct path g = planned(h, "verdi", "ivig_pid", "D83.9");
    const char *second = visit_of(h, g.plan, 2), *due = text(h, "%s", word(h, "visit", second, "due"));
    h->reason = "on holiday";
    did(h, "prescriber", "visit.skip", "{'visit':'%s'}", g.visit);
    assert_word(h, "visit", g.visit, "state", "skipped");
    assert_word(h, "med_order", order_of(h, g.visit), "state", "cancelled");
    assert_word(h, "visit", second, "due", due);
    assert_int_equal(node_path(h->answer, "result.moved")->count, 0);
    assert_true(holds(at(h->answer, "result.says"), "left out for good"));
    for (int i = 2; i <= 6; i++) {
        assert_word(h, "plan", g.plan, "state", "verified");
        h->reason = "moved away";
        did(h, "prescriber", "visit.skip", "{'visit':'%s'}", visit_of(h, g.plan, i));
    }
    assert_word(h, "plan", g.plan, "state", "completed"); /* nothing is left to come */
    h->reason = "x";
    wrong(h, ERR_CONFLICT, "plan", "prescriber", "plan.stop", "{'plan':'%s'}", g.plan);
    iron_patient(h, "bianchi");
    struct path q = planned(h, "bianchi", "fcm_ida", "D50.9");
    booked(h, &q);
    h->reason = "reaction elsewhere";
    did(h, "prescriber", "plan.stop", "{'plan':'%s'}", q.plan);
    assert_word(h, "plan", q.plan, "state", "stopped");
    assert_word(h, "visit", q.visit, "state", "cancelled");
    assert_word(h, "visit", q.visit, "chair", "");
    assert_word(h, "med_order", q.order, "state", "cancelled");
    wrong(h, ERR_CONFLICT, "visit", "nurse1", "visit.arrive", "{'visit':'%s'}", q.visit);
    h->reason = "x";
    wrong(h, ERR_CONFLICT, "order", "prescriber", "order.change", "{'order':'%s','dose':{'value':500,'unit':'mg'}}",
        q.order);
    whole(h);
}

/* A plan stopped while its patient sits here stays stopped when they leave. */
static void test_stopped_while_here(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    h->reason = "no more after this one";
    did(h, "prescriber", "plan.stop", "{'plan':'%s'}", p.plan);
    wait(h, 20);
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "265");
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    wait(h, 31);
    vitals(h, p.visit, "after");
    did(h, "nurse1", "visit.discharge", "{'visit':'%s'}", p.visit);
    assert_word(h, "plan", p.plan, "state", "stopped");
    whole(h);
}

/* Not treated today, three taps: what becomes of the bag, the order, the chair and the later days. */
static void test_not_treated(void **state)
{
    struct house *h = *state;
    static const struct {
        const char *then, *state, *order, *due, *later;
    } cases[] = {
        {"delay", "due", "verified", "2026-03-16", "2026-03-23"},
        {"hold", "held", "verified", "2026-03-09", "2026-03-16"},
        {"skip", "due", "verified", "2026-03-16", "2026-03-23"}, /* of this regimen every dose counts */
    };
    for (int i = 0; i < 3; i++) {
        const char *id = text(h, "n%d", i);
        h->now = clock_at(h, "2026-03-09", 8, 0);
        iron_patient(h, id);
        struct path p = planned(h, id, "fcm_ida", "D50.9");
        ok_to_treat(h, &p);
        const char *stock = one(h, "stock", "lot='IR750'"), *before = text(h, "%s", word(h, "stock", stock, "vials"));
        p.prep = made(h, "technician", "prep.start", "{'order':'%s'}", p.order);
        wrong(h, ERR_INPUT, "why", "nurse1", "visit.not_treated", "{'visit':'%s','why':'bored','then':'%s'}", p.visit,
            cases[i].then);
        wrong(h, ERR_INPUT, "days", "nurse1", "visit.not_treated",
            "{'visit':'%s','why':'unwell','then':'%s','days':91}", p.visit, cases[i].then);
        did(h, "nurse1", "visit.not_treated", "{'visit':'%s','why':'unwell','then':'%s'}", p.visit, cases[i].then);
        assert_word(h, "visit", p.visit, "state", cases[i].state);
        assert_word(h, "visit", p.visit, "reason", "unwell");
        assert_word(h, "visit", p.visit, "chair", "");
        assert_word(h, "visit", p.visit, "ok_at", "");
        assert_word(h, "prep", p.prep, "state", "killed");
        assert_word(h, "stock", stock, "vials", before); /* drawn, never mixed: back on the shelf */
        assert_word(h, "med_order", p.order, "state", cases[i].order);
        dues(h, p.plan, cases[i].due, cases[i].later);
        const struct node *floor = see(h, "nurse1", "floor", "{}");
        assert_null(find(node_get(floor, "chairs"), "visit", p.visit));
    }
    /* a delayed one is treated in the end, by a new bag */
    h->now = clock_at(h, "2026-03-16", 8, 0);
    struct path p = {.patient = "n0"};
    p.plan = one(h, "plan", "patient='n0'");
    p.visit = visit_of(h, p.plan, 1);
    p.order = order_of(h, p.visit);
    hung(h, &p, "VP1");
    whole(h);
}

static void test_mixed_is_lost(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    mixed(h, &p);
    const char *stock = one(h, "stock", "lot='IR750'");
    did(h, "nurse1", "visit.not_treated", "{'visit':'%s','why':'no access','then':'delay','days':1}", p.visit);
    assert_word(h, "stock", stock, "vials", "19");
    refused(h, "old_label", "pharmacist", "prep.check",
        "{'prep':'%s','barcode':'%s','dose':{'value':750,'unit':'mg'},'volume':265}", p.prep, p.bag);
}

/* ---- one order less, or more ---------------------------------------------------------------------------------------------------- */

static utc_t time_at(struct house *h, const char *visit, const char *field)
{
    utc_t t;
    assert_true(utc_parse(word(h, "visit", visit, field), h->zone, &t, &h->e));
    return t;
}

/* A dose made larger takes longer: the booking grows where there is room, and is somebody's task where there is none. */
static void test_refit(void **state)
{
    struct house *h = *state;
    const char *n1 = staff(h, "nurse1"), *n2 = staff(h, "nurse2");
    ig_patient(h, "verdi", "70 kg", "175 cm");
    struct path g = planned(h, "verdi", "ivig_pid", "D83.9");
    g.order = one(h, "med_order", text(h, "visit='%s' AND drug='immune_globulin_10'", g.visit));
    did(h, "scheduler", "visit.book", BOOK, g.visit, iso(h, clock_at(h, "2026-03-10", 9, 0)), "A1", n1);
    utc_t was = time_at(h, g.visit, "end");
    h->reason = "trough too low";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':35,'unit':'g'}}", g.order);
    utc_t longer = time_at(h, g.visit, "end");
    assert_true(longer > was);
    assert_word(h, "visit", g.visit, "unfit", "");
    /* the chair is taken right after */
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    did(h, "scheduler", "visit.book", BOOK, p.visit, iso(h, longer + 5 * UTC_MINUTE), "A1", n2);
    h->reason = "still too low";
    h->override = "the specialist asked for it";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':45,'unit':'g'}}", g.order);
    assert_true(time_at(h, g.visit, "end") == longer);
    assert_true(holds(word(h, "visit", g.visit, "unfit"), "minutes longer than its booking: chair A1"));
    did(h, "pharmacist", "plan.verify", "{'plan':'%s'}", g.plan);
    const struct node *due = find(node_get(see(h, "scheduler", "due", "{}"), "visits"), "visit", g.visit);
    assert_non_null(due);
    assert_true(holds(at(due, "urgency"), "longer than its booking"));
    const struct node *facts = node_get(see(h, "scheduler", "ready", "{}"), "facts");
    assert_non_null(find(facts, "what", "booking"));
    assert_true(*at(find(node_get(see(h, "scheduler", "schedule", "{'day':'2026-03-10'}"), "blocks"), "visit", g.visit), "unfit"));
    /* moved to another chair, it fits; made smaller, it shrinks */
    did(h, "scheduler", "visit.move", BOOK, g.visit, iso(h, clock_at(h, "2026-03-10", 9, 0)), "A2", n1);
    assert_word(h, "visit", g.visit, "unfit", "");
    assert_null(find(node_get(see(h, "scheduler", "due", "{}"), "visits"), "visit", g.visit));
    utc_t full = time_at(h, g.visit, "end");
    h->reason = "enough";
    did(h, "prescriber", "order.change", "{'order':'%s','dose':{'value':30,'unit':'g'}}", g.order);
    assert_true(time_at(h, g.visit, "end") < full);
    whole(h);
}

/* One order is cancelled: label dead, no release, no bedside, a shorter visit; the last one takes the visit with it. */
static void test_cancel_order(void **state)
{
    struct house *h = *state;
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    mixed(h, &p);
    const struct node *bag = row(h, "prep", p.prep);
    wrong(h, ERR_INPUT, "reason", "prescriber", "order.cancel", "{'order':'%s'}", p.order);
    h->reason = "phosphate too low";
    wrong(h, ERR_FORBIDDEN, "order.cancel", "nurse1", "order.cancel", "{'order':'%s'}", p.order);
    did(h, "pharmacist", "prep.check", "{'prep':'%s','barcode':'%s','dose':{'value':%s,'unit':'%s'},'volume':%s}", p.prep,
        p.bag, at(bag, "dose.value"), at(bag, "dose.unit"), at(bag, "volume"));
    utc_t was = time_at(h, p.visit, "end");
    h->reason = "phosphate too low";
    did(h, "prescriber", "order.cancel", "{'order':'%s'}", p.order);
    assert_word(h, "med_order", p.order, "state", "cancelled");
    assert_word(h, "prep", p.prep, "state", "killed");
    assert_true(holds(word(h, "prep", p.prep, "reason"), "phosphate too low"));
    assert_true(time_at(h, p.visit, "end") < was);
    refused(h, "old_label", "pharmacist", "prep.release", "{'prep':'%s'}", p.prep);
    refused(h, "old_label", "nurse1", "give.associate",
        "{'visit':'%s','patient_code':'MRN-rossi','bag_code':'%s','pump_code':'VP1','badge_code':'B7'}", p.visit, p.bag);
    assert_word(h, "visit", p.visit, "state", "ok"); /* the patient is here: someone says what becomes of the day */
    h->reason = "again";
    wrong(h, ERR_CONFLICT, "order", "prescriber", "order.cancel", "{'order':'%s'}", p.order);
    h->reason = "again";
    wrong(h, ERR_CONFLICT, "order", "prescriber", "order.change", "{'order':'%s','dose':{'value':500,'unit':'mg'}}", p.order);
    /* the second visit's only order, booked: the visit goes, its chair is free */
    const char *w = visit_of(h, p.plan, 2);
    did(h, "scheduler", "visit.book", BOOK, w, iso(h, clock_at(h, "2026-03-18", 10, 0)), "A1", staff(h, "nurse1"));
    h->reason = "phosphate too low";
    did(h, "prescriber", "order.cancel", "{'order':'%s'}", order_of(h, w));
    assert_word(h, "visit", w, "state", "skipped");
    assert_word(h, "visit", w, "chair", "");
    whole(h);
}

/* ---- the whole board under random hands ---------------------------------------------------------------------------------------------- */

static void test_random_hands(void **state)
{
    struct house *h = *state;
    uint64_t seed = 7;
    const char *visits[12];
    for (int i = 0; i < 12; i++) {
        const char *id = text(h, "r%d", i);
        iron_patient(h, id);
        visits[i] = planned(h, id, "fcm_ida", "D50.9").visit;
    }
    int done = 0, no = 0;
    for (int step = 0; step < 120; step++) {
        const char *v = visits[next_random(&seed) % 12], *state_now = text(h, "%s", word(h, "visit", v, "state"));
        bool is_booked = strcmp(state_now, "booked") == 0;
        if (is_booked && next_random(&seed) % 4 == 0) {
            h->reason = "random";
            did(h, "scheduler", "visit.unbook", "{'visit':'%s'}", v);
            continue;
        }
        const char *chair = (const char *[]){"A1", "A2", "B1", "B2"}[next_random(&seed) % 4],
                   *nurse = next_random(&seed) % 2 ? "nurse1" : "nurse2";
        utc_t start = clock_at(h, "2026-03-09", 8, 0) + (int64_t)(next_random(&seed) % 20) * 15 * UTC_MINUTE;
        bool ok = ask(
            h, "scheduler", is_booked ? "visit.move" : "visit.book", BOOK, v, iso(h, start), chair, staff(h, nurse));
        assert_true(ok || refused_by(h, "chair_taken") || refused_by(h, "nurse_full"));
        done += ok;
        no += !ok;
    }
    assert_true(done > 10 && no > 10);
    const struct node *blocks = node_get(see(h, "scheduler", "schedule", "{'day':'2026-03-09'}"), "blocks");
    node_each(a, blocks)
        node_each(b, blocks)
            if (a != b && strcmp(at(a, "chair"), at(b, "chair")) == 0)
                assert_true(strcmp(at(a, "end"), at(b, "start")) <= 0 || strcmp(at(b, "end"), at(a, "start")) <= 0);
    whole(h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_rules),
        T(test_offers),
        T(test_delay),
        T(test_hold_and_resume),
        T(test_skip_and_stop),
        T(test_stopped_while_here),
        T(test_not_treated),
        T(test_refit),
        T(test_cancel_order),
        T(test_mixed_is_lost),
        T(test_random_hands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
