#include "care/past.h"

#include <stdio.h>
#include <string.h>

#include "care/flow.h"
#include "clinic/steps.h"

enum { PAGE = 4000, LABS_MAX = 12, EARLY_MIN = 1 /* as the bedside counts: a minute is on time */ };

/* The recorded facts of one infusion. */
struct past {
    struct tx *t;
    const struct infusion *i;
    struct med_order order;
    struct plan plan;
    struct visit visit;
    struct prep prep;
    bool has_prep;
    struct flow flow;
    struct dec fastest; /* mL/h that really flowed; DEC_NONE: not known */
    struct known {
        const char *name;
        struct observation *o; /* NULL: none by then */
    } labs[LABS_MAX];          /* read once for both versions */
    int lab_count;
};

struct says {
    struct past_says list[PAST_SAYS_MAX];
    int count;
};

static void say(struct says *s, const char *rule, const char *of, const char *severity, const char *text)
{
    if (s->count < PAST_SAYS_MAX)
        s->list[s->count++] = (struct past_says){rule, of, severity, text};
}

/* ---- questions ------------------------------------------------------------------------------------------------------------ */

static void ask_limit(const struct past *p, const struct drug_limit *l, struct qty value, struct says *out)
{
    const struct {
        struct qty limit;
        bool over, hard;
    } tests[] = {{l->hard_low, false, true}, {l->hard_high, true, true}, {l->soft_low, false, false}, {l->soft_high, true, false}};
    for (int i = 0; i < 4; i++) {
        struct err e = {0};
        int cmp;
        if (!qty_is(tests[i].limit) || !qty_is(value) || !qty_cmp(value, tests[i].limit, &cmp, &e) || (tests[i].over ? cmp <= 0 : cmp >= 0))
            continue;
        say(out, tests[i].hard && tests[i].over ? "dose_above_hard" : "dose_limit", l->of, tests[i].hard ? "hard stop" : "needs a reason",
            arena_printf(p->t->a, "%s %s is %s %s", l->of, care_qty_text(p->t->a, value), tests[i].over ? "over" : "under",
                         care_qty_text(p->t->a, tests[i].limit)));
        return;
    }
}

static struct qty in_rate_unit(const struct past *p, struct qty like)
{
    struct qty out, kg = dec_is(p->order.weight) ? (struct qty){p->order.weight, unit_find("kg")} : QTY_NONE;
    struct err e = {0};
    return dec_is(p->fastest) && qty_is(like) && steps_rate_from_ml_h(p->fastest, kg, p->i->concentration, like.u, &out, &e) ? out : QTY_NONE;
}

static struct qty like_of(const struct drug_limit *l)
{
    return qty_is(l->hard_high) ? l->hard_high : qty_is(l->soft_high) ? l->soft_high : qty_is(l->hard_low) ? l->hard_low : l->soft_low;
}

static void ask_limits(const struct past *p, const struct drug *d, const char *setting, struct says *out)
{
    struct qty mg;
    struct err e = {0};
    for (int i = 0; i < d->limits_count; i++) {
        const struct drug_limit *l = &d->limits[i];
        if (!drug_limit_holds(l, setting))
            continue;
        if (strcmp(l->of, "dose") == 0)
            ask_limit(p, l, p->order.dose, out);
        else if (strcmp(l->of, "dose_per_kg") == 0 && dec_is(p->order.weight) && qty_to(p->order.dose, unit_find("mg"), &mg, &e))
            ask_limit(p, l, (struct qty){dec_round(dec_quot(mg.v, p->order.weight), 1, DEC_HALF_AWAY), unit_find("mg/kg")}, out);
        else if (strcmp(l->of, "volume") == 0)
            ask_limit(p, l, (struct qty){p->i->ordered_ml, unit_find("mL")}, out);
        else if (strcmp(l->of, "concentration") == 0)
            ask_limit(p, l, p->i->concentration, out);
        else if (strcmp(l->of, "duration") == 0 && p->flow.started != UTC_NONE && p->flow.ended != UTC_NONE)
            ask_limit(p, l, (struct qty){dec_int((p->flow.ended - p->flow.started) / UTC_MINUTE), unit_find("min")}, out);
        else if (strcmp(l->of, "rate") == 0)
            ask_limit(p, l, in_rate_unit(p, like_of(l)), out);
    }
}

