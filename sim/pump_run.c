#include "sim/pump_run.h"

#include "base/clock.h"
#include "base/json.h"
#include "sim/pump_panel.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MESSAGE_MAX = 64 * 1024, FATE_PERMILLE = 50, LATE_FIRST_S = 20, LATE_LAST_S = 600 };

struct rig {
    struct pump pump;
    struct pump_voice voice;
    struct pump_link link;
    struct pump_panel panel;
    struct clock clock;
    struct rng rng, fate;
    FILE *truth;
    struct buf text;
    bool random_link, loses, delays;
    utc_t link_turn; /* care time at which the network breaks or is mended; faults only */
};

static volatile sig_atomic_t told_to_end;

static void end_signal(int sig)
{
    (void)sig;
    told_to_end = 1;
}

static utc_t real_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (utc_t)t.tv_sec * UTC_SECOND + t.tv_nsec / 1000;
}

static void write_stretch(void *ctx, const struct pump_stretch *s)
{
    struct rig *r = ctx;
    struct json j;
    if (!r->truth)
        return;
    buf_clear(&r->text);
    json_init(&j, &r->text);
    json_object(&j, NULL);
    json_str(&j, "serial", r->voice.serial);
    json_time(&j, "start", s->start);
    json_time(&j, "end", s->end);
    json_int(&j, "rate_ul_h", s->rate_ul_h);
    json_int(&j, "ul", s->ul);
    json_str(&j, "kind", s->kvo ? "kvo" : "drug");
    json_str(&j, "drug", r->pump.drug_label);
    json_end(&j, '}');
    fprintf(r->truth, "%s\n", buf_str(&r->text));
    fflush(r->truth);
}

/* What becomes of one message: it leaves; with the faults it may be lost for good, or held back a while. */
static void send_off(struct rig *r, const char *id, bool report)
{
    bool lost = r->loses && rng_chance(&r->fate, FATE_PERMILLE), late = r->delays && rng_chance(&r->fate, FATE_PERMILLE);
    if (lost) {
        r->link.stats.lost++;
    } else if (late) {
        utc_t until = r->pump.now + rng_range(&r->fate, LATE_FIRST_S, LATE_LAST_S) * UTC_SECOND;
        pump_link_hold(&r->link, r->text.data, r->text.len, id, report, clock_to_real(&r->clock, until));
    } else {
        pump_link_add(&r->link, r->text.data, r->text.len, id, report);
    }
}

/* What the pump noted becomes messages. */
static void speak(struct rig *r)
{
    struct pump *p = &r->pump;
    for (int i = 0; i < p->notes; i++) {
        char id[PUMP_ID_MAX];
        buf_clear(&r->text);
        pump_say(&r->voice, &p->note[i], p->now, &r->text, id);
        if (!r->text.full)
            send_off(r, id, p->note[i].kind == PUMP_NOTE_REPORT);
    }
    p->notes = 0;
}

static void catch_up(struct rig *r, utc_t care)
{
    while (!pump_advance(&r->pump, care))
        speak(r);
    speak(r);
}

/* Faults of the network: 20 to 90 minutes of care time well, then 1 to 8 without. */
static void network(struct rig *r, utc_t care)
{
    if (!r->random_link || care < r->link_turn)
        return;
    bool cut = r->link_turn != UTC_NONE && !r->link.cut;
    if (r->link_turn != UTC_NONE)
        pump_link_cut(&r->link, cut);
    r->link_turn = care + (cut ? rng_range(&r->rng, 60, 480) : rng_range(&r->rng, 1200, 5400)) * UTC_SECOND;
}

static int wait_ms(struct rig *r, utc_t real, utc_t link_until)
{
    utc_t next = pump_next(&r->pump);
    if (r->random_link && r->link_turn < next)
        next = r->link_turn;
    utc_t until = next == INT64_MAX ? INT64_MAX : clock_to_real(&r->clock, next);
    if (link_until < until)
        until = link_until;
    int64_t ms = until <= real ? 0 : (until - real + 999) / 1000;
    return (int)(ms > 1000 ? 1000 : ms);
}

static void run(struct rig *r)
{
    network(r, r->pump.now);
    while (!told_to_end && !r->panel.quit) {
        struct pollfd fds[PUMP_HANDS_MAX + 2];
        utc_t link_until;
        int n = pump_panel_wants(&r->panel, fds);
        fds[n] = pump_link_wants(&r->link, &link_until);
        if (poll(fds, (nfds_t)(n + 1), wait_ms(r, real_now(), link_until)) < 0 && errno != EINTR)
            return;
        utc_t real = real_now(), care = clock_care(&r->clock, real);
        if (care > r->pump.now)
            catch_up(r, care); /* before any key: it is pressed now */
        network(r, care);
        pump_panel_serve(&r->panel, fds, n, &r->pump, &r->link, r->voice.serial);
        speak(r);
        pump_link_serve(&r->link, fds[n].revents, real);
    }
    catch_up(r, clock_care(&r->clock, real_now()));
}

/* --- options --- */

