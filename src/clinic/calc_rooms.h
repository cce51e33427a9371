/* calc_rooms: the parts of the table of calculations, one file each; for calc.c only.
 *
 * Constant data. Rule: each list ends with NULL.
 */
#ifndef CLINIC_CALC_ROOMS_H
#define CLINIC_CALC_ROOMS_H

#include "clinic/calc.h"

extern const struct calc *const calc_body[];  /* body size: calc_body.c */
extern const struct calc *const calc_organ[]; /* kidney, blood pressure, heart, electrolytes: calc_organ.c */
extern const struct calc *const calc_dose[];  /* doses, rates, nutrition, steps, levels: calc_dose.c */
extern const struct calc *const calc_score[]; /* NEWS2, qSOFA, SIRS: calc_score.c */

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

#endif
