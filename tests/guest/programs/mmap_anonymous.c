// mmap(2) of anonymous memory: page-aligned, zero-filled, whole pages, private or shared, given back by
// munmap.
// libc: glibc musl none
#include "areas.h"

int main(void)
{
    char *page =
        (char *)SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    IS(all_are(page, 0, PAGE));
    memset(page, 7, PAGE);
    IS(all_are(page, 7, PAGE));
    SHOW(sys_munmap(page, PAGE));
    show_areas(page, PAGE);

    SAY("one byte is one page");
    page = (char *)SHOW_PAGE(sys_mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    IS(all_are(page, 0, PAGE));
    page[PAGE - 1] = 1;
    SHOW(sys_munmap(page, 1));

    SAY("a fresh page after one that was written");
    page = (char *)sys_mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(page, 0x5a, 4 * PAGE);
    sys_munmap(page, 4 * PAGE);
    page = (char *)sys_mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    IS(all_are(page, 0, 4 * PAGE));
    sys_munmap(page, 4 * PAGE);

    SAY("shared");
    page = (char *)SHOW_PAGE(
        sys_mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    IS(all_are(page, 0, 3 * PAGE));
    page[PAGE] = 9;
    IS(page[PAGE] == 9 && page[0] == 0);
    SHOW(sys_munmap(page, 3 * PAGE));

    SAY("protections");
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

    page = (char *)SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    page[5] = 3;
    SAY("what may be written can be read: %d", page[5]);

    SAY("flags that ask for nothing here");
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_DENYWRITE, -1, 0));

    SAY("the file descriptor of anonymous memory is not looked at");
    SHOW_PAGE(sys_mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, 12345, 0));

    SAY("executable memory runs");
    char *code = map_at(BASE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    memcpy(code, "\xb8\x2a\x00\x00\x00\xc3", 6); // mov $42, %eax; ret
    SHOW(((int (*)(void))code)());
    return 0;
}
