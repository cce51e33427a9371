#include "care/pump_desk.h"

#include <stdio.h>
#include <string.h>

#include "care/pump_private.h"

enum { SLOTS = 2 * PUMP_DESK_MAX, NAME_MAX_BYTES = 64, STATUS_MAX = 32 };
#define WRITE_EVERY UTC_SECOND

struct pump_seat {
    uint32_t hash;
    char key[NAME_MAX_BYTES]; /* "SERIAL/A"; "" free */
    char pump[NAME_MAX_BYTES], channel[NAME_MAX_BYTES], status[STATUS_MAX];
    struct pump_live live;    /* its texts are the above */
    bool had_live, unwritten;
    utc_t written;
    /* who owns it, as of this ledger number */
    int64_t seq;
    bool known, any, uncertain_state, uncertain;
    utc_t associated, down;
    char infusion[NAME_MAX_BYTES], patient[NAME_MAX_BYTES]; /* "" nobody's, or too long to be kept */
    bool moved; /* by the latest message */
};

struct pump_desk {
    struct pump_seat seat[SLOTS];
    struct arena *a; /* of one look at the store */
    int64_t epoch;
    int count;
};

struct pump_desk *pump_desk_new(void)
{
    struct pump_desk *d = mem_alloc(sizeof *d);
    d->a = arena_new();
    return d;
}

void pump_desk_free(struct pump_desk *d)
{
    if (!d)
        return;
    arena_free(d->a);
    mem_free(d);
}

static void forget_all(struct pump_desk *d)
{
    for (int i = 0; i < SLOTS; i++)
        d->seat[i].key[0] = 0;
    d->count = 0;
}

void pump_desk_forget(struct pump_desk *d)
{
    forget_all(d);
}

