/* One record with a field of each type: there and back through JSON, and each refusal names its member. */
#include "base/field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define FIELDS_sample(F, R) \
    F(R, ID,   id,      MUST, "",           "sample id") \
    F(R, REF,  patient, MAY,  "patient",    "whose") \
    F(R, TEXT, title,   MAY,  "",           "words") \
    F(R, LONG, story,   MAY,  "",           "many words") \
    F(R, CODE, state,   MUST, "open|not now|closed", "where it stands") \
    F(R, DATE, day,     MAY,  "",           "a day") \
    F(R, INT,  minutes, MAY,  "min",        "how long") \
    F(R, BOOL, urgent,  MAY,  "",           "at once") \
    F(R, TIME, at,      MAY,  "",           "when") \
    F(R, DEC,  volume,  MAY,  "mL",         "how much") \
    F(R, QTY,  dose,    MAY,  "mg",         "how much of it") \
    F(R, JSON, proof,   MAY,  "",           "why")
RECORD(sample);
RECORD_DEFINE(sample, 1, "one of each")

enum { MAX = 1024 * 1024 };

static bool read_sample(struct arena *a, const char *text, struct sample *out, struct err *e)
{
    struct node *n = json_read(a, text, strlen(text), MAX, e);
    return n && record_from_json(&record_sample, n, a, NULL, out, e);
}

static const char *write_sample(struct arena *a, const struct sample *s)
{
    struct buf b;
    struct json j;
    buf_init(&b, MAX);
    json_init(&j, &b);
    record_to_json(&record_sample, s, &j, NULL);
    const char *text = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return text;
}

static const char *const round_trips[] = {
    "{\"id\":\"1-sample-7-K\",\"patient\":\"1-patient-3-X\",\"title\":\"caf\xC3\xA9 \\\"x\\\"\",\"story\":\"a\\nb\\u0001\","
    "\"state\":\"not now\",\"day\":\"2026-03-09\",\"minutes\":-90,\"urgent\":true,\"at\":\"2026-03-09T15:20:00.000000Z\","
    "\"volume\":1.10,\"dose\":{\"value\":0.500,\"unit\":\"mg\"},\"proof\":{\"a\":[1.10,null,{\"b\":\"c\"}]}}",
    "{\"id\":\"x\",\"state\":\"open\"}",
    "{\"id\":\"x\",\"state\":\"closed\",\"urgent\":false,\"dose\":{\"value\":2,\"unit\":\"g\"}}",
};

static void test_round_trip(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof round_trips / sizeof round_trips[0]; i++) {
        struct err e = {0};
        struct sample s;
        if (!read_sample(a, round_trips[i], &s, &e))
            fail_msg("%s: %s: %s", round_trips[i], e.where, e.text);
        assert_string_equal(write_sample(a, &s), round_trips[i]);
    }
    arena_free(a);
}

static void test_values(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err e = {0};
    struct sample s;
    assert_true(read_sample(a, round_trips[0], &s, &e));
    assert_string_equal(s.title, "caf\xC3\xA9 \"x\"");
    assert_true(s.minutes == -90);
    assert_int_equal(s.urgent, 1);
    assert_true(s.volume.coef == 110 && s.volume.scale == 2); /* 1.10 stays 1.10 */
    assert_true(s.dose.v.coef == 500 && s.dose.v.scale == 3);
    assert_true(s.at % UTC_SECOND == 0 && s.at > 0);
    assert_true(read_sample(a, "{\"id\":\"x\",\"state\":\"open\",\"title\":null,\"dose\":\"1.5 g\"}", &s, &e));
    assert_null(s.title);
    assert_string_equal(unit_code(s.dose.u), "g");
    for (int i = 0; i < record_sample.count; i++) {
        const struct field *f = &record_sample.fields[i];
        bool want = strcmp(f->name, "id") == 0 || strcmp(f->name, "state") == 0 || strcmp(f->name, "dose") == 0;
        assert_int_equal(field_is_set(f, &s), want);
    }
    assert_ptr_equal(record_field(&record_sample, "dose"), &record_sample.fields[10]);
    assert_null(record_field(&record_sample, "weight"));
    arena_free(a);
}

#define WITH(member) "{\"id\":\"x\",\"state\":\"open\"," member "}"

