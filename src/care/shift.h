/* shift: what becomes of a plan's visits when one of them is delayed, held, skipped or gets shorter, and of their orders,
 * bags and bookings. Writer thread. Rule: every visit that moved is named in the answer, and a booking that no longer
 * holds is undone or said, never left to be found out.
 */
#ifndef CARE_SHIFT_H
#define CARE_SHIFT_H

#include "care/care.h"

/* The booking of a visit row, emptied; the names of those fields for its event. */
#define BOOKING_FIELDS "start end chair nurse unfit"
void care_free_booking(struct visit *v);

/* This visit and the later ones of its plan move by `days`; a booking outside its new window is undone. The answer's
 * result: {"says":…,"moved":[{"visit","number","from","to","unbooked"}]}; says NULL: how many moved. */
MUST_CHECK bool care_shift_visits(struct cmd *c, const struct visit *from, int days, const char *says, struct err *e);
/* A slot is skipped, as the regimen says: the dose is left out for good (state `gone`, the later visits keep their days),
 * or every dose counts: it and the later ones move by the interval. `event` tells it; v's reason is set by the caller.
 * `more`: fields of v besides state, booking and reason that changed, or "". */
MUST_CHECK bool care_skip_visit(struct cmd *c, struct visit *v, const char *gone, const struct event_type *event, const char *more, struct err *e);
/* The length of a visit changed: its booking is drawn out or shortened, or marked as no longer fitting. book.c */
MUST_CHECK bool care_refit(struct cmd *c, struct visit *v, struct err *e);
/* Bags of this visit or order that do not hang are killed; vials not yet mixed go back on the shelf. `column` is "visit"
 * or "med_order". prepare.c */
MUST_CHECK bool care_kill_bags(struct cmd *c, const char *column, const char *id, const char *why, struct err *e);
/* The last drug is in, and none is to come: observation. give.c */
MUST_CHECK bool care_visit_watches(struct cmd *c, const char *visit, struct err *e);

command_fn visit_delay, visit_hold, visit_resume, visit_skip, order_cancel;

#endif
