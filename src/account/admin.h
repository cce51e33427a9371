/* admin: administration charges by role, from the timeline of one patient's encounters.
 *
 * The rules are steps S0 to S12 of the billing reference (section 2), under the settings of policy.h. Pure: no clock,
 * no store, no randomness; everything made lives in the caller's arena. Any thread.
 * Rule: made from scratch out of the whole set of events each time, so their order does not matter, and every event
 * leaves a trace: the line it made, or why it made none. Time is counted in whole elapsed minutes, never rounded up.
 */
#ifndef ACCOUNT_ADMIN_H
#define ACCOUNT_ADMIN_H

#include "account/policy.h"
#include "account/role.h"
#include "account/span.h"

enum charge_class {
    CLASS_CHEMO,    /* anticancer, and the complex biologics a payer puts with it */
    CLASS_HORMONAL, /* anticancer hormone */
    CLASS_TPD,      /* every other drug: therapy, prevention, diagnosis */
    CLASS_HYD,      /* fluid and electrolytes ordered as fluid replacement */
    CLASS_BLOOD,
    CLASS_NONE      /* not a drug: a flush, a lock, a declotting agent */
};

enum charge_technique {
    TECH_INF,
    TECH_PUSH,
    TECH_INJ,       /* under the skin or into a muscle */
    TECH_SC_INF,    /* infusion under the skin */
    TECH_PROLONGED, /* start of a long infusion on a portable pump */
    TECH_PORT_FLUSH,
    TECH_DECLOT,
    TECH_REFILL
};

enum {
    CHARGE_EVENTS_MAX = 1000, /* in one timeline */
    CHARGE_PAUSES_MAX = 200,  /* in one event */
    CHARGE_DAYS_MAX = 60,     /* one event may last */
    CHARGE_PARTS_MAX = 4000   /* events times the dates they touch, when dates are counted apart */
};

struct charge_event {
    const char *id;        /* unique in the timeline */
    const char *substance; /* drug, or the mix when one bag holds several */
    enum charge_class cls;
    enum charge_technique technique;
    const char *access;    /* NULL: the only one */
    const char *encounter; /* NULL: the only one */
    utc_t start, stop;     /* UTC_NONE when not recorded */
    const struct span *pauses; /* when nothing flowed; parts outside start…stop are ignored */
    int pause_count;
    int pause_min;         /* minutes known to be paused, their place unknown; 0 none */
    const char *excluded;  /* a word of charge_exclusions ("KVO") or the reason in plain words; NULL: counts */
    bool primary;          /* the reason for the visit */
    bool implanted;        /* of a refill: the pump is implanted */
};

struct charge_timeline {
    const struct charge_event *events; /* any order */
    int count;
    const struct zone *zone;           /* of the site: dates and clock times; NULL is UTC */
};

enum { CHARGE_MODIFIERS_MAX = 4 };

struct sheet_line {
    enum charge_role role;
    int units;
    const char *modifiers[CHARGE_MODIFIERS_MAX];
    int modifier_count;
    const char *date;      /* of service, YYYY-MM-DD */
    const char *encounter, *access; /* "" when there is only one */
    utc_t start, stop;     /* what the line rests on, for drawing; stop UTC_NONE if unknown */
    int minutes;           /* of the timeline used by this line */
    const char *sentence;  /* why this line stands, for staff and auditors */
    const char **events;   /* ids, sorted */
    int event_count;
};

enum charge_fate {
    FATE_LINE,    /* stands on a line of its own or shares one */
    FATE_DROPPED, /* never billable, or the rules give it nothing */
    FATE_HELD     /* waits for an answer */
};

struct sheet_trace {
    const char *event;
    enum charge_fate fate;
    const char *text;
};

enum charge_query_kind {
    QUERY_MISSING_START,
    QUERY_MISSING_STOP,
    QUERY_TIMES,     /* stop before start, or no minute in between */
    QUERY_PRIMARY,   /* office: no reason for the visit recorded, or more than one */
    QUERY_TIE,       /* two services of one rank began together */
    QUERY_ACCESS,    /* two accesses, no documented need */
    QUERY_CODER      /* no rule fits: a person decides */
};

struct sheet_query {
    enum charge_query_kind kind;
    const char *event; /* id, or "" for the visit */
    const char *text;
};

struct charge_sheet {
    const char *rules; /* version of the policy */
    struct sheet_line *lines;
    int line_count;
    struct sheet_trace *traces; /* one per event, in the order given */
    int trace_count;
    struct sheet_query *queries;
    int query_count;
};

/* False only for a timeline that is no timeline: too many events, an id missing or used twice, an event over
 * CHARGE_DAYS_MAX days. What is missing in the charting becomes a query. */
MUST_CHECK bool charge_admin(const struct charge_timeline *t, const struct charge_policy *p, struct arena *a,
    struct charge_sheet *out, struct err *e);

/* The sheet's lines as a claim counts them: one per role, date and modifiers; units and minutes added up, events and
 * sentences joined. Returns how many; *out lives in the arena. */
int charge_admin_claim(const struct charge_sheet *s, struct arena *a, struct sheet_line **out);

/* What is never charged (S0), by word. */
struct charge_exclusion {
    const char *word;
    const char *says;
};
extern const struct charge_exclusion charge_exclusions[];
extern const int charge_exclusion_count;

bool charge_class_find(const char *word, enum charge_class *out);         /* "chemo", "tpd", … */
bool charge_technique_find(const char *word, enum charge_technique *out); /* "inf", "push", … */
const char *charge_class_word(enum charge_class c);
const char *charge_technique_word(enum charge_technique t);
const char *charge_query_word(enum charge_query_kind k);                  /* "missing_stop", … */

#endif
