#include "serve/pcd_in.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "serve/now.h"
#include "serve/pcd_private.h"

enum { JOB_BYTES = 48 * 1024 }; /* a message's memory; JOBS_KEPT of them wait for the next ones */

/* ---- memory ------------------------------------------------------------------------------------------------------- */

static struct arena *job_memory(struct pcd_in *p)
{
    pthread_mutex_lock(&p->lock);
    struct arena *a = p->kept_count ? p->kept[--p->kept_count] : NULL;
    pthread_mutex_unlock(&p->lock);
    return a ? a : arena_new_sized(JOB_BYTES);
}

static void job_over(struct pump_job *j)
{
    struct pcd_in *p = j->p;
    struct arena *a = j->a;
    arena_reset(a);
    pthread_mutex_lock(&p->lock);
    bool keep = p->kept_count < JOBS_KEPT;
    if (keep)
        p->kept[p->kept_count++] = a;
    pthread_mutex_unlock(&p->lock);
    if (!keep)
        arena_free(a);
}

/* ---- from the message to commands -------------------------------------------------------------------------------- */

/* "1.2.1" to 2: the delivery channel of the pump; 1 for flat devices. */
static int vmd_of(const char *path)
{
    const char *dot = strchr(path, '.');
    int n = 0;
    for (const char *p = dot ? dot + 1 : ""; *p >= '0' && *p <= '9' && n < 1000; p++)
        n = n * 10 + (*p - '0');
    return n < 1 ? 1 : n;
}

static bool same_vmd(const char *a, const char *b)
{
    return vmd_of(a) == vmd_of(b);
}

static const char *channel_name(struct arena *a, const char *path, const char *label)
{
    if (label && strlen(label) == 1)
        return label;
    int n = vmd_of(path);
    return n <= 26 ? arena_printf(a, "%c", 'A' + n - 1) : arena_printf(a, "%d", n);
}

/* Of the fluid sources of one delivery channel the one that flows; else the primary; else the first. */
static bool better_source(const struct pcd_channel *a, const struct pcd_channel *b)
{
    bool active_a = a->active_source != PCD_SOURCE_UNKNOWN && a->source == a->active_source;
    bool active_b = b->active_source != PCD_SOURCE_UNKNOWN && b->source == b->active_source;
    if (active_a != active_b)
        return active_a;
    return a->source == PCD_PRIMARY && b->source != PCD_PRIMARY;
}

static const char *text_or_null(const char *s)
{
    return s && s[0] ? s : NULL;
}

static void in_of_channel(struct pump_job *j, const struct pcd_channel *c, struct pump_message_in *in)
{
    in->pump = c->serial ? c->serial : j->said.serial;
    in->channel = channel_name(j->a, c->path, c->label);
    in->observed = c->volume_at != UTC_NONE ? c->volume_at : c->observed;
    in->status = text_or_null(pcd_delivery_text(c->delivery));
    in->not_delivering = text_or_null(pcd_reason_text(c->reason));
    in->rate = c->flow_ml_h;
    in->programmed = c->programmed_ml_h;
    in->total = c->total_ml;
    in->segment = c->segment_ml;
    in->vtbi = c->vtbi_ml;
    in->vtbi_left = c->vtbi_remain_ml;
    in->left_s = c->remaining_s != INT64_MIN ? dec_int(c->remaining_s) : DEC_NONE;
}

static const char *priority_word(const char *code)
{
    if (!code)
        return NULL;
    return strcmp(code, "PH") == 0   ? "high"
           : strcmp(code, "PM") == 0 ? "medium"
           : strcmp(code, "PL") == 0 ? "low"
                                     : NULL;
}

static void add_run(struct pump_job *j, struct pump_message_in *in)
{
    static const char *const kinds[] = {
        [PCD_01_OBSERVATION] = "telemetry", [PCD_10_EVENT] = "event", [PCD_04_ALARM] = "alarm"};
    in->sender = j->sender;
    in->message = j->run_count ? arena_printf(j->a, "%s/%d", j->id, j->run_count + 1) : j->id;
    in->kind = kinds[j->said.kind];
    if (in->observed == UTC_NONE)
        in->observed = j->said.sent;
    j->runs[j->run_count++] = (struct command_run){.command = j->p->command, .in = in, .content = j->p->s->content,
                                                   .happened = UTC_NONE, .offset_us = INT_NONE, .a = j->a};
}

static struct pump_message_in *in_new(struct pump_job *j)
{
    struct pump_message_in *in = ARENA_NEW(j->a, struct pump_message_in);
    record_blank(&record_pump_message_in, in);
    return in;
}

