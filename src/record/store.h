/* store: one connection to SQLite or PostgreSQL, behind the same few calls.
 *
 * Owns the connection and its prepared statements. One thread at a time per connection (the writer has one, each
 * reader its own). Rule: SQL is written once, with ?1 ?2 …; quantities are never added in SQL; text sorts bytewise.
 * URLs: "sqlite:FILE", "sqlite::memory:", "postgresql://…" (libpq). "sqlite:FILE?sync=off" does not wait for the disk and
 * is refused unless the environment says VENULE_BENCH_NO_SYNC=1.
 */
#ifndef RECORD_STORE_H
#define RECORD_STORE_H

#include "base/arena.h"

struct store;
enum store_kind { STORE_SQLITE, STORE_POSTGRES };

MUST_CHECK bool store_open(const char *url, bool read_only, struct store **out, struct err *e);
void store_close(struct store *s); /* NULL is fine; rolls back what is open */
enum store_kind store_kind_of(const struct store *s);
bool store_unsafe(const struct store *s); /* a commit does not wait for the disk: sqlite:FILE?sync=off, for benchmarks */

/* A bound value. Text and blobs must live until the call returns. */
struct val {
    enum { VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB } kind;
    int64_t i;
    const char *s;
    size_t len;
};
#define V_NULL() ((struct val){.kind = VAL_NULL})
#define V_INT(n) ((struct val){.kind = VAL_INT, .i = (n)})
struct val V_TEXT(const char *s); /* NULL becomes SQL NULL */
#define V_BLOB(p, n) ((struct val){.kind = VAL_BLOB, .s = (const char *)(p), .len = (n)})
#define VALS(...) \
    (const struct val[]){__VA_ARGS__}, (int)(sizeof((const struct val[]){__VA_ARGS__}) / sizeof(struct val))
#define NO_VALS NULL, 0

/* Run SQL text that has no parameters and may hold several statements (DDL). */
MUST_CHECK bool store_script(struct store *s, const char *sql, struct err *e);
/* Run one statement; *changed (may be NULL) gets the rows changed. Statements are prepared once per text. */
MUST_CHECK bool store_run(struct store *s, const char *sql, const struct val *v, int n, int64_t *changed,
                          struct err *e);

/* Rows of one query. The texts handed out live in the arena. Call rows_end when leaving early. */
struct rows {
    struct store *s;
    struct arena *a;
    void *stmt;
    int row, count, columns;
};
MUST_CHECK bool store_query(struct store *s, struct arena *a, const char *sql, const struct val *v, int n,
                            struct rows *out, struct err *e);
/* *more is false after the last row (the rows are then ended). */
MUST_CHECK bool rows_next(struct rows *r, bool *more, struct err *e);
void rows_end(struct rows *r);
bool rows_null(const struct rows *r, int col);
int64_t rows_int(const struct rows *r, int col);      /* 0 for NULL */
const char *rows_text(const struct rows *r, int col); /* NULL for NULL */
const void *rows_blob(const struct rows *r, int col, size_t *len);

MUST_CHECK bool store_begin(struct store *s, struct err *e);   /* SQLite: IMMEDIATE; PostgreSQL: READ COMMITTED */
MUST_CHECK bool store_begin_read(struct store *s, struct err *e); /* a consistent snapshot for a view */
MUST_CHECK bool store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);
MUST_CHECK bool store_savepoint(struct store *s, struct err *e);  /* one level, named by us */
MUST_CHECK bool store_release(struct store *s, struct err *e);
MUST_CHECK bool store_rollback_to(struct store *s, struct err *e);
bool store_in_transaction(struct store *s); /* false after the store gave the whole transaction up (full disk) */

#endif
