/* derive: one dose derived and proven: size of the body, kidney, the amount, caps, modification, rounding or band; each
 * number a node of a tree that names where it came from.
 *
 * Pure; results in the caller's struct, words in the caller's arena; any thread. Rule: an input that is missing, too
 * old, of the wrong unit or impossible gives a sentence and no dose; every rule that fired is shown, and the worst
 * wins. What may be given is content and comes in; no threshold stands here but what cannot be a person.
 *
 * Order of work, which the proof shows: weight and its cap; body surface and its cap, or clearance with creatinine
 * floor and cap; amount (or the dose level) × size; single-dose cap; reduction in per cent of the capped dose; band, or
 * rounding to a step. A dose without band or step is given to 6 significant digits. Numbers go on with
 * 15 digits; where one meets a cap, a band or a step it is taken to 12, so that the dust of a division
 * (249.999999999999 for 250) moves no dose.
 */
#ifndef CLINIC_DERIVE_H
#define CLINIC_DERIVE_H

#include "base/arena.h"
#include "base/unit.h"
#include "base/utc.h"

struct json;

enum {
    DERIVE_NODES_MAX = 128,
    DERIVE_RULES_MAX = 64,    /* in one modification table */
    DERIVE_FINDINGS_MAX = 64,
    DERIVE_BANDS_MAX = 200,
    DERIVE_LEVELS_MAX = 8,
    DERIVE_FROM_MAX = 4       /* numbers a number is made from */
};

enum derive_basis { DERIVE_FLAT, DERIVE_PER_KG, DERIVE_PER_M2, DERIVE_AUC, DERIVE_BY_WEIGHT };
enum derive_surface { DERIVE_MOSTELLER, DERIVE_DUBOIS, DERIVE_HAYCOCK, DERIVE_GEHAN_GEORGE, DERIVE_BOYD };
enum derive_weight {
    DERIVE_ACTUAL,
    DERIVE_IDEAL,    /* Devine; below 152.4 cm the actual weight */
    DERIVE_ADJUSTED, /* ideal + 0.4 × (actual − ideal) above ideal, else actual */
    DERIVE_LOWER,    /* of ideal and actual */
    DERIVE_BY_BMI    /* adjusted where BMI is over bmi_over, else actual */
};
enum derive_rounding { DERIVE_NO_ROUNDING, DERIVE_STEP, DERIVE_BANDS };

/* A measured value. taken UTC_NONE: undated, refused where max_age_days is set (0: any age). */
struct derive_reading {
    struct qty value; /* QTY_NONE: missing */
    utc_t taken;
    int max_age_days;
    const char *source;
};

/* from ≤ dose < below gives `dose`, all in the order's unit. */
struct derive_band {
    struct dec from, below, dose;
};

/* from ≤ weight < below (kg) gives `amount`, flat or per kg. */
struct derive_weight_band {
    struct dec from, below;
    struct qty amount;
};

/* ---- modification ------------------------------------------------------------------------------------------------ */

enum derive_measure {
    DERIVE_VALUE,       /* in the rule's unit */
    DERIVE_TIMES_ULN,   /* multiples of the upper limit of normal */
    DERIVE_TIMES_LLN,
    DERIVE_TIMES_BASELINE,
    DERIVE_GRADE,        /* CTCAE grade, of a laboratory value or a toxicity */
    DERIVE_WEIGHT_CHANGE /* % from weight_before, up or down; needs no finding */
};
enum derive_when { DERIVE_DAY1, DERIVE_NADIR, DERIVE_SINCE_LAST };
/* In the order of gravity; the worst wins; of two reductions the smaller dose, of two delays the longer. */
enum derive_action { DERIVE_GO, DERIVE_REDUCE, DERIVE_LEVEL, DERIVE_ASK, DERIVE_OMIT, DERIVE_DELAY, DERIVE_STOP };

struct derive_rule {
    const char *id, *name; /* name of the finding it reads */
    enum derive_measure measure;
    enum derive_when when;
    const char *unit;      /* VALUE */
    struct dec from, below; /* from ≤ x < below; DEC_NONE: open */
    enum derive_action action;
    struct dec percent;    /* REDUCE: of the dose, over 0, below 100 */
    int level;             /* LEVEL: -1, -2 … */
    int days;              /* DELAY */
    const char *words, *source;
};

