/* A visit's charges from the store: events in, commands and views run as serve would, on the built-in content. */
#include "../base/harness.h"

#include "account/charge.h"
#include "formulary/builtin.h"

#include <stdio.h>
#include <string.h>

struct house {
    struct store *store;
    struct arena *keep, *a;
    const struct content *content;
    struct zone *zone;
    struct tx tx;
    utc_t day; /* 09:00 local */
    struct err e;
};


#define WORKS(h, call) do { if (!(call)) fail_msg("%s: %s: %s", #call, (h)->e.where, (h)->e.text); } while (0)

static int start(void **state)
{
    struct house *h = mem_alloc(sizeof *h);
    *h = (struct house){.keep = arena_new(), .a = arena_new()};
    WORKS(h, store_open("sqlite::memory:", false, &h->store, &h->e));
    WORKS(h, ledger_create(h->store, &h->e));
    WORKS(h, content_read_embedded(h->keep, &content_builtin, &h->content, &h->e));
    WORKS(h, utc_zone_read(h->keep, "America/New_York", &h->zone, &h->e));
    h->day = utc_from_local(h->zone, 2026, 3, 9, 9, 0);
    WORKS(h, tx_begin(&h->tx, h->store, h->a, 1, &care_event_types, &h->e));
    *state = h;
    return 0;
}

static int stop(void **state)
{
    struct house *h = *state;
    tx_rollback(&h->tx);
    store_close(h->store);
    arena_free(h->a);
    arena_free(h->keep);
    mem_free(h);
    return 0;
}

static utc_t at(const struct house *h, int minute)
{
    return h->day + minute * UTC_MINUTE;
}

static void put(struct house *h, const struct event_type *type, const void *rec, const char *fields)
{
    struct event_head head = {.happened = h->day, .recorded = h->day, .clock = "server", .actor = "1-staff-1-0", .command = "test"};
    WORKS(h, event_append(&h->tx, type, &head, rec, fields, &h->e));
}

/* ---- a patient in a chair --------------------------------------------------------------------------------------------- */

static void people(struct house *h, const char *payer)
{
    BLANK(patient, p);
    p.id = "p1", p.mrn = "M1", p.family = "Rossi", p.given = "Ada", p.born = "1968-07-14", p.sex = "female", p.allergies = "none known";
    put(h, &ev_patient_recorded, &p, NULL);
    if (payer) {
        BLANK(coverage, c);
        c.id = "c1", c.patient = "p1", c.payer = payer, c.status = "active";
        put(h, &ev_coverage_recorded, &c, NULL);
    }
    BLANK(plan, l);
    l.id = "pl1", l.patient = "p1", l.regimen = "fcm_ida", l.title = "Iron", l.indication = "D50.9", l.indication_text = "Iron deficiency anaemia";
    l.state = "verified", l.version = 1, l.content = h->content->hash, l.prescriber = "s1", l.first_day = "2026-03-09";
    put(h, &ev_plan_made, &l, NULL);
    BLANK(visit, v);
    v.id = "v1", v.plan = "pl1", v.patient = "p1", v.number = 1, v.due = v.earliest = v.latest = "2026-03-09", v.state = "done";
    v.start = at(h, 0), v.end = at(h, 120), v.setup_min = 15, v.drug_min = 30, v.observe_min = 30;
    put(h, &ev_visit_planned, &v, NULL);
}

static void visit_state(struct house *h, const char *state)
{
    BLANK(visit, v);
    v.id = "v1", v.state = state;
    put(h, &ev_visit_seated, &v, "state");
}

static void order(struct house *h, const char *id, const char *drug, const char *mg, const char *ml)
{
    BLANK(med_order, o);
    o.id = id, o.plan = "pl1", o.visit = "v1", o.patient = "p1", o.drug = drug, o.drug_name = drug, o.place = 1, o.role = "treatment", o.method = "pump";
    o.dose = (struct qty){dec_lit(mg), unit_find("mg")}, o.volume = dec_lit(ml), o.minutes = 30, o.state = "given", o.version = 1, o.proof = "{}";
    put(h, &ev_order_made, &o, NULL);
}

