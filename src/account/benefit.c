#include "account/benefit.h"

#include <string.h>

const char *benefit_money(struct arena *a, const char *currency, struct dec amount)
{
    char whole[DEC_TEXT_MAX + 8];
    int64_t cents;
    struct dec r = dec_round(amount, 2, DEC_HALF_AWAY), abs = dec_abs(r);
    if (!dec_is(r) || !dec_to_int(dec_mul(abs, dec_int(100)), DEC_DOWN, &cents))
        return "?";
    return arena_printf(a, "%s%s%s%s.%02d", currency ? currency : "", currency && currency[0] ? " " : "",
        dec_sign(r) < 0 ? "-" : "", dec_show(dec_int(cents / 100), whole), (int)(cents % 100));
}

/* The lower of two remainders, either of which may be absent. */
static struct dec lower(struct dec a, struct dec b)
{
    return !dec_is(a) ? b : !dec_is(b) ? a : dec_min(a, b);
}

static bool amount_ok(struct dec d, const char *where, struct err *e)
{
    return !dec_is(d) || dec_sign(d) >= 0 || err_set(e, ERR_INPUT, where, "an amount of money is below zero");
}

static bool share_ok(struct dec d, const char *where, struct err *e)
{
    return !dec_is(d) || (dec_sign(d) >= 0 && dec_le(d, dec_int(1))) ||
        err_set(e, ERR_INPUT, where, "a share must be from 0 to 1 (20 %% is 0.2)");
}

static bool check_plan(const struct benefit_plan *p, const struct benefit_line *lines, int count, struct err *e)
{
    if (count < 1 || count > BENEFIT_LINES_MAX)
        return err_set(e, ERR_INPUT, "lines", "%d lines; an estimate has 1 to %d", count, BENEFIT_LINES_MAX);
    if (!share_ok(p->coinsurance, "coinsurance", e) || !share_ok(p->sequestration, "sequestration", e) ||
        !amount_ok(p->deductible_left, "deductible_left", e) || !amount_ok(p->oop_left, "oop_left", e) ||
        !amount_ok(p->family_deductible_left, "family_deductible_left", e) ||
        !amount_ok(p->family_oop_left, "family_oop_left", e) || !amount_ok(p->card_max, "card_max", e))
        return false;
    for (int i = 0; i < count; i++) {
        if (!dec_is(lines[i].allowed))
            return err_set(e, ERR_INPUT, "allowed", "the allowed amount of line %d is not known", i + 1);
        if (!amount_ok(lines[i].allowed, "allowed", e) || !amount_ok(lines[i].copay, "copay", e) ||
            !share_ok(lines[i].coinsurance, "coinsurance", e))
            return false;
        if (!dec_is(lines[i].coinsurance) && !dec_is(p->coinsurance))
            return err_set(e, ERR_INPUT, "coinsurance", "the patient's share of line %d is not known", i + 1);
    }
    return true;
}

static const char *percent(struct arena *a, struct dec share)
{
    char text[DEC_TEXT_MAX + 8];
    return arena_printf(a, "%s %%", dec_show(dec_trim(dec_mul(share, dec_int(100))), text));
}

/* One line; *ded and *oop are what is left and go down. */
static struct benefit_share line_share(const struct benefit_plan *p, const struct benefit_line *l, struct arena *a,
    struct dec *ded, struct dec *oop)
{
    const char *cur = p->currency;
    struct dec share = dec_is(l->coinsurance) ? l->coinsurance : p->coinsurance;
    struct benefit_share s = {.what = l->what ? l->what : "", .allowed = dec_round(l->allowed, 2, DEC_HALF_AWAY)};
    s.deductible = dec_is(*ded) ? dec_min(s.allowed, *ded) : DEC(0, 2);
    struct dec rest = dec_sub(s.allowed, s.deductible);
    s.coinsurance = dec_round(dec_mul(rest, share), 2, DEC_HALF_AWAY);
    /* A fixed amount cannot be more than what is left of the bill. */
    s.copay = dec_is(l->copay) ? dec_min(l->copay, dec_sub(rest, s.coinsurance)) : DEC(0, 2);
    struct dec due = dec_add(dec_add(s.deductible, s.coinsurance), s.copay);
    s.patient = dec_round(dec_is(*oop) ? dec_min(due, *oop) : due, 2, DEC_HALF_AWAY);
    s.says = arena_printf(a, "Of %s allowed: %s to the deductible, %s of the remaining %s is %s", benefit_money(a, cur, s.allowed),
        benefit_money(a, cur, s.deductible), percent(a, share), benefit_money(a, cur, rest), benefit_money(a, cur, s.coinsurance));
    if (dec_sign(s.copay) > 0)
        s.says = arena_printf(a, "%s, and a fixed %s", s.says, benefit_money(a, cur, s.copay));
    s.says = dec_lt(s.patient, due)
        ? arena_printf(a, "%s; the yearly limit leaves %s to pay.", s.says, benefit_money(a, cur, s.patient))
        : arena_printf(a, "%s; together %s.", s.says, benefit_money(a, cur, s.patient));
    if (dec_is(*ded))
        *ded = dec_sub(*ded, s.deductible);
    if (dec_is(*oop))
        *oop = dec_sub(*oop, s.patient);
    return s;
}

