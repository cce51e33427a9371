/* pump_link: the pump's way to the server: MLLP over TCP with one message under way, kept until it is acknowledged.
 *
 * Owns its socket and its queue. One thread, driven by poll; time comes in as real microseconds. Rule: messages leave
 * in the order they were made and are sent again, byte for byte, until an answer to their control id comes; when the
 * queue is full the oldest periodic report is dropped, never an event or an alarm. A message held back joins the queue
 * when its time comes, behind what was made since: so it arrives late and out of order.
 */
#ifndef SIM_PUMP_LINK_H
#define SIM_PUMP_LINK_H

#include <netinet/in.h>
#include <poll.h>

#include "sim/pump_hl7.h"

enum { PUMP_QUEUE_MAX = 4000, PUMP_ACK_MS = 10000, PUMP_RETRY_MIN_MS = 200, PUMP_RETRY_MAX_MS = 5000, PUMP_LATER_MAX = 50, PUMP_ANSWER_MAX = 65536 };

struct pump_message {
    struct pump_message *next;
    bool report;          /* periodic: may be dropped */
    bool tried;
    int later;            /* times the receiver asked to send it later */
    utc_t release;        /* real; held back until then */
    char id[PUMP_ID_MAX];
    size_t len;
    char bytes[];         /* framed */
};

struct pump_link_stats {
    uint64_t sent, resent, taken, refused, dropped, connects;
    uint64_t lost;        /* made and never sent: a fault */
    int queued, held;
};

struct pump_link {
    struct sockaddr_in to;
    int fd;
    enum { PUMP_LINK_DOWN, PUMP_LINK_DIALLING, PUMP_LINK_UP } state;
    bool cut;             /* the network is gone until it is mended */
    bool doubles;         /* fault: now and then a message is sent twice */
    struct rng rng;
    utc_t retry_at, sent_at; /* real */
    int64_t retry_ms;
    size_t offset;        /* bytes of the first message that have left */
    bool waiting;         /* for its answer */
    struct pump_message *first, *last, *held;
    struct buf in;
    struct pump_link_stats stats;
    char last_refusal[256];
};

MUST_CHECK bool pump_link_init(struct pump_link *l, const char *host_port, uint64_t seed, struct err *e);
void pump_link_fini(struct pump_link *l);
void pump_link_add(struct pump_link *l, const char *msg, size_t len, const char *id, bool report);
/* The same, but it leaves only from `release` (real) on. */
void pump_link_hold(struct pump_link *l, const char *msg, size_t len, const char *id, bool report, utc_t release);
void pump_link_cut(struct pump_link *l, bool cut);
/* What to wait for (fd -1: nothing) and until when (real; INT64_MAX for ever). */
struct pollfd pump_link_wants(const struct pump_link *l, utc_t *until);
void pump_link_serve(struct pump_link *l, short ready, utc_t real_now);

#endif
