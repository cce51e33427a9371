/* fhir_write: our records as FHIR R4, for GET /fhir/R4/….
 *
 * Any thread; writes into the caller's JSON. Rule: what is not known is left out or said (status unknown, a note),
 * never filled in; every quantity carries its UCUM code.
 */
#ifndef WIRE_FHIR_WRITE_H
#define WIRE_FHIR_WRITE_H

#include "clinic/flow.h"
#include "record/model.h"

#define FHIR_CONTENT_TYPE "application/fhir+json; charset=utf-8"
/* Rate segments of an infusion: one extension each, with period, rate, volume, kind, certainty and source. */
#define FHIR_SEGMENT_URL "urn:venule:rate-segment"

enum { FHIR_ID_MAX = 64 };
/* Our id as FHIR allows it in a URL (letters, digits, "-", "."): "*" becomes ".", "_" is not in the ids we show. */
const char *fhir_id_out(const char *id, char out[FHIR_ID_MAX + 1]);
/* And back; NULL if it cannot be one of ours. */
const char *fhir_id_in(const char *id, char out[FHIR_ID_MAX + 1]);

/* system: of the wristband's identifier, such as "urn:venule:site:1:mrn". */
void fhir_write_patient(struct json *j, const char *key, const struct patient *p, const char *system);

struct fhir_administration {
    const struct infusion *infusion;
    const struct med_order *order; /* NULL: whether all of it was given is not known */
    const struct pump *pump;       /* NULL: none */
    const struct flow *flow;       /* its segments; NULL: only the totals of the row */
    const struct correction *corrections; /* told otherwise, or late: a note each */
    int correction_count;
};
/* Only what has begun can be an administration: false while the infusion is associated or waiting. */
bool fhir_administration_begun(const struct infusion *i);
void fhir_write_administration(struct json *j, const char *key, const struct fhir_administration *a);

struct fhir_server {
    const char *version; /* of the program */
    const char *url;     /* of /fhir/R4, or NULL */
    const char *name;    /* of the site */
    utc_t date;          /* of the release */
};
/* What /fhir/R4/metadata says: exactly read and search of Patient and MedicationAdministration. */
void fhir_write_capability(struct json *j, const struct fhir_server *s);

/* A searchset: open, for each match on this page open entry … write it with key "resource" … close entry, close.
 * total: matches in all; any: there is at least one on this page (FHIR has no empty lists). */
void fhir_write_search_open(struct json *j, int64_t total, bool any, const char *self_url);
void fhir_write_entry_open(struct json *j, const char *base_url, const char *type, const char *id);
void fhir_write_entry_close(struct json *j);
void fhir_write_search_close(struct json *j, bool any);

/* The body of every refusal: an OperationOutcome. */
void fhir_write_outcome(struct json *j, const struct err *e);

#endif
