// Pages that were only read are all the one page of zeros; the first write gives each its own.
// libc: none
#include "areas.h"
#include "usage.h"

#define RW (PROT_READ | PROT_WRITE)

int main(void)
{
    WARM_UP();
    frame_of(BASE);
    map_at(BASE, 8 * PAGE, RW);
    SAY("untouched");
    show_resident(BASE, 8);
    IS(frame_of(BASE) == 0);
    SAY("read");
    SHOW_FAULTS(peek(BASE));
    SHOW_FAULTS(peek(BASE + PAGE));
    SHOW_FAULTS(peek(BASE + PAGE + 100));
    show_resident(BASE, 8);
    unsigned long zero = frame_of(BASE);
    IS(zero != 0 && frame_of(BASE + PAGE) == zero);
    SAY("written");
    SHOW_FAULTS(touch(BASE));
    SHOW_FAULTS(touch(BASE + 100));
    IS(frame_of(BASE) != zero && frame_of(BASE + PAGE) == zero);
    IS(BASE[0] == 1 && all_are(BASE + 101, 0, PAGE - 101) && all_are(BASE + PAGE, 0, PAGE));
    SAY("written first");
    SHOW_FAULTS(touch(BASE + 2 * PAGE));
    IS(frame_of(BASE + 2 * PAGE) != zero && frame_of(BASE + 2 * PAGE) != frame_of(BASE));
    SAY("read by the kernel");
    long null = sys_open("/dev/null", O_WRONLY, 0);
    SHOW(sys_write(null, BASE + 3 * PAGE, PAGE));
    show_resident(BASE, 8);
    SAY("shared memory has pages of its own");
    sys_mmap(BASE, 8 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    SHOW_FAULTS(peek(BASE));
    IS(frame_of(BASE) != zero);
    return 0;
}
