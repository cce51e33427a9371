/* bench-mllp: pumps' telemetry over MLLP, each connection with one message outstanding, waiting for its acknowledgement.
 *
 * usage: bench-mllp --port P --message FILE --clock CLOCK [--connections N] [--seconds S] [--rounds R] [--sync DIR]
 * --sync: before each round and after the last, fdatasync of one 4 kB page in DIR is counted for a second, so that both
 * figures are of the same minutes. A connection speaks for one pump, VB0001…. Prints one line of name=value.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "serve/now.h"

enum { CONNECTIONS_MAX = 1000, MESSAGE_MAX = 16 * 1024, ANSWER_MAX = 16 * 1024, SAMPLES_MAX = 4000000, PAGE = 4096, SYNC_PAGES = 1000 };

struct connection {
    int fd;
    char *out, *id, *stamps[4]; /* the framed message and the places in it that change */
    int stamp_count;
    size_t out_len, sent;
    char in[ANSWER_MAX];
    size_t in_len;
    utc_t asked;

};

struct load {
    struct arena *a;
    struct connection *c;
    struct pollfd *fds;
    int connections, port;
    unsigned n;          /* messages so far: one gateway, one counter */
    struct clock clock;
    char stamp[32];      /* care time now, as HL7 */
    utc_t stamp_at;
    int64_t done, bad;
    int32_t *took;       /* us */
    int64_t samples;
};

static void stop(const char *why)
{
    fprintf(stderr, "bench-mllp: %s: %s\n", why, errno ? strerror(errno) : "gave up");
    exit(1);
}

/* ---- the disk -------------------------------------------------------------------------------------------------------- */

/* One page at a time over a file that is already there, as a log that is written over. */
static double syncs_a_second(const char *dir)
{
    char path[4096];
    static char page[PAGE];
    snprintf(path, sizeof path, "%s/bench.sync", dir);
    int fd = open(path, O_CREAT | O_RDWR | O_TRUNC, 0600);
    if (fd < 0)
        stop(path);
    for (int i = 0; i < SYNC_PAGES; i++)
        if (write(fd, page, PAGE) != PAGE)
            stop(path);
    if (fsync(fd))
        stop(path);
    utc_t began = now_steady(), now = began;
    int n = 0;
    for (; now - began < UTC_SECOND; n++, now = now_steady()) {
        memset(page, n, PAGE);
        if (pwrite(fd, page, PAGE, (off_t)(n % SYNC_PAGES) * PAGE) != PAGE || fdatasync(fd))
            stop(path);
    }
    close(fd);
    unlink(path);
    return n * 1e6 / (double)(now - began);
}

/* ---- messages -------------------------------------------------------------------------------------------------------- */

static void fill_in(char *text, const char *token, const char *value)
{
    size_t n = strlen(token);
    if (strlen(value) != n) {
        errno = 0;
        stop(token);
    }
    for (char *p = text; (p = strstr(p, token)); p += n)
        memcpy(p, value, n);
}

static void message_make(struct load *l, struct connection *c, int index, const char *text)
{
    static const char stamp[] = "@OBSERVED-AT-TIME-@", id[] = "@CONTROL-ID@";
    c->out = arena_printf(l->a, "\x0b%s\x1c\r", text);
    c->out_len = strlen(c->out);
    fill_in(c->out, "@PUMP@", arena_printf(l->a, "VB%04d", index + 1));
    for (char *p = c->out; (p = strstr(p, stamp)) && c->stamp_count < 4; p += sizeof stamp - 1)
        c->stamps[c->stamp_count++] = p;
    c->id = strstr(c->out, id);
    if (!c->id) {
        errno = 0;
        stop("the message has no @CONTROL-ID@");
    }
}

static void message_next(struct load *l, struct connection *c, utc_t now)
{
    char id[32];
    if (now - l->stamp_at > UTC_SECOND / 2) {
        char day[UTC_TEXT_MAX];
        utc_t care = clock_care(&l->clock, now_real());
        struct civil v = utc_civil(care, NULL);
        snprintf(day, sizeof day, "%04d%02d%02d%02d%02d%02d+0000", v.year, v.month, v.day, v.hour, v.minute, v.second);
        snprintf(l->stamp, sizeof l->stamp, "%.19s", day);
        l->stamp_at = now;
    }
    for (int i = 0; i < c->stamp_count; i++)
        memcpy(c->stamps[i], l->stamp, 19);
    snprintf(id, sizeof id, "%012u", ++l->n);
    memcpy(c->id, id, 12);
    c->sent = c->in_len = 0;
    c->asked = now;
}

static void send_more(struct connection *c)
{
    while (c->sent < c->out_len) {
        ssize_t n = send(c->fd, c->out + c->sent, c->out_len - c->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0)
            stop("send");
        c->sent += (size_t)n;
    }
}

