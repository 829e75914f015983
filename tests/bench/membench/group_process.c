// group_process.c: fork, the copy on write that follows, and exec.
#include "child.h"
#include "groups.h"
#include "touch.h"

static int fork_exit_wait(const char *name, u64 touched)
{
    struct Samples s = {.count = 0};
    const u64 n = 10;
    s64 a = 0;
    if (touched) {
        a = map_anonymous(touched);
        if (is_error(a)) return a;
        no_huge_pages(a, touched);
        touch_write(a, touched);
    }
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++) {
            s64 pid = sc0(SYS_fork);
            if (pid == 0) sc1(SYS_exit, 0);
            if (is_error(pid)) return pid;
            s64 r = reap(pid);
            if (r) return r;
        }
        add_sample(&s, rdtsc() - t);
    }
    report_ns(name, &s, n);
    if (touched) unmap(a, touched);
    return 0;
}

int group_fork(void)
{
    int r = fork_exit_wait("fork_exit_wait_min", 0);
    return r ? r : fork_exit_wait("fork_exit_wait_16m", 16 * MiB);
}

enum { SharedBytes = 16 * MiB };

static u64 write_shared(u64 a)
{
    u64 t = rdtsc();
    touch_write(a, SharedBytes);
    return rdtsc() - t;
}

int group_cow(void)
{
    struct Samples s = {.count = 0}, p = {.count = 0};
    int error;
    s64 a = map_anonymous(SharedBytes);
    if (is_error(a)) return a;
    no_huge_pages(a, SharedBytes);
    for (u64 i = 0; i < SharedBytes; i += PAGE) *(volatile u64 *)(a + i) = i + 7;
    REPEAT
    {
        u64 v = in_child(write_shared, a, &error);
        if (!v) return error;
        add_sample(&s, v);
        for (u64 i = 0; i < SharedBytes; i += PAGE) // the child must not write through
            if (*(volatile u64 *)(a + i) != i + 7) return -E_FAULT;
        u64 t = rdtsc();
        for (u64 i = 0; i < SharedBytes; i += PAGE) *(volatile u64 *)(a + i) = i + 7;
        add_sample(&p, rdtsc() - t);
    }
    report_ns("cow_fault", &s, SharedBytes / PAGE);
    report_ns("cow_reuse_fault", &p, SharedBytes / PAGE);
    unmap(a, SharedBytes);
    return 0;
}

int group_exec(void)
{
    struct Samples s = {.count = 0};
    const u64 n = 10;
    char *arguments[2] = {(char *)options.execute, 0};
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++) {
            s64 pid = sc0(SYS_fork);
            if (pid == 0) {
                s64 e = sc3(SYS_execve, (u64)options.execute, (u64)arguments, (u64)options.environment);
                sc1(SYS_exit, -e & 0x7f);
            }
            if (is_error(pid)) return pid;
            int status = -1;
            s64 r = sc6(SYS_wait4, pid, (u64)&status, 0, 0, 0, 0);
            if (is_error(r)) return r;
            if (status) return -((status >> 8 & 0x7f) ? (status >> 8 & 0x7f) : E_CHILD);
        }
        add_sample(&s, rdtsc() - t);
    }
    report_ns("fork_exec_wait", &s, n);
    return 0;
}
