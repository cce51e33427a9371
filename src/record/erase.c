#include "record/erase.h"

#include <string.h>

#include "record/ledger_private.h"
#include "record/model.h"
#include "record/store_private.h"
#include "record/table_sql.h"

enum { PAGE = 1000 };

RECORD_DEFINE(erasure, 0, "a patient forgotten")

MUST_CHECK static bool delete_where(struct tx *t, const struct buf *sql, const char *patient, struct err *e)
{
    return buf_ok(sql, "sql", e) &&
           store_run(t->store, buf_str(sql), VALS(V_INT(t->site), V_TEXT(patient)), NULL, e);
}

/* Rows of r that refer to a row that has the patient: a scan by its visit, a flow fact by its infusion. */
MUST_CHECK static bool drop_by_reference(struct tx *t, const struct record *r, const char *patient, struct err *e)
{
    bool ok = true;
    for (int i = 0; i < r->count && ok; i++) {
        const struct record *to = r->fields[i].type == FIELD_REF ? model_find(r->fields[i].detail) : NULL;
        if (!to || to == &record_staff || !record_field(to, "patient"))
            continue;
        struct buf b;
        buf_init(&b, SQL_MAX);
        buf_printf(&b,
                   "DELETE FROM \"%s\" WHERE \"site\"=?1 AND \"%s\" IN (SELECT \"id\" FROM \"%s\" WHERE \"site\"=?1 "
                   "AND \"patient\"=?2)",
                   r->name, r->fields[i].name, to->name);
        ok = delete_where(t, &b, patient, e);
        buf_fini(&b);
    }
    return ok;
}

MUST_CHECK static bool drop_own(struct tx *t, const struct record *r, const char *patient, struct err *e)
{
    const struct field *own = record_field(r, "patient");
    bool is_patient = r == &record_patient;
    if (!is_patient && (!own || own->type != FIELD_REF))
        return true;
    struct buf b;
    buf_init(&b, SQL_MAX);
    buf_printf(&b, "DELETE FROM \"%s\" WHERE \"site\"=?1 AND \"%s\"=?2", r->name, is_patient ? "id" : "patient");
    bool ok = delete_where(t, &b, patient, e);
    buf_fini(&b);
    return ok;
}

/* The derived row each event of the patient wrote, found by the headers alone. */
MUST_CHECK static bool drop_written(struct tx *t, const char *patient, int64_t upto, struct err *e)
{
    struct store *ledger = t->history ? t->history : t->store;
    struct arena *a = arena_new();
    int64_t after = 0;
    bool ok = true;
    for (int n = PAGE; ok && n == PAGE;) {
        struct rows rows;
        bool more = true;
        n = 0;
        arena_reset(a);
        ok = store_query(
            ledger, a,
            "SELECT seq, type, version, subject FROM ledger WHERE site=?1 AND patient=?2 AND seq>?3 AND seq<=?4"
            " ORDER BY seq LIMIT 1000",
            VALS(V_INT(t->site), V_TEXT(patient), V_INT(after), V_INT(upto)), &rows, e);
        while (ok && (ok = rows_next(&rows, &more, e)) && more) {
            n++;
            after = rows_int(&rows, 0);
            const struct event_type *type = event_find(t->types, rows_text(&rows, 1), (int)rows_int(&rows, 2));
            const char *key = rows_text(&rows, 3);
            if (type && type->record && type->mode != APPLY_NOTE && key)
                ok = store_run(t->store, table_sql(t->store, type->record)->drop, VALS(V_INT(t->site), V_TEXT(key)),
                               NULL, e);
        }
        rows_end(&rows);
    }
    arena_free(a);
    return ok;
}

static bool erase_after(struct tx *t, const void *payload, struct err *e)
{
    const struct erasure *x = payload;
    if (!drop_written(t, x->patient, t->seq, e))
        return false;
    for (int i = 0; i < model_record_count; i++)
        if (!drop_by_reference(t, model_records[i], x->patient, e))
            return false;
    for (int i = 0; i < model_record_count; i++)
        if (!drop_own(t, model_records[i], x->patient, e))
            return false;
    return true;
}

const struct event_type ev_ledger_erased = {"ledger.erased", 1,           APPLY_NOTE,
                                            &record_erasure, erase_after, "a patient forgotten"};

bool ledger_erase(struct tx *t, const struct event_head *h, const char *patient, struct err *e)
{
    BLANK(erasure, x);
    x.patient = patient;
    struct event_head head = *h;
    head.subject = patient;
    head.patient = NULL; /* this event itself must stay readable */
    if (!store_run(t->store,
                   "DELETE FROM payload WHERE site=?1 AND seq IN (SELECT seq FROM ledger WHERE site=?1 AND patient=?2)",
                   VALS(V_INT(t->site), V_TEXT(patient)), &x.events, e))
        return false;
    return event_append(t, &ev_ledger_erased, &head, &x, NULL, e);
}
