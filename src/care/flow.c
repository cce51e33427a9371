/* From the facts in the store to the segments, and the infusion row that follows from them. */
#include "care/flow.h"

#include <string.h>

static enum flow_source source_of(const char *word)
{
    return strcmp(word, "pump") == 0 ? FLOW_BY_PUMP : strcmp(word, "patient") == 0 ? FLOW_BY_PATIENT : FLOW_BY_NURSE;
}

bool care_has_pump(const char *method)
{
    return strcmp(method, "pump") == 0 || strcmp(method, "ambulatory pump") == 0;
}

bool care_flow_of(
    struct arena *a, const struct infusion *i, const struct flow_fact *rows, int n, struct flow *out, struct err *e)
{
    struct flow_input *facts = ARENA_ARRAY(a, n ? (size_t)n : 1, struct flow_input);
    int used = 0;
    for (int k = 0; k < n; k++) {
        if (strcmp(rows[k].kind, "void") == 0)
            continue; /* struck out */
        facts[used] = (struct flow_input){.source = source_of(rows[k].source),
            .happened = rows[k].happened,
            .sender = rows[k].sender,
            .message = rows[k].message,
            .rate = rows[k].rate,
            .total = rows[k].total,
            .resolution = rows[k].resolution};
        if (!flow_kind_read(rows[k].kind, &facts[used++].kind, e))
            return false;
    }
    return flow_segments(a, facts, used, care_has_pump(i->method), out, e);
}

/* The order of the rows is nothing to flow_segments: none is asked for. */
bool care_flow(struct tx *t, const struct infusion *i, struct flow *out, struct err *e)
{
    struct flow_fact *rows;
    int n;
    return table_list(t, &record_flow_fact, "infusion=?2", VALS(V_TEXT(i->id)), &rows, &n, e)
        && care_flow_of(t->a, i, rows, n, out, e);
}

struct flow care_flow_row(const struct infusion *i)
{
    struct flow f = {.state = i->state,
        .rate = i->rate,
        .volume = i->volume,
        .kvo = i->kvo_ml,
        .flush = DEC_NONE,
        .counter = DEC_NONE,
        .started = i->started,
        .ended = i->stopped,
        .heard = i->heard,
        .counted = i->counted,
        .rate_since = i->rate_since,
        .rate_changed = i->rate_changed,
        .doubt = i->why_uncertain};
    while (strcmp(flow_certainty_word(f.certainty), i->certainty) != 0 && f.certainty < FLOW_UNCERTAIN_TOTAL)
        f.certainty++;
    return f;
}

bool care_flow_after(struct tx *t, const void *payload, struct err *e)
{
    const struct flow_fact *fact = payload;
    struct infusion i;
    struct flow f;
    bool found;
    if (!fact->infusion)
        return true; /* nobody tied this channel to a patient yet */
    if (!table_get(t, &record_infusion, fact->infusion, &i, &found, e))
        return false;
    if (!found)
        return err_set(
            e, ERR_INTERNAL, "infusion", "a flow fact names infusion %.40s, which is not there", fact->infusion);
    if (!care_flow(t, &i, &f, e))
        return false;
    i.state = f.state;
    i.certainty = flow_certainty_word(f.certainty);
    i.rate = f.rate;
    i.volume = dec_trim(f.volume);
    i.kvo_ml = dec_trim(f.kvo);
    i.started = f.started;
    i.ended = strcmp(f.state, "ended") == 0 || strcmp(f.state, "reconciled") == 0 || strcmp(f.state, "uncertain") == 0
        ? f.ended
        : UTC_NONE;
    i.heard = f.heard;
    i.stopped = f.ended;
    i.counted = f.counted;
    i.rate_since = f.rate_since;
    i.rate_changed = f.rate_changed;
    i.why_uncertain = f.doubt;
    return table_patch(t, &record_infusion, &i,
        "state certainty rate volume kvo_ml started ended heard stopped counted rate_since rate_changed why_uncertain",
        e);
}

bool care_flow_corrected_after(struct tx *t, const void *payload, struct err *e)
{
    struct flow_fact f;
    return table_need(t, &record_flow_fact, ((const struct flow_fact *)payload)->id, "id", &f, e)
        && care_flow_after(t, &f, e);
}
