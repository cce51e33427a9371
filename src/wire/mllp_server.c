#include "wire/mllp_server.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, TICK_MS = 500, INDEX_BITS = 16, PEER_MAX = 64 };

struct slot {
    bool done;
    struct buf text;
};

struct conn {
    uint64_t id;          /* generation << INDEX_BITS | index */
    int fd;
    char peer[PEER_MAX];
    struct mllp in;
    struct buf rest;      /* input read but not fed, because too many messages wait for answers */
    uint64_t given;       /* seq of the last message handed on */
    uint64_t answered;    /* seq of the last message whose answer is in out */
    struct slot slot[MLLP_PENDING_MAX]; /* answers that came before their turn, by seq % MLLP_PENDING_MAX */
    struct buf out;       /* answers, framed */
    struct buf sending;   /* server thread only: what was in out, going onto the wire */
    atomic_bool touched;  /* out was added to since the last turn */
    int64_t active_ms, frame_ms, out_ms, eof_ms;
    uint64_t noise, restarts; /* copies of in's, for other threads */
    bool eof, broken;
};

struct mllp_server {
    struct mllp_server_config config;
    int listener, wake, port;
    int64_t accept_after_ms;
    atomic_bool stop, woken;
    pthread_t thread;     /* of run */
    bool running;
    pthread_mutex_t lock; /* guards running, thread, conn[], each conn's slots, answered, given and out, and stats */
    struct conn **conn;
    uint64_t generation;
    struct mllp_stats stats;
    char chunk[CHUNK];
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static int listen_on(const char *host, const char *port, struct err *e)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *all;
    int bad = getaddrinfo(host, port, &hints, &all);
    if (bad) {
        err_set(e, ERR_INPUT, "mllp", "cannot listen on %s port %s: %s", host, port, gai_strerror(bad));
        return -1;
    }
    int fd = -1, on = 1, why = 0;
    for (struct addrinfo *i = all; i && fd < 0; i = i->ai_next) {
        fd = socket(i->ai_family, i->ai_socktype, i->ai_protocol);
        if (fd < 0)
            continue;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (bind(fd, i->ai_addr, i->ai_addrlen) == 0 && listen(fd, 256) == 0)
            break;
        why = errno;
        close(fd);
        fd = -1;
    }
    freeaddrinfo(all);
    if (fd < 0)
        err_set(e, ERR_CONFLICT, "mllp", "cannot listen on %s port %s: %s", host, port, strerror(why));
    return fd;
}

struct mllp_server *mllp_server_new(const struct mllp_server_config *c, struct err *e)
{
    int fd = listen_on(c->host, c->port, e);
    if (fd < 0)
        return NULL;
    nonblocking(fd);
    struct mllp_server *s = mem_alloc(sizeof *s);
    memset(s, 0, sizeof *s);
    s->config = *c;
    s->config.host = s->config.port = NULL; /* the caller's strings are not kept */
    if (!s->config.message_max)
        s->config.message_max = 256 * 1024;
    if (s->config.conns_max <= 0 || s->config.conns_max > MLLP_CONNS_MAX)
        s->config.conns_max = MLLP_CONNS_MAX;
    if (s->config.frame_seconds <= 0)
        s->config.frame_seconds = MLLP_FRAME_SECONDS;
    if (s->config.idle_seconds <= 0)
        s->config.idle_seconds = MLLP_IDLE_SECONDS;
    s->listener = fd;
    s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    getsockname(fd, (struct sockaddr *)&at, &len);
    s->port = ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port : ((struct sockaddr_in *)&at)->sin_port);
    pthread_mutex_init(&s->lock, NULL);
    s->conn = mem_alloc((size_t)s->config.conns_max * sizeof *s->conn);
    memset(s->conn, 0, (size_t)s->config.conns_max * sizeof *s->conn);
    return s;
}

int mllp_server_port(const struct mllp_server *s)
{
    return s->port;
}

static void wake(struct mllp_server *s)
{
    uint64_t one = 1;
    if (!atomic_exchange(&s->woken, true))
        while (write(s->wake, &one, sizeof one) < 0 && errno == EINTR)
            ;
}

void mllp_server_stop(struct mllp_server *s)
{
    atomic_store(&s->stop, true);
    wake(s);
}

/* --- connections; all in the server's thread --- */

