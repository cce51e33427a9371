#include "sim/pump.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* One unit of volume is what 1 µL/h delivers in 1 µs. */
static const int64_t units_per_ul = INT64_C(3600000000);

const struct pump_trouble_row pump_troubles[PUMP_ALARMS_MAX] = {
    {196940, "MDC_EVT_FLUID_LINE_OCCL", "Occlusion downstream", "PH", "ST"},
    {196802, "MDC_EVT_BATT_LO", "Battery low", "PM", "ST"},
    {196800, "MDC_EVT_BATT_FAIL", "Battery empty", "PH", "ST"},
    {197334, "MDC_EVT_PUMP_VOL_NEAR_COMP", "Infusion near end", "PL", "SA"},
    {197292, "MDC_EVT_PUMP_DELIV_COMP", "Infusion complete", "PM", "SA"},
};

const char *pump_state_text(enum pump_state s)
{
    static const char *const words[] = {"off", "ready", "ready", "running", "paused", "kvo", "alarm"};
    return words[s];
}

int64_t pump_true_ul(int64_t units)
{
    return units / units_per_ul;
}

static int64_t flow(const struct pump *p)
{
    if (p->state == PUMP_INFUSING)
        return p->rate_ul_h;
    if (p->state == PUMP_KVO)
        return p->o.kvo_ul_h < p->rate_ul_h ? p->o.kvo_ul_h : p->rate_ul_h; /* never faster than ordered */
    return 0;
}

static int64_t counter(const struct pump *p)
{
    int64_t ul = (p->total - p->counted_from) / units_per_ul;
    return ul - ul % p->o.step_ul;
}

static int battery_percent(const struct pump *p)
{
    int64_t full = p->o.battery_min * UTC_MINUTE;
    return (int)((p->battery_us * 100 + full - 1) / full);
}

void pump_values(const struct pump *p, struct pump_values *v)
{
    memset(v, 0, sizeof *v);
    v->at = p->now;
    v->flow_ul_h = flow(p);
    v->infusing = v->flow_ul_h > 0;
    v->delivery = p->state == PUMP_INFUSING ? PUMP_DELIVERING : p->state == PUMP_KVO ? PUMP_KEEPING_OPEN : PUMP_NOT_DELIVERING;
    v->why = p->state == PUMP_ALARM ? PUMP_WHY_ALARM : p->state == PUMP_PAUSED ? PUMP_WHY_CLINICIAN
             : v->infusing ? PUMP_WHY_NONE : PUMP_WHY_UNKNOWN;
    v->programmed = p->programmed;
    v->programmed_ul_h = p->programmed ? p->rate_ul_h : 0;
    v->vtbi_ul = p->state == PUMP_KVO ? 0 : p->vtbi_ul;
    v->left_ul = (p->left + units_per_ul - 1) / units_per_ul; /* what is left is never shown as gone */
    v->total_ul = counter(p);
    v->segment_ul = v->total_ul - p->segment_counter;
    v->left_s = p->state == PUMP_INFUSING ? (p->left / p->rate_ul_h + UTC_SECOND - 1) / UTC_SECOND : -1;
    v->battery_percent = battery_percent(p);
    memcpy(v->drug, p->drug_label, sizeof v->drug);
    memcpy(v->patient, p->patient, sizeof v->patient);
    memcpy(v->order, p->order, sizeof v->order);
}

/* --- notes --- */

static struct pump_note *note(struct pump *p, enum pump_note_kind kind)
{
    assert(p->notes < PUMP_NOTES_MAX);
    struct pump_note *n = &p->note[p->notes++];
    memset(n, 0, sizeof *n);
    n->kind = kind;
    pump_values(p, &n->v);
    return n;
}

static void event(struct pump *p, enum pump_happening what, enum pump_delivery delivery, enum pump_why why)
{
    struct pump_note *n = note(p, PUMP_NOTE_EVENT);
    n->what = what;
    n->v.delivery = delivery;
    n->v.why = why;
    if (delivery == PUMP_NOT_DELIVERING) {
        n->v.infusing = false;
        n->v.flow_ul_h = 0;
        n->v.left_s = -1;
    }
}

static void alarm_note(struct pump *p, enum pump_trouble t, const char *phase, const char *inactivation)
{
    struct pump_note *n = note(p, PUMP_NOTE_ALARM);
    n->trouble = t;
    n->phase = phase;
    n->inactivation = inactivation;
    n->alarm = ++p->alarms_sent;
    if (!p->alarm[t].on)
        p->alarm[t] = (struct pump_alarm){true, n->alarm};
    n->alarm_first = p->alarm[t].first;
}

static void alarm_on(struct pump *p, enum pump_trouble t)
{
    if (!p->alarm[t].on)
        alarm_note(p, t, "start", "enabled");
}

static void alarm_off(struct pump *p, enum pump_trouble t)
{
    if (!p->alarm[t].on)
        return;
    alarm_note(p, t, "end", "enabled");
    p->alarm[t].on = false;
}

