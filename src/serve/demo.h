/* demo: the people, chairs and pumps a demonstration begins with, and their shared password. Only with --demo.
 * Rule: without --demo none of this can be reached.
 */
#ifndef SERVE_DEMO_H
#define SERVE_DEMO_H

#include "serve/server.h"

#define DEMO_PASSWORD "demo-infusion"

/* What is not there yet: the site, its people, chairs and pumps; shifts for the days around now. */
MUST_CHECK bool demo_seed(struct server *s, struct err *e);
void demo_logins(struct http_req *q, struct http_resp *r); /* GET /api/demo: who may sign in, and how */

#endif
