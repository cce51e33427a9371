/* The power is cut at a random moment by seed, 8 people and 20 pumps at work on the writer; the store comes up from what
 * the disk then holds. Everything acknowledged is there once, nothing is there in part, the ledger is whole and its
 * replay equal. And, so that it is known that this can fail: without flushes the same cuts lose what was acknowledged.
 * usage: test_power [ROUNDS [SEED]] */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "care/events.h"
#include "power.h"
#include "record/inbox.h"
#include "record/model.h"
#include "serve/writer.h"

enum { PEOPLE = 8, PUMPS = 20, SENDERS = PEOPLE + PUMPS, ROUNDS_A_STORE = 20, SAID_MAX = 100000, TEXT_BYTES = 3000,
       PATIENCE = 300 /* failures in a row */ };

static char root[] = "/tmp/venule-power-XXXXXX";

/* What one sender said, and how far it is acknowledged. */
struct sender {
    pthread_t thread;
    int number;
    int64_t said;           /* numbers 1 … said were tried */
    unsigned char *acked;   /* by number */
    uint64_t seed;
};

struct said {
    struct write_job job; /* first */
    const struct sender *by;
    int64_t n;
    int events;
    atomic_int done;
};

static struct sender senders[SENDERS];
static struct writer *writer;
static char long_text[TEXT_BYTES + 1];
static atomic_bool stuck; /* the writer fails though the power is on */

static unsigned rnd(uint64_t *seed, unsigned below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % below;
}

/* ---- what is said ------------------------------------------------------------------------------------------------- */

static struct event_head head_of(const char *command)
{
    return (struct event_head){.happened = UTC_HOUR, .recorded = UTC_HOUR, .clock = "server", .offset_us = 0,
                               .actor = "system", .command = command};
}

/* A person's command: one to four questions and an answer, under one key. */
static bool person_decide(struct write_job *w, struct tx *t, struct err *e)
{
    const struct said *s = (const struct said *)w;
    bool found;
    const char *old, *key = arena_printf(t->a, "p%d-%lld", s->by->number, (long long)s->n);
    if (!answer_find(t, "system", key, "hash", &old, &found, e))
        return false;
    if (found)
        return true;
    for (int i = 0; i < s->events; i++) {
        BLANK(question, q);
        q.id = tx_next_id(t, "question");
        q.patient = "1-patient-1-X";
        q.text = i ? long_text : key;
        q.at = UTC_HOUR;
        q.red_flag = key;
        q.state = "open";
        const struct event_head h = head_of("question.ask");
        if (!event_append(t, &ev_question_asked, &h, &q, NULL, e))
            return false;
    }
    return answer_keep(t, "system", key, "hash", arena_printf(t->a, "%d", s->events), e);
}

static const char *raw_of(struct arena *a, const char *id)
{
    return arena_printf(a, "MSH|%s|%.*s", id, TEXT_BYTES / 2, long_text);
}

/* A pump's message: the inbox, and of every other a fact. */
static bool pump_decide(struct write_job *w, struct tx *t, struct err *e)
{
    const struct said *s = (const struct said *)w;
    bool fresh;
    const char *old, *id = arena_printf(t->a, "m%d-%lld", s->by->number, (long long)s->n);
    const char *raw = raw_of(t->a, id);
    if (!inbox_put(t, "pump", id, UTC_HOUR, raw, strlen(raw), "ack", &fresh, &old, e))
        return false;
    if (!fresh || s->n % 2)
        return true;
    BLANK(flow_fact, f);
    f.id = tx_next_id(t, "flow_fact");
    f.kind = "counter";
    f.pump = "P";
    f.channel = "A";
    f.happened = UTC_HOUR + s->n;
    f.sender = "pump";
    f.message = id;
    f.source = "pump";
    f.total = DEC(s->n, 1);
    const struct event_head h = head_of("pump.message");
    return event_append(t, &ev_flow_recorded, &h, &f, NULL, e);
}

