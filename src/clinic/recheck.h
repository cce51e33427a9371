/* recheck: the second dose engine: the same order and patient as clinic/derive, worked out again by exact fractions
 * (GMP), with a lower and an upper bound where a root or power is irrational.
 *
 * Pure; any thread. Rule: it shares the inputs with the first engine and no arithmetic: own units, own comparison of
 * rules, own roots; the two are compared as text, and disagreement stops the dose. Where a rounding boundary lies
 * between the two bounds, both doses are said and a person decides.
 */
#ifndef CLINIC_RECHECK_H
#define CLINIC_RECHECK_H

#include "clinic/derive.h"

enum { RECHECK_TEXT_MAX = 64 };

enum recheck_result {
    RECHECK_DOSE,
    RECHECK_NO_DOSE,  /* a rule says omit, delay, stop or ask */
    RECHECK_REFUSED,  /* an input is missing, too old or impossible */
    RECHECK_BOUNDARY  /* a cap, band or rounding boundary lies between the bounds */
};

struct recheck {
    enum recheck_result result;
    enum derive_verdict verdict;
    int delay_days;
    const char *why;                /* of REFUSED: the input */
    char dose[RECHECK_TEXT_MAX];    /* digits without trailing zeros, in the order's unit */
    char other[RECHECK_TEXT_MAX];   /* BOUNDARY: the dose by the upper bound */
};

void recheck_dose(const struct derive_order *o, const struct derive_patient *p, struct recheck *out);

/* Do the engines say the same? first_ok: derive_dose gave an answer. A boundary agrees with neither. */
bool recheck_agrees(const struct derive_answer *first, bool first_ok, const struct recheck *second);

/* The CTCAE grade by fractions; -1: cannot be graded. */
struct ctcae_term;
int recheck_grade(const struct ctcae_term *t, struct qty value, struct qty lln, struct qty uln, struct qty baseline);

#endif
