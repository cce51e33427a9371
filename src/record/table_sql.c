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

/* Those before the field `first` are passed over. */
MUST_CHECK static bool read_fields(const struct record *r, const char *fields, int first, bool set[FIELDS_MAX],
                                   struct err *e)
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
                return err_set(e, ERR_INTERNAL, r->name, "%s has no field \"%s\"", r->name, name);
            if (f - r->fields >= first) {
                set[f - r->fields] = true;
                named++;
            }
        }
        p += n;
        p += *p == ' ';
    }
    return named || err_set(e, ERR_INTERNAL, r->name, "of %s no field is named", r->name);
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
    if (!read_fields(r, fields, r->key, set, e))
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

static bool same_fields(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static struct table_where *where_find(struct table_sql *t, const struct table_some *q)
{
    for (struct table_where *w = t->wheres; w; w = w->next)
        if (w->caller == q->where && w->caller_fields == q->fields && strcmp(w->where, q->where) == 0 &&
            same_fields(w->fields, q->fields))
            return w;
    for (struct table_where *w = t->wheres; w; w = w->next)
        if (strcmp(w->where, q->where) == 0 && same_fields(w->fields, q->fields)) {
            w->caller = q->where;
            w->caller_fields = q->fields;
            return w;
        }
    return NULL;
}

MUST_CHECK static bool where_make(const struct table_some *q, struct table_where *w, struct err *e)
{
    bool set[FIELDS_MAX] = {false};
    struct buf b;
    if (q->fields && !read_fields(q->r, q->fields, 0, set, e))
        return false;
    begin(&b);
    buf_puts(&b, "SELECT ");
    for (int i = 0; i < q->r->count; i++)
        if (!q->fields || set[i]) {
            buf_puts(&b, w->count ? "," : "");
            ddl_field_columns(&b, &q->r->fields[i], "", "");
            w->index[w->count++] = i;
        }
    buf_printf(&b, " FROM \"%s\" WHERE \"site\"=?1 AND %s", q->r->name, q->where);
    w->sql = take(&b);
    return true;
}

static char *keep(const char *text)
{
    return text ? strcpy(mem_alloc(strlen(text) + 1), text) : NULL;
}

bool table_sql_list(struct store *s, struct arena *a, const struct table_some *q, const struct table_where **out,
                    struct err *e)
{
    struct table_sql *t = table_sql(s, q->r);
    struct table_where *w = where_find(t, q), made = {0};
    *out = w;
    if (w)
        return true;
    if (!where_make(q, &made, e))
        return false;
    if (t->where_count >= WHERES_MAX) {
        struct table_where *once = ARENA_NEW(a, struct table_where);
        *once = made;
        once->sql = arena_strdup(a, made.sql);
        mem_free(made.sql);
        *out = once;
        return true;
    }
    *out = w = mem_alloc(sizeof *w);
    *w = made;
    w->where = keep(q->where);
    w->fields = keep(q->fields);
    w->caller = q->where;
    w->caller_fields = q->fields;
    w->next = t->wheres;
    t->wheres = w;
    t->where_count++;
    return true;
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
            mem_free(w->fields);
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
