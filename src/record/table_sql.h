/* table_sql: the SQL of get, put, patch and list of each record, generated once per connection and kept.
 *
 * Owns the texts; they live as long as the store, so that their pointers find the prepared statement at once. One
 * thread at a time, as the store. Rule: generated text holds only names from field tables and the caller's `where`.
 */
#ifndef RECORD_TABLE_SQL_H
#define RECORD_TABLE_SQL_H

#include "base/field.h"
#include "record/ledger.h"

struct table_patch {
    struct table_patch *next;
    char *fields;             /* as the caller wrote them */
    const char *caller;       /* its pointer: tried first */
    bool set[FIELDS_MAX];     /* which fields, the key not included */
    char *sql;                /* values: site, key fields, then the columns of the set fields in table order */
};

struct table_where {
    struct table_where *next;
    char *where, *fields, *sql; /* fields NULL: all */
    const char *caller, *caller_fields;
    int count, index[FIELDS_MAX]; /* of the fields read, in the order of the columns */
};

struct table_sql {
    const struct record *r;
    int64_t writes;           /* through this connection */
    int columns;              /* of all fields, the site not included */
    char *get, *put, *drop;
    char *patient;            /* SELECT the patient of a row by its key; NULL if the record leads to none */
    struct table_patch *patches;
    struct table_where *wheres;
    int where_count;
};

struct table_sql *table_sql(struct store *s, const struct record *r);
MUST_CHECK bool table_sql_patch(struct store *s, const struct record *r, const char *fields,
                                const struct table_patch **out, struct err *e);
/* The SELECT for a `where`; lives in the cache, or in `a` when the cache of this record is full. */
MUST_CHECK bool table_sql_list(struct store *s, struct arena *a, const struct table_some *q, const struct table_where **out,
                               struct err *e);

#endif
