// RLIMIT_DATA (Linux 4.7): counts private writable memory of every kind, not what is shared or cannot be
// written.
// libc: none
#include <sys/resource.h>

#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)

int main(void)
{
    struct rlimit limit;
    SHOW(sys_getrlimit(RLIMIT_DATA, &limit));
    IS(limit.rlim_cur == RLIM_INFINITY && limit.rlim_max == RLIM_INFINITY);
    limit.rlim_cur = 8 * MIB;
    SHOW(sys_setrlimit(RLIMIT_DATA, &limit));
    SHOW(sys_mmap(NULL, 8 * MIB, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, 8 * MIB, PROT_WRITE, ANONYMOUS | MAP_NORESERVE, -1, 0));
    SAY("not counted");
    SHOW_PAGE(sys_mmap(NULL, 16 * MIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    SHOW_AT(BASE, sys_mmap(BASE, 16 * MIB, PROT_NONE, ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW_PAGE(sys_mmap(NULL, 16 * MIB, PROT_READ, ANONYMOUS, -1, 0));
    SAY("counted when it becomes writable");
    SHOW(sys_mprotect(BASE, 16 * MIB, RW));
    SHOW(sys_mprotect(BASE, 4 * MIB, RW));
    SHOW(sys_mprotect(BASE + 4 * MIB, 4 * MIB, RW));
    SHOW(sys_mmap(NULL, 4 * MIB, RW, ANONYMOUS, -1, 0));
    SAY("growing");
    SHOW(sys_mremap(BASE, 4 * MIB, 10 * MIB, MREMAP_MAYMOVE, NULL));
    SAY("no longer counted");
    SHOW(sys_mprotect(BASE, 4 * MIB, PROT_READ));
    SHOW_PAGE(sys_mmap(NULL, 3 * MIB, RW, ANONYMOUS, -1, 0));
    SHOW(sys_mmap(NULL, 5 * MIB, RW, ANONYMOUS, -1, 0));
    return 0;
}
