#include "sim/rack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/tree.h"

enum { ANSWER_S = 10, END_TRIES = 100, END_WAIT_MS = 20 };

extern char **environ;

/* ---- starting and ending ---------------------------------------------------------------------------------------- */

/* "pump S control PORT" is the first line a pump prints. */
static bool read_port(int fd, const char *serial, int *port, struct err *e)
{
    char line[128];
    size_t n = 0;
    while (n < sizeof line - 1) {
        ssize_t got = read(fd, line + n, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || line[n] == '\n')
            break;
        n++;
    }
    line[n] = 0;
    const char *at = strstr(line, " control ");
    *port = at ? (int)strtol(at + 9, NULL, 10) : 0;
    return *port > 0 || err_set(e, ERR_STORE, serial, "the pump did not start (\"%.60s\")", line);
}

static bool dial(struct unit *u, int port, struct err *e)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {ANSWER_S, 0};
    int one = 1;
    u->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (u->fd < 0 || connect(u->fd, (struct sockaddr *)&to, sizeof to) != 0)
        return err_set(e, ERR_STORE, u->serial, "its control port %d cannot be reached: %s", port, strerror(errno));
    setsockopt(u->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(u->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return true;
}

static bool start_process(struct unit *u, const struct rack_opts *o, int out, struct err *e)
{
    char clock[CLOCK_TEXT_MAX], seed[24];
    posix_spawn_file_actions_t files;
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)o->seed);
    clock_text(o->clock, clock);
    const char *argv[] = {o->program,
                          "pump",
                          "--serial",
                          u->serial,
                          "--mllp",
                          o->mllp,
                          "--clock",
                          clock,
                          "--seed",
                          seed,
                          "--faults",
                          o->faults,
                          o->truth ? "--truth" : NULL,
                          o->truth,
                          NULL};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    int bad = posix_spawn(&u->pid, o->program, &files, NULL, (char *const *)(uintptr_t)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    if (bad)
        u->pid = 0;
    return !bad || err_set(e, ERR_STORE, u->serial, "%s cannot be started: %s", o->program, strerror(bad));
}

bool rack_add(struct rack *r, const struct rack_opts *o, const char *serial, struct err *e)
{
    int ends[2], port = 0;
    if (r->count == RACK_PUMPS_MAX)
        return err_set(e, ERR_TOO_LARGE, "--pumps", "more than %d pumps", RACK_PUMPS_MAX);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(e, ERR_STORE, serial, "no pipe: %s", strerror(errno));
    struct unit *u = &r->units[r->count++];
    *u = (struct unit){.fd = -1};
    snprintf(u->serial, sizeof u->serial, "%s", serial);
    bool ok = start_process(u, o, ends[1], e);
    close(ends[1]);
    ok = ok && read_port(ends[0], serial, &port, e) && dial(u, port, e);
    close(ends[0]);
    return ok;
}

/* Asked to end, then waited for: the truth is whole only when the pump has written its last line. */
static void end_process(struct unit *u)
{
    if (u->pid <= 0)
        return;
    kill(u->pid, SIGTERM);
    for (int i = 0; i < END_TRIES; i++) {
        struct timespec t = {0, END_WAIT_MS * 1000000};
        if (waitpid(u->pid, NULL, WNOHANG) != 0)
            return;
        nanosleep(&t, NULL);
    }
    kill(u->pid, SIGKILL);
    waitpid(u->pid, NULL, 0);
}

void rack_close(struct rack *r)
{
    for (int i = 0; i < r->count; i++) {
        if (r->units[i].fd >= 0)
            close(r->units[i].fd);
        end_process(&r->units[i]);
    }
    r->count = 0;
}

struct unit *rack_free_unit(struct rack *r)
{
    for (int i = 0; i < r->count; i++)
        if (!r->units[i].taken)
            return &r->units[i];
    return NULL;
}

/* ---- buttons and display ---------------------------------------------------------------------------------------- */

