#include "clinic/pca.h"

static bool above(const char *name, struct dec d, bool zero, struct err *e)
{
    if (dec_is(d) && (zero ? dec_sign(d) >= 0 : dec_sign(d) > 0))
        return true;
    return err_set(e, ERR_INPUT, name, "%s is missing or %s", name, zero ? "below zero" : "not above zero");
}

/* Background in a window of so many hours. */
static struct dec background(const struct pca_order *o, int hours)
{
    return dec_mul(o->basal, dec_int(hours));
}

bool pca_order_check(const struct pca_order *o, struct pca_most *out, struct err *e)
{
    if (!above("dose", o->dose, false, e) || !above("basal", o->basal, true, e) ||
        !above("limit_1h", o->limit_1h, false, e) || !above("limit_4h", o->limit_4h, false, e))
        return false;
    if (o->lockout_min < 1 || o->lockout_min > 240)
        return err_set(e, ERR_INPUT, "lockout", "the lockout is 1 to 240 minutes");
    if (o->opioid_naive && dec_sign(o->basal) > 0)
        return err_set(e, ERR_REFUSED, "basal", "no background infusion for a patient who is not used to opioids");
    if (dec_lt(dec_mul(o->limit_1h, dec_int(4)), o->limit_4h))
        return err_set(
            e, ERR_INPUT, "limit_4h", "the limit of four hours is above four times that of one: it limits nothing");
    struct dec hour = dec_add(o->dose, background(o, 1)), four = dec_add(o->dose, background(o, 4));
    if (!dec_is(hour) || !dec_is(four) || dec_lt(o->limit_1h, hour) || dec_lt(o->limit_4h, four))
        return err_set(e, ERR_REFUSED, "limit_1h", "the limits do not let one dose pass beside the background");
    out->by_lockout_1h = dec_add(o->basal, dec_mul(dec_int(60 / o->lockout_min), o->dose));
    out->most_1h = dec_min(out->by_lockout_1h, o->limit_1h);
    struct dec four_by_lockout = dec_add(background(o, 4), dec_mul(dec_int(240 / o->lockout_min), o->dose));
    out->most_4h = dec_min(four_by_lockout, o->limit_4h);
    out->limited = dec_lt(out->most_1h, out->by_lockout_1h) || dec_lt(out->most_4h, four_by_lockout);
    return dec_is(out->most_1h) && dec_is(out->most_4h);
}

/* Delivered in the window that ends at `end`, open at its old end, background included. */
static struct dec in_window(const struct pca_order *o, const struct pca_given *g, int n, utc_t end, int hours)
{
    struct dec sum = background(o, hours);
    for (int i = n - 1; i >= 0 && g[i].at > end - hours * UTC_HOUR; i--)
        sum = dec_add(sum, g[i].amount);
    return sum;
}

/* When enough has left the window for one more dose. */
static utc_t room_at(
    const struct pca_order *o, const struct pca_given *g, int n, utc_t from, int hours, struct dec limit)
{
    for (int i = 0; i < n; i++) {
        if (dec_le(dec_add(in_window(o, g, n, from, hours), o->dose), limit))
            return from;
        if (g[i].at + hours * UTC_HOUR > from)
            from = g[i].at + hours * UTC_HOUR;
    }
    return from;
}

bool pca_demand(const struct pca_order *o, const struct pca_given *given, int n, utc_t now, struct pca_answer *out,
    struct err *e)
{
    struct pca_most most;
    *out = (struct pca_answer){.reason = PCA_LOCKED, .next = UTC_NONE, .in_1h = DEC_NONE, .in_4h = DEC_NONE};
    if (!pca_order_check(o, &most, e))
        return false;
    if (n < 0 || n > PCA_GIVEN_MAX)
        return err_set(e, ERR_TOO_LARGE, "given", "more than %d doses", PCA_GIVEN_MAX);
    for (int i = 0; i < n; i++)
        if (!dec_is(given[i].amount) || dec_sign(given[i].amount) < 0 || given[i].at > now ||
            (i && given[i].at < given[i - 1].at))
            return err_set(e, ERR_INPUT, "given", "dose %d is below zero, out of order or after now", i + 1);
    out->in_1h = in_window(o, given, n, now, 1);
    out->in_4h = in_window(o, given, n, now, 4);
    if (!dec_is(out->in_1h) || !dec_is(out->in_4h))
        return err_set(e, ERR_INPUT, "given", "the doses add up to more than can be counted");
    utc_t unlocked = n ? given[n - 1].at + o->lockout_min * UTC_MINUTE : now;
    utc_t hour = room_at(o, given, n, now, 1, o->limit_1h), four = room_at(o, given, n, now, 4, o->limit_4h);
    out->reason = unlocked > now ? PCA_LOCKED
        : hour > now             ? PCA_HOUR_FULL
        : four > now             ? PCA_FOUR_HOURS_FULL
                                 : PCA_GIVE;
    out->next = unlocked > hour ? unlocked : hour;
    out->next = four > out->next ? four : out->next;
    out->next = now > out->next ? now : out->next;
    return true;
}
