/* lifetime: what a patient has had of a drug and its kin over all therapy ever, and when the next cycles cross a limit.
 *
 * Pure; any thread. Rule: the tables of equivalence disagree, so one is selected by name and the raw totals stay
 * visible; a drug that the selected table does not name is listed as not counted, never counted as nothing in silence.
 */
#ifndef CLINIC_LIFETIME_H
#define CLINIC_LIFETIME_H

#include "base/unit.h"

enum { LIFETIME_ENTRIES_MAX = 500, LIFETIME_DRUGS_MAX = 16 };

struct lifetime_entry {
    const char *drug;
    struct qty amount;     /* mg/m2, [iU]/m2, [iU] …: the limit's kind */
};

/* One row of a table: 1 of the drug counts as `factor` of the reference drug. */
struct lifetime_factor {
    const char *drug;
    struct dec factor;
};

struct lifetime_part {
    const char *drug;
    struct dec raw;        /* in the unit asked for */
    struct dec factor;     /* DEC_NONE: not in the table, not counted */
    struct dec counted;
};

struct lifetime {
    struct lifetime_part parts[LIFETIME_DRUGS_MAX];
    int count, uncounted;
    struct dec total;      /* in the unit asked for, as the reference drug */
};

/* ERR_INPUT names the entry: no amount, below zero, another unit; or a factor that is not above zero or given twice. */
MUST_CHECK bool lifetime_sum(const struct lifetime_entry *entries, int n, const struct lifetime_factor *table, int rows,
    const char *unit, struct lifetime *out, struct err *e);

struct lifetime_crossing {
    int cycle;             /* first cycle whose dose passes the limit, from 1; 0: none of them */
    struct dec at;         /* total after that cycle (or after all) */
};
/* total + k × each for k = 1 … cycles against the limit; reaching it exactly is not passing it. */
MUST_CHECK bool lifetime_crosses(struct dec total, struct dec each, int cycles, struct dec limit,
    struct lifetime_crossing *out, struct err *e);

#endif
