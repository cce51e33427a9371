#include "record/inbox.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "record/chain.h"
#include "record/inbox_block.h"
#include "record/ledger_private.h"
#include "record/store_private.h"

RECORD_DEFINE(inbox_seal, 0, "one day's messages, sealed")
const struct event_type ev_inbox_sealed = {"inbox.sealed",     1,    APPLY_NOTE,
                                           &record_inbox_seal, NULL, "the messages of a day, by their hash"};

/* ---- the batch's messages ------------------------------------------------------------------------------------------ */

enum { ROOM_FIRST = 16 * 1024 };

/* One block in the making. */
struct making {
    struct making *next;
    int64_t id, day;
    char *bytes;
    size_t len, room, saved_len;
    int count, saved;
};

struct inbox_batch {
    struct making *first, *last, *saved;
    int64_t next_id;
};

MUST_CHECK static bool next_block_id(struct tx *t, int64_t *out, struct err *e)
{
    struct rows rows;
    bool found;
    if (!store_query(t->store, t->a, "SELECT id FROM inbox_block WHERE site=?1 ORDER BY id DESC LIMIT 1",
                     VALS(V_INT(t->site)), &rows, e) ||
        !rows_next(&rows, &found, e))
        return false;
    *out = found ? rows_int(&rows, 0) + 1 : 1;
    rows_end(&rows);
    return true;
}

/* The block a message of this day and length goes into. */
MUST_CHECK static bool making_for(struct tx *t, int64_t day, size_t len, struct making **out, struct err *e)
{
    struct inbox_batch *b = t->inbox;
    if (!b) {
        b = ARENA_NEW(t->a, struct inbox_batch);
        if (!next_block_id(t, &b->next_id, e))
            return false;
        t->inbox = b;
    }
    struct making *m = b->last;
    if (!m || m->day != day || (m->count && m->len + len > INBOX_BLOCK_MAX)) {
        m = ARENA_NEW(t->a, struct making);
        m->id = b->next_id++;
        m->day = day;
        if (b->last)
            b->last->next = m;
        else
            b->first = m;
        b->last = m;
    }
    *out = m;
    return true;
}

static void add(struct arena *a, struct making *m, const struct block_message *msg)
{
    size_t need = m->len + block_size(msg);
    if (need > m->room) {
        const char *old = m->bytes;
        m->room = need < ROOM_FIRST ? ROOM_FIRST : need * 2;
        m->bytes = arena_alloc(a, m->room);
        if (m->len)
            memcpy(m->bytes, old, m->len);
    }
    block_write(m->bytes + m->len, msg);
    m->len = need;
    m->count++;
}

void inbox_mark(struct tx *t)
{
    struct inbox_batch *b = t->inbox;
    if (!b)
        return;
    b->saved = b->last;
    if (b->last)
        b->last->saved = b->last->count, b->last->saved_len = b->last->len;
}

void inbox_undo(struct tx *t)
{
    struct inbox_batch *b = t->inbox;
    if (!b)
        return;
    if (!b->saved) {
        t->inbox = NULL;
        return;
    }
    b->last = b->saved;
    b->last->next = NULL;
    b->last->count = b->last->saved;
    b->last->len = b->last->saved_len;
    b->next_id = b->last->id + 1;
}

MUST_CHECK static bool write_block(struct tx *t, const struct making *m, struct err *e)
{
    const char *packed;
    size_t len;
    enum block_kind kept;
    block_pack(t->a, m->bytes, m->len, false, &packed, &len, &kept);
    return store_run(t->store,
                     "INSERT INTO inbox_block (site, id, day, messages, packed, size, raw) VALUES"
                     " (?1,?2,?3,?4,?5,?6,?7)",
                     VALS(V_INT(t->site), V_INT(m->id), V_INT(m->day), V_INT(m->count), V_INT(kept),
                          V_INT((int64_t)m->len), V_BLOB(packed, len)),
                     NULL, e);
}

bool inbox_flush(struct tx *t, struct err *e)
{
    bool ok = true;
    for (struct making *m = t->inbox ? t->inbox->first : NULL; ok && m; m = m->next)
        ok = !m->count || write_block(t, m, e);
    t->inbox = NULL;
    return ok;
}

