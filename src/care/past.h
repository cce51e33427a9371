/* past: what another version of the content would have said of the infusions already given, as they really flowed.
 *
 * Any thread with its own read transaction; writes nothing. Rule: both versions are asked the same questions of the same
 * recorded facts (order, bag, flow, laboratory values of that hour), and only what differs is reported: a version that
 * stopped something then and now is no change.
 */
#ifndef CARE_PAST_H
#define CARE_PAST_H

#include "formulary/content.h"
#include "record/ledger.h"
#include "record/model.h"

enum { PAST_SAYS_MAX = 48, PAST_GROUPS_MAX = 400 };

/* One thing a version says of one infusion. */
struct past_says {
    const char *rule;     /* id of the rule table */
    const char *of;       /* which limit or value: "rate", "creatinine"; with the rule it tells sayings apart */
    const char *severity; /* hard stop, needs a reason, note */
    const char *text;
};

/* What would be new, or no longer said, of one infusion. */
struct past_change {
    const struct infusion *infusion;
    bool appears;         /* false: the new version no longer says it */
    struct past_says says;
};

struct past_group {
    char drug[64], rule[48], of[48], severity[20];
    bool appears;
    int count;
};

struct past_report {
    int infusions, changed;
    int stops, reasons, stops_gone, reasons_gone; /* infusions × sayings; notes are not counted */
    int unknown;                                  /* infusions whose own version is not in the ledger: not compared */
    struct past_group groups[PAST_GROUPS_MAX];
    int group_count;
};

struct past_run {
    const struct content *next;                   /* the version asked about */
    /* The version an order was made from, NULL if its text is not kept. */
    bool (*was)(void *ctx, struct tx *t, const char *hash, const struct content **out, struct err *e);
    void (*tell)(void *ctx, const struct past_change *c); /* each change; may be NULL */
    void *ctx;
};

/* All infusions of the transaction's site that began to flow. `t->a` is used for scratch and given back. */
MUST_CHECK bool past_replay(struct tx *t, const struct past_run *run, struct past_report *out, struct err *e);

#endif
