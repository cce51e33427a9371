/* rack: the pumps of the centre as things with buttons and a display: started as processes of their own, pressed and
 * read over their control port by whoever stands in front of them.
 *
 * Owns the processes it started (ended by rack_close, by their ids) and a connection to each control port. One thread.
 * Rule: what a person does here is done by hand at the pump; the server hears of it only from the pump and from what
 * the person records.
 */
#ifndef SIM_RACK_H
#define SIM_RACK_H

#include <sys/types.h>

#include "base/clock.h"

enum { RACK_PUMPS_MAX = 128, RACK_LINE_MAX = 4096 };

/* What the display shows. */
struct unit_display {
    char state[16];       /* "off" "ready" "running" "paused" "kvo" "alarm" */
    char alarm[40];       /* "" none */
    int64_t rate_ul_h;    /* flowing now */
    int64_t total_ul;     /* cumulative counter, as the pump reports it */
    int64_t drug_ul;      /* truth since the last program: what left the pump at the programmed rate */
    int64_t kvo_ul;       /* truth since the last program: what left it at keep-open rate */
    int64_t left_ul;      /* to be infused */
    int64_t step_ul;      /* of the counter */
    int64_t queued;       /* messages it still has to send */
    int64_t lost;         /* messages of it that will never come: for the truth alone */
};

struct unit {
    char serial[40];
    int fd;               /* of its control port, on loopback */
    pid_t pid;
    bool taken;           /* somebody hangs on it */
};

struct rack {
    struct unit units[RACK_PUMPS_MAX];
    int count;
};

struct rack_opts {
    const char *program;  /* path of venule-sim */
    const char *mllp;     /* HOST:PORT of the server */
    const struct clock *clock;
    uint64_t seed;
    const char *truth;    /* file of every stretch of flow, appended by each pump; NULL: none */
    const char *faults;   /* "none" or what pump_main takes */
};

/* Start one more pump with this serial number. */
MUST_CHECK bool rack_add(struct rack *r, const struct rack_opts *o, const char *serial, struct err *e);
void rack_close(struct rack *r);
struct unit *rack_free_unit(struct rack *r); /* NULL: all are taken */

MUST_CHECK bool unit_look(struct unit *u, struct unit_display *out, struct err *e);
MUST_CHECK bool unit_program(struct unit *u, const char *drug, int64_t rate_ul_h, int64_t volume_ul, struct err *e);
MUST_CHECK bool unit_start(struct unit *u, struct err *e);
MUST_CHECK bool unit_rate(struct unit *u, int64_t rate_ul_h, struct err *e);
MUST_CHECK bool unit_stop(struct unit *u, struct err *e);
MUST_CHECK bool unit_clear(struct unit *u, struct err *e); /* program off, counters as they are */
MUST_CHECK bool unit_silence(struct unit *u, struct err *e);
MUST_CHECK bool unit_plug_in(struct unit *u, struct err *e);
MUST_CHECK bool unit_switch_on(struct unit *u, struct err *e); /* the program is gone, the counters are not */

#endif
