// A handler in the middle of a computation: registers, flags, red zone, vector registers and the x87
// stack are afterwards what they were; and what a handler changes in its frame counts.
// libc: none
#include <stddef.h>

#include "handlers.h"

static unsigned long before[16], after[16];
static unsigned char vectors[16 * 32] __attribute__((aligned(32))),
    vectors_after[16 * 32] __attribute__((aligned(32)));
static volatile int handled;

// Spoils all it can.
static void spoil(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    ++handled;
    __asm__ volatile(
        "mov $-1, %%rax; mov %%rax, %%rcx; mov %%rax, %%rdx; mov %%rax, %%rsi; mov %%rax, %%rdi\n"
        "mov %%rax, %%r8; mov %%rax, %%r9; mov %%rax, %%r10; mov %%rax, %%r11\n"
        "vpcmpeqd %%ymm0, %%ymm0, %%ymm0; vmovdqa %%ymm0, %%ymm1; vmovdqa %%ymm0, %%ymm7\n"
        "vmovdqa %%ymm0, %%ymm8; vmovdqa %%ymm0, %%ymm15\n"
        "fninit; fldpi; fldpi; fldpi; std; cld; stc\n" ::
            : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
}

// Changes what the interrupted code will see.
static void change(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    ucontext_t *user = context;
    user->uc_mcontext.gregs[REG_RBX] = 0x1111;
    user->uc_mcontext.gregs[REG_R15] = 0x2222;
    user->uc_mcontext.gregs[REG_EFL] |= 0x1;                                                       // carry
    ((unsigned char *)user->uc_mcontext.fpregs)[offsetof(struct _libc_fpstate, _xmm) + 16] = 0x77; // xmm1
    ++handled;
}

// Skips the faulting instruction, which has two bytes (ud2).
static void skip(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    ucontext_t *user = context;
    user->uc_mcontext.gregs[REG_RIP] += 2;
    user->uc_mcontext.gregs[REG_RAX] = 99;
    ++handled;
}

static void all_registers(void)
{
    for (int i = 0; i < 16; ++i) before[i] = 0x0101010101010101ul * (unsigned long)(i + 1);
    for (size_t i = 0; i < sizeof vectors; ++i) vectors[i] = (unsigned char)(i * 7 + 1);
    // The signal comes from the system call in the middle; rax, rcx and r11 are the call's own. Fourteen
    // words below the stack pointer are the red zone.
    __asm__ volatile(
        "mov %[before], %%rax\n"
        "push %%rbp; push %%rbx; push %%r12; push %%r13; push %%r14; push %%r15\n"
        "vmovdqa 0(%[v]), %%ymm0; vmovdqa 32(%[v]), %%ymm1; vmovdqa 224(%[v]), %%ymm7\n"
        "vmovdqa 256(%[v]), %%ymm8; vmovdqa 480(%[v]), %%ymm15\n"
        "fninit; fld1; fldl2t\n"
        "mov 8(%%rax), %%rbx; mov 16(%%rax), %%rbp; mov 24(%%rax), %%r8; mov 32(%%rax), %%r9\n"
        "mov 40(%%rax), %%r10; mov 48(%%rax), %%r12; mov 56(%%rax), %%r13; mov 64(%%rax), %%r14\n"
        "mov 72(%%rax), %%r15; mov 80(%%rax), %%rdx\n"
        "mov %%r15, -8(%%rsp); mov %%r14, -128(%%rsp)\n"
        "mov $39, %%eax; syscall\n" // getpid
        "mov %%rax, %%rdi\n"
        "mov $10, %%esi\n" // SIGUSR1
        "mov $62, %%eax\n" // kill
        "stc; syscall\n"
        "lea %[after], %%rax\n"
        "mov %%rbx, 8(%%rax); mov %%rbp, 16(%%rax); mov %%r8, 24(%%rax); mov %%r9, 32(%%rax)\n"
        "mov %%r10, 40(%%rax); mov %%r12, 48(%%rax); mov %%r13, 56(%%rax); mov %%r14, 64(%%rax)\n"
        "mov %%r15, 72(%%rax); mov %%rdx, 80(%%rax)\n"
        "mov -8(%%rsp), %%rcx; mov %%rcx, 88(%%rax); mov -128(%%rsp), %%rcx; mov %%rcx, 96(%%rax)\n"
        "lea %[va], %%rcx\n"
        "vmovdqa %%ymm0, 0(%%rcx); vmovdqa %%ymm1, 32(%%rcx); vmovdqa %%ymm7, 224(%%rcx)\n"
        "vmovdqa %%ymm8, 256(%%rcx); vmovdqa %%ymm15, 480(%%rcx)\n"
        "fstpl 104(%%rax); fstpl 112(%%rax)\n"
        "pop %%r15; pop %%r14; pop %%r13; pop %%r12; pop %%rbx; pop %%rbp\n"
        : [after] "=m"(after), [va] "=m"(vectors_after)
        : [before] "r"(before), [v] "r"(vectors)
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
}

static void show_registers(void)
{
    static const char *const names[] = {"",    "rbx", "rbp", "r8",  "r9", "r10",
                                        "r12", "r13", "r14", "r15", "rdx"};
    int same = 0;
    for (int i = 1; i <= 10; ++i) {
        if (before[i] == after[i])
            ++same;
        else
            SAY("    %s became %lx", names[i], after[i]);
    }
    SAY("    %d registers are the same", same);
    IS(after[11] == before[9] && after[12] == before[8]); // the red zone
    same = 0;
    static const int kept[] = {0, 32, 224, 256, 480};
    for (int i = 0; i < 5; ++i) {
        int equal = 1;
        for (int b = 0; b < 32; ++b) equal &= vectors[kept[i] + b] == vectors_after[kept[i] + b];
        same += equal;
    }
    SAY("    %d vector registers are the same", same);
    SAY("    x87: %lx %lx", after[13], after[14]);
}

int main(void)
{
    SAY("a handler that spoils everything");
    handle(SIGUSR1, spoil, 0, 0);
    all_registers();
    show_registers();
    IS(handled == 1);

    SAY("a handler that changes its frame");
    handle(SIGUSR1, change, SA_SIGINFO, 0);
    all_registers();
    show_registers();
    SAY("    byte of ymm1: %x", vectors_after[32]);

    SAY("in the middle of a loop, 200 times");
    handle(SIGUSR1, spoil, 0, 0);
    handled = 0;
    unsigned long sum = 0;
    double product = 1;
    for (long i = 0, self = sys_getpid(); i < 200; ++i) {
        sum = sum * 31 + (unsigned long)i;
        product = product * 1.01;
        sys_kill(self, SIGUSR1);
    }
    SAY("    %lx %ld %d", sum, (long)(product * 1000), handled);

    SAY("at a fault");
    handled = 0;
    handle(SIGILL, skip, SA_SIGINFO, 0);
    long result;
    __asm__ volatile("mov $1, %%eax; ud2" : "=a"(result));
    SAY("    rax %ld, %d handled", result, handled);
    SAY("the result of a system call can be changed");
    handle(SIGUSR2, skip, SA_SIGINFO, 0);
    __asm__ volatile("syscall; nop; nop"
                     : "=a"(result)
                     : "a"(SYS_kill), "D"(sys_getpid()), "S"(SIGUSR2)
                     : "rcx", "r11", "memory");
    SAY("    rax %ld, %d handled", result, handled);
    return 0;
}
