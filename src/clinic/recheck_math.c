/* Fractions, units, and bounds of roots and powers, by GMP integers alone. */
#include <string.h>

#include "clinic/recheck_inner.h"

enum {
    BITS = 192,      /* after the binary point */
    SLACK_BITS = 24, /* a bound stands this many bits of its last place apart: more than all its roundings together */
    DIMS = 6
};

void bounds_init(struct bounds *b)
{
    mpq_inits(b->lo, b->hi, NULL);
}

void bounds_clear(struct bounds *b)
{
    mpq_clears(b->lo, b->hi, NULL);
}

void frac_dec(mpq_t out, struct dec d)
{
    mpz_set_si(mpq_numref(out), d.coef);
    mpz_ui_pow_ui(mpq_denref(out), 10, (unsigned long)d.scale);
    mpq_canonicalize(out);
}

void frac_lit(mpq_t out, const char *s)
{
    bool minus = *s == '-';
    long n = 0, places = 0;
    bool after = false;
    for (s += minus; *s; s++) {
        if (*s == '.') {
            after = true;
            continue;
        }
        n = n * 10 + (*s - '0');
        places += after;
    }
    mpz_set_si(mpq_numref(out), minus ? -n : n);
    mpz_ui_pow_ui(mpq_denref(out), 10, (unsigned long)places);
    mpq_canonicalize(out);
}

/* ---- units
 * ----------------------------------------------------------------------------------------------------------- */

enum { D_MASS, D_LENGTH, D_TIME, D_UNITS, D_EQUIV, D_MOLE };

static const struct atom {
    const char *code;
    long num, den;
    int dim[DIMS];
} atoms[] = {
    {"1", 1, 1, {0}},
    {"%", 1, 100, {0}},
    {"10*3", 1000, 1, {0}},
    {"10*6", 1000000, 1, {0}},
    {"10*9", 1000000000, 1, {0}},
    {"10*12", 1000000000000, 1, {0}},
    {"kg", 1000000000, 1, {1}},
    {"g", 1000000, 1, {1}},
    {"mg", 1000, 1, {1}},
    {"ug", 1, 1, {1}},
    {"ng", 1, 1000, {1}},
    {"[lb_av]", 4535923700, 10, {1}},
    {"m", 100, 1, {0, 1}},
    {"cm", 1, 1, {0, 1}},
    {"mm", 1, 10, {0, 1}},
    {"[in_i]", 254, 100, {0, 1}},
    {"[ft_i]", 3048, 100, {0, 1}},
    {"L", 1000, 1, {0, 3}},
    {"dL", 100, 1, {0, 3}},
    {"mL", 1, 1, {0, 3}},
    {"uL", 1, 1000, {0, 3}},
    {"s", 1, 60, {0, 0, 1}},
    {"min", 1, 1, {0, 0, 1}},
    {"h", 60, 1, {0, 0, 1}},
    {"d", 1440, 1, {0, 0, 1}},
    {"[iU]", 1, 1, {0, 0, 0, 1}},
    {"m[iU]", 1, 1000, {0, 0, 0, 1}},
    {"k[iU]", 1000, 1, {0, 0, 0, 1}},
    {"M[iU]", 1000000, 1, {0, 0, 0, 1}},
    {"eq", 1000, 1, {0, 0, 0, 0, 1}},
    {"meq", 1, 1, {0, 0, 0, 0, 1}},
    {"mol", 1000000, 1, {0, 0, 0, 0, 0, 1}},
    {"mmol", 1000, 1, {0, 0, 0, 0, 0, 1}},
    {"umol", 1, 1, {0, 0, 0, 0, 0, 1}},
};

static const struct atom *atom_of(const char *s, size_t n, int *power)
{
    *power = 1;
    for (int digits = 0; digits < 2; digits++) {
        for (size_t i = 0; i < sizeof atoms / sizeof *atoms; i++)
            if (strlen(atoms[i].code) == n && memcmp(atoms[i].code, s, n) == 0)
                return &atoms[i];
        if (n < 2 || s[n - 1] < '2' || s[n - 1] > '4')
            return NULL;
        *power = s[--n] - '0'; /* m2 */
    }
    return NULL;
}

