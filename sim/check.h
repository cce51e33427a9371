/* check: does the server's ledger say what really flowed? Compares `venule flow` with the simulator's own truth.
 *
 * Truth (JSON lines, one an infusion, written by sim/truth): infusion, patient, drug, pump, channel, start, end,
 * volume and kvo (mL), rate (mL/h, highest), step (mL, the pump's counter), whole (false: the day ended while it ran).
 * Flow (JSON lines, one a segment): infusion, patient, drug, start, end, state, rate, volume, certainty, source.
 * An infusion passes if patient and drug are the same, nothing is uncertain, and the sum of its segments is within
 * the larger of 0.1 mL, rate × timestamp resolution and counter step; what ran at keep-open rate is compared apart.
 * One thread. Rule: an infusion on one side only is a failure, never a row left out.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "base/arena.h"
#include "base/dec.h"

enum {
    CHECK_INFUSIONS_MAX = 20000,
    CHECK_LINE_MAX = 64 * 1024,
    CHECK_FILE_MAX = 256 * 1024 * 1024,
    CHECK_STAMP_MS = 1000
};

struct check_row {
    const char *infusion, *patient, *drug;
    struct dec truth, truth_kvo; /* mL; none: the simulator knows of no such infusion */
    struct dec flow, flow_kvo;   /* mL; none: the server knows of no such infusion */
    struct dec rate, step;       /* mL/h, mL */
    struct dec tolerance;        /* mL */
    bool uncertain, unfinished;
    const char *wrong;           /* why it failed; NULL: passed */
};

struct check {
    struct check_row *rows;
    int count, passed, failed;
};

/* Both texts whole. ERR_INPUT naming file and line for a line that cannot be read. */
MUST_CHECK bool check_run(struct arena *a, const char *truth, size_t truth_len, const char *flow, size_t flow_len,
                          struct check *out, struct err *e);
/* One line a row, then "N passed, N failed" as the last line. */
void check_print(const struct check *c);

#endif