static bool is_message(const struct block_message *m, const char *sender, const char *id)
{
    return strlen(sender) == m->sender_len && memcmp(m->sender, sender, m->sender_len) == 0 &&
           strlen(id) == m->id_len && memcmp(m->id, id, m->id_len) == 0;
}

/* ---- finding one --------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool row_block(const struct rows *r, struct arena *a, int kept_col, const char **bytes, size_t *len,
                                 struct err *e)
{
    size_t packed_len;
    const char *packed = rows_blob(r, kept_col + 2, &packed_len);
    int64_t size = rows_int(r, kept_col + 1);
    *len = size < 0 ? 0 : (size_t)size;
    return block_unpack(a, rows_int(r, kept_col), size, packed, packed_len, bytes, e);
}

/* In the batch not written yet; else in the block that holds it now. */
MUST_CHECK static bool find(struct tx *t, const char *sender, const char *id, struct block_message *out, bool *found,
                            struct err *e)
{
    struct rows rows;
    const char *bytes;
    size_t len, at = 0;
    *found = true;
    for (struct making *m = t->inbox ? t->inbox->first : NULL; m; m = m->next)
        for (size_t k = 0; block_next(m->bytes, m->len, &k, out);)
            if (is_message(out, sender, id))
                return true;
    if (!store_query(t->store, t->a,
                     "SELECT b.packed, b.size, b.raw FROM inbox i JOIN inbox_block b ON b.site=i.site AND b.id="
                     "(SELECT max(x.id) FROM inbox_block x WHERE x.site=i.site AND x.id<=i.block)"
                     " WHERE i.site=?1 AND i.sender=?2 AND i.message_id=?3",
                     VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(id)), &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    if (!*found)
        return true;
    bool ok = row_block(&rows, t->a, 0, &bytes, &len, e);
    rows_end(&rows);
    while (ok && block_next(bytes, len, &at, out))
        if (is_message(out, sender, id))
            return true;
    return ok && err_set(e, ERR_STORE, "inbox", "the message \"%.60s\" is not in the block that should hold it", id);
}

bool inbox_put(struct tx *t, const char *sender, const char *message_id, utc_t received, const char *raw, size_t len,
               const char *answer, bool *fresh, const char **old_answer, struct err *e)
{
    int64_t changed = 0;
    struct making *m;
    struct block_message old;
    bool found;
    *old_answer = NULL;
    if (len > INBOX_MESSAGE_MAX)
        return err_set(e, ERR_TOO_LARGE, "message", "a message of %zu bytes is over the limit of %d", len,
                       INBOX_MESSAGE_MAX);
    if (!making_for(t, received / UTC_DAY, len, &m, e) ||
        !store_run(t->store,
                   "INSERT INTO inbox (site, sender, message_id, block) VALUES (?1,?2,?3,?4)"
                   " ON CONFLICT (site, sender, message_id) DO NOTHING",
                   VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id), V_INT(m->id)), &changed, e))
        return false;
    *fresh = changed == 1;
    if (*fresh) {
        add(t->a, m, &(struct block_message){
            .received = received, .sender = sender, .sender_len = strlen(sender), .id = message_id,
            .id_len = strlen(message_id), .answer = answer, .answer_len = answer ? strlen(answer) : 0, .raw = raw,
            .raw_len = len});
        return true;
    }
    if (!find(t, sender, message_id, &old, &found, e))
        return false;
    if (found && old.answer)
        *old_answer = arena_strndup(t->a, old.answer, old.answer_len);
    return true;
}

bool inbox_get(struct tx *t, const char *sender, const char *message_id, const char **raw, size_t *len, bool *found,
               struct err *e)
{
    struct block_message m;
    if (!find(t, sender, message_id, &m, found, e))
        return false;
    if (*found) {
        *raw = arena_strndup(t->a, m.raw, m.raw_len);
        *len = m.raw_len;
    }
    return true;
}

