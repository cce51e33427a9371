#include "account/drug.h"

#include <limits.h>
#include <string.h>

/* ---- vials ------------------------------------------------------------------------------------------------------- */

struct search {
    int64_t size[DRUG_SIZES_MAX]; /* in steps */
    int64_t cost[DRUG_SIZES_MAX]; /* in the smallest unit of money used */
    int order[DRUG_SIZES_MAX];    /* largest first, then cheapest */
    int count;
    int64_t need, top;            /* steps: the dose, the highest amount worth looking at */
    int64_t tries;
};

/* Fewest vials, then least cost, that make exactly an amount. */
struct cell {
    int vials; /* INT_MAX: cannot be made */
    int64_t cost;
    int used;  /* of the last size looked at */
};

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* `d` in units of 10^-scale; false if it does not fit in a safe range. */
static bool scaled(struct dec d, int scale, int64_t *out)
{
    struct dec p = dec_mul(d, dec_int(1));
    for (int i = 0; i < scale; i++)
        p = dec_mul(p, dec_int(10));
    return dec_is(p) && dec_to_int(p, DEC_DOWN, out) && *out <= INT64_C(1000000000000000);
}

static bool read_sizes(struct search *s, struct dec dose, const struct drug_vial *sizes, int count, struct err *e)
{
    int scale = 0, money = 0;
    for (int i = 0; i < count; i++) {
        if (!dec_is(sizes[i].amount) || dec_sign(sizes[i].amount) <= 0)
            return err_set(e, ERR_INPUT, "vials", "the amount in vial %d is not above zero", i + 1);
        struct dec t = dec_trim(sizes[i].amount);
        scale = t.scale > scale ? t.scale : scale;
        if (dec_is(sizes[i].cost) && sizes[i].cost.scale > money)
            money = sizes[i].cost.scale;
    }
    int64_t divisor = 0;
    for (int i = 0; i < count; i++) {
        if (!scaled(sizes[i].amount, scale, &s->size[i]) ||
            (dec_is(sizes[i].cost) && !scaled(sizes[i].cost, money, &s->cost[i])))
            return err_set(e, ERR_TOO_LARGE, "vials", "amount or cost of vial %d has too many digits", i + 1);
        divisor = common_divisor(s->size[i], divisor);
    }
    /* The dose in steps, rounded up: vials only come in whole steps. */
    struct dec need = dose;
    for (int i = 0; i < scale; i++)
        need = dec_mul(need, dec_int(10));
    need = dec_div(need, dec_int(divisor), 0, DEC_CEIL);
    if (!dec_is(need) || !dec_to_int(need, DEC_CEIL, &s->need))
        return err_set(e, ERR_TOO_LARGE, "dose", "the dose has too many digits");
    int64_t largest = 0;
    for (int i = 0; i < count; i++) {
        s->size[i] /= divisor;
        largest = s->size[i] > largest ? s->size[i] : largest;
    }
    s->count = count;
    s->top = s->need + largest - 1; /* with one vial fewer the best choice would not reach the dose */
    if (s->need > DRUG_STEPS_MAX || s->top > 2 * DRUG_STEPS_MAX)
        return err_set(e, ERR_TOO_LARGE, "vials", "the dose is more than %d times what all vials are multiples of", DRUG_STEPS_MAX);
    return true;
}

/* Largest vials first, so that among equals the larger are kept. */
static void order_sizes(struct search *s)
{
    for (int i = 0; i < s->count; i++) {
        int k = i;
        for (; k > 0; k--) {
            int before = s->order[k - 1];
            if (s->size[before] > s->size[i] || (s->size[before] == s->size[i] && s->cost[before] <= s->cost[i]))
                break;
            s->order[k] = before;
        }
        s->order[k] = i;
    }
}

static bool better(const struct cell *x, const struct cell *y)
{
    return x->vials != y->vials ? x->vials < y->vials : x->cost < y->cost;
}

/* One row of the table: all amounts with the sizes so far and 0, 1, 2 … vials of this one. Larger sizes came first, so
 * among equals they are kept. */
static bool add_size(struct search *s, int size, int64_t limit, const struct cell *from, struct cell *to)
{
    for (int64_t t = 0; t <= s->top; t++) {
        to[t] = from[t];
        to[t].used = 0;
        for (int64_t k = 1; k <= limit && k * s->size[size] <= t; k++) {
            if (++s->tries > DRUG_TRIES_MAX)
                return false;
            const struct cell *rest = &from[t - k * s->size[size]];
            if (rest->vials == INT_MAX)
                continue;
            struct cell here = {rest->vials + (int)k, rest->cost + k * s->cost[size], (int)k};
            if (better(&here, &to[t]))
                to[t] = here;
        }
    }
    return true;
}

