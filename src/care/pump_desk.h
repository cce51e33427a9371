/* pump_desk: what the writer remembers of each pump channel from one message to the next, so that a message that tells
 * nothing new costs no look-up. Nearly all telemetry is of that kind.
 *
 * Owns a bounded table of channels. Writer thread only. Rule: what it remembers is what the store says: it forgets all
 * when anybody else may have written (tx.epoch), and who owns a channel whenever an event was appended (tx.seq). Of
 * messages without an event, the live row is written at most once a second of care time; an event writes it at once.
 */
#ifndef CARE_PUMP_DESK_H
#define CARE_PUMP_DESK_H

#include "care/commands.h"
#include "record/ledger.h"

enum { PUMP_DESK_MAX = 4096 }; /* channels remembered; one more and all are forgotten */

struct pump_desk;
struct pump_seat; /* a channel as the desk remembers it; good until the next call with another message */

struct pump_desk *pump_desk_new(void);
void pump_desk_free(struct pump_desk *d); /* NULL is fine */

/* *seat: the message makes no event: keep it with pump_desk_take. NULL: it may, so pump.message is to decide, after
 * pump_desk_leave. Writes nothing. An unknown pump is NULL too: pump.message says so. */
MUST_CHECK bool pump_desk_idle(struct pump_desk *d, struct tx *t, const struct pump_message_in *in, utc_t now,
                               struct pump_seat **seat, struct err *e);
MUST_CHECK bool pump_desk_take(struct pump_desk *d, struct tx *t, struct pump_seat *seat,
                               const struct pump_message_in *in, utc_t now, struct err *e);
/* Of the message just taken, for live pages; the texts are the seat's. */
struct pump_word {
    const char *channel;            /* "SERIAL/A" */
    const char *infusion, *patient; /* NULL: nobody's */
    bool moved;                     /* rate or volume is another than before */
};
struct pump_word pump_seat_word(const struct pump_seat *s);
/* Before pump.message runs for a message that did not come through the desk: all is read anew. */
void pump_desk_forget(struct pump_desk *d);
/* The channel's row is made what the desk knows; the desk forgets it. */
MUST_CHECK bool pump_desk_leave(struct pump_desk *d, struct tx *t, const struct pump_message_in *in, struct err *e);

#endif
