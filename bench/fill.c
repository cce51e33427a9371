/* bench-fill: a store as a centre has it after years, appended through the ledger as the server would.
 *
 * usage: bench-fill --db URL --clock CLOCK [--floor N] [--events N]
 * The store must have its site and people (venule serve --demo makes them). --events: finished visits, spread over the
 * years before, until the ledger has N events. --floor: then N patients in N chairs, their immune globulin running on
 * registered pumps VB0001…, each with its facts so far. The same arguments give the same store.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "care/events.h"
#include "record/runtime.h"
#include "serve/now.h"

enum { BATCH_EVENTS = 4000, VISITS_A_DAY = 60, PATIENT_VISITS = 12, NURSES_MAX = 64, FLOOR_MAX = 500 };

struct fill {
    struct store *store;
    struct arena *a, *keep;
    struct tx t;
    utc_t now;            /* care time */
    utc_t at;             /* of the next event */
    int64_t began;        /* seq at which the batch began */
    const char *nurses[NURSES_MAX], *patients[PATIENT_VISITS];
    int nurse_count;
    int64_t made;         /* patients */
    const char **chairs;
    const char *content;  /* release in force, as plans name it */
    uint64_t dice;
};

static void stop(const struct err *e)
{
    fprintf(stderr, "bench-fill: %s: %s\n", e->where, e->text);
    exit(1);
}

static uint64_t roll(struct fill *f, uint64_t sides)
{
    f->dice = f->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (f->dice >> 33) % sides;
}

static void begin(struct fill *f)
{
    struct err e = {.kind = ERR_NONE};
    arena_reset(f->a);
    if (!tx_begin(&f->t, f->store, f->a, 1, &care_event_types, &e))
        stop(&e);
    f->began = f->t.seq;
}

static void commit(struct fill *f)
{
    struct err e = {.kind = ERR_NONE};
    if (!tx_commit(&f->t, &e))
        stop(&e);
}

static void emit(struct fill *f, const struct event_type *type, const void *rec, const char *fields)
{
    struct err e = {.kind = ERR_NONE};
    const struct event_head h = {.happened = f->at, .recorded = f->at, .clock = "server", .offset_us = 0, .actor = f->nurses[0], .command = "bench.fill"};
    if (!event_append(&f->t, type, &h, rec, fields, &e))
        stop(&e);
}

static const char *new_id(struct fill *f, const char *type)
{
    return tx_next_id(&f->t, type);
}

static const char *day_of(struct fill *f, utc_t t)
{
    char text[UTC_TEXT_MAX];
    return arena_strdup(f->a, utc_date_text(t, NULL, text));
}

/* ---- the house ------------------------------------------------------------------------------------------------------ */

static void read_people(struct fill *f)
{
    struct staff *s;
    int n;
    struct err e = {.kind = ERR_NONE};
    struct content_release *release;
    if (!table_list(&f->t, &record_content_release, "TRUE ORDER BY at DESC, id LIMIT 1", NO_VALS, &release, &n, &e))
        stop(&e);
    f->content = n ? arena_strdup(f->keep, release[0].id) : "bench";
    if (!table_list(&f->t, &record_staff, "TRUE ORDER BY id", NO_VALS, &s, &n, &e))
        stop(&e);
    for (int i = 0; i < n && f->nurse_count < NURSES_MAX; i++)
        if (strcmp(s[i].roles, "nurse") == 0)
            f->nurses[f->nurse_count++] = arena_strdup(f->keep, s[i].id);
    if (!f->nurse_count) {
        err_set(&e, ERR_NOT_FOUND, "--db", "there is no nurse: start venule serve --demo on it once");
        stop(&e);
    }
}

/* Chairs until there are n, and n pumps. */
static void make_house(struct fill *f, int n)
{
    struct chair *list;
    f->chairs = ARENA_ARRAY(f->keep, (size_t)n + 1, const char *);
    begin(f);
    int there;
    struct err e = {.kind = ERR_NONE};
    for (int k = 0; k < n; k++) {
        BLANK(pump, p);
        p.id = arena_printf(f->a, "VB%04d", k + 1);
        p.model = "Bench LVP";
        p.channels = 1;
        p.active = 1;
        emit(f, &ev_pump_added, &p, NULL);
    }
    for (int k = 0;; k++) {
        if (!table_list(&f->t, &record_chair, "active=1 ORDER BY place, id", NO_VALS, &list, &there, &e))
            stop(&e);
        for (int i = 0; i < n && there >= n; i++)
            f->chairs[i] = arena_strdup(f->keep, list[i].id);
        if (there >= n)
            break;
        BLANK(chair, c);
        c.id = arena_printf(f->a, "Z%03d", k + 1);
        c.pod = "Z";
        c.bed = 0;
        c.place = 1000 + k;
        c.active = 1;
        emit(f, &ev_chair_added, &c, NULL);
    }
    commit(f);
}

