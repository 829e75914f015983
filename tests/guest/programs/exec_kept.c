// execve(2): what the new program has of the old one, and what it does not.
// libc: none
// args: first
#include <sys/prctl.h>

#include "areas.h"
#include "handlers.h"

static char *const nothing[] = {NULL};
struct itimerval {
    struct timeval interval, value;
};

static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

static void show_action(int signal)
{
    struct KernelAction action;
    sys_rt_sigaction(signal, NULL, &action, 8);
    SAY("    %s: %s, flags %lx, mask %lx", signal_name(signal),
        action.handler == 0   ? "default"
        : action.handler == 1 ? "ignored"
                              : "a handler",
        action.flags & ~RESTORER, action.mask);
}

static void show_name(void)
{
    char name[17] = "";
    system_call(SYS_prctl, PR_GET_NAME, (long)name, 0, 0, 0, 0);
    SAY("    its name is %s", name);
}

static int second(char **argv)
{
    struct itimerval timer;
    stack_t altstack;
    struct rlimit limit;
    char path[64] = "", byte;
    long pid = 0;
    for (const char *c = argv[2]; *c; ++c) pid = pid * 10 + (*c - '0');
    IS(sys_getpid() == pid);
    long start_of_it = 0;
    for (const char *c = argv[3]; *c; ++c) start_of_it = start_of_it * 10 + (*c - '0');
    IS(sys_getppid() == start_of_it);
    IS(sys_getpgid(0) == pid);
    show_name();
    SAY("signals");
    show_action(SIGUSR1);
    show_action(SIGUSR2);
    show_action(SIGCHLD);
    SAY("    mask %lx, pending %lx", current_mask(), pending());
    SHOW(sys_sigaltstack(NULL, &altstack));
    SAY("    alternate stack: flags %d, size %lu, %s", altstack.ss_flags, altstack.ss_size,
        altstack.ss_sp ? "somewhere" : "nowhere");
    sys_getitimer(0, &timer);
    IS(timer.value.tv_sec > 900 && timer.interval.tv_sec == 77);
    SHOW(system_call(SYS_timer_gettime, 0, (long)&timer, 0, 0, 0, 0));
    SAY("descriptors");
    for (int i = 3; i < 10; ++i) {
        long flags = sys_fcntl(i, F_GETFD, 0);
        if (flags >= 0) SAY("    %d: %ld", i, flags);
    }
    SHOW(sys_lseek(4, 0, SEEK_CUR));
    SAY("memory");
    show_areas(BASE, GIB);
    SHOW(sys_mincore(BASE, PAGE, &byte));
    IS(status_number("VmLck:") == 0);
    SAY("the rest");
    sys_getcwd(path, sizeof path);
    SAY("    in %s, umask %lx", path, sys_umask(0));
    sys_getrlimit(RLIMIT_NOFILE, &limit);
    SAY("    limits %ld %ld", (long)limit.rlim_cur, (long)limit.rlim_max);
    SHOW(system_call(SYS_getpriority, 0, 0, 0, 0, 0, 0));
    int status;
    IS(sys_wait4(-1, &status, 0, NULL) > 0); // a child of the old program's
    say_status("    a child", status);
    return 0;
}

static int quiet(void)
{
    return 12;
}

static void number_text(char *text, long number)
{
    struct Line line;
    line.used = 0;
    add_number(&line, (unsigned long)number, 10);
    add_char(&line, 0);
    memcpy(text, line.text, line.used);
}

static int prepare(void)
{
    static char altstack_memory[16 * PAGE];
    stack_t altstack = {altstack_memory, 0, sizeof altstack_memory};
    struct itimerval timer = {{77, 0}, {1000, 0}};
    struct rlimit limit = {64, 128};
    int timer_id = -1;
    sys_setpgid(0, 0);
    handle(SIGUSR1, handler, SA_RESTART | SA_NODEFER, BIT(SIGINT));
    ignore(SIGUSR2);
    handle(SIGCHLD, handler, SA_NOCLDSTOP, 0);
    block(BIT(SIGTERM) | BIT(SIGCHLD));
    SHOW(sys_sigaltstack(&altstack, NULL));
    SHOW(sys_setitimer(0, &timer, NULL));
    SHOW(system_call(SYS_timer_create, CLOCK_MONOTONIC, 0, (long)&timer_id, 0, 0, 0));
    SHOW(timer_id);
    SHOW(sys_open("/dev/null", O_RDONLY | O_CLOEXEC, 0));
    SHOW(sys_open("/proc/self/maps", O_RDONLY, 0));
    SHOW(sys_lseek(4, 5, SEEK_SET));
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    SHOW(sys_fcntl(5, F_SETFD, FD_CLOEXEC));
    SHOW(sys_open("/dev/null", O_RDWR, 0));
    map_at(BASE, 4 * PAGE, PROT_READ | PROT_WRITE);
    touch(BASE);
    sys_mlock(BASE, PAGE);
    SHOW(system_call(SYS_mlockall, MCL_FUTURE, 0, 0, 0, 0, 0));
    sys_chdir("/proc");
    sys_umask(0x17);
    sys_setrlimit(RLIMIT_NOFILE, &limit);
    system_call(SYS_setpriority, 0, 0, 4, 0, 0, 0);
    sys_tgkill(sys_getpid(), sys_getpid(), SIGTERM);
    system_call(SYS_prctl, PR_SET_NAME, (long)"a name", 0, 0, 0, 0);
    start(quiet);
    siginfo_t info;
    sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, NULL); // SIGCHLD is pending
    char pid[24], parent[24];
    number_text(pid, sys_getpid());
    number_text(parent, sys_getppid());
    show_name();
    sys_execve("/proc/self/exe", (char *[]){"exec_kept", "second", pid, parent, NULL}, nothing);
    return 99;
}

int main(int argc, char **argv)
{
    if (argc > 2) return second(argv);
    show_end("it", start(prepare));
    return 0;
}
