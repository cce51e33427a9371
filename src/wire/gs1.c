#include "wire/gs1.h"

#include "base/utc.h"

#include <stdio.h>
#include <string.h>

enum gs1_kind { NUMBER, TEXT, CHECKED, DATE, DATE_TIME, CHECKED_13_TEXT, CHECKED_14_TEXT };

/* Identifiers by their leading digits: `digits` of ai stand in `head`, the rest are free (310n). */
struct ai_row {
    const char *head;
    int ai_len, min, max; /* of the value */
    enum gs1_kind kind;
    bool predefined;      /* needs no FNC1 after it (General Specifications figure 7.8.5-2) */
};

static const struct ai_row rows[] = {
    {"00", 2, 18, 18, CHECKED, true},
    {"01", 2, 14, 14, CHECKED, true},
    {"02", 2, 14, 14, CHECKED, true},
    {"10", 2, 1, 20, TEXT, false},
    {"11", 2, 6, 6, DATE, true},
    {"12", 2, 6, 6, DATE, true},
    {"13", 2, 6, 6, DATE, true},
    {"15", 2, 6, 6, DATE, true},
    {"16", 2, 6, 6, DATE, true},
    {"17", 2, 6, 6, DATE, true},
    {"20", 2, 2, 2, NUMBER, true},
    {"21", 2, 1, 20, TEXT, false},
    {"22", 2, 1, 20, TEXT, false},
    {"235", 3, 1, 28, TEXT, false},
    {"240", 3, 1, 30, TEXT, false},
    {"241", 3, 1, 30, TEXT, false},
    {"242", 3, 1, 6, NUMBER, false},
    {"243", 3, 1, 20, TEXT, false},
    {"250", 3, 1, 30, TEXT, false},
    {"251", 3, 1, 30, TEXT, false},
    {"253", 3, 13, 30, CHECKED_13_TEXT, false},
    {"254", 3, 1, 20, TEXT, false},
    {"30", 2, 1, 8, NUMBER, false},
    {"31", 4, 6, 6, NUMBER, true},
    {"32", 4, 6, 6, NUMBER, true},
    {"33", 4, 6, 6, NUMBER, true},
    {"34", 4, 6, 6, NUMBER, true},
    {"35", 4, 6, 6, NUMBER, true},
    {"36", 4, 6, 6, NUMBER, true},
    {"37", 2, 1, 8, NUMBER, false},
    {"400", 3, 1, 30, TEXT, false},
    {"401", 3, 1, 30, TEXT, false},
    {"402", 3, 17, 17, CHECKED, false},
    {"403", 3, 1, 30, TEXT, false},
    {"41", 3, 13, 13, CHECKED, true},
    {"420", 3, 1, 20, TEXT, false},
    {"7001", 4, 13, 13, NUMBER, false},
    {"7003", 4, 10, 10, DATE_TIME, false},
    {"7004", 4, 1, 4, NUMBER, false},
    {"7006", 4, 6, 6, DATE, false},
    {"71", 3, 1, 20, TEXT, false}, /* 710-716: national health care numbers */
    {"8003", 4, 14, 30, CHECKED_14_TEXT, false},
    {"8004", 4, 1, 30, TEXT, false},
    {"8005", 4, 6, 6, NUMBER, false},
    {"8006", 4, 18, 18, NUMBER, false},
    {"8008", 4, 8, 12, NUMBER, false},
    {"8017", 4, 18, 18, CHECKED, false},
    {"8018", 4, 18, 18, CHECKED, false},
    {"8020", 4, 1, 25, TEXT, false},
    {"90", 2, 1, 30, TEXT, false},
    {"9", 2, 1, 90, TEXT, false}, /* 91-99: internal */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static const struct ai_row *row_of(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct ai_row *r = &rows[i];
        size_t head = strlen(r->head);
        if (n < (size_t)r->ai_len || memcmp(s, r->head, head) != 0)
            continue;
        bool all = true;
        for (int k = 0; k < r->ai_len; k++)
            all &= digit(s[k]);
        if (all)
            return r;
    }
    return NULL;
}

/* Character set 82 of the General Specifications, figure 7.11-1. */
static bool text_char(char c)
{
    return digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c && strchr("!\"%&'()*+,-./:;<=>?_", c));
}

