/* store_private: what the two stores and the room's own files share behind store.h.
 *
 * Owns the statement cache and the scratch of one connection. One thread at a time per connection, as store.h says.
 * Rule: a statement is found by its text, so text built in an arena is as good as a literal; a literal is faster
 * because its pointer is tried first.
 */
#ifndef RECORD_STORE_PRIVATE_H
#define RECORD_STORE_PRIVATE_H

#include "base/buf.h"
#include "record/store.h"

/* Statements kept prepared per connection; slots they hash into; parameters of one; bytes of one SQL text. */
enum { STATEMENTS_MAX = 600, STATEMENT_SLOTS = 512, PARAMS_MAX = 260, SQL_MAX = 256 * 1024 };
/* JSON of one event (its longest texts, escaped); what is hashed of it. */
enum { PAYLOAD_MAX = 2 * 1024 * 1024, LINE_MAX_BYTES = 4 * 1024 * 1024 };

struct stmt {
    struct stmt *next;  /* in its slot */
    char *sql;          /* our own copy */
    uint64_t hash, used;
    int running;        /* rows are being read from it */
    bool loose;         /* not in the cache: the cached one was running */
    void *handle;       /* sqlite3_stmt *, or NULL */
    char name[24];      /* PostgreSQL's */
};

struct store_ops {
    enum store_kind kind;
    void (*close)(struct store *s);
    bool (*script)(struct store *s, const char *sql, struct err *e);
    bool (*prepare)(struct store *s, struct stmt *st, const struct val *v, int n, struct err *e);
    void (*forget)(struct store *s, struct stmt *st);
    bool (*run)(struct store *s, struct stmt *st, const struct val *v, int n, int64_t *changed, struct err *e);
    bool (*query)(struct store *s, struct arena *a, struct stmt *st, const struct val *v, int n, struct rows *out,
                  struct err *e);
    bool (*next)(struct rows *r, bool *more, struct err *e);
    void (*end)(struct rows *r);
    bool (*null)(const struct rows *r, int col);
    int64_t (*integer)(const struct rows *r, int col);
    const char *(*text)(const struct rows *r, int col);
    const void *(*blob)(const struct rows *r, int col, size_t *len);
    bool (*begin)(struct store *s, bool read, struct err *e);
    bool (*commit)(struct store *s, struct err *e);
    void (*rollback)(struct store *s);
    bool (*save)(struct store *s, int step, struct err *e); /* one of SAVE_… */
    bool (*in_transaction)(struct store *s);
};
enum { SAVE_SET, SAVE_RELEASE, SAVE_BACK };

struct store {
    const struct store_ops *ops;
    void *db; /* sqlite3 * or PGconn * */
    bool read_only;
    bool unsafe;     /* does not wait for the disk */
    int64_t token;   /* of this connection: told in ledger_head who wrote last */
    int64_t epoch;   /* of tx.epoch */
    bool lost;       /* a batch of ours was rolled back since our last commit */
    struct stmt *slots[STATEMENT_SLOTS];
    struct {
        const char *text;
        struct stmt *st;
    } recent[STATEMENT_SLOTS]; /* by pointer: a guess, checked against the text */
    int statements;
    uint64_t clock, made;
    struct table_cache *tables; /* generated SQL by record: table.c */
    struct buf payload, line;   /* scratch of event_append */
};

MUST_CHECK bool store_open_sqlite(const char *file, bool read_only, struct store *s, struct err *e);
MUST_CHECK bool store_open_pg(const char *url, bool read_only, struct store *s, struct err *e);

/* The prepared statement of a text; *st->running tells whether it is a loose one the caller ends. */
MUST_CHECK bool store_statement(struct store *s, const char *sql, const struct val *v, int n, struct stmt **out,
                                struct err *e);
void store_statement_free(struct store *s, struct stmt *st); /* of a loose one */
void store_statements_drop(struct store *s);                 /* all of them: after a reconnect, at close */

/* Called with the rows written so far: looks at a young table's contents at the right moments. */
MUST_CHECK bool store_tend(struct store *s, const char *table, int64_t rows, struct err *e);

void table_cache_free(struct table_cache *c); /* table.c; NULL is fine */

#endif
