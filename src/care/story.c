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

MUST_CHECK static bool name_of(struct tx *t, const char *actor, const char **out, struct err *e)
{
    BLANK(staff, s);
    bool found;
    *out = actor;
    if (!table_get(t, &record_staff, actor, &s, &found, e))
        return false;
    if (found)
        *out = s.name;
    return true;
}

MUST_CHECK static bool row_of(struct tx *t, const struct ledger_event *v, struct event_row *out, struct err *e)
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
    return name_of(t, v->head.actor, &out->who, e);
}

bool care_story(struct tx *t, const char *id, struct event_row **out, int *count, struct err *e)
{
    struct ledger_event *v;
    if (!ledger_about(t, id, &v, count, e))
        return false;
    if (!*count)
        return err_set(e, ERR_NOT_FOUND, "id", "the ledger knows nothing about \"%.80s\"", id);
    *out = ARENA_ARRAY(t->a, (size_t)*count, struct event_row);
    for (int i = 0; i < *count; i++)
        if (!row_of(t, &v[i], &(*out)[i], e))
            return false;
    return true;
}
