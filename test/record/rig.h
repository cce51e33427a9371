/* rig: what the tests of record share: a fresh store of either kind, a few event types, and short ways to append.
 * VENULE_TEST_PG holds the address of a PostgreSQL that may be wiped; without it the store is a SQLite file. */
#ifndef TEST_RECORD_RIG_H
#define TEST_RECORD_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "record/ledger.h"
#include "record/model.h"

struct rig {
    char url[512], dir[64];
    struct store *s;
    struct arena *a;
    struct tx t;
    struct err e;
};

extern const struct event_types rig_types;
extern const struct event_type ev_patient_put, ev_patient_patch, ev_order_put, ev_order_patch, ev_chair_put,
    ev_visit_put, ev_infusion_put, ev_infusion_patch, ev_fact_put, ev_scan_put, ev_stock_put, ev_stock_patch,
    ev_question_put, ev_noted;

/* Says what failed before failing. */
#define WORKS(r, call)                                                     \
    do {                                                                   \
        if (!(call)) {                                                     \
            print_error("%s: %s: %s\n", #call, (r)->e.where, (r)->e.text); \
            fail();                                                        \
        }                                                                  \
    } while (0)
#define FAILS(r, what, call)                 \
    do {                                     \
        assert_false(call);                  \
        assert_int_equal((r)->e.kind, what); \
        (r)->e = (struct err){0};            \
    } while (0)

bool rig_is_pg(void);
int rig_start(void **state);  /* cmocka setup: fresh store, tables created, batch not begun */
int rig_stop(void **state);
struct store *rig_open_again(struct rig *r, bool read_only); /* a second connection to the same store */
void rig_begin(struct rig *r, int64_t site);
void rig_commit(struct rig *r);
struct event_head rig_head(int64_t minute, const char *patient);
void rig_salt(void *to, size_t n); /* 1, 2, 3 …: fixed for golden texts */

void rig_patient(struct rig *r, const char *id, const char *family);
void rig_visit(struct rig *r, const char *id, const char *patient);
void rig_order(struct rig *r, const char *id, const char *visit, const char *patient);
void rig_infusion(struct rig *r, const char *id, const char *visit, const char *patient, const char *order);
void rig_fact(struct rig *r, const char *id, const char *infusion, int64_t total);
void rig_scan(struct rig *r, const char *id, const char *visit);

#endif
