#include "serve/commands.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "record/id.h"
#include "serve/problem.h"
#include "serve/release.h"
#include "serve/rooms.h"

enum { ANSWER_MAX = 1024 * 1024 };

/* ---- the table --------------------------------------------------------------------------------------------------- */

static const struct command *table[COMMANDS_MAX];
static int table_count;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void add(const struct command *commands, int count)
{
    for (int i = 0; i < count; i++) {
        assert(table_count < COMMANDS_MAX);
        table[table_count++] = &commands[i];
    }
}

static void table_make(void)
{
#define ROOM(room) add(room##_commands, room##_command_count);
    COMMAND_ROOMS(ROOM)
#undef ROOM
}

const struct command *command_at(int index)
{
    pthread_once(&table_once, table_make);
    return index >= 0 && index < table_count ? table[index] : NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *c;
    for (int i = 0; (c = command_at(i)); i++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

bool command_takes_password(const struct command *c)
{
    return strncmp(c->name, "staff.", 6) == 0 && record_field(c->in, "hash");
}

/* ---- who, and on what -------------------------------------------------------------------------------------------- */

bool command_check_scope(const struct record *shape, const void *rec, const struct actor *by, int64_t site,
                         struct err *e)
{
    for (int i = 0; i < shape->count; i++) {
        const struct field *f = &shape->fields[i];
        if (f->type != FIELD_REF || !field_is_set(f, rec))
            continue;
        const char *text = *(const char *const *)((const char *)rec + f->offset);
        struct id id;
        struct err bad = {.kind = ERR_NONE};
        if (id_read(text, &id, &bad)) {
            if (id.site != site)
                return err_set(e, ERR_FORBIDDEN, f->name, "%s belongs to site %lld; you act in site %lld", text,
                               (long long)id.site, (long long)site);
            if (f->detail[0] && strcmp(id.type, f->detail) != 0)
                return err_set(e, ERR_INPUT, f->name, "%s is a %s; a %s is wanted", text, id.type, f->detail);
        }
        if (by->roles == ROLE_PATIENT && strcmp(f->detail, "patient") == 0 &&
            (!by->patient || strcmp(text, by->patient) != 0))
            return err_set(e, ERR_FORBIDDEN, f->name, "you may do this for yourself only");
    }
    return true;
}

MUST_CHECK static bool actor_read(struct command_run *r, struct tx *t, struct actor *by, struct err *e)
{
    if (!r->actor) {
        *by = (struct actor){.id = "system", .name = "venule", .roles = ROLE_SYSTEM};
        return true;
    }
    BLANK(staff, s);
    bool found;
    if (!table_get(t, &record_staff, r->actor, &s, &found, e))
        return false;
    if (!found || s.active != 1)
        return err_set(e, ERR_SIGNED_OUT, "", "you may no longer act here; sign in again");
    *by = (struct actor){.id = arena_strdup(r->a, s.id), .name = arena_strdup(r->a, s.name),
                         .roles = roles_read(s.roles), .patient = arena_strdup(r->a, s.patient)};
    if (!(by->roles & r->command->roles))
        return err_set(e, ERR_FORBIDDEN, r->command->name, "%s is not for your role (%s)", r->command->name, s.roles);
    return true;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static void notes_json(struct json *j, const struct cmd *c)
{
    json_list(j, "notes");
    for (int i = 0; i < c->passed_count; i++) {
        json_object(j, NULL);
        json_str(j, "rule", c->passed[i].rule);
        json_str(j, "severity", c->passed[i].severity);
        json_str(j, "says", c->passed[i].says);
        json_raw(j, "facts", c->passed[i].facts);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void accepted_json(struct json *j, const struct cmd *c)
{
    json_object(j, NULL);
    json_int(j, "seq", c->tx->seq);
    if (c->id)
        json_str(j, "id", c->id);
    json_list(j, "events");
    for (int i = 0; i < c->event_count; i++) {
        json_object(j, NULL);
        json_int(j, "seq", c->events[i].seq);
        json_str(j, "type", c->events[i].type);
        json_str(j, "subject", c->events[i].subject);
        json_end(j, '}');
    }
    json_end(j, ']');
    notes_json(j, c);
    if (c->result)
        json_raw(j, "result", c->result);
    json_end(j, '}');
}

/* The status goes before the text, so that one column keeps both. */
MUST_CHECK static bool keep_answer(struct command_run *r, struct tx *t, const char *actor, struct err *e)
{
    if (!r->key)
        return true;
    return answer_keep(t, actor, r->key, r->body_hash, arena_printf(t->a, "%d %s", r->status, r->answer), e);
}

MUST_CHECK static bool earlier_answer(struct command_run *r, struct tx *t, const char *actor, struct err *e)
{
    const char *kept;
    r->repeated = false;
    if (!r->key)
        return true;
    if (!answer_find(t, actor, r->key, r->body_hash, &kept, &r->repeated, e))
        return false;
    if (r->repeated) {
        assert(strlen(kept) > 4);
        r->status = (kept[0] - '0') * 100 + (kept[1] - '0') * 10 + (kept[2] - '0');
        r->answer = arena_strdup(r->a, kept + 4);
    }
    return true;
}

/* ---- deciding ---------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool fill(struct command_run *r, struct tx *t, struct cmd *c, struct err *e)
{
    bool found;
    *c = (struct cmd){
        .tx = t, .a = r->a, .content = r->content, .content_hash = r->content ? r->content->hash : NULL,
        .zone = r->zone, .name = r->command->name, .now = r->now,
        .happened = r->happened == UTC_NONE ? r->now : r->happened, .clock = r->clock, .offset_us = r->offset_us,
        .reason = r->reason, .overrides = r->overrides, .override_count = r->override_count,
    };
    record_blank(&record_site_info, &c->site);
    return table_get(t, &record_site_info, "site", &c->site, &found, e);
}

/* Rules overridden with a reason stand in the ledger beside the events they let through. */
MUST_CHECK static bool keep_overrides(struct cmd *c, struct err *e)
{
    const char *made = c->id;
    for (int i = 0; i < c->passed_count; i++) {
        if (!c->passed[i].overridden_by)
            continue;
        c->passed[i].id = cmd_new_id(c, "refusal");
        if (!cmd_emit(c, &ev_rule_overridden, &c->passed[i], NULL, NULL, e))
            return false;
    }
    c->id = made;
    return true;
}

/* A person's command is decided with the content in force at its place in the ledger. */
MUST_CHECK static bool content_stands(const struct command_run *r, struct tx *t, struct err *e)
{
    const char *hash;
    if (!r->actor || r->command->in == &record_content_release_in)
        return true;
    if (!release_in_force(t, &hash, e))
        return false;
    return strcmp(hash ? hash : "", r->content ? r->content->hash : "") == 0 ||
           err_set(e, ERR_CONFLICT, "content", "other clinical content came into force meanwhile; look again in a moment");
}

MUST_CHECK static bool render(struct command_run *r, const struct cmd *c, const struct err *refused, struct err *e)
{
    struct buf b;
    struct json j;
    buf_init(&b, ANSWER_MAX);
    json_init(&j, &b);
    if (refused)
        problem_json(&j, refused, r->refusals, r->refusal_count);
    else
        accepted_json(&j, c);
    bool ok = buf_ok(&b, "the answer", e);
    if (ok)
        r->answer = arena_strndup(r->a, buf_str(&b), b.len);
    buf_fini(&b);
    return ok;
}

bool command_decide(struct command_run *r, struct tx *t, struct err *e)
{
    struct cmd c;
    r->event_count = r->refusal_count = 0;
    r->answer = r->id = NULL;
    if (!fill(r, t, &c, e) || !actor_read(r, t, &c.by, e) || !earlier_answer(r, t, c.by.id, e))
        return false;
    if (r->repeated)
        return true;
    if (!command_check_scope(r->command->in, r->in, &c.by, t->site, e))
        return false;
    if (!content_stands(r, t, e))
        return false;
    bool ok = r->command->decide(&c, r->in, e);
    if (ok && !cmd_allowed(&c, e))
        ok = false; /* a refusal stands though the room forgot to ask */
    if (!ok) {
        r->refusals = c.refusals;
        r->refusal_count = e->kind == ERR_REFUSED ? c.refusal_count : 0;
        return false;
    }
    if (!keep_overrides(&c, e))
        return false;
    r->id = arena_strdup(r->a, c.id);
    r->events = c.events;
    r->event_count = c.event_count;
    r->status = 200;
    return render(r, &c, NULL, e) && keep_answer(r, t, c.by.id, e);
}

bool command_keep_refusals(struct command_run *r, struct tx *t, const struct err *why, struct err *e)
{
    if (why->kind != ERR_REFUSED || !r->refusal_count)
        return true;
    struct cmd c;
    if (!fill(r, t, &c, e) || !actor_read(r, t, &c.by, e))
        return false;
    for (int i = 0; i < r->refusal_count; i++) {
        r->refusals[i].id = arena_strdup(r->a, cmd_new_id(&c, "refusal"));
        if (!cmd_emit(&c, &ev_rule_refused, &r->refusals[i], NULL, NULL, e))
            return false;
    }
    r->events = c.events;
    r->event_count = c.event_count;
    r->status = problem_status(ERR_REFUSED);
    return render(r, &c, why, e) && keep_answer(r, t, c.by.id, e);
}
