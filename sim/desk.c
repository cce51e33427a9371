#include "sim/desk.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"

enum { INPUT_MAX = 256 * 1024 };

bool desk_open(struct desk *d, const char *role, const char *login, const char *password, struct err *e)
{
    d->role = role;
    d->a = arena_new();
    if (http_sign_in(&d->http, login, password, e))
        return true;
    err_within(e, login);
    return false;
}

void desk_close(struct desk *d)
{
    http_fini(&d->http);
    arena_free(d->a);
    d->a = NULL;
}

void desk_round(struct desk *d, utc_t real)
{
    arena_reset(d->a);
    d->now = clock_care(d->clock, real);
    d->did = 0;
}

void desk_say(struct desk *d, const char *fmt, ...)
{
    if (!d->log)
        return;
    char text[UTC_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    fprintf(d->log, "%.19s %-11s ", utc_text(d->now, text), d->role);
    vfprintf(d->log, fmt, ap);
    fputc('\n', d->log);
    va_end(ap);
}

struct node *desk_view(struct desk *d, const char *name, const char *query)
{
    struct node *body = NULL;
    struct err e = {0};
    if (http_view(&d->http, d->a, name, query, &body, &e))
        return body;
    d->failed++;
    desk_say(d, "view %s?%s failed: %s: %s", name, query, e.where, e.text);
    return NULL;
}

const char *desk_input(struct arena *a, ...)
{
    struct buf b;
    struct json j;
    va_list ap;
    buf_init(&b, INPUT_MAX);
    json_init(&j, &b);
    json_object(&j, NULL);
    va_start(ap, a);
    for (const char *key = va_arg(ap, const char *); key; key = va_arg(ap, const char *)) {
        const char *value = va_arg(ap, const char *);
        if (!value)
            continue;
        if (*key == '#')
            json_raw(&j, key + 1, value);
        else
            json_str(&j, key, value);
    }
    va_end(ap);
    json_end(&j, '}');
    const char *text = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return text;
}

/* ---- what was refused is remembered ----------------------------------------------------------------------------- */

static uint64_t hash_of(const char *command, const char *input)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (const char *s = command; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    for (const char *s = input; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h ? h : 1;
}

static struct desk_no *memory_of(struct desk *d, uint64_t hash)
{
    for (size_t k = 0; k < 8; k++) {
        struct desk_no *n = &d->no[(hash + k) % DESK_MEMORY];
        if (n->hash == hash || n->hash == 0)
            return n;
    }
    return &d->no[hash % DESK_MEMORY]; /* full here: forget someone else's */
}

static void remember(struct desk *d, uint64_t hash)
{
    struct desk_no *n = memory_of(d, hash);
    bool again = n->hash == hash;
    int minutes = again ? n->minutes * 2 : DESK_PAUSE_FIRST_MIN;
    n->hash = hash;
    n->minutes = minutes > DESK_PAUSE_LAST_MIN ? DESK_PAUSE_LAST_MIN : minutes;
    n->until = d->now + n->minutes * UTC_MINUTE;
}

void desk_pause(struct desk *d, const char *what, const char *about)
{
    remember(d, hash_of(what, about));
}

bool desk_paused(struct desk *d, const char *what, const char *about)
{
    uint64_t hash = hash_of(what, about);
    const struct desk_no *no = memory_of(d, hash);
    return no->hash == hash && d->now < no->until;
}

/* ---- commands --------------------------------------------------------------------------------------------------- */

static bool may_override(const struct desk *d, const struct node *refusal)
{
    const char *severity = node_str_at(refusal, "severity"), *who = node_str_at(refusal, "who");
    return severity && strcmp(severity, "hard stop") != 0 && (!who || !*who || strstr(who, d->role));
}

/* The list of overrides if this person may pass all of the refusals; else NULL. */
static const char *overrides_for(struct desk *d, const struct node *refusals, const char *reason)
{
    struct buf b;
    struct json j;
    bool all = reason && refusals && refusals->count > 0;
    buf_init(&b, INPUT_MAX);
    json_init(&j, &b);
    json_list(&j, NULL);
    node_each(r, refusals) {
        all = all && may_override(d, r);
        json_object(&j, NULL);
        json_str(&j, "rule", node_str_at(r, "rule"));
        json_str(&j, "facts", node_str_at(r, "facts_hash"));
        json_str(&j, "reason", reason);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    const char *text = all ? arena_strdup(d->a, buf_str(&b)) : NULL;
    buf_fini(&b);
    return text;
}

static void say_refusals(struct desk *d, const char *command, const struct node *refusals, const char *did)
{
    node_each(r, refusals) {
        const char *severity = node_str_at(r, "severity"), *rule = node_str_at(r, "rule"),
                   *says = node_str_at(r, "says");
        desk_say(d, "%s %s: %s %s: %s", command, did, severity ? severity : "?", rule ? rule : "?", says ? says : "");
    }
}

static bool ask(struct desk *d, const char *command, const char *input, struct http_said said, struct node **answer)
{
    uint64_t hash = hash_of(command, input);
    struct desk_no *no = memory_of(d, hash);
    struct err e = {0};
    struct node *body = NULL;
    if (no->hash == hash && d->now < no->until)
        return false;
    bool ok = http_command(&d->http, d->a, command, input, &said, &body, &e);
    const struct node *refusals = node_get(body, "refusals");
    if (!ok && e.kind == ERR_REFUSED) {
        said.overrides = overrides_for(d, refusals, said.reason);
        say_refusals(d, command, refusals, said.overrides ? "overridden" : "refused");
        *(said.overrides ? &d->overridden : &d->refused) += 1;
        if (said.overrides) {
            e = (struct err){0};
            ok = http_command(&d->http, d->a, command, input, &said, &body, &e);
        }
    }
    if (answer)
        *answer = body;
    if (ok) {
        d->done++;
        d->did++;
        desk_say(d, "%s %s", command, input);
        return true;
    }
    d->failed += e.kind != ERR_REFUSED;
    desk_say(d, "%s %s: not done: %s: %s", command, input, e.where, e.text);
    remember(d, hash);
    return false;
}

bool desk_do(struct desk *d, const char *command, const char *input, const char *reason, struct node **answer)
{
    struct http_said said = HTTP_SAID_NOTHING;
    said.reason = reason;
    return ask(d, command, input, said, answer);
}

bool desk_did(struct desk *d, const char *command, const char *input, utc_t at, struct node **answer)
{
    struct http_said said = HTTP_SAID_NOTHING;
    said.happened = at;
    return ask(d, command, input, said, answer);
}
