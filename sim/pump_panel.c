#include "sim/pump_panel.h"

#include "base/json.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

bool pump_panel_init(struct pump_panel *p, int port, struct err *e)
{
    int on = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    memset(p, 0, sizeof *p);
    for (int i = 0; i < PUMP_HANDS_MAX; i++)
        p->hand[i].fd = -1;
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(p->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (p->listener < 0 || bind(p->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(p->listener, 16) != 0 ||
        getsockname(p->listener, (struct sockaddr *)&at, &len) != 0)
        return err_set(e, ERR_CONFLICT, "--control", "cannot listen on 127.0.0.1 port %d: %s", port, strerror(errno));
    p->port = ntohs(at.sin_port);
    return true;
}

static void let_go(struct pump_hand *h)
{
    close(h->fd);
    buf_fini(&h->in);
    buf_fini(&h->out);
    h->fd = -1;
}

void pump_panel_fini(struct pump_panel *p)
{
    for (int i = 0; i < PUMP_HANDS_MAX; i++)
        if (p->hand[i].fd >= 0)
            let_go(&p->hand[i]);
    if (p->listener >= 0)
        close(p->listener);
}

/* --- one line --- */

/* The next word of *line, moved on; "" at the end. */
static const char *word(const char **line, char out[64])
{
    const char *s = *line + strspn(*line, " \t");
    size_t n = strcspn(s, " \t");
    snprintf(out, 64, "%.*s", (int)(n > 63 ? 63 : n), s);
    *line = s + n;
    *line += strspn(*line, " \t");
    return out;
}

/* mL (or mL/h) to whole microlitres; three places at most. */
static bool micro(const char *s, const char *what, int64_t *out, struct err *e)
{
    struct dec d;
    if (!dec_parse(s, strlen(s), &d, &(struct err){0}))
        return err_set(e, ERR_INPUT, what, "\"%s\" is not a number", s);
    d = dec_mul(d, dec_int(1000));
    if (!dec_is(d) || !dec_eq(d, dec_round(d, 0, DEC_DOWN)) || !dec_to_int(d, DEC_DOWN, out))
        return err_set(e, ERR_INPUT, what, "\"%s\" has more than three places or is too large", s);
    return true;
}

static bool press(struct pump *p, const char *verb, const char *rest, struct err *e)
{
    static const struct { const char *verb; enum pump_key key; } keys[] = {
        {"program", PUMP_KEY_PROGRAM}, {"start", PUMP_KEY_START},     {"resume", PUMP_KEY_START},   {"rate", PUMP_KEY_RATE},
        {"pause", PUMP_KEY_PAUSE},     {"stop", PUMP_KEY_STOP},       {"clear", PUMP_KEY_CLEAR},    {"zero", PUMP_KEY_ZERO},
        {"silence", PUMP_KEY_SILENCE}, {"patient", PUMP_KEY_PATIENT}, {"order", PUMP_KEY_ORDER},    {"off", PUMP_KEY_OFF},
        {"on", PUMP_KEY_ON},           {"occlude", PUMP_KEY_OCCLUDE}, {"unplug", PUMP_KEY_UNPLUG},  {"plug", PUMP_KEY_PLUG},
    };
    struct pump_press k = {0};
    char w[64];
    size_t i = 0, n = sizeof keys / sizeof keys[0];
    while (i < n && strcmp(keys[i].verb, verb) != 0)
        i++;
    if (i == n)
        return err_set(e, ERR_INPUT, "line", "\"%s\" is no key of this pump", verb);
    k.key = keys[i].key;
    if (k.key == PUMP_KEY_PROGRAM || k.key == PUMP_KEY_RATE)
        if (!micro(word(&rest, w), "rate", &k.rate_ul_h, e))
            return false;
    if (k.key == PUMP_KEY_PROGRAM && !micro(word(&rest, w), "vtbi", &k.vtbi_ul, e))
        return false;
    bool takes_text = k.key == PUMP_KEY_PROGRAM || k.key == PUMP_KEY_PATIENT || k.key == PUMP_KEY_ORDER;
    if (*rest && !takes_text)
        return err_set(e, ERR_INPUT, "line", "\"%.60s\" is too much", rest);
    if (strlen(rest) >= PUMP_TEXT_MAX)
        return err_set(e, ERR_TOO_LARGE, "line", "the text is over %d bytes", PUMP_TEXT_MAX - 1);
    k.text = rest;
    return pump_press(p, &k, e);
}

static const char *alarm_words(const struct pump *p)
{
    for (int t = 0; t < PUMP_ALARMS_MAX; t++)
        if (p->alarm[t].on)
            return pump_troubles[t].text;
    return "";
}

static void status(const struct pump *p, const struct pump_link *l, const char *serial, struct buf *out)
{
    struct json j;
    struct pump_values v;
    pump_values(p, &v);
    json_init(&j, out);
    json_object(&j, NULL);
    json_str(&j, "serial", serial);
    json_str(&j, "state", pump_state_text(p->state));
    json_str(&j, "alarm", alarm_words(p));
    json_bool(&j, "programmed", p->programmed);
    json_str(&j, "drug", p->drug_label);
    const struct { const char *name; int64_t n; } numbers[] = {
        {"rate_ul_h", v.flow_ul_h}, {"set_ul_h", v.programmed_ul_h}, {"vtbi_ul", v.vtbi_ul}, {"left_ul", v.left_ul},
        {"left_s", v.left_s}, {"total_ul", v.total_ul}, {"segment_ul", v.segment_ul}, {"step_ul", p->o.step_ul},
        {"drug_ul", pump_true_ul(p->drug)}, {"kvo_ul", pump_true_ul(p->kvo)}, {"battery", v.battery_percent},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        json_int(&j, numbers[i].name, numbers[i].n);
    json_str(&j, "link", l->cut ? "cut" : l->state == PUMP_LINK_UP ? "up" : "down");
    json_int(&j, "queued", l->stats.queued + l->stats.held);
    json_int(&j, "lost", (int64_t)(l->stats.lost + l->stats.dropped));
    json_int(&j, "sent", (int64_t)l->stats.sent);
    json_int(&j, "resent", (int64_t)l->stats.resent);
    json_int(&j, "taken", (int64_t)l->stats.taken);
    json_int(&j, "refused", (int64_t)l->stats.refused);
    json_int(&j, "dropped", (int64_t)l->stats.dropped);
    json_str(&j, "refusal", l->last_refusal);
    json_time(&j, "care", p->now);
    json_end(&j, '}');
}

void pump_panel_line(struct pump_panel *panel, struct pump *p, struct pump_link *l, const char *serial, const char *line,
                     struct buf *out)
{
    char verb[64];
    const char *rest = line;
    struct err e = {0};
    word(&rest, verb);
    if (strcmp(verb, "status") == 0) {
        status(p, l, serial, out);
        buf_addc(out, '\n');
        return;
    }
    if (strcmp(verb, "quit") == 0)
        panel->quit = true;
    else if (strcmp(verb, "cut") == 0 || strcmp(verb, "mend") == 0)
        pump_link_cut(l, verb[0] == 'c');
    else if (!press(p, verb, rest, &e)) {
        buf_printf(out, "error %s: %s\n", e.where, e.text);
        return;
    }
    buf_puts(out, "ok\n");
}

/* --- connections --- */

int pump_panel_wants(const struct pump_panel *p, struct pollfd *fds)
{
    int n = 0;
    fds[n++] = (struct pollfd){.fd = p->listener, .events = POLLIN};
    for (int i = 0; i < PUMP_HANDS_MAX; i++)
        fds[n++] = (struct pollfd){.fd = p->hand[i].fd, .events = (short)(p->hand[i].out.len ? POLLOUT : POLLIN)};
    return n;
}

static void accept_hand(struct pump_panel *p)
{
    int fd = accept4(p->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    for (int i = 0; fd >= 0 && i < PUMP_HANDS_MAX; i++)
        if (p->hand[i].fd < 0) {
            p->hand[i].fd = fd;
            buf_init(&p->hand[i].in, 16 * PUMP_LINE_MAX);
            buf_init(&p->hand[i].out, 64 * 1024);
            return;
        }
    if (fd >= 0)
        close(fd);
}

static bool hand_read(struct pump_hand *h)
{
    char part[PUMP_LINE_MAX];
    ssize_t n = recv(h->fd, part, sizeof part, 0);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    buf_add(&h->in, part, (size_t)n);
    return n > 0;
}

static bool hand_write(struct pump_hand *h)
{
    while (h->out.len) {
        ssize_t n = send(h->fd, h->out.data, h->out.len, MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR;
        buf_drop(&h->out, (size_t)n);
    }
    return !h->out.full;
}

void pump_panel_serve(struct pump_panel *panel, const struct pollfd *fds, int n, struct pump *p, struct pump_link *l,
                      const char *serial)
{
    for (int i = 1; i < n; i++) {
        struct pump_hand *h = &panel->hand[i - 1];
        if (h->fd < 0 || h->fd != fds[i].fd || !fds[i].revents)
            continue;
        bool ok = !(fds[i].revents & POLLIN) || hand_read(h);
        ok &= !(fds[i].revents & (POLLERR | POLLNVAL)) && ((fds[i].revents & POLLIN) || !(fds[i].revents & POLLHUP));
        for (char *end; h->in.len && p->notes <= PUMP_NOTES_MAX - PUMP_NOTES_SPARE && (end = memchr(h->in.data, '\n', h->in.len));) {
            char line[PUMP_LINE_MAX];
            size_t len = (size_t)(end - h->in.data), keep = len && h->in.data[len - 1] == '\r' ? len - 1 : len;
            snprintf(line, sizeof line, "%.*s", (int)keep, h->in.data);
            if (keep >= sizeof line)
                buf_puts(&h->out, "error line: over 511 bytes\n");
            else
                pump_panel_line(panel, p, l, serial, line, &h->out);
            buf_drop(&h->in, len + 1);
        }
        if (!hand_write(h) || !ok || h->in.len > PUMP_LINE_MAX)
            let_go(h);
    }
    if (fds[0].revents)
        accept_hand(panel);
}
