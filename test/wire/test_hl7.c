#include "wire_test.h"

#define MSH "MSH|^~\\&|APP|FAC|||20260604141500+0000||ORU^R01|ID1|P|2.6"

static void ends_of_segments(void **state)
{
    (void)state;
    static const char *const ways[] = {
        MSH "\rPID|1||X\rPV1||O\r", MSH "\nPID|1||X\nPV1||O\n", MSH "\r\nPID|1||X\r\nPV1||O\r\n",
        MSH "\rPID|1||X\rPV1||O", "\r\n" MSH "\r\r\nPID|1||X\n\n\rPV1||O", MSH "\nPID|1||X\nPV1||O\r",
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct arena *a = arena_new();
        struct hl7_message m;
        parse_ok(a, ways[i], &m);
        assert_int_equal(m.count, 3);
        assert_true(hl7_is(hl7_at(&m, hl7_segment(&m, "PID", 1), 3, 1), "X"));
        assert_true(hl7_is(hl7_at(&m, hl7_segment(&m, "PV1", 1), 2, 1), "O"));
        assert_null(hl7_segment(&m, "PV1", 2));
        assert_true(hl7_is(hl7_field(&m.segment[0], 10), "ID1"));
        assert_true(hl7_is(hl7_field(&m.segment[0], 1), "|"));
        assert_true(hl7_is(hl7_at(&m, &m.segment[0], 2, 1), "^~\\&"));
        arena_free(a);
    }
}

static void line_feed_in_text(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hl7_message m;
    parse_ok(a, MSH "\rNTE|1||first\nsecond\rPID|1", &m);
    assert_int_equal(m.count, 3);
    assert_string_equal(hl7_text(a, &m, hl7_field(&m.segment[1], 3)), "first\nsecond");
    arena_free(a);
}

static void parts(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hl7_message m;
    parse_ok(a, MSH "\rPID|1||A1^^^S&T^MR~B2^x|\"\"||last", &m);
    const struct hl7_segment *pid = hl7_segment(&m, "PID", 1);
    struct hl7_span ids = hl7_field(pid, 3);
    assert_int_equal(hl7_reps(&m, ids), 2);
    assert_true(hl7_is(hl7_comp(&m, hl7_rep(&m, ids, 2), 1), "B2"));
    assert_true(hl7_is(hl7_sub(&m, hl7_comp(&m, hl7_rep(&m, ids, 1), 4), 2), "T"));
    assert_true(hl7_is(hl7_at(&m, pid, 3, 5), "MR"));
    assert_null(hl7_comp(&m, hl7_rep(&m, ids, 1), 6).p);
    assert_null(hl7_rep(&m, ids, 3).p);
    assert_null(hl7_field(pid, 7).p);
    assert_true(hl7_null(hl7_field(pid, 4)));
    assert_null(hl7_text(a, &m, hl7_field(pid, 4)));
    assert_int_equal(hl7_reps(&m, hl7_field(pid, 5)), 0);
    assert_null(hl7_field(NULL, 3).p);
    arena_free(a);
}

static void own_delimiters(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hl7_message m;
    parse_ok(a, "MSH#:*!;#APP#FAC###1##ORU:R01#9#P#2.6\rPID#1##A:b;c*D", &m);
    struct hl7_span ids = hl7_field(&m.segment[1], 3);
    assert_true(hl7_is(hl7_sub(&m, hl7_comp(&m, hl7_rep(&m, ids, 1), 2), 2), "c"));
    assert_true(hl7_is(hl7_rep(&m, ids, 2), "D"));
    arena_free(a);
}

