/* flow: the segments of a stored infusion. Any thread with its own tx. Rule: the row of an infusion says what its facts
 * say, because only care_flow_after writes those columns.
 */
#ifndef CARE_FLOW_H
#define CARE_FLOW_H

#include "care/care.h"
#include "clinic/flow.h"

bool care_has_pump(const char *method);
/* Segments and summary from all facts of the infusion; memory in t->a. */
MUST_CHECK bool care_flow(struct tx *t, const struct infusion *i, struct flow *out, struct err *e);

/* The same from facts already read, in any order. */
MUST_CHECK bool care_flow_of(struct arena *a, const struct infusion *i, const struct flow_fact *rows, int n, struct flow *out, struct err *e);

/* What the row of the infusion says of it, without reading a fact: no segments, flush and counter not known. Texts stay
 * the row's. */
struct flow care_flow_row(const struct infusion *i);

/* The infusions that own a pump's channel now, the latest first (none, or one). */
MUST_CHECK bool care_open_on(struct tx *t, const char *pump, const char *channel, struct infusion **out, int *n, struct err *e);
/* Refuses a start, resume or raise the drug's table, a reaction or missing vital signs forbid: rate.c. ERR_INPUT without a rate. */
MUST_CHECK bool care_judge_rate(struct cmd *c, const struct infusion *i, struct dec rate, struct err *e);
/* Given, or given in part, by the volume now known; of an order that is closed already. give.c */
MUST_CHECK bool care_order_by_volume(struct cmd *c, const char *infusion, struct err *e);
/* When the infusion was taken down; UTC_NONE while it hangs. */
MUST_CHECK bool care_taken_down(struct tx *t, const char *infusion, utc_t *at, struct err *e);
/* The visit moves on with its first drop, whoever tells of it: a start nobody charted must not leave it behind. give.c */
MUST_CHECK bool care_visit_goes(struct cmd *c, const struct infusion *i, struct err *e);
/* Emit a fact said by the person of this command. */
MUST_CHECK bool care_flow_fact(struct cmd *c, const struct infusion *i, enum flow_kind kind, struct dec rate, struct dec total, struct err *e);

/* pump.c: the pump's own words. */
command_fn pump_message, pump_watch;

#endif
