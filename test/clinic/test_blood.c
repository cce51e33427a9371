/* Every patient against every unit of every product: the rule by antigens and antibodies gives the tables of the books,
 * and shows where one published chart is wrong. */
#include "clinic/blood.h"

#include <string.h>

#include "test/base/harness.h"

static const char *const groups[8] = {"O neg", "O pos", "A neg", "A pos", "B neg", "B pos", "AB neg", "AB pos"};

static struct blood_group group(const char *text)
{
    struct blood_group g;
    struct err e = {0};
    assert_true(blood_group_read(text, &g, &e));
    return g;
}

static struct blood_match match(const char *patient, const char *unit, enum blood_product product, bool protect, bool low)
{
    struct blood_match m;
    struct err e = {0};
    const struct blood_recipient r = {group(patient), 0, protect};
    const struct blood_unit u = {product, group(unit), 0, low};
    assert_true(blood_match(&r, &u, &m, &e));
    assert_true((m.verdict == BLOOD_NO) == (m.why != NULL) && (m.verdict != BLOOD_IF || m.condition));
    return m;
}

/* Rows are patients, columns units, in the order of `groups`: + may be given, i on a condition, . not. */
static void whole_tables(void **s)
{
    (void)s;
    static const struct { enum blood_product product; bool protect, low; const char *rows[8]; } tables[] = {
        /* red cells, D-negative patients to be protected */
        {BLOOD_RED_CELLS, true, false, {"+.......", "++......", "+.+.....", "++++....", "+...+...", "++..++..", "+.+.+.+.", "++++++++"}},
        /* and not */
        {BLOOD_RED_CELLS, false, false, {"+i......", "++......", "+i+i....", "++++....", "+i..+i..", "++..++..", "+i+i+i+i", "++++++++"}},
        /* plasma: AB for everyone, O only for O */
        {BLOOD_PLASMA, true, false, {"++++++++", "++++++++", "..++..++", "..++..++", "....++++", "....++++", "......++", "......++"}},
        /* platelets as they are: as plasma, and D by anti-D */
        {BLOOD_PLATELETS, true, false, {"+i+i+i+i", "++++++++", "..+i..+i", "..++..++", "....+i+i", "....++++", "......+i", "......++"}},
        /* platelets of low titre: out of group on a condition */
        {BLOOD_PLATELETS, false, true, {"++++++++", "++++++++", "ii++ii++", "ii++ii++", "iiii++++", "iiii++++", "iiiiii++", "iiiiii++"}},
        {BLOOD_CRYO, true, false, {"++++++++", "++++++++", "++++++++", "++++++++", "++++++++", "++++++++", "++++++++", "++++++++"}},
        /* whole blood: both rules at once, so only its own group; of low titre group O for all */
        {BLOOD_WHOLE, true, false, {"+.......", "++......", "..+.....", "..++....", "....+...", "....++..", "......+.", "......++"}},
        {BLOOD_WHOLE, true, true, {"+.......", "++......", "i.+.....", "ii++....", "i...+...", "ii..++..", "i.i.i.+.", "iiiiii++"}},
    };
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (int p = 0; p < 8; p++)
            for (int u = 0; u < 8; u++) {
                struct blood_match m = match(groups[p], groups[u], tables[t].product, tables[t].protect, tables[t].low);
                char got = m.verdict == BLOOD_NO ? '.' : m.verdict == BLOOD_IF ? 'i' : '+';
                if (got != tables[t].rows[p][u])
                    fail_msg("table %zu: %s into %s: %c, wanted %c (%s)", t, groups[u], groups[p], got, tables[t].rows[p][u], m.why ? m.why : "");
            }
}

/* A hospital's refresher prints plasma for O as "O, A, B": the derivation gives AB too, and rightly. */
static void wrong_chart(void **s)
{
    (void)s;
    assert_true(match("O pos", "AB pos", BLOOD_PLASMA, false, false).verdict == BLOOD_YES);
    assert_true(match("A pos", "A neg", BLOOD_PLASMA, false, false).verdict == BLOOD_SAME);
    assert_true(match("A pos", "A neg", BLOOD_RED_CELLS, false, false).verdict == BLOOD_YES);
    assert_true(match("A pos", "A pos", BLOOD_RED_CELLS, false, false).verdict == BLOOD_SAME);
    struct blood_match m = match("A pos", "AB pos", BLOOD_RED_CELLS, false, false);
    assert_string_equal(blood_antigen_name(m.meeting), "B");
}

