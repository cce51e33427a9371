/* What the answer keys cannot say: sentences, queries, traces, refused timelines, and properties over many timelines. */
#include "../base/harness.h"

#include "account/admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY0 (INT64_C(946684800) * UTC_SECOND) /* 2000-01-01 */
#define AT(h, m) (DAY0 + (h) * UTC_HOUR + (m) * UTC_MINUTE)

static struct charge_sheet made(const struct charge_event *ev, int n, const struct charge_policy *p, struct arena *a)
{
    struct charge_sheet s;
    struct err e = {0};
    struct charge_timeline t = {ev, n, NULL};
    if (!charge_admin(&t, p, a, &s, &e))
        fail_msg("%s: %s", e.where, e.text);
    return s;
}

static bool asks(const struct charge_sheet *s, enum charge_query_kind kind, const char *event)
{
    for (int i = 0; i < s->query_count; i++)
        if (s->queries[i].kind == kind && strcmp(s->queries[i].event, event) == 0)
            return true;
    return false;
}

static void test_sentences(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct charge_policy p = charge_policy_default();
    p.version = "demo 1";
    struct span pause = {AT(9, 10), AT(9, 20)};
    struct charge_event ev[] = {
        {.id = "i1", .substance = "ferric carboxymaltose", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(9, 32),
            .pauses = &pause, .pause_count = 1},
        {.id = "f1", .substance = "saline", .cls = CLASS_HYD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(10, 0), .excluded = "KVO"},
        {.id = "c1", .substance = "comfort drug", .cls = CLASS_TPD, .technique = TECH_PUSH, .start = AT(8, 50), .stop = UTC_NONE, .excluded = "given for research"},
    };
    struct charge_sheet s = made(ev, 3, &p, a);
    assert_string_equal(s.rules, "demo 1");
    assert_int_equal(s.line_count, 1);
    const struct sheet_line *l = &s.lines[0];
    assert_int_equal(l->role, ROLE_TPD_INF_INIT);
    assert_int_equal(l->minutes, 22);
    assert_string_equal(l->date, "2000-01-01");
    assert_string_equal(l->sentence, "ferric carboxymaltose ran 22 minutes (09:00 to 09:32 without the pauses); "
                                     "it ranks first here, so it is the one initial service.");
    assert_int_equal(l->event_count, 1);
    assert_string_equal(l->events[0], "i1");
    assert_int_equal(s.traces[0].fate, FATE_LINE);
    assert_string_equal(s.traces[0].text, l->sentence);
    assert_int_equal(s.traces[1].fate, FATE_DROPPED);
    assert_string_equal(s.traces[1].text, "saline is not charged: fluid that only keeps the vein open.");
    assert_string_equal(s.traces[2].text, "comfort drug is not charged: given for research.");
    arena_free(a);
}

static void test_queries(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct charge_policy facility = charge_policy_default(), office = facility;
    office.setting = SETTING_OFFICE;
    struct charge_event ev[] = {
        {.id = "a", .substance = "A", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(10, 0), .access = "left"},
        {.id = "b", .substance = "B", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(9, 40), .access = "right"},
        {.id = "c", .substance = "C", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = UTC_NONE},
        {.id = "d", .substance = "D", .cls = CLASS_TPD, .technique = TECH_INF, .start = UTC_NONE, .stop = AT(9, 0)},
        {.id = "e", .substance = "E", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(8, 0)},
        {.id = "f", .substance = "F", .cls = CLASS_TPD, .technique = TECH_PROLONGED, .start = AT(9, 0), .stop = UTC_NONE},
        {.id = "g", .substance = "G", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(9, 0) + 30 * UTC_SECOND},
        {.id = "h", .substance = "H", .cls = CLASS_TPD, .technique = TECH_PUSH, .start = AT(9, 0), .stop = AT(8, 0)},
    };
    struct charge_sheet s = made(ev, 8, &facility, a);
    assert_true(asks(&s, QUERY_TIE, "a"));
    assert_true(asks(&s, QUERY_ACCESS, "b") || asks(&s, QUERY_ACCESS, "a"));
    assert_true(asks(&s, QUERY_MISSING_STOP, "c"));
    assert_true(asks(&s, QUERY_MISSING_START, "d"));
    assert_true(asks(&s, QUERY_TIMES, "e"));
    assert_true(asks(&s, QUERY_CODER, "f"));
    assert_true(asks(&s, QUERY_TIMES, "g"));
    assert_true(asks(&s, QUERY_TIMES, "h"));
    assert_int_equal(s.traces[3].fate, FATE_HELD);
    assert_int_equal(s.traces[4].fate, FATE_HELD);
    assert_int_equal(s.traces[5].fate, FATE_HELD);
    assert_int_equal(s.traces[6].fate, FATE_HELD);
    assert_int_equal(s.traces[7].fate, FATE_LINE); /* a push needs no duration */
    assert_false(asks(&s, QUERY_PRIMARY, ""));
    s = made(ev, 8, &office, a);
    assert_true(asks(&s, QUERY_PRIMARY, ""));
    ev[1].primary = true;
    s = made(ev, 8, &office, a);
    assert_false(asks(&s, QUERY_PRIMARY, ""));
    assert_false(asks(&s, QUERY_TIE, "b"));
    assert_string_equal(s.lines[0].events[0], "b");
    arena_free(a);
}

