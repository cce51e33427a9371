/* A command over HTTP: read and checked here, decided by the writer, answered when it is on the disk. */
#include <sodium.h>
#include <string.h>

#include "serve/api.h"
#include "serve/now.h"
#include "serve/problem.h"
#include "serve/release.h"
#include "serve/session.h"

struct command_job {
    struct write_job job; /* first */
    struct server *s;
    struct http_req *q;
    struct command_run run;
    const char *session;  /* of the caller */
    const char *password; /* to be hashed by the job thread before anything else; NULL: none */
};

/* ---- deciding and answering -------------------------------------------------------------------------------------- */

/* Whose password or roles the command changed: whoever is signed in as them signs in again. */
static const char *staff_changed(const struct command_run *r)
{
    if (r->command->in == &record_staff_password_in)
        return ((const struct staff_password_in *)r->in)->staff;
    return r->command->in == &record_staff_change_in ? ((const struct staff_change_in *)r->in)->staff : NULL;
}

static bool job_decide(struct write_job *j, struct tx *t, struct err *e)
{
    struct command_job *k = (struct command_job *)j;
    if (!command_decide(&k->run, t, e))
        return false;
    const char *changed = k->run.repeated ? NULL : staff_changed(&k->run);
    return !changed || session_end_of(t, changed, k->session, e);
}

static bool job_keep(struct write_job *j, struct tx *t, struct err *e)
{
    return command_keep_refusals(&((struct command_job *)j)->run, t, &j->err, e);
}

static void count(struct metrics *m, const struct write_job *j, const struct command_run *r)
{
    if (j->ok)
        atomic_fetch_add(r->repeated ? &m->repeated : &m->accepted, 1);
    else if (j->err.kind == ERR_REFUSED)
        atomic_fetch_add(&m->refused, 1);
    else if (problem_status(j->err.kind) >= 500)
        atomic_fetch_add(&m->failed, 1);
    else
        atomic_fetch_add(&m->denied, 1);
}

static void job_done(struct write_job *j)
{
    struct command_job *k = (struct command_job *)j;
    struct http_resp *r = &k->q->resp;
    count(&k->s->metrics, j, &k->run);
    bool kept = j->ok || (j->err.kind == ERR_REFUSED && k->run.answer);
    if (kept) {
        r->status = k->run.status;
        r->type = r->status == 200 ? "application/json" : "application/problem+json";
        buf_puts(&r->body, k->run.answer);
        if (j->ok && !k->run.repeated && k->run.command->in == &record_content_release_in)
            server_released(k->s);
        if (!k->run.repeated && k->run.event_count)
            hub_publish(k->s->hub, k->s->c.site, k->run.events, k->run.event_count);
    } else {
        problem_answer(r, &j->err);
    }
    http_resume(k->q);
}

/* ---- reading the request ----------------------------------------------------------------------------------------- */

MUST_CHECK static bool key_read(struct command_job *k, struct err *e)
{
    const char *key = http_header(k->q, "Idempotency-Key");
    if (!key)
        return err_set(e, ERR_INPUT, "Idempotency-Key",
                       "the header Idempotency-Key is missing: a name of the caller's own "
                       "for this very command, so that sending it twice does it once");
    size_t n = strlen(key);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)key[i] <= ' ' || (unsigned char)key[i] > '~')
            return err_set(e, ERR_INPUT, "Idempotency-Key", "only printable ASCII characters, no spaces");
    if (n < KEY_MIN || n > KEY_MAX)
        return err_set(e, ERR_INPUT, "Idempotency-Key", "%d to %d characters, not %zu", KEY_MIN, KEY_MAX, n);
    k->run.key = arena_strdup(k->q->a, key);
    return true;
}

MUST_CHECK static bool override_read(const struct node *n, struct override *o, struct err *e)
{
    if (n->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "override", "each is {\"rule\", \"facts\", \"reason\"}");
    *o = (struct override){.rule = node_str(node_get(n, "rule")), .facts_hash = node_str(node_get(n, "facts")),
                           .reason = node_str(node_get(n, "reason"))};
    if (!o->rule || !o->facts_hash || !o->reason || n->count != 3)
        return err_set(e, ERR_INPUT, "override", "each is exactly {\"rule\", \"facts\", \"reason\"}, all text");
    size_t len = strlen(o->reason);
    return (len >= 1 && len <= REASON_MAX) ||
           err_set(e, ERR_INPUT, "override.reason", "a reason is 1 to %d bytes", REASON_MAX);
}

