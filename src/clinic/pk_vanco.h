/* pk_vanco: vancomycin exposure by several published population models at once, before levels and after (MAP).
 *
 * Pure; results in the caller's struct; any thread. Rule: never one naked number: every model that fits the patient
 * answers, and the spread is part of the answer. Adults only; an estimate for a person to judge, never an order.
 * The MAP estimate minimises Σ (observed − predicted)² ÷ σ² + ln σ² + η' Ω⁻¹ η with σ² = (proportional × predicted)² +
 * additive². Sources and doubts stand with each model.
 */
#ifndef CLINIC_PK_VANCO_H
#define CLINIC_PK_VANCO_H

#include "clinic/pk_level.h"

enum { PK_VANCO_MODELS = 5, PK_VANCO_DOSES_MAX = 200, PK_VANCO_LEVELS_MAX = 20, PK_VANCO_ETAS_MAX = 5 };

struct pk_vanco_dose {
    struct dec start_h, hours, mg;
};

struct pk_vanco_sample {
    struct dec at_h, mg_l;
};

struct pk_vanco_case {
    struct pk_person person;
    struct dec creatinine;  /* mg/dL; clearance by Cockcroft and Gault, actual weight */
    const struct pk_vanco_dose *doses;
    int dose_n;
    const struct pk_vanco_sample *samples;
    int sample_n;           /* 0: before any level */
    struct dec daily_mg;    /* the daily dose whose exposure is asked */
};

struct pk_vanco_fit {
    const char *model, *title, *source;
    bool applies;
    const char *why_not;      /* NULL if it applies */
    struct dec before;        /* AUC24 in mg.h/L at steady state by the population alone */
    struct dec auc24;         /* with the levels; equal to `before` without them */
    struct dec clearance;     /* L/h */
    struct dec predicted[PK_VANCO_LEVELS_MAX]; /* mg/L, at the samples, with the levels */
};

struct pk_vanco_answer {
    struct pk_vanco_fit fits[PK_VANCO_MODELS];
    int applied;
    struct dec low, high;     /* of auc24 over the models that apply */
    struct dec spread;        /* (high − low) ÷ low, per cent */
};

/* ERR_INPUT names what is missing or impossible; ERR_CONFLICT if fewer than two models fit the patient. */
MUST_CHECK bool pk_vanco_fit(const struct pk_vanco_case *c, struct pk_vanco_answer *out, struct err *e);

/* Two levels of one dose, first order: t from the start of the infusion, both after its end. steady: the dose before
 * still counts (Sawchuk and Zaske). */
struct pk_two_levels {
    struct dec mg, hours, tau; /* dose, its infusion, interval: mg, h */
    struct dec t1, c1, t2, c2;
    bool steady;
};
struct pk_two_result {
    struct dec ke, volume, clearance, peak, trough, auc24; /* /h, L, L/h, mg/L, mg/L, mg.h/L */
};
MUST_CHECK bool pk_vanco_two_levels(const struct pk_two_levels *q, struct pk_two_result *out, struct err *e);

/* For tests: the objective of a model at given η; a number that is not finite for a model that does not apply. */
int pk_vanco_etas(int model);
double pk_vanco_objective(int model, const struct pk_vanco_case *c, const double *eta);
bool pk_vanco_etas_of(int model, const struct pk_vanco_case *c, double *eta); /* the MAP estimate */

#endif
