#include "clinic/steps.h"

#include <stdio.h>

enum { AMOUNT_PLACES = 12 }; /* so that every sum of them is exact */

static bool step_fail(struct err *e, int i, const char *what)
{
    char where[32];
    snprintf(where, sizeof where, "step %d", i + 1);
    return err_set(e, ERR_INPUT, where, "%s", what);
}

bool steps_run(
    struct arena *a, const struct step *steps, int n, struct dec amount, struct step_plan *out, struct err *e)
{
    (void)a;
    *out = (struct step_plan){.minutes = dec_int(0)};
    if (n < 1 || n > STEPS_MAX)
        return err_set(e, ERR_INPUT, "steps", "a step table has 1 to %d steps, not %d", STEPS_MAX, n);
    if (!dec_is(amount) || dec_sign(amount) <= 0)
        return err_set(e, ERR_INPUT, "amount", "the amount must be more than nothing");
    /* rate × minutes is exact and is sixty times the amount: nothing is divided before the last step */
    struct dec left60 = dec_mul(amount, dec_int(60)), given = dec_int(0);
    for (int i = 0; i < n; i++) {
        bool timed = i + 1 < n;
        if (!dec_is(steps[i].rate) || dec_sign(steps[i].rate) <= 0)
            return step_fail(e, i, "the rate must be more than nothing");
        if (timed && (!dec_is(steps[i].minutes) || dec_sign(steps[i].minutes) <= 0))
            return step_fail(e, i, "every step but the last needs its minutes");
        struct dec step60 = timed ? dec_mul(steps[i].rate, steps[i].minutes) : left60;
        bool last = !timed || (dec_is(step60) && dec_is(left60) && dec_le(left60, step60));
        struct step_segment *s = &out->segments[out->count++];
        s->rate = steps[i].rate;
        s->minutes = last ? dec_quot(left60, s->rate) : steps[i].minutes;
        s->amount =
            dec_trim(last ? dec_sub(amount, given) : dec_div(step60, dec_int(60), AMOUNT_PLACES, DEC_HALF_AWAY));
        out->minutes = dec_sum(out->minutes, s->minutes);
        given = dec_add(given, s->amount);
        left60 = dec_sub(left60, step60);
        if (!dec_is(out->minutes) || !dec_is(left60) || !dec_is(given))
            return step_fail(e, i, "time or amount is out of range");
        if (last)
            break;
    }
    return true;
}

bool steps_regular(struct dec start, struct dec increment, struct dec maximum, struct dec every_min,
    struct step out[STEPS_MAX], int *n, struct err *e)
{
    struct dec rate = start;
    *n = 0;
    if (dec_sign(start) <= 0 || dec_sign(increment) < 0 || dec_lt(maximum, start) || dec_sign(every_min) <= 0)
        return err_set(
            e, ERR_INPUT, "steps", "a table needs start > 0, increment ≥ 0, maximum ≥ start and minutes > 0");
    for (;;) {
        bool last = dec_eq(rate, maximum) || dec_sign(increment) == 0;
        if (*n >= STEPS_MAX)
            return err_set(e, ERR_TOO_LARGE, "steps", "more than %d steps", STEPS_MAX);
        out[(*n)++] = (struct step){rate, last ? DEC_NONE : every_min};
        if (last)
            return true;
        rate = dec_min(dec_add(rate, increment), maximum);
    }
}

bool steps_by_share(
    const struct step_share *shares, int n, struct dec amount, struct step out[STEPS_MAX], struct err *e)
{
    struct dec all = dec_int(0);
    if (n < 1 || n > STEPS_MAX)
        return err_set(e, ERR_INPUT, "steps", "a step table has 1 to %d steps, not %d", STEPS_MAX, n);
    for (int i = 0; i < n; i++) {
        if (!dec_is(shares[i].share) || dec_sign(shares[i].share) <= 0 || !dec_is(shares[i].minutes) ||
            dec_sign(shares[i].minutes) <= 0)
            return step_fail(e, i, "share and minutes must be more than nothing");
        struct dec rate = dec_quot(dec_prod(dec_prod(amount, shares[i].share), dec_int(60)), shares[i].minutes);
        out[i] = (struct step){rate, i + 1 < n ? shares[i].minutes : DEC_NONE};
        all = dec_add(all, shares[i].share);
    }
    return (dec_is(all) && dec_eq(all, dec_int(1))) ||
        err_set(e, ERR_INPUT, "steps", "the shares do not add up to the whole");
}

