/* dose_check: the second dose engine: exact fractions (GMP rationals), sharing no arithmetic with base/dec.
 *
 * Pure; any thread. Rule: it gets the same inputs as the first engine as digits and answers with digits; the two are
 * compared as text. Disagreement stops the dose.
 */
#ifndef CLINIC_DOSE_CHECK_H
#define CLINIC_DOSE_CHECK_H

#include "base/arena.h"
#include "base/unit.h"

struct dose_question {
    struct qty flat, per_kg;   /* one of them */
    struct qty weight;         /* kg, if per_kg */
    struct qty cap, step;      /* QTY_NONE: none */
    enum dec_round round;      /* DEC_HALF_AWAY, DEC_DOWN, DEC_UP */
    bool rounds;
    unit_t unit;               /* the answer's: mg or g */
};

/* The dose as plain digits without trailing zeros; NULL if it is not a finite decimal of at most 18 places. */
const char *dose_check(struct arena *a, const struct dose_question *q);

#endif
