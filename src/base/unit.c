#include "base/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dec_wide.h"

/* One indivisible code. factor = num/den of the base unit of its dimensions (g, cm, s, K, mol, …, mm[Hg]). */
struct atom {
    const char *code, *show;
    int64_t num, den;
    int8_t mass, length, time; /* exponents; every other dimension comes alone: */
    int8_t other;              /* 0 or a unit_dim past DIM_TIME, with exponent 1 */
    int8_t rank;               /* order inside a compound: ug/kg/min, mg.min/mL */
};

#define PLAIN(code, show, num, den, m, l, t, rank) {code, show, INT64_C(num), INT64_C(den), m, l, t, 0, rank}
#define OTHER(code, show, num, den, dim, rank) {code, show, INT64_C(num), INT64_C(den), 0, 0, 0, dim, rank}

/* The pound, ounce and inch are the exact international ones; a (year) is UCUM's 365.25 d. */
static const struct atom atoms[] = {
    PLAIN("1", "", 1, 1, 0, 0, 0, 0),
    PLAIN("%", "%", 1, 100, 0, 0, 0, 0),
    PLAIN("10*3", "×10³", 1000, 1, 0, 0, 0, 0),
    PLAIN("10*6", "×10⁶", 1000000, 1, 0, 0, 0, 0),
    PLAIN("10*9", "×10⁹", 1000000000, 1, 0, 0, 0, 0),
    PLAIN("10*12", "×10¹²", 1000000000000, 1, 0, 0, 0, 0),
    PLAIN("kg", "kg", 1000, 1, 1, 0, 0, 1),
    PLAIN("g", "g", 1, 1, 1, 0, 0, 1),
    PLAIN("mg", "mg", 1, 1000, 1, 0, 0, 1),
    PLAIN("ug", "mcg", 1, 1000000, 1, 0, 0, 1),
    PLAIN("ng", "ng", 1, 1000000000, 1, 0, 0, 1),
    PLAIN("pg", "pg", 1, 1000000000000, 1, 0, 0, 1),
    PLAIN("[lb_av]", "lb", 45359237, 100000, 1, 0, 0, 1),
    PLAIN("[oz_av]", "oz", 45359237, 1600000, 1, 0, 0, 1),
    PLAIN("kcal", "kcal", 41840000000, 1, 1, 2, -2, 1),
    PLAIN("kJ", "kJ", 10000000000, 1, 1, 2, -2, 1),
    PLAIN("m", "m", 100, 1, 0, 1, 0, 3),
    PLAIN("cm", "cm", 1, 1, 0, 1, 0, 3),
    PLAIN("mm", "mm", 1, 10, 0, 1, 0, 3),
    PLAIN("um", "µm", 1, 10000, 0, 1, 0, 3),
    PLAIN("[in_i]", "in", 254, 100, 0, 1, 0, 3),
    PLAIN("[ft_i]", "ft", 3048, 100, 0, 1, 0, 3),
    PLAIN("L", "L", 1000, 1, 0, 3, 0, 2),
    PLAIN("dL", "dL", 100, 1, 0, 3, 0, 2),
    PLAIN("mL", "mL", 1, 1, 0, 3, 0, 2),
    PLAIN("uL", "µL", 1, 1000, 0, 3, 0, 2),
    PLAIN("fL", "fL", 1, 1000000000000, 0, 3, 0, 2),
    PLAIN("ms", "ms", 1, 1000, 0, 0, 1, 5),
    PLAIN("s", "s", 1, 1, 0, 0, 1, 5),
    PLAIN("min", "min", 60, 1, 0, 0, 1, 5),
    PLAIN("h", "h", 3600, 1, 0, 0, 1, 5),
    PLAIN("d", "day", 86400, 1, 0, 0, 1, 5),
    PLAIN("wk", "week", 604800, 1, 0, 0, 1, 5),
    PLAIN("mo", "month", 2629800, 1, 0, 0, 1, 5),
    PLAIN("a", "years", 31557600, 1, 0, 0, 1, 5),
    OTHER("Cel", "°C", 1, 1, DIM_TEMP, 4),
    OTHER("[degF]", "°F", 5, 9, DIM_TEMP, 4),
    OTHER("K", "K", 1, 1, DIM_TEMP, 4),
    OTHER("mol", "mol", 1, 1, DIM_MOLE, 1),
    OTHER("mmol", "mmol", 1, 1000, DIM_MOLE, 1),
    OTHER("umol", "µmol", 1, 1000000, DIM_MOLE, 1),
    OTHER("nmol", "nmol", 1, 1000000000, DIM_MOLE, 1),
    OTHER("pmol", "pmol", 1, 1000000000000, DIM_MOLE, 1),
    OTHER("[iU]", "units", 1, 1, DIM_IU, 1),
    OTHER("m[iU]", "milliunits", 1, 1000, DIM_IU, 1),
    OTHER("k[iU]", "thousand units", 1000, 1, DIM_IU, 1),
    OTHER("M[iU]", "million units", 1000000, 1, DIM_IU, 1),
    OTHER("eq", "Eq", 1, 1, DIM_EQ, 1),
    OTHER("meq", "mEq", 1, 1000, DIM_EQ, 1),
    OTHER("osm", "Osm", 1, 1, DIM_OSM, 1),
    OTHER("mosm", "mOsm", 1, 1000, DIM_OSM, 1),
    OTHER("mm[Hg]", "mmHg", 1, 1, DIM_PRESSURE, 1),
    OTHER("kPa", "kPa", 500000, 66661, DIM_PRESSURE, 1), /* UCUM: 1 mm[Hg] = 133.322 Pa */
    OTHER("cm[H2O]", "cmH2O", 4903325, 6666100, DIM_PRESSURE, 1), /* 98.0665 Pa */
    OTHER("{gtt}", "drops", 1, 1, DIM_DROP, 1),
    OTHER("{score}", "points", 1, 1, DIM_SCORE, 1),
    OTHER("{1.73_m2}", "1.73 m²", 1, 1, DIM_PER_173, 6),
    OTHER("{vial}", "vials", 1, 1, DIM_VIAL, 1),
    OTHER("{tablet}", "tablets", 1, 1, DIM_TABLET, 1),
    OTHER("{bag}", "bags", 1, 1, DIM_BAG, 1),
    OTHER("{dose}", "dose", 1, 1, DIM_DOSE, 1),
};
enum { ATOMS = sizeof atoms / sizeof *atoms, ATOM_ONE = 0, EXPONENT_MAX = 4, HASH_SIZE = 2048 };

