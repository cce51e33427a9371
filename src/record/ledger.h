/* ledger: the one way a fact gets into the store, and the only truth that is kept.
 *
 * Owns the log tables (ledger, payload, inbox, command_answer, read_audit), the chain of hashes and the apply of
 * events to the derived tables of record/model.h. A struct tx is one transaction on one site: the writer's (thread:
 * the writer alone) or a reader's. Rule: derived rows change only inside event_append's apply, in the same
 * transaction as the ledger row. What a room remembers from one batch to the next holds only while tx.epoch stays.
 */
#ifndef RECORD_LEDGER_H
#define RECORD_LEDGER_H

#include "base/field.h"
#include "record/store.h"

enum apply_mode {
    APPLY_PUT,   /* payload is the whole record: insert, or replace the row with the same key */
    APPLY_PATCH, /* payload holds the key and the fields that change */
    APPLY_NOTE   /* nothing derived: the fact itself is the record */
};

struct tx;

/* One type of event, for ever: a changed meaning is a new version and a lift from the old (record/lift.c). */
struct event_type {
    const char *name;              /* "visit.booked" */
    int version;
    enum apply_mode mode;
    const struct record *record;   /* shape of the payload and, unless NOTE, the derived table it writes */
    /* After the row is written: derive what depends on it (reads and writes derived tables only, through
     * table_get/table_put/table_patch; no content, clock or random). Of a PATCH it sees the key and the fields named.
     * An event about a patient may derive only rows of that patient: what it changes elsewhere (stock, a chair) is an
     * event of its own, because an erasure takes the first with it and must leave the second. NULL for none. */
    bool (*after)(struct tx *t, const void *payload, struct err *e);
    const char *meaning;
};

/* All event types of the program, handed to record at start: it calls no one above it. */
struct lift;
struct event_types {
    const struct event_type *const *types;
    int count;
    const struct lift *lifts; /* besides those of record/lift.c: the tests' own; NULL */
    int lift_count;
};

struct tx {
    struct store *store;
    struct arena *a;      /* of the batch or the view */
    int64_t site;
    const struct event_types *types;
    bool writable;
    /* the chain's head while writable */
    int64_t seq;
    char hash[65];
    /* record's own */
    bool applying;                /* inside the apply of an event: derived rows may be written */
    bool saved;                   /* a savepoint is set */
    int64_t head_seq, saved_seq;  /* as stored at the begin; at the savepoint */
    char saved_hash[65];
    bool alone;                   /* nobody else has written to the site since this connection's last commit */
    int64_t epoch;                /* the same as in the batch before while that was so all along */
    struct inbox_batch *inbox;    /* messages of this batch; written as blocks by tx_commit */
    struct store *history;        /* where the ledger stands if not in `store`: the other side of a replay */
    void (*salt)(void *to, size_t n); /* NULL: random; the golden ledger sets it after tx_begin */
};

/* Who and when, beside the payload; stored in the header (no names, only ids). */
struct event_head {
    utc_t happened;       /* by our clock, corrected by offset if a device's clock said it */
    utc_t recorded;
    const char *clock;    /* "server", "user", or "pump SERIAL": whose clock */
    int64_t offset_us;    /* of that clock against ours; INT_NONE unknown */
    const char *actor;    /* staff id, or "system" */
    const char *command;  /* name of the command */
    const char *subject;  /* id of the record it is about; NULL: the payload's key, which a PUT or PATCH always has */
    const char *patient;  /* patient id; NULL: found by the payload's references, so that erasure finds the event */
    const char *reason;   /* given by a person, or NULL; in the payload part (erasable) */
    const char *why;      /* JSON: inputs, rule, arithmetic that made the values; payload part */
};

/* ---- opening --------------------------------------------------------------------------------------------------- */

MUST_CHECK bool ledger_create(struct store *s,
                              struct err *e); /* all tables, if they are not there; checks their version */
/* Begin a batch: transaction, lock on the site's head row, head read. */
MUST_CHECK bool tx_begin(struct tx *t, struct store *s, struct arena *a, int64_t site, const struct event_types *types,
                         struct err *e);
MUST_CHECK bool tx_commit(struct tx *t, struct err *e);   /* writes the head back, commits */
void tx_rollback(struct tx *t);
/* Begin a view: read-only snapshot. End with tx_rollback. */
MUST_CHECK bool tx_read(struct tx *t, struct store *s, struct arena *a, int64_t site, const struct event_types *types,
                        struct err *e);
