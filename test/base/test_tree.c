/* The two readers: what they take, what they refuse, and that a refusal says where. */
#include "base/arena.h"
#include "base/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BIG = 8 * 1024 * 1024 };

static const char *const good_json[] = {
    "null", "true", " false ", "0", "-0", "-0.0", "1.10", "1e5", "1E+5", "1.5e-07", "123456789012345678901234567890",
    "\"\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u00e9\\uD83D\\uDC89\"", "\"\xC3\xA9\xF0\x9F\x92\x89\x7f\"", "[]", "{}",
    "[[],{}]", "\t\r\n[1 , 2]\n", "{\"a\":{\"a\":1},\"b\":[{\"a\":2}]}", "{\"\":0}", "[\"\xEF\xBF\xBF\"]",
};

static const struct bad {
    const char *text, *where, *says;
} bad_json[] = {
    {"", "line 1, column 1", "ends where a value"},
    {"  ", "line 1, column 3", "ends where a value"},
    {"[1,2", "line 1, column 5", "ends inside"},
    {"{\"a\":1", "line 1, column 7", "ends inside"},
    {"{\"a\"", "line 1, column 5", "colon"},
    {"{\"a\":", "line 1, column 6", "ends where a value"},
    {"{", "line 1, column 2", "ends inside an object"},
    {"[", "line 1, column 2", "ends where a value"},
    {"\"abc", "line 1, column 1", "does not end"},
    {"[1,\n \"abc", "line 2, column 2", "does not end"},
    {"\"a\\", "line 1, column 3", "ends inside a string"},
    {"{\"dose\":10,\n  \"dose\":100}", "line 2, column 3", "\"dose\" is there twice"},
    {"{\"dose\":10,\"d\\u006fse\":100}", "line 1, column 12", "\"dose\" is there twice"},
    {"{\"a\":{\"b\":1,\"c\":2,\"b\":3}}", "line 1, column 19", "\"b\" is there twice"},
    {"NaN", "line 1, column 1", "a value should stand"},
    {"[Infinity]", "line 1, column 2", "a value should stand"},
    {"-Infinity", "line 1, column 1", "not a number"},
    {"01", "line 1, column 1", "not a number"},
    {"-01", "line 1, column 1", "not a number"},
    {"1.", "line 1, column 1", "not a number"},
    {".5", "line 1, column 1", "a value should stand"},
    {"+1", "line 1, column 1", "a value should stand"},
    {"-", "line 1, column 1", "not a number"},
    {"1e", "line 1, column 1", "not a number"},
    {"1e+", "line 1, column 1", "not a number"},
    {"0x1F", "line 1, column 2", "follows the end"},
    {"1 2", "line 1, column 3", "follows the end"},
    {"{}}", "line 1, column 3", "follows the end"},
    {"[1,]", "line 1, column 4", "a value should stand"},
    {"[,1]", "line 1, column 2", "a value should stand"},
    {"[1 2]", "line 1, column 4", "comma"},
    {"{\"a\":1,}", "line 1, column 8", "member name"},
    {"{a:1}", "line 1, column 2", "member name"},
    {"{'a':1}", "line 1, column 2", "member name"},
    {"{1:1}", "line 1, column 2", "member name"},
    {"{\"a\" 1}", "line 1, column 6", "colon"},
    {"[1}", "line 1, column 3", "comma or the closing"},
    {"[] // note", "line 1, column 4", "follows the end"},
    {"True", "line 1, column 1", "a value should stand"},
    {"nul", "line 1, column 1", "a value should stand"},
    {"nulll", "line 1, column 5", "follows the end"},
    {"[\"a\tb\"]", "line 1, column 4", "control character"},
    {"[\"a\nb\"]", "line 1, column 4", "control character"},
    {"\"\\x41\"", "line 1, column 2", "unknown escape"},
    {"\"\\u12G4\"", "line 1, column 6", "four hexadecimal"},
    {"\"\\u12", "line 1, column 6", "four hexadecimal"},
    {"\"\\uD800\"", "line 1, column 2", "high surrogate"},
    {"\"\\uD800\\n\"", "line 1, column 2", "high surrogate"},
    {"\"\\uD800\\uD800\"", "line 1, column 2", "high surrogate"},
    {"\"x\\uDC00\"", "line 1, column 3", "low surrogate"},
    {"\"\\u0000\"", "line 1, column 2", "not taken"},
    {"\"\xFF\"", "line 1, column 2", "not UTF-8"},
    {"\"\xC3\"", "line 1, column 2", "not UTF-8"},
    {"\"\xC0\xAF\"", "line 1, column 2", "not UTF-8"},
    {"\"\xE0\x80\xAF\"", "line 1, column 2", "not UTF-8"},
    {"\"\xED\xA0\x80\"", "line 1, column 2", "not UTF-8"},
    {"\"\xF0\x80\x80\xAF\"", "line 1, column 2", "not UTF-8"},
    {"\"\xF4\x90\x80\x80\"", "line 1, column 2", "not UTF-8"},
    {"\"\xF8\x88\x80\x80\x80\"", "line 1, column 2", "not UTF-8"},
    {"[\"\xC3\xA9\xC3\xA9\", x]", "line 1, column 8", "a value should stand"}, /* columns count characters */
    {"\xEF\xBB\xBF{}", "line 1, column 1", "byte order mark"},
    {"\xC2\xA0[]", "line 1, column 1", "a value should stand"},
};

