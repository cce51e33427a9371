/* venule rebuild: the derived tables made again from the ledger, after a program with other tables was installed. */
#include <stdio.h>

#include "care/events.h"
#include "cli.h"
#include "record/replay.h"

int cli_rebuild(int argc, char **argv)
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
        return cli_usage("rebuild", &args, &e);
    if (!store_open(db, false, &s, &e))
        return cli_fail("rebuild", &e);
    bool ok = ledger_rebuild(s, &care_event_types, &v, &e);
    store_close(s);
    if (!ok)
        return cli_fail("rebuild", &e);
    puts(v.says);
    return v.whole ? CLI_OK : CLI_FAILED;
}
