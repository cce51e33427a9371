/* pump_private: one message beside what is known of its channel; pump.c and pump_desk.c. */
#ifndef CARE_PUMP_PRIVATE_H
#define CARE_PUMP_PRIVATE_H

#include "care/commands.h"
#include "care/flow.h"
#include "record/runtime.h"

#define HAND_MINUTE UTC_MINUTE /* what a person records may be a minute off the pump's own word */

struct news {
    const struct pump_message_in *in;
    struct pump_live live;
    bool had_live;
    utc_t at;             /* observation time by our clock */
    struct infusion infusion;
    bool owned;
};

/* Sets n->at and the pump's offset. */
void pump_clock(struct news *n, utc_t now);
/* Telemetry that makes an event. */
bool pump_tells(const struct news *n);
/* The live row after the message; late messages do not turn it back. */
void pump_renew(struct news *n, utc_t now);

#endif
