// mmap(2) with MAP_POPULATE: the pages are there at once, so that touching them takes no fault.
// libc: none
#include "areas.h"
#include "usage.h"

#define RW (PROT_READ | PROT_WRITE)
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

static void touch_all(char *begin, long pages)
{
    for (long i = 0; i < pages; ++i) touch(begin + i * PAGE);
}

int main(void)
{
    WARM_UP();
    SAY("without");
    SHOW_AT(BASE, sys_mmap(BASE, 16 * PAGE, RW, FIXED, -1, 0));
    show_resident(BASE, 16);
    SHOW_FAULTS(touch_all(BASE, 16));
    show_resident(BASE, 16);

    SAY("with");
    SHOW_AT(BASE, sys_mmap(BASE, 16 * PAGE, RW, FIXED | MAP_POPULATE, -1, 0));
    show_resident(BASE, 16);
    IS(all_are(BASE, 0, 16 * PAGE));
    SHOW_FAULTS(touch_all(BASE, 16));
    SHOW_FAULTS(touch_all(BASE, 16));

    SAY("with, shared");
    SHOW_AT(BASE,
            sys_mmap(BASE, 16 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0));
    show_resident(BASE, 16);
    SHOW_FAULTS(touch_all(BASE, 16));

    SAY("with, inaccessible");
    SHOW_AT(BASE, sys_mmap(BASE, 16 * PAGE, PROT_NONE, FIXED | MAP_POPULATE, -1, 0));
    show_resident(BASE, 16);

    SAY("with, readable: a later write takes its fault");
    SHOW_AT(BASE, sys_mmap(BASE, 4 * PAGE, PROT_READ, FIXED | MAP_POPULATE, -1, 0));
    show_resident(BASE, 4);
    SHOW_FAULTS(peek(BASE));
    sys_mprotect(BASE, 4 * PAGE, RW);
    SHOW_FAULTS(touch(BASE));

    SAY("with MAP_NONBLOCK nothing is read in");
    SHOW_AT(BASE, sys_mmap(BASE, 4 * PAGE, RW, FIXED | MAP_POPULATE | MAP_NONBLOCK, -1, 0));
    show_resident(BASE, 4);
    SAY("locked");
    SHOW_AT(BASE, sys_mmap(BASE, 4 * PAGE, RW, FIXED | MAP_LOCKED, -1, 0));
    show_resident(BASE, 4);
    return 0;
}
