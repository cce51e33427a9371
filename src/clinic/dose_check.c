#include "clinic/dose_check.h"

#include <gmp.h>
#include <string.h>

/* Micrograms in one of the mass unit at the front of a code: "g/kg" → 1000000. Own small table: a slip in base/unit
 * must not be repeated here. */
static int64_t micrograms(const char *code)
{
    size_t n = strcspn(code, "/");
    if (n == 1 && code[0] == 'g')
        return 1000000;
    if (n == 2 && code[0] == 'm' && code[1] == 'g')
        return 1000;
    if (n == 2 && code[0] == 'u' && code[1] == 'g')
        return 1;
    return 0;
}

static void set_dec(mpq_t out, struct dec d)
{
    mpz_set_si(mpq_numref(out), d.coef);
    mpz_ui_pow_ui(mpq_denref(out), 10, (unsigned long)d.scale);
    mpq_canonicalize(out);
}

static bool set_mass(mpq_t out, struct qty q)
{
    int64_t ug = micrograms(unit_code(q.u));
    if (!ug)
        return false;
    mpq_t k;
    mpq_init(k);
    mpq_set_si(k, ug, 1);
    set_dec(out, q.v);
    mpq_mul(out, out, k);
    mpq_clear(k);
    return true;
}

/* out = the multiple of step nearest to x by the rule; both positive. */
static void round_to(mpq_t x, mpq_t step, enum dec_round how)
{
    mpq_t n;
    mpz_t whole, rest;
    mpq_init(n);
    mpz_inits(whole, rest, NULL);
    mpq_div(n, x, step);
    mpz_fdiv_qr(whole, rest, mpq_numref(n), mpq_denref(n));
    mpz_mul_2exp(rest, rest, 1);
    bool up = how == DEC_UP ? mpz_sgn(rest) > 0 : how == DEC_HALF_AWAY ? mpz_cmp(rest, mpq_denref(n)) >= 0 : false;
    if (up)
        mpz_add_ui(whole, whole, 1);
    mpq_set_z(n, whole);
    mpq_mul(x, n, step);
    mpq_clear(n);
    mpz_clears(whole, rest, NULL);
}

/* Digits of a non-negative fraction that ends within 18 places. */
static const char *digits(struct arena *a, mpq_t x)
{
    mpz_t scaled, rest;
    mpz_inits(scaled, rest, NULL);
    const char *out = NULL;
    for (int places = 0; places <= DEC_SCALE_MAX && !out; places++) {
        mpz_ui_pow_ui(scaled, 10, (unsigned long)places);
        mpz_mul(scaled, scaled, mpq_numref(x));
        mpz_tdiv_qr(scaled, rest, scaled, mpq_denref(x));
        if (mpz_sgn(rest) != 0)
            continue;
        char text[128];
        gmp_snprintf(text, sizeof text, "%0*Zd", places + 1, scaled);
        size_t whole = strlen(text) - (size_t)places;
        out = places ? arena_printf(a, "%.*s.%s", (int)whole, text, text + whole) : arena_strdup(a, text);
    }
    mpz_clears(scaled, rest, NULL);
    return out;
}

const char *dose_check(struct arena *a, const struct dose_question *q)
{
    mpq_t dose, w, other;
    mpq_inits(dose, w, other, NULL);
    const char *out = NULL;
    bool ok = qty_is(q->flat) ? set_mass(dose, q->flat) : qty_is(q->per_kg) && qty_is(q->weight) && set_mass(dose, q->per_kg);
    if (ok && !qty_is(q->flat)) {
        set_dec(w, q->weight.v);
        mpq_mul(dose, dose, w);
    }
    if (ok && qty_is(q->cap) && set_mass(other, q->cap) && mpq_cmp(other, dose) < 0)
        mpq_set(dose, other);
    if (ok && q->rounds && qty_is(q->step) && set_mass(other, q->step))
        round_to(dose, other, q->round);
    int64_t ug = micrograms(unit_code(q->unit));
    if (ok && ug) {
        mpq_set_si(other, ug, 1);
        mpq_div(dose, dose, other);
        out = digits(a, dose);
    }
    mpq_clears(dose, w, other, NULL);
    return out;
}
