#include "record/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record/chain.h"
#include "record/ledger_private.h"
#include "record/lift.h"
#include "record/schema.h"
#include "record/store_private.h"

enum { PAGE = 500, ERASURES_MAX = 1000000, NAMES_MAX = 4096 };

/* ---- one event -------------------------------------------------------------------------------------------------- */

/* The members of a PATCH, cleared ones (null) too, as event_append had them. */
MUST_CHECK static bool patched_fields(struct tx *t, const struct record *r, const struct node *n,
                                      const struct table_patch **p, struct err *e)
{
    struct buf b;
    buf_init(&b, NAMES_MAX);
    for (int i = r->key; i < r->count; i++)
        if (node_get(n, r->fields[i].name))
            buf_printf(&b, "%s%s", b.len ? " " : "", r->fields[i].name);
    bool ok = buf_ok(&b, "fields", e) && table_sql_patch(t->store, r, arena_strdup(t->a, buf_str(&b)), p, e);
    buf_fini(&b);
    return ok;
}

bool replay_event(struct tx *t, const char *name, int version, const char *data, struct err *e)
{
    const struct event_type *type;
    const struct table_patch *p = NULL;
    bool present[FIELDS_MAX];
    if (!lift_event(t->types, t->a, name, version, &type, &data, e))
        return false;
    const struct record *r = type->record;
    if (!r)
        return event_apply(t, type, NULL, NULL, e);
    const struct node *n = json_read(t->a, data, strlen(data), PAYLOAD_MAX, e);
    void *payload = arena_alloc(t->a, r->size);
    if (!n)
        return false;
    if (type->mode == APPLY_PATCH) {
        if (!record_patch_from_json(r, n, t->a, NULL, payload, present, e) || !patched_fields(t, r, n, &p, e))
            return false;
    } else if (!record_from_json(r, n, t->a, NULL, payload, e)) {
        return false;
    }
    return event_apply(t, type, payload, p, e);
}

/* ---- the walk --------------------------------------------------------------------------------------------------- */

struct erasure_note {
    int64_t site, seq;
    const char *patient;
};

struct walk {
    struct store *from;
    struct tx to;
    struct arena *page, *long_lived;
    struct verify_result *out;
    struct erasure_note *erasures;
    int erasure_count;
    struct buf scratch;
    int64_t site, expected;
    char hash[65];
};

static void bad(struct walk *w, int64_t seq, const char *type, const char *fmt, ...) PRINTF(4, 5);
static void bad(struct walk *w, int64_t seq, const char *type, const char *fmt, ...)
{
    char why[160];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    w->out->whole = false;
    w->out->first_bad = seq;
    snprintf(w->out->says, sizeof w->out->says, "site %" PRId64 ", event %" PRId64 "%s%.60s: %s", w->site, seq,
             type ? " " : "", type ? type : "", why);
}

MUST_CHECK static bool read_erasures(struct walk *w, struct err *e)
{
    struct rows rows;
    bool more;
    int room = 0;
    if (!store_query(w->from, w->long_lived, "SELECT site, seq, subject FROM ledger WHERE type=?1 ORDER BY site, seq",
                     VALS(V_TEXT(ev_ledger_erased.name)), &rows, e))
        return false;
    for (;;) {
        if (!rows_next(&rows, &more, e))
            return false;
        if (!more)
            return true;
        if (w->erasure_count == room) {
            room = room ? room * 2 : 16;
            struct erasure_note *wider = ARENA_ARRAY(w->long_lived, (size_t)room, struct erasure_note);
            if (w->erasure_count)
                memcpy(wider, w->erasures, (size_t)w->erasure_count * sizeof *wider);
            w->erasures = wider;
        }
        const char *patient = rows_text(&rows, 2);
        w->erasures[w->erasure_count++] =
            (struct erasure_note){rows_int(&rows, 0), rows_int(&rows, 1), patient ? patient : ""};
        if (w->erasure_count == ERASURES_MAX) {
            rows_end(&rows);
            return err_set(e, ERR_TOO_LARGE, "ledger", "more than %d erasures", ERASURES_MAX);
        }
    }
}

