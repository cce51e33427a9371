/* queue: messages that could not be used wait here until somebody mends the cause, maps the pump, mends the field or
 * puts them aside. Failures of one sender for one cause are one entry, however many messages. */
#include <string.h>

#include "care/care.h"
#include "record/inbox.h"

enum { SHOWN_MAX = 200, LINE_SHOWN_MAX = 300, VALUE_MAX = 200, UNKNOWN_KEY = 204 };

/* ---- failing ------------------------------------------------------------------------------------------------------- */

static bool interface_failed(struct cmd *c, const void *input, struct err *e)
{
    const struct interface_failed_in *in = input;
    struct failed_message *old;
    int count;
    if (!table_list(c->tx, &record_failed_message, "sender=?2 AND cause=?3 AND state IN ('open','again') ORDER BY id LIMIT 1",
                    VALS(V_TEXT(in->sender), V_TEXT(in->cause)), &old, &count, e))
        return false;
    if (count)
        return true;
    BLANK(failed_message, f);
    f.id = cmd_new_id(c, "failed_message");
    f.sender = in->sender;
    f.cause = in->cause;
    f.box = in->box;
    f.message = in->message;
    f.code = in->code;
    f.segment = in->segment;
    f.nth = in->nth;
    f.field = in->field;
    f.says = in->says;
    f.pump = in->pump;
    f.since = c->now;
    f.state = "open";
    return cmd_emit(c, &ev_interface_failed, &f, NULL, NULL, e);
}

/* ---- mending ------------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool waiting(struct cmd *c, const char *id, struct failed_message *out, struct err *e)
{
    if (!table_need(c->tx, &record_failed_message, id, "failed", out, e))
        return false;
    return strcmp(out->state, "open") == 0 ||
           err_set(e, ERR_CONFLICT, "failed", "this is %s; only what is open can be changed", out->state);
}

MUST_CHECK static bool again(struct cmd *c, struct failed_message *f, struct err *e)
{
    f->state = "again";
    return cmd_emit(c, &ev_interface_again, f, "state fix", NULL, e);
}

static bool interface_replay(struct cmd *c, const void *input, struct err *e)
{
    const struct failed_id_in *in = input;
    struct failed_message f;
    return waiting(c, in->failed, &f, e) && again(c, &f, e);
}

static bool interface_fix(struct cmd *c, const void *input, struct err *e)
{
    const struct interface_fix_in *in = input;
    struct failed_message f;
    if (!waiting(c, in->failed, &f, e))
        return false;
    if (!f.segment || f.field == INT_NONE || f.field < 1)
        return err_set(e, ERR_CONFLICT, "failed", "the fault names no field that could be mended; the sender has to");
    if (strcmp(f.segment, "MSH") == 0 && f.field <= 2)
        return err_set(e, ERR_CONFLICT, "failed", "delimiters are not mended here; the sender has to");
    if (strlen(in->value) > VALUE_MAX || in->value[strcspn(in->value, "\r\n|")])
        return err_set(e, ERR_INPUT, "value", "a field is at most %d characters, without | and line ends", VALUE_MAX);
    f.fix = in->value;
    return again(c, &f, e);
}

static bool interface_map(struct cmd *c, const void *input, struct err *e)
{
    const struct interface_map_in *in = input;
    struct failed_message f;
    struct pump p;
    bool known;
    BLANK(pump_alias, a);
    if (!waiting(c, in->failed, &f, e) || !table_need(c->tx, &record_pump, in->pump, "pump", &p, e))
        return false;
    if (!f.pump)
        return err_set(e, ERR_CONFLICT, "failed", "these messages name no pump");
    if (!table_get(c->tx, &record_pump, f.pump, &p, &known, e))
        return false;
    if (known)
        return err_set(e, ERR_CONFLICT, "failed", "pump %s is registered here under its own serial", f.pump);
    a.id = f.pump;
    a.pump = in->pump;
    return cmd_emit(c, &ev_pump_alias_added, &a, NULL, NULL, e) && again(c, &f, e);
}

static bool interface_put_aside(struct cmd *c, const void *input, struct err *e)
{
    const struct failed_id_in *in = input;
    struct failed_message f;
    if (!c->reason || !c->reason[0])
        return err_set(e, ERR_INPUT, "reason", "say why these messages are not needed");
    if (!waiting(c, in->failed, &f, e))
        return false;
    f.state = "put aside";
    return cmd_emit(c, &ev_interface_put_aside, &f, "state", NULL, e);
}

/* What the program says after it took them in again. */
static bool interface_tried(struct cmd *c, const void *input, struct err *e)
{
    const struct interface_tried_in *in = input;
    struct failed_message f;
    if (!table_need(c->tx, &record_failed_message, in->failed, "failed", &f, e))
        return false;
    f.state = in->left ? "open" : "settled";
    f.taken = (f.taken == INT_NONE ? 0 : f.taken) + in->taken;
    f.outcome = in->left ? arena_printf(c->a, "%lld taken in, %lld failed again: %.200s", (long long)in->taken,
                                        (long long)in->left, in->says ? in->says : "")
                         : arena_printf(c->a, "%lld taken in", (long long)in->taken);
    f.fix = NULL;
    return cmd_emit(c, &ev_interface_tried, &f, "state taken outcome fix", NULL, e);
}

