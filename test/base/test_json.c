/* The writer: what it writes, it reads again, byte for byte. */
#include "base/arena.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

enum { MAX = 4096 };

static void test_all_kinds(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    buf_init(&b, MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "s", "a\"b\\c\n\x01\x7f\xC3\xA9</script>");
    json_str(&j, "none", NULL);
    json_strn(&j, "n", "abc", 2);
    json_int(&j, "i", INT64_MIN);
    json_bool(&j, "t", true);
    json_null(&j, "z");
    json_dec(&j, "d", DEC(110, 2));
    json_dec(&j, "d0", DEC_NONE);
    json_time(&j, "u0", UTC_NONE);
    json_time(&j, "u", 0);
    json_qty(&j, "q", qty_lit("1.10 mg/mL"));
    json_qty(&j, "q0", QTY_NONE);
    json_list(&j, "l");
    json_int(&j, NULL, 1);
    json_object(&j, NULL);
    json_end(&j, '}');
    json_raw(&j, NULL, "{\"x\":1.0}");
    json_end(&j, ']');
    json_str(&j, "k\"ey", "bad \xFF\xC3 utf8");
    json_end(&j, '}');
    assert_string_equal(buf_str(&b),
        "{\"s\":\"a\\\"b\\\\c\\n\\u0001\x7f\xC3\xA9</script>\",\"none\":null,\"n\":\"ab\",\"i\":-9223372036854775808,"
        "\"t\":true,\"z\":null,\"d\":1.10,\"d0\":null,\"u0\":null,\"u\":\"1970-01-01T00:00:00.000000Z\","
        "\"q\":{\"value\":1.10,\"unit\":\"mg/mL\"},\"q0\":null,\"l\":[1,{},{\"x\":1.0}],"
        "\"k\\\"ey\":\"bad \xEF\xBF\xBD\xEF\xBF\xBD utf8\"}");
    struct arena *a = arena_new();
    struct err e = {0};
    struct node *n = json_read(a, buf_str(&b), b.len, MAX, &e);
    assert_non_null(n);
    assert_string_equal(node_str(node_get(n, "s")), "a\"b\\c\n\x01\x7f\xC3\xA9</script>");
    struct buf again;
    buf_init(&again, MAX);
    json_init(&j, &again);
    json_node(&j, NULL, n);
    assert_string_equal(buf_str(&again), buf_str(&b));
    buf_fini(&again);
    buf_fini(&b);
    arena_free(a);
}

/* A writer into a small buffer runs to its end and is told once. */
static void test_full(void **state)
{
    (void)state;
    struct buf b;
    struct json j;
    struct err e = {0};
    buf_init(&b, 10);
    json_init(&j, &b);
    json_list(&j, NULL);
    for (int i = 0; i < 100; i++)
        json_str(&j, NULL, "xyz");
    json_end(&j, ']');
    assert_false(buf_ok(&b, "answer", &e));
    assert_int_equal(e.kind, ERR_TOO_LARGE);
    assert_true(b.len <= 10);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all_kinds), cmocka_unit_test(test_full)};
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
