// mremap(2): arguments it refuses.
// libc: musl
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 4 * PAGE, RW);
    SHOW(sys_mremap(BASE + 1, PAGE, PAGE, 0, NULL));
    SHOW(sys_mremap(BASE, PAGE, 0, 0, NULL));
    SHOW(sys_mremap(BASE, PAGE, PAGE, 8, NULL));
    SHOW(sys_mremap(BASE, PAGE, PAGE, MREMAP_MAYMOVE | 0x100, NULL));
    SHOW(sys_mremap(BASE, PAGE, PAGE, MREMAP_FIXED, BASE + MIB));

    SAY("an old size of nothing is for shared memory");
    SHOW(sys_mremap(BASE, 0, PAGE, MREMAP_MAYMOVE, NULL));
    SHOW(sys_mremap(BASE, 0, PAGE, 0, NULL));

    SAY("nothing is mapped there");
    SHOW(sys_mremap(BASE + 2 * MIB, PAGE, PAGE, 0, NULL));
    SHOW(sys_mremap(BASE + 2 * MIB, PAGE, 2 * PAGE, MREMAP_MAYMOVE, NULL));
    SHOW(sys_mremap(BASE, 5 * PAGE, 6 * PAGE, MREMAP_MAYMOVE, NULL));
    SHOW(sys_mremap(BASE, 5 * PAGE, 5 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE + 2 * MIB));

    SAY("more than one area");
    sys_mprotect(BASE + 2 * PAGE, 2 * PAGE, PROT_READ);
    SHOW(sys_mremap(BASE, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE, NULL));
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE + 2 * MIB));
    SAY("shrinking is only unmapping");
    SHOW_AT(BASE, sys_mremap(BASE, 4 * PAGE, PAGE, 0, NULL));
    show_areas(BASE, 16 * PAGE);

    SAY("no room in place");
    map_at(BASE, 2 * PAGE, RW);
    map_at(BASE + 2 * PAGE, PAGE, PROT_READ);
    SHOW(sys_mremap(BASE, 2 * PAGE, 3 * PAGE, 0, NULL));

    SAY("sizes that overflow");
    SHOW(sys_mremap(BASE, PAGE, -1ul, MREMAP_MAYMOVE, NULL));
    SHOW(sys_mremap(BASE, -4096ul, PAGE, MREMAP_MAYMOVE, NULL));
    SHOW(sys_mremap(BASE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (char *)0xfffffffffffff000));
    SHOW(sys_mremap((char *)0xffff800000000000, PAGE, 2 * PAGE, MREMAP_MAYMOVE, NULL));
    SAY("all of this left it alone");
    show_areas(BASE, 16 * PAGE);
    return 0;
}
