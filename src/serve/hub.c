#include "serve/hub.h"

#include <string.h>
#include <time.h>

#include "serve/now.h"

/* EVENT_TEXT_MAX: one event as text, every character of its id escaped. */
enum { NAME_MAX_LEN = 160, LOOK_AHEAD = 256, BACKLOG_MAX = 64 * 1024, EVENT_TEXT_MAX = 8 * NAME_MAX_LEN };

struct notice {
    int64_t site, seq;
    bool live, cut; /* cut: the id was longer, so that two that look the same may be two */
    char topic[40], id[NAME_MAX_LEN], patient[NAME_MAX_LEN];
};

/* The latest word about a pump channel. */
struct channel_word {
    int64_t site;
    utc_t said;   /* steady time */
    bool waits;   /* changed since */
    char channel[NAME_MAX_LEN], infusion[NAME_MAX_LEN], patient[NAME_MAX_LEN];
};

struct listener {
    struct http_stream stream; /* first */
    struct hub *hub;
    struct listener *next, **at;
    int64_t site;
    char session[80], patient[NAME_MAX_LEN];
    bool one_patient, ended, beat;
    utc_t ends;          /* real time */
    utc_t woken, beats;  /* steady time: last woken, next heartbeat */
    uint64_t cursor;
    struct buf text;     /* formatted, not sent yet */
};

struct hub {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct notice ring[HUB_RING];
    uint64_t head;       /* notices ever; ring[head % HUB_RING] is the next free */
    struct listener *first;
    int count;
    int64_t seq;         /* the latest said */
    struct channel_word words[HUB_LIVE_MAX];
    int waiting;         /* words that wait */
    bool look;           /* the first of them came */
    utc_t span;          /* steady time: began; */
    int in_span;         /* said since */
    bool stopping;
};

/* ---- publishing -------------------------------------------------------------------------------------------------- */

static void copy(char *out, size_t size, const char *s)
{
    size_t n = s ? strnlen(s, size - 1) : 0;
    memcpy(out, s ? s : "", n);
    out[n] = 0;
}

static struct notice *push(struct hub *h, int64_t site, const char *topic, const char *id, const char *patient)
{
    struct notice *n = &h->ring[h->head++ % HUB_RING];
    n->site = site;
    n->seq = h->seq;
    n->live = false;
    n->cut = id && strlen(id) >= sizeof n->id;
    copy(n->topic, sizeof n->topic, topic);
    copy(n->id, sizeof n->id, id);
    copy(n->patient, sizeof n->patient, patient);
    return n;
}

void hub_publish(struct hub *h, int64_t site, const struct emitted *events, int count)
{
    if (!count)
        return;
    pthread_mutex_lock(&h->lock);
    for (int i = 0; i < count; i++) {
        h->seq = events[i].seq > h->seq ? events[i].seq : h->seq;
        push(h, site, events[i].topic, events[i].subject, events[i].patient)->seq = events[i].seq;
        if (events[i].patient) /* a page about a patient wants to know of all that is about them */
            push(h, site, "patient", events[i].patient, events[i].patient)->seq = events[i].seq;
    }
    pthread_cond_signal(&h->came);
    pthread_mutex_unlock(&h->lock);
}

uint64_t hub_mark(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    uint64_t mark = h->head;
    pthread_mutex_unlock(&h->lock);
    return mark;
}

/* ---- what pumps say without an event ------------------------------------------------------------------------------ */

static void say_word(struct hub *h, struct channel_word *w, utc_t now)
{
    h->waiting -= w->waits;
    w->waits = false;
    w->said = now;
    h->in_span++;
    push(h, w->site, "pump_live", w->channel, w->patient)->live = true;
    if (w->infusion[0])
        push(h, w->site, "infusion", w->infusion, w->patient)->live = true;
    if (w->patient[0])
        push(h, w->site, "patient", w->patient, w->patient)->live = true;
}

static bool word_may(struct hub *h, const struct channel_word *w, utc_t now)
{
    if (now - h->span >= HUB_LIVE_SPAN) {
        h->span = now;
        h->in_span = 0;
    }
    return now - w->said >= HUB_LIVE_PACE && h->in_span < HUB_LIVE_BURST;
}

