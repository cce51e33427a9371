/* Any bytes into the YAML reader: it answers or refuses with a place; what it took is a tree that JSON can carry. */
#include "base/arena.h"
#include "base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_LEN_MAX = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err e = {0};
    struct node *n = size <= FUZZ_LEN_MAX ? yaml_read(a, (const char *)data, size, &e) : NULL;
    if (size <= FUZZ_LEN_MAX && (n == NULL) != (e.kind != ERR_NONE))
        abort();
    if (n) {
        struct buf b;
        struct json j;
        buf_init(&b, 8 * FUZZ_LEN_MAX);
        json_init(&j, &b);
        json_node(&j, NULL, n);
        if (b.full || !json_read(a, b.data, b.len, 8 * FUZZ_LEN_MAX, &e))
            abort();
        buf_fini(&b);
    }
    arena_free(a);
    return 0;
}
