#include "clinic/pk.h"

#include "base/dec_math.h"

static bool above_zero(struct dec v)
{
    return dec_is(v) && dec_sign(v) > 0;
}

/* e^(−k t) */
static struct dec decay(struct dec k, struct dec t)
{
    return dec_exp(dec_neg(dec_prod(k, t)));
}

/* 1 − e^(−k t) */
static struct dec filled(struct dec k, struct dec t)
{
    return dec_sum(dec_int(1), dec_neg(decay(k, t)));
}

struct dec pk_one_steady(const struct pk_one *m, struct dec dose, struct dec duration, struct dec tau, struct dec t)
{
    if (!above_zero(m->cl) || !above_zero(m->v) || !above_zero(dose) || !above_zero(duration) || !above_zero(tau) ||
        !dec_is(t) || dec_sign(t) < 0 || dec_lt(tau, duration) || dec_lt(tau, t))
        return DEC_NONE;
    struct dec k = dec_quot(m->cl, m->v);
    struct dec plateau = dec_quot(dec_quot(dose, duration), m->cl), all = filled(k, tau);
    struct dec peak = dec_quot(dec_prod(plateau, filled(k, duration)), all); /* at the end of the infusion */
    if (dec_le(duration, t))
        return dec_prod(peak, decay(k, dec_sub(t, duration)));
    struct dec trough = dec_prod(peak, decay(k, dec_sub(tau, duration)));
    return dec_sum(dec_prod(plateau, filled(k, t)), dec_prod(trough, decay(k, t)));
}

struct dec pk_two_single(const struct pk_two *m, struct dec dose, struct dec duration, struct dec t)
{
    if (!above_zero(m->cl) || !above_zero(m->v1) || !above_zero(m->q) || !above_zero(m->v2) || !above_zero(dose) ||
        !above_zero(duration) || !dec_is(t) || dec_sign(t) < 0)
        return DEC_NONE;
    struct dec k10 = dec_quot(m->cl, m->v1), k12 = dec_quot(m->q, m->v1), k21 = dec_quot(m->q, m->v2);
    /* the two rate constants are the roots of x² − (k10 + k12 + k21) x + k10 k21; the smaller from their product,
     * so that no digits are lost where they lie far apart */
    struct dec sum = dec_sum(dec_sum(k10, k12), k21), product = dec_prod(k10, k21);
    struct dec under = dec_sum(dec_prod(sum, sum), dec_neg(dec_prod(dec_int(4), product)));
    if (!above_zero(under))
        return DEC_NONE;
    struct dec alpha = dec_quot(dec_sum(sum, dec_sqrt(under)), dec_int(2)), beta = dec_quot(product, alpha);
    struct dec apart = dec_sum(alpha, dec_neg(beta));
    struct dec rate = dec_quot(dec_quot(dose, duration), m->v1);
    struct dec during = dec_min(t, duration), after = dec_max(dec_sub(t, duration), dec_int(0)), level = dec_int(0);
    for (int i = 0; i < 2; i++) {
        struct dec lambda = i ? beta : alpha;
        struct dec share = i ? dec_sum(k21, dec_neg(beta)) : dec_sum(alpha, dec_neg(k21));
        struct dec part = dec_quot(dec_prod(dec_quot(share, apart), filled(lambda, during)), lambda);
        level = dec_sum(level, dec_prod(part, decay(lambda, after)));
    }
    return dec_prod(rate, level);
}
