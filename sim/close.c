/* The end of the day: the pumps' last words, the charges made of what flowed, and both written down. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "sim/day.h"

enum { DRAIN_TRIES = 200, BILL_TRIES = 100, PAUSE_MS = 60 };

static void pause_a_little(void)
{
    struct timespec t = {0, PAUSE_MS * 1000000};
    nanosleep(&t, NULL);
}

static utc_t real_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (utc_t)t.tv_sec * UTC_SECOND + t.tv_nsec / 1000;
}

/* Until every pump has said all it had to say (or nobody listens any more). */
static void drain(struct day *d)
{
    for (int tries = 0; tries < DRAIN_TRIES; tries++) {
        int64_t queued = 0;
        for (int i = 0; i < d->rack.count; i++) {
            struct unit_display shown = {0};
            struct err e = {0};
            if (unit_look(&d->rack.units[i], &shown, &e))
                queued += shown.queued;
        }
        if (queued == 0)
            return;
        pause_a_little();
    }
}

static struct desk *biller(struct day *d)
{
    for (int i = 0; i < d->desk_count; i++)
        if (d->desks[i]->work == staff_biller)
            return d->desks[i];
    return NULL;
}

static bool yes(const struct node *row, const char *name)
{
    const struct node *n = node_get(row, name);
    return n && n->kind == NODE_TRUE;
}

/* Every visit that was given something is charged, of the facts as they are: an open one is money forgotten. NULL, or
 * what is missing. */
static const char *not_charged(struct day *d, struct desk *k)
{
    int with = 0, made = 0;
    const struct node *view = desk_view(k, "charges", arena_printf(k->a, "day=%s", d->today));
    d->charges_final = 0;
    node_each(row, node_get(view, "visits")) {
        const char *visit = node_str_at(row, "visit"), *state = node_str_at(row, "state");
        const struct guest *g = visit ? day_guest(d, visit) : NULL;
        if (!g || !state || g->hang_count == 0)
            continue;
        if (strcmp(state, "open") == 0)
            return arena_printf(k->a, "%s was given a drug and is not charged", visit);
        if (yes(row, "late"))
            return arena_printf(k->a, "%s: facts have changed since it was charged", visit);
        made++;
        d->charges_final += strcmp(state, "final") == 0;
    }
    for (int i = 0; i < d->guest_count; i++)
        with += d->guests[i].hang_count > 0;
    return with == made ? NULL : arena_printf(k->a, "%d visits with an infusion have no charge row", with - made);
}

static bool write_charges(struct day *d, struct desk *k, struct err *e)
{
    FILE *f = fopen(d->o.charges_path, "w");
    struct buf b;
    if (!f)
        return err_set(e, ERR_INPUT, d->o.charges_path, "cannot be written: %s", strerror(errno));
    buf_init(&b, DAY_CHARGES_MAX);
    for (int i = 0; i < d->guest_count; i++) {
        const struct guest *g = &d->guests[i];
        if (!g->hang_count)
            continue;
        const struct node *view = desk_view(k, "charge", arena_printf(k->a, "visit=%s", http_escape(&k->http, k->a, g->visit)));
        struct json j;
        buf_clear(&b);
        json_init(&j, &b);
        json_object(&j, NULL);
        json_str(&j, "visit", g->visit);
        if (node_get(view, "charge"))
            json_node(&j, "charge", node_get(view, "charge"));
        if (node_get(view, "lines"))
            json_node(&j, "lines", node_get(view, "lines"));
        json_end(&j, '}');
        fprintf(f, "%s\n", buf_str(&b));
    }
    bool ok = buf_ok(&b, "a charge", e);
    buf_fini(&b);
    return (fclose(f) == 0 || err_set(e, ERR_INPUT, d->o.charges_path, "could not be written whole")) && ok;
}

bool day_close(struct day *d, struct err *e)
{
    struct desk *k = biller(d);
    const char *missing = "nobody here is a biller";
    drain(d);
    for (int tries = 0; k && missing && tries < BILL_TRIES; tries++) {
        if (tries)
            pause_a_little();
        desk_round(k, real_now());
        staff_biller(d, k);
        missing = not_charged(d, k);
    }
    if (missing)
        return err_set(e, ERR_CONFLICT, "charges", "%s", missing);
    return !d->o.charges_path || write_charges(d, k, e);
}
