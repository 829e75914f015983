// mlockall(2), munlockall(2): all that is mapped now, and all that will be; root has no limit.
// libc: none
#include <sys/resource.h>

#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

int main(void)
{
    SHOW(sys_mlockall(0));
    SHOW(sys_mlockall(8));
    SHOW(sys_mlockall(MCL_ONFAULT));
    SHOW(sys_mlockall(MCL_CURRENT | 0x100));
    SHOW(sys_munlockall());

    SAY("what is there");
    map_at(BASE, 8 * PAGE, RW);
    SHOW(sys_mlockall(MCL_CURRENT));
    show_resident(BASE, 8);
    sys_mmap(BASE + MIB, 4 * PAGE, RW, ANONYMOUS, -1, 0);
    show_resident(BASE + MIB, 4);
    SHOW(sys_munlockall());

    SAY("what will be there");
    SHOW(sys_mlockall(MCL_FUTURE));
    sys_mmap(BASE + 2 * MIB, 4 * PAGE, RW, ANONYMOUS, -1, 0);
    show_resident(BASE + 2 * MIB, 4);
    show_resident(BASE + MIB, 4);
    SHOW(sys_munlockall());
    sys_mmap(BASE + 3 * MIB, 4 * PAGE, RW, ANONYMOUS, -1, 0);
    show_resident(BASE + 3 * MIB, 4);

    SAY("when touched");
    SHOW(sys_mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT));
    sys_mmap(BASE + 4 * MIB, 4 * PAGE, RW, ANONYMOUS, -1, 0);
    touch(BASE + 4 * MIB + PAGE);
    show_resident(BASE + 4 * MIB, 4);
    SHOW(sys_munlockall());

    SAY("root has no limit");
    struct rlimit limit = {0, 0};
    SHOW(sys_setrlimit(RLIMIT_MEMLOCK, &limit));
    SHOW(sys_mlock(BASE, 8 * PAGE));
    SHOW(sys_mlockall(MCL_CURRENT | MCL_FUTURE));
    SHOW_AT(BASE, sys_mmap(BASE, 4 * PAGE, RW, ANONYMOUS | MAP_LOCKED, -1, 0));
    SHOW(sys_munmap(BASE + 4 * PAGE, 4 * PAGE));
    SHOW_AT(BASE, sys_mremap(BASE, 4 * PAGE, 6 * PAGE, 0, NULL));
    show_resident(BASE, 6);
    return 0;
}
