// Shared anonymous memory: mremap with an old size of 0 gives a second place for the same pages (mremap(2),
// BUGS); MADV_DONTNEED does not lose what was written.
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    char *first = BASE, *second = BASE + MIB;
    SHOW_AT(first, sys_mmap(first, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    memset(first, 1, PAGE);
    SHOW_AT(second, sys_mremap(first, 0, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, second));
    IS(all_are(second, 1, PAGE) && all_are(second + PAGE, 0, 3 * PAGE));
    second[2 * PAGE] = 5;
    first[3 * PAGE] = 6;
    SAY("written through the second: %d, through the first: %d", first[2 * PAGE], second[3 * PAGE]);
    IS(frame_of(first) == frame_of(second) && frame_of(first + 2 * PAGE) == frame_of(second + 2 * PAGE));

    SAY("dropped and come back");
    SHOW(sys_madvise(first, 4 * PAGE, MADV_DONTNEED));
    IS(all_are(first, 1, PAGE));
    SAY("the others: %d %d %d", first[PAGE], first[2 * PAGE], first[3 * PAGE]);

    SAY("one place gone, the other stays");
    SHOW(sys_munmap(first, 4 * PAGE));
    IS(all_are(second, 1, PAGE));
    second[PAGE] = 7;
    SHOW_AT(first, sys_mremap(second, 0, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, first));
    SAY("a new place for the first two pages: %d %d", first[0], first[PAGE]);

    SAY("protection belongs to the place");
    SHOW(sys_mprotect(first, PAGE, PROT_READ));
    second[0] = 9;
    SAY("read through the other: %d", first[0]);
    show_areas(first, 4 * PAGE);

    SAY("a part from the middle");
    SHOW_AT(first, sys_mremap(second + 2 * PAGE, 0, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, first + 8 * PAGE));
    SAY("it reads %d", first[8 * PAGE]);
    return 0;
}
