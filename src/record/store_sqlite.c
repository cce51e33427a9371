/* The store in one file: SQLite in WAL mode. A commit is on the disk before it is acknowledged (synchronous=FULL). */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/store_private.h"

enum { BUSY_MS = 5000 };

/* A foreign file's schema cannot run code; pages are checked when read; a reader never blocks the writer. */
static const char settings[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000; PRAGMA journal_size_limit=67108864; "
    "PRAGMA wal_autocheckpoint=4000;";

MUST_CHECK static bool fail(struct store *s, const char *doing, int rc, struct err *e)
{
    const char *says = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
    switch (rc & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return err_set(e, ERR_BUSY, "store", "the store is busy (%s): %.200s", doing, says);
    case SQLITE_CONSTRAINT: return err_set(e, ERR_CONFLICT, "store", "the store refused (%s): %.250s", doing, says);
    case SQLITE_TOOBIG: return err_set(e, ERR_TOO_LARGE, "store", "too large for the store (%s): %.250s", doing, says);
    default: return err_set(e, ERR_STORE, "store", "the store failed (%s): %.250s", doing, says);
    }
}

static bool lite_script(struct store *s, const char *sql, struct err *e)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || fail(s, "script", rc, e);
}

static void lite_close(struct store *s)
{
    sqlite3_close_v2(s->db);
    s->db = NULL;
}

static bool lite_prepare(struct store *s, struct stmt *st, const struct val *v, int n, struct err *e)
{
    (void)v;
    (void)n;
    sqlite3_stmt *h = NULL;
    int rc = sqlite3_prepare_v3(s->db, st->sql, -1, SQLITE_PREPARE_PERSISTENT, &h, NULL);
    if (rc != SQLITE_OK)
        return fail(s, st->sql, rc, e);
    st->handle = h;
    return true;
}

static void lite_forget(struct store *s, struct stmt *st)
{
    (void)s;
    sqlite3_finalize(st->handle);
    st->handle = NULL;
}

MUST_CHECK static bool bind(struct store *s, struct stmt *st, const struct val *v, int n, bool copy, struct err *e)
{
    sqlite3_stmt *h = st->handle;
    int want = sqlite3_bind_parameter_count(h);
    if (want != n)
        return err_set(e, ERR_INTERNAL, "sql", "%d values for %d parameters: %.200s", n, want, st->sql);
    sqlite3_destructor_type life = copy ? SQLITE_TRANSIENT : SQLITE_STATIC;
    int rc = SQLITE_OK;
    for (int i = 0; i < n && rc == SQLITE_OK; i++)
        switch (v[i].kind) {
        case VAL_INT: rc = sqlite3_bind_int64(h, i + 1, v[i].i); break;
        case VAL_TEXT: rc = sqlite3_bind_text64(h, i + 1, v[i].s, v[i].len, life, SQLITE_UTF8); break;
        case VAL_BLOB: rc = sqlite3_bind_blob64(h, i + 1, v[i].len ? v[i].s : "", v[i].len, life); break;
        default: rc = sqlite3_bind_null(h, i + 1); break;
        }
    return rc == SQLITE_OK || fail(s, "bind", rc, e);
}

static bool lite_run(struct store *s, struct stmt *st, const struct val *v, int n, int64_t *changed, struct err *e)
{
    if (!bind(s, st, v, n, false, e))
        return false;
    int rc;
    do
        rc = sqlite3_step(st->handle);
    while (rc == SQLITE_ROW);
    bool ok = rc == SQLITE_DONE || fail(s, st->sql, rc, e);
    if (ok && changed)
        *changed = sqlite3_changes64(s->db);
    sqlite3_reset(st->handle);
    return ok;
}

static bool lite_query(struct store *s, struct arena *a, struct stmt *st, const struct val *v, int n, struct rows *out,
                       struct err *e)
{
    (void)a;
    if (!bind(s, st, v, n, true, e))
        return false;
    st->running = 1;
    out->stmt = st;
    out->columns = sqlite3_column_count(st->handle);
    return true;
}

static void lite_end(struct rows *r)
{
    struct stmt *st = r->stmt;
    sqlite3_reset(st->handle);
    st->running = 0;
    if (st->loose)
        store_statement_free(r->s, st);
}

static bool lite_next(struct rows *r, bool *more, struct err *e)
{
    struct stmt *st = r->stmt;
    int rc = sqlite3_step(st->handle);
    if (rc == SQLITE_ROW) {
        r->row = r->count++;
        *more = true;
        return true;
    }
    bool ok = rc == SQLITE_DONE || fail(r->s, st->sql, rc, e);
    rows_end(r);
    return ok;
}

static sqlite3_stmt *handle(const struct rows *r)
{
    return ((const struct stmt *)r->stmt)->handle;
}

