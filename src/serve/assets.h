/* assets: the pages: built into the program, or from a directory while developing (--ui-dir). HTTP threads. */
#ifndef SERVE_ASSETS_H
#define SERVE_ASSETS_H

#include "serve/server.h"

enum { ASSET_MAX = 8 * 1024 * 1024 };

void assets_serve(struct http_req *q, struct http_resp *r); /* GET of anything that is no API */

#endif
