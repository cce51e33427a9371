#include "base/err.h"

#include <stdio.h>
#include <string.h>

bool err_set(struct err *e, enum err_kind kind, const char *where, const char *fmt, ...)
{
    if (!e || e->kind != ERR_NONE)
        return false;
    e->kind = kind;
    snprintf(e->where, sizeof e->where, "%s", where ? where : "");
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    return false;
}

void err_within(struct err *e, const char *prefix)
{
    char joined[sizeof e->where];
    const char *dot = !e->where[0] || e->where[0] == '[' ? "" : ".";
    snprintf(joined, sizeof joined, "%.40s%s%.50s", prefix, dot, e->where);
    memcpy(e->where, joined, sizeof joined);
}