/* Nobody knows the patient's group yet. */
static void unknown_patient(void **s)
{
    (void)s;
    for (int u = 0; u < 8; u++) {
        bool o = groups[u][0] == 'O', ab = groups[u][1] == 'B', neg = strstr(groups[u], "neg") != NULL;
        assert_int_equal(match("unknown", groups[u], BLOOD_RED_CELLS, true, false).verdict, o && neg ? BLOOD_YES : BLOOD_NO);
        assert_int_equal(match("unknown", groups[u], BLOOD_RED_CELLS, false, false).verdict, !o ? BLOOD_NO : neg ? BLOOD_YES : BLOOD_IF);
        assert_int_equal(match("unknown", groups[u], BLOOD_PLASMA, false, false).verdict, ab ? BLOOD_YES : BLOOD_NO);
    }
}

/* An antibody of the patient: only units typed negative for its antigen. */
static void other_antibodies(void **s)
{
    (void)s;
    struct blood_match m;
    struct err e = {0};
    struct blood_recipient r = {group("A pos"), BLOOD_K | BLOOD_FYA, false};
    struct blood_unit u = {BLOOD_RED_CELLS, group("A pos"), 0, false};
    assert_true(blood_match(&r, &u, &m, &e) && m.verdict == BLOOD_NO && m.meeting == (BLOOD_K | BLOOD_FYA));
    u.absent = BLOOD_K;
    assert_true(blood_match(&r, &u, &m, &e) && m.verdict == BLOOD_NO && m.meeting == BLOOD_FYA);
    u.absent = BLOOD_K | BLOOD_FYA;
    assert_true(blood_match(&r, &u, &m, &e) && m.verdict == BLOOD_SAME);
    r.antibodies |= BLOOD_D; /* anti-D in a patient grouped D positive: partial D */
    assert_true(blood_match(&r, &u, &m, &e) && m.verdict == BLOOD_NO && m.meeting == BLOOD_D);
    u.product = BLOOD_PLASMA;
    assert_true(blood_match(&r, &u, &m, &e) && m.verdict == BLOOD_SAME);
    r = (struct blood_recipient){group("O neg"), BLOOD_D, false};
    u = (struct blood_unit){BLOOD_RED_CELLS, group("O pos"), 0, false};
    assert_true(blood_match(&r, &u, &m, &e) && m.verdict == BLOOD_NO);
}

/* More antibodies or more antigens never make a match better. */
static void monotone(void **s)
{
    (void)s;
    for (int p = 0; p < 8; p++)
        for (int u = 0; u < 8; u++)
            for (unsigned a = 0; a <= BLOOD_ALL; a = a * 2 + 1) {
                struct blood_match with, without;
                struct err e = {0};
                struct blood_recipient r = {group(groups[p]), a, false}, none = {group(groups[p]), 0, false};
                const struct blood_unit unit = {BLOOD_RED_CELLS, group(groups[u]), 0, false};
                assert_true(blood_match(&r, &unit, &with, &e) && blood_match(&none, &unit, &without, &e));
                assert_true(with.verdict <= without.verdict);
            }
}

static void refuses(void **s)
{
    (void)s;
    static const char *const bad[] = {"", "O", "C pos", "AB", "A positive", "0 neg", "A  pos", "OB neg", "A+-", NULL};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct blood_group g;
        struct err e = {0};
        assert_false(blood_group_read(bad[i], &g, &e));
        assert_false(g.known);
    }
    struct blood_match m;
    struct err e = {0};
    const struct blood_recipient r = {group("A pos"), 0, false};
    const struct blood_unit u = {BLOOD_RED_CELLS, group("unknown"), 0, false};
    assert_false(blood_match(&r, &u, &m, &e));
    assert_true(m.verdict == BLOOD_NO);
    unsigned a;
    enum blood_product p;
    struct err fresh = {0};
    assert_true(blood_antigen_read("Jk(a)", &a, &fresh) && a == BLOOD_JKA);
    assert_false(blood_antigen_read("Q", &a, &e));
    assert_false(blood_product_read("marrow", &p, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_tables), cmocka_unit_test(wrong_chart), cmocka_unit_test(unknown_patient),
        cmocka_unit_test(other_antibodies), cmocka_unit_test(monotone), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
