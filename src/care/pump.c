/* What the pumps say: every message renews the channel's live row; transitions, resets, alarms and a sample now and
 * then become events (decision 5). Who owns the channel is our association, never the pump's own patient. */
#include "care/pump_private.h"

#include <string.h>

/* A counter sample per channel goes into the ledger this often while it flows; a pump that should speak and does not
 * is silent after this long. Transport, not clinic. */
#define SAMPLE_EVERY (5 * UTC_MINUTE)
#define SILENT_AFTER (5 * UTC_MINUTE)

/* The pump's clock against ours: its message cannot have been observed after it came, nor long before while it is
 * on-line. An offset over two seconds is applied and kept; smaller ones are transport. */
void pump_clock(struct news *n, utc_t now)
{
    int64_t offset = n->in->observed - now;
    bool buffered = n->had_live && n->live.heard != UTC_NONE && now - n->live.heard > SILENT_AFTER;
    if (offset > 2 * UTC_SECOND)
        n->live.offset_us = offset; /* ahead of us: its clock is wrong by at least this */
    else if (n->live.offset_us == INT_NONE || (!buffered && offset > n->live.offset_us))
        n->live.offset_us = 0;
    n->at = n->in->observed - (n->live.offset_us > 0 ? n->live.offset_us : 0);
    if (n->at > now)
        n->at = now;
}

/* Who owned the channel when it was observed, however late the message comes. */
MUST_CHECK static bool owner_of(struct cmd *c, struct news *n, struct err *e)
{
    struct infusion *i;
    int count;
    utc_t down;
    n->owned = false;
    if (!table_list(c->tx, &record_infusion,
            "pump=?2 AND channel=?3 AND associated_at<=?4 ORDER BY associated_at DESC, id DESC LIMIT 1",
            VALS(V_TEXT(n->in->pump), V_TEXT(n->in->channel), V_INT(n->at + HAND_MINUTE)), &i, &count, e))
        return false;
    if (!count)
        return true;
    if (!care_taken_down(c->tx, i[0].id, &down, e))
        return false;
    n->owned = down == UTC_NONE || n->at <= down + HAND_MINUTE;
    n->infusion = i[0];
    return true;
}

MUST_CHECK static bool news_read(struct cmd *c, struct news *n, struct err *e)
{
    struct pump p;
    bool found;
    const char *key = arena_printf(c->a, "%s/%s", n->in->pump, n->in->channel);
    if (!table_get(c->tx, &record_pump, n->in->pump, &p, &found, e)
        || !table_get(c->tx, &record_pump_live, key, &n->live, &n->had_live, e))
        return false;
    if (!found)
        return err_set(e, ERR_NOT_FOUND, "pump", "pump \"%.60s\" is not registered here", n->in->pump);
    if (!n->had_live) {
        record_blank(&record_pump_live, &n->live);
        n->live.id = key;
        n->live.pump = n->in->pump;
        n->live.channel = n->in->channel;
    }
    pump_clock(n, c->now);
    c->happened = n->at;
    c->clock = arena_printf(c->a, "pump %s", n->in->pump);
    c->offset_us = n->live.offset_us;
    return owner_of(c, n, e);
}

