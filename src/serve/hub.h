/* hub: who listens to live events, and what they have not heard yet.
 *
 * Owns a ring of the latest notices and every open event stream. A notice says only (seq, topic, id): pages fetch the
 * view again. Any thread may publish; a thread of its own wakes the streams, each at most every HUB_PACE, and repeats
 * within that time are said once. Rule: never a payload, and a listener hears only what its session may see.
 */
#ifndef SERVE_HUB_H
#define SERVE_HUB_H

#include "care/cmd.h"
#include "serve/http.h"

enum {
    HUB_RING = 4096,            /* notices kept for those who are late */
    HUB_LISTENERS_MAX = 600,
    HUB_RESUME_MAX = 256        /* events looked up in the ledger for Last-Event-ID; more: "reset" */
};
#define HUB_PACE (100 * 1000)               /* us between two wakings of one stream */
#define HUB_HEARTBEAT (15 * UTC_SECOND)     /* real time */

struct hub;

struct hub_listener_config {
    int64_t site;
    const char *session;        /* whose end ends the stream */
    const char *patient;        /* not NULL: only what is about this patient */
    utc_t ends;                 /* real time: the session's absolute end */
    int64_t seq;                /* of the ledger now: said first */
    const char *backlog;        /* formatted with hub_format, said after; may be NULL */
};

struct hub *hub_start(void);
void hub_end_streams(struct hub *h);  /* before http_stop; NULL is fine */
void hub_free(struct hub *h);         /* after http_stop; NULL is fine */

void hub_publish(struct hub *h, int64_t site, const struct emitted *events, int count);
/* NULL with ERR_BUSY when too many listen. */
MUST_CHECK struct http_stream *hub_listen(struct hub *h, const struct hub_listener_config *c, struct err *e);
void hub_end_session(struct hub *h, const char *session);
int hub_listeners(struct hub *h);

/* One event of the stream's text. */
void hub_format(struct buf *b, int64_t seq, const char *topic, const char *id);

#endif
