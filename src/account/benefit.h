/* benefit: what a patient may have to pay, line by line, from what the payer said and what is left of its limits.
 *
 * Rules of the billing reference, section 4.7. Pure; steps live in the caller's arena; any thread. Money is exact, two
 * places, one currency.
 * Rule: always an estimate, and every amount carries the step that made it.
 */
#ifndef ACCOUNT_BENEFIT_H
#define ACCOUNT_BENEFIT_H

#include "base/arena.h"
#include "base/dec.h"

enum { BENEFIT_LINES_MAX = 100 };

struct benefit_line {
    const char *what;      /* "giving the drug" */
    struct dec allowed;    /* by the contract */
    struct dec coinsurance;/* part the patient pays after the deductible, 0 to 1; DEC_NONE: of the plan */
    struct dec copay;      /* fixed amount; DEC_NONE: none */
};

struct benefit_plan {
    const char *currency;                    /* "USD" */
    struct dec coinsurance;                  /* 0 to 1 */
    struct dec deductible_left, family_deductible_left; /* DEC_NONE: no such limit */
    struct dec oop_left, family_oop_left;    /* most the patient still pays this year; DEC_NONE: no limit */
    struct dec sequestration;                /* part held back from what the plan pays, 0 to 1; DEC_NONE: none */
    bool secondary;                          /* a second cover follows */
    bool secondary_pays_deductible;          /* and takes over the deductible too, not only the share after it */
    struct dec card_max;                     /* of an assistance card; DEC_NONE: none. Never with a federal plan */
    bool card_not_counted;                   /* the plan does not count card money towards its limit (accumulator) */
};

struct benefit_share {
    const char *what;
    struct dec allowed, deductible, coinsurance, copay; /* deductible + coinsurance + copay before the yearly limit */
    struct dec patient;
    const char *says;
};

struct benefit_estimate {
    struct benefit_share *lines;
    int line_count;
    struct dec allowed;
    struct dec patient;   /* in the end, after second cover and card */
    struct dec plan;      /* allowed − patient's share under the first cover */
    struct dec plan_paid; /* after sequestration */
    struct dec secondary, card;
    struct dec oop_credit;/* counts towards the yearly limit */
    struct dec deductible_left, oop_left; /* after these lines; DEC_NONE: no limit */
    const char **steps;   /* of the whole: second cover, card */
    int step_count;
};

/* ERR_INPUT naming the amount that is missing, negative, or no share between 0 and 1. */
MUST_CHECK bool benefit_estimate(const struct benefit_plan *p, const struct benefit_line *lines, int count, struct arena *a,
    struct benefit_estimate *out, struct err *e);

/* "USD 1,286.40": for people, always two places. */
const char *benefit_money(struct arena *a, const char *currency, struct dec amount);

#endif
