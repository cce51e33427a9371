/* cmd: what a command is given, and how it says what happened.
 *
 * A command's decide function reads what it needs from record, decides, and emits events; it may be run again with the
 * same arguments (idempotency and re-decision are the caller's). Writer thread only. Rule: no I/O, no clock, no random
 * here or in any room below: `now` comes in, ids come from the chain.
 *
 * Adding a command: describe its input as FIELDS_x_y_in, write `bool x_y(struct cmd *c, const void *in, struct err *e)`,
 * add a line to the room's COMMANDS table. serve dispatches; OpenAPI, TypeScript and the role tests follow by themselves.
 */
#ifndef CARE_CMD_H
#define CARE_CMD_H

#include "record/ledger.h"
#include "record/model.h"

struct content; /* formulary/content.h */

/* Roles, as bits; their words stand in role_words in the same order. */
enum role {
    ROLE_PRESCRIBER = 1 << 0, ROLE_PHARMACIST = 1 << 1, ROLE_TECHNICIAN = 1 << 2, ROLE_NURSE = 1 << 3,
    ROLE_SCHEDULER = 1 << 4, ROLE_BILLER = 1 << 5, ROLE_FORMULARY = 1 << 6, ROLE_ADMIN = 1 << 7, ROLE_PATIENT = 1 << 8,
    ROLE_SYSTEM = 1 << 9 /* the program itself: pump messages, imports; never a person */
};
#define ROLE_CLINICAL (ROLE_PRESCRIBER | ROLE_PHARMACIST | ROLE_TECHNICIAN | ROLE_NURSE)
#define ROLE_STAFF (ROLE_CLINICAL | ROLE_SCHEDULER | ROLE_BILLER | ROLE_FORMULARY | ROLE_ADMIN)
extern const char *const role_words[];  /* "prescriber", …; NULL ends */
unsigned roles_read(const char *words); /* "nurse scheduler" to bits; unknown words are skipped */

struct actor {
    const char *id;      /* staff id, "system" for the program */
    const char *name;
    unsigned roles;
    const char *patient; /* role patient: their patient id */
};

/* An override the caller sent: names the rule and the facts it saw. */
struct override {
    const char *rule, *facts_hash, *reason;
};

/* What a command wrote, for its answer and for live pages. */
struct emitted {
    int64_t seq;
    const char *type;    /* "visit.booked" */
    const char *topic;   /* record it is about: "visit" */
    const char *subject; /* its id */
    const char *patient; /* patient id, or NULL */
};

enum severity { SEVERITY_NOTE, SEVERITY_REASON, SEVERITY_STOP };

struct cmd {
    struct tx *tx;
    struct arena *a;                /* of this command */
    const struct content *content;
    const char *content_hash;
    const struct zone *zone;        /* of the site */
    struct site_info site;
    const char *name;               /* of the command */
    struct actor by;
    utc_t now;                      /* care clock */
    utc_t happened;                 /* when the person says it happened; now unless told */
    const char *clock;              /* "server" or "user", or "pump SERIAL" */
    int64_t offset_us;
    const char *reason;             /* the caller's words, or NULL */
    const struct override *overrides;
    int override_count;
    /* out */
    struct refusal *refusals;       /* that stand; not empty: nothing else is kept */
    int refusal_count, refusal_cap;
    struct refusal *passed;         /* notes, and refusals overridden with a reason: kept with the events */
    int passed_count, passed_cap;
    const char *id;                 /* of what was made, for the answer */
    const char *result;             /* JSON for the answer, or NULL */
    struct emitted *events;         /* in ledger order */
    int event_count, event_cap;
};

/* Emit one event about rec (see event_append). Its key is the subject; its `patient` field, if it has one, goes into
 * the header. `why` is JSON or NULL. */
MUST_CHECK bool cmd_emit(struct cmd *c, const struct event_type *type, const void *rec, const char *fields, const char *why, struct err *e);
/* The id for the record the next emitted PUT makes; also remembered as the command's answer if it is the first. */
const char *cmd_new_id(struct cmd *c, const char *type);

/* A rule says no (or something to note). Severity, words and who may override come from the content's rule `rule_id`;
 * `facts` is JSON of what it was decided from; `fmt` completes the sentence shown. Returns true if the command may go
 * on past it (a note, or overridden by someone who may, with a reason, on the same facts). The command runs on to
 * collect every refusal, and ends with `return cmd_allowed(c, e)` before it emits. */
bool cmd_refuse(struct cmd *c, const char *rule_id, const char *patient, const char *facts, const char *fmt, ...) PRINTF(5, 6);
/* The same where the severity stands with the fact in the content (a laboratory gate, an allergy), not with the rule. */
bool cmd_refuse_as(struct cmd *c, const char *rule_id, const char *severity, const char *patient, const char *facts, const char *fmt, ...) PRINTF(6, 7);
/* The same where the command's own input holds the reason: told by a role that may, it is the override. */
bool cmd_refuse_told(struct cmd *c, const char *rule_id, const char *patient, const char *facts, const char *reason, const char *fmt, ...) PRINTF(6, 7);
MUST_CHECK bool cmd_allowed(struct cmd *c, struct err *e); /* ERR_REFUSED if a refusal stands */

typedef bool command_fn(struct cmd *c, const void *in, struct err *e);

struct command {
    const char *name;             /* "give.start" */
    unsigned roles;               /* who may */
    const struct record *in;
    command_fn *decide;
    const char *meaning;
};

/* ---- views ------------------------------------------------------------------------------------------------------ */

struct view_type;

/* A view answers with named members, each one row or a list of rows of a described shape. */
struct view {
    struct tx *tx;
    struct arena *a;
    const struct content *content;
    const struct zone *zone;
    struct site_info site;
    struct actor by;
    utc_t now;
    struct json *out;  /* inside the answer's object */
    const struct view_type *type;
    const char *patient; /* set by the view when it shows one: the read audit wants it */
};

struct view_member {
    const char *name;
    const struct record *row;
    bool many;
};

typedef bool view_fn(struct view *v, const void *params, struct err *e);

struct view_type {
    const char *name;             /* "floor" */
    unsigned roles;
    const struct record *params;
    const struct view_member *members;
    int member_count;
    view_fn *show;
    const char *meaning;
    bool shared; /* made of the derived tables and the time alone: the same for everyone who may see it, no patient's own */
};
/* Write one member. Aborts if the view type does not declare it (checked in serve by name). */
void view_one(struct view *v, const char *member, const struct record *row, const void *rec); /* rec NULL: null */
void view_many(struct view *v, const char *member, const struct record *row, const void *array, int count);

#endif