bool charge_vials_choose(struct dec dose, const struct drug_vial *sizes, int count, struct arena *a,
    struct drug_choice *out, struct err *e)
{
    *out = (struct drug_choice){.opened = dec_int(0), .cost = dec_int(0)};
    if (!dec_is(dose) || dec_sign(dose) <= 0)
        return err_set(e, ERR_INPUT, "dose", "the dose is not above zero");
    if (count < 1 || count > DRUG_SIZES_MAX)
        return err_set(e, count < 1 ? ERR_INPUT : ERR_TOO_LARGE, "vials", "%d kinds of vial; 1 to %d are possible", count, DRUG_SIZES_MAX);
    struct search *s = ARENA_NEW(a, struct search);
    if (!read_sizes(s, dose, sizes, count, e))
        return false;
    order_sizes(s);
    struct cell *rows[DRUG_SIZES_MAX + 1];
    size_t wide = (size_t)s->top + 1;
    rows[0] = ARENA_ARRAY(a, wide, struct cell);
    for (size_t t = 1; t < wide; t++)
        rows[0][t].vials = INT_MAX;
    for (int i = 0; i < count; i++) {
        int size = s->order[i], hand = sizes[size].on_hand;
        rows[i + 1] = ARENA_ARRAY(a, wide, struct cell);
        if (!add_size(s, size, hand < 0 ? DRUG_VIALS_MAX : hand, rows[i], rows[i + 1]))
            return err_set(e, ERR_TOO_LARGE, "vials", "too many ways to make this dose from %d kinds of vial", count);
    }
    int64_t t = s->need;
    while (t <= s->top && rows[count][t].vials > DRUG_VIALS_MAX)
        t++;
    if (t > s->top)
        return err_set(e, ERR_CONFLICT, "vials", "the vials on hand do not reach the dose");
    for (int i = count; i > 0; i--) {
        int size = s->order[i - 1], used = rows[i][t].used;
        out->counts[size] = used;
        out->vials += used;
        out->opened = dec_add(out->opened, dec_mul(sizes[size].amount, dec_int(used)));
        if (used && dec_is(sizes[size].cost))
            out->cost = dec_add(out->cost, dec_mul(sizes[size].cost, dec_int(used)));
        t -= used * s->size[size];
    }
    out->waste = dec_sub(out->opened, dose);
    return dec_is(out->waste) || err_set(e, ERR_TOO_LARGE, "vials", "the amounts have too many digits");
}

/* ---- units ------------------------------------------------------------------------------------------------------- */

static bool check_given(const struct drug_given *in, struct err *e)
{
    if (!in->code || !in->code[0])
        return err_set(e, ERR_INPUT, "code", "a drug charge needs the drug's code");
    if (!dec_is(in->unit) || dec_sign(in->unit) <= 0)
        return err_set(e, ERR_INPUT, "unit", "the billing unit is not above zero");
    if (!dec_is(in->given) || dec_sign(in->given) < 0)
        return err_set(e, ERR_INPUT, "given", "the amount given is not known");
    if (!dec_is(in->opened) || dec_lt(in->opened, in->given))
        return err_set(e, ERR_INPUT, "opened", "more was given than the opened vials hold");
    return true;
}

static const char *amount_text(struct arena *a, struct dec d, const char *uom)
{
    char text[DEC_TEXT_MAX + 8];
    return arena_printf(a, "%s %s", dec_show(d, text), uom ? uom : "");
}

static void add_line(struct drug_sheet *s, const struct drug_given *in, int64_t units, const char *modifier, struct dec amount)
{
    s->lines[s->line_count++] = (struct drug_line){in->code, units, modifier, amount, NULL};
}

static void query_waste(const struct drug_given *in, struct arena *a, struct drug_sheet *s)
{
    const char *name = in->name ? in->name : in->code;
    if (in->multi_dose || in->no_modifiers)
        return;
    if (dec_is(in->charted_waste) && !dec_eq(in->charted_waste, s->waste))
        s->query = arena_printf(a, "%s: %s thrown away are charted, the vials say %s. Which is right?", name,
            amount_text(a, in->charted_waste, in->uom), amount_text(a, s->waste, in->uom));
}

