/* policy: what payers and settings disagree about, as one table of settings with the source of each.
 *
 * Constant table; a struct charge_policy is the caller's. Any thread. Rule: every threshold of the charge engine is
 * a row here (our default, from the billing reference) and can be set by content; none is written in the engine.
 */
#ifndef ACCOUNT_POLICY_H
#define ACCOUNT_POLICY_H

#include "base/err.h"

enum { SETTING_FACILITY, SETTING_OFFICE };
enum { CONC_MAJORITY, CONC_MIN };
enum { SAME_SUM, SAME_REPEAT };
enum { MISSING_PUSH, MISSING_HOLD };
enum { GAP_FROM_START, GAP_FROM_STOP };
enum { SECOND_59, SECOND_X, SECOND_XE, SECOND_XS, SECOND_XP, SECOND_XU };

/* name, words ("" an integer), default, least, most, meaning, source (S-numbers: the billing reference, section 2) */
#define CHARGE_POLICY(P)                                                                                              \
    P(setting, "facility|office", SETTING_FACILITY, 0, 1, "who bills: a facility ranks, an office follows the reason for the visit", "S5") \
    P(infusion_from, "", 16, 1, 60, "minutes from which an infusion counts as one; shorter is a push", "S2: AAPC, icd10monitor p=49453") \
    P(add_from, "", 91, 61, 180, "minutes from which a drug infusion has a further hour", "S6; AAPC 157218: 90 is not enough") \
    P(add_every, "", 60, 15, 240, "minutes from one further hour to the next", "S6; AAPC 4-tips") \
    P(hyd_from, "", 31, 1, 60, "minutes from which fluid replacement counts", "S4: hcpro, AAPC 159393") \
    P(hyd_every, "", 60, 15, 240, "minutes from one hour of fluid to the next", "S6; medlearn: 175 min is 3") \
    P(hyd_accumulates, "no|yes", 1, 0, 1, "separate stretches of fluid add up", "S4: AAPC 159393") \
    P(prolonged_over, "", 480, 60, 1440, "minutes a portable pump must run over to be a long infusion", "section 1") \
    P(push_gap, "", 30, 0, 240, "minutes between two pushes of one drug", "S6: obc.med.miami.edu, wearemedicalcoders") \
    P(push_gap_strict, "no|yes", 1, 0, 1, "the gap must be longer, not just as long", "section 0 item 3: sources disagree") \
    P(push_gap_from, "start|stop", GAP_FROM_START, 0, 1, "the gap is counted from the start or the stop of the dose before", "S6, not settled by a source") \
    P(push_same_office, "no|yes", 0, 0, 1, "an office may report the same drug pushed again", "S6: AAPC 108863 says no") \
    P(conc_rule, "majority|min", CONC_MAJORITY, 0, 1, "beside another: more than half of its own minutes, or a number of minutes", "S7: hcpro HIM-311944; thehaugengroup, CMS A53778") \
    P(conc_min, "", 16, 1, 240, "minutes beside another, for the second rule", "S7: thehaugengroup") \
    P(conc_max, "", 1, 0, 9, "drugs beside another that an encounter may report", "S6, S7: thehaugengroup") \
    P(same_infusion, "sum|repeat", SAME_SUM, 0, 1, "one drug infused again: minutes added up, or a repeat", "S3: icd10monitor; clash X01") \
    P(missing_stop, "push|hold", MISSING_PUSH, 0, 1, "a drug infusion without a stop time: a push, or held", "S1: obc.med.miami.edu") \
    P(second_site_justified, "no|yes", 0, 0, 1, "the need for a second access is documented", "S5: ohiohima 2024/09") \
    P(second_modifier, "59|X|XE|XS|XP|XU", SECOND_59, 0, 5, "what a second initial service carries; X is XE or XS as it fits", "S10: CMS RAC topic 0071") \
    P(split_midnight, "no|yes", 0, 0, 1, "each date of service is counted for itself", "S9: disputed, thehaugengroup") \
    P(rank_chemo_inf, "", 1, 1, 9, "rank of an anticancer or complex biologic infusion (1 first)", "S5: AAPC 84877, hcpro HIM-249935") \
    P(rank_chemo_push, "", 2, 1, 9, "rank of an anticancer or complex biologic push", "S5") \
    P(rank_tpd_inf, "", 3, 1, 9, "rank of a drug infusion", "S5") \
    P(rank_tpd_push, "", 4, 1, 9, "rank of a drug push", "S5") \
    P(rank_hyd, "", 5, 1, 9, "rank of fluid replacement", "S5")

struct charge_policy {
    const char *version; /* of the rule pack, for the sheet; "" if none */
#define P(name, words, preset, least, most, meaning, source) int name;
    CHARGE_POLICY(P)
#undef P
};

struct charge_policy_row {
    const char *name;
    const char *words;
    int preset, least, most;
    const char *meaning, *source;
    size_t offset; /* of an int in struct charge_policy */
};

extern const struct charge_policy_row charge_policy_rows[];
extern const int charge_policy_count;

struct charge_policy charge_policy_default(void);
/* One setting by name, from a word of its list ("office") or whole number. ERR_INPUT names setting and choices. */
MUST_CHECK bool charge_policy_set(struct charge_policy *p, const char *name, const char *value, struct err *e);
/* The word or number a setting has now; out is for numbers. */
const char *charge_policy_show(const struct charge_policy *p, const struct charge_policy_row *row, char out[16]);

#endif
