// mincore(2): which pages of a range are in memory, and what it refuses.
// libc: musl
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"
#include "bad_pointers.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 8 * PAGE, RW);
    show_resident(BASE, 8);
    touch(BASE + PAGE);
    touch(BASE + 6 * PAGE + 99);
    (void)peek(BASE + 3 * PAGE);
    show_resident(BASE, 8);
    show_resident(BASE + 6 * PAGE, 2);
    SAY("protection does not matter");
    sys_mprotect(BASE, 8 * PAGE, PROT_NONE);
    show_resident(BASE, 8);
    sys_mprotect(BASE, 8 * PAGE, RW);

    SAY("a vector byte a page, the rest untouched; the last page may be a part");
    unsigned char vector[8];
    memset(vector, 0xaa, sizeof vector);
    SHOW(sys_mincore(BASE, PAGE + 1, vector));
    SAY("%x %x %x", vector[0], vector[1], vector[2]);
    SHOW(sys_mincore(BASE, 0, vector));
    SHOW(sys_mincore(BASE, 0, NULL));

    SAY("shared memory");
    char *shared = BASE + MIB;
    sys_mmap(shared, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    touch(shared + 2 * PAGE);
    show_resident(shared, 4);

    SAY("refused");
    SHOW(sys_mincore(BASE + 1, PAGE, vector));
    SHOW(sys_mincore(BASE, 9 * PAGE, vector));
    SHOW(sys_mincore(BASE + 8 * PAGE, PAGE, vector));
    SHOW(sys_mincore(BASE - PAGE, 2 * PAGE, vector));
    SHOW(sys_mincore(BASE, -1ul, vector));
    SHOW(sys_mincore(BASE, 1ul << 63, vector));
    SHOW(sys_mincore(END_OF_USER, PAGE, vector));
    SHOW(sys_mincore((char *)0xffff800000000000, PAGE, vector));
    WITH_BAD_POINTERS(sys_mincore(BASE, PAGE, bad));
    SHOW(sys_mincore(BASE, PAGE, BASE + 8 * PAGE));
    SHOW(sys_mincore(BASE, 8 * PAGE, BASE + 8 * PAGE - 4));
    return 0;
}
