/* venule serve: one server for one site. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "formulary/builtin.h"
#include "serve/assets.h"
#include "serve/now.h"
#include "serve/pcd_in.h"
#include "serve/run.h"
#include "serve/tend.h"

static void ready(const struct server *s)
{
    printf("venule serves site %lld on http://%s:%d", (long long)s->c.site,
           s->c.http_host[0] ? s->c.http_host : "*", http_port(s->http));
    if (s->pumps)
        printf(", pumps on %s:%d", s->c.mllp_host[0] ? s->c.mllp_host : "*", pcd_in_port(s->pumps));
    printf("%s\n", s->c.demo ? " (DEMO)" : "");
    fflush(stdout);
}

int cli_serve(int argc, char **argv)
{
    const char *db = NULL, *http = NULL, *mllp = NULL, *clock = NULL, *ui = NULL, *content = NULL, *site = NULL,
               *inbox_days = NULL;
    bool demo = false, proxied = false;
    const struct cli_option options[] = {
        {.name = "--db", .value = &db, .needed = true, .meaning = "URL        sqlite:FILE or postgresql://…"},
        {.name = "--http", .value = &http, .needed = true, .meaning = "ADDR:PORT  pages and API"},
        {.name = "--mllp", .value = &mllp, .meaning = "ADDR:PORT  pumps (HL7 v2 over MLLP)"},
        {.name = "--site", .value = &site, .meaning = "N          site number, 1 if left out"},
        {.name = "--inbox-days", .value = &inbox_days, .meaning = "N    pump messages are kept as received so long, 90 if left out"},
        {.name = "--demo", .flag = &demo, .meaning = "           demonstration: invented people, shared password"},
        {.name = "--clock",
         .value = &clock,
         .meaning = "CARE0@REAL0,SPEED  care time from real time (demonstration only)"},
        {.name = "--ui-dir", .value = &ui, .meaning = "DIR        pages from here instead of those built in"},
        {.name = "--content",
         .value = &content,
         .meaning = "DIR        clinical content from here instead of that built in"},
        {.name = "--behind-proxy",
         .flag = &proxied,
         .meaning = "of our own, with https: Secure cookie, X-Forwarded-For believed"},
    };
    struct cli_args args = {.options = options, .option_count = sizeof options / sizeof options[0]};
    struct server_config c = {
        .mllp_port = -1, .site = 1, .inbox_days = INBOX_DAYS_KEPT, .clock = CLOCK_REAL, .content = &content_builtin, .ui = &web_builtin};
    struct err e = {.kind = ERR_NONE};
    int64_t days = INBOX_DAYS_KEPT;
    char http_host[128] = "", mllp_host[128] = "";
    if (!cli_read(argc, argv, &args, &e) || !cli_address("--http", http, http_host, &c.http_port, &e) ||
        (mllp && !cli_address("--mllp", mllp, mllp_host, &c.mllp_port, &e)) ||
        (inbox_days && !cli_number("--inbox-days", inbox_days, 2, 36500, &days, &e)) ||
        (site && !cli_number("--site", site, 1, 999999, &c.site, &e)))
        return cli_usage("serve", &args, &e);
    if (clock && !clock_read(clock, now_real(), &c.clock, &e)) {
        err_within(&e, "--clock");
        return cli_usage("serve", &args, &e);
    }
    if (clock && !demo) {
        err_set(&e, ERR_INPUT, "--clock", "another time than the real one is for --demo only");
        return cli_usage("serve", &args, &e);
    }
    c.inbox_days = (int)days;
    c.url = db;
    c.http_host = http_host;
    c.mllp_host = mllp_host;
    c.ui_dir = ui;
    c.content_dir = content;
    c.demo = demo;
    c.proxied = proxied;
    return serve_run(&c, ready, &e) ? CLI_OK : cli_fail("serve", &e);
}
