/* venule content lint [--approved] DIR     every fault with file, line, column and rule
 * venule content test [DIR]                the worked cases that drugs and regimens carry, computed anew
 * venule content hash [DIR]                the release's hash; the built-in content if no folder is named
 * venule content list [DIR]                its files: status, approver, version */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "formulary/builtin.h"
#include "formulary/cases.h"
#include "formulary/content.h"
#include "formulary/lint.h"

static int usage(void)
{
    fputs("usage: venule content lint [--approved] DIR\n"
          "       venule content test [DIR]\n"
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
