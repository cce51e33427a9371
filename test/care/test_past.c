/* What another version would have said of what was given: each question fires, just does not, and goes away again. */
#include "harness.h"

#include "care/past.h"
#include "formulary/builtin.h"

#include <stdio.h>
#include <string.h>

#define FCM "drugs/ferric_carboxymaltose.yaml"

/* The shipped content with a text of one file replaced. */
static const struct content *with(struct house *h, const char *path, const char *good, const char *bad)
{
    struct embed_file *files = ARENA_ARRAY(h->keep, (size_t)content_builtin.count, struct embed_file);
    struct embed_set set = {files, content_builtin.count};
    const struct content *c = NULL;
    struct err e = {0};
    for (int i = 0; i < set.count; i++) {
        files[i] = content_builtin.files[i];
        const char *text = (const char *)files[i].data, *at = strcmp(files[i].path, path) == 0 ? strstr(text, good) : NULL;
        if (strcmp(files[i].path, path) == 0 && !at)
            fail_msg("%s does not hold \"%s\"", path, good);
        if (!at)
            continue;
        text = arena_printf(h->keep, "%.*s%s%s", (int)(at - text), text, bad, at + strlen(good));
        files[i].data = (const unsigned char *)text;
        files[i].len = strlen(text);
    }
    if (!content_read_embedded(h->keep, &set, &c, &e))
        fail_msg("%s: %s", e.where, e.text);
    return c;
}

/* 750 mg at 795 mL/h, 20 minutes; hemoglobin 9.1 five days before. */
static void given(struct house *h)
{
    iron_patient(h, "rossi");
    struct path p = planned(h, "rossi", "fcm_ida", "D50.9");
    hung(h, &p, "VP1");
    did(h, "nurse1", "give.start", "{'infusion':'%s','rate':795}", p.infusion);
    PUMP(h, "VP1", .kind = "event", .event = "start", .status = "delivering", .rate = "795", .total = "0");
    wait(h, 6);
    vitals(h, p.visit, "during");
    wait(h, 14);
    PUMP(h, "VP1", .kind = "event", .event = "complete", .status = "kvo", .rate = "0", .total = "265");
    PUMP(h, "VP1", .kind = "event", .event = "stop", .status = "not delivering", .rate = "0", .total = "265");
    did(h, "nurse1", "give.stop", "{'infusion':'%s','volume':265}", p.infusion);
    did(h, "nurse1", "give.flush", "{'infusion':'%s','volume':20}", p.infusion);
    did(h, "nurse1", "give.disconnect", "{'infusion':'%s'}", p.infusion);
}

struct heard {
    const struct content *was;
    char says[400];
    int count;
};

static bool was(void *ctx, struct tx *t, const char *hash, const struct content **out, struct err *e)
{
    struct heard *x = ctx;
    (void)t, (void)hash, (void)e;
    *out = x->was;
    return true;
}

static void tell(void *ctx, const struct past_change *c)
{
    struct heard *x = ctx;
    snprintf(x->says, sizeof x->says, "%s %s %s: %s", c->appears ? "+" : "-", c->says.severity, c->says.rule, c->says.text);
    x->count++;
}

static struct past_report replayed(struct house *h, const struct content *was_then, const struct content *next, struct heard *x)
{
    struct past_report *r = ARENA_NEW(h->a, struct past_report);
    struct tx t;
    struct err e = {0};
    *x = (struct heard){.was = was_then};
    struct past_run run = {.next = next, .was = was, .tell = tell, .ctx = x};
    assert_true(tx_read(&t, h->store, h->a, 1, &care_event_types, &e));
    if (!past_replay(&t, &run, r, &e))
        fail_msg("%s: %s", e.where, e.text);
    tx_rollback(&t);
    return *r;
}

static const struct past_case {
    const char *good, *bad, *says; /* NULL: no change */
} cases[] = {
    {"    rate_max: 1100 mL/h", "    rate_max: 794 mL/h", "+ hard stop rate_above_max: 795 mL/h flowed, 794 mL/h at most"},
    {"    rate_max: 1100 mL/h", "    rate_max: 795 mL/h", NULL},
    {"    planned_min: 20", "    planned_min: 40", NULL}, /* a plan is no limit */
    {"    duration_min: 15\n    planned_min: 20", "    duration_min: 22\n    planned_min: 22", "+ hard stop rate_above_max: took 20 min, 22 at least"},
    {"    duration_min: 15\n    planned_min: 20", "    duration_min: 21\n    planned_min: 21", NULL},
    {"soft_high: 4 mg/mL, hard_high: 50 mg/mL", "soft_high: 2.5 mg/mL, hard_high: 2.8 mg/mL",
     "+ hard stop dose_above_hard: concentration 2.830189 mg/mL is over 2.8 mg/mL"},
    {"soft_low: 450 mg, soft_high: 750 mg, hard_low: 100 mg, hard_high: 1000 mg", "soft_low: 450 mg, soft_high: 749 mg, hard_low: 100 mg, hard_high: 1000 mg",
     "+ needs a reason dose_limit: dose 750 mg is over 749 mg"},
    {"when: first, missing: needs a reason, high: 15 g/dL", "when: first, missing: needs a reason, high: 9 g/dL", "+ needs a reason lab_range: Hemoglobin was 9.1 g/dL"},
    {"when: first, missing: needs a reason, high: 15 g/dL", "when: first, missing: needs a reason, high: 9.1 g/dL", NULL},
    {"max_age_days: 30, when: first, missing: needs a reason, high: 15", "max_age_days: 3, when: first, missing: needs a reason, high: 15",
     "+ needs a reason lab_missing: Hemoglobin was too old"},
    {"    method: pump\n", "    method: gravity\n", NULL},
};

static void each_question(void **state)
{
    struct house *h = *state;
    given(h);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct heard there, back;
        const struct content *next = with(h, FCM, cases[i].good, cases[i].bad);
        struct past_report r = replayed(h, h->content, next, &there), s = replayed(h, next, h->content, &back);
        assert_int_equal(r.infusions, 1);
        if (there.count != (cases[i].says != NULL) || (cases[i].says && strcmp(there.says, cases[i].says) != 0))
            fail_msg("case %zu: %d changes, \"%s\"", i, there.count, there.says);
        assert_int_equal(r.changed, cases[i].says != NULL);
        /* the other way round the same saying goes away */
        assert_int_equal(back.count, there.count);
        if (back.count) {
            assert_int_equal(back.says[0], '-');
            assert_string_equal(back.says + 1, there.says + 1);
        }
        assert_int_equal(r.stops + r.reasons, s.stops_gone + s.reasons_gone);
    }
}

static void nothing_given_nothing_said(void **state)
{
    struct house *h = *state;
    struct heard x;
    iron_patient(h, "rossi");
    planned(h, "rossi", "fcm_ida", "D50.9");
    assert_int_equal(replayed(h, h->content, with(h, FCM, "    rate_max: 1100 mL/h", "    rate_max: 5 mL/h"), &x).infusions, 0);
}

/* A version nobody kept cannot be compared: said, not guessed. */
static void unknown_version(void **state)
{
    struct house *h = *state;
    struct heard x;
    given(h);
    struct past_report r = replayed(h, NULL, with(h, FCM, "    rate_max: 1100 mL/h", "    rate_max: 5 mL/h"), &x);
    assert_int_equal(r.infusions, 1);
    assert_int_equal(r.unknown, 1);
    assert_int_equal(x.count, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)
    const struct CMUnitTest tests[] = {T(each_question), T(nothing_given_nothing_said), T(unknown_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
