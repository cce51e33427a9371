#include "base/utc.h"

#include <stdio.h>
#include <string.h>

#include "base/utc_zone.h"

enum { YEAR_MIN = 1600, YEAR_MAX = 2400, DAY_SECONDS = 86400 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int month_days(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[m - 1] + (m == 2 && is_leap(y));
}

/* Days since 1970-01-01, counted in years that begin on 1 March so that the leap day comes last. */
static int64_t day_number(int y, int m, int d)
{
    int64_t year = m <= 2 ? y - 1 : y, months = (m + 9) % 12;
    int64_t leaps = floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400);
    return year * 365 + leaps + (months * 153 + 2) / 5 + d - 1 - 719468;
}

static void day_civil(int64_t day, struct civil *c)
{
    int64_t n = day + 719468, era = floor_div(n, 146097), in_era = n - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100), m = (5 * in_year + 2) / 153;
    c->day = (int)(in_year - (153 * m + 2) / 5 + 1);
    c->month = (int)(m < 10 ? m + 3 : m - 9);
    c->year = (int)(year + era * 400 + (c->month <= 2));
    c->weekday = (int)(((day + 4) % 7 + 7) % 7);
}

bool utc_date_ok(int year, int month, int day)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

utc_t utc_of_date(int year, int month, int day)
{
    return utc_date_ok(year, month, day) ? day_number(year, month, day) * UTC_DAY : UTC_NONE;
}

/* Seconds from 1970 local time at which the change happens in that year. */
static int64_t change_local(const struct zone_change *c, int year)
{
    int64_t first = day_number(year, 1, 1), day;
    if (c->kind == 'J') {
        day = first + c->day - 1 + (is_leap(year) && c->day >= 60);
    } else if (c->kind == 'N') {
        day = first + c->day;
    } else {
        int64_t start = day_number(year, c->month, 1);
        int weekday = (int)(((start + 4) % 7 + 7) % 7);
        day = start + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
        while (day >= start + month_days(year, c->month))
            day -= 7;
    }
    return day * DAY_SECONDS + c->at;
}

static int rule_offset(const struct zone_rule *r, int64_t sec, const char **abbrev)
{
    bool dst = false;
    if (r->daylight) {
        struct civil c;
        day_civil(floor_div(sec + r->std_offset, DAY_SECONDS), &c);
        int64_t start = change_local(&r->start, c.year) - r->std_offset;
        int64_t end = change_local(&r->end, c.year) - r->dst_offset;
        dst = start < end ? sec >= start && sec < end : sec >= start || sec < end;
    }
    if (abbrev)
        *abbrev = dst ? r->dst : r->std;
    return dst ? r->dst_offset : r->std_offset;
}

int utc_offset(const struct zone *z, utc_t t, const char **abbrev)
{
    if (!z) {
        if (abbrev)
            *abbrev = "UTC";
        return 0;
    }
    int64_t sec = floor_div(t, UTC_SECOND);
    if (z->rule.has && (z->transitions == 0 || sec >= z->when[z->transitions - 1]))
        return rule_offset(&z->rule, sec, abbrev);
    int lo = 0, hi = z->transitions; /* first transition after sec */
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (z->when[mid] <= sec)
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct zone_type *type = &z->type[lo ? z->to[lo - 1] : 0];
    if (abbrev)
        *abbrev = type->abbrev;
    return type->offset;
}

/* Wall-clock microseconds to UTC. The offset in force before a change is right on both of its sides: it gives the
 * first of a doubled hour, and moves a skipped one past the gap. */
static utc_t from_wall(const struct zone *z, utc_t wall)
{
    int before = utc_offset(z, wall - UTC_DAY, NULL), after = utc_offset(z, wall + UTC_DAY, NULL);
    utc_t t = wall - before * UTC_SECOND;
    if (before == after || utc_offset(z, t, NULL) == before)
        return t;
    utc_t u = wall - after * UTC_SECOND;
    return utc_offset(z, u, NULL) == after ? u : t;
}

