/* made: instances of both families drawn from a seed, as text: small and hard, for the property tests. */
#ifndef TEST_SCHEDULE_MADE_H
#define TEST_SCHEDULE_MADE_H

#include "base/buf.h"

#include "../base/harness.h"

static inline int below(uint64_t *seed, int n)
{
    return (int)(next_random(seed) % (uint64_t)n);
}

/* A day of `visits` with about as much work as it has room for; `nurses` on two shifts. */
static inline void made_day(uint64_t seed, int visits, int nurses, struct buf *out)
{
    static const int slots[] = {2, 2, 4, 4, 8, 12, 16, 20};
    int chairs = 1 + visits / 4;
    buf_printf(out, "%d %d %d 44 40 %d 4 8 2\n", visits, chairs, 1 + chairs / 4, nurses);
    for (int i = 0; i < visits; i++) {
        int d = slots[below(&seed, 8)], ready = below(&seed, 25);
        buf_printf(out, "%d %d %d %d %d %d\n", d, ready, 1 << below(&seed, 3), 1 + below(&seed, 3), below(&seed, 10) < 3,
            below(&seed, 12) == 0);
    }
    for (int n = 0; n < nurses; n++)
        buf_printf(out, "%d %d %d\n", n % 2 ? 12 : 0, n % 2 ? 44 : 32, n % 3 != 2);
}

/* Courses of 28 relative days, each a visit with p 0.3, in a horizon of 40 days. */
static inline void made_courses(uint64_t seed, int courses, int nurses, struct buf *out)
{
    buf_printf(out, "%d 28 40 %d\n", courses, nurses);
    for (int d = 0; d < 40; d++)
        buf_printf(out, "%d%c", 5 * nurses + below(&seed, 5 * nurses + 1), d == 39 ? '\n' : ' ');
    for (int i = 0; i < courses; i++) {
        for (int d = 0; d < 28; d++)
            buf_addc(out, below(&seed, 10) < 3 ? '1' : '0');
        buf_printf(out, " %d %d %d %d %d\n", 1 + below(&seed, 2), 10 + below(&seed, 7), 1 + below(&seed, 2), 1 + below(&seed, 3),
            1 + below(&seed, 2));
    }
}

#endif
