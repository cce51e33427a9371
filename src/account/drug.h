/* drug: which vials, how many billing units were given, how many thrown away, and the modifiers that say so.
 *
 * Rules of the billing reference, section 3.2. Pure; results in the caller's arena; any thread. Amounts are exact
 * decimals in one unit (the drug's), never mixed.
 * Rule: given rounds up, waste rounds down, and the units of both together never go above what was opened.
 */
#ifndef ACCOUNT_DRUG_H
#define ACCOUNT_DRUG_H

#include "base/arena.h"
#include "base/dec.h"

enum drug_supply {
    SUPPLY_BOUGHT,  /* by the site: charged */
    SUPPLY_WHITE,   /* sent by a pharmacy for this patient */
    SUPPLY_FREE,    /* given by the maker or a programme */
    SUPPLY_PATIENT  /* brought by the patient */
};

struct drug_given {
    const char *code;        /* the site's billing code of the drug, or our word for it */
    const char *name;        /* for the sentence; NULL: the code */
    const char *uom;         /* unit of every amount, for the sentence: "mg" */
    struct dec unit;         /* amount in one billing unit, above zero */
    struct dec given;        /* what reached the patient */
    struct dec opened;       /* label amount of all vials opened for this patient */
    struct dec charted_waste;/* as charted; DEC_NONE: not charted */
    enum drug_supply supply;
    bool multi_dose;         /* container used for more than one patient: no waste on the claim */
    bool no_modifiers;       /* payer or setting takes neither JW nor JZ (packaged drugs, RHC, FQHC) */
    bool plain_below_unit;   /* waste below one unit: no JZ. CMS is read as wanting JZ; sources disagree (3.2) */
};

struct drug_line {
    const char *code;
    int64_t units;
    const char *modifier; /* "JW", "JZ" or NULL */
    struct dec amount;    /* given or wasted */
    const char *sentence;
};

enum { DRUG_LINES_MAX = 2 };

struct drug_sheet {
    struct drug_line lines[DRUG_LINES_MAX];
    int line_count;
    struct dec waste;      /* opened − given */
    const char *sentence;  /* why there is no line; NULL if there is */
    const char *query;     /* for staff, or NULL: waste not charted, or charted differently */
};

/* ERR_INPUT when an amount is no number, not above zero, or more was given than opened. */
MUST_CHECK bool charge_drug(const struct drug_given *in, struct arena *a, struct drug_sheet *out, struct err *e);

/* A national drug code to 11 digits without dashes: 4-4-2, 5-3-2 and 5-4-1 are padded where they are short. Ten digits
 * without dashes are refused: nobody can tell where the zero goes. */
MUST_CHECK bool charge_ndc11(const char *ndc, char out[12], struct err *e);

#endif
