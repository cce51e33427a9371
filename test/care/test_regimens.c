/* Every regimen of the content asked for by a prescriber: the plan is made with the dose a pharmacist would work out, or
 * refused by the rule that says the program cannot carry it. Nothing between: no wrong number, no half a plan. */
#include "harness.h"

#include "formulary/cases.h"

#include <string.h>

/* Carried from plan to claim today; the others must say not_supported. Widening the program moves ids up here. */
static const char *const carried[] = {"fcm_ida", "infliximab_ibd", "iron_sucrose_ckd", "ivig_pid", "nivolumab_q4w",
    "pembrolizumab_q3w", "trastuzumab_q3w"};

static bool is_carried(const char *id)
{
    for (size_t i = 0; i < sizeof carried / sizeof carried[0]; i++)
        if (strcmp(carried[i], id) == 0)
            return true;
    return false;
}

static const char *person(struct house *h, int i, const char *icd)
{
    const char *id = text(h, "g%d", i);
    admit(h,
        &(struct guest){id, text(h, "MRN-%s", id), "1961-02-28", "male", "none known", "70 kg", "175 cm", icd, "demo-blue", 5});
    return id;
}

/* The content's own arithmetic (formulary/cases.h) and the plan's must meet. */
static void same_doses(struct house *h, const struct regimen *g, const char *plan)
{
    const struct regimen_case who = {.weight = qty_lit("70 kg"), .height = qty_lit("175 cm"), .sex = "male"};
    int orders = count(h, "med_order", text(h, "plan='%s'", plan)), wanted = 0;
    for (int v = 0; v < g->visits_count; v++) {
        const char *visit = visit_of(h, plan, v + 1);
        for (int k = 0; k < g->visits[v].doses_count; k++) {
            const struct regimen_dose *x = regimen_find_dose(g, g->visits[v].doses[k]);
            struct qty dose;
            struct err e = {0};
            char wants[DEC_TEXT_MAX];
            if (x->optional)
                continue;
            wanted++;
            if (!case_dose(h->a, h->content, x, &who, &dose, &e))
                fail_msg("%s %s: %s", g->id, x->id, e.text);
            const char *order = one(h, "med_order", text(h, "visit='%s' AND place=%d", visit, (int)x->step));
            assert_string_equal(at(row(h, "med_order", order), "dose.value"), dec_text(dec_trim(dose.v), wants));
            assert_string_equal(at(row(h, "med_order", order), "proof.second.agrees"), "true");
        }
    }
    assert_int_equal(orders, wanted);
}

static void test_every_regimen(void **state)
{
    struct house *h = *state;
    int made_plans = 0;
    for (int i = 0; i < h->content->regimens_count; i++) {
        const struct regimen *g = &h->content->regimens[i];
        const char *who = person(h, i, g->indications[0].code);
        int plans = count(h, "plan", "1=1");
        h->override = "the regimen is tested";
        bool ok = ask(h, "prescriber", "plan.make", "{'patient':'%s','regimen':'%s','indication':'%s','first_day':'2026-03-09'}",
            who, g->id, g->indications[0].code);
        if (ok != is_carried(g->id))
            fail_msg("%s: %s", g->id, ok ? "a plan was made of what the program cannot carry" : h->e.text);
        if (!ok && !refused_by(h, "not_supported"))
            fail_msg("%s: refused, but not as not_supported: %s", g->id, h->e.text);
        assert_int_equal(count(h, "plan", "1=1"), plans + ok);
        if (ok)
            same_doses(h, g, one(h, "plan", text(h, "patient='%s'", who)));
        made_plans += ok;
        /* and the page that shows the regimen on offer: doses, or why not */
        const struct node *page = see(h, "prescriber", "regimens", "{'patient':'%s','regimen':'%s'}", who, g->id);
        assert_int_equal(node_get(page, "problems")->count, !ok);
        assert_int_equal(node_get(page, "doses")->count > 0, ok);
    }
    assert_int_equal(made_plans, sizeof carried / sizeof carried[0]);
    whole(h);
}

/* A flat dose through a filter, from the plan to the hung bag, as the two first therapies go. */
static void test_pembrolizumab_day(void **state)
{
    struct house *h = *state;
    const char *who = person(h, 900, "C43.9");
    lab(h, who, "tsh", "2 m[iU]/L", 5), lab(h, who, "creatinine", "0.9 mg/dL", 5), lab(h, who, "alt", "20 U/L", 5);
    did(h, "pharmacist", "stock.receive",
        "{'drug':'pembrolizumab','product':'pembro_100','lot':'PB1','expires':'2027-03-31','owner':'bought','vials':10}");
    did(h, "biller", "authorisation.record",
        "{'patient':'%s','drug':'pembrolizumab','payer':'demo-blue','number':'PA','state':'granted','start':'2026-01-01',"
        "'end':'2026-12-31','units':2000}", who);
    struct path p = planned(h, who, "pembrolizumab_q3w", "C43.9");
    hung(h, &p, "VP1");
    const struct node *o = row(h, "med_order", p.order), *bag = row(h, "prep", p.prep);
    assert_string_equal(at(o, "dose.value"), "200");
    assert_string_equal(at(o, "volume"), "108");
    assert_string_equal(at(o, "steps[0].rate"), "216");
    assert_string_equal(at(bag, "vials[0].count"), "2");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':216}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "216", .total = "0");
    wait(h, 15);
    vitals(h, p.visit, "during");
    wait(h, 15);
    PUMP(h, "VP1", .kind = "event", .event = "complete", .status = "kvo", .rate = "0", .total = "108");
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "108");
    did(h, "nurse1", "give.stop", "{'infusion':'%s','volume':108}", p.infusion);
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
    assert_word(h, "med_order", p.order, "state", "given");
    whole(h);
}

/* 6 visits fall between others: the order of days is the order of visits. */
static void test_interleaved_visits(void **state)
{
    struct house *h = *state;
    const struct regimen *g = content_regimen(h->content, "cisplatin_gemcitabine");
    assert_int_equal(g->visits_count, 8);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(g->visits[i].number, i + 1);
        assert_int_equal(g->visits[i].day, i / 2 * 21 + i % 2 * 7);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {
        T(test_every_regimen),
        T(test_pembrolizumab_day),
        T(test_interleaved_visits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
