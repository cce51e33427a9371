/* mllp_server: one thread that keeps all the pumps' connections: reads frames, hands them on, writes answers.
 *
 * Owns its sockets and buffers. Threads: mllp_server_run in one thread; mllp_reply, mllp_server_stop and
 * mllp_server_stats in any. Rule: answers leave in the order their messages came, whatever order they are given in,
 * and no client, idle, slow, silent or hostile, can make the server use more than its named limits.
 */
#ifndef WIRE_MLLP_SERVER_H
#define WIRE_MLLP_SERVER_H

#include "wire/mllp.h"

enum {
    MLLP_CONNS_MAX = 1024,
    MLLP_PENDING_MAX = 64,          /* messages of one connection that wait for their answer; then reading stops */
    MLLP_OUT_MAX = 512 * 1024,      /* bytes of answers a client has not taken; then reading stops */
    MLLP_REPLY_MAX = 64 * 1024,     /* bytes of one answer */
    MLLP_FRAME_SECONDS = 30,        /* a frame begun must end, answers must be taken within this time */
    MLLP_IDLE_SECONDS = 900         /* nothing at all for so long closes the connection */
};

/* Names one message of one connection, for as long as one likes: an answer to a closed connection is dropped. */
struct mllp_from {
    uint64_t conn;  /* never used twice */
    uint64_t seq;   /* of the message in the connection, from 1 */
};

struct mllp_in {
    struct mllp_from from;
    const char *peer;  /* "127.0.0.1:40112" */
    const char *msg;   /* valid during the call */
    size_t len;
    bool too_large;    /* msg is only the head of a message over the limit */
};

struct mllp_server_config {
    const char *host, *port;   /* numeric address or name; port "0": any free one */
    size_t message_max;        /* bytes; 0: 256 KiB */
    int conns_max;             /* 0: MLLP_CONNS_MAX */
    int frame_seconds, idle_seconds; /* 0: the constants above */
    /* Called in the server's thread for each message. Every message must be answered once with mllp_reply, now or
     * later, from any thread; an empty answer sends nothing but frees the message's place in the order. */
    void (*on_message)(void *ctx, const struct mllp_in *in);
    void *ctx;
};

struct mllp_server;

/* Listens; NULL on error. */
MUST_CHECK struct mllp_server *mllp_server_new(const struct mllp_server_config *c, struct err *e);
void mllp_server_run(struct mllp_server *s);  /* until mllp_server_stop */
void mllp_server_stop(struct mllp_server *s); /* also safe in a signal handler */
void mllp_server_free(struct mllp_server *s); /* after run has returned; closes everything */
int mllp_server_port(const struct mllp_server *s);

/* The bytes of the answer without its frame. len 0: no answer. */
void mllp_reply(struct mllp_server *s, struct mllp_from to, const char *msg, size_t len);

struct mllp_stats {
    uint64_t accepted, refused, closed_idle, closed_slow, messages, too_large, replies, noise, restarts;
    int open;
};
struct mllp_stats mllp_server_stats(struct mllp_server *s);

#endif
