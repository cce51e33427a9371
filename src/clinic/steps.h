/* steps: the step-rate engine: a table of rates and an amount in, segments with exact times out. One engine for
 * titrated antibodies, immune globulin, desensitisation, transfusion and multistep infusions.
 *
 * Pure; any thread. Rule: the segments' amounts add up to the amount asked for, exactly; a rate is never rounded here.
 */
#ifndef CLINIC_STEPS_H
#define CLINIC_STEPS_H

#include "base/arena.h"
#include "base/unit.h"
#include "base/utc.h"

enum { STEPS_MAX = 64 };

struct step {
    struct dec rate;     /* amount per hour (mL/h, mg/h …), > 0 */
    struct dec minutes;  /* how long; DEC_NONE: to the end */
};

struct step_segment {
    struct dec rate;     /* amount per hour */
    struct dec minutes;  /* as in the table; of the last step to 15 significant digits */
    struct dec amount;   /* in this segment, to 12 places; of the last step what is left */
};

struct step_plan {
    struct step_segment segments[STEPS_MAX];
    int count;
    struct dec minutes;  /* total */
};

/* Run the table until `amount` is in; the last step goes on to the end. ERR_INPUT names the step at fault. */
MUST_CHECK bool steps_run(
    struct arena *a, const struct step *steps, int n, struct dec amount, struct step_plan *out, struct err *e);

/* A regular table: start, + increment each `every` minutes, up to maximum and there to the end. */
MUST_CHECK bool steps_regular(struct dec start, struct dec increment, struct dec maximum, struct dec every_min,
    struct step out[STEPS_MAX], int *n, struct err *e);

/* A table by shares: so much of the amount in so many minutes (20 % in 30 min, 80 % in 60). Shares add up to 1. */
struct step_share {
    struct dec share, minutes;
};
MUST_CHECK bool steps_by_share(
    const struct step_share *shares, int n, struct dec amount, struct step out[STEPS_MAX], struct err *e);

/* A slow beginning, then even to the end at total_min (a unit of blood). ERR_INPUT if the even part would be above
 * max_rate (DEC_NONE: no limit) or slower than the beginning. */
MUST_CHECK bool steps_slow_start(struct dec first_rate, struct dec first_min, struct dec amount, struct dec total_min,
    struct dec max_rate, struct step out[2], struct err *e);

/* A rate in any of mL/h, mL/kg/h, mg/h, mg/min, mg/kg/min, [iU]/kg/h, meq/h … to mL/h, exact to 15 digits. weight and
 * concentration, in any unit of theirs, may be QTY_NONE where the rate does not need them; ERR_INPUT names the missing.
 */
MUST_CHECK bool steps_rate_ml_h(
    struct qty rate, struct qty weight, struct qty concentration, struct dec *out, struct err *e);

/* The other way: mL/h as a rate in `unit`. */
MUST_CHECK bool steps_rate_from_ml_h(struct dec ml_h, struct qty weight, struct qty concentration, unit_t unit,
    struct qty *out, struct err *e);

/* For a pump: down to its step (0.1 mL/h), never up; ERR_INPUT if nothing is left. */
MUST_CHECK bool steps_for_pump(struct dec ml_h, struct dec pump_step, struct dec *out, struct err *e);

/* The rate the table allows after so many minutes of flow (pauses not counted). DEC_NONE past a table that ends. */
struct dec steps_rate_at(const struct step *steps, int n, struct dec minutes);

/* The next step of an infusion running at `rate` since `at_rate` minutes: its row is the fastest one not above `rate`,
 * so a nurse who slowed down goes on from there. */
struct step_next {
    bool follows;       /* false: at the last step already */
    struct dec rate;    /* next rate */
    struct dec in_min;  /* minutes from now; 0: it may be raised now */
    int row;            /* of the next rate, from 0 */
};
MUST_CHECK bool steps_next(const struct step *steps, int n, struct dec rate, struct dec at_rate, struct step_next *out,
    struct err *e);

#endif
