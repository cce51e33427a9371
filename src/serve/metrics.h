/* metrics: figures for Prometheus, in its text format. No names, no ids. */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include "serve/server.h"

void metrics_show(struct http_req *q, struct http_resp *r); /* GET /metrics */

#endif