static void runs_of_telemetry(struct pump_job *j)
{
    for (int i = 0; i < j->said.channel_count; i++) {
        const struct pcd_channel *c = &j->said.channel[i];
        bool best = true;
        for (int k = 0; k < j->said.channel_count && best; k++) {
            const struct pcd_channel *o = &j->said.channel[k];
            if (k != i && same_vmd(c->path, o->path) && (better_source(o, c) || (k < i && !better_source(c, o))))
                best = false;
        }
        if (!best)
            continue;
        struct pump_message_in *in = in_new(j);
        in_of_channel(j, c, in);
        add_run(j, in);
    }
}

static const struct pcd_channel *channel_at(const struct pcd_message *m, const char *path)
{
    for (int i = 0; i < m->channel_count; i++)
        if (strcmp(m->channel[i].path, path) == 0)
            return &m->channel[i];
    for (int i = 0; i < m->channel_count; i++)
        if (path[0] && same_vmd(m->channel[i].path, path))
            return &m->channel[i];
    return m->channel_count ? &m->channel[0] : NULL;
}

static void run_of_event(struct pump_job *j)
{
    struct pump_message_in *in = in_new(j);
    const struct pcd_channel *c = channel_at(&j->said, j->said.event.path);
    in->pump = j->said.serial;
    in->channel = "A";
    if (c)
        in_of_channel(j, c, in);
    in->event = text_or_null(pcd_happening_text(j->said.event.what));
    if (j->said.event.at != UTC_NONE)
        in->observed = j->said.event.at;
    add_run(j, in);
}

static void run_of_alarm(struct pump_job *j)
{
    const struct pcd_alarm *al = &j->said.alarm;
    struct pump_message_in *in = in_new(j);
    bool path = al->source && al->source[0] >= '0' && al->source[0] <= '9';
    const struct pcd_channel *c = channel_at(&j->said, path ? al->source : "");
    in->pump = c && c->serial ? c->serial : j->said.serial;
    in->channel = c ? channel_name(j->a, c->path, c->label) : path ? channel_name(j->a, al->source, NULL) : "A";
    in->observed = al->at;
    in->alert = al->parent ? al->parent : al->id;
    in->alarm_code = al->code;
    in->alarm_text = al->text ? al->text : al->name;
    in->priority = priority_word(al->priority);
    in->phase = al->phase;
    add_run(j, in);
}

static void runs_make(struct pump_job *j)
{
    j->runs = ARENA_ARRAY(j->a, (size_t)j->said.channel_count + 1, struct command_run);
    switch (j->said.kind) {
    case PCD_01_OBSERVATION: runs_of_telemetry(j); break;
    case PCD_10_EVENT: run_of_event(j); break;
    case PCD_04_ALARM: run_of_alarm(j); break;
    case PCD_15_EQUIPMENT: /* kept in the inbox; nothing of it is used yet */
    case PCD_NONE: break;
    }
}

/* ---- acknowledgements -------------------------------------------------------------------------------------------- */

const char *pump_job_ack(struct pump_job *j, const struct hl7_fault *f)
{
    struct buf b;
    const struct pcd_ack how = {
        .mode = PCD_ACK_AUTO, .control_id = j->ack_id, .now = server_care_now(j->p->s), .facility = "VENULE"};
    buf_init(&b, MLLP_REPLY_MAX);
    bool wanted = pcd_ack(&b, &j->m, &how, f);
    const char *text = wanted && !b.full ? arena_strndup(j->a, buf_str(&b), b.len) : "";
    buf_fini(&b);
    return text;
}

struct hl7_fault pump_job_fault(const struct pump_job *j, const struct err *e)
{
    struct hl7_fault f = {.code = HL7_OK};
    if (e->kind == ERR_NOT_FOUND && strcmp(e->where, "pump") == 0)
        (void)pcd_fault_unknown_pump(&j->said, &f);
    else if (e->kind == ERR_INPUT || e->kind == ERR_TOO_LARGE)
        (void)hl7_fault_set(&f, HL7_DATA_TYPE, "%.60s: %.150s", e->where, e->text);
    else
        (void)hl7_fault_set(&f, HL7_INTERNAL, "not stored: %.150s", e->text);
    return f;
}

static const char *ack_bad(struct pump_job *j, const struct err *e)
{
    j->fault = pump_job_fault(j, e);
    return pump_job_ack(j, &j->fault);
}

/* ---- the writer's part ------------------------------------------------------------------------------------------- */

