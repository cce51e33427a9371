/* erase: forgetting a patient without breaking the chain.
 *
 * Writer thread. Rule: an erasure is itself an event; it removes payloads and derived rows, never a header. What is
 * left of an erased event is its header (ids and times, no names) and the commitment its hash was made with.
 *
 * What goes: the payload of every event whose header names the patient, up to the erasure; the derived row each of
 * those events wrote; and every derived row that refers to the patient, or to a row that does. In a replay an erased
 * event does nothing, and the erasure event removes by the same headers and references: both sides end equal, because
 * `after` of an event about a patient derives rows of that patient only (record/ledger.h).
 */
#ifndef RECORD_ERASE_H
#define RECORD_ERASE_H

#include "record/ledger.h"

#define FIELDS_erasure(F, R) \
    F(R, ID,   patient, MUST, "", "who is forgotten") \
    F(R, INT,  events,  MUST, "", "how many payloads went")
RECORD(erasure);

/* Appends ledger.erased. h->reason says on whose word; it must not name the patient. */
MUST_CHECK bool ledger_erase(struct tx *t, const struct event_head *h, const char *patient, struct err *e);

#endif
