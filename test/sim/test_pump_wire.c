/* A pump process speaks to the real MLLP server and decoder; hands press its keys; what arrives is compared with what
 * the pump says really flowed. argv[1]: the venule-sim program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/tree.h"
#include "wire/mllp_server.h"
#include "wire/pcd.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEARD_MAX = 2000, SPEED = 600 };
static const char *program;

struct heard {
    struct pcd_message m;
    char id[40];
};

struct site {
    struct mllp_server *server;
    pthread_t thread;
    pthread_mutex_t lock;
    struct arena *arena;
    struct heard heard[HEARD_MAX];
    int count, faults, answers;
    int refuse;            /* so many are refused */
    int fail;              /* so many meet a store that fails */
};

static void on_message(void *ctx, const struct mllp_in *in)
{
    struct site *s = ctx;
    struct hl7_message m;
    struct hl7_fault f;
    struct buf b;
    char id[24];
    buf_init(&b, 4096);
    pthread_mutex_lock(&s->lock);
    char *copy = arena_strndup(s->arena, in->msg, in->len);
    struct heard *h = &s->heard[s->count];
    snprintf(id, sizeof id, "T%d", s->answers++);
    bool ok = hl7_parse(s->arena, copy, in->len, &m, &f) && pcd_decode(s->arena, &m, NULL, &h->m, &f);
    bool take = ok && s->count < HEARD_MAX - 1;
    if (!ok) {
        s->faults++;
        fprintf(stderr, "%s[%d]-%d %s\n%s\n", f.segment, f.nth, f.field, f.text, copy);
    }
    if (s->refuse > 0) {
        s->refuse--;
        f = (struct hl7_fault){.code = HL7_TABLE_VALUE, .text = "not today"};
        take = ok = false;
    } else if (s->fail > 0) {
        s->fail--;
        f = (struct hl7_fault){.code = HL7_INTERNAL, .text = "disk full"};
        take = ok = false;
    }
    if (take) {
        snprintf(h->id, sizeof h->id, "%s", h->m.control_id);
        s->count++;
    }
    pthread_mutex_unlock(&s->lock);
    struct pcd_ack how = {PCD_ACK_AUTO, id, 0, "TEST"};
    if (pcd_ack(&b, &m, &how, ok ? NULL : &f))
        mllp_reply(s->server, in->from, b.data, b.len);
    buf_fini(&b);
}

static void *run(void *p)
{
    mllp_server_run(((struct site *)p)->server);
    return NULL;
}

static void open_site(struct site *s, const char *port)
{
    struct err e = {0};
    struct mllp_server_config c = {.host = "127.0.0.1", .port = port, .on_message = on_message, .ctx = s};
    s->server = mllp_server_new(&c, &e);
    if (!s->server)
        fail_msg("%s", e.text);
    pthread_create(&s->thread, NULL, run, s);
}

static void close_site(struct site *s)
{
    mllp_server_stop(s->server);
    pthread_join(s->thread, NULL);
    mllp_server_free(s->server);
}

/* --- the pump --- */

struct hands {
    pid_t pid;
    int fd;
    char truth[64];
};

static void start_pump(struct hands *h, int mllp, const char *faults)
{
    char to[32], clock[CLOCK_TEXT_MAX], line[128] = "";
    int out[2], port = 0;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    struct clock c = {INT64_C(1780560000000000), (utc_t)t.tv_sec * UTC_SECOND, SPEED * 1000};
    snprintf(to, sizeof to, "127.0.0.1:%d", mllp);
    snprintf(h->truth, sizeof h->truth, "/tmp/venule_pump_truth_%d", (int)getpid());
    remove(h->truth);
    assert_int_equal(pipe(out), 0);
    h->pid = fork();
    if (h->pid == 0) {
        dup2(out[1], 1);
        close(out[0]);
        execl(program, program, "pump", "--serial", "VP-7", "--mllp", to, "--clock", clock_text(&c, clock), "--seed", "3",
              "--truth", h->truth, "--faults", faults, (char *)NULL);
        _exit(9);
    }
    close(out[1]);
    FILE *f = fdopen(out[0], "r");
    assert_non_null(fgets(line, sizeof line, f));
    assert_int_equal(sscanf(line, "pump VP-7 control %d", &port), 1);
    fclose(f);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    h->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(h->fd, (struct sockaddr *)&at, sizeof at), 0);
}

