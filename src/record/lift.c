#include "record/lift.h"

#include <string.h>

#include "record/ledger_private.h"
#include "record/store_private.h"

/* Every lift of the program, oldest first; the first release has none. NULL ends. */
static const struct lift lifts[] = {{NULL, 0, NULL}};

static const struct lift *find(const struct event_types *types, const char *name, int version)
{
    for (int i = 0; i < types->lift_count; i++)
        if (types->lifts[i].from == version && strcmp(types->lifts[i].type, name) == 0)
            return &types->lifts[i];
    for (const struct lift *l = lifts; l->type; l++)
        if (l->from == version && strcmp(l->type, name) == 0)
            return l;
    return NULL;
}

MUST_CHECK static bool apply(const struct lift *l, struct arena *a, const char **data, struct err *e)
{
    const struct node *n = json_read(a, *data, strlen(*data), PAYLOAD_MAX, e);
    if (!n)
        return false;
    struct buf b;
    struct json j;
    buf_init(&b, PAYLOAD_MAX);
    json_init(&j, &b);
    bool ok = l->lift(n, &j, e) && buf_ok(&b, "payload", e);
    if (ok)
        *data = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return ok;
}

bool lift_event(const struct event_types *types, struct arena *a, const char *name, int version,
                const struct event_type **type, const char **data, struct err *e)
{
    int was = version;
    while (!(*type = event_find(types, name, version))) {
        const struct lift *l = find(types, name, version);
        if (!l)
            return err_set(e, ERR_STORE, name, "nothing applies %.80s/%d, and nothing lifts it from there", name, was);
        if (!apply(l, a, data, e))
            return false;
        version++;
    }
    return true;
}
