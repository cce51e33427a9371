#include "sim/pump_link.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool pump_link_init(struct pump_link *l, const char *host_port, uint64_t seed, struct err *e)
{
    char host[64];
    const char *colon = strrchr(host_port, ':');
    int port = colon ? atoi(colon + 1) : 0;
    memset(l, 0, sizeof *l);
    l->fd = -1;
    l->retry_ms = PUMP_RETRY_MIN_MS;
    buf_init(&l->in, PUMP_ANSWER_MAX);
    rng_init(&l->rng, seed, 0x6c696e6b);
    l->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    snprintf(host, sizeof host, "%.*s", colon ? (int)(colon - host_port > 60 ? 60 : colon - host_port) : 0, host_port);
    if (port < 1 || port > 65535 || inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &l->to.sin_addr) != 1)
        return err_set(e, ERR_INPUT, "--mllp", "\"%.80s\" is not ADDRESS:PORT with an IPv4 address", host_port);
    return true;
}

static void hang_up(struct pump_link *l, utc_t now)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    l->state = PUMP_LINK_DOWN;
    l->offset = 0;
    l->waiting = false;
    buf_clear(&l->in);
    l->retry_at = now + l->retry_ms * 1000;
    l->retry_ms = l->retry_ms * 2 > PUMP_RETRY_MAX_MS ? PUMP_RETRY_MAX_MS : l->retry_ms * 2;
}

static void pop(struct pump_link *l)
{
    struct pump_message *m = l->first;
    l->first = m->next;
    if (!l->first)
        l->last = NULL;
    l->stats.queued--;
    l->offset = 0;
    l->waiting = false;
    mem_free(m);
}

void pump_link_fini(struct pump_link *l)
{
    while (l->first)
        pop(l);
    while (l->held) {
        struct pump_message *m = l->held;
        l->held = m->next;
        mem_free(m);
    }
    if (l->fd >= 0)
        close(l->fd);
    buf_fini(&l->in);
    l->fd = -1;
}

/* Room for one more: the oldest report that is not under way goes; if there is none, the message after the first. */
static void make_room(struct pump_link *l)
{
    struct pump_message *before = l->first;
    while (before->next && !before->next->report)
        before = before->next;
    if (!before->next)
        before = l->first;
    struct pump_message *gone = before->next;
    before->next = gone->next;
    if (l->last == gone)
        l->last = before;
    l->stats.queued--;
    l->stats.dropped++;
    mem_free(gone);
}

static struct pump_message *message_new(const char *msg, size_t len, const char *id, bool report)
{
    struct pump_message *m = mem_alloc(sizeof *m + len + 3);
    *m = (struct pump_message){.report = report, .len = len + 3};
    memcpy(m->id, id, PUMP_ID_MAX);
    m->bytes[0] = 0x0b;
    memcpy(m->bytes + 1, msg, len);
    m->bytes[len + 1] = 0x1c;
    m->bytes[len + 2] = 0x0d;
    return m;
}

static void append(struct pump_link *l, struct pump_message *m)
{
    if (l->stats.queued >= PUMP_QUEUE_MAX)
        make_room(l);
    m->next = NULL;
    if (l->last)
        l->last->next = m;
    else
        l->first = m;
    l->last = m;
    l->stats.queued++;
}

void pump_link_add(struct pump_link *l, const char *msg, size_t len, const char *id, bool report)
{
    append(l, message_new(msg, len, id, report));
}

void pump_link_hold(struct pump_link *l, const char *msg, size_t len, const char *id, bool report, utc_t release)
{
    struct pump_message *m = message_new(msg, len, id, report);
    m->release = release;
    m->next = l->held;
    l->held = m;
    l->stats.held++;
}

static void release(struct pump_link *l, utc_t now)
{
    for (struct pump_message **at = &l->held; *at;) {
        struct pump_message *m = *at;
        if (m->release > now) {
            at = &m->next;
            continue;
        }
        *at = m->next;
        l->stats.held--;
        append(l, m);
    }
}

void pump_link_cut(struct pump_link *l, bool cut)
{
    l->cut = cut;
    if (cut)
        hang_up(l, 0);
    l->retry_at = 0;
    l->retry_ms = PUMP_RETRY_MIN_MS;
}

