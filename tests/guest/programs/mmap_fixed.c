// mmap(2) at given addresses: MAP_FIXED replaces what is there, MAP_FIXED_NOREPLACE refuses, a hint is taken
// if free.
// libc: none
#include "areas.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    SAY("fixed");
    SHOW_AT(BASE, sys_mmap(BASE, 4 * PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    memset(BASE, 3, 4 * PAGE);
    SHOW_AT(BASE, sys_mmap(BASE + PAGE, 2 * PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    SAY("the replaced pages: %d %d %d %d", BASE[0], BASE[PAGE], BASE[2 * PAGE], BASE[3 * PAGE]);
    SHOW_AT(BASE, sys_mmap(BASE + 3 * PAGE, 3 * PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0));
    show_areas(BASE, 16 * PAGE);

    SAY("fixed, no replacing");
    SHOW(sys_mmap(BASE, PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW(sys_mmap(BASE + 5 * PAGE, PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW(sys_mmap(BASE + 5 * PAGE, 8 * PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW(sys_mmap(BASE - PAGE, 2 * PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW(sys_mmap(BASE - PAGE, 64 * PAGE, RW, ANONYMOUS | MAP_FIXED | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW_AT(BASE, sys_mmap(BASE + 6 * PAGE, PAGE, PROT_EXEC, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    SHOW_AT(BASE, sys_mmap(BASE - PAGE, PAGE, PROT_EXEC, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    show_areas(BASE - 4 * PAGE, 16 * PAGE);

    SAY("a free hint");
    char *hint = BASE + GIB;
    SHOW_AT(hint, sys_mmap(hint, PAGE, RW, ANONYMOUS, -1, 0));
    SAY("a hint inside a page is a hint for its page");
    SHOW_AT(hint, sys_mmap(hint + 4 * PAGE + 100, PAGE, RW, ANONYMOUS, -1, 0));
    SHOW_AT(hint, sys_mmap(hint + 8 * PAGE - 1, PAGE, RW, ANONYMOUS, -1, 0));
    SAY("a hint that is taken");
    long elsewhere = SHOW_PAGE(sys_mmap(hint, PAGE, RW, ANONYMOUS, -1, 0));
    IS(elsewhere != (long)hint);
    elsewhere = SHOW_PAGE(sys_mmap(hint - PAGE, 3 * PAGE, RW, ANONYMOUS, -1, 0));
    IS(elsewhere + 3 * PAGE <= (long)hint || elsewhere >= (long)hint + PAGE);
    SAY("a hint too high");
    elsewhere = SHOW_PAGE(sys_mmap(END_OF_USER, PAGE, RW, ANONYMOUS, -1, 0));
    IS(elsewhere < (long)END_OF_USER);
    elsewhere = SHOW_PAGE(sys_mmap((char *)0xffff800000000000, PAGE, RW, ANONYMOUS, -1, 0));
    IS(elsewhere > 0 && elsewhere < (long)END_OF_USER);
    return 0;
}
