#include "base/field.h"

#include <assert.h>
#include <string.h>

const struct record record_nothing = {"nothing", "no fields", NULL, 0, 0, 0};

static void *at(const struct field *f, void *rec)
{
    return (char *)rec + f->offset;
}

static const void *at_const(const struct field *f, const void *rec)
{
    return (const char *)rec + f->offset;
}

static void field_blank(const struct field *f, void *rec)
{
    switch (f->type) {
    case FIELD_INT: *(int64_t *)at(f, rec) = INT_NONE; break;
    case FIELD_TIME: *(utc_t *)at(f, rec) = UTC_NONE; break;
    case FIELD_BOOL: *(int *)at(f, rec) = BOOL_NONE; break;
    case FIELD_DEC: *(struct dec *)at(f, rec) = DEC_NONE; break;
    case FIELD_QTY: *(struct qty *)at(f, rec) = QTY_NONE; break;
    default: *(const char **)at(f, rec) = NULL; break;
    }
}

static size_t field_size(enum field_type type)
{
    switch (type) {
    case FIELD_INT: return sizeof(int64_t);
    case FIELD_TIME: return sizeof(utc_t);
    case FIELD_BOOL: return sizeof(int);
    case FIELD_DEC: return sizeof(struct dec);
    case FIELD_QTY: return sizeof(struct qty);
    default: return sizeof(const char *);
    }
}

void field_copy(const struct field *f, void *to, const void *from)
{
    memcpy(at(f, to), at_const(f, from), field_size(f->type));
}

void record_blank(const struct record *r, void *out)
{
    memset(out, 0, r->size);
    for (int i = 0; i < r->count; i++)
        field_blank(&r->fields[i], out);
}

const struct field *record_field(const struct record *r, const char *name)
{
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->fields[i].name, name) == 0)
            return &r->fields[i];
    return NULL;
}

bool field_is_set(const struct field *f, const void *rec)
{
    switch (f->type) {
    case FIELD_INT: return *(const int64_t *)at_const(f, rec) != INT_NONE;
    case FIELD_TIME: return *(const utc_t *)at_const(f, rec) != UTC_NONE;
    case FIELD_BOOL: return *(const int *)at_const(f, rec) != BOOL_NONE;
    case FIELD_DEC: return dec_is(((const struct dec *)at_const(f, rec))[0]);
    case FIELD_QTY: return qty_is(((const struct qty *)at_const(f, rec))[0]);
    default: return *(const char *const *)at_const(f, rec) != NULL;
    }
}

static bool word_in_list(const char *word, const char *list)
{
    size_t n = strlen(word);
    for (const char *p = list; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL) {
        size_t len = strcspn(p, "|");
        if (len == n && n && memcmp(p, word, n) == 0)
            return true;
    }
    return false;
}

MUST_CHECK static bool date_ok(const char *s)
{
    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
        return false;
    int v[3] = {0, 0, 0}, part = 0;
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7)
            part++;
        else if (s[i] < '0' || s[i] > '9')
            return false;
        else
            v[part] = v[part] * 10 + (s[i] - '0');
    }
    return utc_date_ok(v[0], v[1], v[2]);
}

MUST_CHECK static bool check_dim(const struct field *f, unit_t u, struct err *e)
{
    if (f->detail[0] && !unit_same_dim(u, unit_find(f->detail)))
        return err_set(e, ERR_INPUT, "unit", "unit \"%.40s\" cannot be a %s", unit_code(u), f->detail);
    return true;
}

MUST_CHECK static bool read_qty(const struct field *f, const struct node *n, struct qty *out, struct err *e)
{
    if (n->kind == NODE_STRING)
        return qty_parse(n->text, out, e) && check_dim(f, out->u, e);
    if (n->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "", "a quantity needs a value and a unit, as {\"value\": 85, \"unit\": \"kg\"}");
    const struct node *v = node_get(n, "value"), *u = node_get(n, "unit");
    if (!v || v->kind != NODE_NUMBER || n->count != 2)
        return err_set(e, ERR_INPUT, "value", "a quantity needs exactly a number \"value\" and a \"unit\"");
    if (!node_str(u))
        return err_set(e, ERR_INPUT, "unit", "the unit is missing");
    if (!dec_parse(v->text, v->len, &out->v, e))
        return false;
    out->u = unit_find(u->text);
    if (out->u == UNIT_NONE)
        return err_set(e, ERR_INPUT, "unit", "unit \"%.40s\" is not known", u->text);
    return check_dim(f, out->u, e);
}

size_t field_text_max(enum field_type type)
{
    return type == FIELD_BLOB ? FIELD_BLOB_MAX : type == FIELD_LONG ? FIELD_LONG_MAX : FIELD_TEXT_MAX;
}