/* What other people write for the same atom. "U" is read, never written. */
static const struct alias {
    const char *from, *to;
} aliases[] = {
    {"U", "[iU]"}, {"IU", "[iU]"}, {"iU", "[iU]"}, {"[IU]", "[iU]"}, {"unit", "[iU]"}, {"units", "[iU]"},
    {"mU", "m[iU]"}, {"kU", "k[iU]"}, {"mcg", "ug"}, {"µg", "ug"}, {"μg", "ug"}, {"gm", "g"}, {"lb", "[lb_av]"},
    {"lbs", "[lb_av]"}, {"oz", "[oz_av]"}, {"in", "[in_i]"}, {"ft", "[ft_i]"}, {"l", "L"}, {"dl", "dL"},
    {"ml", "mL"}, {"cc", "mL"}, {"ul", "uL"}, {"µL", "uL"}, {"μL", "uL"}, {"µmol", "umol"}, {"μmol", "umol"},
    {"sec", "s"}, {"hr", "h"}, {"hour", "h"}, {"hours", "h"}, {"minutes", "min"}, {"minute", "min"}, {"day", "d"},
    {"days", "d"}, {"week", "wk"}, {"weeks", "wk"}, {"month", "mo"}, {"months", "mo"}, {"year", "a"},
    {"years", "a"}, {"yr", "a"}, {"C", "Cel"}, {"°C", "Cel"}, {"degC", "Cel"}, {"F", "[degF]"}, {"°F", "[degF]"},
    {"degF", "[degF]"}, {"mEq", "meq"}, {"Eq", "eq"}, {"mOsm", "mosm"}, {"Osm", "osm"}, {"mmHg", "mm[Hg]"},
    {"cmH2O", "cm[H2O]"}, {"gtt", "{gtt}"}, {"drops", "{gtt}"}, {"points", "{score}"}, {"vials", "{vial}"},
    {"10^3", "10*3"}, {"10^6", "10*6"}, {"10^9", "10*9"}, {"10^12", "10*12"},
    {"{beats}", "1"}, {"{breaths}", "1"}, {"beats", "1"}, {"breaths", "1"},
};

