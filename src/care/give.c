/* The bedside: what the person at the pump scans and does. Flow itself comes from the pump (pump.c) or, without one,
 * from their word. */
#include "care/care.h"
#include "care/claim.h"
#include "care/correct.h"
#include "care/flow.h"
#include "care/shift.h"
#include "formulary/content.h"
#include "record/runtime.h"

#include <stdio.h>
#include <string.h>

/* ---- the four scans -------------------------------------------------------------------------------------------------- */

/* Everything the association reads, gathered before anything is judged. */
struct hang {
    const struct give_associate_in *in;
    struct visit visit;
    struct patient patient;
    struct prep prep;
    struct med_order order;
    struct plan plan;
    struct pump pump;
    bool has_prep, wants_pump, has_pump;
    const struct drug *drug;
    const char *channel;
};

/* What was scanned, if it is anything here; a code of no bag or pump is refused, not an error. */
MUST_CHECK static bool hang_read(struct cmd *c, struct hang *h, struct err *e)
{
    const char *id = care_bag_id(c->a, c->tx->site, h->in->bag_code);
    h->channel = h->in->channel ? h->in->channel : "A";
    if (!care_visit_in(c, h->in->visit, "ok|treating|observing|arrived|booked", &h->visit, e)
        || !table_need(c->tx, &record_patient, h->visit.patient, "visit", &h->patient, e)
        || (id && !table_get(c->tx, &record_prep, id, &h->prep, &h->has_prep, e)))
        return false;
    if (!h->has_prep) {
        cmd_refuse(c, "wrong_bag", h->patient.id, care_fact(c->a, "bag", h->in->bag_code),
            "\"%.60s\" is not the label of one of our bags", h->in->bag_code);
        return true;
    }
    if (!table_need(c->tx, &record_med_order, h->prep.med_order, "bag_code", &h->order, e))
        return false;
    h->drug = content_drug(c->content, h->order.drug);
    if (!h->drug)
        return err_set(e, ERR_NOT_FOUND, "bag_code", "drug %.60s is not in the content", h->order.drug);
    h->wants_pump = care_has_pump(h->order.method);
    if (!h->wants_pump)
        return true;
    if (!h->in->pump_code)
        return err_set(e, ERR_INPUT, "pump_code", "%s runs on a pump: scan it", h->order.drug_name);
    return table_get(c->tx, &record_pump, h->in->pump_code, &h->pump, &h->has_pump, e);
}

static void judge_identity(struct cmd *c, const struct hang *h, const char *badge)
{
    const char *code = h->in->patient_code;
    if (strcmp(code, h->patient.mrn) != 0 && strcmp(code, h->patient.id) != 0)
        cmd_refuse(c, "wrong_patient", h->patient.id, care_fact(c->a, "scanned", code),
            "the wristband says %.60s; this visit is %s's, %s", code, care_name(c->a, &h->patient), h->patient.mrn);
    if (h->has_prep && (strcmp(h->prep.patient, h->patient.id) != 0 || strcmp(h->prep.visit, h->visit.id) != 0))
        cmd_refuse(c, "wrong_bag", h->patient.id, care_fact(c->a, "bag", h->prep.id),
            "the bag was made for another patient or visit");
    if (!badge || strcmp(badge, h->in->badge_code) != 0)
        cmd_refuse(c, "wrong_badge", h->patient.id, care_fact(c->a, "badge", h->in->badge_code),
            "the badge is not the one of who is signed in");
}

/* A bag goes into a vein: not through a needle into a muscle, not by mouth. */
static bool into_vein(const char *method)
{
    return strcmp(method, "injection") != 0 && strcmp(method, "oral") != 0;
}

