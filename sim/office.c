/* The rest of the staff: prescriber, pharmacist, technician, scheduler, biller, and a patient who asks. Each looks at
 * the page made for them and does what it shows as next. */
#include <string.h>

#include "base/dec.h"
#include "sim/day.h"
#include "sim/fhir_gen.h"

enum { PLANS_A_ROUND = 4 };

static bool is(const struct node *n, const char *name, const char *value)
{
    const char *s = node_str_at(n, name);
    return s && strcmp(s, value) == 0;
}

static const char *by(struct desk *k, const char *name, const char *value)
{
    return arena_printf(k->a, "%s=%s", name, http_escape(&k->http, k->a, value));
}

/* ---- prescriber ------------------------------------------------------------------------------------------------- */

static void make_plan(struct day *d, struct desk *k, const char *patient)
{
    const struct node *view = desk_view(k, "regimens", by(k, "patient", patient));
    const struct node *row = node_at(node_get(view, "regimens"), 0);
    struct node *answer = NULL;
    if (!row)
        return;
    const char *input = desk_input(k->a, "patient", patient, "regimen", node_str_at(row, "regimen"), "indication",
                                   node_str_at(row, "indication"), "first_day", d->today, NULL);
    if (!desk_do(k, "plan.make", input, "Reviewed with the patient's record; goes ahead", &answer))
        return;
    const char *plan = node_str_at(answer, "id");
    if (plan)
        (void)desk_do(k, "plan.sign", desk_input(k->a, "plan", plan, NULL), NULL, NULL);
}

/* What the nurse had set on the pump, halved: asked for where the page does not know what ran. */
static int64_t half_of_set(const struct guest *g)
{
    for (int i = 0; i < g->hang_count; i++)
        if (!g->hangs[i].down)
            return g->hangs[i].rate_ul_h / 2;
    return 0;
}

/* A restart the drug's table allows, at the rate it allows. */
static void order_restarts(struct day *d, struct desk *k)
{
    for (int i = 0; i < d->guest_count; i++) {
        struct guest *g = &d->guests[i];
        if (!g->held || !*g->reaction)
            continue;
        const struct node *view = desk_view(k, "bedside", by(k, "visit", g->visit));
        node_each(row, node_get(view, "reactions")) {
            int64_t rate = ul_of(node_get(row, "restart_rate"));
            rate = rate > 0 ? rate : half_of_set(g);
            if (!is(row, "id", g->reaction) || !is(row, "restart", "allowed") || rate <= 0)
                continue;
            const char *input = desk_input(k->a, "reaction", g->reaction, "#rate", ul_text(k->a, rate), NULL);
            (void)desk_do(k, "restart.order", input, NULL, NULL);
        }
    }
}

void staff_prescriber(struct day *d, struct desk *k)
{
    int made = 0;
    order_restarts(d, k);
    const struct node *view = desk_view(k, "patients", "");
    node_each(row, node_get(view, "patients")) {
        const char *patient = node_str_at(row, "id"), *plan = node_str_at(row, "plan");
        if (is(row, "plan_state", "draft"))
            (void)desk_do(k, "plan.sign", desk_input(k->a, "plan", plan, NULL), NULL, NULL);
        else if (!plan && node_str_at(row, "diagnosis") && made++ < PLANS_A_ROUND)
            make_plan(d, k, patient);
    }
    view = desk_view(k, "questions", "");
    node_each(row, node_get(view, "questions"))
        if (is(row, "state", "open"))
            (void)desk_do(k, "question.answer", desk_input(k->a, "question", node_str_at(row, "id"), "answer",
                          "Thank you for asking. Your nurse will go through it with you today.", NULL), NULL, NULL);
}

/* ---- pharmacy --------------------------------------------------------------------------------------------------- */

/* "1,250.5 mg" as the page shows it to {"value":1250.5,"unit":"mg"}. */
static const char *quantity(struct arena *a, const char *shown)
{
    const char *space = shown ? strchr(shown, ' ') : NULL;
    if (!space)
        return NULL;
    char *digits = arena_strndup(a, shown, (size_t)(space - shown)), *to = digits;
    for (const char *from = digits; *from; from++)
        if (*from != ',')
            *to++ = *from;
    *to = 0;
    return arena_printf(a, "{\"value\":%s,\"unit\":\"%s\"}", digits, space + 1);
}

