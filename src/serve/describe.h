/* describe: the API in two languages, printed from the same tables that serve it: OpenAPI 3.1 and TypeScript.
 * Any thread. Rule: nothing about a command, view or record is written here by hand.
 */
#ifndef SERVE_DESCRIBE_H
#define SERVE_DESCRIBE_H

#include "base/buf.h"
#include "formulary/content.h"

enum { DESCRIBE_MAX = 4 * 1024 * 1024 };

void describe_openapi(struct buf *b); /* indented JSON */
void describe_types(struct buf *b);   /* TypeScript */
void describe_rules(struct buf *b, const struct content *c); /* Markdown: the rules of the content */

#endif
