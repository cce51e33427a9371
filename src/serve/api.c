/* The route table, the small answers, and live events. Commands and views have files of their own. */
#include <sodium.h>
#include <string.h>

#include "serve/api.h"
#include "serve/assets.h"
#include "serve/demo.h"
#include "serve/describe.h"
#include "serve/metrics.h"
#include "serve/now.h"
#include "serve/problem.h"
#include "serve/session.h"

/* ---- small answers ----------------------------------------------------------------------------------------------- */

static void healthz(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct writer_stats w = writer_stats(s->writer);
    struct err e = {.kind = ERR_NONE};
    struct tx t;
    bool reads = reader_begin(s->readers, q->a, s->c.site, &t, &e);
    bool unsafe = reads && store_unsafe(t.store);
    if (reads)
        reader_end(s->readers, &t, false);
    struct json j;
    json_init(&j, &r->body);
    json_object(&j, NULL);
    json_str(&j, "status", reads && w.alive ? "ok" : "failing");
    json_bool(&j, "store", reads);
    json_bool(&j, "writer", w.alive);
    if (unsafe)
        json_str(&j, "warning", "the store does not wait for the disk (?sync=off): a power cut loses acknowledged records");
    json_int(&j, "seq", reads ? t.seq : w.seq);
    json_int(&j, "queued", w.queued);
    json_end(&j, '}');
    r->status = reads && w.alive ? 200 : 503;
    r->type = "application/json";
}

static void openapi(struct http_req *q, struct http_resp *r)
{
    (void)q;
    describe_openapi(&r->body);
    r->type = "application/json";
}

/* ---- live events ------------------------------------------------------------------------------------------------- */

enum { MISSED_MAX = 48 * 1024 }; /* text of what was missed; less than a stream holds */

/* What was missed since `from`, or that it was too much. */
MUST_CHECK static bool backlog(struct tx *t, int64_t from, const char *patient, struct buf *b, struct err *e)
{
    bool much = t->seq - from > HUB_RESUME_MAX;
    for (int64_t seq = from + 1; seq <= t->seq && !much && !b->full; seq++) {
        struct ledger_event v;
        bool found;
        if (!ledger_event_at(t, seq, &v, &found, e))
            return false;
        if (!found || (patient && (!v.head.patient || strcmp(v.head.patient, patient) != 0)))
            continue;
        const char *topic = v.type;
        for (int i = 0; i < t->types->count; i++)
            if (strcmp(t->types->types[i]->name, v.type) == 0)
                topic = t->types->types[i]->record->name;
        hub_format(b, seq, topic, v.head.subject);
        if (v.head.patient)
            hub_format(b, seq, "patient", v.head.patient);
    }
    if (much || b->full) {
        buf_clear(b);
        buf_printf(b, "event: reset\nid: %lld\ndata: {\"seq\":%lld}\n\n", (long long)t->seq, (long long)t->seq);
    }
    return true;
}

static int64_t last_event_id(struct http_req *q)
{
    const char *text = http_header(q, "Last-Event-ID");
    if (!text)
        text = http_query(q, "after"); /* for clients that cannot set the header */
    if (!text || !text[0] || strspn(text, "0123456789") != strlen(text) || strlen(text) > 18)
        return -1;
    int64_t n = 0;
    for (const char *p = text; *p; p++)
        n = n * 10 + (*p - '0');
    return n;
}

MUST_CHECK static struct http_stream *listen(struct server *s, struct http_req *q, struct tx *t, uint64_t mark,
                                             struct buf *missed, struct err *e)
{
    struct who w;
    if (!session_find(s, q, t, &w, e))
        return NULL;
    const char *patient = w.by.roles == ROLE_PATIENT ? (w.by.patient ? w.by.patient : "") : NULL;
    int64_t from = last_event_id(q);
    if (from >= 0 && from < t->seq && !backlog(t, from, patient, missed, e))
        return NULL;
    struct hub_listener_config c = {.site = s->c.site, .session = w.session.id, .patient = patient,
                                    .ends = w.session.ends, .seq = t->seq, .mark = mark, .backlog = buf_str(missed)};
    return hub_listen(s->hub, &c, e);
}

static void events(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct err e = {.kind = ERR_NONE};
    struct tx t;
    struct buf missed;
    struct http_stream *stream = NULL;
    buf_init(&missed, MISSED_MAX);
    uint64_t mark = hub_mark(s->hub); /* before the snapshot: nothing falls between the two */
    if (reader_begin(s->readers, q->a, s->c.site, &t, &e)) {
        stream = listen(s, q, &t, mark, &missed, &e);
        reader_end(s->readers, &t, e.kind == ERR_STORE);
    }
    buf_fini(&missed);
    if (!stream) {
        problem_answer(r, &e);
        return;
    }
    r->stream = stream;
    r->type = "text/event-stream";
    http_add_header(r, "X-Accel-Buffering", "no");
    http_add_header(r, "Connection", "close"); /* the end of the stream is seen at once */
}

/* ---- routes ------------------------------------------------------------------------------------------------------ */

struct route {
    const char *method, *path; /* NULL: any method; a path that ends in "/" takes what is below it */
    http_handler *handler;
};

static const struct route routes[] = {
    {"POST", "/api/command/", api_command},
    {"GET", "/api/view/", api_view},
    {"GET", "/api/print/label/", api_print_label},
    {NULL, "/fhir/R4/", api_fhir},
    {"GET", "/api/events", events},
    {"POST", "/api/login", session_login},
    {"POST", "/api/logout", session_logout},
    {"GET", "/api/me", session_me},
    {"GET", "/api/demo", demo_logins},
    {"GET", "/api/openapi.json", openapi},
    {"GET", "/healthz", healthz},
    {"GET", "/metrics", metrics_show},
    {"GET", "/", assets_serve}, /* the pages; last */
};

static bool route_takes(const struct route *t, const char *path)
{
    size_t n = strlen(t->path);
    return t->path[n - 1] == '/' ? strncmp(path, t->path, n) == 0 : strcmp(path, t->path) == 0;
}

/* A form of another site cannot send JSON without asking first. */
static bool is_json(const struct http_req *q)
{
    const char *type = http_header(q, "Content-Type");
    return type && strncmp(type, "application/json", 16) == 0 && (type[16] == 0 || type[16] == ';' || type[16] == ' ');
}

void api_handle(struct http_req *q, struct http_resp *r)
{
    const char *method = strcmp(q->method, "HEAD") == 0 ? "GET" : q->method;
    bool other_method = false;
    struct err e = {.kind = ERR_NONE};
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        const struct route *t = &routes[i];
        if (!route_takes(t, q->path) ||
            (t->handler == assets_serve && (other_method || strncmp(q->path, "/api/", 5) == 0)))
            continue;
        if (t->method && strcmp(t->method, method) != 0) {
            other_method = true;
            continue;
        }
        if (t->method && strcmp(method, "POST") == 0 && q->body_len && !is_json(q)) {
            err_set(&e, ERR_INPUT, "Content-Type", "a body is sent as application/json");
            problem_other(r, 415, "media-type", "Not JSON", &e);
            return;
        }
        t->handler(q, r);
        return;
    }
    if (other_method) {
        err_set(&e, ERR_INPUT, "", "this address takes another method than %.20s", q->method);
        problem_other(r, 405, "method", "Another method", &e);
    } else {
        problem_set(r, ERR_NOT_FOUND, "", "there is nothing at this address");
    }
}
