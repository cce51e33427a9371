/* desk: one member of staff at work: a signed-in session, what they were told "no" to, and a log of what they did.
 *
 * Owns the session and a bounded memory of refusals, so that nobody asks the same thing again every second. One
 * thread. Rule: a desk knows only what views and answers tell it. A rule that wants a reason and may be overridden by
 * this role is overridden once, on the facts shown; a hard stop is taken as the end of it for now.
 */
#ifndef SIM_DESK_H
#define SIM_DESK_H

#include <stdio.h>

#include "base/clock.h"
#include "sim/http.h"

enum { DESK_MEMORY = 1024, DESK_PAUSE_FIRST_MIN = 2, DESK_PAUSE_LAST_MIN = 60 };

struct desk_no {
    uint64_t hash; /* of command and input; 0: free */
    utc_t until;   /* care time before which it is not asked again */
    int minutes;   /* of the last pause; doubled each time */
};

struct day;

struct desk {
    struct http http;
    const char *role;     /* "nurse" */
    struct arena *a;      /* of this round; reset by desk_round */
    const struct clock *clock;
    utc_t now;            /* care time of this round */
    FILE *log;            /* NULL: silent */
    struct desk_no no[DESK_MEMORY];
    int64_t done, refused, overridden, failed; /* commands */
    int64_t did;          /* commands accepted in this round */
    bool asked;           /* the patient's one question */
    void (*work)(struct day *, struct desk *); /* one round of it */
};

MUST_CHECK bool desk_open(struct desk *d, const char *role, const char *login, const char *password, struct err *e);
void desk_close(struct desk *d);
/* A new round begins: forget the last one's answers, read the clock (`real` is the machine's). */
void desk_round(struct desk *d, utc_t real);

/* A view, or NULL (logged). Lives until the next round. */
struct node *desk_view(struct desk *d, const char *name, const char *query);
/* As http_command. True if it was accepted; false if refused, not possible or paused. `reason` (NULL: none) is said
 * with it, and is the reason for which a rule is overridden. *answer may be NULL. */
bool desk_do(struct desk *d, const char *command, const char *input, const char *reason, struct node **answer);
/* The same, said to have happened at care time `at`. */
bool desk_did(struct desk *d, const char *command, const char *input, utc_t at, struct node **answer);

/* A pause of one's own making: nothing came of this, try again later. */
void desk_pause(struct desk *d, const char *what, const char *about);
bool desk_paused(struct desk *d, const char *what, const char *about);

void desk_say(struct desk *d, const char *fmt, ...) PRINTF(2, 3);

/* {"k":"v",…} from pairs of strings, NULL ends. A key "#k" has a value of JSON text (a number, a list); a NULL value
 * leaves the pair out. */
const char *desk_input(struct arena *a, ...) __attribute__((sentinel));

#endif