struct factor {
    uint8_t atom;
    int8_t exp;
};

struct unit {
    struct factor f[UNIT_FACTORS_MAX]; /* by rank, then atom; a lone "1" has none */
    int nf;
    int8_t dim[DIM_COUNT];
    int64_t num, den;
    char code[UNIT_TEXT_MAX], show[UNIT_TEXT_MAX];
    uint16_t next; /* in its hash chain */
};

/* Entries never change once published through `heads`; `lock` is held only while one is added. */
static struct unit table[UNITS_MAX];
static unsigned table_count = 1; /* entry 0 is UNIT_NONE; guarded by lock */
static _Atomic uint16_t heads[HASH_SIZE];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The compounds of everyday are entered first, so that no stream of odd codes from outside can crowd them out. */
static const char *const everyday[] = {
    "1", "%", "kg", "g", "mg", "ug", "ng", "pg", "m2", "cm2", "mL", "L", "cm", "m", "s", "min", "h", "d", "wk", "mo", "a",
    "Cel", "[degF]", "/min", "/h", "mm[Hg]", "{score}", "{gtt}", "{vial}", "{tablet}", "{bag}", "{dose}", "[iU]", "meq",
    "mmol", "mosm", "kg/m2", "mg/m2", "mg/kg", "ug/kg", "g/kg", "[iU]/kg", "[iU]/m2", "meq/kg", "mmol/kg", "mg/mL",
    "ug/mL", "ng/mL", "g/mL", "g/L", "g/dL", "mg/dL", "mg/L", "ug/L", "ng/L", "[iU]/mL", "[iU]/L", "m[iU]/L", "meq/L",
    "mmol/L", "umol/L", "nmol/L", "pmol/L", "mosm/L", "meq/mL", "mL/h", "mL/min", "mL/kg/h", "mL/kg", "L/min", "L/h",
    "mL/min/{1.73_m2}", "mg/h", "mg/min", "ug/h", "ug/min", "g/h", "[iU]/h", "[iU]/kg/h", "meq/h", "mmol/h",
    "ug/kg/min", "mg/kg/min", "mg/kg/h", "ug/kg/h", "ng/kg/min", "mg/kg/d", "mg/m2/d", "g/d", "mg/d", "mg.min/mL",
    "mg.h/L", "10*9/L", "10*3/uL", "10*6/uL", "10*12/L", "/uL", "/L", "{gtt}/min", "{gtt}/mL", "kcal", "kcal/d",
    "kcal/kg/d", "g/kg/d", "mm/h", "ms", "L/kg", "mL/min/m2", "mg/{vial}", "mL/{vial}", "mg/{tablet}",
};

static unsigned hash_of(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h % HASH_SIZE;
}

static unit_t chain_find(const char *code, unsigned h)
{
    for (unit_t u = atomic_load_explicit(&heads[h], memory_order_acquire); u; u = table[u].next)
        if (strcmp(table[u].code, code) == 0)
            return u;
    return UNIT_NONE;
}

/* num/den × p/q, reduced; false when it leaves int64. */
static bool ratio_mul(int64_t *num, int64_t *den, int64_t p, int64_t q)
{
    i128 n = (i128)*num * p, d = (i128)*den * q, g = wide_gcd(n, d);
    n /= g;
    d /= g;
    if (n > INT64_MAX || d > INT64_MAX)
        return false;
    *num = (int64_t)n;
    *den = (int64_t)d;
    return true;
}

static const char *const raised[] = {"", "", "²", "³", "⁴"};

static bool append(char out[UNIT_TEXT_MAX], const char *s)
{
    size_t at = strlen(out), n = strlen(s);
    if (at + n >= UNIT_TEXT_MAX)
        return false;
    memcpy(out + at, s, n + 1);
    return true;
}

