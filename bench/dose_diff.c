/* dose_diff N [SEED]: N random orders through both dose engines: they must say the same, to the digit.
 *
 * Counts how often each cap, band edge, rule and action was met, so that agreement about cases that never came up is
 * not mistaken for agreement; exits 1 on a difference, a boundary, or a case met too seldom.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clinic/ctcae.h"
#include "clinic/derive.h"
#include "clinic/recheck.h"

enum { SHOWN_MAX = 20, ENOUGH = 100, FINDINGS = 8 };

static uint64_t state;

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int64_t below(int64_t n)
{
    return (int64_t)(draw() % (uint64_t)n);
}

static bool chance(int in_hundred)
{
    return below(100) < in_hundred;
}

static struct dec between(int64_t low, int64_t high, int8_t places)
{
    return DEC(low + below(high - low + 1), places);
}

#define D(n) {n, 0}
#define T(n, places) {n, places}
#define NO {0, INT8_MIN}

/* NHS England dose bands, drugs at 1 mg/mL: the rows read (docslib 100960). Two gaps, where both must refuse. */
static const struct derive_band bands[] = {
    {T(32, 2), T(36, 2), T(34, 2)},
    {T(95, 2), T(105, 2), D(1)},
    {T(105, 2), T(115, 2), T(11, 1)},
    {T(165, 2), T(175, 2), T(17, 1)},
    {T(175, 2), T(190, 2), T(18, 1)},
    {T(190, 2), T(210, 2), D(2)},
    {T(210, 2), T(230, 2), T(22, 1)},
    {T(230, 2), T(250, 2), T(24, 1)},
    {T(460, 2), T(509, 2), T(48, 1)},
    {T(509, 2), T(569, 2), T(54, 1)},
    {T(569, 2), T(629, 2), D(6)},
    {T(629, 2), T(699, 2), T(66, 1)},
    {T(699, 2), T(779, 2), T(74, 1)},
    {T(779, 2), T(859, 2), T(82, 1)},
    {T(859, 2), T(949, 2), D(9)},
    {T(949, 2), T(1049, 2), D(10)},
    {T(1449, 2), T(1549, 2), D(15)},
};
enum { BANDS = sizeof bands / sizeof *bands };

static const struct dec levels[] = {D(80), T(625, 1), D(50)};

/* One modification table with every measure, time and action. */
#define RULE(id, name, measure, when, unit, from, below, action, pc, lv, dy) \
    {id, name, measure, when, unit, from, below, action, pc, lv, dy, id, "demo"}
