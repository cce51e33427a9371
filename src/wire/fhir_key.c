/* Who a resource is (key) and whether it is the same as before (digest). */
#include "wire/fhir_read.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void escaped(struct buf *b, const char *s)
{
    for (; *s; s++) {
        if (*s == '|')
            buf_puts(b, "%7C");
        else if (*s == '%')
            buf_puts(b, "%25");
        else
            buf_addc(b, *s);
    }
}

const char *fhir_key(struct arena *a, const char *source, const char *type, const char *id)
{
    struct buf b;
    buf_init(&b, FHIR_LEN_MAX * (size_t)4);
    escaped(&b, source);
    buf_addc(&b, '|');
    escaped(&b, type);
    buf_addc(&b, '|');
    escaped(&b, id);
    const char *key = arena_strndup(a, buf_str(&b), b.len);
    buf_fini(&b);
    return key;
}

static int by_key(const void *x, const void *y)
{
    const struct node *const *a = x, *const *b = y;
    return strcmp((*a)->key, (*b)->key);
}

static bool is_sender_only(const struct node *meta_member)
{
    return strcmp(meta_member->key, "lastUpdated") == 0 || strcmp(meta_member->key, "versionId") == 0;
}

enum level { RESOURCE, META, INSIDE };

static void canonical(struct arena *a, struct json *j, const char *key, const struct node *n, enum level level)
{
    if (n->kind == NODE_LIST) {
        json_list(j, key);
        node_each(m, n)
            canonical(a, j, NULL, m, INSIDE);
        json_end(j, ']');
        return;
    }
    if (n->kind != NODE_MAP) {
        json_node(j, key, n);
        return;
    }
    const struct node **sorted = ARENA_ARRAY(a, (size_t)n->count, const struct node *);
    int count = 0;
    node_each(m, n)
        if (level != META || !is_sender_only(m))
            sorted[count++] = m;
    if (level == META && count == 0)
        return;
    qsort(sorted, (size_t)count, sizeof sorted[0], by_key);
    json_object(j, key);
    for (int i = 0; i < count; i++) {
        bool meta = level == RESOURCE && strcmp(sorted[i]->key, "meta") == 0;
        canonical(a, j, sorted[i]->key, sorted[i], meta ? META : INSIDE);
    }
    json_end(j, '}');
}

const char *fhir_digest(struct arena *a, const struct node *n)
{
    struct buf b;
    struct json j;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(a, sizeof hash * 2 + 1);
    buf_init(&b, (size_t)FHIR_LEN_MAX * 2);
    json_init(&j, &b);
    canonical(a, &j, NULL, n, RESOURCE);
    crypto_hash_sha256(hash, (const unsigned char *)buf_str(&b), b.len);
    buf_fini(&b);
    return sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
}
