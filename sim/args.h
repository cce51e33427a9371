/* args: the options of one subcommand, "--name value" or "--name" alone, nothing else.
 *
 * Points into argv. One thread. Rule: an option nobody asked for is an error, never skipped.
 */
#ifndef SIM_ARGS_H
#define SIM_ARGS_H

#include "base/utc.h"

enum { ARGS_MAX = 32 };

struct args {
    int count;
    const char *name[ARGS_MAX], *value[ARGS_MAX]; /* value NULL: a flag */
    bool asked[ARGS_MAX];
};

MUST_CHECK bool args_read(struct args *a, int argc, char **argv, struct err *e);
/* NULL if it is not there (or is there without a value). */
const char *args_text(struct args *a, const char *name);
bool args_flag(struct args *a, const char *name);
/* Whole number within lo … hi; `otherwise` if it is not there. */
MUST_CHECK bool args_int(struct args *a, const char *name, int64_t lo, int64_t hi, int64_t otherwise, int64_t *out,
                         struct err *e);
MUST_CHECK bool args_need(struct args *a, const char *name, const char **out, struct err *e);
/* YYYY-MM-DD to midnight UTC; `otherwise` if it is not there. */
MUST_CHECK bool args_day(struct args *a, const char *name, utc_t otherwise, utc_t *out, struct err *e);
/* After all were asked for: an option that was not is refused. */
MUST_CHECK bool args_done(const struct args *a, struct err *e);

#endif
