/* throttle: how long someone must wait after wrong passwords, by login and address and by address alone.
 *
 * Owns a bounded table in memory; the oldest entry makes room. Any thread. Rule: the wait grows and has an end: a
 * stranger cannot lock a nurse out by guessing.
 */
#ifndef SERVE_THROTTLE_H
#define SERVE_THROTTLE_H

#include "base/utc.h"

enum { THROTTLE_MAX = 4096, THROTTLE_FREE = 3, THROTTLE_ADDRESS_FREE = 30 };
#define THROTTLE_WAIT_MAX (60 * UTC_SECOND)
#define THROTTLE_FORGET (30 * UTC_MINUTE)

struct throttle;
struct throttle *throttle_new(void);
void throttle_free(struct throttle *t);

/* 0, or how long until the next attempt is looked at. */
utc_t throttle_wait(struct throttle *t, const char *login, const char *address, utc_t now);
void throttle_failed(struct throttle *t, const char *login, const char *address, utc_t now);
void throttle_passed(struct throttle *t, const char *login, const char *address);

#endif