/* Canonical code and text for people from the factors: numerators by ".", then "/x" each. */
static bool write_codes(struct unit *u)
{
    u->code[0] = u->show[0] = '\0';
    for (int pass = 1; pass >= -1; pass -= 2) {
        bool first = true;
        for (int i = 0; i < u->nf; i++) {
            int e = u->f[i].exp * pass;
            if (e <= 0)
                continue;
            const struct atom *a = &atoms[u->f[i].atom];
            const char *sep = pass < 0 ? "/" : first ? "" : NULL;
            char power[2] = {e > 1 ? (char)('0' + e) : '\0', '\0'};
            if (!append(u->code, sep ? sep : ".") || !append(u->code, a->code) || !append(u->code, power) ||
                !append(u->show, sep ? sep : "·") || !append(u->show, a->show) || !append(u->show, raised[e]))
                return false;
            first = false;
        }
    }
    if (u->nf == 0)
        strcpy(u->code, "1");
    return true;
}

static bool fill_factor(struct unit *u)
{
    memset(u->dim, 0, sizeof u->dim);
    u->num = u->den = 1;
    for (int i = 0; i < u->nf; i++) {
        const struct atom *a = &atoms[u->f[i].atom];
        int e = u->f[i].exp;
        if (e > EXPONENT_MAX || e < -EXPONENT_MAX)
            return false;
        int mass = e < 0 ? DIM_PER_MASS : DIM_MASS;
        u->dim[mass] = (int8_t)(u->dim[mass] + a->mass * e);
        u->dim[DIM_LENGTH] = (int8_t)(u->dim[DIM_LENGTH] + a->length * e);
        u->dim[DIM_TIME] = (int8_t)(u->dim[DIM_TIME] + a->time * e);
        if (a->other)
            u->dim[a->other] = (int8_t)(u->dim[a->other] + e);
        for (int k = 0; k < (e < 0 ? -e : e); k++)
            if (!ratio_mul(&u->num, &u->den, e < 0 ? a->den : a->num, e < 0 ? a->num : a->den))
                return false;
    }
    return true;
}

/* The entry with these factors, added if it is new. */
static unit_t intern(struct unit *u)
{
    if (!fill_factor(u) || !write_codes(u))
        return UNIT_NONE;
    unsigned h = hash_of(u->code);
    unit_t found = chain_find(u->code, h);
    if (found)
        return found;
    pthread_mutex_lock(&lock);
    found = chain_find(u->code, h);
    if (!found && table_count < UNITS_MAX) {
        found = (unit_t)table_count++;
        table[found] = *u;
        table[found].next = atomic_load_explicit(&heads[h], memory_order_relaxed);
        atomic_store_explicit(&heads[h], found, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* Add atom^exp to the factors, kept in order; false when there are too many. */
static bool add_factor(struct unit *u, int atom, int exp)
{
    if (atom == ATOM_ONE)
        return true;
    int i = 0;
    while (i < u->nf && u->f[i].atom != atom)
        i++;
    if (i < u->nf) {
        u->f[i].exp = (int8_t)(u->f[i].exp + exp);
        if (u->f[i].exp == 0) {
            memmove(&u->f[i], &u->f[i + 1], (size_t)(u->nf - i - 1) * sizeof *u->f);
            u->nf--;
        }
        return true;
    }
    if (u->nf == UNIT_FACTORS_MAX)
        return false;
    for (i = u->nf; i > 0; i--) {
        int before = u->f[i - 1].atom;
        if (atoms[before].rank < atoms[atom].rank || (atoms[before].rank == atoms[atom].rank && before < atom))
            break;
        u->f[i] = u->f[i - 1];
    }
    u->f[i] = (struct factor){(uint8_t)atom, (int8_t)exp};
    u->nf++;
    return true;
}

static int atom_find(const char *s, size_t n)
{
    for (int i = 0; i < ATOMS; i++)
        if (strlen(atoms[i].code) == n && memcmp(atoms[i].code, s, n) == 0)
            return i;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strlen(aliases[i].from) == n && memcmp(aliases[i].from, s, n) == 0)
            return atom_find(aliases[i].to, strlen(aliases[i].to));
    return -1;
}

/* Length of the term at s: to the next "." or "/" outside braces and brackets. */
static size_t term_length(const char *s)
{
    int deep = 0;
    size_t n = 0;
    for (; s[n]; n++) {
        deep += (s[n] == '{' || s[n] == '[') - (s[n] == '}' || s[n] == ']');
        if (deep == 0 && (s[n] == '.' || s[n] == '/'))
            break;
    }
    return n;
}

static unit_t parse_code(const char *code)
{
    if (!code || !*code || strlen(code) >= UNIT_TEXT_MAX)
        return UNIT_NONE;
    unit_t known = chain_find(code, hash_of(code));
    if (known)
        return known;
    struct unit u = {.nf = 0};
    int sign = 1;
    const char *s = code;
    if (*s == '/') {
        sign = -1;
        s++;
    }
    for (;;) {
        size_t n = term_length(s);
        int exp = 1, atom = n ? atom_find(s, n) : -1;
        if (atom < 0 && n > 1 && s[n - 1] >= '2' && s[n - 1] <= '0' + EXPONENT_MAX) {
            exp = s[n - 1] - '0';
            atom = atom_find(s, n - 1);
        }
        if (atom < 0 || !add_factor(&u, atom, sign * exp))
            return UNIT_NONE;
        s += n;
        if (!*s)
            return intern(&u);
        sign = *s == '/' ? -1 : 1;
        s++;
    }
}

static void enter_everyday(void)
{
    for (size_t i = 0; i < sizeof everyday / sizeof *everyday; i++)
        if (parse_code(everyday[i]) == UNIT_NONE)
            abort();
}

unit_t unit_find(const char *code)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, enter_everyday);
    return parse_code(code);
}

