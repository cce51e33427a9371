/* venule verify: the ledger proven, or the first event that is not right named. */
#include <stdio.h>

#include "care/events.h"
#include "cli.h"

int cli_verify(int argc, char **argv)
{
    struct err e = {.kind = ERR_NONE};
    struct store *s;
    struct verify_result v;
    int code = cli_open(argc, argv, true, &s);
    if (code != CLI_OK)
        return code;
    bool ok = ledger_verify(s, &care_event_types, &v, &e);
    store_close(s);
    if (!ok)
        return cli_fail("verify", &e);
    if (v.whole)
        printf("digest %s\n", v.digest);
    puts(v.says);
    return v.whole ? CLI_OK : CLI_FAILED;
}
