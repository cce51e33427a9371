/* pcd_in: what comes in from the pumps: a frame becomes a job of the writer, the commit becomes its acknowledgement.
 *
 * Owns the MLLP server and its thread. Rule: no positive acknowledgement before the commit; a message sent twice has
 * one effect and the same answer; one that cannot be used is answered with its fault and stays in the inbox as failed.
 */
#ifndef SERVE_PCD_IN_H
#define SERVE_PCD_IN_H

#include "serve/server.h"

struct pcd_in;

MUST_CHECK bool pcd_in_start(struct server *s, struct pcd_in **out, struct err *e);
int pcd_in_port(const struct pcd_in *p);
void pcd_in_stop(struct pcd_in *p);  /* takes no more messages; before writer_stop; NULL is fine */
void pcd_in_free(struct pcd_in *p);  /* after writer_stop: answers are dropped; NULL is fine */

/* Takes in again what somebody asked for (interface.replay, fix, map). Main thread; it waits for the writer. */
MUST_CHECK bool pcd_again(struct server *s, struct err *e);

#endif
