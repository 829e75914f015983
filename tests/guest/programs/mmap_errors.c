// mmap(2) and munmap(2): arguments they refuse.
// libc: musl
#include "check.h"

#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    SHOW(sys_mmap(NULL, 0, RW, ANONYMOUS, -1, 0));

    SAY("neither private nor shared, and both");
    SHOW(sys_mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, PAGE, RW, MAP_ANONYMOUS | 4, -1, 0));
    SHOW(sys_mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));

    SAY("an offset inside a page");
    SHOW(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, 1));
    SHOW(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, 4095));

    SAY("an offset at a page is not used");
    SHOW_PAGE(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, PAGE));

    SAY("a fixed address inside a page");
    SHOW(sys_mmap(BASE + 1, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW(sys_mmap(BASE + 2048, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW(sys_mmap(BASE + 1, PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));

    SAY("no such file");
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0));
    SHOW(sys_mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 99, 0));

    SAY("lengths that overflow");
    SHOW(sys_mmap(NULL, -1ul, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, -4096ul, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, -4097ul, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, 1ul << 63, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    SHOW(sys_mmap(BASE, -4096ul, RW, ANONYMOUS | MAP_FIXED, -1, 0));

    SAY("munmap");
    SHOW(sys_munmap(BASE, 0));
    SHOW(sys_munmap(BASE + 1, PAGE));
    SHOW(sys_munmap(BASE, -1ul));
    SHOW(sys_munmap(BASE, -4096ul));
    SHOW(sys_munmap(END_OF_USER, PAGE));
    SHOW(sys_munmap(END_OF_USER - PAGE, 2 * PAGE));
    SHOW(sys_munmap((char *)0xffff800000000000, PAGE));
    SHOW(sys_munmap((char *)0xfffffffffffff000, PAGE));

    SAY("munmap where nothing is mapped");
    SHOW(sys_munmap(BASE, PAGE));
    SHOW(sys_munmap(BASE, 16 * GIB));
    SHOW(sys_munmap(BASE, 1));
    return 0;
}
