/* Modification: which rules fire for what was found, and what the worst of them says. */
#include <string.h>

#include "clinic/derive_inner.h"

static bool rule_fail(struct err *e, const struct derive_rule *r, const char *what)
{
    return err_set(e, ERR_INPUT, r->id ? r->id : r->name, "%s", what);
}

static bool rule_ok(const struct derive_rule *r, struct err *e)
{
    if (!r->name && r->measure != DERIVE_WEIGHT_CHANGE)
        return err_set(e, ERR_INPUT, r->id ? r->id : "rule", "the rule names no finding");
    if (dec_is(r->from) && dec_is(r->below) && !dec_lt(r->from, r->below))
        return rule_fail(e, r, "the range of the rule must rise");
    if (!dec_is(r->from) && !dec_is(r->below))
        return rule_fail(e, r, "the rule has no range");
    if (r->action == DERIVE_REDUCE &&
        (!dec_is(r->percent) || dec_sign(r->percent) <= 0 || dec_le(dec_int(100), r->percent)))
        return rule_fail(e, r, "a reduction is to more than 0 and less than 100 %");
    if (r->action == DERIVE_LEVEL && r->level >= 0)
        return rule_fail(e, r, "a dose level is -1 or lower");
    if (r->action == DERIVE_DELAY && r->days <= 0)
        return rule_fail(e, r, "a delay needs its days");
    if (r->measure == DERIVE_VALUE && unit_find(r->unit ? r->unit : "") == UNIT_NONE)
        return rule_fail(e, r, "the unit of the rule is not known");
    return true;
}

static bool same_table(const struct derive_rule *a, const struct derive_rule *b)
{
    return a->measure == b->measure && a->when == b->when &&
        (a->name == b->name || (a->name && b->name && strcmp(a->name, b->name) == 0));
}

/* The rule that begins where this one ends. */
static bool meets_next(const struct derive_rule *rules, int n, int i)
{
    bool higher = false;
    for (int k = 0; k < n; k++) {
        if (k == i || !same_table(&rules[i], &rules[k]) || !dec_is(rules[k].from) ||
            dec_lt(rules[k].from, rules[i].below))
            continue;
        if (dec_eq(rules[k].from, rules[i].below))
            return true;
        higher = true;
    }
    return !higher; /* the topmost of its table */
}

static bool overlap(const struct derive_rule *a, const struct derive_rule *b)
{
    bool a_first = !dec_is(a->below) || !dec_is(b->from) || dec_lt(b->from, a->below);
    bool b_first = !dec_is(b->below) || !dec_is(a->from) || dec_lt(a->from, b->below);
    return a_first && b_first;
}

bool derive_rules_check(const struct derive_rule *rules, int n, struct err *e)
{
    if (n < 0 || n > DERIVE_RULES_MAX)
        return err_set(e, ERR_TOO_LARGE, "rules", "a modification table has at most %d rules", DERIVE_RULES_MAX);
    for (int i = 0; i < n; i++) {
        if (!rule_ok(&rules[i], e))
            return false;
        for (int k = 0; k < i; k++)
            if (same_table(&rules[i], &rules[k]) && overlap(&rules[i], &rules[k]))
                return rule_fail(e, &rules[i], "the rule overlaps another one of its table");
        if (dec_is(rules[i].below) && !meets_next(rules, n, i))
            return rule_fail(e, &rules[i], "between this rule and the next is a gap");
    }
    return true;
}

static bool finding_fresh(const struct derive_work *w, const struct derive_finding *f, struct err *e)
{
    if (f->max_age_days <= 0)
        return true;
    if (f->taken == UTC_NONE || f->taken > w->p->now || w->p->now - f->taken > f->max_age_days * UTC_DAY)
        return err_set(e, ERR_INPUT, f->name, "%s is %s than %d days: it must be newer", f->name,
            f->taken == UTC_NONE || f->taken > w->p->now ? "not dated within less" : "older", f->max_age_days);
    return true;
}

static const struct derive_finding *finding_for(const struct derive_work *w, const struct derive_rule *r)
{
    for (int i = 0; i < w->p->finding_n; i++)
        if (w->p->findings[i].when == r->when && strcmp(w->p->findings[i].name, r->name) == 0)
            return &w->p->findings[i];
    return NULL;
}

/* The finding in the rule's terms: x held against limit × of. */
struct held {
    struct dec x, of;
};