static const struct derive_rule rules[] = {
    RULE("anc-stop", "anc", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", NO, T(5, 1), DERIVE_DELAY, NO, 0, 14),
    RULE("anc-delay", "anc", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", T(5, 1), D(1), DERIVE_DELAY, NO, 0, 7),
    RULE("anc-75", "anc", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", D(1), T(15, 1), DERIVE_REDUCE, D(75), 0, 0),
    RULE("anc-go", "anc", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", T(15, 1), NO, DERIVE_GO, NO, 0, 0),
    RULE("plt-omit", "platelets", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", NO, D(50), DERIVE_OMIT, NO, 0, 0),
    RULE("plt-50", "platelets", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", D(50), D(75), DERIVE_REDUCE, D(50), 0, 0),
    RULE("plt-go", "platelets", DERIVE_VALUE, DERIVE_DAY1, "10*9/L", D(75), NO, DERIVE_GO, NO, 0, 0),
    RULE("nadir-level", "anc", DERIVE_GRADE, DERIVE_NADIR, NULL, D(4), NO, DERIVE_LEVEL, NO, -1, 0),
    RULE("bili-75", "bilirubin", DERIVE_TIMES_ULN, DERIVE_DAY1, NULL, T(15, 1), D(3), DERIVE_REDUCE, D(75), 0, 0),
    RULE("bili-25", "bilirubin", DERIVE_TIMES_ULN, DERIVE_DAY1, NULL, D(3), D(5), DERIVE_REDUCE, D(25), 0, 0),
    RULE("bili-stop", "bilirubin", DERIVE_TIMES_ULN, DERIVE_DAY1, NULL, D(5), NO, DERIVE_STOP, NO, 0, 0),
    RULE("scr-ask", "creatinine", DERIVE_TIMES_BASELINE, DERIVE_DAY1, NULL, T(15, 1), NO, DERIVE_ASK, NO, 0, 0),
    RULE("neuro-level", "neuropathy", DERIVE_GRADE, DERIVE_SINCE_LAST, NULL, D(2), D(3), DERIVE_LEVEL, NO, -2, 0),
    RULE("neuro-stop", "neuropathy", DERIVE_GRADE, DERIVE_SINCE_LAST, NULL, D(3), NO, DERIVE_STOP, NO, 0, 0),
    RULE("hb-delay", "hemoglobin", DERIVE_TIMES_LLN, DERIVE_DAY1, NULL, NO, T(6, 1), DERIVE_DELAY, NO, 0, 3),
    RULE("weight-ask", NULL, DERIVE_WEIGHT_CHANGE, DERIVE_SINCE_LAST, NULL, D(20), NO, DERIVE_ASK, NO, 0, 0),
};
enum { RULES = sizeof rules / sizeof *rules };

static struct {
    uint64_t fired[RULES], worst[RULES], edge[RULES], band[BANDS], edge_from[BANDS], edge_under[BANDS];
    uint64_t verdict[5], basis[5], surface[5], weight[5], rounding[3], how[3], refused, boundary, differ, grade[5];
    uint64_t cap, cap_exact, weight_cap, surface_cap, gfr_cap, floor, kept, stale, level, weight_band, measured;
} met;

static struct derive_finding findings[FINDINGS];
static struct qty u(struct dec v, const char *unit)
{
    return (struct qty){v, unit_find(unit)};
}

/* A limit of a rule itself, a hair under it, or anything in the range. */
static struct dec near_limit(const char *name, int64_t low, int64_t high, int8_t places)
{
    int tries = 0;
    while (chance(40) && tries++ < 20) {
        const struct derive_rule *r = &rules[below(RULES)];
        if (!r->name || strcmp(r->name, name) != 0 || r->measure == DERIVE_GRADE)
            continue;
        struct dec edge = dec_is(r->from) ? r->from : r->below;
        return chance(50) ? edge : dec_sub(edge, DEC(1, 3));
    }
    return between(low, high, places);
}

static void put(int i, const char *name, enum derive_when when, struct qty value, int grade, utc_t now)
{
    findings[i] = (struct derive_finding){.name = name,
        .when = when,
        .value = value,
        .lln = QTY_NONE,
        .uln = QTY_NONE,
        .baseline = QTY_NONE,
        .grade = grade,
        .max_age_days = 4,
        .taken = now - (chance(97) ? below(4) : 3 + below(4)) * UTC_DAY};
}

static int find_things(utc_t now)
{
    struct dec anc = near_limit("anc", 0, 6000, 3);
    put(0, "anc", DERIVE_DAY1, chance(50) ? u(anc, "10*9/L") : u(dec_mul(anc, dec_int(1000)), "/uL"), -1, now);
    put(1, "platelets", DERIVE_DAY1, u(near_limit("platelets", 10, 400, 0), "10*9/L"), -1, now);
    put(2, "anc", DERIVE_NADIR, u(between(0, 400, 2), "10*9/L"), 0, now);
    struct err e = {0};
    const struct ctcae_term *t = ctcae_find("anc");
    struct qty lln = u(DEC(18, 1), "10*9/L");
    if (!ctcae_grade(t, findings[2].value, lln, QTY_NONE, QTY_NONE, &findings[2].grade, &e) ||
        findings[2].grade != recheck_grade(t, findings[2].value, lln, QTY_NONE, QTY_NONE))
        met.differ++;
    met.grade[findings[2].grade]++;
    /* limits of normal with a long division in them: 1.5 × 1.2 is met exactly, never by a float */
    struct dec uln = DEC(10 + below(4), 1);
    put(3, "bilirubin", DERIVE_DAY1, u(dec_mul(near_limit("bilirubin", 2, 30, 1), uln), "mg/dL"), -1, now);
    findings[3].uln = chance(50) ? u(uln, "mg/dL") : u(dec_mul(uln, dec_int(10)), "mg/L");
    struct dec base = DEC(60 + below(60), 2);
    put(4, "creatinine", DERIVE_DAY1,
        u(chance(90) ? dec_mul(base, between(90, 149, 2)) : dec_mul(near_limit("creatinine", 80, 200, 2), base),
            "mg/dL"),
        -1, now);
    findings[4].baseline = u(base, "mg/dL");
    put(5, "neuropathy", DERIVE_SINCE_LAST, QTY_NONE, chance(85) ? (int)below(2) : (int)below(5), now);
    struct dec hb_low = DEC(120, 1);
    put(6, "hemoglobin", DERIVE_DAY1,
        u(chance(80) ? between(90, 160, 1) : dec_mul(near_limit("hemoglobin", 4, 12, 1), hb_low), "g/dL"), -1, now);
    findings[6].lln = chance(50) ? u(hb_low, "g/dL") : u(dec_mul(hb_low, dec_int(10)), "g/L");
    return 7;
}

static struct derive_reading reading(struct qty q, utc_t now, int max_age)
{
    return (struct derive_reading){
        q, now - (chance(98) ? below(max_age) : max_age + below(9)) * UTC_DAY - (chance(50) ? 1 : 0), max_age, "demo"};
}

static struct derive_patient person(utc_t now)
{
    struct derive_patient p = {
        .sex = chance(50) ? "male" : "female", .age = between(chance(99) ? 18 : 15, 95, 0), .now = now};
    struct dec kg = between(380, 1500, 1), cm = between(1450, 1980, 1);
    p.weight = reading(chance(90) ? u(kg, "kg")
            : chance(50)          ? u(dec_mul(kg, dec_int(1000)), "g")
                                  : u(dec_mul(kg, dec_lit("2.2")), "[lb_av]"),
        now, 28);
    p.height = reading(chance(90) ? u(cm, "cm") : u(dec_mul(cm, dec_lit("0.01")), "m"), now, 365);
    p.creatinine = reading(chance(50) ? u(between(40, 250, 2), "mg/dL") : u(between(35, 220, 0), "umol/L"), now, 7);
    p.gfr =
        chance(20) ? reading(u(between(20, 160, 0), "mL/min"), now, 90) : (struct derive_reading){.value = QTY_NONE};
    p.weight_before = QTY_NONE;
    if (chance(50)) /* a few of them at exactly the limit of change */
        p.weight_before =
            u(chance(10) ? dec_mul(kg, dec_lit(chance(50) ? "1.25" : "0.8")) : dec_mul(kg, between(90, 110, 2)), "kg");
    if (chance(1))
        p.height.value = u(dec_mul(kg, dec_int(1)), "cm"), p.weight.value = u(cm, "kg"); /* swapped */
    p.findings = findings;
    p.finding_n = find_things(now);
    if (chance(1))
        p.finding_n -= 1 + (int)below(3);
    return p;
}

static const struct derive_weight_band weight_bands[] = {{D(20), D(50), {D(15), 0}}, {D(50), D(70), {D(750), 0}},
    {D(70), D(100), {D(1000), 0}}, {D(100), D(400), {D(12), 0}}};
static struct derive_weight_band weight_table[4];

static struct dec some_amount(enum derive_basis basis)
{
    switch (basis) {
    case DERIVE_FLAT: return between(1, 200000, 2);
    case DERIVE_PER_KG: return between(1, 2000, 2);
    case DERIVE_PER_M2: return chance(50) ? between(10, 200, 2) : between(5, 2600, 0);
    default: return between(20, 70, 1);
    }
}

/* Bands need doses near them: the very edge, a hair under it, or a small amount. */
static void aim_at_bands(struct derive_order *o)
{
    o->rounding = DERIVE_BANDS;
    o->bands = bands;
    o->band_n = BANDS;
    o->unit = "mg";
    const struct derive_band *b = &bands[below(BANDS)];
    if (chance(60)) {
        o->basis = DERIVE_FLAT;
        struct dec at = chance(50) ? b->from : b->below;
        o->amount = u(chance(50) ? at : dec_sub(at, DEC(1, 3)), "mg");
    } else {
        o->basis = chance(70) ? DERIVE_PER_M2 : DERIVE_PER_KG;
        o->amount = o->basis == DERIVE_PER_M2 ? u(between(50, 600, 2), "mg/m2") : u(between(50, 140, 3), "mg/kg");
    }
    if (chance(70)) { /* no modification: the edge itself must arrive at the bands */
        o->rule_n = 0;
        o->level = 0;
    }
}

static struct derive_order order(void)
{
    static const char *const units[] = {"mg", "mg", "mg", "g", "ug", "[iU]"};
    static const char *const per[] = {"", "/kg", "/m2"};
    struct derive_order o = {.drug = "demo",
        .unit = units[below(6)],
        .bmi_over = D(30),
        .weight_cap = QTY_NONE,
        .surface_cap = QTY_NONE,
        .creatinine_floor = QTY_NONE,
        .gfr_cap = QTY_NONE,
        .cap = QTY_NONE,
        .levels = levels,
        .level_n = 3,
        .rules = rules,
        .rule_n = RULES,
        .step = QTY_NONE,
        .keep_weight_percent = NO};
    o.basis = (enum derive_basis)below(5);
    if (o.basis >= DERIVE_AUC && strcmp(o.unit, "[iU]") == 0)
        o.unit = "mg";
    o.weight = chance(60) ? DERIVE_ACTUAL : (enum derive_weight)below(5);
    o.surface = chance(88) ? DERIVE_MOSTELLER : (enum derive_surface)below(5);
    o.level = chance(80) ? 0 : -(int)below(4);
    if (chance(40))
        o.rule_n = 0;
    char code[32];
    const char *written = strcmp(o.unit, "[iU]") == 0 ? o.unit : chance(70) ? "mg" : chance(50) ? "g" : "ug";
    snprintf(code, sizeof code, "%s%s", written, o.basis < DERIVE_AUC ? per[o.basis] : "");
    o.amount = o.basis == DERIVE_AUC ? u(some_amount(o.basis), "mg.min/mL") : u(some_amount(o.basis), code);
    if (o.basis == DERIVE_BY_WEIGHT) {
        o.weight_bands = weight_table;
        o.weight_band_n = 4;
    }
    if (chance(30))
        o.cap = strcmp(o.unit, "[iU]") == 0 ? u(between(1, 3000, 0), "[iU]")
                                            : u(between(1, 3000, 0), chance(90) ? "mg" : "g");
    if (chance(20))
        o.weight_cap = u(between(80, 110, 0), "kg");
    if (chance(20))
        o.surface_cap = u(between(17, 22, 1), "m2");
    if (chance(60))
        o.gfr_cap = u(dec_int(125), "mL/min");
    if (chance(50))
        o.creatinine_floor = u(between(6, 10, 1), "mg/dL");
    if (chance(50))
        o.keep_weight_percent = dec_int(chance(50) ? 5 : 10);
    if (chance(15))
        aim_at_bands(&o);
    else if (chance(70)) {
        static const int steps[] = {1, 5, 10, 25, 50, 100};
        o.rounding = DERIVE_STEP;
        o.how = (enum dec_round[]){DEC_HALF_AWAY, DEC_DOWN, DEC_UP}[below(3)];
        const char *step_unit = strcmp(o.unit, "[iU]") == 0 ? o.unit : "mg";
        o.step = u(chance(80) ? dec_int(steps[below(6)]) : DEC(1 + below(20), 1), step_unit);
    }
    return o;
}

static void count_rules(const struct derive_order *o, const struct derive_answer *x)
{
    for (int i = 0; i < x->fired_n; i++) {
        const struct derive_rule *r = &o->rules[x->fired[i]];
        met.fired[x->fired[i]]++;
        for (int k = 0; k < 7 && r->name; k++) {
            const struct derive_finding *f = &findings[k];
            struct dec of = r->measure == DERIVE_TIMES_ULN ? DEC_NONE : dec_int(1),
                       edge = dec_is(r->from) ? r->from : r->below;
            struct qty in;
            struct err e = {0};
            if (f->when != r->when || strcmp(f->name, r->name) != 0 || !qty_is(f->value))
                continue;
            if (r->measure == DERIVE_GRADE)
                continue;
            const char *unit = r->measure == DERIVE_VALUE ? r->unit : unit_code(f->value.u);
            struct qty normal = r->measure == DERIVE_TIMES_ULN ? f->uln
                : r->measure == DERIVE_TIMES_LLN               ? f->lln
                                                               : f->baseline;
            if (r->measure != DERIVE_VALUE && !qty_to(normal, unit_find(unit), &in, &e))
                continue;
            of = r->measure != DERIVE_VALUE ? in.v : of;
            if (qty_to(f->value, unit_find(unit), &in, &e) && dec_eq(in.v, dec_mul(edge, of)))
                met.edge[x->fired[i]]++;
        }
    }
    if (x->worst >= 0)
        met.worst[x->worst]++;
}

static void count(const struct derive_order *o, const struct derive_patient *p, const struct derive_answer *x)
{
    met.verdict[x->verdict]++;
    met.basis[o->basis]++;
    met.weight[o->weight] += o->basis == DERIVE_PER_KG || o->basis == DERIVE_PER_M2 || o->basis == DERIVE_BY_WEIGHT;
    met.surface[o->surface] += o->basis == DERIVE_PER_M2;
    met.measured += o->basis == DERIVE_AUC && qty_is(p->gfr.value);
    met.cap += x->capped;
    met.weight_cap += x->weight_capped;
    met.surface_cap += x->surface_capped;
    met.gfr_cap += x->gfr_capped;
    met.floor += x->creatinine_floored;
    met.kept += x->weight_kept;
    met.level += o->level < 0;
    met.weight_band += x->weight_band >= 0;
    count_rules(o, x);
    if (x->verdict != DERIVE_GIVE)
        return;
    met.rounding[o->rounding]++;
    met.how[o->how == DEC_DOWN ? 1 : o->how == DEC_UP ? 2 : 0] += o->rounding == DERIVE_STEP;
    if (x->band >= 0) {
        met.band[x->band]++;
        met.edge_from[x->band] += dec_eq(x->unrounded.v, bands[x->band].from);
        met.edge_under[x->band] += dec_eq(x->unrounded.v, dec_sub(bands[x->band].below, DEC(1, 3)));
    }
}

static bool seldom;

static void line(const char *what, const char *which, uint64_t n, uint64_t enough)
{
    printf("  %-22s %-14s %12" PRIu64 "%s\n", what, which, n, n < enough ? "   TOO SELDOM" : "");
    seldom |= n < enough;
}

static void report(uint64_t enough)
{
    static const char *const basis[] = {"flat", "per kg", "per m2", "AUC", "weight band"};
    static const char *const surface[] = {"Mosteller", "DuBois", "Haycock", "Gehan-George", "Boyd"};
    static const char *const weight[] = {"actual", "ideal", "adjusted", "lower", "by BMI"};
    static const char *const rounding[] = {"six digits", "step", "band"}, *const how[] = {"half away", "down", "up"};
    static const char *const grades[] = {"0", "1", "2", "3", "4"};
    char name[32];
    for (int i = 0; i < 5; i++)
        line("verdict", derive_verdict_word((enum derive_verdict)i), met.verdict[i], enough);
    for (int i = 0; i < 5; i++)
        line("basis", basis[i], met.basis[i], enough);
    for (int i = 0; i < 5; i++)
        line("body surface", surface[i], met.surface[i], enough);
    for (int i = 0; i < 5; i++)
        line("weight", weight[i], met.weight[i], enough);
    for (int i = 0; i < 5; i++)
        line("CTCAE grade", grades[i], met.grade[i], enough);
    for (int i = 0; i < 3; i++) {
        line("rounding", rounding[i], met.rounding[i], enough);
        line("step rounded", how[i], met.how[i], enough);
    }
    line("cap", "dose", met.cap, enough);
    line("cap", "weight", met.weight_cap, enough);
    line("cap", "body surface", met.surface_cap, enough);
    line("cap", "clearance", met.gfr_cap, enough);
    line("floor", "creatinine", met.floor, enough);
    line("clearance", "measured", met.measured, enough);
    line("weight", "kept", met.kept, enough);
    line("dose level", "standing", met.level, enough);
    line("weight band", "any", met.weight_band, enough);
    for (int i = 0; i < BANDS; i++) {
        char a[DEC_TEXT_MAX];
        snprintf(name, sizeof name, "to %s", dec_text(bands[i].dose, a));
        line("band", name, met.band[i], enough);
        line("band, at its edge", name, met.edge_from[i], enough);
        line("band, just under", name, met.edge_under[i], enough);
    }
    for (int i = 0; i < RULES; i++) {
        line("rule fired", rules[i].id, met.fired[i], enough);
        if (rules[i].action != DERIVE_GO)
            line("rule was the worst", rules[i].id, met.worst[i], enough);
        if (rules[i].measure != DERIVE_GRADE && rules[i].measure != DERIVE_WEIGHT_CHANGE && dec_is(rules[i].from))
            line("rule, at its limit", rules[i].id, met.edge[i], enough);
    }
    line("refused by both", "", met.refused, enough);
}

static void show(uint64_t i, const struct derive_answer *x, bool ok, const struct err *e, const struct recheck *r)
{
    char a[DEC_TEXT_MAX];
    printf("order %" PRIu64 ": first %s %s %s %s, second result %d verdict %d dose %s other %s why %s\n", i,
        ok ? derive_verdict_word(x->verdict) : "refused", ok && qty_is(x->dose) ? dec_text(x->dose.v, a) : "", e->where,
        e->text, (int)r->result, (int)r->verdict, r->dose, r->other, r->why ? r->why : "");
}

int main(int argc, char **argv)
{
    uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 200000, seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t enough = n >= 1000000 ? ENOUGH : n / 20000;
    static struct derive_answer x;
    struct recheck r;
    struct timespec began, done;
    const utc_t now = 1795219200 * INT64_C(1000000);
    state = seed;
    for (int i = 0; i < 4; i++) {
        weight_table[i] = weight_bands[i];
        weight_table[i].amount.u = unit_find(i == 0 || i == 3 ? "mg/kg" : "mg");
    }
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (uint64_t i = 0; i < n; i++) {
        struct derive_order o = order();
        struct derive_patient p = person(now);
        struct err e = {0};
        bool ok = derive_dose(NULL, &o, &p, &x, &e);
        recheck_dose(&o, &p, &r);
        if (ok)
            count(&o, &p, &x);
        else
            met.refused++;
        if (r.result == RECHECK_BOUNDARY)
            met.boundary++;
        if (!recheck_agrees(&x, ok, &r) && met.differ++ < SHOWN_MAX)
            show(i, &x, ok, &e, &r);
    }
    clock_gettime(CLOCK_MONOTONIC, &done);
    report(enough);
    int64_t ms = (done.tv_sec - began.tv_sec) * 1000 + (done.tv_nsec - began.tv_nsec) / 1000000;
    printf("%" PRIu64 " orders, seed %" PRIu64 ", %" PRIu64 " differ, %" PRIu64
           " on a boundary; every case met at least %" PRIu64 " times: %s; %" PRId64 ".%03d s\n",
        n, seed, met.differ, met.boundary, enough, seldom ? "NO" : "yes", ms / 1000, (int)(ms % 1000));
    return met.differ || met.boundary || seldom ? 1 : 0;
}
