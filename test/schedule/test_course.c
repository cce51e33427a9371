/* Courses: what the search plans the judge accepts at the same cost; the same seed and rounds give the same plan; what
 * cannot be is named. */
#include "schedule/check.h"
#include "schedule/course_search.h"

#include <string.h>

#include "made.h"

enum { TEXT_MAX = 1 << 20 };

static void read_made(struct arena *a, struct buf *text, struct course_problem *p)
{
    struct err e = {0};
    if (!course_read(a, buf_str(text), text->len, p, &e))
        fail_msg("%s: %s", e.where, e.text);
}

static void judge(struct arena *a, const struct course_problem *p, const struct buf *text, const struct course_plan *plan,
    const struct course_cost *said)
{
    struct err e = {0};
    struct buf b;
    struct check_course sum;
    struct course_cost own = course_cost(a, p, plan);
    buf_init(&b, TEXT_MAX);
    course_write(p, plan, &b);
    bool ok = check_course(a, buf_str(text), buf_str(&b), &sum, &e);
    buf_fini(&b);
    if (!ok)
        fail_msg("%s: %s", e.where, e.text);
    assert_int_equal(sum.cost, said->cost);
    assert_int_equal(sum.largest, said->largest);
    assert_int_equal(sum.double_booked, said->double_booked);
    assert_int_equal(sum.beyond, said->beyond);
    assert_int_equal(own.cost, said->cost);
}

static void test_judge_accepts(void **state)
{
    static const struct { int courses, nurses; } sizes[] = {{0, 1}, {1, 1}, {12, 1}, {20, 1}, {40, 2}, {70, 3}};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct buf text;
        struct course_problem p;
        struct course_cost cost;
        int over;
        struct arena *a = arena_new();
        buf_init(&text, TEXT_MAX);
        made_courses(i + 1, sizes[i].courses, sizes[i].nurses, &text);
        read_made(a, &text, &p);
        struct course_search *s = course_search_new(a, &p, 3);
        course_search_run(s, 60000);
        const struct course_plan *plan = course_search_best(s, &cost, &over);
        assert_non_null(plan);
        judge(a, &p, &text, plan, &cost);
        assert_true(course_bound(&p) <= cost.cost);
        buf_fini(&text);
        arena_free(a);
    }
}

static void test_same_seed_same_plan(void **state)
{
    struct buf text;
    struct course_problem p;
    struct course_cost one, two;
    int over;
    struct arena *a = arena_new();
    (void)state;
    buf_init(&text, TEXT_MAX);
    made_courses(5, 40, 2, &text);
    read_made(a, &text, &p);
    struct course_search *s = course_search_new(a, &p, 9), *t = course_search_new(a, &p, 9);
    course_search_run(s, 30000);
    course_search_run(t, 12345);
    course_search_run(t, 30000 - 12345);
    const struct course_plan *x = course_search_best(s, &one, &over), *y = course_search_best(t, &two, &over);
    assert_int_equal(one.cost, two.cost);
    assert_memory_equal(x->slot, y->slot, sizeof *x->slot * (size_t)p.visits);
    assert_memory_equal(x->start, y->start, sizeof *x->start * (size_t)p.courses);
    buf_fini(&text);
    arena_free(a);
}

static void test_malformed(void **state)
{
    static const struct { const char *text, *where, *says; } cases[] = {
        {"1 28 40\n", "line 1", "nurses is missing"},
        {"100000 2 3 1\n", "line 1", "has 100000 courses; there may be at most 500"},
        {"1 2 3 1\n4 4\n", "line 2", "the cap of a day is missing"},
        {"1 2 3 1\n4 4 -4\n", "line 2", "the cap of a day is -4; it may be 0 to 9999"},
        {"1 2 3 1\n4 4 4\n012 1 10 1 1 1\n", "line 3", "the pattern must be 2 characters 0 or 1"},
        {"1 2 3 1\n4 4 4\n01 1 40 1 1 1\n", "line 3", "a visit takes 44 slots; a day has 32"},
        {"1 2 3 1\n4 4 4\n01 12 1 2 1 1\n", "line 3", "no start of a visit keeps its nurse out of the lunch slots 12 to 15"},
        {"1 4 3 1\n4 4 4\n0001 1 10 1 1 1\n", "line 3", "the course lasts 4 days; there are 3"},
        {"1 2 3 1\n4 4 4\n01 1 10 1 1\n", "line 3", "third nurse task is missing"},
        {"2 2 3 1\n4 4 4\n01 1 10 1 1 1\n", "line 4", "the pattern must be 2 characters 0 or 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct course_problem p;
        struct arena *a = arena_new();
        assert_false(course_read(a, cases[i].text, strlen(cases[i].text), &p, &e));
        assert_string_equal(e.text, cases[i].says);
        assert_string_equal(e.where, cases[i].where);
        arena_free(a);
    }
}

static void test_overfull(void **state)
{
    static const char text[] = "2 1 1 1\n1\n1 1 10 1 1 1\n1 1 10 1 1 1\n";
    struct err e = {0};
    struct course_problem p;
    struct course_cost cost;
    int over = -1;
    struct arena *a = arena_new();
    (void)state;
    assert_true(course_read(a, text, strlen(text), &p, &e));
    struct course_search *s = course_search_new(a, &p, 1);
    course_search_run(s, 1000);
    assert_null(course_search_best(s, &cost, &over));
    assert_int_equal(over, 0);
    arena_free(a);
}

static void test_judge_refuses(void **state)
{
    static const char two[] = "2 2 3 1\n1 2 2\n10 1 10 1 1 1\n11 1 10 1 1 1\n";
    static const struct { const char *plan, *where; long cost; } cases[] = {
        {"0 5 0\n1 5 0 7 0\n", NULL, 1},
        {"1 5 0\n1 5 0 7 0\n", NULL, 20},      /* the same slots on day 1: 3 double, 3 beyond, 2 visits */
        {"0 5 0\n0 7 0 7 0\n", "day 0", 0},    /* its cap is 1 */
        {"0 1 0\n1 5 0 7 0\n", "day 0, slot 12", 0},
        {"0 20 0\n1 5 0 7 0\n", "day 0, slot 34", 0},
        {"3 5 0\n1 5 0 7 0\n", "course 0", 0},
        {"0 5 1\n1 5 0 7 0\n", "course 0", 0},
        {"0 5 0\n1 5 0 7\n", "course 1", 0},
        {"0 5 0\n1 5 0 7 0 1\n", "solution", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};
        struct check_course sum;
        struct arena *a = arena_new();
        bool ok = check_course(a, two, cases[i].plan, &sum, &e);
        assert_string_equal(ok ? "" : e.where, cases[i].where ? cases[i].where : "");
        if (ok)
            assert_int_equal(sum.cost, cases[i].cost);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judge_accepts),
        cmocka_unit_test(test_same_seed_same_plan),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_overfull),
        cmocka_unit_test(test_judge_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
