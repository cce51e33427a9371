#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/dec.h"

static bool read_instant(const char *from, size_t len, const char *where, utc_t *out, struct err *e)
{
    char text[UTC_TEXT_MAX];
    if (len == 0 || len >= sizeof text)
        return err_set(e, ERR_INPUT, where, "is not an instant");
    memcpy(text, from, len);
    text[len] = 0;
    struct err bad = {0};
    /* A date alone has no zone and would mean another instant elsewhere. */
    if (!strchr(text, 'T') || !utc_parse(text, NULL, out, &bad))
        return err_set(e, ERR_INPUT, where, "\"%s\" is not an instant with its zone, as 2026-03-09T12:00:00Z", text);
    return true;
}

static bool read_speed(const char *text, int64_t *out, struct err *e)
{
    struct dec d;
    struct err bad = {0};
    if (!dec_parse(text, strlen(text), &d, &bad) || dec_sign(d) <= 0 || dec_lt(dec_int(CLOCK_SPEED_MAX), d) ||
        !dec_eq(dec_round(d, 3, DEC_DOWN), d) || !dec_to_int(dec_mul(d, dec_int(1000)), DEC_DOWN, out))
        return err_set(e, ERR_INPUT, "speed", "\"%.40s\" is not above 0 and at most %d, with three places at most", text,
                       CLOCK_SPEED_MAX);
    return true;
}

bool clock_read(const char *text, utc_t real_now, struct clock *out, struct err *e)
{
    *out = CLOCK_REAL;
    if (strcmp(text, "real") == 0)
        return true;
    const char *comma = strrchr(text, ','), *at = strchr(text, '@');
    if (!comma)
        return err_set(e, ERR_INPUT, "clock", "\"%.60s\" is neither CARE0@REAL0,SPEED nor CARE0,SPEED nor \"real\"", text);
    struct clock c = {.real0 = real_now};
    const char *care_end = at ? at : comma;
    if (!read_instant(text, (size_t)(care_end - text), "clock care0", &c.care0, e) ||
        (at && !read_instant(at + 1, (size_t)(comma - at - 1), "clock real0", &c.real0, e)) ||
        !read_speed(comma + 1, &c.speed, e))
        return false;
    *out = c;
    return true;
}

const char *clock_text(const struct clock *c, char out[CLOCK_TEXT_MAX])
{
    char care[UTC_TEXT_MAX], real[UTC_TEXT_MAX], speed[DEC_TEXT_MAX];
    snprintf(out, CLOCK_TEXT_MAX, "%.30s@%.30s,%s", utc_text(c->care0, care), utc_text(c->real0, real),
             dec_text(dec_trim(DEC(c->speed, 3)), speed));
    return out;
}

/* a × b ÷ c toward minus infinity, through 128 bits: a century of microseconds times the top speed still fits. */
static int64_t scaled(int64_t a, int64_t b, int64_t c)
{
    __extension__ typedef __int128 wide;
    wide n = (wide)a * b;
    return (int64_t)(n >= 0 ? n / c : -((-n + c - 1) / c));
}

utc_t clock_care(const struct clock *c, utc_t real)
{
    return c->care0 + scaled(real - c->real0, c->speed, 1000);
}

utc_t clock_to_real(const struct clock *c, utc_t care)
{
    return c->real0 - scaled(-(care - c->care0), 1000, c->speed); /* upward */
}
