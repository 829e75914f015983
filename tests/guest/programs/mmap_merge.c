// Neighbouring areas of the same kind are one line in /proc/self/maps, different ones are not.
// libc: none
#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)
#define FIXED (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

static void step(const char *what)
{
    SAY("%s", what);
    show_areas(BASE - 8 * PAGE, 64 * PAGE);
}

int main(void)
{
    sys_mmap(BASE, 2 * PAGE, RW, FIXED, -1, 0);
    step("one area of two pages");
    sys_mmap(BASE + 2 * PAGE, PAGE, RW, FIXED, -1, 0);
    step("a page after it");
    sys_mmap(BASE - PAGE, PAGE, RW, FIXED, -1, 0);
    step("a page before it");
    sys_mmap(BASE + 4 * PAGE, PAGE, RW, FIXED, -1, 0);
    step("a page with a hole between");
    sys_mmap(BASE + 3 * PAGE, PAGE, RW, FIXED, -1, 0);
    step("the hole filled");
    sys_mmap(BASE + 5 * PAGE, PAGE, PROT_READ, FIXED, -1, 0);
    step("a readable page after");
    sys_mmap(BASE + 6 * PAGE, PAGE, PROT_NONE, FIXED, -1, 0);
    step("an inaccessible page after");
    sys_mmap(BASE + PAGE, PAGE, PROT_READ, FIXED, -1, 0);
    step("a readable page in the middle");
    sys_mmap(BASE + PAGE, PAGE, RW, FIXED, -1, 0);
    step("writable again");
    sys_munmap(BASE, 2 * PAGE);
    step("a hole in the middle");
    sys_munmap(BASE - 8 * PAGE, 64 * PAGE);
    step("all gone");

    sys_mmap(BASE, 2 * PAGE, RW, FIXED, -1, 0);
    memset(BASE, 1, 2 * PAGE);
    sys_mmap(BASE + 2 * PAGE, 2 * PAGE, RW, FIXED, -1, 0);
    step("an untouched page after touched ones");
    sys_mmap(BASE + 4 * PAGE, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    step("shared memory after private memory");
    sys_mmap(BASE + 6 * PAGE, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    step("other shared memory after it");
    sys_mmap(BASE - 2 * PAGE, 2 * PAGE, RW | PROT_EXEC, FIXED, -1, 0);
    step("executable memory before");
    return 0;
}
