/* mllp: the frames of HL7's minimal lower layer, 0x0B message 0x1C 0x0D, found in any stream of chunks.
 *
 * A pure state machine: no socket, no clock. One thread at a time per decoder. Rule: a frame is handed out once and
 * whole, or not at all: a start byte inside a frame begins anew (the sender lost its connection or its mind), bytes
 * outside frames are noise and are counted, an oversize frame is reported once and skipped to the next start.
 */
#ifndef WIRE_MLLP_H
#define WIRE_MLLP_H

#include "base/buf.h"

enum { MLLP_START = 0x0B, MLLP_END = 0x1C, MLLP_CR = 0x0D };
enum { MLLP_HEAD_MAX = 2048 }; /* bytes of an oversize frame that are kept, so that its MSH can be answered */

struct mllp {
    struct buf frame; /* bytes after the start byte; max is the limit on one message */
    enum { MLLP_OUTSIDE, MLLP_INSIDE, MLLP_SKIPPING } state;
    bool taken;       /* the frame was handed out: clear it before adding */
    size_t limit;
    uint64_t noise;   /* bytes outside frames, the CR after the end byte not counted */
    uint64_t restarts; /* frames begun anew by a start byte inside */
    bool after_end;
};

enum mllp_step {
    MLLP_MORE,      /* all input used, no whole frame yet */
    MLLP_FRAME,     /* *msg, *len: one message, valid until the next call; the rest of the input is still to be fed */
    MLLP_TOO_LARGE  /* *msg, *len: the first MLLP_HEAD_MAX bytes of a message over the limit */
};

void mllp_init(struct mllp *m, size_t limit); /* limit: bytes of one message, at least MLLP_HEAD_MAX */
void mllp_fini(struct mllp *m);
/* Takes bytes from *in, *n (both moved on) until something is whole or the input ends. */
enum mllp_step mllp_feed(struct mllp *m, const char **in, size_t *n, const char **msg, size_t *len);
bool mllp_inside(const struct mllp *m); /* a frame has begun and not ended */
/* Adds 0x0B msg 0x1C 0x0D. The bytes of msg must hold neither; hl7's writer keeps them out. */
void mllp_wrap(struct buf *out, const char *msg, size_t len);

#endif
