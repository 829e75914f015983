// madvise(2) MADV_POPULATE_READ of a large area: a signal with a handler does not end it (no EINTR).
// libc: none
#include <sys/time.h>

#include "areas.h"
#include "handlers.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

static volatile int signals;

static void count(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    signals++;
}

int main(void)
{
    const size_t size = 512ul << 20;
    Pointer area = (Pointer)sys_mmap(0, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    handle(SIGALRM, count, SA_RESTART, 0);
    struct itimerval often = {.it_interval = {0, 1000}, .it_value = {0, 1000}};
    sys_setitimer(ITIMER_REAL, (char *)&often, 0);
    long result;
    do {
        signals = 0;
        result = sys_madvise(area, size, MADV_POPULATE_READ);
    } while (result == 0 && signals == 0);
    SAY("%ld", result);
    return 0;
}
