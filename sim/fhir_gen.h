/* fhir_gen: synthetic adult patients as FHIR R4 transaction bundles, one file a patient.
 *
 * Owns who they are: a pure function of (seed, number, day, site), so a test can name a patient. Two kinds: iron
 * deficiency anaemia (ICD-10-CM D50.-, for intravenous iron) and antibody deficiency (D83.9, D80.-, for immune
 * globulin). Values are ordinary for such patients and not older than a few weeks before `day`; telephone numbers are
 * 555-01xx, which no one has; payers are invented. One thread at a time. Rule: no real person, no address.
 */
#ifndef SIM_FHIR_GEN_H
#define SIM_FHIR_GEN_H

#include "base/buf.h"
#include "base/utc.h"

enum { FHIR_GEN_COUNT_MAX = 9999, FHIR_GEN_BUNDLE_MAX = 256 * 1024 };

struct fhir_gen {
    uint64_t seed;
    utc_t day;        /* midnight UTC of the day the values are relative to */
    const char *site; /* letters and digits: namespace of the medical record numbers */
};

/* Bundle of patient `number` (from 1) added to `out`. ERR_TOO_LARGE if `out` is too small. */
MUST_CHECK bool fhir_gen_bundle(const struct fhir_gen *g, int number, struct buf *out, struct err *e);
/* Patients 1 … count as dir/patient-0001.json …; the directory is made if it is not there. */
MUST_CHECK bool fhir_gen_write(const struct fhir_gen *g, int count, const char *dir, struct err *e);

/* The identifier on the insurance card of a payer of this world, by the name printed on it; NULL: no such payer. */
const char *fhir_gen_payer(const char *name);

#endif
