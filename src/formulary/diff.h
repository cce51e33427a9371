/* diff: what changed between two releases of content, said by meaning: "vancomycin, adult ward: hard maximum rate
 * 15 → 20 mg/min". Order of entries, spelling of numbers (1.10 or 1.1, 1000 mg or 1 g) and layout are no change.
 *
 * Pure; any thread. Rule: nothing that a record's table holds is left out; what makes the content less strict (a limit
 * raised, a severity lowered, a prohibition gone) is marked, so that it cannot hide among the rest.
 */
#ifndef FORMULARY_DIFF_H
#define FORMULARY_DIFF_H

#include "formulary/content.h"

enum { DIFF_MAX = 5000 };

enum change_kind {
    CHANGE_VALUE,    /* a value of care: number, code, yes or no, list */
    CHANGE_ADDED,
    CHANGE_REMOVED,
    CHANGE_WORDS,    /* words people read */
    CHANGE_EVIDENCE  /* sources, status, approver, version */
};

struct content_change {
    enum change_kind kind;
    bool looser;       /* less strict than before */
    const char *file;  /* "drugs/vancomycin.yaml" */
    const char *text;  /* the sentence */
};

struct content_diff {
    struct content_change *list; /* at most DIFF_MAX are kept */
    int count, looser;           /* all of them */
};

void content_compare(struct arena *a, const struct content *before, const struct content *after, struct content_diff *out);

#endif
