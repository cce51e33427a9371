/* commands: the index of all that can be asked to change, and how one is decided.
 *
 * The table is put together from the rooms' tables (care/care.h). command_decide runs in the writer thread inside a
 * savepoint; everything it needs comes in. Rule: who asks is read again from the store in the same transaction, the
 * same key with the same body has one effect, and nothing here reads a clock.
 */
#ifndef SERVE_COMMANDS_H
#define SERVE_COMMANDS_H

#include "care/care.h"
#include "formulary/content.h"

enum { COMMANDS_MAX = 200, OVERRIDES_MAX = 20, KEY_MIN = 8, KEY_MAX = 80, REASON_MAX = FIELD_TEXT_MAX };

const struct command *command_find(const char *name); /* NULL if there is none */
const struct command *command_at(int index);          /* in the tables' order; NULL past the end */

/* Over HTTP it takes a password beside its input, which becomes the input's "hash". */
bool command_takes_password(const struct command *c);

/* One command, from the request to its answer. */
struct command_run {
    const struct command *command;
    const void *in;              /* shaped by command->in */
    const char *actor;           /* staff id; NULL: the program itself */
    const struct content *content;
    const struct zone *zone;
    utc_t now, happened;         /* care time */
    const char *clock;           /* as struct cmd */
    int64_t offset_us;
    const char *reason;
    const struct override *overrides;
    int override_count;
    const char *key, *body_hash; /* idempotency; NULL: no answer is kept */
    struct arena *a;             /* for what comes out; outlives the batch */
    /* out */
    int status;                  /* of the answer */
    const char *answer;          /* JSON */
    const char *id;              /* of what was made, or NULL */
    bool repeated;               /* the answer of an earlier time */
    struct emitted *events;
    int event_count;
    struct refusal *refusals;    /* that stand, when ERR_REFUSED */
    int refusal_count;
};

MUST_CHECK bool command_decide(struct command_run *r, struct tx *t, struct err *e);
/* After ERR_REFUSED and its undoing: the refusals are recorded, so that they can be explained. */
MUST_CHECK bool command_keep_refusals(struct command_run *r, struct tx *t, const struct err *why, struct err *e);

/* A role patient acts and reads for themselves only; ids of another site are refused. `rec` is shaped by `shape`. */
MUST_CHECK bool command_check_scope(const struct record *shape, const void *rec, const struct actor *by, int64_t site,
                                    struct err *e);

#endif
