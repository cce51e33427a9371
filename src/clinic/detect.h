/* detect: early signs of a reaction: a set of vital signs held against the patient's own baseline and fixed limits.
 *
 * Pure; any thread. Rule: the thresholds are content and come in as arguments; a rule that cannot be judged because a
 * value is missing is counted as blind, never as quiet. Idea: vital-sign rule of doi 10.1111/trf.15931.
 */
#ifndef CLINIC_DETECT_H
#define CLINIC_DETECT_H

#include "base/unit.h"

enum detect_sign { DETECT_HR, DETECT_SBP, DETECT_DBP, DETECT_TEMP, DETECT_SPO2, DETECT_RR, DETECT_SIGNS };
enum detect_test {
    DETECT_RISE,  /* above the baseline by the value or more; a % is of the baseline */
    DETECT_FALL,  /* below the baseline by the value or more */
    DETECT_ABOVE, /* above the value itself, not at it */
    DETECT_BELOW  /* below the value itself */
};
enum { DETECT_RULES_MAX = 64 };

/* The words of the content: "hr|sbp|dbp|temp|spo2|rr", "rise|fall|above|below". */
MUST_CHECK bool detect_sign_read(const char *word, enum detect_sign *out, struct err *e);
MUST_CHECK bool detect_test_read(const char *word, enum detect_test *out, struct err *e);
const char *detect_sign_unit(enum detect_sign s); /* "/min", "mm[Hg]", "Cel", "%" */

/* One set, each in its sign's unit; DEC_NONE: not measured. */
struct detect_set {
    struct dec v[DETECT_SIGNS];
};

struct detect_rule {
    enum detect_sign sign;
    enum detect_test test;
    struct qty value; /* in the sign's unit, or % for a rise or fall */
};

struct detect_fired {
    int rule;            /* index */
    struct dec now;
    struct dec baseline; /* DEC_NONE for above and below */
    struct dec limit;    /* the value at which it fires, in the sign's unit */
};

struct detect_result {
    struct detect_fired fired[DETECT_RULES_MAX];
    int count;           /* fired, in the rules' order */
    int blind;           /* rules that could not be judged */
};

/* ERR_INPUT names the rule whose value does not fit its sign; nothing is judged then. */
MUST_CHECK bool detect_changes(const struct detect_rule *rules, int n, const struct detect_set *baseline,
    const struct detect_set *now, struct detect_result *out, struct err *e);

#endif
