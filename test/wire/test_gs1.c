#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/gs1.h"

#define GS "\x1d"

static void reads(void **state)
{
    (void)state;
    static const struct { const char *text, *gtin, *lot, *serial, *expires, *time, *made; } rows[] = {
        {"]d201003111112222201727013110LOT42A" GS "21SN0001", "00311111222220", "LOT42A", "SN0001", "2027-01-31", NULL, NULL},
        {"]C1010031111122222010LOT42A" GS "17270131", "00311111222220", "LOT42A", NULL, "2027-01-31", NULL, NULL},
        {"]Q301003111112222201727013110LOT42A\r\n", "00311111222220", "LOT42A", NULL, "2027-01-31", NULL, NULL},
        {GS "01003111112222201727013110LOT42A", "00311111222220", "LOT42A", NULL, "2027-01-31", NULL, NULL},
        {"01003111112222201727013110LOT42A" GS, "00311111222220", "LOT42A", NULL, "2027-01-31", NULL, NULL},
        {"(01)00311111222220(17)270131(10)LOT42A(21)SN0001", "00311111222220", "LOT42A", "SN0001", "2027-01-31", NULL, NULL},
        {"(01)00311111222220 (10)A(2)B (21)X", "00311111222220", "A(2)B", "X", NULL, NULL, NULL},
        {"]d2172702001126030910A", NULL, "A", NULL, "2027-02-28", NULL, "2026-03-09"}, /* day 00: the last */
        {"]d217280200", NULL, NULL, NULL, "2028-02-29", NULL, NULL},
        {"]d270032701311430", NULL, NULL, NULL, "2027-01-31", "14:30", NULL},
        {"]d21727013170032701301430", NULL, NULL, NULL, "2027-01-30", "14:30", NULL},
        {"]d21776123110A", NULL, "A", NULL, "2076-12-31", NULL, NULL}, /* 50 ahead of 2026: this century */
        {"]d21777123110A", NULL, "A", NULL, "1977-12-31", NULL, NULL}, /* 51 ahead: the last */
        {"]d21700010110A", NULL, "A", NULL, "2000-01-01", NULL, NULL},
        {"]d210A" GS "17270131" GS "21B", NULL, "A", "B", "2027-01-31", NULL, NULL}, /* FNC1 where none is needed */
        {"]d210A" GS "10A", NULL, "A", NULL, NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        struct gs1 g;
        struct err e = {0};
        if (!gs1_parse(a, rows[i].text, strlen(rows[i].text), 2026, &g, &e))
            fail_msg("row %zu: %s: %s", i, e.where, e.text);
        const char *const got[] = {g.gtin, g.lot, g.serial, g.expires, g.expires_time, g.made};
        const char *const want[] = {rows[i].gtin, rows[i].lot, rows[i].serial, rows[i].expires, rows[i].time, rows[i].made};
        for (int k = 0; k < 6; k++) {
            if (!got[k] || !want[k])
                assert_true(got[k] == want[k]);
            else
                assert_string_equal(got[k], want[k]);
        }
        arena_free(a);
    }
}

static void next_century(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct gs1 g;
    struct err e = {0};
    assert_true(gs1_parse(a, "17010131", 8, 2095, &g, &e));
    assert_string_equal(g.expires, "2101-01-31");
    arena_free(a);
}

static void refuses(void **state)
{
    (void)state;
    static const struct { const char *text, *where, *says; } rows[] = {
        {"", "GS1", "empty"},
        {"]d2", "GS1", "empty"},
        {"hello", "GS1", "no application identifier"},
        {"0100311111222221", "AI 01", "check digit"},
        {"010031111122222", "AI 01", "13 characters"},
        {"0100311111A22220", "AI 01", "digits"},
        {"17271301", "AI 17", "no date"},
        {"17270230", "AI 17", "no date"},
        {"17270229", "AI 17", "no date"},
        {"7003270131246", "AI 7003", "9 characters"},
        {"70032701312460", "AI 7003", "no time"},
        {"70032701001200", "AI 7003", "no time"},
        {"10" GS "21A", "AI 10", "0 characters"},
        {"10123456789012345678901", "AI 10", "21 characters"},
        {"10A B", "AI 10", "not allow"},
        {"10A" GS "10B", "AI 10", "twice"},
        {"30123456789", "AI 30", "9 characters"},
        {"3012A", "AI 30", "digits"},
        {"0500311111222220", "GS1", "no application identifier"},
        {"(01)00311111222221", "AI 01", "check digit"},
        {"(05)123", "GS1", "no application identifier"},
        {"00123456789012345678", "AI 00", "check digit"},
        {"800400\x7f", "AI 8004", "not allow"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        struct gs1 g;
        struct err e = {0};
        if (gs1_parse(a, rows[i].text, strlen(rows[i].text), 2026, &g, &e))
            fail_msg("row %zu was accepted", i);
        assert_string_equal(e.where, rows[i].where);
        if (!strstr(e.text, rows[i].says))
            fail_msg("row %zu says %s", i, e.text);
        arena_free(a);
    }
    char *longest = (char[GS1_TEXT_MAX + 2]){0};
    memset(longest, '9', GS1_TEXT_MAX + 1);
    struct gs1 g;
    struct err e = {0};
    assert_false(gs1_parse(NULL, longest, GS1_TEXT_MAX + 1, 2026, &g, &e));
    assert_int_equal(e.kind, ERR_TOO_LARGE);
}

static void builds_what_it_reads(void **state)
{
    (void)state;
    static const struct gs1_item items[] = {{"01", "00311111222220"}, {"17", "270131"}, {"10", "LOT42A"}, {"21", "SN(1)"}, {"91", "v/42"}};
    struct arena *a = arena_new();
    struct buf b;
    struct gs1 g;
    struct err e = {0};
    buf_init(&b, 500);
    assert_true(gs1_build(&b, items, 5, false, &e));
    assert_string_equal(b.data, "01003111112222201727013110LOT42A" GS "21SN(1)" GS "91v/42");
    for (int people = 0; people < 2; people++) {
        assert_true(gs1_parse(a, b.data, b.len, 2026, &g, &e));
        assert_int_equal(g.count, 5);
        for (int i = 0; i < 5; i++) {
            assert_string_equal(g.item[i].ai, items[i].ai);
            assert_string_equal(g.item[i].value, items[i].value);
        }
        assert_string_equal(g.internal, "v/42");
        buf_clear(&b);
        assert_true(gs1_build(&b, items, 5, true, &e));
    }
    assert_string_equal(b.data, "(01)00311111222220(17)270131(10)LOT42A(21)SN(1)(91)v/42");
    static const struct gs1_item wrong[] = {{"01", "00311111222221"}};
    assert_false(gs1_build(&b, wrong, 1, false, &e));
    assert_string_equal(e.where, "AI 01");
    buf_fini(&b);
    arena_free(a);
}

static void small_things(void **state)
{
    (void)state;
    char ndc[11];
    assert_int_equal(gs1_check_digit("0031111122222", 13), '0');
    assert_int_equal(gs1_check_digit("629104150021", 12), '3'); /* EAN-13 629104150021-3: the textbook example */
    assert_true(gs1_ndc10("00311111222220", ndc));
    assert_string_equal(ndc, "1111122222");
    assert_false(gs1_ndc10("04012345678901", ndc));
    assert_false(gs1_ndc10("003", ndc));
    assert_true(gs1_looks_like("]d210A", 6));
    assert_true(gs1_looks_like("(01)1", 5));
    assert_true(gs1_looks_like("0100311111222220", 16));
    assert_false(gs1_looks_like("0100311111222221", 16));
    assert_false(gs1_looks_like("VP-2207", 7));
    assert_false(gs1_looks_like("10ABC", 5));
    assert_false(gs1_looks_like("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads), cmocka_unit_test(next_century), cmocka_unit_test(refuses),
                                       cmocka_unit_test(builds_what_it_reads), cmocka_unit_test(small_things)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
