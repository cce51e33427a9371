#include "serve/session.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "serve/now.h"
#include "serve/problem.h"
#include "serve/throttle.h"

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 44, LOGIN_BODY_MAX = 4096 };
#define COOKIE "venule"

/* ---- passwords --------------------------------------------------------------------------------------------------- */

bool password_acceptable(const char *password, struct err *e)
{
    size_t n = strlen(password);
    return (n >= PASSWORD_MIN && n <= PASSWORD_MAX) ||
           err_set(e, ERR_INPUT, "password", "a password is %d to %d bytes long", PASSWORD_MIN, PASSWORD_MAX);
}

bool password_hash(const char *password, char out[160], struct err *e)
{
    _Static_assert(crypto_pwhash_STRBYTES <= 160, "room for the hash");
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0 ||
           err_set(e, ERR_INTERNAL, "password", "no memory to hash a password");
}

bool password_mark(const char *password, const char *salt, char out[65], struct err *e)
{
    unsigned char s[crypto_pwhash_SALTBYTES], key[32];
    crypto_generichash(s, sizeof s, (const unsigned char *)salt, strlen(salt), NULL, 0);
    if (crypto_pwhash(key, sizeof key, password, strlen(password), s, PASSWORD_PASSES, PASSWORD_MEMORY,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_set(e, ERR_INTERNAL, "password", "no memory to hash a password");
    sodium_bin2hex(out, 65, key, sizeof key);
    return true;
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

static void token_make(char out[TOKEN_TEXT])
{
    unsigned char bytes[TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(out, TOKEN_TEXT, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void token_id(const char *token, char out[65])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, (const unsigned char *)token, strlen(token));
    sodium_bin2hex(out, 65, h, sizeof h);
}

static const char *cookie_text(struct server *s, struct arena *a, const char *token, int64_t seconds)
{
    return arena_printf(a, COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s", token, (long long)seconds,
                        s->c.proxied ? "; Secure" : "");
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

/* The row's last use, written now and then so that a session in use does not end. */
struct touch {
    struct write_job job; /* first */
    struct arena *a;
    struct session session;
};

static bool touch_decide(struct write_job *j, struct tx *t, struct err *e)
{
    struct touch *u = (struct touch *)j;
    BLANK(session, now);
    bool found;
    if (!table_get(t, &record_session, u->session.id, &now, &found, e))
        return false;
    return !found || runtime_put(t, &record_session, &u->session, e);
}

static void touch_done(struct write_job *j)
{
    arena_free(((struct touch *)j)->a);
}

static void session_touch(struct server *s, const struct session *old, utc_t now)
{
    struct arena *a = arena_new();
    struct touch *u = ARENA_NEW(a, struct touch);
    struct err e = {.kind = ERR_NONE};
    u->a = a;
    u->session = *old;
    u->session.id = arena_strdup(a, old->id);
    u->session.staff = arena_strdup(a, old->staff);
    u->session.csrf = arena_strdup(a, old->csrf);
    u->session.used = now;
    u->job = (struct write_job){.site = s->c.site, .decide = touch_decide, .done = touch_done};
    if (!writer_submit(s->writer, &u->job, &e))
        arena_free(a); /* busy: the next request will touch it */
}

bool session_find(struct server *s, struct http_req *q, struct tx *t, struct who *out, struct err *e)
{
    const char *token = http_cookie(q, COOKIE);
    char id[65];
    bool found;
    utc_t now = now_real();
    memset(out, 0, sizeof *out);
    if (!token || strlen(token) >= 100)
        return err_set(e, ERR_SIGNED_OUT, "", "please sign in");
    token_id(token, id);
    if (!table_get(t, &record_session, id, &out->session, &found, e))
        return false;
    if (!found || now >= out->session.ends || now - out->session.used > SESSION_IDLE)
        return err_set(e, ERR_SIGNED_OUT, "", "your session has ended; please sign in again");
    if (!table_get(t, &record_staff, out->session.staff, &out->staff, &found, e))
        return false;
    if (!found || out->staff.active != 1)
        return err_set(e, ERR_SIGNED_OUT, "", "you may no longer sign in here");
    out->by = (struct actor){.id = out->staff.id, .name = out->staff.name, .roles = roles_read(out->staff.roles),
                             .patient = out->staff.patient};
    if (now - out->session.used > SESSION_TOUCH)
        session_touch(s, &out->session, now);
    return true;
}

bool session_csrf(const struct http_req *q, const struct who *w, struct err *e)
{
    const char *sent = http_header(q, "X-CSRF-Token");
    size_t n = strlen(w->session.csrf);
    if (!sent)
        return err_set(e, ERR_FORBIDDEN, "X-CSRF-Token", "the header X-CSRF-Token is missing; its value is in /api/me");
    if (strlen(sent) != n || sodium_memcmp(sent, w->session.csrf, n) != 0)
        return err_set(e, ERR_FORBIDDEN, "X-CSRF-Token", "the header X-CSRF-Token is not this session's");
    return true;
}

/* ---- ending --------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool end_all(struct tx *t, const struct session *rows, int count, const char *keep, struct err *e)
{
    for (int i = 0; i < count; i++)
        if ((!keep || strcmp(rows[i].id, keep) != 0) && !runtime_delete(t, &record_session, rows[i].id, e))
            return false;
    return true;
}

bool session_end_of(struct tx *t, const char *staff, const char *keep, struct err *e)
{
    struct session *rows;
    int count;
    return table_list(t, &record_session, "staff=?2", VALS(V_TEXT(staff)), &rows, &count, e) &&
           end_all(t, rows, count, keep, e);
}

static bool sweep_decide(struct write_job *j, struct tx *t, struct err *e)
{
    struct session *rows;
    int count;
    utc_t now = now_real();
    (void)j;
    return table_list(t, &record_session, "(ends<?2 OR used<?3) LIMIT 1000", VALS(V_INT(now), V_INT(now - SESSION_IDLE)),
                      &rows, &count, e) &&
           end_all(t, rows, count, NULL, e);
}

void session_sweep(struct server *s)
{
    struct err e = {.kind = ERR_NONE};
    struct write_job j = {.site = s->c.site, .decide = sweep_decide};
    if (!writer_run(s->writer, &j, &e))
        fprintf(stderr, "venule serve: sessions: %s\n", e.text);
}

/* ---- signing in -------------------------------------------------------------------------------------------------- */

struct login {
    struct write_job job; /* first */
    struct http_req *q;
    struct server *s;
    const char *name, *password, *address;
    char token[TOKEN_TEXT], csrf[TOKEN_TEXT], id[65];
    struct session session;
};

/* Behind our own proxy all connections come from it: the last address it added is the client's. */
static const char *client_address(const struct server *s, struct http_req *q)
{
    const char *by = s->c.proxied ? http_header(q, "X-Forwarded-For") : NULL;
    const char *last = by ? strrchr(by, ',') : NULL;
    by = last ? last + 1 + strspn(last + 1, " ") : by;
    return by && by[0] && strlen(by) < 64 ? by : q->address;
}

MUST_CHECK static bool login_read(struct http_req *q, struct login *l, struct err *e)
{
    struct node *n = json_read(q->a, q->body, q->body_len, LOGIN_BODY_MAX, e);
    if (!n)
        return false;
    l->name = node_str(node_get(n, "login"));
    l->password = node_str(node_get(n, "password"));
    if (!l->name || strlen(l->name) > 60)
        return err_set(e, ERR_INPUT, "login", "login is missing");
    if (!l->password || strlen(l->password) > PASSWORD_MAX)
        return err_set(e, ERR_INPUT, "password", "password is missing");
    return true;
}

static bool login_decide(struct write_job *j, struct tx *t, struct err *e)
{
    struct login *l = (struct login *)j;
    return runtime_put(t, &record_session, &l->session, e);
}

static void login_done(struct write_job *j)
{
    struct login *l = (struct login *)j;
    if (j->ok) {
        struct json o;
        http_add_header(&l->q->resp, "Set-Cookie",
                        cookie_text(l->s, l->q->a, l->token, SESSION_ABSOLUTE / UTC_SECOND));
        json_init(&o, &l->q->resp.body);
        json_object(&o, NULL);
        json_str(&o, "csrf", l->csrf);
        json_end(&o, '}');
        l->q->resp.type = "application/json";
    } else {
        problem_answer(&l->q->resp, &j->err);
    }
    http_resume(l->q);
}

/* The person by login, password hash included. */
MUST_CHECK static bool login_staff(struct login *l, struct staff *out, bool *found, struct err *e)
{
    struct tx t;
    struct staff *rows;
    int count;
    if (!reader_begin(l->s->readers, l->q->a, l->s->c.site, &t, e))
        return false;
    bool ok = table_list(&t, &record_staff, "login=?2", VALS(V_TEXT(l->name)), &rows, &count, e);
    reader_end(l->s->readers, &t, !ok);
    *found = ok && count == 1 && rows[0].active == 1 && rows[0].password;
    if (*found)
        *out = rows[0];
    return ok;
}

/* Job thread: the same work whether the login exists or not, so that its absence cannot be timed. */
MUST_CHECK static bool login_check(struct login *l, struct err *e)
{
    static const char nobody[crypto_pwhash_STRBYTES] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    BLANK(staff, who);
    bool found;
    if (!login_staff(l, &who, &found, e))
        return false;
    bool right = crypto_pwhash_str_verify(found ? who.password : nobody, l->password, strlen(l->password)) == 0 &&
                 found;
    utc_t now = now_real();
    if (!right) {
        throttle_failed(l->s->throttle, l->name, l->address, now);
        atomic_fetch_add(&l->s->metrics.login_failures, 1);
        return err_set(e, ERR_SIGNED_OUT, "password", "login or password is wrong");
    }
    throttle_passed(l->s->throttle, l->name, l->address);
    atomic_fetch_add(&l->s->metrics.logins, 1);
    token_make(l->token);
    token_make(l->csrf);
    token_id(l->token, l->id);
    l->session = (struct session){.id = l->id, .staff = who.id, .csrf = l->csrf, .made = now, .used = now,
                                  .ends = now + SESSION_ABSOLUTE};
    l->job = (struct write_job){.site = l->s->c.site, .decide = login_decide, .done = login_done};
    return writer_submit(l->s->writer, &l->job, e);
}

static void login_run(void *ctx)
{
    struct login *l = ctx;
    struct err e = {.kind = ERR_NONE};
    if (!login_check(l, &e)) {
        problem_answer(&l->q->resp, &e);
        http_resume(l->q);
    }
}

static void login_too_soon(struct http_req *q, struct http_resp *r, utc_t wait)
{
    long long seconds = (wait + UTC_SECOND - 1) / UTC_SECOND;
    struct err e = {.kind = ERR_NONE};
    err_set(&e, ERR_BUSY, "password", "too many wrong passwords; try again in %lld s", seconds);
    problem_other(r, 429, "throttled", "Please wait", &e);
    http_add_header(r, "Retry-After", arena_printf(q->a, "%lld", seconds));
}

void session_login(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct login *l = ARENA_NEW(q->a, struct login);
    struct err e = {.kind = ERR_NONE};
    l->q = q;
    l->s = s;
    l->address = client_address(s, q);
    if (!login_read(q, l, &e)) {
        problem_answer(r, &e);
        return;
    }
    utc_t wait = throttle_wait(s->throttle, l->name, l->address, now_real());
    if (wait) {
        login_too_soon(q, r, wait);
        return;
    }
    if (!http_suspend(q)) {
        problem_set(r, ERR_BUSY, "", "the server is stopping");
        return;
    }
    if (!jobs_add(s->jobs, login_run, l, &e)) {
        problem_answer(r, &e);
        http_resume(q);
    }
}

/* ---- signing out ------------------------------------------------------------------------------------------------- */

struct logout {
    struct write_job job; /* first */
    struct http_req *q;
    struct server *s;
    const char *id;
};

static bool logout_decide(struct write_job *j, struct tx *t, struct err *e)
{
    return runtime_delete(t, &record_session, ((struct logout *)j)->id, e);
}

static void logout_done(struct write_job *j)
{
    struct logout *l = (struct logout *)j;
    if (j->ok) {
        l->q->resp.status = 204;
        http_add_header(&l->q->resp, "Set-Cookie", cookie_text(l->s, l->q->a, "", 0));
        hub_end_session(l->s->hub, l->id);
    } else {
        problem_answer(&l->q->resp, &j->err);
    }
    http_resume(l->q);
}

void session_logout(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct who w;
    struct tx t;
    struct err e = {.kind = ERR_NONE};
    struct logout *l = ARENA_NEW(q->a, struct logout);
    bool ok = reader_begin(s->readers, q->a, s->c.site, &t, &e);
    if (ok) {
        ok = session_find(s, q, &t, &w, &e) && session_csrf(q, &w, &e);
        reader_end(s->readers, &t, e.kind == ERR_STORE);
    }
    if (!ok) {
        problem_answer(r, &e);
        return;
    }
    *l = (struct logout){.job = {.site = s->c.site, .decide = logout_decide, .done = logout_done},
                         .q = q, .s = s, .id = w.session.id};
    if (!http_suspend(q)) {
        problem_set(r, ERR_BUSY, "", "the server is stopping");
        return;
    }
    if (!writer_submit(s->writer, &l->job, &e)) {
        problem_answer(r, &e);
        http_resume(q);
    }
}

/* ---- who am I ---------------------------------------------------------------------------------------------------- */

static void roles_json(struct json *j, unsigned roles)
{
    json_list(j, "roles");
    for (int i = 0; role_words[i]; i++)
        if (roles & (1u << i))
            json_str(j, NULL, role_words[i]);
    json_end(j, ']');
}

static void me_json(struct server *s, const struct who *w, const struct site_info *site, struct json *j)
{
    char clock[CLOCK_TEXT_MAX];
    json_object(j, NULL);
    json_str(j, "id", w->by.id);
    json_str(j, "login", w->staff.login);
    json_str(j, "name", w->by.name);
    if (w->staff.badge)
        json_str(j, "badge", w->staff.badge);
    roles_json(j, w->by.roles);
    if (w->by.patient)
        json_str(j, "patient", w->by.patient);
    json_str(j, "csrf", w->session.csrf);
    json_time(j, "ends", w->session.ends);
    record_to_json(&record_site_info, site, j, "site");
    json_int(j, "site_number", s->c.site);
    json_time(j, "now", server_care_now(s));
    json_time(j, "real_now", now_real());
    json_str(j, "clock", clock_text(&s->c.clock, clock));
    json_int(j, "speed_thousandths", s->c.clock.speed);
    json_bool(j, "demo", s->c.demo);
    const struct content *c = atomic_load(&s->content);
    if (c)
        json_str(j, "content", c->hash);
    if (s->candidate && s->candidate != c)
        json_str(j, "candidate", s->candidate->hash); /* read by this server, not in force */
    json_end(j, '}');
}

void session_me(struct http_req *q, struct http_resp *r)
{
    struct server *s = q->user;
    struct err e = {.kind = ERR_NONE};
    struct who w;
    struct tx t;
    BLANK(site_info, site);
    const struct zone *z;
    bool found, ok = reader_begin(s->readers, q->a, s->c.site, &t, &e);
    if (ok) {
        ok = session_find(s, q, &t, &w, &e) && server_site(s, &t, &site, &z, &found, &e);
        reader_end(s->readers, &t, e.kind == ERR_STORE);
    }
    if (!ok) {
        problem_answer(r, &e);
        return;
    }
    struct json j;
    json_init(&j, &r->body);
    me_json(s, &w, &site, &j);
    r->type = "application/json";
}