MUST_CHECK static bool emit_fact(struct cmd *c, struct news *n, enum flow_kind kind, struct err *e)
{
    BLANK(flow_fact, f);
    f.id = cmd_new_id(c, "flow_fact");
    f.infusion = n->owned ? n->infusion.id : NULL;
    f.pump = n->in->pump;
    f.channel = n->in->channel;
    f.kind = flow_kind_word(kind);
    f.happened = n->at;
    f.sender = n->in->sender;
    f.message = n->in->message;
    f.source = "pump";
    f.rate = kind == FLOW_STOP || kind == FLOW_COMPLETE ? DEC_NONE : n->in->rate;
    f.total = n->in->total;
    f.reason = n->in->not_delivering;
    n->live.sampled = n->live.sampled == UTC_NONE || n->at > n->live.sampled ? n->at : n->live.sampled;
    bool flows = dec_is(f.rate) && dec_sign(f.rate) > 0;
    /* a late word may complete an order that was closed; a first one tells of a start nobody charted */
    return cmd_emit(c, &ev_flow_recorded, &f, NULL, NULL, e)
        && (!n->owned || care_order_by_volume(c, n->infusion.id, e))
        && (!n->owned || !flows || care_visit_goes(c, &n->infusion, e));
}

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* The PCD-10 grammar: start with status kvo is keep-open; a stop while transitioning only ends a rate. */
static enum flow_kind kind_of_event(const struct pump_message_in *in)
{
    if (is(in->event, "start"))
        return is(in->status, "kvo") ? FLOW_KVO : FLOW_START;
    if (is(in->event, "complete"))
        return FLOW_COMPLETE;
    return is(in->event, "stop") ? FLOW_STOP : FLOW_COUNTER;
}

static bool went_back(const struct news *n)
{
    return n->had_live && dec_is(n->live.total) && dec_is(n->in->total) && dec_lt(n->in->total, n->live.total)
        && n->at >= n->live.observed;
}

/* The counter was set back: the last reading before it closes what flowed until then, though it was no sample of its
 * own; otherwise the minutes since the last sample would be known by rate and time only. */
MUST_CHECK static bool keep_last_reading(struct cmd *c, struct news *n, struct err *e)
{
    if (!went_back(n) || n->live.sampled == n->live.observed)
        return true;
    struct pump_message_in last = *n->in;
    struct news before = *n;
    utc_t happened = c->happened;
    last.message = arena_printf(c->a, "%s/last", n->in->message);
    last.rate = n->live.rate;
    last.total = n->live.total;
    last.not_delivering = NULL;
    before.in = &last;
    before.at = c->happened = n->live.observed;
    bool ok = emit_fact(c, &before, FLOW_COUNTER, e);
    c->happened = happened;
    return ok;
}

/* Something changed that no event told, or a sample is due. */
bool pump_tells(const struct news *n)
{
    const struct pump_message_in *in = n->in;
    bool flowing = is(in->status, "delivering") || is(in->status, "kvo");
    if (!n->owned && !flowing)
        return false; /* an idle channel of nobody */
    bool changed = n->had_live && n->live.status && in->status && strcmp(n->live.status, in->status) != 0;
    bool rate_changed = n->had_live && dec_is(n->live.rate) && dec_is(in->rate) && !dec_eq(n->live.rate, in->rate);
    bool due = flowing && (n->live.sampled == UTC_NONE || n->at - n->live.sampled >= SAMPLE_EVERY);
    bool silent_before = n->owned && is(n->infusion.state, "uncertain");
    /* a reading kept back by the pump fills a gap only where there is one */
    bool fills = n->owned && n->had_live && n->live.observed != UTC_NONE && n->at < n->live.observed
        && strncmp(n->infusion.certainty, "uncertain", 9) == 0;
    return changed || rate_changed || due || silent_before || went_back(n) || fills;
}

MUST_CHECK static bool take_telemetry(struct cmd *c, struct news *n, struct err *e)
{
    const char *was = n->had_live ? n->live.status : NULL, *now = n->in->status;
    bool into_kvo = is(now, "kvo") && was && !is(was, now);
    return !pump_tells(n) || emit_fact(c, n, into_kvo ? FLOW_KVO : FLOW_COUNTER, e);
}

