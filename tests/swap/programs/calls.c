// calls: system calls whose arguments lie in memory that is on swap. Each result is compared with that of the
// same call with memory that is there, or with what is known.
#include "pages.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>

enum { Pages = 4 };
static char *out;               // these go to swap again before each call
static char here[Pages * PAGE]; // the same in memory, as it must be
static unsigned failures, calls;

// Prepares a call: what `here` has goes to `out`, and from there to swap.
static char *gone(void)
{
    memcpy(out, here, sizeof here);
    put_out(out, Pages);
    for (size_t i = 0; i < Pages; i++) {
        if (is_out(out + i * PAGE)) continue;
        puts("it is not out");
        exit(1);
    }
    return out;
}
static void check(const char *what, bool is_so)
{
    calls++;
    if (is_so && memcmp(out, here, sizeof here) == 0) return;
    printf("%s: %s\n", what, is_so ? "other bytes" : "another result");
    failures++;
}

static const char *exe = "/proc/self/exe";

static void reading(void)
{
    int fd = open(exe, O_RDONLY);
    size_t size = 3 * PAGE; // over four pages, at both ends in the middle
    gone();
    ssize_t got = pread(fd, out + 100, size, 64);
    check("pread", pread(fd, here + 100, size, 64) == got && got == (ssize_t)size);
    gone();
    got = read(fd, out + 100, size);
    lseek(fd, 0, SEEK_SET);
    check("read", read(fd, here + 100, size) == got && got == (ssize_t)size);

    // The vector itself, and what it leads to.
    struct iovec *there = (struct iovec *)out, *mine = (struct iovec *)here;
    for (size_t i = 0; i < 3; i++) mine[i] = (struct iovec){out + (i + 1) * PAGE + i, 100 * (i + 1)};
    gone();
    lseek(fd, 1000, SEEK_SET);
    got = readv(fd, there, 3);
    struct iovec vector[3];
    memcpy(vector, mine, sizeof vector);
    for (size_t i = 0; i < 3; i++) vector[i].iov_base = here + (i + 1) * PAGE + i;
    lseek(fd, 1000, SEEK_SET);
    check("readv", readv(fd, vector, 3) == got && got == 600);
    close(fd);

    int zero = open("/dev/zero", O_RDONLY);
    memset(here, 1, sizeof here);
    gone();
    check("read zeros", read(zero, out + 10, sizeof here - 20) == read(zero, here + 10, sizeof here - 20));
    close(zero);
}

// Lines that the test looks for.
static void writing(void)
{
    memset(here, 'x', sizeof here);
    for (size_t i = 1; i < Pages; i++) here[i * PAGE + 50] = '\n';
    gone();
    check("write", write(1, out + PAGE - 20, 71) == 71);
    memcpy(here, "a vector\n", 9);
    gone();
    check("write", write(1, out, 9) == 9);
    struct iovec *there = (struct iovec *)(out + PAGE);
    memcpy(here + PAGE, (struct iovec[2]){{out, 2}, {out + 2, 7}}, 2 * sizeof(struct iovec));
    gone();
    check("writev", writev(1, there, 2) == 9);
}

static void names(void)
{
    const char *path = out + 2 * PAGE - 6; // across the edge of a page
    strcpy(here + 2 * PAGE - 6, exe);
    struct stat one, other;
    gone();
    check("stat", stat(path, &one) == 0 && stat(exe, &other) == 0 && memcmp(&one, &other, sizeof one) == 0);
    gone();
    int fd = open(path, O_RDONLY);
    check("open", fd >= 0);
    gone();
    check("access", access(path, R_OK) == 0);
    gone();
    check("fstat", fstat(fd, (struct stat *)out) == 0 && fstat(fd, (struct stat *)here) == 0);
    gone();
    check("readlink", readlink(path, out + PAGE - 3, 500) == readlink(exe, here + PAGE - 3, 500));
    gone();
    check("fstatat", fstatat(AT_FDCWD, path, (struct stat *)out, 0) == 0 &&
                         fstatat(AT_FDCWD, exe, (struct stat *)here, 0) == 0);
    close(fd);
    memcpy(here, "/dev", 5);
    gone();
    fd = open(out, O_RDONLY | O_DIRECTORY);
    gone();
    long got = syscall(SYS_getdents64, fd, out + PAGE - 30, 1000);
    lseek(fd, 0, SEEK_SET);
    check("getdents64", got > 0 && got == syscall(SYS_getdents64, fd, here + PAGE - 30, 1000));
    close(fd);
    gone();
    check("getcwd", syscall(SYS_getcwd, out + PAGE - 1, 200) == syscall(SYS_getcwd, here + PAGE - 1, 200));
    gone();
    check("uname", uname((struct utsname *)(out + PAGE - 100)) == 0 &&
                       uname((struct utsname *)(here + PAGE - 100)) == 0);
}

