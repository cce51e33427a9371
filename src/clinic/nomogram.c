#include "clinic/nomogram.h"

#include <stdio.h>

static bool in_range(const struct nomogram_range *r, struct dec v)
{
    return (!dec_is(r->from) || dec_le(r->from, v)) && (!dec_is(r->below) || dec_lt(v, r->below));
}

static bool is_open(const struct nomogram_range *r)
{
    return !dec_is(r->from) && !dec_is(r->below);
}

static bool range_ok(const struct nomogram_range *r)
{
    return !dec_is(r->from) || !dec_is(r->below) || dec_lt(r->from, r->below);
}

/* Rows that hold this value and change; *row is the last of them. */
static int holding(const struct nomogram *m, struct dec value, struct dec change, int *row)
{
    int n = 0;
    for (int i = 0; i < m->n; i++)
        if (in_range(&m->rows[i].value, value) &&
            (is_open(&m->rows[i].change) || in_range(&m->rows[i].change, change))) {
            *row = i;
            n++;
        }
    return n;
}

/* Every limit is a place where a gap or overlap can begin; between two limits nothing changes. One more point below the
 * lowest stands for everything under it. */
static int limits(const struct nomogram *m, bool of_change, struct dec *out)
{
    int n = 0;
    struct dec lowest = dec_int(0);
    for (int i = 0; i < m->n; i++) {
        const struct nomogram_range *r = of_change ? &m->rows[i].change : &m->rows[i].value;
        if (dec_is(r->from))
            out[n++] = r->from;
        if (dec_is(r->below))
            out[n++] = r->below;
    }
    for (int i = 0; i < n; i++)
        lowest = dec_min(lowest, out[i]);
    out[n++] = dec_sub(lowest, dec_int(1));
    return n;
}

static bool row_fail(struct err *e, int i, const char *what)
{
    char where[32];
    snprintf(where, sizeof where, "row %d", i + 1);
    return err_set(e, ERR_INPUT, where, "%s", what);
}

static bool row_ok(const struct nomogram *m, int i, struct err *e)
{
    const struct nomogram_row *r = &m->rows[i];
    if (!range_ok(&r->value) || !range_ok(&r->change))
        return row_fail(e, i, "a range must rise");
    if (r->action != NOMOGRAM_STOP && !dec_is(r->steps))
        return row_fail(e, i, "the row says neither a change of the rate nor a stop");
    if (r->action == NOMOGRAM_HOLD && (!dec_is(r->hold_min) || dec_sign(r->hold_min) <= 0))
        return row_fail(e, i, "a hold needs its minutes");
    if (r->action == NOMOGRAM_STOP && (!dec_is(r->restart_fraction) || dec_sign(r->restart_fraction) < 0 ||
            dec_lt(dec_int(1), r->restart_fraction)))
        return row_fail(e, i, "a stop needs the fraction of the rate it may restart at, 0 to 1");
    if (!dec_is(r->recheck_min) || dec_sign(r->recheck_min) <= 0)
        return row_fail(e, i, "the row needs the minutes to the next measurement");
    return true;
}

static bool deltas_ok(const struct nomogram *m, struct err *e)
{
    for (int i = 0; m->deltas && i < m->delta_n; i++) {
        const struct nomogram_range *r = &m->deltas[i].rate;
        bool first = i == 0
            ? dec_is(r->from) && dec_sign(r->from) == 0
            : dec_is(r->from) && dec_is(m->deltas[i - 1].rate.below) && dec_eq(r->from, m->deltas[i - 1].rate.below);
        bool last = i == m->delta_n - 1 ? !dec_is(r->below) : dec_is(r->below);
        if (!first || !last || !range_ok(r) || !dec_is(m->deltas[i].delta) || dec_sign(m->deltas[i].delta) <= 0)
            return err_set(e, ERR_INPUT, "delta", "the steps by rate must tile from 0 up (entry %d)", i + 1);
    }
    return true;
}

