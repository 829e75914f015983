// sigaltstack(2): values and errors, handlers on it, changes from there, SS_AUTODISARM, fork, and what
// a stack overflow needs it for.
// libc: none
#include "bad_pointers.h"
#include "handlers.h"

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif

static char memory[32 * PAGE] __attribute__((aligned(16))), second[32 * PAGE] __attribute__((aligned(16)));

static void show_stack(const char *what)
{
    stack_t now;
    long result = sys_sigaltstack(NULL, &now);
    SAY("    %s: %ld, flags %x, %s, size %lu", what, result, (unsigned)now.ss_flags,
        now.ss_sp == memory   ? "the first"
        : now.ss_sp == second ? "the second"
        : now.ss_sp           ? "another"
                              : "none",
        now.ss_size);
}
static long set(void *address, unsigned flags, size_t size)
{
    stack_t wanted = {address, (int)flags, size};
    return sys_sigaltstack(&wanted, NULL);
}
static const char *where(void)
{
    char *here = __builtin_frame_address(0);
    return here >= memory && here < memory + sizeof memory   ? "the first"
           : here >= second && here < second + sizeof second ? "the second"
                                                             : "the program's own";
}

static void on_it(int signal, siginfo_t *info, void *context)
{
    (void)info;
    ucontext_t *user = context;
    SAY("    %s on %s stack, uc_stack flags %x size %lu", signal_name(signal), where(),
        (unsigned)user->uc_stack.ss_flags, user->uc_stack.ss_size);
    show_stack("in the handler");
    SHOW(set(second, 0, sizeof second));
    SHOW(set(NULL, SS_DISABLE, 0));
    if (signal == SIGUSR1) sys_kill(sys_getpid(), SIGUSR2);
}
static void overflow(int signal, siginfo_t *info, void *context)
{
    (void)context;
    SAY("    %s %s on %s stack", signal_name(signal),
        info->si_code == SEGV_MAPERR ? "SEGV_MAPERR" : "another code", where());
    leave(9);
}

static volatile int depth;
__attribute__((noinline)) static int deeper(int level)
{
    volatile char room[4096];
    room[0] = room[4095] = (char)level;
    ++depth;
    if (level < 0) return 0;
    return deeper(level + 1) + room[0];
}
static int without(void)
{
    struct rlimit limit = {1 << 20, 1 << 20};
    sys_setrlimit(RLIMIT_STACK, &limit);
    set(NULL, SS_DISABLE, 0);
    handle(SIGSEGV, overflow, SA_SIGINFO | SA_ONSTACK, 0);
    return deeper(0);
}
static int with(void)
{
    struct rlimit limit = {1 << 20, 1 << 20};
    sys_setrlimit(RLIMIT_STACK, &limit);
    set(memory, 0, sizeof memory);
    handle(SIGSEGV, overflow, SA_SIGINFO | SA_ONSTACK, 0);
    return deeper(0);
}
static void recurse(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    if (depth++ < 1000) sys_kill(sys_getpid(), signal);
}
// The alternate stack is used up by handlers within handlers.
static int used_up(void)
{
    set(memory, 0, 8192);
    handle(SIGUSR1, recurse, SA_ONSTACK | SA_NODEFER, 0);
    depth = 0;
    sys_kill(sys_getpid(), SIGUSR1);
    return 1;
}
static int not_mapped(void)
{
    set(BASE + 5 * GIB, 0, sizeof memory);
    handle(SIGUSR1, recurse, SA_ONSTACK, 0);
    sys_kill(sys_getpid(), SIGUSR1);
    return 1;
}
static int inherited(void)
{
    show_stack("the child's");
    return 0;
}

int main(void)
{
    show_stack("at first");
    SAY("set");
    SHOW(set(memory, 0, sizeof memory));
    show_stack("then");
    SHOW(set(second, SS_ONSTACK, sizeof second));
    show_stack("then");
    SHOW(set(memory, SS_DISABLE, 5));
    show_stack("then");
    SAY("refused");
    SHOW(set(memory, 0, 0));
    SHOW(set(memory, 0, 100));
    SHOW(set(memory, 0, 2047));
    SHOW(set(memory, 4, sizeof memory));
    SHOW(set(memory, SS_ONSTACK | SS_DISABLE, sizeof memory));
    WITH_BAD_POINTERS(bad ? sys_sigaltstack(bad, NULL) : -EFAULT);
    WITH_BAD_POINTERS(bad ? sys_sigaltstack(NULL, bad) : -EFAULT);
    SHOW(sys_sigaltstack(NULL, read_only_page()));
    SHOW(sys_sigaltstack(NULL, NULL));
    show_stack("nothing has changed");

    SAY("in a handler");
    handle(SIGUSR1, on_it, SA_SIGINFO | SA_ONSTACK, 0);
    handle(SIGUSR2, on_it, SA_SIGINFO | SA_ONSTACK, 0);
    set(memory, 0, sizeof memory);
    sys_kill(sys_getpid(), SIGUSR1);
    show_stack("afterwards");
    SAY("not asked for");
    handle(SIGUSR1, on_it, SA_SIGINFO, 0);
    handle(SIGUSR2, on_it, SA_SIGINFO, 0);
    set(memory, 0, sizeof memory);
    sys_kill(sys_getpid(), SIGUSR2);
    show_stack("afterwards");
    SAY("SS_AUTODISARM");
    handle(SIGUSR2, on_it, SA_SIGINFO | SA_ONSTACK, 0);
    SHOW(set(memory, SS_AUTODISARM, sizeof memory));
    show_stack("before");
    sys_kill(sys_getpid(), SIGUSR2);
    show_stack("afterwards");

    SAY("fork");
    set(memory, 0, sizeof memory);
    show_end("    it", start(inherited));
    SAY("a stack that overflows");
    show_end("    without", start(without));
    show_end("    with", start(with));
    SAY("an alternate stack that does not help");
    show_end("    used up", start(used_up));
    show_end("    not mapped", start(not_mapped));
    return 0;
}
