#include "base/dec.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/dec_wide.h"

i128 wide_pow10(int n)
{
    i128 p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

static int digits_of(i128 v)
{
    int n = 0;
    for (; v; v /= 10)
        n++;
    return n;
}

/* The exact value coef × 10^-scale as a dec: zeros are shed from the end only as far as needed to fit. */
struct dec wide_fit(i128 coef, int scale)
{
    while ((scale > DEC_SCALE_MAX || coef > DEC_COEF_MAX || coef < -DEC_COEF_MAX) && scale > 0 && coef % 10 == 0) {
        coef /= 10;
        scale--;
    }
    if (scale < 0 || scale > DEC_SCALE_MAX || coef > DEC_COEF_MAX || coef < -DEC_COEF_MAX)
        return DEC_NONE;
    return DEC((int64_t)coef, (int8_t)scale);
}

/* num ÷ den to a whole number; den > 0. */
static i128 div_round(i128 num, i128 den, enum dec_round how)
{
    i128 q = num / den, r = num % den;
    if (r == 0)
        return q;
    bool neg = num < 0;
    i128 mag = neg ? -r : r;
    bool away = false;
    switch (how) {
    case DEC_HALF_AWAY: away = mag >= den - mag; break;
    case DEC_DOWN: away = false; break;
    case DEC_UP: away = true; break;
    case DEC_FLOOR: away = neg; break;
    case DEC_CEIL: away = !neg; break;
    }
    if (!away)
        return q;
    return neg ? q - 1 : q + 1;
}

/* num ÷ den × 10^-scale to 15 significant digits, at most 18 places. |num| < 10^38, 0 < den < 10^19:
 * then nothing below overflows, as a × 10^k has at most 15 digits more than den. */
struct dec wide_quot(i128 num, i128 den, int scale)
{
    if (num == 0)
        return dec_int(0);
    bool neg = num < 0;
    i128 a = neg ? -num : num;
    int k = 15 - (digits_of(a) - digits_of(den));
    i128 n = k > 0 ? a * wide_pow10(k) : a, d = k < 0 ? den * wide_pow10(-k) : den;
    if (n / d >= wide_pow10(15)) {
        k--;
        n = k >= 0 ? a * wide_pow10(k) : a;
        d = k < 0 ? den * wide_pow10(-k) : den;
    }
    int s = scale + k;
    if (s > DEC_SCALE_MAX) {
        int drop = s - DEC_SCALE_MAX;
        if (drop > 17)
            return dec_int(0);
        d *= wide_pow10(drop);
        s = DEC_SCALE_MAX;
    }
    i128 q = div_round(n, d, DEC_HALF_AWAY);
    if (s < 0) {
        if (s < -20)
            return DEC_NONE;
        q *= wide_pow10(-s);
        s = 0;
    }
    return dec_trim(wide_fit(neg ? -q : q, s));
}

struct dec dec_add(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b))
        return DEC_NONE;
    int s = a.scale > b.scale ? a.scale : b.scale;
    return wide_fit(a.coef * wide_pow10(s - a.scale) + b.coef * wide_pow10(s - b.scale), s);
}

struct dec dec_neg(struct dec a)
{
    return dec_is(a) ? wide_fit(-(i128)a.coef, a.scale) : DEC_NONE;
}

struct dec dec_sub(struct dec a, struct dec b)
{
    return dec_add(a, dec_neg(b));
}

struct dec dec_mul(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b))
        return DEC_NONE;
    return wide_fit((i128)a.coef * b.coef, a.scale + b.scale);
}

struct dec dec_div(struct dec a, struct dec b, int scale, enum dec_round how)
{
    if (!dec_is(a) || !dec_is(b) || b.coef == 0 || scale < 0 || scale > DEC_SCALE_MAX)
        return DEC_NONE;
    i128 n = a.coef, d = b.coef;
    if (d < 0) {
        n = -n;
        d = -d;
    }
    int k = scale + b.scale - a.scale;
    for (; k > 0; k--) /* a numerator over 10^38 means a quotient that cannot fit */
        if (__builtin_mul_overflow(n, (i128)10, &n))
            return DEC_NONE;
    return wide_fit(div_round(n, k < 0 ? d * wide_pow10(-k) : d, how), scale);
}

