/* The nurse at the bedside: one visit after the other, what is urgent first, from the bedside view, the patient's own
 * words and the pump's display. */
#include <string.h>

#include "base/dec.h"
#include "sim/day.h"

enum {
    WALK_S = 60,
    ARRIVE_MIN = 3,
    SCREEN_MIN = 2,
    VITALS_MIN = 3,
    LINE_MIN = 5,
    HANG_MIN = 4,
    FLUSH_MIN = 2,
    CALM_MIN = 15,
    BASELINE_MIN = 45,
    LATE_FIRST_MIN = 3, /* a start charted late */
    LATE_LAST_MIN = 15,
    SCAN_FIRST_MIN = 1, /* a bag scanned after it was started */
    SCAN_LAST_MIN = 6,
    REACTIONS_BORNE = 3 /* of one infusion, before it is left at that */
};

struct round {
    struct day *d;
    struct desk *k;
    struct guest *g;
    const struct node *view; /* bedside */
};

static const struct node *rows(const struct round *r, const char *name)
{
    return node_get(r->view, name);
}

static bool is(const struct node *n, const char *name, const char *value)
{
    const char *s = node_str_at(n, name);
    return s && strcmp(s, value) == 0;
}

static void busy(struct round *r, int minutes)
{
    r->g->busy_until = r->k->now + minutes * UTC_MINUTE;
}

