#include "record/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* dec_parse reads at most 18 digits. */
#define WHOLE_MAX INT64_C(999999999999999999)

static bool is_text(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        if ((unsigned char)s[i] < 0x80) {
            i++;
            continue;
        }
        size_t len = utf8_char_len(s + i, n - i);
        if (!len)
            return false;
        i += len;
    }
    return true;
}

static bool word_in_list(const char *word, size_t n, const char *list)
{
    for (const char *p = list; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL)
        if (strcspn(p, "|") == n && n && memcmp(p, word, n) == 0)
            return true;
    return false;
}

MUST_CHECK static bool bad(const struct record *r, const struct field *f, struct err *e, const char *why)
{
    char where[96];
    strcpy(where, "");
    strncat(where, r->name, 40);
    strcat(where, ".");
    strncat(where, f->name, 40);
    return err_set(e, ERR_INTERNAL, where, "%s of %s cannot be kept: %s", f->name, r->name, why);
}

static bool date_fits(const char *s)
{
    static const char shape[] = "0000-00-00";
    for (int i = 0; i < 10; i++)
        if (shape[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != shape[i])
            return false;
    return !s[10] && utc_date_ok(atoi(s), atoi(s + 5), atoi(s + 8));
}

MUST_CHECK static bool check_text(const struct record *r, const struct field *f, const char *s, struct err *e)
{
    size_t n = strlen(s);
    if (n > field_text_max(f->type))
        return bad(r, f, e, "it is too long");
    if (!n && f->need == MUST)
        return bad(r, f, e, "it is empty");
    if (!is_text(s, n))
        return bad(r, f, e, "it is not UTF-8");
    if (f->type == FIELD_CODE && f->detail[0] && !word_in_list(s, n, f->detail))
        return bad(r, f, e, "it is not one of the words of its list");
    if (f->type == FIELD_DATE && !date_fits(s))
        return bad(r, f, e, "it is not a date YYYY-MM-DD");
    return true;
}

MUST_CHECK static bool check_json(const struct record *r, const struct field *f, const char **s, struct arena *a,
                                  struct err *e)
{
    struct err inner = {0};
    const struct node *n = json_read(a, *s, strlen(*s), FIELD_LONG_MAX, &inner);
    if (!n)
        return bad(r, f, e, inner.text);
    if (n->kind == NODE_NULL)
        return bad(r, f, e, "null is not a value: leave it absent");
    struct buf b;
    struct json j;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_node(&j, NULL, n);
    bool ok = !b.full;
    if (ok && strcmp(*s, buf_str(&b)) != 0)
        *s = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return ok || bad(r, f, e, "it is too long");
}

static bool fits(struct dec d)
{
    return d.coef >= -WHOLE_MAX && d.coef <= WHOLE_MAX;
}

MUST_CHECK static bool check_field(const struct record *r, const struct field *f, void *p, struct arena *a,
                                   struct err *e)
{
    switch (f->type) {
    case FIELD_INT:
        return (*(int64_t *)p >= -WHOLE_MAX && *(int64_t *)p <= WHOLE_MAX) ||
               bad(r, f, e, "it has more than 18 digits");
    case FIELD_BOOL:
        return *(int *)p == 0 || *(int *)p == 1 || bad(r, f, e, "it is neither true nor false");
    case FIELD_TIME: {
        utc_t t = *(utc_t *)p;
        return (t >= utc_of_date(1600, 1, 1) && t < utc_of_date(2400, 1, 1)) ||
               bad(r, f, e, "it is not in the years 1600 to 2399");
    }
    case FIELD_DEC:
        return fits(*(struct dec *)p) || bad(r, f, e, "it has more than 18 digits");
    case FIELD_QTY: {
        struct qty q = *(struct qty *)p;
        if (!fits(q.v))
            return bad(r, f, e, "it has more than 18 digits");
        return !f->detail[0] || unit_same_dim(q.u, unit_find(f->detail)) ||
               bad(r, f, e, "its unit is of another dimension");
    }
    case FIELD_JSON:
        return check_json(r, f, p, a, e);
    default:
        return check_text(r, f, *(const char **)p, e);
    }
}

bool check_record(const struct record *r, void *rec, const bool *want, struct arena *a, struct err *e)
{
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (want && !want[i] && i >= r->key)
            continue;
        if (!field_is_set(f, rec)) {
            if (f->need == MUST || i < r->key)
                return bad(r, f, e, "it is missing");
        } else if (!check_field(r, f, (char *)rec + f->offset, a, e)) {
            return false;
        }
    }
    return true;
}

void check_copy(const struct record *r, void *to, const void *from, const bool *want)
{
    static const size_t sizes[] = {
        [FIELD_ID] = sizeof(char *), [FIELD_REF] = sizeof(char *), [FIELD_TEXT] = sizeof(char *),
        [FIELD_LONG] = sizeof(char *), [FIELD_BLOB] = sizeof(char *), [FIELD_CODE] = sizeof(char *), [FIELD_DATE] = sizeof(char *),
        [FIELD_INT] = sizeof(int64_t), [FIELD_BOOL] = sizeof(int), [FIELD_TIME] = sizeof(utc_t),
        [FIELD_DEC] = sizeof(struct dec), [FIELD_QTY] = sizeof(struct qty), [FIELD_JSON] = sizeof(char *),
    };
    if (!want) {
        memcpy(to, from, r->size);
        return;
    }
    record_blank(r, to);
    for (int i = 0; i < r->count; i++)
        if (i < r->key || want[i])
            memcpy((char *)to + r->fields[i].offset, (const char *)from + r->fields[i].offset,
                   sizes[r->fields[i].type]);
}