/* ---- what is seen -------------------------------------------------------------------------------------------------- */

/* The nth segment of a name, cut to what a page shows; a message that is no HL7 has none. */
static const char *segment_line(struct arena *a, const char *raw, size_t len, const char *name, int64_t nth)
{
    for (size_t i = 0; name && strlen(name) == 3 && i < len;) {
        size_t n = 0;
        while (i + n < len && raw[i + n] != '\r' && raw[i + n] != '\n')
            n++;
        if (n >= 3 && memcmp(raw + i, name, 3) == 0 && --nth <= 0) {
            size_t shown = n < LINE_SHOWN_MAX ? n : LINE_SHOWN_MAX;
            while (shown && shown < n && ((unsigned char)raw[i + shown] & 0xC0) == 0x80)
                shown--;
            return arena_strndup(a, raw + i, shown);
        }
        i += n + 1;
    }
    return NULL;
}

static const char *place_of(struct arena *a, const struct failed_message *f)
{
    if (!f->segment)
        return NULL;
    const char *which = f->nth != INT_NONE && f->nth > 0 ? arena_printf(a, "%s[%lld]", f->segment, (long long)f->nth)
                                                         : f->segment;
    return f->field != INT_NONE && f->field > 0 ? arena_printf(a, "%s-%lld", which, (long long)f->field) : which;
}

MUST_CHECK static bool failed_row_of(struct view *v, const struct failed_message *f, struct failed_row *r, struct err *e)
{
    const char *raw, *first[1];
    size_t len;
    bool found, known = true;
    struct pump p;
    int count;
    record_blank(&record_failed_row, r);
    r->id = f->id;
    r->sender = f->sender;
    r->state = f->state;
    r->code = f->code;
    r->place = place_of(v->a, f);
    r->says = f->says;
    r->fix = f->fix;
    r->pump = f->pump;
    r->since = f->since;
    r->taken = f->taken;
    r->outcome = f->outcome;
    if (!inbox_of(v->tx, f->box, &r->waiting, first, 1, &count, e) ||
        !inbox_get(v->tx, f->box, count ? first[0] : f->message, &raw, &len, &found, e))
        return false;
    if (found)
        r->line = segment_line(v->a, raw, len, f->segment, f->nth == INT_NONE ? 1 : f->nth);
    if (f->pump && !table_get(v->tx, &record_pump, f->pump, &p, &known, e))
        return false;
    r->unknown_pump = f->code == UNKNOWN_KEY && !known;
    return true;
}

static bool show_interfaces(struct view *v, const void *params, struct err *e)
{
    struct failed_message *all;
    int count;
    (void)params;
    if (!table_list(v->tx, &record_failed_message,
                    "1=1 ORDER BY CASE WHEN state IN ('open','again') THEN 0 ELSE 1 END, since DESC, id LIMIT 200", NO_VALS,
                    &all, &count, e))
        return false;
    struct failed_row *rows = ARENA_ARRAY(v->a, (size_t)count + 1, struct failed_row);
    for (int i = 0; i < count; i++)
        if (!failed_row_of(v, &all[i], &rows[i], e))
            return false;
    view_many(v, "failed", &record_failed_row, rows, count);
    return true;
}

const struct command queue_commands[] = {
    {"interface.failed", ROLE_SYSTEM, &record_interface_failed_in, interface_failed, "note a message that could not be used"},
    {"interface.replay", ROLE_ADMIN, &record_failed_id_in, interface_replay, "take failed messages in again"},
    {"interface.fix", ROLE_ADMIN, &record_interface_fix_in, interface_fix, "mend the field at fault, then take them in again"},
    {"interface.map", ROLE_ADMIN, &record_interface_map_in, interface_map, "say which pump a serial is, then take them in again"},
    {"interface.put_aside", ROLE_ADMIN, &record_failed_id_in, interface_put_aside, "these messages are not needed"},
    {"interface.tried", ROLE_SYSTEM, &record_interface_tried_in, interface_tried, "what came of taking them in again"},
};
const int queue_command_count = TABLE_COUNT(queue_commands);

static const struct view_member interfaces_members[] = {{"failed", &record_failed_row, true}};

const struct view_type queue_views[] = {
    {"interfaces", ROLE_ADMIN, &record_nothing, interfaces_members, 1, show_interfaces, "messages that could not be used"},
};
const int queue_view_count = TABLE_COUNT(queue_views);