static void keep(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

/* ---- who sits there --------------------------------------------------------------------------------------------- */

/* The patient's real weight is what the scale shows: near the last one in the record. */
static void meet(struct round *r)
{
    struct guest *g = r->g;
    const struct node *banner = rows(r, "banner");
    keep(g->mrn, sizeof g->mrn, node_str_at(banner, "mrn"));
    keep(g->plan, sizeof g->plan, node_str_at(rows(r, "visit"), "plan"));
    if (g->has_body || !*g->mrn)
        return;
    const char *weight = node_str_at(banner, "weight");
    size_t digits = weight ? strspn(weight, "0123456789.") : 0;
    struct dec kg = dec_int(75);
    struct err e = {0};
    int64_t grams = 75000;
    if (digits && !dec_parse(weight, digits, &kg, &e))
        kg = dec_int(75);
    if (!dec_to_int(dec_mul(kg, dec_int(1000)), DEC_HALF_AWAY, &grams))
        grams = 75000;
    uint64_t who = 0;
    for (const char *s = g->mrn; *s; s++)
        who = who * 31 + (unsigned char)*s;
    grams += grams * rng_range(&r->d->rng, -8, 8) / 1000;
    body_init(&g->body, r->d->o.seed, who, (int)grams, r->d->o.reactions);
    g->has_body = true;
}

static void arrive(struct round *r)
{
    struct guest *g = r->g;
    if (g->start != UTC_NONE && r->k->now >= g->start + g->late_s * UTC_SECOND &&
        desk_do(r->k, "visit.arrive", desk_input(r->k->a, "visit", g->visit, NULL), NULL, NULL))
        busy(r, ARRIVE_MIN);
}

static bool measure(struct round *r, const char *phase)
{
    struct guest *g = r->g;
    struct arena *a = r->k->a;
    body_advance(&g->body, r->k->now, 0);
    struct vitals v = body_measure(&g->body, r->k->now);
    const char acvpu[2] = {v.acvpu, 0};
    const char *input = desk_input(a, "visit", g->visit, "phase", phase, "#temp",
        arena_printf(a, "%d.%d", v.temp_tenths / 10, v.temp_tenths % 10), "#hr", arena_printf(a, "%d", v.hr), "#rr",
        arena_printf(a, "%d", v.rr), "#sbp", arena_printf(a, "%d", v.sbp), "#dbp", arena_printf(a, "%d", v.dbp),
        "#spo2", arena_printf(a, "%d", v.spo2), "#oxygen", "false", "acvpu", acvpu, NULL);
    return desk_do(r->k, "vitals.record", input, NULL, NULL);
}

/* How someone who is well answers: yes to having eaten, a 1 on a scale, else no. */
static const char *well(const struct node *question)
{
    const char *text = node_str_at(question, "text");
    if (is(question, "answer", "scale"))
        return "1";
    return text && strstr(text, "eaten") ? "yes" : "no";
}

static bool ask_screen(struct round *r, const char *kind)
{
    struct arena *a = r->k->a;
    const char *answers = NULL;
    node_each(q, rows(r, "screens")) if (is(q, "kind", kind)) answers = arena_printf(
        a, "%s%s\"%s\":\"%s\"", answers ? answers : "{", answers ? "," : "", node_str_at(q, "id"), well(q));
    return desk_do(r->k, "screen.record", desk_input(a, "visit", r->g->visit, "kind", kind, "#answers",
                   arena_printf(a, "%s}", answers), NULL), NULL, NULL);
}

/* Every screen the page asks for and nobody has asked yet. */
static bool screens(struct round *r)
{
    const char *last = "";
    bool all = true;
    node_each(q, rows(r, "screens")) {
        const char *kind = node_str_at(q, "kind");
        const struct node *done = node_get(q, "done");
        if (!kind || strcmp(kind, last) == 0)
            continue;
        last = kind;
        if (!done || done->kind != NODE_TRUE)
            all = ask_screen(r, kind) && all;
    }
    return all;
}

/* ---- hanging, starting, taking down ----------------------------------------------------------------------------- */

static struct hang *hang_of(struct guest *g, const char *order)
{
    for (int i = 0; i < g->hang_count; i++)
        if (strcmp(g->hangs[i].order, order) == 0)
            return &g->hangs[i];
    return NULL;
}

static struct hang *hang_up_now(struct guest *g)
{
    for (int i = 0; i < g->hang_count; i++)
        if (!g->hangs[i].down)
            return &g->hangs[i];
    return NULL;
}

static void pump_trouble(struct round *r, const struct hang *h, const struct err *e)
{
    desk_say(r->k, "pump %s does not answer: %s", h->serial, e->text);
}

/* Somebody else who sits here: whose wristband a hand may take by mistake. */
static const char *neighbour(const struct day *d, const struct guest *g)
{
    for (int i = 0; i < d->guest_count; i++)
        if (&d->guests[i] != g && *d->guests[i].mrn && !guest_over(&d->guests[i]))
            return d->guests[i].mrn;
    return NULL;
}

static void start(struct round *r, struct hang *h, const struct node *drug);

static const char *scans(struct round *r, const struct node *drug, const char *wristband, const struct unit *u)
{
    return desk_input(r->k->a, "visit", r->g->visit, "patient_code", wristband, "bag_code",
                      node_str_at(drug, "bag_code"), "pump_code", u->serial, "channel", "A", "badge_code",
                      r->k->http.badge, NULL);
}

static void hang_of_bag(struct round *r, struct unit *u, const struct node *drug)
{
    struct guest *g = r->g;
    struct hang *h = &g->hangs[g->hang_count++];
    struct unit_display shown = {0};
    *h = (struct hang){.pump = u, .start = UTC_NONE, .end = UTC_NONE, .alarmed = UTC_NONE, .chart_at = UTC_NONE};
    u->taken = true;
    keep(h->order, sizeof h->order, node_str_at(drug, "order"));
    keep(h->drug, sizeof h->drug, node_str_at(drug, "drug"));
    keep(h->prep, sizeof h->prep, node_str_at(drug, "prep"));
    keep(h->serial, sizeof h->serial, u->serial);
    h->lost_before = unit_look(u, &shown, &(struct err){0}) ? shown.lost : 0;
    r->d->infusions++;
}

/* Staff err too, by seed. */
static bool slips(struct round *r)
{
    return rng_chance(&r->d->rng, r->d->o.slips);
}

/* Four scans, and the bag belongs to this patient on this pump. */
static void hang_up(struct round *r, const struct node *drug)
{
    struct guest *g = r->g;
    struct unit *u = rack_free_unit(&r->d->rack);
    struct node *answer = NULL;
    if (!u || g->hang_count == HANGS_MAX)
        return;
    const char *other = slips(r) ? neighbour(r->d, g) : NULL;
    if (other && desk_do(r->k, "give.associate", scans(r, drug, other, u), NULL, NULL))
        desk_say(r->k, "DEFECT: the wristband of %s was taken for %s", other, g->mrn);
    if (slips(r)) { /* hung and started first, scanned after */
        hang_of_bag(r, u, drug);
        start(r, &g->hangs[g->hang_count - 1], drug);
        if (g->hangs[g->hang_count - 1].started)
            return;
        g->hang_count--; /* it would not start: as usual then */
        r->d->infusions--;
        u->taken = false;
    }
    if (!desk_do(r->k, "give.associate", scans(r, drug, g->mrn, u), NULL, &answer))
        return;
    hang_of_bag(r, u, drug);
    struct hang *h = &g->hangs[g->hang_count - 1];
    keep(h->infusion, sizeof h->infusion, node_str_at(answer, "id"));
    busy(r, HANG_MIN);
}

/* The scan that was forgotten: now while it runs, or told for when it was started. */
static void scan_after(struct round *r, struct hang *h, const struct node *drug)
{
    struct node *answer = NULL;
    const char *input = scans(r, drug, r->g->mrn, h->pump);
    bool runs = strcmp(h->shown.state, "running") == 0;
    if (runs ? desk_do(r->k, "give.associate", input, NULL, &answer)
             : desk_did(r->k, "give.associate", input, h->start, &answer))
        keep(h->infusion, sizeof h->infusion, node_str_at(answer, "id"));
}

static int64_t given_ul(const struct hang *h)
{
    return h->before_ul + h->shown.drug_ul;
}

static const char *flow_input(struct arena *a, const struct hang *h, const char *what, int64_t ul)
{
    return desk_input(a, "infusion", h->infusion, what, ul < 0 ? NULL : ul_text(a, ul), NULL);
}

static void chart_start(struct round *r, struct hang *h)
{
    (void)desk_did(r->k, "give.start", flow_input(r->k->a, h, "#rate", h->rate_ul_h), h->start, NULL);
    h->chart_at = UTC_NONE;
}

/* Program the pump as ordered, press start, record it. */
static void start(struct round *r, struct hang *h, const struct node *drug)
{
    struct err e = {0};
    h->to_give_ul = ul_of(node_get(drug, "ordered"));
    h->rate_ul_h = ul_of(node_get(drug, "first_rate"));
    if (h->to_give_ul <= 0 || h->rate_ul_h <= 0) {
        desk_say(r->k, "infusion %s: no volume or first rate on the page", h->infusion);
        return;
    }
    if (!unit_program(h->pump, h->drug, h->rate_ul_h, h->to_give_ul, &e) || !unit_start(h->pump, &e)) {
        pump_trouble(r, h, &e);
        return;
    }
    h->started = true;
    h->start = r->k->now;
    h->top_rate_ul_h = h->rate_ul_h;
    body_meets(&r->g->body, h->drug);
    if (!*h->infusion) {
        desk_say(r->k, "slip: %s is started and not scanned", h->serial);
        h->chart_at = r->k->now + rng_range(&r->d->rng, SCAN_FIRST_MIN, SCAN_LAST_MIN) * UTC_MINUTE;
    } else if (slips(r))
        desk_say(r->k, "slip: the start of %s is not charted", h->infusion);
    else if (slips(r))
        h->chart_at = r->k->now + rng_range(&r->d->rng, LATE_FIRST_MIN, LATE_LAST_MIN) * UTC_MINUTE;
    else
        chart_start(r, h);
    busy(r, 1);
}

static void set_rate(struct round *r, struct hang *h, int64_t rate_ul_h, const char *command)
{
    struct err e = {0};
    bool pressed =
        unit_rate(h->pump, rate_ul_h, &e) && (strcmp(command, "give.resume") != 0 || unit_start(h->pump, &e));
    if (!pressed) {
        pump_trouble(r, h, &e);
        return;
    }
    h->rate_ul_h = rate_ul_h;
    h->top_rate_ul_h = rate_ul_h > h->top_rate_ul_h ? rate_ul_h : h->top_rate_ul_h;
    (void)desk_did(r->k, command, flow_input(r->k->a, h, "#rate", rate_ul_h), r->k->now, NULL);
}

/* The bag is in: stop, and say what the display shows. */
static void end(struct round *r, struct hang *h)
{
    struct err e = {0};
    if (!unit_stop(h->pump, &e) || !unit_look(h->pump, &h->shown, &e)) {
        pump_trouble(r, h, &e);
        return;
    }
    h->ended = true;
    h->end = r->k->now;
    if (slips(r))
        desk_say(r->k, "slip: the stop of %s is not charted", h->infusion);
    else
        (void)desk_do(r->k, "give.stop", flow_input(r->k->a, h, "#volume", given_ul(h)),
                  h->shown.left_ul > 0 ? "Stopped after a reaction" : NULL, NULL);
    busy(r, 1);
}

static void truth_line(struct day *d, const struct guest *g, const struct hang *h, bool whole)
{
    struct arena *a = arena_new();
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];
    fprintf(d->truth, "%s\n",
            desk_input(a, "infusion", h->infusion, "visit", g->visit, "patient", g->patient, "order", h->order, "bag",
                       h->prep, "drug", h->drug, "pump", h->serial, "channel", "A", "start",
                       h->start == UTC_NONE ? NULL : utc_text(h->start, from), "end",
                       h->end == UTC_NONE ? NULL : utc_text(h->end, to), "#volume", ul_text(a, given_ul(h)), "#kvo",
                       ul_text(a, h->kvo_before_ul + h->shown.kvo_ul), "#rate", ul_text(a, h->top_rate_ul_h), "#step",
                       ul_text(a, h->shown.step_ul), "#whole", whole ? "true" : "false", "#lost",
                       arena_printf(a, "%lld", (long long)(h->shown.lost - h->lost_before)), NULL));
    fflush(d->truth);
    arena_free(a);
}

