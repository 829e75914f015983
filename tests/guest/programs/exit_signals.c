// What a parent is sent when its child ends (clone(2), execve(2)): another signal than SIGCHLD stays only
// as long as the child has this parent and executes no other program.
// libc: none
#include <sched.h>

#include "areas.h"
#include "handlers.h"

static int go[2], report[2];

// Field 38 of our /proc/self/stat (proc(5)).
static long exit_signal(void)
{
    static char text[1024];
    long at = read_whole("/proc/self/stat", text, sizeof text), number = 0;
    while (text[at] != ')') --at;
    for (int field = 2; field < 38; ++at) field += text[at] == ' ';
    for (; text[at] >= '0' && text[at] <= '9'; ++at) number = number * 10 + (text[at] - '0');
    return number;
}

static long clone_with(unsigned long flags)
{
    return sys_clone(flags, NULL, NULL, NULL, 0);
}

// `options` say of which kind it must be then: one of the other is not found.
static void wait_for(const char *who, long child, long options)
{
    siginfo_t info;
    int status = 0;
    static const struct timespec at_once = {0, 0};
    unsigned long both = BIT(SIGUSR1) | BIT(SIGCHLD);
    sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT | __WALL, NULL);
    long sent;
    while ((sent = sys_rt_sigtimedwait(&both, NULL, &at_once, 8)) > 0) {
        SAY("    we were sent %s", signal_name((int)sent));
    }
    IS(sys_wait4(child, &status, options ^ __WCLONE, NULL) == -ECHILD);
    IS(sys_wait4(child, &status, options, NULL) == child);
    say_status(who, status);
}

static void orphan(void)
{
    long middle = sys_fork();
    if (middle == 0) {
        if (clone_with(SIGUSR1) == 0) {
            sys_close(go[1]);
            sys_close(report[0]);
            send_number(report[1], exit_signal());
            hear(go[0]); // until our parent is gone
            send_number(report[1], exit_signal());
            leave(0);
        }
        SAY("    with its parent %ld", receive_number(report[0]));
        leave(6);
    }
    show_end("    the parent", middle);
    tell(go[1]);
    SAY("    and afterwards %ld", receive_number(report[0]));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        SAY("    in another program %ld", exit_signal());
        return 8;
    }
    make_pipe(go);
    make_pipe(report);
    block(BIT(SIGUSR1) | BIT(SIGCHLD));
    SAY("SIGUSR1");
    long child = clone_with(SIGUSR1);
    if (child == 0) {
        SAY("    in the child %ld", exit_signal());
        leave(7);
    }
    wait_for("    it", child, __WCLONE);
    SAY("SIGUSR1, and then another program");
    child = clone_with(SIGUSR1);
    if (child == 0) {
        static char *const arguments[] = {"exit_signals", "again", NULL}, *const nothing[] = {NULL};
        SAY("    in the child %ld", exit_signal());
        sys_execve("/proc/self/exe", arguments, nothing);
        leave(99);
    }
    wait_for("    it", child, 0);
    SAY("none");
    child = clone_with(0);
    if (child == 0) {
        SAY("    in the child %ld", exit_signal());
        leave(9);
    }
    wait_for("    it", child, __WCLONE);
    SAY("a child that gets a sibling (CLONE_PARENT)");
    child = clone_with(SIGUSR1);
    if (child == 0) {
        if (clone_with(CLONE_PARENT) == 0) {
            SAY("    in the sibling %ld", exit_signal());
            send_number(report[1], sys_getpid());
            hear(go[0]);
            leave(11);
        }
        leave(10);
    }
    long sibling = receive_number(report[0]);
    wait_for("    it", child, __WCLONE);
    tell(go[1]);
    wait_for("    its sibling", sibling, __WCLONE);
    SAY("a child that loses its parent");
    orphan();
    return 0;
}
