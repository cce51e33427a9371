/* Runs a fuzz target over the files of a folder, so that the corpora are replayed by every `meson test`, without
 * libFuzzer. Fails if the folder holds no file. Each file also runs cut short at every power of two, which is where
 * readers of truncated text break. */
#include "base/arena.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_MAX = 1024 * 1024, PATH_LEN = 4096 };

static bool replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    uint8_t *data = mem_alloc(FILE_MAX);
    size_t len = fread(data, 1, FILE_MAX, f);
    fclose(f);
    for (size_t cut = 0; cut < len; cut = cut ? cut * 2 : 1) {
        uint8_t *part = mem_alloc(cut); /* of its own size, so that a sanitizer sees one byte too many */
        memcpy(part, data, cut);
        LLVMFuzzerTestOneInput(part, cut);
        mem_free(part);
    }
    LLVMFuzzerTestOneInput(data, len);
    mem_free(data);
    return true;
}

int main(int argc, char **argv)
{
    int count = 0;
    DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
    if (!d) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(d));) {
        char path[PATH_LEN];
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (entry->d_name[0] != '.' && replay(path))
            count++;
    }
    closedir(d);
    printf("%d files replayed\n", count);
    return count ? 0 : 1;
}
