// Signals that stop and continue: what the parent learns, signals that come meanwhile, groups,
// handlers, orphaned groups.
// libc: none
#include "handlers.h"

static int to_child[2], to_parent[2];
static long self;

static int order[8], count; // of the signals handled
static void remember(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    order[count++] = signal;
}
static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    SAY("    handler of %s", signal_name(signal));
}

static int chat(void)
{
    sys_close(to_child[1]);
    tell(to_parent[1]);
    hear(to_child[0]);
    return 4;
}
// Answers once before that.
static int answer(void)
{
    tell(to_parent[1]);
    hear(to_child[0]);
    return chat();
}
static int chat_with_handler(void)
{
    handle(SIGCONT, remember, SA_RESTART, 0);
    handle(SIGUSR1, remember, SA_RESTART, 0);
    chat();
    for (int i = 0; i < count; ++i) SAY("    handled %s", signal_name(order[i]));
    return 4;
}
static int computes(void)
{
    tell(to_parent[1]);
    for (;;) __asm__ volatile("pause");
    return 0;
}
static int stops_itself(void)
{
    sys_kill(sys_getpid(), SIGSTOP);
    sys_kill(sys_getpid(), SIGSTOP);
    return 5;
}
static int blocks_all(void)
{
    block(~0ul);
    tell(to_parent[1]);
    hear(to_child[0]);
    SAY("    pending %lx", pending());
    return 6;
}
static int orphaned_stop(void)
{
    sys_setsid(); // nobody outside of the session could continue us
    sys_kill(sys_getpid(), SIGTSTP);
    sys_kill(sys_getpid(), SIGTTIN);
    return 8;
}
static int tstp_handled(void)
{
    handle(SIGTSTP, note, 0, 0);
    sys_kill(sys_getpid(), SIGTSTP);
    return 9;
}

static void wait_change(const char *what, long child, long options)
{
    int status = -1;
    long result = sys_wait4(child, &status, options, NULL);
    if (result == child)
        say_status(what, status);
    else
        SAY("%s: %s", what, result == 0 ? "nothing" : errno_name(-result));
}

static long begin(int (*body)(void))
{
    long child = start(body);
    hear(to_parent[0]);
    return child;
}

int main(void)
{
    make_pipe(to_child);
    make_pipe(to_parent);
    self = sys_getpid();
    SAY("stopped, told once; continued, told once");
    long child = begin(answer);
    SHOW(sys_kill(child, SIGSTOP));
    wait_change("    it", child, WUNTRACED);
    wait_change("    it", child, WUNTRACED | WNOHANG);
    SHOW(sys_kill(child, SIGSTOP)); // stopped already
    wait_change("    it", child, WUNTRACED | WNOHANG);
    SHOW(sys_kill(child, SIGCONT));
    wait_change("    it", child, WCONTINUED);
    wait_change("    it", child, WCONTINUED | WNOHANG);
    SHOW(sys_kill(child, SIGCONT)); // runs already
    wait_change("    it", child, WCONTINUED | WNOHANG);
    SAY("what SIGCONT changes is told at once, and only once");
    siginfo_t info;
    sys_kill(child, SIGSTOP);
    sys_waitid(P_PID, child, &info, WSTOPPED | WNOWAIT, NULL);
    SHOW(sys_kill(child, SIGCONT)); // it has not run again yet
    wait_change("    it", child, WUNTRACED | WNOHANG);
    wait_change("    it", child, WCONTINUED | WNOHANG);
    tell(to_child[1]);
    hear(to_parent[0]);
    wait_change("    it", child, WCONTINUED | WNOHANG);
    SAY("each of the signals that stop");
    static const int signals[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    sys_setpgid(child, child);
    for (int i = 0; i < 4; ++i) {
        sys_kill(child, signals[i]);
        wait_change("    it", child, WUNTRACED);
        sys_kill(child, SIGCONT);
        wait_change("    it", child, WCONTINUED);
    }
    SAY("stopped and not asked for; then it ends");
    sys_kill(child, SIGSTOP);
    wait_change("    it", child, WNOHANG);
    sys_kill(child, SIGCONT);
    tell(to_child[1]);
    wait_change("    it", child, 0);

    SAY("a handler of SIGCONT, and what came meanwhile");
    child = begin(chat_with_handler);
    sys_kill(child, SIGSTOP);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGUSR1);
    sys_kill(child, SIGCONT);
    wait_change("    it", child, WCONTINUED);
    tell(to_child[1]);
    wait_change("    it", child, 0);

    SAY("killed while stopped");
    child = begin(chat);
    sys_kill(child, SIGSTOP);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGKILL);
    wait_change("    it", child, WUNTRACED | WCONTINUED);
    SAY("SIGTERM waits until it goes on");
    child = begin(chat);
    sys_kill(child, SIGSTOP);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGTERM);
    wait_change("    it", child, WNOHANG);
    sys_kill(child, SIGCONT);
    wait_change("    it", child, 0);

    SAY("one that computes, and never calls the kernel");
    child = begin(computes);
    sys_kill(child, SIGSTOP);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGCONT);
    wait_change("    it", child, WCONTINUED);
    sys_kill(child, SIGTERM);
    wait_change("    it", child, 0);

    SAY("by itself, twice");
    child = start(stops_itself);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGCONT);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGCONT);
    wait_change("    it", child, WUNTRACED);
    SAY("blocked: SIGSTOP stops all the same, SIGCONT continues");
    child = begin(blocks_all);
    sys_kill(child, SIGTSTP);
    sys_kill(child, SIGSTOP);
    wait_change("    it", child, WUNTRACED);
    sys_kill(child, SIGCONT); // forgets the SIGTSTP that was pending
    wait_change("    it", child, WCONTINUED);
    tell(to_child[1]);
    wait_change("    it", child, 0);
    SAY("a stop signal forgets a SIGCONT that was pending");
    child = begin(blocks_all);
    sys_kill(child, SIGCONT);
    sys_kill(child, SIGTSTP);
    tell(to_child[1]);
    wait_change("    it", child, 0);

    SAY("a group");
    long members[2];
    for (int i = 0; i < 2; ++i) {
        members[i] = begin(chat);
        sys_setpgid(members[i], members[0]);
    }
    SHOW(sys_kill(-members[0], SIGSTOP));
    for (int i = 0; i < 2; ++i) wait_change("    a member", members[i], WUNTRACED);
    SHOW(sys_kill(-members[0], SIGCONT));
    for (int i = 0; i < 2; ++i) wait_change("    a member", members[i], WCONTINUED);
    for (int i = 0; i < 2; ++i) tell(to_child[1]);
    for (int i = 0; i < 2; ++i) wait_change("    a member", members[i], 0);
    SAY("SIGTSTP without anybody to continue it");
    wait_change("    it", start(orphaned_stop), WUNTRACED);
    SAY("SIGTSTP with a handler");
    wait_change("    it", start(tstp_handled), WUNTRACED);
    return 0;
}
