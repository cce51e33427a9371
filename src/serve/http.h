/* http: requests in, answers out, and nothing of the HTTP library beyond this file.
 *
 * Owns the listening socket, the connections and each request with its arena. Handlers run in one of two HTTP threads
 * and must not wait: one that needs another thread calls http_suspend, hands the request on, and that thread fills the
 * answer and calls http_resume. Rule: a request has one owner at a time, and no client can make the server use more
 * than its named limits.
 */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include <pthread.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"

enum {
    HTTP_THREADS = 2,
    HTTP_CONNS_MAX = 1000,             /* the library polls: a wake-up costs as much as there are connections */
    HTTP_CONN_MEMORY = 32 * 1024,      /* bytes a connection, request line and headers included */
    HTTP_BODY_MAX = 1024 * 1024,       /* bytes of a request's body */
    HTTP_SWALLOW_MAX = 16 * 1024 * 1024, /* of a body over that, read before saying so; more: the connection is cut */
    HTTP_ANSWER_MAX = 16 * 1024 * 1024,/* bytes of an answer that is not a stream */
    HTTP_IDLE_SECONDS = 60,            /* a connection with nothing to say is closed */
    HTTP_HEADERS_MAX = 8,              /* headers a handler may add */
    HTTP_QUERY_MAX = 64                /* name=value pairs looked at */
};

struct http;

struct http_pair {
    const char *name, *value;
};

/* A body that is made while it is sent (live events). read gives the bytes it has, 0 for none at the moment (it is
 * asked again after http_stream_wake), -1 at the end. gone: the client left or the server stops; the last call. */
struct http_stream {
    ssize_t (*read)(struct http_stream *s, char *out, size_t max);
    void (*gone)(struct http_stream *s);
    /* http's own */
    void *conn;
    pthread_mutex_t lock;
    bool parked, woken;
};

struct http_resp {
    int status;               /* 200 unless set */
    const char *type;         /* content type; NULL: no body */
    struct buf body;
    const void *fixed;        /* instead of body: bytes that outlive the server */
    size_t fixed_len;
    struct http_stream *stream; /* instead of body */
    struct http_pair headers[HTTP_HEADERS_MAX];
    int header_count;
};

struct http_req {
    struct http *http;
    void *user;               /* as given to http_start */
    struct arena *a;          /* of this request, answer included */
    const char *method;       /* "GET", "POST" … */
    const char *path;         /* decoded, without the query */
    const char *address;      /* of the client, numeric, without the port */
    const char *body;
    size_t body_len;
    struct http_pair *query;
    int query_count;
    struct http_resp resp;
    struct request *own;      /* http's own */
};

typedef void http_handler(struct http_req *q, struct http_resp *r);

struct http_config {
    const char *host;         /* numeric address; "" or "*": all */
    int port;                 /* 0: any free one */
    http_handler *handler;
    void *user;
};

MUST_CHECK struct http *http_start(const struct http_config *c, struct err *e); /* NULL on error */
int http_port(const struct http *h);
/* No new requests are handled (503); then http_stop. Streams must have been woken to their end, suspended requests
 * resumed. */
void http_quiesce(struct http *h);
void http_stop(struct http *h); /* NULL is fine; waits for suspended requests, at most 10 s */

const char *http_header(const struct http_req *q, const char *name);          /* NULL if there is none */
const char *http_cookie(const struct http_req *q, const char *name);
const char *http_query(const struct http_req *q, const char *name);
void http_add_header(struct http_resp *r, const char *name, const char *value); /* value lives as long as the request */

/* False: the server is stopping; answer now (503). */
MUST_CHECK bool http_suspend(struct http_req *q);
void http_resume(struct http_req *q); /* any thread, once; q is no longer the caller's */
void http_stream_init(struct http_stream *s);  /* before anyone may wake it */
void http_stream_wake(struct http_stream *s); /* any thread */

struct http_stats {
    int64_t requests, connections_open, suspended, refused;
};
struct http_stats http_stats(const struct http *h);

#endif
