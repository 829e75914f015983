// free: how much memory is free.
#include "pages.h"

int main(void)
{
    printf("free %ld KiB\n", proc_value("/proc/meminfo", "MemFree:"));
    return 0;
}