MUST_CHECK static bool judge_bag(struct cmd *c, const struct hang *h, struct err *e)
{
    const struct prep *p = &h->prep;
    const char *why;
    if (p->order_version != h->order.version || strcmp(p->state, "killed") == 0)
        cmd_refuse(c, "old_label", h->patient.id, care_fact(c->a, "bag", p->id),
            "the order has changed since this label was printed: send the bag back");
    else if (strcmp(p->state, "released") != 0)
        cmd_refuse(c, "not_released", h->patient.id, care_fact(c->a, "state", p->state),
            "the bag is %s, not released by the pharmacy", p->state);
    if (p->beyond_use != UTC_NONE && c->now > p->beyond_use) {
        char at[UTC_TEXT_MAX];
        cmd_refuse(c, "beyond_use", h->patient.id, care_fact(c->a, "bag", p->id), "the bag had to be started by %s",
            utc_show_clock(p->beyond_use, c->zone, at));
    }
    if (strcmp(h->order.state, "given") == 0)
        cmd_refuse(c, "dose_given", h->patient.id, care_fact(c->a, "order", h->order.id),
            "the dose of %s has been given", h->order.drug_name);
    else if (strcmp(h->order.state, "verified") != 0 && strcmp(h->order.state, "prepared") != 0)
        cmd_refuse(c, "not_verified", h->patient.id, care_fact(c->a, "order", h->order.state), "the order is %s",
            h->order.state);
    for (int i = 0; i < h->drug->never_count; i++) /* the content may have learnt it after the order was made */
        if (strcmp(h->drug->never[i].way, h->order.method) == 0)
            cmd_refuse(c, "route_lock", h->patient.id, care_fact(c->a, "method", h->order.method), "%s is never given by %s: %s",
                h->drug->generic, h->order.method, h->drug->never[i].words);
    if (into_vein(h->order.method) && h->visit.line_at == UTC_NONE)
        cmd_refuse(c, "no_access", h->patient.id, care_fact(c->a, "line", "none"), "vein access has not been recorded");
    if (!care_judge_vials(c, p, e) || !care_ok_holds(c, &h->visit, &why, e))
        return false;
    if (why)
        cmd_refuse(c, "not_ok_to_treat", h->patient.id, care_fact(c->a, "visit", h->visit.state), "%s", why);
    return true;
}

/* What uncertainty about an earlier delivery does to the next is the drug's own content. */
MUST_CHECK static bool judge_uncertain(struct cmd *c, const struct hang *h, struct err *e)
{
    struct infusion *i;
    int n;
    if (!table_list(c->tx, &record_infusion, "patient=?2 AND drug=?3 AND state='uncertain' ORDER BY id",
            VALS(V_TEXT(h->patient.id), V_TEXT(h->drug->id)), &i, &n, e))
        return false;
    if (n)
        cmd_refuse_as(c, "uncertain_delivery", h->drug->uncertain, h->patient.id, care_fact(c->a, "infusion", i[0].id),
            "an earlier infusion of %s is not reconciled: %s", h->drug->generic,
            i[0].why_uncertain ? i[0].why_uncertain : "uncertain");
    return true;
}

MUST_CHECK static bool judge_pump(struct cmd *c, const struct hang *h, struct err *e)
{
    struct infusion *i;
    int n;
    const char *facts = care_fact(c->a, "pump", h->in->pump_code), *who = h->patient.id;
    if (!h->has_prep || !h->wants_pump)
        return true;
    if (!h->has_pump || h->pump.active != 1) {
        cmd_refuse(c, "wrong_pump", who, facts,
            h->has_pump ? "pump %.60s is out of use" : "\"%.60s\" is no pump of ours", h->in->pump_code);
        return true;
    }
    if (!h->channel[0] || h->channel[1] || h->channel[0] < 'A' || h->channel[0] >= 'A' + h->pump.channels)
        return err_set(e, ERR_INPUT, "channel", "pump %s has %lld channel%s from A", h->pump.id,
            (long long)h->pump.channels, h->pump.channels == 1 ? "" : "s");
    if (!care_open_on(c->tx, h->pump.id, h->channel, &i, &n, e))
        return false;
    if (n)
        cmd_refuse(c, "wrong_pump", who, care_fact(c->a, "infusion", i[0].id),
            "pump %s channel %s still belongs to another infusion", h->pump.id, h->channel);
    return true;
}

