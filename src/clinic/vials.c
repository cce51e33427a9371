#include "clinic/vials.h"

#include <limits.h>
#include <string.h>

struct search {
    int64_t size[VIAL_SIZES_MAX]; /* in steps */
    int64_t cost[VIAL_SIZES_MAX]; /* in the smallest unit of money used */
    int order[VIAL_SIZES_MAX];    /* largest first, then cheapest */
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

static bool read_sizes(struct search *s, struct dec dose, const struct vial_size *sizes, int count, struct err *e)
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
    if (s->need > VIAL_STEPS_MAX || s->top > 2 * VIAL_STEPS_MAX)
        return err_set(e, ERR_TOO_LARGE, "vials", "the dose is more than %d times what all vials are multiples of", VIAL_STEPS_MAX);
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
            if (++s->tries > VIAL_TRIES_MAX)
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

bool vials_choose(struct dec dose, const struct vial_size *sizes, int count, struct arena *a,
    struct vial_choice *out, struct err *e)
{
    *out = (struct vial_choice){.opened = dec_int(0), .cost = dec_int(0)};
    if (!dec_is(dose) || dec_sign(dose) <= 0)
        return err_set(e, ERR_INPUT, "dose", "the dose is not above zero");
    if (count < 1 || count > VIAL_SIZES_MAX)
        return err_set(e, count < 1 ? ERR_INPUT : ERR_TOO_LARGE, "vials", "%d kinds of vial; 1 to %d are possible", count, VIAL_SIZES_MAX);
    struct search *s = ARENA_NEW(a, struct search);
    if (!read_sizes(s, dose, sizes, count, e))
        return false;
    order_sizes(s);
    struct cell *rows[VIAL_SIZES_MAX + 1];
    size_t wide = (size_t)s->top + 1;
    rows[0] = ARENA_ARRAY(a, wide, struct cell);
    for (size_t t = 1; t < wide; t++)
        rows[0][t].vials = INT_MAX;
    for (int i = 0; i < count; i++) {
        int size = s->order[i], hand = sizes[size].on_hand;
        rows[i + 1] = ARENA_ARRAY(a, wide, struct cell);
        if (!add_size(s, size, hand < 0 ? VIALS_MAX : hand, rows[i], rows[i + 1]))
            return err_set(e, ERR_TOO_LARGE, "vials", "too many ways to make this dose from %d kinds of vial", count);
    }
    int64_t t = s->need;
    while (t <= s->top && rows[count][t].vials > VIALS_MAX)
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