static void test_seconds(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct charge_policy p = charge_policy_default();
    struct charge_event ev = {.id = "a", .substance = "A", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(9, 0), .stop = AT(9, 16) - 1};
    assert_int_equal(made(&ev, 1, &p, a).lines[0].role, ROLE_TPD_PUSH_INIT);
    ev.stop = AT(9, 16);
    assert_int_equal(made(&ev, 1, &p, a).lines[0].role, ROLE_TPD_INF_INIT);
    ev.pause_min = 1;
    assert_int_equal(made(&ev, 1, &p, a).lines[0].role, ROLE_TPD_PUSH_INIT);
    arena_free(a);
}

/* The site's clock decides the date: 23:30 in New York is the next day in UTC. */
static void test_zone(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct zone *z;
    struct err e = {0};
    if (!utc_zone_read(a, "America/New_York", &z, &e))
        skip(); /* a machine without zone files */
    struct charge_policy p = charge_policy_default();
    utc_t start = utc_from_local(z, 2026, 3, 7, 23, 30);
    struct charge_event ev = {.id = "a", .substance = "A", .cls = CLASS_TPD, .technique = TECH_INF, .start = start, .stop = start + 5 * UTC_HOUR};
    struct charge_timeline t = {&ev, 1, z};
    struct charge_sheet s;
    assert_true(charge_admin(&t, &p, a, &s, &e));
    assert_string_equal(s.lines[0].date, "2026-03-07");
    assert_int_equal(s.lines[0].minutes + s.lines[1].minutes, 300); /* the night the clock springs: still five hours */
    p.split_midnight = 1;
    assert_true(charge_admin(&t, &p, a, &s, &e));
    assert_int_equal(s.line_count, 3);
    assert_int_equal(s.lines[0].minutes, 30);
    assert_string_equal(s.lines[1].date, "2026-03-08");
    assert_int_equal(s.lines[1].minutes + s.lines[2].minutes, 270);
    arena_free(a);
}

