// Names in /proc cannot be made, moved or removed: what is said for each.
// libc: none
#include "files.h"

int main(void)
{
    SHOW(sys_rename("/proc/version", "/proc/other"));
    SHOW(sys_rename("/proc/version", "/proc/uptime"));
    SHOW(sys_rename("/proc/other", "/proc/version"));
    SHOW(sys_rename("/proc/self/fd", "/proc/self/other"));
    SHOW(sys_renameat2(AT_FDCWD, "/proc/version", AT_FDCWD, "/proc/uptime", 1));
    SHOW(sys_rmdir("/proc/self"));
    SHOW(sys_rmdir("/proc/version"));
    SHOW(sys_rmdir("/proc/other"));
    SHOW(sys_rmdir("/proc/self/fd"));
    SHOW(sys_rmdir("/proc/self/fd/0"));
    SHOW(sys_unlink("/proc/self"));
    SHOW(sys_unlink("/proc/version"));
    SHOW(sys_unlink("/proc/sys"));
    SHOW(sys_unlink("/proc/self/maps"));
    SHOW(sys_unlink("/proc/self/fd/0"));
    SHOW(sys_mkdir("/proc/other", 0700));
    SHOW(sys_mkdir("/proc/self/other", 0700));
    SHOW(sys_symlink("x", "/proc/self/fd/99"));
    return 0;
}
