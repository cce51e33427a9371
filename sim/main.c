/* venule-sim: the world outside: patients, pumps, staff. It knows the server only by its network interfaces. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "sim/args.h"
#include "sim/check.h"
#include "sim/day.h"
#include "sim/fhir_gen.h"
#include "sim/pump_run.h"

static const char usage[] =
    "venule-sim patients --seed N --count N --out DIR [--day YYYY-MM-DD] [--site NAME]\n"
    "    Writes synthetic adult patients as FHIR R4 transaction bundles, one file each.\n"
    "venule-sim pump --serial S --mllp ADDRESS:PORT [--control PORT] [--clock CARE0@REAL0,SPEED] [--seed N]\n"
    "    [--truth FILE] [--faults LIST] [--every SECONDS] [--kvo ML_H] [--step ML] [--site NAME]\n"
    "    One infusion pump: speaks HL7 to the server, obeys the hands on its control port (sim/pump_panel.h).\n"
    "venule-sim check --truth FILE --flow FILE [--charges FILE]\n"
    "    Compares what `venule flow` printed (and what was charged) with what really flowed, infusion by infusion.\n"
    "venule-sim day --http URL --mllp ADDRESS:PORT --truth FILE [--clock CARE0@REAL0,SPEED] [--seed N] [--pumps N]\n"
    "    [--until TIME] [--faults LIST] [--reactions PERMILLE] [--slips PERMILLE] [--stretches FILE] [--charges FILE]\n"
    "    [--password WORD] [--verbose]\n"
    "    Staff, patients and pumps work through today, until every visit is over. The truth is one JSON line an "
    "infusion.\n";

static bool site_name_ok(const char *s)
{
    return *s && strlen(s) <= 12 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(s);
}

static bool patients_main(struct args *a, struct err *e)
{
    struct fhir_gen g = {.site = "DEMO"};
    int64_t seed, count;
    const char *out, *site = args_text(a, "--site");
    utc_t today = (utc_t)time(NULL) / 86400 * UTC_DAY;
    if (!args_int(a, "--seed", 0, INT32_MAX, 1, &seed, e) ||
        !args_int(a, "--count", 1, FHIR_GEN_COUNT_MAX, 20, &count, e) || !args_need(a, "--out", &out, e) ||
        !args_day(a, "--day", today, &g.day, e) || !args_done(a, e))
        return false;
    if (site && !site_name_ok(site))
        return err_set(e, ERR_INPUT, "--site", "must be 1 to 12 capital letters and digits");
    g.site = site ? site : g.site;
    g.seed = (uint64_t)seed;
    if (!fhir_gen_write(&g, (int)count, out, e))
        return false;
    printf("%d patients written to %s\n", (int)count, out);
    return true;
}

static bool file_read(const char *path, struct buf *b, struct err *e)
{
    char part[64 * 1024];
    size_t n;
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, ERR_INPUT, path, "cannot be read: %s", strerror(errno));
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(b, part, n);
    bool broken = ferror(f);
    fclose(f);
    return broken ? err_set(e, ERR_INPUT, path, "could not be read whole") : buf_ok(b, path, e);
}

static bool check_main(struct args *a, struct err *e)
{
    static const char *const names[] = {"--truth", "--flow", "--charges"};
    const char *paths[3];
    if (!args_need(a, names[0], &paths[0], e) || !args_need(a, names[1], &paths[1], e))
        return false;
    paths[2] = args_text(a, names[2]);
    if (!args_done(a, e))
        return false;
    struct arena *arena = arena_new();
    struct buf text[3];
    struct check_text t[3] = {{NULL, 0}};
    struct check c;
    bool ok = true;
    for (int i = 0; i < 3; i++) {
        buf_init(&text[i], CHECK_FILE_MAX);
        ok = ok && (!paths[i] || file_read(paths[i], &text[i], e));
        if (paths[i])
            t[i] = (struct check_text){buf_str(&text[i]), text[i].len};
    }
    ok = ok && check_run(arena, t[0], t[1], t[2], &c, e);
    if (ok) {
        check_print(&c);
        if (c.failed)
            ok = err_set(e, ERR_REFUSED, paths[1], "%d of %d infusions differ from the truth", c.failed, c.count);
    }
    for (int i = 0; i < 3; i++)
        buf_fini(&text[i]);
    arena_free(arena);
    return ok;
}

/* Our own file, to start the pumps as processes of their own. */
static bool own_path(char *out, size_t size, struct err *e)
{
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    if (n <= 0 || (size_t)n >= size - 1)
        return err_set(e, ERR_INTERNAL, "/proc/self/exe", "cannot be read: %s", strerror(errno));
    out[n] = 0;
    return true;
}

static bool day_times(struct args *a, struct day_opts *o, struct err *e)
{
    struct timespec t;
    const char *clock = args_text(a, "--clock"), *until = args_text(a, "--until");
    clock_gettime(CLOCK_REALTIME, &t);
    o->has_clock = clock != NULL;
    o->until = UTC_NONE;
    return clock_read(clock ? clock : "real", (utc_t)t.tv_sec * UTC_SECOND + t.tv_nsec / 1000, &o->clock, e) &&
           (!until || utc_parse(until, NULL, &o->until, e));
}

static bool day_main(struct args *a, struct err *e)
{
    char program[1024];
    int64_t seed, pumps, reactions, slips;
    struct day_opts o = {
        .program = program, .password = args_text(a, "--password"), .stretches_path = args_text(a, "--stretches"),
        .charges_path = args_text(a, "--charges")};
    o.faults = args_text(a, "--faults") ? args_text(a, "--faults") : "none";
    o.verbose = args_flag(a, "--verbose");
    if (!args_need(a, "--http", &o.url, e) || !args_need(a, "--mllp", &o.mllp, e) ||
        !args_need(a, "--truth", &o.truth_path, e) || !args_int(a, "--seed", 0, INT32_MAX, 1, &seed, e) ||
        !args_int(a, "--pumps", 1, RACK_PUMPS_MAX, 16, &pumps, e) ||
        !args_int(a, "--reactions", 0, 1000, 60, &reactions, e) || !args_int(a, "--slips", 0, 1000, 0, &slips, e) ||
        !day_times(a, &o, e) || !args_done(a, e) || !own_path(program, sizeof program, e))
        return false;
    o.seed = (uint64_t)seed;
    o.pumps = (int)pumps;
    o.reactions = (unsigned)reactions;
    o.slips = (unsigned)slips;
    return day_run(&o, e);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*run)(struct args *, struct err *);
    } commands[] = {{"patients", patients_main}, {"pump", pump_main}, {"day", day_main}, {"check", check_main}};
    const char *name = argc > 1 ? argv[1] : "help";
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        struct args a;
        struct err e = {0};
        if (args_read(&a, argc - 2, argv + 2, &e) && commands[i].run(&a, &e))
            return 0;
        fprintf(stderr, "venule-sim %s: %s: %s\n", name, e.where, e.text);
        return 1;
    }
    bool help = strcmp(name, "help") == 0 || strcmp(name, "--help") == 0;
    fputs(usage, help ? stdout : stderr);
    return help ? 0 : 2;
}
