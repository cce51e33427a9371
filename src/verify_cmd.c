/* venule verify: the ledger proven, or the first event that is not right named. */
#include <stdio.h>

#include "care/events.h"
#include "cli.h"

int cli_verify(int argc, char **argv)
{
    const char *db = NULL;
    const struct cli_option options[] = {
        {.name = "--db", .value = &db, .needed = true, .meaning = "URL  sqlite:FILE or postgresql://…"},
    };
    struct cli_args args = {.options = options, .option_count = 1};
    struct err e = {.kind = ERR_NONE};
    struct store *s;
    struct verify_result v;
    if (!cli_read(argc, argv, &args, &e))
        return cli_usage("verify", &args, &e);
    if (!store_open(db, true, &s, &e))
        return cli_fail("verify", &e);
    bool ok = ledger_verify(s, &care_event_types, &v, &e);
    store_close(s);
    if (!ok)
        return cli_fail("verify", &e);
    if (v.whole)
        printf("digest %s\n", v.digest);
    puts(v.says);
    return v.whole ? CLI_OK : CLI_FAILED;
}
