#include "charge_read.h"

#include <string.h>

/* A text member; NULL with *e set if it is missing or another kind. */
static const char *text_of(const struct node *c, const char *key, struct err *e)
{
    const struct node *n = node_get(c, key);
    const char *s = n ? node_str(n) : NULL;
    if (!n)
        (void)node_fail(c, e, "\"%s\" is missing", key);
    else if (!s || !s[0])
        (void)node_fail(n, e, "\"%s\" must be text", key);
    return s && s[0] ? s : NULL;
}

/* A text member that may be left out or null. False only for another kind. */
static bool text_maybe(const struct node *c, const char *key, const char **out, struct err *e)
{
    const struct node *n = node_get(c, key);
    *out = NULL;
    if (!n || n->kind == NODE_NULL)
        return true;
    *out = node_str(n);
    return *out || node_fail(n, e, "\"%s\" must be text", key);
}

static bool flag_maybe(const struct node *c, const char *key, bool *out, struct err *e)
{
    const struct node *n = node_get(c, key);
    *out = n && n->kind == NODE_TRUE;
    return !n || n->kind == NODE_TRUE || n->kind == NODE_FALSE || n->kind == NODE_NULL ||
        node_fail(n, e, "\"%s\" must be true or false", key);
}

static bool dec_of(const struct node *c, const char *key, struct dec *out, struct err *e)
{
    const struct node *n = node_get(c, key);
    if (!n)
        return node_fail(c, e, "\"%s\" is missing", key);
    return node_dec(n, out, e);
}

static bool dec_maybe(const struct node *c, const char *key, struct dec *out, struct err *e)
{
    const struct node *n = node_get(c, key);
    *out = DEC_NONE;
    return !n || n->kind == NODE_NULL || node_dec(n, out, e);
}

static void note_unknown(const struct node *c, const char *const *known, struct buf *notes)
{
    node_each(m, c) {
        int i = 0;
        while (known[i] && strcmp(known[i], m->key) != 0)
            i++;
        if (!known[i])
            buf_printf(notes, "line %d, column %d: member \"%s\" is not understood and was not used\n", m->line, m->column, m->key);
    }
}

static bool digits(const char **p, int most, int *out)
{
    int n = 0, seen = 0;
    for (; **p >= '0' && **p <= '9' && seen < most; (*p)++, seen++)
        n = n * 10 + (**p - '0');
    *out = n;
    return seen > 0;
}

bool charge_read_time(const struct node *n, utc_t *out, struct err *e)
{
    const char *p = node_str(n);
    int days = 0, hour, minute;
    bool ok = p != NULL;
    if (ok && strchr(p, '+'))
        ok = digits(&p, 3, &days) && *p++ == '+';
    ok = ok && digits(&p, 2, &hour) && *p++ == ':' && digits(&p, 2, &minute) && *p == 0 && hour < 24 && minute < 60;
    if (!ok)
        return node_fail(n, e, "a time is \"HH:MM\" or \"days+HH:MM\"");
    *out = utc_of_date(2000, 1, 1) + days * UTC_DAY + hour * UTC_HOUR + minute * UTC_MINUTE;
    return true;
}

/* "pauses": a number of minutes, or a list of [from, to] and {"start", "stop"}. */
static bool read_pauses(const struct node *n, struct arena *a, struct charge_event *ev, struct err *e)
{
    if (!n || n->kind == NODE_NULL)
        return true;
    if (n->kind == NODE_NUMBER) {
        struct dec d;
        int64_t m;
        if (!node_dec(n, &d, e))
            return false;
        if (dec_sign(d) < 0 || !dec_to_int(d, DEC_CEIL, &m) || m > 24 * 60)
            return node_fail(n, e, "pauses are 0 to 1,440 minutes");
        ev->pause_min = (int)m;
        return true;
    }
    if (n->kind != NODE_LIST)
        return node_fail(n, e, "pauses are minutes or a list of [from, to]");
    struct span *list = ARENA_ARRAY(a, (size_t)n->count + 1, struct span);
    int k = 0;
    node_each(it, n) {
        const struct node *from = it->kind == NODE_LIST ? node_at(it, 0) : node_get(it, "start");
        const struct node *to = it->kind == NODE_LIST ? node_at(it, 1) : node_get(it, "stop");
        if (!from || !to)
            return node_fail(it, e, "a pause is [from, to]");
        if (!charge_read_time(from, &list[k].from, e) || !charge_read_time(to, &list[k].to, e))
            return false;
        k++;
    }
    ev->pauses = list;
    ev->pause_count = k;
    return true;
}

