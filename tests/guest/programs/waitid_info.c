// waitid(2): what it tells of each change, WNOWAIT, whom it waits for, its errors.
// libc: none
#include "bad_pointers.h"
#include "handlers.h"

static int to_child[2];

static int leave_seven(void)
{
    return 7;
}
static int kill_self(void)
{
    sys_kill(sys_getpid(), SIGTERM);
    return 0;
}
static int stay(void)
{
    sys_close(to_child[1]);
    hear(to_child[0]);
    return 8;
}
static int group(void)
{
    sys_setpgid(0, 0);
    return 9;
}

static void show_info(const siginfo_t *info, long child)
{
    static const char *const codes[] = {"0",           "CLD_EXITED",  "CLD_KILLED",   "CLD_DUMPED",
                                        "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"};
    const char *whose = info->si_pid == child ? "the child" : info->si_pid == 0 ? "nobody" : "another";
    SAY("    %s: %s, %s, uid %d, status %d, errno %d", whose, signal_name(info->si_signo),
        info->si_code >= 0 && info->si_code <= 6 ? codes[info->si_code] : "another code", (int)info->si_uid,
        info->si_status, info->si_errno);
}

static siginfo_t info;

static void fill(void)
{
    memset(&info, 0x55, sizeof info);
}

int main(void)
{
    make_pipe(to_child);
    SAY("an exit, looked at and taken");
    long child = start(leave_seven);
    fill();
    SHOW(sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, NULL));
    show_info(&info, child);
    fill();
    SHOW(sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | WNOHANG, NULL));
    show_info(&info, child);
    fill();
    SHOW(sys_waitid(P_PID, child, &info, WEXITED, NULL));
    show_info(&info, child);
    fill();
    SHOW(sys_waitid(P_PID, child, &info, WEXITED, NULL));

    SAY("a death");
    child = start(kill_self);
    SHOW(sys_waitid(P_ALL, 12345, &info, WEXITED, NULL));
    show_info(&info, child);

    SAY("stopped, continued");
    child = start(stay);
    SHOW(sys_waitid(P_PID, child, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG, NULL));
    show_info(&info, child);
    SHOW(sys_kill(child, SIGSTOP));
    SHOW(sys_waitid(P_PID, child, &info, WSTOPPED | WNOWAIT, NULL));
    show_info(&info, child);
    SHOW(sys_waitid(P_PID, child, &info, WSTOPPED, NULL));
    show_info(&info, child);
    SHOW(sys_waitid(P_PID, child, &info, WSTOPPED | WNOHANG, NULL));
    show_info(&info, child);
    SHOW(sys_kill(child, SIGCONT));
    SHOW(sys_waitid(P_PID, child, &info, WCONTINUED | WNOWAIT, NULL));
    show_info(&info, child);
    SHOW(sys_waitid(P_PID, child, &info, WCONTINUED, NULL));
    show_info(&info, child);
    SHOW(sys_waitid(P_PID, child, &info, WCONTINUED | WNOHANG, NULL));
    show_info(&info, child);
    tell(to_child[1]);
    struct rusage usage;
    memset(&usage, 0x55, sizeof usage);
    SHOW(sys_waitid(P_PID, child, &info, WEXITED, &usage));
    show_info(&info, child);
    IS(usage.ru_minflt > 0 && usage.ru_minflt < 1000 && usage.ru_utime.tv_sec < 60);

    SAY("a group");
    child = start(group);
    sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, NULL);
    SHOW(sys_waitid(P_PGID, child, &info, WEXITED, NULL));
    show_info(&info, child);
    child = start(leave_seven);
    SHOW(sys_waitid(P_PGID, sys_getpgid(0), &info, WEXITED, NULL));
    show_info(&info, child);

    SAY("refused");
    child = start(stay);
    SHOW(sys_waitid(P_PID, child, &info, 0, NULL));
    SHOW(sys_waitid(P_PID, child, &info, WNOHANG, NULL));
    SHOW(sys_waitid(P_PID, child, &info, WEXITED | 0x10, NULL));
    SHOW(sys_waitid(P_PID, 0, &info, WEXITED, NULL));
    SHOW(sys_waitid(P_PID, -1, &info, WEXITED, NULL));
    SHOW(sys_waitid(P_PGID, -1, &info, WEXITED, NULL));
    SHOW(sys_waitid(P_PID, sys_getpid(), &info, WEXITED, NULL));
    SHOW(sys_waitid(P_PID, 999999, &info, WEXITED, NULL));
    SHOW(sys_waitid(9, child, &info, WEXITED, NULL));
    SHOW(sys_waitid(P_PID, child, NULL, WEXITED | WNOHANG, NULL));
    SHOW(sys_kill(child, SIGKILL));
    SHOW(sys_waitid(P_PID, child, (void *)0x1000, WEXITED | WNOWAIT, NULL));
    SHOW(sys_waitid(P_PID, child, &info, WEXITED, NULL));
    show_info(&info, child);
    child = start(leave_seven);
    SHOW(sys_waitid(P_PID, child, NULL, WEXITED, NULL));
    return 0;
}