void hub_live(struct hub *h, const struct hub_live *l)
{
    uint32_t hash = 2166136261u;
    for (const char *s = l->channel; *s; s++)
        hash = (hash ^ (unsigned char)*s) * 16777619u;
    pthread_mutex_lock(&h->lock);
    utc_t now = now_steady();
    struct channel_word *w = &h->words[hash % HUB_LIVE_MAX];
    if (w->site != l->site || strcmp(w->channel, l->channel) != 0) {
        if (w->waits)
            say_word(h, w, now);
        *w = (struct channel_word){.site = l->site, .said = now - HUB_LIVE_PACE};
        copy(w->channel, sizeof w->channel, l->channel);
    }
    copy(w->infusion, sizeof w->infusion, l->infusion);
    copy(w->patient, sizeof w->patient, l->patient);
    h->waiting += !w->waits;
    w->waits = true;
    if (word_may(h, w, now)) {
        say_word(h, w, now);
        pthread_cond_signal(&h->came);
    } else if (h->waiting == 1) {
        h->look = true;
        pthread_cond_signal(&h->came);
    }
    pthread_mutex_unlock(&h->lock);
}

/* Says what waited long enough; returns when to look again. */
static utc_t say_waiting(struct hub *h, utc_t now)
{
    for (int i = 0; i < HUB_LIVE_MAX && h->waiting; i++)
        if (h->words[i].waits && word_may(h, &h->words[i], now))
            say_word(h, &h->words[i], now);
    return h->waiting ? now + HUB_LIVE_SPAN : now + HUB_HEARTBEAT;
}

/* ---- one stream -------------------------------------------------------------------------------------------------- */

static void format(struct buf *b, int64_t seq, const char *topic, const char *id, bool live)
{
    struct json j;
    if (!live) /* what is no event is no place to go on from */
        buf_printf(b, "id: %lld\n", (long long)seq);
    buf_puts(b, "data: ");
    json_init(&j, b);
    json_object(&j, NULL);
    json_int(&j, "seq", seq);
    json_str(&j, "topic", topic);
    json_str(&j, "id", id);
    if (live)
        json_bool(&j, "live", true);
    json_end(&j, '}');
    buf_puts(b, "\n\n");
}

void hub_format(struct buf *b, int64_t seq, const char *topic, const char *id)
{
    format(b, seq, topic, id, false);
}

static bool may_hear(const struct listener *l, const struct notice *n)
{
    return n->site == l->site && (!l->one_patient || strcmp(n->patient, l->patient) == 0);
}

/* True: this listener hears the same again further on, and that is enough. A word that is no event stands for none. */
static bool said_later(const struct hub *h, const struct listener *l, uint64_t at)
{
    const struct notice *n = &h->ring[at % HUB_RING];
    for (uint64_t i = at + 1; !n->cut && i < h->head && i < at + LOOK_AHEAD; i++) {
        const struct notice *m = &h->ring[i % HUB_RING];
        if (may_hear(l, m) && !m->cut && m->live <= n->live && strcmp(m->id, n->id) == 0 &&
            strcmp(m->topic, n->topic) == 0)
            return true;
    }
    return false;
}

/* A text that was full once takes nothing any more: nothing is added that might not fit. */
static bool roomy(const struct listener *l)
{
    return l->text.len + EVENT_TEXT_MAX < l->text.max;
}

static void say_reset(struct buf *b, int64_t seq)
{
    buf_printf(b, "event: reset\nid: %lld\ndata: {\"seq\":%lld}\n\n", (long long)seq, (long long)seq);
}

static void gather(struct hub *h, struct listener *l)
{
    if (h->head - l->cursor > HUB_RING && roomy(l)) {
        l->cursor = h->head;
        say_reset(&l->text, h->seq);
    }
    for (; h->head - l->cursor <= HUB_RING && l->cursor < h->head && roomy(l); l->cursor++) {
        const struct notice *n = &h->ring[l->cursor % HUB_RING];
        if (may_hear(l, n) && !said_later(h, l, l->cursor))
            format(&l->text, n->seq, n->topic, n->id, n->live);
    }
    if (l->beat && roomy(l)) {
        l->beat = false;
        buf_puts(&l->text, ": still here\n\n");
    }
}

static ssize_t listener_read(struct http_stream *s, char *out, size_t max)
{
    struct listener *l = (struct listener *)s;
    struct hub *h = l->hub;
    pthread_mutex_lock(&h->lock);
    ssize_t n;
    if (h->stopping || l->ended) {
        n = -1;
    } else {
        gather(h, l);
        size_t len = l->text.len < max ? l->text.len : max;
        memcpy(out, buf_str(&l->text), len);
        buf_drop(&l->text, len);
        n = (ssize_t)len;
    }
    pthread_mutex_unlock(&h->lock);
    return n;
}

