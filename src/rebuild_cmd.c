/* venule rebuild: the derived tables made again from the ledger, after a program with other tables was installed. */
#include <stdio.h>

#include "care/events.h"
#include "cli.h"
#include "record/replay.h"

int cli_rebuild(int argc, char **argv)
{
    struct err e = {.kind = ERR_NONE};
    struct store *s;
    struct verify_result v;
    int code = cli_open(argc, argv, false, &s);
    if (code != CLI_OK)
        return code;
    bool ok = ledger_rebuild(s, &care_event_types, &v, &e);
    store_close(s);
    if (!ok)
        return cli_fail("rebuild", &e);
    puts(v.says);
    return v.whole ? CLI_OK : CLI_FAILED;
}
