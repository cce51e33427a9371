#include "clinic/flow.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_words[FLOW_KINDS] = {"associate", "start", "rate", "stop", "complete", "kvo", "counter", "reset",
                                                   "lost", "flush", "stated", "disassociate"};

const char *flow_kind_word(enum flow_kind k)
{
    return kind_words[k];
}

bool flow_kind_read(const char *word, enum flow_kind *out, struct err *e)
{
    for (int i = 0; i < FLOW_KINDS; i++)
        if (strcmp(kind_words[i], word) == 0) {
            *out = (enum flow_kind)i;
            return true;
        }
    return err_set(e, ERR_INPUT, "kind", "\"%.40s\" is no kind of flow fact", word);
}

const char *flow_certainty_word(enum flow_certainty c)
{
    static const char *const words[] = {"certain", "stated", "uncertain when", "uncertain total"};
    return words[c];
}

const char *flow_segment_word(enum flow_segment_kind k)
{
    static const char *const words[] = {"running", "paused", "kvo", "flush", "uncertain"};
    return words[k];
}

/* ---- the set in order -------------------------------------------------------------------------------------------- */

/* Digit runs compare as numbers, all else by bytes; ids that only differ in leading zeros fall back to their bytes. */
static int by_id(const char *a, const char *b)
{
    const char *p = a, *q = b;
    while (*p && *q) {
        size_t m = strspn(p, "0123456789"), n = strspn(q, "0123456789");
        if (m && n) {
            size_t zp = strspn(p, "0"), zq = strspn(q, "0");
            size_t dp = m > zp ? m - zp : 0, dq = n > zq ? n - zq : 0;
            int c = dp != dq ? (dp < dq ? -1 : 1) : memcmp(p + zp, q + zq, dp);
            if (c)
                return c;
            p += m;
            q += n;
        } else if (*p != *q) {
            return (unsigned char)*p < (unsigned char)*q ? -1 : 1;
        } else {
            p++;
            q++;
        }
    }
    return *p ? 1 : *q ? -1 : strcmp(a, b);
}

static int by_dec(struct dec a, struct dec b)
{
    if (dec_is(a) && dec_is(b))
        return dec_cmp(a, b);
    return (int)dec_is(a) - (int)dec_is(b);
}

static int by_time(const void *x, const void *y)
{
    const struct flow_input *a = x, *b = y;
    if (a->happened != b->happened)
        return a->happened < b->happened ? -1 : 1;
    int c = strcmp(a->sender, b->sender);
    if (!c)
        c = by_id(a->message, b->message);
    return c ? c : (int)a->kind - (int)b->kind;
}

/* Two facts of one message that differ in their numbers: still one order, whatever order they came in. */
static int by_all(const void *x, const void *y)
{
    const struct flow_input *a = x, *b = y;
    int c = by_time(a, b);
    if (!c)
        c = by_dec(a->total, b->total);
    if (!c)
        c = by_dec(a->rate, b->rate);
    return c ? c : (int)a->source - (int)b->source;
}

static int sorted_set(struct arena *a, const struct flow_input *facts, int n, struct flow_input **out)
{
    struct flow_input *f = ARENA_ARRAY(a, n ? (size_t)n : 1, struct flow_input);
    int kept = 0;
    if (n)
        memcpy(f, facts, (size_t)n * sizeof *f);
    qsort(f, (size_t)n, sizeof *f, by_all);
    for (int i = 0; i < n; i++)
        if (!kept || by_time(&f[kept - 1], &f[i]) != 0)
            f[kept++] = f[i];
    *out = f;
    return kept;
}

/* ---- walking the facts --------------------------------------------------------------------------------------------- */

enum phase { IDLE, RUNNING, PAUSED, KVO, ENDED };

struct walk {
    struct flow *out;
    enum phase phase;
    utc_t since;          /* start of the open segment */
    struct dec rate;
    struct dec counter;   /* last reading */
    utc_t read_at;        /* when */
    struct dec step;      /* of the counter */
    int group;            /* first segment since that reading */
    enum flow_source source;
    bool has_pump, nurse_started, lost, stated;
    struct dec stated_ml;
};

/* rate × time, to 0.0001 mL */
static struct dec by_rate(struct dec rate, utc_t from, utc_t to)
{
    if (!dec_is(rate) || to <= from)
        return dec_int(0);
    return dec_div(dec_mul(rate, dec_int((to - from) / 1000)), dec_int(3600000), 4, DEC_HALF_AWAY);
}

