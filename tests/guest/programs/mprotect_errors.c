// mprotect(2): what it refuses, and what stays changed before a hole.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 4 * PAGE, RW);
    SHOW(sys_mprotect(BASE + 1, PAGE, PROT_READ));
    SHOW(sys_mprotect(BASE, PAGE, 0x100));
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | 0x40000000));
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN));
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | PROT_GROWSDOWN));
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | PROT_GROWSUP));
    SHOW(sys_mprotect(BASE, -1ul, PROT_READ));
    SHOW(sys_mprotect(BASE, -4096ul, PROT_READ));
    SHOW(sys_mprotect(NULL, PAGE, PROT_READ));
    SHOW(sys_mprotect(BASE + 4 * PAGE, PAGE, PROT_READ));
    SHOW(sys_mprotect(BASE + 4 * PAGE, 0, PROT_READ));
    SHOW(sys_mprotect((char *)0x8000000000000000, PAGE, PROT_READ));
    show_areas(BASE, 16 * PAGE);

    SAY("a hole behind");
    SHOW(sys_mprotect(BASE + 2 * PAGE, 4 * PAGE, PROT_READ));
    show_areas(BASE, 16 * PAGE);
    SAY("a hole in the middle");
    map_at(BASE, 8 * PAGE, RW);
    sys_munmap(BASE + 3 * PAGE, 2 * PAGE);
    SHOW(sys_mprotect(BASE + PAGE, 6 * PAGE, PROT_NONE));
    show_areas(BASE, 16 * PAGE);
    SAY("a hole in front");
    map_at(BASE, 2 * PAGE, RW);
    SHOW(sys_mprotect(BASE - PAGE, 2 * PAGE, PROT_READ));
    show_areas(BASE - 4 * PAGE, 6 * PAGE);

    SAY("a file opened for reading, shared");
    long fd = sys_open("/data/text.txt", O_RDONLY, 0);
    char *shared = BASE + MIB;
    SHOW_AT(shared, sys_mmap(shared, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0));
    SHOW(sys_mprotect(shared, PAGE, RW));
    SHOW(sys_mprotect(shared, PAGE, PROT_NONE));
    SHOW(sys_mprotect(shared, PAGE, PROT_READ));
    SAY("refused in the middle of a range");
    map_at(shared - PAGE, PAGE, PROT_READ);
    map_at(shared + PAGE, PAGE, PROT_READ);
    SHOW(sys_mprotect(shared - PAGE, 3 * PAGE, RW));
    show_areas(shared - 4 * PAGE, 8 * PAGE);
    SAY("private");
    SHOW_AT(shared, sys_mmap(shared, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0));
    SHOW(sys_mprotect(shared, PAGE, RW));
    return 0;
}
