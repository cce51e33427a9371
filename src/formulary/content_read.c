#include "formulary/content_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void findings_init(struct findings *f, struct arena *a)
{
    *f = (struct findings){a, ARENA_ARRAY(a, FINDINGS_MAX, struct lint_finding), 0, 0};
}

PRINTF(6, 0)
static void add(struct findings *f, bool warning, const struct content_file *file, const struct node *at, const char *rule,
                const char *fmt, va_list ap)
{
    if (!warning)
        f->errors++;
    if (f->count == FINDINGS_MAX)
        return;
    char text[400];
    vsnprintf(text, sizeof text, fmt, ap);
    f->list[f->count++] = (struct lint_finding){file->path, at ? at->line : 0, at ? at->column : 0, rule,
                                                arena_strdup(f->a, text), warning};
}

void findings_add(struct findings *f, const struct content_file *file, const struct node *at, const char *rule, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(f, false, file, at, rule, fmt, ap);
    va_end(ap);
}

void findings_warn(struct findings *f, const struct content_file *file, const struct node *at, const char *rule, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add(f, true, file, at, rule, fmt, ap);
    va_end(ap);
}

bool findings_fail(const struct findings *f, struct err *e)
{
    for (int i = 0; i < f->count; i++) {
        const struct lint_finding *x = &f->list[i];
        if (x->warning)
            continue;
        char where[sizeof e->where];
        snprintf(where, sizeof where, "%s:%d:%d", x->file, x->line, x->column);
        return err_set(e, ERR_INPUT, where, "%s (%s)", x->text, x->rule);
    }
    return err_set(e, ERR_INTERNAL, "", "no error was found");
}

/* ---- one record ------------------------------------------------------------------------------------------------------ */

struct reader {
    struct arena *a;
    const struct content_file *file;
    struct findings *out;
};

static bool read_record(struct reader *r, const struct shape *s, const struct node *n, void *rec);

static const struct part *part_named(const struct shape *s, const char *key)
{
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->parts[i].key, key) == 0)
            return &s->parts[i];
    return NULL;
}

/* The members of n that are flat fields, as a map of their own. */
static const struct node *flat_part(struct reader *r, const struct shape *s, const struct node *n)
{
    struct node *map = ARENA_NEW(r->a, struct node);
    *map = *n;
    map->first = NULL;
    map->count = 0;
    struct node **tail = &map->first;
    node_each(m, n) {
        if (part_named(s, m->key))
            continue;
        struct node *copy = ARENA_NEW(r->a, struct node);
        *copy = *m;
        copy->next = NULL;
        *tail = copy;
        tail = &copy->next;
        map->count++;
    }
    return map;
}

/* The member an error names: the first key of its `where`; the record itself if that is missing. */
static const struct node *blamed(const struct node *n, const char *where)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(where, ".["), where);
    const struct node *m = node_get(n, key);
    return m ? m : n;
}

static bool read_words(struct reader *r, const struct part *p, const struct node *n, char *rec)
{
    if (n->kind != NODE_LIST || n->count > CONTENT_LIST_MAX || (p->need == MUST && n->count == 0)) {
        findings_add(r->out, r->file, n, "shape", "%s must be a list of 1 to %d texts", p->key, CONTENT_LIST_MAX);
        return false;
    }
    const char **words = ARENA_ARRAY(r->a, (size_t)n->count, const char *);
    int count = 0;
    node_each(m, n) {
        if (!node_str(m) || !m->len || m->len > FIELD_TEXT_MAX) {
            findings_add(r->out, r->file, m, "shape", "%s[%d] must be a text of 1 to %d bytes", p->key, count, FIELD_TEXT_MAX);
            return false;
        }
        words[count++] = m->text;
    }
    *(const char *const **)(void *)(rec + p->offset) = words;
    *(int *)(void *)(rec + p->count_offset) = count;
    return true;
}

