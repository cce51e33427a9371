/* crash-found URL: what a store holds of what was said to it, as JSON lines, for the crash tests to compare with what
 * was acknowledged. Reads the tables themselves, not through the server's views.
 *
 *   {"answer":KEY,"text":"STATUS …"}               each stored answer of a command
 *   {"event":SEQ,"type":…,"command":…,"subject":…} each event of the ledger
 *   {"message":ID,"sender":…,"whole":…}            each message in the inbox; whole: its text can be read and names it
 *   {"fact":MESSAGE}                               each fact a message made
 */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "record/inbox.h"
#include "record/ledger.h"

enum { LINE_MAX_BYTES = 1024 * 1024, SITE = 1 };

static void put(struct json *j, const struct rows *r, int col, const char *name, char type)
{
    if (type == 'i')
        json_int(j, name, rows_int(r, col));
    else if (!rows_null(r, col))
        json_str(j, name, rows_text(r, col));
}

/* The text itself, out of the block it was packed into. */
MUST_CHECK static bool put_whole(struct tx *t, struct json *j, const struct rows *r, struct err *e)
{
    const char *raw;
    size_t len;
    bool found;
    if (!inbox_get(t, rows_text(r, 1), rows_text(r, 0), &raw, &len, &found, e))
        return false;
    json_bool(j, "whole", found && strstr(raw, rows_text(r, 0)));
    return true;
}

/* `names`: name:type of each column, separated by spaces; a last "whole:w" is looked up in the inbox. */
MUST_CHECK static bool print(struct tx *t, const char *sql, const char *names, struct err *e)
{
    struct rows r;
    bool more;
    if (!store_query(t->store, t->a, sql, VALS(V_INT(SITE)), &r, e) || !rows_next(&r, &more, e))
        return false;
    while (more) {
        struct buf b;
        struct json j;
        buf_init(&b, LINE_MAX_BYTES);
        json_init(&j, &b);
        json_object(&j, NULL);
        const char *p = names;
        for (int col = 0; *p; col++) {
            char name[32];
            size_t n = strcspn(p, ":");
            snprintf(name, sizeof name, "%.*s", (int)n, p);
            if (p[n + 1] == 'w' && !put_whole(t, &j, &r, e))
                return false;
            if (p[n + 1] != 'w')
                put(&j, &r, col, name, p[n + 1]);
            p += n + 2;
            p += *p == ' ';
        }
        json_end(&j, '}');
        bool ok = buf_ok(&b, "a line", e);
        if (ok)
            puts(buf_str(&b));
        buf_fini(&b);
        if (!ok || !rows_next(&r, &more, e))
            return false;
    }
    return true;
}

static bool run(struct tx *t, struct err *e)
{
    return print(t, "SELECT key, answer FROM command_answer WHERE site=?1", "answer:t text:t", e) &&
           print(t, "SELECT seq, type, command, subject FROM ledger WHERE site=?1 ORDER BY seq",
                 "event:i type:t command:t subject:t", e) &&
           print(t, "SELECT message_id, sender FROM inbox WHERE site=?1", "message:t sender:t whole:w", e) &&
           print(t, "SELECT message FROM flow_fact WHERE site=?1 AND message IS NOT NULL", "fact:t", e);
}

int main(int argc, char **argv)
{
    struct err e = {.kind = ERR_NONE};
    struct store *s = NULL;
    struct tx t;
    struct arena *a = arena_new();
    static const struct event_types none = {NULL, 0, NULL, 0};
    bool ok = argc == 2 && store_open(argv[1], false, &s, &e) && tx_read(&t, s, a, SITE, &none, &e);
    if (ok) {
        ok = run(&t, &e);
        tx_rollback(&t);
    }
    if (!ok)
        fprintf(stderr, "crash-found: %s: %s\n", e.where, argc == 2 ? e.text : "usage: crash-found URL");
    store_close(s);
    arena_free(a);
    return ok ? 0 : 1;
}
