/* venule user: let one more person sign in: staff with their roles, or a patient; beside a running server or without. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "cli_people.h"

struct user {
    const char *db, *site, *login, *name, *roles, *patient, *badge;
    char hash[CLI_HASH_MAX];
    struct server server;
};

/* By id, or by what the wristband says. */
MUST_CHECK static bool find_patient(struct user *u, struct patient *out, struct err *e)
{
    struct tx t;
    struct patient *p;
    int n = 0;
    if (!reader_begin(u->server.readers, u->server.a, u->server.c.site, &t, e))
        return false;
    bool ok = table_list(&t, &record_patient, "id=?2 OR mrn=?2 ORDER BY id LIMIT 2", VALS(V_TEXT(u->patient)), &p, &n, e);
    reader_end(u->server.readers, &t, !ok);
    if (!ok)
        return false;
    if (n != 1)
        return err_set(e, n ? ERR_CONFLICT : ERR_NOT_FOUND, "--patient", n ? "\"%.60s\" is more than one patient" : "there is no patient \"%.60s\"", u->patient);
    *out = p[0];
    return true;
}

static bool add(void *with, struct err *e)
{
    struct user *u = with;
    BLANK(patient, p);
    BLANK(staff_add_in, n);
    n.login = u->login;
    n.name = u->name;
    n.roles = u->patient ? "patient" : u->roles;
    n.hash = u->hash;
    n.badge = u->badge;
    if (u->patient) {
        if (!find_patient(u, &p, e))
            return false;
        n.patient = p.id;
        n.name = u->name ? u->name : arena_printf(u->server.a, "%s %s", p.given, p.family);
    }
    n.name = n.name ? n.name : u->login;
    return run_command(&u->server, "staff.add", &n, NULL, e);
}

int cli_user(int argc, char **argv)
{
    struct user u = {.server = {.c = {.site = 1, .clock = CLOCK_REAL}, .zones_lock = PTHREAD_MUTEX_INITIALIZER}};
    const struct cli_option options[] = {
        {.name = "--db", .value = &u.db, .needed = true, .meaning = "URL    sqlite:FILE or postgresql://…"},
        {.name = "--site", .value = &u.site, .meaning = "N      site number, 1 if left out"},
        {.name = "--login", .value = &u.login, .needed = true, .meaning = "LOGIN  sign-in name; the password is read from standard input"},
        {.name = "--name", .value = &u.name, .meaning = "TEXT   name as shown; a patient's own if left out"},
        {.name = "--roles", .value = &u.roles, .meaning = "WORDS  roles, separated by spaces; or:"},
        {.name = "--patient", .value = &u.patient, .meaning = "ID     a patient: id, or what the wristband says"},
        {.name = "--badge", .value = &u.badge, .meaning = "CODE   what the badge's barcode says"},
    };
    struct cli_args args = {.options = options, .option_count = sizeof options / sizeof options[0]};
    struct err e = {.kind = ERR_NONE};
    bool ok = cli_read(argc, argv, &args, &e) && (!u.site || cli_number("--site", u.site, 1, 999999, &u.server.c.site, &e));
    if (ok && !u.roles == !u.patient)
        ok = err_set(&e, ERR_INPUT, "--roles", "say the roles, or which patient it is; one of the two");
    if (!ok)
        return cli_usage("user", &args, &e);
    u.server.a = arena_new();
    ok = cli_password(u.login, u.hash, &e) && cli_with_store(&u.server, u.db, add, &u, &e);
    arena_free(u.server.a);
    if (!ok)
        return cli_fail("user", &e);
    printf("%s may sign in at site %lld\n", u.login, (long long)u.server.c.site);
    return CLI_OK;
}
