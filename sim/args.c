#include "sim/args.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool args_read(struct args *a, int argc, char **argv, struct err *e)
{
    memset(a, 0, sizeof *a);
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0)
            return err_set(e, ERR_INPUT, argv[i], "is not an option");
        if (a->count == ARGS_MAX)
            return err_set(e, ERR_TOO_LARGE, argv[i], "more than %d options", ARGS_MAX);
        for (int k = 0; k < a->count; k++)
            if (strcmp(a->name[k], argv[i]) == 0)
                return err_set(e, ERR_INPUT, argv[i], "is given twice");
        a->name[a->count] = argv[i];
        if (i + 1 < argc && strncmp(argv[i + 1], "--", 2) != 0)
            a->value[a->count] = argv[++i];
        a->count++;
    }
    return true;
}

static int find(struct args *a, const char *name)
{
    for (int i = 0; i < a->count; i++)
        if (strcmp(a->name[i], name) == 0) {
            a->asked[i] = true;
            return i;
        }
    return -1;
}

const char *args_text(struct args *a, const char *name)
{
    int i = find(a, name);
    return i < 0 ? NULL : a->value[i];
}

bool args_flag(struct args *a, const char *name)
{
    return find(a, name) >= 0;
}

bool args_need(struct args *a, const char *name, const char **out, struct err *e)
{
    *out = args_text(a, name);
    return *out || err_set(e, ERR_INPUT, name, "is needed");
}

bool args_int(struct args *a, const char *name, int64_t lo, int64_t hi, int64_t otherwise, int64_t *out, struct err *e)
{
    const char *s = args_text(a, name);
    *out = otherwise;
    if (!s)
        return true;
    char *end = NULL;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (errno || end == s || *end || v < lo || v > hi)
        return err_set(e, ERR_INPUT, name, "\"%s\" is not a whole number from %lld to %lld", s, (long long)lo,
                       (long long)hi);
    *out = v;
    return true;
}

bool args_day(struct args *a, const char *name, utc_t otherwise, utc_t *out, struct err *e)
{
    const char *s = args_text(a, name);
    *out = otherwise;
    if (!s)
        return true;
    int y, m, d, n = 0;
    if (sscanf(s, "%4d-%2d-%2d%n", &y, &m, &d, &n) != 3 || n != 10 || s[10] || !utc_date_ok(y, m, d))
        return err_set(e, ERR_INPUT, name, "\"%s\" is not a day as YYYY-MM-DD", s);
    *out = utc_of_date(y, m, d);
    return true;
}

bool args_done(const struct args *a, struct err *e)
{
    for (int i = 0; i < a->count; i++)
        if (!a->asked[i])
            return err_set(e, ERR_INPUT, a->name[i], "is not an option of this command");
    return true;
}
