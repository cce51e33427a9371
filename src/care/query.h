/* query: questions about orders. Any thread with its own tx; commands on the writer.
 * Rule: an order somebody asked about is not verified, and no bag of it is begun or released, before the reply.
 */
#ifndef CARE_QUERY_H
#define CARE_QUERY_H

#include "care/care.h"

MUST_CHECK bool care_query_open(struct tx *t, const char *order, struct order_query *out, bool *found, struct err *e);
/* ERR_CONFLICT with the question's words while one is open. */
MUST_CHECK bool care_query_settled(struct cmd *c, const char *order, struct err *e);

#endif
