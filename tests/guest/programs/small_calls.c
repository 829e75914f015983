// The small calls around processes: sigaltstack(2), prctl(2), rt_sigpending(2), process groups and sessions,
// getgroups(2), getresuid(2), umask(2), sched_getaffinity(2), sched_setaffinity(2), getcpu(2),
// get_robust_list(2), times(2).
// libc: none
#include "check.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/times.h>

#define BAD ((void *)0x1000)
#define CALL(name, ...) call_(SYS_##name, (long[6]){__VA_ARGS__})

static long call_(long number, const long *a)
{
    return system_call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static char stack_memory[8192];

static void alternate_stack(void)
{
    struct Stack {
        void *begin;
        int flags;
        unsigned long size;
    } stack = {stack_memory, 0, sizeof stack_memory}, old = {(void *)1, 1, 1};
    SHOW(CALL(sigaltstack, 0, (long)&old));
    SAY("    %d %d %lu", old.begin == 0, old.flags, old.size);
    SHOW(CALL(sigaltstack, (long)&stack, 0));
    SHOW(CALL(sigaltstack, 0, (long)&old));
    SAY("    %d %d %lu", old.begin == stack_memory, old.flags, old.size);
    stack.size = 2047;
    SHOW(CALL(sigaltstack, (long)&stack, 0));
    stack.size = 2048;
    stack.flags = 1;
    SHOW(CALL(sigaltstack, (long)&stack, (long)&old));
    SAY("    %d %lu", old.flags, old.size);
    stack.flags = 4;
    SHOW(CALL(sigaltstack, (long)&stack, 0));
    stack.flags = (int)(1u << 31);
    SHOW(CALL(sigaltstack, (long)&stack, 0));
    stack.flags = 2;
    SHOW(CALL(sigaltstack, (long)&stack, (long)&old));
    SAY("    %x %lu", (unsigned)old.flags, old.size);
    SHOW(CALL(sigaltstack, 0, (long)&old));
    SAY("    %d %d %lu", old.begin == 0, old.flags, old.size);
    SHOW(CALL(sigaltstack, (long)BAD, 0));
    SHOW(CALL(sigaltstack, 0, (long)BAD));
}

static void names(void)
{
    char name[17] = {0};
    SHOW(CALL(prctl, PR_SET_NAME, (long)"short"));
    SHOW(CALL(prctl, PR_GET_NAME, (long)name));
    SAY("    %s", name);
    SHOW(CALL(prctl, PR_SET_NAME, (long)"a name of more than fifteen"));
    SHOW(CALL(prctl, PR_GET_NAME, (long)name));
    SAY("    %s", name);
    SHOW(CALL(prctl, PR_SET_NAME, (long)BAD));
    SHOW(CALL(prctl, PR_GET_NAME, (long)BAD));
    SHOW(CALL(prctl, PR_GET_THP_DISABLE));
    SHOW(CALL(prctl, PR_SET_THP_DISABLE, 1));
    SHOW(CALL(prctl, PR_GET_THP_DISABLE));
    SHOW(CALL(prctl, PR_SET_THP_DISABLE, 0, 1));
    SHOW(CALL(prctl, PR_GET_THP_DISABLE, 1));
    SHOW(CALL(prctl, 123456));
}

static void signals(void)
{
    unsigned long set = 1ul << (SIGUSR1 - 1), pending = 99;
    SHOW(CALL(rt_sigpending, (long)&pending, 8));
    SAY("    %lx", pending);
    SHOW(CALL(rt_sigprocmask, SIG_BLOCK, (long)&set, 0, 8));
    SHOW(CALL(tkill, CALL(gettid), SIGUSR1));
    SHOW(CALL(rt_sigpending, (long)&pending, 8));
    SAY("    %lx", pending);
    pending = ~0ul;
    SHOW(CALL(rt_sigpending, (long)&pending, 1));
    SAY("    %lx", pending);
    SHOW(CALL(rt_sigpending, (long)&pending, 9));
    SHOW(CALL(rt_sigpending, (long)BAD, 8));
    SHOW(CALL(tkill, 0, SIGUSR1));
    SHOW(CALL(tkill, -1, SIGUSR1));
    SHOW(CALL(tkill, 4000000, SIGUSR1));
    SHOW(CALL(tkill, CALL(gettid), 65));
    SHOW(CALL(tkill, CALL(gettid), 0));
}

static void identity(void)
{
    long pid = CALL(getpid);
    IS(CALL(getpgrp) == pid);
    IS(CALL(getpgid, 0) == pid);
    IS(CALL(getsid, 0) == pid);
    IS(CALL(getpgid, pid) == pid);
    SHOW(CALL(getpgid, 4000000));
    SHOW(CALL(getpgid, -1));
    SHOW(CALL(getsid, 4000000));
    SHOW(CALL(getgroups, 0, 0));
    SHOW(CALL(getgroups, -1, 0));
    unsigned ids[3] = {9, 9, 9};
    SHOW(CALL(getresuid, (long)&ids[0], (long)&ids[1], (long)&ids[2]));
    SAY("    %d %d %d", (int)ids[0], (int)ids[1], (int)ids[2]);
    SHOW(CALL(getresgid, (long)&ids[0], (long)BAD, (long)&ids[2]));
    SHOW(CALL(umask, 0777077));
    SHOW(CALL(umask, 022));
    SHOW(CALL(umask, 022));
}

static void processor(void)
{
    unsigned long mask[16];
    memset(mask, 0xee, sizeof mask);
    SHOW(CALL(sched_getaffinity, 0, sizeof mask, (long)mask));
    SAY("    %lx %lx", mask[0], mask[1]);
    SHOW(CALL(sched_getaffinity, 0, 8, (long)mask));
    SHOW(CALL(sched_getaffinity, CALL(getpid), 8, (long)mask));
    SHOW(CALL(sched_getaffinity, 0, 0, (long)mask));
    SHOW(CALL(sched_getaffinity, 0, 4, (long)mask));
    SHOW(CALL(sched_getaffinity, 0, 8, (long)BAD));
    SHOW(CALL(sched_getaffinity, 4000000, 8, (long)mask));
    SHOW(CALL(sched_getaffinity, -1, 8, (long)mask));
    mask[0] = 3;
    SHOW(CALL(sched_setaffinity, 0, 8, (long)mask));
    SHOW(CALL(sched_setaffinity, CALL(getpid), 1, (long)mask));
    SHOW(CALL(sched_setaffinity, 0, sizeof mask, (long)mask));
    SHOW(CALL(sched_setaffinity, 0, 0, (long)mask));
    SHOW(CALL(sched_setaffinity, 0, 8, (long)BAD));
    SHOW(CALL(sched_setaffinity, 4000000, 8, (long)mask));
    SHOW(CALL(sched_setaffinity, -1, 8, (long)mask));
    mask[0] = 2;
    SHOW(CALL(sched_setaffinity, 0, 8, (long)mask));
    unsigned cpu = 9, node = 9;
    SHOW(CALL(getcpu, (long)&cpu, (long)&node));
    SAY("    %d %d", (int)cpu, (int)node);
    SHOW(CALL(getcpu, 0, 0));
    SHOW(CALL(getcpu, (long)BAD, 0));
}

static void rest(void)
{
    unsigned long head[3] = {0}, *got = 0, size = 0;
    SHOW(CALL(set_robust_list, (long)head, 24));
    SHOW(CALL(get_robust_list, 0, (long)&got, (long)&size));
    SAY("    %d %lu", got == head, size);
    SHOW(CALL(get_robust_list, CALL(getpid), (long)&got, (long)&size));
    SHOW(CALL(get_robust_list, 4000000, (long)&got, (long)&size));
    SHOW(CALL(get_robust_list, 0, (long)BAD, (long)&size));
    SHOW(CALL(get_robust_list, 0, (long)&got, (long)BAD));
    SHOW(CALL(set_robust_list, (long)head, 25));
    struct tms times = {-1, -1, -1, -1};
    SHOW_OK(CALL(times, (long)&times));
    IS(times.tms_utime >= 0 && times.tms_utime < 100 && times.tms_cutime == 0);
    SHOW_OK(CALL(times, 0));
    SHOW(CALL(times, (long)BAD));
}

int main(void)
{
    SAY("sigaltstack");
    alternate_stack();
    SAY("prctl");
    names();
    SAY("signals");
    signals();
    SAY("identity");
    identity();
    SAY("processor");
    processor();
    SAY("robust list and times");
    rest();
    return 0;
}
