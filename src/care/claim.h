/* claim: flow of a pump that nobody had tied to a patient, and the bag that turns out to be it: started first and scanned
 * after. Writer's thread, inside a command. Rule: what belonged to nobody is never rewritten; the infusion gets copies of
 * its facts, each saying which one it is of, so whoever looks sees that they were claimed, when and by whom.
 */
#ifndef CARE_CLAIM_H
#define CARE_CLAIM_H

#include "care/flow.h"

enum { CLAIM_FACTS_MAX = 2000 };

struct claim {
    struct flow_fact *facts; /* by time; memory in the command's arena */
    int count;
    utc_t since;             /* the first one's time; UTC_NONE: nothing to claim */
};

/* What of this channel's flow is nobody's and is this bag's: told for the past (c->happened long before c->now), all
 * since then; scanned now, the stretch that flows now, from its start, for a bag is not changed while the pump runs.
 * Never what is told of the time before the last bag was taken down there: it is that one's, come late. */
MUST_CHECK bool care_unclaimed(struct cmd *c, const char *pump, const char *channel, struct claim *out, struct err *e);
/* Gives them to the infusion, whose row is there already. */
MUST_CHECK bool care_claim(struct cmd *c, const struct infusion *i, const struct claim *k, struct err *e);

#endif
