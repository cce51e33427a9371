/* venule import --db URL FILE…: FHIR R4 into the ledger. Each file is one batch: all of it or nothing. */
#include "care/events.h"
#include "cli.h"
#include "wire/fhir_import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { READ_STEP = 1 << 16, SITE_MAX = 999999, SOURCE_MAX = 100, FILES_MAX = 100000 };

struct import_run {
    struct store *store;
    const char *db, *source;
    int64_t site;
    const struct zone *zone;
    struct arena *a;          /* of the whole run */
    struct fhir_tally tally;
    struct buf refused;       /* lines printed after the counts */
    bool any_refused;
};

static bool ends(const char *s, const char *with)
{
    size_t n = strlen(s), w = strlen(with);
    return n >= w && strcmp(s + n - w, with) == 0;
}

/* The file's text, inflated if it is gzip, at most FHIR_LEN_MAX bytes of it. */
MUST_CHECK static bool read_file(const char *path, struct buf *out, struct err *e)
{
    char part[READ_STEP];
    gzFile f = gzopen(path, "rb");
    int n, status;
    if (!f)
        return err_set(e, ERR_INPUT, "", "cannot be opened: %s", strerror(errno));
    while ((n = gzread(f, part, sizeof part)) > 0 && !out->full)
        buf_add(out, part, (size_t)n);
    gzerror(f, &status);
    bool broken = n < 0 || status != Z_OK;
    broken = gzclose_r(f) != Z_OK || broken;
    if (out->full)
        return err_set(e, ERR_TOO_LARGE, "", "has more than %d bytes, inflated", FHIR_LEN_MAX);
    if (broken)
        return err_set(e, ERR_INPUT, "", "cannot be read to its end: damaged, cut short or not a file");
    return true;
}

/* One line, whatever the text holds: control characters become spaces. */
static void add_line(struct buf *b, const char *line)
{
    for (; *line; line++)
        buf_addc(b, (unsigned char)*line < 0x20 || *line == 0x7f ? ' ' : *line);
    buf_addc(b, '\n');
}

static void note_refused(struct import_run *r, const char *file, const struct fhir_batch *b)
{
    for (int i = 0; i < b->count; i++) {
        const struct fhir_item *it = &b->items[i];
        if (it->use != FHIR_REFUSE)
            continue;
        r->any_refused = true;
        const char *line = b->from.ndjson ? "" : arena_printf(b->a, " (line %d)", it->line);
        add_line(&r->refused, arena_printf(b->a, "refused %s %s: %s%s: %s", it->type, file, it->reason_where, line, it->reason));
    }
}

static const char *type_name(struct import_run *r, const char *type)
{
    for (int i = 0; i < r->tally.count; i++)
        if (strcmp(r->tally.rows[i].type, type) == 0)
            return r->tally.rows[i].type;
    return arena_strdup(r->a, type);
}

static utc_t now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (utc_t)ts.tv_sec * UTC_SECOND + ts.tv_nsec / 1000;
}

/* In one transaction. The counts of a file that fails are not added. */
MUST_CHECK static bool store_batch(struct import_run *r, struct arena *a, struct fhir_batch *b, struct err *e)
{
    struct fhir_tally here = {.count = 0};
    struct tx t;
    if (!tx_begin(&t, r->store, a, r->site, &care_event_types, e))
        return false;
    if (!fhir_import(&t, b, now(), &here, e)) {
        tx_rollback(&t);
        return false;
    }
    if (!tx_commit(&t, e))
        return false;
    for (int i = 0; i < here.count; i++) {
        const struct fhir_count *from = &here.rows[i];
        struct fhir_count *to = fhir_tally_row(&r->tally, type_name(r, from->type));
        to->read += from->read;
        to->stored += from->stored;
        to->kept += from->kept;
        to->same += from->same;
        to->refused += from->refused;
    }
    return true;
}

/* False: the store failed and nothing more can be done. A file that cannot be read is refused whole. */
MUST_CHECK static bool import_file(struct import_run *r, const char *path, struct err *e)
{
    struct arena *a = arena_new();
    struct buf text;
    struct fhir_batch b;
    struct err bad = {0};
    struct fhir_source from = {r->source, ends(path, ".ndjson") || ends(path, ".ndjson.gz"), r->zone};
    bool ok = true;
    buf_init(&text, FHIR_LEN_MAX);
    if (read_file(path, &text, &bad) && fhir_read(a, &from, buf_str(&text), text.len, &b, &bad)) {
        ok = store_batch(r, a, &b, e);
        if (ok)
            note_refused(r, path, &b);
    } else {
        r->any_refused = true;
        add_line(&r->refused, arena_printf(a, "refused file %s: %s%s%s", path, bad.where, bad.where[0] ? ": " : "", bad.text));
    }
    buf_fini(&text);
    arena_free(a);
    return ok;
}

MUST_CHECK static bool find_zone(struct import_run *r, struct err *e)
{
    struct tx t;
    struct site_info site;
    struct zone *z;
    bool found;
    if (!tx_read(&t, r->store, r->a, r->site, &care_event_types, e))
        return false;
    bool ok = table_get(&t, &record_site_info, "site", &site, &found, e);
    tx_rollback(&t);
    if (!ok || !utc_zone_read(r->a, found ? site.zone : "UTC", &z, e))
        return false;
    r->zone = z;
    return true;
}

static void print_result(const struct import_run *r)
{
    for (int i = 0; i < r->tally.count; i++) {
        const struct fhir_count *n = &r->tally.rows[i];
        printf("%s read %lld stored %lld kept %lld same %lld refused %lld\n", n->type, (long long)n->read, (long long)n->stored,
               (long long)n->kept, (long long)n->same, (long long)n->refused);
    }
    fputs(buf_str(&r->refused), stdout);
}

MUST_CHECK static bool run(struct import_run *r, char **files, int count, struct err *e)
{
    if (!store_open(r->db, false, &r->store, e) || !ledger_create(r->store, e) || !find_zone(r, e))
        return false;
    for (int i = 0; i < count; i++)
        if (!import_file(r, files[i], e))
            return false;
    return true;
}

int cli_import(int argc, char **argv)
{
    struct import_run r = {.site = 1};
    struct err e = {0};
    const char *site = NULL;
    const struct cli_option options[] = {
        {.name = "--db", .value = &r.db, .needed = true, .meaning = "URL  sqlite:FILE or postgresql://…"},
        {.name = "--site", .value = &site, .meaning = "N  the site the patients belong to (1)"},
        {.name = "--source", .value = &r.source, .meaning = "NAME  the sending system, for resources that do not say it (import). FILE is JSON or .ndjson, plain or .gz"},
    };
    struct cli_args args = {.options = options, .option_count = 3, .words = "FILE…",
                            .words_min = 1, .words_max = FILES_MAX};
    if (!cli_read(argc, argv, &args, &e) || (site && !cli_number("--site", site, 1, SITE_MAX, &r.site, &e)))
        return cli_usage("import", &args, &e);
    if (!r.source)
        r.source = "import";
    if (strlen(r.source) > SOURCE_MAX) {
        (void)err_set(&e, ERR_INPUT, "--source", "is longer than %d bytes", SOURCE_MAX);
        return cli_usage("import", &args, &e);
    }
    r.a = arena_new();
    buf_init(&r.refused, FHIR_LEN_MAX);
    bool ok = run(&r, args.word, args.word_count, &e);
    print_result(&r);
    store_close(r.store);
    buf_fini(&r.refused);
    arena_free(r.a);
    if (!ok)
        return cli_fail("import", &e);
    return r.any_refused ? CLI_FAILED : CLI_OK;
}
