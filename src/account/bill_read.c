/* The facts of a visit as the charge engine wants them. */
#include "account/bill.h"

#include <string.h>

const char *bill_text(struct arena *a, const char *s)
{
    size_t n = strlen(s);
    if (n <= BILL_TEXT_MAX)
        return s;
    n = BILL_TEXT_MAX - 3;
    while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
        n--;
    return arena_printf(a, "%.*s…", (int)n, s);
}

void bill_query(const struct bill_source *s, struct bill *b, const char *to, const char *says, const char *about)
{
    if (b->query_count == b->query_room) {
        int room = b->query_room * 2 + 16;
        struct charge_query *grown = ARENA_ARRAY(s->tx->a, (size_t)room, struct charge_query);
        if (b->query_count)
            memcpy(grown, b->queries, (size_t)b->query_count * sizeof *grown);
        b->queries = grown;
        b->query_room = room;
    }
    b->queries[b->query_count++] = (struct charge_query){.to = to, .says = bill_text(s->tx->a, says), .about = about};
}

void bill_trace(const struct bill_source *s, struct bill *b, const char *event, const char *says)
{
    if (b->trace_count == b->trace_room) {
        int room = b->trace_room * 2 + 16;
        struct charge_trace *grown = ARENA_ARRAY(s->tx->a, (size_t)room, struct charge_trace);
        if (b->trace_count)
            memcpy(grown, b->traces, (size_t)b->trace_count * sizeof *grown);
        b->traces = grown;
        b->trace_room = room;
    }
    b->traces[b->trace_count++] = (struct charge_trace){.event = event, .says = bill_text(s->tx->a, says)};
}

/* ---- who pays, and by which rules ------------------------------------------------------------------------------------ */

MUST_CHECK static bool read_payer(const struct bill_source *s, struct bill *b, struct err *e)
{
    struct coverage *c;
    int n;
    if (!table_list(s->tx, &record_coverage, "patient=?2 ORDER BY id DESC", VALS(V_TEXT(b->patient.id)), &c, &n, e))
        return false;
    utc_t at = b->visit.start != UTC_NONE ? b->visit.start : s->now;
    for (int i = 0; i < n && !b->payer_name; i++) {
        bool off = c[i].status && strcmp(c[i].status, "active") != 0;
        if (off || (c[i].start != UTC_NONE && c[i].start > at) || (c[i].end != UTC_NONE && c[i].end < at))
            continue;
        b->payer_name = c[i].payer;
        b->payer = content_payer(s->content, c[i].payer);
    }
    return true;
}

MUST_CHECK static bool read_policy(const struct bill_source *s, struct bill *b, struct err *e)
{
    b->policy = charge_policy_default();
    b->policy.version = s->content->hash;
    for (int i = 0; i < s->content->charge_settings_count; i++)
        if (!charge_policy_set(&b->policy, s->content->charge_settings[i].name, s->content->charge_settings[i].value, e))
            return err_within(e, "charge settings"), false;
    return charge_policy_set(&b->policy, "setting", s->site->billing, e);
}

static const struct payer_cover *cover_of(const struct bill *b, const char *drug)
{
    return b->payer ? payer_find_cover(b->payer, drug) : NULL;
}

static struct charge_event event_of(const struct bill *b, const struct med_order *o, const struct drug *d, const char *id)
{
    const struct payer_cover *cover = cover_of(b, o->drug);
    struct charge_event ev = {.id = id, .substance = d ? d->generic : o->drug_name, .cls = CLASS_TPD, .technique = TECH_INF,
        .start = UTC_NONE, .stop = UTC_NONE, .primary = strcmp(o->role, "treatment") == 0};
    const char *class = cover ? cover->charge_class : d ? d->charge_class : NULL;
    if (class && !charge_class_find(class, &ev.cls))
        ev.cls = CLASS_NONE;
    if (strcmp(o->method, "push") == 0)
        ev.technique = TECH_PUSH;
    else if (strcmp(o->method, "injection") == 0)
        ev.technique = TECH_INJ;
    else if (strcmp(o->method, "oral") == 0)
        ev.excluded = "oral";
    return ev;
}

/* ---- what flowed ------------------------------------------------------------------------------------------------------- */

