// mremap(2) of shared anonymous memory: it has as many pages as it was made with. Where a place that shows it
// grows beyond, there is nothing (SIGBUS); what a place leaves out stays there.
// libc: none
#include "children.h"

#define RW (PROT_READ | PROT_WRITE)
#define FLAGS (MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED)

static volatile char *touched;
static int reads(void)
{
    return *touched;
}
static int writes(void)
{
    *touched = 7;
    return 0;
}

static void touch_each(char *begin, long pages)
{
    for (long i = 0; i < pages; ++i) {
        SAY("  page %ld", i);
        touched = begin + i * PAGE;
        show_end("    read", start(reads));
        show_end("    written", start(writes));
    }
}

int main(void)
{
    unsigned char states[8] = {0};
    int ends[2];
    make_pipe(ends);
    SAY("in place");
    SHOW_AT(BASE, sys_mmap(BASE, 2 * PAGE, RW, FLAGS, -1, 0));
    BASE[0] = 1;
    SHOW_AT(BASE, sys_mremap(BASE, 2 * PAGE, 4 * PAGE, 0, NULL));
    touch_each(BASE, 4);
    SHOW(sys_write(ends[1], BASE + 2 * PAGE, 1));
    SHOW(sys_write(ends[1], BASE + PAGE, 1));
    SHOW(sys_read(ends[0], BASE + 3 * PAGE, 1));
    SHOW(sys_madvise(BASE, 2 * PAGE, 22)); // MADV_POPULATE_READ
    SHOW(sys_madvise(BASE, 4 * PAGE, 22));
    SHOW(sys_madvise(BASE, 4 * PAGE, 23)); // MADV_POPULATE_WRITE
    SHOW(sys_mlock(BASE, 2 * PAGE));
    SHOW(sys_mlock(BASE, 4 * PAGE));
    SHOW(sys_munlock(BASE, 4 * PAGE));
    SHOW(sys_mincore(BASE, 4 * PAGE, states));
    SAY("    %d %d %d %d", states[0], states[1], states[2], states[3]);

    SAY("moved");
    char *to = BASE + MIB;
    SHOW_AT(to, sys_mremap(BASE, 4 * PAGE, 6 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to));
    touch_each(to, 6);

    SAY("a second place, longer than the first");
    SHOW_AT(BASE, sys_mremap(to, 0, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, BASE));
    SHOW(sys_munmap(to, 6 * PAGE));
    touch_each(BASE + PAGE, 2);

    SAY("its last page alone, which grows");
    SHOW(sys_munmap(BASE, PAGE));
    SHOW(sys_munmap(BASE + 2 * PAGE, 6 * PAGE));
    SHOW_AT(BASE, sys_mremap(BASE + PAGE, PAGE, 2 * PAGE, 0, NULL));
    touch_each(BASE + PAGE, 2);
    SHOW(sys_munmap(BASE + PAGE, 2 * PAGE));

    SAY("smaller, and large again");
    SHOW_AT(BASE, sys_mmap(BASE, 3 * PAGE, RW, FLAGS, -1, 0));
    BASE[2 * PAGE] = 9;
    SHOW_AT(BASE, sys_mremap(BASE, 3 * PAGE, PAGE, 0, NULL));
    SHOW_AT(BASE, sys_mremap(BASE, PAGE, 4 * PAGE, 0, NULL));
    touch_each(BASE + 2 * PAGE, 2);
    return 0;
}
