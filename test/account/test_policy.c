#include "../base/harness.h"

#include "account/policy.h"
#include "account/role.h"

#include <string.h>

static bool same_settings(const struct charge_policy *x, const struct charge_policy *y)
{
    char s[16], t[16];
    for (int i = 0; i < charge_policy_count; i++)
        if (strcmp(charge_policy_show(x, &charge_policy_rows[i], s), charge_policy_show(y, &charge_policy_rows[i], t)) != 0)
            return false;
    return true;
}

static void test_rows(void **state)
{
    (void)state;
    struct charge_policy p = charge_policy_default();
    char text[16], again[16];
    for (int i = 0; i < charge_policy_count; i++) {
        const struct charge_policy_row *row = &charge_policy_rows[i];
        struct err e = {0};
        assert_true(row->source[0] && row->meaning[0]);
        assert_true(row->preset >= row->least && row->preset <= row->most);
        charge_policy_show(&p, row, text);
        assert_true(charge_policy_set(&p, row->name, text, &e));
        assert_string_equal(charge_policy_show(&p, row, again), text);
    }
    struct charge_policy fresh = charge_policy_default();
    assert_true(same_settings(&p, &fresh));
}

static void test_set(void **state)
{
    (void)state;
    const struct { const char *name, *value; bool ok; } rows[] = {
        {"setting", "office", true}, {"setting", "offic", false}, {"setting", "office|", false}, {"setting", "", false},
        {"conc_min", "20", true}, {"conc_min", "0", false}, {"conc_min", "1.5", false}, {"conc_min", "x", false},
        {"second_modifier", "XS", true}, {"second_modifier", "25", false}, {"no_such", "1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct charge_policy p = charge_policy_default();
        struct err e = {0};
        assert_int_equal(charge_policy_set(&p, rows[i].name, rows[i].value, &e), rows[i].ok);
        if (!rows[i].ok) {
            struct charge_policy fresh = charge_policy_default();
            assert_int_equal(e.kind, ERR_INPUT);
            assert_string_equal(e.where, rows[i].name);
            assert_true(same_settings(&p, &fresh)); /* nothing half done */
        }
    }
}

static void test_roles(void **state)
{
    (void)state;
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum charge_role found;
        assert_true(charge_role_find(charge_roles[i].name, &found));
        assert_int_equal(found, i);
        assert_true(charge_roles[i].label[0]);
        assert_int_equal(charge_roles[i].kind == ROLE_ADDON, charge_roles[i].parents != 0);
        for (int k = 0; k < ROLE_COUNT; k++) /* no add-on hangs on another add-on's hour, only on a first service */
            if (charge_roles[i].parents >> k & 1)
                assert_true(k != i && charge_roles[k].kind != ROLE_VISIT);
    }
    enum charge_role none;
    assert_false(charge_role_find("TPD_INF", &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_set), cmocka_unit_test(test_roles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
