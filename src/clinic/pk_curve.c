#include "clinic/pk_curve.h"

#include <math.h>

#define APART 1e-7 /* two constants nearer than this (relative) are moved apart: the sum has no value where they meet */

struct pk_rates pk_rates_from(int n, double v1, double v2, double v3, double cl, double q2, double q3, double ke0)
{
    struct pk_rates r = {.n = n, .v1 = v1, .k10 = cl / v1, .ke0 = ke0};
    if (n > 1) {
        r.k12 = q2 / v1;
        r.k21 = q2 / v2;
    }
    if (n > 2) {
        r.k13 = q3 / v1;
        r.k31 = q3 / v3;
    }
    return r;
}

/* acos by the functions a pure room may call. */
static double arc_cosine(double x)
{
    double c = fmax(-1, fmin(1, x));
    return c <= -1 ? 4 * atan(1) : 2 * atan(sqrt((1 - c) / (1 + c)));
}

static void quadratic(double sum, double product, double out[3])
{
    double d = sqrt(fmax(sum * sum - 4 * product, 0)), high = (sum + d) / 2;
    out[0] = high;
    out[1] = high > 0 ? product / high : 0; /* by the product: no digits lost when they lie far apart */
}

void pk_roots(const struct pk_rates *r, double out[3])
{
    out[0] = r->k10;
    out[1] = out[2] = 0;
    if (r->n < 2)
        return;
    if (r->n == 2) {
        quadratic(r->k10 + r->k12 + r->k21, r->k10 * r->k21, out);
        return;
    }
    double a2 = r->k10 + r->k12 + r->k13 + r->k21 + r->k31, a0 = r->k10 * r->k21 * r->k31;
    double a1 = r->k10 * r->k31 + r->k21 * r->k31 + r->k21 * r->k13 + r->k10 * r->k21 + r->k31 * r->k12;
    double p = a1 - a2 * a2 / 3, q = a1 * a2 / 3 - 2 * a2 * a2 * a2 / 27 - a0; /* of x³ − a2 x² + a1 x − a0 */
    double size = sqrt(fmax(-p / 3, 0)), turn = size > 0 ? arc_cosine(-q / (2 * size * size * size)) / 3 : 0;
    const double third = 8 * atan(1) / 3;
    for (int i = 0; i < 3; i++)
        out[i] = fmax(a2 / 3 + 2 * size * cos(turn - i * third), 0);
    for (int i = 0; i < 2; i++) /* falling */
        for (int k = 0; k < 2 - i; k++)
            if (out[k] < out[k + 1]) {
                double t = out[k];
                out[k] = out[k + 1];
                out[k + 1] = t;
            }
}

static void part_ways(double *x, int n)
{
    for (int i = 1; i < n; i++)
        if (x[i - 1] - x[i] < APART * x[0])
            x[i] = x[i - 1] - APART * x[0];
}

static bool makes_a_body(const struct pk_rates *r)
{
    double all = r->v1 + r->k10 + r->k12 + r->k21 + r->k13 + r->k31 + r->ke0;
    bool two = r->n < 2 || (r->k12 > 0 && r->k21 > 0), three = r->n < 3 || (r->k13 > 0 && r->k31 > 0);
    return r->n >= 1 && r->n <= 3 && isfinite(all) && r->v1 > 0 && r->k10 > 0 && two && three && r->ke0 >= 0;
}

bool pk_curve_of(const struct pk_rates *r, struct pk_curve *out)
{
    *out = (struct pk_curve){.n = r->n};
    if (!makes_a_body(r))
        return false;
    pk_roots(r, out->lambda);
    part_ways(out->lambda, r->n);
    double k[2] = {r->k21, r->k31};
    for (int i = 0; i < r->n; i++) {
        double up = 1, down = r->v1;
        for (int j = 0; j < r->n; j++)
            if (j != i)
                down *= out->lambda[j] - out->lambda[i];
        for (int j = 0; j + 1 < r->n; j++)
            up *= k[j] - out->lambda[i];
        out->plasma[i] = up / down;
    }
    if (r->ke0 == 0)
        return true;
    double ke0 = r->ke0, sum = 0;
    for (int i = 0; i < r->n; i++)
        if (fabs(ke0 - out->lambda[i]) < APART * ke0)
            ke0 *= 1 + 4 * APART;
    for (int i = 0; i < r->n; i++) {
        out->effect[i] = out->plasma[i] * ke0 / (ke0 - out->lambda[i]);
        sum += out->effect[i];
    }
    out->lambda[r->n] = ke0;
    out->effect[r->n] = -sum;
    out->effect_n = r->n + 1;
    return true;
}

/* One input's part of one exponential. */
static double part(double lambda, const struct pk_input *in, double t)
{
    double since = t - in->start;
    if (since < 0)
        return 0;
    if (in->minutes <= 0)
        return in->mg * exp(-lambda * since);
    double during = fmin(since, in->minutes), after = since - during;
    return in->mg / in->minutes * -expm1(-lambda * during) / lambda * exp(-lambda * after);
}

static double area_part(double lambda, const struct pk_input *in, double t)
{
    double since = t - in->start;
    if (since <= 0)
        return 0;
    if (in->minutes <= 0)
        return in->mg * -expm1(-lambda * since) / lambda;
    double during = fmin(since, in->minutes), after = since - during, rate = in->mg / in->minutes;
    double filled = -expm1(-lambda * during) / lambda;
    return rate * (during - filled) / lambda + rate * filled * -expm1(-lambda * after) / lambda;
}

double pk_plasma(const struct pk_curve *c, const struct pk_input *in, int n, double t)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < c->n; i++)
            sum += c->plasma[i] * part(c->lambda[i], &in[k], t);
    return sum;
}

double pk_effect(const struct pk_curve *c, const struct pk_input *in, int n, double t)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < c->effect_n; i++)
            sum += c->effect[i] * part(c->lambda[i], &in[k], t);
    return sum;
}

double pk_area(const struct pk_curve *c, const struct pk_input *in, int n, double t)
{
    double sum = 0;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < c->n; i++)
            sum += c->plasma[i] * area_part(c->lambda[i], &in[k], t);
    return sum;
}
