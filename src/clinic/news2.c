#include "clinic/news2.h"

#include <string.h>

/* A row of the chart: values up to and including `upto` (in units of the chart's resolution) score `points`. */
struct row {
    int upto, points;
};
enum { ANY = 1000000 };

static const struct row chart_rr[] = {{8, 3}, {11, 1}, {20, 0}, {24, 2}, {ANY, 3}};
static const struct row chart_spo2[] = {{91, 3}, {93, 2}, {95, 1}, {ANY, 0}};
static const struct row chart_spo2_air2[] = {{83, 3}, {85, 2}, {87, 1}, {ANY, 0}};
static const struct row chart_spo2_oxygen2[] = {{83, 3}, {85, 2}, {87, 1}, {92, 0}, {94, 1}, {96, 2}, {ANY, 3}};
static const struct row chart_sbp[] = {{90, 3}, {100, 2}, {110, 1}, {219, 0}, {ANY, 3}};
static const struct row chart_hr[] = {{40, 3}, {50, 1}, {90, 0}, {110, 1}, {130, 2}, {ANY, 3}};
static const struct row chart_temp[] = {{350, 3}, {360, 1}, {380, 0}, {390, 1}, {ANY, 2}}; /* tenths of a degree */

static int points(const struct row *chart, int value)
{
    while (value > chart->upto)
        chart++;
    return chart->points;
}

/* The observation at the chart's resolution, within what a living adult can show. */
static bool take(struct dec v, const char *name, int tenths, int low, int high, int *out, struct err *e)
{
    if (!dec_is(v))
        return err_set(e, ERR_INPUT, name, "%s is missing: NEWS2 needs all seven observations", name);
    int64_t n;
    if (!dec_to_int(tenths ? dec_mul(v, dec_int(10)) : v, DEC_HALF_AWAY, &n) || n < low || n > high) {
        char text[DEC_TEXT_MAX + 8];
        return err_set(e, ERR_INPUT, name, "%s is %s, which cannot be right", name, dec_show(v, text));
    }
    *out = (int)n;
    return true;
}

bool news2_score(const struct news2_obs *o, struct news2 *out, struct err *e)
{
    int rr, spo2, sbp, hr, temp;
    if (!take(o->rr, "rr", 0, 0, 100, &rr, e) || !take(o->spo2, "spo2", 0, 30, 100, &spo2, e) ||
        !take(o->sbp, "sbp", 0, 20, 350, &sbp, e) || !take(o->hr, "hr", 0, 10, 350, &hr, e) ||
        !take(o->temp, "temp", 1, 250, 450, &temp, e))
        return false;
    if (o->scale != 1 && o->scale != 2)
        return err_set(e, ERR_INPUT, "scale", "scale must be 1 or 2");
    if (!o->acvpu || !strchr("ACVPU", o->acvpu))
        return err_set(e, ERR_INPUT, "acvpu", "acvpu must be one of A C V P U");
    const struct row *chart = o->scale == 1 ? chart_spo2 : o->oxygen ? chart_spo2_oxygen2 : chart_spo2_air2;
    *out = (struct news2){
        .rr = points(chart_rr, rr),
        .spo2 = points(chart, spo2),
        .oxygen = o->oxygen ? 2 : 0,
        .sbp = points(chart_sbp, sbp),
        .hr = points(chart_hr, hr),
        .acvpu = o->acvpu == 'A' ? 0 : 3,
        .temp = points(chart_temp, temp),
    };
    out->total = out->rr + out->spo2 + out->oxygen + out->sbp + out->hr + out->acvpu + out->temp;
    out->red = out->rr == 3 || out->spo2 == 3 || out->sbp == 3 || out->hr == 3 || out->acvpu == 3 || out->temp == 3;
    out->band = news2_band_of(out->total, out->red);
    return true;
}

enum news2_band news2_band_of(int total, bool red)
{
    return total >= 7 ? NEWS2_HIGH
        : total >= 5  ? NEWS2_MEDIUM
        : red         ? NEWS2_LOW_MEDIUM
        : total > 0   ? NEWS2_LOW
                      : NEWS2_ZERO;
}

const char *news2_band_name(enum news2_band b)
{
    static const char *const names[] = {"zero", "low", "low-medium", "medium", "high"};
    return names[b];
}
