/* pcd: what an infusion pump said: IHE PCD-01 (periodic), PCD-10 (delivery events), PCD-04 (alarms).
 *
 * Turns a parsed HL7 v2.6 message into plain facts with fixed units (mL, mL/h, s) and says which acknowledgement is
 * due. No state; text and tables in the caller's arena. Any thread. Rule: the transaction is decided by MSH-9, a term
 * by its numeric MDC code (by its name only when the code is 0 or absent), a unit by OBX-6, and a value that cannot
 * be read refuses the whole message with its place; nothing is guessed.
 * Source: IHE Devices TF-2 3.1, 3.4, 3.10, appendix B; TF-3 7.1; codes ISO/IEEE 11073-10101.
 */
#ifndef WIRE_PCD_H
#define WIRE_PCD_H

#include "base/unit.h"
#include "base/utc.h"
#include "wire/hl7.h"

enum { PCD_CHANNELS_MAX = 64, PCD_PATH_MAX = 32 };

enum pcd_kind {
    PCD_NONE,
    PCD_01_OBSERVATION, /* ORU^R01 */
    PCD_10_EVENT,       /* ORU^R42 */
    PCD_04_ALARM,       /* ORU^R40 */
    PCD_15_EQUIPMENT    /* ORU^R01 with OBR-4 69135: battery, network; only the envelope is decoded */
};

enum pcd_infusing { PCD_INFUSING_UNKNOWN, PCD_NOT_INFUSING, PCD_INFUSING };
enum pcd_delivery {
    PCD_DELIVERY_UNKNOWN,
    PCD_DELIVERING,
    PCD_NOT_DELIVERING,
    PCD_TRANSITIONING,
    PCD_KVO /* keep-vein-open */
};
enum pcd_reason { /* why not delivering */
    PCD_REASON_NONE,
    PCD_BY_CLINICIAN,
    PCD_SWITCHING_SOURCE,
    PCD_BETWEEN_DOSES,
    PCD_ALARMING,
    PCD_NOT_SPECIFIED
};
enum pcd_mode { PCD_MODE_UNKNOWN, PCD_CONTINUOUS, PCD_MULTI_STEP, PCD_RAMP_TAPER, PCD_MULTI_DOSING };
enum pcd_source {
    PCD_SOURCE_UNKNOWN,
    PCD_PRIMARY,
    PCD_SECONDARY,
    PCD_PCA,
    PCD_LOADING,
    PCD_CLINICIAN,
    PCD_INTERMITTENT
};
enum pcd_happening { PCD_EVENT_OTHER, PCD_DELIV_START, PCD_DELIV_STOP, PCD_DELIV_COMP };

const char *pcd_kind_text(enum pcd_kind k);           /* "PCD-01" */
const char *pcd_delivery_text(enum pcd_delivery d);   /* "delivering", "" unknown */
const char *pcd_reason_text(enum pcd_reason r);       /* "stopped by clinician" */
const char *pcd_source_text(enum pcd_source s);       /* "primary" */
const char *pcd_happening_text(enum pcd_happening h); /* "start" */

/* One fluid source of one pump. Infusing status, real flow and active source belong to the pump's delivery channel
 * and are copied to its sources (flow only to the active one). Absent numbers are DEC_NONE, absent text NULL. */
struct pcd_channel {
    char path[PCD_PATH_MAX];       /* OBX-4 of the channel: "1.1.2"; flat devices: the device, "1.0.0" */
    const char *serial;            /* of the pump: OBX-18.1, else its EUI-64; NULL if the message names no pump */
    const char *patient_id;        /* NULL: the pump knows none */
    const char *order_id;          /* OBR-2.1 */
    enum pcd_source source;        /* which kind of source this channel is */
    enum pcd_source active_source; /* which source the pump says it delivers from */
    bool active;                   /* this source is that one, or the only one, or the pump does not say */
    const char *label;             /* channel label, "A" */
    utc_t observed;                /* OBR-7, overridden by OBX-14 of device, channel */
    utc_t volume_at;               /* OBX-14 of the total's own row, else observed */
    bool offset_known;             /* false: the sender wrote -0000 */
    enum pcd_infusing infusing;
    enum pcd_delivery delivery;
    enum pcd_reason reason;
    enum pcd_mode mode;
    struct dec flow_ml_h;          /* what leaves the pump now */
    struct dec programmed_ml_h;
    struct qty dose_rate;          /* programmed, in its own unit */
    struct dec vtbi_ml, vtbi_remain_ml;
    struct dec total_ml, segment_ml; /* delivered: counter, and since the last start or change */
    int64_t remaining_s;           /* INT64_MIN: absent */
    const char *drug;              /* the pump's label */
    struct qty concentration;
    struct dec weight_kg;
    const char *library, *library_version, *care_area;
};

