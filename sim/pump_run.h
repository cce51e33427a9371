/* pump_run: `venule-sim pump`: one pump as one process, with its display, its network and the truth of what flowed.
 *
 *   venule-sim pump --serial S --mllp ADDRESS:PORT [--control PORT] [--clock CARE0@REAL0,SPEED] [--seed N]
 *       [--truth FILE] [--faults LIST] [--every SECONDS] [--kvo ML_H] [--step ML] [--site NAME]
 *
 * Prints "pump S control PORT" once it listens. --faults: none, all, or words of occlusion, battery, link, double
 * (sent twice), lost (5 % of the messages never leave) and late (5 % leave up to ten minutes later, behind younger ones),
 * separated by commas, drawn from the seed. Truth file: JSON lines, appended, one a stretch of constant flow:
 * {"serial","start","end","rate_ul_h","ul","kind":"drug"|"kvo","drug"}. Ends on SIGTERM, SIGINT or "quit".
 * One thread. Rule: the only place of the pump that reads a clock.
 */
#ifndef SIM_PUMP_RUN_H
#define SIM_PUMP_RUN_H

#include "sim/args.h"

MUST_CHECK bool pump_main(struct args *a, struct err *e);

#endif
