#include "../base/harness.h"

#include "account/edits.h"

#include <stdio.h>
#include <string.h>

static const char *const m59[] = {"59"}, *const jw[] = {"JW"}, *const jz[] = {"JZ"}, *const m25[] = {"25"};

#define GIVE(r, u) {.role = ROLE_##r, .units = (u), .date = "2026-03-09", .unit = {0, INT8_MIN}, .dose = {0, INT8_MIN}, .opened = {0, INT8_MIN}}
#define DRUG(id, u) .drug = (id), .units = (u), .date = "2026-03-09"

/* Findings as "H01:0 H05:2", to compare at once. */
static const char *found(const struct edit_line *lines, int n, const struct edit_authorisation *auth, int nauth, struct arena *a)
{
    struct edit_finding *f;
    struct err e = {0};
    const char *out = "";
    int k = charge_edits(lines, n, auth, nauth, a, &f, &e);
    assert_true(k >= 0);
    for (int i = 0; i < k; i++) {
        assert_true(f[i].says && f[i].says[0]);
        out = arena_printf(a, "%s%s%s:%d:%s", out, i ? " " : "", f[i].rule, f[i].line, edit_action_word(f[i].action));
    }
    return out;
}

static void test_given(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct edit_line alone[] = {GIVE(TPD_INF_ADD, 1)}, paired[] = {GIVE(TPD_INF_INIT, 1), GIVE(TPD_INF_ADD, 1)};
    struct edit_line elsewhere[] = {GIVE(TPD_INF_INIT, 1), GIVE(TPD_INF_ADD, 1)};
    elsewhere[1].encounter = "2";
    assert_string_equal(found(alone, 1, NULL, 0, a), "H01:0:reject");
    assert_string_equal(found(paired, 2, NULL, 0, a), "");
    assert_string_equal(found(elsewhere, 2, NULL, 0, a), "H01:1:reject");
    struct edit_line two[] = {GIVE(TPD_INF_INIT, 1), GIVE(TPD_PUSH_INIT, 1)};
    assert_string_equal(found(two, 2, NULL, 0, a), "H02:1:reject");
    two[1].modifiers = m59;
    two[1].modifier_count = 1;
    assert_string_equal(found(two, 2, NULL, 0, a), "H02:1:reject"); /* the modifier alone is not enough */
    two[1].reason = "second line needed: incompatible drugs";
    assert_string_equal(found(two, 2, NULL, 0, a), "");
    two[1].modifiers = NULL;
    two[1].modifier_count = 0;
    two[1].date = "2026-03-10";
    assert_string_equal(found(two, 2, NULL, 0, a), ""); /* another date */
    struct edit_line visits[] = {GIVE(OFFICE_NURSE_VISIT, 1), GIVE(TPD_INF_INIT, 1), GIVE(OFFICE_VISIT, 1)};
    assert_string_equal(found(visits, 3, NULL, 0, a), "H03:0:drop H03:2:hold");
    visits[2].modifiers = m25;
    visits[2].modifier_count = 1;
    visits[2].own_note = true;
    assert_string_equal(found(visits, 3, NULL, 0, a), "H03:0:drop");
    assert_string_equal(found(visits, 1, NULL, 0, a), ""); /* nothing given: the visit stands */
    struct edit_line blood[] = {GIVE(TRANSFUSION, 2), GIVE(TRANSFUSION, 1)};
    assert_string_equal(found(blood, 2, NULL, 0, a), "H11:0:reduce H11:1:drop");
    arena_free(a);
}

static void test_drugs(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct edit_line l[] = {
        {DRUG("oxaliplatin", 306), .single_dose = true, .wants_modifier = true, .unit = DEC(5, 1), .dose = DEC(153, 0), .opened = DEC(200, 0)},
        {DRUG("oxaliplatin", 94), .single_dose = true, .wants_modifier = true, .modifiers = jw, .modifier_count = 1, .unit = DEC(5, 1), .dose = DEC(153, 0), .opened = DEC(200, 0)},
    };
    assert_string_equal(found(l, 2, NULL, 0, a), "");
    assert_string_equal(found(l, 1, NULL, 0, a), "H04:0:hold");
    l[1].units = 95;
    assert_string_equal(found(l, 2, NULL, 0, a), "H05:0:reject");
    l[1].units = 94;
    l[0].units = 153; /* mg taken for units */
    assert_string_equal(found(l, 2, NULL, 0, a), "H12:0:warn");
    l[0].units = 306;
    struct edit_authorisation auth[] = {{"oxaliplatin", 399}};
    assert_string_equal(found(l, 2, auth, 1, a), "H06:0:hold");
    auth[0].left = 400;
    assert_string_equal(found(l, 2, auth, 1, a), "");
    struct edit_line odd[] = {{DRUG("globulin", 60), .modifiers = jz, .modifier_count = 1, .unit = DEC(500, 0), .dose = DEC(30000, 0), .opened = DEC(30000, 0)}};
    assert_string_equal(found(odd, 1, NULL, 0, a), "");
    odd[0].supplied_by_others = true;
    odd[0].cover = COVER_NO;
    odd[0].ndc = "5024215001";
    odd[0].unclassified = true;
    assert_string_equal(found(odd, 1, NULL, 0, a), "H07:0:hold H08:0:hold H09:0:hold H10:0:drop");
    odd[0].name = "globulin";
    odd[0].route = "IV";
    odd[0].ndc = "50242-150-01";
    odd[0].supplied_by_others = false;
    odd[0].notice = NOTICE_SIGNED;
    assert_string_equal(found(odd, 1, NULL, 0, a), "H07:0:hold");
    arena_free(a);
}

static void test_limits(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    static struct edit_line many[EDIT_LINES_MAX + 1];
    struct edit_finding *f;
    struct err e = {0};
    assert_int_equal(charge_edits(many, EDIT_LINES_MAX + 1, NULL, 0, a, &f, &e), -1);
    assert_int_equal(e.kind, ERR_TOO_LARGE);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_given), cmocka_unit_test(test_drugs), cmocka_unit_test(test_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