static bool faults_read(struct rig *r, struct pump_options *o, const char *list, struct err *e)
{
    char word[16];
    for (const char *s = list; s && *s;) {
        size_t n = strcspn(s, ",");
        snprintf(word, sizeof word, "%.*s", (int)(n > 15 ? 15 : n), s);
        bool all = strcmp(word, "all") == 0, known = all || strcmp(word, "none") == 0;
        bool *const flags[] = {&o->random_occlusion, &o->random_battery, &r->random_link, &r->link.doubles, &r->loses,
                               &r->delays};
        static const char *const names[] = {"occlusion", "battery", "link", "double", "lost", "late"};
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (all || strcmp(word, names[i]) == 0)
                *flags[i] = known = true;
        if (!known)
            return err_set(e, ERR_INPUT, "--faults", "\"%s\" is not one of none all occlusion battery link double lost late", word);
        s += n + (s[n] == ',');
    }
    return true;
}

/* mL (or mL/h) option to µL. */
static bool micro_option(struct args *a, const char *name, int64_t otherwise, int64_t *out, struct err *e)
{
    const char *s = args_text(a, name);
    struct dec d;
    *out = otherwise;
    if (!s)
        return true;
    if (!dec_parse(s, strlen(s), &d, &(struct err){0}) || dec_sign(d) < 0 || !dec_to_int(dec_mul(d, dec_int(1000)), DEC_DOWN, out) ||
        *out > PUMP_RATE_MAX)
        return err_set(e, ERR_INPUT, name, "\"%s\" is not a number of mL in range", s);
    return true;
}

struct setting {
    const char *serial, *mllp, *truth, *site;
    int64_t control, seed;
    struct pump_options o;
};

static bool options(struct args *a, struct rig *r, struct setting *s, struct err *e)
{
    const char *clock = args_text(a, "--clock"), *faults = args_text(a, "--faults");
    s->truth = args_text(a, "--truth");
    s->site = args_text(a, "--site");
    if (!args_need(a, "--serial", &s->serial, e) || !args_need(a, "--mllp", &s->mllp, e) ||
        !args_int(a, "--control", 0, 65535, 0, &s->control, e) || !args_int(a, "--seed", 0, INT32_MAX, 1, &s->seed, e) ||
        !args_int(a, "--every", 1, 86400, 60, &s->o.report_s, e) || !micro_option(a, "--kvo", 3000, &s->o.kvo_ul_h, e) ||
        !micro_option(a, "--step", 100, &s->o.step_ul, e) || !args_done(a, e))
        return false;
    if (s->o.kvo_ul_h == 0)
        s->o.kvo_ul_h = -1;
    if (strlen(s->serial) >= sizeof r->voice.serial || strpbrk(s->serial, "|^~\\&\r\n "))
        return err_set(e, ERR_INPUT, "--serial", "a serial number has at most 39 characters and none of | ^ ~ \\ & or blanks");
    return clock_read(clock ? clock : "real", real_now(), &r->clock, e) &&
           pump_link_init(&r->link, s->mllp, (uint64_t)s->seed, e) && faults_read(r, &s->o, faults, e);
}

/* The serial is part of the seed: two pumps of one run do not fail together. */
static uint64_t own_seed(int64_t seed, const char *serial)
{
    uint64_t h = (uint64_t)seed * UINT64_C(0x9E3779B97F4A7C15);
    for (; *serial; serial++)
        h = (h ^ (unsigned char)*serial) * UINT64_C(1099511628211);
    return h;
}

bool pump_main(struct args *a, struct err *e)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a pump does not outlive the centre that started it */
    static struct rig rig;
    struct rig *r = &rig;
    struct setting s = {0};
    r->link_turn = UTC_NONE;
    r->panel.listener = -1;
    if (!options(a, r, &s, e))
        return false;
    uint64_t seed = own_seed(s.seed, s.serial);
    utc_t real = real_now();
    buf_init(&r->text, MESSAGE_MAX);
    rng_init(&r->rng, seed, 0x6e6574);
    rng_init(&r->link.rng, seed, 0x6c696e6b);
    rng_init(&r->fate, seed, 0x66617465);
    pump_voice_init(&r->voice, s.serial, s.site ? s.site : "DEMO", real);
    pump_init(&r->pump, &s.o, seed, clock_care(&r->clock, real));
    r->pump.on_stretch = write_stretch;
    r->pump.ctx = r;
    if (s.truth && !(r->truth = fopen(s.truth, "a")))
        return err_set(e, ERR_INPUT, "--truth", "%s cannot be written: %s", s.truth, strerror(errno));
    if (!pump_panel_init(&r->panel, (int)s.control, e))
        return false;
    struct sigaction end = {.sa_handler = end_signal};
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    printf("pump %s control %d\n", s.serial, r->panel.port);
    fflush(stdout);
    run(r);
    pump_close(&r->pump);
    pump_panel_fini(&r->panel);
    pump_link_fini(&r->link);
    buf_fini(&r->text);
    bool whole = !r->truth || fclose(r->truth) == 0;
    return whole || err_set(e, ERR_STORE, "--truth", "could not be written whole");
}