/* ---- a patient, a plan, a visit -------------------------------------------------------------------------------------- */

static const char *make_patient(struct fill *f)
{
    static const char *const families[] = {"Adler", "Bauer", "Castro", "Dahl", "Ekwall", "Fontaine", "Gruber", "Hansen", "Ibarra", "Jansen"};
    static const char *const given[] = {"Ada", "Bo", "Cleo", "Dag", "Eva", "Finn", "Gro", "Hal", "Ida", "Jon"};
    struct patient p;
    struct observation w;
    record_blank(&record_patient, &p);
    int64_t n = ++f->made;
    const char *id = p.id = new_id(f, "patient");
    p.mrn = arena_printf(f->a, "B%07lld", (long long)n);
    p.family = families[roll(f, 10)];
    p.given = given[roll(f, 10)];
    p.born = arena_printf(f->a, "%d-%02d-%02d", 1940 + (int)roll(f, 60), 1 + (int)roll(f, 12), 1 + (int)roll(f, 28));
    p.sex = roll(f, 2) ? "female" : "male";
    p.allergies = "none known";
    p.travel = 20;
    emit(f, &ev_patient_recorded, &p, NULL);
    record_blank(&record_observation, &w);
    w.id = new_id(f, "observation");
    w.patient = id;
    w.name = "weight";
    w.value = qty_lit("70.0 kg");
    w.taken = f->at;
    w.source = "import";
    emit(f, &ev_observation_recorded, &w, NULL);
    return id;
}

struct stay {
    const char *patient, *plan, *visit, *order, *prep, *infusion, *chair, *nurse, *pump;
    utc_t start; /* of the visit */
};

static const char steps[] = "[{\"rate\":42.0,\"minutes\":30},{\"rate\":84.0,\"minutes\":30},{\"rate\":168.0,\"minutes\":30},{\"rate\":210.0,\"minutes\":null}]";

static void make_plan(struct fill *f, struct stay *s)
{
    BLANK(plan, p);
    BLANK(visit, v);
    BLANK(med_order, o);
    s->plan = p.id = new_id(f, "plan");
    p.patient = s->patient;
    p.regimen = "ivig_pid";
    p.title = "Immune globulin every four weeks";
    p.indication = "D83.9";
    p.indication_text = "Common variable immunodeficiency, unspecified";
    p.state = "draft";
    p.version = 1;
    p.content = f->content;
    p.prescriber = f->nurses[0];
    p.first_day = day_of(f, s->start);
    emit(f, &ev_plan_made, &p, NULL);
    s->visit = v.id = new_id(f, "visit");
    v.plan = s->plan;
    v.patient = s->patient;
    v.number = 1;
    v.due = v.earliest = v.latest = p.first_day;
    v.state = "due";
    v.setup_min = 30;
    v.drug_min = 150;
    v.observe_min = 0;
    emit(f, &ev_visit_planned, &v, NULL);
    s->order = o.id = new_id(f, "med_order");
    o.plan = s->plan;
    o.visit = s->visit;
    o.patient = s->patient;
    o.drug = "immune_globulin_10";
    o.drug_name = "immune globulin 10 %";
    o.place = 1;
    o.role = "treatment";
    o.method = "pump";
    o.dose = qty_lit("35 g");
    o.volume = dec_lit("350");
    o.steps = steps;
    o.max_rate = dec_lit("350");
    o.minutes = 150;
    o.weight = dec_lit("70.0");
    o.state = "draft";
    o.version = 1;
    o.proof = "{\"formula\":\"dose = weight × 500 mg/kg\",\"inputs\":{\"weight\":{\"value\":70.0,\"unit\":\"kg\"}},\"rounded\":\"35 g\"}";
    emit(f, &ev_order_made, &o, NULL);
    p.state = "verified";
    p.signed_at = p.verified_at = f->at;
    p.verified_by = f->nurses[0];
    emit(f, &ev_plan_verified, &p, "state signed_at verified_by verified_at");
    o.state = "verified";
    emit(f, &ev_order_verified, &o, "state");
}