static bool lite_null(const struct rows *r, int col)
{
    return sqlite3_column_type(handle(r), col) == SQLITE_NULL;
}

static int64_t lite_int(const struct rows *r, int col)
{
    return sqlite3_column_int64(handle(r), col);
}

static const char *lite_text(const struct rows *r, int col)
{
    const char *s = (const char *)sqlite3_column_text(handle(r), col);
    return s ? arena_strndup(r->a, s, (size_t)sqlite3_column_bytes(handle(r), col)) : NULL;
}

static const void *lite_blob(const struct rows *r, int col, size_t *len)
{
    const void *p = sqlite3_column_blob(handle(r), col);
    *len = (size_t)sqlite3_column_bytes(handle(r), col);
    if (lite_null(r, col))
        return NULL;
    return p ? arena_strndup(r->a, p, *len) : arena_alloc(r->a, 1);
}

static bool lite_begin(struct store *s, bool read, struct err *e)
{
    if (!sqlite3_get_autocommit(s->db))
        return err_set(e, ERR_INTERNAL, "store", "a transaction is open already");
    return store_run(s, read ? "BEGIN" : "BEGIN IMMEDIATE", NO_VALS, NULL, e);
}

static bool lite_commit(struct store *s, struct err *e)
{
    if (sqlite3_get_autocommit(s->db))
        return err_set(e, ERR_STORE, "store", "the store gave the transaction up before its commit");
    if (store_run(s, "COMMIT", NO_VALS, NULL, e))
        return true;
    if (!sqlite3_get_autocommit(s->db)) /* a commit that failed but left it open, as when the disk is full */
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static void lite_rollback(struct store *s)
{
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool lite_save(struct store *s, int step, struct err *e)
{
    static const char *const sql[] = {"SAVEPOINT command", "RELEASE command", "ROLLBACK TO command"};
    if (sqlite3_get_autocommit(s->db))
        return err_set(e, ERR_STORE, "store", "the store gave the whole transaction up");
    return store_run(s, sql[step], NO_VALS, NULL, e);
}

static bool lite_in_transaction(struct store *s)
{
    return s->db && !sqlite3_get_autocommit(s->db);
}

static const struct store_ops ops = {
    STORE_SQLITE, lite_close, lite_script, lite_prepare,  lite_forget, lite_run,
    lite_query,   lite_next,  lite_end,    lite_null,     lite_int,    lite_text,
    lite_blob,    lite_begin, lite_commit, lite_rollback, lite_save,   lite_in_transaction,
};

/* Nobody asks how much memory it uses: without the count each allocation needs no lock. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* A store that does not wait for the disk loses acknowledged records at a power cut: only a benchmark that measures
 * without the disk asks for one, by an environment that names what it is, and everybody who looks is told. */
MUST_CHECK static bool may_lose(struct err *e)
{
    const char *said = getenv("VENULE_BENCH_NO_SYNC");
    if (said && strcmp(said, "1") == 0)
        return true;
    return err_set(e, ERR_INPUT, "db",
                   "?sync=off loses acknowledged records at a power cut: it is for benchmarks, with "
                   "VENULE_BENCH_NO_SYNC=1 in the environment");
}

static void warn_unsafe(void)
{
    fputs("venule: WARNING: this store does not wait for the disk (?sync=off): a power cut loses acknowledged records. "
          "For benchmarks only, never with a patient.\n", stderr);
}

bool store_open_sqlite(const char *file, bool read_only, struct store *s, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT, warned = PTHREAD_ONCE_INIT;
    s->ops = &ops;
    pthread_once(&once, configure);
    char name[4096];
    size_t len = strcspn(file, "?");
    bool lazy = strcmp(file + len, "?sync=off") == 0; /* for the benchmark that measures without the disk */
    if ((file[len] && !lazy) || len >= sizeof name)
        return err_set(e, ERR_INPUT, "db", "\"%.60s\": only ?sync=off may follow the file", file);
    if (lazy && !may_lose(e))
        return false;
    snprintf(name, sizeof name, "%.*s", (int)len, file);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (read_only ? 0 : SQLITE_OPEN_CREATE);
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(name, &db, flags, NULL);
    s->db = db;
    if (rc != SQLITE_OK)
        return err_set(e, ERR_STORE, "db", "%.100s: %.200s", name, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
    sqlite3_busy_timeout(db, BUSY_MS);
    sqlite3_extended_result_codes(db, 1);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    if (lazy)
        pthread_once(&warned, warn_unsafe); /* once a process, not once a reader */
    s->unsafe = lazy;
    return lite_script(s, settings, e) && (!lazy || lite_script(s, "PRAGMA synchronous=OFF", e)) &&
           (!read_only || lite_script(s, "PRAGMA query_only=ON", e));
}
