// rt_sigaction(2): what is set is kept and given back; what it refuses.
// libc: none
#include "bad_pointers.h"
#include "signals.h"

static void show_action(const struct KernelAction *action)
{
    const char *handler = action->handler == 0 ? "default" : action->handler == 1 ? "ignore" : "a handler";
    SAY("    %s flags 0x%lx mask 0x%lx", handler, action->flags & ~0x4000000ul, action->mask); // SA_RESTORER
}

static void handler(int signal)
{
    (void)signal;
}

int main(void)
{
    struct KernelAction action, old = {7, 7, 7, 7};
    SAY("at first");
    SHOW(sys_rt_sigaction(SIGUSR1, NULL, &old, 8));
    show_action(&old);
    SAY("ignored");
    action = (struct KernelAction){(unsigned long)SIG_IGN, 0, 0, 0};
    SHOW(sys_rt_sigaction(SIGUSR1, &action, &old, 8));
    show_action(&old);
    SHOW(sys_rt_sigaction(SIGUSR1, NULL, &old, 8));
    show_action(&old);
    SAY("handled");
    action = (struct KernelAction){(unsigned long)handler, SA_RESTART | SA_NODEFER | 0x4000000, 0x1234,
                                   BIT(SIGUSR2)};
    SHOW(sys_rt_sigaction(SIGUSR1, &action, &old, 8));
    show_action(&old);
    SHOW(sys_rt_sigaction(SIGUSR1, NULL, &old, 8));
    show_action(&old);
    IS(old.handler == (unsigned long)handler);
    SAY("SIGKILL and SIGSTOP cannot be in the mask");
    action.mask = ~0ul;
    SHOW(sys_rt_sigaction(SIGUSR1, &action, NULL, 8));
    SHOW(sys_rt_sigaction(SIGUSR1, NULL, &old, 8));
    show_action(&old);
    SAY("real-time signals are signals");
    SHOW(sys_rt_sigaction(64, &action, NULL, 8));
    SHOW(sys_rt_sigaction(34, NULL, &old, 8));
    show_action(&old);

    SAY("refused");
    SHOW(sys_rt_sigaction(0, NULL, &old, 8));
    SHOW(sys_rt_sigaction(65, NULL, &old, 8));
    SHOW(sys_rt_sigaction(-1, &action, NULL, 8));
    SHOW(sys_rt_sigaction(SIGUSR1, &action, NULL, 4));
    SHOW(sys_rt_sigaction(SIGUSR1, &action, NULL, 128));
    SHOW(sys_rt_sigaction(SIGKILL, &action, NULL, 8));
    SHOW(sys_rt_sigaction(SIGSTOP, &action, NULL, 8));
    SAY("asking is allowed");
    SHOW(sys_rt_sigaction(SIGKILL, NULL, &old, 8));
    show_action(&old);
    SHOW(sys_rt_sigaction(SIGUSR1, NULL, NULL, 8));
    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_rt_sigaction(SIGUSR2, bad, NULL, 8));
    WITH_BAD_POINTERS(sys_rt_sigaction(SIGUSR2, NULL, bad, 8));
    SHOW(sys_rt_sigaction(SIGUSR2, last_bytes(31), NULL, 8));
    SHOW(sys_rt_sigaction(SIGUSR2, NULL, last_bytes(31), 8));
    SHOW(sys_rt_sigaction(SIGUSR2, NULL, read_only_page(), 8));
    return 0;
}
