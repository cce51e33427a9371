#include "serve/run.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "care/commands.h"
#include "serve/demo.h"
#include "serve/now.h"
#include "serve/pcd_in.h"
#include "serve/release.h"
#include "serve/session.h"
#include "serve/shared.h"
#include "serve/throttle.h"
#include "serve/tend.h"

enum { WATCH_SECONDS = 2, DEMO_SECONDS = 4, SWEEP_SECONDS = 600 }; /* real: silent pumps; what the demonstration still lacks */

/* ---- commands of the program itself ------------------------------------------------------------------------------ */

struct own_job {
    struct write_job job; /* first */
    struct command_run run;
};

static bool own_decide(struct write_job *j, struct tx *t, struct err *e)
{
    return command_decide(&((struct own_job *)j)->run, t, e);
}

bool run_command(struct server *s, const char *name, const void *in, const char **id, struct err *e)
{
    struct arena *a = arena_new();
    struct own_job j = {.job = {.site = s->c.site, .decide = own_decide}};
    const struct command *c = command_find(name);
    j.run = (struct command_run){.command = c, .in = in, .content = server_content_for(s, name), .now = server_care_now(s),
                                 .happened = UTC_NONE, .clock = "server", .offset_us = INT_NONE, .a = a};
    bool ok = c ? writer_run(s->writer, &j.job, e) : err_set(e, ERR_INTERNAL, name, "there is no such command");
    if (ok && s->hub)
        hub_publish(s->hub, s->c.site, j.run.events, j.run.event_count);
    if (ok && id)
        *id = arena_strdup(s->a, j.run.id);
    if (!ok)
        err_within(e, name);
    arena_free(a);
    return ok;
}

/* ---- starting ---------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool read_content(struct server *s, struct err *e)
{
    if (s->c.content_dir)
        return content_read_dir(s->a, s->c.content_dir, &s->candidate, e);
    return !s->c.content || content_read_embedded(s->a, s->c.content, &s->candidate, e);
}

/* What the ledger says is in force. A site that is not a demonstration gives nobody content without an approver. */
MUST_CHECK static bool take_content(struct server *s, struct err *e)
{
    struct arena *a = arena_new();
    struct tx t;
    BLANK(site_info, site);
    const struct zone *z;
    const struct content *c = NULL;
    bool found = false, ok = reader_begin(s->readers, a, s->c.site, &t, e);
    if (ok) {
        ok = server_site(s, &t, &site, &z, &found, e) && release_read(&t, s->a, s->candidate, &c, e) &&
             (!c || release_signed(&t, c->hash, e));
        reader_end(s->readers, &t, !ok);
    }
    if (ok && found && s->c.demo && site.demo != 1)
        ok = err_set(e, ERR_INPUT, "--demo", "site %lld is not a demonstration", (long long)s->c.site);
    if (ok && c)
        ok = content_usable(c, s->c.demo || site.demo == 1, e);
    atomic_store(&s->content, c);
    arena_free(a);
    return ok;
}

/* Fails loudly, and reads are refused until it works again. */
static void flush_audit(void *ctx, struct store *store)
{
    struct server *s = ctx;
    struct err e = {.kind = ERR_NONE};
    if (!audit_flush(s->audit, store, &e))
        fprintf(stderr, "venule serve: read audit: %s: %s\n", e.where, e.text);
}

MUST_CHECK static bool start_store(struct server *s, struct err *e)
{
    struct writer_config w = {.url = s->c.url, .types = &care_event_types, .between = flush_audit, .ctx = s};
    s->audit = audit_new();
    s->shared = shared_new();
    return writer_start(&w, &s->writer, e) && readers_open(s->c.url, &care_event_types, &s->readers, e);
}

MUST_CHECK static bool start(struct server *s, struct err *e)
{
    struct http_config h = {.host = s->c.http_host, .port = s->c.http_port, .handler = api_handle, .user = s};
    if (sodium_init() < 0)
        return err_set(e, ERR_INTERNAL, "", "no source of random numbers");
    s->started = now_real();
    s->throttle = throttle_new();
    if (!read_content(s, e) || !start_store(s, e) || !take_content(s, e))
        return false;
    if (s->c.demo && !demo_seed(s, e))
        return false;
    s->jobs = jobs_start();
    s->hub = hub_start();
    if (!s->jobs || !s->hub)
        return err_set(e, ERR_INTERNAL, "", "no threads can be started");
    if (s->c.mllp_port >= 0 && !pcd_in_start(s, &s->pumps, e))
        return false;
    s->http = http_start(&h, e);
    return s->http != NULL;
}

