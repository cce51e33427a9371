#include "sim/day.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/dec.h"

enum { ROUND_MS = 60, ROUND_MAX_MS = 1000, ROUND_CARE_S = 15, IDLE_ROUNDS_END = 25 };

static utc_t real_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (utc_t)t.tv_sec * UTC_SECOND + t.tv_nsec / 1000;
}

/* ---- small things shared by the staff --------------------------------------------------------------------------- */

const char *ul_text(struct arena *a, int64_t ul)
{
    char text[DEC_TEXT_MAX];
    return arena_strdup(a, dec_text(dec_trim(DEC(ul, 3)), text));
}

int64_t ul_of(const struct node *n)
{
    struct dec d;
    struct err e = {0};
    int64_t ul;
    if (n && n->kind == NODE_MAP)
        n = node_get(n, "value");
    if (!n || n->kind != NODE_NUMBER || !node_dec(n, &d, &e) ||
        !dec_to_int(dec_mul(d, dec_int(1000)), DEC_HALF_AWAY, &ul))
        return -1;
    return ul;
}

struct guest *day_guest(struct day *d, const char *visit)
{
    for (int i = 0; i < d->guest_count; i++)
        if (strcmp(d->guests[i].visit, visit) == 0)
            return &d->guests[i];
    return NULL;
}

struct bag *day_bag(struct day *d, const char *prep)
{
    for (int i = 0; i < d->bag_count; i++)
        if (strcmp(d->bags[i].prep, prep) == 0)
            return &d->bags[i];
    if (d->bag_count == DAY_BAGS_MAX)
        return NULL;
    struct bag *b = &d->bags[d->bag_count++];
    snprintf(b->prep, sizeof b->prep, "%s", prep);
    return b;
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *role;
    int at_most;
    void (*work)(struct day *, struct desk *);
} jobs[] = {
    {"prescriber", 1, staff_prescriber}, {"pharmacist", 2, staff_pharmacist}, {"technician", 1, staff_technician},
    {"scheduler", 1, staff_scheduler},   {"nurse", 8, staff_nurse},           {"biller", 1, staff_biller},
    {"patient", 1, staff_patient},
};

static bool has_role(const char *roles, const char *role)
{
    const char *at = roles ? strstr(roles, role) : NULL;
    size_t n = strlen(role);
    return at && (at == roles || at[-1] == ' ') && (at[n] == 0 || at[n] == ' ');
}

static bool open_desk(struct day *d, size_t job, const struct node *person, const char *password, struct err *e)
{
    char nonce[17];
    if (d->desk_count == DESKS_MAX)
        return err_set(e, ERR_TOO_LARGE, "staff", "more than %d people sign in", DESKS_MAX);
    struct desk *k = mem_alloc(sizeof *k);
    memset(k, 0, sizeof *k);
    d->desks[d->desk_count++] = k;
    k->clock = &d->clock;
    k->log = d->o.verbose ? stderr : NULL;
    k->work = jobs[job].work;
    snprintf(nonce, sizeof nonce, "sim%012llx", (unsigned long long)real_now() & 0xffffffffffffu);
    if (!http_init(&k->http, d->o.url, nonce, e) ||
        !desk_open(k, jobs[job].role, node_str_at(person, "login"), password, e))
        return false;
    snprintf(k->http.badge, sizeof k->http.badge, "%s",
             node_str_at(person, "badge") ? node_str_at(person, "badge") : "");
    return true;
}

/* Who works here, how they sign in and which badge they wear is what the demo's sign-in page shows. */
static bool open_desks(struct day *d, struct err *e)
{
    struct http page;
    struct node *demo = NULL;
    struct arena *a = arena_new();
    bool ok = http_init(&page, d->o.url, "sim", e) && http_get(&page, a, "/api/demo", &demo, e);
    const char *password = d->o.password ? d->o.password : node_str_at(demo, "password");
    for (size_t i = 0; ok && i < sizeof jobs / sizeof jobs[0]; i++) {
        int there = 0;
        node_each(person, node_get(demo, "people"))
            if (ok && there < jobs[i].at_most && has_role(node_str_at(person, "roles"), jobs[i].role)) {
                ok = open_desk(d, i, person, password, e);
                there++;
            }
        if (ok && !there && strcmp(jobs[i].role, "patient") != 0)
            ok = err_set(e, ERR_NOT_FOUND, "staff", "nobody here is a %s", jobs[i].role);
    }
    http_fini(&page);
    arena_free(a);
    return ok;
}

