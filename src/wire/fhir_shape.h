/* fhir_shape: the R4 elements we read or write, with their JSON kinds: text, number, list or object.
 *
 * Constant data; any thread. Rule: an element we use is checked before it is looked at, so that a list where an
 * object should stand is a refusal with its place, never a value silently missing. Source: hl7.org/fhir/R4.
 */
#ifndef WIRE_FHIR_SHAPE_H
#define WIRE_FHIR_SHAPE_H

#include "base/tree.h"

/* Check a resource of type `type`. e->where is the path from the resource on ("valueQuantity.value"). strict: also
 * that required elements are there and no member is unknown (for what we write ourselves). */
MUST_CHECK bool fhir_shape_check(const struct node *resource, const char *type, bool strict, struct err *e);
/* One of the 148 resource types of R4. */
bool fhir_type_known(const char *type);

#endif
