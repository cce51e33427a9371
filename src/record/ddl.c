#include "record/ddl.h"

#include <string.h>

#include "record/chain.h"
#include "record/ledger.h"

/* Indexes that no FIELD_REF gives: what the day's lists are looked up by. A record's reference gets an index (site,
 * reference) by itself, unless one here begins with it, or it names staff (who did it is read, not searched by).
 * ~x: x in small letters. */
static const struct index_row {
    const char *record, *columns;
} indexes[] = {
    {"staff", "login"},
    {"staff", "badge"},
    {"patient", "mrn"},
    {"patient", "family given id"},
    {"patient", "~mrn"},
    {"patient", "~family given id"},
    {"patient", "~given family id"},
    {"shift", "nurse start"},
    {"shift", "start"},
    {"observation", "patient name taken"},
    {"plan", "state"},
    {"plan", "patient first_day id"},
    {"visit", "due"},
    {"visit", "start state id"}, /* who is here: told by the index alone, as the next three */
    {"vital_signs", "visit at phase"},
    {"screen", "visit kind"},
    {"prep", "visit state"},
    {"visit", "state"},
    {"visit", "chair start"},
    {"visit", "nurse start"},
    {"med_order", "state"},
    {"authorisation", "patient drug"},
    {"stock", "drug"},
    {"prep", "state"},
    {"prep", "barcode"},
    {"infusion", "state"},
    {"infusion", "pump channel ended associated_at id"}, /* who has the channel now */
    {"infusion", "pump channel associated_at id"},       /* who had it then */
    {"flow_fact", "pump channel happened"},
    {"flow_fact", "sender message"},
    {"alarm", "state"},
    {"reaction", "state"},
    {"question", "state"},
    {"charge", "state"},
    {"resource", "type made"},
    {"resource", "alias"},
    {"refusal", "at"},
};

int ddl_columns(const struct field *f)
{
    return f->type == FIELD_DEC ? 2 : f->type == FIELD_QTY ? 3 : 1;
}

void ddl_field_columns(struct buf *b, const struct field *f, const char *before, const char *after)
{
    static const char *const tail[] = {"", "_s", "_u"};
    for (int i = 0; i < ddl_columns(f); i++)
        buf_printf(b, "%s%s\"%s%s\"%s", i ? "," : "", before, f->name, tail[i], after);
}

void ddl_column_list(struct buf *b, const struct record *r, const char *before)
{
    for (int i = 0; i < r->count; i++) {
        if (i)
            buf_addc(b, ',');
        ddl_field_columns(b, &r->fields[i], before, "");
    }
}

static const char *text_type(enum store_kind kind)
{
    return kind == STORE_SQLITE ? "TEXT" : "TEXT COLLATE \"C\"";
}

static const char *int_type(enum store_kind kind)
{
    return kind == STORE_SQLITE ? "INTEGER" : "BIGINT";
}

static void field_ddl(struct buf *b, const struct field *f, enum store_kind kind, bool key)
{
    const char *need = f->need == MUST || key ? " NOT NULL" : "";
    switch (f->type) {
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_TIME: buf_printf(b, ",\n  \"%s\" %s%s", f->name, int_type(kind), need); break;
    case FIELD_DEC:
    case FIELD_QTY:
        buf_printf(b, ",\n  \"%s\" %s%s,\n  \"%s_s\" %s%s", f->name, int_type(kind), need, f->name, int_type(kind),
                   need);
        if (f->type == FIELD_QTY)
            buf_printf(b, ",\n  \"%s_u\" %s%s", f->name, text_type(kind), need);
        break;
    default: buf_printf(b, ",\n  \"%s\" %s%s", f->name, text_type(kind), need); break;
    }
}

static bool begins_with_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    return strncmp(words, word, n) == 0 && (words[n] == ' ' || words[n] == 0);
}

static void index_ddl(struct buf *b, const struct record *r, const char *columns)
{
    char first[64];
    size_t n = strcspn(columns, " ");
    if (n >= sizeof first)
        n = sizeof first - 1;
    memcpy(first, columns, n);
    first[n] = 0;
    const struct field *f = record_field(r, first);
    buf_printf(b, "CREATE INDEX IF NOT EXISTS \"ix_%s", r->name);
    for (const char *p = columns; *p; p += strcspn(p, " "), p += *p == ' ')
        buf_printf(b, "%s%.*s", *p == '~' ? "_lower_" : "_", (int)strcspn(p, " ") - (*p == '~'), p + (*p == '~'));
    buf_printf(b, "\" ON \"%s\" (\"site\"", r->name);
    for (const char *p = columns; *p; p += strcspn(p, " "), p += *p == ' ')
        if (*p == '~')
            buf_printf(b, ",lower(\"%.*s\")", (int)strcspn(p, " ") - 1, p + 1);
        else
            buf_printf(b, ",\"%.*s\"", (int)strcspn(p, " "), p);
    buf_puts(b, ")");
    if (f && f->need == MAY)
        buf_printf(b, " WHERE \"%s\" IS NOT NULL", first);
    buf_puts(b, ";\n");
}

static bool has_index(const struct record *r, const char *field)
{
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        if (strcmp(indexes[i].record, r->name) == 0 && begins_with_word(indexes[i].columns, field))
            return true;
    return false;
}