/* Flush by hand with two syringes, disconnect, free the pump. */
static void take_down(struct round *r, struct hang *h)
{
    struct err e = {0};
    struct arena *a = r->k->a;
    if (!h->flushed) {
        h->flushed = desk_did(r->k, "give.flush", flow_input(a, h, "#volume", 20000), r->k->now, NULL);
        busy(r, FLUSH_MIN);
        return;
    }
    if (!desk_did(r->k, "give.disconnect", flow_input(a, h, "#volume", -1), r->k->now, NULL))
        return;
    struct unit_display shown = {0};
    if (unit_look(h->pump, &shown, &e))
        h->shown.lost = shown.lost;
    if (!unit_clear(h->pump, &e))
        pump_trouble(r, h, &e);
    truth_line(r->d, r->g, h, true);
    h->pump->taken = false;
    h->pump = NULL;
    h->down = true;
    (void)measure(r, "end");
}

void day_close_truth(struct day *d)
{
    for (int i = 0; i < d->guest_count; i++)
        for (int k = 0; k < d->guests[i].hang_count; k++) {
            struct hang *h = &d->guests[i].hangs[k];
            struct err e = {0};
            if (!h->down && unit_look(h->pump, &h->shown, &e))
                truth_line(d, &d->guests[i], h, false);
        }
}

