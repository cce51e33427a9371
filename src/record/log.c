/* Answers given, so that one key has one effect; and events read back. */
#include <string.h>

#include "record/ledger.h"

/* Events handed out about one subject. */
enum { ABOUT_MAX = 100000 };

/* ---- answers ---------------------------------------------------------------------------------------------------- */

bool answer_find(struct tx *t, const char *actor, const char *key, const char *body_hash, const char **answer,
                 bool *found, struct err *e)
{
    struct rows rows;
    *answer = NULL;
    if (!store_query(t->store, t->a,
                     "SELECT body_hash, answer FROM command_answer WHERE site=?1 AND actor=?2 AND key=?3",
                     VALS(V_INT(t->site), V_TEXT(actor), V_TEXT(key)), &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    if (!*found)
        return true;
    bool same = strcmp(rows_text(&rows, 0), body_hash) == 0;
    *answer = same ? rows_text(&rows, 1) : NULL;
    rows_end(&rows);
    return same || err_set(e, ERR_CONFLICT, "key", "the key \"%.60s\" was used before with another content", key);
}

bool answer_keep(struct tx *t, const char *actor, const char *key, const char *body_hash, const char *answer,
                 struct err *e)
{
    return store_run(t->store,
                     "INSERT INTO command_answer (site, actor, key, body_hash, answer, seq) VALUES (?1,?2,?3,?4,?5,?6)",
                     VALS(V_INT(t->site), V_TEXT(actor), V_TEXT(key), V_TEXT(body_hash), V_TEXT(answer), V_INT(t->seq)),
                     NULL, e);
}

/* ---- events, read back ------------------------------------------------------------------------------------------ */

#define EVENT_COLUMNS                                                                                                 \
    "SELECT l.seq, l.type, l.version, l.happened, l.recorded, l.clock, l.offset_us, l.actor, l.command, l.subject,"   \
    " l.patient, p.reason, p.why, p.data FROM ledger l LEFT JOIN payload p ON p.site=l.site AND p.seq=l.seq"

static void read_event(const struct rows *r, struct ledger_event *out)
{
    *out = (struct ledger_event){.seq = rows_int(r, 0), .type = rows_text(r, 1), .version = (int)rows_int(r, 2)};
    out->head = (struct event_head){
        .happened = rows_int(r, 3), .recorded = rows_int(r, 4), .clock = rows_text(r, 5),
        .offset_us = rows_null(r, 6) ? INT_NONE : rows_int(r, 6), .actor = rows_text(r, 7), .command = rows_text(r, 8),
        .subject = rows_text(r, 9), .patient = rows_text(r, 10), .reason = rows_text(r, 11), .why = rows_text(r, 12)};
    out->payload = rows_text(r, 13);
}

bool ledger_about(struct tx *t, const char *subject, struct ledger_event **out, int *count, struct err *e)
{
    struct rows rows;
    bool more;
    int room = 0;
    *out = NULL;
    *count = 0;
    if (!store_query(t->store, t->a, EVENT_COLUMNS " WHERE l.site=?1 AND l.seq IN (SELECT seq FROM ledger WHERE site=?1 AND subject=?2 UNION SELECT seq FROM ledger"
                     " WHERE site=?1 AND patient=?2) ORDER BY l.seq",
                     VALS(V_INT(t->site), V_TEXT(subject)), &rows, e))
        return false;
    for (;;) {
        if (!rows_next(&rows, &more, e))
            return false;
        if (!more)
            return true;
        if (*count == ABOUT_MAX) {
            rows_end(&rows);
            return err_set(e, ERR_TOO_LARGE, "id", "there are more than %d events about \"%.60s\"", ABOUT_MAX, subject);
        }
        if (*count == room) {
            room = room ? room * 2 : 16;
            struct ledger_event *wider = ARENA_ARRAY(t->a, (size_t)room, struct ledger_event);
            if (*count)
                memcpy(wider, *out, (size_t)*count * sizeof *wider);
            *out = wider;
        }
        read_event(&rows, &(*out)[(*count)++]);
    }
}

bool ledger_event_at(struct tx *t, int64_t seq, struct ledger_event *out, bool *found, struct err *e)
{
    struct rows rows;
    if (!store_query(t->store, t->a, EVENT_COLUMNS " WHERE l.site=?1 AND l.seq=?2", VALS(V_INT(t->site), V_INT(seq)),
                     &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    if (*found)
        read_event(&rows, out);
    rows_end(&rows);
    return true;
}