static bool read_many(struct reader *r, const struct part *p, const struct node *n, char *rec)
{
    if (n->kind != NODE_LIST || n->count > CONTENT_LIST_MAX || (p->need == MUST && n->count == 0)) {
        findings_add(r->out, r->file, n, "shape", "%s must be a list of 1 to %d entries", p->key, CONTENT_LIST_MAX);
        return false;
    }
    size_t size = p->shape->record->size;
    char *list = arena_array(r->a, (size_t)n->count, size);
    int count = 0;
    bool ok = true;
    node_each(m, n)
        ok &= read_record(r, p->shape, m, list + size * (size_t)count++);
    *(void **)(void *)(rec + p->offset) = list;
    *(int *)(void *)(rec + p->count_offset) = count;
    return ok;
}

static bool read_part(struct reader *r, const struct part *p, const struct node *owner, void *rec)
{
    const struct node *n = node_get(owner, p->key);
    if (!n || n->kind == NODE_NULL) {
        if (p->need == MAY)
            return true;
        findings_add(r->out, r->file, owner, "shape", "%s is missing", p->key);
        return false;
    }
    if (p->kind == PART_WORDS)
        return read_words(r, p, n, rec);
    if (p->kind == PART_MANY)
        return read_many(r, p, n, rec);
    void *one = arena_alloc(r->a, p->shape->record->size);
    *(void **)(void *)((char *)rec + p->offset) = one;
    return read_record(r, p->shape, n, one);
}

/* Every word of a `…source` field must be one of the file's sources. */
static bool check_sources(struct reader *r, const struct record *rec, const struct node *n)
{
    bool ok = true;
    for (int i = 0; i < rec->count; i++) {
        const char *name = rec->fields[i].name, *at = strstr(name, "source");
        const struct node *m = at && strcmp(at, "source") == 0 ? node_get(n, name) : NULL;
        for (const char *p = node_str(m); p && *p;) {
            int len = (int)strcspn(p, " ");
            bool found = false;
            for (int k = 0; k < r->file->head.sources_count; k++) {
                const char *id = r->file->head.sources[k].id;
                found |= (int)strlen(id) == len && strncmp(id, p, (size_t)len) == 0;
            }
            if (!found) {
                findings_add(r->out, r->file, m, "unknown_source", "source \"%.*s\" is not among this file's sources", len, p);
                ok = false;
            }
            p += len;
            p += strspn(p, " ");
        }
    }
    return ok;
}

static bool read_record(struct reader *r, const struct shape *s, const struct node *n, void *rec)
{
    if (n->kind != NODE_MAP) {
        findings_add(r->out, r->file, n, "shape", "must be a map with the fields of %s", s->record->name);
        return false;
    }
    struct err e = {0};
    if (!record_from_json(s->record, flat_part(r, s, n), r->a, NULL, rec, &e)) {
        const char *last = strrchr(e.where, '.');
        bool source = strcmp(last ? last + 1 : e.where, "source") == 0 || strstr(e.where, "_source");
        bool unit = strstr(e.text, "unit") != NULL;
        findings_add(r->out, r->file, blamed(n, e.where), source ? "missing_source" : unit ? "unit" : "shape", "%s: %s", e.where, e.text);
        return false;
    }
    bool ok = check_sources(r, s->record, n);
    for (int i = 0; i < s->count; i++)
        ok &= read_part(r, &s->parts[i], n, rec);
    return ok;
}

/* ---- files ----------------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

void content_file_parse(struct arena *a, struct content_file *file, const char *text, size_t len, struct findings *out)
{
    struct err e = {0};
    file->tree = NULL;
    file->text = NULL;
    if (len > CONTENT_FILE_MAX) {
        findings_add(out, file, NULL, "size", "is %zu bytes, at most %d are read", len, CONTENT_FILE_MAX);
    } else if (ends_with(file->path, ".md")) {
        file->text = arena_strndup(a, text, len);
    } else {
        file->tree = yaml_read(a, text, len, &e);
        if (!file->tree) {
            struct node at = {0};
            if (sscanf(e.where, "line %d, column %d", &at.line, &at.column) < 1)
                at.line = 1;
            findings_add(out, file, &at, "syntax", "%s", e.text);
        }
    }
}

/* The head's own members, without the bodies of its kind. */
static bool read_head(struct reader *r, struct content_file *file)
{
    if (file->tree->kind != NODE_MAP) {
        findings_add(r->out, file, file->tree, "shape", "a content file is a map that begins with kind, status, approved_by, version, sources");
        return false;
    }
    const char *kind = node_str(node_get(file->tree, "kind"));
    struct node *map = ARENA_NEW(r->a, struct node);
    *map = *file->tree;
    map->first = NULL;
    struct node **tail = &map->first;
    node_each(m, file->tree) {
        bool body = false;
        for (int i = 0; i < content_body_count && kind; i++)
            body |= strcmp(content_bodies[i].kind, kind) == 0 && strcmp(content_bodies[i].part.key, m->key) == 0;
        if (body)
            continue;
        struct node *copy = ARENA_NEW(r->a, struct node);
        *copy = *m;
        copy->next = NULL;
        *tail = copy;
        tail = &copy->next;
    }
    return read_record(r, &shape_content_head, map, &file->head);
}