/* ---- a reaction ------------------------------------------------------------------------------------------------- */

static void record_reaction(struct round *r, const struct hang *h, const char *symptoms)
{
    struct guest *g = r->g;
    struct node *answer = NULL;
    struct arena *a = r->k->a;
    *g->reaction = 0;
    const char *input =
        desk_input(a, "visit", g->visit, "infusion", h->infusion, "#grade", arena_printf(a, "%d", g->reaction_grade),
                   "symptoms", symptoms, "actions",
                   g->reaction_grade >= 2 ? "stopped; fluids; diphenhydramine 25 mg by mouth" : "stopped; watched",
                   "#stopped_by_hand", "true", NULL);
    if (desk_do(r->k, "reaction.record", input, NULL, &answer))
        keep(g->reaction, sizeof g->reaction, node_str_at(answer, "id"));
}

static void react(struct round *r, struct hang *h, const char *symptoms)
{
    struct guest *g = r->g;
    struct err e = {0};
    if (!unit_stop(h->pump, &e)) { /* by hand, before anything is written */
        pump_trouble(r, h, &e);
        return;
    }
    g->held = true;
    g->calm_since = UTC_NONE;
    g->reaction_grade = body_grade(&g->body);
    g->reaction_count++;
    r->d->reactions++;
    (void)desk_did(r->k, "give.pause", flow_input(r->k->a, h, "#rate", -1), r->k->now, NULL);
    record_reaction(r, h, symptoms);
    (void)measure(r, "reaction");
}