struct pcd_event { /* PCD-10 */
    int64_t code;                  /* MDC, context-free; 0 when only the name was sent */
    const char *name;
    enum pcd_happening what;
    char path[PCD_PATH_MAX];       /* channel it happened in, as pcd_channel.path; "" not said */
    utc_t at;
};

struct pcd_alarm { /* PCD-04 */
    int64_t code;
    const char *name;              /* REFID of the event */
    const char *text;              /* the pump's own words */
    const char *phase, *state, *inactivation; /* TF-2 B.8.5 words: "start", "active", "enabled" */
    const char *priority;          /* PN PL PM PH */
    const char *type;              /* SP physiological, ST technical, SA advisory */
    const char *source;            /* REFID or OBX-4 path of the alarming part */
    const char *id;                /* OBR-3.1 */
    const char *parent;            /* OBR-29.2.1: OBR-3.1 of the alarm's first message; NULL for the first */
    utc_t at;
};

struct pcd_message {
    enum pcd_kind kind;
    const char *control_id;        /* MSH-10 */
    const char *sender;            /* MSH-3, components joined by ^: with control_id the key of a resend */
    const char *facility;          /* MSH-4 */
    utc_t sent;                    /* MSH-7; UTC_NONE if absent */
    const char *serial;            /* of the first pump named */
    const char *model;             /* OBX-18.2 */
    const char *patient_id, *patient_family, *patient_given, *patient_birth; /* NULL: unknown to the pump */
    const char *location;          /* PV1-3 as written */
    const char *order_id, *order_drug_code, *order_drug; /* OBR-2.1, OBR-4 of the first OBR (not for alarms) */
    struct pcd_event event;        /* kind PCD_10_EVENT */
    struct pcd_alarm alarm;        /* kind PCD_04_ALARM */
    int channel_count;
    struct pcd_channel *channel;
    struct dec battery_percent;
    int repeated;                  /* metrics sent twice for one channel: the first was kept */
};

struct pcd_options {
    bool accept_test;              /* MSH-11 D and T as well as P */
};

/* Fills *out from m. On false *f holds the acknowledgement's error; envelope members of *out read so far stay valid. */
MUST_CHECK bool pcd_decode(struct arena *a, const struct hl7_message *m, const struct pcd_options *o,
                           struct pcd_message *out, struct hl7_fault *f);

/* For the caller who knows the pumps: code 204, naming the serial and its place. Returns false, as hl7_fault_set. */
bool pcd_fault_unknown_pump(const struct pcd_message *msg, struct hl7_fault *f);

enum pcd_ack_mode {
    PCD_ACK_AUTO,     /* enhanced when MSH-15 or MSH-16 is there, else original */
    PCD_ACK_ENHANCED, /* CA CE CR */
    PCD_ACK_ORIGINAL  /* AA AE AR */
};

struct pcd_ack {
    enum pcd_ack_mode mode;
    const char *control_id; /* MSH-10 of the acknowledgement: unique */
    utc_t now;              /* its MSH-7 */
    const char *facility;   /* used when the message has no readable MSH */
};

/* The acknowledgement of m (as hl7_parse left it, whole or not) into out; fault NULL or code HL7_OK accepts. False:
 * the sender wants none (MSH-15 NE, or SU and ER not met); never so in a forced mode or when MSH was unreadable. */
bool pcd_ack(struct buf *out, const struct hl7_message *m, const struct pcd_ack *how, const struct hl7_fault *fault);

#endif