/* Typed is not scanned: it may go on with a reason, and the record keeps both. */
MUST_CHECK static bool judge_typed(struct cmd *c, const struct hang *h, struct err *e)
{
    const char *typed = h->in->typed, *reason = h->in->typed_reason;
    if (!typed || !typed[0])
        return true;
    for (const char *p = typed; *p;) {
        static const char *const known[] = {"patient", "bag", "pump", "badge"};
        size_t n = strcspn(p, " ");
        bool ok = false;
        for (int i = 0; i < 4; i++)
            ok |= strlen(known[i]) == n && strncmp(known[i], p, n) == 0;
        if (!ok)
            return err_set(e, ERR_INPUT, "typed", "\"%.20s\" is none of patient, bag, pump, badge", p);
        p += n + strspn(p + n, " ");
    }
    if (!reason || !reason[0])
        return err_set(e, ERR_INPUT, "typed_reason", "say why the code was typed and not scanned");
    cmd_refuse_told(
        c, "unscanned", h->patient.id, care_fact(c->a, "typed", typed), reason, "typed, not scanned: %s", typed);
    return true;
}

bool care_open_on(struct tx *t, const char *pump, const char *channel, struct infusion **out, int *n, struct err *e)
{
    /* ended IS NULL leaves one row, or none, to look at (an index leads there); every pump message asks */
    return table_list(t, &record_infusion,
        "pump=?2 AND channel=?3 AND ended IS NULL AND state<>'ended' AND state<>'reconciled' ORDER BY associated_at "
        "DESC, id DESC",
        VALS(V_TEXT(pump), V_TEXT(channel)), out, n, e);
}

static bool listed(const char *words, const char *word)
{
    return words && content_word_listed(words, word);
}

MUST_CHECK static bool emit_scans(struct cmd *c, const struct hang *h, const char *infusion, struct err *e)
{
    const struct {
        const char *what, *code;
    } scans[] = {{"patient", h->in->patient_code}, {"bag", h->in->bag_code}, {"pump", h->in->pump_code},
        {"badge", h->in->badge_code}};
    for (int i = 0; i < 4; i++) {
        if (!scans[i].code)
            continue;
        BLANK(scan, s);
        s.id = cmd_new_id(c, "scan");
        s.visit = h->visit.id;
        s.infusion = infusion;
        s.what = scans[i].what;
        s.code = scans[i].code;
        s.typed = listed(h->in->typed, scans[i].what);
        s.reason = s.typed ? h->in->typed_reason : NULL;
        s.nurse = c->by.id;
        s.at = c->happened;
        if (!cmd_emit(c, &ev_code_scanned, &s, NULL, NULL, e))
            return false;
    }
    return true;
}

bool care_flow_fact(
    struct cmd *c, const struct infusion *i, enum flow_kind kind, struct dec rate, struct dec total, struct err *e)
{
    BLANK(flow_fact, f);
    f.id = cmd_new_id(c, "flow_fact");
    f.infusion = i->id;
    f.pump = i->pump;
    f.channel = i->channel;
    f.kind = flow_kind_word(kind);
    f.happened = c->happened;
    f.sender = c->by.id;
    f.message = f.id;
    f.source = c->by.roles & ROLE_PATIENT ? "patient" : "nurse";
    f.rate = rate;
    f.total = total;
    f.reason = c->reason;
    f.charted = c->by.roles & ROLE_SYSTEM ? UTC_NONE : care_charted(c);
    return cmd_emit(c, &ev_flow_recorded, &f, NULL, NULL, e);
}

