/* vials: which vials make a dose: the least waste, then the fewest, then the cheapest.
 *
 * Pure; results in the caller's arena; any thread. Amounts are exact decimals in one unit. Rule: exact integers in steps
 * of the vials' common divisor, searched to the end within named limits; never a guess.
 */
#ifndef CLINIC_VIALS_H
#define CLINIC_VIALS_H

#include "base/arena.h"
#include "base/dec.h"

enum {
    VIAL_SIZES_MAX = 16,      /* kinds of vial to choose from */
    VIALS_MAX = 1000,    /* vials in one preparation */
    VIAL_STEPS_MAX = 20000,   /* amounts looked at: the dose in steps of the vials' common divisor */
    VIAL_TRIES_MAX = 20000000 /* of the search, over all sizes */
};

struct vial_size {
    struct dec amount;   /* label amount in one vial; overfill never counts */
    int on_hand;         /* vials there are; -1: as many as needed */
    struct dec cost;     /* of one vial; DEC_NONE: unknown, counts as nothing */
    const char *product; /* id for the result; may be NULL */
};

struct vial_choice {
    int counts[VIAL_SIZES_MAX]; /* of each size, in the order given */
    int vials;
    struct dec opened, waste, cost;
};

/* Least waste, then fewest vials, then least cost, then the larger vials. ERR_INPUT if an amount is not above zero,
 * ERR_CONFLICT if the vials on hand do not reach the dose, ERR_TOO_LARGE beyond the limits above. */
MUST_CHECK bool vials_choose(struct dec dose, const struct vial_size *sizes, int count, struct arena *a,
    struct vial_choice *out, struct err *e);

#endif
