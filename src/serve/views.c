#include "serve/views.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "serve/commands.h"
#include "serve/rooms.h"

static const struct view_type *table[VIEWS_MAX];
static int table_count;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void add(const struct view_type *views, int count)
{
    for (int i = 0; i < count; i++) {
        assert(table_count < VIEWS_MAX);
        table[table_count++] = &views[i];
    }
}

static void table_make(void)
{
#define ROOM(room) add(room##_views, room##_view_count);
    VIEW_ROOMS(ROOM)
#undef ROOM
}

const struct view_type *view_at(int index)
{
    pthread_once(&table_once, table_make);
    return index >= 0 && index < table_count ? table[index] : NULL;
}

const struct view_type *view_find(const char *name)
{
    const struct view_type *v;
    for (int i = 0; (v = view_at(i)); i++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}

bool view_show(const struct view_type *type, struct view *v, const void *params, struct err *e)
{
    if (!(v->by.roles & type->roles))
        return err_set(e, ERR_FORBIDDEN, type->name, "the view %s is not for your role", type->name);
    if (!command_check_scope(type->params, params, &v->by, v->tx->site, e))
        return false;
    v->type = type;
    json_object(v->out, NULL);
    if (!type->show(v, params, e))
        return false;
    json_end(v->out, '}');
    if (v->by.roles == ROLE_PATIENT && (!v->patient || !v->by.patient || strcmp(v->patient, v->by.patient) != 0))
        return err_set(e, ERR_FORBIDDEN, type->name, "this is about someone else");
    return true;
}