static void visit_to(struct fill *f, const struct stay *s, const struct event_type *type, const char *state, const char *fields)
{
    BLANK(visit, v);
    v.id = s->visit;
    v.state = state;
    v.start = s->start;
    v.end = s->start + 180 * UTC_MINUTE;
    v.chair = s->chair;
    v.nurse = s->nurse;
    v.arrived_at = v.ok_at = v.line_at = v.left_at = f->at;
    v.ok_by = s->nurse;
    v.line = "22 G, left forearm";
    emit(f, type, &v, fields);
}

static void take_vitals(struct fill *f, const struct stay *s, const char *phase)
{
    BLANK(vital_signs, v);
    v.id = new_id(f, "vital_signs");
    v.visit = s->visit;
    v.patient = s->patient;
    v.phase = phase;
    v.at = f->at;
    v.temp = dec_lit("36.8");
    v.hr = 72;
    v.rr = 14;
    v.sbp = 124;
    v.dbp = 78;
    v.spo2 = 98;
    v.oxygen = 0;
    v.acvpu = "A";
    v.news2 = 0;
    v.news2_parts = "{}";
    v.taker = s->nurse;
    emit(f, &ev_vitals_recorded, &v, NULL);
}

static void ask_screens(struct fill *f, const struct stay *s)
{
    static const char *const kinds[] = {"arrival", "infection"};
    for (int i = 0; i < 2; i++) {
        BLANK(screen, x);
        x.id = new_id(f, "screen");
        x.visit = s->visit;
        x.patient = s->patient;
        x.kind = kinds[i];
        x.answers = "{\"unwell\":\"no\",\"fever\":\"no\"}";
        x.positive = "[]";
        x.at = f->at;
        x.taker = s->nurse;
        emit(f, &ev_screen_recorded, &x, NULL);
    }
}

static void prepare(struct fill *f, struct stay *s)
{
    BLANK(prep, p);
    s->prep = p.id = new_id(f, "prep");
    p.med_order = s->order;
    p.order_version = 1;
    p.visit = s->visit;
    p.patient = s->patient;
    p.drug = "immune_globulin_10";
    p.state = "started";
    p.dose = qty_lit("35 g");
    p.vials = "[{\"stock\":\"bench\",\"product\":\"ig10_20\",\"lot\":\"L1\",\"expires\":\"2027-12-31\",\"owner\":\"bought\",\"count\":2,\"amount\":20000}]";
    p.waste = qty_lit("5 g");
    p.drug_ml = p.volume = dec_lit("350");
    p.concentration = qty_lit("0.1 g/mL");
    p.beyond_use = f->at + 8 * UTC_HOUR;
    p.barcode = arena_printf(f->a, "(21)%s", p.id);
    p.made_by = f->nurses[0];
    p.made_at = f->at;
    emit(f, &ev_prep_started, &p, NULL);
    p.state = "released";
    p.checked_by = p.released_by = f->nurses[0];
    p.checked_at = p.released_at = f->at;
    emit(f, &ev_prep_released, &p, "state checked_by checked_at released_by released_at");
    p.state = "hung";
    emit(f, &ev_prep_hung, &p, "state");
}

static void associate(struct fill *f, struct stay *s)
{
    BLANK(infusion, i);
    s->infusion = i.id = new_id(f, "infusion");
    i.visit = s->visit;
    i.patient = s->patient;
    i.med_order = s->order;
    i.prep = s->prep;
    i.drug = "immune_globulin_10";
    i.drug_name = "immune globulin 10 %";
    i.method = "pump";
    i.pump = s->pump;
    i.channel = "A";
    i.ordered_ml = dec_lit("350");
    i.concentration = qty_lit("0.1 g/mL");
    i.state = "associated";
    i.certainty = "certain";
    i.volume = i.kvo_ml = dec_int(0);
    i.associated_at = f->at;
    i.nurse = s->nurse;
    emit(f, &ev_infusion_associated, &i, NULL);
    static const char *const what[] = {"patient", "bag", "pump", "badge"};
    for (int k = 0; k < 4; k++) {
        BLANK(scan, c);
        c.id = new_id(f, "scan");
        c.visit = s->visit;
        c.infusion = s->infusion;
        c.what = what[k];
        c.code = "bench";
        c.typed = 0;
        c.nurse = s->nurse;
        c.at = f->at;
        emit(f, &ev_code_scanned, &c, NULL);
    }
    BLANK(med_order, o);
    o.id = s->order;
    o.state = "running";
    emit(f, &ev_order_running, &o, "state");
}

