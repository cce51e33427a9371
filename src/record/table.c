/* The derived tables, written and read by their field tables: bind and column code for every type is here, once. */
#include <assert.h>
#include <string.h>

#include "record/check.h"
#include "record/ddl.h"
#include "record/ledger.h"
#include "record/runtime.h"
#include "record/store_private.h"
#include "record/table_private.h"
#include "record/table_sql.h"

/* Rows of one list; more is a defect of its `where`. */
enum { LIST_ROWS_MAX = 200000 };

RECORD_DEFINE(pump_live, 1, "the latest word of a pump channel")
RECORD_DEFINE(session, 1, "somebody signed in")
const struct record *const runtime_records[] = {&record_pump_live, &record_session};
const int runtime_record_count = sizeof runtime_records / sizeof runtime_records[0];

/* Appends the columns of one field to v; returns how many. */
static int bind_field(const struct field *f, const void *rec, struct val *v)
{
    const void *p = (const char *)rec + f->offset;
    if (!field_is_set(f, rec)) {
        for (int i = 0; i < ddl_columns(f); i++)
            v[i] = V_NULL();
        return ddl_columns(f);
    }
    switch (f->type) {
    case FIELD_INT:
    case FIELD_TIME: v[0] = V_INT(*(const int64_t *)p); return 1;
    case FIELD_BOOL: v[0] = V_INT(*(const int *)p); return 1;
    case FIELD_DEC:
        v[0] = V_INT(((const struct dec *)p)->coef);
        v[1] = V_INT(((const struct dec *)p)->scale);
        return 2;
    case FIELD_QTY:
        v[0] = V_INT(((const struct qty *)p)->v.coef);
        v[1] = V_INT(((const struct qty *)p)->v.scale);
        v[2] = V_TEXT(unit_code(((const struct qty *)p)->u));
        return 3;
    default: v[0] = V_TEXT(*(const char *const *)p); return 1;
    }
}

MUST_CHECK static bool read_field(const struct rows *rows, int col, const struct field *f, void *rec, struct err *e)
{
    void *p = (char *)rec + f->offset;
    bool text = f->type != FIELD_INT && f->type != FIELD_TIME && f->type != FIELD_BOOL && f->type != FIELD_DEC && f->type != FIELD_QTY;
    if (!text && rows_null(rows, col)) /* a NULL text is NULL by itself */
        return true; /* blank already */
    switch (f->type) {
    case FIELD_INT:
    case FIELD_TIME: *(int64_t *)p = rows_int(rows, col); return true;
    case FIELD_BOOL: *(int *)p = (int)rows_int(rows, col); return true;
    case FIELD_DEC: *(struct dec *)p = DEC(rows_int(rows, col), (int8_t)rows_int(rows, col + 1)); return true;
    case FIELD_QTY: {
        const char *code = rows_text(rows, col + 2);
        struct qty q = {DEC(rows_int(rows, col), (int8_t)rows_int(rows, col + 1)), code ? unit_find(code) : UNIT_NONE};
        *(struct qty *)p = q;
        return qty_is(q) ||
               err_set(e, ERR_STORE, f->name, "the store holds unit \"%.40s\", which is not known", code ? code : "");
    }
    default: *(const char **)p = rows_text(rows, col); return true;
    }
}

bool table_read_row(const struct rows *rows, const struct record *r, void *out, struct err *e)
{
    record_blank(r, out);
    for (int i = 0, col = 0; i < r->count; i++) {
        if (!read_field(rows, col, &r->fields[i], out, e))
            return false;
        col += ddl_columns(&r->fields[i]);
    }
    return true;
}

