/* Any bytes as a scan: refused with a place, or read; what was read is built and read again the same. */
#include "wire/gs1.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct gs1 g, again;
    struct err e = {0};
    struct buf b;
    buf_init(&b, 4 * GS1_TEXT_MAX);
    (void)gs1_looks_like((const char *)data, size);
    if (!gs1_parse(a, (const char *)data, size, 2026, &g, &e)) {
        if (!e.where[0] || !e.text[0])
            abort();
    } else if (g.count > 0) {
        if (!gs1_build(&b, g.item, g.count, false, &e) ||
            (b.len <= GS1_TEXT_MAX && (!gs1_parse(a, b.data, b.len, 2026, &again, &e) || again.count != g.count)))
            abort();
        for (int i = 0; b.len <= GS1_TEXT_MAX && i < g.count; i++)
            if (strcmp(g.item[i].ai, again.item[i].ai) != 0 || strcmp(g.item[i].value, again.item[i].value) != 0)
                abort();
    }
    buf_fini(&b);
    arena_free(a);
    return 0;
}