MUST_CHECK static bool take_alarm(struct cmd *c, struct news *n, struct err *e)
{
    const struct pump_message_in *in = n->in;
    struct alarm a;
    bool found, over = is(in->phase, "end") || is(in->phase, "stop") || is(in->phase, "reset");
    const char *id = arena_printf(c->a, "%s/%s", in->pump, in->alert ? in->alert : in->message);
    if (!table_get(c->tx, &record_alarm, id, &a, &found, e))
        return false;
    if (found) {
        a.state = over ? "ended" : a.state;
        a.ended = over ? n->at : a.ended;
        return cmd_emit(c, &ev_alarm_changed, &a, "state ended", NULL, e);
    }
    record_blank(&record_alarm, &a);
    a.id = id;
    a.pump = in->pump;
    a.channel = in->channel;
    a.infusion = n->owned ? n->infusion.id : NULL;
    a.code = in->alarm_code == INT_NONE ? 0 : in->alarm_code;
    a.text = in->alarm_text ? in->alarm_text : "pump alarm";
    a.priority = in->priority ? in->priority : "medium";
    a.state = over ? "ended" : "active";
    a.started = n->at;
    a.ended = over ? n->at : UTC_NONE;
    return cmd_emit(c, &ev_alarm_raised, &a, NULL, NULL, e);
}

void pump_renew(struct news *n, utc_t now)
{
    const struct pump_message_in *in = n->in;
    struct pump_live *l = &n->live;
    l->heard = now;
    if (l->observed == UTC_NONE || n->at >= l->observed) {
        l->observed = n->at;
        l->status = in->status ? in->status : l->status;
        l->rate = dec_is(in->rate) ? in->rate : l->rate;
        l->total = dec_is(in->total) ? in->total : l->total;
        l->vtbi_left = dec_is(in->vtbi_left) ? in->vtbi_left : l->vtbi_left;
        l->left_s = dec_is(in->left_s) ? in->left_s : l->left_s;
        l->battery = in->battery != INT_NONE ? in->battery : l->battery;
    }
}

/* The registered pump of a serial that was mapped to it. */
MUST_CHECK static bool resolve(struct cmd *c, struct pump_message_in *in, struct err *e)
{
    struct pump_alias alias;
    bool found;
    if (!table_get(c->tx, &record_pump_alias, in->pump, &alias, &found, e))
        return false;
    if (found)
        in->pump = alias.pump;
    return true;
}

bool pump_message(struct cmd *c, const void *input, struct err *e)
{
    struct pump_message_in in = *(const struct pump_message_in *)input;
    struct news n = {.in = &in};
    if (!resolve(c, &in, e) || !news_read(c, &n, e))
        return false;
    bool telemetry = !is(n.in->kind, "alarm") && !is(n.in->kind, "event");
    if ((!telemetry || pump_tells(&n)) && !keep_last_reading(c, &n, e))
        return false;
    bool ok = telemetry                ? take_telemetry(c, &n, e)
            : is(n.in->kind, "alarm") ? take_alarm(c, &n, e)
                                      : emit_fact(c, &n, kind_of_event(n.in), e);
    pump_renew(&n, c->now);
    return ok && runtime_put(c->tx, &record_pump_live, &n.live, e);
}

/* Since when a pump is silent: its last word, but who could not listen calls nobody silent. A live row may be lost; then
 * nothing is known of before the server began or the pump was tied to the patient. */
static utc_t silent_since(const struct infusion *i, utc_t heard, utc_t listening)
{
    utc_t since = i->associated_at;
    if (heard != UTC_NONE && heard > since)
        since = heard;
    return listening != UTC_NONE && listening > since ? listening : since;
}

/* Running infusions whose pump has not spoken: a fact of its own, once, until it speaks again. */
bool pump_watch(struct cmd *c, const void *input, struct err *e)
{
    const struct pump_watch_in *in = input;
    struct infusion *i;
    int n;
    if (!table_list(
            c->tx, &record_infusion, "state IN ('running','kvo') AND pump IS NOT NULL ORDER BY id", NO_VALS, &i, &n, e))
        return false;
    for (int k = 0; k < n; k++) {
        struct pump_live live;
        bool found;
        if (!table_get(
                c->tx, &record_pump_live, arena_printf(c->a, "%s/%s", i[k].pump, i[k].channel), &live, &found, e))
            return false;
        if (c->now - silent_since(&i[k], found ? live.heard : UTC_NONE, in->listening) <= SILENT_AFTER)
            continue;
        if (!care_flow_fact(c, &i[k], FLOW_LOST, DEC_NONE, DEC_NONE, e))
            return false;
    }
    return true;
}
