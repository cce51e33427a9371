#include "serve/release.h"

#include <sodium.h>
#include <string.h>
#include <zlib.h>

#include "formulary/sign.h"
#include "record/model.h"

#define VARIANT sodium_base64_VARIANT_ORIGINAL

bool release_pack(struct arena *a, const struct content *c, const char **out, struct err *e)
{
    uLongf len = compressBound((uLong)c->blob_len);
    unsigned char *zipped = arena_alloc(a, len);
    if (compress2(zipped, &len, (const unsigned char *)c->blob, (uLong)c->blob_len, Z_BEST_COMPRESSION) != Z_OK)
        return err_set(e, ERR_INTERNAL, "content", "the content cannot be deflated");
    size_t text_len = sodium_base64_encoded_len(len, VARIANT);
    if (text_len - 1 > FIELD_BLOB_MAX)
        return err_set(e, ERR_TOO_LARGE, "content", "the content is %zu bytes deflated, an event holds %d", text_len - 1,
                       FIELD_BLOB_MAX);
    char *text = arena_alloc(a, text_len);
    sodium_bin2base64(text, text_len, zipped, len, VARIANT);
    *out = text;
    return true;
}

MUST_CHECK static bool inflate_all(const unsigned char *in, size_t in_len, struct buf *out, struct err *e)
{
    unsigned char chunk[32 * 1024];
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)in, .avail_in = (uInt)in_len};
    int rc = inflateInit(&z);
    while (rc == Z_OK && !out->full) {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        rc = inflate(&z, Z_NO_FLUSH);
        buf_add(out, chunk, sizeof chunk - z.avail_out);
    }
    inflateEnd(&z);
    return (rc == Z_STREAM_END && !out->full) || err_set(e, ERR_STORE, "content", "the released content cannot be inflated");
}

bool release_unpack(struct arena *a, const char *packed, const struct content **out, struct err *e)
{
    struct buf b;
    size_t len = strlen(packed), zipped_len;
    unsigned char *zipped = arena_alloc(a, len + 1);
    if (sodium_base642bin(zipped, len, packed, len, NULL, &zipped_len, NULL, VARIANT) != 0)
        return err_set(e, ERR_STORE, "content", "the released content is not base64");
    buf_init(&b, CONTENT_BLOB_MAX);
    bool ok = inflate_all(zipped, zipped_len, &b, e) &&
              content_read_blob(a, arena_strndup(a, buf_str(&b), b.len), b.len, out, e);
    buf_fini(&b);
    return ok;
}

bool release_in_force(struct tx *t, const char **hash, struct err *e)
{
    struct rows rows;
    bool found;
    *hash = NULL;
    if (!store_query(t->store, t->a, "SELECT id FROM content_release WHERE site=?1 ORDER BY at DESC, id LIMIT 1",
                     VALS(V_INT(t->site)), &rows, e) ||
        !rows_next(&rows, &found, e))
        return false;
    if (found)
        *hash = rows_text(&rows, 0);
    rows_end(&rows);
    return true;
}

bool release_signed(struct tx *t, const char *hash, struct err *e)
{
    BLANK(content_release, r);
    struct site_info *site;
    int n;
    if (!table_list(t, &record_site_info, "1=1", NO_VALS, &site, &n, e) || (n && site[0].demo == 1))
        return e->kind == ERR_NONE;
    return table_need(t, &record_content_release, hash, "content", &r, e) &&
           content_signed_by_two(t->a, hash, r.version, r.signatures, e);
}

bool release_read(struct tx *t, struct arena *keep, const struct content *known, const struct content **out, struct err *e)
{
    const char *hash;
    BLANK(content_release, r);
    *out = NULL;
    if (!release_in_force(t, &hash, e) || !hash)
        return e->kind == ERR_NONE;
    if (known && strcmp(known->hash, hash) == 0) {
        *out = known;
        return true;
    }
    if (!table_need(t, &record_content_release, hash, "content", &r, e))
        return false;
    if (!release_signed(t, hash, e))
        return false;
    if (!r.blob)
        return err_set(e, ERR_STORE, "content", "release %.16s… was stored without its text; release it again", hash);
    if (!release_unpack(keep, r.blob, out, e))
        return false;
    return strcmp((*out)->hash, hash) == 0 ||
           err_set(e, ERR_STORE, "content", "release %.16s… reads as %.16s…: this program does not understand it", hash,
                   (*out)->hash);
}