static const struct {
    const char *text, *where, *says;
} refusals[] = {
    {"{\"state\":\"open\"}", "id", "is missing"},
    {"{\"id\":\"x\"}", "state", "is missing"},
    {"{\"id\":null,\"state\":\"open\"}", "id", "is missing"},
    {"{\"id\":\"\",\"state\":\"open\"}", "id", "is empty"},
    {"[]", "", "must be a JSON object"},
    {WITH("\"wieght\":1"), "wieght", "no field"},
    {WITH("\"patient\":7"), "patient", "must be text"},
    {WITH("\"title\":[\"x\"]"), "title", "must be text"},
    {"{\"id\":\"x\",\"state\":\"shut\"}", "state", "not one of"},
    {"{\"id\":\"x\",\"state\":\"not\"}", "state", "not one of"},
    {"{\"id\":\"x\",\"state\":\"open|closed\"}", "state", "not one of"},
    {WITH("\"day\":\"2026-02-29\""), "day", "not a date"},
    {WITH("\"day\":\"09-Mar-2026\""), "day", "not a date"},
    {WITH("\"minutes\":1.5"), "minutes", "whole number"},
    {WITH("\"minutes\":\"90\""), "minutes", "whole number"},
    {WITH("\"minutes\":12345678901234567890"), "minutes", ""},
    {WITH("\"urgent\":\"true\""), "urgent", "true or false"},
    {WITH("\"urgent\":1"), "urgent", "true or false"},
    {WITH("\"at\":0"), "at", "must be a time"},
    {WITH("\"at\":\"yesterday\""), "at", ""},
    {WITH("\"volume\":\"10\""), "volume", "must be a number"},
    {WITH("\"volume\":1.0000000000000000001"), "volume", ""},
    {WITH("\"dose\":10"), "dose", "value and a unit"},
    {WITH("\"dose\":{\"value\":10}"), "dose.value", "exactly"},
    {WITH("\"dose\":{\"value\":\"10\",\"unit\":\"mg\"}"), "dose.value", "exactly"},
    {WITH("\"dose\":{\"value\":10,\"unit\":\"mg\",\"x\":1}"), "dose.value", "exactly"},
    {WITH("\"dose\":{\"value\":10,\"unit\":7}"), "dose.unit", "missing"},
    {WITH("\"dose\":{\"value\":10,\"unit\":\"smidgen\"}"), "dose.unit", "not known"},
    {WITH("\"dose\":{\"value\":10,\"unit\":\"mL\"}"), "dose.unit", "cannot be a mg"},
    {WITH("\"dose\":\"10 mL\""), "dose.unit", "cannot be a mg"},
    {WITH("\"dose\":\"10\""), "dose.unit", "cannot be a mg"},
    {WITH("\"dose\":\"much\""), "dose", ""},
};

static void test_refusals(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct err e = {0};
        struct sample s;
        bool ok = read_sample(a, refusals[i].text, &s, &e);
        size_t n = strlen(refusals[i].where); /* the numbers' own errors may say more after the member's name */
        if (ok || strncmp(e.where, refusals[i].where, n) != 0 || !strstr(e.text, refusals[i].says) || !e.text[0])
            fail_msg("%s: expected \"%s\" at %s, got \"%s\" at %s", refusals[i].text, refusals[i].says,
                     refusals[i].where, e.text, e.where);
    }
    arena_free(a);
}

static void test_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t max;
    } limits[] = {{"title", FIELD_TEXT_MAX}, {"story", FIELD_LONG_MAX}, {"proof", FIELD_LONG_MAX - 2}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        for (size_t over = 0; over < 2; over++) {
            struct err e = {0};
            struct sample s;
            char *long_text = arena_alloc(a, limits[i].max + 2);
            memset(long_text, 'x', limits[i].max + over);
            const char *text = arena_printf(a, "{\"id\":\"x\",\"state\":\"open\",\"%s\":\"%s\"}", limits[i].name, long_text);
            assert_int_equal(read_sample(a, text, &s, &e), over == 0);
            if (over) {
                assert_int_equal(e.kind, ERR_TOO_LARGE);
                assert_string_equal(e.where, limits[i].name);
            }
        }
    arena_free(a);
}

static void test_patch(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err e = {0};
    struct sample s;
    bool present[FIELDS_MAX];
    const char *text = "{\"minutes\":5,\"title\":\"x\"}";
    struct node *n = json_read(a, text, strlen(text), MAX, &e);
    assert_true(record_patch_from_json(&record_sample, n, a, NULL, &s, present, &e));
    for (int i = 0; i < record_sample.count; i++) {
        const char *name = record_sample.fields[i].name;
        assert_int_equal(present[i], strcmp(name, "minutes") == 0 || strcmp(name, "title") == 0);
    }
    assert_true(record_from_json(&record_nothing, NULL, a, NULL, &s, &e));
    assert_false(record_from_json(&record_nothing, n, a, NULL, &s, &e));
    assert_string_equal(e.where, "minutes");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_values), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_limits),     cmocka_unit_test(test_patch),
    };
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