static void fact(struct fill *f, const struct stay *s, const char *kind, struct dec rate, struct dec total)
{
    BLANK(flow_fact, x);
    x.id = new_id(f, "flow_fact");
    x.infusion = s->infusion;
    x.pump = s->pump;
    x.channel = "A";
    x.kind = kind;
    x.happened = f->at;
    x.sender = "bench";
    x.message = x.id;
    x.source = "pump";
    x.rate = rate;
    x.total = total;
    emit(f, &ev_flow_recorded, &x, NULL);
}

/* The steps of the order with a counter sample every five minutes, to the end of the bag or until `until`. */
static void flow(struct fill *f, struct stay *s, utc_t until)
{
    static const int rates[] = {42, 84, 168, 210}; /* mL/h */
    int64_t ul = 0;
    fact(f, s, "associate", DEC_NONE, dec_int(0));
    for (int minute = 0; f->at < until && ul < 350000; minute += 5) {
        int step = minute / 30 > 3 ? 3 : minute / 30;
        fact(f, s, minute == 0 ? "start" : minute % 30 == 0 && minute <= 90 ? "rate" : "counter", dec_int(rates[step]),
             DEC(ul / 100, 1));
        ul += (int64_t)rates[step] * 1000 * 5 / 60;
        f->at += 5 * UTC_MINUTE;
        if (minute == 0)
            visit_to(f, s, &ev_visit_treating, "treating", "state");
        if (minute == 15 || (minute % 30 == 0 && minute > 0))
            take_vitals(f, s, "during");
    }
    if (ul >= 350000)
        fact(f, s, "complete", DEC_NONE, dec_lit("350"));
}

static void to_the_chair(struct fill *f, struct stay *s)
{
    visit_to(f, s, &ev_visit_booked, "booked", "state start end chair nurse");
    f->at = s->start;
    visit_to(f, s, &ev_visit_arrived, "arrived", "state arrived_at");
    ask_screens(f, s);
    take_vitals(f, s, "baseline");
    visit_to(f, s, &ev_line_placed, "arrived", "line line_at");
    visit_to(f, s, &ev_visit_ok, "ok", "state ok_at ok_by");
    prepare(f, s);
    associate(f, s);
}

/* ---- the claim ---------------------------------------------------------------------------------------------------------- */

static void charge(struct fill *f, const struct stay *s)
{
    static const char *const roles[] = {"TPD_INF_INIT", "TPD_INF_ADDL", "DRUG", "DRUG_WASTE"};
    BLANK(charge, c);
    const char *id = c.id = arena_printf(f->a, "%s-charge", s->visit);
    c.visit = s->visit;
    c.patient = s->patient;
    c.state = "made";
    c.pack = "bench";
    c.revision = 1;
    c.facts = "bench";
    c.total = dec_lit("2375.00");
    c.at = f->at;
    emit(f, &ev_charge_made, &c, NULL);
    for (int i = 0; i < 4; i++) {
        BLANK(charge_line, l);
        l.id = new_id(f, "charge_line");
        l.charge = id;
        l.visit = s->visit;
        l.revision = 1;
        l.place = i + 1;
        l.role = roles[i];
        l.units = 1 + i;
        l.amount = dec_lit("593.75");
        l.says = "one line of the benchmark's charge";
        emit(f, &ev_charge_line_made, &l, NULL);
    }
    c.state = "final";
    c.final_by = f->nurses[0];
    emit(f, &ev_charge_final, &c, "state final_by");
}

static void finish(struct fill *f, const struct stay *s)
{
    BLANK(med_order, o);
    BLANK(prep, p);
    BLANK(plan, plan);
    o.id = s->order;
    o.state = "given";
    p.id = s->prep;
    p.state = "used";
    plan.id = s->plan;
    plan.state = "completed";
    fact(f, s, "disassociate", DEC_NONE, dec_lit("350"));
    emit(f, &ev_order_given, &o, "state");
    emit(f, &ev_prep_used, &p, "state");
    take_vitals(f, s, "end");
    visit_to(f, s, &ev_visit_discharged, "done", "state left_at");
    emit(f, &ev_plan_completed, &plan, "state");
    charge(f, s);
}

/* ---- filling ----------------------------------------------------------------------------------------------------------- */

