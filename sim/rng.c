#include "sim/rng.h"

#include <assert.h>
#include <stdio.h>

static const uint64_t pcg_multiplier = 6364136223846793005u;

uint32_t rng_u32(struct rng *r)
{
    uint64_t old = r->state;
    r->state = old * pcg_multiplier + r->inc;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    uint32_t turn = (uint32_t)(old >> 59);
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

void rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
    r->state = 0;
    r->inc = stream << 1 | 1;
    (void)rng_u32(r);
    r->state += seed;
    (void)rng_u32(r);
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
    assert(n >= 1);
    uint32_t low = (0u - n) % n; /* 2^32 mod n: what would be drawn once too often */
    for (;;) {
        uint32_t x = rng_u32(r);
        if (x >= low)
            return x % n;
    }
}

int64_t rng_range(struct rng *r, int64_t lo, int64_t hi)
{
    assert(lo <= hi && hi - lo < INT64_C(1) << 31);
    return lo + (int64_t)rng_below(r, (uint32_t)(hi - lo + 1));
}

bool rng_chance(struct rng *r, unsigned permille)
{
    return rng_below(r, 1000) < permille;
}

int64_t rng_normal(struct rng *r)
{
    int64_t sum = 0; /* each uniform has variance 1/12, so twelve have 1 */
    for (int i = 0; i < 12; i++)
        sum += rng_below(r, 1001);
    return sum - 6000;
}

const char *rng_uuid(struct rng *r, char out[RNG_UUID_MAX])
{
    uint32_t a = rng_u32(r), b = rng_u32(r), c = rng_u32(r), d = rng_u32(r);
    snprintf(out, RNG_UUID_MAX, "%08x-%04x-4%03x-%04x-%04x%08x", a, b >> 16, b & 0xfff, 0x8000 | (c >> 16 & 0x3fff),
             c & 0xffff, d);
    return out;
}