utc_t utc_from_local(const struct zone *z, int year, int month, int day, int hour, int minute)
{
    utc_t midnight = utc_of_date(year, month, day);
    if (midnight == UTC_NONE || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return UTC_NONE;
    return from_wall(z, midnight + hour * UTC_HOUR + minute * UTC_MINUTE);
}

struct civil utc_civil(utc_t t, const struct zone *z)
{
    struct civil c = {0};
    if (t == UTC_NONE)
        return c;
    utc_t wall = t + utc_offset(z, t, NULL) * UTC_SECOND;
    int64_t day = floor_div(wall, UTC_DAY), in_day = wall - day * UTC_DAY;
    day_civil(day, &c);
    c.hour = (int)(in_day / UTC_HOUR);
    c.minute = (int)(in_day / UTC_MINUTE % 60);
    c.second = (int)(in_day / UTC_SECOND % 60);
    c.micro = (int)(in_day % UTC_SECOND);
    return c;
}

utc_t utc_day_start(utc_t t, const struct zone *z)
{
    if (t == UTC_NONE)
        return UTC_NONE;
    struct civil c = utc_civil(t, z);
    return utc_from_local(z, c.year, c.month, c.day, 0, 0);
}

static bool digits(const char **s, int count, int *out)
{
    int v = 0;
    for (int i = 0; i < count; i++) {
        if ((*s)[i] < '0' || (*s)[i] > '9')
            return false;
        v = v * 10 + ((*s)[i] - '0');
    }
    *s += count;
    *out = v;
    return true;
}

int utc_age_years(const char *born, utc_t at, const struct zone *z)
{
    int y, m = 1, d = 1;
    if (!born || at == UTC_NONE || !digits(&born, 4, &y) || *born++ != '-' || !digits(&born, 2, &m) || *born++ != '-' ||
        !digits(&born, 2, &d) || *born || !utc_date_ok(y, m, d))
        return -1;
    struct civil c = utc_civil(at, z);
    int age = c.year - y - (c.month < m || (c.month == m && c.day < d));
    return age < 0 ? -1 : age;
}

/* ".123456…" to microseconds; digits past the sixth are read and dropped. */
static bool fraction(const char **s, int *micro)
{
    *micro = 0;
    if (**s != '.')
        return true;
    (*s)++;
    int n = 0, scale = 100000;
    for (; **s >= '0' && **s <= '9'; (*s)++, n++) {
        *micro += (**s - '0') * scale;
        scale /= 10;
    }
    return n > 0 && n <= 12;
}

static bool bad_time(const char *s, struct err *e, const char *want)
{
    return err_set(e, ERR_INPUT, "", "\"%.40s\" is not %s", s, want);
}

/* "Z" or ±hh:mm (colon as told) in minutes east. */
static bool zone_suffix(const char **s, bool colon, int *minutes)
{
    *minutes = 0;
    if (colon && **s == 'Z') {
        (*s)++;
        return true;
    }
    int sign = **s == '-' ? -1 : 1, h, m;
    if (**s != '-' && **s != '+')
        return false;
    (*s)++;
    if (!digits(s, 2, &h) || (colon && *(*s)++ != ':') || !digits(s, 2, &m) || h > 14 || m > 59)
        return false;
    *minutes = sign * (h * 60 + m);
    return true;
}

bool utc_parse(const char *s, const struct zone *z, utc_t *out, struct err *e)
{
    static const char want[] = "a date or a time with its zone (2026-03-09 or 2026-03-09T10:20:00-05:00)";
    const char *p = s ? s : "";
    int y, mo = 1, d = 1, h, mi, sec, micro, east;
    bool ok = digits(&p, 4, &y);
    if (ok && *p == '-' && (p++, ok = digits(&p, 2, &mo)) && *p == '-')
        ok = (p++, digits(&p, 2, &d));
    if (!ok || !utc_date_ok(y, mo, d))
        return bad_time(s ? s : "", e, want);
    if (!*p) {
        *out = utc_from_local(z, y, mo, d, 0, 0);
        return true;
    }
    if (p - s != 10 || (*p != 'T' && *p != 't') || (p++, !digits(&p, 2, &h)) || *p++ != ':' || !digits(&p, 2, &mi) ||
        *p++ != ':' || !digits(&p, 2, &sec) || !fraction(&p, &micro) || !zone_suffix(&p, true, &east) || *p || h > 23 ||
        mi > 59 || sec > 60)
        return bad_time(s, e, want);
    *out = utc_of_date(y, mo, d) + h * UTC_HOUR + (mi - east) * UTC_MINUTE + sec * UTC_SECOND + micro;
    return true;
}

bool utc_parse_hl7(const char *s, utc_t *out, bool *offset_known, struct err *e)
{
    static const char want[] = "an HL7 time with its zone (20260309102000-0500)";
    const char *p = s ? s : "";
    int y, mo, d, h, mi, sec = 0, micro = 0, east;
    if (!digits(&p, 4, &y) || !digits(&p, 2, &mo) || !digits(&p, 2, &d) || !digits(&p, 2, &h) || !digits(&p, 2, &mi))
        return bad_time(s ? s : "", e, want);
    if (*p >= '0' && *p <= '9' && (!digits(&p, 2, &sec) || !fraction(&p, &micro)))
        return bad_time(s, e, want);
    bool unknown = strcmp(p, "-0000") == 0;
    if (!zone_suffix(&p, false, &east) || *p || !utc_date_ok(y, mo, d) || h > 23 || mi > 59 || sec > 60)
        return bad_time(s, e, want);
    *out = utc_of_date(y, mo, d) + h * UTC_HOUR + (mi - east) * UTC_MINUTE + sec * UTC_SECOND + micro;
    if (offset_known)
        *offset_known = !unknown;
    return true;
}

const char *utc_text(utc_t t, char out[UTC_TEXT_MAX])
{
    out[0] = '\0';
    if (t == UTC_NONE)
        return out;
    struct civil c = utc_civil(t, NULL);
    if (c.year < 0 || c.year > 9999) {
        snprintf(out, UTC_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour, c.minute, c.second,
            c.micro);
        return out;
    }
    /* by hand: every row of every view and event has several */
    char *p = out;
    const struct { int value, digits; char after; } parts[] = {{c.year, 4, '-'}, {c.month, 2, '-'}, {c.day, 2, 'T'},
        {c.hour, 2, ':'}, {c.minute, 2, ':'}, {c.second, 2, '.'}, {c.micro, 6, 'Z'}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (int k = parts[i].digits, n = parts[i].value; k > 0; k--, n /= 10)
            p[k - 1] = (char)('0' + n % 10);
        p += parts[i].digits;
        *p++ = parts[i].after;
    }
    *p = '\0';
    return out;
}

const char *utc_hl7(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX])
{
    out[0] = '\0';
    if (t == UTC_NONE)
        return out;
    struct civil c = utc_civil(t, z);
    int east = utc_offset(z, t, NULL) / 60, size = east < 0 ? -east : east;
    snprintf(out, UTC_TEXT_MAX, "%04d%02d%02d%02d%02d%02d.%03d%c%02d%02d", c.year, c.month, c.day, c.hour, c.minute,
        c.second, c.micro / 1000, east < 0 ? '-' : '+', size / 60, size % 60);
    return out;
}

const char *utc_show_clock(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX])
{
    out[0] = '\0';
    if (t == UTC_NONE)
        return out;
    struct civil c = utc_civil(t, z);
    snprintf(out, UTC_TEXT_MAX, "%02d:%02d", c.hour, c.minute);
    return out;
}

const char *utc_show_day(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX])
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    out[0] = '\0';
    if (t == UTC_NONE)
        return out;
    struct civil c = utc_civil(t, z);
    snprintf(out, UTC_TEXT_MAX, "%02d-%.3s-%04d", c.day, months + 3 * (c.month - 1), c.year);
    return out;
}

const char *utc_date_text(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX])
{
    out[0] = '\0';
    if (t == UTC_NONE)
        return out;
    struct civil c = utc_civil(t, z);
    snprintf(out, UTC_TEXT_MAX, "%04d-%02d-%02d", c.year, c.month, c.day);
    return out;
}