static void conn_free(struct conn *c)
{
    close(c->fd);
    mllp_fini(&c->in);
    buf_fini(&c->rest);
    buf_fini(&c->out);
    buf_fini(&c->sending);
    for (int i = 0; i < MLLP_PENDING_MAX; i++)
        buf_fini(&c->slot[i].text);
    mem_free(c);
}

static void conn_close(struct mllp_server *s, int index)
{
    pthread_mutex_lock(&s->lock);
    struct conn *c = s->conn[index];
    s->conn[index] = NULL;
    s->stats.open--;
    s->stats.noise += c->in.noise;
    s->stats.restarts += c->in.restarts;
    pthread_mutex_unlock(&s->lock);
    conn_free(c);
}

static void peer_name(const struct sockaddr_storage *at, socklen_t len, char *out)
{
    char host[46], port[8];
    if (getnameinfo((const struct sockaddr *)at, len, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(out, PEER_MAX, "unknown");
    else
        snprintf(out, PEER_MAX, "%s:%s", host, port);
}

static void conn_open(struct mllp_server *s, int index, int fd, const char *peer)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    struct conn *c = mem_alloc(sizeof *c);
    memset(c, 0, sizeof *c);
    c->fd = fd;
    memcpy(c->peer, peer, PEER_MAX);
    mllp_init(&c->in, s->config.message_max);
    buf_init(&c->rest, CHUNK);
    buf_init(&c->sending, MLLP_OUT_MAX + MLLP_PENDING_MAX * (size_t)(MLLP_REPLY_MAX + 3));
    buf_init(&c->out, MLLP_OUT_MAX + MLLP_PENDING_MAX * (size_t)(MLLP_REPLY_MAX + 3));
    for (int i = 0; i < MLLP_PENDING_MAX; i++)
        buf_init(&c->slot[i].text, MLLP_REPLY_MAX);
    c->active_ms = c->frame_ms = c->out_ms = now_ms();
    pthread_mutex_lock(&s->lock);
    c->id = ++s->generation << INDEX_BITS | (uint64_t)index;
    s->conn[index] = c;
    s->stats.open++;
    s->stats.accepted++;
    pthread_mutex_unlock(&s->lock);
}

static void accept_some(struct mllp_server *s)
{
    for (int round = 0; round < 64; round++) {
        struct sockaddr_storage at;
        socklen_t len = sizeof at;
        int fd = accept(s->listener, (struct sockaddr *)&at, &len);
        if (fd < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED)
                s->accept_after_ms = now_ms() + TICK_MS; /* out of descriptors: do not spin */
            return;
        }
        nonblocking(fd);
        int index = 0;
        while (index < s->config.conns_max && s->conn[index])
            index++;
        if (index == s->config.conns_max) {
            close(fd);
            pthread_mutex_lock(&s->lock);
            s->stats.refused++;
            pthread_mutex_unlock(&s->lock);
            continue;
        }
        char peer[PEER_MAX];
        peer_name(&at, len, peer);
        conn_open(s, index, fd, peer);
    }
}

/* With the lock. */
static bool full(const struct conn *c)
{
    return c->given - c->answered >= MLLP_PENDING_MAX || c->out.len + c->sending.len > MLLP_OUT_MAX;
}

static bool stalled(struct mllp_server *s, struct conn *c)
{
    pthread_mutex_lock(&s->lock);
    bool yes = full(c);
    pthread_mutex_unlock(&s->lock);
    return yes;
}

static void hand_on(struct mllp_server *s, struct conn *c, struct mllp_in *in)
{
    pthread_mutex_lock(&s->lock);
    in->from = (struct mllp_from){c->id, ++c->given};
    s->stats.messages++;
    s->stats.too_large += in->too_large;
    pthread_mutex_unlock(&s->lock);
    in->peer = c->peer;
    s->config.on_message(s->config.ctx, in);
}

/* Feeds n bytes; what cannot be taken yet is kept in rest. */
static void feed(struct mllp_server *s, struct conn *c, const char *p, size_t n, int64_t now)
{
    bool was_inside = mllp_inside(&c->in);
    while (n > 0 && !stalled(s, c)) {
        struct mllp_in in = {0};
        enum mllp_step step = mllp_feed(&c->in, &p, &n, &in.msg, &in.len);
        if (step == MLLP_MORE)
            break;
        in.too_large = step == MLLP_TOO_LARGE;
        was_inside = false;
        hand_on(s, c, &in);
    }
    if (!was_inside)
        c->frame_ms = now;
    if (n > 0)
        buf_add(&c->rest, p, n);
}