static bool is_erased(const struct walk *w, int64_t seq, const char *patient)
{
    for (int i = 0; patient && i < w->erasure_count; i++)
        if (w->erasures[i].site == w->site && w->erasures[i].seq > seq && strcmp(w->erasures[i].patient, patient) == 0)
            return true;
    return false;
}

#define EVENTS                                                                                                      \
    "SELECT l.seq, l.type, l.version, l.happened, l.recorded, l.clock, l.offset_us, l.actor, l.command, l.subject," \
    " l.patient, l.commitment, l.hash, p.salt, p.data, p.reason, p.why"                                              \
    " FROM ledger l LEFT JOIN payload p ON p.site=l.site AND p.seq=l.seq"                                            \
    " WHERE l.site=?1 AND l.seq>?2 ORDER BY l.seq LIMIT 500"

/* The payload against its commitment, the header against its hash. */
MUST_CHECK static bool check_link(struct walk *w, const struct rows *r, const char *data, struct err *e)
{
    int64_t seq = rows_int(r, 0);
    const char *type = rows_text(r, 1), *commitment = rows_text(r, 11), *patient = rows_text(r, 10);
    char made[65];
    size_t salt_len = 0;
    const unsigned char *salt = rows_blob(r, 13, &salt_len);
    bool erased = is_erased(w, seq, patient);
    if (!data && !erased)
        bad(w, seq, type, "its payload is missing, and no erasure covers it");
    else if (data && erased)
        bad(w, seq, type, "its payload stands though a later event erased it");
    if (!w->out->whole)
        return true;
    if (data) {
        if (salt_len == SALT_BYTES &&
            !chain_commitment(&w->scratch, salt, data, rows_text(r, 15), rows_text(r, 16), made, e))
            return false;
        if (salt_len != SALT_BYTES || strcmp(made, commitment) != 0)
            bad(w, seq, type, "its payload is not the one it was made with (commitment)");
    }
    const struct event_head h = {.happened = rows_int(r, 3), .recorded = rows_int(r, 4), .clock = rows_text(r, 5),
                                 .offset_us = rows_null(r, 6) ? INT_NONE : rows_int(r, 6), .actor = rows_text(r, 7),
                                 .command = rows_text(r, 8)};
    const struct chain_link link = {w->site, seq,        type,   (int)rows_int(r, 2), &h, rows_text(r, 9),
                                    patient, commitment, w->hash};
    if (!w->out->whole)
        return true;
    if (!chain_hash(&w->scratch, &link, w->hash, e)) /* the line holds the hash before; then w->hash is this event's */
        return false;
    if (strcmp(w->hash, rows_text(r, 12)) != 0)
        bad(w, seq, type, "its header does not fit its hash, or the hash before it");
    return true;
}

/* A row that was made by an event since erased, and given to another patient before the erasure took it: what came in
 * between finds nothing to change, and nothing is left of it in the store either. */
MUST_CHECK static bool row_was_erased(struct walk *w, int64_t seq, const char *subject, bool *was, struct err *e)
{
    struct rows rows;
    bool more = true;
    *was = false;
    if (!w->erasure_count || !subject)
        return true;
    if (!store_query(w->from, w->page,
                     "SELECT patient FROM ledger WHERE site=?1 AND subject=?2 AND seq<?3 AND patient IS NOT NULL",
                     VALS(V_INT(w->site), V_TEXT(subject), V_INT(seq)), &rows, e))
        return false;
    while (!*was && more) {
        if (!rows_next(&rows, &more, e))
            return false;
        *was = more && is_erased(w, seq, rows_text(&rows, 0));
    }
    rows_end(&rows);
    return true;
}

MUST_CHECK static bool walk_event(struct walk *w, const struct rows *r, struct err *e)
{
    int64_t seq = rows_int(r, 0);
    if (seq != w->expected) {
        bad(w, w->expected, NULL, "it is missing; the next one is %" PRId64, seq);
        return true;
    }
    const char *data = rows_text(r, 14);
    if (!check_link(w, r, data, e))
        return false;
    if (!w->out->whole)
        return true;
    struct err why = {0};
    w->to.seq = seq - 1;
    if (data && !replay_event(&w->to, rows_text(r, 1), (int)rows_int(r, 2), data, &why)) {
        bool erased = false;
        if (why.kind == ERR_NOT_FOUND && !row_was_erased(w, seq, rows_text(r, 9), &erased, e))
            return false;
        if (!erased)
            bad(w, seq, rows_text(r, 1), "it cannot be applied: %.100s", why.text);
    }
    w->out->events++;
    w->expected++;
    return true;
}