/* --- stretches and segments --- */

static void end_stretch(struct pump *p)
{
    int64_t from = p->stretch_from / units_per_ul, to = p->total / units_per_ul;
    struct pump_stretch s = {p->stretch_start, p->now, flow(p), to - from, p->state == PUMP_KVO};
    if (p->on_stretch && s.rate_ul_h > 0 && (s.end > s.start || s.ul > 0))
        p->on_stretch(p->ctx, &s);
}

/* Into a state in which something flows, as a new segment. */
static void begin(struct pump *p, enum pump_state s)
{
    p->state = s;
    p->stretch_from = p->total;
    p->stretch_start = p->now;
    p->segment_counter = counter(p);
    event(p, PUMP_START, s == PUMP_KVO ? PUMP_KEEPING_OPEN : PUMP_DELIVERING, PUMP_WHY_NONE);
}

/* Out of it: the event carries the old flow when delivery only changes, none when it ends. */
static void halt(struct pump *p, enum pump_happening what, enum pump_state next, enum pump_why why)
{
    bool runs_on = next == PUMP_INFUSING || next == PUMP_KVO;
    event(p, what, runs_on ? PUMP_TRANSITIONING : PUMP_NOT_DELIVERING, runs_on ? PUMP_WHY_NONE : why);
    end_stretch(p);
    p->state = next;
}

static void complete(struct pump *p)
{
    bool kvo = p->o.kvo_ul_h > 0;
    p->left = 0;
    halt(p, PUMP_COMPLETE, kvo ? PUMP_KVO : PUMP_PAUSED, PUMP_WHY_UNKNOWN);
    alarm_off(p, PUMP_NEAR_END);
    alarm_on(p, PUMP_LINE_END);
    if (kvo)
        begin(p, PUMP_KVO);
}

static void occlude(struct pump *p)
{
    p->occlude_at = -1;
    if (flow(p) == 0)
        return;
    halt(p, PUMP_STOP, PUMP_ALARM, PUMP_WHY_ALARM);
    alarm_on(p, PUMP_OCCLUDED);
}

static void battery_empty(struct pump *p)
{
    alarm_on(p, PUMP_BATTERY_EMPTY);
    if (flow(p) > 0)
        halt(p, PUMP_STOP, PUMP_ALARM, PUMP_WHY_ALARM);
    p->state = PUMP_OFF;
    p->programmed = false;
}

/* --- time --- */

/* When delivering `units` more takes until, rounded up to a microsecond. */
static utc_t after(const struct pump *p, int64_t units)
{
    int64_t f = flow(p);
    return p->now + (units + f - 1) / f;
}

static utc_t near_end_at(const struct pump *p)
{
    int64_t warn = p->o.near_end_s * UTC_SECOND * p->rate_ul_h; /* units delivered in that time */
    return p->left > warn ? after(p, p->left - warn) : p->now;
}

static utc_t battery_low_at(const struct pump *p)
{
    int64_t low = p->o.battery_min * UTC_MINUTE / 5;
    return p->battery_us > low ? p->now + p->battery_us - low : p->now;
}

static utc_t earlier(utc_t a, utc_t b)
{
    return a < b ? a : b;
}

utc_t pump_next(const struct pump *p)
{
    utc_t t = INT64_MAX;
    if (p->state == PUMP_OFF)
        return p->plug_at != UTC_NONE ? earlier(t, p->plug_at) : t;
    t = p->report_at;
    if (p->state == PUMP_INFUSING) {
        t = earlier(t, after(p, p->left));
        if (!p->near_end_told)
            t = earlier(t, near_end_at(p));
        if (p->occlude_at >= 0)
            t = earlier(t, p->left > p->occlude_at ? after(p, p->left - p->occlude_at) : p->now);
    }
    if (p->unplugged) {
        t = earlier(t, p->now + p->battery_us);
        if (!p->alarm[PUMP_BATTERY_LOW].on)
            t = earlier(t, battery_low_at(p));
    }
    if (p->plug_at != UTC_NONE)
        t = earlier(t, p->plug_at);
    return t;
}

/* Flow from p->now to t, within which nothing changes. */
static void flow_to(struct pump *p, utc_t t)
{
    int64_t dt = t - p->now, units = flow(p) * dt;
    if (p->state == PUMP_INFUSING && units > p->left)
        units = p->left; /* the last microsecond was rounded up */
    p->total += units;
    if (p->state == PUMP_INFUSING) {
        p->left -= units;
        p->drug += units;
    } else {
        p->kvo += units;
    }
    int64_t full = p->o.battery_min * UTC_MINUTE;
    if (p->unplugged && p->state != PUMP_OFF)
        p->battery_us = p->battery_us > dt ? p->battery_us - dt : 0;
    else if (!p->unplugged)
        p->battery_us = dt > full - p->battery_us ? full : p->battery_us + dt;
    p->now = t;
}

