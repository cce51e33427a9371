/* The read audit: written once per five minutes, in a chain; when it cannot be written, reads are refused. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "record/audit.h"

static struct audit_read read_of(const char *reader, const char *patient, int64_t second)
{
    return (struct audit_read){1, reader, patient, "view bedside", utc_of_date(2026, 3, 9) + second * UTC_SECOND};
}

static int64_t rows_of(struct rig *r, const char *patient)
{
    struct audit_row *rows;
    int n;
    WORKS(r, audit_about(r->s, r->a, 1, patient, 100, &rows, &n, &r->e));
    return n;
}

static void once_in_five_minutes(void **state)
{
    struct rig *r = *state;
    struct audit *a = audit_new();
    uint64_t first, again, later;
    struct audit_read x = read_of("nurse", "p1", 0);
    WORKS(r, audit_note(a, &x, &first, &r->e));
    x = read_of("nurse", "p1", 1);
    WORKS(r, audit_note(a, &x, &again, &r->e));
    assert_int_equal(first, again);
    assert_false(audit_durable(a, first));
    WORKS(r, audit_flush(a, r->s, &r->e));
    assert_true(audit_durable(a, first));
    assert_int_equal(rows_of(r, "p1"), 1);
    x = read_of("nurse", "p1", 299);
    WORKS(r, audit_note(a, &x, &later, &r->e));
    assert_true(audit_durable(a, later)); /* still the row of its slot */
    x = read_of("nurse", "p1", 300);
    WORKS(r, audit_note(a, &x, &later, &r->e));
    assert_false(audit_durable(a, later));
    x = read_of("doctor", "p1", 300);
    WORKS(r, audit_note(a, &x, NULL, &r->e));
    x = read_of("nurse", "p2", 300);
    WORKS(r, audit_note(a, &x, NULL, &r->e));
    x.purpose = "break-glass";
    WORKS(r, audit_note(a, &x, NULL, &r->e));
    x.site = 2;
    WORKS(r, audit_note(a, &x, NULL, &r->e));
    WORKS(r, audit_flush(a, r->s, &r->e));
    assert_int_equal(rows_of(r, "p1"), 3);
    assert_int_equal(rows_of(r, "p2"), 2);
    audit_free(a);
    /* another server, or the same after a restart, does not know what was noted: the store does */
    a = audit_new();
    x = read_of("nurse", "p1", 2);
    WORKS(r, audit_note(a, &x, NULL, &r->e));
    WORKS(r, audit_flush(a, r->s, &r->e));
    assert_int_equal(rows_of(r, "p1"), 3);
    audit_free(a);
    int64_t site, seq;
    WORKS(r, audit_verify(r->s, &site, &seq, &r->e));
    assert_int_equal(seq, 0);
}

static void refused_when_it_cannot_be_written(void **state)
{
    struct rig *r = *state;
    struct audit *a = audit_new();
    struct audit_read x = read_of("nurse", "p1", 0);
    uint64_t ticket;
    WORKS(r, audit_note(a, &x, &ticket, &r->e));
    x = read_of("nurse", "p2", 11);
    FAILS(r, ERR_BUSY, audit_note(a, &x, NULL, &r->e)); /* nobody flushes */
    WORKS(r, store_script(r->s, "ALTER TABLE read_audit RENAME TO hidden", &r->e));
    FAILS(r, ERR_STORE, audit_flush(a, r->s, &r->e));
    assert_false(audit_durable(a, ticket));
    x = read_of("nurse", "p1", 1);
    FAILS(r, ERR_STORE, audit_note(a, &x, NULL, &r->e)); /* even what is noted already */
    WORKS(r, store_script(r->s, "ALTER TABLE hidden RENAME TO read_audit", &r->e));
    WORKS(r, audit_flush(a, r->s, &r->e));
    assert_true(audit_durable(a, ticket));
    WORKS(r, audit_note(a, &x, NULL, &r->e));
    assert_int_equal(rows_of(r, "p1"), 1);
    x.purpose = NULL;
    FAILS(r, ERR_INTERNAL, audit_note(a, &x, NULL, &r->e));
    for (int i = 0; i < AUDIT_QUEUE_MAX; i++) {
        char patient[32];
        snprintf(patient, sizeof patient, "q%d", i);
        x = read_of("nurse", patient, 20);
        WORKS(r, audit_note(a, &x, NULL, &r->e));
    }
    x = read_of("nurse", "one more", 20);
    FAILS(r, ERR_BUSY, audit_note(a, &x, NULL, &r->e));
    audit_free(a);
    audit_free(NULL);
}

static void tampering(void **state)
{
    struct rig *r = *state;
    static const struct {
        const char *sql;
        int64_t seq;
    } cases[] = {
        {"UPDATE read_audit SET reader='nobody' WHERE seq=3", 3},
        {"UPDATE read_audit SET first_read=first_read+1 WHERE seq=2", 2},
        {"DELETE FROM read_audit WHERE seq=4", 4},
        {"DELETE FROM read_audit WHERE seq=5", 5},
        {"DELETE FROM audit_head", 5},
        {"INSERT INTO read_audit SELECT site, 6, reader, patient, 'x', slot, first_read, hash FROM read_audit WHERE "
         "seq=5",
         6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct audit *a = audit_new();
        int64_t site, seq;
        WORKS(r, store_script(r->s, "DELETE FROM read_audit; DELETE FROM audit_head", &r->e));
        for (int k = 0; k < 5; k++) {
            struct audit_read x = read_of("nurse", arena_printf(r->a, "p%d", k), k);
            WORKS(r, audit_note(a, &x, NULL, &r->e));
        }
        WORKS(r, audit_flush(a, r->s, &r->e));
        WORKS(r, audit_verify(r->s, &site, &seq, &r->e));
        assert_int_equal(seq, 0);
        WORKS(r, store_run(r->s, cases[i].sql, NO_VALS, NULL, &r->e));
        WORKS(r, audit_verify(r->s, &site, &seq, &r->e));
        assert_int_equal(site, 1);
        assert_int_equal(seq, cases[i].seq);
        struct verify_result v;
        WORKS(r, ledger_verify(r->s, &rig_types, &v, &r->e));
        assert_false(v.whole);
        assert_non_null(strstr(v.says, "read audit"));
        audit_free(a);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_start, rig_stop)
    const struct CMUnitTest tests[] = {TEST(once_in_five_minutes), TEST(refused_when_it_cannot_be_written),
                                       TEST(tampering)};
    return cmocka_run_group_tests_name(rig_is_pg() ? "audit, PostgreSQL" : "audit, SQLite", tests, NULL, NULL);
}
