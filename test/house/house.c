/* The house rules, read from the sources: `house SRC` prints each breach and fails if there is one.
 *   1. An include goes to the same room or a room below (the floors of ARCHITECTURE.md), and files form no circle.
 *   2. No double or float where numbers are exact: only kinetics (clinic/pk*) and schedule may use them inside.
 *   3. No malloc family outside base.
 *   4. No file of 1,000 lines or more.
 * Comments and strings are skipped, so words may be spoken of. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_MAX = 1000, INCLUDES_MAX = 40, PATH_LEN = 200, TEXT_MAX = 1 << 20, LINES_MAX = 1000 };

static const char *const floors[] = {"base", "clinic", "record", "formulary", "schedule", "care", "account", "wire",
    "serve"}; /* the root of src stands above all */
enum { FLOORS = sizeof floors / sizeof *floors };

struct file {
    char path[PATH_LEN]; /* from src */
    char include[INCLUDES_MAX][PATH_LEN];
    int includes, mark;
};

static struct file files[FILES_MAX];
static int file_count, breaches;

static int floor_of(const char *path)
{
    const char *slash = strchr(path, '/');
    if (!slash)
        return FLOORS;
    for (int i = 0; i < FLOORS; i++)
        if (strlen(floors[i]) == (size_t)(slash - path) && strncmp(path, floors[i], (size_t)(slash - path)) == 0)
            return i;
    return -1;
}

static void breach(const char *path, int line, const char *what, const char *word)
{
    printf("%s:%d: %s %s\n", path, line, what, word);
    breaches++;
}

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static void check_word(const char *path, int line, const char *word)
{
    static const char *const heap[] = {"malloc", "calloc", "realloc", "free", "strdup", "strndup", "reallocarray"};
    bool inexact = starts(path, "clinic/pk") || starts(path, "schedule/");
    if (!inexact && (strcmp(word, "double") == 0 || strcmp(word, "float") == 0))
        breach(path, line, "exact room uses", word);
    for (size_t i = 0; !starts(path, "base/") && i < sizeof heap / sizeof *heap; i++)
        if (strcmp(word, heap[i]) == 0)
            breach(path, line, "outside base stands", word);
}

static void note_include(struct file *f, const char *name, size_t len, int line)
{
    if (f->includes == INCLUDES_MAX || len >= PATH_LEN) {
        breach(f->path, line, "too many or too long includes", "");
        return;
    }
    char *to = f->include[f->includes++];
    memcpy(to, name, len);
    to[len] = '\0';
    int from = floor_of(f->path), into = floor_of(to);
    if (into < 0 || (into == FLOORS && from != FLOORS))
        breach(f->path, line, "includes from no room of the house", to);
    else if (into > from)
        breach(f->path, line, "includes a floor above", to);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *skip_quoted(const char *p)
{
    char q = *p++;
    for (; *p && *p != q && *p != '\n'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p == q ? p + 1 : p;
}

static void scan(struct file *f, const char *p)
{
    int line = 1;
    while (*p) {
        if (starts(p, "#include \"")) {
            const char *name = p + 10, *end = strchr(name, '"');
            note_include(f, name, end ? (size_t)(end - name) : 0, line);
            p = end ? end + 1 : name;
        } else if (starts(p, "//")) {
            p += strcspn(p, "\n");
        } else if (starts(p, "/*")) {
            for (p += 2; *p && !starts(p, "*/"); p++)
                line += *p == '\n';
            p += *p ? 2 : 0;
        } else if (*p == '"' || *p == '\'') {
            p = skip_quoted(p);
        } else if (is_word(*p)) {
            char word[64];
            size_t n = 0;
            while (is_word(p[n]))
                n++;
            snprintf(word, sizeof word, "%.*s", (int)n, p);
            check_word(f->path, line, word);
            p += n;
        } else {
            line += *p++ == '\n';
        }
    }
    if (line > LINES_MAX)
        breach(f->path, line, "file is too long", "");
}

static void read_file(const char *root, const char *path)
{
    static char text[TEXT_MAX];
    char full[2 * PATH_LEN];
    snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *in = fopen(full, "rb");
    if (!in || file_count == FILES_MAX) {
        breach(path, 0, "cannot be read", "");
        return;
    }
    size_t n = fread(text, 1, TEXT_MAX - 1, in);
    fclose(in);
    text[n] = '\0';
    struct file *f = &files[file_count++];
    snprintf(f->path, sizeof f->path, "%s", path);
    scan(f, text);
}

static void walk(const char *root, const char *folder)
{
    char full[2 * PATH_LEN];
    snprintf(full, sizeof full, "%s/%s", root, folder);
    DIR *d = opendir(full);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char path[PATH_LEN];
        size_t n = strlen(entry->d_name);
        struct stat st;
        if (entry->d_name[0] == '.')
            continue;
        int len = snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (len >= (int)sizeof path || snprintf(full, sizeof full, "%s/%s", root, path) >= (int)sizeof full)
            continue;
        if (stat(full, &st) == 0 && S_ISDIR(st.st_mode))
            walk(root, path);
        else if (n > 2 && entry->d_name[n - 2] == '.' && (entry->d_name[n - 1] == 'c' || entry->d_name[n - 1] == 'h'))
            read_file(root, path);
    }
    if (d)
        closedir(d);
}

/* Depth first: a file met again while it is open stands in a circle. */
static void look_for_circles(struct file *f)
{
    f->mark = 1;
    for (int i = 0; i < f->includes; i++)
        for (int k = 0; k < file_count; k++)
            if (strcmp(files[k].path, f->include[i]) == 0) {
                if (files[k].mark == 1)
                    breach(f->path, 0, "stands in a circle with", files[k].path);
                else if (files[k].mark == 0)
                    look_for_circles(&files[k]);
            }
    f->mark = 2;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    walk(argv[1], "");
    for (int i = 0; i < file_count; i++)
        if (files[i].mark == 0)
            look_for_circles(&files[i]);
    printf("%d files, %d breaches\n", file_count, breaches);
    return breaches || file_count == 0;
}
