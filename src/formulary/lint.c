#include "formulary/lint.h"

#include <string.h>

#include "formulary/check.h"

/* Values nobody re-read: the reviewer's first work. */
static void warn_memory(const struct content *c, struct findings *out)
{
    for (int i = 0; i < c->files_count; i++) {
        const struct content_file *f = &c->files[i];
        for (int s = 0; s < f->head.sources_count; s++)
            if (strcmp(f->head.sources[s].verified, "memory") == 0)
                findings_warn(out, f, shape_locate(f, check_path("sources[%d]", s)), "from_memory", "source \"%s\" was not re-read", f->head.sources[s].id);
    }
}

static const struct content_file *file_of(const struct content *c, const char *kind, const char *id)
{
    for (int i = 0; i < c->files_count; i++) {
        const char *own = node_str(node_get(node_get(c->files[i].tree, kind), "id"));
        if (own && strcmp(own, id) == 0)
            return &c->files[i];
    }
    return &c->files[0];
}

static void warn_unused(const struct content *c, struct findings *out)
{
    for (int i = 0; i < c->drugs_count; i++) {
        const struct drug *d = &c->drugs[i];
        if (strcmp(d->kind, "therapy") != 0)
            continue;
        const struct content_file *f = file_of(c, "drug", d->id);
        bool used = false;
        for (int g = 0; g < c->regimens_count; g++)
            for (int x = 0; x < c->regimens[g].doses_count; x++)
                used |= strcmp(c->regimens[g].doses[x].drug, d->id) == 0;
        if (!used)
            findings_warn(out, f, f->tree, "unused", "no regimen gives %s", d->id);
        for (int p = 0; p < c->payers_count; p++)
            if (!payer_find_cover(&c->payers[p], d->id))
                findings_warn(out, f, f->tree, "not_covered", "payer %s says nothing of %s", c->payers[p].id, d->id);
    }
}

static void require_approval(const struct content *c, struct findings *out)
{
    for (int i = 0; i < c->files_count; i++) {
        const struct content_file *f = &c->files[i];
        if (f->tree && (strcmp(f->head.status, "approved") != 0 || strcmp(f->head.approved_by, "none") == 0))
            findings_add(out, f, f->tree, "unapproved", "is %s, approved by %s: only a demo site may use it", f->head.status, f->head.approved_by);
    }
}

bool content_lint_dir(struct arena *a, const char *dir, bool approved, struct lint_report *out, struct err *e)
{
    struct findings f;
    struct content_file *files;
    const struct content *c = NULL;
    struct err refused = {0};
    findings_init(&f, a);
    memset(out, 0, sizeof *out);
    if (!content_files_of_dir(a, dir, &files, &out->files, &f, e))
        return false;
    if (content_finish(a, files, out->files, &f, &c, &refused)) {
        warn_memory(c, &f);
        warn_unused(c, &f);
        if (approved)
            require_approval(c, &f);
    } else if (!f.errors) {
        return err_set(e, refused.kind, refused.where, "%s", refused.text);
    }
    out->findings = f.list;
    out->count = f.count;
    out->errors = f.errors;
    out->hash = c && !f.errors ? c->hash : NULL;
    return true;
}
