#include "golden_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "record/chain.h"
#include "record/ledger.h"

static void works(bool ok, const struct err *e)
{
    if (!ok)
        fail_msg("%s: %s", e->where, e->text);
}

static const char *const columns[] = {"site",       "seq",       "type",  "version", "happened", "recorded",
                                      "clock",      "offset_us", "actor", "command", "subject",  "patient",
                                      "commitment", "hash",      "salt",  "data",    "reason",   "why"};
enum { COLUMNS = sizeof columns / sizeof *columns, HEADER = 14 };
static const bool is_int[COLUMNS] = {true, true, false, true, true, true, false, true};

void golden_events_write(struct store *s, struct arena *a, FILE *f)
{
    struct err e = {0};
    struct rows rows;
    bool more;
    works(store_query(s, a,
                         "SELECT l.site, l.seq, type, version, happened, recorded, clock, offset_us, actor, command, "
                         "subject, patient,"
                         " commitment, hash, lower(hex(salt)), data, reason, why FROM ledger l LEFT JOIN payload p ON "
                         "p.site=l.site AND p.seq=l.seq"
                         " ORDER BY l.site, l.seq",
                         NO_VALS, &rows, &e), &e);
    while (rows_next(&rows, &more, &e) && more) {
        struct buf b;
        struct json j;
        buf_init(&b, GOLDEN_MAX);
        json_init(&j, &b);
        json_object(&j, NULL);
        for (int i = 0; i < COLUMNS; i++)
            if (!rows_null(&rows, i) && (i != 14 || !rows_null(&rows, 15))) {
                if (is_int[i])
                    json_int(&j, columns[i], rows_int(&rows, i));
                else
                    json_str(&j, columns[i], rows_text(&rows, i));
            }
        json_end(&j, '}');
        fprintf(f, "%s\n", buf_str(&b));
        buf_fini(&b);
    }
}

static struct val column(struct arena *a, const struct node *line, int i)
{
    const struct node *n = node_get(line, columns[i]);
    if (!n)
        return V_NULL();
    if (!is_int[i])
        return V_TEXT(arena_strdup(a, node_str(n)));
    struct dec d;
    int64_t number;
    struct err e = {0};
    works(node_dec(n, &d, &e), &e);
    assert_true(dec_to_int(d, DEC_DOWN, &number));
    return V_INT(number);
}

void golden_event_insert(struct store *s, struct arena *a, const struct node *line)
{
    struct err e = {0};
    struct val v[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        v[i] = column(a, line, i);
    works(store_run(s,
                       "INSERT INTO ledger (site, seq, type, version, happened, recorded, clock, offset_us, actor, "
                       "command, subject,"
                       " patient, commitment, hash) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)",
                       v, HEADER, NULL, &e), &e);
    works(store_run(s,
                       "INSERT INTO ledger_head (site, seq, hash) VALUES (?1, ?2, ?3) ON CONFLICT (site) DO UPDATE SET "
                       "seq=excluded.seq,"
                       " hash=excluded.hash",
                       VALS(v[0], v[1], v[13]), NULL, &e), &e);
    if (v[15].kind == VAL_NULL)
        return; /* erased */
    unsigned char salt[SALT_BYTES];
    for (int i = 0; i < SALT_BYTES; i++) {
        char byte[3] = {v[14].s[2 * i], v[14].s[2 * i + 1], 0};
        salt[i] = (unsigned char)strtoul(byte, NULL, 16);
    }
    works(store_run(s, "INSERT INTO payload (site, seq, salt, data, reason, why) VALUES (?1,?2,?3,?4,?5,?6)",
                       VALS(v[0], v[1], V_BLOB(salt, SALT_BYTES), v[15], v[16], v[17]), NULL, &e), &e);
}

char *golden_text(struct arena *a, const char *path, size_t *len)
{
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s is missing", path);
    char *text = arena_alloc(a, GOLDEN_MAX);
    *len = fread(text, 1, GOLDEN_MAX - 1, f);
    text[*len] = 0;
    fclose(f);
    return text;
}
