/* fhir_read: what one file of FHIR R4 says, before any of it is stored.
 *
 * Owns nothing: everything lives in the caller's arena. Any thread; no clock, no I/O, no store (fhir_link asks the
 * store through a function it is given). Rule: a resource is taken whole or refused whole, and a refusal says where
 * and why; what refers to a refused or missing resource is refused with it.
 *
 * Order: fhir_read, fhir_link, then each item that is FHIR_STORE carries records of record/model.h, without their
 * own ids and without the patient's: those the importer gives.
 */
#ifndef WIRE_FHIR_READ_H
#define WIRE_FHIR_READ_H

#include "record/model.h"

/* Bytes of one file, entries of one bundle, components of one Observation that become records. */
enum { FHIR_LEN_MAX = 64 * 1024 * 1024, FHIR_ITEMS_MAX = 200 * 1000, FHIR_COMPONENTS_MAX = 8 };

/* LOINC, SNOMED CT, UCUM: the code systems we look into. */
#define FHIR_LOINC "http://loinc.org"
#define FHIR_SNOMED "http://snomed.info/sct"
#define FHIR_UCUM "http://unitsofmeasure.org"
#define FHIR_ICD10CM "http://hl7.org/fhir/sid/icd-10-cm"
/* Whole number of minutes from home, as our own generator writes it on Patient. */
#define FHIR_TRAVEL_URL "urn:venule:travel-minutes"

enum fhir_use {
    FHIR_STORE, /* records are made of it */
    FHIR_KEEP,  /* kept whole as received: a type, state or value nothing here uses */
    FHIR_REFUSE
};

/* One "reference" of an item. target: index of the item meant; -1: not in this file (then key and alias are what the
 * store may know it by) or not there at all; own: "#x" inside the resource. */
struct fhir_ref {
    const char *path;        /* "subject", "participant[0].individual" */
    const char *text;        /* as written */
    const char *key, *alias; /* of the resource meant; either may be NULL */
    int from, target;
    bool own;
    struct fhir_known {      /* what the store has under that key or alias */
        bool found;
        const char *type;    /* of resource */
        const char *made;    /* ids of the records made of it */
    } known;
    int next_in;             /* next reference to the same target, or -1 */
};

struct fhir_item {
    const struct node *node;
    const char *type;        /* "Observation" */
    const char *where;       /* "Bundle.entry[12].resource", "line 3: Observation", "Observation" */
    int line;                /* in the file */
    const char *full_url;    /* of its entry, or NULL */
    const char *key;         /* source|type|identifier, or id, fullUrl, digest: who it is, for ever */
    const char *alias;       /* how its sender refers to it: fullUrl if that is a URN, else source|type|id; may be NULL */
    const char *digest;      /* SHA-256 of the canonical form, hex */
    const char *raw;         /* as received */
    size_t raw_len;
    enum fhir_use use;
    const char *reason, *reason_where; /* if refused; or why it is only kept */
    int first_ref, ref_count;
    int refs_in;             /* first reference to it, or -1 */
    int twin;                /* an earlier item that is the very same resource, or -1 */
    int subject;             /* its reference to the patient, or -1 */
    /* FHIR_STORE: */
    const struct record *of; /* record_patient, record_observation, … */
    void *records;
    int record_count;        /* more than 1 only for the components of an Observation */
    const char *patient;     /* id of the patient it is about, once the importer knows it */
    bool voided;             /* entered in error there: a record made of it earlier must lose its value */
};

struct fhir_source {
    const char *system;      /* of resources that do not say their own, "import" */
    bool ndjson;             /* one resource a line */
    const struct zone *zone; /* of dates without a zone */
};

struct fhir_batch {
    struct arena *a;
    struct fhir_source from;
    struct fhir_item *items;
    int count;
    struct fhir_ref *refs;
    int ref_count, ref_cap;
    struct fhir_names *names; /* index of keys, URLs and Type/id */
};

/* Everything in the file, references inside it resolved, nothing decided about references that point out of it.
 * False: the file itself cannot be read (not JSON, too large or deep, a member twice, not a Bundle or resource). */
MUST_CHECK bool fhir_read(struct arena *a, const struct fhir_source *from, const char *text, size_t len, struct fhir_batch *out, struct err *e);

/* What the store knows by this key or alias; either may be NULL. */
typedef bool fhir_lookup(void *ctx, const char *key, const char *alias, struct fhir_known *out, struct err *e);

/* Settle references that point out of the file (look NULL: there is no store), refuse what dangles and all that
 * refers to it, and make the records of the rest. False only if the store failed. */
MUST_CHECK bool fhir_link(struct fhir_batch *b, fhir_lookup *look, void *ctx, struct err *e);

/* Refuse all that refers, in any number of steps, to a refused item. fhir_link has done it; again after more were. */
void fhir_cascade(struct fhir_batch *b);

/* ---- between the files of the reader ---------------------------------------------------------------------------- */

/* Refuse an item. rel is the path inside it ("valueQuantity"), may be "". Returns false. */
bool fhir_refuse(struct fhir_batch *b, struct fhir_item *it, const char *rel, const char *fmt, ...) PRINTF(4, 5);
/* Fill of, records and record_count, or change `use`. */
void fhir_map(struct fhir_batch *b, struct fhir_item *it);
/* The resource a reference of an item means: inside the item (#x) or another item; NULL if neither. */
const struct node *fhir_follow(const struct fhir_batch *b, const struct fhir_item *it, const struct node *reference);
/* SHA-256 of the canonical form (members sorted, no spaces, number lexemes kept, without meta.lastUpdated and
 * meta.versionId, which tell about the sender's store, not about the fact), hex. */
const char *fhir_digest(struct arena *a, const struct node *n);
/* "source|type|id" with "%" and "|" inside the parts escaped. */
const char *fhir_key(struct arena *a, const char *source, const char *type, const char *id);

#endif
