// free [wait]: how much memory is free; or, that it is ready, and then it waits for a line on standard input.
#include "pages.h"

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        say("ready");
        wait_for_line();
        return 0;
    }
    printf("free %ld KiB\n", proc_value("/proc/meminfo", "MemFree:"));
    return 0;
}
