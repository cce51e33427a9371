/* venule content lint [--approved] DIR     every fault with file, line, column and rule
 * venule content test [DIR]                the worked cases that drugs and regimens carry, computed anew
 * venule content diff [--all] A B         what changed, by meaning; - is the built-in content; --all: sources and words too
 * venule content replay --db URL [DIR]     what it would have said of the infusions already given
 * venule content keygen NAME               NAME.key (secret, for its owner only) and NAME.pub
 * venule content sign --key FILE VERSION [DIR]   one person's signature over a release
 * venule content hash [DIR]                the release's hash; the built-in content if no folder is named
 * venule content list [DIR]                its files: status, approver, version */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "content_cmd_parts.h"
#include "formulary/builtin.h"
#include "formulary/cases.h"
#include "formulary/content.h"
#include "formulary/diff.h"
#include "formulary/lint.h"

static int usage(void)
{
    fputs("usage: venule content lint [--approved] DIR\n"
          "       venule content test [DIR]\n"
          "       venule content diff [--all] A B      (- is the built-in content)\n"
          "       venule content replay --db URL [--all] [DIR]\n"
          "       venule content keygen NAME\n"
          "       venule content sign --key NAME.key VERSION [DIR]\n"
          "       venule content hash [DIR]\n"
          "       venule content list [DIR]\n", stderr);
    return CLI_USAGE;
}

static int lint(struct arena *a, const char *dir, bool approved)
{
    struct lint_report r;
    struct err e = {0};
    if (!content_lint_dir(a, dir, approved, &r, &e))
        return cli_fail("content", &e);
    for (int i = 0; i < r.count; i++) {
        const struct lint_finding *f = &r.findings[i];
        printf("%s:%d:%d: %s: %s [%s]\n", f->file, f->line, f->column, f->warning ? "warning" : "error", f->text, f->rule);
    }
    printf("%d files, %d errors, %d warnings%s%s\n", r.files, r.errors, r.count - r.errors, r.hash ? ", release " : "", r.hash ? r.hash : "");
    return r.errors ? CLI_FAILED : CLI_OK;
}

static int test(struct arena *a, const char *dir)
{
    const struct content *c;
    struct err e = {0};
    struct case_report *r = ARENA_NEW(a, struct case_report);
    if (dir ? !content_read_dir(a, dir, &c, &e) : !content_read_embedded(a, &content_builtin, &c, &e))
        return cli_fail("content", &e);
    content_test(a, c, r);
    for (int i = 0; i < r->failed && i < CASE_FAILURES_MAX; i++)
        printf("%s: %s: %s\n", r->failures[i].entry, r->failures[i].name, r->failures[i].text);
    printf("%d cases, %d failed\n", r->run, r->failed);
    return r->failed ? CLI_FAILED : CLI_OK;
}

MUST_CHECK static bool read_one(struct arena *a, const char *name, const struct content **c, struct err *e)
{
    return strcmp(name, "-") == 0 ? content_read_embedded(a, &content_builtin, c, e) : content_read_dir(a, name, c, e);
}

static int diff(struct arena *a, const char *before, const char *after, bool all)
{
    const struct content *x, *y;
    struct content_diff d;
    struct err e = {0};
    int shown = 0;
    if (!read_one(a, before, &x, &e) || !read_one(a, after, &y, &e))
        return cli_fail("content", &e);
    content_compare(a, x, y, &d);
    for (int pass = 0; pass < 2; pass++) /* what is less strict first */
        for (int i = 0; i < d.count && i < DIFF_MAX; i++) {
            const struct content_change *c = &d.list[i];
            bool minor = c->kind == CHANGE_WORDS || c->kind == CHANGE_EVIDENCE;
            if (c->looser == (pass == 1) || (minor && !all && !c->looser))
                continue;
            shown++;
            printf("%s%s\n", c->looser ? "LESS STRICT  " : "", c->text);
        }
    printf("%d changes, %d less strict", d.count, d.looser);
    if (shown < d.count)
        printf(", %d of words and sources not shown (--all)", d.count - shown);
    putchar('\n');
    return d.count ? CLI_FAILED : CLI_OK;
}

static int cli_diff(int argc, char **argv)
{
    const char *name[2] = {NULL, NULL};
    bool all = false;
    for (int i = 2, n = 0; i < argc; i++) {
        if (strcmp(argv[i], "--all") == 0)
            all = true;
        else if ((argv[i][0] == '-' && argv[i][1]) || n == 2)
            return usage();
        else
            name[n++] = argv[i];
    }
    if (!name[1])
        return usage();
    struct arena *a = arena_new();
    int status = diff(a, name[0], name[1], all);
    arena_free(a);
    return status;
}

static int show(struct arena *a, const char *dir, bool list)
{
    const struct content *c;
    struct err e = {0};
    if (dir ? !content_read_dir(a, dir, &c, &e) : !content_read_embedded(a, &content_builtin, &c, &e))
        return cli_fail("content", &e);
    for (int i = 0; list && i < c->files_count; i++) {
        const struct content_head *h = &c->files[i].head;
        if (h->kind)
            printf("%-44s %-9s %-8s approved by %-12s version %s\n", c->files[i].path, h->kind, h->status, h->approved_by, h->version);
        else
            printf("%-44s leaflet\n", c->files[i].path);
    }
    printf("%s%s\n", c->hash, c->demo ? " DEMO" : "");
    return CLI_OK;
}

int cli_content(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "", *dir = NULL;
    if (strcmp(what, "diff") == 0)
        return cli_diff(argc, argv);
    if (strcmp(what, "replay") == 0)
        return cli_content_replay(argc, argv);
    if (strcmp(what, "keygen") == 0 || strcmp(what, "sign") == 0)
        return cli_content_sign(argc, argv);
    bool approved = false, is_lint = strcmp(what, "lint") == 0;
    if (!is_lint && strcmp(what, "test") != 0 && strcmp(what, "hash") != 0 && strcmp(what, "list") != 0)
        return usage();
    for (int i = 2; i < argc; i++) {
        if (is_lint && strcmp(argv[i], "--approved") == 0)
            approved = true;
        else if (argv[i][0] == '-' || dir)
            return usage();
        else
            dir = argv[i];
    }
    if (is_lint && !dir)
        return usage();
    struct arena *a = arena_new();
    int status = is_lint ? lint(a, dir, approved) : strcmp(what, "test") == 0 ? test(a, dir) : show(a, dir, strcmp(what, "list") == 0);
    arena_free(a);
    return status;
}
