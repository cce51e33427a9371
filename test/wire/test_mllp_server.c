#include "wire_test.h"

#include "wire/mllp_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* A server in its own thread. on_message answers at once ("now …"), or keeps the message for the test to answer. */
enum { KEPT_MAX = 256 };
struct site {
    struct mllp_server *server;
    pthread_t thread;
    pthread_mutex_t lock;
    struct mllp_from kept[KEPT_MAX];
    int kept_count;
    bool keep;
};

static void on_message(void *ctx, const struct mllp_in *in)
{
    struct site *s = ctx;
    char answer[96];
    pthread_mutex_lock(&s->lock);
    if (s->keep && s->kept_count < KEPT_MAX)
        s->kept[s->kept_count++] = in->from;
    bool keep = s->keep;
    pthread_mutex_unlock(&s->lock);
    if (keep)
        return;
    snprintf(answer, sizeof answer, "%s%.*s", in->too_large ? "too large " : "got ", (int)(in->len > 20 ? 20 : in->len), in->msg);
    mllp_reply(s->server, in->from, answer, strlen(answer));
}

static void *run(void *p)
{
    mllp_server_run(((struct site *)p)->server);
    return NULL;
}

static void start(struct site *s, struct mllp_server_config c, bool keep)
{
    struct err e = {0};
    *s = (struct site){.keep = keep, .lock = PTHREAD_MUTEX_INITIALIZER};
    c.host = "127.0.0.1";
    c.port = "0";
    c.on_message = on_message;
    c.ctx = s;
    s->server = mllp_server_new(&c, &e);
    if (!s->server)
        fail_msg("%s", e.text);
    pthread_create(&s->thread, NULL, run, s);
}

static void stop(struct site *s)
{
    mllp_server_stop(s->server);
    pthread_join(s->thread, NULL);
    mllp_server_free(s->server);
}

static int dial(struct site *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)mllp_server_port(s->server))};
    struct timeval limit = {5, 0};
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void say(int fd, const char *bytes)
{
    assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), (ssize_t)strlen(bytes));
}

/* Reads until `n` end bytes came, or the peer closed; frames' marks as [ and ]. */
static char *hear(int fd, int n, char *out, size_t max)
{
    size_t len = 0;
    while (n > 0 && len + 1 < max) {
        char c;
        if (recv(fd, &c, 1, 0) <= 0)
            break;
        if (c == 0x0d)
            continue;
        n -= c == 0x1c;
        out[len++] = c == 0x0b ? '[' : c == 0x1c ? ']' : c;
    }
    out[len] = 0;
    return out;
}

static bool closed(int fd)
{
    char c = 0x0d; /* the second byte of the last end mark may still be there */
    ssize_t n = 1;
    while (n == 1 && c == 0x0d)
        n = recv(fd, &c, 1, 0);
    return n == 0 || (n < 0 && errno == ECONNRESET);
}

static int kept(struct site *s, int want)
{
    int n = 0;
    for (int i = 0; i < 400 && n < want; i++) {
        pthread_mutex_lock(&s->lock);
        n = s->kept_count;
        pthread_mutex_unlock(&s->lock);
        if (n < want)
            usleep(5000);
    }
    return n;
}

static void answers(void **state)
{
    (void)state;
    struct site s;
    char out[512];
    start(&s, (struct mllp_server_config){0}, false);
    int a = dial(&s), b = dial(&s);
    say(a, "noise\x0b" "one\x1c\r\x0b" "two\x1c\r\x0b" "th");
    say(b, "\x0b" "other\x1c");
    assert_string_equal(hear(b, 1, out, sizeof out), "[got other]");
    assert_string_equal(hear(a, 2, out, sizeof out), "[got one][got two]");
    say(a, "ree\x1c\r");
    assert_string_equal(hear(a, 1, out, sizeof out), "[got three]");
    shutdown(a, SHUT_WR);
    assert_true(closed(a));
    close(a);
    close(b);
    stop(&s);
}

static void order_is_kept(void **state)
{
    (void)state;
    struct site s;
    char out[512];
    start(&s, (struct mllp_server_config){0}, true);
    int fd = dial(&s);
    say(fd, "\x0b" "1\x1c\r\x0b" "2\x1c\r\x0b" "3\x1c\r\x0b" "4\x1c\r");
    assert_int_equal(kept(&s, 4), 4);
    shutdown(fd, SHUT_WR); /* a client that closes its half still gets its answers */
    mllp_reply(s.server, s.kept[3], "d", 1);
    mllp_reply(s.server, s.kept[1], "b", 1);
    mllp_reply(s.server, s.kept[1], "again", 5);
    mllp_reply(s.server, (struct mllp_from){s.kept[0].conn + (1u << 16), 1}, "stranger", 8);
    mllp_reply(s.server, (struct mllp_from){s.kept[0].conn, 99}, "future", 6);
    mllp_reply(s.server, s.kept[2], NULL, 0); /* wants no answer */
    mllp_reply(s.server, s.kept[0], "a", 1);
    assert_string_equal(hear(fd, 3, out, sizeof out), "[a][b][d]");
    assert_true(closed(fd));
    mllp_reply(s.server, s.kept[0], "late", 4);
    close(fd);
    stop(&s);
}

