// The user's half ends at 0x7ffffffff000: mmap, munmap, mprotect, mremap and brk at and over that address.
// libc: none
#include "check.h"

#define RW (PROT_READ | PROT_WRITE)
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#define NO_REPLACE (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE)

int main(void)
{
    SHOW(sys_mmap(END_OF_USER, PAGE, RW, FIXED, -1, 0));
    SHOW(sys_mmap(END_OF_USER, PAGE, RW, NO_REPLACE, -1, 0));
    SHOW(sys_mmap(END_OF_USER + PAGE, PAGE, RW, FIXED, -1, 0));
    SHOW(sys_mmap(END_OF_USER - PAGE, 2 * PAGE, RW, FIXED, -1, 0));
    SHOW(sys_mmap((char *)0x8000000000000000, PAGE, RW, FIXED, -1, 0));
    SHOW(sys_mmap((char *)0xffff800000000000, PAGE, RW, FIXED, -1, 0));
    SHOW(sys_mmap((char *)0xfffffffffffff000, PAGE, RW, FIXED, -1, 0));

    SAY("longer than the whole space");
    long flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    SHOW(sys_mmap(NULL, 128 * TIB, PROT_NONE, flags, -1, 0));
    SHOW(sys_mmap(NULL, 128 * TIB - PAGE, PROT_NONE, flags, -1, 0));
    SHOW(sys_mmap(BASE, 128 * TIB, PROT_NONE, flags | MAP_FIXED, -1, 0));
    SHOW(sys_mmap(NULL, 1ul << 62, PROT_NONE, flags, -1, 0));

    SAY("most of the space");
    char *most = (char *)SHOW_PAGE(sys_mmap(NULL, 64 * TIB, PROT_NONE, flags, -1, 0));
    IS(most + 64 * TIB <= END_OF_USER);
    SHOW(sys_mmap(NULL, 64 * TIB, PROT_NONE, flags, -1, 0));
    SHOW(sys_munmap(most, 64 * TIB));

    SAY("other calls up there");
    SHOW(sys_mprotect(END_OF_USER, PAGE, PROT_READ));
    SHOW(sys_madvise(END_OF_USER, PAGE, MADV_DONTNEED));
    SHOW(sys_msync(END_OF_USER, PAGE, MS_SYNC));
    SHOW(sys_mlock(END_OF_USER, PAGE));
    map_at(BASE, PAGE, RW);
    SHOW(sys_mremap(BASE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, END_OF_USER));
    SHOW(sys_mremap(BASE, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, END_OF_USER - PAGE));
    long old_break = sys_brk(NULL);
    IS(sys_brk(END_OF_USER) == old_break);
    IS(sys_brk((char *)0xffff800000000000) == old_break);
    IS(sys_brk((char *)-1) == old_break);
    return 0;
}
