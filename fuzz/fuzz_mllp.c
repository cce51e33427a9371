/* Any bytes as a stream, cut in three ways: the same frames come out however the bytes arrive. */
#include "wire/mllp.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const char *s, size_t size, size_t step, struct buf *out)
{
    struct mllp m;
    mllp_init(&m, MLLP_HEAD_MAX);
    for (size_t at = 0; at < size; at += step) {
        const char *in = s + at, *msg;
        size_t n = size - at < step ? size - at : step, len;
        enum mllp_step got;
        while ((got = mllp_feed(&m, &in, &n, &msg, &len)) != MLLP_MORE) {
            if (len > MLLP_HEAD_MAX || memchr(msg, MLLP_START, len) || memchr(msg, MLLP_END, len))
                abort();
            buf_printf(out, "%d:", got);
            buf_add(out, msg, got == MLLP_FRAME ? len : 0); /* how much of an oversize head is kept depends on the cuts */
        }
        if (n != 0)
            abort();
    }
    buf_printf(out, "%d %llu", mllp_inside(&m), (unsigned long long)m.noise);
    mllp_fini(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t steps[] = {1, 7, SIZE_MAX / 2};
    struct buf first;
    for (int i = 0; i < 3; i++) {
        struct buf b;
        buf_init(&b, 64 * 1024 * 1024);
        run((const char *)data, size, steps[i], &b);
        if (i == 0)
            first = b;
        else if (b.len != first.len || memcmp(b.data, first.data, b.len) != 0)
            abort();
        if (i > 0)
            buf_fini(&b);
    }
    buf_fini(&first);
    return 0;
}