struct derive_finding {
    const char *name;
    enum derive_when when;
    struct qty value;              /* QTY_NONE: only graded */
    struct qty lln, uln, baseline; /* QTY_NONE: none */
    int grade;                     /* 0-5; -1: not graded */
    utc_t taken;
    int max_age_days;
    const char *source;
};

/* Rules about the same finding, measure and time neither overlap nor leave a gap between two of them. ERR_INPUT names
 * the rule. */
MUST_CHECK bool derive_rules_check(const struct derive_rule *rules, int n, struct err *e);

/* ---- question ------------------------------------------------------------------------------------------------------
 */

struct derive_order {
    const char *drug, *unit;     /* unit of the answer: mg, g, ug, [iU] */
    enum derive_basis basis;
    struct qty amount;           /* mg; mg/kg; mg/m2; mg.min/mL; or [iU]… */
    enum derive_weight weight;   /* for PER_KG, and inside the clearance */
    struct dec bmi_over;         /* BY_BMI, kg/m2 */
    struct qty weight_cap;       /* kg; QTY_NONE: none */
    enum derive_surface surface;
    struct qty surface_cap;      /* m2; not evidence-based: shown as a flag */
    struct qty creatinine_floor, gfr_cap;
    struct qty cap;              /* of one dose */
    const struct dec *levels;    /* % of the full dose at level -1, -2 …, falling; NULL: none */
    int level_n;
    int level;                   /* this patient's: 0 full dose, -1 …; never given more than this */
    const struct derive_rule *rules;
    int rule_n;
    enum derive_rounding rounding;
    struct qty step;
    enum dec_round how;          /* DEC_HALF_AWAY, DEC_DOWN, DEC_UP */
    const struct derive_band *bands;
    int band_n;
    const struct derive_weight_band *weight_bands; /* BY_WEIGHT: instead of `amount` */
    int weight_band_n;
    struct dec
        keep_weight_percent; /* a smaller change than this keeps the weight of the dose before; DEC_NONE: never */
    const char *source;
};

struct derive_patient {
    const char *sex;             /* "male", "female" */
    struct dec age;              /* years */
    struct derive_reading weight, height, creatinine, gfr; /* gfr: measured, goes before creatinine */
    struct qty weight_before;    /* the dose before was made with; QTY_NONE: the first */
    const struct derive_finding *findings;
    int finding_n;
    utc_t now;
};

/* ---- answer --------------------------------------------------------------------------------------------------------
 */

struct derive_node {
    const char *name;
    struct qty value;            /* QTY_NONE: words only */
    const char *says;            /* formula or finding in words; NULL without an arena */
    const char *source;
    utc_t taken;                 /* of an input; UTC_NONE */
    int from[DERIVE_FROM_MAX], from_n; /* nodes it is made from, all before it */
};

enum derive_verdict { DERIVE_GIVE, DERIVE_ASKED, DERIVE_OMITTED, DERIVE_DELAYED, DERIVE_STOPPED };
const char *derive_verdict_word(enum derive_verdict v);

struct derive_answer {
    enum derive_verdict verdict;
    int delay_days;              /* DELAYED */
    struct qty dose;             /* QTY_NONE unless GIVE */
    struct qty unrounded;        /* before band or step */
    struct dec round_percent;    /* what rounding changed, % of the unrounded dose, 2 places */
    int fired[DERIVE_RULES_MAX], fired_n; /* rules, in their order */
    int worst;                   /* of them; -1: none changes the dose */
    struct dec weight_kg;        /* used; DEC_NONE where the dose does not ask for it */
    struct dec percent;          /* of the full dose, by reduction or level; 100: full */
    int band, weight_band;       /* -1: none */
    bool capped, weight_capped, surface_capped, gfr_capped, creatinine_floored, weight_kept;
    struct derive_node nodes[DERIVE_NODES_MAX];
    int node_n;                  /* the last one is the dose or the verdict */
};

/* arena NULL: numbers only. ERR_INPUT names the input: missing, too old, wrong unit, impossible; under 18; a table with
 * no band for the dose; a rule whose finding is missing. */
MUST_CHECK bool derive_dose(struct arena *a, const struct derive_order *o, const struct derive_patient *p,
    struct derive_answer *out, struct err *e);

/* The tree from the dose down: {"name","value","says","source","taken","from":[…]}. */
void derive_to_json(const struct derive_order *o, const struct derive_answer *x, struct json *j, const char *key);

#endif
