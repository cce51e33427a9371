/* embed OUT.c SYMBOL BASE FILE…: a C file whose `const struct embed_set SYMBOL` holds every FILE under its path
 * relative to BASE, sorted, with its SHA-256 (src/base/embed.h). A build tool; not part of the program. */
#define _GNU_SOURCE 1 /* realpath; the build machine gets no project flags */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024 * 1024 };

struct item {
    char *file;       /* real path */
    const char *path; /* its end, below the base */
    size_t len;
    char sha256[crypto_hash_sha256_BYTES * 2 + 1];
};

static void die(const char *what, const char *where)
{
    fprintf(stderr, "embed: %s: %s\n", where, what);
    exit(1);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct item *)a)->path, ((const struct item *)b)->path);
}

static void hash(struct item *it)
{
    crypto_hash_sha256_state s;
    unsigned char digest[crypto_hash_sha256_BYTES], chunk[1 << 16];
    FILE *f = fopen(it->file, "rb");
    if (!f)
        die("cannot be opened", it->file);
    crypto_hash_sha256_init(&s);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) {
        crypto_hash_sha256_update(&s, chunk, n);
        it->len += n;
    }
    if (ferror(f) || it->len > FILE_MAX)
        die("cannot be read, or is too large", it->file);
    fclose(f);
    crypto_hash_sha256_final(&s, digest);
    sodium_bin2hex(it->sha256, sizeof it->sha256, digest, sizeof digest);
}

/* As a C string's inside. */
static void put_quoted(FILE *f, const char *s)
{
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            fputc('\\', f);
        fputc(*s, f);
    }
}

static void put(FILE *f, const char *symbol, const struct item *items, int n)
{
    fprintf(f, "/* Made by tools/embed.c; do not edit. */\n#include \"base/embed.h\"\n\nextern const struct embed_set %s;\n\n", symbol);
    for (int i = 0; i < n; i++) {
        fprintf(f, "__asm__(\".section .rodata\\n.balign 16\\n%s_%d:\\n.incbin \\\"", symbol, i);
        put_quoted(f, items[i].file);
        fprintf(f, "\\\"\\n.byte 0\\n.previous\\n\");\nextern const unsigned char %s_%d[];\n", symbol, i);
    }
    fprintf(f, "\nstatic const struct embed_file files[] = {\n");
    for (int i = 0; i < n; i++) {
        fprintf(f, "    {\"");
        put_quoted(f, items[i].path);
        fprintf(f, "\", %s_%d, %zu, \"%s\"},\n", symbol, i, items[i].len, items[i].sha256);
    }
    fprintf(f, "    {0},\n};\nconst struct embed_set %s = {files, %d};\n", symbol, n);
}

int main(int argc, char **argv)
{
    if (argc < 4 || sodium_init() < 0)
        die("usage: embed OUT.c SYMBOL BASE FILE…", "arguments");
    int n = argc - 4;
    char *root = realpath(argv[3], NULL);
    if (!root)
        die("is no folder", argv[3]);
    size_t base = strlen(root);
    struct item *items = calloc((size_t)n + 1, sizeof *items);
    if (!items)
        die("no memory", "items");
    for (int i = 0; i < n; i++) {
        items[i].file = realpath(argv[i + 4], NULL);
        if (!items[i].file)
            die("is no file", argv[i + 4]);
        if (strncmp(items[i].file, root, base) != 0 || items[i].file[base] != '/')
            die("does not lie under the base folder", items[i].file);
        items[i].path = items[i].file + base + 1;
        hash(&items[i]);
    }
    qsort(items, (size_t)n, sizeof *items, by_path);
    FILE *f = fopen(argv[1], "wb");
    if (!f)
        die("cannot be written", argv[1]);
    put(f, argv[2], items, n);
    if (fclose(f) != 0)
        die("cannot be written", argv[1]);
    for (int i = 0; i < n; i++)
        free(items[i].file);
    free(items);
    free(root);
    return 0;
}
