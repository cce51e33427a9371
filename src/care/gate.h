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
    const char *indication;           /* ICD-10-CM code of the plan being made */
    /* of a dose: */
    const char *first_day;            /* NULL: today */
    const char *order;                /* the order being changed: its old dose does not count; NULL */
    int times;                        /* how often the plan gives it within the drug's course window; 0 is once */
};

/* Why no plan is made of this regimen here, in one sentence; NULL: the program carries it. */
const char *gate_not_carried(struct arena *a, const struct content *c, const struct regimen *g);
MUST_CHECK bool gate_plan(struct gate *g, struct err *e);  /* age, weight, allergies, diagnosis, other plans, labs before the first visit */
MUST_CHECK bool gate_dose(struct gate *g, const struct drug *d, const struct regimen_dose *rule, const struct dose *x, struct err *e); /* limits, course, rounding, second engine */
MUST_CHECK bool gate_day(struct gate *g, struct err *e);   /* on the day: labs, weight, screens, vital signs, consent, orders, authorisation */

#endif
