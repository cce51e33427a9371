/* What the tests of wire share: golden messages, with a change made, as parsed messages. */
#ifndef WIRE_TEST_H
#define WIRE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "wire/pcd.h"

enum { GOLDEN_MAX = 64 * 1024 };

/* The file under test/wire with its line feeds made CR, the way it goes over the wire. */
static inline char *golden(struct arena *a, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", WIRE_GOLDEN, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    char *s = arena_alloc(a, GOLDEN_MAX);
    size_t n = fread(s, 1, GOLDEN_MAX - 1, f);
    fclose(f);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++)
        if (s[i] == '\n')
            s[i] = '\r';
    return s;
}

/* s with the first `from` replaced; fails the test if `from` is not in it, so that no variant tests nothing. */
static inline char *changed(struct arena *a, const char *s, const char *from, const char *to)
{
    const char *at = strstr(s, from);
    if (!at)
        fail_msg("\"%s\" is not in the golden message", from);
    return arena_printf(a, "%.*s%s%s", (int)(at - s), s, to, at + strlen(from));
}

static inline void parse_ok(struct arena *a, const char *s, struct hl7_message *m)
{
    struct hl7_fault f;
    if (!hl7_parse(a, s, strlen(s), m, &f))
        fail_msg("not parsed: %s-%d %s", f.segment, f.field, f.text);
}

static inline void decode_ok(struct arena *a, const char *s, struct pcd_message *out)
{
    struct hl7_message *m = ARENA_NEW(a, struct hl7_message);
    struct hl7_fault f;
    parse_ok(a, s, m);
    if (!pcd_decode(a, m, NULL, out, &f))
        fail_msg("not decoded: %s[%d]-%d.%d %d %s", f.segment, f.nth, f.field, f.component, f.code, f.text);
}

static inline void same_dec(struct dec d, const char *text)
{
    char buf[DEC_TEXT_MAX];
    assert_string_equal(dec_text(d, buf), text);
}

static inline void same_time(utc_t t, const char *text)
{
    char buf[UTC_TEXT_MAX];
    assert_string_equal(utc_text(t, buf), text);
}

#endif