static bool read_event(const struct node *n, int number, struct arena *a, struct charge_event *ev, struct err *e)
{
    if (n->kind != NODE_MAP)
        return node_fail(n, e, "an event must be an object");
    const char *cls = text_of(n, "cls", e), *tech = cls ? text_of(n, "tech", e) : NULL;
    *ev = (struct charge_event){.start = UTC_NONE, .stop = UTC_NONE};
    if (!tech || !(ev->substance = text_of(n, "sub", e)))
        return false;
    if (!charge_class_find(cls, &ev->cls))
        return node_fail(node_get(n, "cls"), e, "\"%.40s\" is not a class: chemo, hormonal, tpd, hyd, blood or none", cls);
    if (!charge_technique_find(tech, &ev->technique))
        return node_fail(node_get(n, "tech"), e,
            "\"%.40s\" is not a technique: inf, push, inj, sc_inf, prolonged, port_flush, declot or refill", tech);
    const struct node *start = node_get(n, "start"), *stop = node_get(n, "stop"), *why = node_get(n, "excluded");
    if (!start)
        return node_fail(n, e, "\"start\" is missing (null says it was not recorded)");
    if (start->kind != NODE_NULL && !charge_read_time(start, &ev->start, e))
        return false;
    if (stop && stop->kind != NODE_NULL && !charge_read_time(stop, &ev->stop, e))
        return false;
    if (!text_maybe(n, "id", &ev->id, e) || !text_maybe(n, "site", &ev->access, e) || !text_maybe(n, "enc", &ev->encounter, e) ||
        !flag_maybe(n, "primary", &ev->primary, e) || !flag_maybe(n, "implanted", &ev->implanted, e) ||
        !read_pauses(node_get(n, "pauses"), a, ev, e))
        return false;
    if (why && why->kind == NODE_TRUE)
        ev->excluded = "marked as not charged";
    else if (why && why->kind != NODE_FALSE && !text_maybe(n, "excluded", &ev->excluded, e))
        return false;
    if (!ev->id)
        ev->id = arena_printf(a, "e%d", number);
    return true;
}

/* Settings by our own names; those of the shared keys' "defaults" by theirs. */
static bool set_policy(struct charge_policy *p, const struct node *n, struct arena *a, struct buf *notes, struct err *e)
{
    static const struct { const char *theirs, *ours; } names[] = {
        {"same_push_gap_minutes_strictly_greater", "push_gap"}, {"concurrency_rule", "conc_rule"},
        {"hydration_accumulates", "hyd_accumulates"}, {"second_initial_modifier", "second_modifier"},
    };
    node_each(m, n) {
        const char *name = m->key, *value = m->kind == NODE_TRUE ? "yes" : m->kind == NODE_FALSE ? "no" : m->text;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (strcmp(names[i].theirs, name) == 0)
                name = names[i].ours;
        if (m->kind == NODE_LIST || m->kind == NODE_MAP || m->kind == NODE_NULL)
            return node_fail(m, e, "setting \"%s\" must be a word, a number, true or false", m->key);
        /* "push+query", "majority of the …": the first word is the setting, the rest explains it */
        size_t word = strcspn(value, " +");
        bool known = false;
        for (int i = 0; i < charge_policy_count; i++)
            known |= strcmp(charge_policy_rows[i].name, name) == 0;
        struct err bad = {0};
        if (!known)
            buf_printf(notes, "line %d, column %d: setting \"%s\" is not understood and was not used\n", m->line, m->column, m->key);
        else if (!charge_policy_set(p, name, arena_strndup(a, value, word), &bad))
            return node_fail(m, e, "%s: %s", bad.where, bad.text);
    }
    return true;
}

bool charge_read_admin(const struct node *c, const struct node *defaults, struct arena *a, struct case_admin *out,
    struct buf *notes, struct err *e)
{
    static const char *const known[] = {"id", "sub", "cls", "tech", "start", "stop", "site", "enc", "primary", "implanted",
        "pauses", "excluded", "note", NULL};
    const struct node *events = node_get(c, "events"), *config = node_get(c, "config");
    if (!events || events->kind != NODE_LIST)
        return node_fail(events ? events : c, e, "\"events\" must be a list");
    if (config && config->kind != NODE_MAP)
        return node_fail(config, e, "\"config\" must be an object");
    const char *setting = text_of(c, "setting", e);
    out->policy = charge_policy_default();
    out->policy.version = "built in";
    struct err bad = {0};
    bool justified;
    if (!setting || !set_policy(&out->policy, defaults, a, notes, e))
        return false;
    if (!charge_policy_set(&out->policy, "setting", setting, &bad))
        return node_fail(node_get(c, "setting"), e, "%s", bad.text);
    if (!flag_maybe(c, "second_site_justified", &justified, e))
        return false;
    out->policy.second_site_justified = justified;
    if (!set_policy(&out->policy, config, a, notes, e))
        return false;
    struct charge_event *list = ARENA_ARRAY(a, (size_t)events->count + 1, struct charge_event);
    int k = 0;
    node_each(n, events) {
        if (!read_event(n, k + 1, a, &list[k], e))
            return false;
        note_unknown(n, known, notes);
        k++;
    }
    out->timeline = (struct charge_timeline){list, k, NULL};
    return true;
}

