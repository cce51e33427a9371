#include "care/story.h"

#include <string.h>

const struct event_type *care_event_type(const char *name, int version)
{
    for (int i = 0; i < care_event_types.count; i++) {
        const struct event_type *t = care_event_types.types[i];
        if (t->version == version && strcmp(t->name, name) == 0)
            return t;
    }
    return NULL;
}

/* Who acted: few people, many events. */
enum { NAMES_MAX = 16 };
struct names {
    struct {
        const char *actor, *name;
    } known[NAMES_MAX];
    int count;
};

MUST_CHECK static bool name_of(struct tx *t, struct names *n, const char *actor, const char **out, struct err *e)
{
    struct staff s;
    bool found;
    *out = actor;
    if (!actor)
        return true;
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->known[i].actor, actor) == 0) {
            *out = n->known[i].name;
            return true;
        }
    if (!table_get(t, &record_staff, actor, &s, &found, e))
        return false;
    if (found)
        *out = s.name;
    n->known[n->count == NAMES_MAX ? NAMES_MAX - 1 : n->count].actor = actor;
    n->known[n->count == NAMES_MAX ? NAMES_MAX - 1 : n->count].name = *out;
    n->count += n->count < NAMES_MAX;
    return true;
}

static void row_of(const struct ledger_event *v, struct event_row *out)
{
    const struct event_type *type = care_event_type(v->type, v->version);
    record_blank(&record_event_row, out);
    out->seq = v->seq;
    out->happened = v->head.happened;
    out->recorded = v->head.recorded;
    out->type = v->type;
    out->says = type ? type->meaning : v->type;
    out->subject = v->head.subject;
    out->reason = v->head.reason;
    out->data = v->payload;
    out->why = v->head.why;
}

bool care_story(struct tx *t, const char *id, struct story *out, struct err *e)
{
    struct ledger_event *v;
    struct names names = {.count = 0};
    *out = (struct story){0};
    if (!ledger_about(t, id, &v, &out->count, e))
        return false;
    if (!out->count)
        return err_set(e, ERR_NOT_FOUND, "id", "the ledger knows nothing about \"%.80s\"", id);
    out->rows = ARENA_ARRAY(t->a, (size_t)out->count, struct event_row);
    for (int i = 0; i < out->count; i++) {
        row_of(&v[i], &out->rows[i]);
        if (!name_of(t, &names, v[i].head.actor, &out->rows[i].who, e))
            return false;
        if (!out->patient)
            out->patient = v[i].head.patient;
    }
    return true;
}
