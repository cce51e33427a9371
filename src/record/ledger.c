#include "record/ledger.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "record/chain.h"
#include "record/check.h"
#include "record/id.h"
#include "record/ledger_private.h"
#include "record/model.h"
#include "record/store_private.h"
#include "record/table_private.h"

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static void tx_init(struct tx *t, struct store *s, struct arena *a, int64_t site, const struct event_types *types)
{
    *t = (struct tx){.store = s, .a = a, .site = site, .types = types};
    memcpy(t->hash, chain_start, sizeof t->hash);
}

/* PostgreSQL holds the row's lock until the end of the transaction: the second writer of a site waits here. SQLite
 * has let nobody else begin. */
MUST_CHECK static bool read_head(struct tx *t, bool *found, struct err *e)
{
    const char *sql = t->writable && store_kind_of(t->store) == STORE_POSTGRES
                          ? "SELECT seq, hash, writer FROM ledger_head WHERE site=?1 FOR UPDATE"
                          : "SELECT seq, hash, writer FROM ledger_head WHERE site=?1";
    struct rows rows;
    if (!store_query(t->store, t->a, sql, VALS(V_INT(t->site)), &rows, e) || !rows_next(&rows, found, e))
        return false;
    if (*found) {
        const char *hash = rows_text(&rows, 1);
        t->seq = t->head_seq = rows_int(&rows, 0);
        snprintf(t->hash, sizeof t->hash, "%s", hash ? hash : "");
        t->alone = rows_int(&rows, 2) == t->store->token && !t->store->lost;
        t->store->epoch += t->writable && !t->alone;
        t->epoch = t->store->epoch;
    }
    rows_end(&rows);
    return true;
}

bool tx_begin(struct tx *t, struct store *s, struct arena *a, int64_t site, const struct event_types *types,
              struct err *e)
{
    tx_init(t, s, a, site, types);
    if (!store_begin(s, e))
        return false;
    t->writable = true;
    bool found = false;
    bool ok = read_head(t, &found, e);
    if (ok && !found)
        ok = store_run(s, "INSERT INTO ledger_head (site, seq, hash) VALUES (?1, 0, ?2) ON CONFLICT (site) DO NOTHING",
                       VALS(V_INT(site), V_TEXT(chain_start)), NULL, e) && read_head(t, &found, e);
    if (!ok)
        tx_rollback(t);
    return ok;
}

bool tx_read(struct tx *t, struct store *s, struct arena *a, int64_t site, const struct event_types *types,
             struct err *e)
{
    tx_init(t, s, a, site, types);
    if (!store_begin_read(s, e))
        return false;
    bool found;
    if (read_head(t, &found, e))
        return true;
    tx_rollback(t);
    return false;
}

bool tx_commit(struct tx *t, struct err *e)
{
    if (!t->writable || t->saved) {
        tx_rollback(t);
        return err_set(e, ERR_INTERNAL, "tx", "a batch is committed %s",
                       t->saved ? "inside a command" : "that cannot write");
    }
    bool ok = inbox_flush(t, e) &&
              ((t->seq == t->head_seq && t->alone) ||
               store_run(t->store, "UPDATE ledger_head SET seq=?2, hash=?3, writer=?4 WHERE site=?1",
                         VALS(V_INT(t->site), V_INT(t->seq), V_TEXT(t->hash), V_INT(t->store->token)), NULL, e));
    ok = ok && store_commit(t->store, e);
    if (!ok)
        store_rollback(t->store);
    t->store->lost = !ok;
    t->writable = false;
    return ok;
}

void tx_rollback(struct tx *t)
{
    store_rollback(t->store);
    t->store->lost |= t->writable;
    t->writable = t->saved = false;
}

bool tx_savepoint(struct tx *t, struct err *e)
{
    if (t->saved)
        return err_set(e, ERR_INTERNAL, "tx", "a savepoint is set already");
    if (!store_savepoint(t->store, e))
        return false;
    t->saved = true;
    t->saved_seq = t->seq;
    memcpy(t->saved_hash, t->hash, sizeof t->hash);
    inbox_mark(t);
    return true;
}

bool tx_release(struct tx *t, struct err *e)
{
    t->saved = false;
    return store_release(t->store, e);
}