/* A bag of `mg` in `ml`, drawn from one kind of vial. */
static void bag(struct house *h, const char *id, const char *order_id, const char *drug, const char *vials, const char *mg, const char *waste, const char *ml)
{
    BLANK(prep, p);
    p.id = id, p.med_order = order_id, p.order_version = 1, p.visit = "v1", p.patient = "p1", p.drug = drug, p.state = "used";
    p.dose = (struct qty){dec_lit(mg), unit_find("mg")}, p.waste = (struct qty){dec_lit(waste), unit_find("mg")}, p.vials = vials;
    p.drug_ml = dec_int(15), p.volume = dec_lit(ml), p.concentration = (struct qty){dec_quot(dec_lit(mg), dec_lit(ml)), unit_find("mg/mL")};
    p.made_by = "s2", p.made_at = at(h, 0);
    put(h, &ev_prep_started, &p, NULL);
}

static void hang(struct house *h, const char *id, const char *order_id, const char *prep, const char *drug, const char *mg, const char *ml)
{
    BLANK(infusion, i);
    i.id = id, i.visit = "v1", i.patient = "p1", i.med_order = order_id, i.prep = prep, i.drug = drug, i.drug_name = drug, i.method = "pump";
    i.pump = "P1", i.channel = "A", i.ordered_ml = dec_lit(ml), i.concentration = (struct qty){dec_quot(dec_lit(mg), dec_lit(ml)), unit_find("mg/mL")};
    i.state = "associated", i.certainty = "certain", i.volume = i.kvo_ml = dec_int(0), i.associated_at = at(h, 10), i.nurse = "s3";
    put(h, &ev_infusion_associated, &i, NULL);
}

static void fact(struct house *h, const char *infusion, const char *kind, int minute, const char *rate, const char *total)
{
    static int n;
    BLANK(flow_fact, f);
    f.id = arena_printf(h->a, "f%d", ++n), f.infusion = infusion, f.pump = "P1", f.channel = "A", f.kind = kind, f.happened = at(h, minute);
    f.sender = "PUMP", f.message = f.id, f.source = "pump";
    f.rate = rate ? dec_lit(rate) : DEC_NONE, f.total = total ? dec_lit(total) : DEC_NONE;
    put(h, &ev_flow_recorded, &f, NULL);
}

/* Iron, 750 mg in 265 mL, 22 minutes of flow between 09:15 and 09:42 with a pause of 5, then keep-open for 10. */
static void iron(struct house *h, const char *owner)
{
    const char *vials = arena_printf(h->a, "[{\"stock\":\"st1\",\"product\":\"fcm_750\",\"lot\":\"L1\",\"expires\":\"2027-01-01\",\"owner\":\"%s\",\"count\":1,\"amount\":750}]", owner);
    order(h, "o1", "ferric_carboxymaltose", "750", "264");
    bag(h, "b1", "o1", "ferric_carboxymaltose", vials, "750", "0", "264");
    hang(h, "i1", "o1", "b1", "ferric_carboxymaltose", "750", "264");
    fact(h, "i1", "associate", 14, NULL, "0");
    fact(h, "i1", "start", 15, "720", "0");
    fact(h, "i1", "stop", 25, NULL, "120");
    fact(h, "i1", "start", 30, "720", "120");
    fact(h, "i1", "kvo", 42, "5", "264");
    fact(h, "i1", "stop", 54, NULL, "265");
    fact(h, "i1", "disassociate", 55, NULL, NULL);
}

/* ---- running ------------------------------------------------------------------------------------------------------------ */

static struct cmd command(struct house *h, const char *name)
{
    struct cmd c = {.tx = &h->tx, .a = h->a, .content = h->content, .content_hash = h->content->hash, .zone = h->zone, .name = name,
        .by = {.id = "1-staff-9-0", .name = "Bill", .roles = ROLE_BILLER}, .now = at(h, 120), .happened = at(h, 120), .clock = "server"};
    record_blank(&record_site_info, &c.site);
    c.site.id = "site", c.site.name = "Harbour", c.site.billing = "facility";
    return c;
}