static const char *const good_yaml[] = {
    "a: 1", "- 1\n- two\n", "{a: [1, 2], b: {}}", "a: |\n  long\n  text\n", "---\na: b\n...\n", "a:\nb: ~\n", "# note\na: 'x'\n",
};

static const struct bad bad_yaml[] = {
    {"", "line 1, column 1", "empty"},
    {"# only a note\n", "line 1, column 1", "empty"},
    {"a: 1\nb: 2\na: 3\n", "line 3, column 1", "\"a\" is there twice"},
    {"x:\n  dose: 10\n  dose: 100\n", "line 3, column 3", "\"dose\" is there twice"},
    {"a: &x 1\n", "line 1, column 4", "anchors"},
    {"a: &x {b: 1}\n", "line 1, column 4", "anchors"},
    {"- *x\n", "line 1, column 3", "aliases"},
    {"a: !!str 1\n", "line 1, column 4", "tags"},
    {"a: !!map {}\n", "line 1, column 4", "tags"},
    {"a: 1\n<<: {b: 2}\n", "line 2, column 1", "merge"},
    {"a: 1\n---\nb: 2\n", "line 2, column 1", "second document"},
    {"? [1]\n: 2\n", "line 1, column 3", "key must be plain"},
    {"\"\": 1\n", "line 1, column 1", "key is empty"},
    {"a: [1, 2\n", "line 2, column 1", "did not find expected"},
    {"a:\n\t- 1\n", "line 2, column 1", "cannot start any token"},
    {"a: \"x\\0y\"\n", "line 1, column 4", "NUL"},
    {"a: \xFF\n", "byte 3", "UTF-8"},
};

static void check_bad(const struct bad *b, const struct node *n, const struct err *e)
{
    if (n || e->kind != ERR_INPUT || strcmp(e->where, b->where) != 0 || !strstr(e->text, b->says))
        fail_msg("%s: expected \"%s\" at %s, got \"%s\" at %s", b->text, b->says, b->where, e->text, e->where);
}

static void test_good(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof good_json / sizeof good_json[0]; i++) {
        struct err e = {0};
        if (!json_read(a, good_json[i], strlen(good_json[i]), BIG, &e))
            fail_msg("%s: %s at %s", good_json[i], e.text, e.where);
    }
    for (size_t i = 0; i < sizeof good_yaml / sizeof good_yaml[0]; i++) {
        struct err e = {0};
        if (!yaml_read(a, good_yaml[i], strlen(good_yaml[i]), &e))
            fail_msg("%s: %s at %s", good_yaml[i], e.text, e.where);
    }
    arena_free(a);
}

static void test_bad(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof bad_json / sizeof bad_json[0]; i++) {
        struct err e = {0};
        struct node *n = json_read(a, bad_json[i].text, strlen(bad_json[i].text), BIG, &e);
        check_bad(&bad_json[i], n, &e);
    }
    for (size_t i = 0; i < sizeof bad_yaml / sizeof bad_yaml[0]; i++) {
        struct err e = {0};
        struct node *n = yaml_read(a, bad_yaml[i].text, strlen(bad_yaml[i].text), &e);
        check_bad(&bad_yaml[i], n, &e);
    }
    struct err e = {0}; /* a raw NUL cannot stand in the table */
    assert_null(json_read(a, "[\0]", 3, BIG, &e));
    assert_string_equal(e.where, "line 1, column 2");
    arena_free(a);
}

static void test_places(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err e = {0};
    const char *s = "{\n  \"code\": {\"coding\": [{\"code\": \"29463-7\"}, {\"code\": \"x\"}]},\n  \"value\": 1.10\n}";
    struct node *n = json_read(a, s, strlen(s), BIG, &e);
    assert_non_null(n);
    assert_int_equal(n->count, 2);
    assert_string_equal(node_str_at(n, "code.coding[0].code"), "29463-7");
    assert_string_equal(node_str_at(n, "code.coding[1].code"), "x");
    assert_null(node_path(n, "code.coding[2].code"));
    assert_null(node_path(n, "code.coding[-1]"));
    assert_null(node_path(n, "code.coding[0"));
    assert_null(node_path(n, "code.text.div"));
    assert_null(node_str(node_get(n, "value")));
    assert_null(node_get(NULL, "value"));
    const struct node *v = node_get(n, "value");
    assert_string_equal(v->text, "1.10"); /* the lexeme is kept */
    assert_int_equal(v->line, 3);
    assert_int_equal(v->column, 3);
    assert_memory_equal(s + v->start, "1.10", v->end - v->start);
    const struct node *coding = node_path(n, "code.coding[1]");
    assert_int_equal(coding->line, 2);
    assert_int_equal(coding->column, 44);
    assert_int_equal((int)(coding->end - coding->start), (int)strlen("{\"code\": \"x\"}"));
    struct dec d;
    assert_true(node_dec(v, &d, &e));
    assert_false(node_dec(coding, &d, &e));
    assert_string_equal(e.where, "line 2, column 44");
    struct err missing = {0};
    assert_false(node_dec(node_get(n, "dose"), &d, &missing));
    assert_string_equal(missing.text, "a number is missing");
    arena_free(a);
}

