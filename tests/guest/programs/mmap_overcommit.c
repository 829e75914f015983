// Overcommit as Linux's mode 0: one request above all of memory is refused unless it needs no reservation.
#include <sys/sysinfo.h>

#include "check.h"

#define RW (PROT_READ | PROT_WRITE)
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

int main(void)
{
    SHOW(sys_mmap(NULL, TIB, RW, PRIVATE, -1, 0));
    SHOW(sys_mmap(NULL, TIB, PROT_WRITE, PRIVATE, -1, 0));
    SHOW(sys_mmap(NULL, TIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, TIB, RW, PRIVATE | MAP_POPULATE, -1, 0));

    SAY("no reservation needed");
    char *reserved = (char *)SHOW_PAGE(sys_mmap(NULL, TIB, RW, PRIVATE | MAP_NORESERVE, -1, 0));
    reserved[0] = reserved[TIB / 2] = reserved[TIB - 1] = 1;
    SAY("written at the beginning, the middle, the end: %d",
        reserved[0] + reserved[TIB / 2] + reserved[TIB - 1]);
    SHOW(sys_munmap(reserved, TIB));
    SHOW_PAGE(sys_mmap(NULL, TIB, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));

    SAY("memory that cannot be written is not counted");
    char *nothing = (char *)SHOW_PAGE(sys_mmap(NULL, TIB, PROT_NONE, PRIVATE, -1, 0));
    char *readable = (char *)SHOW_PAGE(sys_mmap(NULL, TIB, PROT_READ, PRIVATE, -1, 0));
    SAY("a page of it reads as %d", readable[TIB / 2]);
    SAY("until it becomes writable");
    SHOW(sys_mprotect(nothing, TIB, RW));
    SHOW(sys_mprotect(nothing, MIB, RW));
    nothing[MIB - 1] = 1;

    SAY("just above and well below all of memory");
    struct sysinfo info;
    sys_sysinfo(&info);
    size_t all = (info.totalram + info.totalswap) * info.mem_unit;
    SHOW(sys_mmap(NULL, all + 64 * MIB, RW, PRIVATE, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, all / 4 * 3, RW, PRIVATE, -1, 0));
    SAY("each request is looked at alone");
    SHOW_PAGE(sys_mmap(NULL, all / 4 * 3, RW, PRIVATE, -1, 0));

    SAY("the break and mremap");
    long old_break = sys_brk(NULL);
    IS(sys_brk((char *)old_break + TIB) == old_break);
    char *small = (char *)sys_mmap(NULL, PAGE, RW, PRIVATE, -1, 0);
    SHOW(sys_mremap(small, PAGE, TIB, MREMAP_MAYMOVE, NULL));
    small[0] = 1;
    return 0;
}
