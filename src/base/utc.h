/* utc: time as microseconds since 1970-01-01T00:00Z, and the zones to show it in.
 *
 * Any thread. Rule: nothing here reads a clock; the time of day comes in as an argument from serve or main. A zone
 * table is read once (utc_zone_read, the only file access) and passed in.
 */
#ifndef BASE_UTC_H
#define BASE_UTC_H

#include "base/err.h"

struct arena;

typedef int64_t utc_t;
#define UTC_NONE INT64_MIN
#define UTC_SECOND INT64_C(1000000)
#define UTC_MINUTE (60 * UTC_SECOND)
#define UTC_HOUR (60 * UTC_MINUTE)
#define UTC_DAY (24 * UTC_HOUR)
enum { UTC_TEXT_MAX = 40 };

struct zone; /* an IANA zone's transitions; constant once read */

/* "America/New_York" from the system's zone files (or the name "UTC"). */
MUST_CHECK bool utc_zone_read(struct arena *a, const char *name, struct zone **out, struct err *e);
/* Seconds east of UTC at t, and the abbreviation ("EST"). Handles the rule line past the last transition. */
int utc_offset(const struct zone *z, utc_t t, const char **abbrev);
/* Local wall time to UTC. In the spring gap: the time after it; in the autumn overlap: the first. */
utc_t utc_from_local(const struct zone *z, int year, int month, int day, int hour, int minute);

struct civil { int year, month, day, hour, minute, second, micro, weekday; /* 0 = Sunday */ };
struct civil utc_civil(utc_t t, const struct zone *z);      /* z NULL: UTC */
utc_t utc_of_date(int year, int month, int day);            /* midnight UTC; any proleptic date 1600-2400 */
MUST_CHECK bool utc_date_ok(int year, int month, int day);
utc_t utc_day_start(utc_t t, const struct zone *z);         /* local midnight */
int utc_age_years(const char *born_yyyy_mm_dd, utc_t at, const struct zone *z); /* completed years, -1 if unknown */

/* RFC 3339 / FHIR instant or dateTime with zone ("2026-03-09T10:20:00.5-05:00", "…Z"); a FHIR date or partial
 * dateTime without zone is taken at local midnight of z. */
MUST_CHECK bool utc_parse(const char *s, const struct zone *z, utc_t *out, struct err *e);
/* HL7 v2 DTM "YYYYMMDDHHMM[SS[.S…]]±ZZZZ"; the zone is required, *offset_known false for "-0000". */
MUST_CHECK bool utc_parse_hl7(const char *s, utc_t *out, bool *offset_known, struct err *e);

const char *utc_text(utc_t t, char out[UTC_TEXT_MAX]);                             /* "2026-03-09T15:20:00.000000Z": storage, wire */
const char *utc_hl7(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX]);        /* "20260309102000.000-0500" */
const char *utc_show_clock(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX]); /* "10:20" */
const char *utc_show_day(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX]);   /* "09-Mar-2026" */
const char *utc_date_text(utc_t t, const struct zone *z, char out[UTC_TEXT_MAX]);  /* "2026-03-09" */

#endif
