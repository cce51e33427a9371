/* now: the only place besides main that reads the machine's clock. Any thread. */
#ifndef SERVE_NOW_H
#define SERVE_NOW_H

#include "base/utc.h"

utc_t now_real(void);  /* wall clock: sessions, throttles, the origin of care time */
utc_t now_steady(void);/* never steps: waiting times */

#endif
