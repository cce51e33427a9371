/* derive_inner: what the files of derive share: the nodes of the proof and numbers between them. For derive*.c only.
 *
 * One work at a time, on the caller's stack. Rule: every number that goes on is a node.
 */
#ifndef CLINIC_DERIVE_INNER_H
#define CLINIC_DERIVE_INNER_H

#include "clinic/derive.h"

struct derive_work {
    struct arena *a;
    const struct derive_order *o;
    const struct derive_patient *p;
    struct derive_answer *out;
};

/* A new node from up to four others (-1: none); its index. The words are written only if there is an arena. */
int derive_node(struct derive_work *w, const char *name, struct qty value, const int from[DERIVE_FROM_MAX],
    const char *fmt, ...) PRINTF(5, 6);
#define FROM(...) ((const int[DERIVE_FROM_MAX]){__VA_ARGS__})
#define FROM_NONE FROM(-1, -1, -1, -1)

struct dec derive_snap(struct dec d);        /* 12 significant digits */
struct dec derive_six(struct dec d);         /* 6 significant digits */
const char *derive_show(struct derive_work *w, struct qty q); /* "" without an arena */

/* An input checked (there, fresh, of this dimension, within the limits) and noted; *v in `unit`. */
struct derive_wanted {
    const char *name, *unit, *low, *high;
};
MUST_CHECK bool derive_input(struct derive_work *w, const struct derive_wanted *want, const struct derive_reading *r,
    struct dec *v, int *node, struct err *e);

/* Weight by policy and cap, height unless it is not needed. */
struct derive_body {
    struct dec weight, height; /* kg, cm */
    int weight_node, height_node;
};
MUST_CHECK bool derive_weight_used(struct derive_work *w, bool needs_height, struct derive_body *b, struct err *e);
MUST_CHECK bool derive_surface(
    struct derive_work *w, const struct derive_body *b, struct dec *m2, int *node, struct err *e);
MUST_CHECK bool derive_clearance(struct derive_work *w, struct dec *ml_min, int *node, struct err *e);

/* Which rules fire, and what the worst of them says: out->verdict, percent, delay_days, fired, worst. *node: of the
 * modification, -1 if there is none. */
MUST_CHECK bool derive_modify(struct derive_work *w, int *node, struct err *e);

#endif
