// access(2) and readlink(2): success, and what they refuse.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "bad_pointers.h"

#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

static char long_name[300], target[4096];

int main(int argc, char **argv)
{
    (void)argc;
    SAY("access");
    SHOW(sys_access("/data/text.txt", F_OK));
    SHOW(sys_access("/data/text.txt", R_OK));
    SHOW(sys_access("/data", R_OK | X_OK));
    SHOW(sys_access("data", F_OK));
    SHOW(sys_access("/dev/null", R_OK | W_OK));
    SHOW(sys_access(argv[0], R_OK | X_OK));
    SHOW(sys_access("/data/text.txt", X_OK));
    SHOW(sys_access("/data/text.txt", W_OK));
    SHOW(sys_access("/data/text.txt", R_OK | W_OK));
    SHOW(sys_access("/data", W_OK));
    SHOW(sys_access("/data/text.txt", 8));
    SHOW(sys_access("/data/text.txt", -1));
    SHOW(sys_access("/data/none", F_OK));
    SHOW(sys_access("/data/none", W_OK));
    SHOW(sys_access("", F_OK));
    SHOW(sys_access("/data/text.txt/x", F_OK));
    memset(long_name, 'z', 256);
    SHOW(sys_access(long_name, F_OK));
    WITH_BAD_POINTERS(sys_access(bad, F_OK));

    SAY("readlink");
    long n = SHOW_OK(sys_readlink("/proc/self/exe", target, sizeof target));
    IS(n > 0 && target[n - 1] != 0 && target[n] == 0);
    SAY("the program's own file: %s", base_name(target));
    IS(same_text(target, argv[0]));
    SAY("a short buffer is filled, without an end");
    memset(target, '#', 16);
    SHOW(sys_readlink("/proc/self/exe", target, 5));
    IS(target[0] == '/' && target[5] == '#');
    SHOW(sys_readlink("/proc/self/exe", target, 0));
    SHOW(sys_readlink("/proc/self/exe", target, -1));
    SHOW(sys_readlink("/data/text.txt", target, 100));
    SHOW(sys_readlink("/data", target, 100));
    SHOW(sys_readlink("/data/none", target, 100));
    SHOW(sys_readlink("", target, 100));
    SHOW(sys_readlink("/data/text.txt/x", target, 100));
    SHOW(sys_readlink(long_name, target, 100));
    WITH_BAD_POINTERS(sys_readlink(bad, target, 100));
    WITH_BAD_POINTERS(sys_readlink("/proc/self/exe", bad, 100));
    SHOW(sys_readlink("/proc/self/exe", read_only_page(), 100));
    return 0;
}
