/* bench-http: what the pages feel, measured over sockets: views, and the time from a command to its live event.
 *
 * usage: bench-http floor --port P --pid PID [--listeners N] [--requests N] [--commands N]
 *          N listeners on /api/events; one client asks for the floor again and again; another sends commands, each
 *          timed from its answer to the moment the last listener has its event; after each the floor is asked for
 *          once more, which must then be made anew. Then the processor time of one made anew, and the server's memory.
 *        bench-http pair --port A --other B --view PATH [--requests N]
 *          the same view of two servers in turn, either first as often; no answer is one made for another asker.
 * Sign-in as the demo's people. Prints one line of name=value; times in microseconds.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "serve/now.h"

enum { ANSWER_MAX = 4 * 1024 * 1024, LISTENERS_MAX = 900, SAMPLES_MAX = 200000, TAIL = 64 * 1024 };

struct client {
    int fd, port;
    char cookie[128], csrf[128];
    char *answer;         /* of the last request, body only */
    size_t length;
};

struct listener {
    int fd;
    size_t left;          /* of the chunk being read; 0: its head comes next */
    bool body;            /* the answer's own head is over */
    char line[256];       /* the head being read */
    size_t line_len;
    char tail[TAIL];      /* the last bytes heard */
    size_t len;
    bool heard;
};

struct samples {
    int64_t us[SAMPLES_MAX];
    int n;
};

static void stop(const char *why)
{
    fprintf(stderr, "bench-http: %s: %s\n", why, errno ? strerror(errno) : "gave up");
    exit(1);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t quantile(struct samples *s, int permille)
{
    qsort(s->us, (size_t)s->n, sizeof *s->us, by_value);
    return s->n ? s->us[(int64_t)(s->n - 1) * permille / 1000] : 0;
}

static void add(struct samples *s, int64_t us)
{
    if (s->n < SAMPLES_MAX)
        s->us[s->n++] = us;
}

/* ---- one client -------------------------------------------------------------------------------------------------------- */

static int dial(int port)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (connect(fd, (struct sockaddr *)&at, sizeof at))
        stop("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void send_all(int fd, const char *text)
{
    for (size_t n = strlen(text); n;) {
        ssize_t k = send(fd, text, n, MSG_NOSIGNAL);
        if (k <= 0)
            stop("send");
        text += k;
        n -= (size_t)k;
    }
}

/* The header's value, up to the end of its line, into out; false if there is none. */
static bool header(const char *head, const char *name, char *out, size_t max)
{
    const char *p = strcasestr(head, name);
    if (!p)
        return false;
    p += strlen(name);
    snprintf(out, max, "%.*s", (int)strcspn(p, "\r\n"), p);
    return true;
}

/* One exchange on a kept connection; the status. */
static int ask(struct client *c, const char *method, const char *path, const char *more, const char *body)
{
    char request[8192], length[32];
    snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, c->cookie,
             more, strlen(body), body);
    send_all(c->fd, request);
    size_t got = 0, want = 0, head = 0;
    while (!head || got < head + want) {
        ssize_t n = recv(c->fd, c->answer + got, ANSWER_MAX - got - 1, 0);
        if (n <= 0)
            stop(path);
        got += (size_t)n;
        c->answer[got] = 0;
        char *end = head ? NULL : strstr(c->answer, "\r\n\r\n");
        if (!end)
            continue;
        head = (size_t)(end - c->answer) + 4;
        *end = 0;
        want = header(c->answer, "Content-Length: ", length, sizeof length) ? (size_t)atoll(length) : 0;
        char cookie[256];
        if (header(c->answer, "Set-Cookie: ", cookie, sizeof cookie))
            snprintf(c->cookie, sizeof c->cookie, "%.*s", (int)strcspn(cookie, ";"), cookie);
    }
    int status = atoi(c->answer + 9);
    memmove(c->answer, c->answer + head, want + 1);
    c->length = want;
    return status;
}

static struct client sign_in(struct arena *a, int port, const char *login)
{
    struct client c = {.fd = dial(port), .port = port, .answer = arena_alloc(a, ANSWER_MAX)};
    char body[200];
    snprintf(body, sizeof body, "{\"login\":\"%s\",\"password\":\"demo-infusion\"}", login);
    errno = 0;
    if (ask(&c, "POST", "/api/login", "Content-Type: application/json\r\n", body) != 200)
        stop(c.answer);
    const char *p = strstr(c.answer, "\"csrf\":\"");
    if (!p)
        stop("no token");
    snprintf(c.csrf, sizeof c.csrf, "%.*s", (int)strcspn(p + 8, "\""), p + 8);
    return c;
}

static int64_t get(struct client *c, const char *path, const char *more)
{
    utc_t began = now_steady();
    errno = 0;
    if (ask(c, "GET", path, more, "") != 200)
        stop(c->answer);
    return now_steady() - began;
}

/* ---- listeners ---------------------------------------------------------------------------------------------------------- */

static void listen_all(struct listener *l, int n, const struct client *c)
{
    char request[512];
    snprintf(request, sizeof request, "GET /api/events HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n\r\n", c->cookie);
    for (int i = 0; i < n; i++) {
        l[i].fd = dial(c->port);
        send_all(l[i].fd, request);
    }
}

static void keep(struct listener *l, const char *in, size_t n)
{
    if (l->len + n >= TAIL) {
        memmove(l->tail, l->tail + l->len - TAIL / 2, TAIL / 2);
        l->len = TAIL / 2;
    }
    memcpy(l->tail + l->len, in, n);
    l->len += n;
    l->tail[l->len] = 0;
}

/* One line of a head: of the answer until an empty one, then of each chunk (its length in hex; empty after a chunk). */
static void head_line(struct listener *l)
{
    l->line[l->line_len] = 0;
    if (l->body && l->line_len)
        l->left = (size_t)strtoul(l->line, NULL, 16);
    else if (!l->line_len)
        l->body = true;
    l->line_len = 0;
}

/* The stream comes in chunks that end anywhere, in the middle of an id too. */
static void hear(struct listener *l)
{
    char in[TAIL / 2];
    ssize_t n = recv(l->fd, in, sizeof in, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        stop("a live stream ended");
    for (size_t at = 0; at < (size_t)n;) {
        size_t part = l->left < (size_t)n - at ? l->left : (size_t)n - at;
        if (part) {
            keep(l, in + at, part);
            l->left -= part;
            at += part;
            continue;
        }
        char c = in[at++];
        if (c == '\n')
            head_line(l);
        else if (c != '\r' && l->line_len + 1 < sizeof l->line)
            l->line[l->line_len++] = c;
    }
}

/* Until every listener has heard the text (or for so long); how many have. */
static int wait_for(struct listener *l, int n, const char *text, int ms)
{
    struct pollfd fds[LISTENERS_MAX];
    int heard = 0;
    utc_t until = now_steady() + ms * 1000;
    for (int i = 0; i < n; i++)
        l[i].heard = false;
    while (heard < n && now_steady() < until) {
        for (int i = 0; i < n; i++)
            fds[i] = (struct pollfd){.fd = l[i].heard ? -1 : l[i].fd, .events = POLLIN};
        if (poll(fds, (nfds_t)n, 100) < 0)
            stop("poll");
        for (int i = 0; i < n; i++)
            if (fds[i].revents && !l[i].heard) {
                hear(&l[i]);
                l[i].heard = strstr(l[i].tail, text) != NULL;
                heard += l[i].heard;
            }
    }
    return heard;
}

/* ---- the benches ---------------------------------------------------------------------------------------------------------- */

static int64_t memory_kb(int pid, const char *what)
{
    char path[64], line[256];
    int64_t kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, what, strlen(what)) == 0)
            kb = atoll(line + strlen(what));
    if (f)
        fclose(f);
    return kb;
}

