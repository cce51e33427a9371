/* ledger_private: the apply of an event, shared by the writer and by replay. Threads and rule as record/ledger.h. */
#ifndef RECORD_LEDGER_PRIVATE_H
#define RECORD_LEDGER_PRIVATE_H

#include "record/ledger.h"
#include "record/table_sql.h"

/* Write the derived row and run `after`. p is NULL unless the type is a PATCH. */
MUST_CHECK bool event_apply(struct tx *t, const struct event_type *type, const void *payload,
                            const struct table_patch *p, struct err *e);
/* The key of a payload's record as text, or NULL if it has none. */
const char *event_key(const struct event_type *type, const void *payload);
/* Of the program, or record's own (ledger.erased …); NULL if nobody registered it. */
const struct event_type *event_find(const struct event_types *types, const char *name, int version);
/* What inbox_put gathered: written before the commit; forgotten back to the savepoint. */
MUST_CHECK bool inbox_flush(struct tx *t, struct err *e);
void inbox_mark(struct tx *t);
void inbox_undo(struct tx *t);
extern const struct event_type ev_ledger_erased, ev_inbox_sealed;

#endif