static void listener_gone(struct http_stream *s)
{
    struct listener *l = (struct listener *)s;
    struct hub *h = l->hub;
    pthread_mutex_lock(&h->lock);
    *l->at = l->next;
    if (l->next)
        l->next->at = l->at;
    h->count--;
    pthread_mutex_unlock(&h->lock);
    buf_fini(&l->text);
    pthread_mutex_destroy(&l->stream.lock);
    mem_free(l);
}

struct http_stream *hub_listen(struct hub *h, const struct hub_listener_config *c, struct err *e)
{
    struct listener *l = mem_alloc(sizeof *l);
    http_stream_init(&l->stream);
    l->stream.read = listener_read;
    l->stream.gone = listener_gone;
    l->hub = h;
    l->site = c->site;
    l->one_patient = c->patient != NULL;
    copy(l->patient, sizeof l->patient, c->patient);
    copy(l->session, sizeof l->session, c->session);
    l->ends = c->ends;
    l->beats = now_steady() + HUB_HEARTBEAT;
    buf_init(&l->text, BACKLOG_MAX + 8192);
    buf_printf(&l->text, "retry: 1000\nevent: hello\nid: %lld\ndata: {\"seq\":%lld}\n\n", (long long)c->seq,
               (long long)c->seq);
    size_t greeting = l->text.len;
    buf_puts(&l->text, c->backlog ? c->backlog : "");
    if (l->text.full) {
        l->text.full = false;
        buf_drop(&l->text, l->text.len - greeting);
        say_reset(&l->text, c->seq);
    }
    pthread_mutex_lock(&h->lock);
    bool room = h->count < HUB_LISTENERS_MAX && !h->stopping;
    if (room) {
        l->cursor = c->mark < h->head ? c->mark : h->head;
        h->seq = c->seq > h->seq ? c->seq : h->seq;
        l->next = h->first;
        l->at = &h->first;
        if (h->first)
            h->first->at = &l->next;
        h->first = l;
        h->count++;
    }
    pthread_mutex_unlock(&h->lock);
    if (room)
        return &l->stream;
    buf_fini(&l->text);
    mem_free(l);
    err_set(e, ERR_BUSY, "", "%d pages already listen; close one", HUB_LISTENERS_MAX);
    return NULL;
}

/* ---- waking ------------------------------------------------------------------------------------------------------ */

/* Wakes what is due; returns when the next is. */
static utc_t wake_due(struct hub *h, utc_t now)
{
    utc_t next = now + HUB_HEARTBEAT;
    for (struct listener *l = h->first; l; l = l->next) {
        bool news = l->cursor < h->head, due = now >= l->woken + HUB_PACE;
        if (now >= l->beats) {
            l->beats = now + HUB_HEARTBEAT;
            l->beat = true;
            l->ended = l->ended || now_real() >= l->ends;
        }
        if ((news && due) || l->beat || l->ended) {
            l->woken = now;
            http_stream_wake(&l->stream);
        } else if (news && l->woken + HUB_PACE < next) {
            next = l->woken + HUB_PACE;
        }
        if (l->beats < next)
            next = l->beats;
    }
    return next;
}

static void *hub_main(void *ctx)
{
    pthread_setname_np(pthread_self(), "live");
    struct hub *h = ctx;
    pthread_mutex_lock(&h->lock);
    while (!h->stopping) {
        utc_t now = now_steady(), again = say_waiting(h, now);
        utc_t next = wake_due(h, now);
        uint64_t seen = h->head;
        h->look = false;
        if (again < next)
            next = again;
        struct timespec until = {.tv_sec = next / UTC_SECOND, .tv_nsec = (next % UTC_SECOND) * 1000};
        while (!h->stopping && h->head == seen && !h->look &&
               pthread_cond_timedwait(&h->came, &h->lock, &until) == 0)
            continue;
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

struct hub *hub_start(void)
{
    struct hub *h = mem_alloc(sizeof *h);
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->came, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&h->thread, NULL, hub_main, h) == 0)
        return h;
    mem_free(h);
    return NULL;
}

void hub_end_session(struct hub *h, const char *session)
{
    pthread_mutex_lock(&h->lock);
    for (struct listener *l = h->first; l; l = l->next)
        if (strcmp(l->session, session) == 0) {
            l->ended = true;
            http_stream_wake(&l->stream);
        }
    pthread_mutex_unlock(&h->lock);
}

void hub_end_streams(struct hub *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    for (struct listener *l = h->first; l; l = l->next)
        http_stream_wake(&l->stream);
    pthread_cond_signal(&h->came);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
}

void hub_free(struct hub *h)
{
    if (!h)
        return;
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->came);
    mem_free(h);
}

int hub_listeners(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    int n = h->count;
    pthread_mutex_unlock(&h->lock);
    return n;
}
