#include "base/embed.h"

#include <string.h>

const struct embed_file *embed_find(const struct embed_set *s, const char *path)
{
    int lo = 0, hi = s ? s->count : 0;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        int cmp = strcmp(path, s->files[mid].path);
        if (cmp == 0)
            return &s->files[mid];
        if (cmp < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}