static char *press(struct hands *h, const char *line)
{
    static char answer[2048];
    size_t n = 0;
    assert_true(send(h->fd, line, strlen(line), MSG_NOSIGNAL) > 0);
    assert_true(send(h->fd, "\n", 1, MSG_NOSIGNAL) > 0);
    while (n + 1 < sizeof answer && recv(h->fd, answer + n, 1, 0) == 1 && answer[n] != '\n')
        n++;
    answer[n] = 0;
    return answer;
}

static int64_t shown(struct hands *h, const char *name)
{
    struct arena *a = arena_new();
    struct err e = {0};
    char *s = press(h, "status");
    struct node *n = json_read(a, s, strlen(s), 4096, &e);
    if (!n)
        fail_msg("status is no JSON: %s", s);
    struct node *v = node_get(n, name);
    int64_t number = v && v->kind == NODE_NUMBER ? strtoll(v->text, NULL, 10) : -1;
    arena_free(a);
    return number;
}

static void end_pump(struct hands *h)
{
    int status;
    assert_string_equal(press(h, "quit"), "ok");
    close(h->fd);
    assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void drained(struct hands *h)
{
    for (int i = 0; i < 600 && shown(h, "queued") > 0; i++)
        usleep(20000);
    assert_true(shown(h, "queued") <= 1); /* a report may just have been made */
}

static void wait_state(struct hands *h, const char *state)
{
    char want[64];
    snprintf(want, sizeof want, "\"state\":\"%s\"", state);
    for (int i = 0; i < 400 && !strstr(press(h, "status"), want); i++)
        usleep(20000);
    assert_non_null(strstr(press(h, "status"), want));
}

static int64_t truth_ul(const char *path, const char *kind)
{
    char line[512], want[32];
    int64_t sum = 0;
    long long ul;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    snprintf(want, sizeof want, "\"kind\":\"%s\"", kind);
    while (fgets(line, sizeof line, f))
        if (strstr(line, want) && sscanf(strstr(line, "\"ul\":"), "\"ul\":%lld", &ul) == 1)
            sum += ul;
    fclose(f);
    return sum;
}

/* Events as text, messages that came twice counted once, in order of arrival. */
static char *events(struct site *s)
{
    static char out[4000];
    out[0] = 0;
    for (int i = 0; i < s->count; i++) {
        const struct pcd_message *m = &s->heard[i].m;
        bool again = false;
        for (int k = 0; k < i; k++)
            again |= strcmp(s->heard[k].id, s->heard[i].id) == 0;
        if (m->kind == PCD_10_EVENT && !again) {
            assert_int_equal(m->channel_count, 1);
            assert_string_equal(m->event.path, m->channel[0].path);
            snprintf(out + strlen(out), sizeof out - strlen(out), "%s/%s ", pcd_happening_text(m->event.what),
                     pcd_delivery_text(m->channel[0].delivery));
        }
    }
    return out;
}

static void an_infusion_over_the_wire(void **state)
{
    (void)state;
    static struct site s;
    struct hands h;
    s = (struct site){.lock = PTHREAD_MUTEX_INITIALIZER, .arena = arena_new(), .refuse = 1};
    open_site(&s, "0");
    char port[8];
    snprintf(port, sizeof port, "%d", mllp_server_port(s.server));
    start_pump(&h, mllp_server_port(s.server), "double");
    for (int i = 0; i < 500 && shown(&h, "refused") < 1; i++)
        usleep(10000);
    assert_non_null(strstr(press(&h, "start"), "error pump: nothing is programmed"));
    assert_non_null(strstr(press(&h, "program 84,0 10"), "error rate"));
    assert_non_null(strstr(press(&h, "program 84.0001 10"), "error rate"));
    assert_non_null(strstr(press(&h, "dance"), "error line"));
    assert_string_equal(press(&h, "program 100 150.5 Immune globulin"), "ok");
    assert_string_equal(press(&h, "start"), "ok");
    usleep(300000);
    assert_string_equal(press(&h, "rate 200"), "ok");
    usleep(300000);
    assert_string_equal(press(&h, "occlude"), "ok");
    usleep(100000);
    assert_string_equal(press(&h, "resume"), "ok");
    drained(&h);
    close_site(&s); /* the server is gone; the pump goes on and remembers */
    assert_string_equal(press(&h, "pause"), "ok");
    int64_t paused_total = shown(&h, "total_ul");
    usleep(300000);
    assert_string_equal(press(&h, "start"), "ok");
    usleep(300000);
    assert_true(shown(&h, "queued") > 2);
    open_site(&s, port);
    wait_state(&h, "kvo");
    usleep(500000);
    assert_string_equal(press(&h, "stop"), "ok");
    assert_string_equal(press(&h, "clear"), "ok");
    drained(&h);
    int64_t total = shown(&h, "total_ul"), step = shown(&h, "step_ul");
    assert_int_equal(shown(&h, "refused"), 1);
    assert_int_equal(shown(&h, "drug_ul"), 150500);
    end_pump(&h);
    close_site(&s);

    assert_int_equal(s.faults, 0);
    char *got = events(&s);
    const char *want = "start/delivering stop/transitioning start/delivering stop/not delivering start/delivering "
                       "stop/not delivering start/delivering complete/transitioning start/kvo stop/not delivering ";
    assert_string_equal(got, want);
    assert_int_equal(truth_ul(h.truth, "drug"), 150500);
    int64_t flowed = 150500 + truth_ul(h.truth, "kvo");
    assert_true(total <= flowed && flowed - total < step);
    /* The buffered pause came late with its own time and counter; the last event carries the final counter. */
    utc_t last = 0;
    struct dec final = DEC_NONE;
    int pauses = 0, reports = 0, alarms = 0, ends = 0;
    for (int i = 0; i < s.count; i++) {
        const struct pcd_message *m = &s.heard[i].m;
        assert_string_equal(m->serial, "VP-7");
        assert_null(m->patient_id);
        reports += m->kind == PCD_01_OBSERVATION;
        alarms += m->kind == PCD_04_ALARM && strcmp(m->alarm.phase, "start") == 0 && m->alarm.code == 196940;
        if (m->kind == PCD_04_ALARM && strcmp(m->alarm.phase, "end") == 0 && m->alarm.code == 196940) {
            ends++;
            assert_non_null(m->alarm.parent);
        }
        if (m->kind != PCD_10_EVENT)
            continue;
        assert_true(m->event.at >= last); /* late, but in order */
        last = m->event.at;
        final = m->channel[0].total_ml;
        pauses += m->channel[0].reason == PCD_BY_CLINICIAN && dec_eq(final, DEC(paused_total, 3));
    }
    assert_true(reports > 5 && alarms >= 1 && ends >= 1 && pauses >= 1);
    assert_true(dec_eq(final, DEC(total, 3)));
    remove(h.truth);
    arena_free(s.arena);
}

static void the_network_is_cut(void **state)
{
    (void)state;
    static struct site s;
    struct hands h;
    s = (struct site){.lock = PTHREAD_MUTEX_INITIALIZER, .arena = arena_new()};
    open_site(&s, "0");
    start_pump(&h, mllp_server_port(s.server), "none");
    assert_string_equal(press(&h, "patient NF-30881"), "ok");
    assert_string_equal(press(&h, "cut"), "ok");
    assert_string_equal(press(&h, "program 60 100"), "ok");
    assert_string_equal(press(&h, "start"), "ok");
    usleep(200000);
    assert_string_equal(press(&h, "stop"), "ok");
    assert_non_null(strstr(press(&h, "status"), "\"link\":\"cut\""));
    int before = s.count;
    for (int i = 0; i < before; i++)
        assert_int_not_equal(s.heard[i].m.kind, PCD_10_EVENT);
    pthread_mutex_lock(&s.lock);
    s.fail = 2; /* the server's own trouble loses nothing either */
    pthread_mutex_unlock(&s.lock);
    assert_string_equal(press(&h, "mend"), "ok");
    drained(&h);
    assert_int_equal(shown(&h, "refused"), 0);
    assert_true(shown(&h, "resent") >= 2);
    end_pump(&h);
    close_site(&s);
    assert_string_equal(events(&s), "start/delivering stop/not delivering ");
    assert_string_equal(s.heard[s.count - 1].m.patient_id, "NF-30881");
    remove(h.truth);
    arena_free(s.arena);
}

int main(int argc, char **argv)
{
    program = argc > 1 ? argv[1] : "build/sim/venule-sim";
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_infusion_over_the_wire), cmocka_unit_test(the_network_is_cut)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
