/* Live events: many listeners, slow ones and late ones; each hears all it may hear, or is told that it missed something. */
#include "../base/harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve/hub.h"

enum { MANY = 120, EVENTS = 3000, TEXT_MAX = 4 * 1024 * 1024 };

struct ear {
    struct http_stream *stream;
    char *text;
    size_t len;
};

static struct hub *hub;

static int open_hub(void **state)
{
    (void)state;
    hub = hub_start();
    return hub ? 0 : -1;
}

static int close_hub(void **state)
{
    (void)state;
    hub_end_streams(hub);
    hub_free(hub);
    return 0;
}

static struct ear ear_at(const char *patient, uint64_t mark, const char *backlog)
{
    struct err e = {.kind = ERR_NONE};
    const struct hub_listener_config c = {
        .site = 1, .session = "s", .patient = patient, .ends = INT64_MAX, .seq = 7, .mark = mark, .backlog = backlog};
    struct ear l = {.stream = hub_listen(hub, &c, &e), .text = calloc(1, TEXT_MAX)};
    assert_non_null(l.stream);
    return l;
}

static struct ear ear_new(const char *patient)
{
    return ear_at(patient, hub_mark(hub), NULL);
}

static void ear_free(struct ear *l)
{
    l->stream->gone(l->stream);
    free(l->text);
}

/* What there is, in pieces of at most `max` bytes, `times` at most. */
static void hear(struct ear *l, size_t max, int times)
{
    for (int i = 0; i < times; i++) {
        assert_true(l->len + max < TEXT_MAX);
        ssize_t n = l->stream->read(l->stream, l->text + l->len, max);
        assert_true(n >= 0);
        if (!n)
            return;
        l->len += (size_t)n;
    }
}

static void hear_all(struct ear *l)
{
    hear(l, 4096, 1000000);
}

static int times(const struct ear *l, const char *text)
{
    int n = 0;
    for (const char *p = l->text; (p = strstr(p, text)); p += strlen(text))
        n++;
    return n;
}

static void tell(int64_t seq, const char *topic, const char *id, const char *patient)
{
    const struct emitted ev = {.seq = seq, .type = "x", .topic = topic, .subject = id, .patient = patient};
    hub_publish(hub, 1, &ev, 1);
}

static const char *named(char out[32], int n)
{
    snprintf(out, 32, "\"id\":\"Q%d\"", n);
    return out;
}

/* ---- many at once ---------------------------------------------------------------------------------------------------- */

struct reading {
    struct ear ear;
    unsigned dice;
    pthread_t thread;
};

static void *read_on(void *ctx)
{
    struct reading *r = ctx;
    char last[32];
    named(last, EVENTS - 1);
    for (int idle = 0; idle < 5000 && !strstr(r->ear.text, last); idle++) {
        hear(&r->ear, 1 + (size_t)rand_r(&r->dice) % 3000, 1 + rand_r(&r->dice) % 20);
        usleep((unsigned)rand_r(&r->dice) % 3000);
    }
    hear_all(&r->ear);
    return NULL;
}

static void *publish_all(void *ctx)
{
    const int *half = ctx;
    for (int i = *half; i < EVENTS; i += 2) {
        char id[32];
        snprintf(id, sizeof id, "Q%d", i);
        tell(i + 1, "chair", id, NULL);
        if (i % 50 == 0)
            usleep(1000);
    }
    return NULL;
}

