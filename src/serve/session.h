/* session: who is asking. Sign-in, sign-out, the cookie and the token against forged requests.
 *
 * A session is a runtime row keyed by the SHA-256 of its cookie; passwords are Argon2id, checked by the job thread.
 * Real time only. Rule: the cookie's token is nowhere stored, a request that changes something carries the CSRF token
 * as a header, and a wrong password costs ever more waiting, never a locked account.
 */
#ifndef SERVE_SESSION_H
#define SERVE_SESSION_H

#include "record/runtime.h"
#include "serve/server.h"

#define SESSION_IDLE (30 * UTC_MINUTE)
#define SESSION_ABSOLUTE (12 * UTC_HOUR)
#define SESSION_TOUCH UTC_MINUTE    /* `used` is written at most this often */
enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200 };
#define PASSWORD_MEMORY (19 * 1024 * 1024) /* OWASP's Argon2id floor with PASSWORD_PASSES */
#define PASSWORD_PASSES 2

struct who {
    struct session session;
    struct staff staff;
    struct actor by;
};

/* Who holds the request's cookie; ERR_SIGNED_OUT if nobody. Strings live in t->a. */
MUST_CHECK bool session_find(struct server *s, struct http_req *q, struct tx *t, struct who *out, struct err *e);
/* The request carries the session's CSRF token. */
MUST_CHECK bool session_csrf(const struct http_req *q, const struct who *w, struct err *e);

/* Writer thread, in the transaction of a changed password or role: the person's sessions end, `keep` (may be NULL) apart. */
MUST_CHECK bool session_end_of(struct tx *t, const char *staff, const char *keep, struct err *e);
/* Main thread: rows of sessions that are over are removed. */
void session_sweep(struct server *s);

void session_login(struct http_req *q, struct http_resp *r);   /* POST /api/login {login, password} */
void session_logout(struct http_req *q, struct http_resp *r);  /* POST /api/logout */
void session_me(struct http_req *q, struct http_resp *r);      /* GET /api/me */

/* Argon2id, random salt; slow. */
MUST_CHECK bool password_hash(const char *password, char out[160], struct err *e);
/* The same password gives the same text for the same salt text: for comparing requests, not for sign-in. */
MUST_CHECK bool password_mark(const char *password, const char *salt, char out[65], struct err *e);
MUST_CHECK bool password_acceptable(const char *password, struct err *e);

#endif
