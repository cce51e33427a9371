#include "clinic/desens.h"

#include <stdio.h>

enum { PLACES = 12 }; /* of the amounts, so that their sum is exact */

static bool fail_at(struct err *e, const char *what, int i, const char *why)
{
    char where[32];
    snprintf(where, sizeof where, "%s %d", what, i + 1);
    return err_set(e, ERR_INPUT, where, "%s", why);
}

static bool positive(struct dec d)
{
    return dec_is(d) && dec_sign(d) > 0;
}

static bool check(struct dec dose, const struct desens_bag *bags, int nbags, const struct desens_step *steps,
    int nsteps, struct err *e)
{
    if (!positive(dose))
        return err_set(e, ERR_INPUT, "dose", "the dose must be more than nothing");
    if (nbags < 1 || nbags > DESENS_BAGS_MAX || nsteps < nbags || nsteps > DESENS_STEPS_MAX)
        return err_set(e, ERR_INPUT, "steps", "a desensitisation has 1 to %d bags and a step for each, at most %d",
            DESENS_BAGS_MAX, DESENS_STEPS_MAX);
    for (int b = 0; b < nbags; b++) {
        bool last = b == nbags - 1;
        if (!positive(bags[b].volume))
            return fail_at(e, "bag", b, "the bag needs its volume");
        if (last ? dec_is(bags[b].dose) : !positive(bags[b].dose))
            return fail_at(
                e, "bag", b, last ? "the last bag holds what is left: no dose of its own" : "the bag needs its dose");
    }
    for (int s = 0; s < nsteps; s++) {
        bool last = s == nsteps - 1;
        if (!positive(steps[s].rate))
            return fail_at(e, "step", s, "the rate must be more than nothing");
        if (last ? dec_is(steps[s].minutes) : !positive(steps[s].minutes))
            return fail_at(
                e, "step", s, last ? "the last step runs until the bag is empty" : "the step needs its minutes");
        int before = s ? steps[s - 1].bag : 0;
        if (s ? steps[s].bag != before && steps[s].bag != before + 1 : steps[s].bag != 0)
            return fail_at(e, "step", s, "the bags are used in their order, none left out");
    }
    return steps[nsteps - 1].bag == nbags - 1 || fail_at(e, "bag", nbags - 1, "no step uses the last bag");
}

/* Dose in a volume of a bag, to 12 places. */
static struct dec dose_in(struct dec volume60, const struct desens_bag *bag, struct dec dose)
{
    return dec_trim(dec_div(dec_prod(volume60, dose), dec_prod(bag->volume, dec_int(60)), PLACES, DEC_HALF_AWAY));
}

bool desens_run(struct dec dose, const struct desens_bag *bags, int nbags, const struct desens_step *steps, int nsteps,
    struct desens_plan *out, struct err *e)
{
    *out = (struct desens_plan){.count = nsteps, .bag_count = nbags, .minutes = dec_int(0)};
    if (!check(dose, bags, nbags, steps, nsteps, e))
        return false;
    struct dec given = dec_int(0), used60 = dec_int(0); /* rate × minutes is sixty times the volume: exact */
    for (int s = 0; s < nsteps; s++) {
        int b = steps[s].bag;
        bool last = s == nsteps - 1, fresh = s == 0 || steps[s - 1].bag != b;
        struct desens_made *made = &out->bags[b];
        if (fresh) {
            used60 = dec_int(0);
            made->dose = b == nbags - 1 ? dec_sub(dose, given) : bags[b].dose;
            made->concentration = dec_quot(made->dose, bags[b].volume);
            if (!positive(made->dose) || dec_lt(dec_sub(dose, given), made->dose))
                return fail_at(e, "bag", b, "the bag holds more drug than is left of the dose");
        }
        struct dec full60 = dec_mul(bags[b].volume, dec_int(60));
        struct dec step60 = last ? dec_sub(full60, used60) : dec_mul(steps[s].rate, steps[s].minutes);
        used60 = dec_add(used60, step60);
        if (!dec_is(used60) || !positive(step60) || dec_lt(full60, used60))
            return fail_at(e, "step", s, "the steps use more than the bag holds");
        struct desens_row *r = &out->rows[s];
        r->bag = b;
        r->rate = steps[s].rate;
        r->minutes = last ? dec_quot(step60, r->rate) : steps[s].minutes;
        r->volume = dec_trim(dec_div(step60, dec_int(60), PLACES, DEC_HALF_AWAY));
        r->dose = last ? dec_trim(dec_sub(dose, given)) : dose_in(step60, &bags[b], made->dose);
        given = dec_add(given, r->dose);
        r->total = dec_trim(given);
        out->minutes = r->ends = dec_sum(out->minutes, r->minutes);
        made->used = dec_trim(dec_div(used60, dec_int(60), PLACES, DEC_HALF_AWAY));
        if (!positive(r->dose) || !dec_is(given) || !dec_is(out->minutes))
            return fail_at(e, "step", s, "the dose of the step is out of range");
    }
    return true;
}

bool desens_twelve(struct dec final_rate, struct dec step_min, struct desens_step out[DESENS_TWELVE], struct err *e)
{
    static const int at_80[DESENS_TWELVE] = {2, 5, 10, 20, 5, 10, 20, 40, 10, 20, 40, 80};
    if (!positive(final_rate) || !positive(step_min))
        return err_set(e, ERR_INPUT, "final_rate", "the last rate and the minutes of a step must be more than nothing");
    for (int s = 0; s < DESENS_TWELVE; s++)
        out[s] = (struct desens_step){s / 4, dec_quot(dec_mul(dec_int(at_80[s]), final_rate), dec_int(80)),
            s == DESENS_TWELVE - 1 ? DEC_NONE : step_min};
    return true;
}
