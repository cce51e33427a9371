/* venule charge --cases FILE: the charge engine against an answer key. */
#include "charge_read.h"
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 * 1024 * 1024, CASES_MAX = 100000, NOTES_MAX = 64 * 1024, CLASSES_MAX = 16, KINDS_MAX = 16, ROWS_MAX = 64 };

static const char usage[] = "usage: venule charge --cases FILE.json [--case ID] [--trace]\n";

struct tally {
    const char *name;
    int passed, failed, skipped;
};

struct run {
    const char *file, *only;
    bool trace;
    const struct node *defaults;
    struct tally classes[CLASSES_MAX], kinds[KINDS_MAX];
    int class_count, kind_count;
    int passed, failed;
};

static struct tally *tally(struct tally *list, int *count, int most, const char *name)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    if (*count == most)
        return &list[most - 1];
    list[*count] = (struct tally){.name = name};
    return &list[(*count)++];
}

/* ---- expected against made, both as sorted text ---------------------------------------------------------------------- */

struct rows {
    const char *key[ROWS_MAX]; /* role or code, and modifiers */
    int64_t units[ROWS_MAX];
    int count;
};

static void rows_add(struct rows *r, const char *key, int64_t units)
{
    int i = 0;
    while (i < r->count && strcmp(r->key[i], key) < 0)
        i++;
    if (i < r->count && strcmp(r->key[i], key) == 0) {
        r->units[i] += units;
    } else if (r->count < ROWS_MAX) {
        memmove(&r->key[i + 1], &r->key[i], (size_t)(r->count - i) * sizeof r->key[0]);
        memmove(&r->units[i + 1], &r->units[i], (size_t)(r->count - i) * sizeof r->units[0]);
        r->key[i] = key;
        r->units[i] = units;
        r->count++;
    }
}

