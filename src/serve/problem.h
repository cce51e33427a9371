/* problem: an error as RFC 9457 problem details: what went wrong, in which field, and for refusals why and who may.
 * Any thread. Rule: a defect of ours never shows its inside.
 */
#ifndef SERVE_PROBLEM_H
#define SERVE_PROBLEM_H

#include "base/json.h"
#include "record/model.h"
#include "serve/http.h"

int problem_status(enum err_kind k);        /* HTTP status */
const char *problem_title(enum err_kind k);
/* The whole document; refusals may be none. */
void problem_json(struct json *j, const struct err *e, const struct refusal *refusals, int count);
void problem_answer(struct http_resp *r, const struct err *e);
void problem_set(struct http_resp *r, enum err_kind k, const char *where, const char *text);
/* One of HTTP's own kinds, as 405 or 429. */
void problem_other(struct http_resp *r, int status, const char *word, const char *title, const struct err *e);

#endif
