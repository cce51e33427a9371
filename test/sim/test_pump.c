#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/pump.h"

enum { LOG_MAX = 400 };

/* A pump with everything it noted and every stretch that flowed. */
struct bench {
    struct pump p;
    struct pump_note log[LOG_MAX];
    int count;
    struct pump_stretch flowed[LOG_MAX];
    int stretches;
};

static const utc_t morning = INT64_C(1780560000000000);

static void on_stretch(void *ctx, const struct pump_stretch *s)
{
    struct bench *b = ctx;
    assert_true(b->stretches < LOG_MAX);
    b->flowed[b->stretches++] = *s;
}

static void take(struct bench *b)
{
    for (int i = 0; i < b->p.notes && b->count < LOG_MAX; i++)
        if (b->p.note[i].kind != PUMP_NOTE_REPORT)
            b->log[b->count++] = b->p.note[i];
    b->p.notes = 0;
}

static struct bench *set_up(struct pump_options o)
{
    static struct bench b;
    memset(&b, 0, sizeof b);
    pump_init(&b.p, &o, 7, morning);
    b.p.on_stretch = on_stretch;
    b.p.ctx = &b;
    return &b;
}

static void to(struct bench *b, int64_t us)
{
    while (!pump_advance(&b->p, morning + us))
        take(b);
    take(b);
}

static bool press(struct bench *b, enum pump_key key, int64_t rate, int64_t vtbi)
{
    struct err e = {0};
    bool ok = pump_press(&b->p, &(struct pump_press){key, rate, vtbi, "Iron"}, &e);
    assert_true(ok == (e.kind == ERR_NONE));
    take(b);
    return ok;
}

/* "S:delivering" and the like, in order, events only. */
static void same_events(const struct bench *b, const char *want)
{
    static const char *const what[] = {"start", "stop", "complete", "cleared"};
    static const char *const how[] = {"delivering", "not", "transitioning", "kvo"};
    char got[2000] = "";
    for (int i = 0; i < b->count; i++)
        if (b->log[i].kind == PUMP_NOTE_EVENT) {
            strcat(strcat(strcat(got, what[b->log[i].what]), ":"), how[b->log[i].v.delivery]);
            strcat(got, " ");
        }
    assert_string_equal(got, want);
}

/* The rules of the event grammar that hold always. */
static void lawful(const struct bench *b)
{
    int64_t segments = 0, total = 0;
    utc_t at = 0;
    for (int i = 0; i < b->count; i++) {
        const struct pump_values *v = &b->log[i].v;
        assert_true(v->at >= at);
        at = v->at;
        assert_int_equal(v->infusing, v->flow_ul_h > 0);
        if (b->log[i].kind != PUMP_NOTE_EVENT)
            continue;
        assert_true(v->total_ul >= total);
        total = v->total_ul;
        if (v->delivery == PUMP_NOT_DELIVERING)
            assert_true(v->flow_ul_h == 0 && v->why != PUMP_WHY_NONE);
        else
            assert_true(v->flow_ul_h > 0);
        if (b->log[i].what == PUMP_START)
            assert_int_equal(v->segment_ul, 0);
        else
            segments += v->segment_ul;
    }
    assert_int_equal(segments, total);
}

static int64_t truth(const struct bench *b, bool kvo)
{
    int64_t ul = 0;
    for (int i = 0; i < b->stretches; i++)
        ul += b->flowed[i].kvo == kvo ? b->flowed[i].ul : 0;
    return ul;
}

static void whole_infusion(void **state)
{
    (void)state;
    struct bench *b = set_up((struct pump_options){0});
    to(b, UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_PROGRAM, 84000, 21000));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    to(b, UTC_HOUR);
    same_events(b, "start:delivering complete:transitioning start:kvo ");
    /* 21 mL at 84 mL/h: 15 minutes to the microsecond, whatever the steps of time were. */
    const struct pump_note *done = NULL;
    for (int i = 0; i < b->count; i++)
        if (b->log[i].kind == PUMP_NOTE_EVENT && b->log[i].what == PUMP_COMPLETE)
            done = &b->log[i];
    assert_int_equal(done->v.at - morning, 16 * UTC_MINUTE);
    assert_int_equal(done->v.total_ul, 21000);
    assert_int_equal(done->v.segment_ul, 21000);
    assert_int_equal(done->v.flow_ul_h, 84000);
    assert_true(press(b, PUMP_KEY_STOP, 0, 0));
    same_events(b, "start:delivering complete:transitioning start:kvo stop:not ");
    lawful(b);
    assert_int_equal(truth(b, false), 21000);
    assert_int_equal(truth(b, true), 2200); /* 44 minutes at 3 mL/h */
    assert_int_equal(pump_true_ul(b->p.kvo), 2200);
    struct pump_values v;
    pump_values(&b->p, &v);
    assert_int_equal(v.total_ul, 23200);
    assert_int_equal(v.left_ul, 0);
    assert_string_equal(pump_state_text(b->p.state), "paused");
    assert_true(press(b, PUMP_KEY_CLEAR, 0, 0));
    assert_string_equal(pump_state_text(b->p.state), "ready");
}