static void times(void)
{
    struct timespec *there = (struct timespec *)(out + PAGE - 8),
                    *mine = (struct timespec *)(here + PAGE - 8);
    *mine = (struct timespec){0, 2000000};
    gone();
    check("nanosleep", nanosleep(there, NULL) == 0);
    gone();
    check("clock_nanosleep", clock_nanosleep(CLOCK_MONOTONIC, 0, there, NULL) == 0);
    mine->tv_nsec = -1;
    gone();
    check("nanosleep", nanosleep(there, NULL) == -1 && errno == EINVAL);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    gone();
    long result = syscall(SYS_clock_gettime, CLOCK_MONOTONIC, there);
    memcpy(mine, there, sizeof *mine);
    clock_gettime(CLOCK_MONOTONIC, &after);
    int64_t at = mine->tv_sec * 1000000000 + mine->tv_nsec;
    check("clock_gettime", result == 0 && at >= before.tv_sec * 1000000000 + before.tv_nsec &&
                               at <= after.tv_sec * 1000000000 + after.tv_nsec);
    gone();
    check("clock_getres", syscall(SYS_clock_getres, CLOCK_MONOTONIC, there) ==
                              syscall(SYS_clock_getres, CLOCK_MONOTONIC, mine));
}

static void futex_words(void)
{
    uint32_t *there = (uint32_t *)(out + PAGE), *mine = (uint32_t *)(here + PAGE);
    struct timespec *patience = (struct timespec *)(out + 2 * PAGE - 8);
    *mine = 7;
    memcpy(here + 2 * PAGE - 8, &(struct timespec){0, 3000000}, sizeof *patience);
    gone();
    check("futex: another value", syscall(SYS_futex, there, FUTEX_WAIT, 8, NULL) == -1 && errno == EAGAIN);
    gone();
    check("futex: in time", syscall(SYS_futex, there, FUTEX_WAIT, 7, patience) == -1 && errno == ETIMEDOUT);
    gone();
    check("futex: nobody", syscall(SYS_futex, there, FUTEX_WAKE, 1) == 0);
    gone();
    check("futex: requeue",
          syscall(SYS_futex, there, FUTEX_CMP_REQUEUE, 1, 1, there + 1, 8) == -1 && errno == EAGAIN);
}

static void signals_and_limits(void)
{
    // As the kernel has it: handler, flags, restorer, mask (rt_sigaction(2)).
    uint64_t ignore[4] = {(uint64_t)SIG_IGN, 0, 0, 0};
    memcpy(here + PAGE - 8, ignore, sizeof ignore);
    gone();
    check("rt_sigaction", syscall(SYS_rt_sigaction, SIGUSR1, out + PAGE - 8, NULL, 8) == 0);
    gone();
    check("rt_sigaction", syscall(SYS_rt_sigaction, SIGUSR1, NULL, out + 2 * PAGE - 8, 8) ==
                              syscall(SYS_rt_sigaction, SIGUSR1, NULL, here + 2 * PAGE - 8, 8));
    sigset_t *set = (sigset_t *)(here + 3 * PAGE);
    memset(set, 0, 8);
    sigaddset(set, SIGUSR2);
    gone();
    check("rt_sigprocmask", syscall(SYS_rt_sigprocmask, SIG_BLOCK, out + 3 * PAGE, out + PAGE, 8) == 0 &&
                                syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, set, NULL, 8) == 0 &&
                                syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, here + PAGE, 8) == 0);
    gone();
    check("rt_sigpending", syscall(SYS_rt_sigpending, out, 8) == syscall(SYS_rt_sigpending, here, 8));
    gone();
    check("prlimit", syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, out + PAGE - 8) ==
                         syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, here + PAGE - 8));
    gone();
    check("getrlimit", syscall(SYS_getrlimit, RLIMIT_AS, out + PAGE - 8) ==
                           syscall(SYS_getrlimit, RLIMIT_AS, here + PAGE - 8));
    gone();
    check("sched_getaffinity",
          syscall(SYS_sched_getaffinity, 0, 8, out) == syscall(SYS_sched_getaffinity, 0, 8, here));
    gone();
    check("getresuid", syscall(SYS_getresuid, out, out + PAGE, out + 2 * PAGE) ==
                           syscall(SYS_getresuid, here, here + PAGE, here + 2 * PAGE));
    char *resident = memory(2 * PAGE);
    resident[PAGE] = 1;
    gone();
    check("mincore", mincore(resident, 2 * PAGE, (unsigned char *)out + PAGE - 1) ==
                         mincore(resident, 2 * PAGE, (unsigned char *)here + PAGE - 1));
    munmap(resident, 2 * PAGE);
    gone();
    check("getgroups", syscall(SYS_getgroups, 16, out) == syscall(SYS_getgroups, 16, here));
    gone();
    check("arch_prctl", syscall(SYS_arch_prctl, 0x1003, out) == syscall(SYS_arch_prctl, 0x1003, here));
    int behind = 0;
    gone();
    check("ioctl", ioctl(0, TIOCGPGRP, out) == ioctl(0, TIOCGPGRP, &behind));
    struct rusage *usage = (struct rusage *)(out + PAGE - 16);
    gone();
    bool is_there = getrusage(RUSAGE_SELF, usage) == 0 && usage->ru_maxrss > 0;
    memcpy(here + PAGE - 16, usage, sizeof *usage);
    check("getrusage", is_there);
    char *random = out + PAGE - 100;
    gone();
    is_there = syscall(SYS_getrandom, random, 200, 0) == 200;
    memcpy(here + PAGE - 100, random, 200);
    check("getrandom", is_there);
}

int main(void)
{
    out = memory(Pages * PAGE);
    for (size_t i = 0; i < sizeof here; i++) here[i] = (char)mix(i);
    reading();
    writing();
    names();
    times();
    futex_words();
    signals_and_limits();
    printf("%s: %u calls\n", failures ? "wrong" : "right", calls);
    return failures != 0;
}