/* Which seat a message is for; false: names too long to be remembered. */
static bool key_of(const struct pump_message_in *in, char key[NAME_MAX_BYTES], uint32_t *hash)
{
    size_t p = in->pump ? strlen(in->pump) : 0, c = in->channel ? strlen(in->channel) : 0;
    if (!p || !c || p + c + 2 > NAME_MAX_BYTES)
        return false;
    memcpy(key, in->pump, p);
    key[p] = '/';
    memcpy(key + p + 1, in->channel, c + 1);
    uint32_t h = 2166136261u;
    for (const char *s = key; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    *hash = h;
    return true;
}

/* The seat of the key, or the free one where it belongs. A left seat keeps its key: only forget_all frees one. */
static struct pump_seat *seat_at(struct pump_desk *d, const char *key, uint32_t hash)
{
    uint32_t i = hash % SLOTS;
    while (d->seat[i].key[0] && (d->seat[i].hash != hash || strcmp(d->seat[i].key, key) != 0))
        i = (i + 1) % SLOTS;
    return &d->seat[i];
}

static void keep_status(struct pump_seat *s)
{
    if (s->live.status && s->live.status != s->status)
        snprintf(s->status, sizeof s->status, "%s", s->live.status);
    if (s->live.status)
        s->live.status = s->status;
}

MUST_CHECK static bool read_live(struct pump_desk *d, struct tx *t, struct pump_seat *s, struct err *e)
{
    struct pump p;
    bool found;
    struct tx own = *t;
    own.a = d->a;
    if (!table_get(&own, &record_pump, s->pump, &p, &found, e))
        return false;
    s->known = found;
    if (!found)
        return true;
    if (!table_get(&own, &record_pump_live, s->key, &s->live, &s->had_live, e))
        return false;
    if (!s->had_live)
        record_blank(&record_pump_live, &s->live);
    s->known = !s->live.status || strlen(s->live.status) < STATUS_MAX;
    s->live.id = s->key;
    s->live.pump = s->pump;
    s->live.channel = s->channel;
    s->unwritten = false;
    s->written = s->live.heard;
    keep_status(s);
    return true;
}

/* The latest to own the channel; an earlier owner is pump.message's to find. */
MUST_CHECK static bool read_owner(struct pump_desk *d, struct tx *t, struct pump_seat *s, struct err *e)
{
    struct infusion *i;
    int n;
    struct tx own = *t;
    own.a = d->a;
    if (!table_list(&own, &record_infusion,
                    "pump=?2 AND channel=?3 ORDER BY associated_at DESC, id DESC LIMIT 1",
                    VALS(V_TEXT(s->pump), V_TEXT(s->channel)), &i, &n, e))
        return false;
    s->any = n > 0;
    s->infusion[0] = s->patient[0] = 0;
    if (n) {
        s->associated = i[0].associated_at;
        s->uncertain_state = strcmp(i[0].state, "uncertain") == 0;
        s->uncertain = strncmp(i[0].certainty, "uncertain", 9) == 0;
        if (!care_taken_down(&own, i[0].id, &s->down, e))
            return false;
        if (s->down == UTC_NONE && strlen(i[0].id) < NAME_MAX_BYTES && strlen(i[0].patient) < NAME_MAX_BYTES) {
            strcpy(s->infusion, i[0].id);
            strcpy(s->patient, i[0].patient);
        }
    }
    s->seq = t->seq;
    return true;
}

MUST_CHECK static bool sit(struct pump_desk *d, struct tx *t, const struct pump_message_in *in, struct pump_seat **out,
                           struct err *e)
{
    char key[NAME_MAX_BYTES];
    uint32_t hash;
    *out = NULL;
    if (d->epoch != t->epoch || d->count >= PUMP_DESK_MAX)
        forget_all(d);
    d->epoch = t->epoch;
    if (!key_of(in, key, &hash))
        return true;
    struct pump_seat *s = seat_at(d, key, hash);
    bool fresh = !s->key[0], ok = true;
    arena_reset(d->a);
    if (fresh) {
        *s = (struct pump_seat){.hash = hash};
        memcpy(s->key, key, sizeof key);
        snprintf(s->pump, sizeof s->pump, "%s", in->pump);
        snprintf(s->channel, sizeof s->channel, "%s", in->channel);
        d->count++;
    }
    if (!s->known)
        ok = read_live(d, t, s, e) && (!s->known || read_owner(d, t, s, e));
    else if (s->seq != t->seq)
        ok = read_owner(d, t, s, e);
    if (!ok)
        forget_all(d);
    *out = ok && s->known ? s : NULL;
    return ok;
}

static struct news news_of(const struct pump_seat *s, const struct pump_message_in *in, utc_t now)
{
    struct news n = {.in = in, .live = s->live, .had_live = s->had_live};
    pump_clock(&n, now);
    n.owned = s->any && (s->down == UTC_NONE || n.at <= s->down + HAND_MINUTE);
    n.infusion.state = s->uncertain_state ? "uncertain" : "";
    n.infusion.certainty = s->uncertain ? "uncertain" : "";
    return n;
}

bool pump_desk_idle(struct pump_desk *d, struct tx *t, const struct pump_message_in *in, utc_t now,
                    struct pump_seat **seat, struct err *e)
{
    struct pump_seat *s;
    *seat = NULL;
    if (strcmp(in->kind, "telemetry") != 0 || (in->status && strlen(in->status) >= STATUS_MAX))
        return true;
    if (!sit(d, t, in, &s, e))
        return false;
    if (!s)
        return true;
    struct news n = news_of(s, in, now);
    bool before = s->any && n.at + HAND_MINUTE < s->associated; /* of an owner before the latest */
    *seat = before || pump_tells(&n) ? NULL : s;
    return true;
}

MUST_CHECK static bool write_live(struct tx *t, struct pump_seat *s, struct err *e)
{
    s->unwritten = false;
    s->written = s->live.heard;
    return runtime_put(t, &record_pump_live, &s->live, e);
}

static bool same(struct dec a, struct dec b)
{
    return dec_is(a) == dec_is(b) && (!dec_is(a) || dec_eq(a, b));
}

struct pump_word pump_seat_word(const struct pump_seat *s)
{
    return (struct pump_word){s->key, s->infusion[0] ? s->infusion : NULL, s->patient[0] ? s->patient : NULL, s->moved};
}

bool pump_desk_take(struct pump_desk *d, struct tx *t, struct pump_seat *s, const struct pump_message_in *in, utc_t now,
                    struct err *e)
{
    struct news n = news_of(s, in, now);
    (void)d;
    pump_renew(&n, now);
    s->moved = !same(s->live.rate, n.live.rate) || !same(s->live.total, n.live.total);
    s->live = n.live;
    s->had_live = true;
    keep_status(s);
    s->unwritten = true;
    return (s->written != UTC_NONE && now - s->written < WRITE_EVERY && now >= s->written) || write_live(t, s, e);
}

bool pump_desk_leave(struct pump_desk *d, struct tx *t, const struct pump_message_in *in, struct err *e)
{
    char key[NAME_MAX_BYTES];
    uint32_t hash;
    if (d->epoch != t->epoch)
        return true;
    struct pump_seat *s = key_of(in, key, &hash) ? seat_at(d, key, hash) : NULL;
    if (!s || !s->key[0] || !s->known) { /* perhaps another name of a pump that has a seat */
        forget_all(d);
        return true;
    }
    s->known = false; /* read anew with the next message */
    return !s->unwritten || write_live(t, s, e);
}
