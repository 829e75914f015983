// madvise(2) MADV_DONTNEED: the pages go at once, and the next access finds zeros or the file's bytes again.
// libc: musl
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"
#include "usage.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    WARM_UP();
    map_at(BASE, 8 * PAGE, RW);
    memset(BASE, 1, 8 * PAGE);
    show_resident(BASE, 8);
    SHOW(sys_madvise(BASE + 2 * PAGE, 3 * PAGE, MADV_DONTNEED));
    show_resident(BASE, 8);
    show_areas(BASE, 16 * PAGE);
    IS(all_are(BASE, 1, 2 * PAGE) && all_are(BASE + 5 * PAGE, 1, 3 * PAGE));
    SHOW_FAULTS(touch(BASE + 2 * PAGE));
    IS(all_are(BASE + 2 * PAGE + 1, 0, PAGE - 1) && all_are(BASE + 3 * PAGE, 0, 2 * PAGE));

    SAY("a length inside a page drops the page, no length nothing");
    SHOW(sys_madvise(BASE, 1, MADV_DONTNEED));
    SHOW(sys_madvise(BASE + 6 * PAGE, 0, MADV_DONTNEED));
    IS(all_are(BASE, 0, PAGE) && all_are(BASE + 6 * PAGE, 1, PAGE));

    SAY("memory that may only be read, or not at all");
    memset(BASE, 2, 8 * PAGE);
    sys_mprotect(BASE, PAGE, PROT_READ);
    sys_mprotect(BASE + PAGE, PAGE, PROT_NONE);
    SHOW(sys_madvise(BASE, 2 * PAGE, MADV_DONTNEED));
    sys_mprotect(BASE, 2 * PAGE, RW);
    IS(all_are(BASE, 0, 2 * PAGE));

    SAY("over a hole: both sides are dropped, and the hole is told");
    memset(BASE, 3, 8 * PAGE);
    sys_munmap(BASE + 3 * PAGE, PAGE);
    SHOW(sys_madvise(BASE + 2 * PAGE, 4 * PAGE, MADV_DONTNEED));
    SAY("%d %d | %d %d %d", BASE[PAGE], BASE[2 * PAGE], BASE[4 * PAGE], BASE[5 * PAGE], BASE[6 * PAGE]);

    SAY("a private mapping of a file");
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *file = (char *)sys_mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
    file[0] = file[PAGE] = '*';
    SHOW(sys_madvise(file, PAGE, MADV_DONTNEED));
    SAY("first bytes: %c %c", file[0], file[PAGE]);
    return 0;
}
