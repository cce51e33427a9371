/* The writer: one bad job does not take its neighbours with it, and nobody is told yes before the commit. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "care/events.h"
#include "record/model.h"
#include "serve/throttle.h"
#include "serve/writer.h"

enum { JOBS = 40 };

static char url[200], dir[] = "/tmp/venule-writer-XXXXXX";

enum what { GOOD, REFUSED, BREAKS, SLOW };

struct test_job {
    struct write_job job; /* first */
    enum what what;
    int number, decided;
    atomic_bool done;
};

static struct writer *writer;

/* How many chairs another connection sees: what is committed. */
static int64_t chairs_there(void)
{
    struct store *s;
    struct err e = {.kind = ERR_NONE};
    struct arena *a = arena_new();
    struct rows rows;
    bool more;
    assert_true(store_open(url, true, &s, &e));
    assert_true(store_query(s, a, "SELECT count(*) FROM chair", NO_VALS, &rows, &e));
    assert_true(rows_next(&rows, &more, &e) && more);
    int64_t n = rows_int(&rows, 0);
    rows_end(&rows);
    store_close(s);
    arena_free(a);
    return n;
}

static bool decide(struct write_job *w, struct tx *t, struct err *e)
{
    struct test_job *j = (struct test_job *)w;
    char id[20];
    j->decided++;
    if (j->what == SLOW)
        usleep(50 * 1000); /* so that the others queue up behind */
    snprintf(id, sizeof id, "C%d", j->number);
    const struct chair c = {.id = id, .pod = "A", .bed = 0, .place = j->number, .active = 1};
    const struct event_head h = {.happened = 1, .recorded = 1, .clock = "server", .offset_us = INT_NONE, .actor = "system",
                                 .command = "chair.add", .subject = id};
    if (!event_append(t, &ev_chair_added, &h, &c, NULL, e))
        return false;
    if (j->what == REFUSED)
        return err_set(e, ERR_CONFLICT, "x", "no");
    if (j->what == BREAKS) { /* as SQLite does on a full disk: the whole transaction is gone */
        store_rollback(t->store);
        return err_set(e, ERR_STORE, "", "disk full");
    }
    return true;
}

static void done(struct write_job *w)
{
    struct test_job *j = (struct test_job *)w;
    atomic_store(&j->done, true);
}

static void submit_all(struct test_job *jobs, int first_number)
{
    for (int i = 0; i < JOBS; i++) {
        struct err e = {.kind = ERR_NONE};
        jobs[i].number = first_number + i;
        jobs[i].job = (struct write_job){.site = 1, .decide = decide, .done = done};
        assert_true(writer_submit(writer, &jobs[i].job, &e));
    }
    for (int i = 0; i < JOBS; i++)
        while (!atomic_load(&jobs[i].done))
            usleep(1000);
}

static void one_refusal_leaves_its_neighbours(void **state)
{
    struct test_job jobs[JOBS] = {{.what = SLOW}};
    int64_t before = chairs_there();
    (void)state;
    jobs[20].what = REFUSED;
    submit_all(jobs, 100);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(jobs[i].job.ok, i != 20);
        assert_int_equal(jobs[i].decided, 1);
    }
    assert_int_equal(jobs[20].job.err.kind, ERR_CONFLICT);
    assert_int_equal(chairs_there(), before + JOBS - 1);
}

static void a_lost_transaction_is_decided_again_one_by_one(void **state)
{
    struct test_job jobs[JOBS] = {{.what = SLOW}};
    int64_t before = chairs_there();
    (void)state;
    jobs[20].what = BREAKS;
    submit_all(jobs, 200);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(jobs[i].job.ok, i != 20);
    assert_int_equal(jobs[20].job.err.kind, ERR_STORE);
    assert_true(jobs[19].decided == 2); /* in the batch that was lost, and alone */
    assert_int_equal(chairs_there(), before + JOBS - 1);
    assert_true(writer_stats(writer).retried >= JOBS - 2);
    assert_true(writer_stats(writer).alive);
}

static atomic_llong seen_at_done;

static void done_looks(struct write_job *w)
{
    atomic_store(&seen_at_done, chairs_there());
    done(w);
}

