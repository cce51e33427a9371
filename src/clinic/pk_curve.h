/* pk_curve: one to three compartments with an effect site, as sums of exponentials: exact in time, no step size.
 *
 * Any thread; for the pk files only: here alone numbers are binary floating point, and what leaves is an estimate,
 * rounded once to a decimal (pk_level). Minutes, litres, mg. Rule: never used to control a pump.
 * Formulas: Gibaldi and Perrier, Pharmacokinetics; roots of the cubic by the trigonometric form.
 */
#ifndef CLINIC_PK_CURVE_H
#define CLINIC_PK_CURVE_H

#include <stdbool.h>

enum { PK_TERMS_MAX = 4 }; /* three compartments and the effect site */

/* A body as rate constants per minute; compartments 1, 2 or 3; ke0 0: no effect site. */
struct pk_rates {
    int n;
    double v1;
    double k10, k12, k21, k13, k31, ke0;
};

struct pk_rates pk_rates_from(int n, double v1, double v2, double v3, double cl, double q2, double q3, double ke0);

/* C(t) after 1 mg at once: Σ plasma[i] e^(−λ[i] t); in the effect site Σ effect[i] e^(−λ[i] t). */
struct pk_curve {
    int n, effect_n;
    double lambda[PK_TERMS_MAX], plasma[PK_TERMS_MAX], effect[PK_TERMS_MAX];
};

/* false for constants that make no body: not finite, not above zero where they must be. */
bool pk_curve_of(const struct pk_rates *r, struct pk_curve *out);

/* The disposition constants, falling; never not-a-number, never below zero. */
void pk_roots(const struct pk_rates *r, double out[3]);

/* mg evenly over `minutes` from `start` (0 minutes: at once). */
struct pk_input {
    double start, minutes, mg;
};

/* mg/L at minute t. */
double pk_plasma(const struct pk_curve *c, const struct pk_input *in, int n, double t);
double pk_effect(const struct pk_curve *c, const struct pk_input *in, int n, double t);
/* mg·min/L in the plasma from minute 0 to t. */
double pk_area(const struct pk_curve *c, const struct pk_input *in, int n, double t);

#endif
