#include "record/store.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "record/store_private.h"

struct val V_TEXT(const char *s)
{
    return s ? (struct val){.kind = VAL_TEXT, .s = s, .len = strlen(s)} : (struct val){.kind = VAL_NULL};
}

bool store_open(const char *url, bool read_only, struct store **out, struct err *e)
{
    *out = NULL;
    if (sodium_init() < 0)
        return err_set(e, ERR_INTERNAL, "db", "the source of random numbers does not answer");
    struct store *s = mem_alloc(sizeof *s);
    s->read_only = read_only;
    randombytes_buf(&s->token, sizeof s->token);
    s->epoch = s->token / 2;
    buf_init(&s->payload, PAYLOAD_MAX);
    buf_init(&s->line, LINE_MAX_BYTES);
    bool ok = false;
    if (strncmp(url, "sqlite:", 7) == 0 && url[7])
        ok = store_open_sqlite(url + 7, read_only, s, e);
    else if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        ok = store_open_pg(url, read_only, s, e);
    else
        err_set(e, ERR_INPUT, "db", "\"%.60s\" is not a store: sqlite:FILE or postgresql://HOST/DATABASE is wanted",
                url);
    if (ok) {
        *out = s;
        return true;
    }
    if (s->ops)
        s->ops->close(s);
    buf_fini(&s->payload);
    buf_fini(&s->line);
    mem_free(s);
    return false;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_rollback(s);
    store_statements_drop(s);
    table_cache_free(s->tables);
    s->ops->close(s);
    buf_fini(&s->payload);
    buf_fini(&s->line);
    mem_free(s);
}

enum store_kind store_kind_of(const struct store *s)
{
    return s->ops->kind;
}

bool store_unsafe(const struct store *s)
{
    return s->unsafe;
}

/* ---- statements, prepared once per text ------------------------------------------------------------------------ */

/* Eight bytes at a time; only has to spread texts over slots, the text itself is compared after. */
static uint64_t hash_text(const char *s, size_t n)
{
    uint64_t h = 0x9E3779B97F4A7C15u ^ n;
    while (n >= 8) {
        uint64_t w;
        memcpy(&w, s, 8);
        h = (h ^ w) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 32;
        s += 8;
        n -= 8;
    }
    for (; n; n--, s++)
        h = (h ^ (unsigned char)*s) * 0x100000001B3u;
    return h ^ h >> 29;
}

static void unlink_statement(struct store *s, struct stmt *st)
{
    struct stmt **p = &s->slots[st->hash % STATEMENT_SLOTS];
    while (*p != st)
        p = &(*p)->next;
    *p = st->next;
    for (int i = 0; i < STATEMENT_SLOTS; i++)
        if (s->recent[i].st == st)
            s->recent[i].text = NULL, s->recent[i].st = NULL;
    s->statements--;
}

void store_statement_free(struct store *s, struct stmt *st)
{
    s->ops->forget(s, st);
    mem_free(st->sql);
    mem_free(st);
}

void store_statements_drop(struct store *s)
{
    for (int i = 0; i < STATEMENT_SLOTS; i++)
        while (s->slots[i]) {
            struct stmt *st = s->slots[i];
            unlink_statement(s, st);
            store_statement_free(s, st);
        }
}

static void drop_oldest(struct store *s)
{
    struct stmt *oldest = NULL;
    for (int i = 0; i < STATEMENT_SLOTS; i++)
        for (struct stmt *st = s->slots[i]; st; st = st->next)
            if (!st->running && (!oldest || st->used < oldest->used))
                oldest = st;
    if (!oldest)
        return;
    unlink_statement(s, oldest);
    store_statement_free(s, oldest);
}

MUST_CHECK static bool make_statement(struct store *s, const char *sql, size_t len, const struct val *v, int n,
                                      struct stmt **out, struct err *e)
{
    if (len > SQL_MAX)
        return err_set(e, ERR_INTERNAL, "sql", "a statement of %zu bytes is over its limit", len);
    struct stmt *st = mem_alloc(sizeof *st);
    st->sql = mem_alloc(len + 1);
    memcpy(st->sql, sql, len);
    s->made++;
    if (!s->ops->prepare(s, st, v, n, e)) {
        mem_free(st->sql);
        mem_free(st);
        return false;
    }
    *out = st;
    return true;
}