/* Works out the dose alone from the order, then reads the bag. */
static void check(struct day *d, struct desk *k, const struct node *card)
{
    const char *prep = node_str_at(card, "prep"), *dose = quantity(k->a, node_str_at(card, "dose"));
    struct bag *bag = prep ? day_bag(d, prep) : NULL;
    const char *barcode = node_str_at(card, "barcode");
    if (!bag || !dose || !barcode || !*bag->volume)
        return;
    (void)desk_do(k, "prep.check",
                  desk_input(k->a, "prep", prep, "barcode", barcode, "#dose", dose, "#volume", bag->volume, NULL), NULL,
                  NULL);
}

void staff_pharmacist(struct day *d, struct desk *k)
{
    const struct node *view = desk_view(k, "pharmacy", "");
    const char *last = "";
    node_each(card, node_get(view, "cards")) {
        const char *plan = node_str_at(card, "plan");
        if (is(card, "stage", "verify") && plan && strcmp(plan, last) != 0) {
            (void)desk_do(k, "plan.verify", desk_input(k->a, "plan", plan, NULL), NULL, NULL);
            last = plan;
        } else if (is(card, "stage", "check")) {
            check(d, k, card);
        } else if (is(card, "stage", "release")) {
            (void)desk_do(k, "prep.release", desk_input(k->a, "prep", node_str_at(card, "prep"), NULL), NULL, NULL);
        }
    }
}

/* Draws up the bag the worksheet asks for; what is in it stands on the bag from then on. */
static void mix(struct day *d, struct desk *k, const struct node *card)
{
    struct node *answer = NULL;
    if (!desk_do(k, "prep.start", desk_input(k->a, "order", node_str_at(card, "order"), NULL), NULL, &answer))
        return;
    const char *prep = node_str_at(answer, "id");
    const struct node *volume = node_path(answer, "result.volume_ml");
    struct bag *bag = prep ? day_bag(d, prep) : NULL;
    if (!bag)
        return;
    if (volume && volume->text)
        snprintf(bag->volume, sizeof bag->volume, "%s", volume->text);
    (void)desk_do(k, "prep.label", desk_input(k->a, "prep", prep, NULL), NULL, NULL);
}

/* What the wholesaler delivers in the morning, as the boxes say. */
static const struct {
    const char *drug, *product, *vials;
    int64_t enough;
} deliveries[] = {
    {"ferric_carboxymaltose", "fcm_750", "40", 8}, {"ferric_carboxymaltose", "fcm_100", "60", 20},
    {"immune_globulin_10", "ig_20", "40", 8},      {"immune_globulin_10", "ig_10", "30", 6},
    {"immune_globulin_10", "ig_5", "30", 6},
};

static int64_t on_shelf(const struct node *view, const char *product)
{
    int64_t vials = 0;
    node_each(row, node_get(view, "stock"))
        if (is(row, "product", product))
            vials += ul_of(node_get(row, "vials")) / 1000;
    return vials;
}

static void unpack(struct day *d, struct desk *k)
{
    const struct node *view = desk_view(k, "stock", "");
    for (size_t i = 0; view && i < sizeof deliveries / sizeof deliveries[0]; i++) {
        if (on_shelf(view, deliveries[i].product) >= deliveries[i].enough)
            continue;
        char expires[UTC_TEXT_MAX];
        utc_date_text(k->now + 300 * UTC_DAY, d->zone, expires);
        const char *lot = arena_printf(k->a, "L%c%05u", 'A' + (int)i, (unsigned)rng_below(&d->rng, 100000));
        (void)desk_do(k, "stock.receive",
                      desk_input(k->a, "drug", deliveries[i].drug, "product", deliveries[i].product, "lot", lot,
                                 "expires", expires, "owner", "bought", "#vials", deliveries[i].vials, NULL),
                      NULL, NULL);
    }
}

void staff_technician(struct day *d, struct desk *k)
{
    if (d->rounds % 50 == 0)
        unpack(d, k);
    const struct node *view = desk_view(k, "pharmacy", "");
    node_each(card, node_get(view, "cards")) {
        const struct node *safe = node_get(card, "safe_now");
        if (!is(card, "stage", "prepare"))
            continue;
        if (is(card, "state", "started"))
            (void)desk_do(k, "prep.label", desk_input(k->a, "prep", node_str_at(card, "prep"), NULL), NULL, NULL);
        else if (safe && safe->kind == NODE_TRUE)
            mix(d, k, card);
    }
}

/* ---- scheduling ------------------------------------------------------------------------------------------------- */