MUST_CHECK static bool overrides_read(struct command_job *k, const struct node *n, struct err *e)
{
    if (!n)
        return true;
    if (n->kind != NODE_LIST || n->count > OVERRIDES_MAX)
        return err_set(e, ERR_INPUT, "override", "must be a list of at most %d", OVERRIDES_MAX);
    struct override *o = ARENA_ARRAY(k->q->a, (size_t)n->count, struct override);
    node_each(item, n)
        if (!override_read(item, &o[k->run.override_count++], e))
            return false;
    k->run.overrides = o;
    return true;
}

/* The person says when it happened: not in the future (beyond what two clocks may differ). */
MUST_CHECK static bool happened_read(struct command_job *k, const struct node *n, struct err *e)
{
    k->run.happened = UTC_NONE;
    k->run.clock = "server";
    if (!n)
        return true;
    utc_t at;
    if (!node_str(n))
        return err_set(e, ERR_INPUT, "happened", "must be a time such as 2026-03-09T10:20:00Z");
    if (!utc_parse(node_str(n), k->run.zone, &at, e)) {
        err_within(e, "happened");
        return false;
    }
    if (at > k->run.now + 2 * UTC_MINUTE)
        return err_set(e, ERR_INPUT, "happened", "%s is in the future", node_str(n));
    k->run.happened = at < k->run.now ? at : k->run.now;
    k->run.clock = "user";
    return true;
}

MUST_CHECK static bool members_known(const struct node *body, struct err *e)
{
    static const char *const known[] = {"input", "happened", "reason", "override", "password"};
    if (body->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "body", "must be a JSON object {\"input\": {…}}");
    node_each(m, body) {
        bool ok = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            ok = ok || strcmp(m->key, known[i]) == 0;
        if (!ok)
            return err_set(e, ERR_INPUT, m->key, "a command's body has no member \"%.60s\"", m->key);
    }
    return true;
}

static void hash_hex(struct arena *a, const char **out, const char *name, const char *body, size_t len)
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state s;
    char *hex = arena_alloc(a, 65);
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)name, strlen(name) + 1);
    crypto_hash_sha256_update(&s, (const unsigned char *)body, len);
    crypto_hash_sha256_final(&s, h);
    sodium_bin2hex(hex, 65, h, sizeof h);
    *out = hex;
}

/* Over HTTP a password stands beside the input, so that it is in no record, and becomes the input's "hash". */
MUST_CHECK static bool password_read(struct command_job *k, struct node *body, struct node *input, struct err *e)
{
    struct node *p = node_get(body, "password");
    if (!command_takes_password(k->run.command))
        return !p || err_set(e, ERR_INPUT, "password", "%s takes no password", k->run.command->name);
    if (!node_str(p))
        return err_set(e, ERR_INPUT, "password", "password is missing");
    if (node_get(input, "hash"))
        return err_set(e, ERR_INPUT, "hash", "the hash is made here; send \"password\" beside \"input\"");
    k->password = arena_strdup(k->q->a, p->text);
    return password_acceptable(k->password, e);
}

/* The body's tree with the hash in the input and without the password. */
static void password_replace(struct arena *a, struct node *body, struct node *input, const char *hash)
{
    struct node *n = ARENA_NEW(a, struct node), **at = &body->first;
    *n = (struct node){.kind = NODE_STRING, .key = "hash", .text = hash, .len = strlen(hash)};
    n->next = input->first;
    input->first = n;
    input->count++;
    while (*at && strcmp((*at)->key, "password") != 0)
        at = &(*at)->next;
    if (*at) {
        *at = (*at)->next;
        body->count--;
    }
}

/* The text of what is released comes from here: nobody types it. */
MUST_CHECK static bool release_blob(struct command_job *k, struct content_release_in *in, struct err *e)
{
    if (in->blob)
        return err_set(e, ERR_INPUT, "input.blob", "the text is added by the server");
    return !k->s->candidate || release_pack(k->q->a, k->s->candidate, &in->blob, e);
}

MUST_CHECK static bool input_read(struct command_job *k, const struct node *input, struct err *e)
{
    const struct record *in = k->run.command->in;
    void *rec = arena_alloc(k->q->a, in->size ? in->size : 1);
    if (!record_from_json(in, input, k->q->a, k->run.zone, rec, e)) {
        err_within(e, "input");
        return false;
    }
    k->run.in = rec;
    if (in == &record_content_release_in && !release_blob(k, rec, e))
        return false;
    const struct zone *z;
    if (in == &record_site_info && !server_zone(k->s, ((const struct site_info *)rec)->zone, &z, e)) {
        err_within(e, "input");
        return false;
    }
    return true;
}

/* ---- passwords: the slow way round ------------------------------------------------------------------------------- */

struct hashing {
    struct command_job *k;
    struct node *body, *input;
};

