#include "base/tree.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEW_KEYS = 12 }; /* below this, comparing every pair is cheaper than sorting */

struct node *node_get(const struct node *n, const char *key)
{
    if (!n || n->kind != NODE_MAP)
        return NULL;
    node_each(m, n)
        if (strcmp(m->key, key) == 0)
            return m;
    return NULL;
}

struct node *node_at(const struct node *n, int index)
{
    if (!n || n->kind != NODE_LIST || index < 0)
        return NULL;
    node_each(m, n)
        if (index-- == 0)
            return m;
    return NULL;
}

struct node *node_path(const struct node *n, const char *path)
{
    struct node *at = (struct node *)n;
    char key[64];
    while (at && *path) {
        if (*path == '.') {
            path++;
        } else if (*path == '[') {
            char *end;
            long index = strtol(path + 1, &end, 10);
            if (*end != ']' || index > INT32_MAX)
                return NULL;
            at = node_at(at, (int)index);
            path = end + 1;
        } else {
            size_t len = strcspn(path, ".[");
            if (len >= sizeof key)
                return NULL;
            memcpy(key, path, len);
            key[len] = 0;
            at = node_get(at, key);
            path += len;
        }
    }
    return at;
}

const char *node_str(const struct node *n)
{
    return n && n->kind == NODE_STRING ? n->text : NULL;
}

const char *node_str_at(const struct node *n, const char *path)
{
    return node_str(node_path(n, path));
}

bool node_fail(const struct node *n, struct err *e, const char *fmt, ...)
{
    char where[64] = "", text[sizeof e->text];
    if (n)
        snprintf(where, sizeof where, "line %d, column %d", n->line, n->column);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(e, ERR_INPUT, where, "%s", text);
}

bool node_dec(const struct node *n, struct dec *out, struct err *e)
{
    if (!n || n->kind != NODE_NUMBER)
        return node_fail(n, e, n ? "must be a number" : "a number is missing");
    struct err inner = {0};
    if (dec_parse(n->text, n->len, out, &inner))
        return true;
    return node_fail(n, e, "%s", inner.text);
}

static size_t digits(const char *s, size_t len, size_t at)
{
    while (at < len && s[at] >= '0' && s[at] <= '9')
        at++;
    return at;
}

bool tree_is_number(const char *s, size_t len)
{
    size_t at = len && s[0] == '-' ? 1 : 0;
    size_t end = at < len && s[at] == '0' ? at + 1 : digits(s, len, at);
    if (end == at)
        return false;
    at = end;
    if (at < len && s[at] == '.') {
        end = digits(s, len, ++at);
        if (end == at)
            return false;
        at = end;
    }
    if (at < len && (s[at] == 'e' || s[at] == 'E')) {
        at++;
        if (at < len && (s[at] == '+' || s[at] == '-'))
            at++;
        end = digits(s, len, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == len;
}

struct keyed {
    const struct node *n;
    int order;
};

static int keyed_cmp(const void *x, const void *y)
{
    const struct keyed *a = x, *b = y;
    int c = strcmp(a->n->key, b->n->key);
    return c ? c : (a->order > b->order) - (a->order < b->order);
}

const struct node *tree_repeated_key(struct arena *a, const struct node *map)
{
    if (map->count <= FEW_KEYS) {
        node_each(later, map)
            for (const struct node *m = map->first; m != later; m = m->next)
                if (strcmp(m->key, later->key) == 0)
                    return later;
        return NULL;
    }
    struct keyed *list = ARENA_ARRAY(a, (size_t)map->count, struct keyed);
    int n = 0;
    node_each(m, map) {
        list[n] = (struct keyed){m, n};
        n++;
    }
    qsort(list, (size_t)n, sizeof list[0], keyed_cmp);
    const struct keyed *found = NULL;
    for (int i = 1; i < n; i++)
        if (strcmp(list[i].n->key, list[i - 1].n->key) == 0 && (!found || list[i].order < found->order))
            found = &list[i];
    return found ? found->n : NULL;
}