bool steps_slow_start(struct dec first_rate, struct dec first_min, struct dec amount, struct dec total_min,
    struct dec max_rate, struct step out[2], struct err *e)
{
    if (!dec_is(first_rate) || dec_sign(first_rate) <= 0 || !dec_is(first_min) || dec_sign(first_min) <= 0 ||
        !dec_is(amount) || dec_sign(amount) <= 0 || !dec_is(total_min) || dec_le(total_min, first_min))
        return err_set(
            e, ERR_INPUT, "minutes", "a slow start needs its rate and minutes, an amount and a longer total time");
    struct dec left60 = dec_sub(dec_mul(amount, dec_int(60)), dec_mul(first_rate, first_min));
    struct dec rate = dec_quot(left60, dec_sub(total_min, first_min));
    if (!dec_is(rate) || dec_lt(rate, first_rate))
        return err_set(e, ERR_INPUT, "minutes", "the rest would run slower than the beginning: the time is too long");
    if (dec_is(max_rate) && dec_lt(max_rate, rate))
        return err_set(e, ERR_INPUT, "minutes", "the rest would run above the highest rate: the time is too short");
    out[0] = (struct step){first_rate, first_min};
    out[1] = (struct step){rate, DEC_NONE};
    return true;
}

struct dec steps_rate_at(const struct step *steps, int n, struct dec minutes)
{
    struct dec end = dec_int(0);
    for (int i = 0; i < n; i++) {
        end = dec_add(end, steps[i].minutes);
        if (!dec_is(end) || dec_lt(minutes, end))
            return steps[i].rate;
    }
    return DEC_NONE;
}

bool steps_next(const struct step *steps, int n, struct dec rate, struct dec at_rate, struct step_next *out,
    struct err *e)
{
    if (n < 1 || !dec_is(rate) || dec_sign(rate) < 0 || !dec_is(at_rate) || dec_sign(at_rate) < 0)
        return err_set(e, ERR_INPUT, "rate", "a next step needs a table, a rate and the minutes at it");
    int row = -1; /* below the first: the first may be taken now */
    for (int i = 0; i < n; i++)
        if (dec_le(steps[i].rate, rate) && (row < 0 || dec_lt(steps[row].rate, steps[i].rate)))
            row = i;
    *out = (struct step_next){.follows = row + 1 < n, .rate = DEC_NONE, .in_min = DEC_NONE, .row = row + 1};
    if (!out->follows)
        return true;
    out->rate = steps[row + 1].rate;
    out->in_min = row < 0 ? dec_int(0) : dec_max(dec_sub(steps[row].minutes, at_rate), dec_int(0));
    return dec_is(out->in_min) || step_fail(e, row, "every step but the last needs its minutes");
}

/* How a rate is meant, by its dimensions alone. */
enum rate_kind { RATE_VOLUME, RATE_VOLUME_PER_KG, RATE_AMOUNT, RATE_AMOUNT_PER_KG, RATE_OTHER };

static enum rate_kind kind_of(unit_t u)
{
    static const char *const amount[] = {"mg/h", "[iU]/h", "meq/h", "mmol/h"};
    static const char *const per_kg[] = {"mg/kg/h", "[iU]/kg/h", "meq/kg/h", "mmol/kg/h"};
    if (unit_same_dim(u, unit_find("mL/h")))
        return RATE_VOLUME;
    if (unit_same_dim(u, unit_find("mL/kg/h")))
        return RATE_VOLUME_PER_KG;
    for (size_t i = 0; i < sizeof amount / sizeof *amount; i++) {
        if (unit_same_dim(u, unit_find(amount[i])))
            return RATE_AMOUNT;
        if (unit_same_dim(u, unit_find(per_kg[i])))
            return RATE_AMOUNT_PER_KG;
    }
    return RATE_OTHER;
}

