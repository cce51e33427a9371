/* The store behind an address: PostgreSQL 15 or later through libpq. Results are fetched whole, so a query never stays
 * open on the server; lists are bounded by their callers. */
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/store_private.h"

enum { PG_OLDEST = 150000, OID_INT8 = 20, OID_TEXT = 25, OID_BYTEA = 17 };

MUST_CHECK static bool fail_with(const char *doing, const char *state, const char *says, struct err *e)
{
    size_t n = strcspn(says ? says : "", "\n");
    enum err_kind kind = ERR_STORE;
    if (state && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "55P03") == 0))
        kind = ERR_BUSY; /* serialization, deadlock, lock not available */
    else if (state && strncmp(state, "23", 2) == 0)
        kind = ERR_CONFLICT; /* integrity constraint */
    return err_set(e, kind, "store", "the store %s (%.80s): %.*s",
                   kind == ERR_BUSY       ? "is busy"
                   : kind == ERR_CONFLICT ? "refused"
                                          : "failed",
                   doing, (int)(n < 220 ? n : 220), says ? says : "");
}

/* Takes the result. */
MUST_CHECK static bool settle(struct store *s, PGresult *r, const char *doing, struct err *e)
{
    ExecStatusType st = PQresultStatus(r);
    bool ok = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK || st == PGRES_EMPTY_QUERY;
    if (!ok)
        ok = fail_with(doing, PQresultErrorField(r, PG_DIAG_SQLSTATE),
                       r ? PQresultErrorMessage(r) : PQerrorMessage(s->db), e);
    PQclear(r);
    return ok;
}

static bool pg_script(struct store *s, const char *sql, struct err *e)
{
    return settle(s, PQexec(s->db, sql), "script", e);
}

static void pg_close(struct store *s)
{
    if (s->db)
        PQfinish(s->db);
    s->db = NULL;
}

/* ?1 to $1, outside of quotes. */
MUST_CHECK static bool rewrite(struct buf *b, const char *sql, struct err *e)
{
    char quote = 0;
    for (const char *p = sql; *p; p++) {
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '\'' || *p == '"')
            quote = *p;
        buf_addc(b, !quote && *p == '?' && p[1] >= '1' && p[1] <= '9' ? '$' : *p);
    }
    return buf_ok(b, "sql", e);
}

/* Types by the kinds of the first values, so that "?2 IS NULL OR …" is understood; NULL leaves it to the server. */
static bool pg_prepare(struct store *s, struct stmt *st, const struct val *v, int n, struct err *e)
{
    Oid types[PARAMS_MAX];
    for (int i = 0; i < n; i++)
        types[i] = v[i].kind == VAL_INT    ? OID_INT8
                   : v[i].kind == VAL_TEXT ? OID_TEXT
                   : v[i].kind == VAL_BLOB ? OID_BYTEA
                                           : 0;
    struct buf b;
    buf_init(&b, SQL_MAX);
    snprintf(st->name, sizeof st->name, "v%" PRIu64, s->made);
    bool ok = rewrite(&b, st->sql, e) && settle(s, PQprepare(s->db, st->name, buf_str(&b), n, types), st->sql, e);
    buf_fini(&b);
    return ok;
}

static void pg_forget(struct store *s, struct stmt *st)
{
    char sql[64];
    if (!s->db || PQstatus(s->db) != CONNECTION_OK || PQtransactionStatus(s->db) == PQTRANS_INERROR)
        return; /* gone with the connection; in a failed transaction it stays until then: no name is used twice */
    snprintf(sql, sizeof sql, "DEALLOCATE %s", st->name);
    PQclear(PQexec(s->db, sql));
}

static PGresult *execute(struct store *s, const struct stmt *st, const struct val *v, int n)
{
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX], formats[PARAMS_MAX];
    char numbers[PARAMS_MAX][24];
    for (int i = 0; i < n; i++) {
        lengths[i] = (int)v[i].len;
        formats[i] = v[i].kind == VAL_BLOB;
        values[i] = v[i].kind == VAL_NULL ? NULL : v[i].s;
        if (v[i].kind == VAL_INT) {
            snprintf(numbers[i], sizeof numbers[i], "%" PRId64, v[i].i);
            values[i] = numbers[i];
        }
    }
    return PQexecPrepared(s->db, st->name, n, values, lengths, formats, 0);
}

static bool pg_run(struct store *s, struct stmt *st, const struct val *v, int n, int64_t *changed, struct err *e)
{
    PGresult *r = execute(s, st, v, n);
    if (changed)
        *changed = r ? strtoll(PQcmdTuples(r), NULL, 10) : 0;
    return settle(s, r, st->sql, e);
}

static bool pg_query(struct store *s, struct arena *a, struct stmt *st, const struct val *v, int n, struct rows *out,
                     struct err *e)
{
    (void)a;
    PGresult *r = execute(s, st, v, n);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        return settle(s, r, st->sql, e) && err_set(e, ERR_INTERNAL, "sql", "no rows come from: %.200s", st->sql);
    if (st->loose)
        store_statement_free(s, st);
    out->stmt = r;
    out->row = -1;
    out->count = PQntuples(r);
    out->columns = PQnfields(r);
    return true;
}

