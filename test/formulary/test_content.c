/* The shipped content reads, and reads the same from the folder, the built-in set and a released blob. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "formulary/builtin.h"
#include "formulary/content.h"

static const char *content_dir;

static const struct content *shipped(struct arena *a)
{
    const struct content *c = NULL;
    struct err e = {0};
    if (!content_read_dir(a, content_dir, &c, &e))
        fail_msg("%s: %s", e.where, e.text);
    return c;
}

static void same_release_however_read(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *dir = shipped(a), *set = NULL, *blob = NULL;
    struct err e = {0};
    assert_true(content_read_embedded(a, &content_builtin, &set, &e));
    if (!content_read_blob(a, dir->blob, dir->blob_len, &blob, &e))
        fail_msg("%s: %s", e.where, e.text);
    assert_int_equal(strlen(dir->hash), 64);
    assert_string_equal(dir->hash, set->hash);
    assert_string_equal(dir->hash, blob->hash);
    assert_string_equal(dir->blob, blob->blob);
    assert_int_equal(dir->drugs_count, blob->drugs_count);
    arena_free(a);
}

static void numbers_stay_as_written(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct drug *d = content_drug(shipped(a), "ferric_carboxymaltose");
    char text[QTY_TEXT_MAX];
    assert_non_null(d);
    assert_string_equal(qty_text(d->vials[0].amount, text), "750 mg");
    assert_string_equal(dec_text(d->vials[0].cost, text), "930.00");
    assert_string_equal(d->infusion->method, "pump");
    assert_int_equal(d->infusion->duration_min, 15);
    assert_int_equal(d->restarts_count, 4);
    assert_string_equal(drug_restart_for(d, 3)->action, "never");
    assert_null(drug_restart_for(d, 5));
    assert_string_equal(drug_billing_on(d, "2026-03-09")->hcpcs, "J1439");
    assert_null(drug_billing_on(d, "2019-12-31"));
    arena_free(a);
}

static void regimens_by_indication(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    const struct regimen *r[4];
    assert_int_equal(content_regimens_for(c, "D50.9", r, 4), 1);
    assert_string_equal(r[0]->id, "fcm_ida");
    assert_int_equal(r[0]->visits_count, 2);
    assert_int_equal(r[0]->visits[1].day, 7);
    assert_int_equal(r[0]->visits[1].number, 2);
    assert_int_equal(content_regimens_for(c, "Z99.9", r, 4), 0);
    arena_free(a);
}

static void nobody_approved_it(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const struct content *c = shipped(a);
    struct err e = {0};
    assert_true(c->demo);
    assert_true(content_usable(c, true, &e));
    assert_false(content_usable(c, false, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    arena_free(a);
}

static void lists_match_words_and_endings(void **state)
{
    (void)state;
    assert_true(content_code_listed("D80.0 D83.*", "D83.9"));
    assert_true(content_code_listed("D80.0 D83.*", "D80.0"));
    assert_false(content_code_listed("D80.0 D83.*", "D80.1"));
    assert_false(content_code_listed("D80.0 D83.*", "D8"));
    assert_false(content_code_listed("D80.0", ""));
    assert_false(content_code_listed(NULL, "D80.0"));
    assert_false(content_word_listed("mon tue", "mo"));
    assert_true(content_word_listed("mon tue", "tue"));
}

int main(int argc, char **argv)
{
    content_dir = argc > 1 ? argv[1] : "content";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_release_however_read),
        cmocka_unit_test(numbers_stay_as_written),
        cmocka_unit_test(regimens_by_indication),
        cmocka_unit_test(nobody_approved_it),
        cmocka_unit_test(lists_match_words_and_endings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
