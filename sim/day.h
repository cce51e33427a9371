/* day: one seeded day of a centre: who comes, who works, what hangs where, and what really flowed.
 *
 * Owns the desks, the guests (patients who come today) and the rack of pumps, and writes the truth. One thread. Rule:
 * staff act from what the views show and what a pump's display or a patient's own body tells the person beside them;
 * the truth file is written from the pumps' own counters and from who was really connected, never from the server.
 */
#ifndef SIM_DAY_H
#define SIM_DAY_H

#include "sim/body.h"
#include "sim/desk.h"
#include "sim/rack.h"

enum { GUESTS_MAX = 512, HANGS_MAX = 8, DESKS_MAX = 16, ID_MAX = 64, DAY_BAGS_MAX = 2048, DAY_CHARGES_MAX = 1024 * 1024 };

/* One bag in one patient's vein. */
struct hang {
    char infusion[ID_MAX], order[ID_MAX], drug[ID_MAX], prep[ID_MAX];
    struct unit *pump;     /* NULL once taken down */
    char serial[40];
    bool started, ended, flushed, down;
    utc_t start, end;           /* care time, by the person's watch */
    utc_t chart_at;             /* the start is charted, or the bag scanned, only then; UTC_NONE */
    int64_t to_give_ul;
    int64_t rate_ul_h, top_rate_ul_h; /* set now; highest set */
    struct unit_display shown;  /* last look */
    int64_t before_ul, kvo_before_ul; /* given by programs before the present one */
    utc_t alarmed;              /* since when it stands still with an alarm; UTC_NONE */
    bool reconciled;
    int64_t lost_before;        /* messages the pump had lost when it was hung */
};

/* A patient on the day of the visit. */
struct guest {
    char visit[ID_MAX], patient[ID_MAX], plan[ID_MAX], name[128], mrn[ID_MAX], state[24];
    struct desk *desk;          /* the nurse's */
    utc_t start;                /* booked */
    utc_t measured_at;          /* baseline vital signs */
    int late_s;                 /* comes this much after the booked time (negative: early) */
    utc_t busy_until;           /* somebody is doing something with this patient until then */
    utc_t ends;                 /* left, or visit over */
    struct body body;
    bool has_body, weighed, screened, measured, lined, consented;
    struct hang hangs[HANGS_MAX];
    int hang_count;
    char reaction[ID_MAX];      /* open one */
    int reaction_grade, reaction_count;
    bool held;                  /* pump stopped because of it */
    bool capped;                /* not faster than now after it */
    utc_t calm_since;
    bool asked;                 /* asked a question */
};

/* A bag as a thing: what the label says and what is really in it. */
struct bag {
    char prep[ID_MAX], barcode[256], volume[24];
};

struct day_opts {
    const char *url, *mllp, *truth_path, *program, *faults;
    const char *password;       /* NULL: the demo's own */
    const char *stretches_path; /* every stretch of flow of every pump; NULL: none */
    const char *charges_path;   /* each visit's charge and its lines at the end; NULL: none */
    struct clock clock;
    bool has_clock;
    uint64_t seed;
    int pumps;
    utc_t until;                /* care time; UTC_NONE: closing time of the day */
    unsigned reactions;         /* permille of patients who react */
    unsigned slips;             /* permille of chances to err: a neighbour's wristband, a bag scanned only after it was started, a start or stop not charted or late */
    bool verbose;
};

struct day {
    struct day_opts o;
    struct clock clock;
    struct rng rng;
    struct desk *desks[DESKS_MAX];
    int desk_count;
    struct guest *guests;
    int guest_count;
    struct bag *bags;
    int bag_count;
    struct rack rack;
    FILE *truth;
    char today[UTC_TEXT_MAX];   /* local day of the site, YYYY-MM-DD */
    struct zone *zone;
    int64_t reactions, infusions;
    int charges_final;
    int64_t rounds, idle_rounds;
};

MUST_CHECK bool day_run(const struct day_opts *o, struct err *e);

/* ---- for the staff ---------------------------------------------------------------------------------------------- */

bool guest_over(const struct guest *g);                      /* the visit has reached an end */
struct guest *day_guest(struct day *d, const char *visit);  /* NULL: not one of today's */
struct bag *day_bag(struct day *d, const char *prep);       /* made if it is not there; NULL when full */
/* One thing each, if there is one to do. */
void staff_prescriber(struct day *d, struct desk *k);
void staff_pharmacist(struct day *d, struct desk *k);
void staff_technician(struct day *d, struct desk *k);
void staff_scheduler(struct day *d, struct desk *k);
void staff_biller(struct day *d, struct desk *k);
void staff_patient(struct day *d, struct desk *k);
void staff_nurse(struct day *d, struct desk *k);
/* What still hangs when the day ends. */
void day_close_truth(struct day *d);
/* The pumps have said all, every visit that was given something is charged; the charges are written down. */
MUST_CHECK bool day_close(struct day *d, struct err *e);

/* µL and µL/h to text in mL and mL/h, exact ("166.7"); and back, rounding to whole µL; -1 if it is no number. */
const char *ul_text(struct arena *a, int64_t ul);
int64_t ul_of(const struct node *n);

#endif