/* A body of one entry a file: put it at the next place of its gathered array. */
static bool read_each(struct reader *r, const struct part *p, const struct content_file *file, char *c)
{
    char *list = *(char **)(void *)(c + p->offset);
    int *count = (int *)(void *)(c + p->count_offset);
    const struct node *n = node_get(file->tree, p->key);
    if (!n) {
        findings_add(r->out, file, file->tree, "shape", "%s is missing", p->key);
        return false;
    }
    bool ok = read_record(r, p->shape, n, list + p->shape->record->size * (size_t)*count);
    (*count)++;
    return ok;
}

static bool kind_once(struct reader *r, const struct body *b, const struct content_file *files, const struct content_file *file)
{
    for (const struct content_file *f = files; f < file; f++) {
        if (f->head.kind && strcmp(f->head.kind, b->kind) == 0) {
            findings_add(r->out, file, file->tree, "twice", "a second file of kind %s; the first is %s", b->kind, f->path);
            return false;
        }
    }
    return true;
}

static void read_bodies(struct reader *r, const struct content_file *files, const struct content_file *file, struct content *c)
{
    for (int i = 0; i < content_body_count; i++) {
        const struct body *b = &content_bodies[i];
        if (strcmp(b->kind, file->head.kind) != 0)
            continue;
        if (b->per_file)
            (void)!read_each(r, &b->part, file, (char *)c);
        else if (kind_once(r, b, files, file))
            (void)!read_part(r, &b->part, file->tree, c);
    }
}

static int by_day(const void *x, const void *y)
{
    const struct regimen_visit *a = x, *b = y;
    return (a->day > b->day) - (a->day < b->day);
}

static void expand_visits(struct arena *a, struct regimen *g)
{
    int n = 0;
    for (int i = 0; i < g->visits_count; i++)
        n += g->visits[i].count > 0 ? (int)g->visits[i].count : 1;
    struct regimen_visit *all = ARENA_ARRAY(a, (size_t)n, struct regimen_visit);
    int k = 0;
    for (int i = 0; i < g->visits_count; i++) {
        int64_t times = g->visits[i].count > 0 ? g->visits[i].count : 1;
        for (int64_t t = 0; t < times; t++) {
            all[k] = g->visits[i];
            all[k].day += t * (g->visits[i].every_days > 0 ? g->visits[i].every_days : 0);
            k++;
        }
    }
    qsort(all, (size_t)n, sizeof all[0], by_day);
    for (k = 0; k < n; k++)
        all[k].number = k + 1;
    g->visits = all;
    g->visits_count = n;
}

void content_assemble(struct arena *a, struct content_file *files, int count, struct content *c, struct findings *out)
{
    memset(c, 0, sizeof *c);
    c->files = files;
    c->files_count = count;
    for (int i = 0; i < content_body_count; i++)
        if (content_bodies[i].per_file)
            *(void **)(void *)((char *)c + content_bodies[i].part.offset) =
                arena_array(a, (size_t)count + 1, content_bodies[i].part.shape->record->size);
    for (int i = 0; i < count; i++) {
        struct reader r = {a, &files[i], out};
        if (files[i].tree && read_head(&r, &files[i])) {
            c->demo |= strcmp(files[i].head.status, "approved") != 0 || strcmp(files[i].head.approved_by, "none") == 0;
            read_bodies(&r, files, &files[i], c);
        }
    }
    if (out->errors)
        return;
    content_check(c, out);
    if (out->errors)
        return;
    for (int i = 0; i < c->regimens_count; i++)
        expand_visits(a, (struct regimen *)&c->regimens[i]);
}