void ddl_table(struct buf *b, const struct record *r, enum store_kind kind)
{
    buf_printf(b, "CREATE TABLE IF NOT EXISTS \"%s\" (\n  \"site\" %s NOT NULL", r->name, int_type(kind));
    for (int i = 0; i < r->count; i++)
        field_ddl(b, &r->fields[i], kind, i < r->key);
    buf_puts(b, ",\n  PRIMARY KEY (\"site\"");
    for (int i = 0; i < r->key; i++)
        buf_printf(b, ",\"%s\"", r->fields[i].name);
    buf_printf(b, ")\n)%s;\n", kind == STORE_SQLITE ? " STRICT" : "");
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        if (strcmp(indexes[i].record, r->name) == 0)
            index_ddl(b, r, indexes[i].columns);
    for (int i = r->key; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (f->type == FIELD_REF && strcmp(f->detail, "staff") != 0 && !has_index(r, f->name))
            index_ddl(b, r, f->name);
    }
}

const char *table_ddl(struct arena *a, const struct record *r, enum store_kind kind)
{
    struct buf b;
    buf_init(&b, TABLES_SQL_MAX);
    ddl_table(&b, r, kind);
    const char *s = arena_strdup(a, buf_str(&b));
    buf_fini(&b);
    return s;
}

bool ddl_digest(const struct record *const *records, int count, char out[65], struct err *e)
{
    struct buf b;
    buf_init(&b, TABLES_SQL_MAX);
    for (int i = 0; i < count; i++)
        ddl_table(&b, records[i], STORE_SQLITE);
    bool ok = buf_ok(&b, "the tables", e);
    if (ok)
        chain_sha256(buf_str(&b), b.len, out);
    buf_fini(&b);
    return ok;
}

/* The log, and the heads of its chains. "@i", "@t", "@b" are the store's integer, text and byte types. The ledger's
 * header and its payload are apart because a payload can be erased and a header cannot. */
static const char log_tables[] =
    "CREATE TABLE IF NOT EXISTS store_info (name @t NOT NULL PRIMARY KEY, value @t NOT NULL)@s;\n"
    "CREATE TABLE IF NOT EXISTS ledger_head (site @i NOT NULL PRIMARY KEY, seq @i NOT NULL, hash @t NOT NULL,"
    " writer @i NOT NULL DEFAULT 0)@s;\n"
    "CREATE TABLE IF NOT EXISTS ledger (site @i NOT NULL, seq @i NOT NULL, type @t NOT NULL, version @i NOT NULL,"
    " happened @i NOT NULL, recorded @i NOT NULL, clock @t, offset_us @i, actor @t, command @t, subject @t, patient @t,"
    " commitment @t NOT NULL, hash @t NOT NULL, PRIMARY KEY (site, seq))@s;\n"
    "CREATE INDEX IF NOT EXISTS ix_ledger_subject ON ledger (site, subject, seq) WHERE subject IS NOT NULL;\n"
    "CREATE INDEX IF NOT EXISTS ix_ledger_patient ON ledger (site, patient, seq) WHERE patient IS NOT NULL;\n"
    "CREATE TABLE IF NOT EXISTS payload (site @i NOT NULL, seq @i NOT NULL, salt @b NOT NULL, data @t NOT NULL,"
    " reason @t, why @t, PRIMARY KEY (site, seq))@s;\n"
    "CREATE TABLE IF NOT EXISTS command_answer (site @i NOT NULL, actor @t NOT NULL, key @t NOT NULL,"
    " body_hash @t NOT NULL, answer @t NOT NULL, seq @i NOT NULL, PRIMARY KEY (site, actor, key))@s;\n"
    "CREATE TABLE IF NOT EXISTS inbox (site @i NOT NULL, sender @t NOT NULL, message_id @t NOT NULL, block @i NOT NULL,"
    " PRIMARY KEY (site, sender, message_id))@w;\n"
    "CREATE TABLE IF NOT EXISTS inbox_block (site @i NOT NULL, id @i NOT NULL, day @i NOT NULL, messages @i NOT NULL,"
    " packed @i NOT NULL, size @i NOT NULL, raw @b NOT NULL, PRIMARY KEY (site, id))@s;\n"
    "CREATE INDEX IF NOT EXISTS ix_inbox_block_day ON inbox_block (site, day, id);\n"
    "CREATE INDEX IF NOT EXISTS ix_inbox_block_loose ON inbox_block (site, id) WHERE packed<2;\n"
    "CREATE TABLE IF NOT EXISTS audit_head (site @i NOT NULL PRIMARY KEY, seq @i NOT NULL, hash @t NOT NULL)@s;\n"
    "CREATE TABLE IF NOT EXISTS read_audit (site @i NOT NULL, seq @i NOT NULL, reader @t NOT NULL, patient @t NOT NULL,"
    " purpose @t NOT NULL, slot @i NOT NULL, first_read @i NOT NULL, hash @t NOT NULL, PRIMARY KEY (site, seq))@s;\n"
    "CREATE UNIQUE INDEX IF NOT EXISTS ix_read_audit_once ON read_audit (site, reader, patient, purpose, slot);\n"
    "CREATE INDEX IF NOT EXISTS ix_read_audit_patient ON read_audit (site, patient, slot);\n";

void ddl_log_tables(struct buf *b, enum store_kind kind)
{
    for (const char *p = log_tables; *p; p++) {
        if (*p != '@') {
            buf_addc(b, *p);
            continue;
        }
        switch (*++p) {
        case 'i': buf_puts(b, int_type(kind)); break;
        case 't': buf_puts(b, text_type(kind)); break;
        case 'b': buf_puts(b, kind == STORE_SQLITE ? "BLOB" : "BYTEA"); break;
        case 'w': buf_puts(b, kind == STORE_SQLITE ? " STRICT, WITHOUT ROWID" : ""); break;
        default: buf_puts(b, kind == STORE_SQLITE ? " STRICT" : ""); break;
        }
    }
}
