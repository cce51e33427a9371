#include "wire_test.h"

#define HEAD "MSH|^~\\&|VENULE^0A11C2FFFE330002^EUI-64|NORTHFIELD|BEDGATE^0A11C2FFFE330001^EUI-64|NORTHFIELD|"
#define WHEN "20260604181501.000+0000||ACK^R01^ACK|V1|P|2.6|||"

static const struct pcd_ack plain = {PCD_ACK_AUTO, "V1", INT64_C(1780596901000000), "CENTRE"};

/* The acknowledgement of the golden message with a change; "" if none is wanted. */
static const char *answer(struct arena *a, const char *from, const char *to, enum pcd_ack_mode mode, struct hl7_fault *own)
{
    struct hl7_message m;
    struct pcd_message p;
    struct hl7_fault f;
    struct pcd_ack how = plain;
    struct buf b;
    char *s = changed(a, golden(a, "pcd01_periodic.hl7"), from, to);
    how.mode = mode;
    buf_init(&b, 8192);
    bool ok = hl7_parse(a, s, strlen(s), &m, &f) && pcd_decode(a, &m, NULL, &p, &f);
    bool sent = pcd_ack(&b, &m, &how, own ? own : ok ? NULL : &f);
    const char *text = arena_strdup(a, sent ? buf_str(&b) : "");
    buf_fini(&b);
    return text;
}

static void accepts(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(answer(a, "Q1001", "Q1001", PCD_ACK_AUTO, NULL),
                        HEAD WHEN "NE|NE||ASCII|en^English^ISO639\rMSA|CA|Q1001\r");
    assert_string_equal(answer(a, "|AL|NE|", "|||", PCD_ACK_AUTO, NULL),
                        HEAD WHEN "|||ASCII|en^English^ISO639\rMSA|AA|Q1001\r");
    assert_non_null(strstr(answer(a, "Q1001", "Q1001", PCD_ACK_ORIGINAL, NULL), "\rMSA|AA|Q1001\r"));
    assert_non_null(strstr(answer(a, "|AL|NE|", "|||", PCD_ACK_ENHANCED, NULL), "\rMSA|CA|Q1001\r"));
    assert_non_null(strstr(answer(a, "Q1001", "Q\\T\\7", PCD_ACK_AUTO, NULL), "\rMSA|CA|Q\\T\\7\r"));
    arena_free(a);
}

static void when_wanted(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hl7_fault f = {.code = HL7_UNKNOWN_KEY, .text = "no"};
    assert_string_equal(answer(a, "|AL|NE|", "|NE|NE|", PCD_ACK_AUTO, NULL), "");
    assert_string_equal(answer(a, "|AL|NE|", "|NE|NE|", PCD_ACK_AUTO, &f), "");
    assert_non_null(strstr(answer(a, "|AL|NE|", "|NE|NE|", PCD_ACK_ENHANCED, NULL), "MSA|CA|"));
    assert_non_null(strstr(answer(a, "|AL|NE|", "|SU|NE|", PCD_ACK_AUTO, NULL), "MSA|CA|"));
    assert_string_equal(answer(a, "|AL|NE|", "|SU|NE|", PCD_ACK_AUTO, &f), "");
    assert_string_equal(answer(a, "|AL|NE|", "|ER|NE|", PCD_ACK_AUTO, NULL), "");
    assert_non_null(strstr(answer(a, "|AL|NE|", "|ER|NE|", PCD_ACK_AUTO, &f), "MSA|CE|"));
    arena_free(a);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const struct { const char *from, *to; enum pcd_ack_mode mode; const char *msa, *err; } rows[] = {
        {"|P|2.6|", "|P|2.3|", PCD_ACK_AUTO, "MSA|CR|Q1001",
         "ERR||MSH^1^12^1^1|203^Unsupported version id^HL70357|E|||Version 2.3 is not received here; 2.6 is|"},
        {"|P|2.6|", "|P|2.3|", PCD_ACK_ORIGINAL, "MSA|AR|Q1001", "|203^"},
        {"ORU^R01^ORU_R01", "ADT^A01^ADT_A01", PCD_ACK_AUTO, "MSA|CR|Q1001", "ERR||MSH^1^9^1^1|200^"},
        {"ORU^R01^ORU_R01", "ORU^R99^ORU_R01", PCD_ACK_AUTO, "MSA|CR|Q1001", "ERR||MSH^1^9^1^2|201^"},
        {"RxNorm|||20260604141500-0400", "RxNorm|||", PCD_ACK_AUTO, "MSA|CE|Q1001", "ERR||OBR^1^7|101^Required field missing^HL70357|E|"},
        {"|61.30|", "|m\\T\\ch|", PCD_ACK_AUTO, "MSA|CE|Q1001",
         "ERR||OBX^13^5^1^1|102^Data type error^HL70357|E|||OBX-5 \"m\\E\\T\\E\\ch\" is not a number|"},
        {"|61.30|", "|much|", PCD_ACK_ORIGINAL, "MSA|AE|Q1001", "|102^"},
        {"Brandt", "Br\xe4ndt", PCD_ACK_AUTO, "MSA|CE|Q1001", "ERR||MSH^1^18|102^"},
        {"|61.30|", "|m\xc3\xa4h|", PCD_ACK_AUTO, "MSA|CE|Q1001", "OBX-5 \"m??h\" is not"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = arena_new();
        const char *s = answer(a, rows[i].from, rows[i].to, rows[i].mode, NULL);
        if (!strstr(s, rows[i].msa) || !strstr(s, rows[i].err))
            fail_msg("row %zu: %s", i, s);
        struct hl7_message m;
        parse_ok(a, s, &m); /* what we send, we could read */
        arena_free(a);
    }
}

static void unknown_pump(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct pcd_message p = {.serial = "VP-2207"};
    struct hl7_fault f;
    assert_false(pcd_fault_unknown_pump(&p, &f));
    const char *s = answer(a, "Q1001", "Q1001", PCD_ACK_AUTO, &f);
    assert_non_null(strstr(s, "MSA|CE|Q1001\rERR||OBX^1^18^1^1|204^Unknown key identifier^HL70357|E|||Pump VP-2207 is not registered here|"));
    arena_free(a);
}

/* Bytes that are no message still get an answer: the sender waits for one. */
static void unreadable(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "garbage", "MSH", "MSH|^~", "MSHa^~\\&aAPP"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena *a = arena_new();
        struct hl7_message m;
        struct hl7_fault f;
        struct buf b;
        buf_init(&b, 4096);
        assert_false(hl7_parse(a, texts[i], strlen(texts[i]), &m, &f));
        assert_true(pcd_ack(&b, &m, &plain, &f));
        assert_non_null(strstr(b.data, "MSH|^~\\&|VENULE|CENTRE|||20260604181501.000+0000||ACK^^ACK|V1|P|2.6|"));
        assert_non_null(strstr(b.data, "\rMSA|AE\rERR||"));
        buf_fini(&b);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepts), cmocka_unit_test(when_wanted), cmocka_unit_test(says_what_is_wrong),
                                       cmocka_unit_test(unknown_pump), cmocka_unit_test(unreadable)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