static struct dec or_zero(struct dec d)
{
    return dec_is(d) ? d : dec_int(0);
}

static bool flows(const struct flow_segment *s)
{
    return s->kind == FLOW_SEG_RUNNING || s->kind == FLOW_SEG_KVO;
}

/* Close the open segment at t. An instant of no length leaves no trace. */
static void close_segment(struct walk *w, utc_t t)
{
    if ((w->phase != RUNNING && w->phase != PAUSED && w->phase != KVO) || t <= w->since)
        return;
    bool paused = w->phase == PAUSED;
    w->out->segments[w->out->count++] = (struct flow_segment){
        .start = w->since, .end = t, .source = w->source, .certainty = FLOW_CERTAIN,
        .kind = paused ? FLOW_SEG_PAUSED : w->phase == RUNNING ? FLOW_SEG_RUNNING : FLOW_SEG_KVO,
        .rate = paused ? dec_int(0) : w->rate, .volume = paused ? dec_int(0) : DEC_NONE};
    w->since = t;
}

/* The larger of 0.1 mL, the counter's step, and one second at the highest rate (resolution of the timestamps). */
static struct dec tolerance(const struct walk *w)
{
    struct dec rate = or_zero(w->rate);
    for (int i = w->group; i < w->out->count; i++)
        rate = dec_max(rate, or_zero(w->out->segments[i].rate));
    return dec_max(dec_max(DEC(1, 1), w->step), dec_div(rate, dec_int(3600), 4, DEC_UP));
}

/* All segments since the last reading become one stretch of which the certainty is not better than `c`. */
static void merge_uncertain(struct walk *w, struct dec volume, enum flow_certainty c, utc_t t)
{
    struct flow *f = w->out;
    utc_t start = f->count > w->group ? f->segments[w->group].start : w->read_at != UTC_NONE ? w->read_at : t;
    f->count = w->group;
    f->segments[f->count++] = (struct flow_segment){.start = start, .end = t, .kind = FLOW_SEG_UNCERTAIN, .certainty = c,
        .source = w->source, .rate = DEC_NONE, .volume = volume};
    f->doubt = c == FLOW_UNCERTAIN_WHEN ? "when it flowed is not known; the total is"
                                        : "how much flowed is not known: the counter was set back between two readings";
    if (dec_sign(volume) <= 0)
        return;
    if (f->started == UTC_NONE)
        f->started = start;
    if (w->phase == IDLE) {
        w->phase = PAUSED;
        w->since = t;
    }
    if (w->phase != RUNNING)
        f->ended = t;
}

/* The counter stood still although the pump was thought to run: nothing flowed, and that is certain. */
static void stood_still(struct walk *w)
{
    struct flow *f = w->out;
    for (int i = w->group; i < f->count; i++) {
        f->segments[i].kind = FLOW_SEG_PAUSED;
        f->segments[i].rate = f->segments[i].volume = dec_int(0);
    }
}

/* Share `delta` out over the flowing segments since the last reading; the last takes the rest. */
static void share(struct walk *w, struct dec delta, int last)
{
    struct flow *f = w->out;
    struct dec rest = delta;
    for (int i = w->group; i < last; i++)
        if (flows(&f->segments[i])) {
            struct dec part = by_rate(f->segments[i].rate, f->segments[i].start, f->segments[i].end);
            f->segments[i].volume = dec_min(part, rest);
            rest = dec_sub(rest, f->segments[i].volume);
        }
    f->segments[last].volume = rest;
}

/* A person says what went in without having said when it began: a push, or a bag hung and forgotten. */
static void given_at_once(struct walk *w, struct dec volume, utc_t t)
{
    struct flow *f = w->out;
    utc_t start = w->read_at != UTC_NONE ? w->read_at : t;
    f->segments[f->count++] = (struct flow_segment){.start = start, .end = t, .kind = FLOW_SEG_RUNNING,
        .certainty = FLOW_STATED_BY, .source = w->source, .rate = DEC_NONE, .volume = volume};
    if (f->started == UTC_NONE)
        f->started = start;
    f->ended = t;
}