static void step(struct benefit_estimate *out, const char *text)
{
    out->steps[out->step_count++] = text;
}

/* Second cover, then the card, from the patient's share under the first cover. */
static void other_payers(const struct benefit_plan *p, struct arena *a, struct dec deductible, struct benefit_estimate *out)
{
    const char *cur = p->currency;
    if (p->secondary) {
        struct dec kept = p->secondary_pays_deductible ? DEC(0, 2) : dec_min(deductible, out->patient);
        out->secondary = dec_sub(out->patient, kept);
        out->patient = kept;
        step(out, arena_printf(a, "The second cover pays %s%s.", benefit_money(a, cur, out->secondary),
            p->secondary_pays_deductible ? "" : ", all but the deductible"));
    }
    out->oop_credit = out->patient;
    if (dec_is(p->card_max) && dec_sign(p->card_max) > 0) {
        out->card = dec_round(dec_min(p->card_max, out->patient), 2, DEC_HALF_AWAY);
        out->patient = dec_sub(out->patient, out->card);
        if (p->card_not_counted)
            out->oop_credit = out->patient;
        step(out, arena_printf(a, "The assistance card pays %s; %s counts towards the yearly limit.",
            benefit_money(a, cur, out->card), benefit_money(a, cur, out->oop_credit)));
    }
}

bool benefit_estimate(const struct benefit_plan *p, const struct benefit_line *lines, int count, struct arena *a,
    struct benefit_estimate *out, struct err *e)
{
    if (!check_plan(p, lines, count, e))
        return false;
    struct dec ded = lower(p->deductible_left, p->family_deductible_left), oop = lower(p->oop_left, p->family_oop_left);
    struct dec zero = DEC(0, 2), deductible = zero;
    *out = (struct benefit_estimate){.allowed = zero, .patient = zero, .secondary = zero, .card = zero, .line_count = count};
    out->lines = ARENA_ARRAY(a, (size_t)count, struct benefit_share);
    out->steps = ARENA_ARRAY(a, 4, const char *);
    for (int i = 0; i < count; i++) {
        out->lines[i] = line_share(p, &lines[i], a, &ded, &oop);
        out->allowed = dec_add(out->allowed, out->lines[i].allowed);
        out->patient = dec_add(out->patient, out->lines[i].patient);
        deductible = dec_add(deductible, out->lines[i].deductible);
    }
    out->plan = out->plan_paid = dec_sub(out->allowed, out->patient);
    if (dec_is(p->sequestration)) {
        out->plan_paid = dec_round(dec_mul(out->plan, dec_sub(dec_int(1), p->sequestration)), 2, DEC_HALF_AWAY);
        step(out, arena_printf(a, "The plan's %s are cut by %s to %s; that is not the patient's to pay.",
            benefit_money(a, p->currency, out->plan), percent(a, p->sequestration), benefit_money(a, p->currency, out->plan_paid)));
    }
    other_payers(p, a, deductible, out);
    out->deductible_left = ded;
    out->oop_left = oop;
    if (!dec_is(out->patient) || !dec_is(out->plan_paid))
        return err_set(e, ERR_TOO_LARGE, "allowed", "the amounts have too many digits");
    return true;
}
