/* pk: drug levels of one- and two-compartment models during and after an infusion, as estimates.
 *
 * Pure; any thread. Exact decimals by dec_math, so the same on every machine; still an estimate, and marked so wherever
 * it is shown. Rule: never used to control a pump. Clearances in L/h, volumes in L, times in h, doses in mg, levels in
 * mg/L.
 */
#ifndef CLINIC_PK_H
#define CLINIC_PK_H

#include "base/dec.h"

struct pk_one {
    struct dec cl, v;
};
struct pk_two {
    struct dec cl, v1, q, v2;
};

/* Level at time t of an infusion repeated every tau at steady state; t from the start of a dose, 0 ≤ t ≤ tau;
 * duration ≤ tau. DEC_NONE for values outside the model. */
struct dec pk_one_steady(const struct pk_one *m, struct dec dose, struct dec duration, struct dec tau, struct dec t);
/* Level at time t ≥ 0 after the start of a single infusion. */
struct dec pk_two_single(const struct pk_two *m, struct dec dose, struct dec duration, struct dec t);

#endif
