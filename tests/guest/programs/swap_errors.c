// swapon(2), swapoff(2): what is refused.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "bad_pointers.h"

CALL2(swapon, Pointer, long)
CALL1(swapoff, Pointer)

#define SWAP_FLAG_PREFER 0x8000

int main(void)
{
    SAY("flags that nobody knows, whatever the path");
    SHOW(sys_swapon("/dev/null", 0x80000));
    SHOW(sys_swapon(0, 0x80000));
    SHOW(sys_swapon("/none", 0x7fffffff));
    SAY("no path");
    SHOW(sys_swapon(0, 0));
    SHOW(sys_swapon(0, SWAP_FLAG_PREFER | 3));
    SHOW(sys_swapoff(0));
    WITH_BAD_POINTERS(sys_swapon(bad, 0));
    WITH_BAD_POINTERS(sys_swapoff(bad));
    SHOW(sys_swapon("", 0));
    SHOW(sys_swapoff(""));
    SAY("nothing there");
    SHOW(sys_swapon("/none", 0));
    SHOW(sys_swapoff("/none"));
    SHOW(sys_swapon("/dev/none", 0));
    SHOW(sys_swapon("/data/text.txt/more", 0));
    SAY("not a disk");
    SHOW(sys_swapon("/dev/null", 0));
    SHOW(sys_swapon("/dev/null", SWAP_FLAG_PREFER));
    SHOW(sys_swapon("/dev/zero", 0));
    SHOW(sys_swapoff("/dev/null"));
    SHOW(sys_swapon("/proc/self/status", 0));
    SHOW(sys_swapoff("/proc/self/status"));
    SAY("a directory");
    SHOW(sys_swapon("/", 0));
    SHOW(sys_swapoff("/data"));
    SAY("a file that is memory itself");
    SHOW(sys_swapon("/data/text.txt", 0));
    SHOW(sys_swapoff("/data/text.txt"));
    return 0;
}
