// msync(2): flags, ranges and holes. There is nothing to write back, so success is all there is to see.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "check.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 4 * PAGE, RW);
    SHOW(sys_msync(BASE, 4 * PAGE, MS_SYNC));
    SHOW(sys_msync(BASE, 4 * PAGE, MS_ASYNC));
    SHOW(sys_msync(BASE, 4 * PAGE, MS_INVALIDATE));
    SHOW(sys_msync(BASE, 4 * PAGE, MS_SYNC | MS_INVALIDATE));
    SHOW(sys_msync(BASE, 4 * PAGE, MS_ASYNC | MS_INVALIDATE));
    SHOW(sys_msync(BASE, 4 * PAGE, 0));
    SHOW(sys_msync(BASE, 0, MS_SYNC));
    SHOW(sys_msync(BASE, 1, MS_SYNC));
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *file = (char *)sys_mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    SHOW(sys_msync(file, PAGE, MS_SYNC));

    SAY("refused");
    SHOW(sys_msync(BASE + 1, PAGE, MS_SYNC));
    SHOW(sys_msync(BASE, PAGE, MS_SYNC | MS_ASYNC));
    SHOW(sys_msync(BASE, PAGE, 8));
    SHOW(sys_msync(BASE, PAGE, MS_SYNC | 0x100));
    SHOW(sys_msync(BASE, 5 * PAGE, MS_SYNC));
    SHOW(sys_msync(BASE, 5 * PAGE, MS_ASYNC));
    SHOW(sys_msync(BASE + 4 * PAGE, PAGE, MS_SYNC));
    SHOW(sys_msync(BASE - PAGE, 2 * PAGE, MS_SYNC));
    SHOW(sys_msync(BASE, -4096ul, MS_SYNC));
    SHOW(sys_msync((char *)0xffff800000000000, PAGE, MS_SYNC));
    SAY("locked memory cannot be invalidated");
    SHOW(sys_mlock(BASE, PAGE));
    SHOW(sys_msync(BASE, PAGE, MS_INVALIDATE));
    SHOW(sys_msync(BASE, PAGE, MS_SYNC));
    SHOW(sys_munlock(BASE, PAGE));
    SHOW(sys_msync(BASE, PAGE, MS_INVALIDATE));
    return 0;
}
