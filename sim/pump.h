/* pump: a large-volume infusion pump as a state machine: what flows, what its counters show, what it would say.
 *
 * Owns its volumes, exactly: microlitres × microseconds per hour in one integer, so nothing is rounded until it is
 * shown. Pure: time comes in with every call, no clock, no I/O; one thread. Rule: time only moves forward, a change
 * inside a step (end of the volume, near end, occlusion, empty battery) happens at its own exact moment, and each
 * change leaves a note with the values of that moment; Σ segment volumes = the cumulative counter.
 * Event grammar after IHE Devices TF, PCD-10 (start, stop, complete; transitioning; keep-vein-open).
 */
#ifndef SIM_PUMP_H
#define SIM_PUMP_H

#include "base/utc.h"
#include "sim/rng.h"

enum { PUMP_TEXT_MAX = 80, PUMP_NOTES_MAX = 64, PUMP_NOTES_SPARE = 16, PUMP_ALARMS_MAX = 5 };

enum pump_state { PUMP_OFF, PUMP_IDLE, PUMP_PROGRAMMED, PUMP_INFUSING, PUMP_PAUSED, PUMP_KVO, PUMP_ALARM };
const char *pump_state_text(enum pump_state s); /* off ready ready running paused kvo alarm: words of the display */

/* What may stand wrong. Codes MDC. */
enum pump_trouble { PUMP_OCCLUDED, PUMP_BATTERY_LOW, PUMP_BATTERY_EMPTY, PUMP_NEAR_END, PUMP_LINE_END };
struct pump_trouble_row {
    int64_t code;
    const char *refid, *text, *priority, *type; /* PH PM PL; ST technical, SA advisory */
};
extern const struct pump_trouble_row pump_troubles[PUMP_ALARMS_MAX];

enum pump_happening { PUMP_START, PUMP_STOP, PUMP_COMPLETE, PUMP_COUNTERS_CLEARED };
enum pump_delivery { PUMP_DELIVERING, PUMP_NOT_DELIVERING, PUMP_TRANSITIONING, PUMP_KEEPING_OPEN };
enum pump_why { PUMP_WHY_NONE, PUMP_WHY_CLINICIAN, PUMP_WHY_ALARM, PUMP_WHY_UNKNOWN };

/* The values of one moment, as the pump would report them. µL, µL/h. */
struct pump_values {
    utc_t at;
    bool infusing;
    enum pump_delivery delivery;
    enum pump_why why;
    int64_t flow_ul_h, programmed_ul_h, vtbi_ul, left_ul;
    int64_t total_ul, segment_ul;  /* counters: whole steps */
    int64_t left_s;                /* -1: not running */
    int battery_percent;
    bool programmed;
    char drug[PUMP_TEXT_MAX], patient[PUMP_TEXT_MAX], order[PUMP_TEXT_MAX];
};

enum pump_note_kind { PUMP_NOTE_REPORT, PUMP_NOTE_EVENT, PUMP_NOTE_ALARM };
struct pump_note {
    enum pump_note_kind kind;
    struct pump_values v;
    enum pump_happening what;     /* events */
    enum pump_trouble trouble;    /* alarms */
    const char *phase;            /* "start", "update", "end" */
    const char *inactivation;     /* "enabled", "audio-paused" */
    int alarm, alarm_first;       /* number of this alarm message, and of the one that began it */
};

/* A stretch of constant flow, for the truth. */
struct pump_stretch {
    utc_t start, end;
    int64_t rate_ul_h, ul;        /* true volume, rounded down with the rest carried to the next */
    bool kvo;
};

struct pump_options {
    int64_t step_ul;              /* of the counters; 0: 100 (0.1 mL) */
    int64_t kvo_ul_h;             /* -1: none; 0: 3,000 (3 mL/h) */
    int64_t near_end_s;           /* 0: 600 */
    int64_t report_s;             /* between PCD-01 messages; 0: 60 */
    int64_t battery_min;          /* of a full battery; 0: 240 */
    bool random_occlusion, random_battery;
};