const char *unit_code(unit_t u)
{
    return u < UNITS_MAX ? table[u].code : "";
}

const char *unit_show(unit_t u)
{
    return u < UNITS_MAX ? table[u].show : "";
}

bool unit_same_dim(unit_t a, unit_t b)
{
    return a && b && a < UNITS_MAX && b < UNITS_MAX && memcmp(table[a].dim, table[b].dim, sizeof table[a].dim) == 0;
}

/* Degrees are the one unit with an offset. */
static bool is_degree(const struct unit *u)
{
    return u->nf == 1 && u->f[0].exp == 1 && atoms[u->f[0].atom].other == DIM_TEMP;
}

/* Each way is written out, so that a value ends exactly where it can: 98.6 [degF] = 37 Cel. */
static struct dec convert_degree(struct dec v, const struct unit *from, const struct unit *to)
{
    char f = atoms[from->f[0].atom].code[0], t = atoms[to->f[0].atom].code[0]; /* 'C', 'K', '[' */
    struct dec zero = DEC(27315, 2), zero_f = DEC(45967, 2);
    if (f == 'C' && t == 'K')
        v = dec_add(v, zero);
    else if (f == 'K' && t == 'C')
        v = dec_sub(v, zero);
    else if (f == '[' && t == 'C')
        v = dec_mul_ratio(dec_sub(v, dec_int(32)), 5, 9);
    else if (f == '[' && t == 'K')
        v = dec_mul_ratio(dec_add(v, zero_f), 5, 9);
    else if (f == 'C' && t == '[')
        v = dec_add(dec_mul_ratio(v, 9, 5), dec_int(32));
    else if (f == 'K' && t == '[')
        v = dec_sub(dec_mul_ratio(v, 9, 5), zero_f);
    return dec_trim(v);
}

static struct dec convert(struct dec v, const struct unit *from, const struct unit *to)
{
    if (from == to || !dec_is(v))
        return v;
    if (is_degree(from) && is_degree(to))
        return convert_degree(v, from, to);
    int64_t num = from->num, den = from->den;
    if (!ratio_mul(&num, &den, to->den, to->num))
        return DEC_NONE;
    return dec_mul_ratio(v, num, den);
}

bool qty_to(struct qty q, unit_t to, struct qty *out, struct err *e)
{
    if (!qty_is(q) || to == UNIT_NONE)
        return err_set(e, ERR_INPUT, "", "there is no quantity to convert");
    if (!unit_same_dim(q.u, to))
        return err_set(e, ERR_INPUT, "", "%s cannot be converted to %s", unit_code(q.u), unit_code(to));
    struct dec v = convert(q.v, &table[q.u], &table[to]);
    if (!dec_is(v))
        return err_set(e, ERR_INPUT, "", "the value is too large or too fine to convert from %s to %s", unit_code(q.u),
            unit_code(to));
    *out = (struct qty){v, to};
    return true;
}

