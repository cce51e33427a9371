/* derive_io: the question of a dose as JSON inside its proof, and back, so that years later both engines can be asked
 * again and their answer held against what was ordered.
 *
 * Pure; any thread. Rule: what is written is all that the dose was made of, digits as they stood; a question whose
 * tables it cannot carry is not written at all, never in part.
 */
#ifndef CLINIC_DERIVE_IO_H
#define CLINIC_DERIVE_IO_H

#include "clinic/derive.h"

struct json;
struct node;

/* Writes `key`, null for a question with modification rules, dose levels or dose bands (they are not kept with a proof
 * yet). */
void derive_question_json(
    const struct derive_order *o, const struct derive_patient *p, struct json *j, const char *key);

/* Strings and bands in `a`. ERR_INPUT for a question that cannot be read. */
MUST_CHECK bool derive_question_read(
    struct arena *a, const struct node *n, struct derive_order *o, struct derive_patient *p, struct err *e);

#endif
