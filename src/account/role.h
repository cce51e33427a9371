/* role: the kinds of administration service a claim can name, in our own words.
 *
 * Constant tables; any thread. Rule: roles only: the codes a payer wants for them are licensed to the site and come
 * from the site's own map, never from this program.
 */
#ifndef ACCOUNT_ROLE_H
#define ACCOUNT_ROLE_H

#include "base/err.h"

enum charge_role_kind {
    ROLE_INITIAL, /* one per encounter and access */
    ROLE_ADDON,   /* stands only beside one of its parents */
    ROLE_ALONE,   /* outside the ranking */
    ROLE_VISIT    /* a visit with a person, not an administration */
};

/* role, kind, parents (mask of the roles it may stand under, 0 none), plain label.
 * Parents of HYD_ADD: billing reference S11 (codapedia 2815); the others follow from the table of S6. */
#define CHARGE_ROLES(R)                                                                                  \
    R(HYD_INIT, ROLE_INITIAL, 0, "fluid replacement, first hour")                                        \
    R(HYD_ADD, ROLE_ADDON, UNDER_ANY_INITIAL, "fluid replacement, further hour")                         \
    R(TPD_INF_INIT, ROLE_INITIAL, 0, "drug infusion, first hour")                                        \
    R(TPD_INF_ADD, ROLE_ADDON, UNDER_TPD_INF, "drug infusion, further hour")                             \
    R(TPD_INF_SEQ, ROLE_ADDON, UNDER_ANY_INITIAL, "another drug infused, first hour")                    \
    R(TPD_INF_CONC, ROLE_ADDON, UNDER_ANY_INITIAL, "another drug infused at the same time")              \
    R(TPD_PUSH_INIT, ROLE_INITIAL, 0, "drug pushed into the vein")                                       \
    R(TPD_PUSH_NEW, ROLE_ADDON, UNDER_ANY_INITIAL, "another drug pushed into the vein")                  \
    R(TPD_PUSH_SAME, ROLE_ADDON, UNDER_ANY_INITIAL, "the same drug pushed again")                        \
    R(SC_INF_INIT, ROLE_ALONE, 0, "infusion under the skin, first hour")                                 \
    R(SC_INF_ADD, ROLE_ADDON, UNDER_SC_INF, "infusion under the skin, further hour")                     \
    R(SC_INF_SETUP, ROLE_ADDON, UNDER_SC_INF, "infusion under the skin, another pump and site")          \
    R(TPD_INJ, ROLE_ALONE, 0, "injection under the skin or into a muscle")                               \
    R(CHEMO_INJ_NONHORM, ROLE_ALONE, 0, "anticancer or complex biologic injection, not a hormone")       \
    R(CHEMO_INJ_HORM, ROLE_ALONE, 0, "anticancer hormone injection")                                     \
    R(CHEMO_PUSH_INIT, ROLE_INITIAL, 0, "anticancer or complex biologic drug pushed")                    \
    R(CHEMO_PUSH_ADD, ROLE_ADDON, UNDER_ANY_INITIAL, "another anticancer or complex biologic pushed")    \
    R(CHEMO_INF_INIT, ROLE_INITIAL, 0, "anticancer or complex biologic infusion, first hour")            \
    R(CHEMO_INF_ADD, ROLE_ADDON, UNDER_CHEMO_INF, "anticancer or complex biologic infusion, further hour") \
    R(CHEMO_INF_SEQ, ROLE_ADDON, UNDER_ANY_INITIAL, "another anticancer or complex biologic infused")    \
    R(CHEMO_PROLONG, ROLE_ALONE, 0, "start of a long anticancer infusion by portable pump")              \
    R(TRANSFUSION, ROLE_ALONE, 0, "transfusion of blood or its products")                                \
    R(PORT_FLUSH, ROLE_ALONE, 0, "flush of an implanted port as the only service")                       \
    R(DECLOT, ROLE_ALONE, 0, "clot dissolved in a catheter")                                             \
    R(PUMP_REFILL_PORTABLE, ROLE_ALONE, 0, "portable pump refilled")                                     \
    R(PUMP_REFILL_IMPLANTED, ROLE_ALONE, 0, "implanted pump refilled")                                   \
    R(OFFICE_NURSE_VISIT, ROLE_VISIT, 0, "visit with the nurse")                                         \
    R(OFFICE_VISIT, ROLE_VISIT, 0, "visit with the prescriber")

enum charge_role {
#define R(name, kind, under, label) ROLE_##name,
    CHARGE_ROLES(R)
#undef R
        ROLE_COUNT
};

struct charge_role_info {
    const char *name; /* "TPD_INF_INIT" */
    const char *label;
    enum charge_role_kind kind;
    uint64_t parents; /* bit per role */
};

extern const struct charge_role_info charge_roles[ROLE_COUNT];
bool charge_role_find(const char *name, enum charge_role *out);

#endif