static void a_flood_waits(void **state)
{
    (void)state;
    struct site s;
    start(&s, (struct mllp_server_config){0}, true);
    int fd = dial(&s);
    struct buf b;
    buf_init(&b, 65536);
    for (int i = 0; i < 100; i++)
        buf_puts(&b, "\x0b" "m\x1c\r");
    say(fd, b.data);
    assert_int_equal(kept(&s, MLLP_PENDING_MAX), MLLP_PENDING_MAX);
    usleep(100000);
    assert_int_equal(kept(&s, MLLP_PENDING_MAX), MLLP_PENDING_MAX); /* not one more until an answer is given */
    for (int i = 0; i < 100; i++) {
        assert_true(kept(&s, i + 1) > i);
        mllp_reply(s.server, s.kept[i], "ok", 2);
    }
    char out[2048];
    assert_int_equal(strlen(hear(fd, 100, out, sizeof out)), 400);
    buf_fini(&b);
    close(fd);
    stop(&s);
}

static void limits(void **state)
{
    (void)state;
    struct site s;
    char out[512];
    start(&s, (struct mllp_server_config){.message_max = 4096, .conns_max = 2}, false);
    int a = dial(&s), b = dial(&s);
    struct buf big;
    buf_init(&big, 65536);
    buf_puts(&big, "\x0bMSH");
    while (big.len < 6000)
        buf_addc(&big, 'x');
    buf_puts(&big, "\x1c\r\x0b" "small\x1c\r");
    say(a, big.data);
    assert_string_equal(hear(a, 2, out, sizeof out), "[too large MSHxxxxxxxxxxxxxxxxx][got small]");
    say(b, "\x0b" "x\x1c\r");
    assert_string_equal(hear(b, 1, out, sizeof out), "[got x]");
    int c = dial(&s);
    assert_true(closed(c)); /* one more than allowed */
    close(a);
    struct mllp_stats st = mllp_server_stats(s.server);
    assert_int_equal(st.refused, 1);
    assert_int_equal(st.too_large, 1);
    close(b);
    close(c);
    buf_fini(&big);
    stop(&s);
}

static void slow_and_idle(void **state)
{
    (void)state;
    struct site s;
    char out[64];
    start(&s, (struct mllp_server_config){.frame_seconds = 1, .idle_seconds = 2}, false);
    int half = dial(&s), idle = dial(&s), good = dial(&s);
    say(half, "\x0bMSH|never ends");
    assert_true(closed(half));
    for (int i = 0; i < 12; i++) {
        say(good, "\x0b" "x\x1c\r");
        hear(good, 1, out, sizeof out);
        usleep(100000);
    }
    assert_true(closed(idle));
    say(good, "\x0b" "y\x1c\r");
    assert_string_equal(hear(good, 1, out, sizeof out), "[got y]");
    struct mllp_stats st = mllp_server_stats(s.server);
    assert_int_equal(st.closed_slow, 1);
    assert_int_equal(st.closed_idle, 1);
    assert_int_equal(st.open, 1);
    close(half);
    close(idle);
    close(good);
    stop(&s);
}

/* A client that never reads its answers: reading from it stops, and it is dropped. */
static void deaf(void **state)
{
    (void)state;
    struct site s;
    start(&s, (struct mllp_server_config){.frame_seconds = 1}, false);
    int fd = dial(&s), small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    struct timeval limit = {3, 0};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_puts(&b, "\x0b" "message\x1c\r");
    bool dropped = false;
    for (int i = 0; i < 2000 && !dropped; i++)
        dropped = send(fd, b.data, b.len, MSG_NOSIGNAL) < (ssize_t)b.len;
    assert_true(dropped);
    for (int i = 0; i < 60 && mllp_server_stats(s.server).closed_slow == 0; i++)
        usleep(100000);
    assert_int_equal(mllp_server_stats(s.server).closed_slow, 1);
    buf_fini(&b);
    close(fd);
    stop(&s);
}

static void cannot_listen_twice(void **state)
{
    (void)state;
    struct site s;
    char port[8];
    struct err e = {0};
    start(&s, (struct mllp_server_config){0}, false);
    snprintf(port, sizeof port, "%d", mllp_server_port(s.server));
    assert_null(mllp_server_new(&(struct mllp_server_config){.host = "127.0.0.1", .port = port, .on_message = on_message}, &e));
    assert_string_equal(e.where, "mllp");
    assert_non_null(strstr(e.text, port));
    stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers), cmocka_unit_test(order_is_kept), cmocka_unit_test(a_flood_waits), cmocka_unit_test(limits),
        cmocka_unit_test(slow_and_idle), cmocka_unit_test(deaf), cmocka_unit_test(cannot_listen_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
