// rt_sigsuspend(2) and rt_sigpending(2): the mask meanwhile and afterwards, what ends the wait and
// what does not.
// libc: none
#include "bad_pointers.h"
#include "handlers.h"

static int ends[2];
static volatile int count;
static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    SAY("    handler of %s, blocked %lx", signal_name(signal), current_mask());
    ++count;
}

// Signals its parent once it has been told to.
static int signal_parent(void)
{
    sys_close(ends[1]);
    hear(ends[0]);
    sys_kill(sys_getppid(), SIGUSR1);
    return 0;
}

int main(void)
{
    unsigned long mask;
    long self = sys_getpid();
    handle(SIGUSR1, note, 0, 0);
    handle(SIGUSR2, note, 0, 0);
    block(BIT(SIGUSR1) | BIT(SIGUSR2));

    SAY("a signal that is pending already");
    sys_kill(self, SIGUSR1);
    SHOW(wait_with(BIT(SIGUSR2)));
    SAY("    blocked %lx", current_mask());
    SAY("two of them, one let through");
    sys_kill(self, SIGUSR2);
    sys_kill(self, SIGUSR1);
    SHOW(wait_with(BIT(SIGUSR2)));
    SAY("    pending %lx", pending());
    SHOW(wait_with(0));
    SAY("from a child");
    make_pipe(ends);
    long child = start(signal_parent);
    sys_close(ends[0]);
    tell(ends[1]);
    SHOW(wait_with(~BIT(SIGUSR1)));
    show_end("    the child", child);
    SAY("SIGCHLD ignored by default does not end the wait");
    make_pipe(ends);
    child = start(signal_parent);
    sys_close(ends[0]);
    long quick = sys_fork();
    if (quick == 0) leave(0); // SIGCHLD comes before SIGUSR1
    siginfo_t info;
    sys_waitid(P_PID, quick, &info, WEXITED | WNOWAIT, NULL);
    tell(ends[1]);
    SHOW(wait_with(~BIT(SIGUSR1) & ~BIT(SIGCHLD)));
    show_end("    the child", child);
    show_end("    the quick one", quick);
    SAY("pause");
    make_pipe(ends);
    count = 0;
    // A timer that comes again and again: one of its signals finds us waiting.
    handle(SIGALRM, note, 0, 0);
    struct {
        struct timeval interval, value;
    } timer = {{0, 0}, {0, 20000}};
    SHOW(sys_setitimer(0, &timer, NULL));
    SHOW(wait_with(0));
    unblock(BIT(SIGUSR1));
    block(BIT(SIGALRM));
    child = sys_fork();
    if (child == 0) {
        block(~0ul);
        sys_kill(self, SIGSTOP); // so that the parent's next signal is there when it goes on
        sys_kill(self, SIGUSR1);
        sys_kill(self, SIGCONT);
        leave(0);
    }
    sys_wait4(child, NULL, 0, NULL);
    SAY("    handled %d", count);

    SAY("refused");
    SHOW(sys_rt_sigsuspend(&mask, 4));
    SHOW(sys_rt_sigsuspend(&mask, 16));
    WITH_BAD_POINTERS(sys_rt_sigsuspend(bad, 8));
    SHOW(sys_rt_sigsuspend(last_bytes(7), 8));
    SHOW(sys_rt_sigpending(&mask, 9));
    SHOW(sys_rt_sigpending(&mask, 4));
    WITH_BAD_POINTERS(sys_rt_sigpending(bad, 8));
    SAY("SIGKILL and SIGSTOP cannot be blocked");
    child = sys_fork();
    if (child == 0) {
        wait_with(~0ul);
        leave(1);
    }
    sys_kill(child, SIGSTOP);
    int status;
    SHOW(sys_wait4(child, &status, WUNTRACED, NULL) == child);
    say_status("    it", status);
    sys_kill(child, SIGCONT);
    sys_kill(child, SIGKILL);
    show_end("    it", child);
    return 0;
}
