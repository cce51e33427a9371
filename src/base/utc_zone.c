/* Reading zone files (TZif version 2 and up, RFC 8536) and the rule line in their footer (POSIX TZ). */
#include "base/utc_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { FILE_MAX = 256 * 1024, NAME_MAX_LEN = 64, HEADER_SIZE = 44, TYPES_MAX = 256 };

struct cursor {
    const unsigned char *p, *end;
    bool bad;
};

static int64_t take_be(struct cursor *c, int bytes)
{
    if (c->end - c->p < bytes) {
        c->bad = true;
        return 0;
    }
    uint64_t v = c->p[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | *c->p++;
    return (int64_t)v;
}

struct counts {
    int64_t isut, isstd, leap, time, type, chars;
};

static bool take_header(struct cursor *c, struct counts *n)
{
    if (c->end - c->p < HEADER_SIZE || memcmp(c->p, "TZif", 4) != 0 || c->p[4] < '2')
        return false;
    c->p += 20;
    n->isut = take_be(c, 4);
    n->isstd = take_be(c, 4);
    n->leap = take_be(c, 4);
    n->time = take_be(c, 4);
    n->type = take_be(c, 4);
    n->chars = take_be(c, 4);
    int64_t lim = FILE_MAX;
    return n->isut >= 0 && n->isstd >= 0 && n->leap >= 0 && n->time >= 0 && n->type > 0 && n->type <= TYPES_MAX &&
           n->chars > 0 && n->time < lim && n->chars < lim && n->leap < lim && n->isut < lim && n->isstd < lim;
}

static bool take_types(struct cursor *c, const struct counts *n, struct zone *z)
{
    const unsigned char *chars = c->p + n->type * 6;
    if (c->end - c->p < n->type * 6 + n->chars || chars[n->chars - 1] != '\0')
        return false;
    for (int i = 0; i < z->types; i++) {
        z->type[i].offset = (int)take_be(c, 4);
        c->p++; /* daylight flag: not needed */
        unsigned at = *c->p++;
        if (at >= (unsigned)n->chars)
            return false;
        snprintf(z->type[i].abbrev, sizeof z->type[i].abbrev, "%.15s", (const char *)chars + at);
    }
    c->p = chars + n->chars;
    return true;
}

static bool read_name(const char **s, char out[16])
{
    const char *p = *s;
    size_t n = 0;
    if (*p == '<') {
        p++;
        n = strcspn(p, ">");
        if (p[n] != '>')
            return false;
    } else {
        while ((p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= 'a' && p[n] <= 'z'))
            n++;
    }
    if (n < 3 || n > 15)
        return false;
    memcpy(out, p, n);
    out[n] = '\0';
    *s = p + n + (**s == '<');
    return true;
}

static bool read_int(const char **s, int max, int *out)
{
    if (**s < '0' || **s > '9')
        return false;
    int v = 0;
    for (; **s >= '0' && **s <= '9'; (*s)++) {
        v = v * 10 + (**s - '0');
        if (v > max)
            return false;
    }
    *out = v;
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool read_time(const char **s, int *out)
{
    int sign = **s == '-' ? -1 : 1, h, m = 0, sec = 0;
    if (**s == '-' || **s == '+')
        (*s)++;
    if (!read_int(s, 167, &h))
        return false;
    if (**s == ':' && ((*s)++, !read_int(s, 59, &m)))
        return false;
    if (**s == ':' && ((*s)++, !read_int(s, 59, &sec)))
        return false;
    *out = sign * (h * 3600 + m * 60 + sec);
    return true;
}

static bool read_change(const char **s, struct zone_change *c)
{
    c->at = 2 * 3600;
    if (*(*s)++ != ',')
        return false;
    if (**s == 'M') {
        (*s)++;
        c->kind = 'M';
        if (!read_int(s, 12, &c->month) || *(*s)++ != '.' || !read_int(s, 5, &c->week) || *(*s)++ != '.' ||
            !read_int(s, 6, &c->day) || c->month < 1 || c->week < 1)
            return false;
    } else {
        c->kind = **s == 'J' ? 'J' : 'N';
        if (**s == 'J')
            (*s)++;
        if (!read_int(s, 365, &c->day))
            return false;
    }
    if (**s == '/') {
        (*s)++;
        return read_time(s, &c->at);
    }
    return true;
}

static bool read_rule(const char *s, struct zone_rule *r)
{
    int west;
    if (!read_name(&s, r->std) || !read_time(&s, &west))
        return false;
    r->std_offset = -west;
    r->has = true;
    if (!*s)
        return true;
    r->daylight = true;
    if (!read_name(&s, r->dst))
        return false;
    r->dst_offset = r->std_offset + 3600;
    if (*s && *s != ',') {
        if (!read_time(&s, &west))
            return false;
        r->dst_offset = -west;
    }
    return read_change(&s, &r->start) && read_change(&s, &r->end) && !*s;
}

static bool zone_parse(struct arena *a, const unsigned char *data, size_t len, struct zone *z)
{
    struct cursor c = {data, data + len, false};
    struct counts n;
    if (!take_header(&c, &n))
        return false;
    int64_t skip = n.time * 5 + n.type * 6 + n.chars + n.leap * 8 + n.isstd + n.isut;
    if (c.end - c.p < skip)
        return false;
    c.p += skip;
    if (!take_header(&c, &n) || c.end - c.p < n.time * 9)
        return false;
    z->transitions = (int)n.time;
    z->types = (int)n.type;
    z->when = arena_array(a, (size_t)n.time, sizeof *z->when);
    z->to = arena_array(a, (size_t)n.time, sizeof *z->to);
    z->type = arena_array(a, (size_t)n.type, sizeof *z->type);
    for (int i = 0; i < z->transitions; i++) {
        z->when[i] = take_be(&c, 8);
        if (i && z->when[i] <= z->when[i - 1])
            return false;
    }
    for (int i = 0; i < z->transitions; i++) {
        z->to[i] = *c.p++;
        if (z->to[i] >= z->types)
            return false;
    }
    if (!take_types(&c, &n, z))
        return false;
    int64_t rest = n.leap * 12 + n.isstd + n.isut;
    if (c.end - c.p < rest + 2)
        return false;
    c.p += rest;
    const unsigned char *nl = *c.p == '\n' ? memchr(c.p + 1, '\n', (size_t)(c.end - c.p - 1)) : NULL;
    if (!nl)
        return false;
    char *line = arena_strndup(a, (const char *)c.p + 1, (size_t)(nl - c.p - 1));
    return !*line || read_rule(line, &z->rule);
}

static bool name_ok(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n > NAME_MAX_LEN || s[0] == '/')
        return false;
    for (const char *p = s; *p; p++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-", *p))
            return false;
    return true;
}

bool utc_zone_read(struct arena *a, const char *name, struct zone **out, struct err *e)
{
    if (!name || !name_ok(name))
        return err_set(e, ERR_INPUT, "zone", "\"%.60s\" is not the name of a time zone", name ? name : "");
    struct zone *z = ARENA_NEW(a, struct zone);
    if (strcmp(name, "UTC") == 0) {
        z->types = 1;
        z->type = ARENA_NEW(a, struct zone_type);
        strcpy(z->type->abbrev, "UTC");
        *out = z;
        return true;
    }
    char path[128];
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, ERR_INPUT, "zone", "this system has no time zone \"%s\"", name);
    unsigned char *data = mem_alloc(FILE_MAX);
    size_t len = fread(data, 1, FILE_MAX, f);
    fclose(f);
    bool ok = zone_parse(a, data, len, z);
    mem_free(data);
    if (!ok)
        return err_set(e, ERR_INPUT, "zone", "the zone file of \"%s\" cannot be read", name);
    *out = z;
    return true;
}