/* What rate × time says about the segments since the last reading; *last is the last that flowed, or -1. */
static struct dec expected_since(const struct walk *w, int *last)
{
    struct dec sum = dec_int(0);
    *last = -1;
    for (int i = w->group; i < w->out->count; i++)
        if (flows(&w->out->segments[i])) {
            sum = dec_add(sum, by_rate(w->out->segments[i].rate, w->out->segments[i].start, w->out->segments[i].end));
            *last = i;
        }
    return sum;
}

static bool agree(const struct walk *w, struct dec a, struct dec b)
{
    return dec_le(dec_abs(dec_sub(a, b)), tolerance(w));
}

/* Set back while nothing was known to flow: if the last reading is older than a pump may be silent, a start of which no
 * word came may lie between, and what flowed then went with the counter. */
static bool blind(const struct walk *w, int last, utc_t t)
{
    return last < 0 && w->has_pump && dec_is(w->counter) && w->read_at != UTC_NONE && t - w->read_at > FLOW_SILENT_US;
}

/* A reading: what went in since the last one must agree with rate × time, or nobody knows when it flowed. */
static void settle(struct walk *w, struct dec reading, utc_t t)
{
    int last;
    struct dec expected = expected_since(w, &last), delta = dec_sub(reading, or_zero(w->counter));
    bool back = dec_sign(delta) < 0, first = !dec_is(w->counter);
    if (back)
        delta = reading; /* set back without saying so: it counts from nothing */
    if (last < 0 && !first && !back && agree(w, delta, dec_int(0))) {
        w->read_at = t;
        return; /* a last drop while it stands: kept for the next stretch that flows */
    }
    if (first && (last < 0 || !agree(w, delta, expected))) {
        /* the counter's start was never read: rate × time is all there is */
        if (last >= 0)
            merge_uncertain(w, expected, FLOW_UNCERTAIN_TOTAL, t);
    } else if (!w->has_pump) {
        if (last >= 0)
            share(w, delta, last);
        else if (dec_sign(delta) > 0)
            given_at_once(w, delta, t);
    } else if (back && blind(w, last, t)) {
        merge_uncertain(w, delta, FLOW_UNCERTAIN_TOTAL, t);
    } else if (agree(w, delta, expected)) {
        if (last >= 0)
            share(w, delta, last);
    } else if (back) {
        merge_uncertain(w, dec_max(delta, expected), FLOW_UNCERTAIN_TOTAL, t);
    } else if (dec_sign(delta) == 0 && dec_sign(reading) == 0 && t - w->read_at > FLOW_SILENT_US) {
        merge_uncertain(w, expected, FLOW_UNCERTAIN_TOTAL, t); /* nothing twice: it stood, or was set back again meanwhile */
    } else if (dec_sign(delta) == 0) {
        stood_still(w);
    } else {
        merge_uncertain(w, delta, FLOW_UNCERTAIN_WHEN, t);
    }
    w->counter = reading;
    w->read_at = t;
    w->group = w->out->count;
}

/* An announced reset: what flowed since the last reading is known by rate × time only. */
static void reset(struct walk *w, struct dec value, utc_t t)
{
    int last;
    struct dec expected = expected_since(w, &last);
    if (last >= 0 && agree(w, expected, dec_int(0)))
        share(w, expected, last);
    else if (last >= 0 || blind(w, last, t))
        merge_uncertain(w, expected, FLOW_UNCERTAIN_TOTAL, t);
    w->counter = or_zero(value);
    w->read_at = t;
    w->group = w->out->count;
}

static void enter(struct walk *w, enum phase p, const struct flow_input *f)
{
    w->phase = p;
    w->since = f->happened;
    w->source = f->source;
    if (dec_is(f->rate))
        w->rate = f->rate;
    if (p == RUNNING && w->out->started == UTC_NONE)
        w->out->started = f->happened;
}

static void end_flow(struct walk *w, utc_t t)
{
    if (w->phase == RUNNING || w->out->ended == UTC_NONE)
        w->out->ended = t;
    w->phase = ENDED;
}

/* A person's word: on an infusion with a pump it says what they did, not what flowed. */
static void walk_person(struct walk *w, const struct flow_input *f)
{
    if (f->kind == FLOW_START)
        w->nurse_started = true;
    if (f->kind == FLOW_STATED) {
        w->stated = true;
        w->stated_ml = f->total;
    }
    if (f->kind == FLOW_FLUSH)
        w->out->flush = dec_add(w->out->flush, or_zero(f->total));
    if (f->kind == FLOW_DISASSOCIATE) {
        close_segment(w, f->happened);
        end_flow(w, f->happened);
    }
}

