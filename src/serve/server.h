/* server: what the HTTP handlers, the pump messages and the timers of one process share.
 *
 * Made by serve_run before any thread starts and not changed after, except through the parts that lock for
 * themselves. Rule: nothing else is shared between threads.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <stdatomic.h>

#include "base/clock.h"
#include "base/embed.h"
#include "record/audit.h"
#include "serve/commands.h"
#include "serve/http.h"
#include "serve/hub.h"
#include "serve/jobs.h"
#include "serve/readers.h"
#include "serve/writer.h"

enum { ZONES_MAX = 16 };
#define VENULE_VERSION "0.1.0"

struct shared;
struct throttle;
struct pcd_in;

struct server_config {
    const char *url, *http_host, *mllp_host, *ui_dir, *content_dir; /* the last two may be NULL */
    const struct embed_set *ui; /* the pages built in; NULL: none */
    const struct embed_set *content; /* built in, when there is no content_dir */
    int http_port, mllp_port; /* mllp -1: none */
    int64_t site;
    bool demo;
    int inbox_days;           /* messages as received are kept so long */
    bool proxied;             /* behind an https proxy of ours: Secure cookie, X-Forwarded-For believed */
    struct clock clock;       /* care time from real time */
};

struct metrics {
    atomic_llong accepted, repeated, refused, failed, denied, views, view_us, logins, login_failures,
        pump_messages, pump_failed;
};

struct server {
    struct server_config c;
    struct arena *a;          /* lives as long as the server */
    struct http *http;
    struct hub *hub;
    struct writer *writer;
    struct readers *readers;
    struct jobs *jobs;
    struct shared *shared;    /* answers that are the same for everyone */
    struct audit *audit;      /* who read what about whom */
    struct throttle *throttle;
    struct pcd_in *pumps;     /* NULL: none are listened to */
    _Atomic(const struct content *) content; /* in force: what the ledger names last; NULL: none */
    const struct content *candidate; /* as read at start: what content.release would bring into force */
    struct metrics metrics;
    utc_t started;            /* real */
    pthread_mutex_t zones_lock;
    struct {
        char name[64];
        struct zone *zone;
    } zones[ZONES_MAX];
    int zone_count;
};

utc_t server_care_now(const struct server *s);
/* The zone by name, read once. */
MUST_CHECK bool server_zone(struct server *s, const char *name, const struct zone **out, struct err *e);
/* The site's description; *found false before site.set. Its zone, UTC if there is none. */
MUST_CHECK bool server_site(struct server *s, struct tx *t, struct site_info *out, const struct zone **zone,
                            bool *found, struct err *e);

/* What a command is decided with: the content in force; for its release, the one to be released. */
const struct content *server_content_for(struct server *s, const char *command);
/* After an accepted content.release. */
void server_released(struct server *s);

/* The route table: every request comes through here. */
void api_handle(struct http_req *q, struct http_resp *r);

#endif