static void said_done(struct write_job *w)
{
    atomic_store(&((struct said *)w)->done, 1);
}

/* Says one thing after the other, the same again if it failed, until the power is off. */
static void *sender_main(void *ctx)
{
    struct sender *by = ctx;
    int failed = 0;
    while (!power_is_off() && !atomic_load(&stuck) && by->said < SAID_MAX - 1) {
        int64_t n = by->said + 1;
        struct err e = {.kind = ERR_NONE};
        struct said s = {.by = by, .n = n, .events = 1 + (int)(n % 4)};
        s.job = (struct write_job){.site = 1, .decide = by->number < PEOPLE ? person_decide : pump_decide,
                                   .done = said_done};
        atomic_init(&s.done, 0);
        if (!writer_submit(writer, &s.job, &e))
            continue;
        while (!atomic_load(&s.done))
            usleep(50);
        if (s.job.ok) {
            by->acked[n] = 1;
            by->said = n;
            failed = 0;
        } else if (++failed == PATIENCE && !power_is_off()) {
            printf("the writer fails: %s\n", s.job.err.text);
            atomic_store(&stuck, true);
        }
    }
    return NULL;
}

/* As the pages do: a reader holds a snapshot for a while, so that the log is not always copied whole. */
static void *reader_main(void *ctx)
{
    const char *url = ctx;
    struct arena *a = arena_new();
    uint64_t seed = 7;
    while (!power_is_off() && !atomic_load(&stuck)) {
        struct store *s;
        struct tx t;
        struct err e = {.kind = ERR_NONE};
        if (!store_open(url, true, &s, &e))
            continue;
        for (int i = 0; i < 20 && !power_is_off(); i++) {
            struct question *q;
            int n;
            arena_reset(a);
            if (!tx_read(&t, s, a, 1, &care_event_types, &e))
                break;
            if (table_list(&t, &record_question, "TRUE ORDER BY id LIMIT 50", NO_VALS, &q, &n, &e))
                usleep(rnd(&seed, 3000));
            tx_rollback(&t);
        }
        store_close(s);
    }
    arena_free(a);
    return NULL;
}

static void pack_inbox(void *ctx, struct store *s)
{
    struct arena *a = arena_new();
    struct tx t;
    struct err e = {.kind = ERR_NONE};
    int packed;
    (void)ctx;
    if (tx_begin(&t, s, a, 1, &care_event_types, &e) && (!inbox_pack(&t, 2, &packed, &e) || !tx_commit(&t, &e)))
        tx_rollback(&t);
    arena_free(a);
}

/* ---- the count ---------------------------------------------------------------------------------------------------- */

struct tally {
    int64_t commands, commands_found, messages, messages_found;
};

static bool say_wrong(const char *what, const char *key)
{
    printf("%s: %s\n", what, key);
    return false;
}

static int64_t number_of(struct store *s, struct arena *a, const char *sql, const char *key)
{
    struct rows r;
    struct err e = {.kind = ERR_NONE};
    bool more = false;
    int64_t n = -1;
    if (store_query(s, a, sql, VALS(V_TEXT(key)), &r, &e) && rows_next(&r, &more, &e) && more)
        n = rows_int(&r, 0);
    rows_end(&r);
    return n;
}

static bool as_it_came(struct store *s, struct arena *a, const char *id)
{
    struct tx t;
    struct err e = {.kind = ERR_NONE};
    const char *raw, *want = raw_of(a, id);
    size_t len;
    bool found = false;
    if (!tx_read(&t, s, a, 1, &care_event_types, &e))
        return false;
    bool ok = inbox_get(&t, "pump", id, &raw, &len, &found, &e) && found && len == strlen(want) &&
              memcmp(raw, want, len) == 0;
    tx_rollback(&t);
    return ok;
}

