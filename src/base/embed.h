/* embed: files built into the program (content, web pages), made by tools/embed.c.
 *
 * Constant data; any thread. Rule: the table is sorted by path (byte order) and each entry carries the SHA-256 of its
 * bytes, computed when the program was built.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *path;           /* relative, '/' separated: "drugs/ferric_carboxymaltose.yaml" */
    const unsigned char *data;  /* len bytes and a NUL */
    size_t len;
    const char *sha256;         /* 64 hex digits */
};

struct embed_set {
    const struct embed_file *files;
    int count;
};

/* NULL if there is none. */
const struct embed_file *embed_find(const struct embed_set *s, const char *path);

#endif
