// AVX, x87 and MXCSR state is this program's own: clean at first, kept over system calls, sleep, fork and
// preemption while another program uses the same registers.
// libc: none
// beside: neighbour.none
#include "check.h"

static unsigned char ymm[16 * 32] __attribute__((aligned(32))),
    expected[16 * 32] __attribute__((aligned(32)));
static double stack[8];

static inline __attribute__((always_inline)) void store_all(void)
{
#define STORE(n) "vmovdqa %%ymm" #n ", " #n "*32(%0)\n"
    __asm__ volatile(STORE(0) STORE(1) STORE(2) STORE(3) STORE(4) STORE(5) STORE(6) STORE(7) STORE(8) STORE(9)
                         STORE(10) STORE(11) STORE(12) STORE(13) STORE(14) STORE(15)::"r"(ymm)
                     : "memory");
}

static inline __attribute__((always_inline)) void load_all(void)
{
#define LOAD(n) "vmovdqa " #n "*32(%0), %%ymm" #n "\n"
    __asm__ volatile(LOAD(0) LOAD(1) LOAD(2) LOAD(3) LOAD(4) LOAD(5) LOAD(6) LOAD(7) LOAD(8) LOAD(9) LOAD(10)
                         LOAD(11) LOAD(12) LOAD(13) LOAD(14) LOAD(15)::"r"(expected)
                     : "memory");
}

static int same_as_expected(void)
{
    for (int i = 0; i < 16 * 32; ++i) {
        if (ymm[i] != expected[i]) return 0;
    }
    return 1;
}

static inline __attribute__((always_inline)) void load_x87(void)
{
    __asm__ volatile("fninit; fld1; fldpi; fldl2t; fldl2e; fldlg2; fldln2; fldz; fld1");
}
static inline __attribute__((always_inline)) void store_x87(void)
{
    __asm__ volatile(
        "fstpl (%0); fstpl 8(%0); fstpl 16(%0); fstpl 24(%0); fstpl 32(%0); fstpl 40(%0); fstpl 48(%0);"
        "fstpl 56(%0)" ::"r"(stack)
        : "memory");
}

static int x87_as_expected(void)
{
    static const unsigned long bits[8] = {0x3ff0000000000000, 0,
                                          0x3fe62e42fefa39ef, 0x3fd34413509f79ff,
                                          0x3ff71547652b82fe, 0x400a934f0979a371,
                                          0x400921fb54442d18, 0x3ff0000000000000};
    const unsigned long *found = (const unsigned long *)stack;
    for (int i = 0; i < 8; ++i) {
        if (found[i] != bits[i]) return 0;
    }
    return 1;
}

int main(void)
{
    store_all();
    IS(all_are(ymm, 0, sizeof ymm));
    unsigned mxcsr = 0;
    unsigned short control = 0, status = 0, tags = 0;
    unsigned environment[7];
    __asm__ volatile("stmxcsr %0; fnstcw %1; fnstsw %2" : "=m"(mxcsr), "=m"(control), "=m"(status));
    __asm__ volatile("fnstenv %0" : "=m"(environment));
    tags = (unsigned short)environment[2];
    SAY("mxcsr 0x%x, x87 control 0x%x status 0x%x tags 0x%x", mxcsr, control, status, tags);
    for (int i = 0; i < 16 * 32; ++i) expected[i] = (unsigned char)(i * 7 + i / 32 + 1);

    int good = 1;
    for (int i = 0; i < 20; ++i) {
        load_all(), load_x87();
        sys_getppid(), sys_sched_yield();
        store_x87(), store_all();
        good &= same_as_expected() && x87_as_expected();
    }
    SAY("kept over system calls: %d", good);

    good = 1;
    struct timespec millisecond = {0, 1000000};
    for (int i = 0; i < 20; ++i) {
        load_all(), load_x87();
        sys_nanosleep(&millisecond, NULL);
        store_x87(), store_all();
        good &= same_as_expected() && x87_as_expected();
    }
    SAY("kept over sleep: %d", good);

    good = 1;
    mxcsr = 0x9fc0;  // flush to zero, denormals are zero
    control = 0x27f; // double precision
    __asm__ volatile("ldmxcsr %0" ::"m"(mxcsr));
    for (int i = 0; i < 10; ++i) {
        load_all(), load_x87();
        unsigned long steps = 20000000; // long enough to be interrupted
        __asm__ volatile("fldcw %1; 1: dec %0; jnz 1b" : "+r"(steps) : "m"(control));
        __asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr), "=m"(control));
        store_x87(), store_all();
        good &= same_as_expected() && x87_as_expected() && mxcsr == 0x9fc0 && control == 0x27f;
    }
    SAY("kept over preemption: %d", good);

    load_all(), load_x87();
    __asm__ volatile("fldcw %0" ::"m"(control));
    long child = system_call(SYS_fork, 0, 0, 0, 0, 0, 0);
    __asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(mxcsr), "=m"(control));
    store_x87(), store_all();
    good = same_as_expected() && x87_as_expected() && mxcsr == 0x9fc0 && control == 0x27f;
    if (child == 0) sys_exit_group(good);
    int ended = 0;
    system_call(SYS_wait4, child, (long)&ended, 0, 0, 0, 0);
    SAY("kept by fork: %d, and in the child: %d", good, ended >> 8);
    return 0;
}