struct dec dec_quot(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b) || b.coef == 0)
        return DEC_NONE;
    i128 n = a.coef, d = b.coef;
    return d < 0 ? wide_quot(-n, -d, a.scale - b.scale) : wide_quot(n, d, a.scale - b.scale);
}

struct dec dec_prod(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b))
        return DEC_NONE;
    return wide_quot((i128)a.coef * b.coef, 1, a.scale + b.scale);
}

struct dec dec_sum(struct dec a, struct dec b)
{
    struct dec exact = dec_add(a, b);
    if (dec_is(exact) || !dec_is(a) || !dec_is(b))
        return exact;
    int s = a.scale > b.scale ? a.scale : b.scale;
    return wide_quot(a.coef * wide_pow10(s - a.scale) + b.coef * wide_pow10(s - b.scale), 1, s);
}

struct dec dec_mul_ratio(struct dec a, int64_t num, int64_t den)
{
    if (!dec_is(a) || den <= 0)
        return DEC_NONE;
    i128 n = (i128)a.coef * num, g = wide_gcd(n, den), d = den / g;
    n /= g;
    int scale = a.scale;
    i128 rest = d, exact = n;
    bool fits = true;
    while (rest % 10 == 0) {
        rest /= 10;
        scale++;
    }
    for (; fits && rest % 2 == 0; scale++) {
        rest /= 2;
        fits = !__builtin_mul_overflow(exact, (i128)5, &exact);
    }
    for (; fits && rest % 5 == 0; scale++) {
        rest /= 5;
        fits = !__builtin_mul_overflow(exact, (i128)2, &exact);
    }
    if (fits && rest == 1) {
        struct dec r = wide_fit(exact, scale);
        if (dec_is(r))
            return dec_trim(r);
    }
    return wide_quot(n, d, a.scale);
}

i128 wide_gcd(i128 a, i128 b)
{
    if (a < 0)
        a = -a;
    while (b) {
        i128 t = a % b;
        a = b;
        b = t;
    }
    return a ? a : 1;
}

struct dec dec_abs(struct dec a)
{
    return dec_is(a) && a.coef < 0 ? dec_neg(a) : a;
}

struct dec dec_round(struct dec a, int scale, enum dec_round how)
{
    return dec_div(a, dec_int(1), scale, how);
}

struct dec dec_round_to(struct dec a, struct dec step, enum dec_round how)
{
    if (!dec_is(step) || step.coef <= 0)
        return DEC_NONE;
    return dec_mul(dec_div(a, step, 0, how), step);
}

struct dec dec_trim(struct dec a)
{
    if (!dec_is(a))
        return DEC_NONE;
    while (a.scale > 0 && a.coef % 10 == 0) {
        a.coef /= 10;
        a.scale--;
    }
    return a;
}

int dec_cmp(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b)) {
        fputs("venule: defect: compared a number that is none\n", stderr);
        abort();
    }
    int s = a.scale > b.scale ? a.scale : b.scale;
    i128 x = a.coef * wide_pow10(s - a.scale), y = b.coef * wide_pow10(s - b.scale);
    return x < y ? -1 : x > y;
}

struct dec dec_min(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b))
        return DEC_NONE;
    return dec_cmp(b, a) < 0 ? b : a;
}

struct dec dec_max(struct dec a, struct dec b)
{
    if (!dec_is(a) || !dec_is(b))
        return DEC_NONE;
    return dec_cmp(b, a) > 0 ? b : a;
}

int dec_sign(struct dec a)
{
    return dec_is(a) ? (a.coef > 0) - (a.coef < 0) : 0;
}

bool dec_to_int(struct dec a, enum dec_round how, int64_t *out)
{
    struct dec r = dec_round(a, 0, how);
    if (!dec_is(r))
        return false;
    *out = r.coef;
    return true;
}