char gs1_check_digit(const char *digits, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (digits[n - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (char)('0' + (10 - sum % 10) % 10);
}

static int two(const char *s)
{
    return (s[0] - '0') * 10 + (s[1] - '0');
}

static int last_day(int year, int month)
{
    int d = 31;
    while (!utc_date_ok(year, month, d))
        d--;
    return d;
}

/* The century: a year 51 or more ahead of now's is the last century's, 50 or more behind is the next one's. */
static int full_year(int yy, int now)
{
    int apart = yy - now % 100, century = now - now % 100;
    return apart >= 51 ? century - 100 + yy : apart <= -50 ? century + 100 + yy : century + yy;
}

/* YYMMDD to "YYYY-MM-DD"; day 00 is the month's last. */
static bool date_text(const char *v, int now, char out[16])
{
    int y = full_year(two(v), now), m = two(v + 2), d = two(v + 4);
    if (m < 1 || m > 12)
        return false;
    if (d == 0)
        d = last_day(y, m);
    if (!utc_date_ok(y, m, d))
        return false;
    snprintf(out, 16, "%04u-%02u-%02u", (unsigned)y % 10000, (unsigned)m % 100, (unsigned)d % 100);
    return true;
}

static bool bad(struct err *e, const char *ai, int ai_len, const char *why)
{
    char where[16];
    snprintf(where, sizeof where, "AI %.*s", ai_len, ai);
    return err_set(e, ERR_INPUT, where, "(%.*s) %s", ai_len, ai, why);
}

/* One value against its row; n bytes at v. `year` 0: any century will do. */
static bool value_ok(const struct ai_row *r, const char *ai, const char *v, size_t n, struct err *e)
{
    if (n < (size_t)r->min || n > (size_t)r->max) {
        char why[80];
        snprintf(why, sizeof why, "has %zu characters; %d to %d are allowed", n, r->min, r->max);
        return bad(e, ai, r->ai_len, why);
    }
    size_t number = r->kind == TEXT ? 0 : r->kind == CHECKED_13_TEXT ? 13 : r->kind == CHECKED_14_TEXT ? 14 : n;
    for (size_t i = 0; i < n; i++)
        if (i < number ? !digit(v[i]) : !text_char(v[i]))
            return bad(e, ai, r->ai_len, i < number ? "holds something else than digits" : "holds a character GS1 does not allow");
    bool checked = r->kind == CHECKED || r->kind == CHECKED_13_TEXT || r->kind == CHECKED_14_TEXT;
    if (checked && gs1_check_digit(v, number - 1) != v[number - 1])
        return bad(e, ai, r->ai_len, "has a wrong check digit: read it again");
    char text[16];
    if ((r->kind == DATE || r->kind == DATE_TIME) && !date_text(v, 2000, text))
        return bad(e, ai, r->ai_len, "is no date of the form YYMMDD");
    if (r->kind == DATE_TIME && (two(v + 4) == 0 || two(v + 6) > 23 || two(v + 8) > 59))
        return bad(e, ai, r->ai_len, "is no time of the form YYMMDDhhmm");
    return true;
}

/* --- parse --- */

struct scan {
    struct arena *a;
    struct gs1 *out;
    struct err *e;
};

static bool add(struct scan *s, const struct ai_row *r, const char *ai, const char *v, size_t n)
{
    struct gs1 *g = s->out;
    if (!value_ok(r, ai, v, n, s->e))
        return false;
    for (int i = 0; i < g->count; i++)
        if (strncmp(g->item[i].ai, ai, (size_t)r->ai_len) == 0 && g->item[i].ai[r->ai_len] == 0) {
            if (strlen(g->item[i].value) == n && memcmp(g->item[i].value, v, n) == 0)
                return true;
            return bad(s->e, ai, r->ai_len, "stands twice with different values");
        }
    if (g->count == GS1_ITEMS_MAX)
        return err_set(s->e, ERR_TOO_LARGE, "GS1", "over %d identifiers in one code", GS1_ITEMS_MAX);
    struct gs1_item *it = &g->item[g->count++];
    memcpy(it->ai, ai, (size_t)r->ai_len);
    it->ai[r->ai_len] = 0;
    it->value = arena_strndup(s->a, v, n);
    return true;
}

static bool unknown(struct err *e, const char *p, size_t n)
{
    char seen[5] = {0};
    for (size_t i = 0; i < n && i < 4; i++)
        seen[i] = p[i] >= ' ' && p[i] < 0x7f ? p[i] : '?';
    return err_set(e, ERR_INPUT, "GS1", "\"%s\" begins no application identifier known here", seen);
}

static bool parse_plain(struct scan *s, const char *p, const char *end)
{
    while (p < end) {
        if (*p == GS1_FNC1) {
            p++;
            continue;
        }
        const struct ai_row *r = row_of(p, (size_t)(end - p));
        if (!r)
            return unknown(s->e, p, (size_t)(end - p));
        const char *v = p + r->ai_len, *stop = memchr(v, GS1_FNC1, (size_t)(end - v));
        if (!stop)
            stop = end;
        if (r->min == r->max && stop - v > r->max)
            stop = v + r->max; /* fixed length: whatever follows is the next identifier */
        if (!add(s, r, p, v, (size_t)(stop - v)))
            return false;
        p = stop;
    }
    return true;
}

/* "(17)": length of the digits at p+1 when a closing parenthesis follows them and they are an AI; else 0. */
static size_t bracket(const char *p, const char *end)
{
    size_t n = 0;
    if (p >= end || *p != '(')
        return 0;
    while (p + 1 + n < end && n < 5 && digit(p[1 + n]))
        n++;
    if (n < 2 || n > 4 || p + 1 + n >= end || p[1 + n] != ')')
        return 0;
    const struct ai_row *r = row_of(p + 1, n);
    return r && (size_t)r->ai_len == n ? n : 0;
}

static bool parse_people(struct scan *s, const char *p, const char *end)
{
    while (p < end) {
        size_t n = bracket(p, end);
        if (!n)
            return unknown(s->e, p, (size_t)(end - p));
        const char *ai = p + 1, *v = p + n + 2, *stop = v;
        while (stop < end && !bracket(stop, end))
            stop++;
        size_t len = (size_t)(stop - v);
        while (len && (v[len - 1] == ' ' || v[len - 1] == GS1_FNC1))
            len--;
        if (!add(s, row_of(ai, n), ai, v, len))
            return false;
        p = stop;
    }
    return true;
}

static void known_members(struct arena *a, struct gs1 *g, int year)
{
    static const struct { const char *ai; size_t at; } plain[] = {
        {"01", offsetof(struct gs1, gtin)},      {"10", offsetof(struct gs1, lot)},
        {"21", offsetof(struct gs1, serial)},    {"00", offsetof(struct gs1, sscc)},
        {"30", offsetof(struct gs1, count_text)}, {"8004", offsetof(struct gs1, asset)},
    };
    for (int i = 0; i < g->count; i++) {
        const struct gs1_item *it = &g->item[i];
        char day[16];
        for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++)
            if (strcmp(it->ai, plain[k].ai) == 0)
                *(const char **)((char *)g + plain[k].at) = it->value;
        bool timed = strcmp(it->ai, "7003") == 0;
        if ((timed || (strcmp(it->ai, "17") == 0 && !g->expires)) && date_text(it->value, year, day))
            g->expires = arena_strdup(a, day);
        if (timed)
            g->expires_time = arena_printf(a, "%.2s:%.2s", it->value + 6, it->value + 8);
        if (strcmp(it->ai, "11") == 0 && date_text(it->value, year, day))
            g->made = arena_strdup(a, day);
        if (it->ai[0] == '9' && !g->internal)
            g->internal = it->value;
        if (strcmp(it->ai, "8003") == 0 && !g->asset)
            g->asset = it->value;
    }
}

static bool symbology(const char *s, size_t len)
{
    static const char *const ids[] = {"]d2", "]C1", "]Q3", "]e0"};
    for (size_t i = 0; len >= 3 && i < sizeof ids / sizeof ids[0]; i++)
        if (memcmp(s, ids[i], 3) == 0)
            return true;
    return false;
}

bool gs1_looks_like(const char *s, size_t len)
{
    if (symbology(s, len) || bracket(s, s + len) || (len > 0 && s[0] == GS1_FNC1))
        return true;
    const struct ai_row *r = row_of(s, len); /* bare digits: only a GTIN, SSCC is long enough to be sure */
    return r && r->kind == CHECKED && len >= (size_t)(r->ai_len + r->max) &&
           value_ok(r, s, s + r->ai_len, (size_t)r->max, &(struct err){0});
}

bool gs1_parse(struct arena *a, const char *s, size_t len, int year, struct gs1 *out, struct err *e)
{
    *out = (struct gs1){0};
    if (len > GS1_TEXT_MAX)
        return err_set(e, ERR_TOO_LARGE, "GS1", "the code is over %d characters", GS1_TEXT_MAX);
    while (len && (s[len - 1] == '\r' || s[len - 1] == '\n')) /* a scanner's Enter key */
        len--;
    const char *p = s, *end = s + len;
    if (symbology(p, len))
        p += 3;
    while (p < end && *p == GS1_FNC1)
        p++;
    if (p == end)
        return err_set(e, ERR_INPUT, "GS1", "the code is empty");
    struct scan scan = {a, out, e};
    bool ok = *p == '(' ? parse_people(&scan, p, end) : parse_plain(&scan, p, end);
    if (ok)
        known_members(a, out, year);
    return ok;
}

/* --- build --- */

bool gs1_build(struct buf *b, const struct gs1_item *item, int count, bool for_people, struct err *e)
{
    if (count < 1 || count > GS1_ITEMS_MAX)
        return err_set(e, ERR_INPUT, "GS1", "a code holds 1 to %d identifiers, not %d", GS1_ITEMS_MAX, count);
    for (int i = 0; i < count; i++) {
        size_t ai_len = strlen(item[i].ai);
        const struct ai_row *r = row_of(item[i].ai, ai_len);
        if (!r || (size_t)r->ai_len != ai_len)
            return unknown(e, item[i].ai, ai_len);
        if (!value_ok(r, item[i].ai, item[i].value, strlen(item[i].value), e))
            return false;
        buf_printf(b, for_people ? "(%s)%s" : "%s%s", item[i].ai, item[i].value);
        if (!for_people && !r->predefined && i + 1 < count)
            buf_addc(b, GS1_FNC1);
    }
    return buf_ok(b, "GS1", e);
}

bool gs1_ndc10(const char *gtin14, char out[11])
{
    if (strlen(gtin14) != 14 || gtin14[1] != '0' || gtin14[2] != '3')
        return false;
    memcpy(out, gtin14 + 3, 10);
    out[10] = 0;
    return true;
}