MUST_CHECK static bool read_text(const struct field *f, const struct node *n, struct arena *a, const char **out, struct err *e)
{
    if (n->kind != NODE_STRING)
        return err_set(e, ERR_INPUT, "", "must be text");
    size_t max = field_text_max(f->type);
    if (n->len > max)
        return err_set(e, ERR_TOO_LARGE, "", "is %zu bytes, at most %zu are taken", n->len, max);
    if (memchr(n->text, 0, n->len))
        return err_set(e, ERR_INPUT, "", "contains a NUL character");
    if (f->need == MUST && n->len == 0)
        return err_set(e, ERR_INPUT, "", "is empty");
    if (f->type == FIELD_CODE && f->detail[0] && !word_in_list(n->text, f->detail))
        return err_set(e, ERR_INPUT, "", "\"%.40s\" is not one of %s", n->text, f->detail);
    if (f->type == FIELD_DATE && !date_ok(n->text))
        return err_set(e, ERR_INPUT, "", "\"%.40s\" is not a date YYYY-MM-DD", n->text);
    *out = arena_strndup(a, n->text, n->len);
    return true;
}

MUST_CHECK static bool read_int(const struct node *n, int64_t *out, struct err *e)
{
    struct dec d;
    if (n->kind != NODE_NUMBER)
        return err_set(e, ERR_INPUT, "", "must be a whole number");
    if (!dec_parse(n->text, n->len, &d, e))
        return false;
    if (dec_trim(d).scale != 0 || !dec_to_int(d, DEC_DOWN, out))
        return err_set(e, ERR_INPUT, "", "must be a whole number, not %.30s", n->text);
    return true;
}

MUST_CHECK static bool read_field(const struct field *f, const struct node *n, struct arena *a, const struct zone *z, void *rec, struct err *e)
{
    switch (f->type) {
    case FIELD_INT:
        return read_int(n, at(f, rec), e);
    case FIELD_BOOL:
        if (n->kind != NODE_TRUE && n->kind != NODE_FALSE)
            return err_set(e, ERR_INPUT, "", "must be true or false");
        *(int *)at(f, rec) = n->kind == NODE_TRUE;
        return true;
    case FIELD_TIME:
        if (n->kind != NODE_STRING)
            return err_set(e, ERR_INPUT, "", "must be a time such as 2026-03-09T10:20:00Z");
        return utc_parse(n->text, z, at(f, rec), e);
    case FIELD_DEC:
        if (n->kind != NODE_NUMBER)
            return err_set(e, ERR_INPUT, "", "must be a number");
        return dec_parse(n->text, n->len, at(f, rec), e);
    case FIELD_QTY:
        return read_qty(f, n, at(f, rec), e);
    case FIELD_JSON: {
        struct buf b;
        struct json j;
        buf_init(&b, FIELD_LONG_MAX);
        json_init(&j, &b);
        json_node(&j, NULL, n);
        bool ok = !b.full;
        if (ok)
            *(const char **)at(f, rec) = arena_strndup(a, buf_str(&b), b.len);
        buf_fini(&b);
        return ok || err_set(e, ERR_TOO_LARGE, "", "is over %d bytes", FIELD_LONG_MAX);
    }
    default:
        return read_text(f, n, a, at(f, rec), e);
    }
}

bool record_patch_from_json(const struct record *r, const struct node *n, struct arena *a, const struct zone *z, void *out, bool present[FIELDS_MAX], struct err *e)
{
    record_blank(r, out);
    assert(r->count <= FIELDS_MAX);
    memset(present, 0, FIELDS_MAX * sizeof present[0]);
    if (n && n->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "", "must be a JSON object");
    node_each(m, n) {
        const struct field *f = record_field(r, m->key);
        if (!f)
            return err_set(e, ERR_INPUT, m->key, "%s has no field \"%.60s\"", r->name, m->key);
        if (m->kind == NODE_NULL)
            continue;
        if (!read_field(f, m, a, z, out, e)) {
            err_within(e, f->name);
            return false;
        }
        present[f - r->fields] = true;
    }
    return true;
}

bool record_from_json(const struct record *r, const struct node *n, struct arena *a, const struct zone *z, void *out, struct err *e)
{
    bool present[FIELDS_MAX];
    if (!record_patch_from_json(r, n, a, z, out, present, e))
        return false;
    for (int i = 0; i < r->count; i++)
        if (r->fields[i].need == MUST && !present[i])
            return err_set(e, ERR_INPUT, r->fields[i].name, "%s is missing (%s)", r->fields[i].name, r->fields[i].meaning);
    return true;
}

void field_to_json(const struct field *f, const void *rec, struct json *j)
{
    const void *p = at_const(f, rec);
    switch (f->type) {
    case FIELD_INT: json_int(j, f->name, *(const int64_t *)p); break;
    case FIELD_BOOL: json_bool(j, f->name, *(const int *)p == 1); break;
    case FIELD_TIME: json_time(j, f->name, *(const utc_t *)p); break;
    case FIELD_DEC: json_dec(j, f->name, *(const struct dec *)p); break;
    case FIELD_QTY: json_qty(j, f->name, *(const struct qty *)p); break;
    case FIELD_JSON: json_raw(j, f->name, *(const char *const *)p); break;
    default: json_str(j, f->name, *(const char *const *)p); break;
    }
}

void record_to_json(const struct record *r, const void *rec, struct json *j, const char *key)
{
    json_object(j, key);
    for (int i = 0; i < r->count; i++)
        if (field_is_set(&r->fields[i], rec))
            field_to_json(&r->fields[i], rec, j);
    json_end(j, '}');
}
