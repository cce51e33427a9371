/* id: names that explain themselves: "1-visit-48213-5": site, record type, ledger number of the event that made it,
 * check character (ISO 7064 mod 37,2 over what stands before it). Any thread; no state.
 * Rule: the number is the seq of the creating event, so `venule explain ID` needs nothing else.
 */
#ifndef RECORD_ID_H
#define RECORD_ID_H

#include "base/arena.h"

struct id {
    int64_t site, seq;
    char type[40];
};

const char *id_make(struct arena *a, int64_t site, const char *type, int64_t seq);
MUST_CHECK bool id_read(const char *text, struct id *out, struct err *e); /* refuses a wrong check character */

#endif
