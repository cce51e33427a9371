/* dump: the derived tables as one canonical text, row by row, the same on both stores.
 *
 * A struct dump is one thread's. Tables in the order of model_records, rows by (site, key) bytewise, fields in table
 * order: numbers as decimal text, texts with their length before them, NULL as "~". Rule: what two stores hold is
 * equal exactly when their dumps are.
 */
#ifndef RECORD_DUMP_H
#define RECORD_DUMP_H

#include "base/field.h"
#include "record/store.h"

struct dump {
    struct store *s;
    struct arena *a;
    int table;                /* in model_records */
    int64_t site;
    char key[FIELD_TEXT_MAX + 1];
    struct rows rows;
    bool open;
    int in_page;
    struct buf sql, text;     /* text: the row */
    size_t field_at[FIELDS_MAX + 1];
};

void dump_init(struct dump *d, struct store *s);
void dump_fini(struct dump *d);
MUST_CHECK bool dump_next(struct dump *d, bool *more, struct err *e); /* d->table, site, key, text are the row's */
MUST_CHECK bool dump_digest(struct store *s, char out[65], struct err *e);
/* Where two stores first differ, as a sentence; *seq: the last event about that row, or 0. False: *says is "". */
MUST_CHECK bool dump_compare(struct store *store, struct store *replay, char *says, size_t says_len, int64_t *seq,
                             struct err *e);

#endif