/* A reading tells the rate too: a change nobody announced shows in it. */
static void walk_counter(struct walk *w, const struct flow_input *f)
{
    if (!dec_is(f->rate))
        return;
    bool moving = dec_sign(f->rate) > 0;
    if (w->phase == RUNNING && !dec_eq(f->rate, or_zero(w->rate))) {
        if (!moving)
            w->out->ended = f->happened;
        enter(w, moving ? RUNNING : PAUSED, f);
    } else if (w->phase == KVO && !moving)
        enter(w, PAUSED, f);
    else if (moving && (w->phase == IDLE || w->phase == PAUSED))
        enter(w, RUNNING, f);
}

static void walk_state(struct walk *w, const struct flow_input *f)
{
    switch (f->kind) {
    case FLOW_START:
    case FLOW_RATE:
        enter(w, RUNNING, f);
        w->out->ended = UTC_NONE;
        break;
    case FLOW_KVO:
        if (w->phase == RUNNING)
            w->out->ended = f->happened;
        enter(w, KVO, f);
        break;
    case FLOW_STOP:
    case FLOW_COMPLETE:
        if (w->phase == RUNNING)
            w->out->ended = f->happened;
        if (w->phase == RUNNING || (w->phase == KVO && f->kind == FLOW_STOP))
            enter(w, PAUSED, f);
        break;
    case FLOW_COUNTER:
        walk_counter(w, f);
        break;
    case FLOW_DISASSOCIATE:
        end_flow(w, f->happened);
        break;
    default:
        break;
    }
}

static void walk_fact(struct walk *w, const struct flow_input *f)
{
    if (f->kind == FLOW_ASSOCIATE) {
        if (dec_is(f->total) && (!dec_is(w->counter) || !w->has_pump)) { /* a pump already heard has its own start */
            w->counter = f->total;
            w->read_at = f->happened;
        }
        return;
    }
    if (f->kind == FLOW_STATED || f->kind == FLOW_FLUSH || (w->has_pump && f->source != FLOW_BY_PUMP && f->kind != FLOW_LOST)) {
        walk_person(w, f);
        return;
    }
    if (w->phase == ENDED) {
        /* taken down a moment before the pump's last word was dated: its reading still closes the volume */
        if (w->group < w->out->count && dec_is(f->total) && f->kind != FLOW_RESET)
            settle(w, f->total, f->happened);
        return;
    }
    if (f->kind == FLOW_LOST) {
        w->lost = true;
        return;
    }
    w->lost = false;
    w->out->heard = f->happened;
    if (w->phase == IDLE)
        w->source = f->source;
    if (dec_is(f->resolution))
        w->step = f->resolution;
    close_segment(w, f->happened);
    bool midway = w->has_pump && w->phase == IDLE && !dec_is(w->counter) && f->kind == FLOW_COUNTER && dec_is(f->rate) &&
                  dec_sign(f->rate) > 0 && dec_is(f->total) && dec_sign(f->total) > 0;
    if (f->kind == FLOW_RESET) {
        reset(w, f->total, f->happened);
    } else if (dec_is(f->total)) {
        settle(w, f->total, f->happened);
    }
    if (midway) { /* neither a start nor a baseline was heard: what flowed before this reading is in no difference */
        merge_uncertain(w, dec_int(0), FLOW_UNCERTAIN_TOTAL, f->happened);
        w->out->doubt = "how much flowed is not known: it flowed already when the pump was first heard";
        w->group = w->out->count;
    }
    walk_state(w, f);
}

/* ---- the summary ----------------------------------------------------------------------------------------------------- */

/* A flowing stretch that no reading closed: by rate × time, and said so. */
static void guess_volume(struct walk *w, struct flow_segment *s)
{
    bool over = w->phase == ENDED || w->lost;
    s->volume = by_rate(s->rate, s->start, s->end);
    s->certainty = !w->has_pump ? FLOW_STATED_BY : over ? FLOW_UNCERTAIN_TOTAL : FLOW_CERTAIN;
    if (s->certainty == FLOW_UNCERTAIN_TOTAL)
        w->out->doubt = "how much flowed is not known: no reading came after";
}

static bool same_dec(struct dec a, struct dec b)
{
    return by_dec(a, b) == 0;
}