bool nomogram_check(const struct nomogram *m, struct err *e)
{
    struct dec value[2 * NOMOGRAM_ROWS_MAX + 1], change[2 * NOMOGRAM_ROWS_MAX + 1];
    if (m->n < 1 || m->n > NOMOGRAM_ROWS_MAX || (m->deltas && m->delta_n < 1))
        return err_set(e, ERR_INPUT, "rows", "a nomogram has 1 to %d rows", NOMOGRAM_ROWS_MAX);
    for (int i = 0; i < m->n; i++)
        if (!row_ok(m, i, e))
            return false;
    if (!deltas_ok(m, e))
        return false;
    int nv = limits(m, false, value), nc = limits(m, true, change);
    for (int v = 0; v < nv; v++)
        for (int c = 0; c < nc; c++) {
            int row = -1, held = holding(m, value[v], change[c], &row);
            char a[DEC_TEXT_MAX + 8], b[DEC_TEXT_MAX + 8];
            if (held == 0)
                return err_set(e, ERR_INPUT, "rows", "no row holds a value of %s with a change of %s",
                    dec_show(value[v], a), dec_show(change[c], b));
            if (held > 1) {
                char where[32];
                snprintf(where, sizeof where, "row %d", row + 1);
                return err_set(e, ERR_INPUT, where, "overlaps another row at a value of %s with a change of %s",
                    dec_show(value[v], a), dec_show(change[c], b));
            }
        }
    return true;
}

static bool present(struct dec v, const char *name, struct err *e)
{
    if (dec_is(v) && dec_sign(v) >= 0)
        return true;
    return err_set(e, ERR_INPUT, name, "%s is missing or below zero", name);
}

static bool looks_at_change(const struct nomogram *m, struct dec value)
{
    for (int i = 0; i < m->n; i++)
        if (in_range(&m->rows[i].value, value) && !is_open(&m->rows[i].change))
            return true;
    return false;
}

/* Units an hour of one step. */
static struct dec step_size(const struct nomogram *m, const struct nomogram_asked *q)
{
    for (int i = 0; m->deltas && i < m->delta_n; i++)
        if (in_range(&m->deltas[i].rate, q->rate))
            return m->deltas[i].delta;
    return m->deltas ? DEC_NONE : q->weight;
}

bool nomogram_ask(const struct nomogram *m, const struct nomogram_asked *q, struct nomogram_told *out, struct err *e)
{
    int row = -1;
    *out = (struct nomogram_told){.rate = DEC_NONE, .bolus = dec_int(0), .hold_min = DEC_NONE, .recheck_min = DEC_NONE};
    if (!present(q->value, "value", e) || !present(q->rate, "rate", e) ||
        (!m->deltas && (!present(q->weight, "weight", e) || dec_sign(q->weight) == 0)))
        return err_set(e, ERR_INPUT, "weight", "this table is per kg and needs the weight");
    if (!dec_is(q->change) && looks_at_change(m, q->value))
        return err_set(e, ERR_INPUT, "change", "this table needs the measurement before, to see how fast it changes");
    int held = holding(m, q->value, dec_is(q->change) ? q->change : dec_int(0), &row);
    if (held != 1)
        return err_set(e, ERR_CONFLICT, "value",
            held ? "two rows of the table hold this value" : "no row of the table holds this value");
    const struct nomogram_row *r = &m->rows[row];
    out->row = row;
    out->action = r->action;
    out->hold_min = r->hold_min;
    out->recheck_min = r->recheck_min;
    struct dec rate = r->action == NOMOGRAM_STOP ? dec_prod(q->rate, r->restart_fraction)
                                                 : dec_sum(q->rate, dec_prod(r->steps, step_size(m, q)));
    if (dec_is(m->rate_round) && dec_is(rate))
        rate = dec_round_to(rate, m->rate_round, DEC_HALF_AWAY);
    if (!dec_is(rate))
        return err_set(e, ERR_INPUT, "rate", "the new rate is out of range");
    rate = dec_max(rate, dec_int(0));
    out->rate_capped = dec_is(m->rate_max) && dec_lt(m->rate_max, rate);
    out->rate = dec_trim(out->rate_capped ? m->rate_max : rate);
    if (dec_is(r->bolus_per_kg)) {
        if (!dec_is(q->weight) || dec_sign(q->weight) <= 0)
            return err_set(e, ERR_INPUT, "weight", "the bolus is per kg and needs the weight");
        struct dec bolus = dec_prod(r->bolus_per_kg, q->weight);
        out->bolus_capped = dec_is(m->bolus_max) && dec_lt(m->bolus_max, bolus);
        out->bolus = dec_trim(out->bolus_capped ? m->bolus_max : bolus);
    }
    return true;
}