/* What flowed, and the highest rate anyone told of this infusion, mL/h; DEC_NONE if none was told. */
MUST_CHECK static bool read_flow(const struct bill_source *s, const struct infusion *i, struct flow *flow, struct dec *top, struct err *e)
{
    static const struct table_some facts = {&record_flow_fact, "id kind happened sender message source rate total resolution", "infusion=?2"};
    struct flow_fact *f;
    int n;
    if (!table_list_some(s->tx, &facts, VALS(V_TEXT(i->id)), &f, &n, e) || !care_flow_of(s->tx->a, i, f, n, flow, e))
        return false;
    *top = DEC_NONE;
    for (int k = 0; k < n; k++)
        if (strcmp(f[k].kind, "void") != 0 && dec_is(f[k].rate) && dec_sign(f[k].rate) > 0)
            *top = dec_is(*top) ? dec_max(*top, f[k].rate) : f[k].rate;
    return true;
}

/* Of a stretch in which a known volume went in at an unknown time: the least time it can have taken, at the highest rate
 * ever told; the rest does not count. Microseconds. */
static int64_t least_time(struct dec top, const struct flow_segment *g)
{
    int64_t us = 0, length = g->end - g->start;
    if (!dec_is(top) || !dec_is(g->volume) || dec_sign(g->volume) <= 0 || g->certainty == FLOW_UNCERTAIN_TOTAL)
        return 0; /* without a known volume nobody can say that anything flowed */
    struct dec seconds = dec_div(dec_mul(g->volume, dec_int(3600)), top, 0, DEC_DOWN);
    if (!dec_is(seconds) || !dec_to_int(seconds, DEC_DOWN, &us) || us > length / UTC_SECOND)
        return length;
    return us * UTC_SECOND;
}

/* Start and stop from the first to the last flow; everything in between that is not flow is a pause. */
static void time_of_flow(const struct bill_source *s, const struct flow *f, struct dec top, struct charge_event *ev)
{
    struct span *run = ARENA_ARRAY(s->tx->a, (size_t)f->count + 1, struct span);
    int n = 0;
    int64_t doubt = 0;
    bool open = false;
    for (int i = 0; i < f->count; i++) {
        const struct flow_segment *g = &f->segments[i];
        bool unsure = g->kind == FLOW_SEG_UNCERTAIN;
        if (g->kind != FLOW_SEG_RUNNING && !(unsure && g->end != UTC_NONE && least_time(top, g) > 0))
            continue;
        open = g->end == UTC_NONE;
        if (ev->start == UTC_NONE)
            ev->start = g->start;
        ev->stop = g->end;
        if (unsure)
            doubt += g->end - g->start - least_time(top, g);
        run[n++] = (struct span){g->start, open ? g->start : g->end};
    }
    if (n == 0 || open)
        return;
    struct span whole = {ev->start, ev->stop};
    struct spans gaps = spans_minus(s->tx->a, spans_make(s->tx->a, &whole, 1), spans_make(s->tx->a, run, n));
    ev->pauses = gaps.at;
    ev->pause_count = gaps.count;
    ev->pause_min = (int)((doubt + UTC_MINUTE - 1) / UTC_MINUTE);
}

static void add_event(struct bill *b, struct charge_event ev)
{
    b->events[b->event_count++] = ev;
}

/* Keep-open flow and flushes are told too, so that their trace says why nothing came of them. */
static void add_extras(const struct bill_source *s, struct bill *b, const struct infusion *i, const struct flow *f)
{
    static const struct { enum flow_segment_kind kind; const char *word, *what; } extras[] = {
        {FLOW_SEG_KVO, "kvo", "Keep-open flow after"}, {FLOW_SEG_FLUSH, "flush", "The flush after"}};
    for (int k = 0; k < 2; k++) {
        bool any = k == 1 && dec_is(f->flush) && dec_sign(f->flush) > 0;
        utc_t start = any && f->ended != UTC_NONE ? f->ended : i->associated_at;
        for (int j = 0; j < f->count && !any; j++)
            if (f->segments[j].kind == extras[k].kind) {
                any = true;
                start = f->segments[j].start;
            }
        if (any)
            add_event(b, (struct charge_event){.id = arena_printf(s->tx->a, "%s:%s", i->id, extras[k].word), .cls = CLASS_HYD, .technique = TECH_INF,
                .substance = arena_printf(s->tx->a, "%s %s", extras[k].what, i->drug_name), .start = start, .stop = UTC_NONE, .excluded = extras[k].word});
    }
}

