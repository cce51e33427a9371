/* dec_math: the one place for irrational steps: roots, powers, exponentials, logarithms.
 *
 * Each result is the true value correctly rounded (half away) to 15 significant digits, the same on every machine
 * (computed with MPFR at rising precision until the digits are settled). Any thread. Bad argument: DEC_NONE.
 */
#ifndef BASE_DEC_MATH_H
#define BASE_DEC_MATH_H

#include "base/dec.h"

struct dec dec_sqrt(struct dec a);                 /* a ≥ 0 */
struct dec dec_cbrt(struct dec a);
struct dec dec_pow(struct dec a, struct dec b);    /* a > 0, or a = 0 with b > 0 */
struct dec dec_exp(struct dec a);
struct dec dec_ln(struct dec a);                   /* a > 0 */
struct dec dec_log10(struct dec a);                /* a > 0 */

#endif
