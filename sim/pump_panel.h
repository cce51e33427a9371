/* pump_panel: the front of the pump, for hands in another process: one line in, one line out, over loopback TCP.
 *
 * Lines (UTF-8, at most PUMP_LINE_MAX bytes, LF or CRLF); answer "ok", "error WHERE: WORDS", or for status one line of
 * JSON. Rates in mL/h, volumes in mL, at most three places.
 *
 *   program RATE VTBI [DRUG…]  start  rate RATE  pause  resume  stop  clear  zero  silence  patient [ID]  order [ID]
 *   off  on                    buttons ("resume" is "start")
 *   occlude  unplug  plug      what happens to the line and the cable
 *   cut  mend                  what happens to the network
 *   status                     {"serial":"VP-1","state":"running","alarm":"","drug":"…","rate_ul_h":84000, …}
 *   quit                       ends the program, truth written
 *
 * status: state (off ready running paused kvo alarm), alarm (words, "" none), programmed, drug; rate_ul_h (flowing
 * now), set_ul_h, vtbi_ul, left_ul, left_s (-1 not running), total_ul and segment_ul (counters as reported), step_ul,
 * drug_ul and kvo_ul (truth since the last program), battery, link (up down cut), queued (with those held back), lost
 * (for good), sent, resent, taken, refused, dropped, refusal (last reason), care (time).
 */
#ifndef SIM_PUMP_PANEL_H
#define SIM_PUMP_PANEL_H

#include "sim/pump_link.h"

enum { PUMP_LINE_MAX = 512, PUMP_HANDS_MAX = 16 };

struct pump_hand { /* one connection */
    int fd;        /* -1: free */
    struct buf in, out;
};

struct pump_panel {
    int listener, port;
    struct pump_hand hand[PUMP_HANDS_MAX];
    bool quit;
};

/* Listens on 127.0.0.1; port 0: any. */
MUST_CHECK bool pump_panel_init(struct pump_panel *p, int port, struct err *e);
void pump_panel_fini(struct pump_panel *p);
/* One line done: the answer, with its line feed, is added to out. Advance the pump first. */
void pump_panel_line(struct pump_panel *panel, struct pump *p, struct pump_link *l, const char *serial, const char *line,
                     struct buf *out);
/* Fills fds (at most PUMP_HANDS_MAX + 1), returns how many. */
int pump_panel_wants(const struct pump_panel *p, struct pollfd *fds);
void pump_panel_serve(struct pump_panel *panel, const struct pollfd *fds, int n, struct pump *p, struct pump_link *l,
                      const char *serial);

#endif
