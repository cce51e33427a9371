#include "wire/fhir_names.h"

#include <assert.h>
#include <string.h>

struct fhir_names {
    struct slot {
        const char *name;
        int item;
    } *slots;
    size_t mask, used;
};

struct fhir_names *fhir_names_new(struct arena *a, int items)
{
    struct fhir_names *n = ARENA_NEW(a, struct fhir_names);
    size_t size = 16;
    while (size < (size_t)items * 8)
        size *= 2;
    n->slots = ARENA_ARRAY(a, size, struct slot);
    n->mask = size - 1;
    return n;
}

static struct slot *slot_of(const struct fhir_names *n, const char *name)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (const char *p = name; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    for (size_t i = h & n->mask;; i = (i + 1) & n->mask)
        if (!n->slots[i].name || strcmp(n->slots[i].name, name) == 0)
            return &n->slots[i];
}

int fhir_names_find(const struct fhir_names *n, const char *name)
{
    const struct slot *s = slot_of(n, name);
    return s->name ? s->item : FHIR_NAME_NONE;
}

int fhir_names_add(struct fhir_names *n, const char *name, int item)
{
    struct slot *s = slot_of(n, name);
    if (s->name)
        return s->item;
    assert(n->used++ <= n->mask / 2);
    *s = (struct slot){name, item};
    return FHIR_NAME_NONE;
}

void fhir_names_blur(struct fhir_names *n, const char *name)
{
    struct slot *s = slot_of(n, name);
    assert(s->name);
    s->item = FHIR_NAME_TWO;
}
