/* flow: what really flowed: the rate segments of one infusion as a pure function of the SET of facts about it.
 *
 * Pure; any thread. Rule: facts are sorted by (happened, sender, message, kind) and doubles dropped first, so any order
 * of arrival and any resend gives the same segments. Digits in a message id count as a number: G9 comes before G10.
 * Volume comes from differences of the pump's counter; rate × time
 * only cross-checks it. What is not known is said: when (the total is known) or how much.
 * Source of the event grammar: IHE PCD-10 (reference interop 1.7).
 */
#ifndef CLINIC_FLOW_H
#define CLINIC_FLOW_H

#include "base/arena.h"
#include "base/dec.h"
#include "base/utc.h"

enum flow_kind {
    FLOW_ASSOCIATE,    /* patient, bag, pump tied together; total: the counter then (the baseline) */
    FLOW_START,        /* delivering at `rate` from now */
    FLOW_RATE,         /* as START: another rate */
    FLOW_STOP,         /* not delivering */
    FLOW_COMPLETE,     /* volume to be infused is in; KVO or stop follows */
    FLOW_KVO,          /* keep-vein-open at `rate` */
    FLOW_COUNTER,      /* a reading of the counter; rate as told */
    FLOW_RESET,        /* the counter starts anew; total: its new value */
    FLOW_LOST,         /* nothing was heard for too long */
    FLOW_FLUSH,        /* line flushed; total: its volume, apart from the drug's */
    FLOW_STATED,       /* a person says what flowed in all: total */
    FLOW_DISASSOCIATE, /* taken down: nothing of this infusion flows after it */
    FLOW_KINDS
};
const char *flow_kind_word(enum flow_kind k);                       /* "start" */
MUST_CHECK bool flow_kind_read(const char *word, enum flow_kind *out, struct err *e);

enum flow_source { FLOW_BY_PUMP, FLOW_BY_NURSE, FLOW_BY_PATIENT };

struct flow_input { /* one fact, as the record flow_fact holds it */
    enum flow_kind kind;
    enum flow_source source;
    utc_t happened;        /* by our clock */
    const char *sender, *message;
    struct dec rate;       /* mL/h; DEC_NONE not told */
    struct dec total;      /* mL; DEC_NONE not told */
    struct dec resolution; /* mL, step of the counter; DEC_NONE: 0.1 */
};

enum flow_certainty { FLOW_CERTAIN, FLOW_STATED_BY, FLOW_UNCERTAIN_WHEN, FLOW_UNCERTAIN_TOTAL }; /* worse is greater */
const char *flow_certainty_word(enum flow_certainty c); /* "certain", "stated", "uncertain when", "uncertain total" */

enum flow_segment_kind { FLOW_SEG_RUNNING, FLOW_SEG_PAUSED, FLOW_SEG_KVO, FLOW_SEG_FLUSH, FLOW_SEG_UNCERTAIN };
const char *flow_segment_word(enum flow_segment_kind k);

struct flow_segment {
    utc_t start, end;      /* end UTC_NONE: still open */
    enum flow_segment_kind kind;
    enum flow_certainty certainty;
    enum flow_source source;
    struct dec rate;       /* mL/h; 0 while paused; DEC_NONE while uncertain */
    struct dec volume;     /* mL, so far while it is open; an estimate by rate × time if uncertain total */
};

struct flow {
    struct flow_segment *segments;
    int count;
    const char *state;     /* associated waiting running paused kvo ended uncertain reconciled */
    enum flow_certainty certainty;
    struct dec rate;       /* now, mL/h */
    struct dec volume;     /* drug, mL: running and uncertain segments, or as stated */
    struct dec kvo;        /* mL */
    struct dec flush;      /* mL */
    utc_t started, ended, heard;
    struct dec counter;    /* last reading */
    utc_t counted;         /* up to here the volume is counted; what flowed since is not in it yet */
    utc_t rate_since;      /* minutes at the rate that flows now count from here, pauses left out; UTC_NONE: nothing flows */
    utc_t rate_changed;    /* the rate last changed while it ran; the first flow if it never did */
    const char *doubt;     /* what is not known, in words; NULL */
};

/* has_pump: the pump's facts make the segments and a person's only say what they did; without one, the person's facts
 * make them, marked stated. So they do for a pump that never told of flow, once a person has said what flowed in all. ERR_TOO_LARGE over FLOW_FACTS_MAX facts. */
enum { FLOW_FACTS_MAX = 20000 };
#define FLOW_SILENT_US (5 * UTC_MINUTE) /* a pump that is heard is heard this often; transport, not clinic */
MUST_CHECK bool flow_segments(struct arena *a, const struct flow_input *facts, int n, bool has_pump, struct flow *out, struct err *e);

/* What follows asks the summary alone: a flow kept without its segments answers the same.
 * What is to come at the present rate. */
struct flow_forecast {
    struct dec left;       /* mL */
    struct dec minutes;    /* until it is in, to 0.01; DEC_NONE while nothing flows */
    utc_t ends;            /* UTC_NONE while nothing flows */
};
void flow_ahead(const struct flow *f, struct dec ordered_ml, utc_t now, struct flow_forecast *out);

/* Volume in by `now`, the open segment counted at its rate: for a picture, not for the record. */
struct dec flow_volume_at(const struct flow *f, utc_t now);

/* Minutes of flow at the rate that flows now, pauses not counted: what steps_next asks. Zero while nothing flows. */
struct dec flow_minutes_at_rate(const struct flow *f, utc_t now);

#endif