static void many_listeners(void **state)
{
    static struct reading r[MANY];
    int halves[2] = {0, 1};
    pthread_t publishers[2];
    (void)state;
    for (int i = 0; i < MANY; i++) {
        r[i] = (struct reading){.ear = ear_new(NULL), .dice = (unsigned)i + 1};
        pthread_create(&r[i].thread, NULL, read_on, &r[i]);
    }
    for (int i = 0; i < 2; i++)
        pthread_create(&publishers[i], NULL, publish_all, &halves[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(publishers[i], NULL);
    for (int i = 0; i < MANY; i++)
        pthread_join(r[i].thread, NULL);
    for (int i = 0; i < MANY; i++) {
        hear_all(&r[i].ear); /* all is published by now */
        for (int k = 0; k < EVENTS; k++) {
            char id[32];
            if (times(&r[i].ear, named(id, k)) != 1)
                fail_msg("listener %d heard event %d %d times", i, k, times(&r[i].ear, id));
        }
        assert_int_equal(times(&r[i].ear, "event: reset"), 0);
        ear_free(&r[i].ear);
    }
}

/* ---- slow ---------------------------------------------------------------------------------------------------------------- */

/* A client that takes a few bytes now and then: its text fills up, the ring passes it by, and it is told so. It is not
 * deaf afterwards. */
static void slow_listener(void **state)
{
    (void)state;
    struct ear l = ear_new(NULL);
    char id[32];
    for (int i = 0; i < 3 * HUB_RING; i++) {
        snprintf(id, sizeof id, "Q%d", i);
        tell(i + 1, "chair", id, NULL);
        if (i % 16 == 0)
            hear(&l, 40, 1);
    }
    hear_all(&l);
    assert_true(times(&l, "event: reset") >= 1);
    for (int i = 0; i < 10; i++) {
        snprintf(id, sizeof id, "Z%d", i);
        tell(90000 + i, "chair", id, NULL);
        hear(&l, 40, 2);
    }
    hear_all(&l);
    assert_int_equal(times(&l, "\"Z9\""), 1);
    /* what is missing was before the reset: after it nothing is */
    const char *reset = strstr(l.text, "event: reset");
    for (const char *more; (more = strstr(reset + 1, "event: reset"));)
        reset = more;
    assert_non_null(strstr(reset, "\"Z0\""));
    ear_free(&l);
}

static void too_much_missed(void **state)
{
    (void)state;
    char *long_backlog = calloc(1, 200 * 1024);
    memset(long_backlog, ':', 150 * 1024);
    struct ear l = ear_at(NULL, hub_mark(hub), long_backlog);
    free(long_backlog);
    tell(100001, "chair", "after", NULL);
    hear_all(&l);
    assert_int_equal(times(&l, "event: hello"), 1);
    assert_int_equal(times(&l, "event: reset"), 1);
    assert_int_equal(times(&l, "\"after\""), 1);
    ear_free(&l);
}

/* Committed after the snapshot was taken and told before the stream was known. */
static void between_snapshot_and_stream(void **state)
{
    (void)state;
    uint64_t mark = hub_mark(hub);
    tell(100002, "chair", "between", NULL);
    struct ear l = ear_at(NULL, mark, NULL);
    hear_all(&l);
    assert_int_equal(times(&l, "\"between\""), 1);
    ear_free(&l);
}

/* ---- said once, but to everyone who may hear -------------------------------------------------------------------------- */

static void said_once(void **state)
{
    (void)state;
    struct ear all = ear_new(NULL), one = ear_new("p1"), other = ear_new("p2");
    tell(100010, "alarm", "a1", "p1");
    tell(100011, "alarm", "a1", NULL); /* the same thing, told without whose it is */
    tell(100012, "alarm", "a1", "p2");
    hear_all(&all);
    hear_all(&one);
    hear_all(&other);
    assert_int_equal(times(&all, "\"topic\":\"alarm\""), 1);
    assert_int_equal(times(&one, "\"topic\":\"alarm\""), 1);
    assert_int_equal(times(&one, "100010"), 4); /* id and seq of the alarm, id and seq of the patient */
    assert_int_equal(times(&other, "\"topic\":\"alarm\""), 1);
    assert_int_equal(times(&other, "100010"), 0);
    ear_free(&all);
    ear_free(&one);
    ear_free(&other);
    /* two long ids that begin alike are two */
    char a[300], b[300];
    memset(a, 'x', sizeof a);
    a[298] = 'a';
    a[299] = 0;
    strcpy(b, a);
    b[298] = 'b';
    struct ear l = ear_new(NULL);
    tell(100013, "alarm", a, NULL);
    tell(100014, "alarm", b, NULL);
    hear_all(&l);
    assert_int_equal(times(&l, "\"topic\":\"alarm\""), 2);
    ear_free(&l);
}

/* ---- pumps that say nothing new --------------------------------------------------------------------------------------- */

static void live_words(void **state)
{
    (void)state;
    struct ear all = ear_new(NULL), own = ear_new("p1"), other = ear_new("p2");
    const struct hub_live w = {.site = 1, .channel = "VB1/A", .infusion = "i1", .patient = "p1"};
    for (int i = 0; i < 200; i++)
        hub_live(hub, &w);
    hear_all(&all);
    hear_all(&own);
    hear_all(&other);
    assert_int_equal(times(&all, "\"live\":true"), 3); /* channel, infusion, patient: once each */
    assert_int_equal(times(&all, "\"id\":\"VB1/A\",\"live\":true"), 1);
    assert_int_equal(times(&own, "\"id\":\"i1\",\"live\":true"), 1);
    assert_int_equal(times(&other, "live"), 0);
    assert_int_equal(times(&all, "id: "), 1); /* the greeting's: such a word is no place to go on from */
    usleep(HUB_LIVE_PACE + HUB_LIVE_SPAN + 300000);
    hear_all(&all);
    assert_int_equal(times(&all, "\"live\":true"), 6); /* the last change is not left out */
    usleep(HUB_LIVE_SPAN + 100000);
    hear_all(&all);
    assert_int_equal(times(&all, "\"live\":true"), 6); /* and said no more than that */
    /* a floor of pumps: bounded */
    for (int i = 0; i < 400; i++) {
        char channel[32];
        snprintf(channel, sizeof channel, "VC%d/A", i);
        const struct hub_live x = {.site = 1, .channel = channel};
        hub_live(hub, &x);
    }
    hear_all(&all);
    assert_true(times(&all, "\"live\":true") <= 6 + 2 * HUB_LIVE_BURST);
    ear_free(&all);
    ear_free(&own);
    ear_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_listeners),
        cmocka_unit_test(slow_listener),
        cmocka_unit_test(too_much_missed),
        cmocka_unit_test(between_snapshot_and_stream),
        cmocka_unit_test(said_once),
        cmocka_unit_test(live_words),
    };
    return cmocka_run_group_tests(tests, open_hub, close_hub);
}
