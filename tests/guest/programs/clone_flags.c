// clone(2) for processes: what is shared by each flag, the words of parent and child, other signals than
// SIGCHLD, and combinations that are refused.
// libc: none
#include <sched.h>

#include "handlers.h"

static char stack[16 * PAGE] __attribute__((aligned(16)));
static volatile int value;
static int parent_word, child_word;

// clone with a stack of its own, on which `body` runs.
long clone_on_stack(unsigned long flags, void *top, int *parent, int *child, int (*body)(void));
__asm__("clone_on_stack:\n"
        "    mov %rcx, %r10\n" // child_tid
        "    mov %r8, %r9\n"
        "    xor %r8d, %r8d\n"
        "    mov $56, %eax\n"
        "    syscall\n"
        "    test %rax, %rax\n"
        "    jnz 1f\n"
        "    xor %ebp, %ebp\n"
        "    call *%r9\n"
        "    mov %eax, %edi\n"
        "    mov $60, %eax\n"
        "    syscall\n"
        "1:  ret\n");

static long run_clone(unsigned long flags, int (*body)(void))
{
    return clone_on_stack(flags, stack + sizeof stack - 16, &parent_word, &child_word, body);
}

static volatile int got;
static void handler(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    got = signal;
}

static int write_value(void)
{
    value = 5;
    return 1;
}
static int use_files(void)
{
    sys_close(3);
    sys_open("/dev/null", O_RDONLY, 0);
    sys_open("/dev/null", O_RDONLY, 0);
    return 2;
}
static int use_fs(void)
{
    sys_chdir("/proc");
    sys_umask(077);
    return 3;
}
static int use_handlers(void)
{
    ignore(SIGUSR2);
    return 4;
}
static int look_at_words(void)
{
    return child_word == sys_getpid() ? 5 : 6;
}
static int who_is_parent(void)
{
    return sys_getppid() == value ? 7 : 8;
}

static void show_state(void)
{
    char path[64] = "";
    struct KernelAction action;
    sys_getcwd(path, sizeof path);
    long mask = sys_umask(022);
    sys_rt_sigaction(SIGUSR2, NULL, &action, 8);
    SAY("    value %d, descriptor 4 %s, in %s, umask %lx, SIGUSR2 %s", value,
        sys_fcntl(4, F_GETFD, 0) < 0 ? "closed" : "open", path, mask,
        action.handler == 1 ? "ignored" : "default");
    value = 0;
    sys_close(4);
    sys_chdir("/");
    sys_umask(022);
    by_default(SIGUSR2);
}

static void all(unsigned long flags)
{
    show_end("    memory", run_clone(flags | SIGCHLD, write_value));
    show_end("    files", run_clone(flags | SIGCHLD, use_files));
    show_end("    place", run_clone(flags | SIGCHLD, use_fs));
    show_end("    handlers", run_clone(flags | SIGCHLD, use_handlers));
    show_state();
}

static void refused(const char *what, unsigned long flags)
{
    long result = sys_clone(flags, NULL, NULL, NULL, 0);
    if (result == 0) leave(0);
    SAY("    %s: %s", what, failed(result) ? errno_name(-result) : "a child");
    if (result > 0) sys_wait4(result, NULL, __WALL, NULL);
}

int main(void)
{
    sys_umask(022);
    sys_open("/dev/null", O_RDONLY, 0);
    SAY("nothing shared");
    all(0);
    SAY("CLONE_VM");
    all(CLONE_VM);
    SAY("CLONE_FILES");
    all(CLONE_FILES);
    SAY("CLONE_FS");
    all(CLONE_FS);
    SAY("CLONE_VM and CLONE_SIGHAND");
    all(CLONE_VM | CLONE_SIGHAND);
    SAY("all");
    all(CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES | CLONE_VFORK);

    SAY("words");
    parent_word = child_word = 0;
    long child = run_clone(CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, look_at_words);
    IS(parent_word == child);
    IS(child_word == 0); // in the child's memory
    show_end("    it", child);
    child_word = 1;
    child = run_clone(CLONE_CHILD_CLEARTID | CLONE_VM | SIGCHLD, write_value);
    // The end clears the word and wakes who waits for it.
    while (*(volatile int *)&child_word) sys_futex(&child_word, 0, 1, NULL, NULL, 0);
    SAY("    cleared: %d", child_word);
    show_end("    it", child);
    child = run_clone(CLONE_CHILD_CLEARTID | SIGCHLD, write_value);
    child_word = 1;
    show_end("    it", child);
    SAY("    not cleared: %d", child_word);
    child = sys_clone(CLONE_PARENT_SETTID | SIGCHLD, NULL, (void *)0x1000, NULL, 0);
    if (child == 0) leave(9);
    show_end("    a bad place for the word", child);

    SAY("who computes without end loses the processor to others");
    value = 0;
    child = run_clone(CLONE_VM | SIGCHLD, write_value);
    while (value != 5) {}
    show_end("    the other", child);

    SAY("CLONE_PARENT");
    value = (int)sys_getpid();
    long middle = sys_fork();
    if (middle == 0) {
        sys_setpgid(0, 0);
        long group = sys_getpid();
        long sibling = sys_clone(CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, 0);
        if (sibling == 0) leave(sys_getpgid(0) == group ? who_is_parent() : 9); // not the parent's group
        leave(sys_wait4(sibling, NULL, 0, NULL) == -ECHILD ? 0 : 1);
    }
    show_end("    the middle", middle);
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, NULL);
    show_end("    its sibling", info.si_pid);

    SAY("another signal, or none");
    value = 0;
    handle(SIGUSR1, handler, SA_SIGINFO, 0);
    handle(SIGCHLD, handler, SA_SIGINFO, 0);
    child = sys_clone(SIGUSR1, NULL, NULL, NULL, 0);
    if (child == 0) leave(11);
    IS(sys_wait4(child, NULL, 0, NULL) == -ECHILD);
    int status;
    IS(sys_wait4(child, &status, __WCLONE, NULL) == child);
    say_status("    it", status);
    SAY("    %s", signal_name(got));
    got = 0;
    child = sys_clone(0, NULL, NULL, NULL, 0);
    if (child == 0) leave(12);
    IS(sys_wait4(child, &status, __WALL, NULL) == child);
    say_status("    it", status);
    SAY("    %s", signal_name(got));

    SAY("refused");
    refused("CLONE_SIGHAND without CLONE_VM", CLONE_SIGHAND | SIGCHLD);
    refused("CLONE_THREAD without CLONE_SIGHAND", CLONE_THREAD | CLONE_VM);
    refused("CLONE_FS with CLONE_NEWNS", CLONE_FS | CLONE_NEWNS | SIGCHLD);
    refused("CLONE_THREAD alone", CLONE_THREAD);
    refused("CLONE_PIDFD with CLONE_PARENT_SETTID", CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD);
    refused("CLONE_PIDFD with CLONE_DETACHED", CLONE_PIDFD | CLONE_DETACHED | SIGCHLD);
    return 0;
}
