// Directories within directories, deeper than a path can say: getcwd(2), /proc/self/cwd and "..", and removed
// from the lowest upwards while it is the current one.
// libc: none
// room: 14
#include "children.h"
#include "files.h"

#ifndef O_PATH
#define O_PATH 010000000
#endif

enum { Depth = 2500 };
static char text[2 * PAGE];

int main(void)
{
    enter_place("/tmp/deep");
    int made = 0;
    while (made < Depth && sys_mkdir("d", 0700) == 0 && sys_chdir("d") == 0) made++;
    SHOW(made);
    SHOW(sys_getcwd(text, sizeof text));
    SHOW(sys_readlink("/proc/self/cwd", text, sizeof text));
    SHOW(sys_rename("/tmp/deep", "d"));

    int removed = 0;
    long above = sys_open("..", O_PATH | O_DIRECTORY, 0);
    while (removed < made && sys_unlinkat(above, "d", AT_REMOVEDIR) == 0) {
        removed++;
        long next = sys_openat(above, "..", O_PATH | O_DIRECTORY, 0);
        sys_close(above);
        above = next;
    }
    sys_close(above);
    SHOW(removed);
    SHOW(sys_getcwd(text, sizeof text));
    SHOW(sys_mkdir("d", 0700));
    SHOW(sys_chdir("/tmp"));
    SHOW(sys_rmdir("/tmp/deep"));
    return 0;
}
