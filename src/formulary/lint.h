/* lint: everything that is wrong with a folder of content, each with file, line, column and rule.
 *
 * Start-up and command line; reads files. Rule: what lint calls an error, content_read_dir refuses; a warning is for
 * the reviewer (a value from memory, a drug no payer covers) and refuses nothing.
 */
#ifndef FORMULARY_LINT_H
#define FORMULARY_LINT_H

#include "base/arena.h"

enum { FINDINGS_MAX = 1000 };

struct lint_finding {
    const char *file;
    int line, column;  /* 0: the file as a whole */
    const char *rule;  /* "syntax", "shape", "unit", "unknown_drug", "band_gap", "declared_minutes" … */
    const char *text;
    bool warning;
};

struct lint_report {
    const struct lint_finding *findings; /* at most FINDINGS_MAX are kept */
    int count, errors, files;
    const char *hash;                    /* of the release; NULL if there are errors */
};

/* approved: what the site would be told outside a demo: every file must be approved by someone. False (and *e) only if
 * the folder cannot be read. */
MUST_CHECK bool content_lint_dir(struct arena *a, const char *dir, bool approved, struct lint_report *out, struct err *e);

#endif