static void test_refused(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct charge_policy p = charge_policy_default();
    struct charge_sheet s;
    static struct charge_event many[CHARGE_EVENTS_MAX + 1];
    struct charge_event twice[] = {
        {.id = "a", .substance = "A", .cls = CLASS_TPD, .technique = TECH_PUSH, .start = AT(9, 0), .stop = UTC_NONE},
        {.id = "a", .substance = "B", .cls = CLASS_TPD, .technique = TECH_PUSH, .start = AT(9, 0), .stop = UTC_NONE}};
    struct charge_event nameless = {.substance = "A", .start = AT(9, 0), .stop = UTC_NONE};
    struct charge_event long_one = {.id = "a", .substance = "A", .start = AT(9, 0), .stop = AT(9, 0) + 61 * UTC_DAY};
    struct charge_event no_drug = {.id = "a", .start = AT(9, 0), .stop = UTC_NONE};
    const struct { struct charge_timeline t; enum err_kind kind; const char *where; } rows[] = {
        {{many, CHARGE_EVENTS_MAX + 1, NULL}, ERR_TOO_LARGE, "events"}, {{twice, 2, NULL}, ERR_INPUT, "a"},
        {{&nameless, 1, NULL}, ERR_INPUT, "events"}, {{&long_one, 1, NULL}, ERR_TOO_LARGE, "a"}, {{&no_drug, 1, NULL}, ERR_INPUT, "a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err e = {0};
        assert_false(charge_admin(&rows[i].t, &p, a, &s, &e));
        assert_int_equal(e.kind, rows[i].kind);
        assert_string_equal(e.where, rows[i].where);
    }
    struct err e = {0};
    assert_true(charge_admin(&(struct charge_timeline){NULL, 0, NULL}, &p, a, &s, &e));
    assert_int_equal(s.line_count, 0);
    arena_free(a);
}

/* ---- properties ------------------------------------------------------------------------------------------------------------ */

enum { EVENTS = 12 };

static void random_events(struct charge_event *ev, char ids[EVENTS][8], struct span *pauses, int n, uint64_t *seed)
{
    static const char *const drugs[] = {"A", "B", "C", "D"};
    static const char *const places[] = {NULL, "left", "right"};
    static const char *const visits[] = {"1", "2"};
    for (int i = 0; i < n; i++) {
        uint64_t r = next_random(seed);
        utc_t start = DAY0 + (int64_t)(next_random(seed) % 2000) * UTC_MINUTE;
        snprintf(ids[i], 8, "e%d", i);
        int drug = (int)(r % 4);
        ev[i] = (struct charge_event){.id = ids[i], .substance = drugs[drug], .start = start, .stop = UTC_NONE};
        ev[i].technique = (enum charge_technique)((r >> 8) % 3 ? (r >> 8) % 2 : (r >> 10) % (TECH_REFILL + 1));
        ev[i].cls = (r >> 16) % 4 == 0 ? CLASS_HYD : drug < 2 ? CLASS_TPD : drug == 2 ? CLASS_CHEMO : (enum charge_class)((r >> 20) % (CLASS_NONE + 1));
        ev[i].access = places[(r >> 24) % 3];
        ev[i].encounter = visits[(r >> 28) % 2];
        ev[i].primary = (r >> 32) % 5 == 0;
        if ((r >> 36) % 8)
            ev[i].stop = start + (int64_t)(next_random(seed) % 400) * UTC_MINUTE - ((r >> 40) % 30 == 0 ? UTC_HOUR : 0);
        if ((r >> 44) % 10 == 0)
            ev[i].excluded = "kvo";
        pauses[i].from = start + (int64_t)(next_random(seed) % 60) * UTC_MINUTE;
        pauses[i].to = pauses[i].from + (int64_t)(next_random(seed) % 60) * UTC_MINUTE;
        ev[i].pauses = &pauses[i];
        ev[i].pause_count = (int)((r >> 48) % 2);
        ev[i].pause_min = (r >> 52) % 6 == 0 ? (int)(r >> 56) % 30 : 0;
    }
}

static struct charge_policy random_policy(uint64_t *seed)
{
    struct charge_policy p = charge_policy_default();
    uint64_t r = next_random(seed);
    p.setting = r & 1;
    p.conc_rule = r >> 1 & 1;
    p.same_infusion = r >> 2 & 1;
    p.missing_stop = r >> 3 & 1;
    p.second_site_justified = r >> 4 & 1;
    p.split_midnight = r >> 5 & 1;
    p.second_modifier = SECOND_X;
    return p;
}

static const char *sheet_text(const struct charge_sheet *s, const struct charge_event *ev, struct arena *a)
{
    const char *out = "";
    for (int i = 0; i < s->line_count; i++) {
        const struct sheet_line *l = &s->lines[i];
        out = arena_printf(a, "%s%s x%d %s %s %d %s [", out, charge_roles[l->role].name, l->units,
            l->modifier_count ? l->modifiers[0] : "", l->date, l->minutes, l->sentence);
        for (int k = 0; k < l->event_count; k++)
            out = arena_printf(a, "%s %s", out, l->events[k]);
        out = arena_printf(a, "%s ]\n", out);
    }
    for (int id = 0; id < EVENTS; id++) /* traces by id: they stand in the order given */
        for (int i = 0; i < s->trace_count; i++)
            if (atoi(ev[i].id + 1) == id)
                out = arena_printf(a, "%s%s %d %s\n", out, s->traces[i].event, (int)s->traces[i].fate, s->traces[i].text);
    for (int i = 0; i < s->query_count; i++)
        out = arena_printf(a, "%s? %s %s\n", out, s->queries[i].event, s->queries[i].text);
    return out;
}

static void shuffle(struct charge_event *ev, int n, uint64_t *seed)
{
    for (int i = n - 1; i > 0; i--) {
        int k = (int)(next_random(seed) % (uint64_t)(i + 1));
        struct charge_event t = ev[i];
        ev[i] = ev[k];
        ev[k] = t;
    }
}

static int64_t net_minutes(const struct charge_event *ev, struct arena *a)
{
    if (ev->stop == UTC_NONE || ev->stop <= ev->start)
        return 0;
    struct span whole = {ev->start, ev->stop};
    int64_t m = span_minutes(spans_total(spans_minus(a, spans_make(a, &whole, 1), spans_make(a, ev->pauses, ev->pause_count)))) - ev->pause_min;
    return m > 0 ? m : 0;
}

/* No line uses more minutes than its events have, and all lines together no more than all events. */
static void check_minutes(const struct charge_sheet *s, const struct charge_event *ev, int n, struct arena *a)
{
    int64_t lines = 0, events = 0;
    for (int i = 0; i < n; i++)
        events += net_minutes(&ev[i], a);
    for (int i = 0; i < s->line_count; i++) {
        int64_t own = 0;
        for (int k = 0; k < s->lines[i].event_count; k++)
            for (int j = 0; j < n; j++)
                if (strcmp(ev[j].id, s->lines[i].events[k]) == 0)
                    own += net_minutes(&ev[j], a);
        assert_true(s->lines[i].minutes >= 0);
        assert_true(s->lines[i].minutes <= own);
        lines += s->lines[i].minutes;
    }
    assert_true(lines <= events);
}

/* At most one initial service an encounter, date and access; every event says what became of it. */
static void check_rules(const struct charge_sheet *s, const struct charge_policy *p, int n)
{
    for (int i = 0; i < s->line_count; i++) {
        const struct sheet_line *x = &s->lines[i];
        assert_true(x->units >= 1 && x->event_count >= 1 && x->sentence && x->date);
        for (int k = 0; k < i; k++) {
            const struct sheet_line *y = &s->lines[k];
            if (charge_roles[x->role].kind != ROLE_INITIAL || charge_roles[y->role].kind != ROLE_INITIAL)
                continue;
            bool same = strcmp(x->encounter, y->encounter) == 0 && strcmp(x->access, y->access) == 0 &&
                (!p->split_midnight || strcmp(x->date, y->date) == 0);
            assert_false(same);
            if (strcmp(x->date, y->date) == 0)
                assert_int_equal(x->modifier_count, 1);
        }
        if (x->role == ROLE_TPD_PUSH_SAME)
            assert_int_equal(p->setting, SETTING_FACILITY);
    }
    assert_int_equal(s->trace_count, n);
    for (int i = 0; i < n; i++)
        assert_true(s->traces[i].text && s->traces[i].text[0]);
}

static void test_properties(void **state)
{
    (void)state;
    uint64_t seed = 20260309;
    struct arena *a = arena_new();
    struct charge_event ev[EVENTS];
    struct span pauses[EVENTS];
    char ids[EVENTS][8];
    int lines = 0;
    for (int round = 0; round < 4000; round++) {
        int n = 1 + (int)(next_random(&seed) % EVENTS);
        random_events(ev, ids, pauses, n, &seed);
        struct charge_policy p = random_policy(&seed);
        struct charge_sheet s = made(ev, n, &p, a);
        const char *first = sheet_text(&s, ev, a);
        check_minutes(&s, ev, n, a);
        check_rules(&s, &p, n);
        lines += s.line_count;
        for (int again = 0; again < 3; again++) {
            shuffle(ev, n, &seed);
            s = made(ev, n, &p, a);
            assert_string_equal(sheet_text(&s, ev, a), first);
        }
        arena_reset(a);
    }
    assert_true(lines > 4000); /* the timelines are not empty ones */
    arena_free(a);
}

/* More time never makes fewer units of one infusion, and every step is where the reference puts it. */
static void test_steps(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct charge_policy p = charge_policy_default();
    struct charge_event ev = {.id = "a", .substance = "A", .cls = CLASS_TPD, .technique = TECH_INF, .start = AT(0, 0)};
    int before = 0;
    for (int t = 16; t <= 1000; t++) {
        ev.stop = ev.start + t * UTC_MINUTE;
        struct charge_sheet s = made(&ev, 1, &p, a);
        int add = s.line_count > 1 ? s.lines[1].units : 0;
        assert_int_equal(s.lines[0].role, ROLE_TPD_INF_INIT);
        assert_int_equal(add > before, t >= 91 && (t - 91) % 60 == 0);
        assert_int_equal(s.lines[0].minutes + (add ? s.lines[1].minutes : 0), t);
        before = add;
        arena_reset(a);
    }
    arena_free(a);
}

static void test_claim(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct charge_policy p = charge_policy_default();
    struct charge_event ev[] = {
        {.id = "a", .substance = "A", .cls = CLASS_CHEMO, .technique = TECH_INF, .start = AT(8, 0), .stop = AT(10, 0)},
        {.id = "b", .substance = "B", .cls = CLASS_CHEMO, .technique = TECH_INF, .start = AT(10, 5), .stop = AT(12, 5)},
    };
    struct charge_sheet s = made(ev, 2, &p, a);
    struct sheet_line *claim;
    assert_int_equal(s.line_count, 4);
    int n = charge_admin_claim(&s, a, &claim);
    assert_int_equal(n, 3);
    for (int i = 0; i < n; i++)
        if (claim[i].role == ROLE_CHEMO_INF_ADD) {
            assert_int_equal(claim[i].units, 2);
            assert_int_equal(claim[i].minutes, 120);
            assert_int_equal(claim[i].event_count, 2);
        }
    assert_int_equal(s.lines[1].units, 1); /* the sheet itself is as it was */
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences), cmocka_unit_test(test_queries), cmocka_unit_test(test_seconds), cmocka_unit_test(test_zone),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_properties), cmocka_unit_test(test_steps), cmocka_unit_test(test_claim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
