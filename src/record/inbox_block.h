/* inbox_block: many messages as one string of bytes, packed. Record's own.
 *
 * Any thread; no state. Each message is a fixed head (received, four lengths) and its sender, id, answer and raw bytes.
 * Rule: bytes read from the store are trusted in nothing: a length that does not fit is "damaged".
 */
#ifndef RECORD_INBOX_BLOCK_H
#define RECORD_INBOX_BLOCK_H

#include "base/arena.h"
#include "base/utc.h"

/* How a block is kept. PLAIN: packing did not make it shorter. */
enum block_kind { BLOCK_PLAIN, BLOCK_LZ4, BLOCK_DEFLATED, BLOCK_TIGHT_PLAIN };

struct block_message {
    utc_t received;
    const char *sender, *id, *answer, *raw; /* answer may be NULL; raw is not NUL-terminated */
    size_t sender_len, id_len, answer_len, raw_len;
};

size_t block_size(const struct block_message *m);
void block_write(char *to, const struct block_message *m); /* block_size bytes */
/* The message at *at, which moves on; false at the end or where the bytes make no sense (*at < len then). */
bool block_next(const char *bytes, size_t len, size_t *at, struct block_message *out);

/* Packed in the arena; *kept says how. tight: smaller and slower. */
void block_pack(struct arena *a, const char *bytes, size_t len, bool tight, const char **out, size_t *out_len,
                enum block_kind *kept);
/* Back to `size` bytes. */
MUST_CHECK bool block_unpack(struct arena *a, int64_t kept, int64_t size, const char *packed, size_t packed_len,
                             const char **bytes, struct err *e);

#endif
