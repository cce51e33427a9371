#include "record/audit.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "record/chain.h"
#include "record/store_private.h"

/* What was noted lately, by hash, so that a page refreshed every second is queued once; what falls out of the table is
 * queued again and found in the store. PAGE: rows of one step of the walk. */
enum { SEEN_SLOTS = 16384, SEEN_BYTES = 16, PAGE = 1000 };

struct entry {
    int64_t site;
    utc_t at;
    char reader[AUDIT_TEXT_MAX + 1], patient[AUDIT_TEXT_MAX + 1], purpose[AUDIT_TEXT_MAX + 1];
};

struct audit {
    pthread_mutex_t lock;
    struct entry queue[AUDIT_QUEUE_MAX]; /* a ring */
    uint64_t first, next;                /* tickets: queue[ticket % AUDIT_QUEUE_MAX]; first … next - 1 are waiting */
    bool broken;
    struct {
        unsigned char hash[SEEN_BYTES];
        uint64_t ticket;
    } seen[SEEN_SLOTS];
};

struct audit *audit_new(void)
{
    struct audit *a = mem_alloc(sizeof *a);
    pthread_mutex_init(&a->lock, NULL);
    a->first = a->next = 1;
    return a;
}

void audit_free(struct audit *a)
{
    if (!a)
        return;
    pthread_mutex_destroy(&a->lock);
    mem_free(a);
}

static void hash_of(const struct audit_read *r, unsigned char out[SEEN_BYTES])
{
    crypto_generichash_state st;
    const int64_t numbers[] = {r->site, r->at / AUDIT_SLOT};
    const char *const texts[] = {r->reader, r->patient, r->purpose};
    crypto_generichash_init(&st, NULL, 0, SEEN_BYTES);
    crypto_generichash_update(&st, (const unsigned char *)numbers, sizeof numbers);
    for (int i = 0; i < 3; i++) /* the NUL too, so that the texts do not run together */
        crypto_generichash_update(&st, (const unsigned char *)texts[i], strlen(texts[i]) + 1);
    crypto_generichash_final(&st, out, SEEN_BYTES);
}

MUST_CHECK static bool enqueue(struct audit *a, const struct audit_read *r, uint64_t *ticket, struct err *e)
{
    if (a->broken)
        return err_set(e, ERR_STORE, "audit", "the read audit cannot be written: patients cannot be shown now");
    bool waiting = a->first != a->next;
    if (waiting && r->at - a->queue[a->first % AUDIT_QUEUE_MAX].at > AUDIT_LATE)
        return err_set(e, ERR_BUSY, "audit", "the read audit is not being written: patients cannot be shown now");
    unsigned char hash[SEEN_BYTES];
    uint32_t slot;
    hash_of(r, hash);
    memcpy(&slot, hash, sizeof slot);
    slot %= SEEN_SLOTS;
    if (a->seen[slot].ticket && memcmp(a->seen[slot].hash, hash, sizeof hash) == 0) {
        *ticket = a->seen[slot].ticket;
        return true;
    }
    if (a->next - a->first == AUDIT_QUEUE_MAX)
        return err_set(e, ERR_BUSY, "audit", "too many reads wait for the read audit: try again");
    struct entry *q = &a->queue[a->next % AUDIT_QUEUE_MAX];
    q->site = r->site;
    q->at = r->at;
    strcpy(q->reader, r->reader);
    strcpy(q->patient, r->patient);
    strcpy(q->purpose, r->purpose);
    memcpy(a->seen[slot].hash, hash, sizeof hash);
    a->seen[slot].ticket = *ticket = a->next++;
    return true;
}

bool audit_note(struct audit *a, const struct audit_read *r, uint64_t *ticket, struct err *e)
{
    const char *const texts[] = {r->reader, r->patient, r->purpose};
    for (int i = 0; i < 3; i++)
        if (!texts[i] || !texts[i][0] || strlen(texts[i]) > AUDIT_TEXT_MAX)
            return err_set(e, ERR_INTERNAL, "audit", "a read without reader, patient or purpose cannot be noted");
    uint64_t mine = 0;
    pthread_mutex_lock(&a->lock);
    bool ok = enqueue(a, r, &mine, e);
    pthread_mutex_unlock(&a->lock);
    if (ticket)
        *ticket = mine;
    return ok;
}

