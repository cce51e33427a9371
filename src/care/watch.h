/* watch: what is due, and the two pages that show it. Reader threads with their own tx.
 * Rule: what is due is derived at each look from the facts and the drug's content; it is never stored.
 */
#ifndef CARE_WATCH_H
#define CARE_WATCH_H

#include "care/care.h"
#include "care/flow.h"
#include "formulary/content.h"

/* One visit with all that happened in it, read once and shown in many ways. */
struct scene {
    struct tx *t;
    const struct content *content;
    const struct zone *zone;
    utc_t now;
    struct visit visit;
    struct patient patient;
    struct med_order *orders;
    struct node **steps;         /* of each order, once read; for scene.c */
    struct prep *preps;
    struct infusion *infusions;
    struct flow *flows;          /* of each infusion */
    struct vital_signs *vitals;  /* oldest first */
    struct reaction *reactions;  /* latest first */
    struct alarm *alarms;        /* active first */
    struct screen *screens;
    const char *regimen;         /* id of the plan's regimen */
    const char *plan_title;
    int order_count, prep_count, infusion_count, vital_count, reaction_count, alarm_count, screen_count;
};
MUST_CHECK bool scene_read(struct tx *t, const struct content *c, const struct zone *z, utc_t now, const struct visit *v, struct scene *out, struct err *e);
/* The same for many visits of today at once, as far as the floor shows it: flows without segments (care_flow_row), bags
 * that wait to be hung, alarms that sound. Who is booked has a patient and a plan; who is gone, nothing but the visit. */
MUST_CHECK bool scenes_read(const struct view *v, const struct visit *visits, int n, struct scene *out, struct err *e);
bool scene_present(const struct visit *v); /* here, and not yet gone */
const struct infusion *scene_running(const struct scene *s, const struct flow **flow); /* the one that counts now, or NULL */
const struct med_order *scene_order(const struct scene *s, const char *id);
bool scene_asks(const struct scene *s, const struct screen_form *f);  /* this screen is for this visit */
bool scene_asked(const struct scene *s, const struct screen_form *f); /* and was asked at it */
const char *scene_waits_for(const struct scene *s); /* NULL: nothing */

/* The next step of the rate table: when and to what. False if there is none. */
bool scene_next_step(const struct scene *s, const struct infusion *i, const struct flow *f, utc_t *at, struct dec *rate);
utc_t scene_infusion_end(const struct scene *s, const struct infusion *i, const struct flow *f);

/* Where a change rule of a drug fires, against this baseline (may be NULL); none if it needs one that is not there. */
struct dec watch_limit(const struct drug_change *r, const struct vital_signs *base);

/* Minutes watched after the drug: longer after the first dose of a plan, where the content says so. */
int64_t care_observe_min(const struct drug *d, int64_t visit_number);

/* Checks due now and soon, most urgent first; returns the count. */
enum { SCENE_CHECKS_MAX = 16 };
int scene_checks(const struct scene *s, struct check_row out[SCENE_CHECKS_MAX]);

enum { FLOOR_MEMBERS = 4, BEDSIDE_MEMBERS = 17 };
extern const struct view_member floor_members[FLOOR_MEMBERS];
extern const struct view_member bedside_members[BEDSIDE_MEMBERS];
view_fn floor_show, bedside_show;

/* What the content says for this visit: the reaction pathway, alarm limits of vital signs, bands of the scores.
 * bedside_guide.c */
void bedside_guide(struct view *v, const struct scene *s);

#endif
