#include "record/dump.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "record/chain.h"
#include "record/ddl.h"
#include "record/model.h"
#include "record/store_private.h"

enum { PAGE = 1000, ROW_MAX = 4 * 1024 * 1024 };

void dump_init(struct dump *d, struct store *s)
{
    *d = (struct dump){.s = s, .a = arena_new(), .site = INT64_MIN};
    buf_init(&d->sql, SQL_MAX);
    buf_init(&d->text, ROW_MAX);
}

void dump_fini(struct dump *d)
{
    if (d->open)
        rows_end(&d->rows);
    buf_fini(&d->sql);
    buf_fini(&d->text);
    arena_free(d->a);
}

/* The next page: keyset, so that it costs the same at row ten and at row ten million. */
MUST_CHECK static bool open_page(struct dump *d, struct err *e)
{
    const struct record *r = model_records[d->table];
    assert(r->key == 1);
    buf_clear(&d->sql);
    buf_puts(&d->sql, "SELECT \"site\",");
    ddl_column_list(&d->sql, r, "");
    buf_printf(&d->sql, " FROM \"%s\" WHERE (\"site\",\"%s\")>(?1,?2) ORDER BY \"site\",\"%s\" LIMIT %d", r->name,
               r->fields[0].name, r->fields[0].name, PAGE);
    arena_reset(d->a);
    d->in_page = 0;
    d->open = buf_ok(&d->sql, "sql", e) &&
              store_query(d->s, d->a, buf_str(&d->sql), VALS(V_INT(d->site), V_TEXT(d->key)), &d->rows, e);
    return d->open;
}

/* A number as decimal text; what is no number (half a pair is NULL, a scale nobody writes) as what stands there. */
static void put_dec(struct buf *b, const struct rows *rows, int col)
{
    char text[DEC_TEXT_MAX];
    if (rows_null(rows, col) && rows_null(rows, col + 1)) {
        buf_puts(b, "~,");
        return;
    }
    int64_t scale = rows_int(rows, col + 1);
    bool fits = !rows_null(rows, col) && !rows_null(rows, col + 1) && scale >= 0 && scale <= DEC_SCALE_MAX;
    if (fits)
        buf_printf(b, "%s,", dec_text(DEC(rows_int(rows, col), (int8_t)scale), text));
    else
        buf_printf(b, "?%" PRId64 "/%" PRId64 ",", rows_int(rows, col), scale);
}

static void put_field(struct buf *b, const struct rows *rows, int col, const struct field *f)
{
    switch (f->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_TIME:
        if (rows_null(rows, col))
            buf_puts(b, "~,");
        else
            chain_int(b, rows_int(rows, col));
        break;
    case FIELD_DEC: put_dec(b, rows, col); break;
    case FIELD_QTY:
        put_dec(b, rows, col);
        chain_text(b, rows_text(rows, col + 2));
        break;
    default: chain_text(b, rows_text(rows, col)); break;
    }
}

MUST_CHECK static bool write_row(struct dump *d, struct err *e)
{
    const struct record *r = model_records[d->table];
    buf_clear(&d->text);
    d->site = rows_int(&d->rows, 0);
    chain_int(&d->text, d->site);
    int col = 1;
    for (int i = 0; i < r->count; i++) {
        d->field_at[i] = d->text.len;
        put_field(&d->text, &d->rows, col, &r->fields[i]);
        col += ddl_columns(&r->fields[i]);
    }
    d->field_at[r->count] = d->text.len;
    const char *key = rows_text(&d->rows, 1);
    snprintf(d->key, sizeof d->key, "%s", key ? key : "");
    return buf_ok(&d->text, r->name, e);
}

bool dump_next(struct dump *d, bool *more, struct err *e)
{
    for (*more = false; d->table < model_record_count;) {
        if (!d->open && !open_page(d, e))
            return false;
        bool row;
        if (!rows_next(&d->rows, &row, e))
            return false;
        if (row) {
            d->in_page++;
            *more = true;
            return write_row(d, e);
        }
        d->open = false;
        if (d->in_page == PAGE)
            continue; /* perhaps more of this table */
        d->table++;
        d->site = INT64_MIN;
        d->key[0] = 0;
    }
    return true;
}

