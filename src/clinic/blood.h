/* blood: may this unit go into this patient: derived from antigens and antibodies, never looked up in a typed matrix.
 *
 * Pure; any thread. Rule: red cells must not carry an antigen the recipient has an antibody against; plasma must not
 * carry an antibody against an antigen of the recipient. An unknown group has every antibody and every antigen, so only
 * group O red cells and AB plasma fit it. A match by group replaces neither the crossmatch nor the two-person check.
 */
#ifndef CLINIC_BLOOD_H
#define CLINIC_BLOOD_H

#include "base/err.h"

/* Antigens of the red cell that transfusion asks about; the same bits name the antibodies against them. */
enum blood_antigen {
    BLOOD_A = 1 << 0,
    BLOOD_B = 1 << 1,
    BLOOD_D = 1 << 2,
    BLOOD_C = 1 << 3,
    BLOOD_E = 1 << 4,
    BLOOD_SMALL_C = 1 << 5,
    BLOOD_SMALL_E = 1 << 6,
    BLOOD_K = 1 << 7,
    BLOOD_FYA = 1 << 8,
    BLOOD_FYB = 1 << 9,
    BLOOD_JKA = 1 << 10,
    BLOOD_JKB = 1 << 11,
    BLOOD_BIG_S = 1 << 12,
    BLOOD_SMALL_S = 1 << 13,
    BLOOD_ALL = (1 << 14) - 1
};
const char *blood_antigen_name(unsigned one); /* "A", "Fy(a)"; of the lowest bit */
MUST_CHECK bool blood_antigen_read(const char *name, unsigned *out, struct err *e);

struct blood_group {
    bool known;        /* ABO; an unknown one is treated as the worst of all */
    unsigned abo;      /* BLOOD_A | BLOOD_B */
    bool d_known, d;   /* RhD */
};
/* "O neg", "AB pos", "A+", "unknown". */
MUST_CHECK bool blood_group_read(const char *text, struct blood_group *out, struct err *e);

enum blood_product { BLOOD_RED_CELLS, BLOOD_PLASMA, BLOOD_PLATELETS, BLOOD_CRYO, BLOOD_WHOLE };
MUST_CHECK bool blood_product_read(const char *word, enum blood_product *out, struct err *e);

struct blood_recipient {
    struct blood_group group;
    unsigned antibodies; /* found now or ever before (a faded antibody counts) */
    bool protect_d;      /* D-negative and not to be immunised (may bear children; site policy) */
};

struct blood_unit {
    enum blood_product product;
    struct blood_group group; /* of the donor */
    unsigned absent;          /* antigens the unit was typed negative for, besides ABO and D */
    bool low_titre;           /* anti-A and anti-B below the site's limit */
};

enum blood_verdict { BLOOD_NO, BLOOD_IF, BLOOD_YES, BLOOD_SAME }; /* better is greater */

struct blood_match {
    enum blood_verdict verdict;
    const char *why;       /* NO: "the unit carries B and the patient anti-B"; else NULL */
    const char *condition; /* IF: what must be agreed or done; may stand beside YES as a note */
    unsigned meeting;      /* the antigens at fault */
};

/* ERR_INPUT: a unit whose own group is not known. */
MUST_CHECK bool blood_match(const struct blood_recipient *r, const struct blood_unit *u, struct blood_match *out,
    struct err *e);

#endif
