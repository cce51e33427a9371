/* Two lines of text as numbers: read exactly or refused with words; what was read is written and read back the same, and
 * sums, products, quotients and roundings are those of exact integers of 128 bits. */
#include "base/dec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

__extension__ typedef __int128 wide;

enum { FUZZ_LEN_MAX = 4096, DIV_SCALE = 4 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool same(struct dec a, struct dec b)
{
    return dec_is(a) == dec_is(b) && (!dec_is(a) || (a.coef == b.coef && a.scale == b.scale));
}

/* coef × 10^n; false if it does not fit. */
static bool shifted(wide v, int n, wide *out)
{
    for (; n > 0; n--)
        if (__builtin_mul_overflow(v, (wide)10, &v))
            return false;
    *out = v;
    return true;
}

static void read_back(struct dec d)
{
    char text[DEC_TEXT_MAX], shown[DEC_TEXT_MAX + 8], plain[DEC_TEXT_MAX + 8];
    struct dec again;
    struct err e = {0};
    size_t n = 0;
    (void)dec_text(d, text);
    must(dec_parse(text, strlen(text), &again, &e) && same(d, again));
    for (const char *p = dec_show(d, shown); *p; p++)
        if (*p != ',')
            plain[n++] = *p;
    must(dec_parse(plain, n, &again, &e) && dec_eq(d, again));
}

static void check_sum(struct dec a, struct dec b)
{
    struct dec sum = dec_add(a, b);
    wide x, y, z;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    must(same(sum, dec_add(b, a)));
    must(same(dec_sub(a, b), dec_add(a, dec_neg(b))));
    if (!dec_is(sum))
        return;
    read_back(sum);
    must(shifted(a.coef, scale - a.scale, &x) && shifted(b.coef, scale - b.scale, &y));
    must(sum.scale <= scale && shifted(sum.coef, scale - sum.scale, &z) && x + y == z);
    struct dec back = dec_sub(sum, b);
    must(!dec_is(back) || dec_eq(back, a));
}

static void check_product(struct dec a, struct dec b)
{
    struct dec p = dec_mul(a, b);
    wide exact = (wide)a.coef * b.coef, x;
    must(same(p, dec_mul(b, a)));
    if (!dec_is(p))
        return;
    read_back(p);
    must(p.scale <= a.scale + b.scale && shifted(p.coef, a.scale + b.scale - p.scale, &x) && x == exact);
}

/* |q × b - a| is at most half of the last place times |b|. */
static void check_quotient(struct dec a, struct dec b)
{
    struct dec q = dec_div(a, b, DIV_SCALE, DEC_HALF_AWAY);
    wide whole, part;
    must(b.coef || !dec_is(q));
    if (!dec_is(q) || !shifted((wide)q.coef * b.coef, a.scale - b.scale - q.scale > 0 ? a.scale - b.scale - q.scale : 0, &whole) ||
        !shifted(a.coef, q.scale + b.scale - a.scale > 0 ? q.scale + b.scale - a.scale : 0, &part))
        return;
    wide off = whole > part ? whole - part : part - whole, half;
    if (a.scale > b.scale + q.scale) {
        if (!shifted(b.coef < 0 ? -(wide)b.coef : b.coef, a.scale - b.scale - q.scale, &half))
            return;
    } else {
        half = b.coef < 0 ? -(wide)b.coef : b.coef;
    }
    must(off * 2 <= half);
    read_back(q);
}

static void check_rounding(struct dec a)
{
    static const enum dec_round ways[] = {DEC_HALF_AWAY, DEC_DOWN, DEC_UP, DEC_FLOOR, DEC_CEIL};
    for (int scale = 0; scale <= 6; scale += 3) {
        struct dec low = dec_round(a, scale, DEC_FLOOR), high = dec_round(a, scale, DEC_CEIL);
        for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
            struct dec r = dec_round(a, scale, ways[i]);
            if (!dec_is(r) || !dec_is(low) || !dec_is(high))
                continue;
            must(r.scale <= scale && dec_le(low, r) && dec_le(r, high));
            read_back(r);
        }
        must(!dec_is(low) || !dec_is(high) || (dec_le(low, a) && dec_le(a, high)));
    }
    must(dec_eq(dec_trim(a), a) && dec_sign(dec_neg(a)) == -dec_sign(a) && dec_sign(dec_abs(a)) >= 0);
}

static bool number(const char *s, size_t n, struct dec *out)
{
    struct err e = {0};
    bool ok = dec_parse(s, n, out, &e);
    must(ok == (e.kind == ERR_NONE) && (ok || e.text[0]));
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[FUZZ_LEN_MAX];
    size_t n = size < sizeof text ? size : sizeof text;
    if (n)
        memcpy(text, data, n);
    const char *line = memchr(text, '\n', n);
    size_t first = line ? (size_t)(line - text) : n;
    struct dec a, b;
    if (!number(text, first, &a))
        return 0;
    must(dec_is(a));
    read_back(a);
    check_rounding(a);
    if (!line || !number(line + 1, n - first - 1, &b))
        return 0;
    must(dec_cmp(a, b) == -dec_cmp(b, a));
    check_sum(a, b);
    check_product(a, b);
    check_quotient(a, b);
    check_quotient(b, a);
    return 0;
}
