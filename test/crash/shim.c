/* Preloaded into the program under test. CRASH_AT=N: it is killed (SIGKILL, nothing flushed or closed) in the middle
 * of its N-th write to, or flush of, a file: of a write a part of the bytes, picked by N, arrives. CRASH_CLOCK=FILE:
 * the wall clock shows what it shows plus the microseconds that stand in the file (8 bytes, host order), at once. */
#undef _FILE_OFFSET_BITS /* both names of each call are defined below */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static atomic_llong count;
static long long crash_at;
static const volatile int64_t *clock_us;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("CRASH_AT"), *file = getenv("CRASH_CLOCK");
    crash_at = at ? atoll(at) : 0;
    int fd = file ? open(file, O_RDONLY) : -1;
    if (fd >= 0) {
        void *p = mmap(NULL, sizeof *clock_us, PROT_READ, MAP_SHARED, fd, 0);
        clock_us = p == MAP_FAILED ? NULL : p;
        close(fd);
    }
}

static bool now_or_never(void)
{
    return crash_at && atomic_fetch_add(&count, 1) + 1 == crash_at;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

#define REAL(name, type)                 \
    static __typeof__(type) *real;       \
    if (!real)                           \
        *(void **)&real = dlsym(RTLD_NEXT, name)

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    REAL("pwrite64", ssize_t(int, const void *, size_t, off64_t));
    if (now_or_never()) {
        size_t part = (size_t)crash_at * 512 % (n + 512); /* nothing, some sectors, or all of it */
        if (part)
            (void)!real(fd, p, part < n ? part : n, at);
        die();
    }
    return real(fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return pwrite64(fd, p, n, at);
}

int fdatasync(int fd)
{
    REAL("fdatasync", int(int));
    if (now_or_never())
        die();
    return real(fd);
}

int fsync(int fd)
{
    REAL("fsync", int(int));
    if (now_or_never())
        die();
    return real(fd);
}

int ftruncate64(int fd, off64_t n)
{
    REAL("ftruncate64", int(int, off64_t));
    if (now_or_never())
        die();
    return real(fd, n);
}

int ftruncate(int fd, off_t n)
{
    return ftruncate64(fd, n);
}

int clock_gettime(clockid_t which, struct timespec *t)
{
    REAL("clock_gettime", int(clockid_t, struct timespec *));
    int rc = real(which, t);
    if (rc == 0 && clock_us && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        int64_t us = (int64_t)t->tv_sec * 1000000 + t->tv_nsec / 1000 + *clock_us;
        t->tv_sec = us / 1000000;
        t->tv_nsec = us % 1000000 * 1000;
    }
    return rc;
}