static void ask_flow(const struct past *p, const struct drug *d, struct says *out)
{
    const struct drug_infusion *n = d->infusion;
    struct qty rate = n ? in_rate_unit(p, n->rate_max) : QTY_NONE;
    struct err e = {0};
    int cmp = 0;
    for (int i = 0; i < d->never_count; i++)
        if (strcmp(d->never[i].way, p->i->method) == 0)
            say(out, "route_lock", "method", "hard stop", arena_printf(p->t->a, "never given by %s", p->i->method));
    if (!n)
        return;
    if (qty_is(rate) && qty_cmp(rate, n->rate_max, &cmp, &e) && cmp > 0)
        say(out, "rate_above_max", "rate_max", "hard stop",
            arena_printf(p->t->a, "%s flowed, %s at most", care_qty_text(p->t->a, rate), care_qty_text(p->t->a, n->rate_max)));
    int64_t took = p->flow.started != UTC_NONE && p->flow.ended != UTC_NONE ? (p->flow.ended - p->flow.started) / UTC_MINUTE : INT_NONE;
    if (took != INT_NONE && n->duration_min != INT_NONE && took + EARLY_MIN < n->duration_min && strcmp(p->order.state, "given") == 0)
        say(out, "rate_above_max", "duration_min", "hard stop",
            arena_printf(p->t->a, "took %lld min, %lld at least", (long long)took, (long long)n->duration_min));
}

static void ask_bag(const struct past *p, const struct drug *d, struct says *out)
{
    const struct drug_preparation *n = d->preparation;
    struct err e = {0};
    int low = 0, high = 0;
    if (!n || !p->has_prep)
        return;
    if ((qty_is(n->concentration_min) && qty_cmp(p->i->concentration, n->concentration_min, &low, &e) && low < 0) ||
        (qty_is(n->concentration_max) && qty_cmp(p->i->concentration, n->concentration_max, &high, &e) && high > 0))
        say(out, "dose_limit", "bag concentration", "hard stop",
            arena_printf(p->t->a, "the bag held %s, which is %s the limit", care_qty_text(p->t->a, p->i->concentration), low < 0 ? "under" : "over"));
    if (p->prep.diluent && n->never_with && content_word_listed(n->never_with, p->prep.diluent))
        say(out, "dose_limit", "diluent", "hard stop", arena_printf(p->t->a, "diluted in %s, never to be used", p->prep.diluent));
    utc_t by = p->prep.made_at + n->beyond_use_room_min * UTC_MINUTE;
    if (p->flow.started != UTC_NONE && p->flow.started > by)
        say(out, "beyond_use", "room", "hard stop",
            arena_printf(p->t->a, "started %lld min after its beyond-use time", (long long)((p->flow.started - by) / UTC_MINUTE)));
}

/* A laboratory value as it was known when the bag was hung. */
MUST_CHECK static bool lab_then(struct past *p, const char *name, struct observation **out, struct err *e)
{
    int n;
    for (int i = 0; i < p->lab_count; i++)
        if (strcmp(p->labs[i].name, name) == 0) {
            *out = p->labs[i].o;
            return true;
        }
    if (!table_list(p->t, &record_observation, "patient=?2 AND name=?3 AND taken<=?4 ORDER BY taken DESC, id DESC LIMIT 1",
            VALS(V_TEXT(p->i->patient), V_TEXT(name), V_INT(p->i->associated_at)), out, &n, e))
        return false;
    *out = n ? *out : NULL;
    if (p->lab_count < LABS_MAX)
        p->labs[p->lab_count++] = (struct known){name, *out};
    return true;
}

MUST_CHECK static bool ask_labs(struct past *p, const struct drug *d, struct says *out, struct err *e)
{
    for (int i = 0; i < d->labs_count; i++) {
        const struct drug_lab *l = &d->labs[i];
        struct observation *o;
        int low = 0, high = 0;
        if (strcmp(l->when, "first") == 0 && p->visit.number != 1)
            continue;
        if (!lab_then(p, l->name, &o, e))
            return false;
        if (!o || p->i->associated_at - o[0].taken > (l->max_age_days + 1) * UTC_DAY) {
            say(out, "lab_missing", l->name, l->missing, arena_printf(p->t->a, "%s was %s", l->title, o ? "too old" : "missing"));
            continue;
        }
        struct err unlike = {0};
        if ((qty_is(l->low) && qty_is(o[0].value) && qty_cmp(o[0].value, l->low, &low, &unlike) && low < 0) ||
            (qty_is(l->high) && qty_is(o[0].value) && qty_cmp(o[0].value, l->high, &high, &unlike) && high > 0))
            say(out, "lab_range", l->name, l->outside ? l->outside : "needs a reason",
                arena_printf(p->t->a, "%s was %s", l->title, care_qty_text(p->t->a, o[0].value)));
    }
    return true;
}

MUST_CHECK static bool ask(struct past *p, const struct content *c, struct says *out, struct err *e)
{
    const struct drug *d = content_drug(c, p->i->drug);
    out->count = 0;
    if (!d) {
        say(out, "not_supported", "drug", "hard stop", "the drug is not in this version");
        return true;
    }
    ask_limits(p, d, c->site ? c->site->setting : "centre", out);
    ask_flow(p, d, out);
    ask_bag(p, d, out);
    return ask_labs(p, d, out, e);
}

/* ---- one infusion ------------------------------------------------------------------------------------------------------------ */

