// Signal handlers: arguments, the mask while they run, SA_NODEFER, SA_RESETHAND, handlers within handlers.
// libc: glibc musl none
#include "handlers.h"

static int level;

static void say(int signal, siginfo_t *info, void *context)
{
    (void)context;
    SAY("    handler of %s, si_signo %d, si_code %d, from %s", signal_name(signal), info->si_signo,
        info->si_code, info->si_pid == sys_getpid() ? "us" : "another");
    SAY("    blocked meanwhile: %lx", current_mask());
}
static void plain(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    SAY("    handler of %s", signal_name(signal));
}
static void again(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    int mine = ++level;
    SAY("    %d begins", mine);
    if (mine < 3) sys_kill(sys_getpid(), signal);
    SAY("    %d ends, pending %lx", mine, pending());
}
static void other(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    SAY("    %s begins", signal_name(signal));
    if (signal == SIGUSR1) sys_kill(sys_getpid(), SIGUSR2);
    SAY("    %s ends", signal_name(signal));
}

static void show_handler(int signal)
{
    struct KernelAction action;
    sys_rt_sigaction(signal, NULL, &action, 8);
    SAY("    then %s", action.handler ? "the same handler" : "the default");
}

static int killed_the_second_time(void)
{
    handle(SIGUSR1, plain, SA_RESETHAND, 0);
    sys_kill(sys_getpid(), SIGUSR1);
    sys_kill(sys_getpid(), SIGUSR1);
    return 0;
}

int main(void)
{
    long self = sys_getpid();
    SAY("SA_SIGINFO");
    handle(SIGUSR1, say, SA_SIGINFO, 0);
    SHOW(sys_kill(self, SIGUSR1));
    SHOW(sys_tkill(self, SIGUSR1));
    SHOW(sys_tgkill(self, self, SIGUSR1));
    SHOW(queue(self, SIGUSR1, 5));
    SAY("with a mask");
    handle(SIGUSR1, say, SA_SIGINFO, BIT(SIGUSR2) | BIT(SIGKILL) | BIT(40));
    SHOW(sys_kill(self, SIGUSR1));
    SAY("    blocked then: %lx", current_mask());
    SAY("SA_NODEFER");
    handle(SIGUSR1, say, SA_SIGINFO | SA_NODEFER, BIT(SIGHUP));
    SHOW(sys_kill(self, SIGUSR1));
    SAY("a signal in its own handler waits");
    handle(SIGUSR1, again, 0, 0);
    level = 0;
    sys_kill(self, SIGUSR1);
    SAY("with SA_NODEFER it does not");
    handle(SIGUSR1, again, SA_NODEFER, 0);
    level = 0;
    sys_kill(self, SIGUSR1);
    SAY("another signal interrupts the handler");
    handle(SIGUSR1, other, 0, 0);
    handle(SIGUSR2, other, 0, 0);
    sys_kill(self, SIGUSR1);
    SAY("unless it is in the mask");
    handle(SIGUSR1, other, 0, BIT(SIGUSR2));
    sys_kill(self, SIGUSR1);
    SAY("SA_RESETHAND");
    handle(SIGUSR1, plain, SA_RESETHAND, 0);
    sys_kill(self, SIGUSR1);
    show_handler(SIGUSR1);
    show_end("    twice", start(killed_the_second_time));
    handle(SIGUSR1, again, SA_RESETHAND, 0);
    level = 1;
    block(BIT(SIGUSR1));
    sys_kill(self, SIGUSR1);
    sys_kill(self, SIGUSR1);
    ignore(SIGUSR2);
    SAY("ignoring a pending signal forgets it");
    SAY("    pending %lx", pending());
    ignore(SIGUSR1);
    SAY("    pending %lx", pending());
    unblock(BIT(SIGUSR1));
    SAY("several at once: the lowest number first, but handlers nest");
    for (int signal = 34; signal < 40; ++signal) handle(signal, plain, 0, 0);
    handle(SIGHUP, plain, 0, 0);
    handle(SIGTERM, plain, 0, 0);
    block(~0ul);
    sys_kill(self, 37), sys_kill(self, SIGTERM), sys_kill(self, 34), sys_kill(self, SIGHUP);
    unblock(~0ul);
    SAY("with all blocked in each");
    for (int signal = 34; signal < 40; ++signal) handle(signal, plain, 0, ~0ul);
    handle(SIGHUP, plain, 0, ~0ul);
    handle(SIGTERM, plain, 0, ~0ul);
    block(~0ul);
    sys_kill(self, 37), sys_kill(self, SIGTERM), sys_kill(self, 34), sys_kill(self, SIGHUP);
    unblock(~0ul);
    SAY("blocked at the end: %lx", current_mask());
    return 0;
}
