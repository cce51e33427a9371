/* fhir_names: which resource of a file a name (key, URL, Type/id) means. Private to the FHIR reader.
 *
 * Lives in the batch's arena; one thread. Rule: a name that could mean two resources means none.
 */
#ifndef WIRE_FHIR_NAMES_H
#define WIRE_FHIR_NAMES_H

#include "base/arena.h"

struct fhir_names;
enum { FHIR_NAME_NONE = -1, FHIR_NAME_TWO = -2 };

struct fhir_names *fhir_names_new(struct arena *a, int items); /* room for 4 names an item */
int fhir_names_find(const struct fhir_names *n, const char *name); /* item, FHIR_NAME_NONE or FHIR_NAME_TWO */
/* The item that has the name already (nothing changes), or FHIR_NAME_NONE. */
int fhir_names_add(struct fhir_names *n, const char *name, int item);
void fhir_names_blur(struct fhir_names *n, const char *name); /* from now on FHIR_NAME_TWO */

#endif