/* The site's zone, today and closing time; and the care clock if none was given. */
static bool learn_site(struct day *d, struct arena *a, struct err *e)
{
    struct node *me = NULL;
    struct desk *k = d->desks[0];
    if (!http_get(&k->http, k->a, "/api/me", &me, e))
        return false;
    const char *zone = node_str_at(me, "site.zone"), *clock = node_str_at(me, "clock");
    if (!d->o.has_clock && clock && !clock_read(clock, real_now(), &d->clock, e))
        return false;
    if (!utc_zone_read(a, zone ? zone : "UTC", &d->zone, e))
        return false;
    utc_t now = clock_care(&d->clock, real_now());
    utc_date_text(now, d->zone, d->today);
    if (d->o.until == UTC_NONE)
        d->o.until = utc_day_start(now, d->zone) + UTC_DAY - UTC_MINUTE;
    return true;
}

static bool open_rack(struct day *d, struct err *e)
{
    struct desk *k = d->desks[0];
    struct rack_opts o = {.program = d->o.program, .mllp = d->o.mllp, .clock = &d->clock, .seed = d->o.seed,
                          .truth = d->o.stretches_path, .faults = d->o.faults};
    const struct node *view = desk_view(k, "pumps", "");
    const char *last = "";
    node_each(row, node_get(view, "pumps")) {
        const char *serial = node_str_at(row, "pump");
        if (!serial || strcmp(serial, last) == 0 || d->rack.count >= d->o.pumps)
            continue;
        last = serial;
        if (!rack_add(&d->rack, &o, serial, e))
            return false;
    }
    if (d->rack.count == 0)
        return err_set(e, ERR_NOT_FOUND, "pumps", "no pump is registered here");
    return true;
}

/* ---- guests ----------------------------------------------------------------------------------------------------- */

static struct desk *nurse_desk(struct day *d, const char *id)
{
    struct desk *first = NULL;
    for (int i = 0; i < d->desk_count; i++) {
        struct desk *k = d->desks[i];
        if (k->work != staff_nurse)
            continue;
        first = first ? first : k;
        if (id && strcmp(k->http.id, id) == 0)
            return k;
    }
    return first;
}

static struct guest *new_guest(struct day *d, const char *visit)
{
    if (d->guest_count == GUESTS_MAX)
        return NULL;
    struct guest *g = &d->guests[d->guest_count++];
    *g = (struct guest){.start = UTC_NONE, .busy_until = 0, .ends = UTC_NONE, .calm_since = UTC_NONE};
    snprintf(g->visit, sizeof g->visit, "%s", visit);
    g->late_s = (int)(rng_normal(&d->rng) * 240 / 1000) - 300; /* most come five minutes early, some late */
    return g;
}

/* Today's board says who comes when, to whom, and how far they are. */
static bool look_at_board(struct day *d, struct desk *k)
{
    const struct node *view = desk_view(k, "schedule", "");
    if (!view)
        return false;
    node_each(row, node_get(view, "blocks")) {
        const char *visit = node_str_at(row, "visit"), *state = node_str_at(row, "state"),
                   *start = node_str_at(row, "start");
        const char *patient = node_str_at(row, "patient"), *name = node_str_at(row, "name");
        struct err e = {0};
        if (!visit || !state || !patient)
            continue;
        struct guest *g = day_guest(d, visit);
        g = g ? g : new_guest(d, visit);
        if (!g)
            return true;
        if (start && !utc_parse(start, d->zone, &g->start, &e))
            desk_say(k, "visit %s: start %s", visit, e.text);
        snprintf(g->patient, sizeof g->patient, "%s", patient);
        snprintf(g->state, sizeof g->state, "%s", state);
        snprintf(g->name, sizeof g->name, "%s", name ? name : "");
        g->desk = nurse_desk(d, node_str_at(row, "nurse"));
    }
    return true;
}

