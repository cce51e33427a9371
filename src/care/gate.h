/* gate: the rules between a patient and a dose: each fact that does not hold is refused with its rule, severity and
 * words from the content. Writer thread (it reads record and collects refusals in the command).
 * Rule: a gate never stops at the first no; the person sees them all at once.
 */
#ifndef CARE_GATE_H
#define CARE_GATE_H

#include "care/care.h"
#include "care/dose.h"
#include "formulary/content.h"

struct gate {
    struct cmd *cmd;
    const struct regimen *regimen;
    const struct patient *patient;
    const struct observation *weight; /* latest, or NULL */
    const struct visit *visit;        /* when the gate is on the day */
};

MUST_CHECK bool gate_plan(struct gate *g, struct err *e);  /* age, weight and its age, allergies, labs before the first visit */
MUST_CHECK bool gate_dose(struct gate *g, const struct regimen_dose *rule, const struct dose *x, struct err *e); /* limits, course, rounding, second engine */
MUST_CHECK bool gate_day(struct gate *g, struct err *e);   /* on the day: labs, weight change, screens, vital signs, consent, authorisation */

#endif
