#include "record/chain.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

const char chain_start[65] = "0000000000000000000000000000000000000000000000000000000000000000";

static void hex(const unsigned char h[crypto_hash_sha256_BYTES], char out[65])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < (int)crypto_hash_sha256_BYTES; i++) {
        out[2 * i] = digits[h[i] >> 4];
        out[2 * i + 1] = digits[h[i] & 15];
    }
    out[64] = 0;
}

void chain_sha256(const void *data, size_t n, char out[65])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, data, n);
    hex(h, out);
}

/* Decimal text; printf is slow enough to be seen in the ingest benchmark. */
static void put_number(struct buf *b, int64_t n)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do
        *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (n < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

void chain_int(struct buf *b, int64_t n)
{
    put_number(b, n);
    buf_addc(b, ',');
}

void chain_text(struct buf *b, const char *s)
{
    if (!s) {
        buf_add(b, "~,", 2);
        return;
    }
    size_t n = strlen(s);
    put_number(b, (int64_t)n);
    buf_addc(b, ':');
    buf_add(b, s, n);
    buf_addc(b, ',');
}

bool chain_commitment(struct buf *scratch, const unsigned char salt[SALT_BYTES], const char *data, const char *reason,
                      const char *why, char out[65], struct err *e)
{
    buf_clear(scratch);
    buf_add(scratch, salt, SALT_BYTES);
    chain_text(scratch, data);
    chain_text(scratch, reason);
    chain_text(scratch, why);
    if (!buf_ok(scratch, "payload", e))
        return false;
    chain_sha256(scratch->data, scratch->len, out);
    return true;
}

bool chain_hash(struct buf *scratch, const struct chain_link *l, char out[65], struct err *e)
{
    const struct event_head *h = l->head;
    buf_clear(scratch);
    buf_puts(scratch, "venule-ledger/1,");
    chain_int(scratch, l->site);
    chain_int(scratch, l->seq);
    chain_text(scratch, l->type);
    chain_int(scratch, l->version);
    chain_int(scratch, h->happened);
    chain_int(scratch, h->recorded);
    chain_text(scratch, h->clock);
    if (h->offset_us == INT_NONE)
        chain_text(scratch, NULL);
    else
        chain_int(scratch, h->offset_us);
    chain_text(scratch, h->actor);
    chain_text(scratch, h->command);
    chain_text(scratch, l->subject);
    chain_text(scratch, l->patient);
    chain_text(scratch, l->commitment);
    chain_text(scratch, l->before);
    if (!buf_ok(scratch, "header", e))
        return false;
    chain_sha256(scratch->data, scratch->len, out);
    return true;
}
