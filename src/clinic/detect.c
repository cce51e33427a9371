#include "clinic/detect.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *unit;
} signs[DETECT_SIGNS] = {{"hr", "/min"}, {"sbp", "mm[Hg]"}, {"dbp", "mm[Hg]"}, {"temp", "Cel"}, {"spo2", "%"}, {"rr", "/min"}};
static const char *const tests[] = {"rise", "fall", "above", "below"};

bool detect_sign_read(const char *word, enum detect_sign *out, struct err *e)
{
    for (int i = 0; i < DETECT_SIGNS; i++)
        if (strcmp(signs[i].word, word) == 0) {
            *out = (enum detect_sign)i;
            return true;
        }
    return err_set(e, ERR_INPUT, "sign", "\"%.40s\" is no vital sign", word);
}

bool detect_test_read(const char *word, enum detect_test *out, struct err *e)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (strcmp(tests[i], word) == 0) {
            *out = (enum detect_test)i;
            return true;
        }
    return err_set(e, ERR_INPUT, "test", "\"%.40s\" is no test of a vital sign", word);
}

const char *detect_sign_unit(enum detect_sign s)
{
    return signs[s].unit;
}

/* The rule's value in its sign's unit, or as a share of the baseline. Degrees are not converted: a rise of 1 degF is
 * not a rise of −17 Cel. */
static bool read_value(const struct detect_rule *r, struct dec *value, bool *share, struct err *e)
{
    unit_t want = unit_find(signs[r->sign].unit), percent = unit_find("%");
    struct qty q;
    bool change = r->test == DETECT_RISE || r->test == DETECT_FALL;
    *share = change && r->value.u == percent;
    if (*share) {
        *value = r->value.v;
        return dec_sign(r->value.v) > 0 || err_set(e, ERR_INPUT, "value", "a change must be above zero");
    }
    if (r->sign == DETECT_TEMP && r->value.u != want)
        return err_set(e, ERR_INPUT, "value", "temperatures of rules are in Cel");
    if (!qty_to(r->value, want, &q, e)) {
        err_within(e, "value");
        return false;
    }
    *value = q.v;
    return !change || dec_sign(q.v) > 0 || err_set(e, ERR_INPUT, "value", "a change must be above zero");
}

/* Where the rule fires: the sign's value at the limit. DEC_NONE without a baseline. */
static struct dec limit_of(const struct detect_rule *r, struct dec value, bool share, struct dec baseline)
{
    if (r->test == DETECT_ABOVE || r->test == DETECT_BELOW)
        return value;
    struct dec change = share ? dec_mul_ratio(dec_mul(baseline, value), 1, 100) : value;
    return r->test == DETECT_RISE ? dec_add(baseline, change) : dec_sub(baseline, change);
}

static bool fires(enum detect_test test, struct dec now, struct dec limit)
{
    switch (test) {
    case DETECT_RISE: return dec_le(limit, now);
    case DETECT_FALL: return dec_le(now, limit);
    case DETECT_ABOVE: return dec_lt(limit, now);
    case DETECT_BELOW: return dec_lt(now, limit);
    }
    return false;
}

bool detect_changes(const struct detect_rule *rules, int n, const struct detect_set *baseline,
    const struct detect_set *now, struct detect_result *out, struct err *e)
{
    out->count = out->blind = 0;
    if (n < 0 || n > DETECT_RULES_MAX)
        return err_set(e, ERR_TOO_LARGE, "rules", "%d rules, at most %d are taken", n, DETECT_RULES_MAX);
    for (int i = 0; i < n; i++) {
        const struct detect_rule *r = &rules[i];
        struct dec value;
        bool share, change = r->test == DETECT_RISE || r->test == DETECT_FALL;
        if (!read_value(r, &value, &share, e)) {
            char where[32];
            snprintf(where, sizeof where, "rule %d", i + 1);
            err_within(e, where);
            return false;
        }
        struct dec was = change ? baseline->v[r->sign] : DEC_NONE, is = now->v[r->sign];
        struct dec limit = limit_of(r, value, share, was);
        if (!dec_is(is) || !dec_is(limit))
            out->blind++;
        else if (fires(r->test, is, limit))
            out->fired[out->count++] = (struct detect_fired){i, is, was, limit};
    }
    return true;
}
