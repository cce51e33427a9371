/* seeded: random numbers that are a function of a seed: xoshiro256** (Blackman, Vigna 2018), filled by splitmix64.
 *
 * Owns nothing; each search has its own. Rule: the same seed gives the same numbers on every machine, so that a plan
 * can be made again.
 */
#ifndef SCHEDULE_SEEDED_H
#define SCHEDULE_SEEDED_H

#include <stdint.h>

struct seeded { uint64_t s[4]; };

static inline uint64_t seeded_mix(uint64_t *x)
{
    uint64_t z = *x += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline void seeded_init(struct seeded *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->s[i] = seeded_mix(&seed);
}

static inline uint64_t seeded_next(struct seeded *r)
{
    uint64_t *s = r->s, x = s[1] * 5, out = (x << 7 | x >> 57) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return out;
}

/* 0 ≤ result < n, n ≥ 1. */
static inline int seeded_below(struct seeded *r, int n)
{
    return (int)((seeded_next(r) >> 32) * (uint64_t)n >> 32);
}

/* 0 ≤ result < 1. */
static inline double seeded_unit(struct seeded *r)
{
    return (double)(seeded_next(r) >> 11) * 0x1p-53;
}

#endif
