/* unit: a closed subset of UCUM, and quantities that carry one.
 *
 * Any thread. Atoms are constant; a compound met for the first time is added once to a bounded table (UNITS_MAX) under
 * a lock and never changes after. The number of an entry is good for this process only: store unit_code.
 * Rule: two numbers meet only after their dimensions were compared; conversion is
 * by exact rational factors (1 [lb_av] = 0.45359237 kg exactly). [iU] of different substances never convert to mass.
 */
#ifndef BASE_UNIT_H
#define BASE_UNIT_H

#include "base/dec.h"

/* Dimensions: mass, length, time, temperature, amount of substance, international units, equivalents, counts that
 * must not mix (drops, scores, vials), and "per 1.73 m2" so that an indexed GFR never meets a plain one.
 * The exponents of a unit, plus its factor to the base unit as num/den. */
enum unit_dim {
    DIM_MASS, DIM_PER_MASS, /* a mass below the line has its own: 5 mg/kg is not 0.000005 */
    DIM_LENGTH, DIM_TIME, DIM_TEMP, DIM_MOLE, DIM_IU, DIM_EQ, DIM_OSM, DIM_DROP, DIM_SCORE, DIM_PRESSURE,
    DIM_PER_173, DIM_VIAL, DIM_TABLET, DIM_BAG, DIM_DOSE, DIM_COUNT
};
enum { UNITS_MAX = 4096, UNIT_FACTORS_MAX = 6, UNIT_TEXT_MAX = 48 };

typedef uint16_t unit_t;      /* an entry of the table; UNIT_NONE is no unit */
#define UNIT_NONE ((unit_t)0)

struct qty {
    struct dec v;
    unit_t u;
};
#define QTY_NONE ((struct qty){DEC_NONE, UNIT_NONE})
static inline bool qty_is(struct qty q) { return dec_is(q.v) && q.u != UNIT_NONE; }

/* A UCUM code or one of the accepted aliases (U = [iU], umol, ug = mcg, lb = [lb_av], hours …) to its entry;
 * UNIT_NONE if it is not in the subset. Compound codes ("ug/kg/min", "mg/m2", "mL/min/{1.73_m2}") are composed. */
unit_t unit_find(const char *code);
const char *unit_code(unit_t u);   /* canonical UCUM: "ug/kg/min", "[iU]" */
const char *unit_show(unit_t u);   /* for people: "mcg/kg/min", "units"; never "U", "IU", "ug", "cc" */
bool unit_same_dim(unit_t a, unit_t b);

/* Exact where the factor allows (trailing zeros shed when the unit changes), else 15 significant digits. ERR_INPUT naming both units if dimensions differ. */
MUST_CHECK bool qty_to(struct qty q, unit_t to, struct qty *out, struct err *e);

/* Arithmetic with dimensional analysis: the result's unit is composed (mg ÷ mL = mg/mL) and must be in the subset
 * (or become so by reduction: mg/h ÷ (ug/mL) = mL/h, but 70 g ÷ 35 kg = 2 g/kg); otherwise QTY_NONE, which goes through like DEC_NONE.
 * A difference of two temperatures is right in its unit but has no meaning as a temperature: do not convert it. */
struct qty qty_add(struct qty a, struct qty b); /* result in a's unit */
struct qty qty_sub(struct qty a, struct qty b);
struct qty qty_mul(struct qty a, struct qty b);
struct qty qty_div(struct qty a, struct qty b); /* 15 significant digits */
struct qty qty_scale(struct qty a, struct dec k);
/* -1, 0, 1 by value after conversion; ERR_INPUT if dimensions differ. */
MUST_CHECK bool qty_cmp(struct qty a, struct qty b, int *out, struct err *e);

/* "85 kg", "10 ug/kg/min", "1" → quantity. A number without a unit has unit "1". */
MUST_CHECK bool qty_parse(const char *s, struct qty *out, struct err *e);
struct qty qty_lit(const char *s);              /* constant of our own source; aborts if bad */
/* "166.7 mL/h" for people; out has QTY_TEXT_MAX bytes. */
enum { QTY_TEXT_MAX = 64 };
const char *qty_show(struct qty q, char out[QTY_TEXT_MAX]);
const char *qty_text(struct qty q, char out[QTY_TEXT_MAX]); /* exact, UCUM: "1.10 mg/mL" */

#endif
