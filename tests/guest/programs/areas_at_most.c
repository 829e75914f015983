// mmap(2), mprotect(2), munmap(2): an address space has a maximum number of areas (65530 by default).
// libc: none
// room: 12
#include "check.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

int main(void)
{
    // Every second page readable: neighbours never merge.
    long count = 0, result = 0;
    for (; count < 70000; ++count) {
        long protection = count % 2 ? PROT_READ : PROT_NONE;
        result = sys_mmap(BASE + count * PAGE, PAGE, protection, ANONYMOUS, -1, 0);
        if (failed(result)) break;
    }
    SAY("mmap ends with %s", failed(result) ? errno_name(-result) : "success");
    IS(count > 65000 && count < 65530);
    SAY("nothing that needs one more");
    SHOW(sys_mmap(BASE - MIB, PAGE, RW, ANONYMOUS, -1, 0));
    SAY("a hole makes two of one");
    sys_munmap(BASE, 8 * PAGE);
    char *end = BASE + count * PAGE;
    SHOW_AT(end, sys_mmap(end, 3 * PAGE, RW, ANONYMOUS, -1, 0));
    long more = 0;
    while (more < 100 && !failed(sys_mmap(BASE - GIB + more * 2 * PAGE, PAGE, RW, ANONYMOUS, -1, 0))) ++more;
    IS(more >= 1 && more <= 10);
    SHOW(sys_munmap(end + PAGE, PAGE));
    SHOW(sys_mprotect(end + PAGE, PAGE, PROT_READ));
    SAY("whole areas can go");
    SHOW(sys_munmap(BASE - GIB, more * 2 * PAGE));
    SHOW(sys_munmap(end + PAGE, PAGE));
    SHOW(sys_munmap(BASE, (size_t)(count * PAGE)));
    SHOW_AT(BASE, sys_mmap(BASE, PAGE, RW, ANONYMOUS, -1, 0));
    return 0;
}
