/* Client and desk against a server of canned answers: what is sent again, with which key; what is overridden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "sim/desk.h"

enum { ASKED_MAX = 16, REQUEST_MAX = 4096 };

/* One connection a request; the answers in turn; what was asked is kept. */
struct canned {
    const char *const *answers; /* "STATUS BODY" */
    int count, listener, port;
    pthread_t thread;
    char asked[ASKED_MAX][REQUEST_MAX];
    int asked_count;
};

static void take(struct canned *c, int fd, const char *answer)
{
    char *in = c->asked[c->asked_count++], out[2048];
    size_t n = 0;
    for (;;) {
        ssize_t got = recv(fd, in + n, REQUEST_MAX - 1 - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        in[n] = 0;
        const char *head = strstr(in, "\r\n\r\n"), *length = strcasestr(in, "content-length:");
        if (head && (!length || strlen(head + 4) >= (size_t)atoi(length + 15)))
            break;
    }
    const char *body = strchr(answer, ' ') + 1;
    snprintf(out, sizeof out,
             "HTTP/1.1 %.3s x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
             answer, strlen(body), body);
    assert_int_equal(send(fd, out, strlen(out), MSG_NOSIGNAL), (ssize_t)strlen(out));
}

static void *serve(void *arg)
{
    struct canned *c = arg;
    for (int i = 0; i < c->count; i++) {
        int fd = accept(c->listener, NULL, NULL);
        if (fd < 0)
            break;
        take(c, fd, c->answers[i]);
        close(fd);
    }
    return NULL;
}

static void start(struct canned *c, struct desk *k, const char *const *answers, int count)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    char url[64];
    struct err e = {0};
    *c = (struct canned){.answers = answers, .count = count, .listener = socket(AF_INET, SOCK_STREAM, 0)};
    assert_int_equal(bind(c->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(c->listener, 16), 0);
    assert_int_equal(getsockname(c->listener, (struct sockaddr *)&at, &len), 0);
    assert_int_equal(pthread_create(&c->thread, NULL, serve, c), 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(at.sin_port));
    memset(k, 0, sizeof *k);
    assert_true(http_init(&k->http, url, "test", &e));
    assert_true(desk_open(k, "nurse", "noor", "secret", &e));
    static const struct clock real = {0, 0, 1000};
    k->clock = &real;
    desk_round(k, UTC_HOUR);
}

static void finish(struct canned *c, struct desk *k)
{
    assert_int_equal(pthread_join(c->thread, NULL), 0);
    assert_int_equal(c->asked_count, c->count);
    close(c->listener);
    desk_close(k);
}

static const char *key_of(const char *request, char out[96])
{
    const char *at = strcasestr(request, "idempotency-key: ");
    assert_non_null(at);
    snprintf(out, 96, "%.*s", (int)strcspn(at + 17, "\r"), at + 17);
    return out;
}

#define SIGNED_IN "200 {}", "200 {\"id\":\"1-staff-7-X\",\"csrf\":\"tok\",\"name\":\"Noor\"}"

static void test_busy_is_asked_again_with_the_same_key(void **state)
{
    (void)state;
    static const char *const answers[] = {SIGNED_IN, "503 {}", "503 {}", "200 {\"id\":\"made\"}", "200 {}"};
    struct canned c;
    struct desk k;
    struct node *answer = NULL;
    char a[96], b[96];
    start(&c, &k, answers, 6);
    assert_true(desk_do(&k, "visit.arrive", "{\"visit\":\"v\"}", NULL, &answer));
    assert_string_equal(node_str_at(answer, "id"), "made");
    assert_true(desk_do(&k, "visit.arrive", "{\"visit\":\"w\"}", NULL, NULL));
    finish(&c, &k);
    assert_string_equal(key_of(c.asked[2], a), key_of(c.asked[4], b));
    assert_string_not_equal(a, key_of(c.asked[5], b));
    assert_non_null(strstr(c.asked[2], "X-CSRF-Token: tok"));
    assert_non_null(strstr(c.asked[2], "{\"input\":{\"visit\":\"v\"}}"));
}

static void test_an_ended_session_is_opened_once_more(void **state)
{
    (void)state;
    static const char *const answers[] = {SIGNED_IN, "401 {}", SIGNED_IN, "200 {}"};
    struct canned c;
    struct desk k;
    char a[96], b[96];
    start(&c, &k, answers, 6);
    assert_true(desk_do(&k, "visit.arrive", "{\"visit\":\"v\"}", NULL, NULL));
    finish(&c, &k);
    assert_non_null(strstr(c.asked[3], "POST /api/login"));
    assert_string_equal(key_of(c.asked[2], a), key_of(c.asked[5], b));
}

#define REFUSED(severity, who)                                                                                         \
    "422 {\"detail\":\"no\",\"refusals\":[{\"rule\":\"r1\",\"severity\":\"" severity                                   \
    "\",\"says\":\"x\",\"facts_hash\":\"f1\",\"who\":\"" who "\"}]}"

static void test_only_a_rule_that_wants_a_reason_is_overridden(void **state)
{
    (void)state;
    static const char *const answers[] = {SIGNED_IN, REFUSED("needs a reason", "nurse prescriber"), "200 {}",
        REFUSED("hard stop", "nurse"), REFUSED("needs a reason", "pharmacist"), REFUSED("needs a reason", "nurse")};
    struct canned c;
    struct desk k;
    start(&c, &k, answers, 7);
    assert_true(desk_do(&k, "a.one", "{}", "seen", NULL));
    assert_false(desk_do(&k, "a.two", "{}", "seen", NULL));
    assert_false(desk_do(&k, "a.three", "{}", "seen", NULL));
    assert_false(desk_do(&k, "a.four", "{}", NULL, NULL)); /* no reason to give */
    assert_false(desk_do(&k, "a.two", "{}", "seen", NULL)); /* remembered: not asked again now */
    finish(&c, &k);
    assert_non_null(strstr(c.asked[3], "\"override\":[{\"rule\":\"r1\",\"facts\":\"f1\",\"reason\":\"seen\"}]"));
    assert_int_equal(k.refused, 3);
    assert_int_equal(k.overridden, 1);
    assert_int_equal(k.done, 1);
}

static void test_a_refusal_is_asked_again_later_and_ever_later(void **state)
{
    (void)state;
    static const char *const answers[] = {SIGNED_IN, "409 {\"detail\":\"not yet\"}", "409 {\"detail\":\"not yet\"}",
                                          "200 {}"};
    struct canned c;
    struct desk k;
    start(&c, &k, answers, 5);
    assert_false(desk_do(&k, "visit.ok", "{}", NULL, NULL));
    desk_round(&k, UTC_HOUR + UTC_MINUTE);
    assert_false(desk_do(&k, "visit.ok", "{}", NULL, NULL)); /* 2 minutes: not asked */
    desk_round(&k, UTC_HOUR + 3 * UTC_MINUTE);
    assert_false(desk_do(&k, "visit.ok", "{}", NULL, NULL)); /* asked, refused */
    desk_round(&k, UTC_HOUR + 6 * UTC_MINUTE);
    assert_false(desk_do(&k, "visit.ok", "{}", NULL, NULL)); /* 4 minutes: not asked */
    desk_round(&k, UTC_HOUR + 8 * UTC_MINUTE);
    assert_true(desk_do(&k, "visit.ok", "{}", NULL, NULL));
    finish(&c, &k);
}

static void test_input_is_written_as_json(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(desk_input(a, "name", "a \"b\"", "#n", "1.50", "none", NULL, NULL),
                        "{\"name\":\"a \\\"b\\\"\",\"n\":1.50}");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_busy_is_asked_again_with_the_same_key),
                                       cmocka_unit_test(test_an_ended_session_is_opened_once_more),
                                       cmocka_unit_test(test_only_a_rule_that_wants_a_reason_is_overridden),
                                       cmocka_unit_test(test_a_refusal_is_asked_again_later_and_ever_later),
                                       cmocka_unit_test(test_input_is_written_as_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
