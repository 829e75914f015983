// What the processor refuses ends the program with the signal Linux gives it.
// libc: none
// cases: null_read null_write null_call near_null text_write rodata_write data_exec stack_exec heap_exec
// cases: kernel_read kernel_write kernel_call non_canonical_read non_canonical_write non_canonical_call
// cases: divide_by_zero divide_overflow invalid_opcode ud2 int3 single_step
// cases: hlt cli in_port rdmsr mov_cr3 int_13 load_bad_segment misaligned_sse x87_exception
#include "check.h"

static const char constant[] = "constant";
static char data[] = "\xc3";

static void call(const void *address)
{
    ((void (*)(void))address)();
}

static void memory(const char *test)
{
    if (same_text(test, "null_read")) (void)peek(NULL);
    if (same_text(test, "null_write")) touch(NULL);
    if (same_text(test, "null_call")) call(NULL);
    if (same_text(test, "near_null")) (void)peek((char *)4095);
    if (same_text(test, "text_write")) touch((char *)memory);
    if (same_text(test, "rodata_write")) touch((char *)constant);
    if (same_text(test, "data_exec")) call(data);
    if (same_text(test, "heap_exec")) {
        *map_at(BASE, PAGE, PROT_READ | PROT_WRITE) = '\xc3';
        call(BASE);
    }
    if (same_text(test, "stack_exec")) {
        volatile char code[16] = "\xc3";
        call((const void *)code);
    }
    if (same_text(test, "kernel_read")) (void)peek((char *)0xffff800000000000);
    if (same_text(test, "kernel_write")) touch((char *)0xffffffff80000000);
    if (same_text(test, "kernel_call")) call((char *)0xffffffff81000000);
    if (same_text(test, "non_canonical_read")) (void)peek((char *)0x8000000000000000);
    if (same_text(test, "non_canonical_write")) touch((char *)0x800000000000);
    if (same_text(test, "non_canonical_call")) call((char *)0x123456789abcdef0);
}

static void instructions(const char *test)
{
    if (same_text(test, "divide_by_zero")) __asm__ volatile("div %0" ::"r"(0ul), "a"(1ul), "d"(0ul));
    if (same_text(test, "divide_overflow")) __asm__ volatile("idiv %0" ::"r"(-1l), "a"(0l), "d"(1l << 63));
    if (same_text(test, "invalid_opcode")) __asm__ volatile(".byte 0x06"); // push es: not in 64-bit mode
    if (same_text(test, "ud2")) __asm__ volatile("ud2");
    if (same_text(test, "int3")) __asm__ volatile("int3");
    if (same_text(test, "single_step")) __asm__ volatile("pushf; orl $0x100, (%rsp); popf; nop; nop");
    if (same_text(test, "hlt")) __asm__ volatile("hlt");
    if (same_text(test, "cli")) __asm__ volatile("cli");
    if (same_text(test, "in_port")) __asm__ volatile("in $0x60, %%al" ::: "eax");
    if (same_text(test, "rdmsr")) __asm__ volatile("rdmsr" ::"c"(0xc0000080) : "eax", "edx");
    if (same_text(test, "mov_cr3")) __asm__ volatile("mov %%cr3, %%rax" ::: "rax");
    if (same_text(test, "int_13")) __asm__ volatile("int $13");
    if (same_text(test, "load_bad_segment")) __asm__ volatile("mov %0, %%fs" ::"r"(0x7f8));
}

static void floating_point(const char *test)
{
    if (same_text(test, "misaligned_sse")) {
        __attribute__((aligned(16))) char bytes[32] = {0};
        __asm__ volatile("movaps %%xmm0, (%0)" ::"r"(bytes + 1) : "memory");
    }
    if (same_text(test, "x87_exception")) {
        unsigned short unmasked = 0x37f & ~(1u << 2); // division by zero
        __asm__ volatile("fldcw %0; fld1; fldz; fdivrp; fwait" ::"m"(unmasked));
    }
}

int main(int argc, char **argv)
{
    const char *test = argv[argc - 1];
    SAY("%s", test);
    memory(test);
    instructions(test);
    floating_point(test);
    SAY("alive");
    return 0;
}
