#include "clinic/lifetime.h"

#include <string.h>

static struct lifetime_part *part_of(struct lifetime *l, const char *drug)
{
    for (int i = 0; i < l->count; i++)
        if (strcmp(l->parts[i].drug, drug) == 0)
            return &l->parts[i];
    if (l->count == LIFETIME_DRUGS_MAX)
        return NULL;
    l->parts[l->count] = (struct lifetime_part){drug, dec_int(0), DEC_NONE, dec_int(0)};
    return &l->parts[l->count++];
}

static bool factor_for(const struct lifetime_factor *table, int rows, const char *drug, struct dec *out, struct err *e)
{
    *out = DEC_NONE;
    for (int i = 0; i < rows; i++) {
        if (strcmp(table[i].drug, drug) != 0)
            continue;
        if (dec_is(*out))
            return err_set(e, ERR_INPUT, drug, "the table of equivalence names %s twice", drug);
        if (!dec_is(table[i].factor) || dec_sign(table[i].factor) <= 0)
            return err_set(e, ERR_INPUT, drug, "the factor of %s must be more than nothing", drug);
        *out = table[i].factor;
    }
    return true;
}

bool lifetime_sum(const struct lifetime_entry *entries, int n, const struct lifetime_factor *table, int rows,
    const char *unit, struct lifetime *out, struct err *e)
{
    unit_t u = unit_find(unit);
    *out = (struct lifetime){.total = dec_int(0)};
    if (n < 0 || n > LIFETIME_ENTRIES_MAX)
        return err_set(e, ERR_TOO_LARGE, "entries", "at most %d doses are added up", LIFETIME_ENTRIES_MAX);
    for (int i = 0; i < n; i++) {
        const struct lifetime_entry *x = &entries[i];
        struct qty in;
        struct lifetime_part *p = part_of(out, x->drug);
        if (!p)
            return err_set(e, ERR_TOO_LARGE, x->drug, "more than %d drugs", LIFETIME_DRUGS_MAX);
        if (!qty_is(x->amount) || dec_sign(x->amount.v) < 0)
            return err_set(e, ERR_INPUT, x->drug, "an earlier dose of %s is missing or below zero", x->drug);
        if (!qty_to(x->amount, u, &in, e)) {
            err_within(e, x->drug);
            return false;
        }
        p->raw = dec_add(p->raw, in.v);
    }
    for (int i = 0; i < out->count; i++) {
        struct lifetime_part *p = &out->parts[i];
        if (!factor_for(table, rows, p->drug, &p->factor, e))
            return false;
        out->uncounted += !dec_is(p->factor);
        p->counted = dec_is(p->factor) ? dec_mul(p->raw, p->factor) : dec_int(0);
        out->total = dec_add(out->total, p->counted);
    }
    return dec_is(out->total) || err_set(e, ERR_INPUT, "total", "the total is out of range");
}

bool lifetime_crosses(struct dec total, struct dec each, int cycles, struct dec limit, struct lifetime_crossing *out,
    struct err *e)
{
    *out = (struct lifetime_crossing){0, total};
    if (!dec_is(total) || !dec_is(each) || !dec_is(limit) || dec_sign(total) < 0 || dec_sign(each) <= 0 ||
        dec_sign(limit) <= 0)
        return err_set(
            e, ERR_INPUT, "lifetime", "a lifetime limit needs the total so far, the dose of a cycle and the limit");
    for (int k = 1; k <= cycles && out->cycle == 0; k++) {
        out->at = dec_add(out->at, each);
        if (!dec_is(out->at))
            return err_set(e, ERR_INPUT, "lifetime", "the total is out of range");
        if (dec_lt(limit, out->at))
            out->cycle = k;
    }
    return true;
}