static void conn_read(struct mllp_server *s, struct conn *c, int64_t now)
{
    ssize_t n = recv(c->fd, s->chunk, CHUNK, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        c->broken = true;
        return;
    }
    if (n == 0) {
        c->eof = true; /* the client may have closed only its half and still wait for answers */
        c->eof_ms = now;
        return;
    }
    c->active_ms = now;
    feed(s, c, s->chunk, (size_t)n, now);
}

/* The lock is not held while sending: whoever answers must not wait for a socket. */
static void conn_write(struct mllp_server *s, struct conn *c, int64_t now)
{
    pthread_mutex_lock(&s->lock);
    c->noise = c->in.noise;
    c->restarts = c->in.restarts;
    c->broken |= c->out.full;
    if (c->sending.len == 0) {
        struct buf empty = c->sending;
        c->sending = c->out;
        c->out = empty;
    }
    pthread_mutex_unlock(&s->lock);
    while (c->sending.len > 0 && !c->broken) {
        ssize_t n = send(c->fd, c->sending.data, c->sending.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            c->broken = errno != EAGAIN && errno != EWOULDBLOCK;
            break;
        }
        buf_drop(&c->sending, (size_t)n);
        c->out_ms = c->active_ms = now;
    }
    if (c->sending.len == 0)
        c->out_ms = now;
}

static bool conn_over(struct mllp_server *s, struct conn *c, int64_t now)
{
    int64_t frame = s->config.frame_seconds * INT64_C(1000);
    pthread_mutex_lock(&s->lock);
    bool waiting = c->given != c->answered;
    bool slow = (!waiting && c->rest.len == 0 && mllp_inside(&c->in) && now - c->frame_ms > frame) ||
                (c->sending.len > 0 && now - c->out_ms > frame) || (c->eof && now - c->eof_ms > frame);
    bool idle = !waiting && now - c->active_ms > s->config.idle_seconds * INT64_C(1000);
    bool done = c->broken || (c->eof && !waiting && c->out.len == 0 && c->sending.len == 0 && c->rest.len == 0);
    if (!done) {
        s->stats.closed_slow += slow;
        s->stats.closed_idle += !slow && idle;
    }
    pthread_mutex_unlock(&s->lock);
    return done || slow || idle;
}

/* One connection's turn. look: its timeouts too; without, only what is at hand is done, with fewer locks. */
static void serve(struct mllp_server *s, int index, short ready, bool look, int64_t now)
{
    struct conn *c = s->conn[index];
    bool touched = atomic_exchange(&c->touched, false);
    if (c->rest.len > 0 && !stalled(s, c)) {
        struct buf rest = c->rest;
        buf_init(&c->rest, CHUNK);
        feed(s, c, rest.data, rest.len, now);
        buf_fini(&rest);
    }
    if (ready & POLLIN)
        conn_read(s, c, now);
    else if (ready & (POLLERR | POLLHUP | POLLNVAL))
        c->broken = true;
    look |= c->broken || c->eof;
    if (look || touched || c->sending.len > 0)
        conn_write(s, c, now);
    if ((look || c->broken) && conn_over(s, c, now))
        conn_close(s, index);
}

/* What to wait for. *hurry: a connection has something to do that no socket tells. */
static int gather(struct mllp_server *s, struct pollfd *fds, int *index, bool *hurry)
{
    int n = 0;
    *hurry = false;
    fds[n++] = (struct pollfd){.fd = s->wake, .events = POLLIN};
    fds[n++] = (struct pollfd){.fd = now_ms() < s->accept_after_ms ? -1 : s->listener, .events = POLLIN};
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < s->config.conns_max; i++) {
        struct conn *c = s->conn[i];
        if (!c)
            continue;
        bool free_to_go = !full(c), reads = free_to_go && !c->eof && c->rest.len == 0;
        bool writes = c->sending.len > 0;
        *hurry |= (free_to_go && c->rest.len > 0) || (c->out.len > 0 && !writes);
        index[n] = i;
        /* A half-closed connection that only waits for its answer would report a hang-up for ever: not asked for. */
        bool asked = reads || writes || !c->eof;
        fds[n++] = (struct pollfd){.fd = asked ? c->fd : -1, .events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))};
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}

