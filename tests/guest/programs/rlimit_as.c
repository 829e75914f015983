// RLIMIT_AS: unlimited at first; then mmap, mremap, brk and the stack stop at it, and unmapping makes room
// again.
#include <sys/resource.h>

#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

// VmSize of /proc/self/statm: pages of all areas.
static long mapped_pages(void)
{
    static char text[256];
    read_whole("/proc/self/statm", text, sizeof text);
    long pages = 0;
    for (const char *c = text; *c >= '0' && *c <= '9'; ++c) pages = pages * 10 + (*c - '0');
    return pages;
}

int main(void)
{
    struct rlimit limit;
    SHOW(sys_getrlimit(RLIMIT_AS, &limit));
    IS(limit.rlim_cur == RLIM_INFINITY && limit.rlim_max == RLIM_INFINITY);

    SAY("16 MiB more than now");
    limit.rlim_cur = (unsigned long)(mapped_pages() * PAGE + 16 * MIB);
    SHOW(sys_setrlimit(RLIMIT_AS, &limit));
    SHOW(sys_mmap(NULL, 16 * MIB + PAGE, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, 16 * MIB + PAGE, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    SHOW_AT(BASE, sys_mmap(BASE, 16 * MIB, PROT_NONE, ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    SAY("replacing takes no more");
    SHOW_AT(BASE, sys_mmap(BASE, MIB, RW, ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW(sys_mremap(BASE, MIB, MIB + PAGE, MREMAP_MAYMOVE, NULL));
    long old_break = sys_brk(NULL);
    IS(sys_brk((char *)old_break + MIB) == old_break);
    SAY("a page given back");
    SHOW(sys_munmap(BASE + 15 * MIB, PAGE));
    SHOW_PAGE(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0));

    SAY("a limit below what is mapped takes nothing away");
    limit.rlim_cur = PAGE;
    SHOW(sys_setrlimit(RLIMIT_AS, &limit));
    SHOW(sys_mmap(NULL, PAGE, RW, ANONYMOUS, -1, 0));
    touch(BASE);
    SHOW_AT(BASE, sys_mremap(BASE, MIB, MIB / 2, 0, NULL));
    SAY("root may raise it");
    limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
    SHOW(sys_setrlimit(RLIMIT_AS, &limit));
    SHOW_PAGE(sys_mmap(NULL, GIB, PROT_NONE, ANONYMOUS, -1, 0));

    SAY("128 GiB, as in the old notes");
    limit.rlim_cur = 128 * GIB;
    SHOW(sys_setrlimit(RLIMIT_AS, &limit));
    SHOW(sys_mmap(NULL, 128 * GIB, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, 120 * GIB, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    SHOW(sys_mmap(NULL, 8 * GIB, PROT_NONE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    return 0;
}
