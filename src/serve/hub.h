/* hub: who listens to live events, and what they have not heard yet.
 *
 * Owns a ring of the latest notices and every open event stream. A notice says only (seq, topic, id): pages fetch the
 * view again. Any thread may publish; a thread of its own wakes the streams, each at most every HUB_PACE, and repeats
 * within that time are said once. Rule: never a payload, a listener hears only what its session may see, and one that
 * missed anything is told so ("reset").
 */
#ifndef SERVE_HUB_H
#define SERVE_HUB_H

#include "care/cmd.h"
#include "serve/http.h"

enum {
    HUB_RING = 4096,            /* notices kept for those who are late */
    HUB_LISTENERS_MAX = 600,
    HUB_LIVE_MAX = 1024,        /* pump channels paced at once; of two that share a place the later one is said sooner */
    HUB_LIVE_BURST = 40,        /* words about channels in one HUB_LIVE_SPAN; the others wait for the next */
    HUB_RESUME_MAX = 256        /* events looked up in the ledger for Last-Event-ID; more: "reset" */
};
#define HUB_PACE (100 * 1000)               /* us between two wakings of one stream */
#define HUB_LIVE_PACE (2 * UTC_SECOND)      /* real time between two words about one pump channel that made no event */
#define HUB_LIVE_SPAN (500 * 1000)          /* us */
#define HUB_HEARTBEAT (15 * UTC_SECOND)     /* real time */

struct hub;

struct hub_listener_config {
    int64_t site;
    const char *session;        /* whose end ends the stream */
    const char *patient;        /* not NULL: only what is about this patient */
    utc_t ends;                 /* real time: the session's absolute end */
    int64_t seq;                /* of the ledger now: said first */
    uint64_t mark;              /* hub_mark, taken before seq was read: what came since is heard, though perhaps twice */
    const char *backlog;        /* formatted with hub_format, said after; may be NULL */
};

struct hub *hub_start(void);
void hub_end_streams(struct hub *h);  /* before http_stop; NULL is fine */
void hub_free(struct hub *h);         /* after http_stop; NULL is fine */

void hub_publish(struct hub *h, int64_t site, const struct emitted *events, int count);
/* A channel's rate or volume changed in a way that makes no event: said with "live":true, as often as HUB_LIVE_PACE
 * allows, the last change never left out. infusion, patient: whose it is, NULL nobody's. */
struct hub_live {
    int64_t site;
    const char *channel; /* "SERIAL/A" */
    const char *infusion, *patient;
};
void hub_live(struct hub *h, const struct hub_live *l);
/* Where the notices stand. */
uint64_t hub_mark(struct hub *h);
/* NULL with ERR_BUSY when too many listen. */
MUST_CHECK struct http_stream *hub_listen(struct hub *h, const struct hub_listener_config *c, struct err *e);
void hub_end_session(struct hub *h, const char *session);
int hub_listeners(struct hub *h);

/* One event of the stream's text. */
void hub_format(struct buf *b, int64_t seq, const char *topic, const char *id);

#endif