/* True: the answer is whole, and it is the acknowledgement of this message. */
static bool answered(struct load *l, struct connection *c)
{
    ssize_t n = recv(c->fd, c->in + c->in_len, sizeof c->in - c->in_len - 1, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return false;
    if (n <= 0)
        stop("the server closed the connection");
    c->in_len += (size_t)n;
    c->in[c->in_len] = 0;
    if (c->in_len < 3 || c->in[c->in_len - 1] != '\r' || c->in[c->in_len - 2] != '\x1c')
        return false;
    const char *msa = strstr(c->in, "MSA|");
    bool good = msa && (memcmp(msa + 4, "CA|", 3) == 0 || memcmp(msa + 4, "AA|", 3) == 0) && memcmp(msa + 7, c->id, 12) == 0;
    if (!good && l->bad++ == 0)
        fprintf(stderr, "bench-mllp: not acknowledged: %.400s\n", c->in + 1);
    return true;
}

/* ---- a round --------------------------------------------------------------------------------------------------------- */

static void open_all(struct load *l)
{
    int on = 1;
    for (int i = 0; i < l->connections; i++) {
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
        l->c[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(l->c[i].fd, (struct sockaddr *)&at, sizeof at))
            stop("connect");
        setsockopt(l->c[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        l->fds[i] = (struct pollfd){.fd = l->c[i].fd};
    }
}

static double run(struct load *l, utc_t length)
{
    utc_t began = now_steady(), now = began;
    int64_t before = l->done;
    int waiting = l->connections;
    for (int i = 0; i < l->connections; i++) {
        message_next(l, &l->c[i], now);
        send_more(&l->c[i]);
    }
    while (waiting) { /* every message sent is waited for */
        for (int i = 0; i < l->connections; i++)
            l->fds[i].events = (short)(POLLIN | (l->c[i].sent < l->c[i].out_len ? POLLOUT : 0));
        if (poll(l->fds, (nfds_t)l->connections, 10000) <= 0)
            stop("no answer for 10 s");
        for (int i = 0; i < l->connections; i++) {
            struct connection *c = &l->c[i];
            if (l->fds[i].revents & POLLOUT)
                send_more(c);
            if (!(l->fds[i].revents & (POLLIN | POLLHUP | POLLERR)) || !answered(l, c))
                continue;
            now = now_steady();
            l->done++;
            if (l->samples < SAMPLES_MAX)
                l->took[l->samples++] = (int32_t)(now - c->asked);
            if (now - began >= length) {
                waiting--;
                continue;
            }
            message_next(l, c, now);
            send_more(c);
        }
    }
    return (double)(l->done - before) * 1e6 / (double)(now_steady() - began);
}

static int by_value(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static char *read_message(struct arena *a, const char *path)
{
    char *text = arena_alloc(a, MESSAGE_MAX);
    FILE *f = fopen(path, "rb");
    if (!f || !fread(text, 1, MESSAGE_MAX - 1, f))
        stop(path);
    fclose(f);
    return text;
}

int main(int argc, char **argv)
{
    struct load l = {.a = arena_new(), .connections = 64};
    const char *file = NULL, *clock = "real", *dir = NULL;
    int seconds = 3, rounds = 3;
    struct err e = {.kind = ERR_NONE};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--port") == 0) l.port = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--message") == 0) file = argv[i + 1];
        else if (strcmp(argv[i], "--clock") == 0) clock = argv[i + 1];
        else if (strcmp(argv[i], "--connections") == 0) l.connections = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seconds") == 0) seconds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--rounds") == 0) rounds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--sync") == 0) dir = argv[i + 1];
    }
    if (!l.port || !file || l.connections < 1 || l.connections > CONNECTIONS_MAX || !clock_read(clock, now_real(), &l.clock, &e)) {
        fprintf(stderr, "usage: bench-mllp --port P --message FILE --clock CLOCK [--connections N] [--seconds S] [--rounds R] [--sync DIR]\n");
        return 2;
    }
    char *text = read_message(l.a, file);
    l.c = ARENA_ARRAY(l.a, (size_t)l.connections, struct connection);
    l.fds = ARENA_ARRAY(l.a, (size_t)l.connections, struct pollfd);
    l.took = ARENA_ARRAY(l.a, SAMPLES_MAX, int32_t);
    for (int i = 0; i < l.connections; i++)
        message_make(&l, &l.c[i], i, text);
    l.n = (unsigned)(now_real() / UTC_SECOND % 400) * 10000000; /* another run, other ids: none is a resend */
    open_all(&l);
    run(&l, UTC_SECOND); /* warm: caches, statements, the first event of each pump */
    l.done = l.samples = 0;
    double total = 0, syncs = dir ? syncs_a_second(dir) : 0;
    for (int r = 0; r < rounds; r++) {
        total += run(&l, seconds * UTC_SECOND);
        syncs += dir ? syncs_a_second(dir) : 0;
    }
    qsort(l.took, (size_t)l.samples, sizeof *l.took, by_value);
    printf("per_s=%.0f messages=%lld bad=%lld p50_us=%d p99_us=%d sync_per_s=%.0f bytes=%zu\n", total / rounds, (long long)l.done, (long long)l.bad,
           l.took[l.samples / 2], l.took[l.samples * 99 / 100], syncs / (rounds + 1), strlen(text));
    arena_free(l.a);
    return l.bad ? 1 : 0;
}
