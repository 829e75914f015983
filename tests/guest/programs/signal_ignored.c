// Ignored signals: kill does nothing, except SIGKILL, and a fault kills all the same.
// cases: all then_default sigkill fault division breakpoint
#include "signals.h"

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    if (same_text(test, "all")) {
        for (int signal = 1; signal <= 64; ++signal) {
            if (signal == SIGKILL || signal == SIGSTOP) continue;
            long result = ignore(signal);
            if (result) SAY("ignore(%d): %s", signal, errno_name(-result));
            result = sys_kill(sys_getpid(), signal);
            if (result) SAY("kill(%d): %s", signal, errno_name(-result));
        }
    }
    if (same_text(test, "then_default")) {
        SHOW(ignore(SIGTERM));
        SHOW(sys_kill(sys_getpid(), SIGTERM));
        struct KernelAction action = {0, 0, 0, 0};
        SHOW(sys_rt_sigaction(SIGTERM, &action, NULL, 8));
        SAY("it was not kept");
        SHOW(sys_kill(sys_getpid(), SIGTERM));
    }
    if (same_text(test, "sigkill")) {
        SHOW(ignore(SIGKILL));
        SHOW(sys_kill(sys_getpid(), SIGKILL));
    }
    if (same_text(test, "fault")) {
        SHOW(ignore(SIGSEGV));
        SHOW(sys_kill(sys_getpid(), SIGSEGV));
        touch(NULL);
    }
    if (same_text(test, "division")) {
        SHOW(ignore(SIGFPE));
        SHOW(sys_kill(sys_getpid(), SIGFPE));
        __asm__ volatile("div %0" ::"r"(0ul), "a"(1ul), "d"(0ul));
    }
    if (same_text(test, "breakpoint")) {
        SHOW(ignore(SIGTRAP));
        SHOW(sys_kill(sys_getpid(), SIGTRAP));
        __asm__ volatile("int3");
    }
    SAY("alive");
    return 0;
}
