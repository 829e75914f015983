// madvise(2) MADV_POPULATE_READ and MADV_POPULATE_WRITE (Linux 5.14): pages are there before they are
// touched.
// libc: none
#include "areas.h"
#include "usage.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    WARM_UP();
    map_at(BASE, 8 * PAGE, RW);
    SHOW(sys_madvise(BASE + PAGE, 2 * PAGE, MADV_POPULATE_READ));
    show_resident(BASE, 8);
    SHOW_FAULTS(peek(BASE + PAGE));
    SHOW_FAULTS(touch(BASE + PAGE));
    SHOW(sys_madvise(BASE + 4 * PAGE, 2 * PAGE, MADV_POPULATE_WRITE));
    show_resident(BASE, 8);
    SHOW_FAULTS(touch(BASE + 4 * PAGE));

    SAY("permissions are needed");
    sys_mprotect(BASE + 6 * PAGE, PAGE, PROT_READ);
    sys_mprotect(BASE + 7 * PAGE, PAGE, PROT_NONE);
    SHOW(sys_madvise(BASE + 6 * PAGE, PAGE, MADV_POPULATE_WRITE));
    SHOW(sys_madvise(BASE + 6 * PAGE, PAGE, MADV_POPULATE_READ));
    SHOW(sys_madvise(BASE + 7 * PAGE, PAGE, MADV_POPULATE_READ));
    SAY("and memory");
    SHOW(sys_madvise(BASE + 8 * PAGE, PAGE, MADV_POPULATE_READ));
    SHOW(sys_madvise(BASE + 1, PAGE, MADV_POPULATE_READ));
    return 0;
}