static bool run(struct house *h, const char *name, struct cmd *c)
{
    BLANK(visit_id_in, in);
    in.visit = "v1";
    h->e = (struct err){0};
    for (int i = 0; i < charge_command_count; i++)
        if (strcmp(charge_commands[i].name, name) == 0)
            return charge_commands[i].decide(c, &in, &h->e);
    fail_msg("no command %s", name);
    return false;
}

static struct charge_line *lines_of(struct house *h, int revision, int *n)
{
    struct charge_line *l;
    WORKS(h, table_list(&h->tx, &record_charge_line, "visit='v1' AND revision=?2 ORDER BY place", VALS(V_INT(revision)), &l, n, &h->e));
    return l;
}

static struct charge charge_of(struct house *h)
{
    struct charge *c;
    int n;
    WORKS(h, table_list(&h->tx, &record_charge, "visit='v1'", NO_VALS, &c, &n, &h->e));
    assert_int_equal(n, 1);
    return c[0];
}

static struct node *show(struct house *h, const char *name, const void *params, unsigned roles, const char *patient)
{
    struct buf b;
    struct json j;
    h->e = (struct err){0};
    buf_init(&b, 4 * 1024 * 1024);
    json_init(&j, &b);
    json_object(&j, NULL);
    const struct view_type *type = NULL;
    for (int i = 0; i < charge_view_count; i++)
        if (strcmp(charge_views[i].name, name) == 0)
            type = &charge_views[i];
    assert_non_null(type);
    struct cmd c = command(h, name);
    struct view v = {.tx = &h->tx, .a = h->a, .content = h->content, .zone = h->zone, .site = c.site, .now = c.now, .out = &j, .type = type,
        .by = {.id = "u", .roles = roles, .patient = patient}};
    if (!type->show(&v, params, &h->e)) {
        buf_fini(&b);
        return NULL;
    }
    json_end(&j, '}');
    assert_string_equal(v.patient ? v.patient : "p1", "p1");
    struct node *n = json_read(h->a, arena_strdup(h->a, buf_str(&b)), b.len, b.len + 1, &h->e);
    buf_fini(&b);
    assert_non_null(n);
    return n;
}

