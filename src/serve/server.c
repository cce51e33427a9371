#include "serve/server.h"

#include <string.h>

#include "serve/now.h"

utc_t server_care_now(const struct server *s)
{
    return clock_care(&s->c.clock, now_real());
}

bool server_zone(struct server *s, const char *name, const struct zone **out, struct err *e)
{
    struct zone *z = NULL;
    bool ok = true;
    pthread_mutex_lock(&s->zones_lock);
    for (int i = 0; i < s->zone_count && !z; i++)
        if (strcmp(s->zones[i].name, name) == 0)
            z = s->zones[i].zone;
    if (!z && (strlen(name) >= sizeof s->zones[0].name || s->zone_count == ZONES_MAX))
        ok = err_set(e, ERR_INPUT, "", "the time zone \"%.60s\" cannot be taken", name);
    else if (!z && (ok = utc_zone_read(s->a, name, &z, e))) {
        memcpy(s->zones[s->zone_count].name, name, strlen(name) + 1);
        s->zones[s->zone_count++].zone = z;
    }
    pthread_mutex_unlock(&s->zones_lock);
    *out = z;
    return ok;
}

bool server_site(struct server *s, struct tx *t, struct site_info *out, const struct zone **zone, bool *found,
                 struct err *e)
{
    record_blank(&record_site_info, out);
    return table_get(t, &record_site_info, "site", out, found, e) &&
           server_zone(s, *found ? out->zone : "UTC", zone, e);
}

const struct content *server_content_for(struct server *s, const char *command)
{
    return strcmp(command, "content.release") == 0 ? s->candidate : atomic_load(&s->content);
}

void server_released(struct server *s)
{
    atomic_store(&s->content, s->candidate);
}