struct qty qty_add(struct qty a, struct qty b)
{
    if (!qty_is(a) || !qty_is(b) || !unit_same_dim(a.u, b.u))
        return QTY_NONE;
    struct dec v = dec_add(a.v, convert(b.v, &table[b.u], &table[a.u]));
    return dec_is(v) ? (struct qty){v, a.u} : QTY_NONE;
}

struct qty qty_sub(struct qty a, struct qty b)
{
    if (!qty_is(a) || !qty_is(b) || !unit_same_dim(a.u, b.u))
        return QTY_NONE;
    struct dec v = dec_sub(a.v, convert(b.v, &table[b.u], &table[a.u]));
    return dec_is(v) ? (struct qty){v, a.u} : QTY_NONE;
}

/* kg and lb weigh a body, g and below a drug: 70 g ÷ 35 kg stays 2 g/kg. */
static bool is_body(const struct atom *a)
{
    return a->mass == 1 && a->length == 0 && (a->num >= 1000 * a->den || a->num == 45359237);
}

static bool atoms_alike(int a, int b)
{
    const struct atom *x = &atoms[a], *y = &atoms[b];
    if (is_body(x) != is_body(y))
        return false;
    bool none = !x->mass && !x->length && !x->time && !x->other;
    return !none && x->mass == y->mass && x->length == y->length && x->time == y->time && x->other == y->other;
}

/* atom^exp = ratio × into^exp: multiply the ratio. */
static bool fold(struct factor f, int into, int64_t *num, int64_t *den)
{
    const struct atom *a = &atoms[f.atom], *b = &atoms[into];
    bool below = f.exp < 0;
    for (int k = 0; k < (below ? -f.exp : f.exp); k++)
        if (!ratio_mul(num, den, below ? a->den : a->num, below ? a->num : a->den) ||
            !ratio_mul(num, den, below ? b->num : b->den, below ? b->den : b->num))
            return false;
    return true;
}

/* The factor of u of the same dimension that f (coming from the other operand) merges with, one that cancels it or one
 * on its own side of the line; -1 if there is none. */
static int partner(const struct unit *u, struct factor f, bool cancels)
{
    for (int i = 0; i < u->nf; i++)
        if (atoms_alike(u->f[i].atom, f.atom) && ((u->f[i].exp < 0) != (f.exp < 0)) == cancels)
            return u->f[i].atom;
    return -1;
}

/* u × other^sign. Atoms of one dimension meet only across the operands (mg/h ÷ (ug/mL) becomes mL/h, but the mg and
 * the kg of a dose rate stay apart), and exact matches meet first. A per cent among other units becomes 1/100. */
static bool merge(struct unit *u, const struct unit *other, int sign, int64_t *num, int64_t *den)
{
    struct factor left[UNIT_FACTORS_MAX];
    int nleft = 0;
    for (int i = 0; i < other->nf; i++) {
        struct factor f = {other->f[i].atom, (int8_t)(sign * other->f[i].exp)};
        bool shared = false;
        for (int k = 0; k < u->nf; k++)
            shared |= u->f[k].atom == f.atom;
        if (!shared)
            left[nleft++] = f;
        else if (!add_factor(u, f.atom, f.exp))
            return false;
    }
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < nleft; i++) {
            struct factor f = left[i];
            int into = f.exp ? partner(u, f, pass == 0) : -1;
            if (f.exp == 0 || (pass == 0 && into < 0))
                continue;
            if (into >= 0 && !fold(f, into, num, den))
                return false;
            if (!add_factor(u, into >= 0 ? into : f.atom, f.exp))
                return false;
            left[i].exp = 0;
        }
    for (int i = 0; i < u->nf; i++)
        if (u->nf > 1 && strcmp(atoms[u->f[i].atom].code, "%") == 0)
            return fold(u->f[i], ATOM_ONE, num, den) && add_factor(u, u->f[i].atom, -u->f[i].exp);
    return true;
}

