#include "wire/mllp.h"

#include <string.h>

void mllp_init(struct mllp *m, size_t limit)
{
    *m = (struct mllp){.limit = limit < MLLP_HEAD_MAX ? MLLP_HEAD_MAX : limit};
    buf_init(&m->frame, m->limit);
}

void mllp_fini(struct mllp *m)
{
    buf_fini(&m->frame);
}

bool mllp_inside(const struct mllp *m)
{
    return m->state != MLLP_OUTSIDE;
}

/* Skip noise up to and over a start byte; false if there is none in the input. */
static bool find_start(struct mllp *m, const char **in, size_t *n)
{
    const char *at = memchr(*in, MLLP_START, *n);
    size_t skipped = at ? (size_t)(at - *in) : *n;
    m->noise += skipped;
    if (m->after_end && skipped > 0 && **in == MLLP_CR)
        m->noise--; /* the second half of the end mark */
    if (*n > 0)
        m->after_end = false;
    *in += skipped + (at ? 1 : 0);
    *n -= skipped + (at ? 1 : 0);
    if (at)
        m->state = MLLP_INSIDE;
    return at != NULL;
}

enum mllp_step mllp_feed(struct mllp *m, const char **in, size_t *n, const char **msg, size_t *len)
{
    if (m->taken) {
        buf_clear(&m->frame);
        m->taken = false;
    }
    while (*n > 0) {
        if (m->state == MLLP_OUTSIDE) {
            if (!find_start(m, in, n))
                return MLLP_MORE;
            continue;
        }
        const char *stop = memchr(*in, MLLP_END, *n);
        size_t i = stop ? (size_t)(stop - *in) : *n;
        stop = memchr(*in, MLLP_START, i);
        i = stop ? (size_t)(stop - *in) : i;
        if (m->state == MLLP_INSIDE && i > m->limit - m->frame.len) {
            size_t keep = m->frame.len < MLLP_HEAD_MAX ? MLLP_HEAD_MAX - m->frame.len : 0;
            buf_add(&m->frame, *in, keep < i ? keep : i);
            m->state = MLLP_SKIPPING; /* and the same input again */
            m->taken = true;
            *msg = buf_str(&m->frame);
            *len = m->frame.len < MLLP_HEAD_MAX ? m->frame.len : MLLP_HEAD_MAX;
            return MLLP_TOO_LARGE;
        }
        if (m->state == MLLP_INSIDE)
            buf_add(&m->frame, *in, i);
        bool whole = i < *n && (*in)[i] == MLLP_END, again = i < *n && !whole;
        *in += i + (whole || again);
        *n -= i + (whole || again);
        if (again) {
            m->restarts++;
            buf_clear(&m->frame);
            m->state = MLLP_INSIDE;
        }
        if (!whole)
            continue;
        bool skipped = m->state == MLLP_SKIPPING;
        m->state = MLLP_OUTSIDE;
        m->after_end = true;
        if (skipped)
            continue;
        m->taken = true;
        *msg = buf_str(&m->frame);
        *len = m->frame.len;
        return MLLP_FRAME;
    }
    return MLLP_MORE;
}

void mllp_wrap(struct buf *out, const char *msg, size_t len)
{
    buf_addc(out, MLLP_START);
    buf_add(out, msg, len);
    buf_addc(out, MLLP_END);
    buf_addc(out, MLLP_CR);
}