MUST_CHECK static bool past_read(struct past *p, struct err *e)
{
    if (!table_need(p->t, &record_med_order, p->i->med_order, "infusion", &p->order, e)
        || !table_need(p->t, &record_plan, p->order.plan, "order", &p->plan, e)
        || !table_need(p->t, &record_visit, p->i->visit, "infusion", &p->visit, e) || !care_flow(p->t, p->i, &p->flow, e))
        return false;
    p->has_prep = p->i->prep != NULL;
    p->fastest = DEC_NONE;
    for (int s = 0; s < p->flow.count; s++) {
        const struct flow_segment *x = &p->flow.segments[s];
        if (x->kind == FLOW_SEG_RUNNING && dec_is(x->rate) && (!dec_is(p->fastest) || dec_lt(p->fastest, x->rate)))
            p->fastest = x->rate;
    }
    return !p->has_prep || table_need(p->t, &record_prep, p->i->prep, "infusion", &p->prep, e);
}

static void count_change(const struct past_change *c, struct past_report *out)
{
    bool stop = strcmp(c->says.severity, "hard stop") == 0, note = strcmp(c->says.severity, "note") == 0;
    if (!note) {
        int *sum = c->appears ? (stop ? &out->stops : &out->reasons) : stop ? &out->stops_gone : &out->reasons_gone;
        (*sum)++;
    }
    for (int i = 0; i < out->group_count; i++) {
        struct past_group *g = &out->groups[i];
        if (g->appears == c->appears && strcmp(g->drug, c->infusion->drug) == 0 && strcmp(g->rule, c->says.rule) == 0
            && strcmp(g->of, c->says.of) == 0 && strcmp(g->severity, c->says.severity) == 0) {
            g->count++;
            return;
        }
    }
    if (out->group_count == PAST_GROUPS_MAX)
        return;
    struct past_group *g = &out->groups[out->group_count++];
    *g = (struct past_group){.appears = c->appears, .count = 1};
    snprintf(g->drug, sizeof g->drug, "%s", c->infusion->drug);
    snprintf(g->rule, sizeof g->rule, "%s", c->says.rule);
    snprintf(g->of, sizeof g->of, "%s", c->says.of);
    snprintf(g->severity, sizeof g->severity, "%s", c->says.severity);
}

/* Sayings of `a` that `b` does not have, by rule, what it is of, and severity. */
static int differ(const struct past *p, const struct says *a, const struct says *b, bool appears, const struct past_run *run,
    struct past_report *out)
{
    int n = 0;
    for (int i = 0; i < a->count; i++) {
        bool there = false;
        for (int k = 0; k < b->count; k++)
            there |= strcmp(a->list[i].rule, b->list[k].rule) == 0 && strcmp(a->list[i].of, b->list[k].of) == 0
                && strcmp(a->list[i].severity, b->list[k].severity) == 0;
        if (there)
            continue;
        struct past_change c = {p->i, appears, a->list[i]};
        count_change(&c, out);
        if (run->tell)
            run->tell(run->ctx, &c);
        n++;
    }
    return n;
}

MUST_CHECK static bool replay_one(struct tx *t, const struct infusion *i, const struct past_run *run, struct past_report *out, struct err *e)
{
    struct past p = {.t = t, .i = i};
    struct says before, after;
    const struct content *was = NULL;
    if (!past_read(&p, e) || !run->was(run->ctx, t, p.plan.content, &was, e))
        return false;
    out->infusions++;
    if (!was) {
        out->unknown++;
        return true;
    }
    if (!ask(&p, was, &before, e) || !ask(&p, run->next, &after, e))
        return false;
    out->changed += differ(&p, &after, &before, true, run, out) + differ(&p, &before, &after, false, run, out) > 0;
    return true;
}

bool past_replay(struct tx *t, const struct past_run *run, struct past_report *out, struct err *e)
{
    struct arena *own = t->a, *page = arena_new(), *one = arena_new();
    char last[80] = "";
    bool ok = true, more = true;
    memset(out, 0, sizeof *out);
    while (ok && more) {
        struct infusion *list;
        int n;
        arena_reset(page);
        t->a = page;
        ok = table_list(t, &record_infusion,
            "started IS NOT NULL AND (length(id)>?2 OR (length(id)=?2 AND id>?3)) ORDER BY length(id), id LIMIT 4000",
            VALS(V_INT((int64_t)strlen(last)), V_TEXT(last)), &list, &n, e);
        more = ok && n == PAGE;
        t->a = one;
        for (int i = 0; ok && i < n; i++) {
            arena_reset(one);
            ok = replay_one(t, &list[i], run, out, e);
        }
        if (ok && n)
            snprintf(last, sizeof last, "%s", list[n - 1].id);
    }
    t->a = own;
    arena_free(page);
    arena_free(one);
    return ok;
}
