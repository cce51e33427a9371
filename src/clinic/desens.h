/* desens: rapid desensitisation: several bags of one drug, each more concentrated, run by one table of steps.
 *
 * Pure; any thread. Rule: the doses of all steps add up to the dose ordered, exactly to 12 places: the last bag holds
 * what the earlier ones did not deliver. Pattern: Castells, 12 steps of three bags; the tables are content.
 */
#ifndef CLINIC_DESENS_H
#define CLINIC_DESENS_H

#include "base/dec.h"

enum { DESENS_BAGS_MAX = 6, DESENS_STEPS_MAX = 32 };

struct desens_bag {
    struct dec volume; /* mL as made */
    struct dec dose;   /* mg in it; of the last bag DEC_NONE: what is left of the dose */
};

struct desens_step {
    int bag;            /* from 0, never falling */
    struct dec rate;    /* mL/h */
    struct dec minutes; /* of the very last step DEC_NONE: until the bag is empty */
};

struct desens_row {
    int bag;
    struct dec rate, minutes; /* mL/h, min */
    struct dec volume;        /* mL in this step */
    struct dec dose, total;   /* mg in this step, and so far */
    struct dec ends;          /* minutes from the start */
};

struct desens_made {
    struct dec dose;          /* mg in the bag as made */
    struct dec concentration; /* mg/mL, 15 digits */
    struct dec used;          /* mL that is given of it */
};

struct desens_plan {
    struct desens_row rows[DESENS_STEPS_MAX];
    int count;
    struct desens_made bags[DESENS_BAGS_MAX];
    int bag_count;
    struct dec minutes;
};

/* ERR_INPUT names the bag or step: one used beyond its volume, out of order, unused, or with more drug than is left. */
MUST_CHECK bool desens_run(struct dec dose_mg, const struct desens_bag *bags, int nbags,
    const struct desens_step *steps, int nsteps, struct desens_plan *out, struct err *e);

/* The usual twelve: bag 1 at 2, 5, 10, 20 mL/h, bag 2 at 5, 10, 20, 40, bag 3 at 10, 20, 40, 80; times final ÷ 80. */
enum { DESENS_TWELVE = 12 };
MUST_CHECK bool desens_twelve(struct dec final_rate, struct dec step_min, struct desens_step out[DESENS_TWELVE],
    struct err *e);

#endif
