/* Differences between releases, said by meaning; and what is no difference at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "formulary/builtin.h"
#include "formulary/cases.h"
#include "formulary/content_read.h"
#include "formulary/diff.h"

/* The shipped content with one text replaced; good NULL: as it is. */
static const struct content *with(struct arena *a, const char *path, const char *good, const char *bad)
{
    struct content_file *files = ARENA_ARRAY(a, (size_t)content_builtin.count, struct content_file);
    const struct content *c = NULL;
    struct findings f;
    struct err e = {0};
    findings_init(&f, a);
    for (int k = 0; k < content_builtin.count; k++) {
        const char *text = (const char *)content_builtin.files[k].data, *at;
        size_t len = content_builtin.files[k].len;
        files[k].path = content_builtin.files[k].path;
        if (good && strcmp(files[k].path, path) == 0) {
            at = strstr(text, good);
            if (!at)
                fail_msg("%s does not hold \"%s\"", path, good);
            text = arena_printf(a, "%.*s%s%s", (int)(at - text), text, bad, at + strlen(good));
            len = strlen(text);
        }
        content_file_parse(a, &files[k], text, len, &f);
    }
    if (!content_finish(a, files, content_builtin.count, &f, &c, &e))
        fail_msg("%s: %s", e.where, e.text);
    return c;
}

struct meant {
    const char *file, *good, *bad;
    const char *says; /* NULL: no change */
    enum change_kind kind;
    bool looser;
};

static const struct meant meant[] = {
    {"drugs/vancomycin.yaml", "area: ward, soft_high: 10 mg/min, hard_high: 15 mg/min", "area: ward, soft_high: 10 mg/min, hard_high: 20 mg/min",
     "vancomycin, adult ward: hard maximum rate 15 → 20 mg/min", CHANGE_VALUE, true},
    {"drugs/vancomycin.yaml", "area: ward, soft_high: 10 mg/min, hard_high: 15 mg/min", "area: ward, soft_high: 10 mg/min, hard_high: 12 mg/min",
     "vancomycin, adult ward: hard maximum rate 15 → 12 mg/min", CHANGE_VALUE, false},
    {"drugs/vancomycin.yaml", "hard_high: 3000 mg", "hard_high: 3 g", NULL, 0, false},
    {"drugs/vancomycin.yaml", "concentration_max: 5 mg/mL", "concentration_max: 5.0 mg/mL", NULL, 0, false},
    {"drugs/vancomycin.yaml", "    duration_min: 60", "    duration_min: 30", "vancomycin: shortest time 60 → 30 min", CHANGE_VALUE, true},
    {"drugs/vincristine.yaml", "    - {way: push, words: A syringe can be taken for one meant for the spine, source: label}\n", "",
     "vincristine, never push: removed (way push)", CHANGE_REMOVED, true},
    {"drugs/oxaliplatin.yaml", "beyond_use_room_min: 360", "beyond_use_room_min: 300", "oxaliplatin: beyond-use at room temperature 360 → 300 min",
     CHANGE_VALUE, false},
    {"drugs/pembrolizumab.yaml", "{grade: 3, action: never, needs_order: false,", "{grade: 3, action: restart, fraction: 0.25, needs_order: true,",
     "pembrolizumab, after a reaction of grade 3: action never → restart", CHANGE_VALUE, true},
    {"drugs/carboplatin.yaml", "price: 6.00", "price: 6.50", "carboplatin, billing J9045 from 2020-04-01: price 6 → 6.5", CHANGE_VALUE, false},
    {"drugs/doxorubicin.yaml", "double_check: true", "double_check: true\n  rxnorm: \"3639\"", "doxorubicin: rxnorm nothing → 3639", CHANGE_VALUE, false},
    {"regimens/rchop21.yaml", "      cap: 2 mg", "      cap: 2.5 mg", "R-CHOP every 3 weeks, dose vincristine: cap 2 → 2.5 mg", CHANGE_VALUE, true},
    {"regimens/rchop21.yaml", "low: \"1.0 10*9/L\"", "low: \"1.00 10*9/L\"", NULL, 0, false},
    {"rules.yaml", "  - id: beyond_use\n    severity: hard stop\n", "  - id: beyond_use\n    severity: needs a reason\n    who: pharmacist\n",
     "rules, beyond_use: severity hard stop → needs a reason", CHANGE_VALUE, true},
    {"drugs/ceftriaxone.yaml", "  routes: [IV, IM]", "  routes: [IM, IV]", NULL, 0, false},
    {"drugs/ceftriaxone.yaml", "      - Loose stools\n", "      - Loose stools\n      - Thrush\n", "ceftriaxone: normal now also: Thrush", CHANGE_VALUE, false},
    {"drugs/vancomycin.yaml", "approved_by: none", "approved_by: A. Pharmacist", "vancomycin: approved by none → A. Pharmacist", CHANGE_EVIDENCE, false},
    {"leaflets/iron.en.md", "# Your iron infusion", "# Your iron drip", "leaflets/iron.en.md: the leaflet's text changed", CHANGE_WORDS, false},
    {"site.yaml", "  kvo_rate: 5 mL/h", "  kvo_rate: 3 mL/h", "site: kvo rate 5 → 3 mL/h", CHANGE_VALUE, false},
};