static const struct node *reaction_row(const struct round *r)
{
    node_each(n, rows(r, "reactions"))
        if (is(n, "id", r->g->reaction))
            return n;
    return NULL;
}

/* Not again today: by the drug's table, or because every slower rate was too fast too. What is left in the bag is not
 * given. */
static void give_up(struct round *r, struct hang *h)
{
    struct guest *g = r->g;
    end(r, h);
    if (!h->ended)
        return;
    g->held = false;
    (void)desk_do(r->k, "reaction.change", desk_input(r->k->a, "reaction", g->reaction, "state", "closed", "next_time",
                  "another drug, or slower from the start", NULL), NULL, NULL);
}

/* Go on at the rate the page says once it is over and ordered (by the drug's table, or by the prescriber). */
static void recover(struct round *r, struct hang *h)
{
    struct guest *g = r->g;
    struct arena *a = r->k->a;
    if (body_complains(&g->body)) {
        g->calm_since = UTC_NONE;
        return;
    }
    if (g->calm_since == UTC_NONE) {
        g->calm_since = r->k->now;
        (void)measure(r, "reaction");
        if (*g->reaction)
            (void)desk_do(r->k, "reaction.change", desk_input(a, "reaction", g->reaction, "state", "treated", NULL),
                          NULL, NULL);
    }
    const struct node *row = reaction_row(r);
    int64_t rate = ul_of(node_get(row, "restart_rate"));
    rate = rate > 0 ? rate : h->rate_ul_h / 2; /* the page does not know what ran: half of what was set */
    if (!*g->reaction)
        record_reaction(r, h, "flushing, headache"); /* it could not be before */
    if (r->k->now >= g->calm_since + CALM_MIN * UTC_MINUTE &&
        (is(row, "restart", "never") || g->reaction_count > REACTIONS_BORNE)) {
        give_up(r, h);
        return;
    }
    if (r->k->now < g->calm_since + CALM_MIN * UTC_MINUTE || !is(row, "restart", "ordered") || rate <= 0)
        return;
    set_rate(r, h, rate, "give.resume");
    g->held = false;
    g->capped = true;
    (void)desk_do(r->k, "reaction.change", desk_input(a, "reaction", g->reaction, "state", "closed", "next_time",
                  "start at half the rate", NULL), NULL, NULL);
}

/* ---- when the pump calls ---------------------------------------------------------------------------------------- */

static void see_alarms(struct round *r)
{
    node_each(n, rows(r, "alarms"))
        if (is(n, "state", "active") && !node_str_at(n, "seen_by"))
            (void)desk_do(r->k, "alarm.see", desk_input(r->k->a, "alarm", node_str_at(n, "id"), NULL), NULL, NULL);
}

/* An empty battery took the program with it: what is still in the bag is programmed anew. */
static bool begin_again(struct hang *h, struct err *e)
{
    if (!unit_plug_in(h->pump, e) || !unit_switch_on(h->pump, e) || !unit_look(h->pump, &h->shown, e))
        return false;
    h->before_ul += h->shown.drug_ul;
    h->kvo_before_ul += h->shown.kvo_ul;
    int64_t left = h->to_give_ul - h->before_ul;
    h->shown.drug_ul = h->shown.kvo_ul = 0;
    return unit_program(h->pump, h->drug, h->rate_ul_h, left, e);
}

