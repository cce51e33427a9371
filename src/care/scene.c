#include "care/watch.h"

#include <string.h>

const struct infusion *scene_running(const struct scene *s, const struct flow **flow)
{
    for (int i = s->infusion_count - 1; i >= 0; i--)
        if (strcmp(s->flows[i].state, "ended") != 0 && strcmp(s->flows[i].state, "reconciled") != 0) {
            *flow = &s->flows[i];
            return &s->infusions[i];
        }
    return NULL;
}

const struct med_order *scene_order(const struct scene *s, const char *id)
{
    for (int i = 0; i < s->order_count; i++)
        if (strcmp(s->orders[i].id, id) == 0)
            return &s->orders[i];
    return NULL;
}

static bool has_baseline(const struct scene *s)
{
    for (int i = 0; i < s->vital_count; i++)
        if (strcmp(s->vitals[i].phase, "baseline") == 0)
            return true;
    return false;
}

bool scene_asks(const struct scene *s, const struct screen_form *f)
{
    return !f->regimens || content_word_listed(f->regimens, s->regimen);
}

bool scene_asked(const struct scene *s, const struct screen_form *f)
{
    for (int k = 0; k < s->screen_count; k++)
        if (strcmp(s->screens[k].kind, f->id) == 0)
            return true;
    return false;
}

static int screens_wanted(const struct scene *s)
{
    int n = 0;
    for (int i = 0; i < s->content->screens_count; i++)
        n += scene_asks(s, &s->content->screens[i]) && !scene_asked(s, &s->content->screens[i]);
    return n;
}

const char *scene_waits_for(const struct scene *s)
{
    const struct flow *f;
    const char *state = s->visit.state;
    if (strcmp(state, "arrived") == 0)
        return screens_wanted(s) ? "screen" : !has_baseline(s) ? "vital signs" : "OK to treat";
    if (strcmp(state, "ok") == 0 || strcmp(state, "treating") == 0) {
        if (scene_running(s, &f))
            return strcmp(f->state, "associated") == 0 ? "start at the pump"
                : strcmp(f->state, "waiting") == 0     ? "word from the pump"
                                                       : NULL;
        for (int i = 0; i < s->prep_count; i++)
            if (strcmp(s->preps[i].state, "released") == 0)
                return "hanging";
        for (int i = 0; i < s->order_count; i++)
            if (strcmp(s->orders[i].state, "verified") == 0 || strcmp(s->orders[i].state, "prepared") == 0)
                return "mixing";
    }
    return NULL;
}

/* ---- steps ----------------------------------------------------------------------------------------------------------- */

/* The order's steps as a tree, read once a scene. */
static const struct node *steps_of(const struct scene *s, const struct med_order *o)
{
    struct err e = {0};
    struct node **kept = &s->steps[o - s->orders];
    if (!*kept)
        *kept = json_read(s->t->a, o->steps, strlen(o->steps), FIELD_LONG_MAX, &e);
    return *kept;
}

/* Time flowed so far at or under each step decides which is next: a step lasts its minutes of flow, pauses not counted. */
bool scene_next_step(const struct scene *s, const struct infusion *i, const struct flow *f, utc_t *at, struct dec *rate)
{
    const struct med_order *o = scene_order(s, i->med_order);
    struct err e = {0};
    if (!o || !o->steps || strcmp(f->state, "running") != 0 || f->rate_since == UTC_NONE || !dec_is(f->rate))
        return false;
    const struct node *steps = steps_of(s, o);
    if (!steps || steps->count < 2)
        return false;
    /* the step we are in: the last whose rate is not above what flows now */
    int now_at = -1;
    struct dec r, m;
    for (int k = 0; k < steps->count; k++)
        if (node_dec(node_get(node_at(steps, k), "rate"), &r, &e) && dec_le(r, f->rate))
            now_at = k;
    if (now_at < 0 || now_at + 1 >= steps->count || !node_dec(node_get(node_at(steps, now_at), "minutes"), &m, &e)
        || !node_dec(node_get(node_at(steps, now_at + 1), "rate"), rate, &e))
        return false;
    int64_t minutes;
    if (!dec_to_int(m, DEC_UP, &minutes))
        return false;
    *at = f->rate_since + minutes * UTC_MINUTE;
    return true;
}

utc_t scene_infusion_end(const struct scene *s, const struct infusion *i, const struct flow *f)
{
    struct flow_forecast ahead;
    const struct med_order *o = scene_order(s, i->med_order);
    flow_ahead(f, i->ordered_ml, s->now, &ahead);
    if (!o || !o->steps || ahead.ends == UTC_NONE)
        return ahead.ends;
    /* walk the remaining steps from the one we are in */
    utc_t at, t = s->now;
    struct dec next, left = ahead.left;
    if (!scene_next_step(s, i, f, &at, &next))
        return ahead.ends;
    struct err e = {0};
    const struct node *steps = steps_of(s, o);
    struct dec rate = f->rate;
    if (at < t)
        at = t;
    node_each(st, steps) {
        struct dec r, m;
        int64_t us, minutes;
        if (!node_dec(node_get(st, "rate"), &r, &e) || dec_le(r, rate))
            continue;
        struct dec until_next = dec_div(dec_mul(rate, dec_int((at - t) / 1000)), dec_int(3600000), 6, DEC_HALF_AWAY);
        if (dec_le(left, until_next))
            break;
        left = dec_sub(left, until_next);
        t = at;
        rate = r;
        bool last = !node_dec(node_get(st, "minutes"), &m, &e) || !dec_to_int(m, DEC_UP, &minutes);
        e = (struct err){0};
        if (last)
            break;
        (void)us;
        at = t + minutes * UTC_MINUTE;
    }
    int64_t us;
    if (!dec_to_int(dec_div(dec_mul(left, dec_int(UTC_HOUR)), rate, 0, DEC_UP), DEC_UP, &us))
        return UTC_NONE;
    return t + us;
}

