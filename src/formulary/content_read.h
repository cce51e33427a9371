/* content_read: from named texts to a content release. Private to formulary; used by content.c and lint.c.
 *
 * Pure: it is given the texts. Rule: every error carries its file, line and column.
 */
#ifndef FORMULARY_CONTENT_READ_H
#define FORMULARY_CONTENT_READ_H

#include "formulary/content_shape.h"
#include "formulary/lint.h"

struct findings {
    struct arena *a;
    struct lint_finding *list; /* FINDINGS_MAX */
    int count, errors;
};

void findings_init(struct findings *f, struct arena *a);
void findings_add(struct findings *f, const struct content_file *file, const struct node *at, const char *rule, const char *fmt, ...) PRINTF(5, 6);
void findings_warn(struct findings *f, const struct content_file *file, const struct node *at, const char *rule, const char *fmt, ...) PRINTF(5, 6);
/* The first error as an err. */
bool findings_fail(const struct findings *f, struct err *e);

/* One named text → file->tree or file->text; a YAML fault is a finding and the tree is NULL. */
void content_file_parse(struct arena *a, struct content_file *file, const char *text, size_t len, struct findings *out);
/* Files (sorted by path) → structs, references and values checked. Findings say what is wrong; *c is whole only if
 * there is no error. */
void content_assemble(struct arena *a, struct content_file *files, int count, struct content *c, struct findings *out);
/* What must hold between the entries (content_check.c). */
void content_check(const struct content *c, struct findings *out);
/* Canonical JSON and its hash (content_canon.c). */
MUST_CHECK bool content_seal(struct arena *a, struct content *c, struct err *e);

/* All content files under a directory, parsed; not sorted. */
MUST_CHECK bool content_files_of_dir(struct arena *a, const char *dir, struct content_file **files, int *count, struct findings *out, struct err *e);
/* Sort, assemble, check, seal. */
MUST_CHECK bool content_finish(struct arena *a, struct content_file *files, int count, struct findings *out, const struct content **c, struct err *e);

#endif