/* Processor time a process has used, us. */
static int64_t processor_us(int pid)
{
    char path[64], text[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = 0;
    long long user = 0, system = 0;
    const char *p = strrchr(text, ')'); /* the name may hold anything */
    if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2)
        return -1;
    return (user + system) * 1000000 / sysconf(_SC_CLK_TCK);
}

struct options {
    const char *view;
    int port, other, pid, listeners, requests, commands;
};

static void bench_floor(struct arena *a, const struct options *o)
{
    struct client nurse = sign_in(a, o->port, "nurse1"), admin = sign_in(a, o->port, "admin");
    struct listener *l = ARENA_ARRAY(a, (size_t)o->listeners, struct listener);
    struct samples *views = ARENA_NEW(a, struct samples), *events = ARENA_NEW(a, struct samples), *answers = ARENA_NEW(a, struct samples), *fresh = ARENA_NEW(a, struct samples);
    listen_all(l, o->listeners, &nurse);
    if (wait_for(l, o->listeners, "event: hello", 10000) != o->listeners)
        stop("not every listener was greeted");
    for (int i = 0; i < 20; i++)
        get(&nurse, "/api/view/floor", "");
    for (int i = 0; i < o->requests; i++)
        add(views, get(&nurse, "/api/view/floor", ""));
    size_t size = nurse.length;
    for (int i = 0; i < o->commands; i++) {
        char body[300], more[400], id[32], wanted[64];
        snprintf(id, sizeof id, "Q%lld", (long long)(now_real() % 1000000000));
        snprintf(body, sizeof body, "{\"input\":{\"id\":\"%s\",\"pod\":\"Q\",\"bed\":false,\"place\":9000,\"active\":false}}", id);
        snprintf(more, sizeof more, "Content-Type: application/json\r\nX-CSRF-Token: %s\r\nIdempotency-Key: bench-%s-%d\r\n", admin.csrf, id, i);
        snprintf(wanted, sizeof wanted, "\"%s\"", id);
        utc_t began = now_steady();
        errno = 0;
        if (ask(&admin, "POST", "/api/command/chair.add", more, body) != 200)
            stop(admin.answer);
        utc_t answered = now_steady();
        if (wait_for(l, o->listeners, wanted, 5000) != o->listeners)
            stop("a listener did not hear of a command");
        add(events, now_steady() - answered);
        add(answers, answered - began);
        add(fresh, get(&nurse, "/api/view/floor", "")); /* the ledger moved: made anew */
        usleep(50000);
    }
    /* what it costs whatever else the machine does: processor time of many in a row */
    int64_t before = processor_us(o->pid);
    for (int i = 0; i < o->requests; i++)
        get(&nurse, "/api/view/floor", "X-Made-Anew: 1\r\n");
    int64_t cpu = (processor_us(o->pid) - before) / o->requests;
    printf("cpu_us=%lld view_p50=%lld view_p99=%lld fresh_p50=%lld fresh_p99=%lld view_bytes=%zu answer_p50=%lld event_p50=%lld event_max=%lld rss_kb=%lld rss_peak_kb=%lld\n",
           (long long)cpu, (long long)quantile(views, 500), (long long)quantile(views, 990),
           (long long)quantile(fresh, 500), (long long)quantile(fresh, 990), size, (long long)quantile(answers, 500), (long long)quantile(events, 500),
           (long long)quantile(events, 1000), (long long)memory_kb(o->pid, "VmRSS:"), (long long)memory_kb(o->pid, "VmHWM:"));
}

