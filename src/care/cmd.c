#include "care/cmd.h"

#include <assert.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "formulary/content.h"

enum { EVENTS_PER_COMMAND_MAX = 2000, REFUSALS_PER_COMMAND_MAX = 50, SAYS_MAX = FIELD_TEXT_MAX };

/* ---- roles ------------------------------------------------------------------------------------------------------- */

const char *const role_words[] = {"prescriber", "pharmacist", "technician", "nurse", "scheduler", "biller",
                                  "formulary", "administrator", "patient", "system", NULL};

unsigned roles_read(const char *words)
{
    unsigned bits = 0;
    for (const char *p = words ? words : ""; *p;) {
        size_t n = strcspn(p, " ");
        for (int i = 0; role_words[i]; i++)
            if (strlen(role_words[i]) == n && memcmp(role_words[i], p, n) == 0)
                bits |= 1u << i;
        p += n + strspn(p + n, " ");
    }
    return bits;
}

/* ---- emitting ---------------------------------------------------------------------------------------------------- */

static const char *text_of(const struct record *r, const void *rec, const char *name)
{
    const struct field *f = record_field(r, name);
    if (!f || (f->type != FIELD_REF && f->type != FIELD_ID) || !field_is_set(f, rec))
        return NULL;
    return *(const char *const *)((const char *)rec + f->offset);
}

/* Whom the event is about; a patch often names only the key and what changed, so the row is asked. */
MUST_CHECK static bool patient_of(struct cmd *c, const struct event_type *type, const void *rec, const char **out,
                                  struct err *e)
{
    const struct record *r = type->record;
    *out = r == &record_patient ? text_of(r, rec, "id") : text_of(r, rec, "patient");
    if (*out || type->mode != APPLY_PATCH || !record_field(r, "patient"))
        return true;
    void *row = arena_alloc(c->a, r->size);
    bool found;
    if (!table_get(c->tx, r, text_of(r, rec, r->fields[0].name), row, &found, e))
        return false;
    *out = found ? text_of(r, row, "patient") : NULL;
    return true;
}

static void *grow(struct arena *a, void *old, int count, int *cap, size_t size)
{
    if (count < *cap)
        return old;
    int more = *cap ? *cap * 2 : 8;
    char *p = arena_array(a, (size_t)more, size);
    if (count)
        memcpy(p, old, (size_t)count * size);
    *cap = more;
    return p;
}

bool cmd_emit(struct cmd *c, const struct event_type *type, const void *rec, const char *fields, const char *why,
              struct err *e)
{
    if (c->event_count >= EVENTS_PER_COMMAND_MAX)
        return err_set(e, ERR_TOO_LARGE, "", "%s would write more than %d events", c->name, EVENTS_PER_COMMAND_MAX);
    const char *patient, *subject = text_of(type->record, rec, type->record->fields[0].name);
    if (!subject)
        return err_set(e, ERR_INTERNAL, type->record->fields[0].name, "%s without its key", type->name);
    if (!patient_of(c, type, rec, &patient, e))
        return false;
    struct event_head h = {
        .happened = c->happened, .recorded = c->now, .clock = c->clock ? c->clock : "server", .offset_us = c->offset_us,
        .actor = c->by.id, .command = c->name, .subject = subject, .patient = patient, .reason = c->reason, .why = why,
    };
    if (!event_append(c->tx, type, &h, rec, fields, e))
        return false;
    c->events = grow(c->a, c->events, c->event_count, &c->event_cap, sizeof *c->events);
    c->events[c->event_count++] = (struct emitted){c->tx->seq, type->name, type->record->name,
                                                   arena_strdup(c->a, subject), arena_strdup(c->a, patient)};
    return true;
}

const char *cmd_new_id(struct cmd *c, const char *type)
{
    const char *id = tx_next_id(c->tx, type);
    if (!c->id)
        c->id = id;
    return id;
}

/* ---- refusing ---------------------------------------------------------------------------------------------------- */

/* What an override must have seen: the rule and the very facts. */
static const char *facts_hash(struct arena *a, const char *rule, const char *facts)
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)rule, strlen(rule) + 1);
    crypto_hash_sha256_update(&s, (const unsigned char *)facts, strlen(facts));
    crypto_hash_sha256_final(&s, h);
    char *hex = arena_alloc(a, 65);
    sodium_bin2hex(hex, 65, h, sizeof h);
    return hex;
}

/* The caller's override of this rule on these facts, if they gave a reason and may. */
static const struct override *override_for(const struct cmd *c, const struct refusal *r)
{
    if (!r->who || strcmp(r->severity, "needs a reason") != 0 || !(roles_read(r->who) & c->by.roles))
        return NULL;
    for (int i = 0; i < c->override_count; i++) {
        const struct override *o = &c->overrides[i];
        if (strcmp(o->rule, r->rule) == 0 && strcmp(o->facts_hash, r->facts_hash) == 0 && o->reason && o->reason[0])
            return o;
    }
    return NULL;
}