bool charge_drug(const struct drug_given *in, struct arena *a, struct drug_sheet *out, struct err *e)
{
    static const char *const why_none[] = {
        NULL,
        "was sent by a pharmacy that charges for it; only giving it is charged",
        "was supplied free of charge; only giving it is charged",
        "was brought by the patient; only giving it is charged",
    };
    *out = (struct drug_sheet){.waste = DEC_NONE};
    if (!check_given(in, e))
        return false;
    const char *name = in->name ? in->name : in->code;
    out->waste = dec_sub(in->opened, in->given);
    if (in->supply != SUPPLY_BOUGHT) {
        out->sentence = arena_printf(a, "%s %s.", name, why_none[in->supply]);
        return true;
    }
    int64_t given, total;
    if (!dec_to_int(dec_div(in->given, in->unit, 0, DEC_CEIL), DEC_CEIL, &given) ||
        !dec_to_int(dec_div(in->opened, in->unit, 0, DEC_FLOOR), DEC_FLOOR, &total))
        return err_set(e, ERR_TOO_LARGE, "given", "the units do not fit in a number");
    query_waste(in, a, out);
    const char *one = amount_text(a, in->unit, in->uom), *got = amount_text(a, in->given, in->uom);
    const char *from = amount_text(a, in->opened, in->uom);
    int64_t waste = total > given ? total - given : 0;
    if (in->multi_dose || in->no_modifiers) {
        if (given == 0) {
            out->sentence = arena_printf(a, "None of %s reached the patient, and waste of it is not charged.", name);
            return true;
        }
        add_line(out, in, given, NULL, in->given);
        out->lines[0].sentence = arena_printf(a, "%s of %s were given; units of %s, rounded up. %s", got, name, one,
            in->multi_dose ? "The container serves several patients, so nothing is charged as waste."
                           : "Here neither waste nor its absence is marked.");
        return true;
    }
    bool exact = dec_sign(out->waste) == 0;
    if (given > 0) {
        const char *modifier = waste > 0 ? NULL : exact || !in->plain_below_unit ? "JZ" : NULL;
        add_line(out, in, given, modifier, in->given);
        out->lines[0].sentence = arena_printf(a, "%s of %s were given from %s opened; units of %s, rounded up.%s", got, name, from, one,
            waste > 0 ? "" : exact ? " Nothing was thrown away." : " What was thrown away is less than one unit.");
    }
    if (waste > 0) {
        add_line(out, in, waste, "JW", out->waste);
        out->lines[out->line_count - 1].sentence = arena_printf(a,
            "%s of %s were thrown away; with what was given the units stay within the %s opened.", amount_text(a, out->waste, in->uom), name, from);
    }
    if (!out->line_count)
        out->sentence = arena_printf(a, "Nothing of %s was given or thrown away that makes a unit.", name);
    return true;
}

/* ---- codes ------------------------------------------------------------------------------------------------------- */

bool charge_ndc11(const char *ndc, char out[12], struct err *e)
{
    static const int want[3] = {5, 4, 2};
    int len[3] = {0}, part = 0, digits = 0;
    for (const char *p = ndc; *p; p++) {
        if (*p == '-' && part < 2)
            part++;
        else if (*p >= '0' && *p <= '9' && digits < 11 && (digits++, 1))
            len[part]++;
        else
            return err_set(e, ERR_INPUT, "ndc", "\"%.20s\" is not a national drug code: digits in three parts", ndc);
    }
    if (part == 0 && digits == 11) {
        memcpy(out, ndc, 12);
        return true;
    }
    if (part == 0 && digits == 10)
        return err_set(e, ERR_INPUT, "ndc", "\"%.20s\" has ten digits and no dashes: nobody can tell where the zero belongs", ndc);
    int missing = 0;
    for (int i = 0; i < 3; i++) {
        int d = want[i] - len[i];
        missing += d;
        if (part != 2 || d < 0 || d > 1 || len[i] == 0)
            return err_set(e, ERR_INPUT, "ndc", "\"%.20s\" is not 4-4-2, 5-3-2, 5-4-1 or 5-4-2 digits", ndc);
    }
    if (missing > 1)
        return err_set(e, ERR_INPUT, "ndc", "\"%.20s\" is not 4-4-2, 5-3-2, 5-4-1 or 5-4-2 digits", ndc);
    const char *p = ndc;
    char *q = out;
    for (int i = 0; i < 3; i++) {
        if (len[i] < want[i])
            *q++ = '0';
        memcpy(q, p, (size_t)len[i]);
        q += len[i];
        p += len[i] + 1;
    }
    *q = 0;
    return true;
}
