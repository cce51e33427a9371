/* harness: a small infusion centre in an in-memory store, asked as serve asks it: JSON in, record_from_json, savepoint,
 * command_decide, refusals kept. One clock, set by the test. Single thread.
 *
 * Inputs are printf formats with ' for ", so that they read well: did(h, "nurse1", "visit.arrive", "{'visit':'%s'}", v).
 */
#ifndef TEST_CARE_HARNESS_H
#define TEST_CARE_HARNESS_H

#include "../base/harness.h"

#include "care/care.h"
#include "formulary/content.h"

enum { OVERRIDES_TRIED_MAX = 20, KEEPSAKES_MAX = 24 };

struct house {
    struct store *store;
    struct arena *keep, *a;
    const struct content *content;
    struct zone *zone;
    utc_t now;
    /* said with the next command only */
    const char *reason, *override; /* override: the words with which every refusal met is passed */
    const char *key, *body;        /* idempotency */
    utc_t happened;
    /* what came of it */
    struct err e;
    struct node *answer;           /* also the problem document of a refusal */
    bool repeated;
};

int house_open(
    void **state); /* cmocka setup: site, people, chairs, shifts, pumps, stock; 2026-03-09 (a Monday) 08:00 local */
int house_close(void **state);

/* A call into record that has to work. */
#define WORKS(h, call) do { if (!(call)) fail_msg("%s: %s: %s", #call, (h)->e.where, (h)->e.text); } while (0)

/* ---- time ---- */
utc_t clock_at(const struct house *h, const char *date, int hour, int minute);
void wait(struct house *h, int minutes);

/* ---- commands ---- */
bool ask(struct house *h, const char *who, const char *command, const char *fmt, ...)
    PRINTF(4, 5); /* who NULL: the program */
void did(struct house *h, const char *who, const char *command, const char *fmt, ...) PRINTF(4, 5);
const char *made(struct house *h, const char *who, const char *command, const char *fmt, ...)
    PRINTF(4, 5); /* the answer's id, kept */
/* Refused by exactly this rule (others may stand beside it), and the refusal is in the ledger. */
void refused(struct house *h, const char *rule, const char *who, const char *command, const char *fmt, ...)
    PRINTF(5, 6);
/* An error of this kind that names this field; nothing was written. */
void wrong(struct house *h, enum err_kind kind, const char *where, const char *who, const char *command,
    const char *fmt, ...) PRINTF(6, 7);
bool refused_by(const struct house *h, const char *rule); /* of the last answer */
bool noted(const struct house *h, const char *rule);      /* a note, or an override, of the last answer */

/* ---- what is there ---- */
const char *staff(struct house *h, const char *login); /* id */
struct node *row(struct house *h, const char *record, const char *id);
const char *word(struct house *h, const char *record, const char *id, const char *field); /* "" if absent */
int count(struct house *h, const char *record, const char *where_of_site_1);
const char *one(struct house *h, const char *record, const char *where); /* id of the only or first row */
#define assert_word(h, record, id, field, wanted) assert_string_equal(word(h, record, id, field), wanted)
/* The view as a tree; fails if refused. */
struct node *see(struct house *h, const char *who, const char *view, const char *fmt, ...) PRINTF(4, 5);
bool see_wrong(struct house *h, enum err_kind kind, const char *who, const char *view, const char *fmt, ...)
    PRINTF(5, 6);
const char *at(const struct node *n, const char *path); /* text of a string or number, "true", "false", "" */
const struct node *find(
    const struct node *list, const char *member, const char *value); /* first row where it is so, or NULL */
bool holds(const char *text, const char *part);
void whole(struct house *h); /* ledger_verify: chain and replay */

/* ---- patients, as an import leaves them ---- */
struct guest {
    const char *id, *mrn, *born, *sex, *allergies; /* allergies: state of the list */
    const char *kg, *cm, *icd, *payer;
    int weighed_days; /* ago */
};
void admit(struct house *h, const struct guest *g);
void lab(struct house *h, const char *patient, const char *name, const char *qty, int days_ago);
void allergic(struct house *h, const char *patient, const char *substance);
void has_condition(struct house *h, const char *patient, const char *icd);
void iron_patient(struct house *h, const char *id);  /* all a plan for iron asks for: 72 kg, 168 cm, Demo Plain */
void ig_patient(struct house *h, const char *id, const char *kg, const char *cm);

/* ---- the path, as far as asked ---- */
struct path {
    const char *patient, *plan, *visit, *order, *prep, *bag, *infusion, *pump;
};
struct path planned(
    struct house *h, const char *patient, const char *regimen, const char *icd); /* made, signed, verified, consent */
void booked(struct house *h, struct path *p);    /* at the first offer, and the clock goes there */
void arrived(struct house *h, struct path *p);
void assessed(struct house *h, struct path *p);  /* weighed, screened, measured, line placed */
void ok_to_treat(struct house *h, struct path *p);
void mixed(struct house *h, struct path *p);     /* started, labelled */
void released(struct house *h, struct path *p);
void hung(struct house *h, struct path *p, const char *pump);
void screens(struct house *h, const char *visit, const char *kind,
    const char *positive); /* all well but this question, or NULL */
void vitals(struct house *h, const char *visit, const char *phase);
const char *visit_of(struct house *h, const char *plan, int number);
const char *order_of(struct house *h, const char *visit);
const char *text(struct house *h, const char *fmt, ...) PRINTF(2, 3);

/* ---- a pump that speaks: each call is one message ---- */
struct pump_say {
    const char *kind, *event, *status; /* kind: telemetry, event or alarm */
    const char *rate, *total;          /* as JSON numbers, or NULL */
    utc_t observed;                    /* 0: now */
    const char *message;               /* NULL: the next number */
};
void pump_says(struct house *h, const char *pump, struct pump_say m);
#define PUMP(h, pump, ...) pump_says(h, pump, (struct pump_say){__VA_ARGS__})

#endif
