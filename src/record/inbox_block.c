#include "record/inbox_block.h"

#include <lz4.h>
#include <string.h>
#include <zlib.h>

enum { HEAD = 24, BLOCK_BYTES_MAX = 64 * 1024 * 1024 };
#define NO_ANSWER ((size_t)0xFFFFFFFF)

static void put32(unsigned char *p, size_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(v >> (8 * i));
}

static size_t get32(const unsigned char *p)
{
    return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

size_t block_size(const struct block_message *m)
{
    return HEAD + m->sender_len + m->id_len + m->answer_len + m->raw_len;
}

static char *put(char *to, const char *bytes, size_t len)
{
    if (len)
        memcpy(to, bytes, len);
    return to + len;
}

void block_write(char *to, const struct block_message *m)
{
    unsigned char head[HEAD];
    put32(head, (size_t)((uint64_t)m->received & 0xFFFFFFFF));
    put32(head + 4, (size_t)((uint64_t)m->received >> 32));
    put32(head + 8, m->sender_len);
    put32(head + 12, m->id_len);
    put32(head + 16, m->answer ? m->answer_len : NO_ANSWER);
    put32(head + 20, m->raw_len);
    to = put(to, (const char *)head, sizeof head);
    to = put(to, m->sender, m->sender_len);
    to = put(to, m->id, m->id_len);
    to = put(to, m->answer, m->answer_len);
    put(to, m->raw, m->raw_len);
}

bool block_next(const char *bytes, size_t len, size_t *at, struct block_message *out)
{
    if (*at > len || len - *at < HEAD)
        return false;
    const unsigned char *head = (const unsigned char *)bytes + *at;
    bool answered = get32(head + 16) != NO_ANSWER;
    *out = (struct block_message){
        .received = (utc_t)((uint64_t)get32(head) | (uint64_t)get32(head + 4) << 32), .sender_len = get32(head + 8),
        .id_len = get32(head + 12), .answer_len = answered ? get32(head + 16) : 0, .raw_len = get32(head + 20)};
    if (out->sender_len + out->id_len + out->answer_len + out->raw_len > len - *at - HEAD)
        return false;
    out->sender = bytes + *at + HEAD;
    out->id = out->sender + out->sender_len;
    out->answer = answered ? out->id + out->id_len : NULL;
    out->raw = out->id + out->id_len + out->answer_len;
    *at += HEAD + out->sender_len + out->id_len + out->answer_len + out->raw_len;
    return true;
}

static size_t deflated(const char *bytes, size_t len, char *to)
{
    z_stream z = {0};
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)len;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)len - 1;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t n = z.total_out;
    deflateEnd(&z);
    return done ? n : 0;
}

void block_pack(struct arena *a, const char *bytes, size_t len, bool tight, const char **out, size_t *out_len,
                enum block_kind *kept)
{
    char *to = arena_alloc(a, len + 1);
    size_t n = len < 2 ? 0
               : tight ? deflated(bytes, len, to)
                       : (size_t)LZ4_compress_default(bytes, to, (int)len, (int)len - 1);
    *out = n ? to : bytes;
    *out_len = n ? n : len;
    *kept = n ? (tight ? BLOCK_DEFLATED : BLOCK_LZ4) : tight ? BLOCK_TIGHT_PLAIN : BLOCK_PLAIN;
}

static bool inflated(const char *packed, size_t packed_len, char *to, size_t size)
{
    z_stream z = {0};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return false;
    z.next_in = (Bytef *)(uintptr_t)packed;
    z.avail_in = (uInt)packed_len;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)size;
    bool ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == size;
    inflateEnd(&z);
    return ok;
}

bool block_unpack(struct arena *a, int64_t kept, int64_t size, const char *packed, size_t packed_len,
                  const char **bytes, struct err *e)
{
    bool ok = packed && size >= 0 && size <= BLOCK_BYTES_MAX && packed_len <= BLOCK_BYTES_MAX;
    *bytes = packed;
    if (ok && (kept == BLOCK_LZ4 || kept == BLOCK_DEFLATED)) {
        char *to = arena_alloc(a, (size_t)size + 1);
        *bytes = to;
        ok = kept == BLOCK_LZ4 ? LZ4_decompress_safe(packed, to, (int)packed_len, (int)size) == size
                               : inflated(packed, packed_len, to, (size_t)size);
    } else {
        ok = ok && packed_len == (size_t)size;
    }
    return ok || err_set(e, ERR_STORE, "inbox", "messages in the inbox are damaged");
}
