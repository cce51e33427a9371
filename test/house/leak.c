/* What a pure room must not do; the purity test has to refuse it. */
#include <stdio.h>
#include <time.h>

int leak_calls;

int leak_now(void);
int leak_now(void)
{
    leak_calls++;
    return fputs("x", stdout) + (int)time(NULL);
}
