/* assets: the pages: built into the program, or from a directory while developing (--ui-dir). HTTP threads. */
#ifndef SERVE_ASSETS_H
#define SERVE_ASSETS_H

#include "base/embed.h"
#include "serve/server.h"

enum { ASSET_MAX = 8 * 1024 * 1024 };

/* What web/meson.build built in: the pages gzipped, or one that says they were not built. */
extern const struct embed_set web_builtin;

void assets_serve(struct http_req *q, struct http_resp *r); /* GET of anything that is no API */

#endif
