/* charge_read: the answer-key file of the charge engine, from JSON to what the engine is given.
 *
 * Everything lives in the caller's arena. Rule: what cannot be read is an error with line and column; a member that
 * is not known is noted, never silently taken for nothing.
 */
#ifndef CHARGE_READ_H
#define CHARGE_READ_H

#include "account/admin.h"
#include "account/benefit.h"
#include "account/drug.h"
#include "clinic/vials.h"
#include "base/buf.h"
#include "base/tree.h"

struct case_admin {
    struct charge_timeline timeline;
    struct charge_policy policy;
};

struct case_drug {
    struct dec dose;
    struct vial_size vials[VIAL_SIZES_MAX];
    int vial_count;
    struct drug_given given; /* opened is filled after the vials are chosen, unless the case gives it */
};

struct case_benefit {
    struct benefit_plan plan;
    struct benefit_line line;
    const char *cannot; /* why it cannot be run, or NULL */
};

/* `defaults` is the file's own member of that name, or NULL. Unknown members are written to notes, one a line. */
MUST_CHECK bool charge_read_admin(const struct node *c, const struct node *defaults, struct arena *a, struct case_admin *out,
    struct buf *notes, struct err *e);
MUST_CHECK bool charge_read_drug(const struct node *c, struct case_drug *out, struct buf *notes, struct err *e);
MUST_CHECK bool charge_read_benefit(const struct node *c, struct case_benefit *out, struct err *e);

/* "[days+]HH:MM" counted from a day without meaning, UTC. */
MUST_CHECK bool charge_read_time(const struct node *n, utc_t *out, struct err *e);

#endif
