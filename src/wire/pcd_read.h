/* pcd_read: reading single values of OBX rows; the lower half of pcd.c.
 *
 * No state but the reader passed in. Any thread. Rule: every refusal names segment, number, field and component. */
#ifndef WIRE_PCD_READ_H
#define WIRE_PCD_READ_H

#include "wire/pcd_terms.h"

struct pcd_reader {
    struct arena *a;
    const struct hl7_message *m;
    const struct pcd_options *o;
    struct hl7_fault *f;
};

/* An OBX-3 or OBX-5 coded value: the MDC triplet of the two a CWE can hold. */
struct pcd_code {
    int64_t code; /* 0: none or not a number */
    struct hl7_span name;
    struct hl7_span text; /* component 9, original text */
};

/* Records the fault at its place; returns false. */
bool pcd_refuse(struct pcd_reader *r, const struct hl7_segment *s, int field, int comp, enum hl7_code code,
                const char *fmt, ...) PRINTF(6, 7);

struct pcd_code pcd_code_of(struct pcd_reader *r, struct hl7_span cwe);
/* False if the row carries no value: empty, null, deleted (OBX-11 D, W, X), or marked invalid in OBX-8. */
bool pcd_has_value(struct pcd_reader *r, const struct hl7_segment *obx);
/* DTM of a field; *out stays as it was when the field is empty. */
MUST_CHECK bool pcd_time(struct pcd_reader *r, const struct hl7_segment *s, int field, utc_t *out, bool *offset_known);
/* A number as `want` (UCUM code), converted by OBX-6; never negative. */
MUST_CHECK bool pcd_number(struct pcd_reader *r, const struct hl7_segment *obx, const char *want, struct dec *out);
/* A number with its own unit, of the dimension of any of our units. */
MUST_CHECK bool pcd_quantity(struct pcd_reader *r, const struct hl7_segment *obx, struct qty *out);
const char *pcd_string(struct pcd_reader *r, const struct hl7_segment *obx); /* ST, or a CWE's text */

/* The keyword of an enumerated OBX-5, wherever in the CWE it stands ("^pump-status-infusing"). */
enum pcd_infusing pcd_infusing_word(struct pcd_reader *r, const struct hl7_segment *obx);
enum pcd_delivery pcd_delivery_word(struct pcd_reader *r, const struct hl7_segment *obx);
enum pcd_reason pcd_reason_word(struct pcd_reader *r, const struct hl7_segment *obx);
enum pcd_mode pcd_mode_word(struct pcd_reader *r, const struct hl7_segment *obx);
enum pcd_source pcd_source_word(struct pcd_reader *r, const struct hl7_segment *obx);

#endif
