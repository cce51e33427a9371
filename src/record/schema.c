#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/ddl.h"
#include "record/ledger.h"
#include "record/model.h"
#include "record/runtime.h"

MUST_CHECK static bool create(struct store *s, const struct record *const *records, int count, struct err *e)
{
    struct buf b;
    buf_init(&b, TABLES_SQL_MAX);
    for (int i = 0; i < count; i++)
        ddl_table(&b, records[i], store_kind_of(s));
    bool ok = buf_ok(&b, "the tables", e) && store_script(s, buf_str(&b), e);
    buf_fini(&b);
    return ok;
}

MUST_CHECK static bool drop(struct store *s, const struct record *const *records, int count, struct err *e)
{
    struct buf b;
    buf_init(&b, TABLES_SQL_MAX);
    for (int i = 0; i < count; i++)
        buf_printf(&b, "DROP TABLE IF EXISTS \"%s\";\n", records[i]->name);
    bool ok = buf_ok(&b, "the tables", e) && store_script(s, buf_str(&b), e);
    buf_fini(&b);
    return ok;
}

bool schema_derived(struct store *s, struct err *e)
{
    return create(s, model_records, model_record_count, e);
}

bool schema_derived_drop(struct store *s, struct err *e)
{
    return drop(s, model_records, model_record_count, e);
}

bool schema_log(struct store *s, struct err *e)
{
    struct buf b;
    buf_init(&b, TABLES_SQL_MAX);
    ddl_log_tables(&b, store_kind_of(s));
    bool ok = buf_ok(&b, "the tables", e) && store_script(s, buf_str(&b), e);
    buf_fini(&b);
    return ok;
}

/* "" if nothing is noted. */
MUST_CHECK static bool info_get(struct store *s, struct arena *a, const char *name, const char **value, struct err *e)
{
    struct rows rows;
    bool found;
    *value = "";
    if (!store_query(s, a, "SELECT value FROM store_info WHERE name=?1", VALS(V_TEXT(name)), &rows, e) ||
        !rows_next(&rows, &found, e))
        return false;
    if (found)
        *value = rows_text(&rows, 0);
    rows_end(&rows);
    return true;
}

MUST_CHECK static bool info_set(struct store *s, const char *name, const char *value, struct err *e)
{
    return store_run(
        s, "INSERT INTO store_info (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
        VALS(V_TEXT(name), V_TEXT(value)), NULL, e);
}

bool schema_note_derived(struct store *s, struct err *e)
{
    char made[65];
    return ddl_digest(model_records, model_record_count, made, e) && info_set(s, "derived", made, e);
}

MUST_CHECK static bool any_event(struct store *s, struct arena *a, bool *any, struct err *e)
{
    struct rows rows;
    if (!store_query(s, a, "SELECT 1 FROM ledger LIMIT 1", NO_VALS, &rows, e) || !rows_next(&rows, any, e))
        return false;
    rows_end(&rows);
    return true;
}

MUST_CHECK static bool check_log(struct store *s, struct arena *a, struct err *e)
{
    const char *log;
    char ours[16];
    snprintf(ours, sizeof ours, "%d", SCHEMA_LOG_VERSION);
    if (!info_get(s, a, "log", &log, e))
        return false;
    if (log[0] && strcmp(log, ours) != 0)
        return err_set(e, ERR_CONFLICT, "db",
                       "the ledger of this store is of version %.10s, this program reads version %s", log, ours);
    return log[0] || info_set(s, "log", ours, e);
}

MUST_CHECK static bool check_derived(struct store *s, struct arena *a, struct err *e)
{
    const char *was;
    char now[65];
    bool events;
    if (!info_get(s, a, "derived", &was, e) || !ddl_digest(model_records, model_record_count, now, e))
        return false;
    if (was[0] && strcmp(was, now) != 0) {
        if (!any_event(s, a, &events, e))
            return false;
        if (events)
            return err_set(e, ERR_CONFLICT, "db",
                           "the tables of this store were made by another version of the program: "
                           "rebuild them from its ledger (venule rebuild --db URL)");
        if (!schema_derived_drop(s, e))
            return false;
    }
    return schema_derived(s, e) && (strcmp(was, now) == 0 || schema_note_derived(s, e));
}

/* Runtime rows may be lost: another description simply begins anew. */
MUST_CHECK static bool check_runtime(struct store *s, struct arena *a, struct err *e)
{
    const char *was;
    char now[65];
    if (!info_get(s, a, "runtime", &was, e) || !ddl_digest(runtime_records, runtime_record_count, now, e))
        return false;
    if (was[0] && strcmp(was, now) != 0 && !drop(s, runtime_records, runtime_record_count, e))
        return false;
    return create(s, runtime_records, runtime_record_count, e) &&
           (strcmp(was, now) == 0 || info_set(s, "runtime", now, e));
}

MUST_CHECK static bool count_of(struct store *s, struct arena *a, const char *sql, int64_t *out, struct err *e)
{
    struct rows rows;
    bool found;
    if (!store_query(s, a, sql, NO_VALS, &rows, e) || !rows_next(&rows, &found, e))
        return false;
    *out = found ? rows_int(&rows, 0) : 0;
    rows_end(&rows);
    return true;
}

/* What SQLite's planner is told of every index. Without it, it takes (site=?) for a choice of a few rows, and walks
 * years of visits in the order asked for instead of one patient's. All rows are of a site; a tenth are of one state,
 * day or kind; a few belong to one of anything else. Said once, so that plans do not change as the store grows. */
static const char planner_facts[] =
    "DELETE FROM sqlite_stat1;"
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT m.tbl_name, m.name, '1000000' || (SELECT group_concat("
    "  CASE WHEN i.seqno=0 THEN ' 1000000' WHEN i.name IN ('type', 'packed', 'day') OR (i.seqno=1 AND i.name IN ('state', 'drug')) THEN ' 100000'"
    "  WHEN i.seqno=1 AND i.name NOT IN ('id', 'seq') THEN ' 20' WHEN i.seqno=2 AND i.name<>'message_id' THEN ' 5'"
    "  ELSE ' 1' END, '') FROM pragma_index_info(m.name) i) FROM sqlite_schema m WHERE m.type='index';"
    "ANALYZE sqlite_schema";

MUST_CHECK static bool inform_planner(struct store *s, struct arena *a, struct err *e)
{
    int64_t tables, missing;
    if (store_kind_of(s) != STORE_SQLITE)
        return true;
    if (!count_of(s, a, "SELECT count(*) FROM sqlite_schema WHERE name='sqlite_stat1'", &tables, e) ||
        (!tables && !store_script(s, "PRAGMA analysis_limit=1; ANALYZE", e)) ||
        !count_of(s, a,
                  "SELECT count(*) FROM sqlite_schema m WHERE m.type='index' AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 t"
                  " WHERE t.idx=m.name AND t.stat LIKE '1000000 %')",
                  &missing, e))
        return false;
    return !missing || store_script(s, planner_facts, e);
}

bool ledger_create(struct store *s, struct err *e)
{
    struct arena *a = arena_new();
    bool ok = store_begin(s, e);
    /* two servers that start together on one new database: the second waits, then finds everything there */
    if (ok && store_kind_of(s) == STORE_POSTGRES)
        ok = store_script(s, "SELECT pg_advisory_xact_lock(7566949)", e);
    ok = ok && schema_log(s, e) && check_log(s, a, e) && check_derived(s, a, e) && check_runtime(s, a, e) &&
         inform_planner(s, a, e) && store_commit(s, e);
    if (!ok)
        store_rollback(s);
    arena_free(a);
    return ok;
}
