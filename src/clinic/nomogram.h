/* nomogram: what a measurement does to a rate: heparin by aPTT, insulin by glucose and how fast it falls, any table of
 * the same form.
 *
 * Pure; any thread. Rule: the rows tile every value without gap or overlap, or the whole table is refused; a number
 * that two published versions treat differently stays out until the site decides. The tables are content.
 */
#ifndef CLINIC_NOMOGRAM_H
#define CLINIC_NOMOGRAM_H

#include "base/dec.h"

enum { NOMOGRAM_ROWS_MAX = 64 };

enum nomogram_action {
    NOMOGRAM_RATE, /* new rate = rate + steps × delta (or per kg) */
    NOMOGRAM_HOLD, /* stopped for hold_min, then as RATE */
    NOMOGRAM_STOP  /* stopped until a person restarts at restart_fraction */
};

/* from ≤ value < below; DEC_NONE is open to that side. */
struct nomogram_range {
    struct dec from, below;
};

struct nomogram_row {
    struct nomogram_range value;  /* of the measurement */
    struct nomogram_range change; /* of it per hour (rise positive); both open: not looked at */
    enum nomogram_action action;
    struct dec steps;             /* of the delta, or units/kg/h when the table has no deltas; may be negative */
    struct dec bolus_per_kg;      /* units/kg; DEC_NONE: none */
    struct dec hold_min;          /* HOLD */
    struct dec restart_fraction;  /* STOP: of the rate before */
    struct dec recheck_min;
};

/* The size of one step by the rate that flows; the ranges tile from 0 up. */
struct nomogram_delta {
    struct nomogram_range rate;
    struct dec delta;
};

struct nomogram {
    const struct nomogram_row *rows;
    int n;
    const struct nomogram_delta *deltas; /* NULL: steps are per kg */
    int delta_n;
    struct dec rate_round; /* the new rate to a multiple of, half away; DEC_NONE: not rounded */
    struct dec bolus_max, rate_max; /* DEC_NONE: none */
};

struct nomogram_asked {
    struct dec value;
    struct dec change;  /* per hour; DEC_NONE: no earlier measurement */
    struct dec rate;    /* units/h that flows */
    struct dec weight;  /* kg; DEC_NONE where the table is not per kg */
};

struct nomogram_told {
    int row;
    enum nomogram_action action;
    struct dec rate;    /* units/h from now, or after the hold, or at a restart; never below zero */
    struct dec bolus;   /* units; 0: none */
    struct dec hold_min, recheck_min;
    bool rate_capped, bolus_capped;
};

/* ERR_INPUT names the first row that overlaps another, or the value (and change) that no row holds. */
MUST_CHECK bool nomogram_check(const struct nomogram *m, struct err *e);
/* ERR_INPUT for a missing or absurd number; ERR_CONFLICT if the table has a gap there. */
MUST_CHECK bool nomogram_ask(const struct nomogram *m, const struct nomogram_asked *q, struct nomogram_told *out,
    struct err *e);

#endif
