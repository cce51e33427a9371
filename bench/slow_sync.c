/* Preloaded: fdatasync and fsync last at least SLOW_SYNC_US (2500 us), as on a disk that writes through. The real call is
 * still made. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int fdatasync(int fd);
int fsync(int fd);

static int slowly(const char *name, int fd)
{
    struct timespec until;
    int (*real)(int);
    clock_gettime(CLOCK_MONOTONIC, &until);
    const char *us = getenv("SLOW_SYNC_US");
    until.tv_nsec += (us ? atol(us) : 2500) * 1000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    *(void **)&real = dlsym(RTLD_NEXT, name);
    int rc = real(fd);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    return rc;
}

int fdatasync(int fd)
{
    return slowly("fdatasync", fd);
}

int fsync(int fd)
{
    return slowly("fsync", fd);
}