static void titrate_and_pause(void **state)
{
    (void)state;
    struct bench *b = set_up((struct pump_options){.step_ul = 1});
    assert_true(press(b, PUMP_KEY_PROGRAM, 30000, 300000));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    to(b, 20 * UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_RATE, 60000, 0));
    to(b, 40 * UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_PAUSE, 0, 0));
    assert_false(press(b, PUMP_KEY_PAUSE, 0, 0));
    to(b, 50 * UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_RATE, 90000, 0));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    to(b, 60 * UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_STOP, 0, 0));
    same_events(b, "start:delivering stop:transitioning start:delivering stop:not start:delivering stop:not ");
    lawful(b);
    assert_int_equal(b->log[1].v.flow_ul_h, 30000); /* the stop carries the old rate */
    assert_int_equal(b->log[2].v.flow_ul_h, 60000);
    assert_int_equal(b->log[1].v.at, b->log[2].v.at);
    assert_int_equal(b->log[3].v.why, PUMP_WHY_CLINICIAN);
    assert_int_equal(truth(b, false), 10000 + 20000 + 15000);
    assert_int_equal(b->stretches, 3);
}

static void occlusion(void **state)
{
    (void)state;
    struct bench *b = set_up((struct pump_options){0});
    assert_true(press(b, PUMP_KEY_PROGRAM, 60000, 100000));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    to(b, 5 * UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_OCCLUDE, 0, 0));
    to(b, 9 * UTC_MINUTE);
    assert_string_equal(pump_state_text(b->p.state), "alarm");
    assert_false(press(b, PUMP_KEY_CLEAR, 0, 0));
    assert_true(press(b, PUMP_KEY_SILENCE, 0, 0));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    to(b, 10 * UTC_MINUTE);
    assert_true(press(b, PUMP_KEY_STOP, 0, 0));
    same_events(b, "start:delivering stop:not start:delivering stop:not ");
    lawful(b);
    const char *phases[3];
    int n = 0, first = 0;
    for (int i = 0; i < b->count; i++)
        if (b->log[i].kind == PUMP_NOTE_ALARM && n < 3) {
            assert_int_equal(b->log[i].trouble, PUMP_OCCLUDED);
            first = n == 0 ? b->log[i].alarm : first;
            assert_int_equal(b->log[i].alarm_first, first);
            phases[n++] = b->log[i].phase;
        }
    assert_int_equal(n, 3);
    assert_string_equal(phases[0], "start");
    assert_string_equal(phases[1], "update");
    assert_string_equal(phases[2], "end");
    assert_int_equal(b->log[1].v.why, PUMP_WHY_ALARM);
    assert_int_equal(truth(b, false), 6000);
}

static void near_end_and_battery(void **state)
{
    (void)state;
    struct bench *b = set_up((struct pump_options){.kvo_ul_h = -1, .battery_min = 60});
    assert_true(press(b, PUMP_KEY_PROGRAM, 60000, 30000));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    assert_true(press(b, PUMP_KEY_UNPLUG, 0, 0));
    to(b, 90 * UTC_MINUTE);
    same_events(b, "start:delivering complete:not ");
    lawful(b);
    static const struct { enum pump_trouble t; const char *phase; int minute; } want[] = {
        {PUMP_NEAR_END, "start", 20}, {PUMP_NEAR_END, "end", 30}, {PUMP_LINE_END, "start", 30},
        {PUMP_BATTERY_LOW, "start", 48}, {PUMP_BATTERY_EMPTY, "start", 60},
    };
    int n = 0;
    for (int i = 0; i < b->count; i++)
        if (b->log[i].kind == PUMP_NOTE_ALARM) {
            assert_true(n < 5);
            assert_int_equal(b->log[i].trouble, want[n].t);
            assert_string_equal(b->log[i].phase, want[n].phase);
            assert_int_equal((b->log[i].v.at - morning) / UTC_MINUTE, want[n].minute);
            n++;
        }
    assert_int_equal(n, 5);
    assert_int_equal(b->p.state, PUMP_OFF);
    assert_false(press(b, PUMP_KEY_START, 0, 0));
    assert_false(press(b, PUMP_KEY_ON, 0, 0)); /* empty */
    assert_true(press(b, PUMP_KEY_PLUG, 0, 0));
    assert_true(press(b, PUMP_KEY_ON, 0, 0));
    assert_int_equal(b->p.state, PUMP_IDLE);
    struct pump_values v;
    pump_values(&b->p, &v);
    assert_int_equal(v.total_ul, 30000); /* counters outlive the program */
}