bool store_statement(struct store *s, const char *sql, const struct val *v, int n, struct stmt **out, struct err *e)
{
    if (n > PARAMS_MAX)
        return err_set(e, ERR_INTERNAL, "sql", "%d parameters are over the limit of %d", n, PARAMS_MAX);
    size_t guess = ((uintptr_t)sql >> 3) * 0x9E3779B97F4A7C15u >> 32 & (STATEMENT_SLOTS - 1);
    struct stmt *st = s->recent[guess].text == sql ? s->recent[guess].st : NULL;
    if (!st || strcmp(st->sql, sql) != 0) {
        size_t len = strlen(sql);
        uint64_t h = hash_text(sql, len);
        for (st = s->slots[h % STATEMENT_SLOTS]; st; st = st->next)
            if (st->hash == h && strcmp(st->sql, sql) == 0)
                break;
        if (!st) {
            if (s->statements >= STATEMENTS_MAX)
                drop_oldest(s);
            if (!make_statement(s, sql, len, v, n, &st, e))
                return false;
            st->hash = h;
            st->next = s->slots[h % STATEMENT_SLOTS];
            s->slots[h % STATEMENT_SLOTS] = st;
            s->statements++;
        }
        s->recent[guess].text = sql;
        s->recent[guess].st = st;
    }
    st->used = ++s->clock;
    if (st->running) { /* the same text is being read further up: it gets a statement of its own */
        if (!make_statement(s, st->sql, strlen(st->sql), v, n, &st, e))
            return false;
        st->loose = true;
    }
    *out = st;
    return true;
}

/* ---- the calls -------------------------------------------------------------------------------------------------- */

bool store_script(struct store *s, const char *sql, struct err *e)
{
    return s->ops->script(s, sql, e);
}

bool store_run(struct store *s, const char *sql, const struct val *v, int n, int64_t *changed, struct err *e)
{
    struct stmt *st;
    if (!store_statement(s, sql, v, n, &st, e))
        return false;
    bool ok = s->ops->run(s, st, v, n, changed, e);
    if (st->loose)
        store_statement_free(s, st);
    return ok;
}

bool store_query(struct store *s, struct arena *a, const char *sql, const struct val *v, int n, struct rows *out,
                 struct err *e)
{
    *out = (struct rows){.s = s, .a = a};
    struct stmt *st;
    if (!store_statement(s, sql, v, n, &st, e))
        return false;
    if (s->ops->query(s, a, st, v, n, out, e))
        return true;
    if (st->loose)
        store_statement_free(s, st);
    return false;
}

bool rows_next(struct rows *r, bool *more, struct err *e)
{
    *more = false;
    return !r->stmt || r->s->ops->next(r, more, e);
}

void rows_end(struct rows *r)
{
    if (r->stmt)
        r->s->ops->end(r);
    r->stmt = NULL;
}

bool rows_null(const struct rows *r, int col)
{
    return r->s->ops->null(r, col);
}

int64_t rows_int(const struct rows *r, int col)
{
    return r->s->ops->integer(r, col);
}

const char *rows_text(const struct rows *r, int col)
{
    return r->s->ops->text(r, col);
}

const void *rows_blob(const struct rows *r, int col, size_t *len)
{
    return r->s->ops->blob(r, col, len);
}

bool store_begin(struct store *s, struct err *e)
{
    return s->ops->begin(s, false, e);
}

bool store_begin_read(struct store *s, struct err *e)
{
    return s->ops->begin(s, true, e);
}

bool store_commit(struct store *s, struct err *e)
{
    return s->ops->commit(s, e);
}

void store_rollback(struct store *s)
{
    if (s->ops->in_transaction(s))
        s->ops->rollback(s);
}

bool store_savepoint(struct store *s, struct err *e)
{
    return s->ops->save(s, SAVE_SET, e);
}

bool store_release(struct store *s, struct err *e)
{
    return s->ops->save(s, SAVE_RELEASE, e);
}

bool store_rollback_to(struct store *s, struct err *e)
{
    return s->ops->save(s, SAVE_BACK, e) && s->ops->save(s, SAVE_RELEASE, e);
}

bool store_in_transaction(struct store *s)
{
    return s->ops->in_transaction(s);
}

/* PostgreSQL plans for a table by what it saw when it last looked, keeps the plan, and looks by itself only a minute
 * after a table filled up. Until then it would walk a whole site for one row. SQLite's choice needs no look. */
bool store_tend(struct store *s, const char *table, int64_t rows, struct err *e)
{
    static const int64_t looks[] = {32, 256, 2048, 16384};
    for (size_t i = 0; s->ops->kind == STORE_POSTGRES && i < sizeof looks / sizeof *looks; i++)
        if (rows == looks[i]) {
            char sql[100];
            snprintf(sql, sizeof sql, "ANALYZE \"%s\"", table);
            return store_script(s, sql, e);
        }
    return true;
}
