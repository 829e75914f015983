// kill(2), tgkill(2): what they refuse; signal 0 only asks.
// libc: none
#include "check.h"

int main(void)
{
    long pid = sys_getpid(), tid = sys_gettid();
    SHOW(sys_kill(pid, 0));
    SHOW(sys_kill(pid, 65));
    SHOW(sys_kill(pid, -1));
    SHOW(sys_kill(pid, 1000));
    SHOW(sys_kill(999999, 0));
    SHOW(sys_kill(999999, 9));
    SHOW(sys_kill(-999999, 9));
    SHOW(sys_kill(0, 0));
    SAY("tgkill");
    SHOW(sys_tgkill(pid, tid, 0));
    SHOW(sys_tgkill(pid, tid, 65));
    SHOW(sys_tgkill(pid, tid, -1));
    SHOW(sys_tgkill(pid, 999999, 9));
    SHOW(sys_tgkill(999999, tid, 9));
    SHOW(sys_tgkill(0, tid, 9));
    SHOW(sys_tgkill(pid, 0, 9));
    SHOW(sys_tgkill(-1, tid, 9));
    SHOW(sys_tgkill(pid, -1, 9));
    return 0;
}