static void plug(struct pump *p)
{
    p->unplugged = false;
    p->plug_at = UTC_NONE;
    if (p->state == PUMP_OFF)
        return; /* says so when it is switched on */
    alarm_off(p, PUMP_BATTERY_LOW);
    alarm_off(p, PUMP_BATTERY_EMPTY);
}

/* Everything that is due at p->now. */
static void happen(struct pump *p)
{
    if (p->plug_at != UTC_NONE && p->plug_at <= p->now)
        plug(p);
    if (p->state == PUMP_OFF)
        return;
    if (p->state == PUMP_INFUSING && !p->near_end_told && near_end_at(p) <= p->now) {
        p->near_end_told = true;
        if (p->left > 0)
            alarm_on(p, PUMP_NEAR_END);
    }
    if (p->state == PUMP_INFUSING && p->left == 0)
        complete(p);
    else if (p->state == PUMP_INFUSING && p->occlude_at >= 0 && p->left <= p->occlude_at)
        occlude(p);
    if (p->unplugged && battery_low_at(p) <= p->now) {
        if (!p->alarm[PUMP_BATTERY_LOW].on && p->o.random_battery)
            p->plug_at = p->now + rng_range(&p->rng, 2, 15) * UTC_MINUTE; /* somebody hears it */
        alarm_on(p, PUMP_BATTERY_LOW);
    }
    if (p->unplugged && p->battery_us == 0)
        battery_empty(p);
    if (p->state != PUMP_OFF && p->report_at <= p->now) {
        (void)note(p, PUMP_NOTE_REPORT);
        p->report_at += p->o.report_s * UTC_SECOND;
    }
}

bool pump_advance(struct pump *p, utc_t now)
{
    while (p->now < now) {
        if (p->notes > PUMP_NOTES_MAX - PUMP_NOTES_SPARE)
            return false;
        utc_t t = pump_next(p);
        flow_to(p, t <= p->now ? p->now : earlier(t, now));
        if (t <= p->now)
            happen(p);
    }
    return p->notes <= PUMP_NOTES_MAX - PUMP_NOTES_SPARE;
}

void pump_init(struct pump *p, const struct pump_options *o, uint64_t seed, utc_t now)
{
    memset(p, 0, sizeof *p);
    p->o = *o;
    p->o.step_ul = o->step_ul > 0 ? o->step_ul : 100;
    p->o.kvo_ul_h = o->kvo_ul_h < 0 ? 0 : o->kvo_ul_h ? o->kvo_ul_h : 3000;
    p->o.near_end_s = o->near_end_s > 0 ? o->near_end_s : 600;
    p->o.report_s = o->report_s > 0 ? o->report_s : 60;
    p->o.battery_min = o->battery_min > 0 ? o->battery_min : 240;
    rng_init(&p->rng, seed, 0x70756d70);
    p->now = now;
    p->state = PUMP_IDLE;
    p->battery_us = p->o.battery_min * UTC_MINUTE;
    p->occlude_at = -1;
    p->plug_at = UTC_NONE;
    p->report_at = now + rng_range(&p->rng, 0, p->o.report_s - 1) * UTC_SECOND; /* not all pumps of a room at once */
}

void pump_close(struct pump *p)
{
    end_stretch(p);
    p->stretch_from = p->total;
    p->stretch_start = p->now;
}

/* --- for the keys --- */

void pump_begin(struct pump *p)
{
    begin(p, PUMP_INFUSING);
}

void pump_halt(struct pump *p)
{
    halt(p, PUMP_STOP, PUMP_PAUSED, PUMP_WHY_CLINICIAN);
}

/* A rate change is one stop and one start without a gap; the stop still carries the old rate. */
void pump_titrate(struct pump *p, int64_t rate_ul_h)
{
    halt(p, PUMP_STOP, PUMP_INFUSING, PUMP_WHY_NONE);
    p->rate_ul_h = rate_ul_h;
    p->near_end_told = p->alarm[PUMP_NEAR_END].on; /* told again if the slower rate moved the end away */
    begin(p, PUMP_INFUSING);
}

void pump_alarm_end(struct pump *p, enum pump_trouble t)
{
    alarm_off(p, t);
}

void pump_occlude(struct pump *p)
{
    occlude(p);
}

void pump_plug(struct pump *p)
{
    plug(p);
}

bool pump_zero(struct pump *p)
{
    p->counted_from = p->total;
    p->segment_counter = 0;
    event(p, PUMP_COUNTERS_CLEARED, PUMP_NOT_DELIVERING, PUMP_WHY_UNKNOWN);
    return true;
}

bool pump_silence(struct pump *p)
{
    bool any = false;
    for (int t = 0; t < PUMP_ALARMS_MAX; t++)
        if (p->alarm[t].on) {
            alarm_note(p, (enum pump_trouble)t, "update", "audio-paused");
            any = true;
        }
    return any;
}
