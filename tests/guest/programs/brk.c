// brk(2): the break moves both ways, by any number of bytes; new memory is zero, also after shrinking and
// regrowing.
// libc: none musl glibc
#include "areas.h"
#include "usage.h"

int main(void)
{
    WARM_UP();
    char *start = (char *)sys_brk(NULL);
    char *heap = (char *)(((unsigned long)start + PAGE - 1) & ~(unsigned long)(PAGE - 1));
    if (heap != start) sys_brk(heap);
    SHOW_AT(heap, sys_brk(NULL));
    SAY("up, unaligned, kept exactly");
    SHOW_AT(heap, sys_brk(heap + 100));
    SHOW_AT(heap, sys_brk(NULL));
    SHOW_AT(heap, sys_brk(heap + 101));
    SHOW_FAULTS(touch(heap + 100));
    SAY("the rest of the page is there, the next is not");
    IS(all_are(heap, 0, 100) && all_are(heap + 101, 0, PAGE - 101));
    show_areas(heap, 64 * PAGE);
    SHOW_AT(heap, sys_brk(heap + PAGE));
    show_areas(heap, 64 * PAGE);
    SHOW_AT(heap, sys_brk(heap + PAGE + 1));
    show_areas(heap, 64 * PAGE);

    SAY("eight pages appear when touched");
    SHOW_AT(heap, sys_brk(heap + 9 * PAGE));
    show_resident(heap + PAGE, 8);
    SHOW_FAULTS(for (long i = 1; i <= 8; ++i) touch(heap + i * PAGE));
    memset(heap + PAGE, 7, 8 * PAGE);
    show_resident(heap + PAGE, 8);

    SAY("down: pages above are gone, the page of the break stays");
    SHOW_AT(heap, sys_brk(heap + 4 * PAGE + 10));
    show_areas(heap, 64 * PAGE);
    SAY("up again: zeros where pages went");
    SHOW_AT(heap, sys_brk(heap + 9 * PAGE));
    IS(all_are(heap + PAGE, 7, 4 * PAGE));
    IS(all_are(heap + 5 * PAGE, 0, 4 * PAGE));

    SAY("below where it began: refused, nothing changes");
    SHOW_AT(heap, sys_brk((char *)1));
    SHOW_AT(heap, sys_brk((char *)4096));
    SHOW_AT(heap, sys_brk((char *)-1));
    SHOW_AT(heap, sys_brk(NULL));

    SAY("the heap is an area like others");
    SHOW(sys_mprotect(heap + 2 * PAGE, PAGE, PROT_READ));
    show_areas(heap, 64 * PAGE);
    SHOW(sys_munmap(heap + 5 * PAGE, PAGE));
    show_areas(heap, 64 * PAGE);
    SHOW_AT(heap, sys_brk(NULL));
    SAY("it can shrink over them");
    SHOW_AT(heap, sys_brk(heap));
    show_areas(heap, 64 * PAGE);
    return 0;
}
