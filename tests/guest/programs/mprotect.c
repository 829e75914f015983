// mprotect(2): permissions change page by page, areas split and join again, contents stay.
// libc: musl none
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    map_at(BASE, 8 * PAGE, RW);
    memset(BASE, 4, 8 * PAGE);
    SAY("the middle");
    SHOW(sys_mprotect(BASE + 2 * PAGE, 2 * PAGE, PROT_READ));
    show_areas(BASE, 16 * PAGE);
    SAY("the beginning and the end");
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | PROT_EXEC));
    SHOW(sys_mprotect(BASE + 7 * PAGE, PAGE, PROT_NONE));
    show_areas(BASE, 16 * PAGE);
    SAY("over several");
    SHOW(sys_mprotect(BASE + PAGE, 4 * PAGE, PROT_READ));
    show_areas(BASE, 16 * PAGE);
    SAY("all writable again");
    SHOW(sys_mprotect(BASE, 8 * PAGE, RW));
    show_areas(BASE, 16 * PAGE);
    IS(all_are(BASE, 4, 8 * PAGE));
    memset(BASE, 5, 8 * PAGE);
    IS(all_are(BASE, 5, 8 * PAGE));
    SAY("a length inside a page is the page, no length is no page");
    SHOW(sys_mprotect(BASE + 3 * PAGE, 1, PROT_READ));
    SHOW(sys_mprotect(BASE + 5 * PAGE, 0, PROT_READ));
    show_areas(BASE, 16 * PAGE);
    SAY("the same again");
    SHOW(sys_mprotect(BASE + 3 * PAGE, PAGE, PROT_READ));
    show_areas(BASE, 16 * PAGE);

    SAY("the kernel obeys as well");
    long zero = sys_open("/dev/zero", O_RDONLY, 0);
    SHOW(sys_read(zero, BASE + 3 * PAGE, 16));
    SHOW(sys_mprotect(BASE + 3 * PAGE, PAGE, RW));
    SHOW(sys_read(zero, BASE + 3 * PAGE, 16));
    SHOW(sys_mprotect(BASE + 3 * PAGE, PAGE, PROT_NONE));
    SHOW(sys_read(zero, BASE + 3 * PAGE, 16));
    SHOW(sys_write(1, BASE + 3 * PAGE, 16));
    SHOW(sys_mprotect(BASE + 3 * PAGE, PAGE, RW));
    SAY("inaccessible pages keep their content: %d %d", BASE[3 * PAGE + 15], BASE[3 * PAGE + 16]);

    SAY("written, then executed");
    memcpy(BASE, "\xb8\x07\x00\x00\x00\xc3", 6); // mov $7, %eax; ret
    SHOW(sys_mprotect(BASE, PAGE, PROT_READ | PROT_EXEC));
    SHOW(((int (*)(void))BASE)());
    return 0;
}