static void refusals(void **state)
{
    (void)state;
    struct bench *b = set_up((struct pump_options){0});
    assert_false(press(b, PUMP_KEY_START, 0, 0));
    assert_false(press(b, PUMP_KEY_RATE, 50000, 0));
    assert_false(press(b, PUMP_KEY_PROGRAM, 99, 50000));
    assert_false(press(b, PUMP_KEY_PROGRAM, 1200001, 50000));
    assert_false(press(b, PUMP_KEY_PROGRAM, 50000, 0));
    assert_false(press(b, PUMP_KEY_PROGRAM, 50000, 10000000));
    assert_false(press(b, PUMP_KEY_SILENCE, 0, 0));
    assert_true(press(b, PUMP_KEY_PROGRAM, 50000, 1000));
    assert_true(press(b, PUMP_KEY_START, 0, 0));
    assert_false(press(b, PUMP_KEY_START, 0, 0));
    assert_false(press(b, PUMP_KEY_PROGRAM, 50000, 1000));
    assert_false(press(b, PUMP_KEY_CLEAR, 0, 0));
    assert_false(press(b, PUMP_KEY_OFF, 0, 0));
    assert_false(press(b, PUMP_KEY_ZERO, 0, 0));
    to(b, UTC_HOUR); /* complete: keep-vein-open */
    assert_false(press(b, PUMP_KEY_RATE, 60000, 0));
    assert_true(press(b, PUMP_KEY_STOP, 0, 0));
    assert_false(press(b, PUMP_KEY_START, 0, 0)); /* nothing left */
    assert_true(press(b, PUMP_KEY_ZERO, 0, 0));
    struct pump_values v;
    pump_values(&b->p, &v);
    assert_int_equal(v.total_ul, 0);
}

/* Whatever is pressed whenever, in steps of any size: the laws hold and the volumes add up. */
static void any_hands(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct bench *b = set_up((struct pump_options){.random_occlusion = true, .random_battery = true, .step_ul = seed % 2 ? 100 : 7});
        struct rng r;
        int64_t at = 0;
        rng_init(&r, seed, 1);
        for (int i = 0; i < 120 && b->count < LOG_MAX - 40; i++) {
            at += rng_range(&r, 0, 20 * 60) * UTC_SECOND / 3 + rng_range(&r, 0, 999);
            to(b, at);
            enum pump_key key = (enum pump_key)rng_below(&r, PUMP_KEY_ON + 1);
            if (key == PUMP_KEY_ZERO)
                continue;
            if (rng_chance(&r, 300))
                key = b->p.programmed ? PUMP_KEY_START : PUMP_KEY_PROGRAM;
            (void)press(b, key, rng_range(&r, 100, 900000), rng_range(&r, 100, 400000));
        }
        press(b, PUMP_KEY_STOP, 0, 0);
        lawful(b);
        int64_t total = pump_true_ul(b->p.total);
        struct pump_values v;
        pump_values(&b->p, &v);
        if (truth(b, false) + truth(b, true) != total)
            fail_msg("seed %d: %lld flowed, %lld written", (int)seed, (long long)total, (long long)(truth(b, false) + truth(b, true)));
        assert_true(v.total_ul <= total && total - v.total_ul < b->p.o.step_ul);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_infusion), cmocka_unit_test(titrate_and_pause), cmocka_unit_test(occlusion),
        cmocka_unit_test(near_end_and_battery), cmocka_unit_test(refusals), cmocka_unit_test(any_hands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
