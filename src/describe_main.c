/* venule-describe openapi|types: prints what web/src/api.ts and doc/openapi.json hold. */
#include <stdio.h>
#include <string.h>

#include "serve/describe.h"

int main(int argc, char **argv)
{
    struct buf b;
    buf_init(&b, DESCRIBE_MAX);
    bool openapi = argc == 2 && strcmp(argv[1], "openapi") == 0;
    if (!openapi && !(argc == 2 && strcmp(argv[1], "types") == 0)) {
        fputs("usage: venule-describe openapi|types\n", stderr);
        return 2;
    }
    if (openapi)
        describe_openapi(&b);
    else
        describe_types(&b);
    fwrite(buf_str(&b), 1, b.len, stdout);
    int rc = b.full || fflush(stdout) != 0;
    buf_fini(&b);
    return rc;
}