static void refusals(void **state)
{
    (void)state;
    static const struct { const char *text; enum hl7_code code; const char *segment; int field; const char *says; } bad[] = {
        {"", 100, "", 0, "MSH"},
        {"hello", 100, "", 0, "MSH"},
        {"PID|1||X\r" MSH, 100, "", 0, "MSH"},
        {"MSHa^~\\&aAPPa", 102, "MSH", 1, "punctuation"},
        {"MSH ^~\\& APP ", 102, "MSH", 1, "punctuation"},
        {"MSH|^~|APP|FAC|", 102, "MSH", 2, "not 2"},
        {"MSH|^~\\&#@|APP", 102, "MSH", 2, "not 6"},
        {"MSH|^^\\&|APP|F", 102, "MSH", 2, "twice"},
        {"MSH|^~A&|APP|F", 102, "MSH", 2, "letter"},
        {"MSH|^~\\&APPFAC", 102, "MSH", 2, "not 0"},
        {MSH "\rpid|1", 100, "", 0, "Line 2"},
        {MSH "\rPIDX|1", 100, "", 0, "Line 2"},
        {MSH "\rPID^1", 100, "", 0, "Line 2"},
        {MSH "\rPID|1\r" MSH, 100, "MSH", 0, "second MSH"},
        {MSH "\rPID|1||A\x1cQ", 102, "PID", 3, "0x1C"},
        {MSH "||||||KLINGON\rPID|1", 103, "MSH", 18, "KLINGON"},
        {MSH "||||||UNICODE UTF-8\rPID|1||\xfc", 102, "MSH", 18, "UTF-8"},
        {MSH "\rPID|1||M\xfcller", 102, "MSH", 18, "names no character set"},
        {MSH "\rPID|1||\xc0\x80", 102, "MSH", 18, "names no character set"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena *a = arena_new();
        struct hl7_message m;
        struct hl7_fault f;
        if (hl7_parse(a, bad[i].text, strlen(bad[i].text), &m, &f))
            fail_msg("row %zu was accepted", i);
        assert_int_equal(f.code, bad[i].code);
        assert_string_equal(f.segment, bad[i].segment);
        assert_int_equal(f.field, bad[i].field);
        if (!strstr(f.text, bad[i].says))
            fail_msg("row %zu says: %s", i, f.text);
        arena_free(a);
    }
}

static void limits(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hl7_message m;
    struct hl7_fault f;
    struct buf b;
    buf_init(&b, 2 * HL7_MESSAGE_MAX);
    buf_puts(&b, MSH);
    for (int i = 1; i < HL7_SEGMENTS_MAX; i++)
        buf_puts(&b, "\rNTE|1");
    assert_true(hl7_parse(a, b.data, b.len, &m, &f));
    assert_int_equal(m.count, HL7_SEGMENTS_MAX);
    assert_int_equal(m.segment[HL7_SEGMENTS_MAX - 1].nth, HL7_SEGMENTS_MAX - 1);
    buf_puts(&b, "\rNTE|1");
    assert_false(hl7_parse(a, b.data, b.len, &m, &f));
    assert_non_null(strstr(f.text, "Over 1000 segments"));
    buf_clear(&b);
    buf_puts(&b, MSH "\rOBX");
    for (int i = 0; i < HL7_FIELDS_MAX; i++)
        buf_addc(&b, '|');
    assert_true(hl7_parse(a, b.data, b.len, &m, &f));
    buf_addc(&b, '|');
    assert_false(hl7_parse(a, b.data, b.len, &m, &f));
    assert_string_equal(f.segment, "OBX");
    buf_clear(&b);
    buf_puts(&b, MSH "\rNTE|1||");
    while (b.len < HL7_MESSAGE_MAX)
        buf_addc(&b, 'x');
    assert_true(hl7_parse(a, b.data, b.len, &m, &f));
    buf_addc(&b, 'x');
    assert_false(hl7_parse(a, b.data, b.len, &m, &f));
    assert_int_equal(f.code, 100);
    buf_fini(&b);
    arena_free(a);
}

static void escapes(void **state)
{
    (void)state;
    static const struct { const char *sent, *set, *text; } rows[] = {
        {"a\\F\\b", "", "a|b"},
        {"\\S\\\\T\\\\R\\\\E\\", "", "^&~\\"},
        {"\\X4142\\", "", "AB"},
        {"\\X4d\\", "", "M"},
        {"a\\X00\\b", "", "a?b"},
        {"a\\X0D\\b", "", "a\nb"},
        {"a\\XFC\\b", "8859/1", "a\xc3\xbc" "b"},
        {"a\\XFC\\b", "UNICODE UTF-8", "a?b"},
        {"one\\.br\\two", "", "one\ntwo"},
        {"\\H\\bold\\N\\", "", "bold"},
        {"a\\.sp 2\\b", "", "ab"},
        {"a\\Q\\b", "", "a\\Q\\b"},
        {"a\\X4\\b", "", "a\\X4\\b"},
        {"C:\\dir", "", "C:\\dir"},
        {"  blank  ", "", "blank"},
        {"M\xfcller", "8859/1", "M\xc3\xbcller"},
        {"M\xc3\xbcller", "UNICODE UTF-8", "M\xc3\xbcller"},
        {"M\xc3\xbcller", "", "M\xc3\xbcller"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        struct hl7_message m;
        char s[512];
        snprintf(s, sizeof s, MSH "||||||%s\rNTE|1||%s\r", rows[i].set, rows[i].sent);
        parse_ok(a, s, &m);
        assert_string_equal(hl7_text(a, &m, hl7_field(&m.segment[1], 3)), rows[i].text);
        arena_free(a);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const struct { const char *sent, *text; } rows[] = {
        {"166.7", "166.7"}, {"1.10", "1.10"}, {"007", "7"}, {".5", "0.5"}, {"5.", "5"}, {"+3", "3"}, {"-2.50", "-2.50"},
        {" 4 ", "4"}, {"0", "0"}, {"0000.10", "0.10"},
        {"", NULL}, {"-", NULL}, {".", NULL}, {"1,5", NULL}, {"1e3", NULL}, {"12 mL", NULL}, {"NaN", NULL}, {"1.2.3", NULL},
        {"99999999999999999999", NULL}, {"0.1234567890123456789", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dec d;
        bool ok = hl7_number((struct hl7_span){rows[i].sent, strlen(rows[i].sent)}, &d);
        assert_int_equal(ok, rows[i].text != NULL);
        if (ok)
            same_dec(d, rows[i].text);
    }
    int n;
    assert_true(hl7_whole((struct hl7_span){"42", 2}, &n) && n == 42);
    assert_false(hl7_whole((struct hl7_span){"-1", 2}, &n));
    assert_false(hl7_whole((struct hl7_span){"1.0", 3}, &n));
    assert_false(hl7_whole((struct hl7_span){"2147483648", 10}, &n));
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, 4096);
    struct hl7_writer w;
    const char *const comps[] = {"a^b", NULL, "c&d", NULL};
    hl7_begin(&w, &b, "MSH");
    hl7_put(&w, "A|PP");
    hl7_skip(&w, 6);
    hl7_put(&w, "id");
    hl7_put(&w, NULL);
    hl7_close(&w);
    hl7_begin(&w, &b, "NTE");
    hl7_put_comps(&w, comps, 4);
    hl7_put(&w, "back\\slash~\nnext\x0b\x1c end");
    hl7_close(&w);
    assert_string_equal(b.data, "MSH|^~\\&|A\\F\\PP|||||||id\rNTE|a\\S\\b^^c\\T\\d|back\\E\\slash\\R\\\\.br\\next   end\r");
    struct hl7_message m, other;
    parse_ok(a, b.data, &m);
    assert_string_equal(hl7_text(a, &m, hl7_at(&m, &m.segment[1], 1, 3)), "c&d");
    assert_string_equal(hl7_text(a, &m, hl7_field(&m.segment[1], 2)), "back\\slash~\nnext   end");
    assert_true(hl7_is(hl7_field(&m.segment[0], 10), "id"));
    buf_clear(&b);
    parse_ok(a, "MSH#:*!;#GW:1;2!F!:|^\xfc####1##ORU:R01#9#P#2.6######8859/1", &other);
    hl7_begin(&w, &b, "ZZZ");
    hl7_put_span(&w, &other, hl7_field(&other.segment[0], 3));
    hl7_close(&w);
    assert_string_equal(b.data, "ZZZ|GW^1&2\\F\\^\\F\\\\S\\\xc3\xbc\r");
    buf_fini(&b);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_segments), cmocka_unit_test(line_feed_in_text), cmocka_unit_test(parts),
        cmocka_unit_test(own_delimiters),   cmocka_unit_test(refusals),          cmocka_unit_test(limits),
        cmocka_unit_test(escapes),          cmocka_unit_test(numbers),           cmocka_unit_test(writes_what_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