static const char *rows_text(const struct rows *r, struct arena *a)
{
    const char *s = "";
    for (int i = 0; i < r->count; i++)
        s = arena_printf(a, "%s%s%s x%lld", s, i ? ", " : "", r->key[i], (long long)r->units[i]);
    return r->count ? s : "nothing";
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static const char *row_key(struct arena *a, const char *name, const char **modifiers, int n)
{
    if (n)
        qsort(modifiers, (size_t)n, sizeof *modifiers, by_text);
    for (int i = 0; i < n; i++)
        name = arena_printf(a, "%s-%s", name, modifiers[i]);
    return name;
}

/* "expected": [{name_key: …, "units": n, "modifiers": […]}] */
static bool expected_rows(const struct node *list, const char *name_key, struct arena *a, struct rows *out, struct err *e)
{
    if (!list || list->kind != NODE_LIST)
        return node_fail(list, e, "the expected lines must be a list");
    if (list->count > ROWS_MAX)
        return node_fail(list, e, "more than %d expected lines", ROWS_MAX);
    node_each(l, list) {
        const char *name = node_str_at(l, name_key);
        const struct node *mods = node_get(l, "modifiers");
        struct dec d = DEC_NONE;
        int64_t units;
        const char *words[8];
        int n = 0;
        if (!name)
            return node_fail(l, e, "an expected line needs \"%s\"", name_key);
        if (!node_get(l, "units"))
            return node_fail(l, e, "an expected line needs \"units\"");
        if (!node_dec(node_get(l, "units"), &d, e) || !dec_to_int(d, DEC_DOWN, &units))
            return node_fail(node_get(l, "units"), e, "units must be a whole number");
        node_each(m, mods) {
            if (!node_str(m) || n == 8)
                return node_fail(m, e, "modifiers are a few words");
            words[n++] = node_str(m);
        }
        rows_add(out, row_key(a, name, words, n), units);
    }
    return true;
}

static bool same_rows(const struct rows *x, const struct rows *y)
{
    if (x->count != y->count)
        return false;
    for (int i = 0; i < x->count; i++)
        if (strcmp(x->key[i], y->key[i]) != 0 || x->units[i] != y->units[i])
            return false;
    return true;
}

/* ---- one case of each kind: *says is set when it fails ------------------------------------------------------------------ */

static void print_trace(const struct charge_sheet *s)
{
    for (int i = 0; i < s->line_count; i++)
        printf("    %s x%d: %s\n", charge_roles[s->lines[i].role].name, s->lines[i].units, s->lines[i].sentence);
    for (int i = 0; i < s->trace_count; i++)
        if (s->traces[i].fate != FATE_LINE)
            printf("    %s: %s\n", s->traces[i].event, s->traces[i].text);
    for (int i = 0; i < s->query_count; i++)
        printf("    ? %s: %s\n", charge_query_word(s->queries[i].kind), s->queries[i].text);
}

static bool run_admin(struct run *r, const struct node *c, struct arena *a, struct buf *notes, const char **says, struct err *e)
{
    struct case_admin in;
    struct charge_sheet sheet;
    struct rows *want = ARENA_NEW(a, struct rows), *made = ARENA_NEW(a, struct rows);
    if (!charge_read_admin(c, r->defaults, a, &in, notes, e) || !expected_rows(node_get(c, "expected"), "role", a, want, e) ||
        !charge_admin(&in.timeline, &in.policy, a, &sheet, e))
        return false;
    for (int i = 0; i < sheet.line_count; i++) {
        struct sheet_line *l = &sheet.lines[i];
        rows_add(made, row_key(a, charge_roles[l->role].name, l->modifiers, l->modifier_count), l->units);
    }
    if (r->trace)
        print_trace(&sheet);
    if (!same_rows(want, made))
        *says = arena_printf(a, "  expected %s\n  made     %s\n", rows_text(want, a), rows_text(made, a));
    return true;
}

static bool check_vials(const struct node *want, const struct case_drug *in, const struct vial_choice *made, struct arena *a,
    const char **says, struct err *e)
{
    bool same = true;
    int total = 0;
    node_each(v, want) {
        struct dec size, count;
        struct err bad = {0};
        if (!dec_parse(v->key, strlen(v->key), &size, &bad))
            return node_fail(v, e, "\"%.40s\" is not the amount in a vial", v->key);
        if (!node_dec(v, &count, e))
            return false;
        int got = 0;
        for (int i = 0; i < in->vial_count; i++)
            if (dec_eq(in->vials[i].amount, size))
                got += made->counts[i];
        same &= dec_eq(count, dec_int(got));
        total += got;
    }
    if (same && total == made->vials)
        return true;
    const char *text = "";
    for (int i = 0; i < in->vial_count; i++) {
        char amount[DEC_TEXT_MAX + 8];
        if (made->counts[i])
            text = arena_printf(a, "%s %d x %s", text, made->counts[i], dec_show(in->vials[i].amount, amount));
    }
    *says = arena_printf(a, "%s  vials made%s\n", *says ? *says : "", text);
    return true;
}

static bool run_drug(struct run *r, const struct node *c, struct arena *a, struct buf *notes, const char **says, struct err *e)
{
    struct case_drug in;
    struct vial_choice vials;
    struct drug_sheet sheet;
    struct dec waste = DEC_NONE;
    const struct node *want = node_get(c, "expected"), *waste_node = node_get(want, "waste_amount");
    struct rows *lines = ARENA_NEW(a, struct rows), *made = ARENA_NEW(a, struct rows);
    if (!charge_read_drug(c, &in, notes, e) || !expected_rows(node_get(want, "lines"), "hcpcs", a, lines, e) ||
        (waste_node && !node_dec(waste_node, &waste, e)) ||
        !vials_choose(in.dose, in.vials, in.vial_count, a, &vials, e))
        return false;
    if (!dec_is(in.given.opened))
        in.given.opened = vials.opened;
    if (!charge_drug(&in.given, a, &sheet, e))
        return false;
    for (int i = 0; i < sheet.line_count; i++) {
        const char *mods[1] = {sheet.lines[i].modifier};
        rows_add(made, row_key(a, sheet.lines[i].code, mods, mods[0] ? 1 : 0), sheet.lines[i].units);
        if (r->trace)
            printf("    %s\n", sheet.lines[i].sentence);
    }
    if (r->trace && sheet.sentence)
        printf("    %s\n", sheet.sentence);
    if (!same_rows(lines, made))
        *says = arena_printf(a, "  expected %s\n  made     %s\n", rows_text(lines, a), rows_text(made, a));
    char x[DEC_TEXT_MAX + 8], y[DEC_TEXT_MAX + 8];
    if (dec_is(waste) && !dec_eq(waste, sheet.waste))
        *says = arena_printf(a, "%s  expected waste %s\n  made waste     %s\n", *says ? *says : "", dec_show(waste, x), dec_show(sheet.waste, y));
    return !node_get(want, "vials") || check_vials(node_get(want, "vials"), &in, &vials, a, says, e);
}

/* *cannot names the input that is not understood; such a case is not run. */
static bool run_benefit(struct run *r, const struct node *c, struct arena *a, const char **cannot, const char **says, struct err *e)
{
    struct case_benefit in;
    struct benefit_estimate made;
    if (!charge_read_benefit(c, &in, e))
        return false;
    if ((*cannot = in.cannot) != NULL)
        return true;
    if (!benefit_estimate(&in.plan, &in.line, 1, a, &made, e))
        return false;
    const struct { const char *name; struct dec value; } known[] = {
        {"patient", made.patient}, {"plan", made.plan}, {"plan_paid", made.plan_paid}, {"secondary", made.secondary},
        {"card", made.card}, {"oop_credit", made.oop_credit},
    };
    const struct node *want = node_get(c, "expected");
    if (!want || want->kind != NODE_MAP)
        return node_fail(want ? want : c, e, "\"expected\" must be an object");
    if (r->trace)
        printf("    %s\n", made.lines[0].says);
    node_each(m, want) {
        struct dec d, value = DEC_NONE;
        char x[DEC_TEXT_MAX + 8], y[DEC_TEXT_MAX + 8];
        if (!node_dec(m, &d, e))
            return false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (strcmp(known[i].name, m->key) == 0)
                value = known[i].value;
        if (!dec_is(value))
            return node_fail(m, e, "\"%s\" is no result of an estimate", m->key);
        if (!dec_eq(d, value))
            *says = arena_printf(a, "%s  expected %s %s, made %s\n", *says ? *says : "", m->key, dec_show(d, x), dec_show(value, y));
    }
    return true;
}

/* ---- the file ------------------------------------------------------------------------------------------------------------ */

static void run_case(struct run *r, const struct node *c, struct arena *a)
{
    struct err e = {0};
    struct buf notes;
    const char *id = node_str_at(c, "id"), *kind = node_str_at(c, "kind"), *class = node_str_at(c, "provenance_class");
    const char *title = node_str_at(c, "title"), *says = NULL, *cannot = NULL;
    if (r->only && (!id || strcmp(r->only, id) != 0))
        return;
    struct tally *k = tally(r->kinds, &r->kind_count, KINDS_MAX, kind ? kind : "without a kind");
    if (!kind || (strcmp(kind, "admin") != 0 && strcmp(kind, "drug") != 0 && strcmp(kind, "benefit") != 0)) {
        k->skipped++;
        return;
    }
    if (r->trace)
        printf("%s %s\n", id ? id : "?", title ? title : "");
    buf_init(&notes, NOTES_MAX);
    bool ok = kind[0] == 'a' ? run_admin(r, c, a, &notes, &says, &e)
        : kind[0] == 'd' ? run_drug(r, c, a, &notes, &says, &e) : run_benefit(r, c, a, &cannot, &says, &e);
    if (notes.len)
        printf("%s %s", id ? id : "?", buf_str(&notes));
    buf_fini(&notes);
    if (ok && cannot) {
        printf("%s not run: input \"%s\" is not understood\n", id ? id : "?", cannot);
        k->skipped++;
        return;
    }
    ok = ok && !says;
    struct tally *t = tally(r->classes, &r->class_count, CLASSES_MAX, class ? class : "no provenance");
    *(ok ? &r->passed : &r->failed) += 1;
    *(ok ? &t->passed : &t->failed) += 1;
    *(ok ? &k->passed : &k->failed) += 1;
    if (ok)
        return;
    printf("%s failed: %s (%s)\n", id ? id : "?", title ? title : "", class ? class : "no provenance");
    if (e.kind != ERR_NONE)
        printf("  %s: %s\n", e.where, e.text);
    if (says)
        printf("%s", says);
}

static bool read_file(const char *name, struct buf *b, struct err *e)
{
    FILE *f = fopen(name, "rb");
    char part[65536];
    if (!f)
        return err_set(e, ERR_INPUT, name, "cannot be opened");
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(b, part, n);
    bool ok = !ferror(f);
    fclose(f);
    if (!ok)
        return err_set(e, ERR_INPUT, name, "cannot be read");
    return buf_ok(b, name, e);
}

static bool run_file(struct run *r, struct arena *a, struct buf *text, struct err *e)
{
    if (!read_file(r->file, text, e))
        return false;
    struct node *top = json_read(a, buf_str(text), text->len, FILE_MAX, e);
    if (!top)
        return false;
    struct node *cases = node_get(top, "cases");
    r->defaults = node_get(top, "defaults");
    if (r->defaults && r->defaults->kind != NODE_MAP)
        return node_fail(r->defaults, e, "\"defaults\" must be an object");
    if (!cases || cases->kind != NODE_LIST)
        return node_fail(cases ? cases : top, e, "\"cases\" must be a list");
    if (cases->count > CASES_MAX)
        return node_fail(cases, e, "more than %d cases", CASES_MAX);
    node_each(c, cases)
        if (c->kind != NODE_MAP)
            return node_fail(c, e, "a case must be an object");
    node_each(c, cases) {
        struct arena *own = arena_new();
        run_case(r, c, own);
        arena_free(own);
    }
    return true;
}

static void print_tallies(const struct run *r)
{
    for (int i = 0; i < r->kind_count; i++) {
        const struct tally *k = &r->kinds[i];
        printf("%-14s %d run, %d not run\n", k->name, k->passed + k->failed, k->skipped);
    }
    for (int i = 0; i < r->class_count; i++)
        printf("%-14s %d passed, %d failed\n", r->classes[i].name, r->classes[i].passed, r->classes[i].failed);
    printf("%d passed, %d failed\n", r->passed, r->failed);
}

int cli_charge(int argc, char **argv)
{
    struct run r = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--cases") == 0 && i + 1 < argc)
            r.file = argv[++i];
        else if (strcmp(argv[i], "--case") == 0 && i + 1 < argc)
            r.only = argv[++i];
        else if (strcmp(argv[i], "--trace") == 0)
            r.trace = true;
        else
            return fputs(usage, stderr), 2;
    }
    if (!r.file)
        return fputs(usage, stderr), 2;
    struct arena *a = arena_new();
    struct buf text;
    struct err e = {0};
    buf_init(&text, FILE_MAX);
    bool ok = run_file(&r, a, &text, &e);
    if (!ok) {
        fprintf(stderr, "venule charge: %s: %s%s%s\n", r.file, strcmp(e.where, r.file) == 0 ? "" : e.where,
            strcmp(e.where, r.file) == 0 ? "" : ": ", e.text);
    } else if (r.passed + r.failed == 0) {
        fprintf(stderr, "venule charge: %s: no case was run\n", r.file);
        ok = false;
    } else {
        print_tallies(&r);
    }
    buf_fini(&text);
    arena_free(a);
    return !ok ? 2 : r.failed ? 1 : 0;
}
