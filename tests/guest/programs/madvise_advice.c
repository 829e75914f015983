// madvise(2): advice that may be ignored is accepted and changes no content; unknown advice is not.
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 4 * PAGE, RW);
    memset(BASE, 1, 4 * PAGE);
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_NORMAL));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_RANDOM));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_SEQUENTIAL));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_WILLNEED));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_DONTFORK));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_DOFORK));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_HUGEPAGE));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_NOHUGEPAGE));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_DONTDUMP));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_DODUMP));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_COLD));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_PAGEOUT));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_MERGEABLE));
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_UNMERGEABLE));
    IS(all_are(BASE, 1, 4 * PAGE));

    SAY("MADV_FREE: the old content or zeros, until it is written again");
    SHOW(sys_madvise(BASE, 4 * PAGE, MADV_FREE));
    IS(all_are(BASE, 1, PAGE) || all_are(BASE, 0, PAGE));
    memset(BASE, 2, 4 * PAGE);
    IS(all_are(BASE, 2, 4 * PAGE));
    SHOW(sys_munmap(BASE, 4 * PAGE));

    SAY("a file");
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *file = (char *)sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    SHOW(sys_madvise(file, PAGE, MADV_WILLNEED));
    SHOW(sys_madvise(file, PAGE, MADV_SEQUENTIAL));
    SHOW(sys_madvise(file, PAGE, MADV_RANDOM));
    SHOW(sys_madvise(file, PAGE, MADV_NORMAL));
    SAY("its first bytes: %c%c%c%c", file[0], file[1], file[2], file[3]);
    return 0;
}