MUST_CHECK static bool emit_association(struct cmd *c, struct hang *h, struct err *e)
{
    struct pump_live live;
    struct claim ran;
    bool heard = false;
    BLANK(infusion, i);
    if (!care_unclaimed(c, h->has_pump ? h->pump.id : NULL, h->channel, &ran, e))
        return false;
    i.id = cmd_new_id(c, "infusion");
    i.visit = h->visit.id;
    i.patient = h->patient.id;
    i.med_order = h->order.id;
    i.prep = h->prep.id;
    i.drug = h->drug->id;
    i.drug_name = h->order.drug_name;
    i.method = h->order.method;
    i.pump = h->has_pump ? h->pump.id : NULL;
    i.channel = h->has_pump ? h->channel : NULL;
    i.ordered_ml = h->prep.volume;
    i.concentration = h->prep.concentration;
    i.state = "associated";
    i.certainty = "certain";
    i.volume = i.kvo_ml = dec_int(0);
    i.associated_at = ran.count && ran.since < c->happened ? ran.since : c->happened;
    i.nurse = c->by.id;
    if (h->has_pump
        && !table_get(c->tx, &record_pump_live, arena_printf(c->a, "%s/%s", i.pump, i.channel), &live, &heard, e))
        return false;
    h->prep.state = "hung";
    h->order.state = "running";
    /* the baseline is the pump's last counter; without a pump, counting starts from nothing; of what ran before the scan
     * the pump's own first reading is the start */
    bool before = ran.count || care_is_late(c);
    struct dec baseline = !h->has_pump ? dec_int(0) : heard && !before ? live.total : DEC_NONE;
    return cmd_emit(c, &ev_infusion_associated, &i, NULL, NULL, e)
        && care_flow_fact(c, &i, FLOW_ASSOCIATE, DEC_NONE, baseline, e) && emit_scans(c, h, i.id, e)
        && cmd_emit(c, &ev_prep_hung, &h->prep, "state", NULL, e)
        && cmd_emit(c, &ev_order_running, &h->order, "state", NULL, e) && care_claim(c, &i, &ran, e);
}

static bool give_associate(struct cmd *c, const void *input, struct err *e)
{
    struct hang h = {.in = input};
    struct staff me;
    if (!hang_read(c, &h, e) || !table_need(c->tx, &record_staff, c->by.id, "badge_code", &me, e)
        || !judge_typed(c, &h, e) || !judge_pump(c, &h, e))
        return false;
    judge_identity(c, &h, me.badge);
    if (h.has_prep && (!judge_bag(c, &h, e) || !judge_uncertain(c, &h, e)))
        return false;
    return cmd_allowed(c, e) && emit_association(c, &h, e);
}

/* ---- what the person at the pump did --------------------------------------------------------------------------------- */

MUST_CHECK static bool infusion_open(struct cmd *c, const char *id, struct infusion *i, struct err *e)
{
    utc_t down;
    if (!table_need(c->tx, &record_infusion, id, "infusion", i, e) || !care_taken_down(c->tx, i->id, &down, e))
        return false;
    c->id = i->id;
    if (strcmp(i->state, "ended") == 0 || strcmp(i->state, "reconciled") == 0)
        return err_set(e, ERR_CONFLICT, "infusion", "the infusion is %s", i->state);
    return down == UTC_NONE || err_set(e, ERR_CONFLICT, "infusion", "the infusion has been taken down");
}

/* The same, or charted after the fact: it was taken down since, and what is told happened while it hung. *late then. */
MUST_CHECK static bool infusion_told(struct cmd *c, const char *id, struct infusion *i, bool *late, struct err *e)
{
    utc_t down;
    if (!table_need(c->tx, &record_infusion, id, "infusion", i, e) || !care_taken_down(c->tx, i->id, &down, e))
        return false;
    *late = down != UTC_NONE && care_is_late(c) && c->happened >= i->associated_at && c->happened <= down;
    if (!*late)
        return infusion_open(c, id, i, e);
    c->id = i->id;
    return care_need_reason(c, e);
}

bool care_visit_goes(struct cmd *c, const struct infusion *i, struct err *e)
{
    struct visit v;
    if (!table_need(c->tx, &record_visit, i->visit, "infusion", &v, e))
        return false;
    if (strcmp(v.state, "ok") != 0)
        return true;
    v.state = "treating";
    return cmd_emit(c, &ev_visit_treating, &v, "state", NULL, e);
}

/* The latest reaction of this infusion whose restart was ordered is restarted now. */
MUST_CHECK static bool reaction_goes(struct cmd *c, const struct infusion *i, struct err *e)
{
    struct reaction *r;
    int n;
    if (!table_list(c->tx, &record_reaction, "infusion=?2 AND restart='ordered' AND state<>'entered in error' ORDER BY onset DESC, id DESC LIMIT 1",
            VALS(V_TEXT(i->id)), &r, &n, e))
        return false;
    if (!n)
        return true;
    r[0].restart = "restarted";
    return cmd_emit(c, &ev_reaction_changed, &r[0], "restart", NULL, e);
}