/* No new work; then the work at hand; then the store. */
static void stop(struct server *s)
{
    if (s->http)
        http_quiesce(s->http);
    hub_end_streams(s->hub);
    pcd_in_stop(s->pumps);
    jobs_stop(s->jobs);
    writer_stop(s->writer);
    http_stop(s->http); /* from here on no handler runs */
    pcd_in_free(s->pumps);
    jobs_free(s->jobs);
    writer_free(s->writer);
    hub_free(s->hub);
    audit_free(s->audit);
    shared_free(s->shared);
    readers_close(s->readers);
    throttle_free(s->throttle);
    pthread_mutex_destroy(&s->zones_lock);
    arena_free(s->a);
}

/* An empty command would still cost a commit. */
MUST_CHECK static bool anything_runs(struct server *s, bool *out, struct err *e)
{
    struct arena *a = arena_new();
    struct tx t;
    struct infusion *one;
    int count = 0;
    bool ok = reader_begin(s->readers, a, s->c.site, &t, e);
    if (ok) {
        ok = table_list(&t, &record_infusion, "state IN ('running','kvo') LIMIT 1", NO_VALS, &one, &count, e);
        reader_end(s->readers, &t, !ok);
    }
    arena_free(a);
    *out = count > 0;
    return ok;
}

/* Another server of this site may have released other content. */
static void follow_content(struct server *s)
{
    struct arena *a = arena_new();
    struct err e = {.kind = ERR_NONE};
    struct tx t;
    const struct content *was = atomic_load(&s->content), *c = was;
    if (reader_begin(s->readers, a, s->c.site, &t, &e)) {
        bool ok = release_read(&t, s->a, was, &c, &e);
        reader_end(s->readers, &t, !ok);
        if (ok && c != was)
            atomic_store(&s->content, c);
    }
    if (e.kind != ERR_NONE)
        fprintf(stderr, "venule serve: content: %s\n", e.text);
    arena_free(a);
}

static void tick(struct server *s, int64_t n)
{
    struct err e = {.kind = ERR_NONE};
    bool runs;
    if (n % SWEEP_SECONDS == 0)
        session_sweep(s);
    if (n % WATCH_SECONDS == 1)
        follow_content(s);
    const struct pump_watch_in watch = {.listening = clock_care(&s->c.clock, s->started)};
    if (n % WATCH_SECONDS == 0 &&
        (!anything_runs(s, &runs, &e) || (runs && !run_command(s, "pump.watch", &watch, NULL, &e))))
        fprintf(stderr, "venule serve: %s: %s\n", e.where, e.text);
    e = (struct err){.kind = ERR_NONE};
    if (n % 2 == 0 && !pcd_again(s, &e))
        fprintf(stderr, "venule serve: failed messages: %s: %s\n", e.where, e.text);
    e = (struct err){.kind = ERR_NONE};
    if (n % TEND_SECONDS == 0 && !inbox_tend(s, &e))
        fprintf(stderr, "venule serve: %s: %s\n", e.where, e.text);
    e = (struct err){.kind = ERR_NONE};
    if (s->c.demo && n % DEMO_SECONDS == 0 && !demo_seed(s, &e))
        fprintf(stderr, "venule serve: demonstration: %s: %s\n", e.where, e.text);
}

bool serve_run(const struct server_config *c, void (*ready)(const struct server *s), struct err *e)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, NULL); /* before any thread: they are for the loop below */
    signal(SIGPIPE, SIG_IGN);
    struct arena *a = arena_new();
    struct server *s = ARENA_NEW(a, struct server);
    s->a = a;
    s->c = *c;
    pthread_mutex_init(&s->zones_lock, NULL);
    bool ok = start(s, e);
    if (ok) {
        const struct timespec pause = {.tv_sec = 1};
        int64_t n = 0;
        ready(s);
        while (sigtimedwait(&stops, NULL, &pause) < 0)
            tick(s, ++n);
    }
    stop(s);
    return ok;
}
