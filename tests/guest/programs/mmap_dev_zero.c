// mmap(2) of /dev/zero is anonymous memory.
// libc: none
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    long zero = sys_open("/dev/zero", O_RDWR, 0);
    char *page = (char *)SHOW_PAGE(sys_mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE, zero, 0));
    IS(all_are(page, 0, 4 * PAGE));
    memset(page, 5, PAGE);
    IS(all_are(page, 5, PAGE) && all_are(page + PAGE, 0, 3 * PAGE));
    SHOW(sys_madvise(page, PAGE, MADV_DONTNEED));
    IS(all_are(page, 0, PAGE));
    SAY("shared");
    page = (char *)SHOW_PAGE(sys_mmap(NULL, 4 * PAGE, RW, MAP_SHARED, zero, 0));
    SHOW(sys_close(zero));
    IS(all_are(page, 0, 4 * PAGE));
    memset(page, 5, PAGE);
    SHOW(sys_madvise(page, PAGE, MADV_DONTNEED));
    IS(all_are(page, 5, PAGE));
    return 0;
}