/* One line to the pump, one line back. */
static bool say(struct unit *u, char answer[RACK_LINE_MAX], struct err *e, const char *fmt, ...)
{
    char line[256];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line - 1, fmt, ap);
    va_end(ap);
    if (n < 0 || n >= (int)sizeof line - 1)
        return err_set(e, ERR_TOO_LARGE, u->serial, "too long for the pump's panel");
    line[n++] = '\n';
    if (send(u->fd, line, (size_t)n, MSG_NOSIGNAL) != n)
        return err_set(e, ERR_BUSY, u->serial, "the panel does not take a key: %s", strerror(errno));
    size_t have = 0;
    for (;;) {
        ssize_t got = recv(u->fd, answer + have, RACK_LINE_MAX - 1 - have, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || have + (size_t)got == RACK_LINE_MAX - 1)
            return err_set(e, ERR_BUSY, u->serial, "the panel does not answer");
        have += (size_t)got;
        if (answer[have - 1] == '\n')
            break;
    }
    answer[have - 1] = 0;
    return true;
}

static bool key(struct unit *u, struct err *e, const char *fmt, ...)
{
    char line[200], answer[RACK_LINE_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (!say(u, answer, e, "%s", line))
        return false;
    return strcmp(answer, "ok") == 0 || err_set(e, ERR_CONFLICT, u->serial, "%s: %.200s", line, answer);
}

static int64_t whole(const struct node *n, const char *name)
{
    struct dec d;
    struct err e = {0};
    int64_t v = 0;
    const struct node *m = node_get(n, name);
    return m && m->kind == NODE_NUMBER && node_dec(m, &d, &e) && dec_to_int(d, DEC_DOWN, &v) ? v : 0;
}

static void text(char *to, size_t size, const struct node *n, const char *name)
{
    const char *s = node_str_at(n, name);
    snprintf(to, size, "%s", s ? s : "");
}

bool unit_look(struct unit *u, struct unit_display *out, struct err *e)
{
    char answer[RACK_LINE_MAX];
    if (!say(u, answer, e, "status"))
        return false;
    struct arena *a = arena_new();
    const struct node *n = json_read(a, answer, strlen(answer), RACK_LINE_MAX, e);
    if (n) {
        text(out->state, sizeof out->state, n, "state");
        text(out->alarm, sizeof out->alarm, n, "alarm");
        out->rate_ul_h = whole(n, "rate_ul_h");
        out->total_ul = whole(n, "total_ul");
        out->drug_ul = whole(n, "drug_ul");
        out->kvo_ul = whole(n, "kvo_ul");
        out->left_ul = whole(n, "left_ul");
        out->step_ul = whole(n, "step_ul");
        out->queued = whole(n, "queued");
        out->lost = whole(n, "lost");
    }
    arena_free(a);
    return n != NULL;
}

/* µL to the millilitres a panel takes. */
#define ML_FORMAT "%lld.%03lld"
#define ML(ul) (long long)((ul) / 1000), (long long)((ul) % 1000)

bool unit_program(struct unit *u, const char *drug, int64_t rate_ul_h, int64_t volume_ul, struct err *e)
{
    return key(u, e, "program " ML_FORMAT " " ML_FORMAT " %.60s", ML(rate_ul_h), ML(volume_ul), drug);
}

bool unit_rate(struct unit *u, int64_t rate_ul_h, struct err *e)
{
    return key(u, e, "rate " ML_FORMAT, ML(rate_ul_h));
}

bool unit_start(struct unit *u, struct err *e)
{
    return key(u, e, "start");
}

bool unit_stop(struct unit *u, struct err *e)
{
    return key(u, e, "stop");
}

bool unit_clear(struct unit *u, struct err *e)
{
    return key(u, e, "clear");
}

bool unit_silence(struct unit *u, struct err *e)
{
    return key(u, e, "silence");
}

bool unit_plug_in(struct unit *u, struct err *e)
{
    return key(u, e, "plug");
}

bool unit_switch_on(struct unit *u, struct err *e)
{
    return key(u, e, "on");
}
