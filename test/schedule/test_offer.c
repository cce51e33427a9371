/* Offers: whatever is booked before, an offer is feasible, and no sequence of booking, moving and cancelling by offers
 * ever seats two in one chair or gives a nurse more than the shift allows. */
#include "schedule/offer.h"

#include "../base/harness.h"

#include <stdio.h>
#include <string.h>

enum { CHAIRS = 3, NURSES = 2, PATIENTS_AT_ONCE = 2, VISITS = 40, DAYS = 3 };
#define MORNING (INT64_C(1773057600) * UTC_SECOND) /* 2026-03-09 12:00 UTC */

static struct arena *arena;
static struct schedule_chair chairs[CHAIRS] = {{"A1", "A", false}, {"A2", "A", true}, {"B1", "B", false}};
static struct schedule_nurse nurses[NURSES * DAYS];
static struct schedule_day days[DAYS];

struct visit {
    bool booked;
    int setup, drug, observe;
    struct schedule_offer at;
};

static int set_up(void **state)
{
    static const char *const dates[] = {"2026-03-09", "2026-03-10", "2026-03-11"};
    (void)state;
    arena = arena_new();
    for (int d = 0; d < DAYS; d++) {
        utc_t opens = MORNING + d * UTC_DAY;
        days[d] = (struct schedule_day){dates[d], opens, opens + 8 * UTC_HOUR, d};
        nurses[d * NURSES] = (struct schedule_nurse){"n1", "Noor", "A", opens, opens + 8 * UTC_HOUR, PATIENTS_AT_ONCE};
        nurses[d * NURSES + 1] =
            (struct schedule_nurse){"n2", "Peter", "B", opens + 2 * UTC_HOUR, opens + 8 * UTC_HOUR, PATIENTS_AT_ONCE};
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct schedule_problem problem(
    const struct visit *v, int n, const struct visit *mine, struct schedule_busy *busy)
{
    struct schedule_problem p = {.chairs = chairs,
        .chair_count = CHAIRS,
        .nurses = nurses,
        .nurse_count = NURSES * DAYS,
        .busy = busy,
        .days = days,
        .day_count = DAYS,
        .not_before = MORNING + UTC_HOUR,
        .setup_min = mine->setup,
        .drug_min = mine->drug,
        .observe_min = mine->observe};
    for (int i = 0; i < n; i++)
        if (v[i].booked && &v[i] != mine)
            busy[p.busy_count++] = (struct schedule_busy){
                v[i].at.chair, v[i].at.nurse, v[i].at.start, v[i].at.end, v[i].at.start + v[i].setup * UTC_MINUTE};
    return p;
}

/* Counted minute by minute, by another way than the room's own. */
static void must_hold(const struct visit *v, int n)
{
    for (int d = 0; d < DAYS; d++)
        for (utc_t t = days[d].opens; t < days[d].closes; t += UTC_MINUTE)
            for (int i = 0; i < n; i++) {
                int in_chair = 0, of_nurse = 0, setting_up = 0;
                if (!v[i].booked || v[i].at.start > t || v[i].at.end <= t)
                    continue;
                for (int k = 0; k < n; k++) {
                    if (!v[k].booked || v[k].at.start > t || v[k].at.end <= t)
                        continue;
                    in_chair += strcmp(v[k].at.chair, v[i].at.chair) == 0;
                    of_nurse += strcmp(v[k].at.nurse, v[i].at.nurse) == 0;
                    setting_up +=
                        strcmp(v[k].at.nurse, v[i].at.nurse) == 0 && t < v[k].at.start + v[k].setup * UTC_MINUTE;
                }
                if (in_chair != 1 || of_nurse > PATIENTS_AT_ONCE || setting_up > 1)
                    fail_msg("day %d: %d in chair %s, %d patients of %s, %d set-ups at once", d, in_chair,
                        v[i].at.chair, of_nurse, v[i].at.nurse, setting_up);
            }
}

static void test_random_days(void **state)
{
    uint64_t seed = 20260309;
    (void)state;
    int offered = 0, full = 0;
    for (int round = 0; round < 40; round++) {
        struct visit v[VISITS] = {0};
        struct schedule_busy busy[VISITS];
        arena_reset(arena);
        for (int i = 0; i < VISITS; i++)
            v[i] = (struct visit){.setup = 15 + 5 * (int)(next_random(&seed) % 4),
                .drug = 15 * (int)(1 + next_random(&seed) % 12),
                .observe = 30};
        for (int step = 0; step < 140; step++) {
            struct visit *x = &v[next_random(&seed) % VISITS];
            struct schedule_offer out[SCHEDULE_OFFERS_MAX];
            struct err e = {0};
            const char *why;
            int n, max = (int)(1 + next_random(&seed) % SCHEDULE_OFFERS_MAX);
            if (x->booked && next_random(&seed) % 5 == 0) {
                x->booked = false;
                continue;
            }
            struct schedule_problem p = problem(v, VISITS, x, busy);
            assert_true(schedule_offers(arena, &p, max, out, &n, &why, &e));
            assert_true(n <= max && (n == 0) == (why != NULL));
            for (int i = 0; i < n; i++) {
                assert_int_equal(schedule_fits(arena, &p, &out[i], NULL, &why), SCHEDULE_FREE);
                assert_true(out[i].start >= p.not_before
                    && out[i].end - out[i].start == (x->setup + x->drug + x->observe) * UTC_MINUTE);
                assert_true(out[i].says && strstr(out[i].says, out[i].chair));
                bool inside = false;
                for (int d = 0; d < DAYS; d++)
                    inside |= out[i].start >= days[d].opens && out[i].end <= days[d].closes;
                assert_true(inside);
            }
            offered += n;
            full += n == 0;
            if (n) {
                x->at = out[next_random(&seed) % (uint64_t)n];
                x->booked = true;
            }
        }
        must_hold(v, VISITS);
    }
    assert_true(offered > 1000 && full > 100); /* the days did fill up */
}

/* A nurse of last time and a calm hour are worth a little; the due day is worth more. */
static void test_order(void **state)
{
    struct visit one = {.setup = 15, .drug = 30, .observe = 30};
    struct schedule_busy busy[1];
    struct schedule_problem p = problem(NULL, 0, &one, busy);
    struct schedule_offer out[SCHEDULE_OFFERS_MAX];
    struct err e = {0};
    const char *why;
    int n;
    (void)state;
    p.nurse_before = "n2";
    assert_true(schedule_offers(arena, &p, 5, out, &n, &why, &e));
    assert_int_equal(n, 5);
    assert_true(out[0].start < days[0].closes);
    assert_string_equal(out[0].nurse, "n2");
    assert_true(strstr(out[0].says, "on the due day; Peter again, as last time") != NULL);
    assert_string_equal(out[0].chair, "B1"); /* in the nurse's pod, and no bed for who can sit */
}

/* Which resource binds. */
static void test_full(void **state)
{
    struct schedule_busy busy[8];
    struct visit one = {.setup = 15, .drug = 30, .observe = 30};
    struct schedule_offer out[SCHEDULE_OFFERS_MAX];
    struct err e = {0};
    const char *why;
    int n;
    (void)state;
    struct schedule_problem p = problem(NULL, 0, &one, busy);
    p.day_count = 1;
    for (int c = 0; c < CHAIRS; c++)
        busy[c] = (struct schedule_busy){chairs[c].id, "n9", days[0].opens, days[0].closes, days[0].opens};
    p.busy_count = CHAIRS;
    assert_true(schedule_offers(arena, &p, 3, out, &n, &why, &e));
    assert_int_equal(n, 0);
    assert_string_equal(why, "every chair is taken");
    for (int i = 0; i < 4; i++)
        busy[i] =
            (struct schedule_busy){"elsewhere", i % 2 ? "n1" : "n2", days[0].opens, days[0].closes, days[0].opens};
    p.busy_count = 4;
    assert_true(schedule_offers(arena, &p, 3, out, &n, &why, &e));
    assert_int_equal(n, 0);
    assert_string_equal(why, "no nurse has room");
    p.not_before = days[0].closes;
    assert_true(schedule_offers(arena, &p, 3, out, &n, &why, &e));
    assert_string_equal(why, "the window is over for today");
    /* the chairs are taken in the morning, the nurses in the afternoon */
    utc_t noon = days[0].opens + 4 * UTC_HOUR;
    for (int c = 0; c < CHAIRS; c++)
        busy[c] = (struct schedule_busy){chairs[c].id, "n9", days[0].opens, noon, days[0].opens};
    for (int i = 0; i < 4; i++)
        busy[CHAIRS + i] = (struct schedule_busy){"elsewhere", i % 2 ? "n1" : "n2", noon, days[0].closes, noon};
    p.busy_count = CHAIRS + 4;
    p.not_before = days[0].opens;
    assert_true(schedule_offers(arena, &p, 3, out, &n, &why, &e));
    assert_int_equal(n, 0);
    assert_non_null(strstr(why, "every chair is taken at the others"));
}

static void test_fits(void **state)
{
    struct schedule_busy busy[3] = {{"A1", "n1", MORNING, MORNING + UTC_HOUR, MORNING + 15 * UTC_MINUTE},
        {"A2", "n1", MORNING + 15 * UTC_MINUTE, MORNING + UTC_HOUR, MORNING + 30 * UTC_MINUTE}};
    struct visit one = {.setup = 15, .drug = 15, .observe = 0};
    struct schedule_problem p = problem(NULL, 0, &one, busy);
    const char *why;
    (void)state;
    p.busy_count = 2;
    const struct {
        const char *chair, *nurse;
        int from_min;
        enum schedule_bind bind;
    } cases[] = {
        {"A1", "n1", 0, SCHEDULE_CHAIR},
        {"A1", "n1", 59, SCHEDULE_CHAIR},
        {"A1", "n1", 60, SCHEDULE_FREE},
        {"B1", "n2", 0, SCHEDULE_SHIFT},
        {"B1", "n2", 120, SCHEDULE_FREE},
        {"B1", "n1", 20, SCHEDULE_SETUP},
        {"B1", "n1", 30, SCHEDULE_FULL},
        {"B1", "n1", 60, SCHEDULE_FREE},
        {"B1", "n1", 451, SCHEDULE_SHIFT},
        {"B1", "n9", 60, SCHEDULE_SHIFT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        utc_t start = MORNING + cases[i].from_min * UTC_MINUTE;
        struct schedule_offer o = {start, start + 30 * UTC_MINUTE, cases[i].chair, cases[i].nurse, NULL};
        enum schedule_bind bind = schedule_fits(arena, &p, &o, NULL, &why);
        if (bind != cases[i].bind || (bind == SCHEDULE_FREE) != (why == NULL))
            fail_msg("case %d: %d, not %d", (int)i, bind, cases[i].bind);
    }
}

static void test_limits(void **state)
{
    struct visit one = {.setup = 15, .drug = 30, .observe = 30};
    struct schedule_busy busy[1];
    struct schedule_problem p = problem(NULL, 0, &one, busy);
    struct schedule_offer out[SCHEDULE_OFFERS_MAX];
    const char *why;
    int n;
    (void)state;
    const struct {
        int count, drug, days, busy;
        enum err_kind kind;
        const char *where;
    } cases[] = {
        {0, 30, DAYS, 0, ERR_INPUT, "count"},
        {SCHEDULE_OFFERS_MAX + 1, 30, DAYS, 0, ERR_INPUT, "count"},
        {3, 481 - 45, DAYS, 0, ERR_INPUT, "visit"},
        {3, 30, 0, 0, ERR_INPUT, "visit"},
        {3, 30, SCHEDULE_DAYS_MAX + 1, 0, ERR_TOO_LARGE, "visit"},
        {3, 30, DAYS, SCHEDULE_BUSY_MAX + 1, ERR_TOO_LARGE, "visit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = {0};
        p.drug_min = cases[i].drug;
        p.day_count = cases[i].days;
        p.busy_count = cases[i].busy;
        assert_false(schedule_offers(arena, &p, cases[i].count, out, &n, &why, &e));
        assert_int_equal(e.kind, cases[i].kind);
        assert_string_equal(e.where, cases[i].where);
    }
    struct err e = {0};
    p.drug_min = 480 - 45, p.day_count = DAYS, p.busy_count = 0;
    assert_true(
        schedule_offers(arena, &p, SCHEDULE_OFFERS_MAX, out, &n, &why, &e)); /* a visit that takes the whole day */
    assert_int_equal(n, DAYS - 1); /* today's opening has passed */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {T(test_random_days), T(test_order), T(test_full), T(test_fits), T(test_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