bool audit_durable(struct audit *a, uint64_t ticket)
{
    pthread_mutex_lock(&a->lock);
    bool done = ticket < a->first;
    pthread_mutex_unlock(&a->lock);
    return done;
}

/* ---- the chain -------------------------------------------------------------------------------------------------- */

MUST_CHECK static bool link_hash(struct buf *b, const struct entry *q, int64_t seq, int64_t slot, const char *before,
                                 char out[65], struct err *e)
{
    buf_clear(b);
    buf_puts(b, "venule-audit/1,");
    chain_int(b, q->site);
    chain_int(b, seq);
    chain_text(b, q->reader);
    chain_text(b, q->patient);
    chain_text(b, q->purpose);
    chain_int(b, slot);
    chain_int(b, q->at);
    chain_text(b, before);
    if (!buf_ok(b, "audit", e))
        return false;
    chain_sha256(b->data, b->len, out);
    return true;
}

struct audit_chain {
    int64_t site, seq;
    char hash[65];
    bool found;
};

MUST_CHECK static bool read_chain(struct store *s, struct arena *a, int64_t site, struct audit_chain *c, struct err *e)
{
    struct rows rows;
    *c = (struct audit_chain){.site = site};
    memcpy(c->hash, chain_start, sizeof c->hash);
    if (!store_query(s, a, "SELECT seq, hash FROM audit_head WHERE site=?1", VALS(V_INT(site)), &rows, e) ||
        !rows_next(&rows, &c->found, e))
        return false;
    if (c->found) {
        c->seq = rows_int(&rows, 0);
        snprintf(c->hash, sizeof c->hash, "%s", rows_text(&rows, 1));
    }
    rows_end(&rows);
    return true;
}

MUST_CHECK static bool write_chain(struct store *s, const struct audit_chain *c, struct err *e)
{
    return store_run(s, "INSERT INTO audit_head (site, seq, hash) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (site) DO UPDATE SET seq=excluded.seq, hash=excluded.hash",
                     VALS(V_INT(c->site), V_INT(c->seq), V_TEXT(c->hash)), NULL, e);
}

MUST_CHECK static bool write_entry(struct store *s, const struct entry *q, struct audit_chain *c, struct err *e)
{
    char hash[65];
    int64_t slot = q->at / AUDIT_SLOT, changed = 0;
    if (!link_hash(&s->line, q, c->seq + 1, slot, c->hash, hash, e) ||
        !store_run(s, "INSERT INTO read_audit (site, seq, reader, patient, purpose, slot, first_read, hash)"
                      " VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT (site, reader, patient, purpose, slot) DO NOTHING",
                   VALS(V_INT(q->site), V_INT(c->seq + 1), V_TEXT(q->reader), V_TEXT(q->patient), V_TEXT(q->purpose),
                        V_INT(slot), V_INT(q->at), V_TEXT(hash)), &changed, e))
        return false;
    if (changed) {
        c->seq++;
        memcpy(c->hash, hash, sizeof hash);
    }
    return true;
}

/* Entries from `from` to `to`; they stay where they are while this runs, because only audit_flush moves `first`. */
MUST_CHECK static bool write_all(struct audit *q, struct store *s, struct arena *a, uint64_t from, uint64_t to,
                                 struct err *e)
{
    struct audit_chain c = {0};
    bool any = false;
    for (uint64_t i = from; i < to; i++) {
        const struct entry *x = &q->queue[i % AUDIT_QUEUE_MAX];
        if (!any || c.site != x->site) {
            if ((any && !write_chain(s, &c, e)) || !read_chain(s, a, x->site, &c, e))
                return false;
            any = true;
        }
        if (!write_entry(s, x, &c, e))
            return false;
    }
    return !any || write_chain(s, &c, e);
}

bool audit_flush(struct audit *q, struct store *s, struct err *e)
{
    pthread_mutex_lock(&q->lock);
    uint64_t from = q->first, to = q->next;
    pthread_mutex_unlock(&q->lock);
    if (from == to)
        return true;
    struct arena *a = arena_new();
    bool ok = store_begin(s, e);
    /* PostgreSQL: another server may be writing the same chain */
    if (ok && store_kind_of(s) == STORE_POSTGRES)
        ok = store_script(s, "SELECT pg_advisory_xact_lock(7566950)", e);
    ok = ok && write_all(q, s, a, from, to, e) && store_commit(s, e);
    if (!ok)
        store_rollback(s);
    arena_free(a);
    pthread_mutex_lock(&q->lock);
    if (ok)
        q->first = to;
    q->broken = !ok;
    pthread_mutex_unlock(&q->lock);
    return ok;
}

