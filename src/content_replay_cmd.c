/* venule content replay --db URL [--all] [DIR]   what this content would have stopped, or asked a reason for, in the
 * infusions already given, against the version each was ordered with. Read-only. No DIR: the built-in content. */
#include <stdio.h>
#include <string.h>

#include "care/care.h"
#include "care/past.h"
#include "cli.h"
#include "content_cmd_parts.h"
#include "formulary/builtin.h"
#include "record/store.h"
#include "serve/release.h"

enum { VERSIONS_MAX = 64, TOLD_MAX = 40 };

struct replay {
    struct arena *a; /* holds the versions */
    const struct content *known[VERSIONS_MAX];
    const char *missing[VERSIONS_MAX];
    int known_count, missing_count;
    bool all;
    int told;
};

/* A version the ledger keeps; read once. */
static bool version_of(void *ctx, struct tx *t, const char *hash, const struct content **out, struct err *e)
{
    struct replay *r = ctx;
    struct content_release *list;
    int n;
    *out = NULL;
    for (int i = 0; i < r->known_count; i++)
        if (strcmp(r->known[i]->hash, hash) == 0) {
            *out = r->known[i];
            return true;
        }
    for (int i = 0; i < r->missing_count; i++)
        if (strcmp(r->missing[i], hash) == 0)
            return true;
    if (!table_list(t, &record_content_release, "id=?2", VALS(V_TEXT(hash)), &list, &n, e))
        return false;
    struct err old = {.kind = ERR_NONE};
    if (n && list[0].blob && r->known_count < VERSIONS_MAX && release_unpack(r->a, list[0].blob, out, &old)) {
        r->known[r->known_count++] = *out;
        return true;
    }
    *out = NULL;
    if (r->missing_count < VERSIONS_MAX)
        r->missing[r->missing_count++] = arena_strdup(r->a, hash);
    return true;
}

static void tell(void *ctx, const struct past_change *c)
{
    struct replay *r = ctx;
    char day[UTC_TEXT_MAX];
    if (!r->all && (r->told >= TOLD_MAX || strcmp(c->says.severity, "note") == 0))
        return;
    r->told++;
    snprintf(day, 11, "%s", utc_text(c->infusion->started, day));
    printf("%-22s %s  %-24s %s %s: %s [%s]\n", c->infusion->id, day, c->infusion->drug_name, c->appears ? "now" : "no longer",
           c->says.severity, c->says.text, c->says.rule);
}

MUST_CHECK static bool replay_site(struct store *s, struct arena *a, int64_t site, const struct content *next, struct replay *r, struct err *e)
{
    struct tx t;
    struct past_report *out = ARENA_NEW(r->a, struct past_report);
    struct past_run run = {.next = next, .was = version_of, .tell = tell, .ctx = r};
    if (!tx_read(&t, s, a, site, &care_event_types, e))
        return false;
    bool ok = past_replay(&t, &run, out, e);
    tx_rollback(&t);
    if (!ok)
        return false;
    for (int i = 0; i < out->group_count; i++) {
        const struct past_group *g = &out->groups[i];
        printf("%6d  %-24s %s %s: %s of %s\n", g->count, g->drug, g->appears ? "now" : "no longer", g->severity, g->rule, g->of);
    }
    printf("site %lld: %d infusions, %d differ: %d stopped and %d asked for a reason that were not; %d no longer stopped, %d no longer asked",
           (long long)site, out->infusions, out->changed, out->stops, out->reasons, out->stops_gone, out->reasons_gone);
    printf(out->unknown ? "; %d not compared: their version is not in the ledger\n" : "\n", out->unknown);
    return true;
}

int cli_content_replay(int argc, char **argv)
{
    const char *db = NULL;
    struct arena *keep = arena_new(), *a = arena_new();
    struct replay r = {.a = keep};
    const struct cli_option options[] = {{.name = "--db", .value = &db, .needed = true, .meaning = "URL  sqlite:FILE or postgresql://…"},
                                         {.name = "--all", .flag = &r.all, .meaning = "every infusion, notes too"}};
    struct cli_args args = {.options = options, .option_count = 2, .words = "[DIR]", .words_max = 1};
    struct err e = {.kind = ERR_NONE};
    struct store *s = NULL;
    const struct content *next;
    int64_t sites[CLI_SITES_MAX];
    int count, status = CLI_OK;
    if (!cli_read(argc - 1, argv + 1, &args, &e))
        status = cli_usage("content", &args, &e);
    else if (!(args.word_count ? content_read_dir(keep, args.word[0], &next, &e) : content_read_embedded(keep, &content_builtin, &next, &e)) ||
             !store_open(db, true, &s, &e) || !cli_sites(s, a, sites, &count, &e))
        status = cli_fail("content", &e);
    for (int i = 0; status == CLI_OK && i < count; i++) {
        arena_reset(a);
        if (!replay_site(s, a, sites[i], next, &r, &e))
            status = cli_fail("content", &e);
    }
    store_close(s);
    arena_free(a);
    arena_free(keep);
    return status;
}