MUST_CHECK static bool check_end(struct walk *w, struct err *e)
{
    struct rows rows;
    bool found;
    if (!store_query(w->from, w->page, "SELECT seq, hash FROM ledger_head WHERE site=?1", VALS(V_INT(w->site)), &rows,
                     e) ||
        !rows_next(&rows, &found, e))
        return false;
    if (!found)
        bad(w, w->expected - 1, NULL, "it stands last, but the end of the ledger is not noted");
    else if (rows_int(&rows, 0) > w->expected - 1)
        bad(w, w->expected, NULL, "it is missing; the ledger should end with %" PRId64, rows_int(&rows, 0));
    else if (rows_int(&rows, 0) < w->expected - 1)
        bad(w, w->expected - 1, NULL, "it stands past the ledger's end at %" PRId64, rows_int(&rows, 0));
    else if (strcmp(rows_text(&rows, 1), w->hash) != 0)
        bad(w, w->expected - 1, NULL, "its hash is not the one the ledger ends with");
    rows_end(&rows);
    return true;
}

MUST_CHECK static bool walk_site(struct walk *w, int64_t site, struct err *e)
{
    w->site = w->to.site = site;
    w->expected = 1;
    memcpy(w->hash, chain_start, sizeof w->hash);
    for (int n = PAGE; n == PAGE && w->out->whole;) {
        struct rows rows;
        bool more = true;
        n = 0;
        arena_reset(w->page);
        if (!store_query(w->from, w->page, EVENTS, VALS(V_INT(site), V_INT(w->expected - 1)), &rows, e))
            return false;
        for (; w->out->whole && more; n += more)
            if (!rows_next(&rows, &more, e) || (more && !walk_event(w, &rows, e))) {
                rows_end(&rows);
                return false;
            }
        rows_end(&rows);
    }
    return !w->out->whole || check_end(w, e);
}

MUST_CHECK static bool walk_sites(struct walk *w, struct err *e)
{
    struct rows rows;
    bool more = true, ok = true;
    if (!store_query(w->from, w->long_lived, "SELECT site FROM ledger_head UNION SELECT site FROM ledger ORDER BY 1",
                     NO_VALS, &rows, e))
        return false;
    while (ok && w->out->whole && (ok = rows_next(&rows, &more, e)) && more)
        ok = walk_site(w, rows_int(&rows, 0), e);
    rows_end(&rows);
    return ok;
}

bool replay_all(struct store *from, struct store *to, const struct event_types *types, struct verify_result *out,
                struct err *e)
{
    *out = (struct verify_result){.whole = true};
    struct walk w = {.from = from, .out = out, .page = arena_new(), .long_lived = arena_new()};
    w.to = (struct tx){.store = to, .a = w.page, .types = types, .writable = true, .history = from};
    buf_init(&w.scratch, LINE_MAX_BYTES);
    bool ok = read_erasures(&w, e) && walk_sites(&w, e);
    buf_fini(&w.scratch);
    arena_free(w.page);
    arena_free(w.long_lived);
    return ok;
}

bool ledger_rebuild(struct store *s, const struct event_types *types, struct verify_result *out, struct err *e)
{
    if (!store_begin(s, e))
        return false;
    bool ok = schema_log(s, e) && schema_derived_drop(s, e) && schema_derived(s, e);
    store_statements_drop(s); /* prepared against tables that are gone */
    ok = ok && replay_all(s, s, types, out, e) && (out->whole || err_set(e, ERR_STORE, "ledger", "%s", out->says)) &&
         schema_note_derived(s, e) && store_commit(s, e);
    if (!ok)
        store_rollback(s);
    if (!ok)
        return false;
    snprintf(out->says, sizeof out->says, "rebuilt from %" PRId64 " events", out->events);
    return ledger_digest(s, out->digest, e);
}
