/* rng: the simulator's dice: PCG32 (O'Neill 2014, pcg-random.org, XSH-RR 64/32), seeded, with independent streams.
 *
 * One generator per thing that draws (a patient, a body, a member of staff), so that adding a draw in one place moves
 * nothing elsewhere. One thread at a time. Rule: integers only: the same seed gives the same day on every machine.
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state, inc;
};

void rng_init(struct rng *r, uint64_t seed, uint64_t stream);
uint32_t rng_u32(struct rng *r);
/* 0 … n-1, without bias; n ≥ 1. */
uint32_t rng_below(struct rng *r, uint32_t n);
/* lo … hi, both possible; lo ≤ hi, at most 2^31 apart. */
int64_t rng_range(struct rng *r, int64_t lo, int64_t hi);
/* True with probability permille/1000. */
bool rng_chance(struct rng *r, unsigned permille);
/* Roughly normal, mean 0, in thousandths of a standard deviation, never beyond ±6000 (sum of 12 uniforms). */
int64_t rng_normal(struct rng *r);
/* "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx", the shape of a random UUID (RFC 9562 version 4). */
enum { RNG_UUID_MAX = 37 };
const char *rng_uuid(struct rng *r, char out[RNG_UUID_MAX]);

/* One of an array. */
#define RNG_PICK(r, array) ((array)[rng_below((r), (uint32_t)(sizeof(array) / sizeof((array)[0])))])

#endif
