/* fhir_codes: the measurements this service computes with: LOINC code, our name, unit, and what can be true of a
 * person. Values outside are refused at the door as absurd; what is merely abnormal is not. Constant data; any thread.
 */
#ifndef WIRE_FHIR_CODES_H
#define WIRE_FHIR_CODES_H

#include "base/unit.h"

enum { FHIR_RANGES = 3 };

struct fhir_range {
    const char *unit;      /* UCUM; a value of its dimension is compared in it */
    const char *low, *high;
};

struct fhir_code {
    const char *loinc, *name;
    const char *to; /* unit the value is converted to exactly; NULL: it keeps its own */
    struct fhir_range range[FHIR_RANGES];
};

/* NULL if we do not compute with it. */
const struct fhir_code *fhir_code_find(const char *loinc);
/* The first code of a name, for what we write; NULL if the name is not ours. */
const struct fhir_code *fhir_code_named(const char *name);

/* UCUM code or the words beside it to a unit. ERR_INPUT (where "", "unit" or "code") if neither says one we know or the
 * two say different ones (code kg, words lb). Either may be NULL. */
MUST_CHECK bool fhir_unit(const char *ucum, const char *words, unit_t *out, struct err *e);
/* Check q against the code's ranges and convert it. ERR_INPUT says what is wrong. */
MUST_CHECK bool fhir_code_value(const struct fhir_code *c, struct qty q, struct qty *out, struct err *e);

#endif
