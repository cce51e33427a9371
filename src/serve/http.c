#include "serve/http.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct http {
    struct MHD_Daemon *daemon;
    http_handler *handler;
    void *user;
    int port;
    atomic_bool stopping;
    atomic_llong requests, open, suspended, refused;
};

/* One request as the library sees it: called with nothing, with pieces of the body, at its end, and once more after
 * a resume. */
struct request {
    struct http_req q; /* first: handlers hold a pointer to it */
    struct MHD_Connection *conn;
    struct buf body;
    size_t received; /* of the body */
    bool too_large, suspended, handled;
};

/* ---- what a handler asks ----------------------------------------------------------------------------------------- */

const char *http_header(const struct http_req *q, const char *name)
{
    return MHD_lookup_connection_value(q->own->conn, MHD_HEADER_KIND, name);
}

const char *http_cookie(const struct http_req *q, const char *name)
{
    return MHD_lookup_connection_value(q->own->conn, MHD_COOKIE_KIND, name);
}

const char *http_query(const struct http_req *q, const char *name)
{
    for (int i = 0; i < q->query_count; i++)
        if (strcmp(q->query[i].name, name) == 0)
            return q->query[i].value;
    return NULL;
}

void http_add_header(struct http_resp *r, const char *name, const char *value)
{
    assert(r->header_count < HTTP_HEADERS_MAX);
    r->headers[r->header_count++] = (struct http_pair){name, value};
}

bool http_suspend(struct http_req *q)
{
    struct http *h = q->http;
    atomic_fetch_add(&h->suspended, 1);
    if (atomic_load(&h->stopping)) { /* after the count: http_stop waits for what it may have missed */
        atomic_fetch_sub(&h->suspended, 1);
        return false;
    }
    q->own->suspended = true;
    MHD_suspend_connection(q->own->conn);
    return true;
}

void http_resume(struct http_req *q)
{
    struct http *h = q->http;
    MHD_resume_connection(q->own->conn);
    atomic_fetch_sub(&h->suspended, 1);
}

/* ---- streams ----------------------------------------------------------------------------------------------------- */

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct http_stream *s = cls;
    (void)pos;
    for (;;) {
        ssize_t n = s->read(s, out, max);
        if (n > 0)
            return n;
        if (n < 0)
            return MHD_CONTENT_READER_END_OF_STREAM;
        pthread_mutex_lock(&s->lock);
        if (!s->woken) {
            s->parked = true;
            MHD_suspend_connection(s->conn);
            pthread_mutex_unlock(&s->lock);
            return 0;
        }
        s->woken = false; /* something came while we looked */
        pthread_mutex_unlock(&s->lock);
    }
}

void http_stream_init(struct http_stream *s)
{
    pthread_mutex_init(&s->lock, NULL);
}

void http_stream_wake(struct http_stream *s)
{
    pthread_mutex_lock(&s->lock);
    if (s->parked) {
        s->parked = false;
        s->woken = false;
        MHD_resume_connection(s->conn);
    } else {
        s->woken = true;
    }
    pthread_mutex_unlock(&s->lock);
}

static void stream_free(void *cls)
{
    struct http_stream *s = cls;
    s->gone(s);
}

/* ---- answering --------------------------------------------------------------------------------------------------- */

static const struct http_pair security_headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
     "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static struct MHD_Response *response_make(struct request *r)
{
    struct http_resp *p = &r->q.resp;
    if (p->stream) {
        p->stream->conn = r->conn;
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, stream_read, p->stream, stream_free);
    }
    const void *data = p->fixed ? p->fixed : buf_str(&p->body);
    size_t len = p->fixed ? p->fixed_len : p->body.len;
    /* the bytes live as long as the request, which outlives its answer */
    return MHD_create_response_from_buffer(len, (void *)(uintptr_t)data, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(struct request *r)
{
    struct http_resp *p = &r->q.resp;
    if (p->body.full) { /* a defect of ours: no half answers */
        buf_clear(&p->body);
        p->status = 500;
        p->stream = NULL;
        p->fixed = NULL;
    }
    struct MHD_Response *m = response_make(r);
    if (!m)
        return MHD_NO;
    bool cached = false;
    for (size_t i = 0; i < sizeof security_headers / sizeof security_headers[0]; i++)
        MHD_add_response_header(m, security_headers[i].name, security_headers[i].value);
    for (int i = 0; i < p->header_count; i++) {
        MHD_add_response_header(m, p->headers[i].name, p->headers[i].value);
        cached = cached || strcmp(p->headers[i].name, "Cache-Control") == 0;
    }
    if (!cached)
        MHD_add_response_header(m, "Cache-Control", "no-store");
    if (p->type)
        MHD_add_response_header(m, "Content-Type", p->type);
    enum MHD_Result res = MHD_queue_response(r->conn, (unsigned)p->status, m);
    MHD_destroy_response(m);
    return res;
}

static enum MHD_Result answer_plain(struct request *r, int status, const char *title)
{
    r->q.resp.status = status;
    r->q.resp.type = "application/problem+json";
    buf_clear(&r->q.resp.body);
    buf_printf(&r->q.resp.body, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}", title, status);
    return answer(r);
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static const char *client_address(struct request *r)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(r->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (i && i->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)i->client_addr)->sin_addr, text, sizeof text);
    else if (i && i->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)i->client_addr)->sin6_addr, text, sizeof text);
    return arena_strdup(r->q.a, text);
}

static enum MHD_Result query_add(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct http_req *q = cls;
    (void)kind;
    if (q->query_count >= HTTP_QUERY_MAX)
        return MHD_NO;
    q->query[q->query_count++] = (struct http_pair){name, value ? value : ""};
    return MHD_YES;
}

