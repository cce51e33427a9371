/* table_private: rows by field tables for the room's own files; no check that an event is behind it.
 *
 * Threads and rule as record/ledger.h: only apply (and replay) calls the two that write.
 */
#ifndef RECORD_TABLE_PRIVATE_H
#define RECORD_TABLE_PRIVATE_H

#include "record/ledger.h"
#include "record/table_sql.h"

MUST_CHECK bool table_read_row(const struct rows *rows, const struct record *r, void *out, struct err *e);
MUST_CHECK bool table_write(struct tx *t, const struct record *r, const void *rec, struct err *e);
/* ERR_NOT_FOUND if there is no such row. */
MUST_CHECK bool table_change(struct tx *t, const struct record *r, const void *rec, const struct table_patch *p,
                             struct err *e);

#endif
