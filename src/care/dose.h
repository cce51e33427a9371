/* dose: one dose worked out and proven: inputs with their age and source, formula, cap, rounding, bag, rates, time.
 *
 * Pure: everything comes in, nothing is looked up. Any thread. Rule: a number in the proof is the number used; the
 * second engine (clinic/recheck.h) recomputes the dose of the first (clinic/derive.h) from the same inputs by exact
 * fractions, and disagreement is a hard stop.
 */
#ifndef CARE_DOSE_H
#define CARE_DOSE_H

#include "formulary/content.h"
#include "record/model.h"

struct dose_inputs {
    const struct drug *drug;
    const struct regimen *regimen;
    const struct regimen_dose *rule;
    const struct site *site;
    const struct observation *weight; /* latest; NULL if none */
    const struct observation *height;
    const char *sex;
    int age;                          /* completed years; -1: unknown */
    const char *content_hash;
    bool first;                       /* first visit of the plan */
    utc_t now;
};

struct dose {
    struct qty dose;          /* in the drug's show_unit */
    struct qty unrounded;
    struct dec weight_kg;     /* the weight used; DEC_NONE for a flat dose without rates per kg */
    struct dec drug_ml;       /* volume of drug, at the concentration of the first vial */
    const struct drug_diluent *diluent; /* NULL: undiluted */
    struct dec volume_ml;     /* to be infused */
    struct qty concentration; /* in the bag, mg/mL */
    struct dec max_rate;      /* mL/h, hard limit for this patient; DEC_NONE if the content has none */
    const char *steps;        /* JSON [{"rate":21,"minutes":30},…,{"rate":336}], mL/h; NULL for injection and push */
    int minutes;              /* planned infusion time */
    int observe_min;
    struct dec round_percent; /* what rounding changed, % of the unrounded dose */
    bool agrees;              /* the second engine found the same dose */
    const char *proof;        /* JSON, see views.h dose_row.proof */
};

/* ERR_REFUSED-free: a missing or absurd input is ERR_INPUT naming it; clinical judgement (limits, ages) is the
 * caller's, from the numbers here. */
MUST_CHECK bool dose_compute(struct arena *a, const struct dose_inputs *in, struct dose *out, struct err *e);

/* A prescriber's own dose for an existing order: the bag, rates and time worked out anew, the proof keeping both. */
MUST_CHECK bool dose_change(struct arena *a, const struct drug *drug, const struct site *site, const struct med_order *old, struct qty dose, const char *reason, struct dose *out, struct err *e);

/* "21 → 336 mL/h in 6 steps, 2 h 10 min", or "45 mL/h, 20 min". */
const char *dose_rates_text(struct arena *a, const char *steps, int minutes);

/* Rate in the drug's own terms for the bedside: mL/h to "4 mg/kg/min" (with a weight) or "750 mg/h". */
const char *dose_rate_text(struct arena *a, struct dec ml_h, struct qty concentration, struct dec weight_kg);

#endif
