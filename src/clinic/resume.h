/* resume: how an infusion goes on after a reaction: by the drug's own table and the grade, or not at all.
 *
 * Pure; any thread. Rule: nothing is assumed: a grade the table does not name means no restart, and a row without a
 * fraction gives no rate (the prescriber must order one); half the rate is never a default.
 */
#ifndef CLINIC_RESUME_H
#define CLINIC_RESUME_H

#include "clinic/steps.h"

enum resume_action {
    RESUME_SLOW,    /* go on slower, without a stop */
    RESUME_RESTART, /* stopped first */
    RESUME_NEVER    /* not again today */
};
enum { RESUME_ROWS_MAX = 16 };

struct resume_row {
    int grade;              /* 1-5 */
    enum resume_action action;
    struct dec fraction;    /* of the rate at onset, over 0 to 1; DEC_NONE: the order must name the rate */
    struct dec wait_min;    /* from the stop; DEC_NONE: at once */
    struct dec hold_min;    /* at the restart rate before it may rise; DEC_NONE: as long as the step of the table */
    bool needs_order, may_raise;
};

struct resume {
    bool allowed;           /* false: no restart; nothing else counts then */
    bool listed;            /* false: the table does not name this grade */
    enum resume_action action;
    struct dec rate;        /* at most, down to the pump's step; DEC_NONE: to be ordered */
    struct dec wait_min, hold_min;
    bool needs_order, may_raise;
};

MUST_CHECK bool resume_action_read(const char *word, enum resume_action *out, struct err *e); /* "slow|restart|never" */

/* ERR_INPUT for a grade outside 1-5, a rate not above zero, a fraction outside (0, 1], a grade given twice, or a rate
 * below what the pump can run. rate_at_onset DEC_NONE: unknown, so no rate comes out. */
MUST_CHECK bool resume_by_grade(const struct resume_row *rows, int n, int grade, struct dec rate_at_onset,
    struct dec pump_step, struct resume *out, struct err *e);

/* What is left, from the restart rate on: held, then up by the drug's steps if it may rise, else even to the end. */
MUST_CHECK bool resume_plan(const struct resume *how, struct dec rate, const struct step *steps, int n,
    struct dec left_ml, struct step_plan *out, struct err *e);

#endif
