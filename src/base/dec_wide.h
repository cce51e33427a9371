/* dec_wide: 128-bit steps shared by dec, dec_math and unit; for base only.
 *
 * Any thread; no state. Rule: a wide value never leaves base: it becomes a dec or no number.
 */
#ifndef BASE_DEC_WIDE_H
#define BASE_DEC_WIDE_H

#include "base/dec.h"

__extension__ typedef __int128 i128;

i128 wide_pow10(int n);                              /* n ≤ 38 */
i128 wide_gcd(i128 a, i128 b);                       /* ≥ 1 */
struct dec wide_fit(i128 coef, int scale);           /* exact or none */
struct dec wide_quot(i128 num, i128 den, int scale); /* num ÷ den × 10^-scale to 15 digits */

#endif
