/* The canonical blob: {"schema":…,"files":{path: tree or text}}, keys in byte order, number lexemes as written. */
#include "formulary/content_read.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int by_key(const void *x, const void *y)
{
    const struct node *const *a = x, *const *b = y;
    return strcmp((*a)->key, (*b)->key);
}

static void canon(struct arena *a, struct json *j, const char *key, const struct node *n)
{
    if (n->kind == NODE_LIST) {
        json_list(j, key);
        node_each(m, n)
            canon(a, j, NULL, m);
        json_end(j, ']');
    } else if (n->kind == NODE_MAP) {
        const struct node **sorted = ARENA_ARRAY(a, (size_t)n->count + 1, const struct node *);
        size_t count = 0;
        node_each(m, n)
            sorted[count++] = m;
        qsort(sorted, count, sizeof sorted[0], by_key);
        json_object(j, key);
        for (size_t i = 0; i < count; i++)
            canon(a, j, sorted[i]->key, sorted[i]);
        json_end(j, '}');
    } else {
        json_node(j, key, n);
    }
}

bool content_seal(struct arena *a, struct content *c, struct err *e)
{
    struct buf b;
    struct json j;
    buf_init(&b, CONTENT_BLOB_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_object(&j, "files");
    for (int i = 0; i < c->files_count; i++) {
        if (c->files[i].tree)
            canon(a, &j, c->files[i].path, c->files[i].tree);
        else
            json_str(&j, c->files[i].path, c->files[i].text);
    }
    json_end(&j, '}');
    json_str(&j, "schema", "venule-content/1");
    json_end(&j, '}');
    bool ok = buf_ok(&b, "content", e);
    if (ok) {
        unsigned char digest[crypto_hash_sha256_BYTES];
        char *hex = arena_alloc(a, sizeof digest * 2 + 1);
        crypto_hash_sha256(digest, (const unsigned char *)b.data, b.len);
        sodium_bin2hex(hex, sizeof digest * 2 + 1, digest, sizeof digest);
        c->hash = hex;
        c->blob = arena_strndup(a, b.data, b.len);
        c->blob_len = b.len;
    }
    buf_fini(&b);
    return ok;
}
