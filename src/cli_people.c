#include "cli_people.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "serve/session.h"

bool cli_password(const char *whose, char hash[CLI_HASH_MAX], struct err *e)
{
    char line[PASSWORD_MAX + 2];
    if (sodium_init() < 0)
        return err_set(e, ERR_INTERNAL, "", "no source of random numbers");
    fprintf(stderr, "password of %s (one line): ", whose);
    if (!fgets(line, sizeof line, stdin))
        return err_set(e, ERR_INPUT, "password", "no password was given on standard input");
    line[strcspn(line, "\r\n")] = 0;
    return password_acceptable(line, e) && password_hash(line, hash, e);
}

bool cli_with_store(struct server *s, const char *db, bool (*work)(void *with, struct err *e), void *with, struct err *e)
{
    const struct writer_config w = {.url = db, .types = &care_event_types};
    bool ok = writer_start(&w, &s->writer, e) && readers_open(db, &care_event_types, &s->readers, e) && work(with, e);
    writer_stop(s->writer);
    writer_free(s->writer);
    readers_close(s->readers);
    return ok;
}