static bool pg_next(struct rows *r, bool *more, struct err *e)
{
    (void)e;
    if (++r->row < r->count)
        *more = true;
    else
        rows_end(r);
    return true;
}

static void pg_end(struct rows *r)
{
    PQclear(r->stmt);
}

static bool pg_null(const struct rows *r, int col)
{
    return PQgetisnull(r->stmt, r->row, col);
}

static int64_t pg_int(const struct rows *r, int col)
{
    const char *s = PQgetvalue(r->stmt, r->row, col);
    return s[0] == 't' ? 1 : s[0] == 'f' ? 0 : strtoll(s, NULL, 10); /* a comparison's result is a boolean here */
}

static const char *pg_text(const struct rows *r, int col)
{
    if (pg_null(r, col))
        return NULL;
    return arena_strndup(r->a, PQgetvalue(r->stmt, r->row, col), (size_t)PQgetlength(r->stmt, r->row, col));
}

static int nibble(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* bytea comes as "\x0a1b…" (bytea_output=hex is set at the start). */
static const void *pg_blob(const struct rows *r, int col, size_t *len)
{
    *len = 0;
    if (pg_null(r, col))
        return NULL;
    const char *s = PQgetvalue(r->stmt, r->row, col) + 2;
    *len = ((size_t)PQgetlength(r->stmt, r->row, col) - 2) / 2;
    char *out = arena_alloc(r->a, *len + 1);
    for (size_t i = 0; i < *len; i++)
        out[i] = (char)(nibble(s[2 * i]) << 4 | nibble(s[2 * i + 1]));
    return out;
}

MUST_CHECK static bool settings(struct store *s, struct err *e)
{
    if (PQserverVersion(s->db) < PG_OLDEST)
        return err_set(e, ERR_STORE, "db", "PostgreSQL 15 or later is wanted, this is %d",
                       PQserverVersion(s->db) / 10000);
    const char *encoding = PQparameterStatus(s->db, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return err_set(e, ERR_STORE, "db", "the database's encoding is %.20s; UTF8 is wanted",
                       encoding ? encoding : "unknown");
    return pg_script(s, "SET client_encoding='UTF8'; SET client_min_messages=warning; SET bytea_output='hex';"
                        "SET timezone='UTC'; SET standard_conforming_strings=on; SET lock_timeout='10s';"
                        "SET enable_seqscan=off; SET jit=off", e) &&
           (!s->read_only || pg_script(s, "SET default_transaction_read_only=on", e));
}

/* A connection lost between two batches comes back at the next begin; inside one the batch is lost and re-decided. */
MUST_CHECK static bool revive(struct store *s, struct err *e)
{
    if (PQstatus(s->db) == CONNECTION_OK)
        return true;
    PQreset(s->db);
    store_statements_drop(s);
    if (PQstatus(s->db) != CONNECTION_OK)
        return fail_with("connect", NULL, PQerrorMessage(s->db), e);
    return settings(s, e);
}

static bool pg_begin(struct store *s, bool read, struct err *e)
{
    if (!revive(s, e))
        return false;
    if (PQtransactionStatus(s->db) != PQTRANS_IDLE)
        return err_set(e, ERR_INTERNAL, "store", "a transaction is open already");
    return pg_script(s, read ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN", e);
}

/* COMMIT of a transaction that failed inside says "ROLLBACK" and no error. */
static bool pg_commit(struct store *s, struct err *e)
{
    PGresult *r = PQexec(s->db, "COMMIT");
    bool rolled_back = r && strcmp(PQcmdStatus(r), "ROLLBACK") == 0;
    if (!settle(s, r, "commit", e))
        return false;
    return !rolled_back ||
           err_set(e, ERR_STORE, "store", "the store rolled the transaction back: a statement in it had failed");
}

static void pg_rollback(struct store *s)
{
    PQclear(PQexec(s->db, "ROLLBACK"));
}

static bool pg_save(struct store *s, int step, struct err *e)
{
    static const char *const sql[] = {"SAVEPOINT command", "RELEASE SAVEPOINT command",
                                      "ROLLBACK TO SAVEPOINT command"};
    return pg_script(s, sql[step], e);
}

static bool pg_in_transaction(struct store *s)
{
    PGTransactionStatusType st = s->db ? PQtransactionStatus(s->db) : PQTRANS_UNKNOWN;
    return st == PQTRANS_INTRANS || st == PQTRANS_INERROR;
}

static const struct store_ops ops = {
    STORE_POSTGRES, pg_close, pg_script, pg_prepare, pg_forget, pg_run, pg_query, pg_next, pg_end, pg_null,
    pg_int, pg_text, pg_blob, pg_begin, pg_commit, pg_rollback, pg_save, pg_in_transaction,
};

bool store_open_pg(const char *url, bool read_only, struct store *s, struct err *e)
{
    s->ops = &ops;
    s->read_only = read_only;
    s->db = PQconnectdb(url);
    if (PQstatus(s->db) != CONNECTION_OK)
        return fail_with("connect", NULL, PQerrorMessage(s->db),
                         e); /* the message names host and port, never a password */
    return settings(s, e);
}
