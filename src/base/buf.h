/* buf: a growing byte string with a named maximum.
 *
 * Owns its bytes until buf_fini. One thread at a time. Rule: going over the maximum sets `full` and drops the
 * rest, so a writer may run to its end and ask once with buf_ok.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"

struct buf {
    char *data;   /* always NUL-terminated once anything was added; may be NULL before */
    size_t len, cap, max;
    bool full;
};

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
void buf_addc(struct buf *b, char c);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_drop(struct buf *b, size_t len);      /* remove len bytes from the front */
const char *buf_str(const struct buf *b);      /* "" when empty */
MUST_CHECK bool buf_ok(const struct buf *b, const char *what, struct err *e); /* ERR_TOO_LARGE if it overran */

#endif
