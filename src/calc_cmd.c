/* calc: the clinical calculations from the command line, and the check against a file of answers. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli.h"
#include "clinic/calc.h"

enum { ARGS_MAX = CALC_INPUTS_MAX, LINE_LEN_MAX = 4096, COLUMNS = 8, OUT_MAX = 64 * 1024 };

static int fail(const struct err *e)
{
    fprintf(stderr, "venule calc: %s%s%s\n", e->where, e->where[0] ? ": " : "", e->text);
    return 1;
}

static int list(void)
{
    for (int i = 0; i < calc_count(); i++) {
        const struct calc *c = calc_at(i);
        printf("%s [%s]\n    %s\n    formula: %s\n", c->id, c->unit, c->title, c->formula);
        for (int k = 0; k < CALC_INPUTS_MAX && c->input[k].name; k++) {
            const struct calc_input *in = &c->input[k];
            printf("    input:   %s%s ", in->name, in->needed ? "" : " (optional)");
            if (in->words)
                printf("one of %s\n", in->words);
            else
                printf("%s, %s to %s%s%s%s%s\n", in->unit, in->low, in->high, in->also ? "; also " : "",
                    in->also ? in->also : "", in->also ? " ÷ " : "", in->also ? in->also_per : "");
        }
        printf("    source:  %s\n", c->source);
    }
    printf("%d calculations\n", calc_count());
    return 0;
}

/* "name=text" in place. */
static bool split(char *pair, char **name, char **text, struct err *e)
{
    char *eq = strchr(pair, '=');
    if (!eq || eq == pair)
        return err_set(e, ERR_INPUT, pair, "an input is written name=value");
    *eq = '\0';
    *name = pair;
    *text = eq + 1;
    return true;
}

static int one(const char *id, int argc, char **argv)
{
    struct err e = {0};
    struct calc_arg args[ARGS_MAX];
    struct calc_result r;
    const struct calc *c = calc_find(id);
    if (!c) {
        fprintf(stderr, "venule calc: no calculation is called \"%s\"; see calc --list\n", id);
        return 1;
    }
    if (argc > ARGS_MAX) {
        fprintf(stderr, "venule calc: more than %d inputs\n", ARGS_MAX);
        return 2;
    }
    for (int i = 0; i < argc; i++) {
        char *name = NULL, *text = NULL;
        if (!split(argv[i], &name, &text, &e) || !calc_arg_parse(c, name, text, &args[i], &e))
            return fail(&e);
    }
    if (!calc_run(c, args, argc, &r, &e))
        return fail(&e);
    struct buf out;
    struct json j;
    buf_init(&out, OUT_MAX);
    json_init(&j, &out);
    calc_to_json(c, args, argc, &r, &j, NULL);
    bool ok = buf_ok(&out, "answer", &e);
    if (ok)
        puts(buf_str(&out));
    buf_fini(&out);
    return ok ? 0 : fail(&e);
}

/* One CSV line into its fields, in place: quotes doubled inside quotes; no line breaks in a field. */
static int csv_split(char *line, char *field[COLUMNS])
{
    int n = 0;
    char *p = line;
    line[strcspn(line, "\r\n")] = '\0';
    for (;;) {
        if (n == COLUMNS)
            return -1;
        char *to = p;
        bool quoted = *p == '"';
        field[n++] = to;
        if (quoted)
            p++;
        while (*p && (quoted || *p != ',')) {
            if (quoted && *p == '"' && p[1] != '"') {
                quoted = false;
                p++;
                continue;
            }
            p += quoted && *p == '"';
            *to++ = *p++;
        }
        if (quoted)
            return -1;
        bool more = *p == ',';
        *to = '\0';
        if (!more)
            return n;
        p++;
    }
}

enum { ID, CALC, INPUTS, EXPECTED, UNIT, TOLERANCE, NEEDED_COLUMNS };

static bool run_inputs(const struct calc *c, char *inputs, struct calc_result *r, struct err *e)
{
    struct calc_arg args[ARGS_MAX];
    int n = 0;
    for (char *save = NULL, *pair = strtok_r(inputs, ";", &save); pair; pair = strtok_r(NULL, ";", &save)) {
        char *name = NULL, *text = NULL;
        if (n == ARGS_MAX)
            return err_set(e, ERR_INPUT, c->id, "more than %d inputs", ARGS_MAX);
        if (!split(pair, &name, &text, e) || !calc_arg_parse(c, name, text, &args[n], e))
            return false;
        n++;
    }
    return calc_run(c, args, n, r, e);
}

static bool check_answer(char *field[COLUMNS], struct err *e)
{
    struct calc_result r;
    struct dec want, tolerance;
    struct qty got;
    char a[QTY_TEXT_MAX];
    const struct calc *c = calc_find(field[CALC]);
    if (!c)
        return err_set(e, ERR_INPUT, field[CALC], "unknown calculation");
    if (!dec_parse(field[EXPECTED], strlen(field[EXPECTED]), &want, e) ||
        !dec_parse(field[TOLERANCE], strlen(field[TOLERANCE]), &tolerance, e) || !run_inputs(c, field[INPUTS], &r, e))
        return false;
    unit_t unit = unit_find(field[UNIT]);
    if (unit == UNIT_NONE)
        return err_set(e, ERR_INPUT, "unit", "the unit \"%s\" is not known", field[UNIT]);
    if (!qty_to(r.value, unit, &got, e))
        return false;
    struct dec off = dec_abs(dec_sum(got.v, dec_neg(want))), allowed = dec_prod(dec_abs(want), tolerance);
    if (!dec_is(off) || !dec_is(allowed) || dec_lt(allowed, off))
        return err_set(e, ERR_INPUT, field[CALC], "expected %s, computed %s", field[EXPECTED], qty_text(got, a));
    return true;
}

static int keys(const char *path)
{
    FILE *in = fopen(path, "r");
    if (!in) {
        fprintf(stderr, "venule calc: %s cannot be opened\n", path);
        return 1;
    }
    char line[LINE_LEN_MAX], *field[COLUMNS];
    int passed = 0, failed = 0, number = 0;
    while (fgets(line, sizeof line, in)) {
        struct err e = {0};
        number++;
        bool whole = strlen(line) + 1 < sizeof line;
        int n = whole ? csv_split(line, field) : -1;
        if ((n == 1 && !*field[0]) || (number == 1 && n > 0 && strcmp(field[0], "id") == 0))
            continue;
        if (n < NEEDED_COLUMNS)
            err_set(&e, ERR_INPUT, "row", "line %d is not a row of at least %d fields", number, NEEDED_COLUMNS);
        else if (check_answer(field, &e)) {
            passed++;
            continue;
        }
        failed++;
        printf("%s: %s: %s\n", n > 0 ? field[ID] : "?", e.where, e.text);
        while (!whole && fgets(line, sizeof line, in) && !strchr(line, '\n'))
            ;
    }
    bool broken = ferror(in);
    fclose(in);
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed || broken ? 1 : 0;
}

int cli_calc(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (argc == 3 && strcmp(argv[1], "--keys") == 0)
        return keys(argv[2]);
    if (argc >= 2 && argv[1][0] != '-')
        return one(argv[1], argc - 2, argv + 2);
    fprintf(stderr, "usage: venule calc --list | calc NAME input='value unit' … | calc --keys FILE.csv\n");
    return 2;
}
