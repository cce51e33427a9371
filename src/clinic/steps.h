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
    struct dec minutes;  /* exact to 15 significant digits */
    struct dec amount;   /* in this segment */
};

struct step_plan {
    struct step_segment segments[STEPS_MAX];
    int count;
    struct dec minutes;  /* total */
};

/* Run the table until `amount` is in; the last step goes on to the end. ERR_INPUT names the step at fault. */
MUST_CHECK bool steps_run(struct arena *a, const struct step *steps, int n, struct dec amount, struct step_plan *out, struct err *e);

/* A regular table: start, + increment each `every` minutes, up to maximum. Returns the count written to out. */
MUST_CHECK bool steps_regular(struct dec start, struct dec increment, struct dec maximum, struct dec every_min, struct step out[STEPS_MAX], int *n, struct err *e);

/* A rate in any of mL/h, mL/kg/h, mg/h, mg/min, mg/kg/min, mg/kg/h … to mL/h, exact to 15 digits. weight and
 * concentration may be QTY_NONE where the rate does not need them. */
MUST_CHECK bool steps_rate_ml_h(struct qty rate, struct qty weight, struct qty concentration, struct dec *out, struct err *e);

#endif
