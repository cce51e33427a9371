/* body: a simulated patient's body: vital signs with noise and time of day, and a hidden reaction to what flows in.
 *
 * Owns what only the body knows: its baseline, the rate per kilogram it bears, how strongly it would react. The people
 * of the simulation may measure it (body_measure) and hear it complain (body_complains); nothing else. One thread.
 * Rule: shares no code, table or threshold with the server's detector or its content: the constants here are our own
 * inventions, only plausible in size. Integers only, so the same seed gives the same body on every machine.
 */
#ifndef SIM_BODY_H
#define SIM_BODY_H

#include "base/utc.h"
#include "sim/rng.h"

struct body {
    struct rng noise;
    utc_t at;               /* state is of this time */
    int weight_g;           /* grams */
    int temp_mc;            /* baseline, thousandths of °C */
    int hr, rr, sbp, dbp;   /* baseline: /min, /min, mmHg, mmHg */
    int spo2_tenths;        /* baseline, tenths of % */
    bool reacts;            /* at all */
    int bears_ul_kg_h;      /* rate it bears without reacting, µL per kg and hour */
    int meets_permille;     /* times what it bears, for the drug that hangs now */
    int strength;           /* of the reaction at its height, thousandths: 1000 about grade 2 */
    int strain;             /* now: 0 … 1,000,000; what drives pulse, pressure and symptoms */
    int heat;               /* now: follows strain slowly; drives temperature */
};

struct vitals {
    int temp_tenths; /* °C × 10 */
    int hr, rr, sbp, dbp, spo2;
    char acvpu;      /* 'A' always: these reactions are mild */
};

/* `who` is any number that is always the same for the patient; reaction_permille is the chance to be a reactor. */
void body_init(struct body *b, uint64_t seed, uint64_t who, int weight_g, unsigned reaction_permille);
/* It now meets this drug (id or name): how fast it bears it. Immune globulin unless it is an iron. */
void body_meets(struct body *b, const char *drug);
/* Let time pass up to `now` with `rate_ul_h` of active drug flowing in (0: none). An earlier `now` changes nothing. */
void body_advance(struct body *b, utc_t now, int64_t rate_ul_h);
/* One set of vital signs as instruments would show them now. Draws noise: two sets are never quite the same. */
struct vitals body_measure(struct body *b, utc_t now);
/* What the patient says is wrong, or NULL. Constant text, symptoms separated by ", ". */
const char *body_complains(const struct body *b);
/* CTCAE-like grade an observer would give: 0 (nothing), 1 or 2. */
int body_grade(const struct body *b);

#endif
