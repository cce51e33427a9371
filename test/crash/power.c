#include "power.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

enum { FILES_MAX = 16, SECTOR = 512, FILE_MAX_BYTES = 512 * 1024 * 1024, PATH_MAX_BYTES = 512 };

/* What was done to a file and not flushed. */
struct change {
    struct change *next;
    int64_t at, len; /* bytes; a shortening: the new length in `at`, len -1 */
    unsigned char bytes[];
};

struct disk_file {
    char path[PATH_MAX_BYTES];
    struct buf flushed;
    bool born;    /* its name is on the disk */
    bool gone;    /* deleted; its directory not flushed since */
    bool there;   /* on the machine's disk */
    struct change *first, *last;
};

/* What SQLite holds: ours first, the machine's own file after it. */
struct power_file {
    sqlite3_file base; /* first */
    struct disk_file *disk;
    sqlite3_file *real;
    bool flushes_names; /* a journal or log just made: SQLite flushes its directory with its first flush */
};

static struct {
    pthread_mutex_t lock;
    sqlite3_vfs vfs, *real;
    struct disk_file files[FILES_MAX];
    int count;
    uint64_t seed;
    int64_t left; /* calls until the cut; -1 never */
    bool off;
    struct power_sum sum;
} power = {.lock = PTHREAD_MUTEX_INITIALIZER, .left = -1};

static unsigned rnd(unsigned below)
{
    power.seed = power.seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(power.seed >> 33) % below;
}

/* ---- what the disk knows ------------------------------------------------------------------------------------------ */

static void forget_changes(struct disk_file *f)
{
    while (f->first) {
        struct change *c = f->first;
        f->first = c->next;
        mem_free(c);
    }
    f->last = NULL;
}

static void apply(struct buf *b, int64_t at, const unsigned char *bytes, int64_t len)
{
    static const char zeros[4096];
    while ((int64_t)b->len < at) {
        int64_t gap = at - (int64_t)b->len;
        buf_add(b, zeros, gap < (int64_t)sizeof zeros ? (size_t)gap : sizeof zeros);
    }
    int64_t over = (int64_t)b->len - at < len ? (int64_t)b->len - at : len;
    if (over > 0)
        memcpy(b->data + at, bytes, (size_t)over);
    if (over < len)
        buf_add(b, bytes + over, (size_t)(len - over));
}

static void shorten(struct buf *b, int64_t len)
{
    if ((int64_t)b->len > len)
        b->len = (size_t)len;
}

static void flush(struct disk_file *f)
{
    for (const struct change *c = f->first; c; c = c->next)
        if (c->len < 0)
            shorten(&f->flushed, c->at);
        else
            apply(&f->flushed, c->at, c->bytes, c->len);
    forget_changes(f);
    power.sum.flushes++;
}

/* The directory: who is there, and who no longer. */
static void flush_names(void)
{
    for (int i = 0; i < power.count; i++) {
        power.files[i].born = power.files[i].there;
        if (power.files[i].gone)
            buf_clear(&power.files[i].flushed);
        power.files[i].gone = false;
    }
}

static void note(struct disk_file *f, int64_t at, const void *bytes, int64_t len)
{
    struct change *c = mem_alloc(sizeof *c + (len > 0 ? (size_t)len : 0));
    *c = (struct change){.at = at, .len = len};
    if (len > 0)
        memcpy(c->bytes, bytes, (size_t)len);
    if (f->last)
        f->last->next = c;
    else
        f->first = c;
    f->last = c;
}

/* With the lock. */
static struct disk_file *file_of(const char *path)
{
    for (int i = 0; i < power.count; i++)
        if (strcmp(power.files[i].path, path) == 0)
            return &power.files[i];
    if (power.count == FILES_MAX)
        return NULL;
    struct disk_file *f = &power.files[power.count++];
    memset(f, 0, sizeof *f);
    snprintf(f->path, sizeof f->path, "%s", path);
    buf_init(&f->flushed, FILE_MAX_BYTES);
    int fd = open(path, O_RDONLY);
    f->born = f->there = fd >= 0;
    char block[65536];
    for (ssize_t n; fd >= 0 && (n = read(fd, block, sizeof block)) > 0;)
        buf_add(&f->flushed, block, (size_t)n);
    if (fd >= 0)
        close(fd);
    return f;
}

/* With the lock: one more call that changes the disk. False: the power is off. */
static bool powered(void)
{
    if (!power.off && power.left >= 0 && power.left-- == 0)
        power.off = true;
    return !power.off;
}