static void said_by_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof meant / sizeof meant[0]; i++) {
        const struct meant *m = &meant[i];
        struct arena *a = arena_new();
        struct content_diff d;
        content_compare(a, with(a, NULL, NULL, NULL), with(a, m->file, m->good, m->bad), &d);
        const struct content_change *hit = NULL;
        for (int k = 0; k < d.count && m->says; k++)
            if (strcmp(d.list[k].text, m->says) == 0)
                hit = &d.list[k];
        if (m->says ? !hit : d.count != 0)
            fail_msg("case %zu: wanted \"%s\", %d found, first \"%s\"", i, m->says ? m->says : "nothing", d.count, d.count ? d.list[0].text : "");
        if (hit && (hit->kind != m->kind || hit->looser != m->looser || strcmp(hit->file, m->file) != 0))
            fail_msg("case %zu: kind %d, looser %d, file %s", i, (int)hit->kind, hit->looser, hit->file);
        arena_free(a);
    }
}

/* A limit that goes away is said, and so is one that comes; a diff the other way round has as many changes. */
static void both_ways(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct content_diff there, back;
    const struct content *x = with(a, NULL, NULL, NULL);
    const struct content *y = with(a, "drugs/vancomycin.yaml", "    - {of: rate, area: home, hard_high: 10 mg/min, words: At home, source: site}\n", "");
    content_compare(a, x, y, &there);
    content_compare(a, y, x, &back);
    assert_int_equal(there.count, 1);
    assert_string_equal(there.list[0].text, "vancomycin, at home: removed (of rate, area home, hard maximum 10 mg/min)");
    assert_true(there.list[0].looser);
    assert_int_equal(back.count, 1);
    assert_false(back.list[0].looser);
    assert_int_equal(back.list[0].kind, CHANGE_ADDED);
    arena_free(a);
}

/* The worked cases: all hold; a changed number breaks the case that shows it. */
static void worked_cases(void **state)
{
    (void)state;
    static const struct {
        const char *file, *good, *bad, *entry, *text;
    } breaks[] = {
        {"drugs/carboplatin.yaml", "unit: 50 mg, from", "unit: 25 mg, from", "drug carboplatin", "units: 11 wanted, 21 found"},
        {"regimens/rchop21.yaml", "      cap: 2 mg", "      cap: 3 mg", "regimen rchop21", "vincristine: 2 mg wanted, 2.3 mg found"},
        {"regimens/carboplatin_paclitaxel.yaml", "gfr_cap: 125 mL/min", "gfr_cap: 200 mL/min", "regimen carboplatin_paclitaxel", NULL},
    };
    struct arena *a = arena_new();
    struct case_report *r = ARENA_NEW(a, struct case_report);
    content_test(a, with(a, NULL, NULL, NULL), r);
    if (r->failed)
        fail_msg("%s, %s: %s", r->failures[0].entry, r->failures[0].name, r->failures[0].text);
    assert_true(r->run >= 70);
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        content_test(a, with(a, breaks[i].file, breaks[i].good, breaks[i].bad), r);
        if (!breaks[i].text) { /* the dose's own cap of 900 mg still holds: a cap behind a cap */
            if (r->failed)
                fail_msg("%s, %s: %s", r->failures[0].entry, r->failures[0].name, r->failures[0].text);
            continue;
        }
        assert_int_equal(r->failed, 1);
        assert_string_equal(r->failures[0].entry, breaks[i].entry);
        assert_string_equal(r->failures[0].text, breaks[i].text);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(said_by_meaning),
        cmocka_unit_test(both_ways),
        cmocka_unit_test(worked_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
