/* Limits of patient-controlled analgesia: no window anywhere over its limit, whatever the patient presses. */
#include "clinic/pca.h"

#include <string.h>

#include "test/base/harness.h"

static const utc_t start = INT64_C(1795219200) * 1000000;

/* Morphine 1 mg, 10 minutes, 30 mg in 4 hours (UpToDate 101248, excerpt). */
static struct pca_order morphine(void)
{
    return (struct pca_order){dec_int(1), 10, dec_int(0), dec_int(5), dec_int(12), true};
}

static void most_of_an_order(void **s)
{
    (void)s;
    struct pca_order o = morphine();
    struct pca_most m;
    struct err e = {0};
    assert_true(pca_order_check(&o, &m, &e));
    assert_true(dec_eq(m.by_lockout_1h, dec_int(6)) && dec_eq(m.most_1h, dec_int(5)) && dec_eq(m.most_4h, dec_int(12)) && m.limited);
    o = (struct pca_order){dec_int(1), 8, DEC(5, 1), dec_int(10), dec_int(40), false};
    assert_true(pca_order_check(&o, &m, &e));
    assert_true(dec_eq(m.by_lockout_1h, DEC(75, 1)) && dec_eq(m.most_4h, dec_int(32)) && !m.limited);
}

static void refuses(void **s)
{
    (void)s;
    static const struct { const char *dose, *basal, *h1, *h4; int lockout; bool naive; const char *where; } rows[] = {
        {"0", "0", "5", "12", 10, true, "dose"}, {"-1", "0", "5", "12", 10, true, "dose"}, {"1", "-1", "5", "12", 10, true, "basal"},
        {"1", "0.5", "5", "12", 10, true, "basal"}, {"1", "0", "0", "12", 10, true, "limit_1h"}, {"1", "0", "5", "0", 10, true, "limit_4h"},
        {"1", "0", "5", "21", 10, true, "limit_4h"}, {"1", "0", "5", "12", 0, true, "lockout"}, {"1", "0", "5", "12", 1000, true, "lockout"},
        {"6", "0", "5", "12", 10, true, "limit_1h"}, {"1", "3", "5", "12", 10, false, "limit_1h"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pca_order o = {dec_lit(rows[i].dose), rows[i].lockout, dec_lit(rows[i].basal), dec_lit(rows[i].h1), dec_lit(rows[i].h4),
            rows[i].naive};
        struct pca_most m;
        struct pca_answer a;
        struct err e = {0};
        assert_false(pca_order_check(&o, &m, &e));
        assert_string_equal(e.where, rows[i].where);
        e = (struct err){0};
        assert_false(pca_demand(&o, NULL, 0, start, &a, &e));
    }
    const struct pca_order o = morphine();
    const struct pca_given later[] = {{start + 1, dec_int(1)}}, back[] = {{start, dec_int(1)}, {start - 1, dec_int(1)}}, minus[] = {{start, dec_int(-1)}};
    struct pca_answer a;
    struct err e = {0};
    assert_false(pca_demand(&o, later, 1, start, &a, &e) || pca_demand(&o, back, 2, start, &a, &e) || pca_demand(&o, minus, 1, start, &a, &e));
}

/* At the limits to the microsecond. */
static void window_edges(void **s)
{
    (void)s;
    const struct pca_order o = morphine();
    struct pca_given g[20];
    struct pca_answer a;
    struct err e = {0};
    for (int i = 0; i < 5; i++)
        g[i] = (struct pca_given){start + i * 10 * UTC_MINUTE, dec_int(1)};
    assert_true(pca_demand(&o, g, 1, start + 10 * UTC_MINUTE - 1, &a, &e) && a.reason == PCA_LOCKED && a.next == start + 10 * UTC_MINUTE);
    assert_true(pca_demand(&o, g, 1, start + 10 * UTC_MINUTE, &a, &e) && a.reason == PCA_GIVE);
    assert_true(pca_demand(&o, g, 5, start + 50 * UTC_MINUTE, &a, &e) && a.reason == PCA_HOUR_FULL && a.next == start + UTC_HOUR);
    assert_true(dec_eq(a.in_1h, dec_int(5)));
    assert_true(pca_demand(&o, g, 5, start + UTC_HOUR - 1, &a, &e) && a.reason == PCA_HOUR_FULL);
    assert_true(pca_demand(&o, g, 5, start + UTC_HOUR, &a, &e) && a.reason == PCA_GIVE); /* the first has left the window */
    for (int i = 0; i < 12; i++)
        g[i] = (struct pca_given){start + i * 15 * UTC_MINUTE, dec_int(1)};
    assert_true(pca_demand(&o, g, 12, start + 200 * UTC_MINUTE, &a, &e) && a.reason == PCA_FOUR_HOURS_FULL && a.next == start + 4 * UTC_HOUR);
    const struct pca_given bolus[] = {{start, dec_int(4)}, {start + UTC_MINUTE, dec_int(1)}}; /* a clinician's bolus counts */
    assert_true(pca_demand(&o, bolus, 2, start + 30 * UTC_MINUTE, &a, &e) && a.reason == PCA_HOUR_FULL);
}

/* Patients who press at random for a day: after every accepted dose no window of one or four hours is over its limit, no
 * two doses are nearer than the lockout, and `next` is the first moment that is free. */
static void no_window_over_its_limit(void **s)
{
    (void)s;
    uint64_t seed = 29;
    int pressed = 0;
    for (int run = 0; run < 60; run++) {
        struct pca_order o = {DEC((int64_t)(next_random(&seed) % 20) + 5, 1), (int)(next_random(&seed) % 12) + 4, dec_int(0), DEC_NONE, DEC_NONE, false};
        if (run % 2)
            o.basal = DEC((int64_t)(next_random(&seed) % 10), 1);
        o.limit_1h = dec_add(o.basal, dec_mul(o.dose, dec_int((int64_t)(next_random(&seed) % 5) + 2)));
        o.limit_4h = dec_mul(o.limit_1h, DEC((int64_t)(next_random(&seed) % 20) + 20, 1));
        struct pca_given g[800];
        struct pca_most most;
        struct err e = {0};
        int n = 0;
        if (!pca_order_check(&o, &most, &e))
            continue;
        for (utc_t now = start; now < start + UTC_DAY && n < 800; now += (utc_t)(next_random(&seed) % 900 + 1) * UTC_SECOND) {
            struct pca_answer a, then;
            assert_true(pca_demand(&o, g, n, now, &a, &e));
            if (a.reason == PCA_GIVE) {
                assert_true(a.next == now && (n == 0 || now - g[n - 1].at >= o.lockout_min * UTC_MINUTE));
                g[n++] = (struct pca_given){now, o.dose};
                continue;
            }
            assert_true(a.next > now && pca_demand(&o, g, n, a.next, &then, &e) && then.reason == PCA_GIVE);
            assert_true(pca_demand(&o, g, n, a.next - 1, &then, &e) && then.reason != PCA_GIVE);
        }
        for (int i = 0; i < n; i++)
            for (int hours = 1; hours <= 4; hours += 3) { /* the windows that begin at each dose are the fullest */
                struct dec sum = dec_mul(o.basal, dec_int(hours));
                for (int k = i; k < n && g[k].at < g[i].at + hours * UTC_HOUR; k++)
                    sum = dec_add(sum, g[k].amount);
                assert_true(dec_le(sum, hours == 1 ? o.limit_1h : o.limit_4h));
            }
        pressed += n;
    }
    assert_true(pressed > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(most_of_an_order), cmocka_unit_test(refuses), cmocka_unit_test(window_edges),
        cmocka_unit_test(no_window_over_its_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
