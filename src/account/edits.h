/* edits: what a payer would send back, found before the claim goes out.
 *
 * Rules S11 and H01 to H12 of the billing reference and its keys. Pure; any thread. Rule: an edit never changes a
 * line; it says what is wrong, why, and what to do; the caller acts and keeps the finding.
 */
#ifndef ACCOUNT_EDITS_H
#define ACCOUNT_EDITS_H

#include "account/role.h"
#include "base/arena.h"
#include "base/dec.h"

enum { EDIT_LINES_MAX = 500, EDIT_AUTHORISATIONS_MAX = 100 };

enum edit_action {
    EDIT_REJECT, /* the claim would be wrong */
    EDIT_HOLD,   /* wait for an answer */
    EDIT_DROP,   /* take the line off */
    EDIT_REDUCE, /* fewer units */
    EDIT_WARN
};

enum edit_cover { COVER_UNKNOWN, COVER_YES, COVER_NO };        /* is the diagnosis on the payer's list for the drug */
enum edit_notice { NOTICE_NONE, NOTICE_SIGNED, NOTICE_REFUSED }; /* the patient's advance notice */

/* One claim line; either an administration (drug NULL) or a drug. */
struct edit_line {
    enum charge_role role;           /* of an administration */
    const char *drug;                /* drug id; NULL: an administration */
    const char *code;                /* the site's code; may be NULL */
    const char *encounter, *access, *date;
    int64_t units;
    const char *const *modifiers;
    int modifier_count;
    const char *reason;              /* stored for a second initial service, or NULL */
    bool own_note;                   /* a visit: it has a note of its own */
    /* of a drug */
    bool single_dose, wants_modifier;/* single-dose container; the payer wants JW or JZ */
    bool supplied_by_others;
    bool unclassified;               /* the code names no drug */
    const char *name, *route, *ndc;
    struct dec unit, dose, opened;   /* amount in a unit; given; opened; DEC_NONE unknown */
    enum edit_cover cover;
    enum edit_notice notice;
};

struct edit_authorisation {
    const char *drug;
    int64_t left; /* billing units granted and not used */
};

struct edit_finding {
    const char *rule;  /* "H01" … */
    enum edit_action action;
    int line;          /* index of the line, -1 the claim */
    int64_t units;     /* EDIT_REDUCE: what is left */
    const char *says;
};

/* Findings in the order of the lines. Returns how many; ERR_TOO_LARGE over the limits is -1. */
int charge_edits(const struct edit_line *lines, int count, const struct edit_authorisation *auth, int auth_count,
    struct arena *a, struct edit_finding **out, struct err *e);

const char *edit_action_word(enum edit_action x);

#endif
