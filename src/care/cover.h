/* cover: what the patient's payer says about one ordered drug on one day: known, authorised, and for how much.
 * Any thread with its own tx. Rule: what is not known is said as unknown, never as allowed.
 */
#ifndef CARE_COVER_H
#define CARE_COVER_H

#include "care/care.h"
#include "formulary/content.h"

enum cover_state {
    COVER_UNKNOWN,    /* no coverage, or a payer without rules here */
    COVER_NOT_NEEDED, /* the payer wants no authorisation for this drug */
    COVER_MISSING,    /* none granted for the day */
    COVER_SHORT,      /* fewer units left than the dose needs */
    COVER_GRANTED
};

struct cover {
    bool insured;                /* active coverage on the day */
    const struct payer *payer;   /* NULL: no rules here */
    const struct payer_cover *row; /* this drug's row; NULL */
    enum cover_state state;      /* of the authorisation */
    int64_t need, left;          /* billing units; INT_NONE if the drug has no billing row for the day */
    const char *payer_says, *says; /* two sentences for people */
};

MUST_CHECK bool care_cover(struct tx *t, const struct content *c, const struct med_order *o, const char *day, struct cover *out, struct err *e);

#endif