/* A code of at most `n` characters as factor and dimensions. */
static bool unit_read(const char *code, size_t n, mpq_t factor, int dim[DIMS])
{
    mpq_t f;
    int side = 1;
    mpq_init(f);
    mpq_set_si(factor, 1, 1);
    memset(dim, 0, DIMS * sizeof *dim);
    for (size_t at = 0; at <= n;) {
        size_t len = 0;
        while (at + len < n && code[at + len] != '/' && code[at + len] != '.')
            len++;
        int power = 1;
        const struct atom *a = len ? atom_of(code + at, len, &power) : &atoms[0];
        if (!a) {
            mpq_clear(f);
            return false;
        }
        mpq_set_si(f, a->num, (unsigned long)a->den);
        mpq_canonicalize(f);
        for (int k = 0; k < power; k++)
            side > 0 ? mpq_mul(factor, factor, f) : mpq_div(factor, factor, f);
        for (int d = 0; d < DIMS; d++)
            dim[d] += side * power * a->dim[d];
        at += len;
        if (at < n && code[at] == '/')
            side = -1;
        at++;
    }
    mpq_clear(f);
    return true;
}

static bool convert(mpq_t out, struct dec v, const char *from, size_t n, const char *to)
{
    mpq_t a, b;
    int da[DIMS], db[DIMS];
    frac_dec(out, v);
    if (strlen(to) == n && memcmp(from, to, n) == 0)
        return true;
    mpq_inits(a, b, NULL);
    bool ok = unit_read(from, n, a, da) && unit_read(to, strlen(to), b, db) && memcmp(da, db, sizeof da) == 0;
    if (ok) {
        mpq_mul(out, out, a);
        mpq_div(out, out, b);
    }
    mpq_clears(a, b, NULL);
    return ok;
}

bool frac_qty(mpq_t out, struct qty q, const char *unit)
{
    const char *code = qty_is(q) ? unit_code(q.u) : "";
    return *code && convert(out, q.v, code, strlen(code), unit);
}

bool frac_amount(mpq_t out, struct qty q, const char *per, const char *unit)
{
    const char *code = qty_is(q) ? unit_code(q.u) : "";
    size_t n = strcspn(code, "/");
    return *code && strcmp(code + n, per) == 0 && convert(out, q.v, code, n, unit);
}

/* ---- roots and powers
 * --------------------------------------------------------------------------------------------------- */

/* v ÷ 2^BITS, less and more by the slack. */
static void spread(struct bounds *out, const mpz_t v, unsigned slack)
{
    mpz_t d;
    mpz_init_set_ui(d, 1);
    mpz_mul_2exp(d, d, slack);
    mpz_sub(mpq_numref(out->lo), v, d);
    mpz_add(mpq_numref(out->hi), v, d);
    mpz_set_ui(mpq_denref(out->lo), 1);
    mpz_mul_2exp(mpq_denref(out->lo), mpq_denref(out->lo), BITS);
    mpz_set(mpq_denref(out->hi), mpq_denref(out->lo));
    mpq_canonicalize(out->lo);
    mpq_canonicalize(out->hi);
    mpz_clear(d);
}

void bounds_sqrt(struct bounds *out, const mpq_t x)
{
    mpz_t n, d;
    mpz_inits(n, d, NULL);
    if (mpz_perfect_square_p(mpq_numref(x)) && mpz_perfect_square_p(mpq_denref(x))) {
        mpz_sqrt(mpq_numref(out->lo), mpq_numref(x));
        mpz_sqrt(mpq_denref(out->lo), mpq_denref(x));
        mpq_set(out->hi, out->lo);
    } else { /* ⌊√(n·d·4^BITS)⌋ ÷ d is √(n ÷ d) to 2^-BITS ÷ d */
        mpz_mul(n, mpq_numref(x), mpq_denref(x));
        mpz_mul_2exp(n, n, 2 * BITS);
        mpz_sqrt(n, n);
        mpz_mul_2exp(d, mpq_denref(x), BITS);
        mpq_set_num(out->lo, n);
        mpq_set_den(out->lo, d);
        mpz_add_ui(n, n, 1);
        mpq_set_num(out->hi, n);
        mpq_set_den(out->hi, d);
        mpq_canonicalize(out->lo);
        mpq_canonicalize(out->hi);
    }
    mpz_clears(n, d, NULL);
}

/* 2 atanh(n ÷ d) in BITS after the point; |n ÷ d| ≤ 1/3. */
static void twice_atanh(mpz_t out, const mpz_t n, const mpz_t d)
{
    mpz_t z, square, term, part;
    mpz_inits(z, square, term, part, NULL);
    mpz_mul_2exp(z, n, BITS);
    mpz_tdiv_q(z, z, d);
    mpz_mul(square, z, z);
    mpz_tdiv_q_2exp(square, square, BITS);
    mpz_set(term, z);
    mpz_set(out, z);
    for (unsigned long k = 3; mpz_sgn(term) != 0 && k < 400; k += 2) {
        mpz_mul(term, term, square);
        mpz_tdiv_q_2exp(term, term, BITS);
        mpz_tdiv_q_ui(part, term, k);
        mpz_add(out, out, part);
    }
    mpz_mul_2exp(out, out, 1);
    mpz_clears(z, square, term, part, NULL);
}