/* Today if the visit may be today and there is room; else the best time of its window. */
static void book(struct day *d, struct desk *k, const struct node *row)
{
    const char *visit = node_str_at(row, "visit"), *earliest = node_str_at(row, "earliest"),
               *latest = node_str_at(row, "latest");
    bool today = earliest && latest && strcmp(earliest, d->today) <= 0 && strcmp(latest, d->today) >= 0;
    struct node *answer = NULL;
    const struct node *offer = NULL;
    if (today && desk_do(k, "visit.offer", desk_input(k->a, "visit", visit, "day", d->today, "#count", "3", NULL), NULL,
                         &answer))
        offer = node_path(answer, "result.offers[0]");
    if (!offer && desk_do(k, "visit.offer", desk_input(k->a, "visit", visit, "#count", "3", NULL), NULL, &answer))
        offer = node_path(answer, "result.offers[0]");
    if (offer)
        (void)desk_do(k, "visit.book", desk_input(k->a, "visit", visit, "offer", node_str_at(offer, "id"), NULL), NULL,
                      NULL);
    else
        desk_pause(k, "book", visit);
}

/* "Immune globulin every four weeks" is about immune_globulin_10. */
static const char *drug_of(const char *title)
{
    for (size_t i = 0; title && i < sizeof deliveries / sizeof deliveries[0]; i++) {
        const char *drug = deliveries[i].drug;
        size_t n = strcspn(drug, "0123456789"), same = 0;
        n -= n > 0 && drug[n - 1] == '_';
        while (same < n && (drug[same] == '_' ? ' ' : drug[same]) == (title[same] | 0x20))
            same++;
        if (same == n)
            return drug;
    }
    return NULL;
}

static const char *fact_says(const struct node *view, const char *visit, const char *what)
{
    node_each(fact, node_get(view, "facts"))
        if (is(fact, "visit", visit) && is(fact, "what", what))
            return node_str_at(fact, "says");
    return NULL;
}

/* The payer is asked by telephone and grants what was asked, for half a year. */
static void authorise(struct day *d, struct desk *k, const struct node *view, const struct node *row)
{
    const char *visit = node_str_at(row, "visit"), *patient = node_str_at(row, "patient"),
               *drug = drug_of(node_str_at(row, "title"));
    const char *name = fact_says(view, visit, "coverage"), *payer = name ? fhir_gen_payer(name) : NULL;
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];
    if (!payer || !drug || !patient || desk_paused(k, "authorise", patient))
        return;
    desk_pause(k, "authorise", patient); /* the second visit of a plan needs no second call */
    utc_date_text(k->now - UTC_DAY, d->zone, from);
    utc_date_text(k->now + 180 * UTC_DAY, d->zone, to);
    const char *number = arena_printf(k->a, "PA%07u", (unsigned)rng_below(&d->rng, 10000000));
    (void)desk_do(k, "authorisation.record",
                  desk_input(k->a, "patient", patient, "drug", drug, "payer", payer, "number", number, "state",
                             "granted", "start", from, "end", to, "#units", "5000", NULL),
                  NULL, NULL);
}

static void make_ready(struct day *d, struct desk *k)
{
    const struct node *view = desk_view(k, "ready", "");
    node_each(fact, node_get(view, "facts")) {
        const char *visit = node_str_at(fact, "visit");
        if (!visit || !is(fact, "what", "authorisation") || is(fact, "state", "ready"))
            continue;
        node_each(row, node_get(view, "visits"))
            if (is(row, "visit", visit))
                authorise(d, k, view, row);
    }
}

void staff_scheduler(struct day *d, struct desk *k)
{
    const struct node *view = desk_view(k, "due", "");
    node_each(row, node_get(view, "visits"))
        if (is(row, "state", "due") && !desk_paused(k, "book", node_str_at(row, "visit")))
            book(d, k, row);
    if (k->did > 0 || d->rounds % 20 == 0)
        make_ready(d, k);
}

/* ---- money ------------------------------------------------------------------------------------------------------ */

void staff_biller(struct day *d, struct desk *k)
{
    const struct node *view = desk_view(k, "charges", arena_printf(k->a, "day=%s", d->today)); /* also after midnight */
    node_each(row, node_get(view, "visits")) {
        const char *input = desk_input(k->a, "visit", node_str_at(row, "visit"), NULL);
        const struct node *late = node_get(row, "late");
        if (is(row, "state", "open") || (late && late->kind == NODE_TRUE))
            (void)desk_do(k, "charge.make", input, NULL, NULL);
        else if (is(row, "state", "made") || is(row, "state", "corrected"))
            (void)desk_do(k, "charge.finalise", input, NULL, NULL);
    }
}

void staff_patient(struct day *d, struct desk *k)
{
    (void)d;
    const char *patient = k->http.patient;
    if (*patient && !k->asked)
        k->asked = desk_do(k, "question.ask", desk_input(k->a, "patient", patient, "text",
                           "May I drive home after the infusion?", NULL), NULL, NULL);
}
