/* venule solve FILE …: the best plan of an instance file in the time given; --check judges a plan by other code. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "schedule/check.h"
#include "schedule/numbers.h"
#include "solve_cmd.h"

enum { TEXT_MAX = 8 << 20, READ_STEP = 1 << 16, SECONDS_MAX = 86400, DAY_WORDS = 9, COURSE_WORDS = 4 };

MUST_CHECK static bool read_file(const char *path, struct buf *out, struct err *e)
{
    char part[READ_STEP];
    size_t n;
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, ERR_INPUT, path, "cannot be opened: %s", strerror(errno));
    while ((n = fread(part, 1, sizeof part, f)) > 0 && !out->full)
        buf_add(out, part, n);
    bool broken = ferror(f);
    fclose(f);
    if (broken)
        return err_set(e, ERR_INPUT, path, "cannot be read");
    return buf_ok(out, path, e);
}

MUST_CHECK static bool write_file(const char *path, const struct buf *text, struct err *e)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return err_set(e, ERR_INPUT, path, "cannot be written: %s", strerror(errno));
    bool ok = fwrite(buf_str(text), 1, text->len, f) == text->len;
    ok = fclose(f) == 0 && ok;
    return ok || err_set(e, ERR_STORE, path, "cannot be written to its end");
}

/* The family of an instance is said by how many numbers its first line has. */
MUST_CHECK static bool family(const struct buf *text, bool *day, struct err *e)
{
    struct numbers n;
    numbers_init(&n, buf_str(text), text->len);
    int words = numbers_words(&n);
    *day = words == DAY_WORDS;
    if (words == DAY_WORDS || words == COURSE_WORDS)
        return true;
    return err_set(e, ERR_INPUT, "line 1", "has %d numbers; a day has %d, courses have %d", words, DAY_WORDS, COURSE_WORDS);
}

MUST_CHECK static bool check(const char *file, const char *solution, struct arena *a, struct err *e)
{
    struct buf instance, plan;
    struct check_day day;
    struct check_course course;
    bool is_day;
    buf_init(&instance, TEXT_MAX);
    buf_init(&plan, TEXT_MAX);
    bool ok = read_file(file, &instance, e) && read_file(solution, &plan, e) && family(&instance, &is_day, e);
    if (ok && is_day) {
        ok = check_day(a, buf_str(&instance), buf_str(&plan), &day, e);
        if (ok)
            printf("valid cost %ld unplaced %d\n", day.cost, day.unplaced);
    } else if (ok) {
        ok = check_course(a, buf_str(&instance), buf_str(&plan), &course, e);
        if (ok)
            printf("valid cost %ld maxsize %d double %d beyond %d\n", course.cost, course.largest, course.double_booked,
                course.beyond);
    }
    buf_fini(&instance);
    buf_fini(&plan);
    return ok;
}

MUST_CHECK static bool solve(const char *file, const char *out, struct solve_how *how, struct arena *a, struct err *e)
{
    struct buf instance, plan;
    bool is_day;
    buf_init(&instance, TEXT_MAX);
    buf_init(&plan, TEXT_MAX);
    bool ok = read_file(file, &instance, e) && family(&instance, &is_day, e);
    if (ok)
        ok = is_day ? solve_day(a, &instance, how, &plan, e) : solve_course(a, &instance, how, &plan, e);
    if (ok && out)
        ok = write_file(out, &plan, e);
    if (ok)
        {
        int64_t ms = (solve_now() - how->from) / 1000;
        printf("%s seconds %d.%03d\n", how->line, (int)(ms / 1000), (int)(ms % 1000));
    }
    buf_fini(&instance);
    buf_fini(&plan);
    return ok;
}

/* "2", "0.5": microseconds. */
MUST_CHECK static bool read_seconds(const char *text, int64_t *out, struct err *e)
{
    int64_t whole = 0, part = 0, unit = 1000000;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && whole <= SECONDS_MAX; at++)
        whole = whole * 10 + (*at - '0');
    bool digits = at > text;
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++, digits = true) {
            unit /= 10;
            part += unit * (*at - '0');
        }
    if (!digits || *at || whole > SECONDS_MAX)
        return err_set(e, ERR_INPUT, "--time", "\"%s\" is no number of seconds from 0 to %d", text, SECONDS_MAX);
    *out = whole * 1000000 + part;
    return true;
}

int cli_solve(int argc, char **argv)
{
    const char *time = NULL, *threads = NULL, *seed = NULL, *rounds = NULL, *out = NULL;
    bool judge = false;
    const struct cli_option options[] = {
        {.name = "--time", .value = &time, .meaning = "SECONDS  10 if not said"},
        {.name = "--threads", .value = &threads, .meaning = "N  1 if not said"},
        {.name = "--seed", .value = &seed, .meaning = "N  the same seed and rounds give the same plan"},
        {.name = "--rounds", .value = &rounds, .meaning = "N  stop after N rounds of each thread as well"},
        {.name = "--out", .value = &out, .meaning = "FILE  for the plan"},
        {.name = "--check", .flag = &judge, .meaning = "FILE SOLUTION: judge a plan instead"},
    };
    struct cli_args args = {.options = options, .option_count = sizeof options / sizeof *options, .words = "FILE",
        .words_min = 1, .words_max = 2};
    struct err e = {.kind = ERR_NONE};
    int64_t thread_count, seed_number;
    struct solve_how how = {.from = solve_now()};
    if (!cli_read(argc, argv, &args, &e) || !read_seconds(time ? time : "10", &how.limit, &e)
        || !cli_number("--threads", threads ? threads : "1", 1, SOLVE_THREADS_MAX, &thread_count, &e)
        || !cli_number("--seed", seed ? seed : "1", 0, INT64_MAX, &seed_number, &e)
        || !cli_number("--rounds", rounds ? rounds : "0", 0, INT64_MAX, &how.rounds, &e))
        return cli_usage("solve", &args, &e);
    if (args.word_count != (judge ? 2 : 1)) {
        (void)err_set(&e, ERR_INPUT, "words", judge ? "--check needs an instance and a solution" : "one instance at a time");
        return cli_usage("solve", &args, &e);
    }
    how.threads = (int)thread_count;
    how.seed = (uint64_t)seed_number;
    struct arena *a = arena_new();
    bool ok = judge ? check(args.word[0], args.word[1], a, &e) : solve(args.word[0], out, &how, a, &e);
    arena_free(a);
    return ok ? CLI_OK : cli_fail("solve", &e);
}
