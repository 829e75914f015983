// brk(2) that cannot grow returns the old break: something mapped is in the way, or a limit.
// libc: none
#include <sys/resource.h>

#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    char *start = (char *)sys_brk(NULL);
    char *heap = (char *)(((unsigned long)start + PAGE - 1) & ~(unsigned long)(PAGE - 1));
    SHOW_AT(heap, sys_brk(heap + PAGE));

    SAY("a mapping 16 pages above");
    map_at(heap + 16 * PAGE, PAGE, PROT_READ);
    SHOW_AT(heap, sys_brk(heap + 17 * PAGE));
    SHOW_AT(heap, sys_brk(heap + 16 * PAGE + 1));
    SHOW_AT(heap, sys_brk(heap + GIB));
    SHOW_AT(heap, sys_brk(heap + 8 * PAGE));
    memset(heap, 1, 8 * PAGE);
    SHOW_AT(heap, sys_brk(heap + 17 * PAGE));
    SHOW(sys_munmap(heap + 16 * PAGE, PAGE));
    SHOW_AT(heap, sys_brk(heap + 17 * PAGE));
    IS(all_are(heap, 1, 8 * PAGE) && all_are(heap + 8 * PAGE, 0, 9 * PAGE));

    SAY("more than there can be");
    SHOW_AT(heap, sys_brk(heap + 100 * TIB));
    SHOW_AT(heap, sys_brk(heap + TIB));
    SHOW_AT(heap, sys_brk(END_OF_USER));

    SAY("RLIMIT_DATA");
    struct rlimit limit = {256 * PAGE, 256 * PAGE};
    SHOW(sys_setrlimit(RLIMIT_DATA, &limit));
    SHOW_AT(heap, sys_brk(heap + 300 * PAGE));
    SHOW_AT(heap, sys_brk(heap + 64 * PAGE));
    SHOW_AT(heap, sys_brk(heap + 256 * PAGE + 1));
    limit.rlim_cur = 0;
    SHOW(sys_setrlimit(RLIMIT_DATA, &limit));
    SHOW_AT(heap, sys_brk(heap + 65 * PAGE));
    return 0;
}
