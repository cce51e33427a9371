/* ctcae: the CTCAE grade of a laboratory value: limits as decimals or as multiples of a limit of normal or of the
 * patient's own baseline, so no value falls between two grades.
 *
 * Pure; any thread. Rule: a grade carries the version it was made by; a value that cannot be graded (no limit of
 * normal, no baseline) is refused, never grade 0.
 */
#ifndef CLINIC_CTCAE_H
#define CLINIC_CTCAE_H

#include "base/unit.h"

enum ctcae_of {
    CTCAE_VALUE, /* limits in the term's unit */
    CTCAE_LLN,   /* first limit is the lower limit of normal, the others in the unit */
    CTCAE_ULN    /* limits are multiples of the upper limit of normal (of the baseline if that was above it) */
};

struct ctcae_term {
    const char *term;    /* "neutrophil count decreased" */
    const char *name;    /* our observation name: "anc" */
    const char *unit;
    enum ctcae_of of;
    bool falls;          /* worse when lower */
    const char *limit[4]; /* of grades 1-4; NULL: there is no such grade. Falling: below; rising: above */
    const char *source;
};

#define CTCAE_VERSION "5.0"
/* The laboratory terms of CTCAE 5.0 that chemotherapy tables use; ends at term NULL. */
extern const struct ctcae_term ctcae_v5[];
const struct ctcae_term *ctcae_find(const char *name);

/* Grade 0-4. lln, uln, baseline in any unit of the value's dimension; QTY_NONE where the term does not ask. ERR_INPUT
 * names what is missing or of another unit. */
MUST_CHECK bool ctcae_grade(const struct ctcae_term *t, struct qty value, struct qty lln, struct qty uln,
    struct qty baseline, int *grade, struct err *e);

#endif