bool inbox_of(struct tx *t, const char *sender, int64_t *all, const char **ids, int most, int *count, struct err *e)
{
    struct rows rows;
    bool more = true, ok;
    *count = 0;
    if (!store_query(t->store, t->a, "SELECT count(*) FROM inbox WHERE site=?1 AND sender=?2",
                     VALS(V_INT(t->site), V_TEXT(sender)), &rows, e) ||
        !rows_next(&rows, &more, e))
        return false;
    *all = rows_int(&rows, 0);
    rows_end(&rows);
    ok = store_query(t->store, t->a,
                     "SELECT message_id FROM inbox WHERE site=?1 AND sender=?2 ORDER BY message_id LIMIT ?3",
                     VALS(V_INT(t->site), V_TEXT(sender), V_INT(most)), &rows, e);
    while (ok && (ok = rows_next(&rows, &more, e)) && more)
        ids[(*count)++] = rows_text(&rows, 0);
    rows_end(&rows);
    return ok;
}

bool inbox_drop(struct tx *t, const char *sender, const char *message_id, struct err *e)
{
    return store_run(t->store, "DELETE FROM inbox WHERE site=?1 AND sender=?2 AND message_id=?3",
                     VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id)), NULL, e);
}

/* ---- packing ------------------------------------------------------------------------------------------------------- */

struct loose {
    int64_t id, day, messages;
    const char *bytes;
    size_t len;
};

/* The oldest loose blocks of one day, together not over a block; *closed: others come after them. */
MUST_CHECK static bool loose_list(struct tx *t, struct loose *out, int *count, size_t *size, bool *closed,
                                  struct err *e)
{
    struct rows rows;
    bool more = true, ok = true;
    *closed = false;
    *count = 0;
    *size = 0;
    if (!store_query(t->store, t->a,
                     "SELECT id, day, messages, packed, size, raw FROM inbox_block WHERE site=?1 AND packed<2"
                     " ORDER BY id LIMIT ?2",
                     VALS(V_INT(t->site), V_INT(INBOX_PACK_MAX)), &rows, e))
        return false;
    while (ok && (ok = rows_next(&rows, &more, e)) && more) {
        struct loose *l = &out[*count];
        *l = (struct loose){.id = rows_int(&rows, 0), .day = rows_int(&rows, 1), .messages = rows_int(&rows, 2)};
        ok = row_block(&rows, t->a, 3, &l->bytes, &l->len, e);
        *closed = *count && (l->day != out[0].day || *size + l->len > INBOX_BLOCK_MAX);
        if (!ok || *closed)
            break;
        *size += l->len;
        ++*count;
    }
    rows_end(&rows);
    return ok;
}

bool inbox_pack(struct tx *t, int least, int *packed, struct err *e)
{
    struct loose *all = ARENA_ARRAY(t->a, INBOX_PACK_MAX, struct loose);
    const char *out;
    size_t size, len;
    enum block_kind kept;
    int64_t messages = 0, next;
    int n;
    bool closed;
    *packed = 0;
    if (!loose_list(t, all, &n, &size, &closed, e))
        return false;
    if (!n)
        return true;
    /* the newest keeps its number: if it went into an older one, the next block would be given it again, and hide the
     * messages that came under it */
    if (!next_block_id(t, &next, e))
        return false;
    if (n > 1 && all[n - 1].id + 1 == next)
        size -= all[--n].len;
    if (n < least && !closed)
        return true;
    char *bytes = arena_alloc(t->a, size + 1);
    for (size_t i = 0, at = 0; i < (size_t)n; at += all[i++].len) {
        memcpy(bytes + at, all[i].bytes, all[i].len);
        messages += all[i].messages;
    }
    block_pack(t->a, bytes, size, true, &out, &len, &kept);
    if ((n > 1 && !store_run(t->store, "DELETE FROM inbox_block WHERE site=?1 AND id>?2 AND id<=?3",
                             VALS(V_INT(t->site), V_INT(all[0].id), V_INT(all[n - 1].id)), NULL, e)) ||
        !store_run(t->store, "UPDATE inbox_block SET messages=?3, packed=?4, size=?5, raw=?6 WHERE site=?1 AND id=?2",
                   VALS(V_INT(t->site), V_INT(all[0].id), V_INT(messages), V_INT(kept), V_INT((int64_t)size),
                        V_BLOB(out, len)),
                   NULL, e))
        return false;
    *packed = n;
    return true;
}