bool dump_digest(struct store *s, char out[65], struct err *e)
{
    static const char digits[] = "0123456789abcdef";
    struct dump d;
    crypto_hash_sha256_state h;
    unsigned char hash[crypto_hash_sha256_BYTES];
    int named = -1;
    bool more, ok;
    dump_init(&d, s);
    crypto_hash_sha256_init(&h);
    while ((ok = dump_next(&d, &more, e)) && more) {
        while (named < d.table) { /* tables without a row are named too */
            const char *name = model_records[++named]->name;
            crypto_hash_sha256_update(&h, (const unsigned char *)name, strlen(name));
            crypto_hash_sha256_update(&h, (const unsigned char *)"\n", 1);
        }
        buf_addc(&d.text, '\n');
        crypto_hash_sha256_update(&h, (const unsigned char *)d.text.data, d.text.len);
    }
    dump_fini(&d);
    crypto_hash_sha256_final(&h, hash);
    for (size_t i = 0; i < sizeof hash; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[64] = 0;
    return ok;
}

/* < 0: x comes first. */
static int order(const struct dump *x, bool x_more, const struct dump *y, bool y_more)
{
    if (!x_more || !y_more)
        return x_more ? -1 : y_more ? 1 : 0;
    if (x->table != y->table)
        return x->table - y->table;
    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    return strcmp(x->key, y->key);
}

static const char *first_field(const struct dump *x, const struct dump *y)
{
    const struct record *r = model_records[x->table];
    for (int i = 0; i < r->count; i++) {
        size_t n = x->field_at[i + 1] - x->field_at[i];
        if (n != y->field_at[i + 1] - y->field_at[i] ||
            memcmp(x->text.data + x->field_at[i], y->text.data + y->field_at[i], n) != 0)
            return r->fields[i].name;
    }
    return "?";
}

MUST_CHECK static bool last_event(struct store *s, struct arena *a, int64_t site, const char *key, int64_t *seq,
                                  struct err *e)
{
    struct rows rows;
    bool found;
    if (!store_query(s, a, "SELECT max(seq) FROM ledger WHERE site=?1 AND subject=?2", VALS(V_INT(site), V_TEXT(key)),
                     &rows, e) ||
        !rows_next(&rows, &found, e))
        return false;
    *seq = found ? rows_int(&rows, 0) : 0;
    rows_end(&rows);
    return true;
}

bool dump_compare(struct store *store, struct store *replay, char *says, size_t says_len, int64_t *seq, struct err *e)
{
    struct dump x, y;
    bool x_more = false, y_more = false, ok, differ = false;
    dump_init(&x, store);
    dump_init(&y, replay);
    says[0] = 0;
    *seq = 0;
    ok = dump_next(&x, &x_more, e) && dump_next(&y, &y_more, e);
    while (ok && !differ && (x_more || y_more)) {
        int o = order(&x, x_more, &y, y_more);
        const struct dump *d = o <= 0 ? &x : &y;
        differ = o || x.text.len != y.text.len || memcmp(x.text.data, y.text.data, x.text.len) != 0;
        if (!differ) {
            ok = dump_next(&x, &x_more, e) && dump_next(&y, &y_more, e);
            continue;
        }
        ok = last_event(store, d->a, d->site, d->key, seq, e);
        const char *table = model_records[d->table]->name;
        if (o)
            snprintf(says, says_len, "site %" PRId64 ", table %s, row \"%.80s\": it stands in the %s only", d->site,
                     table, d->key, o < 0 ? "store" : "replay");
        else
            snprintf(says, says_len, "site %" PRId64 ", table %s, row \"%.80s\": %s is not what its events say",
                     d->site, table, d->key, first_field(&x, &y));
    }
    dump_fini(&x);
    dump_fini(&y);
    return ok;
}