/* Readings cut a stretch of one rate into pieces: join them again. */
static void join_segments(struct flow *f)
{
    int n = 0;
    for (int i = 0; i < f->count; i++) {
        struct flow_segment *s = &f->segments[i], *last = n ? &f->segments[n - 1] : NULL;
        bool joins = last && s->kind != FLOW_SEG_UNCERTAIN && last->kind == s->kind && last->end == s->start &&
                     last->certainty == s->certainty && last->source == s->source && same_dec(last->rate, s->rate);
        if (joins) {
            last->end = s->end;
            last->volume = dec_add(last->volume, s->volume);
        } else {
            f->segments[n++] = *s;
        }
    }
    f->count = n;
}

static void add_open_segment(struct walk *w)
{
    struct flow *f = w->out;
    if (w->phase != RUNNING && w->phase != KVO && w->phase != PAUSED)
        return;
    bool unheard = w->lost && w->phase != PAUSED;
    enum flow_segment_kind kind = w->phase == RUNNING ? FLOW_SEG_RUNNING : w->phase == KVO ? FLOW_SEG_KVO : FLOW_SEG_PAUSED;
    f->segments[f->count++] = (struct flow_segment){.start = w->since, .end = UTC_NONE, .source = w->source,
        .kind = unheard ? FLOW_SEG_UNCERTAIN : kind, .rate = f->rate, .volume = dec_int(0),
        .certainty = unheard ? FLOW_UNCERTAIN_TOTAL : w->has_pump ? FLOW_CERTAIN : FLOW_STATED_BY};
}

/* The open segment, if something flows in it. */
static const struct flow_segment *flowing_now(const struct flow *f)
{
    const struct flow_segment *s = f->count ? &f->segments[f->count - 1] : NULL;
    return s && s->end == UTC_NONE && s->kind == FLOW_SEG_RUNNING ? s : NULL;
}

/* Since when this rate, and when it last was another: of the joined segments. */
static void date_rate(struct flow *f)
{
    const struct flow_segment *open = flowing_now(f);
    int64_t ran = 0;
    for (int i = f->count - 2; open && i >= 0; i--) { /* back over pauses to another rate */
        const struct flow_segment *s = &f->segments[i];
        if (s->kind == FLOW_SEG_RUNNING && same_dec(s->rate, open->rate))
            ran += s->end - s->start;
        else if (s->kind != FLOW_SEG_PAUSED)
            break;
    }
    f->rate_since = open ? open->start - ran : UTC_NONE;
    f->rate_changed = f->started;
    for (int i = 1; i < f->count; i++) {
        const struct flow_segment *s = &f->segments[i], *before = s - 1;
        if (s->kind == FLOW_SEG_RUNNING && dec_is(s->rate) && dec_is(before->rate) && !dec_eq(s->rate, before->rate))
            f->rate_changed = s->start;
    }
}

static void say_state(struct walk *w)
{
    static const char *const words[] = {"associated", "running", "paused", "kvo", "ended"};
    struct flow *f = w->out;
    f->state = w->phase == IDLE && w->nurse_started ? "waiting" : words[w->phase];
    if (w->lost && (w->phase == RUNNING || w->phase == KVO)) {
        f->certainty = FLOW_UNCERTAIN_TOTAL;
        f->doubt = "the pump is silent: whether and how much flows is not known";
    }
    if (w->phase == ENDED && w->nurse_started && w->has_pump && f->started == UTC_NONE) {
        f->certainty = FLOW_UNCERTAIN_TOTAL;
        f->doubt = "it was started at the bedside, but no word of the pump ever came";
    }
    if (f->certainty == FLOW_UNCERTAIN_TOTAL)
        f->state = "uncertain";
    if (!w->stated)
        return;
    f->volume = or_zero(w->stated_ml);
    f->certainty = FLOW_STATED_BY;
    f->state = w->phase == ENDED ? "reconciled" : words[w->phase];
}