bool tx_undo(struct tx *t, struct err *e)
{
    t->saved = t->applying = false;
    t->seq = t->saved_seq;
    memcpy(t->hash, t->saved_hash, sizeof t->hash);
    inbox_undo(t);
    return store_rollback_to(t->store, e);
}

const char *tx_next_id(struct tx *t, const char *type)
{
    return id_make(t->a, t->site, type, t->seq + 1);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

const char *event_key(const struct event_type *type, const void *payload)
{
    const struct record *r = type->record;
    if (!r || !r->count || (r->key < 1 && r->fields[0].type != FIELD_ID))
        return NULL;
    switch (r->fields[0].type) {
    case FIELD_INT: case FIELD_BOOL: case FIELD_TIME: case FIELD_DEC: case FIELD_QTY: return NULL;
    default: return *(const char *const *)((const char *)payload + r->fields[0].offset);
    }
}

bool event_apply(struct tx *t, const struct event_type *type, const void *payload, const struct table_patch *p,
                 struct err *e)
{
    bool outer = t->applying, ok = true;
    t->applying = true;
    if (type->mode == APPLY_PUT)
        ok = table_write(t, type->record, payload, e);
    else if (type->mode == APPLY_PATCH)
        ok = table_change(t, type->record, payload, p, e);
    ok = ok && (!type->after || type->after(t, payload, e));
    t->applying = outer;
    return ok;
}

MUST_CHECK static bool write_payload(struct buf *b, const struct event_type *type, const void *payload,
                                     const struct table_patch *p, struct err *e)
{
    struct json j;
    buf_clear(b);
    json_init(&j, b);
    const struct record *r = type->record;
    if (!r)
        json_object(&j, NULL), json_end(&j, '}');
    else if (!p)
        record_to_json(r, payload, &j, NULL);
    else {
        json_object(&j, NULL);
        for (int i = 0; i < r->count; i++) {
            const struct field *f = &r->fields[i];
            if (i >= r->key && !p->set[i])
                continue;
            if (field_is_set(f, payload))
                field_to_json(f, payload, &j);
            else
                json_null(&j, f->name); /* cleared by this event */
        }
        json_end(&j, '}');
    }
    return buf_ok(b, "payload", e);
}

MUST_CHECK static bool patient_of_row(struct tx *t, const struct record *r, const char *key, const char **patient,
                                      struct err *e)
{
    const char *sql = table_sql(t->store, r)->patient;
    struct rows rows;
    bool found;
    if (!sql || !key)
        return true;
    if (!store_query(t->store, t->a, sql, VALS(V_INT(t->site), V_TEXT(key)), &rows, e) || !rows_next(&rows, &found, e))
        return false;
    if (found)
        *patient = rows_text(&rows, 0);
    rows_end(&rows);
    return true;
}

/* Whose event is it? Asked after the apply: the row's own patient, or that of what it refers to. */
MUST_CHECK static bool find_patient(struct tx *t, const struct event_type *type, const void *payload,
                                    const char **patient, struct err *e)
{
    const struct record *r = type->record;
    if (!r)
        return true;
    if (strcmp(r->name, "patient") == 0) {
        *patient = event_key(type, payload);
        return true;
    }
    const struct field *own = record_field(r, "patient");
    if (own && own->type == FIELD_REF && field_is_set(own, payload)) {
        *patient = *(const char *const *)((const char *)payload + own->offset);
        return true;
    }
    if (type->mode != APPLY_NOTE)
        return patient_of_row(t, r, event_key(type, payload), patient, e);
    for (int i = 0; i < r->count && !*patient; i++) {
        const struct field *f = &r->fields[i];
        const struct record *to = f->type == FIELD_REF && field_is_set(f, payload) ? model_find(f->detail) : NULL;
        if (to && to != &record_staff &&
            !patient_of_row(t, to, *(const char *const *)((const char *)payload + f->offset), patient, e))
            return false;
    }
    return true;
}

MUST_CHECK static bool check_head(const struct event_type *type, const struct event_head *h, const char *key,
                                  struct err *e)
{
    const char *const texts[] = {h->clock, h->actor, h->command, h->subject, h->patient};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] && strlen(texts[i]) > FIELD_TEXT_MAX)
            return err_set(e, ERR_INTERNAL, type->name, "a text in the header of %s is over %d bytes", type->name,
                           FIELD_TEXT_MAX);
    if (h->happened == UTC_NONE || h->recorded == UTC_NONE)
        return err_set(e, ERR_INTERNAL, type->name, "%s does not say when it happened and when it was recorded",
                       type->name);
    if (key && h->subject && strcmp(key, h->subject) != 0)
        return err_set(e, ERR_INTERNAL, type->name, "%s is about \"%.60s\" but writes \"%.60s\"", type->name,
                       h->subject, key);
    return true;
}