static bool in_dim(
    const struct derive_finding *f, struct qty q, const char *what, unit_t u, struct dec *out, struct err *e)
{
    struct qty in;
    if (!qty_is(q))
        return err_set(e, ERR_INPUT, f->name, "%s of %s is missing", what, f->name);
    if (!qty_to(q, u, &in, e)) {
        err_within(e, f->name);
        return false;
    }
    *out = in.v;
    return true;
}

static bool hold(const struct derive_rule *r, const struct derive_finding *f, struct held *h, struct err *e)
{
    h->of = dec_int(1);
    if (r->measure == DERIVE_GRADE) {
        if (f->grade < 0 || f->grade > 5)
            return err_set(e, ERR_INPUT, f->name, "%s is not graded 0 to 5", f->name);
        h->x = dec_int(f->grade);
        return true;
    }
    unit_t u = r->measure == DERIVE_VALUE ? unit_find(r->unit) : f->value.u;
    if (!in_dim(f, f->value, "the value", u, &h->x, e))
        return false;
    if (r->measure == DERIVE_VALUE)
        return true;
    const char *what = r->measure == DERIVE_TIMES_ULN ? "the upper limit of normal"
        : r->measure == DERIVE_TIMES_LLN              ? "the lower limit of normal"
                                                      : "the baseline";
    struct qty of = r->measure == DERIVE_TIMES_ULN ? f->uln : r->measure == DERIVE_TIMES_LLN ? f->lln : f->baseline;
    if (!in_dim(f, of, what, u, &h->of, e))
        return false;
    return dec_sign(h->of) > 0 || err_set(e, ERR_INPUT, f->name, "%s of %s must be more than nothing", what, f->name);
}

static bool holds(const struct derive_rule *r, const struct held *h, bool *out, struct err *e)
{
    struct dec from = dec_is(r->from) ? dec_mul(r->from, h->of) : DEC_NONE,
               below = dec_is(r->below) ? dec_mul(r->below, h->of) : DEC_NONE;
    if ((dec_is(r->from) && !dec_is(from)) || (dec_is(r->below) && !dec_is(below)))
        return rule_fail(e, r, "the limit of the rule is out of range");
    *out = (!dec_is(from) || dec_le(from, h->x)) && (!dec_is(below) || dec_lt(h->x, below));
    return true;
}

/* % of change from the weight before, without its sign, held as |change| × 100 against limit × weight before. */
static bool weight_change(struct derive_work *w, struct held *h, bool *there, struct err *e)
{
    struct qty now, before;
    *there = qty_is(w->p->weight_before);
    if (!*there)
        return true; /* the first dose has none before */
    unit_t kg = unit_find("kg");
    if (!qty_is(w->p->weight.value))
        return err_set(e, ERR_INPUT, "weight", "weight is missing");
    if (!qty_to(w->p->weight.value, kg, &now, e) || !qty_to(w->p->weight_before, kg, &before, e)) {
        err_within(e, "weight");
        return false;
    }
    if (dec_sign(before.v) <= 0)
        return err_set(e, ERR_INPUT, "weight_before", "the weight before must be more than nothing");
    *h = (struct held){dec_mul(dec_abs(dec_sub(now.v, before.v)), dec_int(100)), before.v};
    return true;
}

/* What the action leaves of the full dose, in per cent. */
static bool percent_of(const struct derive_work *w, const struct derive_rule *r, struct dec *out, struct err *e)
{
    *out = r->action == DERIVE_REDUCE ? r->percent : dec_int(100);
    if (r->action != DERIVE_LEVEL)
        return true;
    if (-r->level > w->o->level_n)
        return rule_fail(e, r, "the order has no such dose level");
    *out = w->o->levels[-r->level - 1];
    return true;
}

static enum derive_verdict verdict_of(enum derive_action a)
{
    return a == DERIVE_STOP ? DERIVE_STOPPED : a == DERIVE_DELAY ? DERIVE_DELAYED : a == DERIVE_OMIT ? DERIVE_OMITTED
        : a == DERIVE_ASK   ? DERIVE_ASKED
                            : DERIVE_GIVE;
}

static int gravity(enum derive_action a)
{
    return a == DERIVE_LEVEL ? DERIVE_REDUCE : (int)a; /* a level is a reduction like another */
}

