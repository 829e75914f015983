// getrusage(2) counts minor faults truly: one a page on first touch, whatever touches it and however.
// libc: glibc none
// room: 6
#include "areas.h"
#include "usage.h"

#define RW (PROT_READ | PROT_WRITE)

static void write_pages(char *begin, long pages)
{
    for (long i = 0; i < pages; ++i) touch(begin + i * PAGE);
}
static void read_pages(const char *begin, long pages)
{
    for (long i = 0; i < pages; ++i) (void)peek(begin + i * PAGE);
}

int main(void)
{
    WARM_UP();
    char *memory = map_at(BASE, 1024 * PAGE, RW);
    SHOW_FAULTS((void)0);
    SHOW_FAULTS(write_pages(memory, 1));
    SHOW_FAULTS(write_pages(memory, 100));
    SHOW_FAULTS(write_pages(memory, 1000));
    SHOW_FAULTS(write_pages(memory, 1024));
    SHOW_FAULTS(read_pages(memory, 1024));

    SAY("backwards, and a word over a page's end");
    map_at(BASE, 64 * PAGE, RW);
    SHOW_FAULTS(for (long i = 63; i >= 0; --i) touch(memory + i * PAGE));
    map_at(BASE, 64 * PAGE, RW);
    SHOW_FAULTS(*(volatile long *)(memory + PAGE - 4) = 1);

    SAY("read first, then written");
    map_at(BASE, 64 * PAGE, RW);
    SHOW_FAULTS(read_pages(memory, 64));
    SHOW_FAULTS(read_pages(memory, 64));
    SHOW_FAULTS(write_pages(memory, 64));

    SAY("unmapped and mapped again");
    SHOW_FAULTS(sys_munmap(memory, 64 * PAGE));
    SHOW_FAULTS(map_at(memory, 64 * PAGE, RW));
    SHOW_FAULTS(write_pages(memory, 64));

    SAY("protections: pages that are there fault only when they must");
    SHOW_FAULTS(sys_mprotect(memory, 64 * PAGE, PROT_READ));
    SHOW_FAULTS(read_pages(memory, 64));
    SHOW_FAULTS(sys_mprotect(memory, 64 * PAGE, RW));
    SHOW_FAULTS(read_pages(memory, 64));

    SAY("shared");
    SHOW_FAULTS(sys_mmap(memory, 64 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    SHOW_FAULTS(write_pages(memory, 64));

    SAY("the fault is taken by the kernel on behalf of read(2)");
    map_at(BASE, 64 * PAGE, RW);
    long zero = sys_open("/dev/zero", O_RDONLY, 0);
    SHOW_FAULTS(sys_read(zero, memory, 10 * PAGE));
    SHOW_FAULTS(write_pages(memory, 10));
    return 0;
}
