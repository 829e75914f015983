// mmap(2) of what cannot be mapped, or not that way.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "check.h"

#define RW (PROT_READ | PROT_WRITE)
#ifndef MAP_SYNC
#define MAP_SYNC 0x80000
#endif

int main(void)
{
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    SAY("an offset or length that cannot be");
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 1));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE + 512));
    SHOW(sys_mmap(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0));
    SHOW(sys_mmap(NULL, -4096ul, PROT_READ, MAP_PRIVATE, fd, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0x7ffffffffffff000));
    SHOW(sys_mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0x7fffffffffffe000));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, 0, fd, 0));
    SAY("far behind the end is allowed");
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, MIB));
    SHOW_PAGE(sys_mmap(NULL, 100 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0));

    SAY("opened for reading: shared memory cannot be written");
    SHOW(sys_mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0));
    SAY("validated flags");
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE, fd, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | 0x1000000, fd, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0));
    SHOW(sys_mmap(BASE + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0));

    SAY("not opened for reading");
    long writable = sys_open("/dev/zero", O_WRONLY, 0);
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, writable, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_WRITE, MAP_PRIVATE, writable, 0));
    SAY("not a file with memory");
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, sys_open("/data", O_RDONLY, 0), 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, sys_open("/dev/null", O_RDONLY, 0), 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, sys_open("/proc/self/maps", O_RDONLY, 0), 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 0, 0));
    SAY("closed");
    SHOW(sys_close(fd));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
    return 0;
}
