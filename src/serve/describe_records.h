/* describe_records: which records the API speaks of, under which names; shared by the two printers. */
#ifndef SERVE_DESCRIBE_RECORDS_H
#define SERVE_DESCRIBE_RECORDS_H

#include "base/field.h"

enum { DESCRIBE_RECORDS_MAX = 400 };

/* Each once: inputs and rows of all commands and views, and the tables of the model. */
int describe_records(const struct record *out[DESCRIBE_RECORDS_MAX]);
const char *describe_name(const struct record *r, char out[80]); /* "chair_card" to "ChairCard" */
const char *describe_ref(const struct record *r, char out[120]); /* "#/components/schemas/ChairCard" */
/* The addresses that are neither command nor view. */
void describe_fixed_paths(struct json *j);

#endif
