/* fhir_import: a file of FHIR into the ledger: what is new is stored, what is the same is left, what changed becomes
 * a new version of the same records, what cannot be is refused.
 *
 * Writer's transaction and thread. Rule: all or nothing: the caller commits the whole file or rolls it back; the same
 * file twice changes nothing the second time.
 */
#ifndef WIRE_FHIR_IMPORT_H
#define WIRE_FHIR_IMPORT_H

#include "record/ledger.h"
#include "wire/fhir_read.h"

enum { FHIR_TYPES_MAX = 160 };

/* read = stored + kept + same + refused, for each type. */
struct fhir_tally {
    struct fhir_count {
        const char *type; /* constant or of the batch's arena: the caller's to keep */
        int64_t read, stored, kept, same, refused;
    } rows[FHIR_TYPES_MAX];
    int count; /* sorted by type */
};

/* Links b against the store and appends its events; b's items tell afterwards what was refused. The tally is added
 * to. False: the store failed, roll back. */
MUST_CHECK bool fhir_import(struct tx *t, struct fhir_batch *b, utc_t now, struct fhir_tally *tally, struct err *e);
/* Add one to the count of a type and return its row. */
struct fhir_count *fhir_tally_row(struct fhir_tally *tally, const char *type);

#endif
