#include "serve/now.h"

#include <time.h>

static utc_t now_of(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (utc_t)t.tv_sec * UTC_SECOND + t.tv_nsec / 1000;
}

utc_t now_real(void)
{
    return now_of(CLOCK_REALTIME);
}

utc_t now_steady(void)
{
    return now_of(CLOCK_MONOTONIC);
}