/* ---- a file of SQLite's ------------------------------------------------------------------------------------------- */

#define SELF struct power_file *f = (struct power_file *)file
#define REAL f->real->pMethods

static int p_close(sqlite3_file *file)
{
    SELF;
    return REAL->xClose(f->real);
}

static int p_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
    SELF;
    return REAL->xRead(f->real, to, n, at);
}

static int p_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    SELF;
    pthread_mutex_lock(&power.lock);
    bool was = power.off, on = powered();
    if (!was) /* the write during which the power goes may arrive in part */
        note(f->disk, at, from, n);
    int rc = on ? REAL->xWrite(f->real, from, n, at) : SQLITE_IOERR_WRITE;
    pthread_mutex_unlock(&power.lock);
    return rc;
}

static int p_truncate(sqlite3_file *file, sqlite3_int64 len)
{
    SELF;
    pthread_mutex_lock(&power.lock);
    bool was = power.off, on = powered();
    if (!was)
        note(f->disk, len, NULL, -1);
    int rc = on ? REAL->xTruncate(f->real, len) : SQLITE_IOERR_TRUNCATE;
    pthread_mutex_unlock(&power.lock);
    return rc;
}

/* The machine's own flush is left out: what counts as flushed is ours to say, and 200 rounds are quick so. */
static int p_sync(sqlite3_file *file, int flags)
{
    SELF;
    (void)flags;
    pthread_mutex_lock(&power.lock);
    bool on = powered();
    if (on)
        flush(f->disk);
    if (on && f->flushes_names)
        flush_names();
    f->flushes_names = f->flushes_names && !on;
    pthread_mutex_unlock(&power.lock);
    return on ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int p_size(sqlite3_file *file, sqlite3_int64 *out)
{
    SELF;
    return REAL->xFileSize(f->real, out);
}

static int p_lock(sqlite3_file *file, int how)
{
    SELF;
    return REAL->xLock(f->real, how);
}

static int p_unlock(sqlite3_file *file, int how)
{
    SELF;
    return REAL->xUnlock(f->real, how);
}

static int p_reserved(sqlite3_file *file, int *out)
{
    SELF;
    return REAL->xCheckReservedLock(f->real, out);
}

static int p_control(sqlite3_file *file, int what, void *arg)
{
    SELF;
    return what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE ? SQLITE_OK /* would write past us */
                                                                             : REAL->xFileControl(f->real, what, arg);
}

static int p_sector(sqlite3_file *file)
{
    SELF;
    return REAL->xSectorSize(f->real);
}

static int p_device(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int p_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    SELF;
    return REAL->xShmMap(f->real, page, size, extend, out);
}

static int p_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    SELF;
    return REAL->xShmLock(f->real, offset, n, flags);
}

static void p_shm_barrier(sqlite3_file *file)
{
    SELF;
    REAL->xShmBarrier(f->real);
}

static int p_shm_unmap(sqlite3_file *file, int delete_it)
{
    SELF;
    return REAL->xShmUnmap(f->real, delete_it);
}

/* Version 2: no memory map of the file itself, which would be read past us. */
static const sqlite3_io_methods methods = {
    2,        p_close,    p_read,    p_write,  p_truncate, p_sync,    p_size,     p_lock,        p_unlock,
    p_reserved, p_control, p_sector, p_device, p_shm_map,  p_shm_lock, p_shm_barrier, p_shm_unmap, NULL, NULL,
};

static int v_open(sqlite3_vfs *v, const char *name, sqlite3_file *file, int flags, int *out)
{
    SELF;
    (void)v;
    memset(f, 0, sizeof *f);
    f->real = (sqlite3_file *)(f + 1);
    if (!name)
        return power.real->xOpen(power.real, name, file, flags, out); /* a scratch file: none of ours */
    pthread_mutex_lock(&power.lock);
    f->disk = power.off ? NULL : file_of(name);
    int rc = f->disk ? power.real->xOpen(power.real, name, f->real, flags, out) : SQLITE_CANTOPEN;
    if (rc == SQLITE_OK) {
        f->flushes_names = !f->disk->there && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL));
        if (f->disk->gone) { /* another file under the old name, which may or may not be lost */
            f->disk->born = f->disk->gone = false;
            buf_clear(&f->disk->flushed);
        }
        f->disk->there = true;
    }
    pthread_mutex_unlock(&power.lock);
    if (rc == SQLITE_OK)
        f->base.pMethods = &methods;
    return rc;
}

