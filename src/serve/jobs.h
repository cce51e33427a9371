/* jobs: one thread for what takes long: Argon2id, PDF, the solver.
 *
 * Owns its thread and queue. Rule: one at a time, so that sign-ins cannot eat the machine; a full queue says busy.
 */
#ifndef SERVE_JOBS_H
#define SERVE_JOBS_H

#include "base/err.h"

enum { JOBS_MAX = 256 };

struct jobs;
struct jobs *jobs_start(void);
void jobs_stop(struct jobs *j); /* runs what is queued, then ends; later adds are refused; NULL is fine */
void jobs_free(struct jobs *j); /* after stop; NULL is fine */
MUST_CHECK bool jobs_add(struct jobs *j, void (*run)(void *ctx), void *ctx, struct err *e); /* any thread; ERR_BUSY */

#endif
