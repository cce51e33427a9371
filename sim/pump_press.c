/* pump_press: the buttons of the pump's front, and what the world does to it. */
#include "sim/pump.h"

#include <stdio.h>
#include <string.h>

static const int64_t units_per_ul = INT64_C(3600000000);

static bool refuse(struct err *e, const char *why)
{
    return err_set(e, ERR_CONFLICT, "pump", "%s", why);
}

static bool runs(const struct pump *p)
{
    return p->state == PUMP_INFUSING || p->state == PUMP_KVO;
}

static bool rate_ok(int64_t rate, struct err *e)
{
    if (rate < PUMP_RATE_MIN || rate > PUMP_RATE_MAX)
        return err_set(e, ERR_INPUT, "rate", "the pump runs from 0.1 to 1200 mL/h");
    return true;
}

static void set_text(char out[PUMP_TEXT_MAX], const char *s)
{
    snprintf(out, PUMP_TEXT_MAX, "%s", s ? s : "");
}

static void settle(struct pump *p) /* alarms of the infusion that is over */
{
    static const enum pump_trouble over[] = {PUMP_OCCLUDED, PUMP_NEAR_END, PUMP_LINE_END};
    for (int i = 0; i < 3; i++)
        pump_alarm_end(p, over[i]);
}

static bool program(struct pump *p, const struct pump_press *k, struct err *e)
{
    if (runs(p) || p->state == PUMP_ALARM)
        return refuse(e, "stop before a new program");
    if (!rate_ok(k->rate_ul_h, e))
        return false;
    if (k->vtbi_ul < PUMP_VTBI_MIN || k->vtbi_ul > PUMP_VTBI_MAX)
        return err_set(e, ERR_INPUT, "vtbi", "the volume to be infused is from 0.1 to 9999 mL");
    settle(p);
    p->programmed = true;
    p->near_end_told = false;
    p->state = PUMP_PROGRAMMED;
    p->rate_ul_h = k->rate_ul_h;
    p->vtbi_ul = k->vtbi_ul;
    p->left = k->vtbi_ul * units_per_ul;
    p->drug = p->kvo = 0;
    p->occlude_at = -1;
    set_text(p->drug_label, k->text);
    if (p->o.random_occlusion && rng_chance(&p->rng, 250))
        p->occlude_at = p->left / 100 * rng_range(&p->rng, 10, 90);
    if (p->o.random_battery && rng_chance(&p->rng, 100)) {
        p->unplugged = true; /* left on battery after a walk, half empty */
        p->battery_us = p->o.battery_min * UTC_MINUTE * rng_range(&p->rng, 22, 40) / 100;
    }
    return true;
}

static bool start(struct pump *p, struct err *e)
{
    if (runs(p))
        return refuse(e, "it is running already");
    if (!p->programmed)
        return refuse(e, "nothing is programmed");
    if (p->left == 0)
        return refuse(e, "the volume is given: program anew");
    pump_alarm_end(p, PUMP_OCCLUDED);
    pump_begin(p);
    return true;
}

static bool rate(struct pump *p, int64_t ul_h, struct err *e)
{
    if (!rate_ok(ul_h, e))
        return false;
    if (!p->programmed || p->state == PUMP_KVO)
        return refuse(e, p->programmed ? "the volume is given: stop and program anew" : "nothing is programmed");
    if (p->state != PUMP_INFUSING) {
        p->rate_ul_h = ul_h;
        return true;
    }
    if (ul_h == p->rate_ul_h)
        return true;
    pump_titrate(p, ul_h);
    return true;
}

static bool stop(struct pump *p)
{
    if (runs(p))
        pump_halt(p);
    else if (p->state == PUMP_ALARM)
        p->state = PUMP_PAUSED;
    settle(p);
    return true;
}

static bool clear(struct pump *p, struct err *e)
{
    if (runs(p) || p->state == PUMP_ALARM)
        return refuse(e, "stop before the program is cleared");
    settle(p);
    p->state = PUMP_IDLE;
    p->programmed = p->near_end_told = false;
    p->rate_ul_h = p->vtbi_ul = p->left = 0;
    p->occlude_at = -1;
    set_text(p->drug_label, "");
    set_text(p->patient, "");
    set_text(p->order, "");
    return true;
}

static bool power(struct pump *p, bool on, struct err *e)
{
    if (on && p->state == PUMP_OFF) {
        if (p->battery_us == 0 && p->unplugged)
            return refuse(e, "the battery is empty: plug it in");
        p->state = PUMP_IDLE;
        if (p->report_at < p->now)
            p->report_at = p->now;
        if (!p->unplugged)
            pump_plug(p);
        return clear(p, e);
    }
    if (!on && p->state != PUMP_OFF) {
        if (runs(p) || p->state == PUMP_ALARM)
            return refuse(e, "stop before switching off");
        p->state = PUMP_OFF;
    }
    return true;
}

bool pump_press(struct pump *p, const struct pump_press *k, struct err *e)
{
    bool world = k->key == PUMP_KEY_ON || k->key == PUMP_KEY_PLUG || k->key == PUMP_KEY_UNPLUG ||
                 k->key == PUMP_KEY_OCCLUDE;
    if (p->notes > PUMP_NOTES_MAX - PUMP_NOTES_SPARE)
        return refuse(e, "too many keys at once");
    if (p->state == PUMP_OFF && !world)
        return refuse(e, "it is switched off");
    switch (k->key) {
    case PUMP_KEY_PROGRAM: return program(p, k, e);
    case PUMP_KEY_START: return start(p, e);
    case PUMP_KEY_RATE: return rate(p, k->rate_ul_h, e);
    case PUMP_KEY_PAUSE: return runs(p) ? stop(p) : refuse(e, "nothing is running");
    case PUMP_KEY_STOP: return stop(p);
    case PUMP_KEY_CLEAR: return clear(p, e);
    case PUMP_KEY_ZERO: return runs(p) ? refuse(e, "stop before the counter is cleared") : pump_zero(p);
    case PUMP_KEY_SILENCE: return pump_silence(p) || refuse(e, "nothing sounds");
    case PUMP_KEY_PATIENT: set_text(p->patient, k->text); return true;
    case PUMP_KEY_ORDER: set_text(p->order, k->text); return true;
    case PUMP_KEY_OCCLUDE: pump_occlude(p); return true;
    case PUMP_KEY_UNPLUG: p->unplugged = true; return true;
    case PUMP_KEY_PLUG: pump_plug(p); return true;
    case PUMP_KEY_OFF: return power(p, false, e);
    case PUMP_KEY_ON: return power(p, true, e);
    }
    return refuse(e, "no such key");
}
