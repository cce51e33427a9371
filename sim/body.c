#include "sim/body.h"

#include <string.h>

enum {
    STEP_S = 10,          /* integration step */
    RISE_S = 420,         /* time constants: strain up, strain down, heat after strain */
    FALL_S = 540,
    HEAT_S = 900,
    FULL = 1000000,
    COMPLAINS = 220000,   /* of strain × strength */
    COMPLAINS_MORE = 520000,
    /* at full strain × strength 1000 */
    HR_UP = 32, SBP_DOWN = 24, RR_UP = 7, SPO2_TENTHS_DOWN = 28, TEMP_MC_UP = 1300
};

void body_init(struct body *b, uint64_t seed, uint64_t who, int weight_g, unsigned reaction_permille)
{
    struct rng r; /* what it is and how it is measured are drawn apart, so measuring more often changes nobody */
    *b = (struct body){.at = UTC_NONE, .weight_g = weight_g, .meets_permille = 1000};
    rng_init(&r, seed, who * 2 + 1);
    rng_init(&b->noise, seed, who * 2);
    b->temp_mc = 36600 + (int)(rng_normal(&r) * 180 / 1000);
    b->hr = 74 + (int)(rng_normal(&r) * 7 / 1000);
    b->rr = 15 + (int)(rng_normal(&r) / 1000);
    b->sbp = 124 + (int)(rng_normal(&r) * 8 / 1000);
    b->dbp = b->sbp * 60 / 100 + (int)rng_range(&r, -3, 5);
    b->spo2_tenths = (int)rng_range(&r, 968, 990);
    b->reacts = rng_chance(&r, reaction_permille);
    b->bears_ul_kg_h = (int)rng_range(&r, 900, 3800);
    b->strength = (int)rng_range(&r, 450, 1100);
}

void body_meets(struct body *b, const char *drug)
{
    /* Iron is run a whole bag in a quarter of an hour, so what is fast for it is three times as fast. */
    bool iron = strstr(drug, "iron") || strstr(drug, "ferric");
    b->meets_permille = iron ? 3200 : 1000;
}

/* One step of a first-order lag: toward `target` with time constant tau_s. */
static int lag(int now, int target, int tau_s)
{
    return now + (int)((int64_t)(target - now) * STEP_S / tau_s);
}

static void step(struct body *b, int64_t rate_ul_h)
{
    int64_t per_kg = rate_ul_h * 1000 / b->weight_g;
    int target = 0;
    int64_t bears = (int64_t)b->bears_ul_kg_h * b->meets_permille / 1000;
    if (b->reacts && per_kg > bears) {
        int64_t over = (per_kg - bears) * FULL / bears;
        target = (int)(over + 550000 > FULL ? FULL : over + 550000);
    }
    b->strain = lag(b->strain, target, target > b->strain ? RISE_S : FALL_S);
    b->heat = lag(b->heat, b->strain, HEAT_S);
}

void body_advance(struct body *b, utc_t now, int64_t rate_ul_h)
{
    if (b->at == UTC_NONE)
        b->at = now;
    while (now - b->at >= STEP_S * UTC_SECOND) {
        step(b, rate_ul_h);
        b->at += STEP_S * UTC_SECOND;
    }
}

static int felt(const struct body *b)
{
    return (int)((int64_t)b->strain * b->strength / 1000);
}

/* Thousandths of the daily swing: lowest at 05:00, highest at 17:00 local-ish time; a parabola for each half day. */
static int swing(utc_t now)
{
    int64_t s = (now / UTC_SECOND + 24 * 3600 - 11 * 3600) % (24 * 3600); /* 0 at 11:00 */
    int64_t half = 12 * 3600, x = s % half;
    int v = (int)(4000 * x / half * (half - x) / half);
    return s < half ? v : -v;
}

static int jitter(struct body *b, int sd_thousandths)
{
    int64_t v = rng_normal(&b->noise) * sd_thousandths / 1000;
    return (int)((v + (v < 0 ? -500 : 500)) / 1000);
}

static int within(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

struct vitals body_measure(struct body *b, utc_t now)
{
    int64_t f = felt(b), heat = (int64_t)b->heat * b->strength / 1000;
    int temp = b->temp_mc + swing(now) * 250 / 1000 + (int)(heat * TEMP_MC_UP / FULL) + jitter(b, 80000);
    struct vitals v = {.acvpu = 'A'};
    v.temp_tenths = within((temp + 50) / 100, 340, 415);
    v.hr = within(b->hr + swing(now) * 3 / 1000 + (int)(f * HR_UP / FULL) + jitter(b, 2000), 45, 170);
    v.rr = within(b->rr + (int)(f * RR_UP / FULL) + jitter(b, 700), 10, 34);
    v.sbp = within(b->sbp - (int)(f * SBP_DOWN / FULL) + jitter(b, 3500), 78, 190);
    v.dbp = within(b->dbp - (int)(f * SBP_DOWN * 6 / 10 / FULL) + jitter(b, 2500), 40, v.sbp - 15);
    v.spo2 = within((b->spo2_tenths - (int)(f * SPO2_TENTHS_DOWN / FULL) + jitter(b, 4000)) / 10, 88, 100);
    return v;
}

const char *body_complains(const struct body *b)
{
    int f = felt(b);
    if (f >= COMPLAINS_MORE)
        return "flushing, headache, chills";
    return f >= COMPLAINS ? "flushing, headache" : NULL;
}

int body_grade(const struct body *b)
{
    int f = felt(b);
    return f >= COMPLAINS_MORE ? 2 : f >= COMPLAINS ? 1 : 0;
}
