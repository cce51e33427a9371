/* check: is a record fit to be kept? The same limits as record_from_json asks of what comes from outside, so that an
 * event written today can be read back and replayed in ten years.
 *
 * No state; any thread. Rule: what passes survives the way to JSON and back unchanged.
 */
#ifndef RECORD_CHECK_H
#define RECORD_CHECK_H

#include "base/field.h"

/* Checks the fields for which want[i] (NULL: all) and the key; an absent MUST field is an error. FIELD_JSON
 * members are replaced in *rec by their canonical text, in `a`. ERR_INTERNAL with where = "record.field". */
MUST_CHECK bool check_record(const struct record *r, void *rec, const bool *want, struct arena *a, struct err *e);
/* Copy of the key and, of the others, the fields for which want[i] (NULL: all). */
void check_copy(const struct record *r, void *to, const void *from, const bool *want);

#endif
