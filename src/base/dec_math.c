#include "base/dec_math.h"

#include <gmp.h>
#include <mpfr.h>

#include "base/dec_wide.h"

/* Precisions tried in turn. What is not settled at the last is a true tie (only an exact power can be one). */
static const mpfr_prec_t precisions[] = {160, 320, 640, 1280, 2560};
enum { PRECISIONS = sizeof precisions / sizeof *precisions };

/* One evaluation: out = f(a[, b]) rounded in direction r. Increasing in each argument, or see dec_pow. */
typedef void (*step_fn)(mpfr_t out, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r);

struct span {
    mpfr_t lo, hi;
};

static void span_init(struct span *s, mpfr_prec_t p)
{
    mpfr_init2(s->lo, p);
    mpfr_init2(s->hi, p);
}

static void span_fini(struct span *s)
{
    mpfr_clear(s->lo);
    mpfr_clear(s->hi);
}

/* a lies between lo and hi (equal when a is a binary fraction). */
static void span_of(struct span *s, struct dec a)
{
    mpfr_t p10, c;
    mpfr_init2(p10, 64);
    mpfr_init2(c, 64);
    mpfr_ui_pow_ui(p10, 10, (unsigned long)a.scale, MPFR_RNDN); /* exact: 5^18 < 2^64 */
    mpfr_set_si(c, a.coef, MPFR_RNDN);
    mpfr_div(s->lo, c, p10, MPFR_RNDD);
    mpfr_div(s->hi, c, p10, MPFR_RNDU);
    mpfr_clear(p10);
    mpfr_clear(c);
}

/* x × 10^scale to the nearest whole number, where scale leaves 15 digits (18 places at most). */
static struct dec round_15(const mpfr_t x, mpfr_rnd_t r)
{
    if (mpfr_zero_p(x))
        return dec_int(0);
    if (!mpfr_number_p(x))
        return DEC_NONE;
    char digits[8];
    mpfr_exp_t whole; /* digits before the point */
    mpfr_get_str(digits, &whole, 10, 2, x, MPFR_RNDZ);
    if (whole > 18)
        return DEC_NONE;
    if (whole < -18)
        return dec_int(0);
    int scale = 15 - (int)whole;
    if (scale > DEC_SCALE_MAX)
        scale = DEC_SCALE_MAX;
    mpfr_t p10, y;
    mpfr_init2(p10, 160);
    mpfr_init2(y, mpfr_get_prec(x));
    mpfr_ui_pow_ui(p10, 10, (unsigned long)(scale < 0 ? -scale : scale), MPFR_RNDN);
    if (scale >= 0)
        mpfr_mul(y, x, p10, r);
    else
        mpfr_div(y, x, p10, r);
    mpfr_round(y, y); /* half away from zero */
    i128 coef = mpfr_get_si(y, MPFR_RNDN);
    mpfr_clear(p10);
    mpfr_clear(y);
    for (; scale < 0; scale++)
        coef *= 10;
    return dec_trim(wide_fit(coef, scale));
}

static bool same(struct dec a, struct dec b)
{
    return dec_is(a) ? dec_is(b) && dec_eq(a, b) : !dec_is(b);
}

/* The enclosure of f over the corners of a and b. */
static void enclose(struct span *out, step_fn f, const struct span *a, const struct span *b)
{
    mpfr_t v;
    mpfr_init2(v, mpfr_get_prec(out->lo));
    for (int corner = 0; corner < (b ? 4 : 2); corner++) {
        const mpfr_t *x = corner & 1 ? &a->hi : &a->lo;
        const mpfr_t *y = !b ? x : corner & 2 ? &b->hi : &b->lo;
        f(v, *x, *y, MPFR_RNDD);
        if (corner == 0 || mpfr_less_p(v, out->lo))
            mpfr_set(out->lo, v, MPFR_RNDD);
        f(v, *x, *y, MPFR_RNDU);
        if (corner == 0 || mpfr_greater_p(v, out->hi))
            mpfr_set(out->hi, v, MPFR_RNDU);
    }
    mpfr_clear(v);
}

static struct dec settle(step_fn f, struct dec a, const struct dec *b)
{
    struct dec lo = DEC_NONE, hi = DEC_NONE;
    for (int i = 0; i < PRECISIONS; i++) {
        struct span sa, sb, out;
        span_init(&sa, precisions[i]);
        span_init(&sb, precisions[i]);
        span_init(&out, precisions[i]);
        span_of(&sa, a);
        if (b)
            span_of(&sb, *b);
        enclose(&out, f, &sa, b ? &sb : NULL);
        lo = round_15(out.lo, MPFR_RNDD);
        hi = round_15(out.hi, MPFR_RNDU);
        span_fini(&sa);
        span_fini(&sb);
        span_fini(&out);
        if (same(lo, hi))
            break;
    }
    mpfr_free_cache();
    if (!dec_is(lo) || !dec_is(hi))
        return DEC_NONE;
    return dec_lt(dec_abs(lo), dec_abs(hi)) ? hi : lo;
}

static void f_sqrt(mpfr_t o, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r) { (void)b; mpfr_sqrt(o, a, r); }
static void f_cbrt(mpfr_t o, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r) { (void)b; mpfr_cbrt(o, a, r); }
static void f_exp(mpfr_t o, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r) { (void)b; mpfr_exp(o, a, r); }
static void f_ln(mpfr_t o, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r) { (void)b; mpfr_log(o, a, r); }
static void f_log10(mpfr_t o, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r) { (void)b; mpfr_log10(o, a, r); }
static void f_pow(mpfr_t o, const mpfr_t a, const mpfr_t b, mpfr_rnd_t r) { mpfr_pow(o, a, b, r); }

struct dec dec_sqrt(struct dec a)
{
    return dec_is(a) && a.coef >= 0 ? settle(f_sqrt, a, NULL) : DEC_NONE;
}

struct dec dec_cbrt(struct dec a)
{
    return dec_is(a) ? settle(f_cbrt, a, NULL) : DEC_NONE;
}

struct dec dec_pow(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b) || a.coef < 0 || (a.coef == 0 && b.coef <= 0))
        return DEC_NONE;
    if (a.coef == 0)
        return dec_int(0);
    return settle(f_pow, a, &b);
}

struct dec dec_exp(struct dec a)
{
    return dec_is(a) ? settle(f_exp, a, NULL) : DEC_NONE;
}

struct dec dec_ln(struct dec a)
{
    return dec_is(a) && a.coef > 0 ? settle(f_ln, a, NULL) : DEC_NONE;
}

struct dec dec_log10(struct dec a)
{
    return dec_is(a) && a.coef > 0 ? settle(f_log10, a, NULL) : DEC_NONE;
}