/* ---- the blocks of a day ------------------------------------------------------------------------------------------- */

/* Each message of a day in the order kept; `each` false: stop with its error. */
struct walk {
    bool (*each)(struct walk *w, const struct block_message *m, struct err *e);
    struct tx *t;
    void *ctx;
    int64_t messages;
};

MUST_CHECK static bool walk_block(struct walk *w, const char *bytes, size_t len, struct err *e)
{
    struct block_message m;
    size_t at = 0;
    while (block_next(bytes, len, &at, &m)) {
        w->messages++;
        if (!w->each(w, &m, e))
            return false;
    }
    return at == len || err_set(e, ERR_STORE, "inbox", "messages in the inbox are damaged");
}

MUST_CHECK static bool walk_day(struct walk *w, int64_t day, struct err *e)
{
    struct arena *a = arena_new();
    int64_t after = -1;
    bool ok = true, more = true;
    while (ok && more) {
        struct rows rows;
        const char *bytes;
        size_t len;
        arena_reset(a);
        ok = store_query(w->t->store, a,
                         "SELECT id, packed, size, raw FROM inbox_block WHERE site=?1 AND day=?2 AND id>?3 ORDER BY id"
                         " LIMIT 1",
                         VALS(V_INT(w->t->site), V_INT(day), V_INT(after)), &rows, e) &&
             rows_next(&rows, &more, e);
        if (!ok || !more)
            break;
        after = rows_int(&rows, 0);
        ok = row_block(&rows, a, 1, &bytes, &len, e);
        rows_end(&rows);
        ok = ok && walk_block(w, bytes, len, e);
    }
    arena_free(a);
    return ok;
}

static bool forget_one(struct walk *w, const struct block_message *m, struct err *e)
{
    return store_run(w->t->store, "DELETE FROM inbox WHERE site=?1 AND sender=?2 AND message_id=?3",
                     VALS(V_INT(w->t->site), V_TEXT(arena_strndup(w->t->a, m->sender, m->sender_len)),
                          V_TEXT(arena_strndup(w->t->a, m->id, m->id_len))),
                     NULL, e);
}

MUST_CHECK static bool days_before(struct tx *t, int64_t day, int64_t *days, int most, int *count, struct err *e)
{
    *count = 0;
    for (int64_t after = INT64_MIN / 2; *count < most;) {
        struct rows rows;
        bool found;
        if (!store_query(t->store, t->a,
                         "SELECT day FROM inbox_block WHERE site=?1 AND day>?2 AND day<?3 ORDER BY day LIMIT 1",
                         VALS(V_INT(t->site), V_INT(after), V_INT(day)), &rows, e) ||
            !rows_next(&rows, &found, e))
            return false;
        if (!found)
            return true;
        after = days[(*count)++] = rows_int(&rows, 0);
        rows_end(&rows);
    }
    return true;
}

bool inbox_forget(struct tx *t, utc_t before, int64_t *gone, struct err *e)
{
    enum { AT_ONCE = 8 };
    struct walk w = {.each = forget_one, .t = t};
    int64_t days[AT_ONCE];
    int n;
    if (!days_before(t, before / UTC_DAY, days, AT_ONCE, &n, e))
        return false;
    for (int i = 0; i < n; i++)
        if (!walk_day(&w, days[i], e) ||
            !store_run(t->store, "DELETE FROM inbox_block WHERE site=?1 AND day=?2", VALS(V_INT(t->site), V_INT(days[i])),
                       NULL, e))
            return false;
    *gone = w.messages;
    return true;
}

/* ---- seals --------------------------------------------------------------------------------------------------------- */

static const char *seal_id(struct arena *a, int64_t day)
{
    return arena_printf(a, "inbox %" PRId64, day);
}

