#include "wire_test.h"

#include "wire/mllp.h"

#define B "\x0b"
#define E "\x1c\r"

/* Feeds text in pieces of `step` bytes; every message is written to out as [msg], an oversize one as <head length>. */
static void run(const char *text, size_t len, size_t step, size_t limit, struct buf *out, struct mllp *m)
{
    mllp_init(m, limit);
    for (size_t at = 0; at < len; at += step) {
        const char *in = text + at, *msg;
        size_t n = len - at < step ? len - at : step, size;
        for (enum mllp_step s; (s = mllp_feed(m, &in, &n, &msg, &size)) != MLLP_MORE;) {
            if (s == MLLP_FRAME)
                buf_printf(out, "[%.*s]", (int)size, msg);
            else
                buf_printf(out, "<%zu>", size);
        }
        assert_int_equal(n, 0);
    }
}

static void frames(void **state)
{
    (void)state;
    static const struct { const char *text, *out; unsigned noise, restarts; bool inside; } rows[] = {
        {B "MSH|1" E, "[MSH|1]", 0, 0, false},
        {B "a" E B "b" E B "c" E, "[a][b][c]", 0, 0, false},
        {"noise" B "a" E "more\r\n" B "b" E, "[a][b]", 11, 0, false},
        {B "a\x1c" B "b\x1c", "[a][b]", 0, 0, false},           /* no CR after the end byte */
        {B "a\x1c\r\r\n" B "b" E, "[a][b]", 2, 0, false},
        {"x" B "junk" B "MSH|2" E, "[MSH|2]", 1, 1, false},       /* start byte inside noise */
        {B "cut off" B "whole" E, "[whole]", 0, 1, false},
        {B E, "[]", 0, 0, false},
        {"\x1c\r\x1c\r" B "a" E, "[a]", 4, 0, false},
        {B "begun", "", 0, 0, true},
        {"", "", 0, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t step = 1; step <= 7; step++) {
            struct mllp m;
            struct buf out;
            buf_init(&out, 4096);
            run(rows[i].text, strlen(rows[i].text), step, 4096, &out, &m);
            assert_string_equal(buf_str(&out), rows[i].out);
            assert_int_equal(m.noise, rows[i].noise);
            assert_int_equal(m.restarts, rows[i].restarts);
            assert_int_equal(mllp_inside(&m), rows[i].inside);
            mllp_fini(&m);
            buf_fini(&out);
        }
}

static void oversize(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 3, 1000, 100000};
    struct buf text;
    buf_init(&text, 100000);
    buf_puts(&text, B "first" E B);
    for (int i = 0; i < MLLP_HEAD_MAX; i++)
        buf_addc(&text, 'm'); /* exactly the limit: still a message */
    buf_puts(&text, E B);
    for (int i = 0; i < 5000; i++)
        buf_addc(&text, 'x');
    buf_puts(&text, E B "between" E B);
    for (int i = 0; i < 5000; i++)
        buf_addc(&text, 'y');
    buf_puts(&text, B "after" E); /* resync at the next start even without an end */
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct mllp m;
        struct buf out;
        buf_init(&out, 100000);
        run(text.data, text.len, steps[i], MLLP_HEAD_MAX, &out, &m);
        char *mm = strstr(out.data, "[m");
        assert_non_null(mm);
        assert_true(strspn(mm + 1, "m") == MLLP_HEAD_MAX);
        memmove(mm + 2, mm + 1 + MLLP_HEAD_MAX, strlen(mm + 1 + MLLP_HEAD_MAX) + 1);
        char expect[64];
        snprintf(expect, sizeof expect, "[first][m]<%d>[between]<%d>[after]", MLLP_HEAD_MAX, MLLP_HEAD_MAX);
        assert_string_equal(out.data, expect);
        mllp_fini(&m);
        buf_fini(&out);
    }
    buf_fini(&text);
}

static void wrap(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 64);
    mllp_wrap(&b, "MSA|CA", 6);
    assert_string_equal(b.data, B "MSA|CA" E);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(frames), cmocka_unit_test(oversize), cmocka_unit_test(wrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
