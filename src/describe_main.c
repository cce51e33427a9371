/* venule-describe openapi|types|rules: prints what web/src/api.ts, doc/openapi.json and doc/rules.md hold. */
#include <stdio.h>
#include <string.h>

#include "formulary/builtin.h"
#include "serve/describe.h"

int main(int argc, char **argv)
{
    struct buf b;
    buf_init(&b, DESCRIBE_MAX);
    const char *what = argc == 2 ? argv[1] : "";
    bool openapi = strcmp(what, "openapi") == 0, rules = strcmp(what, "rules") == 0;
    if (!openapi && !rules && strcmp(what, "types") != 0) {
        fputs("usage: venule-describe openapi|types|rules\n", stderr);
        return 2;
    }
    struct arena *a = arena_new();
    const struct content *c;
    struct err e = {0};
    if (rules && !content_read_embedded(a, &content_builtin, &c, &e)) {
        fprintf(stderr, "venule-describe: %s: %s\n", e.where, e.text);
        return 1;
    }
    if (rules)
        describe_rules(&b, c);
    else if (openapi)
        describe_openapi(&b);
    else
        describe_types(&b);
    fwrite(buf_str(&b), 1, b.len, stdout);
    int rc = b.full || fflush(stdout) != 0;
    buf_fini(&b);
    arena_free(a);
    return rc;
}