static void done_comes_after_the_commit(void **state)
{
    struct test_job j = {.what = GOOD, .number = 300};
    struct err e = {.kind = ERR_NONE};
    int64_t before = chairs_there();
    (void)state;
    j.job = (struct write_job){.site = 1, .decide = decide, .done = done_looks};
    assert_true(writer_submit(writer, &j.job, &e));
    while (!atomic_load(&j.done))
        usleep(1000);
    assert_int_equal(atomic_load(&seen_at_done), before + 1);
}

static void sites_do_not_share_a_batch(void **state)
{
    struct test_job jobs[4] = {{.what = SLOW, .number = 400}, {.number = 401}, {.number = 402}, {.number = 403}};
    struct err e = {.kind = ERR_NONE};
    int64_t before = chairs_there(), batches = writer_stats(writer).batches;
    (void)state;
    for (int i = 0; i < 4; i++) {
        jobs[i].job = (struct write_job){.site = 1 + i % 2, .decide = decide, .done = done};
        assert_true(writer_submit(writer, &jobs[i].job, &e));
    }
    for (int i = 0; i < 4; i++) {
        while (!atomic_load(&jobs[i].done))
            usleep(1000);
        assert_true(jobs[i].job.ok);
    }
    assert_int_equal(chairs_there(), before + 4);
    assert_int_equal(writer_stats(writer).batches, batches + 4);
}

static void stopped_writer_takes_nothing(void **state)
{
    struct test_job j = {.number = 500};
    struct err e = {.kind = ERR_NONE};
    (void)state;
    writer_stop(writer);
    j.job = (struct write_job){.site = 1, .decide = decide, .done = done};
    assert_false(writer_submit(writer, &j.job, &e));
    assert_int_equal(e.kind, ERR_BUSY);
    assert_int_equal(j.decided, 0);
}

static void waiting_grows_and_ends(void **state)
{
    struct throttle *t = throttle_new();
    utc_t now = 1000 * UTC_HOUR, last = 0;
    (void)state;
    for (int i = 0; i < THROTTLE_FREE; i++) {
        assert_int_equal(throttle_wait(t, "nurse", "10.0.0.1", now), 0);
        throttle_failed(t, "nurse", "10.0.0.1", now);
    }
    for (int i = 0; i < 12; i++) {
        utc_t wait = throttle_wait(t, "nurse", "10.0.0.1", now);
        assert_true(wait > 0 && wait >= last && wait <= THROTTLE_WAIT_MAX);
        last = wait;
        now += wait;
        assert_int_equal(throttle_wait(t, "nurse", "10.0.0.1", now), 0);
        throttle_failed(t, "nurse", "10.0.0.1", now);
    }
    assert_int_equal(last, THROTTLE_WAIT_MAX);
    assert_int_equal(throttle_wait(t, "nurse", "10.0.0.2", now), 0);      /* another address */
    assert_int_equal(throttle_wait(t, "pharmacist", "10.0.0.1", now), 0); /* another person */
    throttle_passed(t, "nurse", "10.0.0.1");
    assert_int_equal(throttle_wait(t, "nurse", "10.0.0.1", now), 0);
    for (int i = 0; i < THROTTLE_ADDRESS_FREE; i++) { /* one word tried on many names */
        char login[20];
        snprintf(login, sizeof login, "name%d", i);
        throttle_failed(t, login, "10.0.0.3", now);
    }
    assert_true(throttle_wait(t, "anyone", "10.0.0.3", now) > 0);
    throttle_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_refusal_leaves_its_neighbours),
        cmocka_unit_test(a_lost_transaction_is_decided_again_one_by_one),
        cmocka_unit_test(done_comes_after_the_commit),
        cmocka_unit_test(sites_do_not_share_a_batch),
        cmocka_unit_test(stopped_writer_takes_nothing),
        cmocka_unit_test(waiting_grows_and_ends),
    };
    struct err e = {.kind = ERR_NONE};
    if (!mkdtemp(dir))
        return 1;
    snprintf(url, sizeof url, "sqlite:%s/w.db", dir);
    const struct writer_config c = {.url = url, .types = &care_event_types};
    if (!writer_start(&c, &writer, &e)) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    writer_free(writer);
    char rm[240];
    snprintf(rm, sizeof rm, "rm -rf %s", dir);
    return system(rm) != 0 || failed;
}
