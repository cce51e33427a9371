/* cases: the worked cases that drugs and regimens carry, computed anew from the content.
 *
 * Pure; any thread. Rule: a case says what a person worked out from the source; what the content gives must be the same
 * number, not near it. This is the pharmacist's own test of a file, apart from the two dose engines.
 */
#ifndef FORMULARY_CASES_H
#define FORMULARY_CASES_H

#include "formulary/content.h"

enum { CASE_FAILURES_MAX = 200 };

struct case_failure {
    const char *entry; /* "drug rituximab", "regimen folfox6" */
    const char *name;  /* of the case */
    const char *text;  /* "minutes: 210 wanted, 212.5 found" */
};

struct case_report {
    int run, failed;
    struct case_failure failures[CASE_FAILURES_MAX]; /* the first of them */
};

void content_test(struct arena *a, const struct content *c, struct case_report *out);

/* The dose of a regimen for these people, after cap and rounding, in the drug's show_unit. ERR_INPUT names what is missing. */
MUST_CHECK bool case_dose(struct arena *a, const struct content *c, const struct regimen_dose *x, const struct regimen_case *of,
    struct qty *out, struct err *e);

#endif
