/* cli_people: what the commands share that let people sign in without a running server, or beside one.
 *
 * Main thread. Rule: a password is read from standard input, never from an argument, which other processes could see.
 */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "serve/run.h"

enum { CLI_HASH_MAX = 160 };

/* One line of standard input, hashed; `whose` is for the prompt. */
MUST_CHECK bool cli_password(const char *whose, char hash[CLI_HASH_MAX], struct err *e);
/* The writer and the readers of a store around `work`. Commands are then run with run_command. s->c.site is set. */
MUST_CHECK bool cli_with_store(struct server *s, const char *db, bool (*work)(void *with, struct err *e), void *with, struct err *e);

#endif