/* ---- what is due -------------------------------------------------------------------------------------------------------- */

static const char *urgency(utc_t now, utc_t due, int grace_min)
{
    return now > due + grace_min * UTC_MINUTE ? "overdue"
        : now >= due                          ? "now"
        : due - now <= 15 * UTC_MINUTE        ? "soon"
                                              : "later";
}

static void add(
    struct check_row *out, int *n, const char *what, utc_t due, const char *state, const char *why, const char *phase)
{
    if (*n < SCENE_CHECKS_MAX && due != UTC_NONE)
        out[(*n)++] = (struct check_row){what, due, state, why, phase};
}

static utc_t last_vitals(const struct scene *s)
{
    return s->vital_count ? s->vitals[s->vital_count - 1].at : UTC_NONE;
}

/* Vital signs by the drug's schedule, from what flowed. */
static void vital_checks(
    const struct scene *s, const struct drug *d, const struct flow *f, struct check_row *out, int *n)
{
    utc_t last = last_vitals(s);
    bool running = strcmp(f->state, "running") == 0;
    for (int k = 0; k < d->checks_count; k++) {
        const struct drug_check *c = &d->checks[k];
        utc_t due = UTC_NONE;
        const char *phase = "during", *why = NULL;
        int64_t min = c->minutes == INT_NONE ? 0 : c->minutes;
        if (strcmp(c->when, "after start") == 0 && f->started != UTC_NONE) {
            due = f->started + min * UTC_MINUTE;
            why = arena_printf(s->t->a, "%lld min after the start", (long long)min);
        } else if (strcmp(c->when, "rate change") == 0 && f->started != UTC_NONE && f->rate_changed != f->started) {
            due = f->rate_changed + min * UTC_MINUTE;
            phase = "rate change";
            why = "at each rate change";
        } else if (strcmp(c->when, "every") == 0 && running) {
            due = (last != UTC_NONE && last > f->started ? last : f->started) + min * UTC_MINUTE;
            why = arena_printf(s->t->a, "every %lld min while it runs", (long long)min);
        } else if (strcmp(c->when, "end") == 0 && f->ended != UTC_NONE) {
            due = f->ended + min * UTC_MINUTE;
            phase = "end";
            why = "at the end of the infusion";
        } else if (strcmp(c->when, "after") == 0 && f->ended != UTC_NONE) {
            due = f->ended + min * UTC_MINUTE;
            phase = "after";
            why = arena_printf(s->t->a, "%lld min after the end", (long long)min);
        }
        /* a set taken within the five minutes before counts for it, but never the baseline for one after the start */
        bool started = strcmp(c->when, "after start") != 0 || last > f->started;
        if (due == UTC_NONE
            || (strcmp(c->when, "every") != 0 && last != UTC_NONE && started && last >= due - 5 * UTC_MINUTE))
            continue;
        add(out, n, "vital signs", due, urgency(s->now, due, (int)c->grace_min), why, phase);
    }
}

static void sort_checks(struct check_row *c, int n)
{
    for (int i = 1; i < n; i++) {
        struct check_row x = c[i];
        int k = i;
        for (; k > 0 && c[k - 1].due > x.due; k--)
            c[k] = c[k - 1];
        c[k] = x;
    }
}

int scene_checks(const struct scene *s, struct check_row out[SCENE_CHECKS_MAX])
{
    int n = 0;
    for (int i = 0; i < s->infusion_count; i++) {
        const struct infusion *x = &s->infusions[i];
        const struct flow *f = &s->flows[i];
        const struct drug *d = content_drug(s->content, x->drug);
        utc_t at;
        struct dec rate;
        if (!d || s->visit.left_at != UTC_NONE)
            continue;
        vital_checks(s, d, f, out, &n);
        if (scene_next_step(s, x, f, &at, &rate))
            add(out, &n, arena_printf(s->t->a, "next rate: %s", care_ml(s->t->a, rate, "mL/h")), at,
                urgency(s->now, at, 5), "the drug's step table", NULL);
        if (strcmp(f->state, "running") == 0) {
            utc_t ends = scene_infusion_end(s, x, f);
            add(out, &n, "bag empty", ends, urgency(s->now, ends, 0), "rate and what is left", NULL);
        }
        if (f->ended != UTC_NONE && d->infusion && strcmp(s->visit.state, "observing") == 0) {
            utc_t until = f->ended + care_observe_min(d, s->visit.number) * UTC_MINUTE;
            add(out, &n, "observation over", until, urgency(s->now, until, 15), "the drug's observation time", NULL);
        }
    }
    sort_checks(out, n);
    return n;
}
