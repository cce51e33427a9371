/* Two lines of text as quantities: read or refused with words; what was read is written and read back the same; a
 * conversion there and back returns, sums commute, and no operation makes a number of unlike dimensions. */
#include "base/unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_LEN_MAX = 512 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

static bool same(struct qty a, struct qty b)
{
    return a.u == b.u && dec_is(a.v) == dec_is(b.v) && (!dec_is(a.v) || dec_eq(a.v, b.v));
}

static void code_stands(unit_t u)
{
    must(unit_find(unit_code(u)) == u && unit_same_dim(u, u) && unit_show(u)); /* the plain number shows no unit */
}

static void read_back(struct qty q)
{
    char text[QTY_TEXT_MAX], shown[QTY_TEXT_MAX];
    struct qty again;
    struct err e = {0};
    if (!qty_is(q))
        return;
    code_stands(q.u);
    must(qty_parse(qty_text(q, text), &again, &e) && same(q, again) && q.v.scale == again.v.scale);
    must(qty_show(q, shown)[0]);
}

/* Of one dimension: there and back it is the same to 14 digits. */
static void convert(struct qty a, unit_t to)
{
    struct qty there, back;
    struct err e = {0};
    if (!qty_to(a, to, &there, &e)) {
        must(e.kind != ERR_NONE && e.text[0]);
        return;
    }
    must(unit_same_dim(a.u, to) && there.u == to);
    read_back(there);
    e = (struct err){0};
    if (!qty_to(there, a.u, &back, &e) || dec_sign(a.v) == 0 || dec_sign(there.v) == 0)
        return;
    /* temperatures have another zero: what is next to nothing in one is not in the other */
    struct dec off = dec_abs(dec_sub(dec_trim(back.v), dec_trim(a.v))), size = dec_max(dec_abs(a.v), dec_abs(there.v));
    struct dec share = dec_quot(off, size);
    must(!dec_is(share) || dec_le(share, DEC(1, 9)) || there.v.scale >= DEC_SCALE_MAX - 2 || back.v.scale >= DEC_SCALE_MAX - 2);
}

static void both(struct qty a, struct qty b)
{
    struct qty sum = qty_add(a, b), other = qty_add(b, a);
    struct err e = {0};
    int order, reverse;
    bool like = unit_same_dim(a.u, b.u);
    must(like == unit_same_dim(b.u, a.u));
    must(like || (!qty_is(sum) && !qty_is(other)));
    read_back(sum);
    read_back(qty_sub(a, b));
    read_back(qty_mul(a, b));
    read_back(qty_div(a, b));
    bool ordered = qty_cmp(a, b, &order, &e);
    must(!ordered || like);
    e = (struct err){0};
    if (ordered && a.u == b.u)
        must(qty_cmp(b, a, &reverse, &e) && order == -reverse);
    convert(a, b.u);
    convert(b, a.u);
}

static bool quantity(const char *s, struct qty *out)
{
    struct err e = {0};
    unit_t u = unit_find(s);
    if (u != UNIT_NONE)
        code_stands(u);
    bool ok = qty_parse(s, out, &e);
    must(ok == (e.kind == ERR_NONE) && (ok ? qty_is(*out) : e.text[0] != 0));
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[FUZZ_LEN_MAX + 1];
    size_t n = size < FUZZ_LEN_MAX ? size : FUZZ_LEN_MAX;
    if (n)
        memcpy(text, data, n);
    text[n] = 0;
    char *second = strchr(text, '\n');
    if (second)
        *second++ = 0;
    struct qty a, b;
    if (!quantity(text, &a))
        return 0;
    read_back(a);
    if (second && quantity(second, &b))
        both(a, b);
    return 0;
}
