/* Text of decimals: reading, exact writing, and the one formatter for people. */
#include "base/dec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 18, EXPONENT_MAX = 99 };

struct scan {
    const char *s;
    size_t len, at;
};

static bool is_digit(const struct scan *c)
{
    return c->at < c->len && c->s[c->at] >= '0' && c->s[c->at] <= '9';
}

static bool take(struct scan *c, char ch)
{
    if (c->at >= c->len || c->s[c->at] != ch)
        return false;
    c->at++;
    return true;
}

static bool bad_number(const struct scan *c, struct err *e)
{
    return err_set(e, ERR_INPUT, "", "\"%.*s\" is not a number", (int)(c->len < 40 ? c->len : 40), c->s);
}

static bool too_long(const struct scan *c, struct err *e)
{
    return err_set(e, ERR_INPUT, "", "%.*s has more than %d digits or places", (int)(c->len < 40 ? c->len : 40), c->s,
        DIGITS_MAX);
}

static bool scan_exponent(struct scan *c, int *out)
{
    *out = 0;
    if (!take(c, 'e') && !take(c, 'E'))
        return true;
    bool neg = take(c, '-');
    if (!neg)
        (void)take(c, '+');
    if (!is_digit(c))
        return false;
    int x = 0;
    for (; is_digit(c); c->at++)
        if (x <= EXPONENT_MAX)
            x = x * 10 + (c->s[c->at] - '0');
    *out = neg ? -x : x;
    return true;
}

bool dec_parse(const char *s, size_t len, struct dec *out, struct err *e)
{
    struct scan c = {s, len, 0};
    bool neg = take(&c, '-');
    if (!neg)
        (void)take(&c, '+');
    if (!is_digit(&c) || (c.s[c.at] == '0' && c.at + 1 < len && s[c.at + 1] >= '0' && s[c.at + 1] <= '9'))
        return bad_number(&c, e);
    int64_t coef = 0;
    int scale = 0;
    bool point = false;
    for (;; c.at++) {
        if (!point && c.at + 1 < len && s[c.at] == '.' && s[c.at + 1] >= '0' && s[c.at + 1] <= '9') {
            point = true;
            continue;
        }
        if (!is_digit(&c))
            break;
        if (coef > DEC_COEF_MAX / 10 || (point && scale >= 3 * DEC_SCALE_MAX))
            return too_long(&c, e);
        coef = coef * 10 + (s[c.at] - '0');
        scale += point;
    }
    int exponent;
    if (!scan_exponent(&c, &exponent) || c.at != len)
        return bad_number(&c, e);
    scale -= exponent;
    if (coef == 0 && scale < 0)
        scale = 0;
    for (; scale < 0; scale++) {
        if (coef > DEC_COEF_MAX / 10)
            return too_long(&c, e);
        coef *= 10;
    }
    if (scale > DEC_SCALE_MAX)
        return too_long(&c, e);
    *out = DEC(neg ? -coef : coef, (int8_t)scale);
    return true;
}

struct dec dec_lit(const char *s)
{
    struct dec d;
    struct err e = {0};
    if (!dec_parse(s, strlen(s), &d, &e)) {
        fprintf(stderr, "venule: defect: %s\n", e.text);
        abort();
    }
    return d;
}

const char *dec_text(struct dec a, char out[DEC_TEXT_MAX])
{
    out[0] = '\0';
    if (!dec_is(a))
        return out;
    uint64_t left = a.coef < 0 ? 0 - (uint64_t)a.coef : (uint64_t)a.coef;
    char digits[24 + DEC_SCALE_MAX], *end = digits + sizeof digits, *p = end;
    do { /* at least one digit before the point */
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left || end - p <= a.scale);
    char *o = out;
    if (a.coef < 0)
        *o++ = '-';
    size_t whole = (size_t)(end - p) - (size_t)a.scale;
    memcpy(o, p, whole);
    o += whole;
    if (a.scale) {
        *o++ = '.';
        memcpy(o, p + whole, (size_t)a.scale);
        o += a.scale;
    }
    *o = '\0';
    return out;
}

const char *dec_show(struct dec a, char out[DEC_TEXT_MAX + 8])
{
    char plain[DEC_TEXT_MAX];
    dec_text(dec_trim(a), plain);
    const char *in = plain;
    char *o = out;
    if (*in == '-')
        *o++ = *in++;
    size_t whole = strcspn(in, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            *o++ = ',';
        *o++ = in[i];
    }
    memcpy(o, in + whole, strlen(in + whole) + 1);
    return out;
}
