/* pk_models: published population models of drugs given by pump: a person in, rate constants out.
 *
 * Constant data and pure functions; any thread; for the pk files. Rule: every model names its paper, and what is
 * doubted about it; a person outside the ages a paper studied is refused. Minutes, litres, mg.
 */
#ifndef CLINIC_PK_MODELS_H
#define CLINIC_PK_MODELS_H

#include "base/err.h"
#include "clinic/pk_curve.h"

struct pk_patient {
    double age, weight, height; /* years, kg, cm */
    bool male;
};

struct pk_model {
    const char *id, *drug, *title, *source;
    double age_low, age_high;
    void (*make)(const struct pk_patient *p, struct pk_rates *out);
};

int pk_model_count(void);
const struct pk_model *pk_model_at(int i);          /* NULL past the end */
const struct pk_model *pk_model_find(const char *id);
MUST_CHECK bool pk_model_make(
    const struct pk_model *m, const struct pk_patient *p, struct pk_rates *out, struct err *e);

#endif
