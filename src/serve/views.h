/* views: the index of all that can be read. The table is put together from the rooms' tables; a view is shown inside a
 * read transaction. Rule: a view changes nothing, and a patient sees only what is about them.
 */
#ifndef SERVE_VIEWS_H
#define SERVE_VIEWS_H

#include "care/care.h"

enum { VIEWS_MAX = 100 };

const struct view_type *view_find(const char *name); /* NULL if there is none */
const struct view_type *view_at(int index);          /* NULL past the end */

/* Show one into v->out as an object; v's other members are filled by the caller. */
MUST_CHECK bool view_show(const struct view_type *type, struct view *v, const void *params, struct err *e);

#endif
