/* care: the service itself, in the order a patient meets it. Each file owns one room of it: its commands (writer
 * thread), the views that show it (reader threads), and the pure rules between. This header lists them all; serve
 * dispatches over these tables. Rule: commands change the world only through cmd_emit.
 */
#ifndef CARE_CARE_H
#define CARE_CARE_H

#include "care/cmd.h"
#include "care/commands.h"
#include "care/events.h"
#include "care/views.h"

#define CARE_ROOM(room) \
    extern const struct command room##_commands[]; \
    extern const int room##_command_count; \
    extern const struct view_type room##_views[]; \
    extern const int room##_view_count

CARE_ROOM(house);    /* site, staff, chairs, shifts, pumps, content     views: pumps, search, explain */
CARE_ROOM(plan);     /* make, sign, verify, delay, hold, skip, change, cancel  views: patients, regimens, plan */
CARE_ROOM(query);    /* questions about orders                           views: queries */
CARE_ROOM(book);     /* offer, book, move, cancel                       views: schedule, due */
CARE_ROOM(ready);    /* authorisation, consent                          views: ready */
CARE_ROOM(visit);    /* arrive, screen, vital signs, line, OK to treat, not treated, discharge */
CARE_ROOM(prepare);  /* stock, worksheet, label, check, release         views: pharmacy, stock */
CARE_ROOM(give);     /* associate, start … stop, pump messages, alarms  */
CARE_ROOM(queue);    /* messages that failed: again, fix, map, put aside  views: interfaces */
CARE_ROOM(watch);    /* reactions                                       views: floor, bedside */
CARE_ROOM(correct);  /* chart.correct                                    views: chart */
CARE_ROOM(teach);    /* questions                                       views: patient, questions */

#define TABLE_COUNT(t) ((int)(sizeof(t) / sizeof((t)[0])))
/* A file with no views (or commands) says so with these. */
#define NO_VIEWS(room) const struct view_type room##_views[1] = {{0}}; const int room##_view_count = 0
#define NO_COMMANDS(room) const struct command room##_commands[1] = {{0}}; const int room##_command_count = 0

/* ---- shared by the rooms of care: patient.c ------------------------------------------------------------------------ */

/* The banner's facts; *out strings in v->a. */
MUST_CHECK bool care_banner(struct tx *t, const struct zone *z, utc_t now, const char *patient, const char *visit, struct banner *out, struct err *e);
/* "FAMILY, Given" */
const char *care_name(struct arena *a, const struct patient *p);
/* Latest observation by our name; *found false if there is none. */
MUST_CHECK bool care_latest(struct tx *t, const char *patient, const char *name, struct observation *out, bool *found, struct err *e);
/* The visit and its state, refused with ERR_CONFLICT naming the state if it is none of `states` ("booked|arrived"). */
MUST_CHECK bool care_visit_in(struct cmd *c, const char *visit, const char *states, struct visit *out, struct err *e);
/* Orders of a visit that are not running yet become "cancelled" or "held". */
MUST_CHECK bool care_cancel_orders(struct cmd *c, const char *visit, const char *state, struct err *e);
/* If no visit of the plan is left to come, the plan is completed. */
MUST_CHECK bool care_plan_over(struct cmd *c, const char *plan, struct err *e);
/* NEWS2 and the change rules of the visit's drugs against the baseline: watch.c. */
MUST_CHECK bool care_vitals_derive(struct cmd *c, struct vital_signs *s, struct err *e);
/* *why NULL: OK to treat is signed and its facts stand. visit.c */
MUST_CHECK bool care_ok_holds(struct cmd *c, const struct visit *v, const char **why, struct err *e);
/* The vials in a bag: none expired, none of a recalled lot. prepare.c */
MUST_CHECK bool care_judge_vials(struct cmd *c, const struct prep *p, struct err *e);
/* The bag's id from what its label says (AI 21), bracketed or raw; NULL if it is none of this site's. patient.c */
const char *care_bag_id(struct arena *a, int64_t site, const char *code);
/* {"name":"value"}, escaped: a fact of a refusal. patient.c */
const char *care_fact(struct arena *a, const char *name, const char *value);
/* Observation over, end-of-visit vital signs near baseline, no open reaction: refuses what is not so. watch.c */
MUST_CHECK bool care_discharge_gate(struct cmd *c, const struct visit *v, struct err *e);
/* The command wants words from the caller. */
MUST_CHECK bool care_need_reason(struct cmd *c, struct err *e);

/* Dates are YYYY-MM-DD, local to the site. */
const char *care_day(struct arena *a, const struct zone *z, utc_t t);
const char *care_show_date(struct arena *a, const char *date);          /* "14-Jul-1968" */
const char *care_add_days(struct arena *a, const char *date, int days);
utc_t care_midnight_utc(const char *date);                              /* the date as days since 1970, in utc_t */
utc_t care_local(const struct zone *z, const char *date, int minute_of_day);
const char *care_qty_text(struct arena *a, struct qty q);               /* qty_show, kept */
const char *care_ml(struct arena *a, struct dec n, const char *unit);   /* "166.7 mL/h": one decimal, for people */

#endif
