#include "record/table_sql.h"

#include <assert.h>
#include <string.h>

#include "record/ddl.h"
#include "record/model.h"
#include "record/store_private.h"

/* Records a store can know; different `where` texts kept for one record. */
enum { RECORDS_MAX = 256, WHERES_MAX = 64 };

struct table_cache {
    struct table_sql *slots[RECORDS_MAX];
};

static char *take(struct buf *b)
{
    assert(!b->full);
    char *s = mem_alloc(b->len + 1);
    memcpy(s, buf_str(b), b->len);
    buf_fini(b);
    return s;
}

static void begin(struct buf *b)
{
    buf_init(b, SQL_MAX);
}

/* "site"=?1 AND "id"=?2 … */
static void key_is(struct buf *b, const struct record *r, const char *alias)
{
    buf_printf(b, "%s\"site\"=?1", alias);
    for (int i = 0; i < r->key; i++)
        buf_printf(b, " AND %s\"%s\"=?%d", alias, r->fields[i].name, i + 2);
}

static void select_from(struct buf *b, const struct record *r)
{
    buf_puts(b, "SELECT ");
    ddl_column_list(b, r, "");
    buf_printf(b, " FROM \"%s\" WHERE ", r->name);
}

static char *put_sql(const struct record *r, int columns)
{
    struct buf b;
    begin(&b);
    buf_printf(&b, "INSERT INTO \"%s\" (\"site\",", r->name);
    ddl_column_list(&b, r, "");
    buf_puts(&b, ") VALUES (?1");
    for (int i = 0; i < columns; i++)
        buf_printf(&b, ",?%d", i + 2);
    buf_puts(&b, ") ON CONFLICT (\"site\"");
    for (int i = 0; i < r->key; i++)
        buf_printf(&b, ",\"%s\"", r->fields[i].name);
    buf_puts(&b, ") DO ");
    if (r->key == r->count)
        buf_puts(&b, "NOTHING");
    for (int i = r->key; i < r->count; i++) {
        static const char *const tail[] = {"", "_s", "_u"};
        for (int k = 0; k < ddl_columns(&r->fields[i]); k++)
            buf_printf(&b, "%s\"%s%s\"=excluded.\"%s%s\"", i == r->key && !k ? "UPDATE SET " : ",",
                       r->fields[i].name, tail[k], r->fields[i].name, tail[k]);
    }
    return take(&b);
}

/* Whose row it is: the record's own patient, or that of the first record it refers to that has one. */
static char *patient_sql(const struct record *r)
{
    const struct field *own = record_field(r, "patient"), *ref = NULL;
    struct buf b;
    begin(&b);
    if (own && own->type == FIELD_REF) {
        buf_printf(&b, "SELECT \"patient\" FROM \"%s\" WHERE ", r->name);
        key_is(&b, r, "");
    } else {
        const struct record *to = NULL;
        for (int i = 0; i < r->count && !to; i++) {
            ref = &r->fields[i];
            to = ref->type == FIELD_REF && strcmp(ref->detail, "staff") != 0 ? model_find(ref->detail) : NULL;
            to = to && record_field(to, "patient") ? to : NULL;
        }
        if (!to) {
            buf_fini(&b);
            return NULL;
        }
        buf_printf(
            &b,
            "SELECT d.\"patient\" FROM \"%s\" r JOIN \"%s\" d ON d.\"site\"=r.\"site\" AND d.\"id\"=r.\"%s\" WHERE ",
            r->name, to->name, ref->name);
        key_is(&b, r, "r.");
    }
    return take(&b);
}

static struct table_sql *make(const struct record *r)
{
    struct table_sql *t = mem_alloc(sizeof *t);
    t->r = r;
    for (int i = 0; i < r->count; i++)
        t->columns += ddl_columns(&r->fields[i]);
    struct buf b;
    begin(&b);
    select_from(&b, r);
    key_is(&b, r, "");
    t->get = take(&b);
    begin(&b);
    buf_printf(&b, "DELETE FROM \"%s\" WHERE ", r->name);
    key_is(&b, r, "");
    t->drop = take(&b);
    t->put = put_sql(r, t->columns);
    t->patient = patient_sql(r);
    return t;
}

struct table_sql *table_sql(struct store *s, const struct record *r)
{
    if (!s->tables)
        s->tables = mem_alloc(sizeof *s->tables);
    size_t i = ((uintptr_t)r >> 4) * 0x9E3779B97F4A7C15u >> 40 & (RECORDS_MAX - 1);
    for (int tries = 0; tries < RECORDS_MAX; tries++, i = (i + 1) & (RECORDS_MAX - 1)) {
        struct table_sql *t = s->tables->slots[i];
        if (t && t->r != r)
            continue;
        if (!t)
            t = s->tables->slots[i] = make(r);
        return t;
    }
    assert(false && "more kinds of record than RECORDS_MAX");
    return NULL;
}

