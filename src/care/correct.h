/* correct: what was charted, told otherwise later. Writer thread; the table is constant.
 * Rule: a correction is a fact of its own (record correction) beside the patch it makes; nothing is overwritten unseen.
 */
#ifndef CARE_CORRECT_H
#define CARE_CORRECT_H

#include "care/care.h"
#include "formulary/content.h"

struct chart_rule {
    const struct record *record;
    const char *fields; /* that a person may correct, separated by spaces */
    const struct event_type *event;
    const char *what;   /* in words */
};
extern const struct chart_rule chart_rules[];
extern const int chart_rule_count;

/* The visit is no longer open, but what is told happened while it was: charted after the fact, with a reason. */
bool care_is_late(const struct cmd *c);
/* When it was charted, if that was later than it happened; UTC_NONE. */
utc_t care_charted(const struct cmd *c);
/* care_visit_in, or a visit that is over if what is told lies within it and a reason is given. */
MUST_CHECK bool care_visit_then(struct cmd *c, const char *visit, const char *states, struct visit *out, struct err *e);

/* Something about this infusion was told after the fact: kept with the corrections, so that a claim made before shows. */
MUST_CHECK bool care_told_late(struct cmd *c, const struct infusion *i, const char *field, const char *now, struct err *e);

/* Plausible numbers: ERR_INPUT names the field. visit.c */
MUST_CHECK bool care_vitals_plausible(const struct vital_signs *s, struct err *e);
/* Every question answered, none unknown; *positive gets the ids that need someone, as a JSON list. visit.c */
MUST_CHECK bool care_screen_answers(struct cmd *c, const struct screen_form *f, const char *answers, const char **positive, struct err *e);
/* The rate at its onset; the restart its grade allows, unless one was ordered or made already. watch.c */
MUST_CHECK bool care_reaction_rate(struct cmd *c, struct reaction *r, struct err *e);
MUST_CHECK bool care_reaction_restart(struct cmd *c, struct reaction *r, struct err *e);
/* Facts of an infusion that was taken down have changed: its order and bag say again what became of them. give.c */
MUST_CHECK bool care_order_again(struct cmd *c, const char *infusion, struct err *e);

#endif