static void ask_about_flow(const struct bill_source *s, struct bill *b, const struct infusion *i, const struct flow *f)
{
    if (strcmp(f->state, "ended") != 0 && strcmp(f->state, "reconciled") != 0 && strcmp(f->state, "uncertain") != 0)
        bill_query(s, b, "nurse", arena_printf(s->tx->a, "%s is still %s: end it before the claim.", i->drug_name, f->state), i->id);
    if (f->certainty == FLOW_UNCERTAIN_TOTAL)
        bill_query(s, b, "nurse", arena_printf(s->tx->a, "%s: %s. Reconcile it before the claim.", i->drug_name, f->doubt ? f->doubt : "the volume is not known"), i->id);
    else if (f->certainty == FLOW_UNCERTAIN_WHEN)
        bill_query(s, b, "nurse", arena_printf(s->tx->a, "%s: %s; only the minutes it must have taken count.", i->drug_name, f->doubt ? f->doubt : "the times are not all known"), i->id);
}

/* No line yet, but it is said. */
static void running_since(const struct bill_source *s, struct bill *b, const struct infusion *i, utc_t start)
{
    char at[UTC_TEXT_MAX];
    const char *says = arena_printf(s->tx->a, "%s is running since %s: its minutes are counted when it has ended.", i->drug_name,
        utc_show_clock(start, s->zone, at));
    bill_query(s, b, "nurse", says, i->id);
    bill_trace(s, b, i->id, says);
}

MUST_CHECK static bool read_flows(const struct bill_source *s, struct bill *b, struct err *e)
{
    if (!table_list(s->tx, &record_infusion, "visit=?2 ORDER BY associated_at, id", VALS(V_TEXT(b->visit.id)), &b->infusions, &b->infusion_count, e))
        return false;
    b->flows = ARENA_ARRAY(s->tx->a, (size_t)b->infusion_count + 1, struct flow);
    b->events = ARENA_ARRAY(s->tx->a, (size_t)b->infusion_count * (1 + BILL_EXTRAS_MAX) + 1, struct charge_event);
    for (int k = 0; k < b->infusion_count; k++) {
        const struct infusion *i = &b->infusions[k];
        struct med_order o;
        struct dec top;
        if (!read_flow(s, i, &b->flows[k], &top, e) || !table_need(s->tx, &record_med_order, i->med_order, "med_order", &o, e))
            return false;
        struct charge_event ev = event_of(b, &o, content_drug(s->content, i->drug), i->id);
        time_of_flow(s, &b->flows[k], top, &ev);
        if (ev.start == UTC_NONE && (b->flows[k].certainty != FLOW_STATED_BY || dec_sign(i->volume) == 0)) {
            bill_trace(s, b, i->id, arena_printf(s->tx->a, "%s was hung, but nothing of it flowed: nothing to charge.", i->drug_name));
            continue;
        }
        if (ev.start != UTC_NONE && ev.stop == UTC_NONE && b->flows[k].rate_since != UTC_NONE) {
            running_since(s, b, i, ev.start);
            continue; /* without an end it would count as a push */
        }
        ask_about_flow(s, b, i, &b->flows[k]);
        add_event(b, ev);
        add_extras(s, b, i, &b->flows[k]);
    }
    return true;
}

/* ---- what was drawn ------------------------------------------------------------------------------------------------------ */

static enum drug_supply supply_of(const char *owner)
{
    return !owner || strcmp(owner, "bought") == 0 ? SUPPLY_BOUGHT : strcmp(owner, "free") == 0 ? SUPPLY_FREE : SUPPLY_WHITE;
}

static bool in_unit(struct qty q, unit_t u, struct dec *out, struct err *e)
{
    struct qty x;
    if (!qty_to(q, u, &x, e))
        return false;
    *out = dec_trim(x.v);
    return true;
}

