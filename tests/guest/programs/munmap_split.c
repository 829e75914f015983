// munmap(2): any part of any number of areas, with holes in between; what stays keeps its content.
// libc: musl
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)

static void fill(char *begin, long pages)
{
    for (long i = 0; i < pages; ++i) memset(begin + i * PAGE, (char)(i + 1), PAGE);
}

int main(void)
{
    map_at(BASE, 10 * PAGE, RW);
    fill(BASE, 10);
    SAY("from the middle, the beginning, the end");
    SHOW(sys_munmap(BASE + 4 * PAGE, 2 * PAGE));
    show_areas(BASE, 64 * PAGE);
    SHOW(sys_munmap(BASE, PAGE));
    SHOW(sys_munmap(BASE + 9 * PAGE, PAGE));
    show_areas(BASE, 64 * PAGE);
    IS(all_are(BASE + PAGE, 2, PAGE) && all_are(BASE + 2 * PAGE, 3, PAGE) &&
       all_are(BASE + 3 * PAGE, 4, PAGE));
    IS(all_are(BASE + 6 * PAGE, 7, PAGE) && all_are(BASE + 8 * PAGE, 9, PAGE));
    SAY("over two areas and the hole between them");
    SHOW(sys_munmap(BASE + 2 * PAGE, 5 * PAGE));
    show_areas(BASE, 64 * PAGE);
    IS(all_are(BASE + PAGE, 2, PAGE) && all_are(BASE + 7 * PAGE, 8, PAGE) &&
       all_are(BASE + 8 * PAGE, 9, PAGE));
    SAY("a length inside a page takes the page");
    SHOW(sys_munmap(BASE + 7 * PAGE, 1));
    show_areas(BASE, 64 * PAGE);
    SAY("everything, and once more");
    SHOW(sys_munmap(BASE, 64 * PAGE));
    SHOW(sys_munmap(BASE, 64 * PAGE));
    show_areas(BASE, 64 * PAGE);

    SAY("areas of different kinds at once");
    map_at(BASE, 2 * PAGE, RW);
    map_at(BASE + 2 * PAGE, 2 * PAGE, PROT_NONE);
    sys_mmap(BASE + 4 * PAGE, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    fill(BASE, 2);
    fill(BASE + 4 * PAGE, 2);
    SHOW(sys_munmap(BASE + PAGE, 4 * PAGE));
    show_areas(BASE, 64 * PAGE);
    SAY("what stays: %d %d", BASE[0], BASE[5 * PAGE]);

    SAY("every second page of 64, then the others");
    map_at(BASE, 64 * PAGE, RW);
    fill(BASE, 64);
    long sum = 0;
    for (long i = 0; i < 64; i += 2) sum += sys_munmap(BASE + i * PAGE, PAGE);
    int kept = 1;
    for (long i = 1; i < 64; i += 2) kept &= all_are(BASE + i * PAGE, (char)(i + 1), PAGE);
    SAY("results added: %ld, the others keep their content: %d", sum, kept);
    show_areas(BASE, 6 * PAGE);
    SHOW(sys_munmap(BASE, 64 * PAGE));
    show_areas(BASE, 64 * PAGE);
    return 0;
}
