/* dec: an exact decimal number: coef × 10^-scale. Every dose, rate, volume and amount of money is one.
 *
 * Any thread; no state. Rule: the scale is part of the value: 1.10 stays 1.10 in storage, and only dec_show drops
 * the trailing zero. A result that does not fit (or divides by zero) is DEC_NONE, and DEC_NONE goes through every
 * operation, so a formula is written straight and asked once at its end with dec_is.
 * Roots, powers and logarithms are in dec_math.h.
 */
#ifndef BASE_DEC_H
#define BASE_DEC_H

#include "base/err.h"

struct arena;
struct buf;

enum { DEC_SCALE_MAX = 18, DEC_TEXT_MAX = 24 };

/* Results keep at most 18 digits, so that the text of every result can be read back. */
#define DEC_COEF_MAX INT64_C(999999999999999999)

struct dec {
    int64_t coef;
    int8_t scale; /* 0 … DEC_SCALE_MAX; anything else: no number */
};

#define DEC_NONE ((struct dec){0, INT8_MIN})
#define DEC(coef, scale) ((struct dec){(coef), (scale)})

enum dec_round {
    DEC_HALF_AWAY, /* 0.5 → 1, -0.5 → -1: our rule for doses, stated on the proof */
    DEC_DOWN,      /* toward zero */
    DEC_UP,        /* away from zero */
    DEC_FLOOR,
    DEC_CEIL
};

static inline bool dec_is(struct dec d) { return d.scale >= 0 && d.scale <= DEC_SCALE_MAX; }
static inline struct dec dec_int(int64_t n) { return (struct dec){n, 0}; }

struct dec dec_add(struct dec a, struct dec b);  /* exact, scale = larger of the two */
struct dec dec_sub(struct dec a, struct dec b);
struct dec dec_mul(struct dec a, struct dec b);  /* exact, scales add; zeros are shed from the end only to fit */
struct dec dec_div(struct dec a, struct dec b, int scale, enum dec_round how); /* rounded to `scale` places */
/* 15 significant digits (or 18 places, whichever is coarser), half away, trailing zeros shed. */
struct dec dec_quot(struct dec a, struct dec b);
/* Product and sum for formulas whose steps are already rounded: 15 significant digits as dec_quot, so that digits that
 * mean nothing never make a result too long. The sum stays exact where it fits. */
struct dec dec_prod(struct dec a, struct dec b);
struct dec dec_sum(struct dec a, struct dec b);
/* a × num ÷ den, exact and trimmed where the decimal ends within 18 digits, else as dec_quot. den > 0. */
struct dec dec_mul_ratio(struct dec a, int64_t num, int64_t den);
struct dec dec_neg(struct dec a);
struct dec dec_abs(struct dec a);
struct dec dec_round(struct dec a, int scale, enum dec_round how); /* to `scale` places, padded if shorter and it fits */
struct dec dec_round_to(struct dec a, struct dec step, enum dec_round how); /* nearest multiple of step > 0 */
struct dec dec_trim(struct dec a);               /* trailing zeros shed: 1.10 → 1.1, 0.00 → 0 */
struct dec dec_min(struct dec a, struct dec b);
struct dec dec_max(struct dec a, struct dec b);

/* Comparison by value (1.10 equals 1.1). Comparing DEC_NONE is a defect and aborts: ask dec_is first. */
int dec_cmp(struct dec a, struct dec b);
static inline bool dec_eq(struct dec a, struct dec b) { return dec_cmp(a, b) == 0; }
static inline bool dec_lt(struct dec a, struct dec b) { return dec_cmp(a, b) < 0; }
static inline bool dec_le(struct dec a, struct dec b) { return dec_cmp(a, b) <= 0; }
int dec_sign(struct dec a); /* -1, 0, 1 */

/* Whole number after rounding; false if it does not fit. */
MUST_CHECK bool dec_to_int(struct dec a, enum dec_round how, int64_t *out);

/* Text of `len` bytes to dec: optional sign, digits, point, optional exponent (JSON's grammar; a leading zero is
 * wanted, "01", ".5" and "5." are not). More than 18 digits or places is an error, never a changed number. */
MUST_CHECK bool dec_parse(const char *s, size_t len, struct dec *out, struct err *e);
/* The same for a constant in our own source; aborts if it is not a number. */
struct dec dec_lit(const char *s);

/* Exact text with its scale ("1.10"), for storage and the wire. out has DEC_TEXT_MAX bytes; "" for no number. */
const char *dec_text(struct dec a, char out[DEC_TEXT_MAX]);
/* For people: no trailing zero, leading zero, comma from 1,000 ("1,250.5", "0.4"). The one formatter. */
const char *dec_show(struct dec a, char out[DEC_TEXT_MAX + 8]);

#endif
