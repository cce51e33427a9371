/* The store: values of every kind, statements, transactions. The same on SQLite and PostgreSQL. */
#include "rig.h"

#include <string.h>

#include "record/id.h"

static void values(void **state)
{
    struct rig *r = *state;
    const char *ddl = store_kind_of(r->s) == STORE_SQLITE ? "CREATE TABLE v (n INTEGER, t TEXT, b BLOB) STRICT"
                                                         : "CREATE TABLE v (n BIGINT, t TEXT COLLATE \"C\", b BYTEA)";
    WORKS(r, store_script(r->s, ddl, &r->e));
    static const struct {
        int64_t n;
        const char *t, *b;
        size_t len;
    } rows[] = {
        {0, "", "", 0},
        {INT64_MAX, "what? '?1' \"?2\" é漢", "a\0b\xff\\", 5},
        {INT64_MIN, NULL, NULL, 0},
        {-1, "Z", "\x01", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t changed = 0;
        WORKS(r, store_run(r->s, "INSERT INTO v (n, t, b) VALUES (?1, ?2, ?3)",
                           VALS(V_INT(rows[i].n), V_TEXT(rows[i].t),
                                rows[i].b ? V_BLOB(rows[i].b, rows[i].len) : V_NULL()),
                           &changed, &r->e));
        assert_int_equal(changed, 1);
    }
    struct rows q;
    bool more;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        WORKS(r, store_query(r->s, r->a, "SELECT n, t, b, n > 0, '?1' FROM v WHERE n = ?1 AND (?2 IS NULL OR t = ?2)",
                             VALS(V_INT(rows[i].n), V_TEXT(rows[i].t)), &q, &r->e));
        WORKS(r, rows_next(&q, &more, &r->e));
        assert_true(more);
        assert_int_equal(rows_int(&q, 0), rows[i].n);
        if (rows[i].t)
            assert_string_equal(rows_text(&q, 1), rows[i].t);
        else
            assert_true(rows_null(&q, 1) && !rows_text(&q, 1) && rows_int(&q, 1) == 0);
        size_t len;
        const void *b = rows_blob(&q, 2, &len);
        assert_true(rows[i].b ? b && len == rows[i].len && memcmp(b, rows[i].b, len) == 0 : !b && rows_null(&q, 2));
        assert_int_equal(rows_int(&q, 3), rows[i].n > 0);
        assert_string_equal(rows_text(&q, 4), "?1");
        WORKS(r, rows_next(&q, &more, &r->e));
        assert_false(more);
    }
    /* bytes order texts, on both: capital before small, ASCII before the rest */
    WORKS(r, store_run(r->s, "DELETE FROM v", NO_VALS, NULL, &r->e));
    static const char *const texts[] = {"a", "B", "é", "Z", "_", "z"};
    for (int i = 0; i < 6; i++)
        WORKS(r, store_run(r->s, "INSERT INTO v (t) VALUES (?1)", VALS(V_TEXT(texts[i])), NULL, &r->e));
    char order[64] = "";
    WORKS(r, store_query(r->s, r->a, "SELECT t FROM v ORDER BY t", NO_VALS, &q, &r->e));
    while (rows_next(&q, &more, &r->e) && more)
        strcat(order, rows_text(&q, 0));
    assert_string_equal(order, "BZ_azé");
}

static void same_text_nested(void **state)
{
    struct rig *r = *state;
    const char *sql =
        store_kind_of(r->s) == STORE_SQLITE ? "SELECT 1 UNION SELECT 2" : "SELECT 1::bigint UNION SELECT 2 ORDER BY 1";
    struct rows outer, inner;
    bool more;
    int pairs = 0;
    WORKS(r, store_query(r->s, r->a, sql, NO_VALS, &outer, &r->e));
    while (rows_next(&outer, &more, &r->e) && more) {
        WORKS(r, store_query(r->s, r->a, sql, NO_VALS, &inner, &r->e));
        while (rows_next(&inner, &more, &r->e) && more)
            pairs++;
    }
    assert_int_equal(pairs, 4);
    WORKS(r, store_query(r->s, r->a, sql, NO_VALS, &outer, &r->e));
    WORKS(r, rows_next(&outer, &more, &r->e));
    rows_end(&outer); /* left early */
    /* more different texts than are kept */
    for (int i = 0; i < 1500; i++) {
        WORKS(r, store_query(r->s, r->a, arena_printf(r->a, "SELECT %d + ?1", i), VALS(V_INT(1)), &outer, &r->e));
        WORKS(r, rows_next(&outer, &more, &r->e));
        assert_int_equal(rows_int(&outer, 0), i + 1);
        rows_end(&outer);
    }
}

