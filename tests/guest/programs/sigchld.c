// SIGCHLD: codes and statuses of each kind of change, SA_NOCLDSTOP, one signal for many ends, handlers
// that wait.
// libc: none
#include "handlers.h"

static int ends[2];
static volatile int count;
static long child;

static const char *code_name(int code)
{
    static const char *const names[] = {"0",           "CLD_EXITED",  "CLD_KILLED",   "CLD_DUMPED",
                                        "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"};
    return code >= 0 && code <= 6 ? names[code] : "another code";
}
static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    ++count;
    SAY("    %s: %s, status %d, uid %d", signal_name(signal), code_name(info->si_code), info->si_status,
        (int)info->si_uid);
}
static void only_count(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    ++count;
}
static void reap(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    while (sys_wait4(-1, NULL, WNOHANG, NULL) > 0) ++count;
}

static int quiet(void)
{
    return 21;
}
static int killed(void)
{
    sys_kill(sys_getpid(), SIGKILL);
    return 0;
}
static int faulty(void)
{
    by_default(SIGSEGV);
    touch(NULL);
    return 0;
}
static int chat(void)
{
    sys_close(ends[1]);
    hear(ends[0]);
    return 22;
}

// Until the handler has run so often; SIGCHLD is let in only here.
static void wait_for(int times)
{
    while (count < times) wait_with(0);
}

int main(void)
{
    block(BIT(SIGCHLD));
    handle(SIGCHLD, note, SA_SIGINFO, 0);
    SAY("ends");
    count = 0;
    child = start(quiet);
    wait_for(1);
    show_end("    it", child);
    child = start(killed);
    wait_for(2);
    show_end("    it", child);
    child = start(faulty);
    wait_for(3);
    show_end("    it", child);
    SAY("stopped, continued, ended");
    make_pipe(ends);
    child = start(chat);
    sys_kill(child, SIGSTOP);
    wait_for(4);
    sys_kill(child, SIGCONT);
    wait_for(5);
    tell(ends[1]);
    wait_for(6);
    show_end("    it", child);
    SAY("SA_NOCLDSTOP");
    handle(SIGCHLD, note, SA_SIGINFO | SA_NOCLDSTOP, 0);
    child = start(chat);
    int status;
    sys_kill(child, SIGSTOP);
    sys_wait4(child, &status, WUNTRACED, NULL);
    SAY("    pending %lx", pending());
    sys_kill(child, SIGCONT);
    sys_wait4(child, &status, WCONTINUED, NULL);
    SAY("    pending %lx", pending());
    tell(ends[1]);
    wait_for(7);
    show_end("    it", child);

    SAY("many ends, one signal");
    handle(SIGCHLD, only_count, 0, 0);
    count = 0;
    siginfo_t info;
    long children[5];
    for (int i = 0; i < 5; ++i) {
        children[i] = start(quiet);
        sys_waitid(P_PID, children[i], &info, WEXITED | WNOWAIT, NULL);
    }
    unblock(BIT(SIGCHLD));
    SAY("    %d", count);
    for (int i = 0; i < 5; ++i) sys_wait4(children[i], NULL, 0, NULL);
    SAY("a handler that waits for all of them");
    handle(SIGCHLD, reap, SA_RESTART, 0);
    block(BIT(SIGCHLD));
    count = 0;
    for (int i = 0; i < 20; ++i) start(quiet);
    wait_for(20);
    SAY("    %d", count);
    SHOW(sys_wait4(-1, NULL, 0, NULL));
    SAY("waited for while blocked: the signal is still there");
    child = start(quiet);
    show_end("    it", child);
    SAY("    pending %lx", pending());
    SAY("ignored by default: not kept");
    by_default(SIGCHLD);
    SAY("    pending %lx", pending());
    child = start(quiet);
    show_end("    it", child);
    SAY("    pending %lx", pending()); // blocked, so it is kept
    unblock(BIT(SIGCHLD));
    SAY("    pending %lx", pending());
    SAY("a handler set when a child has ended already");
    child = start(quiet);
    sys_waitid(P_PID, child, &info, WEXITED | WNOWAIT, NULL);
    count = 0;
    handle(SIGCHLD, only_count, 0, 0);
    SAY("    %d", count);
    show_end("    it", child);
    return 0;
}
