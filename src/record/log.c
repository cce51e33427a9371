/* The append-only tables beside the ledger: answers given, messages as received; and reading events back. */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "record/inbox.h"
#include "record/ledger.h"
#include "record/store_private.h"

/* Events handed out about one subject. */
enum { ABOUT_MAX = 100000 };

/* ---- answers ------------------------------------------------------------------------------------------------------ */

bool answer_find(struct tx *t, const char *actor, const char *key, const char *body_hash, const char **answer, bool *found, struct err *e)
{
    struct rows rows;
    *answer = NULL;
    if (!store_query(t->store, t->a, "SELECT body_hash, answer FROM command_answer WHERE site=?1 AND actor=?2 AND key=?3",
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

bool answer_keep(struct tx *t, const char *actor, const char *key, const char *body_hash, const char *answer, struct err *e)
{
    return store_run(t->store, "INSERT INTO command_answer (site, actor, key, body_hash, answer, seq) VALUES (?1,?2,?3,?4,?5,?6)",
                     VALS(V_INT(t->site), V_TEXT(actor), V_TEXT(key), V_TEXT(body_hash), V_TEXT(answer), V_INT(t->seq)), NULL, e);
}

/* ---- inbox -------------------------------------------------------------------------------------------------------- */

/* A message of 1-2 kB: a small window and a small table are cleared faster than they would save bytes. */
enum { WINDOW_BITS = 12, MEMORY_LEVEL = 4, FASTEST = 1 };

/* "Z" and deflated bytes, or "P" and the bytes plain if that is not shorter. */
static const void *squeeze(struct arena *a, const char *raw, size_t len, size_t *out_len)
{
    char *out = arena_alloc(a, len + 1);
    z_stream z = {0};
    if (len > 64 && deflateInit2(&z, FASTEST, Z_DEFLATED, -WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK) {
        z.next_in = (Bytef *)(uintptr_t)raw;
        z.avail_in = (uInt)len;
        z.next_out = (Bytef *)out + 1;
        z.avail_out = (uInt)len;
        bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
        *out_len = 1 + z.total_out;
        deflateEnd(&z);
        if (done) {
            out[0] = 'Z';
            return out;
        }
    }
    out[0] = 'P';
    memcpy(out + 1, raw, len);
    *out_len = len + 1;
    return out;
}

MUST_CHECK static bool unsqueeze(struct arena *a, const char *p, size_t len, size_t size, const char **out, struct err *e)
{
    if (len >= 1 && p[0] == 'P' && size == len - 1) {
        *out = arena_strndup(a, p + 1, size);
        return true;
    }
    char *to = arena_alloc(a, size + 1);
    z_stream z = {0};
    bool ok = len >= 1 && p[0] == 'Z' && inflateInit2(&z, -WINDOW_BITS) == Z_OK;
    if (ok) {
        z.next_in = (Bytef *)(uintptr_t)(p + 1);
        z.avail_in = (uInt)(len - 1);
        z.next_out = (Bytef *)to;
        z.avail_out = (uInt)size;
        ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == size;
        inflateEnd(&z);
    }
    *out = to;
    return ok || err_set(e, ERR_STORE, "inbox", "a message in the inbox is damaged");
}

bool inbox_put(struct tx *t, const char *sender, const char *message_id, utc_t received, const char *raw, size_t len, const char *answer, bool *fresh, const char **old_answer, struct err *e)
{
    if (len > INBOX_MESSAGE_MAX)
        return err_set(e, ERR_TOO_LARGE, "message", "a message of %zu bytes is over the limit of %d", len, INBOX_MESSAGE_MAX);
    size_t n = 0;
    const void *packed = squeeze(t->a, raw, len, &n);
    int64_t changed = 0;
    *old_answer = NULL;
    if (!store_run(t->store,
                   "INSERT INTO inbox (site, sender, message_id, received, day, size, raw, answer)"
                   " VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT (site, sender, message_id) DO NOTHING",
                   VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id), V_INT(received), V_INT(received / UTC_DAY),
                        V_INT((int64_t)len), V_BLOB(packed, n), V_TEXT(answer)),
                   &changed, e))
        return false;
    *fresh = changed == 1;
    if (*fresh)
        return true;
    struct rows rows;
    bool found;
    if (!store_query(t->store, t->a, "SELECT answer FROM inbox WHERE site=?1 AND sender=?2 AND message_id=?3",
                     VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id)), &rows, e) ||
        !rows_next(&rows, &found, e))
        return false;
    if (found)
        *old_answer = rows_text(&rows, 0);
    rows_end(&rows);
    return true;
}

bool inbox_get(struct tx *t, const char *sender, const char *message_id, const char **raw, size_t *len, bool *found, struct err *e)
{
    struct rows rows;
    if (!store_query(t->store, t->a, "SELECT raw, size FROM inbox WHERE site=?1 AND sender=?2 AND message_id=?3",
                     VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id)), &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    if (!*found)
        return true;
    size_t n;
    const char *packed = rows_blob(&rows, 0, &n);
    *len = (size_t)rows_int(&rows, 1);
    rows_end(&rows);
    if (*len > INBOX_MESSAGE_MAX)
        return err_set(e, ERR_STORE, "inbox", "a message in the inbox is damaged");
    return unsqueeze(t->a, packed, n, *len, raw, e);
}

bool inbox_forget(struct tx *t, utc_t before, int64_t *gone, struct err *e)
{
    return store_run(t->store, "DELETE FROM inbox WHERE site=?1 AND day<?2", VALS(V_INT(t->site), V_INT(before / UTC_DAY)), gone, e);
}

/* ---- events, read back -------------------------------------------------------------------------------------------- */

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
    if (!store_query(t->store, t->a, EVENT_COLUMNS " WHERE l.site=?1 AND (l.subject=?2 OR l.patient=?2) ORDER BY l.seq",
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
    if (!store_query(t->store, t->a, EVENT_COLUMNS " WHERE l.site=?1 AND l.seq=?2", VALS(V_INT(t->site), V_INT(seq)), &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    if (*found)
        read_event(&rows, out);
    rows_end(&rows);
    return true;
}