static void test_yaml_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text;
        enum node_kind kind;
    } want[] = {
        {"a", "1.10", NODE_NUMBER},  {"b", "1.10", NODE_STRING}, {"c", NULL, NODE_TRUE},       {"d", NULL, NODE_NULL},
        {"e", NULL, NODE_NULL},      {"f", "01", NODE_STRING},   {"g", ".5", NODE_STRING},     {"h", "yes", NODE_STRING},
        {"i", "true", NODE_STRING},  {"j", "+1", NODE_STRING},   {"k", "0x10", NODE_STRING},   {"l", "2026-03-09", NODE_STRING},
        {"m", "two\nlines\n", NODE_STRING}, {"n", "1e3", NODE_NUMBER}, {"o", NULL, NODE_FALSE},
    };
    const char *s = "a: 1.10\nb: '1.10'\nc: true\nd: null\ne:\nf: 01\ng: .5\nh: yes\ni: \"true\"\nj: +1\nk: 0x10\n"
                    "l: 2026-03-09\nm: |\n  two\n  lines\nn: 1e3\no: false\np:\n  - q: r\n";
    struct arena *a = arena_new();
    struct err e = {0};
    struct node *n = yaml_read(a, s, strlen(s), &e);
    assert_non_null(n);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const struct node *v = node_get(n, want[i].key);
        assert_non_null(v);
        if (v->kind != want[i].kind)
            fail_msg("%s has kind %d, not %d", want[i].key, (int)v->kind, (int)want[i].kind);
        if (want[i].text)
            assert_string_equal(v->text, want[i].text);
    }
    const struct node *q = node_path(n, "p[0].q");
    assert_string_equal(node_str(q), "r");
    assert_int_equal(q->line, 19);
    assert_int_equal(q->column, 5);
    arena_free(a);
}

/* n brackets open, then closed. */
static void nested(char *out, int n)
{
    memset(out, '[', (size_t)n);
    memset(out + n, ']', (size_t)n);
    out[2 * n] = 0;
}

static void test_limits(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char deep[400], small[8] = "[1,2,3]";
    struct err e = {0};
    nested(deep, TREE_DEPTH_MAX);
    assert_non_null(json_read(a, deep, strlen(deep), BIG, &e));
    assert_non_null(yaml_read(a, deep, strlen(deep), &e));
    nested(deep, TREE_DEPTH_MAX + 1);
    assert_null(json_read(a, deep, strlen(deep), BIG, &e));
    assert_string_equal(e.where, "line 1, column 65");
    assert_non_null(strstr(e.text, "deep"));
    e = (struct err){0};
    assert_null(yaml_read(a, deep, strlen(deep), &e));
    assert_non_null(strstr(e.text, "deep"));
    e = (struct err){0};
    assert_non_null(json_read(a, small, 7, 7, &e));
    assert_null(json_read(a, small, 7, 6, &e));
    assert_int_equal(e.kind, ERR_TOO_LARGE);
    arena_free(a);
}

/* 200,000 members that share a long prefix: pairwise comparison would take 2e10 steps, minutes; sorting takes well
 * under a second. The repeated one is still found, and it is the first repetition in the text that is named. */
static void test_many_keys(void **state)
{
    (void)state;
    enum { KEYS = 200000, EACH = 40 };
    struct arena *a = arena_new();
    char *s = arena_alloc(a, (KEYS + 3) * EACH);
    size_t len = 0;
    s[len++] = '{';
    for (int i = 0; i < KEYS; i++)
        len += (size_t)snprintf(s + len, EACH, "\"commonprefix%08d\":0,", i);
    struct err e = {0};
    clock_t from = clock();
    s[len - 1] = '}';
    assert_non_null(json_read(a, s, len, BIG * 2, &e));
    s[len - 1] = ',';
    size_t first = len;
    len += (size_t)snprintf(s + len, EACH, "\"commonprefix%08d\":0,", 70000);
    len += (size_t)snprintf(s + len, EACH, "\"commonprefix%08d\":0}", 3);
    assert_null(json_read(a, s, len, BIG * 2, &e));
    assert_true((clock() - from) / CLOCKS_PER_SEC < 10);
    char where[64];
    snprintf(where, sizeof where, "line 1, column %zu", first + 1);
    assert_string_equal(e.where, where);
    assert_non_null(strstr(e.text, "commonprefix00070000"));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),  cmocka_unit_test(test_bad),    cmocka_unit_test(test_places),
        cmocka_unit_test(test_yaml_kinds), cmocka_unit_test(test_limits), cmocka_unit_test(test_many_keys),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