static void keep_refusal(struct cmd *c, struct refusal **list, int *count, int *cap, const struct refusal *r)
{
    for (int i = 0; i < *count; i++)
        if (strcmp((*list)[i].rule, r->rule) == 0 && strcmp((*list)[i].facts_hash, r->facts_hash) == 0)
            return; /* said already */
    if (*count >= REFUSALS_PER_COMMAND_MAX)
        return; /* enough to refuse with; the rest shows up once these are mended */
    *list = grow(c->a, *list, *count, cap, sizeof **list);
    (*list)[(*count)++] = *r;
}

static const char *sentence(struct arena *a, const char *fmt, va_list ap)
{
    char text[SAYS_MAX + 1];
    vsnprintf(text, sizeof text, fmt, ap);
    size_t n = strlen(text);
    while (n && n >= sizeof text - 1 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--; /* not cut inside a character */
    return arena_strndup(a, text, n);
}

static bool pass(struct cmd *c, struct refusal *r, const char *reason)
{
    r->overridden_by = c->by.id;
    r->reason = reason;
    keep_refusal(c, &c->passed, &c->passed_count, &c->passed_cap, r);
    return true;
}

/* A rule that fires, before anybody passes it. A rule the content does not know is refused at its hardest: silence would
 * be the wrong default. */
static struct refusal fired(
    struct cmd *c, const char *rule_id, const char *severity, const char *patient, const char *facts, const char *says)
{
    const struct rule *rule = c->content ? content_rule(c->content, rule_id) : NULL;
    BLANK(refusal, r);
    r.command = c->name;
    r.patient = patient;
    r.rule = rule_id;
    r.severity = severity ? severity : rule ? rule->severity : "hard stop";
    r.says = says && says[0] ? says : rule ? rule->words : rule_id;
    r.facts = facts ? facts : "{}";
    r.facts_hash = facts_hash(c->a, rule_id, r.facts);
    r.who = rule ? rule->who : NULL;
    r.at = c->now;
    return r;
}

static bool refuse(
    struct cmd *c, const char *rule_id, const char *severity, const char *patient, const char *facts, const char *says)
{
    struct refusal r = fired(c, rule_id, severity, patient, facts, says);
    if (strcmp(r.severity, "note") == 0) {
        keep_refusal(c, &c->passed, &c->passed_count, &c->passed_cap, &r);
        return true;
    }
    const struct override *o = override_for(c, &r);
    if (o)
        return pass(c, &r, o->reason);
    keep_refusal(c, &c->refusals, &c->refusal_count, &c->refusal_cap, &r);
    return false;
}

bool cmd_refuse(struct cmd *c, const char *rule_id, const char *patient, const char *facts, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *says = sentence(c->a, fmt, ap);
    va_end(ap);
    return refuse(c, rule_id, NULL, patient, facts, says);
}

bool cmd_refuse_as(struct cmd *c, const char *rule_id, const char *severity, const char *patient, const char *facts,
                   const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *says = sentence(c->a, fmt, ap);
    va_end(ap);
    return refuse(c, rule_id, severity, patient, facts, says);
}

bool cmd_refuse_told(struct cmd *c, const char *rule_id, const char *patient, const char *facts, const char *reason,
    const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *says = sentence(c->a, fmt, ap);
    va_end(ap);
    struct refusal r = fired(c, rule_id, NULL, patient, facts, says);
    if (strcmp(r.severity, "needs a reason") == 0 && r.who && (roles_read(r.who) & c->by.roles) && reason && reason[0])
        return pass(c, &r, reason);
    return refuse(c, rule_id, NULL, patient, facts, says);
}

bool cmd_allowed(struct cmd *c, struct err *e)
{
    if (!c->refusal_count)
        return true;
    return err_set(e, ERR_REFUSED, "", "%s", c->refusals[0].says);
}

/* ---- views ------------------------------------------------------------------------------------------------------- */

/* A member nobody described would reach pages that have no type for it. */
static void must_be_declared(const struct view *v, const char *member, const struct record *row, bool many)
{
    bool declared = false;
    for (int i = 0; i < v->type->member_count && !declared; i++) {
        const struct view_member *m = &v->type->members[i];
        declared = strcmp(m->name, member) == 0 && m->row == row && m->many == many;
    }
    assert(declared);
}

void view_one(struct view *v, const char *member, const struct record *row, const void *rec)
{
    must_be_declared(v, member, row, false);
    if (rec)
        record_to_json(row, rec, v->out, member);
    else
        json_null(v->out, member);
}

void view_many(struct view *v, const char *member, const struct record *row, const void *array, int count)
{
    must_be_declared(v, member, row, true);
    json_list(v->out, member);
    for (int i = 0; i < count; i++)
        record_to_json(row, (const char *)array + (size_t)i * row->size, v->out, NULL);
    json_end(v->out, ']');
}