struct stored {
    const struct event_type *type;
    const struct event_head *head;
    const char *subject, *patient, *data;
    size_t data_len;
};

MUST_CHECK static bool insert(struct tx *t, const struct stored *s, struct err *e)
{
    const struct event_head *h = s->head;
    unsigned char salt[SALT_BYTES];
    char commitment[65], hash[65];
    (t->salt ? t->salt : randombytes_buf)(salt, sizeof salt);
    struct chain_link link = {t->site,    t->seq + 1, s->type->name, s->type->version, h,
                              s->subject, s->patient, commitment,    t->hash};
    if (!chain_commitment(&t->store->line, salt, s->data, h->reason, h->why, commitment, e) ||
        !chain_hash(&t->store->line, &link, hash, e))
        return false;
    const struct val seq = V_INT(t->seq + 1);
    if (!store_run(t->store,
                   "INSERT INTO ledger (site, seq, type, version, happened, recorded, clock, offset_us, actor, command,"
                   " subject, patient, commitment, hash) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)",
                   VALS(V_INT(t->site), seq, V_TEXT(s->type->name), V_INT(s->type->version), V_INT(h->happened),
                        V_INT(h->recorded), V_TEXT(h->clock), h->offset_us == INT_NONE ? V_NULL() : V_INT(h->offset_us),
                        V_TEXT(h->actor), V_TEXT(h->command), V_TEXT(s->subject), V_TEXT(s->patient),
                        V_TEXT(commitment), V_TEXT(hash)),
                   NULL, e))
        return false;
    const struct val data = {.kind = VAL_TEXT, .s = s->data, .len = s->data_len};
    if (!store_run(t->store, "INSERT INTO payload (site, seq, salt, data, reason, why) VALUES (?1,?2,?3,?4,?5,?6)",
                   VALS(V_INT(t->site), seq, V_BLOB(salt, sizeof salt), data, V_TEXT(h->reason), V_TEXT(h->why)), NULL,
                   e))
        return false;
    t->seq++;
    memcpy(t->hash, hash, sizeof hash);
    return store_tend(t->store, "ledger", t->seq, e) && store_tend(t->store, "payload", t->seq, e);
}

bool event_append(struct tx *t, const struct event_type *type, const struct event_head *h, const void *payload,
                  const char *fields, struct err *e)
{
    if (!t->writable)
        return err_set(e, ERR_INTERNAL, type->name, "%s is appended outside a batch", type->name);
    assert((type->mode == APPLY_PATCH) == (fields != NULL));
    const struct record *r = type->record;
    const struct table_patch *p = NULL;
    if (fields && !table_sql_patch(t->store, r, fields, &p, e))
        return false;
    void *copy = arena_alloc(t->a, r ? r->size : 1); /* what replay will see: nothing but what the payload says */
    if (r) {
        check_copy(r, copy, payload, p ? p->set : NULL);
        if (!check_record(r, copy, p ? p->set : NULL, t->a, e))
            return false;
    }
    const char *key = event_key(type, copy);
    struct stored s = {.type = type, .head = h, .subject = h->subject ? h->subject : key, .patient = h->patient};
    if (!check_head(type, h, type->mode == APPLY_NOTE ? NULL : key, e) ||
        !write_payload(&t->store->payload, type, copy, p, e))
        return false;
    s.data = buf_str(&t->store->payload);
    s.data_len = t->store->payload.len;
    return event_apply(t, type, copy, p, e) && (s.patient || find_patient(t, type, copy, &s.patient, e)) &&
           insert(t, &s, e);
}

const struct event_type *event_find(const struct event_types *types, const char *name, int version)
{
    for (int i = 0; types && i < types->count; i++)
        if (types->types[i]->version == version && strcmp(types->types[i]->name, name) == 0)
            return types->types[i];
    static const struct event_type *const own[] = {&ev_ledger_erased, &ev_inbox_sealed};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i]->version == version && strcmp(name, own[i]->name) == 0)
            return own[i];
    return NULL;
}