/* A fact charted after the fact: nothing is judged any more, what became of order and visit is worked out again. */
MUST_CHECK static bool told_late(
    struct cmd *c, const struct infusion *i, enum flow_kind kind, const struct give_flow_in *in, struct err *e)
{
    char at[UTC_TEXT_MAX];
    if (!care_told_late(c, i, flow_kind_word(kind), arena_strdup(c->a, utc_text(c->happened, at)), e))
        return false;
    if (kind == FLOW_STOP)
        return care_flow_fact(c, i, kind, DEC_NONE, in->volume, e) && care_order_again(c, i->id, e);
    if (!dec_is(in->rate) || dec_sign(in->rate) <= 0)
        return err_set(e, ERR_INPUT, "rate", "give the rate set on the pump, more than 0 mL/h");
    return care_flow_fact(c, i, kind, in->rate, DEC_NONE, e) && care_visit_goes(c, i, e) && care_order_again(c, i->id, e)
        && care_visit_watches(c, i->visit, e);
}

static bool give_start(struct cmd *c, const void *input, struct err *e)
{
    const struct give_flow_in *in = input;
    struct infusion i;
    bool late;
    if (!infusion_told(c, in->infusion, &i, &late, e))
        return false;
    if (late)
        return told_late(c, &i, FLOW_START, in, e);
    return care_judge_rate(c, &i, in->rate, e) && cmd_allowed(c, e)
        && care_flow_fact(c, &i, FLOW_START, in->rate, DEC_NONE, e) && care_visit_goes(c, &i, e) && reaction_goes(c, &i, e);
}

static bool give_rate(struct cmd *c, const void *input, struct err *e)
{
    const struct give_flow_in *in = input;
    struct infusion i;
    bool late;
    if (!infusion_told(c, in->infusion, &i, &late, e))
        return false;
    if (late)
        return told_late(c, &i, FLOW_RATE, in, e);
    return care_judge_rate(c, &i, in->rate, e) && cmd_allowed(c, e)
        && care_flow_fact(c, &i, FLOW_RATE, in->rate, DEC_NONE, e);
}

/* Stopping and slowing are never blocked. */
static bool give_pause(struct cmd *c, const void *input, struct err *e)
{
    const struct give_flow_in *in = input;
    struct infusion i;
    bool late;
    if (!infusion_told(c, in->infusion, &i, &late, e))
        return false;
    return late ? told_late(c, &i, FLOW_STOP, in, e) : care_flow_fact(c, &i, FLOW_STOP, DEC_NONE, in->volume, e);
}

static bool give_flush(struct cmd *c, const void *input, struct err *e)
{
    const struct give_flow_in *in = input;
    struct infusion i;
    if (!table_need(c->tx, &record_infusion, in->infusion, "infusion", &i, e))
        return false;
    if (!dec_is(in->volume) || dec_sign(in->volume) <= 0 || dec_lt(dec_int(500), in->volume))
        return err_set(e, ERR_INPUT, "volume", "give the flush volume, up to 500 mL");
    c->id = i.id;
    return care_flow_fact(c, &i, FLOW_FLUSH, DEC_NONE, in->volume, e);
}

bool care_taken_down(struct tx *t, const char *infusion, utc_t *at, struct err *e)
{
    struct flow_fact *f;
    int n;
    *at = UTC_NONE;
    if (!table_list(t, &record_flow_fact, "infusion=?2 AND kind='disassociate' ORDER BY happened LIMIT 1",
            VALS(V_TEXT(infusion)), &f, &n, e))
        return false;
    if (n)
        *at = f[0].happened;
    return true;
}

/* Given, or given in part: what is missing is told by volume, within a millilitre (line and counter). An estimate of what
 * nobody counted never makes an order given. */
static const char *given_word(const struct infusion *i)
{
    bool counted = strcmp(i->certainty, "uncertain total") != 0;
    return counted && dec_le(i->ordered_ml, dec_add(i->volume, dec_int(1))) ? "given" : "part given";
}