bool guest_over(const struct guest *g)
{
    static const char *const ends[] = {"done", "skipped", "cancelled", "not treated", "held", "due"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (strcmp(g->state, ends[i]) == 0)
            return true;
    return false;
}

static bool all_over(const struct day *d)
{
    for (int i = 0; i < d->guest_count; i++)
        if (!guest_over(&d->guests[i]))
            return false;
    return true;
}

/* ---- the day ---------------------------------------------------------------------------------------------------- */

static bool away(const struct day *d)
{
    for (int i = 0; i < d->desk_count; i++)
        if (d->desks[i]->http.away)
            return true;
    return false;
}

/* People look around every quarter of a minute; slower than that would be late, faster would only cost the server. */
static int64_t round_ms(const struct day *d)
{
    int64_t ms = ROUND_CARE_S * INT64_C(1000000) / d->clock.speed;
    return ms < ROUND_MS ? ROUND_MS : ms > ROUND_MAX_MS ? ROUND_MAX_MS : ms;
}

static void go_round(struct day *d)
{
    int64_t did = 0;
    utc_t real = real_now();
    struct desk *board = nurse_desk(d, NULL);
    desk_round(board, real);
    bool seen = look_at_board(d, board);
    for (int i = 0; i < d->desk_count && !away(d); i++) {
        desk_round(d->desks[i], real_now());
        d->desks[i]->work(d, d->desks[i]);
        did += d->desks[i]->did;
    }
    d->rounds++;
    d->idle_rounds = seen && did == 0 && all_over(d) ? d->idle_rounds + 1 : 0;
    int64_t left = round_ms(d) - (real_now() - real) / 1000;
    if (left > 0) {
        struct timespec t = {left / 1000, left % 1000 * 1000000};
        nanosleep(&t, NULL);
    }
}

static void sum_up(const struct day *d)
{
    int done = 0, open = 0;
    int64_t commands = 0, refused = 0, overridden = 0, failed = 0, requests = 0, retries = 0, ul = 0;
    for (int i = 0; i < d->guest_count; i++) {
        done += strcmp(d->guests[i].state, "done") == 0;
        open += !guest_over(&d->guests[i]);
        for (int k = 0; k < d->guests[i].hang_count; k++)
            ul += d->guests[i].hangs[k].shown.drug_ul;
    }
    for (int i = 0; i < d->desk_count; i++) {
        const struct desk *k = d->desks[i];
        commands += k->done;
        refused += k->refused;
        overridden += k->overridden;
        failed += k->failed;
        requests += (int64_t)k->http.requests;
        retries += (int64_t)k->http.retries;
    }
    printf("day %s: %d visits, %d done, %d ended otherwise, %d open; %lld infusions, %lld.%03lld mL; %lld reactions; "
           "%d charges final; "
           "%lld commands, %lld refused, %lld overridden, %lld failed; %lld requests, %lld retries\n",
           d->today, d->guest_count, done, d->guest_count - done - open, open, (long long)d->infusions,
           (long long)(ul / 1000), (long long)(ul % 1000), (long long)d->reactions, d->charges_final,
           (long long)commands, (long long)refused, (long long)overridden, (long long)failed, (long long)requests,
           (long long)retries);
}

static bool run(struct day *d, struct arena *a, struct err *e)
{
    if (!open_desks(d, e) || !learn_site(d, a, e) || !open_rack(d, e))
        return false;
    while (clock_care(&d->clock, real_now()) < d->o.until && d->idle_rounds < IDLE_ROUNDS_END && !away(d))
        go_round(d);
    if (away(d))
        return err_set(e, ERR_BUSY, d->o.url, "the server went away");
    day_close_truth(d);
    bool charged = day_close(d, e);
    sum_up(d);
    for (int i = 0; i < d->guest_count; i++)
        if (!guest_over(&d->guests[i]))
            return err_set(e, ERR_CONFLICT, d->guests[i].visit, "is still %s at the end of the day",
                           d->guests[i].state);
    return charged;
}

bool day_run(const struct day_opts *o, struct err *e)
{
    struct day *d = mem_alloc(sizeof *d);
    struct arena *a = arena_new();
    memset(d, 0, sizeof *d);
    d->o = *o;
    d->clock = o->clock;
    d->guests = ARENA_ARRAY(a, GUESTS_MAX, struct guest);
    d->bags = ARENA_ARRAY(a, DAY_BAGS_MAX, struct bag);
    rng_init(&d->rng, o->seed, 1u << 20);
    d->truth = fopen(o->truth_path, "w");
    bool ok = d->truth ? run(d, a, e) : err_set(e, ERR_INPUT, o->truth_path, "cannot be written: %s", strerror(errno));
    rack_close(&d->rack);
    for (int i = 0; i < d->desk_count; i++) {
        desk_close(d->desks[i]);
        mem_free(d->desks[i]);
    }
    if (d->truth && fclose(d->truth) != 0 && ok)
        ok = err_set(e, ERR_INPUT, o->truth_path, "could not be written whole");
    arena_free(a);
    mem_free(d);
    return ok;
}
