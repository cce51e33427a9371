#include "account/span.h"

#include <stdlib.h>

static int by_from(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

struct spans spans_make(struct arena *a, const struct span *list, int n)
{
    struct spans out = {ARENA_ARRAY(a, n > 0 ? (size_t)n : 1, struct span), 0};
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (list[i].from < list[i].to)
            out.at[kept++] = list[i];
    if (kept)
        qsort(out.at, (size_t)kept, sizeof *out.at, by_from);
    for (int i = 0; i < kept; i++) {
        struct span *last = out.count ? &out.at[out.count - 1] : NULL;
        if (last && out.at[i].from <= last->to) {
            if (out.at[i].to > last->to)
                last->to = out.at[i].to;
        } else {
            out.at[out.count++] = out.at[i];
        }
    }
    return out;
}

struct spans spans_join(struct arena *a, const struct spans *sets, int n)
{
    int total = 0;
    for (int i = 0; i < n; i++)
        total += sets[i].count;
    struct span *all = ARENA_ARRAY(a, (size_t)total + 1, struct span);
    int k = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < sets[i].count; j++)
            all[k++] = sets[i].at[j];
    return spans_make(a, all, k);
}

struct spans spans_minus(struct arena *a, struct spans x, struct spans y)
{
    /* Each stretch of y can cut one stretch of x in two. */
    struct spans out = {ARENA_ARRAY(a, (size_t)(x.count + y.count + 1), struct span), 0};
    int j = 0;
    for (int i = 0; i < x.count; i++) {
        utc_t from = x.at[i].from, to = x.at[i].to;
        while (j < y.count && y.at[j].to <= from)
            j++;
        for (int k = j; k < y.count && y.at[k].from < to && from < to; k++) {
            if (y.at[k].from > from)
                out.at[out.count++] = (struct span){from, y.at[k].from};
            if (y.at[k].to > from)
                from = y.at[k].to;
        }
        if (from < to)
            out.at[out.count++] = (struct span){from, to};
    }
    return out;
}

struct spans spans_within(struct arena *a, struct spans x, struct span window)
{
    struct spans out = {ARENA_ARRAY(a, (size_t)(x.count + 1), struct span), 0};
    for (int i = 0; i < x.count; i++) {
        utc_t from = x.at[i].from > window.from ? x.at[i].from : window.from;
        utc_t to = x.at[i].to < window.to ? x.at[i].to : window.to;
        if (from < to)
            out.at[out.count++] = (struct span){from, to};
    }
    return out;
}

int64_t spans_total(struct spans x)
{
    int64_t sum = 0;
    for (int i = 0; i < x.count; i++)
        sum += x.at[i].to - x.at[i].from;
    return sum;
}

int64_t spans_overlap(struct spans x, struct spans y)
{
    int64_t sum = 0;
    for (int i = 0, j = 0; i < x.count && j < y.count;) {
        utc_t from = x.at[i].from > y.at[j].from ? x.at[i].from : y.at[j].from;
        utc_t to = x.at[i].to < y.at[j].to ? x.at[i].to : y.at[j].to;
        if (from < to)
            sum += to - from;
        if (x.at[i].to < y.at[j].to)
            i++;
        else
            j++;
    }
    return sum;
}