bool care_order_by_volume(struct cmd *c, const char *infusion, struct err *e)
{
    struct infusion i;
    struct med_order o;
    if (!table_need(c->tx, &record_infusion, infusion, "infusion", &i, e)
        || !table_need(c->tx, &record_med_order, i.med_order, "infusion", &o, e))
        return false;
    if ((strcmp(o.state, "given") != 0 && strcmp(o.state, "part given") != 0) || strcmp(o.state, given_word(&i)) == 0)
        return true;
    o.state = given_word(&i);
    return cmd_emit(c, &ev_order_given, &o, "state", NULL, e);
}

static bool nothing_flowed(const struct infusion *i)
{
    return i->started == UTC_NONE && dec_sign(i->volume) == 0 && strcmp(i->certainty, "certain") == 0;
}

/* A bag from which nothing flowed may be hung again. */
MUST_CHECK static bool close_order(struct cmd *c, const struct infusion *i, struct err *e)
{
    struct infusion now;
    struct med_order o;
    struct prep p;
    if (!table_need(c->tx, &record_infusion, i->id, "infusion", &now, e)
        || !table_need(c->tx, &record_med_order, i->med_order, "infusion", &o, e))
        return false;
    bool unused = nothing_flowed(&now);
    o.state = unused ? "verified" : given_word(&now);
    if (!cmd_emit(c, unused ? &ev_order_reopened : &ev_order_given, &o, "state", NULL, e))
        return false;
    if (!i->prep)
        return true;
    if (!table_need(c->tx, &record_prep, i->prep, "infusion", &p, e))
        return false;
    p.state = unused ? "released" : "used";
    return cmd_emit(c, unused ? &ev_prep_taken_down : &ev_prep_used, &p, "state", NULL, e);
}

/* The order's latest bag only: an earlier one that came back unused says nothing of what was given after it. */
bool care_order_again(struct cmd *c, const char *infusion, struct err *e)
{
    struct infusion i, *later;
    struct med_order o;
    struct visit v;
    utc_t down;
    int n;
    if (!table_need(c->tx, &record_infusion, infusion, "infusion", &i, e) || !care_taken_down(c->tx, i.id, &down, e)
        || !table_need(c->tx, &record_med_order, i.med_order, "infusion", &o, e)
        || !table_need(c->tx, &record_visit, i.visit, "infusion", &v, e)
        || !table_list(c->tx, &record_infusion, "med_order=?2 AND associated_at>?3 AND id<>?4 LIMIT 1",
            VALS(V_TEXT(o.id), V_INT(i.associated_at), V_TEXT(i.id)), &later, &n, e))
        return false;
    bool unused = nothing_flowed(&i), was_unused = strcmp(o.state, "verified") == 0 || strcmp(o.state, "cancelled") == 0;
    if (down == UTC_NONE || n || (unused && was_unused))
        return true;
    if (!unused && !was_unused)
        return care_order_by_volume(c, i.id, e);
    if (!unused || (strcmp(v.state, "done") != 0 && strcmp(v.state, "cancelled") != 0))
        return close_order(c, &i, e);
    o.state = "cancelled"; /* nothing of it was given, and the visit is over */
    return cmd_emit(c, &ev_order_cancelled, &o, "state", NULL, e);
}

bool care_visit_watches(struct cmd *c, const char *visit, struct err *e)
{
    struct visit v;
    struct med_order *open;
    int n;
    if (!table_need(c->tx, &record_visit, visit, "visit", &v, e)
        || !table_list(c->tx, &record_med_order, "visit=?2 AND state IN ('signed','verified','prepared','running')",
            VALS(V_TEXT(v.id)), &open, &n, e))
        return false;
    if (n || strcmp(v.state, "treating") != 0)
        return true;
    v.state = "observing";
    return cmd_emit(c, &ev_visit_observing, &v, "state", NULL, e);
}

