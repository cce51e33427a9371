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

static int by_time(const void *x, const void *y)
{
    const struct flow_input *a = x, *b = y;
    if (a->happened != b->happened)
        return a->happened < b->happened ? -1 : 1;
    int c = strcmp(a->sender, b->sender);
    if (!c)
        c = strcmp(a->message, b->message);
    return c ? c : (int)a->kind - (int)b->kind;
}

static int sorted_set(struct arena *a, const struct flow_input *facts, int n, struct flow_input **out)
{
    struct flow_input *f = ARENA_ARRAY(a, n ? (size_t)n : 1, struct flow_input);
    int kept = 0;
    if (n)
        memcpy(f, facts, (size_t)n * sizeof *f);
    qsort(f, (size_t)n, sizeof *f, by_time);
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

/* All segments since the last reading become one stretch in which `volume` went in, nobody knows when. */
static void merge_uncertain(struct walk *w, struct dec volume, utc_t t)
{
    struct flow *f = w->out;
    utc_t start = f->count > w->group ? f->segments[w->group].start : t;
    f->count = w->group;
    f->segments[f->count++] = (struct flow_segment){
        .start = start, .end = t, .kind = FLOW_SEG_UNCERTAIN, .certainty = FLOW_UNCERTAIN_WHEN,
        .source = w->source, .rate = DEC_NONE, .volume = volume};
    f->doubt = "when it flowed is not known; the total is";
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

/* A reading: what went in since the last one must agree with rate × time, or nobody knows when it flowed. */
static void settle(struct walk *w, struct dec reading, utc_t t)
{
    struct flow *f = w->out;
    struct dec expected = dec_int(0);
    int last = -1;
    for (int i = w->group; i < f->count; i++)
        if (flows(&f->segments[i])) {
            expected = dec_add(expected, by_rate(f->segments[i].rate, f->segments[i].start, f->segments[i].end));
            last = i;
        }
    struct dec delta = dec_is(w->counter) ? dec_sub(reading, w->counter) : expected; /* first reading: nothing to compare */
    if (dec_sign(delta) < 0)
        delta = reading; /* the counter went back without saying so: it counts from nothing */
    w->counter = reading;
    if (w->has_pump && dec_lt(tolerance(w), dec_abs(dec_sub(delta, expected))))
        merge_uncertain(w, delta, t);
    else if (last >= 0)
        share(w, delta, last);
    w->group = f->count;
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
    if (w->phase == RUNNING && !dec_eq(f->rate, or_zero(w->rate)))
        enter(w, moving ? RUNNING : PAUSED, f);
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
        if (dec_is(f->total))
            w->counter = f->total;
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
    if (dec_is(f->resolution))
        w->step = f->resolution;
    close_segment(w, f->happened);
    if (f->kind == FLOW_RESET) {
        w->counter = f->total;
        w->group = w->out->count;
    } else if (dec_is(f->total)) {
        settle(w, f->total, f->happened);
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

static void add_open_segment(struct walk *w)
{
    struct flow *f = w->out;
    if (w->phase != RUNNING && w->phase != KVO && w->phase != PAUSED)
        return;
    bool unheard = w->lost && w->phase != PAUSED;
    f->segments[f->count++] = (struct flow_segment){
        .start = w->since, .end = UTC_NONE, .source = w->source, .certainty = unheard ? FLOW_UNCERTAIN_TOTAL : FLOW_CERTAIN,
        .kind = unheard ? FLOW_SEG_UNCERTAIN : w->phase == RUNNING ? FLOW_SEG_RUNNING : w->phase == KVO ? FLOW_SEG_KVO : FLOW_SEG_PAUSED,
        .rate = f->rate, .volume = w->phase == PAUSED ? dec_int(0) : DEC_NONE};
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
    f->rate = w->phase == RUNNING || w->phase == KVO ? w->rate : dec_int(0);
    add_open_segment(w);
    say_state(w);
}

bool flow_segments(struct arena *a, const struct flow_input *facts, int n, bool has_pump, struct flow *out, struct err *e)
{
    struct flow_input *f;
    if (n < 0 || n > FLOW_FACTS_MAX)
        return err_set(e, ERR_TOO_LARGE, "facts", "%d facts about one infusion, at most %d are taken", n, FLOW_FACTS_MAX);
    *out = (struct flow){.started = UTC_NONE, .ended = UTC_NONE, .heard = UTC_NONE, .flush = dec_int(0), .counter = DEC_NONE};
    n = sorted_set(a, facts, n, &f);
    out->segments = ARENA_ARRAY(a, (size_t)n + 2, struct flow_segment);
    struct walk w = {.out = out, .has_pump = has_pump, .rate = DEC_NONE, .counter = DEC_NONE, .step = DEC(1, 1), .stated_ml = DEC_NONE};
    for (int i = 0; i < n; i++)
        walk_fact(&w, &f[i]);
    sum_up(&w);
    return true;
}

struct dec flow_volume_at(const struct flow *f, utc_t now)
{
    const struct flow_segment *s = f->count ? &f->segments[f->count - 1] : NULL;
    if (!s || s->end != UTC_NONE || s->kind != FLOW_SEG_RUNNING)
        return f->volume;
    return dec_add(f->volume, by_rate(s->rate, s->start, now));
}

void flow_ahead(const struct flow *f, struct dec ordered_ml, utc_t now, struct flow_forecast *out)
{
    int64_t us;
    out->ends = UTC_NONE;
    out->left = dec_max(dec_int(0), dec_sub(ordered_ml, flow_volume_at(f, now)));
    if (strcmp(f->state, "running") != 0 || !dec_is(f->rate) || dec_sign(f->rate) <= 0)
        return;
    if (dec_to_int(dec_div(dec_mul(out->left, dec_int(UTC_HOUR)), f->rate, 0, DEC_UP), DEC_UP, &us))
        out->ends = now + us;
}