bool table_get(struct tx *t, const struct record *r, const char *key, void *out, bool *found, struct err *e)
{
    assert(r->key == 1);
    *found = false;
    record_blank(r, out);
    if (!key)
        return true;
    struct rows rows;
    if (!store_query(t->store, t->a, table_sql(t->store, r)->get, VALS(V_INT(t->site), V_TEXT(key)), &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    bool ok = !*found || table_read_row(&rows, r, out, e);
    rows_end(&rows);
    return ok;
}

bool table_need(struct tx *t, const struct record *r, const char *key, const char *what, void *out, struct err *e)
{
    bool found;
    if (!table_get(t, r, key, out, &found, e))
        return false;
    return found || err_set(e, ERR_NOT_FOUND, what, "there is no %s \"%.60s\" here", r->name, key ? key : "");
}

/* A row of a list: `blank` is a row without anything. */
MUST_CHECK static bool read_some(const struct rows *rows, const struct record *r, const struct table_where *w,
                                 const void *blank, void *out, struct err *e)
{
    memcpy(out, blank, r->size);
    for (int i = 0, col = 0; i < w->count; i++) {
        const struct field *f = &r->fields[w->index[i]];
        if (!read_field(rows, col, f, out, e))
            return false;
        col += ddl_columns(f);
    }
    return true;
}

MUST_CHECK static bool list_begin(struct tx *t, const struct table_some *q, const struct val *v, int n,
                                  const struct table_where **w, struct rows *rows, struct err *e)
{
    struct val vals[PARAMS_MAX];
    if (n >= PARAMS_MAX)
        return err_set(e, ERR_INTERNAL, q->r->name, "%d values are too many for one list", n);
    vals[0] = V_INT(t->site);
    for (int i = 0; i < n; i++)
        vals[i + 1] = v[i];
    return table_sql_list(t->store, t->a, q, w, e) &&
           store_query(t->store, t->a, (*w)->sql, vals, n + 1, rows, e);
}

bool table_list_some(struct tx *t, const struct table_some *q, const struct val *v, int n, void *out_array, int *count,
                     struct err *e)
{
    const struct record *r = q->r;
    const struct table_where *w;
    struct rows rows;
    bool more;
    *count = 0;
    *(void **)out_array = NULL;
    if (!list_begin(t, q, v, n, &w, &rows, e))
        return false;
    char *array = NULL, *blank = arena_alloc(t->a, r->size);
    int room = 0;
    record_blank(r, blank);
    for (;;) {
        if (!rows_next(&rows, &more, e))
            return false;
        if (!more)
            break;
        if (*count == LIST_ROWS_MAX) {
            rows_end(&rows);
            return err_set(e, ERR_TOO_LARGE, r->name, "a list of %s is over %d rows", r->name, LIST_ROWS_MAX);
        }
        if (*count == room) {
            room = room ? room * 2 : 8;
            char *wider = arena_array(t->a, (size_t)room, r->size);
            if (array)
                memcpy(wider, array, (size_t)*count * r->size);
            array = wider;
        }
        if (!read_some(&rows, r, w, blank, array + (size_t)*count * r->size, e)) {
            rows_end(&rows);
            return false;
        }
        ++*count;
    }
    *(void **)out_array = array;
    return true;
}

bool table_list(struct tx *t, const struct record *r, const char *where, const struct val *v, int n, void *out_array,
                int *count, struct err *e)
{
    const struct table_some all = {.r = r, .where = where};
    return table_list_some(t, &all, v, n, out_array, count, e);
}

bool table_write(struct tx *t, const struct record *r, const void *rec, struct err *e)
{
    struct val v[PARAMS_MAX];
    int n = 0;
    v[n++] = V_INT(t->site);
    for (int i = 0; i < r->count; i++)
        n += bind_field(&r->fields[i], rec, v + n);
    struct table_sql *sql = table_sql(t->store, r);
    return store_run(t->store, sql->put, v, n, NULL, e) && store_tend(t->store, r->name, ++sql->writes, e);
}

bool table_change(struct tx *t, const struct record *r, const void *rec, const struct table_patch *p, struct err *e)
{
    struct val v[PARAMS_MAX];
    int n = 0;
    v[n++] = V_INT(t->site);
    for (int i = 0; i < r->key; i++)
        n += bind_field(&r->fields[i], rec, v + n);
    const char *key = v[1].kind == VAL_TEXT ? v[1].s : "";
    for (int i = r->key; i < r->count; i++)
        if (p->set[i])
            n += bind_field(&r->fields[i], rec, v + n);
    int64_t changed = 0;
    if (!store_run(t->store, p->sql, v, n, &changed, e))
        return false;
    return changed == 1 || err_set(e, ERR_NOT_FOUND, r->name, "there is no %s \"%.60s\" to change", r->name, key);
}

/* A derived row outside an event would not be replayed. */
MUST_CHECK static bool only_in_apply(const struct tx *t, const struct record *r, struct err *e)
{
    return t->applying || err_set(e, ERR_INTERNAL, r->name, "%s is written outside the apply of an event", r->name);
}

bool table_put(struct tx *t, const struct record *r, const void *rec, struct err *e)
{
    void *copy = arena_alloc(t->a, r->size);
    memcpy(copy, rec, r->size);
    return only_in_apply(t, r, e) && check_record(r, copy, NULL, t->a, e) && table_write(t, r, copy, e);
}

bool table_patch(struct tx *t, const struct record *r, const void *rec, const char *fields, struct err *e)
{
    const struct table_patch *p;
    void *copy = arena_alloc(t->a, r->size);
    memcpy(copy, rec, r->size);
    return only_in_apply(t, r, e) && table_sql_patch(t->store, r, fields, &p, e) &&
           check_record(r, copy, p->set, t->a, e) && table_change(t, r, copy, p, e);
}

static bool is_runtime(const struct record *r)
{
    for (int i = 0; i < runtime_record_count; i++)
        if (runtime_records[i] == r)
            return true;
    return false;
}

bool runtime_put(struct tx *t, const struct record *r, const void *rec, struct err *e)
{
    if (!is_runtime(r) || !t->writable)
        return err_set(e, ERR_INTERNAL, r->name, "%s is not a runtime table of a writer", r->name);
    return table_write(t, r, rec, e);
}

bool runtime_delete(struct tx *t, const struct record *r, const char *key, struct err *e)
{
    if (!is_runtime(r) || !t->writable)
        return err_set(e, ERR_INTERNAL, r->name, "%s is not a runtime table of a writer", r->name);
    return store_run(t->store, table_sql(t->store, r)->drop, VALS(V_INT(t->site), V_TEXT(key)), NULL, e);
}
