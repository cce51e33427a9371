#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record/audit.h"
#include "record/dump.h"
#include "record/inbox.h"
#include "record/ledger.h"
#include "record/replay.h"
#include "record/schema.h"

bool ledger_digest(struct store *s, char out[65], struct err *e)
{
    bool own = !store_in_transaction(s);
    if (own && !store_begin_read(s, e))
        return false;
    bool ok = dump_digest(s, out, e);
    if (own)
        store_rollback(s);
    return ok;
}

/* The messages as received of the days that are sealed and still kept; at the sites that have a chain. */
MUST_CHECK static bool sealed_days(struct store *s, struct verify_result *out, struct err *e)
{
    struct arena *a = arena_new(), *list = arena_new();
    struct rows rows;
    bool more = true;
    bool ok = store_query(s, list, "SELECT DISTINCT site FROM ledger_head ORDER BY site", NO_VALS, &rows, e);
    while (ok && (ok = rows_next(&rows, &more, e)) && more) {
        struct tx t = {.store = s, .a = a, .site = rows_int(&rows, 0)};
        int64_t sealed, bad;
        arena_reset(a);
        ok = inbox_verify(&t, &sealed, &bad, e);
        if (ok && bad >= 0 && out->whole) {
            out->whole = false;
            snprintf(out->says, sizeof out->says,
                     "site %" PRId64 ": the messages kept of day %" PRId64 " are not those that were sealed", t.site, bad);
        }
    }
    rows_end(&rows);
    arena_free(a);
    arena_free(list);
    return ok;
}

MUST_CHECK static bool compare(struct store *s, struct store *replay, struct verify_result *out, struct err *e)
{
    char again[65];
    if (!dump_digest(s, out->digest, e) || !dump_digest(replay, again, e))
        return false;
    if (strcmp(out->digest, again) != 0) {
        out->whole = false;
        return dump_compare(s, replay, out->says, sizeof out->says, &out->first_bad, e);
    }
    int64_t bad_site, bad_seq;
    if (!audit_verify(s, &bad_site, &bad_seq, e))
        return false;
    if (bad_seq) {
        out->whole = false;
        snprintf(out->says, sizeof out->says, "the read audit of site %" PRId64 " is broken at row %" PRId64, bad_site,
                 bad_seq);
        return true;
    }
    if (!sealed_days(s, out, e))
        return false;
    if (!out->whole)
        return true;
    snprintf(out->says, sizeof out->says, "ledger whole: %" PRId64 " events, replay equal", out->events);
    return true;
}

bool ledger_verify(struct store *s, const struct event_types *types, struct verify_result *out, struct err *e)
{
    struct store *replay = NULL;
    *out = (struct verify_result){0};
    if (!store_begin_read(s, e))
        return false;
    bool ok = store_open("sqlite::memory:", false, &replay, e) && schema_derived(replay, e) && store_begin(replay, e) &&
              replay_all(s, replay, types, out, e) && (!out->whole || compare(s, replay, out, e));
    store_close(replay);
    store_rollback(s);
    return ok;
}
