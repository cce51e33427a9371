#include "account/drug.h"

#include <string.h>

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
