/* calc_rooms: the parts of the table of calculations, one file each; for calc.c only.
 *
 * Constant data. Rule: each list ends with NULL.
 */
#ifndef CLINIC_CALC_ROOMS_H
#define CLINIC_CALC_ROOMS_H

#include "clinic/calc.h"

extern const struct calc *const calc_body[];  /* body size: calc_body.c */
extern const struct calc *const calc_kidney[]; /* kidney function and what follows from it: calc_kidney.c */
extern const struct calc *const calc_organ[]; /* blood pressure, heart, calcium: calc_organ.c */
extern const struct calc *const calc_salt[];  /* electrolytes and fluid: calc_salt.c */
extern const struct calc *const calc_dose[];  /* doses, rates, nutrition, steps, levels: calc_dose.c */
extern const struct calc *const calc_pk[];    /* levels by published models, vancomycin: calc_pk.c */
extern const struct calc *const calc_score[]; /* NEWS2, qSOFA, SIRS, MASCC, CISNE: calc_score.c */

/* Inputs that many calculations share. Adults: limits say what cannot be a patient, not what is healthy. */
#define IN_WEIGHT {"weight", true, "kg", "20", "400", NULL, NULL, NULL}
#define IN_HEIGHT {"height", true, "cm", "100", "250", NULL, NULL, NULL}
#define IN_SEX {"sex", true, NULL, NULL, NULL, "male|female", NULL, NULL}
#define IN_AGE {"age", true, "a", "18", "120", NULL, NULL, NULL}
/* 88.4 umol/L of creatinine is 1 mg/dL (molar mass 113.1 g/mol), the factor in clinical use. */
#define IN_CREATININE {"creatinine", true, "mg/dL", "0.1", "30", NULL, "umol/L", "88.4"}
#define IN_NEED(name, unit, low, high) {name, true, unit, low, high, NULL, NULL, NULL}
#define IN_MAY(name, unit, low, high) {name, false, unit, low, high, NULL, NULL, NULL}
#define IN_WORD(name, words) {name, true, NULL, NULL, NULL, words, NULL, NULL}
#define IN_WORD_MAY(name, words) {name, false, NULL, NULL, NULL, words, NULL, NULL}
#define IN_ALSO(name, unit, low, high, also, per) {name, true, unit, low, high, NULL, also, per}
#define IN_ALSO_MAY(name, unit, low, high, also, per) {name, false, unit, low, high, NULL, also, per}

/* What several files compute: 50 or 45.5 kg + 2.3 for each inch over 60; not below 152.4 cm. */
struct dec calc_devine(bool male, struct dec height_cm, struct calc_result *r);
bool calc_devine_defined(struct dec height_cm);
struct dec calc_bmi(struct dec weight_kg, struct dec height_cm, struct calc_result *r);
/* ideal + 0.4 × (weight − ideal) */
struct dec calc_adjusted(struct dec ideal_kg, struct dec weight_kg, struct calc_result *r);
bool calc_is(const struct calc_value *v, const char *word); /* false when it was not given */

#endif
