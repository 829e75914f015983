// Blocked and pending signals across fork(2) and execve(2), through handlers, and with signals that
// are ignored.
// libc: none
// args: first
#include "handlers.h"

static char *const nothing[] = {NULL};
static volatile int handled;
static void note(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    ++handled;
    SAY("    handler of %s", signal_name(signal));
}
static void set_mask(int signal, siginfo_t *info, void *context)
{
    (void)info;
    *(unsigned long *)&((ucontext_t *)context)->uc_sigmask = BIT(SIGHUP) | BIT(SIGKILL) | BIT(45);
    SAY("    handler of %s", signal_name(signal));
}
static void block_more(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    block(BIT(SIGTERM)); // forgotten on return
}

static int program_after_exec(void)
{
    SAY("    after exec: blocked %lx, pending %lx", current_mask(), pending());
    struct KernelAction action;
    sys_rt_sigaction(SIGUSR1, NULL, &action, 8);
    SAY("    SIGUSR1 is %s", action.handler == 0 ? "default" : action.handler == 1 ? "ignored" : "handled");
    unblock(BIT(SIGUSR1));
    SAY("    not reached");
    return 0;
}
static int exec_with_pending(void)
{
    block(BIT(SIGUSR1) | BIT(50));
    sys_kill(sys_getpid(), SIGUSR1);
    queue(sys_getpid(), 50, 1);
    sys_execve("/proc/self/exe", (char *[]){"signal_masks", "again", "pending", NULL}, nothing);
    return 1;
}
static int exec_with_ignored(void)
{
    block(BIT(SIGUSR1));
    ignore(SIGUSR1);
    sys_kill(sys_getpid(), SIGUSR1); // blocked, so it is kept, or not
    SAY("    before: pending %lx", pending());
    sys_execve("/proc/self/exe", (char *[]){"signal_masks", "again", "ignored", NULL}, nothing);
    return 1;
}
static int forked(void)
{
    SAY("    child: blocked %lx, pending %lx", current_mask(), pending());
    unblock(BIT(SIGUSR2));
    SAY("    child: blocked %lx", current_mask());
    sys_kill(sys_getppid(), SIGUSR2);
    return 0;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return program_after_exec();
    long self = sys_getpid();
    SAY("fork");
    handle(SIGUSR1, note, 0, 0);
    handle(SIGUSR2, note, 0, 0);
    block(BIT(SIGUSR1) | BIT(SIGUSR2));
    sys_kill(self, SIGUSR1);
    show_end("    the child", start(forked));
    SAY("    blocked %lx, pending %lx", current_mask(), pending());
    unblock(~0ul);
    SAY("exec");
    show_end("    pending", start(exec_with_pending));
    show_end("    ignored", start(exec_with_ignored));
    SAY("the mask that a handler leaves in its frame");
    handle(SIGUSR1, set_mask, SA_SIGINFO, 0);
    sys_kill(self, SIGUSR1);
    SAY("    blocked %lx", current_mask());
    unblock(~0ul);
    SAY("the mask that a handler sets is forgotten");
    handle(SIGUSR1, block_more, 0, 0);
    sys_kill(self, SIGUSR1);
    SAY("    blocked %lx", current_mask());
    SAY("which signals can be blocked");
    block(~0ul);
    SAY("    blocked %lx", current_mask());
    unblock(~0ul);
    SAY("ignored ones are not kept, blocked or not");
    ignore(SIGUSR1);
    sys_kill(self, SIGUSR1);
    SAY("    pending %lx", pending());
    block(BIT(SIGUSR1) | BIT(SIGCHLD) | BIT(SIGWINCH) | BIT(SIGCONT));
    sys_kill(self, SIGUSR1);
    sys_kill(self, SIGCHLD);
    sys_kill(self, SIGWINCH);
    sys_kill(self, SIGCONT);
    SAY("    pending %lx", pending());
    SAY("unblocked by a handler set meanwhile");
    handle(SIGUSR1, note, 0, 0);
    handle(SIGWINCH, note, 0, 0);
    handled = 0;
    unblock(~0ul);
    SHOW(handled);
    return 0;
}
