/* golden_file: a ledger as one event a line, to and from the tables of a store. Fails the test that asks if it cannot. */
#ifndef TEST_RECORD_GOLDEN_FILE_H
#define TEST_RECORD_GOLDEN_FILE_H

#include <stdio.h>

#include "base/json.h"
#include "record/store.h"

enum { GOLDEN_MAX = 4 * 1024 * 1024 }; /* bytes of a whole file */

void golden_events_write(struct store *s, struct arena *a, FILE *f);
void golden_event_insert(struct store *s, struct arena *a, const struct node *line);
/* The whole file, NUL-terminated; *len without it. */
char *golden_text(struct arena *a, const char *path, size_t *len);

#endif