static int v_delete(sqlite3_vfs *v, const char *name, int flush_directory)
{
    (void)v;
    pthread_mutex_lock(&power.lock);
    struct disk_file *f = powered() ? file_of(name) : NULL;
    int rc = f ? power.real->xDelete(power.real, name, 0) : SQLITE_IOERR_DELETE;
    if (rc == SQLITE_OK) {
        forget_changes(f);
        f->gone = f->born;
        f->there = false;
        if (flush_directory)
            flush_names();
    }
    pthread_mutex_unlock(&power.lock);
    return rc;
}

/* ---- for the test ------------------------------------------------------------------------------------------------- */

void power_begin(void)
{
    power.real = sqlite3_vfs_find(NULL);
    power.vfs = *power.real;
    power.vfs.zName = "power";
    power.vfs.pNext = NULL;
    power.vfs.szOsFile = (int)sizeof(struct power_file) + power.real->szOsFile;
    power.vfs.xOpen = v_open;
    power.vfs.xDelete = v_delete;
    sqlite3_vfs_register(&power.vfs, 1);
}

void power_on(uint64_t seed)
{
    pthread_mutex_lock(&power.lock);
    for (int i = 0; i < power.count; i++) {
        forget_changes(&power.files[i]);
        buf_fini(&power.files[i].flushed);
    }
    power.count = 0;
    power.seed = seed;
    power.left = -1;
    power.off = false;
    pthread_mutex_unlock(&power.lock);
}

void power_cut_after(int64_t calls)
{
    pthread_mutex_lock(&power.lock);
    power.left = calls;
    pthread_mutex_unlock(&power.lock);
}

bool power_is_off(void)
{
    pthread_mutex_lock(&power.lock);
    bool off = power.off;
    pthread_mutex_unlock(&power.lock);
    return off;
}

struct power_sum power_counts(void)
{
    return power.sum;
}

/* One write as it met the disk: sectors come in any order, so each has a fate of its own. `keep` of 100 arrive. */
static void arrive(struct disk_file *f, const struct change *c, unsigned keep)
{
    for (int64_t at = 0; at < c->len;) {
        int64_t n = SECTOR - (c->at + at) % SECTOR;
        n = n < c->len - at ? n : c->len - at;
        if (rnd(100) < keep) {
            apply(&f->flushed, c->at + at, c->bytes + at, n);
            power.sum.kept++;
        } else if (rnd(8) == 0) { /* half of the sector new, or of the new something else */
            unsigned char part[SECTOR];
            int64_t whole = rnd((unsigned)n + 1);
            memcpy(part, c->bytes + at, (size_t)n);
            for (int64_t i = whole; i < n && rnd(2); i++)
                part[i] = (unsigned char)rnd(256);
            apply(&f->flushed, c->at + at, part, rnd(2) ? whole : n);
            power.sum.torn++;
        } else {
            power.sum.lost++;
        }
        at += n;
    }
}

static bool write_file(const char *path, const struct buf *b)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    size_t done = 0;
    for (ssize_t n; fd >= 0 && done < b->len && (n = write(fd, b->data + done, b->len - done)) > 0;)
        done += (size_t)n;
    return fd >= 0 && close(fd) == 0 && done == b->len;
}

bool power_land(const char *to, struct err *e)
{
    static const unsigned keeps[] = {0, 10, 50, 90, 99};
    bool ok = true;
    pthread_mutex_lock(&power.lock);
    power.off = true;
    unsigned keep = keeps[rnd(5)];
    for (int i = 0; ok && i < power.count; i++) {
        struct disk_file *f = &power.files[i];
        char path[PATH_MAX_BYTES + 64];
        const char *base = strrchr(f->path, '/');
        for (const struct change *c = f->first; c; c = c->next)
            if (c->len >= 0)
                arrive(f, c, keep);
            else if (rnd(100) < keep)
                shorten(&f->flushed, c->at);
        if ((!f->born && (!f->there || rnd(2))) || (f->gone && rnd(2)))
            continue;
        snprintf(path, sizeof path, "%s/%s", to, base ? base + 1 : f->path);
        ok = write_file(path, &f->flushed) || err_set(e, ERR_INTERNAL, path, "cannot be written");
    }
    pthread_mutex_unlock(&power.lock);
    return ok;
}
