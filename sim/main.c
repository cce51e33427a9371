/* venule-sim: the world outside: patients, pumps, staff. It knows the server only by its network interfaces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/args.h"
#include "sim/fhir_gen.h"

static const char usage[] =
    "venule-sim patients --seed N --count N --out DIR [--day YYYY-MM-DD] [--site NAME]\n"
    "    Writes synthetic adult patients as FHIR R4 transaction bundles, one file each.\n";

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
    if (!args_int(a, "--seed", 0, INT32_MAX, 1, &seed, e) || !args_int(a, "--count", 1, FHIR_GEN_COUNT_MAX, 20, &count, e) ||
        !args_need(a, "--out", &out, e) || !args_day(a, "--day", today, &g.day, e) || !args_done(a, e))
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

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*run)(struct args *, struct err *);
    } commands[] = {{"patients", patients_main}};
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
