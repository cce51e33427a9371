#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/tree.h"
#include "sim/fhir_gen.h"

enum { PATIENTS = 200 };

/* What the whole set shows. */
struct seen {
    int iron, antibody, none_known, recorded, silent, pounds, blue, plain;
};

static struct node *bundle(struct arena *a, uint64_t seed, int number, struct buf *b)
{
    struct fhir_gen g = {seed, utc_of_date(2026, 3, 9), "DEMO"};
    struct err e = {0};
    buf_clear(b);
    if (!fhir_gen_bundle(&g, number, b, &e))
        fail_msg("%s: %s", e.where, e.text);
    struct node *n = json_read(a, b->data, b->len, FHIR_GEN_BUNDLE_MAX, &e);
    if (!n)
        fail_msg("patient %d: %s: %s", number, e.where, e.text);
    return n;
}

static bool has_url(const struct node *root, const char *urn)
{
    node_each(entry, node_get(root, "entry"))
        if (strcmp(node_str_at(entry, "fullUrl"), urn) == 0)
            return true;
    return false;
}

/* Every "reference" anywhere leads to an entry of the bundle. */
static void check_references(const struct node *root, const struct node *n)
{
    node_each(child, n) {
        if (child->key && strcmp(child->key, "reference") == 0)
            assert_true(has_url(root, node_str(child)));
        check_references(root, child);
    }
}

static void check_patient(const struct node *r)
{
    struct err e = {0};
    utc_t born;
    assert_true(utc_parse(node_str_at(r, "birthDate"), NULL, &born, &e));
    int age = utc_age_years(node_str_at(r, "birthDate"), utc_of_date(2026, 3, 9), NULL);
    assert_in_range(age, 18, 84);
    const char *phone = node_str_at(r, "telecom[0].value");
    assert_int_equal(strlen(phone), 8);
    assert_memory_equal(phone, "555-01", 6);
    assert_null(node_get(r, "address"));
    assert_memory_equal(node_str_at(r, "identifier[0].value"), "DEMO", 4);
}

static void check_observation(const struct node *r, struct seen *s)
{
    struct err e = {0};
    utc_t at;
    const char *unit = node_str_at(r, "valueQuantity.code"), *loinc = node_str_at(r, "code.coding[0].code");
    assert_non_null(unit);
    assert_true(utc_parse(node_str_at(r, "effectiveDateTime"), NULL, &at, &e));
    assert_true(at < utc_of_date(2026, 3, 9));
    struct dec v;
    assert_true(node_dec(node_path(r, "valueQuantity.value"), &v, &e));
    if (strcmp(loinc, "29463-7") == 0) {
        bool pounds = strcmp(unit, "[lb_av]") == 0;
        s->pounds += pounds;
        assert_true(dec_le(dec_int(pounds ? 85 : 39), v) && dec_le(v, dec_int(pounds ? 330 : 150)));
    }
}

static void check_condition(const struct node *r, struct seen *s)
{
    const char *icd = node_str_at(r, "code.coding[0].code");
    s->iron += strncmp(icd, "D50.", 4) == 0;
    s->antibody += strcmp(icd, "D83.9") == 0 || strncmp(icd, "D80.", 4) == 0;
}

static void check_bundle(const struct node *root, struct seen *s)
{
    struct seen before = *s;
    check_references(root, root);
    node_each(entry, node_get(root, "entry")) {
        const struct node *r = node_get(entry, "resource");
        const char *type = node_str_at(r, "resourceType"), *text;
        assert_string_equal(type, node_str_at(entry, "request.url"));
        if (strcmp(type, "Patient") == 0)
            check_patient(r);
        else if (strcmp(type, "Observation") == 0)
            check_observation(r, s);
        else if (strcmp(type, "Condition") == 0)
            check_condition(r, s);
        else if (strcmp(type, "AllergyIntolerance") == 0) {
            text = node_str_at(r, "code.coding[0].code");
            *(strcmp(text, "716186003") == 0 ? &s->none_known : &s->recorded) += 1;
        } else if (strcmp(type, "Coverage") == 0) {
            text = node_str_at(r, "payor[0].identifier.value");
            *(strcmp(text, "demo-blue") == 0 ? &s->blue : &s->plain) += 1;
        }
    }
    s->silent += before.none_known == s->none_known && before.recorded == s->recorded;
    assert_int_equal(s->iron + s->antibody, before.iron + before.antibody + 1);
}

static void test_bundles_are_whole_and_plausible(void **state)
{
    (void)state;
    struct seen s = {0};
    struct buf b;
    buf_init(&b, FHIR_GEN_BUNDLE_MAX);
    struct arena *a = arena_new();
    for (int i = 1; i <= PATIENTS; i++) {
        check_bundle(bundle(a, 7, i, &b), &s);
        arena_reset(a);
    }
    arena_free(a);
    buf_fini(&b);
    assert_int_equal(s.iron, PATIENTS * 3 / 5);
    assert_int_equal(s.antibody, PATIENTS * 2 / 5);
    assert_in_range(s.none_known, 70, 130);
    assert_in_range(s.recorded, 40, 90);
    assert_in_range(s.silent, 15, 60);
    assert_in_range(s.pounds, 3 * 30, 3 * 90); /* three weights each */
    assert_in_range(s.blue, 70, 130);
    assert_int_equal(s.blue + s.plain, PATIENTS);
}

static void test_the_seed_says_it_all(void **state)
{
    (void)state;
    struct buf b, c;
    buf_init(&b, FHIR_GEN_BUNDLE_MAX);
    buf_init(&c, FHIR_GEN_BUNDLE_MAX);
    struct arena *a = arena_new();
    bundle(a, 7, 12, &b);
    bundle(a, 7, 12, &c);
    assert_string_equal(buf_str(&b), buf_str(&c));
    bundle(a, 8, 12, &c);
    assert_string_not_equal(buf_str(&b), buf_str(&c));
    arena_free(a);
    buf_fini(&b);
    buf_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bundles_are_whole_and_plausible),
                                       cmocka_unit_test(test_the_seed_says_it_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
