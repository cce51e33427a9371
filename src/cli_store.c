#include "cli.h"
#include "record/store.h"

int cli_open(int argc, char **argv, bool read_only, struct store **out)
{
    const char *db = NULL;
    const struct cli_option options[] = {
        {.name = "--db", .value = &db, .needed = true, .meaning = "URL  sqlite:FILE or postgresql://…"},
    };
    struct cli_args args = {.options = options, .option_count = 1};
    struct err e = {.kind = ERR_NONE};
    if (!cli_read(argc, argv, &args, &e))
        return cli_usage(argv[0], &args, &e);
    return store_open(db, read_only, out, &e) ? CLI_OK : cli_fail(argv[0], &e);
}