static bool give_disconnect(struct cmd *c, const void *input, struct err *e)
{
    const struct give_flow_in *in = input;
    struct infusion i;
    struct flow f;
    if (!infusion_open(c, in->infusion, &i, e) || !care_flow(c->tx, &i, &f, e))
        return false;
    if (strcmp(f.state, "running") == 0)
        return err_set(e, ERR_CONFLICT, "infusion", "it is still running at %s: stop the pump first",
            care_ml(c->a, f.rate, "mL/h"));
    const struct drug *d = content_drug(c->content, i.drug);
    bool flowed = f.started != UTC_NONE || dec_sign(f.volume) > 0;
    if (flowed && d && d->infusion && qty_is(d->infusion->flush_volume) && dec_sign(f.flush) == 0)
        cmd_refuse(c, "not_flushed", i.patient, care_fact(c->a, "infusion", i.id),
            "the line has not been flushed: part of the dose is still in it");
    return cmd_allowed(c, e) && care_flow_fact(c, &i, FLOW_DISASSOCIATE, DEC_NONE, in->volume, e)
        && close_order(c, &i, e) && (!flowed || care_visit_goes(c, &i, e)) && care_visit_watches(c, i.visit, e);
}

static bool give_reconcile(struct cmd *c, const void *input, struct err *e)
{
    const struct give_reconcile_in *in = input;
    struct infusion i;
    if (!care_need_reason(c, e) || !table_need(c->tx, &record_infusion, in->infusion, "infusion", &i, e))
        return false;
    if (strcmp(i.certainty, "certain") == 0)
        return err_set(e, ERR_CONFLICT, "infusion", "nothing about this infusion is uncertain");
    utc_t down;
    if (!care_taken_down(c->tx, i.id, &down, e))
        return false;
    if (down == UTC_NONE) /* what is said in all must not be followed by more */
        return err_set(e, ERR_CONFLICT, "infusion", "take it down first: then say what flowed in all");
    if (!dec_is(in->volume) || dec_sign(in->volume) < 0 || dec_lt(dec_add(i.ordered_ml, dec_int(200)), in->volume))
        return err_set(e, ERR_INPUT, "volume", "0 to %s mL (the bag and its overfill)",
            care_ml(c->a, dec_add(i.ordered_ml, dec_int(200)), ""));
    c->id = i.id;
    c->reason = arena_printf(c->a, "%s: %s", in->seen_by, c->reason);
    return care_told_late(c, &i, "volume", care_ml(c->a, in->volume, "mL"), e) && care_flow_fact(c, &i, FLOW_STATED, DEC_NONE, in->volume, e) && care_order_by_volume(c, i.id, e);
}

static bool alarm_see(struct cmd *c, const void *input, struct err *e)
{
    const struct alarm_see_in *in = input;
    struct alarm a;
    if (!table_need(c->tx, &record_alarm, in->alarm, "alarm", &a, e))
        return false;
    a.seen_by = c->by.id;
    c->id = a.id;
    return cmd_emit(c, &ev_alarm_changed, &a, "seen_by", NULL, e);
}

const struct command give_commands[] = {
    {"give.associate", ROLE_NURSE, &record_give_associate_in, give_associate,
        "tie patient, bag, pump and nurse together"},
    {"give.start", ROLE_NURSE, &record_give_flow_in, give_start, "record start: the pump was started by hand"},
    {"give.rate", ROLE_NURSE, &record_give_flow_in, give_rate, "record another rate set on the pump"},
    {"give.pause", ROLE_NURSE, &record_give_flow_in, give_pause, "record pause: the pump was stopped by hand"},
    {"give.resume", ROLE_NURSE, &record_give_flow_in, give_start, "record resume"},
    {"give.stop", ROLE_NURSE, &record_give_flow_in, give_pause, "record stop; volume as the display shows"},
    {"give.flush", ROLE_NURSE, &record_give_flow_in, give_flush, "record the line flush"},
    {"give.disconnect", ROLE_NURSE, &record_give_flow_in, give_disconnect, "taken down: the dose record closes"},
    {"give.reconcile", ROLE_NURSE | ROLE_PHARMACIST, &record_give_reconcile_in, give_reconcile,
        "say what flowed where it is not known"},
    {"alarm.see", ROLE_NURSE, &record_alarm_see_in, alarm_see, "an alarm was answered"},
    {"pump.message", ROLE_SYSTEM, &record_pump_message_in, pump_message, "one message of a pump"},
    {"pump.watch", ROLE_SYSTEM, &record_pump_watch_in, pump_watch, "notice pumps that have fallen silent"},
};
const int give_command_count = TABLE_COUNT(give_commands);
NO_VIEWS(give);
