// mremap(2) with MREMAP_DONTUNMAP: the pages move, the old place stays mapped and is empty.
// libc: glibc
#include "areas.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif
#define RW (PROT_READ | PROT_WRITE)
#define TO (BASE + MIB)
#define KEEP (MREMAP_MAYMOVE | MREMAP_DONTUNMAP)

int main(void)
{
    map_at(BASE, 4 * PAGE, RW);
    memset(BASE, 6, 4 * PAGE);
    char *moved = (char *)SHOW_PAGE(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, KEEP, NULL));
    IS(all_are(moved, 6, 4 * PAGE));
    show_areas(BASE, 16 * PAGE);
    show_resident(BASE, 4);
    IS(all_are(BASE, 0, 4 * PAGE));
    BASE[0] = 1;
    SAY("the two places: %d %d", BASE[0], moved[0]);

    SAY("with a place given");
    memset(BASE, 8, 4 * PAGE);
    SHOW_AT(TO, sys_mremap(BASE, 4 * PAGE, 4 * PAGE, KEEP | MREMAP_FIXED, TO));
    IS(all_are(TO, 8, 4 * PAGE) && all_are(BASE, 0, 4 * PAGE));

    SAY("refused");
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MREMAP_DONTUNMAP, NULL));
    SHOW(sys_mremap(BASE, 4 * PAGE, 2 * PAGE, KEEP, NULL));
    SHOW(sys_mremap(BASE, 2 * PAGE, 4 * PAGE, KEEP, NULL));
    SHOW(sys_mremap(BASE, 0, 4 * PAGE, KEEP, NULL));
    SHOW(sys_mremap(BASE + 2 * MIB, PAGE, PAGE, KEEP, NULL));
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, KEEP | MREMAP_FIXED, BASE + PAGE));
    return 0;
}
