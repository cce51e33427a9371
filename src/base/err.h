/* err: what went wrong, said once, where it happened.
 *
 * A fallible function returns bool (or a pointer) and fills a struct err. `where` names the field or place the
 * person can mend ("weight", "line 12, column 4", "OBX-5 of segment 7"); `text` is a sentence for that person.
 * Any thread. Rule: an error is never dropped: every fallible call is MUST_CHECK.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

enum err_kind {
    ERR_NONE,
    ERR_INPUT,     /* malformed or out of range: the sender can mend it            400 */
    ERR_SIGNED_OUT,/* no session                                                    401 */
    ERR_FORBIDDEN, /* known, but not allowed for this role, site or patient         403 */
    ERR_NOT_FOUND, /* no such thing here                                            404 */
    ERR_CONFLICT,  /* the state does not allow it now, or the key was used before   409 */
    ERR_TOO_LARGE, /* over a named limit                                            413 */
    ERR_REFUSED,   /* a clinical rule said no; see the refusals                     422 */
    ERR_BUSY,      /* a queue is full or the store is locked: try again             503 */
    ERR_STORE,     /* the store failed                                              500 */
    ERR_INTERNAL   /* a defect of ours                                              500 */
};

struct err {
    enum err_kind kind;
    char where[96];
    char text[400];
};

/* Fill *e and return false, so that `return err_set(…)` reads as one step. Keeps the first error if one is set. */
bool err_set(struct err *e, enum err_kind kind, const char *where, const char *fmt, ...) PRINTF(4, 5);

/* Put "prefix." before e->where: how a nested reader says where it stood. */
void err_within(struct err *e, const char *prefix);

#endif
