/* arena: memory that lives exactly as long as one request, one batch or one module.
 *
 * Owns every byte it hands out; freed at once. One thread at a time. Rule: nothing outside base calls malloc;
 * allocation never returns NULL (the process ends with a message: a server that cannot allocate must restart).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"

struct arena;

struct arena *arena_new(void);
struct arena *arena_new_sized(size_t first);  /* for work known to need so many bytes each time: see arena_reset */
void arena_free(struct arena *a);             /* NULL is fine */
void arena_reset(struct arena *a);            /* empty again, first block kept */
size_t arena_used(const struct arena *a);     /* bytes handed out since new or reset */

void *arena_alloc(struct arena *a, size_t size);               /* zeroed, 16-byte aligned */
void *arena_array(struct arena *a, size_t count, size_t size); /* zeroed, overflow checked */
char *arena_strdup(struct arena *a, const char *s);            /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);

/* For the few long-lived tables of base and serve: as malloc/realloc, but never NULL. */
void *mem_alloc(size_t size);
void *mem_resize(void *p, size_t size);
void mem_free(void *p);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

#endif