static void bench_pair(struct arena *a, const struct options *o)
{
    struct client first = sign_in(a, o->port, "nurse1"), second = sign_in(a, o->other, "nurse1");
    struct samples *one = ARENA_NEW(a, struct samples), *two = ARENA_NEW(a, struct samples);
    char views[2][600] = {"", ""};
    /* "/api/view/bedside?visit=@visit": the first visit the floor shows */
    for (int k = 0; k < 2; k++) {
        struct client *c = k ? &second : &first;
        const char *mark = strchr(o->view, '@'), *found;
        char key[40];
        get(c, "/api/view/floor", "");
        snprintf(key, sizeof key, "\"%s\":\"", mark ? mark + 1 : "");
        found = mark ? strstr(c->answer, key) : NULL;
        errno = 0;
        if (mark && !found)
            stop("the floor shows no such id");
        snprintf(views[k], sizeof views[k], "%.*s%.*s", mark ? (int)(mark - o->view) : 500, o->view, mark ? (int)strcspn(found + strlen(key), "\"") : 0,
                 mark ? found + strlen(key) : "");
    }
    for (int i = 0; i < o->requests + 20; i++) {
        static const char anew[] = "X-Made-Anew: 1\r\n";
        int64_t x, y;
        if (i % 2) {
            y = get(&second, views[1], anew);
            x = get(&first, views[0], anew);
        } else {
            x = get(&first, views[0], anew);
            y = get(&second, views[1], anew);
        }
        if (i < 20) /* caches warm up */
            continue;
        add(one, x);
        add(two, y);
    }
    printf("a_p50=%lld a_p99=%lld b_p50=%lld b_p99=%lld a_bytes=%zu b_bytes=%zu\n", (long long)quantile(one, 500), (long long)quantile(one, 990),
           (long long)quantile(two, 500), (long long)quantile(two, 990), first.length, second.length);
}

int main(int argc, char **argv)
{
    struct options o = {.listeners = 200, .requests = 1000, .commands = 40, .view = "/api/view/floor"};
    for (int i = 2; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--port") == 0) o.port = atoi(value);
        else if (strcmp(name, "--other") == 0) o.other = atoi(value);
        else if (strcmp(name, "--pid") == 0) o.pid = atoi(value);
        else if (strcmp(name, "--view") == 0) o.view = value;
        else if (strcmp(name, "--listeners") == 0) o.listeners = atoi(value);
        else if (strcmp(name, "--requests") == 0) o.requests = atoi(value);
        else if (strcmp(name, "--commands") == 0) o.commands = atoi(value);
    }
    bool floor = argc > 1 && strcmp(argv[1], "floor") == 0, pair = argc > 1 && strcmp(argv[1], "pair") == 0 && o.other;
    if (!o.port || (!floor && !pair) || o.listeners > LISTENERS_MAX || o.listeners < 1) {
        fprintf(stderr, "usage: bench-http floor|pair --port P [--other P] [--pid PID] [--view PATH] [--listeners N] [--requests N] [--commands N]\n");
        return 2;
    }
    struct arena *a = arena_new();
    if (floor)
        bench_floor(a, &o);
    else
        bench_pair(a, &o);
    arena_free(a);
    return 0;
}