/* It stands still: silence it, free the line or plug it in, start it again. True while it needs the nurse. */
static bool answer_pump(struct round *r, struct hang *h)
{
    struct err e = {0};
    bool off = strcmp(h->shown.state, "off") == 0, still = off || strcmp(h->shown.state, "alarm") == 0;
    if (strstr(h->shown.alarm, "Battery low") && !unit_plug_in(h->pump, &e))
        pump_trouble(r, h, &e);
    if (!still) {
        h->alarmed = UTC_NONE;
        return false;
    }
    if (h->alarmed == UTC_NONE) {
        h->alarmed = r->k->now;
        return true;
    }
    if (r->k->now < h->alarmed + WALK_S * UTC_SECOND)
        return true;
    if (!off && !unit_silence(h->pump, &e))
        e = (struct err){0}; /* silent already */
    if ((off && !begin_again(h, &e)) || (!off && !unit_plug_in(h->pump, &e)) || !unit_start(h->pump, &e)) {
        pump_trouble(r, h, &e);
        return true;
    }
    h->alarmed = UTC_NONE;
    (void)desk_did(r->k, "give.resume", flow_input(r->k->a, h, "#rate", h->rate_ul_h), r->k->now, NULL);
    return true;
}

/* What the server could not be sure of, the person who read the display says. */
static void reconcile(struct round *r)
{
    node_each(n, rows(r, "drugs")) {
        const char *order = node_str_at(n, "order"), *certainty = node_str_at(n, "certainty");
        struct hang *h = order ? hang_of(r->g, order) : NULL;
        if (!h || !h->down || h->reconciled || !certainty || strncmp(certainty, "uncertain", 9) != 0)
            continue;
        h->reconciled = desk_do(r->k, "give.reconcile",
                                desk_input(r->k->a, "infusion", h->infusion, "#volume", ul_text(r->k->a, given_ul(h)),
                                           "seen_by", "display", NULL),
                                "Read from the display when it was taken down", NULL);
    }
}

/* ---- while it runs ---------------------------------------------------------------------------------------------- */

static void checks(struct round *r)
{
    node_each(n, rows(r, "checks")) {
        const char *phase = node_str_at(n, "phase");
        if (phase && *phase && (is(n, "state", "now") || is(n, "state", "overdue")) && measure(r, phase)) {
            busy(r, VITALS_MIN);
            return;
        }
    }
}

static void watch(struct round *r, struct hang *h, const struct node *drug)
{
    struct guest *g = r->g;
    struct err e = {0};
    if (!unit_look(h->pump, &h->shown, &e)) {
        pump_trouble(r, h, &e);
        return;
    }
    body_advance(&g->body, r->k->now, h->shown.rate_ul_h);
    if (!*h->infusion) {
        if (r->k->now >= h->chart_at)
            scan_after(r, h, drug);
        if (!*h->infusion)
            return;
        h->chart_at = UTC_NONE;
    }
    if (h->chart_at != UTC_NONE && r->k->now >= h->chart_at)
        chart_start(r, h);
    if (answer_pump(r, h))
        return;
    const char *symptoms = body_complains(&g->body);
    if (g->held) {
        recover(r, h);
    } else if (symptoms && h->shown.rate_ul_h > 0 && h->shown.left_ul > 0) {
        react(r, h, symptoms);
    } else if (h->shown.left_ul <= 0) {
        end(r, h);
    } else if (!g->capped) {
        int64_t next = ul_of(node_get(drug, "next_rate"));
        utc_t at;
        const char *when = node_str_at(drug, "next_at");
        if (next > 0 && when && utc_parse(when, NULL, &at, &e) && r->k->now >= at && next != h->rate_ul_h &&
            measure(r, "rate change")) /* vital signs first, then the raise */
            set_rate(r, h, next, "give.rate");
    }
}

static void treat(struct round *r)
{
    struct guest *g = r->g;
    struct hang *h = hang_up_now(g);
    bool free_now = r->k->now >= g->busy_until;
    node_each(drug, rows(r, "drugs")) {
        const char *order = node_str_at(drug, "order");
        struct hang *mine = order ? hang_of(g, order) : NULL;
        if (mine && mine == h) {
            if (!h->started && free_now)
                start(r, h, drug);
            else if (h->ended && free_now)
                take_down(r, h);
            else if (h->started && !h->ended)
                watch(r, h, drug);
            return;
        }
        if (!mine && !h && free_now && is(drug, "prep_state", "released")) {
            hang_up(r, drug);
            return;
        }
        if (!mine && !h && !is(drug, "order_state", "given"))
            return; /* the next one in order is not here yet */
    }
}

