// Blocked signals wait: they kill when unblocked, unless ignored meanwhile; a fault does not wait; SIGKILL
// cannot be blocked.
// libc: none
// cases: wait unblock setmask ignored_meanwhile sigkill fault illegal two still_blocked_at_exit
#include "signals.h"

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    long pid = sys_getpid();
    if (same_text(test, "wait")) {
        SHOW(block(~0ul));
        for (int signal = 1; signal <= 31; ++signal) {
            if (signal != SIGKILL && signal != SIGSTOP) sys_kill(pid, signal);
        }
        struct timespec millisecond = {0, 1000000};
        SHOW(sys_nanosleep(&millisecond, NULL));
    }
    if (same_text(test, "unblock")) {
        SHOW(block(BIT(SIGUSR1)));
        SHOW(sys_kill(pid, SIGUSR1));
        SAY("now");
        unblock(BIT(SIGUSR1));
    }
    if (same_text(test, "setmask")) {
        SHOW(block(BIT(SIGUSR2) | BIT(SIGHUP)));
        SHOW(sys_tgkill(pid, pid, SIGUSR2));
        unsigned long mask = BIT(SIGHUP);
        SAY("now");
        sys_rt_sigprocmask(SIG_SETMASK, &mask, NULL, 8);
    }
    if (same_text(test, "ignored_meanwhile")) {
        SHOW(block(BIT(SIGTERM)));
        SHOW(sys_kill(pid, SIGTERM));
        SHOW(ignore(SIGTERM));
        SHOW(unblock(BIT(SIGTERM)));
    }
    if (same_text(test, "sigkill")) {
        SHOW(block(~0ul));
        SAY("now");
        sys_kill(pid, SIGKILL);
    }
    if (same_text(test, "fault")) {
        SHOW(block(BIT(SIGSEGV)));
        SHOW(sys_kill(pid, SIGSEGV));
        SAY("now");
        touch(NULL);
    }
    if (same_text(test, "illegal")) {
        SHOW(block(BIT(SIGILL)));
        SAY("now");
        __asm__ volatile("ud2");
    }
    if (same_text(test, "two")) { // the lower number is first
        SHOW(block(BIT(SIGINT) | BIT(SIGTERM)));
        SHOW(sys_kill(pid, SIGTERM));
        SHOW(sys_kill(pid, SIGINT));
        SAY("now");
        unblock(BIT(SIGINT) | BIT(SIGTERM));
    }
    if (same_text(test, "still_blocked_at_exit")) {
        SHOW(block(BIT(SIGTERM)));
        SHOW(sys_kill(pid, SIGTERM));
        return 5;
    }
    SAY("alive");
    return 0;
}