static void sum_up(struct walk *w)
{
    struct flow *f = w->out;
    f->volume = f->kvo = dec_int(0);
    for (int i = 0; i < f->count; i++) {
        struct flow_segment *s = &f->segments[i];
        if (flows(s) && !dec_is(s->volume))
            guess_volume(w, s);
        if (!w->has_pump && s->certainty == FLOW_CERTAIN)
            s->certainty = FLOW_STATED_BY;
        if (s->certainty > f->certainty)
            f->certainty = s->certainty;
        struct dec *sum = s->kind == FLOW_SEG_KVO ? &f->kvo : &f->volume;
        *sum = dec_add(*sum, or_zero(s->volume));
    }
    f->counter = w->counter;
    f->counted = w->since;
    f->rate = w->phase == RUNNING || w->phase == KVO ? w->rate : dec_int(0);
    add_open_segment(w);
    join_segments(f);
    date_rate(f);
    say_state(w);
}

/* One walk over facts in their order. */
static void walk_all(const struct flow_input *f, int n, struct walk *w)
{
    struct flow_segment *segments = w->out->segments;
    *w->out = (struct flow){.segments = segments, .started = UTC_NONE, .ended = UTC_NONE, .heard = UTC_NONE,
        .counted = UTC_NONE, .rate_since = UTC_NONE, .rate_changed = UTC_NONE, .flush = dec_int(0), .counter = DEC_NONE};
    w->rate = w->stated_ml = DEC_NONE;
    w->since = w->read_at = UTC_NONE;
    w->counter = w->has_pump ? DEC_NONE : dec_int(0);
    w->step = DEC(1, 1);
    for (int i = 0; i < n; i++)
        walk_fact(w, &f[i]);
}

/* A pump that was to speak and never told of flow, a start charted at the bedside, and a person who said afterwards what
 * flowed in all: then the person's start, rates and stop are the only times there are. They make the segments, marked
 * stated, and what was stated is shared out over them. */
static bool only_a_person_knows(const struct walk *w)
{
    return w->has_pump && w->stated && w->nurse_started && w->out->started == UTC_NONE;
}

static int of_persons(struct flow_input *f, int n)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (f[i].source != FLOW_BY_PUMP && f[i].kind != FLOW_LOST)
            f[kept++] = f[i];
    return kept;
}

static void share_stated(struct walk *w)
{
    int last = -1;
    for (int i = 0; i < w->out->count; i++)
        if (flows(&w->out->segments[i]))
            last = i;
    w->group = 0;
    if (last >= 0)
        share(w, or_zero(w->stated_ml), last);
}

bool flow_segments(struct arena *a, const struct flow_input *facts, int n, bool has_pump, struct flow *out, struct err *e)
{
    struct flow_input *f;
    if (n < 0 || n > FLOW_FACTS_MAX)
        return err_set(e, ERR_TOO_LARGE, "facts", "%d facts about one infusion, at most %d are taken", n, FLOW_FACTS_MAX);
    n = sorted_set(a, facts, n, &f);
    out->segments = ARENA_ARRAY(a, (size_t)n + 2, struct flow_segment);
    struct walk w = {.out = out, .has_pump = has_pump};
    walk_all(f, n, &w);
    if (only_a_person_knows(&w)) {
        w = (struct walk){.out = out};
        walk_all(f, of_persons(f, n), &w);
        share_stated(&w);
    }
    sum_up(&w);
    return true;
}

struct dec flow_volume_at(const struct flow *f, utc_t now)
{
    return f->rate_since == UTC_NONE ? f->volume : dec_add(f->volume, by_rate(f->rate, f->counted, now));
}

struct dec flow_minutes_at_rate(const struct flow *f, utc_t now)
{
    int64_t us = f->rate_since != UTC_NONE && now > f->rate_since ? now - f->rate_since : 0;
    return dec_div(dec_int(us / 1000), dec_int(60000), 2, DEC_DOWN);
}

void flow_ahead(const struct flow *f, struct dec ordered_ml, utc_t now, struct flow_forecast *out)
{
    int64_t us;
    *out = (struct flow_forecast){.minutes = DEC_NONE, .ends = UTC_NONE};
    out->left = dec_max(dec_int(0), dec_sub(ordered_ml, flow_volume_at(f, now)));
    if (f->rate_since == UTC_NONE || !dec_is(f->rate) || dec_sign(f->rate) <= 0)
        return;
    out->minutes = dec_div(dec_mul(out->left, dec_int(60)), f->rate, 2, DEC_UP);
    struct dec seconds = dec_div(dec_mul(out->left, dec_int(3600)), f->rate, 6, DEC_UP);
    if (dec_to_int(dec_mul(seconds, dec_int(UTC_SECOND)), DEC_UP, &us))
        out->ends = now + us;
}
