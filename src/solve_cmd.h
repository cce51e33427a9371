/* solve_cmd: what the families of instances share with the command line of venule solve. Main thread. */
#ifndef SOLVE_CMD_H
#define SOLVE_CMD_H

#include "base/arena.h"
#include "base/buf.h"
#include "solve_run.h"

struct solve_how {
    int64_t from, limit; /* solve_now() of the beginning; microseconds from then on */
    int threads;
    uint64_t seed;
    int64_t rounds;       /* 0 without limit */
    char line[200];       /* out: the figures of the last line, without the seconds */
};

/* Read the instance, print what a person should know (visits that cannot be placed), and write the plan as text. */
MUST_CHECK bool solve_day(struct arena *a, const struct buf *instance, struct solve_how *how, struct buf *plan, struct err *e);
MUST_CHECK bool solve_course(struct arena *a, const struct buf *instance, struct solve_how *how, struct buf *plan, struct err *e);

#endif