static bool needs(enum rate_kind kind, struct qty rate_unit, struct qty weight, struct qty concentration, struct err *e)
{
    const char *code = unit_code(rate_unit.u);
    if (kind == RATE_OTHER)
        return err_set(e, ERR_INPUT, "rate", "%s is not a rate of flow or dose", code);
    bool kg = kind == RATE_VOLUME_PER_KG || kind == RATE_AMOUNT_PER_KG;
    if (kg && (!qty_is(weight) || !unit_same_dim(weight.u, unit_find("kg")) || dec_sign(weight.v) <= 0))
        return err_set(e, ERR_INPUT, "weight", "a rate in %s needs the weight", code);
    bool conc = kind == RATE_AMOUNT || kind == RATE_AMOUNT_PER_KG;
    if (conc && (!qty_is(concentration) || dec_sign(concentration.v) <= 0))
        return err_set(e, ERR_INPUT, "concentration", "a rate in %s needs the concentration", code);
    return true;
}

bool steps_rate_ml_h(struct qty rate, struct qty weight, struct qty concentration, struct dec *out, struct err *e)
{
    if (!qty_is(rate) || dec_sign(rate.v) < 0)
        return err_set(e, ERR_INPUT, "rate", "rate is missing or below zero");
    enum rate_kind kind = kind_of(rate.u);
    if (!needs(kind, rate, weight, concentration, e))
        return false;
    struct qty q = rate, ml_h, kg;
    if (kind == RATE_VOLUME_PER_KG || kind == RATE_AMOUNT_PER_KG) {
        if (!qty_to(weight, unit_find("kg"), &kg, e))
            return false;
        q = qty_mul(q, kg);
    }
    if (kind == RATE_AMOUNT || kind == RATE_AMOUNT_PER_KG) {
        /* one hour's amount before the division: 10 ug/kg/min ÷ 1600 ug/mL is rounded once, in mL */
        q = qty_div(qty_mul(q, qty_lit("1 h")), concentration);
        struct qty ml;
        if (!qty_is(q) || !unit_same_dim(q.u, unit_find("mL")) || !qty_to(q, unit_find("mL"), &ml, e))
            return err_set(e, ERR_INPUT, "concentration", "a rate in %s and a concentration in %s do not meet",
                unit_code(rate.u), unit_code(concentration.u));
        *out = ml.v;
        return true;
    }
    if (!qty_is(q) || !qty_to(q, unit_find("mL/h"), &ml_h, e))
        return err_set(e, ERR_INPUT, "rate", "the rate is too large");
    *out = ml_h.v;
    return true;
}

bool steps_rate_from_ml_h(struct dec ml_h, struct qty weight, struct qty concentration, unit_t unit, struct qty *out,
    struct err *e)
{
    if (!dec_is(ml_h) || dec_sign(ml_h) < 0)
        return err_set(e, ERR_INPUT, "rate", "rate is missing or below zero");
    enum rate_kind kind = kind_of(unit);
    if (!needs(kind, (struct qty){dec_int(0), unit}, weight, concentration, e))
        return false;
    struct qty q = {ml_h, unit_find("mL/h")};
    if (kind == RATE_AMOUNT || kind == RATE_AMOUNT_PER_KG)
        q = qty_mul(q, concentration);
    struct qty kg;
    if (kind == RATE_VOLUME_PER_KG || kind == RATE_AMOUNT_PER_KG) {
        if (!qty_to(weight, unit_find("kg"), &kg, e))
            return false;
        q = qty_div(q, kg);
    }
    if (!qty_is(q) || !unit_same_dim(q.u, unit))
        return err_set(e, ERR_INPUT, "concentration", "a flow of %s cannot be a rate in %s", unit_code(concentration.u),
            unit_code(unit));
    return qty_to(q, unit, out, e);
}

bool steps_for_pump(struct dec ml_h, struct dec pump_step, struct dec *out, struct err *e)
{
    *out = dec_round_to(ml_h, pump_step, DEC_DOWN);
    if (!dec_is(*out) || dec_sign(*out) <= 0) {
        char text[DEC_TEXT_MAX + 8];
        return err_set(e, ERR_INPUT, "rate", "%s mL/h is below what the pump can run", dec_show(ml_h, text));
    }
    return true;
}
