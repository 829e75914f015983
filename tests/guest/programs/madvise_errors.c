// madvise(2): arguments it refuses.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 4 * PAGE, RW);
    SAY("inside a page");
    SHOW(sys_madvise(BASE + 1, PAGE, MADV_DONTNEED));
    SHOW(sys_madvise(BASE + 1, PAGE, MADV_NORMAL));
    SAY("unknown advice");
    SHOW(sys_madvise(BASE, PAGE, 5));
    SHOW(sys_madvise(BASE, PAGE, 99));
    SHOW(sys_madvise(BASE, PAGE, -1));
    SHOW(sys_madvise(BASE, PAGE, 0x10000));
    SAY("negative lengths");
    SHOW(sys_madvise(BASE, -1ul, MADV_DONTNEED));
    SHOW(sys_madvise(BASE, -4096ul, MADV_DONTNEED));
    SAY("not mapped");
    SHOW(sys_madvise(BASE + 4 * PAGE, PAGE, MADV_DONTNEED));
    SHOW(sys_madvise(BASE + 4 * PAGE, PAGE, MADV_NORMAL));
    SHOW(sys_madvise(BASE + 4 * PAGE, PAGE, MADV_WILLNEED));
    SHOW(sys_madvise(BASE + 4 * PAGE, 0, MADV_DONTNEED));
    SHOW(sys_madvise(BASE, 5 * PAGE, MADV_NORMAL));
    SHOW(sys_madvise(BASE - PAGE, 2 * PAGE, MADV_DONTNEED));
    SHOW(sys_madvise(NULL, PAGE, MADV_DONTNEED));
    SHOW(sys_madvise((char *)0xffff800000000000, PAGE, MADV_DONTNEED));

    SAY("locked memory is not dropped");
    memset(BASE, 1, 4 * PAGE);
    SHOW(sys_mlock(BASE + PAGE, PAGE));
    SHOW(sys_madvise(BASE + PAGE, PAGE, MADV_DONTNEED));
    IS(all_are(BASE + PAGE, 1, PAGE));
    SHOW(sys_munlock(BASE + PAGE, PAGE));
    SHOW(sys_madvise(BASE + PAGE, PAGE, MADV_DONTNEED));

    SAY("MADV_FREE is for private anonymous memory");
    char *shared = BASE + MIB;
    sys_mmap(shared, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    SHOW(sys_madvise(shared, PAGE, MADV_FREE));
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    sys_mmap(shared, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
    SHOW(sys_madvise(shared, PAGE, MADV_FREE));
    return 0;
}
