// rt_sigprocmask(2): blocking, unblocking, setting, asking; what it refuses. /proc/self/status shows the
// same.
#include "areas.h"
#include "bad_pointers.h"
#include "signals.h"

static unsigned long status_mask(const char *name)
{
    static char text[16 * 1024];
    read_whole("/proc/self/status", text, sizeof text);
    for (const char *line = text; *line; ++line) {
        const char *l = line, *n = name;
        while (*n && *l == *n) ++l, ++n;
        if (*n) continue;
        while (*l == ' ' || *l == '\t') ++l;
        unsigned long value;
        read_hex(l, &value);
        return value;
    }
    return 0xbad;
}

static void show_mask(void)
{
    unsigned long mask = 0xbad;
    sys_rt_sigprocmask(SIG_BLOCK, NULL, &mask, 8);
    SAY("    blocked 0x%lx", mask);
}

int main(void)
{
    unsigned long set, old = 7;
    show_mask();
    set = BIT(SIGUSR1) | BIT(SIGTERM);
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, &set, &old, 8));
    SAY("before: 0x%lx", old);
    show_mask();
    set = BIT(SIGUSR2);
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, &set, &old, 8));
    SAY("before: 0x%lx", old);
    show_mask();
    set = BIT(SIGUSR1) | BIT(SIGHUP);
    SHOW(sys_rt_sigprocmask(SIG_UNBLOCK, &set, &old, 8));
    SAY("before: 0x%lx", old);
    show_mask();
    set = BIT(64) | BIT(1);
    SHOW(sys_rt_sigprocmask(SIG_SETMASK, &set, NULL, 8));
    show_mask();
    set = ~0ul;
    SHOW(sys_rt_sigprocmask(SIG_SETMASK, &set, NULL, 8));
    SAY("all but SIGKILL and SIGSTOP");
    show_mask();
    IS(status_mask("SigBlk:") == (~0ul & ~BIT(SIGKILL) & ~BIT(SIGSTOP)));
    SHOW(ignore(SIGUSR1));
    SHOW(sys_tgkill(sys_getpid(), sys_gettid(), SIGTERM));
    IS(status_mask("SigIgn:") == BIT(SIGUSR1));
    IS(status_mask("SigPnd:") == BIT(SIGTERM));
    SAY("the same set as input and output");
    set = BIT(SIGTERM);
    SHOW(sys_rt_sigprocmask(SIG_SETMASK, &set, &set, 8));
    SAY("0x%lx", set);
    show_mask();

    SAY("refused");
    SHOW(sys_rt_sigprocmask(3, &set, NULL, 8));
    SHOW(sys_rt_sigprocmask(-1, &set, NULL, 8));
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, &set, NULL, 4));
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, &set, NULL, 128));
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, NULL, NULL, 0));
    SAY("without a set the how is not looked at");
    SHOW(sys_rt_sigprocmask(99, NULL, &old, 8));
    SAY("bad pointers");
    WITH_BAD_POINTERS(sys_rt_sigprocmask(SIG_BLOCK, bad, NULL, 8));
    WITH_BAD_POINTERS(sys_rt_sigprocmask(SIG_BLOCK, NULL, bad, 8));
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, last_bytes(7), NULL, 8));
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, NULL, last_bytes(7), 8));
    SHOW(sys_rt_sigprocmask(SIG_BLOCK, NULL, read_only_page(), 8));
    show_mask();
    return 0;
}
