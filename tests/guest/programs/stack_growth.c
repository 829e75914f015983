// The stack grows by faults, in any steps, down to RLIMIT_STACK (8 MiB) and not further.
// libc: none
// cases: deep sparse by_kernel limit lowered_limit
#include <sys/resource.h>

#include "areas.h"
#include "usage.h"

// Uses about `kilobytes` of stack, touching every page on the way down.
static __attribute__((noinline)) long recurse(long kilobytes)
{
    volatile char frame[1024];
    frame[0] = (char)kilobytes;
    frame[1023] = 1;
    if (kilobytes <= 1) return 1;
    return recurse(kilobytes - 1) + frame[1023];
}

static struct Area stack_area(void)
{
    struct Area area, stack = {0, 0, 0, "", ""};
    read_whole("/proc/self/maps", areas_text, sizeof areas_text);
    for (const char *line = areas_text; (line = next_area(line, &area));) {
        if (area.name[0] == '[' && area.name[1] == 's' && area.name[2] == 't') stack = area;
    }
    return stack;
}

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    char *here = (char *)__builtin_frame_address(0);
    struct rlimit limit;
    SHOW(sys_getrlimit(RLIMIT_STACK, &limit));
    SAY("soft limit %ld KiB, hard limit infinite: %d", (long)limit.rlim_cur / 1024,
        limit.rlim_max == RLIM_INFINITY);
    struct Area before = stack_area();
    IS((unsigned long)here >= before.begin && (unsigned long)here < before.end);
    IS(same_text(before.permissions, "rw-p"));
    IS(before.end - before.begin < 256 * 1024);

    if (same_text(test, "deep")) { // 6 MiB, page by page
        SAY("%ld frames deep", recurse(6 * 1024));
        struct Area after = stack_area();
        IS(after.end == before.end && after.begin < before.begin);
        IS(after.end - after.begin >= 6 * 1024 * 1024 && after.end - after.begin <= 8 * 1024 * 1024);
    }
    if (same_text(test, "sparse")) { // one far page: the pages between are part of the area, yet absent
        WARM_UP();
        char *far = (char *)((unsigned long)(here - 4 * MIB) & ~(unsigned long)(PAGE - 1));
        IS(*(volatile char *)far == 0);
        SHOW_FAULTS(touch(far + 100));
        IS(stack_area().begin == (unsigned long)far);
        show_resident(far, 4);
        IS(all_are(far + PAGE, 0, 2 * PAGE));
        show_resident(far, 4);
    }
    if (same_text(test, "by_kernel")) { // the kernel's own writes grow it as well
        long zero = sys_open("/dev/zero", O_RDONLY, 0);
        SHOW(sys_read(zero, here - MIB, 100));
        IS(stack_area().begin <= (unsigned long)here - (unsigned long)MIB);
        SHOW(sys_read(zero, here - 9 * MIB, 100));
    }
    if (same_text(test, "limit")) {
        SAY("more than 8 MiB");
        SAY("%ld frames deep", recurse(9 * 1024));
    }
    if (same_text(test, "lowered_limit")) {
        limit.rlim_cur = 1 * MIB;
        SHOW(sys_setrlimit(RLIMIT_STACK, &limit));
        SAY("%ld frames deep", recurse(700));
        SAY("more than 1 MiB");
        SAY("%ld frames deep", recurse(2 * 1024));
    }
    return 0;
}
