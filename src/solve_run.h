/* solve_run: threads and clock for the searches of src/schedule, which know neither.
 *
 * Each thread has a member of its own and runs it for a slice of rounds; then all wait, one of them lets the members
 * exchange what they found and looks at the clock, and they go on. Main thread. Rule: with a number of rounds and no
 * limit of time, what comes out is the same on every machine.
 */
#ifndef SOLVE_RUN_H
#define SOLVE_RUN_H

#include "base/err.h"

enum { SOLVE_THREADS_MAX = 16 };

struct solve_team {
    int threads;
    void *member[SOLVE_THREADS_MAX];
    void (*run)(void *member, int rounds);
    bool (*meet)(struct solve_team *t); /* exchange; true: nothing left to gain */
    int slice;       /* rounds between two meetings */
    int64_t rounds;  /* of each member, at most; 0 without limit */
    int64_t until;   /* solve_now() to stop at */
    /* out */
    int64_t done;    /* rounds of each member */
};

/* Microseconds of a clock that never steps back. */
int64_t solve_now(void);
/* From now on an interrupt (SIGINT, SIGTERM) ends the run and not the program: the best plan is kept. */
void solve_catch_interrupt(void);
bool solve_interrupted(void);
MUST_CHECK bool solve_team_run(struct solve_team *t, struct err *e);

#endif
