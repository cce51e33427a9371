/* tend: what the inbox needs now and then: loose blocks packed together, days that are over sealed into the ledger,
 * days past their retention forgotten (decision 5).
 *
 * Main thread; it waits for the writer. Rule: a day is forgotten only after it was sealed.
 */
#ifndef SERVE_TEND_H
#define SERVE_TEND_H

#include "serve/server.h"

enum { INBOX_DAYS_KEPT = 90, TEND_SECONDS = 30 };

/* One step of each. Real time says which day is over: an hour past midnight UTC, so that nothing of it still waits. */
MUST_CHECK bool inbox_tend(struct server *s, struct err *e);

#endif
