/* recheck_inner: fractions of the second engine: reading numbers and units, bounds of roots and powers. For recheck*.c.
 *
 * Any thread; every mpq is the caller's. Rule: nothing of base/dec's or base/unit's arithmetic is used here.
 */
#ifndef CLINIC_RECHECK_INNER_H
#define CLINIC_RECHECK_INNER_H

#include <gmp.h>

#include "base/unit.h"

/* lo ≤ the true value ≤ hi; equal where it is a fraction. */
struct bounds {
    mpq_t lo, hi;
};
void bounds_init(struct bounds *b);
void bounds_clear(struct bounds *b);

void frac_dec(mpq_t out, struct dec d);
void frac_lit(mpq_t out, const char *decimal); /* "0.425", "-1.5" */
/* The number in `unit`; false if the two do not meet. Own table of units. */
bool frac_qty(mpq_t out, struct qty q, const char *unit);
/* "mg/m2" in front of "/m2" → the amount in `unit`; false if it is per something else. */
bool frac_amount(mpq_t out, struct qty q, const char *per, const char *unit);

void bounds_sqrt(struct bounds *out, const mpq_t x);                      /* x > 0 */
void bounds_pow(struct bounds *out, const mpq_t x, const char *exponent); /* x > 0 */
void bounds_boyd(struct bounds *out, const mpq_t grams);                  /* g^(0.7285 − 0.0188 log10 g) */

#endif
