// fork(2): what the child has of its parent's, what it begins anew, and that changes do not go back.
// libc: none
// add: tests/guest/data/text.txt=/data/text.txt
#include "areas.h"
#include "handlers.h"

static int ends[2];

static void show_cwd(void)
{
    char path[64] = "";
    sys_getcwd(path, sizeof path);
    SAY("    in %s", path);
}

static void nothing(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

static long now_timer(void)
{
    struct itimerval {
        struct timeval interval, value;
    } timer = {{9, 9}, {9, 9}};
    sys_getitimer(0, &timer);
    return timer.value.tv_sec != 0 || timer.value.tv_usec != 0;
}

static int child(void)
{
    struct KernelAction action;
    struct rusage usage;
    struct rlimit limit;
    long times[4] = {9, 9, 9, 9};
    IS(pending() == 0);
    IS(current_mask() == (BIT(SIGUSR1) | BIT(SIGHUP)));
    SHOW(sys_rt_sigaction(SIGUSR2, NULL, &action, 8));
    IS(action.handler == (unsigned long)nothing && action.mask == BIT(SIGINT));
    SHOW(sys_rt_sigaction(SIGTERM, NULL, &action, 8));
    IS(action.handler == (unsigned long)SIG_IGN);
    SHOW(sys_alarm(0)); // not the parent's
    IS(now_timer() == 0);
    SHOW(sys_getrusage(RUSAGE_CHILDREN, &usage));
    IS(usage.ru_minflt == 0 && usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec == 0);
    SHOW_OK(sys_times(times));
    IS(times[2] == 0 && times[3] == 0);
    sys_getrusage(RUSAGE_SELF, &usage);
    IS(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec < 500000);
    sys_getrlimit(RLIMIT_NOFILE, &limit);
    SAY("    limits %ld %ld", (long)limit.rlim_cur, (long)limit.rlim_max);
    SHOW(system_call(SYS_getpriority, 0, 0, 0, 0, 0, 0));
    IS(sys_getpid() == sys_gettid());
    IS(status_number("VmLck:") == 0);
    show_cwd();
    SAY("    umask %lx", sys_umask(0));
    SHOW(sys_chdir("/"));
    SHOW(system_call(SYS_setpriority, 0, 0, 7, 0, 0, 0));
    limit.rlim_cur = 50;
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    ignore(SIGUSR2);
    unblock(~0ul);
    SHOW(sys_lseek(3, 0, SEEK_CUR));
    SHOW(sys_lseek(3, 50, SEEK_SET));
    SHOW(sys_fcntl(3, F_GETFD, 0));
    SHOW(sys_fcntl(3, F_SETFD, 0));
    SHOW(sys_close(4));
    SHOW(sys_close(ends[0]));
    return 0;
}

int main(void)
{
    SHOW(sys_open("/data/text.txt", O_RDONLY | O_CLOEXEC, 0));
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    make_pipe(ends);
    struct rlimit limit = {100, 200};
    SHOW(sys_setrlimit(RLIMIT_NOFILE, &limit));
    SHOW(sys_chdir("/proc"));
    sys_umask(0x12);
    handle(SIGUSR2, nothing, SA_RESTART, BIT(SIGINT));
    ignore(SIGTERM);
    block(BIT(SIGUSR1) | BIT(SIGHUP));
    sys_kill(sys_getpid(), SIGUSR1);
    SHOW(sys_alarm(1000));
    SHOW(system_call(SYS_setpriority, 0, 0, 3, 0, 0, 0));
    SHOW(sys_lseek(3, 10, SEEK_SET));
    map_at(BASE, PAGE, PROT_READ | PROT_WRITE);
    SHOW(sys_mlock(BASE, PAGE));

    SAY("the child");
    show_end("it", start(child));

    SAY("the parent");
    struct KernelAction action;
    IS(pending() == BIT(SIGUSR1));
    IS(current_mask() == (BIT(SIGUSR1) | BIT(SIGHUP)));
    sys_rt_sigaction(SIGUSR2, NULL, &action, 8);
    IS(action.handler == (unsigned long)nothing);
    IS(now_timer() == 1);
    IS(sys_alarm(0) > 900);
    IS(status_number("VmLck:") == 4);
    SHOW(system_call(SYS_getpriority, 0, 0, 0, 0, 0, 0));
    sys_getrlimit(RLIMIT_NOFILE, &limit);
    SAY("    limits %ld %ld", (long)limit.rlim_cur, (long)limit.rlim_max);
    show_cwd();
    SAY("    umask %lx", sys_umask(0));
    SHOW(sys_lseek(3, 0, SEEK_CUR));
    SHOW(sys_fcntl(3, F_GETFD, 0));
    SHOW(sys_close(4));
    SHOW(sys_write(ends[1], "x", 1));
    return 0;
}
