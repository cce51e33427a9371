#include "schedule/course_pack.h"

struct search { struct course_pack *p; int slot[COURSE_PACK_MAX], nodes; };

static int bits(uint32_t m)
{
    int n = 0;
    for (; m; m &= m - 1)
        n++;
    return n;
}

static void descend(struct search *s, int k, uint32_t taken, int shared)
{
    struct course_pack *p = s->p;
    uint32_t later = 0; /* starts that share a slot */
    if (k == p->count) {
        p->shared = shared;
        for (int i = 0; i < k; i++)
            p->slot[i] = s->slot[i];
        return;
    }
    for (uint32_t left = p->starts[k]; left && shared < p->shared && s->nodes > 0; left &= left - 1) {
        int t = __builtin_ctz(left);
        uint32_t m = p->work[k] << t;
        if (m & taken) {
            later |= left & -left;
            continue;
        }
        s->nodes--;
        s->slot[k] = t;
        descend(s, k + 1, taken | m, shared);
    }
    for (; later && shared + 1 < p->shared && s->nodes > 0; later &= later - 1) {
        int t = __builtin_ctz(later), more = bits(p->work[k] << t & taken);
        if (shared + more >= p->shared)
            continue;
        s->nodes--;
        s->slot[k] = t;
        descend(s, k + 1, taken | p->work[k] << t, shared + more);
    }
}

void course_pack(struct course_pack *p, int limit, int nodes)
{
    struct search s = {.p = p, .nodes = nodes};
    p->shared = limit;
    if (limit > 0)
        descend(&s, 0, 0, 0);
}
