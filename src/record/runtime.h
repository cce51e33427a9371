/* runtime: rows that may be lost without loss of truth: sessions, throttles, the latest word of each pump.
 *
 * Not derived, not in the digest, not replayed. Written by the writer thread (pump_live rides in its batches) and by
 * serve (sessions). Rule: no decision about care rests on a runtime row alone; what it decides
 * from goes into the event.
 */
#ifndef RECORD_RUNTIME_H
#define RECORD_RUNTIME_H

#include "base/field.h"
#include "record/ledger.h"

/* The latest telemetry of one pump channel; every message updates it, few make an event. */
#define FIELDS_pump_live(F, R) \
    F(R, ID,   id,        MUST, "", "pump serial and channel: \"SERIAL/A\"") \
    F(R, TEXT, pump,      MUST, "", "serial") \
    F(R, TEXT, channel,   MUST, "", "channel") \
    F(R, TIME, heard,     MUST, "", "when the last message came, by our clock") \
    F(R, TIME, observed,  MAY,  "", "its observation time, clock offset applied") \
    F(R, INT,  offset_us, MAY,  "us", "the pump's clock minus ours") \
    F(R, TEXT, status,    MAY,  "", "delivering, kvo, not delivering, …") \
    F(R, DEC,  rate,      MAY,  "mL/h", "flow now") \
    F(R, DEC,  total,     MAY,  "mL", "cumulative counter") \
    F(R, DEC,  vtbi_left, MAY,  "mL", "volume to be infused, remaining") \
    F(R, DEC,  left_s,    MAY,  "s", "the pump's own time remaining") \
    F(R, INT,  battery,   MAY,  "%", "battery") \
    F(R, TIME, sampled,   MAY,  "", "when a counter sample last went into the ledger")
RECORD(pump_live);

#define FIELDS_session(F, R) \
    F(R, ID,   id,      MUST, "", "SHA-256 of the cookie's token, hex") \
    F(R, REF,  staff,   MUST, "staff", "who") \
    F(R, TEXT, csrf,    MUST, "", "token a page sends back with each command") \
    F(R, TIME, made,    MUST, "", "real time") \
    F(R, TIME, used,    MUST, "", "real time of the last request") \
    F(R, TIME, ends,    MUST, "", "absolute end, real time")
RECORD(session);

extern const struct record *const runtime_records[];
extern const int runtime_record_count;

MUST_CHECK bool runtime_put(struct tx *t, const struct record *r, const void *rec, struct err *e);
MUST_CHECK bool runtime_delete(struct tx *t, const struct record *r, const char *key, struct err *e);
/* table_get and table_list read these tables too. */

#endif
