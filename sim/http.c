#include "sim/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/json.h"

enum { CONNECT_MS = 3000, REQUEST_MS = 20000, WAIT_FIRST_MS = 20, WAIT_LAST_MS = 1000 };

/* One request with what came back. */
struct exchange {
    const char *method, *path, *body, *key;
    struct buf in;
    long status;
};

static size_t on_body(char *data, size_t size, size_t n, void *to)
{
    struct buf *b = to;
    buf_add(b, data, size * n);
    return b->full ? 0 : size * n;
}

bool http_init(struct http *h, const char *url, const char *nonce, struct err *e)
{
    memset(h, 0, sizeof *h);
    if (strlen(url) >= sizeof h->url - 8 || strlen(nonce) >= sizeof h->key_head)
        return err_set(e, ERR_TOO_LARGE, "--http", "address or nonce is too long");
    strcpy(h->url, url);
    strcpy(h->key_head, nonce);
    h->curl = curl_easy_init();
    if (!h->curl)
        return err_set(e, ERR_INTERNAL, "http", "libcurl could not be started");
    return true;
}

void http_fini(struct http *h)
{
    if (h->curl)
        curl_easy_cleanup(h->curl);
    curl_slist_free_all(h->headers);
    memset(h, 0, sizeof *h);
}

const char *http_escape(struct http *h, struct arena *a, const char *text)
{
    char *s = curl_easy_escape(h->curl, text, 0);
    const char *copy = arena_strdup(a, s ? s : "");
    curl_free(s);
    return copy;
}

static void add_header(struct http *h, const char *name, const char *value)
{
    char line[HTTP_TEXT_MAX * 2];
    snprintf(line, sizeof line, "%s: %s", name, value);
    h->headers = curl_slist_append(h->headers, line);
}

static void set_up(struct http *h, struct exchange *x)
{
    char address[2048];
    snprintf(address, sizeof address, "%s%s", h->url, x->path);
    curl_slist_free_all(h->headers);
    h->headers = NULL;
    add_header(h, "Accept", "application/json, application/problem+json");
    curl_easy_setopt(h->curl, CURLOPT_URL, address);
    curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h->curl, CURLOPT_COOKIEFILE, ""); /* cookies on, in memory */
    curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, (long)REQUEST_MS);
    curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &x->in);
    if (x->body) {
        add_header(h, "Content-Type", "application/json");
        add_header(h, "Origin", h->url);
        add_header(h, "Expect", "");
        if (*h->csrf)
            add_header(h, "X-CSRF-Token", h->csrf);
        if (x->key)
            add_header(h, "Idempotency-Key", x->key);
        curl_easy_setopt(h->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(x->body));
        curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, x->body);
    } else {
        curl_easy_setopt(h->curl, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, h->headers);
}

static void wait_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Sends until someone answers with more than "busy". */
static bool exchange_run(struct http *h, struct exchange *x, struct err *e)
{
    long wait = WAIT_FIRST_MS;
    CURLcode code = CURLE_OK;
    for (int i = 0; i < HTTP_TRIES; i++) {
        buf_clear(&x->in);
        set_up(h, x);
        h->requests++;
        code = curl_easy_perform(h->curl);
        if (x->in.full)
            return err_set(e, ERR_TOO_LARGE, x->path, "answer is over %d bytes", (int)HTTP_BODY_MAX);
        curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &x->status);
        if (code == CURLE_OK && x->status != 503)
            return true;
        h->retries++;
        wait_ms(wait);
        wait = wait * 2 > WAIT_LAST_MS ? WAIT_LAST_MS : wait * 2;
    }
    if (code == CURLE_OK)
        return err_set(e, ERR_BUSY, x->path, "the server stayed busy");
    h->away = true;
    return err_set(e, ERR_BUSY, x->path, "the server cannot be reached: %s", curl_easy_strerror(code));
}

static enum err_kind kind_of(long status)
{
    switch (status) {
    case 400: return ERR_INPUT;
    case 401: return ERR_SIGNED_OUT;
    case 403: return ERR_FORBIDDEN;
    case 404: return ERR_NOT_FOUND;
    case 409: return ERR_CONFLICT;
    case 413: return ERR_TOO_LARGE;
    case 422: return ERR_REFUSED;
    case 503: return ERR_BUSY;
    default: return ERR_STORE;
    }
}

