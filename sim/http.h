/* http: one person's browser, as far as the server can tell: a cookie session, its CSRF token, commands and views.
 *
 * Owns the connection and the session of one login. One thread. Rule: a command is sent again only with the same
 * Idempotency-Key, so a lost answer never does a thing twice. A server that is away or busy is waited for up to
 * HTTP_TRIES times; a session that ended is opened again once.
 */
#ifndef SIM_HTTP_H
#define SIM_HTTP_H

#include "base/arena.h"
#include "base/tree.h"
#include "base/utc.h"

enum { HTTP_TRIES = 60, HTTP_BODY_MAX = 16 * 1024 * 1024, HTTP_TEXT_MAX = 256 };

struct http {
    void *curl;
    void *headers;
    char url[HTTP_TEXT_MAX], login[64], password[64], csrf[HTTP_TEXT_MAX], key_head[17];
    char id[64], name[HTTP_TEXT_MAX], badge[64], patient[64]; /* of the signed-in person, as /api/me says */
    uint64_t keys;                               /* commands sent, for the next Idempotency-Key */
    uint64_t requests, retries;
    bool away; /* nobody answered at all, HTTP_TRIES times in a row */
};

/* What a person adds to a command. */
struct http_said {
    utc_t happened;        /* UTC_NONE: now */
    const char *reason;    /* NULL: none */
    const char *overrides; /* JSON list of {"rule","facts","reason"}; NULL: none */
};
#define HTTP_SAID_NOTHING ((struct http_said){UTC_NONE, NULL, NULL})

/* `url` without a trailing slash; `nonce` must differ between runs against one store (it begins every key). */
MUST_CHECK bool http_init(struct http *h, const char *url, const char *nonce, struct err *e);
void http_fini(struct http *h);

MUST_CHECK bool http_sign_in(struct http *h, const char *login, const char *password, struct err *e);

/* GET path (beginning with '/'). The body is read as JSON into `a`. On failure *e tells kind, where and text; *body
 * is the problem document if there was one, else NULL. */
MUST_CHECK bool http_get(struct http *h, struct arena *a, const char *path, struct node **body, struct err *e);
/* GET /api/view/NAME?query ("" for none, else "visit=…", already escaped). */
MUST_CHECK bool http_view(struct http *h, struct arena *a, const char *name, const char *query, struct node **body,
                          struct err *e);
/* POST /api/command/NAME with {"input":input_json, …}. ERR_REFUSED: *body holds the refusals. */
MUST_CHECK bool http_command(struct http *h, struct arena *a, const char *name, const char *input_json,
                             const struct http_said *said, struct node **body, struct err *e);

/* Query text escaped for an address. */
const char *http_escape(struct http *h, struct arena *a, const char *text);

#endif