/* ---- before and after ------------------------------------------------------------------------------------------- */

static void prepare(struct round *r)
{
    struct guest *g = r->g;
    struct arena *a = r->k->a;
    if (!g->weighed) {
        int64_t hg = (g->body.weight_g + 50) / 100;
        const char *weight = arena_printf(a, "{\"value\":%d.%d,\"unit\":\"kg\"}", (int)(hg / 10), (int)(hg % 10));
        g->weighed =
            desk_do(r->k, "weight.record", desk_input(a, "visit", g->visit, "#weight", weight, NULL), NULL, NULL);
        busy(r, 1);
    } else if (!g->screened) {
        g->screened = screens(r);
        busy(r, SCREEN_MIN);
    } else if (!g->measured ||
               r->k->now > g->measured_at + BASELINE_MIN * UTC_MINUTE) { /* taken again if it got old by waiting */
        g->measured = measure(r, "baseline");
        g->measured_at = r->k->now;
        busy(r, VITALS_MIN);
    } else if (!g->consented) { /* taken once, before the first dose of a plan */
        const struct node *number = node_path(r->view, "visit.number");
        g->consented = (number && number->text && strcmp(number->text, "1") != 0) ||
            desk_do(r->k, "consent.record", desk_input(a, "plan", g->plan, "state", "given", NULL), NULL, NULL);
    } else if (!g->lined) {
        g->lined = desk_do(r->k, "line.place",
                           desk_input(a, "visit", g->visit, "line", "peripheral 22 G, left forearm", NULL), NULL, NULL);
        busy(r, LINE_MIN);
    } else {
        (void)desk_do(r->k, "visit.ok", desk_input(a, "visit", g->visit, NULL), "Seen with the prescriber, goes ahead",
                      NULL);
        busy(r, 1);
    }
}

static bool check_waits(const struct round *r)
{
    node_each(n, rows(r, "checks")) {
        utc_t due;
        struct err e = {0};
        const char *at = node_str_at(n, "due");
        if (at && utc_parse(at, NULL, &due, &e) && due > r->k->now)
            return true;
    }
    return false;
}

/* Home, once nothing is due any more: a person who would still be watched is not sent home with a reason. */
static void observe(struct round *r)
{
    if (r->k->now < r->g->busy_until || check_waits(r))
        return;
    if (desk_do(r->k, "visit.discharge", desk_input(r->k->a, "visit", r->g->visit, NULL), NULL, NULL))
        r->g->ends = r->k->now;
}

static void see(struct round *r)
{
    struct guest *g = r->g;
    bool free_now = r->k->now >= g->busy_until;
    const char *state = node_str_at(rows(r, "visit"), "state");
    if (state)
        keep(g->state, sizeof g->state, state);
    meet(r);
    see_alarms(r);
    if (strcmp(g->state, "booked") == 0) {
        arrive(r);
    } else if (strcmp(g->state, "arrived") == 0) {
        if (free_now)
            prepare(r);
    } else if (strcmp(g->state, "ok") == 0 || strcmp(g->state, "treating") == 0) {
        treat(r);
        if (free_now)
            checks(r);
    } else if (strcmp(g->state, "observing") == 0) {
        reconcile(r);
        if (free_now)
            checks(r);
        observe(r);
    }
}

void staff_nurse(struct day *d, struct desk *k)
{
    for (int i = 0; i < d->guest_count; i++) {
        struct guest *g = &d->guests[i];
        if (g->desk != k || guest_over(g) ||
            (strcmp(g->state, "booked") == 0 && g->start + g->late_s * UTC_SECOND > k->now))
            continue;
        struct round r = {.d = d, .k = k, .g = g};
        r.view = desk_view(k, "bedside", arena_printf(k->a, "visit=%s", http_escape(&k->http, k->a, g->visit)));
        if (r.view)
            see(&r);
    }
}