/* One thing said, as the store has it. False: lost, double or half. */
static bool look_at(struct store *s, struct arena *a, const struct sender *by, int64_t n, bool *there)
{
    char key[64];
    int64_t answers, effects, want;
    if (by->number < PEOPLE) {
        snprintf(key, sizeof key, "p%d-%lld", by->number, (long long)n);
        answers = number_of(s, a, "SELECT count(*) FROM command_answer WHERE site=1 AND actor='system' AND key=?1", key);
        effects = number_of(s, a, "SELECT count(*) FROM question WHERE site=1 AND red_flag=?1", key);
        want = 1 + n % 4;
    } else {
        snprintf(key, sizeof key, "m%d-%lld", by->number, (long long)n);
        answers = number_of(s, a, "SELECT count(*) FROM inbox WHERE site=1 AND sender='pump' AND message_id=?1", key);
        effects = number_of(s, a, "SELECT count(*) FROM flow_fact WHERE site=1 AND message=?1", key);
        want = n % 2 ? 0 : 1;
    }
    *there = answers == 1;
    if (answers < 0 || effects < 0)
        return say_wrong("cannot be read", key);
    if (by->number >= PEOPLE && *there && !as_it_came(s, a, key))
        return say_wrong("not as it came", key);
    if (by->acked[n] && !*there)
        return say_wrong("acknowledged and lost", key);
    if (answers > 1 || effects != (*there ? want : 0))
        return say_wrong("there in part, or twice", key);
    return true;
}

/* Only those of this round and one before each are looked up; the rest were, and `verify` covers all rows. */
static bool count(const char *url, const int64_t *since, struct tally *t)
{
    struct store *s;
    struct verify_result v;
    struct err e = {.kind = ERR_NONE};
    struct arena *a = arena_new();
    bool ok = store_open(url, false, &s, &e) && ledger_create(s, &e) && store_script(s, "CREATE INDEX IF NOT EXISTS tmp_red ON question (red_flag);"
                                                                "CREATE INDEX IF NOT EXISTS tmp_msg ON flow_fact (message)", &e);
    if (!ok) {
        printf("the store does not open: %s\n", e.text);
        arena_free(a);
        return false;
    }
    for (int i = 0; ok && i < SENDERS; i++)
        for (int64_t n = since[i] ? since[i] : 1; ok && n <= senders[i].said + 1; n++) {
            bool there, fresh = n > since[i];
            ok = look_at(s, a, &senders[i], n, &there);
            if (i < PEOPLE) {
                t->commands += fresh && senders[i].acked[n];
                t->commands_found += fresh && senders[i].acked[n] && there;
            } else {
                t->messages += fresh && senders[i].acked[n];
                t->messages_found += fresh && senders[i].acked[n] && there;
            }
        }
    if (ok && (!ledger_verify(s, &care_event_types, &v, &e) || !v.whole)) {
        printf("verify: %s%s\n", v.says, e.text);
        ok = false;
    }
    store_close(s);
    arena_free(a);
    return ok;
}

/* ---- rounds ------------------------------------------------------------------------------------------------------- */

static void shell(const char *line)
{
    if (system(line) != 0)
        printf("failed: %s\n", line);
}

/* Work in `now` until the power goes; then `now` is what the disk holds. */
static bool work(const char *at, const char *options, uint64_t seed, int64_t cut)
{
    struct err e = {.kind = ERR_NONE};
    pthread_t reader;
    char url[300], disk[300], line[900];
    snprintf(url, sizeof url, "sqlite:%s/now/p.db%s", at, options);
    snprintf(disk, sizeof disk, "%s/disk", at);
    const struct writer_config c = {.url = url, .types = &care_event_types, .between = pack_inbox};
    power_on(seed);
    power_cut_after(cut);
    if (writer_start(&c, &writer, &e)) {
        pthread_create(&reader, NULL, reader_main, url);
        for (int i = 0; i < SENDERS; i++)
            pthread_create(&senders[i].thread, NULL, sender_main, &senders[i]);
        for (int i = 0; i < SENDERS; i++)
            pthread_join(senders[i].thread, NULL);
        pthread_join(reader, NULL);
        writer_stop(writer);
        writer_free(writer);
    } else if (!power_is_off()) {
        printf("the store does not open: %s\n", e.text);
        return false;
    }
    snprintf(line, sizeof line, "mkdir -p %s", disk);
    shell(line);
    bool ok = power_land(disk, &e);
    snprintf(line, sizeof line, "rm -rf %s/now && mv %s %s/now", at, disk, at);
    shell(line);
    return ok && !atomic_load(&stuck);
}

