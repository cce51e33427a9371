/* venule explain: the story of one id: what made it, what changed it, before and after, who, when and why. */
#include <stdio.h>
#include <string.h>

#include "care/story.h"
#include "cli.h"
#include "clinic/derive_io.h"
#include "clinic/recheck.h"
#include "record/id.h"

enum { KNOWN_MAX = 512 };

/* The last value told of each member of the thing, to show what a change changed. */
struct known {
    struct {
        const char *subject, *name, *value;
    } rows[KNOWN_MAX];
    int count;
};

static const char **value_of(struct known *k, const char *subject, const char *name)
{
    for (int i = 0; i < k->count; i++)
        if (strcmp(k->rows[i].subject, subject) == 0 && strcmp(k->rows[i].name, name) == 0)
            return &k->rows[i].value;
    if (k->count == KNOWN_MAX)
        return NULL;
    k->rows[k->count].subject = subject;
    k->rows[k->count].name = name;
    k->rows[k->count].value = NULL;
    return &k->rows[k->count++].value;
}

static const char *node_text(struct arena *a, const struct node *n)
{
    struct buf b;
    struct json j;
    if (n->kind == NODE_NULL)
        return NULL;
    if (n->kind == NODE_STRING)
        return n->text;
    buf_init(&b, FIELD_LONG_MAX);
    json_init(&j, &b);
    json_node(&j, NULL, n);
    const char *text = arena_strndup(a, buf_str(&b), b.len);
    buf_fini(&b);
    return text;
}

static void print_members(struct arena *a, struct known *k, const struct event_row *r)
{
    struct err e = {.kind = ERR_NONE};
    struct node *data = r->data ? json_read(a, r->data, strlen(r->data), FIELD_BLOB_MAX * 2, &e) : NULL;
    if (!data) {
        puts("    (the content of this event was erased)");
        return;
    }
    node_each(m, data) {
        const char *now = node_text(a, m), **before = value_of(k, r->subject, m->key);
        bool same = before && *before && now && strcmp(*before, now) == 0;
        if (strcmp(m->key, "password") == 0 || strcmp(m->key, "blob") == 0 || same || (!now && before && !*before))
            continue;
        if (before && *before)
            printf("    %s: %s → %s\n", m->key, *before, now ? now : "(none)");
        else
            printf("    %s: %s\n", m->key, now ? now : "(none)");
        if (before)
            *before = now;
    }
}

/* A proof that holds its question: both engines are asked again, and the answer held against the dose of that day. */
static void print_again(struct arena *a, const char *why)
{
    struct err e = {.kind = ERR_NONE};
    struct node *proof = json_read(a, why, strlen(why), FIELD_LONG_MAX, &e), *question = node_get(proof, "question");
    struct derive_order o;
    struct derive_patient p;
    struct recheck second;
    struct dec then;
    char text[QTY_TEXT_MAX];
    if (!question || question->kind != NODE_MAP)
        return;
    struct derive_answer *first = ARENA_NEW(a, struct derive_answer);
    if (!derive_question_read(a, question, &o, &p, &e) || !derive_dose(NULL, &o, &p, first, &e) ||
        !node_dec(node_path(proof, "dose.value"), &then, &e)) {
        printf("    worked out again: not possible, %s: %s\n", e.where, e.text);
        return;
    }
    recheck_dose(&o, &p, &second);
    bool same = qty_is(first->dose) && dec_eq(first->dose.v, then), both = recheck_agrees(first, true, &second);
    printf("    worked out again: %s, %s; the second engine %s\n", qty_show(first->dose, text),
        same ? "the dose of that day" : "NOT THE DOSE OF THAT DAY", both ? "agrees" : "DISAGREES");
}

static void print_event(struct arena *a, struct known *k, const struct event_row *r, const struct zone *z)
{
    char happened[UTC_TEXT_MAX], recorded[UTC_TEXT_MAX], day[UTC_TEXT_MAX];
    printf("\n#%lld  %s  %s\n", (long long)r->seq, r->type, r->says);
    printf("    %s %s by %s", utc_show_day(r->happened, z, day), utc_show_clock(r->happened, z, happened), r->who);
    if (r->recorded - r->happened > UTC_SECOND || r->happened > r->recorded)
        printf(", recorded %s", utc_text(r->recorded, recorded));
    printf("; %s\n", r->subject);
    if (r->reason)
        printf("    reason: %s\n", r->reason);
    print_members(a, k, r);
    if (r->why)
        printf("    why: %s\n", r->why);
    if (r->why && r->why[0] == '{')
        print_again(a, r->why);
}

MUST_CHECK static bool print_story(struct store *s, struct arena *a, int64_t site, const char *id, struct err *e)
{
    struct tx t;
    BLANK(site_info, info);
    struct zone *z = NULL;
    struct story story;
    bool found;
    if (!tx_read(&t, s, a, site, &care_event_types, e))
        return false;
    bool ok = table_get(&t, &record_site_info, "site", &info, &found, e) &&
              (!found || utc_zone_read(a, info.zone, &z, e)) && care_story(&t, id, &story, e);
    if (ok) {
        struct known *k = ARENA_NEW(a, struct known);
        printf("%s: %d event%s in the ledger of site %lld\n", id, story.count, story.count == 1 ? "" : "s", (long long)site);
        for (int i = 0; i < story.count; i++)
            print_event(a, k, &story.rows[i], z);
    }
    tx_rollback(&t);
    return ok;
}

int cli_explain(int argc, char **argv)
{
    const char *db = NULL, *site_text = NULL;
    const struct cli_option options[] = {
        {.name = "--db", .value = &db, .needed = true, .meaning = "URL  sqlite:FILE or postgresql://…"},
        {.name = "--site",
         .value = &site_text,
         .meaning = "N    for short names such as a chair's; ids name their site themselves"},
    };
    struct cli_args args = {.options = options, .option_count = 2, .words = "ID", .words_min = 1, .words_max = 1};
    struct err e = {.kind = ERR_NONE}, not_id = {.kind = ERR_NONE};
    struct store *s;
    struct id id = {.site = 1};
    int64_t site = 1;
    if (!cli_read(argc, argv, &args, &e) || (site_text && !cli_number("--site", site_text, 1, 999999, &site, &e)))
        return cli_usage("explain", &args, &e);
    if (id_read(args.word[0], &id, &not_id))
        site = id.site;
    if (!store_open(db, true, &s, &e))
        return cli_fail("explain", &e);
    struct arena *a = arena_new();
    bool ok = print_story(s, a, site, args.word[0], &e);
    arena_free(a);
    store_close(s);
    return ok ? CLI_OK : cli_fail("explain", &e);
}