/* Those with something to do get their turn at once, all of them twice a second (timeouts). */
static void serve_all(struct mllp_server *s, const struct pollfd *fds, const int *index, int n, int64_t *looked)
{
    int64_t now = now_ms();
    bool all = now - *looked >= TICK_MS;
    if (all)
        *looked = now;
    for (int i = 2; i < n; i++) {
        struct conn *c = s->conn[index[i]];
        if (all || fds[i].revents || c->rest.len > 0 || atomic_load(&c->touched))
            serve(s, index[i], fds[i].revents, all, now);
    }
}

void mllp_server_run(struct mllp_server *s)
{
    size_t most = (size_t)s->config.conns_max + 2;
    struct pollfd *fds = mem_alloc(most * sizeof *fds);
    int *index = mem_alloc(most * sizeof *index);
    int64_t looked = now_ms();
    pthread_mutex_lock(&s->lock);
    s->thread = pthread_self();
    s->running = true;
    pthread_mutex_unlock(&s->lock);
    while (!atomic_load(&s->stop)) {
        bool hurry;
        int n = gather(s, fds, index, &hurry);
        if (poll(fds, (nfds_t)n, hurry ? 0 : TICK_MS) < 0) {
            if (errno != EINTR)
                break;
            continue;
        }
        uint64_t count;
        if (fds[0].revents)
            while (read(s->wake, &count, sizeof count) < 0 && errno == EINTR)
                ;
        atomic_store(&s->woken, false);
        serve_all(s, fds, index, n, &looked);
        if (fds[1].revents)
            accept_some(s);
    }
    mem_free(fds);
    mem_free(index);
}

void mllp_server_free(struct mllp_server *s)
{
    if (!s)
        return;
    for (int i = 0; i < s->config.conns_max; i++)
        if (s->conn[i])
            conn_close(s, i);
    close(s->listener);
    close(s->wake);
    pthread_mutex_destroy(&s->lock);
    mem_free(s->conn);
    mem_free(s);
}

/* --- answers; any thread --- */

static void answer_add(struct mllp_server *s, struct conn *c, const char *msg, size_t len)
{
    c->answered++;
    if (len == 0)
        return;
    s->stats.replies++;
    mllp_wrap(&c->out, msg, len);
    atomic_store(&c->touched, true);
}

void mllp_reply(struct mllp_server *s, struct mllp_from to, const char *msg, size_t len)
{
    pthread_mutex_lock(&s->lock);
    size_t index = (size_t)(to.conn & ((1u << INDEX_BITS) - 1));
    struct conn *c = index < (size_t)s->config.conns_max ? s->conn[index] : NULL;
    bool ours = c && c->id == to.conn && to.seq > c->answered && to.seq <= c->given;
    struct slot *slot = ours ? &c->slot[to.seq % MLLP_PENDING_MAX] : NULL;
    if (ours && !slot->done && len <= MLLP_REPLY_MAX) {
        if (to.seq == c->answered + 1)
            answer_add(s, c, msg, len);
        else {
            slot->done = true;
            buf_add(&slot->text, msg, len);
        }
        for (slot = &c->slot[(c->answered + 1) % MLLP_PENDING_MAX]; slot->done && c->answered < c->given;
             slot = &c->slot[(c->answered + 1) % MLLP_PENDING_MAX]) {
            slot->done = false;
            answer_add(s, c, slot->text.data, slot->text.len);
            buf_clear(&slot->text);
        }
    } else if (ours && len > MLLP_REPLY_MAX) {
        c->broken = true; /* cannot happen with our own acknowledgements; never leave a gap in the order */
    }
    bool inside = s->running && pthread_equal(s->thread, pthread_self());
    pthread_mutex_unlock(&s->lock);
    if (!inside) /* the server's own thread looks again before it waits */
        wake(s);
}

struct mllp_stats mllp_server_stats(struct mllp_server *s)
{
    pthread_mutex_lock(&s->lock);
    struct mllp_stats now = s->stats;
    for (int i = 0; i < s->config.conns_max; i++)
        if (s->conn[i]) {
            now.noise += s->conn[i]->noise;
            now.restarts += s->conn[i]->restarts;
        }
    pthread_mutex_unlock(&s->lock);
    return now;
}
