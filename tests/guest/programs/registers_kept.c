// A system call changes rax, rcx (the return address) and r11 (the flags) and nothing else; the direction
// flag and the alignment-check flag of the program come back and do not disturb the kernel.
// libc: none
#include "check.h"

unsigned long before[16], after[16]; // not static: only the assembly below names them both

// Fills all registers, makes getppid, and stores what is in them afterwards.
__asm__("call_with_full_registers:\n"
        "    push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        "    mov $0x1111111111111111, %rbx\n"
        "    mov $0x2222222222222222, %rbp\n"
        "    mov $0x3333333333333333, %rdi\n"
        "    mov $0x4444444444444444, %rsi\n"
        "    mov $0x5555555555555555, %rdx\n"
        "    mov $0x6666666666666666, %r8\n"
        "    mov $0x7777777777777777, %r9\n"
        "    mov $0x8888888888888888, %r10\n"
        "    mov $0x9999999999999999, %r12\n"
        "    mov $0xaaaaaaaaaaaaaaaa, %r13\n"
        "    mov $0xbbbbbbbbbbbbbbbb, %r14\n"
        "    mov $0xcccccccccccccccc, %r15\n"
        "    mov $110, %eax\n" // getppid
        "    syscall\n"
        "return_address:\n"
        "    mov %rbx, after(%rip)\n"
        "    mov %rbp, after+8(%rip)\n"
        "    mov %rdi, after+16(%rip)\n"
        "    mov %rsi, after+24(%rip)\n"
        "    mov %rdx, after+32(%rip)\n"
        "    mov %r8, after+40(%rip)\n"
        "    mov %r9, after+48(%rip)\n"
        "    mov %r10, after+56(%rip)\n"
        "    mov %r12, after+64(%rip)\n"
        "    mov %r13, after+72(%rip)\n"
        "    mov %r14, after+80(%rip)\n"
        "    mov %r15, after+88(%rip)\n"
        "    mov %rcx, after+96(%rip)\n"
        "    lea return_address(%rip), %rax\n"
        "    mov %rax, before+96(%rip)\n"
        "    pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
        "    ret\n");
void call_with_full_registers(void);

static unsigned long flags_after_call_with(unsigned long set)
{
    unsigned long flags;
    __asm__ volatile("pushf\n or %1, (%%rsp)\n popf\n"
                     "mov $110, %%eax\n syscall\n"
                     "pushf\n pop %0\n cld\n"
                     "push $0x202\n popf\n"
                     : "=&r"(flags)
                     : "r"(set)
                     : "rax", "rcx", "r11", "memory", "cc");
    return flags;
}

int main(void)
{
    for (unsigned long i = 0; i < 12; ++i) before[i] = (i + 1) * 0x1111111111111111ul;
    call_with_full_registers();
    for (int i = 0; i < 13; ++i) {
        if (before[i] != after[i]) SAY("register %d became 0x%lx", i, after[i]);
    }
    SAY("compared 13 registers");
    SAY("carry, direction and alignment check stay: 0x%lx", flags_after_call_with(0x40401) & 0x40401);
    SAY("none set stays none: 0x%lx", flags_after_call_with(0) & 0x40401);

    SAY("a number's upper half is not looked at in the arguments of 32 bits");
    SHOW(sys_open("/dev/null", O_RDONLY, 0));
    SHOW(sys_close(0x700000003));
    SHOW(sys_close(3));
    SHOW(sys_kill(sys_getpid() | 0x100000000, 0));
    return 0;
}
