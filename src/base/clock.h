/* clock: care time as a pure function of real time: care = care0 + (real - real0) × speed.
 *
 * So a demonstration may run faster than life, on any day, in several processes at once, and survive a kill: whoever
 * has the three numbers agrees on what time it is. Any thread; no state. Rule: reads no clock itself: real time comes
 * in as an argument. Sessions, throttles and TLS use real time, never this.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/utc.h"

enum { CLOCK_TEXT_MAX = 2 * UTC_TEXT_MAX + 16, CLOCK_SPEED_MAX = 10000 };

struct clock {
    utc_t care0, real0;
    int64_t speed; /* thousandths: 1000 is life; 1 … CLOCK_SPEED_MAX × 1000 */
};

#define CLOCK_REAL ((struct clock){0, 0, 1000})

/* "CARE0@REAL0,SPEED", "CARE0,SPEED" (REAL0 is then `real_now`) or "real"; instants as RFC 3339, SPEED a number above 0
 * with at most three places. */
MUST_CHECK bool clock_read(const char *text, utc_t real_now, struct clock *out, struct err *e);
const char *clock_text(const struct clock *c, char out[CLOCK_TEXT_MAX]); /* what clock_read reads, with REAL0 */

utc_t clock_care(const struct clock *c, utc_t real);
utc_t clock_to_real(const struct clock *c, utc_t care); /* the first real moment at which it is that care time */

#endif