MUST_CHECK static bool read_fields(const struct record *r, const char *fields, bool set[FIELDS_MAX], struct err *e)
{
    int named = 0;
    for (const char *p = fields; *p;) {
        char name[64];
        size_t n = strcspn(p, " ");
        if (n && n < sizeof name) {
            memcpy(name, p, n);
            name[n] = 0;
            const struct field *f = record_field(r, name);
            if (!f)
                return err_set(e, ERR_INTERNAL, r->name, "%s has no field \"%s\" to change", r->name, name);
            if (f - r->fields >= r->key) {
                set[f - r->fields] = true;
                named++;
            }
        }
        p += n;
        p += *p == ' ';
    }
    return named || err_set(e, ERR_INTERNAL, r->name, "a change of %s names no field", r->name);
}

bool table_sql_patch(struct store *s, const struct record *r, const char *fields, const struct table_patch **out,
                     struct err *e)
{
    struct table_sql *t = table_sql(s, r);
    for (struct table_patch *p = t->patches; p; p = p->next)
        if (p->caller == fields && strcmp(p->fields, fields) == 0) {
            *out = p;
            return true;
        }
    for (struct table_patch *p = t->patches; p; p = p->next)
        if (strcmp(p->fields, fields) == 0) {
            p->caller = fields;
            *out = p;
            return true;
        }
    bool set[FIELDS_MAX] = {false};
    if (!read_fields(r, fields, set, e))
        return false;
    struct table_patch *p = mem_alloc(sizeof *p);
    memcpy(p->set, set, sizeof set);
    p->fields = mem_alloc(strlen(fields) + 1);
    strcpy(p->fields, fields);
    struct buf b;
    begin(&b);
    buf_printf(&b, "UPDATE \"%s\" SET ", r->name);
    int at = r->key + 2;
    for (int i = 0; i < r->count; i++) {
        static const char *const tail[] = {"", "_s", "_u"};
        for (int k = 0; set[i] && k < ddl_columns(&r->fields[i]); k++, at++)
            buf_printf(&b, "%s\"%s%s\"=?%d", at > r->key + 2 ? "," : "", r->fields[i].name, tail[k], at);
    }
    buf_puts(&b, " WHERE ");
    key_is(&b, r, "");
    p->sql = take(&b);
    p->caller = fields;
    p->next = t->patches;
    t->patches = p;
    *out = p;
    return true;
}

const char *table_sql_list(struct store *s, struct arena *a, const struct record *r, const char *where)
{
    struct table_sql *t = table_sql(s, r);
    for (struct table_where *w = t->wheres; w; w = w->next)
        if (w->caller == where && strcmp(w->where, where) == 0)
            return w->sql;
    for (struct table_where *w = t->wheres; w; w = w->next)
        if (strcmp(w->where, where) == 0) {
            w->caller = where;
            return w->sql;
        }
    struct buf b;
    begin(&b);
    select_from(&b, r);
    buf_printf(&b, "\"site\"=?1 AND %s", where);
    if (t->where_count >= WHERES_MAX || b.full) {
        const char *sql = arena_strdup(a, buf_str(&b));
        buf_fini(&b);
        return sql;
    }
    struct table_where *w = mem_alloc(sizeof *w);
    w->sql = take(&b);
    w->where = mem_alloc(strlen(where) + 1);
    strcpy(w->where, where);
    w->caller = where;
    w->next = t->wheres;
    t->wheres = w;
    t->where_count++;
    return w->sql;
}

void table_cache_free(struct table_cache *c)
{
    for (int i = 0; c && i < RECORDS_MAX; i++) {
        struct table_sql *t = c->slots[i];
        if (!t)
            continue;
        for (struct table_patch *p = t->patches, *next; p; p = next) {
            next = p->next;
            mem_free(p->fields);
            mem_free(p->sql);
            mem_free(p);
        }
        for (struct table_where *w = t->wheres, *next; w; w = next) {
            next = w->next;
            mem_free(w->where);
            mem_free(w->sql);
            mem_free(w);
        }
        mem_free(t->get);
        mem_free(t->put);
        mem_free(t->drop);
        mem_free(t->patient);
        mem_free(t);
    }
    mem_free(c);
}