static bool exchange_read(struct exchange *x, struct arena *a, struct node **body, struct err *e)
{
    *body = NULL;
    struct err bad = {0};
    if (x->in.len > 0)
        *body = json_read(a, buf_str(&x->in), x->in.len, HTTP_BODY_MAX, &bad);
    if (x->status >= 200 && x->status < 300) {
        if (!*body && x->in.len > 0)
            return err_set(e, ERR_STORE, x->path, "answer is not JSON: %s (%s)", bad.text, bad.where);
        return true;
    }
    const char *where = node_str_at(*body, "field"), *text = node_str_at(*body, "detail");
    return err_set(e, kind_of(x->status), where ? where : x->path, "%ld %s", x->status,
                   text ? text : "(no problem document)");
}

static void keep(char *to, size_t size, const struct node *body, const char *path)
{
    const char *s = node_str_at(body, path);
    snprintf(to, size, "%s", s ? s : "");
}

bool http_sign_in(struct http *h, const char *login, const char *password, struct err *e)
{
    snprintf(h->login, sizeof h->login, "%s", login);
    snprintf(h->password, sizeof h->password, "%s", password);
    *h->csrf = 0;
    struct buf b;
    struct json j;
    buf_init(&b, 4096);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_str(&j, "login", login);
    json_str(&j, "password", password);
    json_end(&j, '}');
    struct arena *a = arena_new();
    struct node *body = NULL;
    struct exchange x = {.path = "/api/login", .body = buf_str(&b)};
    buf_init(&x.in, HTTP_BODY_MAX);
    bool ok = exchange_run(h, &x, e) && exchange_read(&x, a, &body, e);
    if (ok) {
        struct exchange me = {.path = "/api/me"};
        buf_init(&me.in, HTTP_BODY_MAX);
        ok = exchange_run(h, &me, e) && exchange_read(&me, a, &body, e);
        buf_fini(&me.in);
    }
    if (ok) {
        keep(h->csrf, sizeof h->csrf, body, "csrf");
        keep(h->id, sizeof h->id, body, "id");
        keep(h->name, sizeof h->name, body, "name");
        keep(h->badge, sizeof h->badge, body, "badge");
        keep(h->patient, sizeof h->patient, body, "patient");
    }
    buf_fini(&x.in);
    buf_fini(&b);
    arena_free(a);
    return ok;
}

/* Run; if the session has ended meanwhile, sign in again and run once more (the key of a command stays). */
static bool run(struct http *h, struct exchange *x, struct arena *a, struct node **body, struct err *e)
{
    buf_init(&x->in, HTTP_BODY_MAX);
    bool ok = exchange_run(h, x, e);
    if (ok && x->status == 401 && *h->login)
        ok = http_sign_in(h, h->login, h->password, e) && exchange_run(h, x, e);
    ok = ok && exchange_read(x, a, body, e);
    buf_fini(&x->in);
    return ok;
}

bool http_get(struct http *h, struct arena *a, const char *path, struct node **body, struct err *e)
{
    *body = NULL;
    struct exchange x = {.path = path};
    return run(h, &x, a, body, e);
}

bool http_view(struct http *h, struct arena *a, const char *name, const char *query, struct node **body, struct err *e)
{
    return http_get(h, a, arena_printf(a, "/api/view/%s%s%s", name, *query ? "?" : "", query), body, e);
}

bool http_command(struct http *h, struct arena *a, const char *name, const char *input_json,
                  const struct http_said *said, struct node **body, struct err *e)
{
    *body = NULL;
    struct buf b;
    struct json j;
    buf_init(&b, HTTP_BODY_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    json_raw(&j, "input", input_json);
    if (said->happened != UTC_NONE)
        json_time(&j, "happened", said->happened);
    if (said->reason)
        json_str(&j, "reason", said->reason);
    if (said->overrides)
        json_raw(&j, "override", said->overrides);
    json_end(&j, '}');
    bool ok = buf_ok(&b, name, e);
    if (ok) {
        char key[80];
        snprintf(key, sizeof key, "%s-%.30s-%llu", h->key_head, h->login, (unsigned long long)++h->keys);
        struct exchange x = {.path = arena_printf(a, "/api/command/%s", name), .body = buf_str(&b), .key = key};
        ok = run(h, &x, a, body, e);
    }
    buf_fini(&b);
    return ok;
}