/* What the vials of a bag held, in the billing unit; whose they are; whether one serves several patients. */
MUST_CHECK static bool read_vials(const struct bill_source *s, const struct prep *p, struct bill_drug *d, struct err *e)
{
    struct node *list = json_read(s->tx->a, p->vials, strlen(p->vials), FIELD_LONG_MAX, e);
    if (!list)
        return false;
    d->given.opened = dec_int(0);
    node_each(n, list) {
        struct dec count, mg, amount;
        const char *product = node_str_at(n, "product");
        const struct drug *of;
        const struct drug_vial *v = product ? content_vial(s->content, product, &of) : NULL;
        if (!node_dec(node_get(n, "count"), &count, e) || !node_dec(node_get(n, "amount"), &mg, e) ||
            !in_unit((struct qty){dec_mul(mg, count), unit_find("mg")}, d->billing->unit.u, &amount, e))
            return err_within(e, "vials"), false;
        d->given.opened = dec_add(d->given.opened, amount);
        d->given.supply = supply_of(node_str_at(n, "owner"));
        d->given.multi_dose |= v && strcmp(v->container, "multi_dose") == 0;
    }
    return true;
}

static void payer_rules(const struct bill *b, struct bill_drug *d)
{
    d->given.no_modifiers = b->payer && b->payer->waste_lines == 0;
    d->given.plain_below_unit = b->payer && b->payer->jz_below_unit == 0;
}

static struct bill_drug *new_drug(const struct bill_source *s, struct bill *b, const char *id, const char *drug, utc_t at)
{
    struct bill_drug *d = &b->drugs[b->drug_count];
    *d = (struct bill_drug){.id = id, .drug = content_drug(s->content, drug), .cover = cover_of(b, drug),
        .date = care_day(s->tx->a, s->zone, at), .given = {.charted_waste = DEC_NONE}};
    d->uncovered = d->cover && !content_code_listed(d->cover->diagnoses, b->plan.indication);
    record_blank(&record_charge_notice, &d->notice);
    d->billing = d->drug ? drug_billing_on(d->drug, d->date) : NULL;
    if (!d->billing) {
        if (d->drug && strcmp(d->drug->kind, "therapy") == 0)
            bill_query(s, b, "biller", arena_printf(s->tx->a, "%s has no billing unit on file for %s.", d->drug->generic, d->date), id);
        else
            bill_trace(s, b, id, arena_printf(s->tx->a, "%s has no billing unit on file: its cost is part of the service.", d->drug ? d->drug->generic : drug));
        return NULL;
    }
    b->drug_count++;
    d->given.code = d->billing->hcpcs;
    d->given.name = d->drug->generic;
    d->given.uom = unit_show(d->billing->unit.u);
    d->given.unit = d->billing->unit.v;
    payer_rules(b, d);
    return d;
}

/* Given is what flowed at the bag's concentration; a dose that care closed as given is the dose. */
MUST_CHECK static bool given_of(const struct bill_source *s, const struct bill *b, const struct prep *p, struct bill_drug *d, struct err *e)
{
    struct med_order o;
    struct dec dose, waste, ml = dec_int(0);
    unit_t u = d->billing->unit.u;
    if (!table_need(s->tx, &record_med_order, p->med_order, "med_order", &o, e) || !in_unit(p->dose, u, &dose, e) || !in_unit(p->waste, u, &waste, e))
        return false;
    for (int i = 0; i < b->infusion_count; i++)
        if (b->infusions[i].prep && strcmp(b->infusions[i].prep, p->id) == 0)
            ml = dec_add(ml, b->infusions[i].volume);
    d->given.given = dose;
    if (strcmp(o.state, "given") != 0) {
        struct qty part = qty_mul((struct qty){ml, unit_find("mL")}, p->concentration);
        struct dec got;
        if (!qty_is(part))
            return err_set(e, ERR_INTERNAL, "concentration", "the bag's concentration does not give an amount of drug");
        if (!in_unit(part, u, &got, e))
            return false;
        d->given.given = dec_min(got, dose);
    }
    d->given.charted_waste = dec_add(waste, dec_sub(dose, d->given.given)); /* what the pharmacy threw away and what stayed in the bag */
    return true;
}

