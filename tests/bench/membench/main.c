// membench: measures what a kernel's memory management costs, through the Linux x86-64 system-call ABI alone.
//
// The same static binary runs on Linux and on Vitrine. It is single threaded, makes plain system calls, and
// prints one line per metric: `name value unit`, or `name FAIL errno` for a group that could not be measured;
// the following groups run all the same. Time is rdtsc ticks divided by hz=; under `qemu -icount shift=0`
// with hz=1000000000 one "ns" is exactly one guest instruction.
//
// usage: membench [KEY=VALUE...] [GROUP...]
//   no group, or "all": every group except the opt-in ones (blk, swap)
//   -GROUP      leave one out of "all"        list   print the groups' names
//   cal         print how many ticks a second has
//   hz=N        ticks per second (default: calibrated with clock_gettime)
//   reps=N      repetitions per metric (default 5; the median is reported)
//   stat=min    report the fastest repetition instead of the median
//   mb=N        size of the big anonymous mappings, MiB (default 64)
//   quick=1     reps=1 mb=1: does everything work, not how fast
//   faults=1    after each group, its page faults by getrusage(2): `faults_GROUP N faults`
//   dir=PATH    where the file tests put their file (default /tmp)
//   file=PATH   an existing file for group file, made as group_file.c makes it (for a file system that cannot
//   write) exec=PATH   program for exec tests (default /bin/tiny) dev=PATH    block device for group blk;
//   blkw=1 also WRITES to it (from 1 MiB on) swapmb=N    working set of group swap, MiB (default 384)
//   swaprand=N  random page verifications in group swap (default 4000)
#include "groups.h"

static const struct {
    const char *name;
    int (*measure)(void);
    int opt_in;
} groups[] = {
    // What switches comes before what touches much memory (tests/bench/metrics.py).
    {"tsc", group_tsc, 0},           {"syscall", group_syscall, 0}, {"pipe1", group_pipe1, 0},
    {"pingpong", group_pingpong, 0}, {"pipe", group_pipe, 0},       {"anon", group_anon, 0},
    {"brk", group_brk, 0},           {"stack", group_stack, 0},     {"zero", group_zero, 0},
    {"mmap1", group_mmap1, 0},       {"mmap64", group_mmap64, 0},   {"mprotect", group_mprotect, 0},
    {"fork", group_fork, 0},         {"cow", group_cow, 0},         {"file", group_file, 0},
    {"msync", group_msync, 0},       {"exec", group_exec, 0},       {"vma1k", group_vma1k, 0},
    {"vma10k", group_vma10k, 0},     {"sparse", group_sparse, 0},   {"memcpy", group_memcpy, 0},
    {"floor", group_floor, 0},       {"blk", group_blk, 1},         {"swap", group_swap, 1},
};
enum { Groups = sizeof groups / sizeof groups[0] };

static void list_groups(void)
{
    for (int g = 0; g < Groups; g++) {
        char line[64], *p = put(line, groups[g].name);
        *p++ = '\n';
        print(line, p);
    }
}

static s64 minor_faults(void)
{
    s64 usage[18] = {0}; // struct rusage, getrusage(2): two timevals, then 14 longs, of which the fifth
    if (is_error(sc2(SYS_getrusage, 0, usage))) return 0;
    return usage[4 + 4];
}

static void measure(int g)
{
    s64 before = minor_faults();
    int r = groups[g].measure();
    s64 faults = minor_faults() - before;
    if (r) report_failure(groups[g].name, (u64)(s64)-r);
    if (!r && options.count_faults) {
        char name[64];
        *put(put(name, "faults_"), groups[g].name) = 0;
        report(name, (double)faults, "faults");
    }
}

static int real_main(int argc, char **argv, char **envp)
{
    u8 chosen[Groups] = {0}, left_out[Groups] = {0};
    int any = 0, all = 0;
    options.environment = envp;
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        if (take_option(word)) continue;
        if (same_text(word, "all")) {
            all = 1;
            continue;
        }
        if (same_text(word, "cal")) {
            report("tsc_hz", (double)calibrate(1000), "Hz");
            return 0;
        }
        if (same_text(word, "list")) {
            list_groups();
            return 0;
        }
        int known = 0;
        for (int g = 0; g < Groups; g++) {
            if (same_text(word, groups[g].name)) chosen[g] = known = any = 1;
            if (word[0] == '-' && same_text(word + 1, groups[g].name)) left_out[g] = known = 1;
        }
        if (!known) report_failure(word, E_INVAL);
    }
    if (options.repetitions < 1) options.repetitions = 1;
    if (options.repetitions > MaxSamples) options.repetitions = MaxSamples;
    if (!options.hz && !(options.hz = calibrate(50))) {
        options.hz = 1000000000; // no clock: ticks are called ns
        report_failure("clock_gettime", E_NOSYS);
    }
    sc6(SYS_prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0, 0); // best effort
    for (int g = 0; g < Groups; g++) {
        if (left_out[g] || !(chosen[g] || ((all || !any) && !groups[g].opt_in))) continue;
        measure(g);
    }
    return 0;
}

#ifdef MEMBENCH_NOLIBC
#include "no_libc.h"
#else
int main(int argc, char **argv, char **envp)
{
    return real_main(argc, argv, envp);
}
#endif
