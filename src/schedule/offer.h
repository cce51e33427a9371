/* offer: times for one visit, best first, each with its reason. The interface the optimiser will take over.
 *
 * Pure; any thread: the whole problem comes in, nothing is looked up. Rule: an offer is feasible against the bookings
 * it was given: a free chair, a nurse on shift with room for one more and no other set-up at that moment, inside
 * opening hours and the visit's window. List scheduling: days nearest the due day first, then the calmest time.
 */
#ifndef SCHEDULE_OFFER_H
#define SCHEDULE_OFFER_H

#include "base/arena.h"
#include "base/utc.h"

enum { SCHEDULE_SLOT_MIN = 15, SCHEDULE_DAYS_MAX = 62, SCHEDULE_BUSY_MAX = 20000, SCHEDULE_OFFERS_MAX = 12 };

struct schedule_chair { const char *id, *pod; bool bed; };
struct schedule_nurse { const char *id, *name, *pod; utc_t start, end; int patients; }; /* one shift */
struct schedule_busy { const char *chair, *nurse; utc_t start, end, setup_end; };
struct schedule_day { const char *date; utc_t opens, closes; int from_due; /* days from the due day, negative early */ };

struct schedule_problem {
    const struct schedule_chair *chairs; int chair_count;
    const struct schedule_nurse *nurses; int nurse_count;
    const struct schedule_busy *busy; int busy_count;
    const struct schedule_day *days; int day_count;
    utc_t not_before;                      /* now */
    int setup_min, drug_min, observe_min;  /* of the visit */
    const char *nurse_before;              /* nurse of the last visit, preferred; NULL */
};

struct schedule_offer {
    utc_t start, end;
    const char *chair, *nurse;
    const char *says;
};

/* Up to `max` offers into out; *count 0 when nothing fits, then *why says which resource binds. ERR_INPUT for a visit
 * longer than any day, ERR_TOO_LARGE over the limits. */
MUST_CHECK bool schedule_offers(struct arena *a, const struct schedule_problem *p, int max, struct schedule_offer *out, int *count, const char **why, struct err *e);

/* What stands in the way of a booking: nothing, the chair, a nurse not on shift, one setting up another patient, or one
 * with as many patients as the shift allows. *why in words ("chair A3 is taken from 10:00"); zone only for the words. */
enum schedule_bind { SCHEDULE_FREE, SCHEDULE_CHAIR, SCHEDULE_SHIFT, SCHEDULE_SETUP, SCHEDULE_FULL };
enum schedule_bind schedule_fits(struct arena *a, const struct schedule_problem *p, const struct schedule_offer *booking, const struct zone *zone, const char **why);

#endif