/* Counted in a copy: the next round begins with what the cut left, its log not yet copied back. */
static bool counted(const char *at, const int64_t *since, struct tally *t)
{
    char url[300], line[900];
    snprintf(line, sizeof line, "rm -rf %s/look && cp -r %s/now %s/look", at, at, at);
    shell(line);
    snprintf(url, sizeof url, "sqlite:%s/look/p.db", at);
    power_on(1);
    return count(url, since, t);
}

/* Rounds on one store, each from what the last cut left. */
static bool rounds(int store, int n, uint64_t seed, const char *options, struct tally *t)
{
    char at[200], line[300];
    bool ok = true;
    snprintf(at, sizeof at, "%s/%d", root, store);
    snprintf(line, sizeof line, "mkdir -p %s/now", at);
    shell(line);
    atomic_store(&stuck, false);
    for (int i = 0; i < SENDERS; i++) {
        senders[i].number = i;
        senders[i].said = 0;
        memset(senders[i].acked, 0, SAID_MAX);
    }
    for (int i = 0; ok && i < n; i++) {
        uint64_t r = seed * 1000003u + (uint64_t)(store * 1000 + i);
        int64_t since[SENDERS], cut = rnd(&r, 4) ? rnd(&r, 4000) : rnd(&r, 40);
        for (int k = 0; k < SENDERS; k++)
            since[k] = senders[k].said;
        ok = work(at, options, r, cut) && counted(at, since, t);
        if (!ok)
            printf("store %d, cut %d of seed %llu, after %lld calls\n", store, i + 1, (unsigned long long)seed, (long long)cut);
    }
    snprintf(line, sizeof line, "rm -rf %s", at);
    shell(line);
    return ok;
}

int main(int argc, char **argv)
{
    int wanted = argc > 1 ? atoi(argv[1]) : 12;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct tally t = {0}, lazy = {0};
    bool ok = mkdtemp(root) != NULL;
    int cuts = 0;
    memset(long_text, 'x', TEXT_BYTES);
    for (int i = 0; i < SENDERS; i++)
        senders[i].acked = mem_alloc(SAID_MAX);
    power_begin();
    for (int store = argc > 3 ? atoi(argv[3]) : 1; ok && cuts < wanted; store++) {
        int n = wanted - cuts < ROUNDS_A_STORE ? wanted - cuts : ROUNDS_A_STORE;
        ok = rounds(store, n, seed, "", &t);
        cuts += n;
        struct power_sum p = power_counts();
        printf("%d power cuts; commands acknowledged %lld found %lld; pump messages acknowledged %lld found %lld; "
               "sectors not flushed: %lld kept, %lld lost, %lld torn\n", cuts, (long long)t.commands,
               (long long)t.commands_found, (long long)t.messages, (long long)t.messages_found, (long long)p.kept,
               (long long)p.lost, (long long)p.torn);
        fflush(stdout);
    }
    ok = ok && t.commands > 0 && t.messages > 0;
    if (ok) {
        printf("the same without flushes, which must fail:\n");
        setenv("VENULE_BENCH_NO_SYNC", "1", 1);
        ok = !rounds(0, 10, seed, "?sync=off", &lazy);
        printf(ok ? "it fails\n" : "nothing was lost: the test sees nothing\n");
    }
    for (int i = 0; i < SENDERS; i++)
        mem_free(senders[i].acked);
    rmdir(root);
    return ok ? 0 : 1;
}