MUST_CHECK static bool hash_and_submit(struct hashing *h, struct err *e)
{
    struct command_job *k = h->k;
    char hash[160], mark[65];
    struct buf b;
    struct json j;
    if (!password_hash(k->password, hash, e) || !password_mark(k->password, k->run.key, mark, e))
        return false;
    /* what tells two bodies apart: the body without the password, and a slow mark of the password */
    password_replace(k->q->a, h->body, h->input, mark);
    buf_init(&b, HTTP_BODY_MAX * 2);
    json_init(&j, &b);
    json_node(&j, NULL, h->body);
    hash_hex(k->q->a, &k->run.body_hash, k->run.command->name, buf_str(&b), b.len);
    buf_fini(&b);
    h->input->first->text = arena_strdup(k->q->a, hash);
    h->input->first->len = strlen(hash);
    return input_read(k, h->input, e) && writer_submit(k->s->writer, &k->job, e);
}

static void hashing_run(void *ctx)
{
    struct hashing *h = ctx;
    struct err e = {.kind = ERR_NONE};
    if (!hash_and_submit(h, &e)) {
        problem_answer(&h->k->q->resp, &e);
        http_resume(h->k->q);
    }
}

/* ---- the handler ------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool caller_read(struct command_job *k, struct err *e)
{
    struct server *s = k->s;
    struct who w;
    struct tx t;
    BLANK(site_info, site);
    bool found;
    if (!reader_begin(s->readers, k->q->a, s->c.site, &t, e))
        return false;
    bool ok = session_find(s, k->q, &t, &w, e) && session_csrf(k->q, &w, e) &&
              server_site(s, &t, &site, &k->run.zone, &found, e);
    reader_end(s->readers, &t, e->kind == ERR_STORE);
    if (!ok)
        return false;
    k->run.actor = w.by.id;
    k->session = w.session.id;
    if (!(w.by.roles & k->run.command->roles))
        return err_set(e, ERR_FORBIDDEN, k->run.command->name, "%s is not for your role (%s)", k->run.command->name,
                       w.staff.roles);
    return true;
}

MUST_CHECK static bool request_read(struct command_job *k, struct node **body, struct node **input, struct err *e)
{
    struct http_req *q = k->q;
    if (!key_read(k, e))
        return false;
    *body = json_read(q->a, q->body, q->body_len, HTTP_BODY_MAX, e);
    if (!*body || !members_known(*body, e))
        return false;
    *input = node_get(*body, "input");
    const struct node *reason = node_get(*body, "reason");
    if (*input && (*input)->kind != NODE_MAP)
        return err_set(e, ERR_INPUT, "input", "must be a JSON object");
    if (!*input) {
        *input = ARENA_NEW(q->a, struct node);
        (*input)->kind = NODE_MAP;
    }
    if (reason && reason->kind != NODE_NULL && (!node_str(reason) || reason->len > REASON_MAX))
        return err_set(e, ERR_INPUT, "reason", "must be text of at most %d bytes", REASON_MAX);
    k->run.reason = node_str(reason) && reason->len ? reason->text : NULL;
    return happened_read(k, node_get(*body, "happened"), e) && overrides_read(k, node_get(*body, "override"), e);
}

MUST_CHECK static bool command_read(struct command_job *k, struct hashing *h, struct err *e)
{
    const char *name = k->q->path + strlen("/api/command/");
    k->run.command = command_find(name);
    if (!k->run.command)
        return err_set(e, ERR_NOT_FOUND, "command", "there is no command \"%.60s\"", name);
    k->run.a = k->q->a;
    k->run.content = server_content_for(k->s, name);
    k->run.now = server_care_now(k->s);
    k->run.offset_us = INT_NONE;
    if (!caller_read(k, e) || !request_read(k, &h->body, &h->input, e) || !password_read(k, h->body, h->input, e))
        return false;
    if (k->password)
        return true;
    hash_hex(k->q->a, &k->run.body_hash, k->run.command->name, k->q->body, k->q->body_len);
    return input_read(k, h->input, e);
}

void api_command(struct http_req *q, struct http_resp *r)
{
    struct command_job *k = ARENA_NEW(q->a, struct command_job);
    struct hashing *h = ARENA_NEW(q->a, struct hashing);
    struct err e = {.kind = ERR_NONE};
    k->q = q;
    k->s = q->user;
    k->job = (struct write_job){.site = k->s->c.site, .decide = job_decide, .keep = job_keep, .done = job_done};
    h->k = k;
    if (!command_read(k, h, &e)) {
        atomic_fetch_add(&k->s->metrics.denied, 1);
        problem_answer(r, &e);
        return;
    }
    if (!http_suspend(q)) {
        problem_set(r, ERR_BUSY, "", "the server is stopping");
        return;
    }
    bool given = k->password ? jobs_add(k->s->jobs, hashing_run, h, &e) : writer_submit(k->s->writer, &k->job, &e);
    if (!given) {
        problem_answer(r, &e);
        http_resume(q);
    }
}
