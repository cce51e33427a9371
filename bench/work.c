/* bench-work: what SQLite does for each view, counted in steps of its machine: the same on a busy and on an idle computer.
 *
 * usage: bench-work --db sqlite:A --other sqlite:B --clock CLOCK
 * Every view of both stores, about the first patient in treatment of each. One line a view: name, steps in A and B,
 * bytes answered by A and B. A store must have been served once (its planner is told then what the indexes choose).
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "care/care.h"
#include "formulary/builtin.h"
#include "formulary/content.h"
#include "record/store_private.h"
#include "serve/now.h"
#include "serve/views.h"

enum { ANSWER_MAX = 16 * 1024 * 1024 };

struct work {
    struct store *store;
    struct arena *keep, *a;
    const struct content *content;
    utc_t now;
    struct visit visit;
    const char *prep;
};

struct cost {
    int64_t steps;
    size_t bytes;
};

static void stop(const struct err *e)
{
    fprintf(stderr, "bench-work: %s: %s\n", e->where, e->text);
    exit(1);
}

static void begin(struct work *w, struct tx *t)
{
    struct err e = {.kind = ERR_NONE};
    arena_reset(w->a);
    if (!tx_read(t, w->store, w->a, 1, &care_event_types, &e))
        stop(&e);
}

static void open_store(struct work *w, const char *url)
{
    struct err e = {.kind = ERR_NONE};
    struct tx t;
    struct visit *v;
    struct prep *p;
    int n, m;
    w->a = arena_new();
    w->keep = arena_new();
    if (strncmp(url, "sqlite:", 7) != 0)
        err_set(&e, ERR_INPUT, "--db", "only SQLite counts its steps");
    else if (store_open(url, true, &w->store, &e) && content_read_embedded(w->keep, &content_builtin, &w->content, &e)) {
        begin(w, &t);
        if (table_list(&t, &record_visit, "state='treating' ORDER BY id LIMIT 1", NO_VALS, &v, &n, &e)
            && table_list(&t, &record_prep, "state='hung' ORDER BY id LIMIT 1", NO_VALS, &p, &m, &e)) {
            if (n && m) {
                w->visit = v[0];
                w->visit.id = arena_strdup(w->keep, v[0].id);
                w->visit.patient = arena_strdup(w->keep, v[0].patient);
                w->visit.plan = arena_strdup(w->keep, v[0].plan);
                w->prep = arena_strdup(w->keep, p[0].id);
                tx_rollback(&t);
                return;
            }
            err_set(&e, ERR_NOT_FOUND, url, "nobody is in treatment in this store");
        }
    }
    stop(&e);
}

/* The parameters a view wants, by their names; days are left out: today. */
static const char *params_of(const struct work *w, const struct record *r)
{
    struct buf b;
    struct json j;
    buf_init(&b, 4096);
    json_init(&j, &b);
    json_object(&j, NULL);
    for (int i = 0; i < r->count; i++) {
        const char *name = r->fields[i].name;
        if (strcmp(name, "visit") == 0 || strcmp(name, "id") == 0)
            json_str(&j, name, w->visit.id);
        else if (strcmp(name, "patient") == 0)
            json_str(&j, name, w->visit.patient);
        else if (strcmp(name, "plan") == 0)
            json_str(&j, name, w->visit.plan);
        else if (strcmp(name, "prep") == 0)
            json_str(&j, name, w->prep);
        else if (strcmp(name, "q") == 0)
            json_str(&j, name, "adler");
    }
    json_end(&j, '}');
    const char *text = arena_strdup(w->a, buf_str(&b));
    buf_fini(&b);
    return text;
}

static int64_t steps_done(struct store *s)
{
    int64_t sum = 0;
    for (sqlite3_stmt *q = sqlite3_next_stmt(s->db, NULL); q; q = sqlite3_next_stmt(s->db, q))
        sum += sqlite3_stmt_status(q, SQLITE_STMTSTATUS_VM_STEP, 1);
    return sum;
}

static bool show(struct work *w, const struct view_type *type, struct cost *out, struct err *e)
{
    struct tx t;
    struct zone *z;
    struct buf b;
    struct json j;
    begin(w, &t);
    buf_init(&b, ANSWER_MAX);
    json_init(&j, &b);
    struct view v = {.tx = &t, .a = w->a, .content = w->content, .now = w->now, .out = &j,
        .by = {.id = "bench", .name = "bench", .roles = ROLE_STAFF}};
    if (!table_need(&t, &record_site_info, "site", "site", &v.site, e) || !utc_zone_read(w->a, v.site.zone, &z, e))
        return false;
    v.zone = z;
    const char *text = params_of(w, type->params);
    void *in = arena_alloc(w->a, type->params->size + 1);
    const struct node *n = json_read(w->a, text, strlen(text), 4096, e);
    (void)steps_done(w->store);
    bool ok = n && record_from_json(type->params, n, w->a, z, in, e) && view_show(type, &v, in, e);
    out->steps = steps_done(w->store);
    out->bytes = b.len;
    buf_fini(&b);
    tx_rollback(&t);
    return ok;
}

int main(int argc, char **argv)
{
    const char *urls[2] = {NULL, NULL}, *clock_text = NULL;
    struct work w[2] = {{0}, {0}};
    struct clock c;
    struct err e = {.kind = ERR_NONE};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--db") == 0) urls[0] = argv[i + 1];
        else if (strcmp(argv[i], "--other") == 0) urls[1] = argv[i + 1];
        else if (strcmp(argv[i], "--clock") == 0) clock_text = argv[i + 1];
    }
    if (!urls[0] || !urls[1] || !clock_text) {
        fprintf(stderr, "usage: bench-work --db sqlite:A --other sqlite:B --clock CLOCK\n");
        return 2;
    }
    if (!clock_read(clock_text, now_real(), &c, &e))
        stop(&e);
    for (int k = 0; k < 2; k++) {
        open_store(&w[k], urls[k]);
        w[k].now = clock_care(&c, now_real());
    }
    const struct view_type *type;
    for (int i = 0; (type = view_at(i)); i++) {
        struct cost cost[2];
        bool ok = true;
        for (int k = 0; k < 2 && ok; k++)
            ok = show(&w[k], type, &cost[k], &e);
        if (!ok) {
            printf("view=%s error=%s\n", type->name, e.text);
            e = (struct err){.kind = ERR_NONE};
            continue;
        }
        printf("view=%s a_steps=%lld b_steps=%lld a_bytes=%zu b_bytes=%zu\n", type->name, (long long)cost[0].steps,
            (long long)cost[1].steps, cost[0].bytes, cost[1].bytes);
    }
    for (int k = 0; k < 2; k++) {
        store_close(w[k].store);
        arena_free(w[k].a);
        arena_free(w[k].keep);
    }
    return 0;
}