static bool is_worse(
    const struct derive_rule *a, struct dec a_percent, const struct derive_rule *b, struct dec b_percent)
{
    if (gravity(a->action) != gravity(b->action))
        return gravity(a->action) > gravity(b->action);
    if (a->action == DERIVE_DELAY)
        return a->days > b->days;
    return dec_lt(a_percent, b_percent);
}

static int note_rule(struct derive_work *w, const struct derive_rule *r, const struct derive_finding *f)
{
    bool graded = r->measure == DERIVE_GRADE;
    const char *name = r->name ? r->name : "weight change", *words = r->words ? r->words : r->id;
    int node = graded
        ? derive_node(w, name, (struct qty){dec_int(f->grade), unit_find("{score}")}, FROM_NONE, "grade: %s", words)
        : derive_node(w, name, f ? f->value : QTY_NONE, FROM_NONE, "%s", words);
    w->out->nodes[node].source = r->source;
    w->out->nodes[node].taken = f ? f->taken : UTC_NONE;
    return node;
}

/* One rule: does it fire? */
static bool ask(
    struct derive_work *w, const struct derive_rule *r, const struct derive_finding **f, bool *fires, struct err *e)
{
    struct held h;
    bool there = true;
    *f = NULL;
    *fires = false;
    if (r->measure == DERIVE_WEIGHT_CHANGE) {
        if (!weight_change(w, &h, &there, e))
            return false;
        return !there || holds(r, &h, fires, e);
    }
    *f = finding_for(w, r);
    if (!*f)
        return err_set(e, ERR_INPUT, r->name, "%s is missing: the modification table asks for it", r->name);
    return finding_fresh(w, *f, e) && hold(r, *f, &h, e) && holds(r, &h, fires, e);
}

/* The level the patient stands at holds until someone raises it. */
static bool standing_level(struct derive_work *w, struct err *e)
{
    const struct derive_order *o = w->o;
    w->out->percent = dec_int(100);
    if (o->level > 0 || -o->level > o->level_n)
        return err_set(e, ERR_INPUT, "level", "the order has no dose level %d", o->level);
    for (int i = 0; i < o->level_n; i++)
        if (!dec_is(o->levels[i]) || dec_sign(o->levels[i]) <= 0 ||
            dec_le(i ? o->levels[i - 1] : dec_int(100), o->levels[i]))
            return err_set(e, ERR_INPUT, "level", "dose levels fall from below 100 %%");
    if (o->level < 0)
        w->out->percent = o->levels[-o->level - 1];
    return true;
}

bool derive_modify(struct derive_work *w, int *node, struct err *e)
{
    struct derive_answer *x = w->out;
    struct dec worst_percent = dec_int(100);
    int from[DERIVE_FROM_MAX] = {-1, -1, -1, -1}, shown = 0;
    *node = -1;
    if (!standing_level(w, e) || !derive_rules_check(w->o->rules, w->o->rule_n, e))
        return false;
    for (int i = 0; i < w->o->rule_n; i++) {
        const struct derive_rule *r = &w->o->rules[i];
        const struct derive_finding *f;
        struct dec percent;
        bool fires;
        if (!ask(w, r, &f, &fires, e) || !percent_of(w, r, &percent, e))
            return false;
        if (!fires)
            continue;
        x->fired[x->fired_n++] = i;
        int n = note_rule(w, r, f);
        if (shown == DERIVE_FROM_MAX) {
            from[0] = derive_node(w, "rules", QTY_NONE, from, "fired too");
            from[1] = from[2] = from[3] = -1;
            shown = 1;
        }
        from[shown++] = n;
        if (r->action != DERIVE_GO && (x->worst < 0 || is_worse(r, percent, &w->o->rules[x->worst], worst_percent))) {
            x->worst = i;
            worst_percent = percent;
        }
    }
    const struct derive_rule *worst = x->worst < 0 ? NULL : &w->o->rules[x->worst];
    if (worst) {
        x->verdict = verdict_of(worst->action);
        x->delay_days = worst->action == DERIVE_DELAY ? worst->days : 0;
        x->percent = dec_min(x->percent, worst_percent);
    }
    if (x->fired_n || w->o->level < 0)
        *node = derive_node(w, "modification", (struct qty){x->percent, unit_find("%")}, from, "%s%s",
            x->verdict == DERIVE_GIVE ? "of the full dose" : derive_verdict_word(x->verdict),
            worst ? "; the worst rule wins" : "");
    return true;
}