static void tell_live(struct pump_job *j, const struct pump_seat *seat)
{
    struct pump_word w = pump_seat_word(seat);
    if (w.moved)
        j->words[j->word_count++] = (struct hub_live){j->p->s->c.site, arena_strdup(j->a, w.channel),
                                                      arena_strdup(j->a, w.infusion), arena_strdup(j->a, w.patient)};
}

/* Telemetry that tells nothing new on any of its channels. */
static bool pump_plain(struct write_job *w, struct tx *t, bool *done, struct err *e)
{
    struct pump_job *j = (struct pump_job *)w;
    struct pump_desk *desk = j->p->desk;
    struct pump_seat **seats = ARENA_ARRAY(j->a, (size_t)j->run_count + 1, struct pump_seat *);
    utc_t now = server_care_now(j->p->s);
    bool fresh, idle = true;
    const char *old;
    j->word_count = 0;
    for (int i = 0; i < j->run_count && idle; i++) {
        if (!pump_desk_idle(desk, t, j->runs[i].in, now, &seats[i], e))
            return false;
        idle = seats[i] != NULL;
    }
    for (int i = 0; i < j->run_count && !idle; i++)
        if (!pump_desk_leave(desk, t, j->runs[i].in, e))
            return false;
    if (!idle)
        return true;
    if (!inbox_put(t, j->sender, j->id, j->received, j->raw, j->len, j->good, &fresh, &old, e))
        return false;
    j->words = ARENA_ARRAY(j->a, (size_t)j->run_count + 1, struct hub_live);
    for (int i = 0; fresh && i < j->run_count; i++) {
        if (!pump_desk_take(desk, t, seats[i], j->runs[i].in, now, e))
            return false;
        tell_live(j, seats[i]);
    }
    j->reply = fresh ? j->good : arena_strdup(j->a, old);
    return *done = true;
}

bool pump_job_decide(struct pump_job *j, struct tx *t, struct err *e)
{
    bool fresh;
    const char *old;
    if (!inbox_put(t, j->sender, j->id, j->received, j->raw, j->len, j->good, &fresh, &old, e))
        return false;
    j->reply = fresh ? j->good : arena_strdup(j->a, old);
    for (int i = 0; fresh && i < j->run_count; i++) {
        j->runs[i].now = server_care_now(j->p->s);
        if (!command_decide(&j->runs[i], t, e))
            return false;
    }
    return true;
}

static bool pump_decide(struct write_job *w, struct tx *t, struct err *e)
{
    return pump_job_decide((struct pump_job *)w, t, e);
}

static bool pump_keep(struct write_job *w, struct tx *t, struct err *e)
{
    struct pump_job *j = (struct pump_job *)w;
    j->reply = ack_bad(j, &w->err);
    return pump_job_failed(j, t, e);
}

static void tell_failure(const struct pump_job *j)
{
    if (j->noted)
        hub_publish(j->p->s->hub, j->p->s->c.site, j->noted->events, j->noted->event_count);
}

static void pump_done(struct write_job *w)
{
    struct pump_job *j = (struct pump_job *)w;
    struct pcd_in *p = j->p;
    if (w->ok) {
        atomic_fetch_add(&p->s->metrics.pump_messages, 1);
        for (int i = 0; i < j->run_count; i++)
            hub_publish(p->s->hub, p->s->c.site, j->runs[i].events, j->runs[i].event_count);
        for (int i = 0; i < j->word_count; i++)
            hub_live(p->s->hub, &j->words[i]);
    } else {
        atomic_fetch_add(&p->s->metrics.pump_failed, 1);
        tell_failure(j);
        if (w->err.kind == ERR_STORE || w->err.kind == ERR_BUSY || w->err.kind == ERR_INTERNAL || !j->reply)
            j->reply = ack_bad(j, &w->err);
    }
    mllp_reply(p->mllp, j->from, j->reply, strlen(j->reply));
    job_over(j);
}

/* ---- the MLLP thread's part -------------------------------------------------------------------------------------- */

/* A message without a usable sender and number is known by its bytes. */
static void name_by_bytes(struct pump_job *j)
{
    unsigned char h[crypto_hash_sha256_BYTES];
    char hex[65];
    if (j->sender && j->id)
        return;
    crypto_hash_sha256(h, (const unsigned char *)j->raw, j->len);
    sodium_bin2hex(hex, sizeof hex, h, sizeof h);
    if (!j->sender)
        j->sender = "?";
    if (!j->id)
        j->id = arena_strdup(j->a, hex);
}

static bool fault_decide(struct write_job *w, struct tx *t, struct err *e)
{
    return pump_job_failed((struct pump_job *)w, t, e);
}

