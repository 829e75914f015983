// group_calls.c: the cheapest ways into the kernel and back: getppid, a byte through a pipe, and through two
// pipes to another process and back; and what a pipe between two processes can carry.
#include "child.h"
#include "groups.h"

int group_tsc(void)
{
    report("tsc_at_start", (double)rdtsc(), "ticks");
    return 0;
}

int group_syscall(void)
{
    struct Samples s = {.count = 0};
    const u64 n = 20000;
    s64 r = sc0(SYS_getppid);
    if (is_error(r)) return r;
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++) sc0(SYS_getppid);
        add_sample(&s, rdtsc() - t);
    }
    report_ns("syscall_getppid", &s, n);
    return 0;
}

int group_pipe1(void)
{
    struct Samples s = {.count = 0};
    const u64 n = 5000;
    int fd[2];
    char c = 'x';
    s64 r = sc1(SYS_pipe, fd);
    if (is_error(r)) return r;
    REPEAT
    {
        u64 t = rdtsc();
        for (u64 i = 0; i < n; i++) {
            if ((r = sc3(SYS_write, fd[1], (u64)&c, 1)) != 1) goto bad;
            if ((r = sc3(SYS_read, fd[0], (u64)&c, 1)) != 1) goto bad;
        }
        add_sample(&s, rdtsc() - t);
    }
    report_ns("pipe_write_read_1", &s, n);
    r = 1;
bad:
    sc1(SYS_close, fd[0]), sc1(SYS_close, fd[1]);
    return r == 1 ? 0 : r ? r : -E_IO;
}

static void answer(int from, int to)
{
    char c;
    while (sc3(SYS_read, from, (u64)&c, 1) == 1)
        if (sc3(SYS_write, to, (u64)&c, 1) != 1) break;
    sc1(SYS_exit, 0);
}

int group_pingpong(void)
{
    struct Samples s = {.count = 0};
    const u64 n = 1000;
    int ab[2], ba[2];
    char c = 'x';
    s64 r = sc1(SYS_pipe, ab);
    if (is_error(r)) return r;
    r = sc1(SYS_pipe, ba);
    if (is_error(r)) return r;
    s64 pid = sc0(SYS_fork);
    if (pid == 0) {
        sc1(SYS_close, ab[1]), sc1(SYS_close, ba[0]);
        answer(ab[0], ba[1]);
    }
    sc1(SYS_close, ab[0]), sc1(SYS_close, ba[1]);
    int bad = is_error(pid);
    if (!bad) REPEAT
        {
            u64 t = rdtsc();
            for (u64 i = 0; i < n && !bad; i++) {
                if (sc3(SYS_write, ab[1], (u64)&c, 1) != 1) bad = 1;
                if (sc3(SYS_read, ba[0], (u64)&c, 1) != 1) bad = 1;
            }
            add_sample(&s, rdtsc() - t);
        }
    sc1(SYS_close, ab[1]), sc1(SYS_close, ba[0]);
    if (is_error(pid)) return pid;
    reap(pid);
    if (bad) return -E_IO;
    report_ns("pipe_pingpong_roundtrip", &s, n);
    return 0;
}

static void pour(int to, u64 total)
{
    static char bytes[64 << 10];
    while (total != 0) {
        s64 n = sc3(SYS_write, to, (u64)bytes, sizeof bytes);
        if (n <= 0) break;
        total -= (u64)n;
    }
    sc1(SYS_exit, 0);
}

// From one process to another, 64 KiB a call: the child writes as fast as it can, and this one reads.
int group_pipe(void)
{
    static char bytes[64 << 10];
    struct Samples s = {.count = 0};
    const u64 total = 16 * MiB;
    int bad = 0, fd[2];
    s64 pid = 0;
    REPEAT
    {
        s64 r = sc1(SYS_pipe, fd);
        if (is_error(r)) return r;
        u64 t = rdtsc();
        pid = sc0(SYS_fork);
        if (pid == 0) {
            sc1(SYS_close, fd[0]);
            pour(fd[1], total);
        }
        sc1(SYS_close, fd[1]);
        u64 got = 0;
        for (s64 n = 1; !is_error(pid) && n > 0; got += (u64)n)
            if ((n = sc3(SYS_read, fd[0], (u64)bytes, sizeof bytes)) < 0) break;
        add_sample(&s, rdtsc() - t);
        sc1(SYS_close, fd[0]);
        if (is_error(pid)) return pid;
        reap(pid);
        if (got != total) bad = 1;
    }
    if (bad) return -E_IO;
    report_rate("pipe_throughput_64k", &s, total);
    report_ns("pipe_throughput_per_64k", &s, total / sizeof bytes);
    return 0;
}