struct pollfd pump_link_wants(const struct pump_link *l, utc_t *until)
{
    struct pollfd p = {.fd = l->fd};
    *until = INT64_MAX;
    if (l->state == PUMP_LINK_DOWN) {
        if (!l->cut)
            *until = l->retry_at; /* also with nothing to say: a pump keeps its connection */
        return p;
    }
    utc_t freed = INT64_MAX;
    for (const struct pump_message *m = l->held; m; m = m->next)
        freed = m->release < freed ? m->release : freed;
    p.events = POLLIN;
    if (l->state == PUMP_LINK_DIALLING || (l->first && !l->waiting))
        p.events = (short)(p.events | POLLOUT);
    if (l->waiting || l->state == PUMP_LINK_DIALLING)
        *until = l->sent_at + PUMP_ACK_MS * 1000;
    if (freed < *until)
        *until = freed;
    return p;
}

static void dial(struct pump_link *l, utc_t now)
{
    int on = 1;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0) {
        hang_up(l, now);
        return;
    }
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    l->sent_at = now;
    l->state = PUMP_LINK_DIALLING;
    if (connect(l->fd, (struct sockaddr *)&l->to, sizeof l->to) < 0 && errno != EINPROGRESS)
        hang_up(l, now);
}

static void dialled(struct pump_link *l, utc_t now)
{
    int bad = 0;
    socklen_t n = sizeof bad;
    getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &bad, &n);
    if (bad) {
        hang_up(l, now);
        return;
    }
    l->state = PUMP_LINK_UP;
    l->retry_ms = PUMP_RETRY_MIN_MS;
    l->stats.connects++;
}

static void write_some(struct pump_link *l, utc_t now)
{
    struct pump_message *m = l->first;
    while (m && !l->waiting) {
        ssize_t n = send(l->fd, m->bytes + l->offset, m->len - l->offset, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                hang_up(l, now);
            return;
        }
        l->offset += (size_t)n;
        if (l->offset < m->len)
            continue;
        l->stats.sent++;
        l->stats.resent += m->tried;
        l->offset = 0;
        if (l->doubles && !m->tried && rng_chance(&l->rng, 50)) {
            m->tried = true; /* once more before the answer: its second answer is then nobody's */
            continue;
        }
        m->tried = true;
        l->waiting = true;
        l->sent_at = now;
    }
}

static void heard(struct pump_link *l, const char *msg, size_t len, utc_t now)
{
    char why[256];
    enum pump_answer a = l->first && l->waiting ? pump_hear(msg, len, l->first->id, why) : PUMP_ANSWER_OTHER;
    if (a == PUMP_ANSWER_OTHER)
        return; /* to a message sent twice */
    if (a == PUMP_ANSWER_LATER && l->first->later++ < PUMP_LATER_MAX) {
        hang_up(l, now);
        return;
    }
    if (a == PUMP_ANSWER_TAKEN) {
        l->stats.taken++;
    } else {
        l->stats.refused++; /* sending it again would not help */
        memcpy(l->last_refusal, why, sizeof why);
    }
    pop(l);
}

static void read_some(struct pump_link *l, utc_t now)
{
    char part[4096];
    ssize_t n = recv(l->fd, part, sizeof part, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        hang_up(l, now);
        return;
    }
    buf_add(&l->in, part, (size_t)n);
    for (char *end; l->in.len && (end = memchr(l->in.data, 0x1c, l->in.len)) != NULL;) {
        char *start = memchr(l->in.data, 0x0b, (size_t)(end - l->in.data));
        if (start)
            heard(l, start + 1, (size_t)(end - start - 1), now);
        if (l->fd < 0)
            return;
        buf_drop(&l->in, (size_t)(end - l->in.data) + 1);
    }
    if (l->in.full)
        hang_up(l, now);
}

void pump_link_serve(struct pump_link *l, short ready, utc_t now)
{
    if (l->cut)
        return;
    release(l, now);
    if (l->state == PUMP_LINK_DOWN && now >= l->retry_at)
        dial(l, now);
    if (l->state == PUMP_LINK_DIALLING && (ready & (POLLOUT | POLLERR | POLLHUP)))
        dialled(l, now);
    else if (l->state == PUMP_LINK_UP && (ready & (POLLIN | POLLERR | POLLHUP)))
        read_some(l, now);
    if (l->state == PUMP_LINK_UP)
        write_some(l, now);
    bool late = l->state == PUMP_LINK_DIALLING || l->waiting;
    if (late && now - l->sent_at > PUMP_ACK_MS * INT64_C(1000))
        hang_up(l, now); /* and sends it again over a new connection */
}
