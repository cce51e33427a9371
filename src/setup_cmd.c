/* venule setup: a new site and its first administrator, in an empty store or beside other sites. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "cli_people.h"

struct setup {
    const char *db, *site, *name, *zone, *setting, *billing, *phone, *login, *person;
    char hash[CLI_HASH_MAX];
    struct server server;
};

MUST_CHECK static bool is_new(struct setup *u, struct err *e)
{
    struct arena *a = arena_new();
    struct tx t;
    BLANK(site_info, info);
    bool found = false;
    bool ok = reader_begin(u->server.readers, a, u->server.c.site, &t, e);
    if (ok) {
        ok = table_get(&t, &record_site_info, "site", &info, &found, e);
        reader_end(u->server.readers, &t, !ok);
    }
    arena_free(a);
    return ok &&
           (!found || err_set(e, ERR_CONFLICT, "--site", "site %lld is there already", (long long)u->server.c.site));
}

MUST_CHECK static bool describe(struct setup *u, const char *hash, struct err *e)
{
    const struct zone *z;
    BLANK(site_info, n);
    n.id = "site";
    n.name = u->name;
    n.zone = u->zone;
    n.setting = u->setting ? u->setting : "centre";
    n.billing = u->billing ? u->billing : "office";
    n.demo = 0;
    n.phone = u->phone;
    n.opens = 7 * 60;
    n.closes = 19 * 60;
    BLANK(staff_add_in, p);
    p.login = u->login;
    p.name = u->person ? u->person : u->login;
    p.roles = "administrator";
    p.hash = hash;
    if (!server_zone(&u->server, u->zone, &z, e)) {
        err_within(e, "--zone");
        return false;
    }
    return is_new(u, e) && run_command(&u->server, "site.set", &n, NULL, e) &&
           run_command(&u->server, "staff.add", &p, NULL, e);
}

static bool run(void *with, struct err *e)
{
    struct setup *u = with;
    return describe(u, u->hash, e);
}

int cli_setup(int argc, char **argv)
{
    struct setup u = {.server = {.c = {.site = 1, .clock = CLOCK_REAL}, .zones_lock = PTHREAD_MUTEX_INITIALIZER}};
    const struct cli_option options[] = {
        {.name = "--db", .value = &u.db, .needed = true, .meaning = "URL    sqlite:FILE or postgresql://…"},
        {.name = "--site", .value = &u.site, .meaning = "N      site number, 1 if left out"},
        {.name = "--name", .value = &u.name, .needed = true, .meaning = "TEXT   name on labels and pages"},
        {.name = "--zone", .value = &u.zone, .needed = true, .meaning = "ZONE   IANA time zone, as America/New_York"},
        {.name = "--setting", .value = &u.setting, .meaning = "WORD   hospital, centre (if left out) or home"},
        {.name = "--billing", .value = &u.billing, .meaning = "WORD   facility or office (if left out)"},
        {.name = "--phone", .value = &u.phone, .meaning = "TEXT   whom a patient calls"},
        {.name = "--login",
         .value = &u.login,
         .needed = true,
         .meaning = "LOGIN  sign-in name of the administrator; the password is read from standard input"},
        {.name = "--person", .value = &u.person, .meaning = "TEXT   the administrator's name"},
    };
    struct cli_args args = {.options = options, .option_count = sizeof options / sizeof options[0]};
    struct err e = {.kind = ERR_NONE};
    if (!cli_read(argc, argv, &args, &e) ||
        (u.site && !cli_number("--site", u.site, 1, 999999, &u.server.c.site, &e)) ||
        (u.setting && !cli_word("--setting", u.setting, "hospital|centre|home", &e)) ||
        (u.billing && !cli_word("--billing", u.billing, "facility|office", &e)))
        return cli_usage("setup", &args, &e);
    u.server.a = arena_new();
    bool ok = cli_password("the administrator", u.hash, &e) && cli_with_store(&u.server, u.db, run, &u, &e);
    arena_free(u.server.a);
    if (!ok)
        return cli_fail("setup", &e);
    printf("site %lld is set up; sign in as %s\n", (long long)u.server.c.site, u.login);
    return CLI_OK;
}