static void errors(void **state)
{
    struct rig *r = *state;
    struct store *s = NULL;
    struct rows q;
    FAILS(r, ERR_INPUT, store_open("mysql://x", false, &s, &r->e));
    FAILS(r, ERR_STORE, store_open("sqlite:/nowhere/at/all/x.db", false, &s, &r->e));
    FAILS(r, ERR_STORE, store_open("postgresql://nobody@127.0.0.1:1/x", false, &s, &r->e));
    assert_null(s);
    FAILS(r, ERR_STORE, store_run(r->s, "SELEKT", NO_VALS, NULL, &r->e));
    FAILS(r, ERR_STORE, store_query(r->s, r->a, "SELECT * FROM nothing_here", NO_VALS, &q, &r->e));
    const char *put = "INSERT INTO store_info (name, value) VALUES (?1, ?2)";
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("x"), V_TEXT("1")), NULL, &r->e));
    FAILS(r, ERR_CONFLICT, store_run(r->s, put, VALS(V_TEXT("x"), V_TEXT("2")), NULL, &r->e));
    struct store *reader = rig_open_again(r, true);
    FAILS(r, ERR_STORE, store_run(reader, put, VALS(V_TEXT("y"), V_TEXT("2")), NULL, &r->e));
    store_close(reader);
}

static int64_t count_info(struct rig *r, struct store *s, const char *like)
{
    struct rows q;
    bool more;
    WORKS(r, store_query(s, r->a, "SELECT count(*) FROM store_info WHERE name = ?1", VALS(V_TEXT(like)), &q, &r->e));
    WORKS(r, rows_next(&q, &more, &r->e));
    int64_t n = rows_int(&q, 0);
    rows_end(&q);
    return n;
}

static void transactions(void **state)
{
    struct rig *r = *state;
    const char *put = "INSERT INTO store_info (name, value) VALUES (?1, 'x')";
    struct store *reader = rig_open_again(r, true);
    WORKS(r, store_begin(r->s, &r->e));
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("kept")), NULL, &r->e));
    WORKS(r, store_savepoint(r->s, &r->e));
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("undone")), NULL, &r->e));
    FAILS(r, ERR_CONFLICT,
          store_run(r->s, put, VALS(V_TEXT("undone")), NULL, &r->e)); /* PostgreSQL: transaction failed now */
    assert_true(store_in_transaction(r->s));
    WORKS(r, store_rollback_to(r->s, &r->e));
    WORKS(r, store_savepoint(r->s, &r->e));
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("also kept")), NULL, &r->e));
    WORKS(r, store_release(r->s, &r->e));
    assert_int_equal(count_info(r, reader, "kept"), 0); /* not before the commit */
    WORKS(r, store_begin_read(reader, &r->e));
    assert_int_equal(count_info(r, reader, "kept"), 0);
    WORKS(r, store_commit(r->s, &r->e));
    assert_int_equal(count_info(r, reader, "kept"), 0); /* its snapshot stands */
    store_rollback(reader);
    assert_int_equal(count_info(r, reader, "kept"), 1);
    assert_int_equal(count_info(r, reader, "also kept"), 1);
    assert_int_equal(count_info(r, reader, "undone"), 0);
    assert_false(store_in_transaction(r->s));
    WORKS(r, store_begin(r->s, &r->e));
    FAILS(r, ERR_INTERNAL, store_begin(r->s, &r->e));
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("rolled")), NULL, &r->e));
    store_rollback(r->s);
    assert_int_equal(count_info(r, r->s, "rolled"), 0);
    if (store_kind_of(r->s) == STORE_POSTGRES) { /* a failed transaction commits nothing, and says so */
        WORKS(r, store_begin(r->s, &r->e));
        FAILS(r, ERR_CONFLICT, store_run(r->s, put, VALS(V_TEXT("kept")), NULL, &r->e));
        FAILS(r, ERR_STORE, store_commit(r->s, &r->e));
    }
    store_close(reader);
}