static void fault_done(struct write_job *w)
{
    struct pump_job *j = (struct pump_job *)w;
    atomic_fetch_add(&j->p->s->metrics.pump_failed, 1);
    tell_failure(j);
    mllp_reply(j->p->mllp, j->from, j->reply, strlen(j->reply));
    job_over(j);
}

MUST_CHECK static bool message_read(struct pump_job *j, bool too_large, struct hl7_fault *f)
{
    const struct pcd_options o = {.accept_test = true};
    if (too_large)
        return hl7_fault_set(f, HL7_INTERNAL, "the message is larger than %d bytes", HL7_MESSAGE_MAX);
    if (!hl7_parse(j->a, j->raw, j->len, &j->m, f))
        return false;
    bool ok = pcd_decode(j->a, &j->m, &o, &j->said, f);
    j->sender = j->said.sender && j->said.facility ? arena_printf(j->a, "%s^%s", j->said.sender, j->said.facility)
                                                   : j->said.sender;
    j->id = j->said.control_id;
    if (ok && (!j->sender || !j->id))
        return hl7_fault_set(f, HL7_FIELD_MISSING, "MSH-3 and MSH-10 are needed");
    return ok;
}

bool pump_job_read(struct pump_job *j, bool too_large, struct hl7_fault *f)
{
    *f = (struct hl7_fault){.code = HL7_OK};
    bool ok = message_read(j, too_large, f);
    name_by_bytes(j);
    if (ok)
        runs_make(j);
    return ok;
}

static void on_message(void *ctx, const struct mllp_in *in)
{
    struct pcd_in *p = ctx;
    struct arena *a = job_memory(p);
    struct pump_job *j = ARENA_NEW(a, struct pump_job);
    struct err e = {.kind = ERR_NONE};
    *j = (struct pump_job){.p = p, .from = in->from, .a = a, .received = now_real(), .len = in->len};
    j->raw = arena_strndup(a, in->msg, in->len);
    j->ack_id = arena_printf(a, "V%llX-%llX", (unsigned long long)(p->s->started / UTC_SECOND),
                             (unsigned long long)++p->acks);
    if (pump_job_read(j, in->too_large, &j->fault)) {
        j->good = pump_job_ack(j, NULL);
        j->job = (struct write_job){.site = p->s->c.site, .plain = pump_plain, .decide = pump_decide, .keep = pump_keep,
                                   .done = pump_done};
    } else {
        j->reply = pump_job_ack(j, &j->fault);
        j->job = (struct write_job){.site = p->s->c.site, .decide = fault_decide, .done = fault_done};
    }
    if (!writer_submit(p->s->writer, &j->job, &e)) {
        j->job.err = e;
        j->job.ok = false;
        j->job.done(&j->job);
    }
}

static void *pcd_main(void *ctx)
{
    pthread_setname_np(pthread_self(), "pumps");
    mllp_server_run(((struct pcd_in *)ctx)->mllp);
    return NULL;
}

bool pcd_in_start(struct server *s, struct pcd_in **out, struct err *e)
{
    char port[16];
    struct pcd_in *p = ARENA_NEW(s->a, struct pcd_in);
    snprintf(port, sizeof port, "%d", s->c.mllp_port);
    const struct mllp_server_config c = {.host = s->c.mllp_host, .port = port, .on_message = on_message, .ctx = p};
    p->s = s;
    p->command = command_find("pump.message");
    if (!p->command)
        return err_set(e, ERR_INTERNAL, "--mllp", "there is no command pump.message");
    p->desk = pump_desk_new();
    pthread_mutex_init(&p->lock, NULL);
    p->mllp = mllp_server_new(&c, e);
    if (!p->mllp) {
        pump_desk_free(p->desk);
        err_within(e, "--mllp");
        return false;
    }
    if (pthread_create(&p->thread, NULL, pcd_main, p) != 0)
        return err_set(e, ERR_INTERNAL, "--mllp", "no thread for the pumps");
    *out = p;
    return true;
}

int pcd_in_port(const struct pcd_in *p)
{
    return mllp_server_port(p->mllp);
}

void pcd_in_stop(struct pcd_in *p)
{
    if (!p)
        return;
    mllp_server_stop(p->mllp);
    pthread_join(p->thread, NULL);
}

void pcd_in_free(struct pcd_in *p)
{
    if (!p)
        return;
    mllp_server_free(p->mllp);
    pump_desk_free(p->desk);
    for (int i = 0; i < p->kept_count; i++)
        arena_free(p->kept[i]);
    pthread_mutex_destroy(&p->lock);
}
