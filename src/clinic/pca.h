/* pca: patient-controlled analgesia: what an order could deliver at most, and whether a demand may be given now, by
 * sliding windows over what was delivered.
 *
 * Pure; any thread. Amounts in one unit (mg or ug) as decimals. Rule: no window of one or four hours, wherever it
 * begins, holds more than its limit; a window is open at its old end, so a dose exactly an hour old has left it. The
 * background infusion counts as if it filled the whole window, which is on the safe side at its start.
 */
#ifndef CLINIC_PCA_H
#define CLINIC_PCA_H

#include "base/dec.h"
#include "base/utc.h"

enum { PCA_GIVEN_MAX = 2000 };

struct pca_order {
    struct dec dose;         /* of one demand */
    int lockout_min;
    struct dec basal;        /* per hour; 0: none */
    struct dec limit_1h, limit_4h;
    bool opioid_naive;
};

struct pca_most {
    struct dec by_lockout_1h; /* basal + ⌊60 ÷ lockout⌋ × dose */
    struct dec most_1h, most_4h;
    bool limited;             /* the limits bind before the lockout does */
};

/* ERR_INPUT names the number; ERR_REFUSED for a background infusion in an opioid-naive patient, or limits that do not
 * let even one dose pass. */
MUST_CHECK bool pca_order_check(const struct pca_order *o, struct pca_most *out, struct err *e);

struct pca_given {
    utc_t at;
    struct dec amount; /* a demand dose or a clinician's bolus */
};

enum pca_reason { PCA_GIVE, PCA_LOCKED, PCA_HOUR_FULL, PCA_FOUR_HOURS_FULL };
struct pca_answer {
    enum pca_reason reason;
    utc_t next;               /* not before this; now if it may be given */
    struct dec in_1h, in_4h;  /* delivered in the windows that end now, background included */
};

/* given: in time order, none after now. */
MUST_CHECK bool pca_demand(const struct pca_order *o, const struct pca_given *given, int n, utc_t now,
    struct pca_answer *out, struct err *e);

#endif