/* A connection lost between batches comes back; what was in one is lost and said to be. */
static void a_lost_connection(void **state)
{
    struct rig *r = *state;
    const char *put = "INSERT INTO store_info (name, value) VALUES (?1, 'x')";
    if (!rig_is_pg())
        return; /* a file has none */
    WORKS(r, store_begin(r->s, &r->e));
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("lost")), NULL, &r->e));
    FAILS(r, ERR_STORE, store_script(r->s, "SELECT pg_terminate_backend(pg_backend_pid())", &r->e));
    FAILS(r, ERR_STORE, store_run(r->s, put, VALS(V_TEXT("lost")), NULL, &r->e));
    assert_false(store_in_transaction(r->s));
    WORKS(r, store_begin(r->s, &r->e));
    WORKS(r, store_run(r->s, put, VALS(V_TEXT("kept")), NULL, &r->e));
    WORKS(r, store_commit(r->s, &r->e));
    assert_int_equal(count_info(r, r->s, "kept"), 1);
    assert_int_equal(count_info(r, r->s, "lost"), 0);
}

static void ids(void **state)
{
    struct rig *r = *state;
    struct id id;
    static const char *const types[] = {"visit", "med_order", "vital_signs", "x"};
    for (int i = 0; i < 4; i++)
        for (int64_t seq = 1; seq < 2000000; seq = seq * 7 + 3) {
            const char *s = id_make(r->a, seq % 90 + 1, types[i], seq);
            WORKS(r, id_read(s, &id, &r->e));
            assert_true(id.site == seq % 90 + 1 && id.seq == seq && strcmp(id.type, types[i]) == 0);
            /* every digit mistyped, and every two neighbours swapped, is found */
            char bad[80];
            for (size_t k = 0; s[k + 2]; k++) {
                strcpy(bad, s);
                if (bad[k] >= '0' && bad[k] <= '9') {
                    bad[k] = bad[k] == '9' ? '0' : (char)(bad[k] + 1);
                    FAILS(r, ERR_INPUT, id_read(bad, &id, &r->e));
                    strcpy(bad, s);
                }
                if (bad[k] != bad[k + 1]) {
                    bad[k] = s[k + 1];
                    bad[k + 1] = s[k];
                    FAILS(r, ERR_INPUT, id_read(bad, &id, &r->e));
                }
            }
        }
    WORKS(r, id_read("1-visit-48213-5", &id, &r->e)); /* check character by hand, from ISO 7064 */
    static const char *const wrong[] = {"",
                                        "-",
                                        "1",
                                        "1-visit",
                                        "1-visit-2",
                                        "1-visit-2-",
                                        "1-Visit-2-K",
                                        "a-visit-2-K",
                                        "1-visit-99999999999999999999-K",
                                        "1--2-K",
                                        NULL};
    for (int i = 0; wrong[i]; i++)
        FAILS(r, ERR_INPUT, id_read(wrong[i], &id, &r->e));
    FAILS(r, ERR_INPUT, id_read(NULL, &id, &r->e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values, rig_start, rig_stop),
        cmocka_unit_test_setup_teardown(same_text_nested, rig_start, rig_stop),
        cmocka_unit_test_setup_teardown(errors, rig_start, rig_stop),
        cmocka_unit_test_setup_teardown(transactions, rig_start, rig_stop),
        cmocka_unit_test_setup_teardown(a_lost_connection, rig_start, rig_stop),
        cmocka_unit_test_setup_teardown(ids, rig_start, rig_stop),
    };
    return cmocka_run_group_tests_name(rig_is_pg() ? "store, PostgreSQL" : "store, SQLite", tests, NULL, NULL);
}