MUST_CHECK static bool walk_page(struct store *s, struct arena *a, struct audit_chain *c, int *n, int64_t *bad_seq,
                                 struct err *e)
{
    struct rows rows;
    bool more;
    char hash[65];
    *n = 0;
    if (!store_query(
            s, a,
            "SELECT seq, reader, patient, purpose, slot, first_read, hash FROM read_audit WHERE site=?1 AND seq>?2"
            " ORDER BY seq LIMIT 1000",
            VALS(V_INT(c->site), V_INT(c->seq)), &rows, e))
        return false;
    for (; rows_next(&rows, &more, e); ++*n) {
        if (!more)
            return true;
        struct entry q = {.site = c->site, .at = rows_int(&rows, 5)};
        snprintf(q.reader, sizeof q.reader, "%s", rows_text(&rows, 1));
        snprintf(q.patient, sizeof q.patient, "%s", rows_text(&rows, 2));
        snprintf(q.purpose, sizeof q.purpose, "%s", rows_text(&rows, 3));
        if (!link_hash(&s->line, &q, c->seq + 1, rows_int(&rows, 4), c->hash, hash, e))
            break;
        if (rows_int(&rows, 0) != c->seq + 1 || strcmp(hash, rows_text(&rows, 6)) != 0) {
            *bad_seq = c->seq + 1;
            rows_end(&rows);
            return true;
        }
        c->seq++;
        memcpy(c->hash, hash, sizeof hash);
    }
    rows_end(&rows);
    return false;
}

MUST_CHECK static bool walk_chain(struct store *s, int64_t site, int64_t *bad_seq, struct err *e)
{
    struct arena *a = arena_new();
    struct audit_chain end, c = {.site = site};
    memcpy(c.hash, chain_start, sizeof c.hash);
    bool ok = read_chain(s, a, site, &end, e);
    for (int n = PAGE; ok && n == PAGE && !*bad_seq; arena_reset(a))
        ok = walk_page(s, a, &c, &n, bad_seq, e);
    if (ok && !*bad_seq && (end.seq != c.seq || strcmp(end.hash, c.hash) != 0))
        *bad_seq = end.seq > c.seq ? c.seq + 1 : c.seq;
    arena_free(a);
    return ok;
}

bool audit_verify(struct store *s, int64_t *bad_site, int64_t *bad_seq, struct err *e)
{
    struct arena *a = arena_new();
    struct rows rows;
    bool more = true;
    *bad_site = *bad_seq = 0;
    bool ok = store_query(s, a, "SELECT site FROM audit_head UNION SELECT site FROM read_audit ORDER BY 1", NO_VALS,
                          &rows, e);
    while (ok && !*bad_seq && (ok = rows_next(&rows, &more, e)) && more) {
        *bad_site = rows_int(&rows, 0);
        ok = walk_chain(s, *bad_site, bad_seq, e);
    }
    rows_end(&rows);
    arena_free(a);
    return ok;
}

bool audit_about(struct store *s, struct arena *a, int64_t site, const char *patient, int max, struct audit_row **out,
                 int *count, struct err *e)
{
    struct rows rows;
    bool more;
    *out = ARENA_ARRAY(a, (size_t)max, struct audit_row);
    *count = 0;
    if (!store_query(s, a,
                     "SELECT seq, reader, purpose, first_read FROM read_audit WHERE site=?1 AND patient=?2 ORDER BY "
                     "slot DESC, seq DESC LIMIT ?3",
                     VALS(V_INT(site), V_TEXT(patient), V_INT(max)), &rows, e))
        return false;
    for (;;) {
        if (!rows_next(&rows, &more, e))
            return false;
        if (!more)
            return true;
        (*out)[(*count)++] =
            (struct audit_row){rows_int(&rows, 0), rows_text(&rows, 1), rows_text(&rows, 2), rows_int(&rows, 3)};
    }
}
