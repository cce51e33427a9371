/* Any bytes into the JSON reader: it answers or refuses with a place; what it took it writes and reads back the same. */
#include "base/arena.h"
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_LEN_MAX = 1024 * 1024 };

static void write_tree(struct buf *b, const struct node *n)
{
    struct json j;
    buf_init(b, 8 * FUZZ_LEN_MAX);
    json_init(&j, b);
    json_node(&j, NULL, n);
    if (b->full)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err e = {0};
    struct node *n = json_read(a, (const char *)data, size, FUZZ_LEN_MAX, &e);
    if ((n == NULL) != (e.kind != ERR_NONE) || (e.kind == ERR_INPUT && (!e.where[0] || !e.text[0])))
        abort();
    if (n) {
        struct buf once, twice;
        write_tree(&once, n);
        struct node *again = json_read(a, once.data, once.len, 8 * FUZZ_LEN_MAX, &e);
        if (!again)
            abort();
        write_tree(&twice, again);
        if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0)
            abort();
        buf_fini(&once);
        buf_fini(&twice);
    }
    arena_free(a);
    return 0;
}
