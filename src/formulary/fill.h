/* fill: the {{placeholders}} of leaflets and answers, filled from a patient's own order.
 *
 * Pure; any thread. Rule: a name that is not in the list of placeholders, or has no value, is an error: a patient
 * never reads "{{dose}}". The content check refuses templates with names outside the list.
 */
#ifndef FORMULARY_FILL_H
#define FORMULARY_FILL_H

#include "base/arena.h"

enum { FILL_TEXT_MAX = 64 * 1024, FILL_NAME_MAX = 40 };

struct fill {
    const char *name;
    const char *value; /* plain text or Markdown */
};

/* Every name a template may use; NULL ends the list. */
extern const char *const fill_names[];

MUST_CHECK bool fill_text(struct arena *a, const char *text, const struct fill *values, int n, const char **out, struct err *e);
/* NULL if all names are known, else the first that is not (or "" for braces that do not close); *line from 1. */
const char *fill_unknown(struct arena *a, const char *text, int *line);

#endif
