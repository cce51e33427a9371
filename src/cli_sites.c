#include "cli.h"
#include "record/store.h"

bool cli_sites(struct store *s, struct arena *a, int64_t out[CLI_SITES_MAX], int *count, struct err *e)
{
    struct rows rows;
    bool more;
    *count = 0;
    if (!store_query(s, a, "SELECT site FROM site_info ORDER BY site", NO_VALS, &rows, e))
        return false;
    for (;;) {
        if (!rows_next(&rows, &more, e))
            return false;
        if (!more)
            return true;
        if (*count == CLI_SITES_MAX) {
            rows_end(&rows);
            return err_set(e, ERR_TOO_LARGE, "site", "more than %d sites", CLI_SITES_MAX);
        }
        out[(*count)++] = rows_int(&rows, 0);
    }
}