static const char *value(const struct node *n, const char *path)
{
    const struct node *x = node_path(n, path);
    return x ? x->text : NULL;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------------- */

static void authorise(struct house *h, int units)
{
    BLANK(authorisation, a);
    a.id = "au1", a.patient = "p1", a.payer = "demo-blue", a.drug = "ferric_carboxymaltose", a.number = "PA-7", a.state = "granted";
    a.start = "2026-01-01", a.end = "2026-12-31", a.units = units, a.used = 100;
    put(h, &ev_authorisation_recorded, &a, NULL);
}

static void test_iron(void **state)
{
    struct house *h = *state;
    people(h, "demo-blue");
    authorise(h, 2000);
    iron(h, "bought");
    struct cmd c = command(h, "charge.make");
    WORKS(h, run(h, "charge.make", &c));
    int n;
    struct charge_line *l = lines_of(h, 1, &n);
    assert_int_equal(n, 2);
    assert_string_equal(l[0].role, "TPD_INF_INIT");
    assert_int_equal(l[0].minutes, 22);
    assert_string_equal(l[0].code, "DEMO-TPD-INF-INIT");
    assert_true(dec_eq(l[0].amount, dec_lit("320")));
    assert_string_equal(l[0].events, "i1");
    assert_true(l[0].start == at(h, 15) && l[0].end == at(h, 42)); /* keep-open is no part of it */
    assert_non_null(strstr(l[0].says, "22 minutes (09:15 to 09:42 without the pauses)"));
    assert_string_equal(l[1].role, "DRUG");
    assert_int_equal(l[1].units, 750);
    assert_string_equal(l[1].modifiers, "JZ");
    struct charge made = charge_of(h);
    assert_string_equal(made.state, "made");
    assert_int_equal(made.revision, 1);
    assert_true(dec_eq(made.total, dec_add(l[0].amount, l[1].amount)));
    struct authorisation a;
    WORKS(h, table_need(&h->tx, &record_authorisation, "au1", "a", &a, &h->e));
    assert_int_equal(a.used, 850);
    /* the same facts again change nothing */
    struct cmd again = command(h, "charge.make");
    WORKS(h, run(h, "charge.make", &again));
    assert_int_equal(again.event_count, 0);
    assert_string_equal(again.id, made.id);
    struct cmd close = command(h, "charge.finalise");
    WORKS(h, run(h, "charge.finalise", &close));
    assert_string_equal(charge_of(h).state, "final");
    assert_string_equal(charge_of(h).final_by, "1-staff-9-0");
    struct cmd twice = command(h, "charge.finalise");
    assert_false(run(h, "charge.finalise", &twice));
    assert_int_equal(h->e.kind, ERR_CONFLICT);
}

/* A late fact: a revision, a corrected charge, and the authorisation counted anew, not twice. */
static void test_late_fact(void **state)
{
    struct house *h = *state;
    people(h, "demo-blue");
    authorise(h, 2000);
    iron(h, "bought");
    struct cmd c = command(h, "charge.make"), close = command(h, "charge.finalise"), again = command(h, "charge.make"), early = command(h, "charge.finalise");
    WORKS(h, run(h, "charge.make", &c));
    WORKS(h, run(h, "charge.finalise", &close));
    fact(h, "i1", "rate", 16, "1440", "12"); /* the pump's queue emptied late: it had run faster, and stopped for two minutes */
    fact(h, "i1", "stop", 18, NULL, "60");
    fact(h, "i1", "start", 20, "720", "60");
    BLANK(by_visit, in);
    in.visit = "v1";
    struct node *v = show(h, "charge", &in, ROLE_BILLER, NULL);
    assert_int_equal(node_path(v, "charge.late")->kind, NODE_TRUE);
    assert_false(run(h, "charge.finalise", &early));
    WORKS(h, run(h, "charge.make", &again));
    struct charge made = charge_of(h);
    assert_string_equal(made.state, "corrected");
    assert_int_equal(made.revision, 2);
    int n;
    struct charge_line *l = lines_of(h, 2, &n);
    assert_int_equal(n, 2);
    assert_int_equal(l[0].minutes, 20);
    assert_int_equal(lines_of(h, 1, &n)[0].minutes, 22); /* the first revision stays */
    struct authorisation a;
    WORKS(h, table_need(&h->tx, &record_authorisation, "au1", "a", &a, &h->e));
    assert_int_equal(a.used, 850);
}

static void test_not_ours(void **state)
{
    struct house *h = *state;
    people(h, "demo-plain");
    iron(h, "free");
    struct cmd c = command(h, "charge.make");
    WORKS(h, run(h, "charge.make", &c));
    int n;
    struct charge_line *l = lines_of(h, 1, &n);
    assert_int_equal(n, 1); /* giving it only */
    assert_string_equal(l[0].role, "TPD_INF_INIT");
    BLANK(by_visit, in);
    in.visit = "v1";
    struct node *v = show(h, "charge", &in, ROLE_BILLER, NULL);
    bool said = false, kvo = false;
    node_each(t, node_get(v, "traces")) {
        said |= strstr(value(t, "says"), "supplied free of charge") != NULL;
        kvo |= strcmp(value(t, "event"), "i1:kvo") == 0 && strstr(value(t, "says"), "keeps the vein open");
    }
    assert_true(said);
    assert_true(kvo);
}

/* Stopped early: what flowed is given, the rest of the vial is waste. */
static void test_part_given(void **state)
{
    struct house *h = *state;
    people(h, "demo-blue");
    authorise(h, 200);
    iron(h, "bought");
    BLANK(med_order, o);
    o.id = "o1", o.state = "part given";
    put(h, &ev_order_given, &o, "state");
    fact(h, "i1", "stated", 60, NULL, "88"); /* reconciled: a third of the bag */
    struct cmd c = command(h, "charge.make");
    WORKS(h, run(h, "charge.make", &c));
    int n;
    struct charge_line *l = lines_of(h, 1, &n);
    assert_int_equal(n, 3);
    assert_int_equal(l[1].units, 250);
    assert_null(l[1].modifiers);
    assert_string_equal(l[2].role, "DRUG_WASTE");
    assert_int_equal(l[2].units, 500);
    assert_string_equal(l[2].modifiers, "JW");
    /* 100 of 200 units are left, 750 would be used: held, and closed only with a reason on these very facts */
    struct cmd close = command(h, "charge.finalise");
    assert_false(run(h, "charge.finalise", &close));
    assert_int_equal(h->e.kind, ERR_REFUSED);
    assert_string_equal(close.refusals[0].rule, "charge_on_hold");
    struct override over = {close.refusals[0].rule, close.refusals[0].facts_hash, "payer agreed by telephone"};
    struct cmd with = command(h, "charge.finalise");
    with.overrides = &over;
    with.override_count = 1;
    WORKS(h, run(h, "charge.finalise", &with));
}

/* The link was lost: 264 mL went in between 09:15 and 09:45, at 720 mL/h at most, so 22 of the 30 minutes are sure. */
static void test_uncertain(void **state)
{
    struct house *h = *state;
    people(h, "demo-blue");
    authorise(h, 2000);
    order(h, "o1", "ferric_carboxymaltose", "750", "264");
    bag(h, "b1", "o1", "ferric_carboxymaltose",
        "[{\"stock\":\"st1\",\"product\":\"fcm_750\",\"lot\":\"L1\",\"expires\":\"2027-01-01\",\"owner\":\"bought\",\"count\":1,\"amount\":750}]", "750", "0", "264");
    hang(h, "i1", "o1", "b1", "ferric_carboxymaltose", "750", "264");
    fact(h, "i1", "associate", 14, NULL, "0");
    fact(h, "i1", "start", 15, "720", "0");
    fact(h, "i1", "stop", 45, NULL, "264");
    fact(h, "i1", "disassociate", 50, NULL, NULL);
    struct cmd c = command(h, "charge.make"), close = command(h, "charge.finalise");
    WORKS(h, run(h, "charge.make", &c));
    int n;
    struct charge_line *l = lines_of(h, 1, &n);
    assert_string_equal(l[0].role, "TPD_INF_INIT");
    assert_int_equal(l[0].minutes, 22);
    assert_false(run(h, "charge.finalise", &close)); /* the question is open */
    assert_int_equal(h->e.kind, ERR_REFUSED);
    assert_string_equal(close.refusals[0].rule, "charge_query_open");
}

static void test_queries(void **state)
{
    struct house *h = *state;
    people(h, "demo-blue"); /* wants an authorisation; there is none */
    iron(h, "bought");
    order(h, "o2", "ferric_carboxymaltose", "750", "264");
    hang(h, "i2", "o2", NULL, "ferric_carboxymaltose", "750", "264");
    fact(h, "i2", "start", 60, "720", "0");
    struct cmd c = command(h, "charge.make");
    assert_false(run(h, "charge.make", &c)); /* still running */
    assert_int_equal(h->e.kind, ERR_CONFLICT);
    BLANK(by_visit, in);
    in.visit = "v1";
    struct node *v = show(h, "charge", &in, ROLE_NURSE, NULL);
    bool running = false, wanted = false;
    node_each(q, node_get(v, "queries")) {
        running |= strstr(value(q, "says"), "is running since 10:00") != NULL && strcmp(value(q, "to"), "nurse") == 0;
        wanted |= strstr(value(q, "says"), "wants an authorisation") != NULL;
    }
    assert_true(running);
    assert_true(wanted);
    bool told = false;
    node_each(t, node_get(v, "traces"))
        told |= strcmp(value(t, "event"), "i2") == 0 && strstr(value(t, "says"), "is running since 10:00") != NULL;
    assert_true(told);
    node_each(l, node_get(v, "lines")) /* no push of no minutes until it has ended */
        assert_null(strstr(value(l, "role"), "PUSH"));
    fact(h, "i2", "stop", 80, NULL, "240");
    bool counted = false;
    node_each(l, node_get(show(h, "charge", &in, ROLE_NURSE, NULL), "lines"))
        counted |= strstr(value(l, "events"), "i2") != NULL;
    assert_true(counted);
    assert_string_equal(value(v, "charge.state"), "open");
    visit_state(h, "arrived");
    struct cmd early = command(h, "charge.make");
    assert_false(run(h, "charge.make", &early));
    assert_int_equal(h->e.kind, ERR_CONFLICT);
}

static void test_views(void **state)
{
    struct house *h = *state;
    people(h, "demo-blue");
    authorise(h, 2000);
    iron(h, "bought");
    BLANK(by_visit, in);
    in.visit = "v1";
    struct node *v = show(h, "charge", &in, ROLE_BILLER, NULL);
    assert_int_equal(node_get(v, "lines")->count, 2);
    assert_int_equal(node_get(v, "segments")->count, 5); /* run, pause, run, keep-open, paused */
    assert_string_equal(value(v, "authorisations[0].this_visit"), "750");
    assert_string_equal(value(v, "authorisations[0].used"), "100");
    assert_int_equal(node_get(v, "edits")->count, 0);
    BLANK(by_day, day);
    day.day = "2026-03-09";
    v = show(h, "charges", &day, ROLE_BILLER, NULL);
    assert_int_equal(node_get(v, "visits")->count, 1);
    assert_string_equal(value(v, "visits[0].name"), "ROSSI, Ada");
    visit_state(h, "treating");
    assert_int_equal(node_get(show(h, "charges", &day, ROLE_BILLER, NULL), "visits")->count, 0);
    assert_int_equal(node_get(show(h, "charges", &day, ROLE_NURSE, NULL), "visits")->count, 1);
    day.day = "2026-03-10";
    assert_int_equal(node_get(show(h, "charges", &day, ROLE_BILLER, NULL), "visits")->count, 0);
    /* giving 80 % of 320.00 and the drug 750 × 1.10; deductible 1,000 takes all of the first 256.00 and 744.00 of 825.00 */
    v = show(h, "estimate", &in, ROLE_PATIENT, "p1");
    assert_string_equal(value(v, "rows[0].amount"), "256.00");
    assert_string_equal(value(v, "rows[1].amount"), "760.20"); /* 744.00 + 20 % of 81.00 */
    assert_string_equal(value(v, "rows[2].amount"), "1016.20");
    assert_null(show(h, "estimate", &in, ROLE_PATIENT, "p2"));
    assert_int_equal(h->e.kind, ERR_FORBIDDEN);
    v = show(h, "statement", &in, ROLE_BILLER, NULL);
    assert_int_equal(node_get(v, "lines")->count, 2);
    assert_string_equal(value(v, "head.yours"), "USD 1,016.20");
    assert_string_equal(value(v, "lines[0].amount"), "USD 320.00");
    in.visit = "nowhere";
    assert_null(show(h, "charge", &in, ROLE_BILLER, NULL));
    assert_int_equal(h->e.kind, ERR_NOT_FOUND);
}

/* Before anything has flowed the bill is worked out from the orders. */
static void test_planned(void **state)
{
    struct house *h = *state;
    people(h, NULL);
    visit_state(h, "booked");
    order(h, "o1", "ferric_carboxymaltose", "750", "264");
    BLANK(by_visit, in);
    in.visit = "v1";
    struct node *v = show(h, "charge", &in, ROLE_BILLER, NULL);
    assert_int_equal(node_path(v, "charge.planned")->kind, NODE_TRUE);
    assert_int_equal(node_get(v, "lines")->count, 2);
    assert_string_equal(value(v, "lines[0].minutes"), "30");
    v = show(h, "estimate", &in, ROLE_PATIENT, "p1");
    assert_non_null(strstr(value(v, "rows[0].says"), "No insurance is on record"));
}

/* A prescriber went past "the payer does not list this diagnosis" when the plan was made. The claim is held until the
 * biller says whether the patient signed a notice before the service; then the line carries it. */
static void test_notice(void **state)
{
    struct house *h = *state;
    people(h, "demo-plain");
    BLANK(plan, l);
    l.id = "pl1", l.indication = "K90.0";
    put(h, &ev_plan_changed, &l, "indication");
    BLANK(staff, s);
    s.id = "s1", s.login = "doc", s.name = "Dr Vidal", s.roles = "prescriber", s.active = 1;
    put(h, &ev_staff_added, &s, NULL);
    BLANK(refusal, r);
    r.id = "r1", r.command = "plan.make", r.patient = "p1", r.rule = "diagnosis_not_covered", r.severity = "needs a reason", r.says = "not listed";
    r.facts = "{}", r.facts_hash = "x", r.overridden_by = "s1", r.reason = "coeliac disease, no tablet is absorbed", r.at = h->day;
    put(h, &ev_rule_overridden, &r, NULL);
    iron(h, "bought");
    struct cmd c = command(h, "charge.make"), close = command(h, "charge.finalise");
    WORKS(h, run(h, "charge.make", &c));
    assert_false(run(h, "charge.finalise", &close));
    assert_int_equal(close.refusal_count, 1);
    assert_string_equal(close.refusals[0].rule, "charge_on_hold");
    assert_non_null(strstr(close.refusals[0].says, "H07"));
    assert_non_null(strstr(close.refusals[0].says, "Dr Vidal ordered it all the same on 09-Mar-2026: coeliac disease"));
    BLANK(charge_notice_in, in);
    in.visit = "v1", in.drug = "ferric_carboxymaltose", in.state = "signed", in.signed_on = "2026-03-10";
    struct cmd n = command(h, "charge.notice");
    h->e = (struct err){0};
    assert_false(charge_commands[1].decide(&n, &in, &h->e));
    assert_string_equal(h->e.where, "reason");
    h->e = (struct err){0};
    n.reason = "on file";
    assert_false(charge_commands[1].decide(&n, &in, &h->e)); /* signed the day after is no notice */
    assert_string_equal(h->e.where, "signed_on");
    h->e = (struct err){0};
    in.signed_on = "2026-03-08";
    in.drug = "immune_globulin_10";
    assert_false(charge_commands[1].decide(&n, &in, &h->e));
    assert_string_equal(h->e.where, "drug");
    h->e = (struct err){0};
    in.drug = "ferric_carboxymaltose";
    WORKS(h, charge_commands[1].decide(&n, &in, &h->e));
    /* a fact of its own: the charges are made again, and stand */
    struct cmd early = command(h, "charge.finalise"), again = command(h, "charge.make"), done = command(h, "charge.finalise");
    assert_false(run(h, "charge.finalise", &early));
    assert_int_equal(h->e.kind, ERR_CONFLICT);
    WORKS(h, run(h, "charge.make", &again));
    int count;
    struct charge_line *line = lines_of(h, 2, &count);
    assert_int_equal(count, 2);
    assert_null(line[0].modifiers);
    assert_string_equal(line[1].modifiers, "JZ GA");
    WORKS(h, run(h, "charge.finalise", &done));
    /* it comes out that there was none: the claim is corrected, and says so */
    in.state = "none", in.signed_on = NULL;
    struct cmd none = command(h, "charge.notice"), third = command(h, "charge.make");
    none.reason = "the form was another patient's";
    none.now = at(h, 130);
    WORKS(h, charge_commands[1].decide(&none, &in, &h->e));
    third.now = at(h, 131);
    WORKS(h, run(h, "charge.make", &third));
    assert_string_equal(lines_of(h, 3, &count)[1].modifiers, "JZ GZ");
    assert_string_equal(charge_of(h).state, "corrected");
}

int main(void)
{
#define WITH_HOUSE(t) cmocka_unit_test_setup_teardown(t, start, stop)
    const struct CMUnitTest tests[] = {
        WITH_HOUSE(test_iron), WITH_HOUSE(test_late_fact), WITH_HOUSE(test_not_ours), WITH_HOUSE(test_part_given), WITH_HOUSE(test_queries), WITH_HOUSE(test_uncertain),
        WITH_HOUSE(test_views), WITH_HOUSE(test_planned), WITH_HOUSE(test_notice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