static void ln_2(mpz_t out)
{
    mpz_t one, three;
    mpz_init_set_ui(one, 1);
    mpz_init_set_ui(three, 3);
    twice_atanh(out, one, three); /* ln 2 = 2 atanh(1/3) */
    mpz_clears(one, three, NULL);
}

/* ln x = k ln 2 + 2 atanh((m − 1) ÷ (m + 1)), x = m × 2^k with m from 2/3 to 4/3. */
static void ln_of(mpz_t out, const mpq_t x)
{
    mpz_t n, d, above, below, two;
    mpz_inits(n, d, above, below, two, NULL);
    mpz_set(n, mpq_numref(x));
    mpz_set(d, mpq_denref(x));
    long k = (long)mpz_sizeinbase(n, 2) - (long)mpz_sizeinbase(d, 2);
    k >= 0 ? mpz_mul_2exp(d, d, (unsigned long)k) : mpz_mul_2exp(n, n, (unsigned long)-k);
    mpz_mul_ui(above, n, 3); /* m > 4/3: 3n > 4d */
    mpz_mul_ui(below, d, 4);
    if (mpz_cmp(above, below) > 0) {
        mpz_mul_2exp(d, d, 1);
        k++;
    }
    mpz_mul_ui(below, d, 2); /* m < 2/3: 3n < 2d */
    if (mpz_cmp(above, below) < 0) {
        mpz_mul_2exp(n, n, 1);
        k--;
    }
    mpz_sub(above, n, d);
    mpz_add(below, n, d);
    twice_atanh(out, above, below);
    ln_2(two);
    mpz_mul_si(two, two, k);
    mpz_add(out, out, two);
    mpz_clears(n, d, above, below, two, NULL);
}

/* e^y: y = n ln 2 + r, then the series of e^r; shifted by n. */
static void exp_of(struct bounds *out, const mpz_t y)
{
    mpz_t two, n, r, term, sum;
    mpz_inits(two, n, r, term, sum, NULL);
    ln_2(two);
    mpz_fdiv_qr(n, r, y, two);
    mpz_set_ui(term, 1);
    mpz_mul_2exp(term, term, BITS);
    mpz_set(sum, term);
    for (unsigned long k = 1; mpz_sgn(term) != 0 && k < 200; k++) {
        mpz_mul(term, term, r);
        mpz_tdiv_q_2exp(term, term, BITS);
        mpz_tdiv_q_ui(term, term, k);
        mpz_add(sum, sum, term);
    }
    spread(out, sum, SLACK_BITS);
    long shift = mpz_get_si(n);
    if (shift >= 0) {
        mpq_mul_2exp(out->lo, out->lo, (unsigned long)shift);
        mpq_mul_2exp(out->hi, out->hi, (unsigned long)shift);
    } else {
        mpq_div_2exp(out->lo, out->lo, (unsigned long)-shift);
        mpq_div_2exp(out->hi, out->hi, (unsigned long)-shift);
    }
    mpz_clears(two, n, r, term, sum, NULL);
}

/* v × q, both in BITS after the point or plain. */
static void scale_by(mpz_t v, const mpq_t q)
{
    mpz_mul(v, v, mpq_numref(q));
    mpz_tdiv_q(v, v, mpq_denref(q));
}

void bounds_pow(struct bounds *out, const mpq_t x, const char *exponent)
{
    mpz_t l;
    mpq_t power;
    mpz_init(l);
    mpq_init(power);
    frac_lit(power, exponent);
    ln_of(l, x);
    scale_by(l, power);
    exp_of(out, l);
    mpz_clear(l);
    mpq_clear(power);
}

void bounds_boyd(struct bounds *out, const mpq_t grams)
{
    mpz_t l, ten, power;
    mpq_t k;
    mpz_inits(l, ten, power, NULL);
    mpq_init(k);
    ln_of(l, grams);
    mpq_set_si(k, 10, 1);
    ln_of(ten, k);
    mpz_mul_2exp(power, l, BITS); /* log10 g */
    mpz_tdiv_q(power, power, ten);
    frac_lit(k, "0.0188");
    scale_by(power, k);
    mpz_set_ui(ten, 7285);
    mpz_mul_2exp(ten, ten, BITS);
    mpz_tdiv_q_ui(ten, ten, 10000);
    mpz_sub(power, ten, power);
    mpz_mul(l, l, power);
    mpz_tdiv_q_2exp(l, l, BITS);
    exp_of(out, l);
    mpz_clears(l, ten, power, NULL);
    mpq_clear(k);
}