bool inbox_unsealed(struct tx *t, utc_t before, int64_t *days, int most, int *count, struct err *e)
{
    int n, kept = 0;
    if (!days_before(t, before / UTC_DAY, days, most, &n, e))
        return false;
    for (int i = 0; i < n; i++) {
        struct ledger_event *seals;
        int seal_count;
        if (!ledger_about(t, seal_id(t->a, days[i]), &seals, &seal_count, e))
            return false;
        if (!seal_count)
            days[kept++] = days[i];
    }
    *count = kept;
    return true;
}

struct digest {
    crypto_hash_sha256_state h;
    struct buf line;
};

static bool digest_one(struct walk *w, const struct block_message *m, struct err *e)
{
    struct digest *d = w->ctx;
    buf_clear(&d->line);
    chain_text(&d->line, arena_strndup(w->t->a, m->sender, m->sender_len));
    chain_text(&d->line, arena_strndup(w->t->a, m->id, m->id_len));
    chain_text(&d->line, m->answer ? arena_strndup(w->t->a, m->answer, m->answer_len) : NULL);
    chain_int(&d->line, (int64_t)m->raw_len);
    crypto_hash_sha256_update(&d->h, (const unsigned char *)buf_str(&d->line), d->line.len);
    crypto_hash_sha256_update(&d->h, (const unsigned char *)m->raw, m->raw_len);
    return buf_ok(&d->line, "a message", e);
}

MUST_CHECK static bool digest_day(struct tx *t, int64_t day, struct inbox_seal *out, struct err *e)
{
    struct digest d;
    struct walk w = {.each = digest_one, .ctx = &d};
    struct tx own = *t;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(t->a, sizeof hash * 2 + 1);
    own.a = arena_new();
    w.t = &own;
    buf_init(&d.line, 64 * 1024);
    crypto_hash_sha256_init(&d.h);
    bool ok = walk_day(&w, day, e);
    crypto_hash_sha256_final(&d.h, hash);
    sodium_bin2hex(text, sizeof hash * 2 + 1, hash, sizeof hash);
    buf_fini(&d.line);
    arena_free(own.a);
    *out = (struct inbox_seal){seal_id(t->a, day), day, w.messages, text};
    return ok;
}

bool inbox_seal_day(struct tx *t, const struct event_head *h, utc_t when, struct err *e)
{
    struct inbox_seal seal;
    return digest_day(t, when / UTC_DAY, &seal, e) &&
           event_append(t, &ev_inbox_sealed, h, &seal, NULL, e);
}

/* The seal of a day, if it has one; erased or unreadable counts as none. */
MUST_CHECK static bool seal_of(struct tx *t, int64_t day, struct inbox_seal *out, bool *found, struct err *e)
{
    struct ledger_event *all;
    int n;
    if (!ledger_about(t, seal_id(t->a, day), &all, &n, e))
        return false;
    *found = n > 0 && all[0].payload;
    if (!*found)
        return true;
    const struct node *json = json_read(t->a, all[0].payload, strlen(all[0].payload), PAYLOAD_MAX, e);
    record_blank(&record_inbox_seal, out);
    return json && record_from_json(&record_inbox_seal, json, t->a, NULL, out, e);
}

bool inbox_verify(struct tx *t, int64_t *sealed, int64_t *bad_day, struct err *e)
{
    enum { DAYS_MAX = 4000 };
    int64_t *days = ARENA_ARRAY(t->a, DAYS_MAX, int64_t);
    int n;
    *sealed = 0;
    *bad_day = -1;
    if (!days_before(t, INT64_MAX / 2, days, DAYS_MAX, &n, e))
        return false;
    for (int i = 0; i < n && *bad_day < 0; i++) {
        struct inbox_seal seal;
        bool found, same = true;
        if (!seal_of(t, days[i], &seal, &found, e) || (found && !inbox_check(t, &seal, &same, e)))
            return false;
        *sealed += found;
        if (!same)
            *bad_day = days[i];
    }
    return true;
}

bool inbox_check(struct tx *t, const struct inbox_seal *seal, bool *same, struct err *e)
{
    struct inbox_seal now;
    if (!digest_day(t, seal->day, &now, e))
        return false;
    *same = now.messages == seal->messages && strcmp(now.digest, seal->digest) == 0;
    return true;
}
