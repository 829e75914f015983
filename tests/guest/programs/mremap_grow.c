// mremap(2): shrinking, growing in place, growing by moving; the pages move, they are not copied.
// libc: glibc musl
#include "areas.h"
#include "usage.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    WARM_UP();
    frame_of(BASE);
    map_at(BASE, 4 * PAGE, RW);
    memset(BASE, 1, 4 * PAGE);
    SAY("the same size");
    SHOW_AT(BASE, sys_mremap(BASE, 4 * PAGE, 4 * PAGE, 0, NULL));
    SAY("smaller");
    SHOW_AT(BASE, sys_mremap(BASE, 4 * PAGE, 2 * PAGE, 0, NULL));
    show_areas(BASE, 16 * PAGE);
    SAY("larger in place: new pages are zero");
    SHOW_AT(BASE, sys_mremap(BASE, 2 * PAGE, 6 * PAGE, 0, NULL));
    show_areas(BASE, 16 * PAGE);
    IS(all_are(BASE, 1, 2 * PAGE) && all_are(BASE + 2 * PAGE, 0, 4 * PAGE));
    SAY("sizes are rounded up to pages");
    SHOW_AT(BASE, sys_mremap(BASE, 5 * PAGE + 1, 6 * PAGE + 1, 0, NULL));
    show_areas(BASE, 16 * PAGE);

    SAY("something is in the way");
    map_at(BASE + 7 * PAGE, PAGE, PROT_READ);
    SHOW(sys_mremap(BASE, 7 * PAGE, 8 * PAGE, 0, NULL));
    unsigned long frame = frame_of(BASE);
    long before = minor_faults();
    char *moved = (char *)SHOW_PAGE(sys_mremap(BASE, 7 * PAGE, 8 * PAGE, MREMAP_MAYMOVE, NULL));
    IS(moved != BASE);
    show_areas(BASE, 16 * PAGE);
    IS(all_are(moved, 1, 2 * PAGE));
    SAY("minor faults to move two touched pages and read them: %ld", minor_faults() - before);
    IS(frame_of(moved) == frame);
    IS(all_are(moved + 2 * PAGE, 0, 6 * PAGE));
    SHOW(sys_munmap(moved, 8 * PAGE));

    SAY("growing in place is preferred to moving");
    map_at(BASE, PAGE, RW);
    sys_munmap(BASE + PAGE, 16 * PAGE);
    SHOW_AT(BASE, sys_mremap(BASE, PAGE, 3 * PAGE, MREMAP_MAYMOVE, NULL));

    SAY("a part of an area: the end of it, then the beginning");
    map_at(BASE, 8 * PAGE, RW);
    SHOW_AT(BASE, sys_mremap(BASE + 4 * PAGE, 4 * PAGE, PAGE, 0, NULL));
    show_areas(BASE, 16 * PAGE);
    SHOW_AT(BASE, sys_mremap(BASE, 3 * PAGE, PAGE, 0, NULL));
    show_areas(BASE, 16 * PAGE);
    SAY("the middle of an area cannot grow in place");
    map_at(BASE, 8 * PAGE, RW);
    SHOW(sys_mremap(BASE + 2 * PAGE, 2 * PAGE, 3 * PAGE, 0, NULL));
    BASE[2 * PAGE] = 77;
    moved = (char *)SHOW_PAGE(sys_mremap(BASE + 2 * PAGE, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, NULL));
    show_areas(BASE, 16 * PAGE);
    SAY("it reads %d", moved[0]);
    SAY("what grows keeps its protection");
    map_at(BASE, PAGE, PROT_READ);
    sys_munmap(BASE + PAGE, 16 * PAGE);
    SHOW_AT(BASE, sys_mremap(BASE, PAGE, 2 * PAGE, 0, NULL));
    show_areas(BASE, 16 * PAGE);
    return 0;
}
