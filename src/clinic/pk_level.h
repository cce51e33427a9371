/* pk_level: the level of a drug from what was delivered: an estimate for the page, in decimals.
 *
 * Pure; results in the caller's arrays; any thread. Rule: advisory; it reads delivered segments, never orders, and is
 * never sent to a pump. Where the ledger does not know what flowed, the level is marked uncertain.
 */
#ifndef CLINIC_PK_LEVEL_H
#define CLINIC_PK_LEVEL_H

#include "base/unit.h"
#include "clinic/flow.h"

enum { PK_GIVEN_MAX = 2000 };

/* So much drug evenly over so many minutes; 0 minutes: at once. */
struct pk_given {
    struct dec start_min, minutes, mg;
};

struct pk_person {
    struct dec age, weight, height; /* years, kg, cm */
    const char *sex;                /* "male", "female" */
};

struct pk_level {
    struct dec plasma;  /* mg/L, 6 significant digits */
    struct dec effect;  /* mg/L; DEC_NONE: the model has no effect site */
};

/* Levels at the minutes asked for. ERR_INPUT names the model, person or segment that is wrong. */
MUST_CHECK bool pk_levels(const char *model, const struct pk_person *p, const struct pk_given *given, int n,
    const struct dec *at_min, int times, struct pk_level *out, struct err *e);

/* What an infusion delivered by `now`, minutes counted from `origin`; the open segment counts at its rate. *uncertain:
 * some of it is not known in time or amount. ERR_TOO_LARGE over `max` segments. */
MUST_CHECK bool pk_given_by(const struct flow *f, struct qty concentration, utc_t origin, utc_t now,
    struct pk_given *out, int max, int *n, bool *uncertain, struct err *e);

#endif
