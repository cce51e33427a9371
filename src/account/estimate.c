/* What the patient may pay, from the payer's content and the lines of the bill. */
#include "account/charge.h"

#include <string.h>

static struct dec fraction(struct dec percent)
{
    return dec_is(percent) ? dec_mul(percent, DEC(1, 2)) : DEC_NONE;
}

/* Allowed: a part of the site's price for giving; the payer's amount per unit for the drug, waste too. */
static struct dec allowed_for(const struct bill *b, const struct charge_line *l, const struct bill_drug *d)
{
    if (!l->drug)
        return dec_is(l->amount) ? dec_mul(l->amount, fraction(b->payer->administration_percent)) : DEC_NONE;
    return d && d->cover ? dec_mul(d->cover->allowed, dec_int(l->units)) : DEC_NONE;
}

static const struct bill_drug *drug_of(const struct bill *b, const char *id)
{
    for (int i = 0; i < b->drug_count; i++)
        if (strcmp(b->drugs[i].drug->id, id) == 0)
            return &b->drugs[i];
    return NULL;
}

static bool unknown(bool *known, const char **why, const char *says)
{
    *known = false;
    *why = says;
    return true;
}

bool charge_estimate(const struct bill_source *s, const struct bill *b, struct benefit_estimate *out, bool *known, const char **why, struct err *e)
{
    struct arena *a = s->tx->a;
    if (!b->payer)
        return unknown(known, why, b->payer_name
            ? arena_printf(a, "We know no rules of %s, so this is the full price before any insurance.", b->payer_name)
            : "No insurance is on record, so this is the full price.");
    struct benefit_line lines[BENEFIT_LINES_MAX];
    struct dec giving = DEC(0, 2);
    int n = 1;
    for (int i = 0; i < b->line_count; i++) {
        const struct charge_line *l = &b->lines[i];
        const struct bill_drug *d = l->drug ? drug_of(b, l->drug) : NULL;
        struct dec allowed = allowed_for(b, l, d);
        if (!dec_is(allowed))
            return unknown(known, why, arena_printf(a, "What %s allows for %s is not on file, so this is the full price.", b->payer->name, l->drug ? l->drug : l->role));
        if (!l->drug)
            giving = dec_add(giving, allowed);
        else if (n < BENEFIT_LINES_MAX)
            lines[n++] = (struct benefit_line){d->drug->generic, allowed, DEC_NONE, DEC_NONE};
    }
    lines[0] = (struct benefit_line){"giving the treatment", giving, DEC_NONE, b->payer->copay};
    struct benefit_plan p = {.currency = charge_currency, .coinsurance = fraction(b->payer->coinsurance),
        .deductible_left = b->payer->deductible, .family_deductible_left = DEC_NONE, .oop_left = b->payer->out_of_pocket,
        .family_oop_left = DEC_NONE, .sequestration = DEC_NONE, .card_max = DEC_NONE};
    *known = true;
    *why = arena_printf(a, "An estimate, not a bill: it assumes %s's whole yearly deductible of %s is still to pay and nothing else was charged this year.",
        b->payer->name, benefit_money(a, charge_currency, b->payer->deductible));
    return benefit_estimate(&p, lines, n, a, out, e);
}
