/* admin_inner: what the steps of the charge engine hand to each other. Used by admin*.c only. */
#ifndef ACCOUNT_ADMIN_INNER_H
#define ACCOUNT_ADMIN_INNER_H

#include "account/admin.h"

enum item_kind {
    ITEM_INF,
    ITEM_PUSH,
    ITEM_HYD,
    ITEM_OTHER /* blood or a long infusion: takes its time from the fluid, competes for nothing */
};

/* One event that counts, or its part of one date when dates are counted apart. */
struct part {
    int event;            /* index in work.events */
    enum item_kind kind;
    utc_t start, stop;    /* stop UTC_NONE: no duration recorded */
    struct spans running; /* empty without a duration */
    int64_t minutes;
    int group;
    int item;
};

/* Encounter (and date, when dates are counted apart) and access: the place of one initial service. */
struct group {
    int encounter; /* index in work.encounters */
    const char *access;
    utc_t start;
    int initial;   /* item, -1 none */
};

struct encounter {
    const char *name;
    const char *date; /* "" unless dates are counted apart */
    utc_t start;
    int concurrent;   /* lines given */
};

/* What competes for a line: all infusions of one drug, one push, all fluid of a group. */
struct item {
    enum item_kind kind;
    bool chemo;
    int group;
    const char *substance;
    utc_t start, stop;
    struct spans running;
    int64_t minutes;
    int bags;
    int rank;
    bool candidate;   /* may be the initial service */
    bool flagged;     /* holds the reason for the visit */
    bool again;       /* a push of a drug reported before */
    bool cut;         /* of fluid: time beside a drug was left out */
    bool placed;      /* an infusion that others may run beside */
    int beside;       /* the item it ran beside, -1 */
};

struct work {
    const struct charge_timeline *t;
    const struct charge_policy *p;
    struct arena *a;
    const struct charge_event **events; /* sorted: nothing below depends on the order given */
    int *given;                         /* events[i] is t->events[given[i]] */
    int count;
    struct part *parts;
    int part_count, part_room;
    struct encounter *encounters;
    int encounter_count;
    struct group *groups;
    int group_count;
    struct item *items;
    int item_count;
    struct charge_sheet *sheet;
    int line_room, query_room;
};

/* admin.c */
void admin_trace(struct work *w, int event, enum charge_fate fate, const char *text);
void admin_query(struct work *w, enum charge_query_kind kind, const char *event, const char *text);
const char *admin_clock(struct work *w, utc_t t);
const char *admin_date(struct work *w, utc_t t);
int admin_group(struct work *w, const struct charge_event *ev, utc_t start);
struct sheet_line *admin_line(struct work *w, enum charge_role role, int units, int group);

/* admin_read.c: S0 to S4, and the services of S8 that stand outside the ranking */
MUST_CHECK bool admin_read(struct work *w, struct err *e);
void admin_items(struct work *w);
void admin_flushes(struct work *w);

/* admin_place.c: S5 and S7 */
void admin_place(struct work *w);

/* admin_emit.c: S6 and S10 */
void admin_emit(struct work *w);

#endif
