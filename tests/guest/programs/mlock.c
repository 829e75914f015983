// mlock(2), mlock2(2), munlock(2): locked pages are in memory; VmLck in /proc/self/status counts them.
// libc: none
#include "areas.h"
#include "usage.h"

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif
#define RW (PROT_READ | PROT_WRITE)

static void show_locked(void)
{
    SAY("    locked: %ld kB", status_number("VmLck:"));
}

int main(void)
{
    WARM_UP();
    map_at(BASE, 8 * PAGE, RW);
    show_locked();
    SHOW(sys_mlock(BASE, 2 * PAGE));
    show_resident(BASE, 8);
    show_areas(BASE, 16 * PAGE);
    show_locked();
    SHOW_FAULTS(touch(BASE + PAGE));
    SAY("the address is rounded down, the length up");
    SHOW(sys_mlock(BASE + 2 * PAGE + 100, PAGE));
    show_resident(BASE, 8);
    show_locked();
    SAY("twice is once");
    SHOW(sys_mlock(BASE, 4 * PAGE));
    show_areas(BASE, 16 * PAGE);
    show_locked();
    SHOW(sys_munlock(BASE + PAGE, PAGE));
    show_areas(BASE, 16 * PAGE);
    show_locked();
    SHOW(sys_munlock(BASE, 8 * PAGE));
    show_locked();
    SHOW(sys_munlock(BASE, 8 * PAGE));

    SAY("when touched");
    SHOW(sys_mlock2(BASE + 4 * PAGE, 2 * PAGE, MLOCK_ONFAULT));
    show_resident(BASE, 8);
    show_locked();
    SHOW(sys_mlock2(BASE + 4 * PAGE, 2 * PAGE, 0));
    show_resident(BASE, 8);
    SAY("unmapping unlocks");
    SHOW(sys_munmap(BASE, 8 * PAGE));
    show_locked();

    SAY("areas split and join");
    map_at(BASE, 8 * PAGE, RW);
    SHOW(sys_mlock2(BASE, 8 * PAGE, MLOCK_ONFAULT));
    show_areas(BASE, 16 * PAGE);
    SHOW(sys_munlock(BASE + 2 * PAGE, 2 * PAGE));
    show_areas(BASE, 16 * PAGE);
    SHOW(sys_mlock2(BASE, 8 * PAGE, MLOCK_ONFAULT));
    show_areas(BASE, 16 * PAGE);
    SHOW(sys_munlock(BASE, 8 * PAGE));
    SHOW(sys_munmap(BASE, 8 * PAGE));

    SAY("refused");
    map_at(BASE, 4 * PAGE, RW);
    SHOW(sys_mlock(BASE + 2 * PAGE, 4 * PAGE));
    SHOW(sys_mlock(BASE + 4 * PAGE, PAGE));
    SHOW(sys_munlock(BASE + 2 * PAGE, 4 * PAGE));
    SHOW(sys_munlock(BASE + 4 * PAGE, PAGE));
    SHOW(sys_mlock(BASE, -4096ul));
    SHOW(sys_mlock(BASE, -1ul - (size_t)BASE));
    SHOW(sys_munlock(BASE, -4096ul));
    SHOW(sys_mlock2(BASE, PAGE, 2));
    SHOW(sys_mlock2(BASE, PAGE, -1));
    SHOW(sys_mlock2(BASE + 4 * PAGE, PAGE, MLOCK_ONFAULT));
    SHOW(sys_mlock((char *)0xffff800000000000, PAGE));
    SAY("nothing");
    SHOW(sys_mlock(BASE, 0));
    SHOW(sys_munlock(BASE + 64 * PAGE, 0));
    SAY("memory that may not be accessed cannot be brought in");
    sys_mprotect(BASE, PAGE, PROT_NONE);
    SHOW(sys_mlock(BASE, PAGE));
    show_resident(BASE, 1);
    return 0;
}