static struct request *request_new(struct http *h, struct MHD_Connection *conn, const char *url, const char *method)
{
    struct arena *a = arena_new();
    struct request *r = ARENA_NEW(a, struct request);
    r->conn = conn;
    r->q = (struct http_req){.http = h, .user = h->user, .a = a, .own = r};
    r->q.method = arena_strdup(a, method);
    r->q.path = arena_strdup(a, url);
    r->q.address = client_address(r);
    r->q.resp.status = 200;
    buf_init(&r->q.resp.body, HTTP_ANSWER_MAX);
    buf_init(&r->body, HTTP_BODY_MAX);
    r->q.query = ARENA_ARRAY(a, HTTP_QUERY_MAX, struct http_pair);
    MHD_get_connection_values(conn, MHD_GET_ARGUMENT_KIND, query_add, &r->q);
    atomic_fetch_add(&h->requests, 1);
    return r;
}

static bool announced_too_large(struct request *r)
{
    const char *len = MHD_lookup_connection_value(r->conn, MHD_HEADER_KIND, "Content-Length");
    if (!len)
        return false;
    size_t digits = strspn(len, "0123456789");
    if (digits > 9)
        return true;
    long n = 0;
    for (size_t i = 0; i < digits; i++)
        n = n * 10 + (len[i] - '0');
    return n > HTTP_SWALLOW_MAX;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_len, void **own)
{
    struct http *h = cls;
    struct request *r = *own;
    (void)version;
    if (!r) {
        *own = r = request_new(h, conn, url, method);
        if (announced_too_large(r))
            return answer_plain(r, 413, "The body is too large");
        return MHD_YES;
    }
    if (*data_len) {
        r->received += *data_len;
        if (r->received > HTTP_SWALLOW_MAX)
            return MHD_NO; /* told nothing of its length and does not stop */
        buf_add(&r->body, data, *data_len);
        r->too_large = r->body.full; /* the rest is read and dropped, so that the sender gets to see the answer */
        *data_len = 0;
        return MHD_YES;
    }
    if (r->suspended) {
        r->suspended = false;
        return answer(r);
    }
    if (r->handled)
        return MHD_YES;
    r->handled = true;
    if (r->too_large)
        return answer_plain(r, 413, "The body is too large");
    if (atomic_load(&h->stopping)) {
        atomic_fetch_add(&h->refused, 1);
        return answer_plain(r, 503, "The server is stopping");
    }
    r->q.body = buf_str(&r->body);
    r->q.body_len = r->body.len;
    h->handler(&r->q, &r->q.resp);
    return r->suspended ? MHD_YES : answer(r);
}

static void on_done(void *cls, struct MHD_Connection *conn, void **own, enum MHD_RequestTerminationCode why)
{
    struct request *r = *own;
    (void)cls, (void)conn, (void)why;
    if (!r)
        return;
    *own = NULL;
    buf_fini(&r->body);
    buf_fini(&r->q.resp.body);
    arena_free(r->q.a);
}

static void on_connection(void *cls, struct MHD_Connection *conn, void **ctx, enum MHD_ConnectionNotificationCode what)
{
    struct http *h = cls;
    (void)conn, (void)ctx;
    atomic_fetch_add(&h->open, what == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

/* ---- starting and stopping --------------------------------------------------------------------------------------- */

MUST_CHECK static bool address_of(const struct http_config *c, struct sockaddr_storage *out, struct err *e)
{
    char port[16];
    snprintf(port, sizeof port, "%d", c->port);
    bool all = !c->host || !c->host[0] || strcmp(c->host, "*") == 0;
    struct addrinfo want = {.ai_family = all ? AF_INET : AF_UNSPEC, .ai_socktype = SOCK_STREAM,
                            .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *found = NULL;
    int rc = getaddrinfo(all ? NULL : c->host, port, &want, &found);
    if (rc != 0 || !found)
        return err_set(e, ERR_INPUT, "--http", "\"%.60s\" is not an address: %s", c->host, gai_strerror(rc));
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

struct http *http_start(const struct http_config *c, struct err *e)
{
    struct sockaddr_storage addr = {0};
    if (!address_of(c, &addr, e))
        return NULL;
    struct http *h = mem_alloc(sizeof *h);
    h->handler = c->handler;
    h->user = c->user;
    unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    if (addr.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    h->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, h,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&addr,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)HTTP_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONN_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_SECONDS,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
        MHD_OPTION_END);
    if (!h->daemon) {
        err_set(e, ERR_INPUT, "--http", "cannot listen on %.60s port %d: %s", c->host, c->port, strerror(errno));
        mem_free(h);
        return NULL;
    }
    const union MHD_DaemonInfo *i = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    h->port = i ? i->port : c->port;
    return h;
}

int http_port(const struct http *h)
{
    return h->port;
}

void http_quiesce(struct http *h)
{
    atomic_store(&h->stopping, true);
}

void http_stop(struct http *h)
{
    if (!h)
        return;
    http_quiesce(h);
    const struct timespec step = {.tv_nsec = 5 * 1000 * 1000};
    for (int i = 0; i < 2000 && atomic_load(&h->suspended) > 0; i++)
        nanosleep(&step, NULL);
    MHD_stop_daemon(h->daemon);
    mem_free(h);
}

struct http_stats http_stats(const struct http *h)
{
    struct http *m = (struct http *)(uintptr_t)h; /* atomics are read through a plain pointer in C17 */
    return (struct http_stats){.requests = atomic_load(&m->requests), .connections_open = atomic_load(&m->open),
                               .suspended = atomic_load(&m->suspended), .refused = atomic_load(&m->refused)};
}
