// mremap(2) with MREMAP_FIXED: to a given place, whatever is there goes, the size may change on the way.
// libc: none
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)
#define TO (BASE + MIB)
#define MOVE (MREMAP_MAYMOVE | MREMAP_FIXED)

static void prepare(void)
{
    sys_munmap(BASE, 2 * MIB);
    map_at(BASE, 4 * PAGE, RW);
    for (int i = 0; i < 4; ++i) BASE[i * PAGE] = (char)(i + 1);
}

int main(void)
{
    prepare();
    SAY("to a free place");
    SHOW_AT(TO, sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MOVE, TO));
    show_areas(BASE, 2 * MIB);
    SAY("content: %d %d %d %d", TO[0], TO[PAGE], TO[2 * PAGE], TO[3 * PAGE]);

    prepare();
    SAY("over something");
    map_at(TO - PAGE, 8 * PAGE, PROT_READ);
    SHOW_AT(TO, sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MOVE, TO));
    show_areas(BASE, 2 * MIB);
    SAY("content: %d %d %d %d", TO[0], TO[PAGE], TO[2 * PAGE], TO[3 * PAGE]);

    prepare();
    SAY("smaller on the way");
    SHOW_AT(TO, sys_mremap(BASE, 4 * PAGE, 2 * PAGE, MOVE, TO));
    show_areas(BASE, 2 * MIB);
    SAY("content: %d %d", TO[0], TO[PAGE]);

    prepare();
    SAY("larger on the way");
    SHOW_AT(TO, sys_mremap(BASE, 4 * PAGE, 6 * PAGE, MOVE, TO));
    show_areas(BASE, 2 * MIB);
    SAY("content: %d %d %d %d %d %d", TO[0], TO[PAGE], TO[2 * PAGE], TO[3 * PAGE], TO[4 * PAGE],
        TO[5 * PAGE]);

    prepare();
    SAY("a part out of the middle");
    SHOW_AT(TO, sys_mremap(BASE + PAGE, 2 * PAGE, 2 * PAGE, MOVE, TO));
    show_areas(BASE, 2 * MIB);
    SAY("content: %d %d %d %d", BASE[0], TO[0], TO[PAGE], BASE[3 * PAGE]);

    prepare();
    SAY("refused: overlapping, inside a page, without MREMAP_MAYMOVE, no size");
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MOVE, BASE));
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MOVE, BASE + PAGE));
    SHOW(sys_mremap(BASE + PAGE, PAGE, 2 * PAGE, MOVE, BASE));
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MOVE, TO + 1));
    SHOW(sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MREMAP_FIXED, TO));
    SHOW(sys_mremap(BASE, 4 * PAGE, 0, MOVE, TO));
    SAY("nothing has changed");
    show_areas(BASE, 2 * MIB);
    SAY("content: %d %d %d %d", BASE[0], BASE[PAGE], BASE[2 * PAGE], BASE[3 * PAGE]);
    SAY("to the place just behind and just before");
    SHOW_AT(BASE, sys_mremap(BASE, 4 * PAGE, 4 * PAGE, MOVE, BASE + 4 * PAGE));
    SHOW_AT(BASE, sys_mremap(BASE + 4 * PAGE, 4 * PAGE, 4 * PAGE, MOVE, BASE));
    SAY("content: %d %d %d %d", BASE[0], BASE[PAGE], BASE[2 * PAGE], BASE[3 * PAGE]);
    return 0;
}
