/* run: one process that serves one site: its parts started in order, and stopped in the other order.
 * Main thread. Rule: what was acknowledged is on the disk before anything stops.
 */
#ifndef SERVE_RUN_H
#define SERVE_RUN_H

#include "serve/server.h"

/* Starts everything, calls `ready` once requests are taken, and returns after SIGTERM or SIGINT. */
MUST_CHECK bool serve_run(const struct server_config *c, void (*ready)(const struct server *s), struct err *e);

/* A command by the program itself, through the writer; waits. Main thread. *id (may be NULL) lives as long as the
 * server. */
MUST_CHECK bool run_command(struct server *s, const char *name, const void *in, const char **id, struct err *e);

#endif