/* The pump spoke a moment ago: it is not silent, and its next sample is due in five minutes. */
static void heard(struct fill *f, const struct stay *s)
{
    struct err e = {.kind = ERR_NONE};
    BLANK(pump_live, l);
    l.id = arena_printf(f->a, "%s/A", s->pump);
    l.pump = s->pump;
    l.channel = "A";
    l.heard = l.observed = l.sampled = f->now;
    l.offset_us = 0;
    l.status = "delivering";
    l.rate = dec_int(210);
    l.total = dec_lit("340.00");
    if (!runtime_put(&f->t, &record_pump_live, &l, &e))
        stop(&e);
}

static void fill_floor(struct fill *f, int n)
{
    for (int i = 0; i < n; i++) {
        begin(f);
        struct stay s = {.chair = f->chairs[i], .nurse = f->nurses[i % f->nurse_count], .pump = arena_printf(f->a, "VB%04d", i + 1),
                         .start = f->now - (10 + i * 120 / n) * UTC_MINUTE};
        f->at = s.start - 3 * UTC_DAY;
        s.patient = make_patient(f);
        make_plan(f, &s);
        to_the_chair(f, &s);
        flow(f, &s, f->now - UTC_MINUTE);
        heard(f, &s);
        commit(f);
    }
}

static void one_visit(struct fill *f, int64_t k, int pumps)
{
    int who = (int)(k % PATIENT_VISITS); /* a dozen patients at a time, each for a dozen visits four weeks apart */
    if ((k / PATIENT_VISITS) % PATIENT_VISITS == 0)
        f->patients[who] = arena_strdup(f->keep, make_patient(f));
    struct stay s = {.patient = f->patients[who], .chair = arena_printf(f->a, "A%d", 1 + (int)(k % 6)), .nurse = f->nurses[k % f->nurse_count],
                     .pump = arena_printf(f->a, "VB%04d", 1 + (int)(k % pumps))};
    s.start = f->at;
    make_plan(f, &s);
    to_the_chair(f, &s);
    flow(f, &s, f->at + UTC_DAY);
    finish(f, &s);
}

static void fill_history(struct fill *f, int64_t events, int pumps)
{
    utc_t day = f->now;
    begin(f);
    int64_t per_visit = 50, visits = (events - f->t.seq) / per_visit + 1;
    day -= (visits / VISITS_A_DAY + 30) * UTC_DAY; /* the last ends weeks ago at least: no view of today meets it */
    for (int64_t k = 0; f->t.seq < events; k++) {
        f->at = day + k / VISITS_A_DAY * UTC_DAY + (utc_t)roll(f, 6) * UTC_HOUR;
        one_visit(f, k, pumps);
        if (f->t.seq - f->began > BATCH_EVENTS) {
            commit(f);
            begin(f);
        }
    }
    commit(f);
}

static int64_t number(const char *text)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    if (*end || n < 0) {
        fprintf(stderr, "bench-fill: %s is no number\n", text);
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    const char *db = NULL, *clock = NULL;
    int64_t events = 0, floor = 0;
    struct err e = {.kind = ERR_NONE};
    struct clock c;
    struct fill f = {.dice = 7};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--db") == 0) db = argv[i + 1];
        else if (strcmp(argv[i], "--clock") == 0) clock = argv[i + 1];
        else if (strcmp(argv[i], "--events") == 0) events = number(argv[i + 1]);
        else if (strcmp(argv[i], "--floor") == 0) floor = number(argv[i + 1]);
    }
    if (!db || !clock || floor > FLOOR_MAX || sodium_init() < 0) {
        fprintf(stderr, "usage: bench-fill --db URL --clock CLOCK [--floor N] [--events N]\n");
        return 2;
    }
    if (!clock_read(clock, now_real(), &c, &e) || !store_open(db, false, &f.store, &e) || !ledger_create(f.store, &e))
        stop(&e);
    f.now = clock_care(&c, now_real());
    f.a = arena_new();
    f.keep = arena_new();
    begin(&f);
    read_people(&f);
    commit(&f);
    make_house(&f, floor ? (int)floor : 100);
    if (events)
        fill_history(&f, events, floor ? (int)floor : 100);
    fill_floor(&f, (int)floor);
    begin(&f);
    printf("%lld events\n", (long long)f.t.seq);
    commit(&f);
    store_close(f.store);
    arena_free(f.a);
    arena_free(f.keep);
    return 0;
}
