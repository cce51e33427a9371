#include "clinic/steps.h"

#include <stdio.h>

static bool step_fail(struct err *e, int i, const char *what)
{
    char where[32];
    snprintf(where, sizeof where, "step %d", i + 1);
    return err_set(e, ERR_INPUT, where, "%s", what);
}

bool steps_run(struct arena *a, const struct step *steps, int n, struct dec amount, struct step_plan *out, struct err *e)
{
    (void)a;
    struct dec left = amount;
    *out = (struct step_plan){.minutes = dec_int(0)};
    if (n < 1 || n > STEPS_MAX)
        return err_set(e, ERR_INPUT, "steps", "a step table has 1 to %d steps, not %d", STEPS_MAX, n);
    if (!dec_is(amount) || dec_sign(amount) <= 0)
        return err_set(e, ERR_INPUT, "amount", "the amount must be more than nothing");
    for (int i = 0; i < n && dec_sign(left) > 0; i++) {
        if (!dec_is(steps[i].rate) || dec_sign(steps[i].rate) <= 0)
            return step_fail(e, i, "the rate must be more than nothing");
        struct step_segment *s = &out->segments[out->count++];
        s->rate = steps[i].rate;
        struct dec planned = i + 1 < n && dec_is(steps[i].minutes) ? dec_quot(dec_mul(steps[i].rate, steps[i].minutes), dec_int(60)) : DEC_NONE;
        bool last = !dec_is(planned) || dec_le(left, planned);
        s->amount = last ? left : planned;
        s->minutes = last ? dec_quot(dec_mul(left, dec_int(60)), s->rate) : steps[i].minutes;
        left = dec_sub(left, s->amount);
        out->minutes = dec_add(out->minutes, s->minutes);
        if (!dec_is(out->minutes) || !dec_is(left))
            return step_fail(e, i, "time or amount is out of range");
    }
    return true;
}

bool steps_regular(struct dec start, struct dec increment, struct dec maximum, struct dec every_min, struct step out[STEPS_MAX], int *n, struct err *e)
{
    struct dec rate = start;
    *n = 0;
    if (dec_sign(start) <= 0 || dec_sign(increment) < 0 || dec_lt(maximum, start) || dec_sign(every_min) <= 0)
        return err_set(e, ERR_INPUT, "steps", "a table needs start > 0, increment ≥ 0, maximum ≥ start and minutes > 0");
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

bool steps_rate_ml_h(struct qty rate, struct qty weight, struct qty concentration, struct dec *out, struct err *e)
{
    static const char *const per_kg_units[] = {"mL/kg/h", "mg/kg/h"};
    unit_t ml_h = unit_find("mL/h"), mg_h = unit_find("mg/h");
    struct qty r = rate;
    for (int i = 0; i < 2; i++) {
        if (!unit_same_dim(rate.u, unit_find(per_kg_units[i])))
            continue;
        /* mg/kg/h and mg/h differ by a mass in the denominator; the dimension tells which it is */
        if (!qty_is(weight))
            return err_set(e, ERR_INPUT, "weight", "a rate per kg needs a weight");
        if (!qty_to(rate, unit_find(per_kg_units[i]), &r, e))
            return false;
        r = (struct qty){dec_mul(r.v, weight.v), i == 0 ? ml_h : mg_h};
        break;
    }
    if (unit_same_dim(r.u, mg_h)) {
        if (!qty_is(concentration))
            return err_set(e, ERR_INPUT, "concentration", "a rate by mass needs a concentration");
        if (!qty_to(r, mg_h, &r, e))
            return false;
        r = (struct qty){dec_quot(r.v, concentration.v), ml_h};
    }
    if (!qty_to(r, ml_h, &r, e))
        return false;
    *out = r.v;
    return true;
}