static struct qty combine(struct qty a, struct qty b, int sign)
{
    if (!qty_is(a) || !qty_is(b))
        return QTY_NONE;
    struct unit u = table[a.u];
    int64_t num = 1, den = 1;
    unit_t unit = merge(&u, &table[b.u], sign, &num, &den) ? intern(&u) : UNIT_NONE;
    if (unit == UNIT_NONE)
        return QTY_NONE;
    struct dec v;
    if (sign > 0)
        v = num == 1 && den == 1 ? dec_mul(a.v, b.v) : dec_mul_ratio(dec_mul(a.v, b.v), num, den);
    else if (num == 1 && den == 1)
        v = dec_quot(a.v, b.v);
    else { /* one rounding only, unless the factors do not fit */
        v = dec_quot(dec_mul(a.v, dec_int(num)), dec_mul(b.v, dec_int(den)));
        if (!dec_is(v))
            v = dec_mul_ratio(dec_quot(a.v, b.v), num, den);
    }
    return dec_is(v) ? (struct qty){v, unit} : QTY_NONE;
}

struct qty qty_mul(struct qty a, struct qty b)
{
    return combine(a, b, 1);
}

struct qty qty_div(struct qty a, struct qty b)
{
    return combine(a, b, -1);
}

struct qty qty_scale(struct qty a, struct dec k)
{
    struct dec v = qty_is(a) ? dec_mul(a.v, k) : DEC_NONE;
    return dec_is(v) ? (struct qty){v, a.u} : QTY_NONE;
}

bool qty_cmp(struct qty a, struct qty b, int *out, struct err *e)
{
    if (!qty_is(a) || !qty_is(b))
        return err_set(e, ERR_INPUT, "", "there is no quantity to compare");
    if (!unit_same_dim(a.u, b.u))
        return err_set(e, ERR_INPUT, "", "%s cannot be compared with %s", unit_code(a.u), unit_code(b.u));
    struct qty c;
    if (!qty_to(b, a.u, &c, e))
        return false;
    *out = dec_cmp(a.v, c.v);
    return true;
}

static size_t number_length(const char *s)
{
    size_t n = 0;
    for (; (s[n] >= '0' && s[n] <= '9') || s[n] == '.' || ((s[n] == '-' || s[n] == '+') && n == 0); n++)
        ;
    size_t x = n;
    if (s[x] == 'e' || s[x] == 'E') {
        x++;
        if (s[x] == '-' || s[x] == '+')
            x++;
        if (s[x] >= '0' && s[x] <= '9') {
            while (s[x] >= '0' && s[x] <= '9')
                x++;
            n = x;
        }
    }
    return n;
}

bool qty_parse(const char *s, struct qty *out, struct err *e)
{
    while (*s == ' ')
        s++;
    size_t n = number_length(s);
    struct dec v;
    if (n == 0)
        return err_set(e, ERR_INPUT, "", "\"%.40s\" does not begin with a number", s);
    if (!dec_parse(s, n, &v, e))
        return false;
    s += n;
    while (*s == ' ')
        s++;
    size_t len = strlen(s);
    while (len && s[len - 1] == ' ')
        len--;
    if (len >= UNIT_TEXT_MAX)
        return err_set(e, ERR_INPUT, "", "the unit \"%.40s…\" is too long", s);
    char code[UNIT_TEXT_MAX] = "1";
    if (len) {
        memcpy(code, s, len);
        code[len] = '\0';
    }
    unit_t u = unit_find(code);
    if (u == UNIT_NONE)
        return err_set(e, ERR_INPUT, "", "the unit \"%s\" is not known", code);
    *out = (struct qty){v, u};
    return true;
}

struct qty qty_lit(const char *s)
{
    struct qty q;
    struct err e = {0};
    if (!qty_parse(s, &q, &e)) {
        fprintf(stderr, "venule: defect: %s\n", e.text);
        abort();
    }
    return q;
}

static const char *join(const char *number, const char *unit, char out[QTY_TEXT_MAX])
{
    bool close = strcmp(unit, "%") == 0 || unit[0] == '/';
    snprintf(out, QTY_TEXT_MAX, "%s%s%s", number, *unit && !close ? " " : "", unit);
    return out;
}

const char *qty_show(struct qty q, char out[QTY_TEXT_MAX])
{
    char number[DEC_TEXT_MAX + 8];
    out[0] = '\0';
    return qty_is(q) ? join(dec_show(q.v, number), unit_show(q.u), out) : out;
}

const char *qty_text(struct qty q, char out[QTY_TEXT_MAX])
{
    char number[DEC_TEXT_MAX];
    out[0] = '\0';
    if (qty_is(q))
        snprintf(out, QTY_TEXT_MAX, "%s %s", dec_text(q.v, number), unit_code(q.u));
    return out;
}
