/* news2: the National Early Warning Score 2, each parameter's part and the band that follows.
 *
 * Pure; any thread. Rule: a score is made only from a complete set of observations, adults only (16 and over, not
 * pregnant); a low score is never a sign that all is well. Source: Royal College of Physicians, NEWS2, 2017.
 */
#ifndef CLINIC_NEWS2_H
#define CLINIC_NEWS2_H

#include "base/dec.h"

struct news2_obs {
    struct dec rr;   /* /min */
    struct dec spo2; /* % */
    int scale;       /* 1, or 2 for hypercapnic respiratory failure with a target of 88-92 % */
    bool oxygen;     /* on any supplemental oxygen */
    struct dec sbp;  /* mm[Hg] */
    struct dec hr;   /* /min */
    char acvpu;      /* A alert, C new confusion, V voice, P pain, U unresponsive */
    struct dec temp; /* Cel */
};

enum news2_band {
    NEWS2_ZERO,       /* 0 */
    NEWS2_LOW,        /* 1-4 */
    NEWS2_LOW_MEDIUM, /* 1-4, with a 3 in one parameter: urgent review on the ward */
    NEWS2_MEDIUM,     /* 5-6: urgent */
    NEWS2_HIGH        /* 7 and more: emergency */
};

struct news2 {
    int rr, spo2, oxygen, sbp, hr, acvpu, temp; /* 0-3 each */
    int total;
    bool red; /* one parameter alone scores 3 */
    enum news2_band band;
};

/* Temperature is taken to 0.1 Cel, all else to whole numbers (half away from zero), so that no value falls between two
 * rows of the chart. ERR_INPUT names the missing or absurd observation. */
MUST_CHECK bool news2_score(const struct news2_obs *o, struct news2 *out, struct err *e);
/* The band of a total in which one parameter alone scores 3 (red) or none does. */
enum news2_band news2_band_of(int total, bool red);
const char *news2_band_name(enum news2_band b); /* "zero" "low" "low-medium" "medium" "high" */

#endif