/* One command inside a batch: all of its events or none. */
MUST_CHECK bool tx_savepoint(struct tx *t, struct err *e);
MUST_CHECK bool tx_release(struct tx *t, struct err *e);
MUST_CHECK bool tx_undo(struct tx *t, struct err *e);     /* back to the savepoint, chain head too */

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* The id the next appended event gives to the record it makes. */
const char *tx_next_id(struct tx *t, const char *type);
/* Append one event and apply it. What could not be read back later (a text over its limit, a word outside its list, no
 * UTF-8) is refused with ERR_INTERNAL naming the field. `fields` names, separated by spaces, the members of `payload`
 * that an APPLY_PATCH sets besides the key; NULL for PUT and NOTE (every field that is set). A PATCH may name an absent
 * field to clear it. */
MUST_CHECK bool event_append(struct tx *t, const struct event_type *type, const struct event_head *h,
                             const void *payload, const char *fields, struct err *e);

/* ---- derived tables --------------------------------------------------------------------------------------------- */

/* By key; *found tells. Strings live in t->a. */
MUST_CHECK bool table_get(struct tx *t, const struct record *r, const char *key, void *out, bool *found, struct err *e);
/* The same, but absence is ERR_NOT_FOUND naming `what` (the input field that held the id). */
MUST_CHECK bool table_need(struct tx *t, const struct record *r, const char *key, const char *what, void *out,
                           struct err *e);
/* `where` follows WHERE "site"=?1 AND (TRUE for all), with ?2 … for the values; it may end in ORDER BY and LIMIT. The
 * rows are handed out as one array. Names that SQL keeps for itself are quoted by the caller: "end". A DEC is the
 * columns x, x_s; a QTY x, x_s, x_u. */
MUST_CHECK bool table_list(struct tx *t, const struct record *r, const char *where, const struct val *v, int n,
                           void *out_array, int *count, struct err *e);
/* The same of some fields only, for lists that many rows make slow: the others stay absent. */
struct table_some {
    const struct record *r;
    const char *fields, *where; /* fields: names separated by spaces; NULL: all of them */
};
MUST_CHECK bool table_list_some(struct tx *t, const struct table_some *q, const struct val *v, int n, void *out_array,
                                int *count, struct err *e);
/* Only from an event's `after`: write or patch a derived row. */
MUST_CHECK bool table_put(struct tx *t, const struct record *r, const void *rec, struct err *e);
MUST_CHECK bool table_patch(struct tx *t, const struct record *r, const void *rec, const char *fields, struct err *e);

/* ---- answers, so that one key gives one effect ------------------------------------------------------------------- */

/* *found: the stored answer of (site, actor, key); ERR_CONFLICT if its body hash differs. */
MUST_CHECK bool answer_find(struct tx *t, const char *actor, const char *key, const char *body_hash,
                            const char **answer, bool *found, struct err *e);
MUST_CHECK bool answer_keep(struct tx *t, const char *actor, const char *key, const char *body_hash, const char *answer,
                            struct err *e);

/* ---- inbox: messages as received -------------------------------------------------------------------------------- */

/* The message and what is answered to it. *fresh false: (sender, message id) is there already and *old_answer is what
 * was answered then. The bytes are written with the batch (record/inbox.h). */
MUST_CHECK bool inbox_put(struct tx *t, const char *sender, const char *message_id, utc_t received, const char *raw,
                          size_t len, const char *answer, bool *fresh, const char **old_answer, struct err *e);

/* ---- proof ------------------------------------------------------------------------------------------------------ */

struct ledger_event {
    int64_t seq;
    const char *type;
    int version;
    struct event_head head;
    const char *payload; /* JSON of the payload's data; NULL if erased */
};
/* Events about a subject (or, if it is a patient id, about the patient), oldest first. */
MUST_CHECK bool ledger_about(struct tx *t, const char *subject, struct ledger_event **out, int *count, struct err *e);
MUST_CHECK bool ledger_event_at(struct tx *t, int64_t seq, struct ledger_event *out, bool *found, struct err *e);

struct verify_result {
    int64_t events;
    bool whole;
    int64_t first_bad;   /* seq, or 0 */
    char digest[65];     /* of the derived tables, all sites: the same text on both stores */
    char says[240];      /* "ledger whole: N events, replay equal", or what is wrong with which event */
};
/* Walk every site's chain, replay into an empty in-memory SQLite store, compare canonical dumps. */
MUST_CHECK bool ledger_verify(struct store *s, const struct event_types *types, struct verify_result *out,
                              struct err *e);
/* Canonical dump digest of the derived tables: field-table order, decimal text, explicit NULL, byte order. */
MUST_CHECK bool ledger_digest(struct store *s, char out[65], struct err *e);

/* DDL of one derived table for a store; for the tests and the curious. */
const char *table_ddl(struct arena *a, const struct record *r, enum store_kind kind);

#endif
