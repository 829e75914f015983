// getpriority(2), setpriority(2): the nice value of this process, and what /proc/self/stat tells of it.
// libc: none
#include "check.h"

// The system call, not the library's function: it answers 20 - nice.
CALL2(getpriority, long, long)
CALL3(setpriority, long, long, long)

#define PROCESS 0
#define GROUP 1
#define USER 2

// Fields 18 and 19 of /proc/self/stat; the name in field 2 has no blanks.
static void show_stat(void)
{
    char text[512];
    long file = sys_open("/proc/self/stat", O_RDONLY, 0);
    long size = sys_read(file, text, sizeof text - 1);
    sys_close(file);
    text[size > 0 ? size : 0] = 0;
    char *at = text;
    for (int field = 1; field < 18; field++) {
        while (*at && *at != ' ') at++;
        if (*at) at++;
    }
    char *end = at;
    for (int field = 18; field < 20; field++) {
        while (*end && *end != ' ') end++;
        if (field == 18 && *end) end++;
    }
    *end = 0;
    SAY("    priority and nice: %s", at);
}

int main(void)
{
    SAY("at first");
    SHOW(sys_getpriority(PROCESS, 0));
    show_stat();
    SAY("from end to end");
    static const int values[] = {5, 19, 20, 1000, 0, -1, -20, -21, -1000, 3};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        SAY("nice %d", values[i]);
        SHOW(sys_setpriority(PROCESS, 0, values[i]));
        SHOW(sys_getpriority(PROCESS, 0));
        show_stat();
    }
    SAY("by number");
    SHOW(sys_setpriority(PROCESS, sys_getpid(), 7));
    SHOW(sys_getpriority(PROCESS, sys_getpid()));
    SAY("nobody");
    SHOW(sys_getpriority(PROCESS, 0x3fffffff));
    SHOW(sys_setpriority(PROCESS, 0x3fffffff, 1));
    SHOW(sys_getpriority(PROCESS, -1));
    SHOW(sys_getpriority(GROUP, 0x3fffffff));
    SHOW(sys_getpriority(USER, 4711));
    SHOW(sys_setpriority(USER, 4711, 1));
    SAY("no such kind");
    SHOW(sys_getpriority(3, 0));
    SHOW(sys_getpriority(-1, 0));
    SHOW(sys_setpriority(3, 0, 0));
    SHOW(sys_setpriority(-1, 0, 0));
    SAY("only the lower half of a register counts");
    SHOW(sys_getpriority(0x100000000, 0x200000000));
    SHOW(sys_setpriority(0x300000000, 0, 0x4fffffffc));
    SHOW(sys_getpriority(PROCESS, 0));
    return 0;
}
