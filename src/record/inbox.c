#include "record/inbox.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "record/chain.h"
#include "record/ledger_private.h"
#include "record/store_private.h"

enum { PAGE = 200, PLAIN_MAX = 64 /* not worth packing */ };

RECORD_DEFINE(inbox_seal, 0, "one day's messages, sealed")
const struct event_type ev_inbox_sealed = {"inbox.sealed",     1,    APPLY_NOTE,
                                           &record_inbox_seal, NULL, "the messages of a day, by their hash"};

bool inbox_put(struct tx *t, const char *sender, const char *message_id, utc_t received, const char *raw, size_t len,
               const char *answer, bool *fresh, const char **old_answer, struct err *e)
{
    if (len > INBOX_MESSAGE_MAX)
        return err_set(e, ERR_TOO_LARGE, "message", "a message of %zu bytes is over the limit of %d", len,
                       INBOX_MESSAGE_MAX);
    int64_t changed = 0;
    *old_answer = NULL;
    if (!store_run(t->store,
                   "INSERT INTO inbox (site, sender, message_id, received, day, packed, size, raw, answer)"
                   " VALUES (?1,?2,?3,?4,?5,0,?6,?7,?8) ON CONFLICT (site, sender, message_id) DO NOTHING",
                   VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id), V_INT(received), V_INT(received / UTC_DAY),
                        V_INT((int64_t)len), V_BLOB(raw, len), V_TEXT(answer)),
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

/* ---- packing ---------------------------------------------------------------------------------------------------- */

/* How a message is kept. WORTHLESS: it was looked at, and packing would not make it shorter. */
enum { KEPT_PLAIN, KEPT_DEFLATED, KEPT_WORTHLESS };

static int deflated(struct arena *a, const char *raw, size_t len, const char **out, size_t *out_len)
{
    z_stream z = {0};
    *out = raw;
    *out_len = len;
    if (len <= PLAIN_MAX ||
        deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return KEPT_WORTHLESS;
    char *to = arena_alloc(a, len);
    z.next_in = (Bytef *)(uintptr_t)raw;
    z.avail_in = (uInt)len;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)len - 1;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t n = z.total_out;
    deflateEnd(&z);
    if (!done)
        return KEPT_WORTHLESS;
    *out = to;
    *out_len = n;
    return KEPT_DEFLATED;
}

/* *raw is what the store holds; becomes the message of `size` bytes. */
MUST_CHECK static bool unpacked(struct arena *a, int64_t kept, int64_t size, const char **raw, size_t *len,
                                struct err *e)
{
    static const char damaged[] = "a message in the inbox is damaged";
    if (size < 0 || size > INBOX_MESSAGE_MAX || !*raw)
        return err_set(e, ERR_STORE, "inbox", "%s", damaged);
    if (kept != KEPT_DEFLATED)
        return *len == (size_t)size || err_set(e, ERR_STORE, "inbox", "%s", damaged);
    char *to = arena_alloc(a, (size_t)size + 1);
    z_stream z = {0};
    bool ok = inflateInit2(&z, -MAX_WBITS) == Z_OK;
    if (ok) {
        z.next_in = (Bytef *)(uintptr_t)*raw;
        z.avail_in = (uInt)*len;
        z.next_out = (Bytef *)to;
        z.avail_out = (uInt)size;
        ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == (size_t)size;
        inflateEnd(&z);
    }
    *raw = to;
    *len = (size_t)size;
    return ok || err_set(e, ERR_STORE, "inbox", "%s", damaged);
}

bool inbox_get(struct tx *t, const char *sender, const char *message_id, const char **raw, size_t *len, bool *found,
               struct err *e)
{
    struct rows rows;
    if (!store_query(t->store, t->a,
                     "SELECT packed, size, raw FROM inbox WHERE site=?1 AND sender=?2 AND message_id=?3",
                     VALS(V_INT(t->site), V_TEXT(sender), V_TEXT(message_id)), &rows, e) ||
        !rows_next(&rows, found, e))
        return false;
    if (!*found)
        return true;
    int64_t kept = rows_int(&rows, 0), size = rows_int(&rows, 1);
    *raw = rows_blob(&rows, 2, len);
    rows_end(&rows);
    return unpacked(t->a, kept, size, raw, len, e);
}

struct plain {
    const char *sender, *id, *raw;
    size_t len;
};

bool inbox_pack(struct tx *t, int *packed, struct err *e)
{
    struct rows rows;
    struct plain *all = ARENA_ARRAY(t->a, INBOX_PACK_MAX, struct plain);
    bool more = true;
    int n = 0;
    *packed = 0;
    if (!store_query(t->store, t->a, "SELECT sender, message_id, raw FROM inbox WHERE site=?1 AND packed=0 LIMIT ?2",
                     VALS(V_INT(t->site), V_INT(INBOX_PACK_MAX)), &rows, e))
        return false;
    while (n < INBOX_PACK_MAX) {
        if (!rows_next(&rows, &more, e))
            return false;
        if (!more)
            break;
        struct plain *p = &all[n++];
        p->sender = rows_text(&rows, 0);
        p->id = rows_text(&rows, 1);
        p->raw = rows_blob(&rows, 2, &p->len);
    }
    rows_end(&rows);
    for (int i = 0; i < n; i++) {
        const char *out;
        size_t len;
        int kept = deflated(t->a, all[i].raw, all[i].len, &out, &len);
        if (!store_run(t->store, "UPDATE inbox SET packed=?4, raw=?5 WHERE site=?1 AND sender=?2 AND message_id=?3",
                       VALS(V_INT(t->site), V_TEXT(all[i].sender), V_TEXT(all[i].id), V_INT(kept), V_BLOB(out, len)),
                       NULL, e))
            return false;
    }
    *packed = n;
    return true;
}

bool inbox_forget(struct tx *t, utc_t before, int64_t *gone, struct err *e)
{
    return store_run(t->store, "DELETE FROM inbox WHERE site=?1 AND packed IN (0, 1, 2) AND day<?2",
                     VALS(V_INT(t->site), V_INT(before / UTC_DAY)), gone, e);
}

/* ---- seals ------------------------------------------------------------------------------------------------------ */

struct digest {
    crypto_hash_sha256_state h;
    struct buf line;
    char sender[FIELD_TEXT_MAX + 1], id[FIELD_TEXT_MAX + 1]; /* of the last one: where the next page begins */
    int64_t messages;
};

MUST_CHECK static bool digest_one(struct digest *d, struct arena *a, const struct rows *rows, struct err *e)
{
    const char *sender = rows_text(rows, 0), *id = rows_text(rows, 1);
    size_t len;
    const char *raw = rows_blob(rows, 4, &len);
    if (!unpacked(a, rows_int(rows, 2), rows_int(rows, 3), &raw, &len, e))
        return false;
    buf_clear(&d->line);
    chain_text(&d->line, sender);
    chain_text(&d->line, id);
    chain_int(&d->line, (int64_t)len);
    crypto_hash_sha256_update(&d->h, (const unsigned char *)buf_str(&d->line), d->line.len);
    crypto_hash_sha256_update(&d->h, (const unsigned char *)raw, len);
    snprintf(d->sender, sizeof d->sender, "%s", sender);
    snprintf(d->id, sizeof d->id, "%s", id);
    d->messages++;
    return true;
}

MUST_CHECK static bool digest_page(struct digest *d, struct store *s, struct arena *a, int64_t site, int64_t day,
                                   int *n, struct err *e)
{
    struct rows rows;
    bool more = true, ok = true;
    *n = 0;
    if (!store_query(
            s, a,
            "SELECT sender, message_id, packed, size, raw FROM inbox WHERE site=?1 AND day=?2 AND packed IN (0, 1, 2)"
            " AND (sender, message_id)>(?3, ?4) ORDER BY sender, message_id LIMIT 200",
            VALS(V_INT(site), V_INT(day), V_TEXT(d->sender), V_TEXT(d->id)), &rows, e))
        return false;
    for (; ok && (ok = rows_next(&rows, &more, e)) && more; ++*n)
        ok = digest_one(d, a, &rows, e);
    rows_end(&rows);
    return ok;
}

MUST_CHECK static bool digest_day(struct tx *t, int64_t day, struct inbox_seal *out, struct err *e)
{
    struct digest d = {0};
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(t->a, sizeof hash * 2 + 1);
    struct arena *a = arena_new();
    bool ok = true;
    buf_init(&d.line, 4096);
    crypto_hash_sha256_init(&d.h);
    for (int n = PAGE; ok && n == PAGE; arena_reset(a))
        ok = digest_page(&d, t->store, a, t->site, day, &n, e);
    crypto_hash_sha256_final(&d.h, hash);
    sodium_bin2hex(text, sizeof hash * 2 + 1, hash, sizeof hash);
    buf_fini(&d.line);
    arena_free(a);
    *out = (struct inbox_seal){arena_printf(t->a, "inbox %" PRId64, day), day, d.messages, text};
    return ok;
}

bool inbox_seal_day(struct tx *t, const struct event_head *h, utc_t when, struct err *e)
{
    struct inbox_seal seal;
    return digest_day(t, when / UTC_DAY, &seal, e) && event_append(t, &ev_inbox_sealed, h, &seal, NULL, e);
}

bool inbox_check(struct tx *t, const struct inbox_seal *seal, bool *same, struct err *e)
{
    struct inbox_seal now;
    if (!digest_day(t, seal->day, &now, e))
        return false;
    *same = now.messages == seal->messages && strcmp(now.digest, seal->digest) == 0;
    return true;
}