static bool read_supply(const struct node *c, enum drug_supply *out, struct err *e)
{
    static const char *const words[] = {"bought", "white-bagged", "free", "patient"};
    const char *s;
    *out = SUPPLY_BOUGHT;
    if (!text_maybe(c, "supply", &s, e) || !s)
        return e->kind == ERR_NONE;
    for (int i = 0; i < 4; i++)
        if (strcmp(words[i], s) == 0) {
            *out = (enum drug_supply)i;
            return true;
        }
    return node_fail(node_get(c, "supply"), e, "\"%.40s\" is not a supply: bought, white-bagged, free or patient", s);
}

bool charge_read_drug(const struct node *c, struct case_drug *out, struct buf *notes, struct err *e)
{
    static const char *const known[] = {"id", "kind", "title", "hcpcs", "billing_unit", "uom", "dose", "given", "opened",
        "vial_sizes", "on_hand", "multi_dose", "no_modifiers", "plain_below_unit", "supply", "charted_waste", "expected",
        "provenance", "provenance_class", "source", "why", NULL};
    const struct node *sizes = node_get(c, "vial_sizes");
    *out = (struct case_drug){.dose = DEC_NONE};
    struct drug_given *g = &out->given;
    g->code = text_of(c, "hcpcs", e);
    if (!g->code || !text_maybe(c, "uom", &g->uom, e) || !dec_of(c, "billing_unit", &g->unit, e) || !dec_of(c, "dose", &out->dose, e) ||
        !dec_maybe(c, "given", &g->given, e) || !dec_maybe(c, "opened", &g->opened, e) ||
        !dec_maybe(c, "charted_waste", &g->charted_waste, e) || !flag_maybe(c, "multi_dose", &g->multi_dose, e) ||
        !flag_maybe(c, "no_modifiers", &g->no_modifiers, e) || !flag_maybe(c, "plain_below_unit", &g->plain_below_unit, e) ||
        !read_supply(c, &g->supply, e))
        return false;
    if (!dec_is(g->given))
        g->given = out->dose;
    if (!sizes || sizes->kind != NODE_LIST || sizes->count < 1 || sizes->count > VIAL_SIZES_MAX)
        return node_fail(sizes ? sizes : c, e, "\"vial_sizes\" must be a list of 1 to %d amounts", VIAL_SIZES_MAX);
    const struct node *hand = node_get(c, "on_hand");
    node_each(n, sizes) {
        struct vial_size *v = &out->vials[out->vial_count];
        *v = (struct vial_size){.on_hand = -1, .cost = DEC_NONE};
        if (!node_dec(n, &v->amount, e))
            return false;
        const struct node *h = node_at(hand, out->vial_count++);
        struct dec d;
        int64_t k;
        if (h && (!node_dec(h, &d, e) || !dec_to_int(d, DEC_DOWN, &k) || k < 0 || k > VIALS_MAX))
            return node_fail(h, e, "vials on hand are 0 to %d", VIALS_MAX);
        if (h)
            v->on_hand = (int)k;
    }
    note_unknown(c, known, notes);
    return true;
}

bool charge_read_benefit(const struct node *c, struct case_benefit *out, struct err *e)
{
    static const char *const known[] = {"allowed", "deductible_remaining", "coinsurance", "oop_remaining", "copay", "card_max",
        "accumulator", "sequestration", "secondary", NULL};
    const struct node *in = node_get(c, "inputs");
    *out = (struct case_benefit){.plan.currency = ""};
    if (!in || in->kind != NODE_MAP)
        return node_fail(in ? in : c, e, "\"inputs\" must be an object");
    node_each(m, in) {
        int i = 0;
        while (known[i] && strcmp(known[i], m->key) != 0)
            i++;
        if (!known[i]) {
            out->cannot = m->key;
            return true;
        }
    }
    struct benefit_plan *p = &out->plan;
    p->family_deductible_left = p->family_oop_left = DEC_NONE;
    out->line = (struct benefit_line){.what = "treatment", .coinsurance = DEC_NONE};
    return dec_of(in, "allowed", &out->line.allowed, e) && dec_maybe(in, "deductible_remaining", &p->deductible_left, e) &&
        dec_of(in, "coinsurance", &p->coinsurance, e) && dec_maybe(in, "oop_remaining", &p->oop_left, e) &&
        dec_maybe(in, "copay", &out->line.copay, e) && dec_maybe(in, "card_max", &p->card_max, e) &&
        dec_maybe(in, "sequestration", &p->sequestration, e) && flag_maybe(in, "accumulator", &p->card_not_counted, e) &&
        flag_maybe(in, "secondary", &p->secondary, e);
}
