#include "clinic/pk_level.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "clinic/pk_inner.h"
#include "clinic/pk_models.h"

double pk_number(struct dec d)
{
    double x = (double)d.coef;
    if (!dec_is(d))
        return NAN;
    for (int i = 0; i < d.scale; i++)
        x /= 10;
    return x;
}

struct dec pk_estimate(double x)
{
    if (!isfinite(x) || fabs(x) >= 1e12)
        return DEC_NONE;
    int scale = 0;
    double size = fabs(x);
    if (size < 1e-17)
        return dec_int(0);
    for (; size < 99999.5 && scale < DEC_SCALE_MAX; scale++)
        size *= 10;
    for (int i = 0; i < scale; i++)
        x *= 10;
    return dec_trim(DEC((int64_t)llround(x), (int8_t)scale));
}

static bool person_of(const struct pk_person *p, struct pk_patient *out, struct err *e)
{
    if (!p->sex || (strcmp(p->sex, "male") && strcmp(p->sex, "female")))
        return err_set(e, ERR_INPUT, "sex", "sex is missing: the model has a part for men and one for women");
    *out =
        (struct pk_patient){pk_number(p->age), pk_number(p->weight), pk_number(p->height), strcmp(p->sex, "male") == 0};
    return true;
}

static bool take(const struct pk_given *g, int i, struct pk_input *out, struct err *e)
{
    *out = (struct pk_input){pk_number(g->start_min), pk_number(g->minutes), pk_number(g->mg)};
    if (isfinite(out->start) && out->minutes >= 0 && isfinite(out->minutes) && out->mg >= 0 && isfinite(out->mg))
        return true;
    char where[32];
    snprintf(where, sizeof where, "segment %d", i + 1);
    return err_set(e, ERR_INPUT, where, "a segment needs its start, minutes and amount, none below zero");
}

bool pk_levels(const char *model, const struct pk_person *p, const struct pk_given *given, int n,
    const struct dec *at_min, int times, struct pk_level *out, struct err *e)
{
    const struct pk_model *m = pk_model_find(model);
    struct pk_patient who;
    struct pk_rates rates;
    struct pk_curve c;
    if (!m)
        return err_set(e, ERR_INPUT, "model", "no model is called \"%.40s\"", model ? model : "");
    if (n < 0 || n > PK_GIVEN_MAX)
        return err_set(e, ERR_TOO_LARGE, "segments", "more than %d segments", PK_GIVEN_MAX);
    if (!person_of(p, &who, e) || !pk_model_make(m, &who, &rates, e))
        return false;
    if (!pk_curve_of(&rates, &c))
        return err_set(e, ERR_INTERNAL, "model", "the model %s makes no curve", m->title);
    for (int t = 0; t < times; t++) {
        double at = pk_number(at_min[t]), plasma = 0, effect = 0;
        if (!isfinite(at))
            return err_set(e, ERR_INPUT, "t", "a time is missing");
        for (int i = 0; i < n; i++) {
            struct pk_input in;
            if (!take(&given[i], i, &in, e))
                return false;
            plasma += pk_plasma(&c, &in, 1, at);
            effect += pk_effect(&c, &in, 1, at);
        }
        out[t] = (struct pk_level){pk_estimate(plasma), c.effect_n ? pk_estimate(fmax(effect, 0)) : DEC_NONE};
        if (!dec_is(out[t].plasma))
            return err_set(e, ERR_INPUT, "segments", "the level is out of range");
    }
    return true;
}

bool pk_given_by(const struct flow *f, struct qty concentration, utc_t origin, utc_t now, struct pk_given *out, int max,
    int *n, bool *uncertain, struct err *e)
{
    struct qty mg_ml;
    *n = 0;
    *uncertain = f->certainty >= FLOW_UNCERTAIN_WHEN;
    if (!qty_is(concentration) || !qty_to(concentration, unit_find("mg/mL"), &mg_ml, e) || dec_sign(mg_ml.v) <= 0)
        return err_set(
            e, ERR_INPUT, "concentration", "the level needs the concentration in the bag, in mass per volume");
    for (int i = 0; i < f->count; i++) {
        const struct flow_segment *s = &f->segments[i];
        if (s->kind == FLOW_SEG_PAUSED || s->kind == FLOW_SEG_FLUSH || s->start >= now)
            continue;
        utc_t end = s->end == UTC_NONE || s->end > now ? now : s->end;
        struct dec minutes = dec_quot(dec_int(end - s->start), dec_int(UTC_MINUTE)), volume = s->volume;
        if (s->end == UTC_NONE && dec_is(s->rate)) /* open: what is counted lags behind */
            volume = dec_max(volume, dec_quot(dec_prod(s->rate, minutes), dec_int(60)));
        else if (s->end != UTC_NONE && s->end > now && dec_is(volume)) /* asked about an earlier moment */
            volume = dec_quot(dec_prod(volume, dec_int(end - s->start)), dec_int(s->end - s->start));
        if (!dec_is(volume) || dec_sign(volume) <= 0)
            continue;
        if (*n == max)
            return err_set(e, ERR_TOO_LARGE, "segments", "the infusion has more than %d segments", max);
        out[(*n)++] = (struct pk_given){
            dec_quot(dec_int(s->start - origin), dec_int(UTC_MINUTE)), minutes, dec_prod(volume, mg_ml.v)};
    }
    return true;
}
