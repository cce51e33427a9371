/* pump_hl7: what a pump says on the wire: IHE PCD-01, PCD-10 and PCD-04 in HL7 v2.6, and reading the answer.
 *
 * Knows nothing of the server: written from the IHE profile (TF-2 3.1, 3.4, 3.10, appendix B), with the habits of real
 * pumps: no patient unless one was entered, time remaining in seconds. One thread. Rule: a message names its pump, its
 * own moment and a control id never used twice.
 */
#ifndef SIM_PUMP_HL7_H
#define SIM_PUMP_HL7_H

#include "base/buf.h"
#include "sim/pump.h"

enum { PUMP_ID_MAX = 24 };

struct pump_voice {
    char serial[40];
    char eui[17];          /* the pump's EUI-64, made from its serial */
    char epoch[12];        /* of this start of the program, part of each control id */
    const char *facility;  /* MSH-4 */
    uint64_t sent;         /* control ids given */
};

/* `start`: real time at which the program started: another run never repeats a control id. */
void pump_voice_init(struct pump_voice *v, const char *serial, const char *facility, utc_t start);
/* One message into out (without frame); its control id into id. `now`: care time of MSH-7. */
void pump_say(struct pump_voice *v, const struct pump_note *n, utc_t now, struct buf *out, char id[PUMP_ID_MAX]);

enum pump_answer { PUMP_ANSWER_OTHER, PUMP_ANSWER_TAKEN, PUMP_ANSWER_REFUSED, PUMP_ANSWER_LATER };
/* CA or AA: taken; CE CR AE AR: refused, the words of ERR-8 in why; the same with ERR-3 207 (the receiver's own
 * trouble): worth sending later; OTHER: not an answer to this id. */
enum pump_answer pump_hear(const char *msg, size_t len, const char *id, char why[256]);

#endif
