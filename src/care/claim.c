#include "care/claim.h"

#include <string.h>

#include "care/correct.h"
#include "record/runtime.h"

#define LOOKS_BACK (12 * UTC_HOUR) /* no bag hangs longer */

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* Starts or keeps up a flow, as far as this fact tells. */
static bool flows(const struct flow_fact *f)
{
    if (is(f->kind, "start") || is(f->kind, "rate") || is(f->kind, "kvo"))
        return true;
    return is(f->kind, "counter") && dec_is(f->rate) && dec_sign(f->rate) > 0;
}

static bool ends(const struct flow_fact *f)
{
    return is(f->kind, "stop") || (is(f->kind, "counter") && dec_is(f->rate) && dec_sign(f->rate) == 0);
}

/* The facts of the stretch that flows still; none if it was stopped since. */
static void of_open_stretch(struct claim *k)
{
    int start = -1;
    for (int i = 0; i < k->count; i++) {
        if (ends(&k->facts[i]))
            start = -1;
        else if (start < 0 && flows(&k->facts[i]))
            start = i;
    }
    if (start < 0) {
        k->count = 0;
        return;
    }
    k->facts += start;
    k->count -= start;
}

/* Nothing told of the time before the last bag was taken down from this channel is another bag's, however late it came. */
MUST_CHECK static bool free_since(struct cmd *c, const char *pump, const char *channel, utc_t *from, struct err *e)
{
    struct flow_fact *down;
    int n;
    if (!table_list(c->tx, &record_flow_fact,
            "pump=?2 AND channel=?3 AND kind='disassociate' AND happened>=?4 ORDER BY happened DESC LIMIT 1",
            VALS(V_TEXT(pump), V_TEXT(channel), V_INT(*from)), &down, &n, e))
        return false;
    if (n)
        *from = down[0].happened + 1;
    return true;
}

/* By the pump's latest word. */
MUST_CHECK static bool flows_now(struct cmd *c, const char *pump, const char *channel, bool *now, struct err *e)
{
    struct pump_live live;
    bool heard;
    if (!table_get(c->tx, &record_pump_live, arena_printf(c->a, "%s/%s", pump, channel), &live, &heard, e))
        return false;
    *now = heard && (is(live.status, "delivering") || is(live.status, "kvo"));
    return true;
}

bool care_unclaimed(struct cmd *c, const char *pump, const char *channel, struct claim *out, struct err *e)
{
    *out = (struct claim){.since = UTC_NONE};
    if (!pump)
        return true;
    utc_t from = care_is_late(c) ? c->happened : c->now - LOOKS_BACK;
    bool now = true;
    if (!free_since(c, pump, channel, &from, e) || (!care_is_late(c) && !flows_now(c, pump, channel, &now, e)))
        return false;
    if (!now)
        return true;
    if (!table_list(c->tx, &record_flow_fact,
            "pump=?2 AND channel=?3 AND happened>=?4 AND infusion IS NULL AND NOT EXISTS (SELECT 1 FROM flow_fact g"
            " WHERE g.site=flow_fact.site AND g.sender=flow_fact.sender AND g.message=flow_fact.message AND g.kind=flow_fact.kind"
            " AND g.infusion IS NOT NULL) ORDER BY happened, length(id), id",
            VALS(V_TEXT(pump), V_TEXT(channel), V_INT(from)), &out->facts, &out->count, e))
        return false;
    if (out->count > CLAIM_FACTS_MAX)
        return err_set(e, ERR_TOO_LARGE, "pump_code", "%d facts of pump %.60s belong to nobody, at most %d are claimed at once",
            out->count, pump, CLAIM_FACTS_MAX);
    if (!care_is_late(c))
        of_open_stretch(out);
    if (out->count)
        out->since = out->facts[0].happened;
    return true;
}

bool care_claim(struct cmd *c, const struct infusion *i, const struct claim *k, struct err *e)
{
    const utc_t happened = c->happened;
    const char *clock = c->clock;
    bool ok = true, flowed = false;
    for (int n = 0; ok && n < k->count; n++) {
        struct flow_fact f = k->facts[n];
        const char *why = arena_printf(c->a, "{\"claimed\":\"%s\"}", f.id);
        f.id = cmd_new_id(c, "flow_fact");
        f.infusion = i->id;
        flowed |= flows(&f);
        c->happened = f.happened;
        c->clock = arena_printf(c->a, "pump %s", i->pump);
        ok = cmd_emit(c, &ev_flow_recorded, &f, NULL, why, e);
    }
    c->happened = happened;
    c->clock = clock;
    return ok && (!flowed || care_visit_goes(c, i, e));
}
