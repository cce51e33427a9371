#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024, ALIGN = 16 };

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct arena {
    struct block *blocks; /* newest first; the last is the first block and is kept by reset */
    size_t used;
};

static void die_out_of_memory(void)
{
    fputs("venule: out of memory\n", stderr);
    abort();
}

void *mem_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        die_out_of_memory();
    return p;
}

void *mem_resize(void *p, size_t size)
{
    p = realloc(p, size ? size : 1);
    if (!p)
        die_out_of_memory();
    return p;
}

void mem_free(void *p)
{
    free(p);
}

static struct block *block_new(size_t size)
{
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        die_out_of_memory();
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

struct arena *arena_new_sized(size_t first)
{
    struct arena *a = mem_alloc(sizeof *a);
    a->blocks = block_new(first);
    return a;
}

struct arena *arena_new(void)
{
    return arena_new_sized(BLOCK_SIZE);
}

void arena_reset(struct arena *a)
{
    while (a->blocks->next) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        free(b);
    }
    a->blocks->used = 0;
    a->used = 0;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    free(a->blocks);
    free(a);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

/* Not cleared. */
static void *take(struct arena *a, size_t size)
{
    size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (need < size)
        die_out_of_memory();
    struct block *b = a->blocks;
    if (b->size - b->used < need) {
        struct block *fresh = block_new(need > BLOCK_SIZE ? need : BLOCK_SIZE);
        fresh->next = b;
        a->blocks = b = fresh;
    }
    void *p = b->data + b->used;
    b->used += need;
    a->used += need;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        die_out_of_memory();
    return arena_alloc(a, count * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *p = take(a, n + 1);
    memcpy(p, s, n);
    p[n] = 0;
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

/* Written into what is left of the block at hand; a second time if that was too short. */
char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    struct block *b = a->blocks;
    size_t room = b->size - b->used;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf((char *)b->data + b->used, room, fmt, ap);
    va_end(ap);
    char *p = take(a, (size_t)n + 1);
    if (a->blocks != b)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}
