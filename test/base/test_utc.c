#include "base/utc.h"

#include <string.h>

#include "base/arena.h"
#include "test/base/harness.h"

static struct arena *arena;
static struct zone *new_york, *berlin;

static int set_up(void **s)
{
    (void)s;
    struct err e = {0};
    arena = arena_new();
    return utc_zone_read(arena, "America/New_York", &new_york, &e) && utc_zone_read(arena, "Europe/Berlin", &berlin, &e) ? 0 : 1;
}

static int tear_down(void **s)
{
    (void)s;
    arena_free(arena);
    return 0;
}

static utc_t at(const char *text)
{
    utc_t t;
    struct err e = {0};
    assert_true(utc_parse(text, NULL, &t, &e));
    return t;
}

static void reads_times(void **s)
{
    (void)s;
    static const struct { const char *in, *out; } rows[] = {
        {"2026-03-09T10:20:00.5-05:00", "2026-03-09T15:20:00.500000Z"}, {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
        {"2024-02-29T23:59:59.999999+02:00", "2024-02-29T21:59:59.999999Z"}, {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000000Z"},
        {"2026", "2026-01-01T00:00:00.000000Z"}, {"2026-07", "2026-07-01T00:00:00.000000Z"}, {"1600-01-01", "1600-01-01T00:00:00.000000Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"}, {"2026-03-09T10:20:00.123456789Z", "2026-03-09T10:20:00.123456Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[UTC_TEXT_MAX];
        assert_string_equal(utc_text(at(rows[i].in), out), rows[i].out);
    }
    static const char *const bad[] = {"", "2026-3-9", "2026-02-29", "2026-13-01", "2026-03-09T10:20:00", "2026-03-09T25:00:00Z",
        "2026-03-09T10:20Z", "2026-03-09 10:20:00Z", "2026-03-09T10:20:00.Z", "2026-03-09T10:20:00Zx", "0001-01-01", "2026-",
        "2026-03-09T10:20:00-0500", "2026-03-", "20260309", "2026-03T10:00:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        utc_t t;
        struct err e = {0};
        assert_false(utc_parse(bad[i], NULL, &t, &e));
        assert_int_equal(e.kind, ERR_INPUT);
    }
    utc_t t;
    struct err e = {0};
    assert_true(utc_parse("2026-07-04", new_york, &t, &e));
    assert_true(t == at("2026-07-04T04:00:00Z"));
}

static void reads_hl7(void **s)
{
    (void)s;
    utc_t t;
    bool known;
    struct err e = {0};
    assert_true(utc_parse_hl7("20260309102000-0500", &t, &known, &e));
    assert_true(t == at("2026-03-09T15:20:00Z") && known);
    assert_true(utc_parse_hl7("20260309102000.250+0130", &t, &known, &e));
    assert_true(t == at("2026-03-09T08:50:00.25Z") && known);
    assert_true(utc_parse_hl7("202603091520-0000", &t, &known, &e));
    assert_true(t == at("2026-03-09T15:20:00Z") && !known);
    static const char *const bad[] = {"", "20260309102000", "2026030910200-0500", "20260309102000-05", "20260230102000-0500", "20260309-0500"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err why = {0};
        assert_false(utc_parse_hl7(bad[i], &t, &known, &why));
        assert_int_equal(why.kind, ERR_INPUT);
    }
    char out[UTC_TEXT_MAX];
    assert_string_equal(utc_hl7(at("2026-03-09T14:20:00.123Z"), new_york, out), "20260309102000.123-0400");
    assert_string_equal(utc_hl7(at("2026-03-09T14:20:00Z"), NULL, out), "20260309142000.000+0000");
}

static void daylight_saving(void **s)
{
    (void)s;
    /* New York: 8 March 2026 02:00 → 03:00; 1 November 2026 02:00 → 01:00. */
    assert_true(utc_from_local(new_york, 2026, 3, 8, 1, 59) == at("2026-03-08T06:59:00Z"));
    assert_true(utc_from_local(new_york, 2026, 3, 8, 2, 30) == at("2026-03-08T07:30:00Z")); /* 03:30 on the wall */
    assert_true(utc_from_local(new_york, 2026, 3, 8, 3, 0) == at("2026-03-08T07:00:00Z"));
    assert_true(utc_from_local(new_york, 2026, 11, 1, 1, 30) == at("2026-11-01T05:30:00Z")); /* the first */
    assert_true(utc_from_local(new_york, 2026, 11, 1, 2, 0) == at("2026-11-01T07:00:00Z"));
    const char *abbrev;
    assert_int_equal(utc_offset(new_york, at("2026-11-01T05:59:59Z"), &abbrev), -4 * 3600);
    assert_string_equal(abbrev, "EDT");
    assert_int_equal(utc_offset(new_york, at("2026-11-01T06:00:00Z"), &abbrev), -5 * 3600);
    assert_string_equal(abbrev, "EST");
    /* Berlin: 29 March 2026 01:00Z, 25 October 2026 01:00Z. */
    assert_int_equal(utc_offset(berlin, at("2026-03-29T00:59:59Z"), NULL), 3600);
    assert_int_equal(utc_offset(berlin, at("2026-03-29T01:00:00Z"), NULL), 7200);
    assert_int_equal(utc_offset(berlin, at("2026-10-25T00:59:59Z"), NULL), 7200);
    assert_int_equal(utc_offset(berlin, at("2026-10-25T01:00:00Z"), NULL), 3600);
    assert_true(utc_from_local(berlin, 2026, 10, 25, 2, 30) == at("2026-10-25T00:30:00Z"));
    assert_true(utc_from_local(berlin, 2026, 3, 29, 2, 30) == at("2026-03-29T01:30:00Z"));
    /* Beyond the file's last transition the footer's rule goes on. */
    assert_int_equal(utc_offset(new_york, at("2100-07-01T00:00:00Z"), NULL), -4 * 3600);
    assert_int_equal(utc_offset(new_york, at("2100-12-01T00:00:00Z"), NULL), -5 * 3600);
    assert_int_equal(utc_offset(berlin, at("2099-03-29T01:00:00Z"), NULL), 7200);
    assert_int_equal(utc_offset(berlin, at("2099-03-29T00:59:59Z"), NULL), 3600);
    /* Before standard time: local mean time of the file. */
    assert_int_equal(utc_offset(new_york, at("1700-01-01T00:00:00Z"), NULL), -17762);
}

/* A 46-hour infusion over the change of clocks lasts 46 hours, whatever the wall says. */
static void forty_six_hours(void **s)
{
    (void)s;
    char out[UTC_TEXT_MAX];
    utc_t start = utc_from_local(new_york, 2026, 3, 7, 10, 0), end = start + 46 * UTC_HOUR;
    assert_string_equal(utc_show_clock(end, new_york, out), "09:00");
    assert_string_equal(utc_show_day(end, new_york, out), "09-Mar-2026");
    start = utc_from_local(new_york, 2026, 10, 31, 10, 0);
    assert_string_equal(utc_show_clock(start + 46 * UTC_HOUR, new_york, out), "07:00");
    start = utc_from_local(berlin, 2026, 3, 28, 10, 0);
    assert_string_equal(utc_show_clock(start + 46 * UTC_HOUR, berlin, out), "09:00");
    assert_string_equal(utc_date_text(start + 46 * UTC_HOUR, berlin, out), "2026-03-30");
}

static void days_and_ages(void **s)
{
    (void)s;
    assert_true(utc_day_start(at("2026-03-09T03:59:00Z"), new_york) == at("2026-03-08T05:00:00Z"));
    assert_true(utc_day_start(at("2026-03-09T04:00:00Z"), new_york) == at("2026-03-09T04:00:00Z"));
    assert_int_equal(utc_age_years("1968-02-14", at("2026-02-14T04:59:00Z"), new_york), 57);
    assert_int_equal(utc_age_years("1968-02-14", at("2026-02-14T05:00:00Z"), new_york), 58);
    assert_int_equal(utc_age_years("2008-02-29", at("2026-02-28T12:00:00Z"), NULL), 17);
    assert_int_equal(utc_age_years("2008-02-29", at("2026-03-01T12:00:00Z"), NULL), 18);
    assert_int_equal(utc_age_years("1968", at("2026-02-14T05:00:00Z"), NULL), -1);
    assert_int_equal(utc_age_years("2030-01-01", at("2026-02-14T05:00:00Z"), NULL), -1);
    assert_int_equal(utc_age_years(NULL, 0, NULL), -1);
    assert_true(utc_date_ok(2000, 2, 29) && !utc_date_ok(1900, 2, 29));
}

static void bad_zones(void **s)
{
    (void)s;
    static const char *const bad[] = {"", "../../etc/passwd", "/etc/passwd", "Mars/Olympus", "America", "zone.tab", "tzdata.zi"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zone *z;
        struct err e = {0};
        assert_false(utc_zone_read(arena, bad[i], &z, &e));
        assert_string_equal(e.where, "zone");
    }
    struct zone *z;
    struct err e = {0};
    assert_true(utc_zone_read(arena, "UTC", &z, &e));
    assert_int_equal(utc_offset(z, 0, NULL), 0);
}

/* Every zone of a spread: wall and back over four years by odd steps; only doubled hours may differ. */
static void wall_and_back(void **s)
{
    (void)s;
    static const char *const names[] = {"America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe",
        "America/St_Johns", "Europe/Dublin", "Africa/Casablanca", "Asia/Tehran", "Pacific/Apia", "America/Havana"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct zone *z;
        struct err e = {0};
        assert_true(utc_zone_read(arena, names[i], &z, &e));
        for (utc_t t = at("2024-01-01T00:00:00Z"); t < at("2028-01-01T00:00:00Z"); t += 47 * UTC_MINUTE) {
            struct civil c = utc_civil(t, z);
            utc_t back = utc_from_local(z, c.year, c.month, c.day, c.hour, c.minute);
            assert_true(back == t || (back < t && t - back <= 2 * UTC_HOUR && utc_offset(z, t, NULL) < utc_offset(z, back, NULL)));
            struct civil d = utc_civil(back, z);
            assert_true(d.hour == c.hour && d.minute == c.minute && d.day == c.day && d.weekday == c.weekday);
        }
    }
}

static void calendar(void **s)
{
    (void)s;
    int weekday = 6; /* 1 January 1600 was a Saturday */
    utc_t t = utc_of_date(1600, 1, 1);
    for (int y = 1600; y <= 2400; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; utc_date_ok(y, m, d); d++, t += UTC_DAY, weekday = (weekday + 1) % 7) {
                struct civil c = utc_civil(t, NULL);
                if (utc_of_date(y, m, d) != t || c.year != y || c.month != m || c.day != d || c.weekday != weekday)
                    fail_msg("%d-%d-%d", y, m, d);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times), cmocka_unit_test(reads_hl7), cmocka_unit_test(daylight_saving),
        cmocka_unit_test(forty_six_hours), cmocka_unit_test(days_and_ages), cmocka_unit_test(bad_zones),
        cmocka_unit_test(wall_and_back), cmocka_unit_test(calendar),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