struct pump_alarm { bool on; int first; };

struct pump {
    struct pump_options o;
    struct rng rng;
    enum pump_state state;
    utc_t now;
    bool programmed, near_end_told, unplugged;
    int64_t rate_ul_h, vtbi_ul;
    int64_t left;                 /* of the volume to be infused; in units of 1 µL / 3.6e9 */
    int64_t total, counted_from;  /* ever delivered; where the counter was cleared; units */
    int64_t drug, kvo;            /* since the last program; units */
    int64_t segment_counter;      /* shown total at the start of the segment, µL */
    int64_t stretch_from;         /* total at the start of the stretch, units */
    utc_t stretch_start;
    int64_t battery_us;           /* left */
    int64_t occlude_at;           /* left at which the line blocks by itself; -1 never */
    utc_t plug_at;                /* somebody plugs it in again; UTC_NONE */
    utc_t report_at;
    struct pump_alarm alarm[PUMP_ALARMS_MAX];
    int alarms_sent;
    char drug_label[PUMP_TEXT_MAX], patient[PUMP_TEXT_MAX], order[PUMP_TEXT_MAX];
    struct pump_note note[PUMP_NOTES_MAX];
    int notes;
    void (*on_stretch)(void *ctx, const struct pump_stretch *s); /* may be NULL */
    void *ctx;
};

void pump_init(struct pump *p, const struct pump_options *o, uint64_t seed, utc_t now); /* switched on, idle */
/* Forward to `now`; false if the notes are full: take them and call again. */
bool pump_advance(struct pump *p, utc_t now);
/* The next moment something happens by itself (a report, an end). */
utc_t pump_next(const struct pump *p);
void pump_values(const struct pump *p, struct pump_values *out);
int64_t pump_true_ul(int64_t units); /* whole microlitres */
void pump_close(struct pump *p);     /* writes the last stretch */

/* Buttons, and what people and the world do to the pump. Advance to the moment first. */
enum pump_key {
    PUMP_KEY_PROGRAM,  /* rate, vtbi, text = drug */
    PUMP_KEY_START,    /* begin, or go on after a pause or an alarm */
    PUMP_KEY_RATE,     /* rate, running or not */
    PUMP_KEY_PAUSE,    /* stop, program kept; the same as STOP but refused when nothing runs */
    PUMP_KEY_STOP,     /* stop whatever runs or alarms, program kept; fine when nothing runs */
    PUMP_KEY_CLEAR,    /* program off, counters as they are; refused while running */
    PUMP_KEY_ZERO,     /* cumulative counter to 0 */
    PUMP_KEY_SILENCE,  /* audio pause of the alarm that stands */
    PUMP_KEY_PATIENT,  /* text = id, "" none */
    PUMP_KEY_ORDER,    /* text = order id, "" none */
    PUMP_KEY_OCCLUDE,  /* the line is kinked (who presses START has straightened it) */
    PUMP_KEY_UNPLUG,
    PUMP_KEY_PLUG,
    PUMP_KEY_OFF,
    PUMP_KEY_ON
};
struct pump_press {
    enum pump_key key;
    int64_t rate_ul_h, vtbi_ul;
    const char *text;
};
MUST_CHECK bool pump_press(struct pump *p, const struct pump_press *press, struct err *e);

/* Steps of the machine the keys are made of (pump_press.c). */
void pump_begin(struct pump *p);
void pump_halt(struct pump *p);
void pump_titrate(struct pump *p, int64_t rate_ul_h);
void pump_alarm_end(struct pump *p, enum pump_trouble t);
void pump_occlude(struct pump *p);
void pump_plug(struct pump *p);
bool pump_zero(struct pump *p);
bool pump_silence(struct pump *p);

enum { PUMP_RATE_MIN = 100, PUMP_RATE_MAX = 1200000, PUMP_VTBI_MIN = 100, PUMP_VTBI_MAX = 9999000 }; /* µL/h, µL */

#endif
