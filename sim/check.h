/* check: does the server's ledger say what really flowed? Compares `venule flow` with the simulator's own truth.
 *
 * Truth (JSON lines, one an infusion, written by sim/day): infusion, patient, visit, drug, bag, pump, channel, start, end,
 * volume and kvo (mL), rate (mL/h, highest), step (mL, the pump's counter), whole (false: the day ended while it ran),
 * lost (messages of its pump that never left while it hung).
 * Flow (JSON lines, one a segment): infusion, patient, drug, start, end, state, rate, volume, certainty, source, sum.
 * Charges (JSON lines, one a visit; may be left out): visit, charge, lines.
 * An infusion passes if patient and drug are the same and the volume is within the larger of 0.1 mL, rate × timestamp
 * resolution and counter step (what ran at keep-open rate is compared apart); if nothing of it is uncertain, or a
 * message of it never arrived and a person has said since what flowed; and if its drug is charged. A charge passes if
 * something flowed that it is for. One thread. Rule: an infusion on one side only is a failure, never a row left out.
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
    const char *infusion, *patient, *drug, *visit, *bag;
    struct dec truth, truth_kvo; /* mL; none: the simulator knows of no such infusion */
    struct dec flow, flow_kvo;   /* mL; none: the server knows of no such infusion */
    struct dec rate, step;       /* mL/h, mL */
    struct dec tolerance;        /* mL */
    struct dec said;             /* mL in all as the infusion now stands; none: not told */
    bool uncertain, unfinished;
    bool open;                   /* uncertain still, and nobody has said what flowed */
    bool charged;
    int64_t lost;
    const char *wrong;           /* why it failed; NULL: passed */
};

struct check {
    struct check_row *rows;
    int count, passed, failed;
    int uncertain;               /* that passed: something never arrived, and a person reconciled it */
};

struct check_text {
    const char *s; /* NULL: none */
    size_t len;
};
/* The texts whole; charges may be none. ERR_INPUT naming file and line for a line that cannot be read. */
MUST_CHECK bool check_run(struct arena *a, struct check_text truth, struct check_text flow, struct check_text charges,
                          struct check *out, struct err *e);
/* One line a row, then "N passed, N failed" as the last line. */
void check_print(const struct check *c);

#endif
