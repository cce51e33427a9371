#include "formulary/content_read.h"

#include "formulary/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct text {
    const char *path; /* relative */
    const char *data;
    size_t len;
};

static int by_path(const void *x, const void *y)
{
    return strcmp(((const struct content_file *)x)->path, ((const struct content_file *)y)->path);
}

static void finish_site(struct arena *a, struct content *c)
{
    if (!c->site)
        return;
    struct site *s = (struct site *)c->site;
    s->opens_min = check_clock(s->opens);
    s->closes_min = check_clock(s->closes);
    s->open_mask = check_days(s->open_days);
    struct site_shift *shifts = ARENA_ARRAY(a, (size_t)s->shifts_count, struct site_shift);
    for (int i = 0; i < s->shifts_count; i++) {
        shifts[i] = s->shifts[i];
        shifts[i].start_min = check_clock(shifts[i].start);
        shifts[i].end_min = check_clock(shifts[i].end);
        shifts[i].break_min_of_day = check_clock(shifts[i].break_start);
        shifts[i].day_mask = check_days(shifts[i].days);
    }
    s->shifts = shifts;
}

bool content_finish(struct arena *a, struct content_file *files, int count, struct findings *out, const struct content **c, struct err *e)
{
    struct content *made = ARENA_NEW(a, struct content);
    qsort(files, (size_t)count, sizeof files[0], by_path);
    content_assemble(a, files, count, made, out);
    if (out->errors)
        return findings_fail(out, e);
    finish_site(a, made);
    if (!content_seal(a, made, e))
        return false;
    *c = made;
    return true;
}

/* ---- a directory ------------------------------------------------------------------------------------------------------- */

static bool is_content(const char *name)
{
    size_t n = strlen(name);
    return name[0] != '.' && ((n > 5 && strcmp(name + n - 5, ".yaml") == 0) || (n > 3 && strcmp(name + n - 3, ".md") == 0));
}

static bool read_file(struct arena *a, const char *path, char **out, size_t *len, struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, ERR_INPUT, path, "cannot be opened");
    char *text = arena_alloc(a, CONTENT_FILE_MAX + 2);
    *len = fread(text, 1, CONTENT_FILE_MAX + 1, f);
    bool bad = ferror(f) != 0;
    fclose(f);
    *out = text;
    return bad ? err_set(e, ERR_INPUT, path, "cannot be read") : true;
}

struct walk {
    struct arena *a;
    const char *root;
    struct content_file *files;
    int count;
    struct findings *out;
};

static bool walk_dir(struct walk *w, const char *under, int depth, struct err *e)
{
    char *path = arena_printf(w->a, "%s%s%s", w->root, *under ? "/" : "", under);
    DIR *d = opendir(path);
    if (!d)
        return err_set(e, ERR_INPUT, path, "is not a directory that can be read");
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(d));) {
        if (entry->d_name[0] == '.')
            continue;
        const char *name = arena_printf(w->a, "%s%s%s", under, *under ? "/" : "", entry->d_name);
        const char *full = arena_printf(w->a, "%s/%s", w->root, name);
        struct stat st;
        if (stat(full, &st) != 0)
            ok = err_set(e, ERR_INPUT, full, "cannot be read");
        else if (S_ISDIR(st.st_mode))
            ok = depth >= 4 ? err_set(e, ERR_INPUT, full, "is too deep") : walk_dir(w, name, depth + 1, e);
        else if (is_content(name) && w->count == CONTENT_FILES_MAX)
            ok = err_set(e, ERR_TOO_LARGE, path, "more than %d files", CONTENT_FILES_MAX);
        else if (is_content(name)) {
            char *text = NULL;
            size_t len = 0;
            ok = read_file(w->a, full, &text, &len, e);
            if (ok) {
                struct content_file *f = &w->files[w->count++];
                f->path = name;
                content_file_parse(w->a, f, text, len, w->out);
            }
        }
    }
    closedir(d);
    return ok;
}

bool content_files_of_dir(struct arena *a, const char *dir, struct content_file **files, int *count, struct findings *out, struct err *e)
{
    struct walk w = {a, dir, ARENA_ARRAY(a, CONTENT_FILES_MAX, struct content_file), 0, out};
    if (!walk_dir(&w, "", 0, e))
        return false;
    if (w.count == 0)
        return err_set(e, ERR_INPUT, dir, "holds no content files");
    *files = w.files;
    *count = w.count;
    return true;
}

bool content_read_dir(struct arena *a, const char *dir, const struct content **out, struct err *e)
{
    struct findings f;
    struct content_file *files;
    int count;
    findings_init(&f, a);
    return content_files_of_dir(a, dir, &files, &count, &f, e) && content_finish(a, files, count, &f, out, e);
}

bool content_read_embedded(struct arena *a, const struct embed_set *set, const struct content **out, struct err *e)
{
    struct findings f;
    findings_init(&f, a);
    if (set->count > CONTENT_FILES_MAX)
        return err_set(e, ERR_TOO_LARGE, "content", "more than %d files", CONTENT_FILES_MAX);
    struct content_file *files = ARENA_ARRAY(a, (size_t)set->count, struct content_file);
    int count = 0;
    for (int i = 0; i < set->count; i++) {
        if (!is_content(set->files[i].path))
            continue;
        files[count].path = set->files[i].path;
        content_file_parse(a, &files[count++], (const char *)set->files[i].data, set->files[i].len, &f);
    }
    return content_finish(a, files, count, &f, out, e);
}

bool content_read_blob(struct arena *a, const char *json, size_t len, const struct content **out, struct err *e)
{
    struct findings f;
    findings_init(&f, a);
    const struct node *root = json_read(a, json, len, CONTENT_BLOB_MAX, e);
    if (!root)
        return false;
    const struct node *all = node_get(root, "files");
    const char *schema = node_str(node_get(root, "schema"));
    if (!schema || strcmp(schema, "venule-content/1") != 0 || !all || all->kind != NODE_MAP || all->count > CONTENT_FILES_MAX)
        return err_set(e, ERR_INPUT, "schema", "is not a content blob of schema venule-content/1");
    struct content_file *files = ARENA_ARRAY(a, (size_t)all->count + 1, struct content_file);
    int count = 0;
    node_each(m, all) {
        files[count].path = m->key;
        files[count].tree = m->kind == NODE_STRING ? NULL : m;
        files[count++].text = node_str(m);
    }
    return content_finish(a, files, count, &f, out, e);
}

bool content_usable(const struct content *c, bool demo_site, struct err *e)
{
    for (int i = 0; !demo_site && i < c->files_count; i++) {
        const struct content_head *h = &c->files[i].head;
        if (h->kind && (strcmp(h->status, "approved") != 0 || strcmp(h->approved_by, "none") == 0))
            return err_set(e, ERR_REFUSED, c->files[i].path, "is %s, approved by %s: only a demo site may use it", h->status, h->approved_by);
    }
    return true;
}