MUST_CHECK static bool read_preps(const struct bill_source *s, struct bill *b, struct err *e)
{
    struct prep *p;
    int n;
    if (!table_list(s->tx, &record_prep, "visit=?2 ORDER BY made_at, id", VALS(V_TEXT(b->visit.id)), &p, &n, e))
        return false;
    b->drugs = ARENA_ARRAY(s->tx->a, (size_t)n + 1, struct bill_drug);
    for (int i = 0; i < n; i++) {
        utc_t flowed = UTC_NONE;
        for (int k = 0; k < b->infusion_count; k++)
            if (b->infusions[k].prep && strcmp(b->infusions[k].prep, p[i].id) == 0 && dec_sign(b->infusions[k].volume) > 0)
                flowed = b->infusions[k].started != UTC_NONE ? b->infusions[k].started : b->infusions[k].associated_at;
        if (flowed == UTC_NONE) {
            bill_trace(s, b, p[i].id, arena_printf(s->tx->a, "This bag is %s and nothing of it was given: the drug is not charged.", p[i].state));
            continue;
        }
        struct bill_drug *d = new_drug(s, b, p[i].id, p[i].drug, flowed);
        if (d && (!read_vials(s, &p[i], d, e) || !given_of(s, b, &p[i], d, e)))
            return false;
    }
    return true;
}

/* ---- what is to come ---------------------------------------------------------------------------------------------------- */

/* Least waste from the content's own vials, as if all were on hand. */
MUST_CHECK static bool planned_vials(const struct bill_source *s, const struct med_order *o, struct bill_drug *d, struct err *e)
{
    struct vial_size sizes[VIAL_SIZES_MAX];
    struct vial_choice choice;
    unit_t u = d->billing->unit.u;
    int n = 0;
    if (!in_unit(o->dose, u, &d->given.given, e))
        return false;
    for (int i = 0; i < d->drug->vials_count && n < VIAL_SIZES_MAX; i++) {
        sizes[n] = (struct vial_size){.on_hand = -1, .cost = d->drug->vials[i].cost};
        if (!in_unit(d->drug->vials[i].amount, u, &sizes[n++].amount, e))
            return false;
    }
    if (!vials_choose(d->given.given, sizes, n, s->tx->a, &choice, e))
        return false;
    d->given.opened = choice.opened;
    return true;
}

MUST_CHECK static bool read_plan(const struct bill_source *s, struct bill *b, struct err *e)
{
    struct med_order *o;
    int n;
    if (!table_list(s->tx, &record_med_order, "visit=?2 AND state NOT IN ('held','cancelled') ORDER BY place, id", VALS(V_TEXT(b->visit.id)), &o, &n, e))
        return false;
    b->planned = true;
    b->events = ARENA_ARRAY(s->tx->a, (size_t)n + 1, struct charge_event);
    b->drugs = ARENA_ARRAY(s->tx->a, (size_t)n + 1, struct bill_drug);
    utc_t at = (b->visit.start != UTC_NONE ? b->visit.start : care_local(s->zone, b->visit.due, 9 * 60)) + b->visit.setup_min * UTC_MINUTE;
    for (int i = 0; i < n; i++) {
        struct charge_event ev = event_of(b, &o[i], content_drug(s->content, o[i].drug), o[i].id);
        ev.start = at;
        at += o[i].minutes * UTC_MINUTE;
        ev.stop = ev.technique == TECH_INF ? at : UTC_NONE;
        add_event(b, ev);
        struct bill_drug *d = new_drug(s, b, o[i].id, o[i].drug, ev.start);
        if (d && !planned_vials(s, &o[i], d, e))
            return false;
    }
    return true;
}

static bool anything_flowed(const struct bill *b)
{
    for (int i = 0; i < b->infusion_count; i++)
        if (b->infusions[i].started != UTC_NONE || dec_sign(b->infusions[i].volume) > 0)
            return true;
    return false;
}

static bool still_to_come(const struct bill *b)
{
    static const char *const states[] = {"due", "booked", "arrived", "ok", "held"};
    for (int i = 0; i < 5; i++)
        if (strcmp(b->visit.state, states[i]) == 0)
            return true;
    return false;
}

bool bill_read(const struct bill_source *s, const char *visit, struct bill *b, struct err *e)
{
    if (!table_need(s->tx, &record_visit, visit, "visit", &b->visit, e) || !table_need(s->tx, &record_plan, b->visit.plan, "plan", &b->plan, e) ||
        !table_need(s->tx, &record_patient, b->visit.patient, "patient", &b->patient, e) || !read_payer(s, b, e) || !read_policy(s, b, e) ||
        !read_flows(s, b, e))
        return false;
    if (!anything_flowed(b) && still_to_come(b)) {
        b->event_count = b->query_count = b->trace_count = 0;
        return read_plan(s, b, e);
    }
    return read_preps(s, b, e);
}
