#include "clinic/resume.h"

#include <string.h>

bool resume_action_read(const char *word, enum resume_action *out, struct err *e)
{
    static const char *const words[] = {"slow", "restart", "never"};
    for (int i = 0; i < 3; i++)
        if (word && strcmp(word, words[i]) == 0) {
            *out = (enum resume_action)i;
            return true;
        }
    return err_set(e, ERR_INPUT, "action", "the action after a reaction is slow, restart or never");
}

static bool row_ok(const struct resume_row *r, struct err *e)
{
    if (r->action == RESUME_NEVER)
        return true;
    if (dec_is(r->fraction) && (dec_sign(r->fraction) <= 0 || dec_lt(dec_int(1), r->fraction)))
        return err_set(e, ERR_INPUT, "fraction", "the fraction of grade %d must be over 0 and at most 1", r->grade);
    bool bad_wait = dec_is(r->wait_min) && dec_sign(r->wait_min) < 0;
    bool bad_hold = dec_is(r->hold_min) && dec_sign(r->hold_min) < 0;
    return (!bad_wait && !bad_hold) ||
        err_set(e, ERR_INPUT, "wait_min", "the minutes of grade %d are below zero", r->grade);
}

bool resume_by_grade(const struct resume_row *rows, int n, int grade, struct dec rate_at_onset, struct dec pump_step,
    struct resume *out, struct err *e)
{
    *out = (struct resume){.action = RESUME_NEVER, .rate = DEC_NONE, .wait_min = DEC_NONE, .hold_min = DEC_NONE};
    if (grade < 1 || grade > 5)
        return err_set(e, ERR_INPUT, "grade", "CTCAE grades run from 1 to 5");
    if (dec_is(rate_at_onset) && dec_sign(rate_at_onset) <= 0)
        return err_set(e, ERR_INPUT, "rate", "the rate at onset must be more than nothing");
    const struct resume_row *row = NULL;
    for (int i = 0; i < n; i++)
        if (rows[i].grade == grade) {
            if (row)
                return err_set(e, ERR_INPUT, "grade", "the table names grade %d twice", grade);
            row = &rows[i];
        }
    if (!row)
        return true;
    if (!row_ok(row, e))
        return false;
    out->listed = true;
    if (row->action == RESUME_NEVER)
        return true;
    struct dec rate = DEC_NONE;
    if (dec_is(row->fraction) && dec_is(rate_at_onset) &&
        !steps_for_pump(dec_prod(rate_at_onset, row->fraction), pump_step, &rate, e))
        return false;
    *out = (struct resume){.allowed = true,
        .listed = true,
        .action = row->action,
        .rate = dec_is(rate) ? dec_trim(rate) : DEC_NONE,
        .wait_min = row->wait_min,
        .hold_min = row->hold_min,
        .needs_order = row->needs_order,
        .may_raise = row->may_raise};
    return true;
}

bool resume_plan(const struct resume *how, struct dec rate, const struct step *steps, int n, struct dec left_ml,
    struct step_plan *out, struct err *e)
{
    struct step rest[STEPS_MAX];
    struct step_next next;
    int count = 0;
    if (!how->allowed)
        return err_set(e, ERR_REFUSED, "grade", "the drug's table allows no restart");
    if (!dec_is(rate) || dec_sign(rate) <= 0)
        return err_set(e, ERR_INPUT, "rate", "the restart needs a rate: the table names none, so it is to be ordered");
    if (dec_is(how->rate) && dec_lt(how->rate, rate))
        return err_set(e, ERR_REFUSED, "rate", "the rate is above what the drug's table allows after this grade");
    if (!steps_next(steps, n, rate, dec_int(0), &next, e))
        return false;
    bool rises = how->may_raise && next.follows;
    struct dec hold = dec_is(how->hold_min) && dec_sign(how->hold_min) > 0 ? how->hold_min
        : rises && next.row > 0                                            ? steps[next.row - 1].minutes
        : rises                                                            ? steps[0].minutes
                                                                           : DEC_NONE;
    rest[count++] = (struct step){rate, rises ? hold : DEC_NONE};
    for (int i = next.row; rises && i < n && count < STEPS_MAX; i++)
        rest[count++] = steps[i];
    return steps_run(NULL, rest, count, left_ml, out, e);
}
