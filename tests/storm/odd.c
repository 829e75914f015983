// Odd ways to die, and a few that only look like one: each case is what no compiler writes. What must happen
// is in the table at the end and comes from Linux (x86-64, signal(7)): the number of the signal, or 0 for a
// normal end. Any: depends on the processor, or QEMU 7.2 does not emulate it (MXCSR, #SS, ICEBP).
//
//   odd CASE     runs the case; the exit status, or the signal, is the answer
//   odd list     prints "CASE SIGNAL" for all of them
#include "signal_frame.h"

PROGRAM_START

enum { Any = 99, None = 0, Ill = 4, Trap = 5, Bus = 7, Fpe = 8, Segv = 11 };
#define PAGE 4096ul
#define LAST_PAGE 0x7fffffffe000ul // the highest that a program can have

struct Case {
    const char *name;
    int signal;
    void (*run)(void);
};

static u64 vector_area[512] __attribute__((aligned(64)));

static int has_fsgsbase(void)
{
    unsigned a = 7, b, c = 0, d;
    asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return b & 1;
}

static long map_at(u64 address, u64 bytes, u64 protection, u64 more_flags)
{
    return call6(SysMmap, address, bytes, protection, 0x22 | more_flags, ~0ul, 0);
}

#define JUMP_CASE(name, address)                                                                             \
    static void name(void)                                                                                   \
    {                                                                                                        \
        asm volatile("jmp *%0" ::"r"(address));                                                              \
    }
JUMP_CASE(jump_direct_map, 0xffff800000000000ul)
JUMP_CASE(jump_kernel_text, 0xffffffff80100000ul)
JUMP_CASE(jump_not_canonical, 0x800000000000ul)
JUMP_CASE(jump_far_not_canonical, 0x4141414141414141ul)
JUMP_CASE(jump_null, 0ul)
JUMP_CASE(jump_top, ~0ul)
JUMP_CASE(jump_hole_at_end, 0x7ffffffff000ul)

#define TOUCH_CASE(name, address, how)                                                                       \
    static void name(void)                                                                                   \
    {                                                                                                        \
        asm volatile(how ::"r"(address) : "memory", "rax");                                                  \
    }
TOUCH_CASE(read_direct_map, 0xffff800000100000ul, "mov (%0), %%rax")
TOUCH_CASE(write_direct_map, 0xffff800000100000ul, "mov %%rax, (%0)")
TOUCH_CASE(write_kernel_text, 0xffffffff80100000ul, "mov %%rax, (%0)")
TOUCH_CASE(read_frame_array, 0xffffe00000000000ul, "mov (%0), %%rax")
TOUCH_CASE(read_kernel_stacks, 0xffffd00000004000ul, "mov (%0), %%rax")
TOUCH_CASE(read_not_canonical, 0x800000000000ul, "mov (%0), %%rax")
TOUCH_CASE(read_across_end, 0x7fffffffeffcul, "mov (%0), %%rax")
TOUCH_CASE(push_not_canonical, 0x800000000008ul, "mov %0, %%rsp\n push %%rax")
TOUCH_CASE(push_kernel, 0xffffffff80200000ul, "mov %0, %%rsp\n push %%rax")
TOUCH_CASE(push_null, 0ul, "mov %0, %%rsp\n push %%rax")
TOUCH_CASE(stack_kernel_fault, 0xffffd00000008000ul, "mov %0, %%rsp\n mov 0, %%rax")
TOUCH_CASE(stack_kernel_int3, 0xffffd00000008000ul, "mov %0, %%rsp\n int3")
TOUCH_CASE(stack_not_canonical_ud2, 0x8000000000000000ul, "mov %0, %%rsp\n ud2")
TOUCH_CASE(stack_null_divide, 0ul, "mov %0, %%rsp\n xor %%eax, %%eax\n div %%eax")

// A system call does not care where the stack pointer is.
static void stack_kernel_syscall(void)
{
    asm volatile(
        "mov %0, %%rsp\n mov $39, %%eax\n syscall\n mov $231, %%eax\n xor %%edi, %%edi\n syscall" ::"r"(
            0xffffffff80200000ul));
}
static void stack_not_canonical_syscall(void)
{
    asm volatile(
        "mov %0, %%rsp\n mov $24, %%eax\n syscall\n mov $231, %%eax\n xor %%edi, %%edi\n syscall" ::"r"(
            0x4141414141414141ul));
}

#define CODE_CASE(name, code)                                                                                \
    static void name(void)                                                                                   \
    {                                                                                                        \
        asm volatile(code ::: "memory", "rax", "rbx", "rcx", "rdx", "rsi", "rdi");                           \
    }
CODE_CASE(ud2, "ud2")
CODE_CASE(int3, "int3")
CODE_CASE(icebp, ".byte 0xf1")
CODE_CASE(hlt, "hlt")
CODE_CASE(cli, "cli")
CODE_CASE(sti, "sti")
CODE_CASE(in_port, "in $0x60, %%al")
CODE_CASE(out_port, "mov $0xf4, %%edx\n out %%al, %%dx")
CODE_CASE(ins_port, "insb")
CODE_CASE(rdmsr, "mov $0x10, %%ecx\n rdmsr")
CODE_CASE(wrmsr, "mov $0xc0000082, %%ecx\n wrmsr")
CODE_CASE(rdpmc, "mov $0, %%ecx\n rdpmc")
CODE_CASE(xsetbv, "xor %%ecx, %%ecx\n mov $7, %%eax\n xor %%edx, %%edx\n xsetbv")
CODE_CASE(swapgs, "swapgs")
CODE_CASE(sysret, "mov $0x400000, %%ecx\n sysretq")
CODE_CASE(read_cr0, "mov %%cr0, %%rax")
CODE_CASE(write_cr3, "mov %%rax, %%cr3")
CODE_CASE(read_dr7, "mov %%dr7, %%rax")
CODE_CASE(write_dr0, "mov %%rax, %%dr0")
CODE_CASE(lgdt, "lgdt (%%rsp)")
CODE_CASE(lldt, "xor %%eax, %%eax\n lldt %%ax")
CODE_CASE(ltr, "xor %%eax, %%eax\n ltr %%ax")
CODE_CASE(invlpg, "invlpg (%%rsp)")
CODE_CASE(wbinvd, "wbinvd")
CODE_CASE(clts, "clts")
CODE_CASE(clac, "clac")
CODE_CASE(stac, "stac")
CODE_CASE(lmsw, "lmsw %%ax")
CODE_CASE(load_kernel_ss, "mov $0x10, %%eax\n mov %%ax, %%ss")
CODE_CASE(load_null_ss, "xor %%eax, %%eax\n mov %%ax, %%ss")
CODE_CASE(load_kernel_ds, "mov $0x10, %%eax\n mov %%ax, %%ds")
CODE_CASE(load_kernel_cs_by_retf, "push $8\n push $0x400000\n lretq")
CODE_CASE(iret_to_kernel, "push $0x10\n push $0\n push $2\n push $8\n push $0x400000\n iretq")
CODE_CASE(iret_beyond_table, "push $0xffff\n push $0\n push $2\n push $0xffff\n push $0x400000\n iretq")
CODE_CASE(call_gate_absent, "push $0xfff8\n push $0\n lcall *(%%rsp)")
// Harmless on a processor; QEMU 7.2 does the stack's part with the kernel's rights, and SMAP stops it.
CODE_CASE(far_return, "mov %%cs, %%eax\n push %%rax\n lea 1f(%%rip), %%rax\n push %%rax\n lretq\n 1:")
CODE_CASE(
    iret_in_place,
    "mov %%rsp, %%rcx\n mov %%ss, %%eax\n push %%rax\n push %%rcx\n pushfq\n mov %%cs, %%eax\n push %%rax\n"
    " lea 1f(%%rip), %%rax\n push %%rax\n iretq\n 1:")
CODE_CASE(far_call_in_place, "mov %%cs, %%eax\n push %%rax\n lea 1f(%%rip), %%rax\n push %%rax\n rex.w lcall "
                             "*(%%rsp)\n 1: add $32, %%rsp")
CODE_CASE(divide_by_zero, "xor %%eax, %%eax\n xor %%edx, %%edx\n div %%eax")
CODE_CASE(divide_overflow, "mov $0x80000000, %%eax\n cltd\n mov $-1, %%ecx\n idiv %%ecx")
CODE_CASE(single_step, "pushfq\n orq $0x100, (%%rsp)\n popfq\n nop\n nop")
CODE_CASE(into_invalid, ".byte 0xce")
CODE_CASE(bound_invalid, ".byte 0x62, 0x00, 0x00, 0x00, 0x00, 0x00")
CODE_CASE(too_long, ".fill 15, 1, 0x66\n nop")
CODE_CASE(lock_nop, ".byte 0xf0, 0x90")
CODE_CASE(movaps_unaligned, "lea 1(%%rsp), %%rax\n movaps (%%rax), %%xmm0")

// Single-stepping a SYSCALL: the trap comes in the program, after it.
CODE_CASE(single_step_syscall, "mov $39, %%eax\n pushfq\n orq $0x100, (%%rsp)\n popfq\n syscall\n nop")

// Flags that would disturb a kernel that kept them.
static void odd_flags_syscall(void)
{
    for (int i = 0; i < 1000; i++)
        asm volatile("pushfq\n orq $0x44400, (%%rsp)\n popfq\n mov $39, %%eax\n syscall\n pushfq\n andq "
                     "$~0x44400, (%%rsp)\n popfq" ::
                         : "rax", "rcx", "r11", "memory", "cc");
}
// The direction flag stays the program's across faults and calls.
static void odd_flags_fault(void)
{
    for (int i = 0; i < 100; i++) {
        long page = map_at(0, PAGE, 3, 0);
        asm volatile("std\n movq $1, (%0)\n cld" ::"r"(page) : "memory", "cc");
        call2(SysMunmap, page, PAGE);
    }
}
static void alignment_check(void)
{
    static char bytes[16];
    asm volatile("pushfq\n orq $0x40000, (%%rsp)\n popfq\n movl $1, 1(%0)\n pushfq\n andq $~0x40000, "
                 "(%%rsp)\n popfq" ::"r"(bytes)
                 : "memory", "cc");
}

// SYSCALL as the very last instruction: the address behind it is not canonical, or nothing of ours.
static void syscall_at_the_end(u64 number)
{
    if (map_at(LAST_PAGE, PAGE, 7, 0x10) != (long)LAST_PAGE) leave(1);
    unsigned char *code = (unsigned char *)LAST_PAGE + PAGE - 2;
    code[0] = 0x0f;
    code[1] = 0x05;
    asm volatile("mov %0, %%eax\n jmp *%1" ::"r"((unsigned)number), "r"(code) : "rax");
}
static void end_of_space_getpid(void)
{
    syscall_at_the_end(SysGetpid);
}
static void end_of_space_unknown(void)
{
    syscall_at_the_end(9999);
}
static void end_of_space_yield(void)
{
    syscall_at_the_end(24);
}
static void end_of_space_straddles(void)
{
    if (map_at(LAST_PAGE, PAGE, 7, 0x10) != (long)LAST_PAGE) leave(1);
    unsigned char *code = (unsigned char *)LAST_PAGE + PAGE - 1;
    code[0] = 0x0f;
    asm volatile("jmp *%0" ::"r"(code));
}
// An instruction whose second half lies in nothing.
static void code_across_hole(void)
{
    long page = map_at(0, 2 * PAGE, 7, 0);
    call2(SysMunmap, page + (long)PAGE, PAGE);
    ((unsigned char *)page)[PAGE - 1] = 0x48;
    asm volatile("jmp *%0" ::"r"(page + (long)PAGE - 1));
}
static void execute_data(void)
{
    static unsigned char code[16] = {0xc3};
    asm volatile("call *%0" ::"r"(code));
}
static void execute_stack(void)
{
    volatile unsigned char code[16] = {0xc3};
    asm volatile("call *%0" ::"r"(code));
}
static void write_text(void)
{
    *(volatile char *)(u64)write_text = 1;
}

static void set_fs_kernel(void)
{
    if (call2(SysArchPrctl, 0x1002, 0xffffffff80100000ul) != -1) leave(1);
    if (call2(SysArchPrctl, 0x1001, 0xffff800000000000ul) != -1) leave(2);
    if (call2(SysArchPrctl, 0x1002, 0x800000000000ul) != -1) leave(3);
}
static void fs_base_kernel_then_read(void)
{
    if (!has_fsgsbase()) asm volatile("mov 0, %%rax" ::: "rax");
    asm volatile("wrfsbase %0\n mov %%fs:0, %%rax" ::"r"(0xffffffff80100000ul) : "rax");
}
// Odd bases stay the program's, across a switch to another one and back.
static void gs_base_odd(void)
{
    if (!has_fsgsbase()) return;
    static const u64 bases[] = {0xffffffff80100000ul, 0xffff800000000000ul, 1, 0x7ffffffffffful, ~0ul};
    for (int i = 0; i < 5; i++) {
        u64 base = bases[i], after;
        asm volatile("wrgsbase %0\n wrfsbase %0" ::"r"(base));
        for (int n = 0; n < 20; n++) call0(24 /* sched_yield */);
        asm volatile("rdgsbase %0" : "=r"(after));
        if (after != base) leave(1 + i);
        asm volatile("rdfsbase %0" : "=r"(after));
        if (after != base) leave(11 + i);
    }
}
static void gs_base_not_canonical(void)
{
    if (!has_fsgsbase()) asm volatile("hlt");
    asm volatile("wrgsbase %0\n mov %%gs:0, %%rax" ::"r"(0x4141414141414141ul) : "rax");
}
static void user_selectors(void)
{
    static const unsigned short selectors[] = {0, 1, 2, 3};
    for (int i = 0; i < 4; i++) {
        asm volatile("mov %0, %%ds\n mov %0, %%es\n mov %0, %%fs\n mov %0, %%gs" ::"r"(selectors[i]));
        call0(SysGetpid);
        for (int n = 0; n < 20; n++) call0(24);
    }
    unsigned short stack;
    asm volatile("mov %%ss, %0" : "=r"(stack));
    asm volatile("mov %0, %%ds\n mov %0, %%es\n mov %0, %%fs\n mov %0, %%gs\n mov %0, %%ss" ::"r"(stack));
    for (int n = 0; n < 20; n++) call0(24);
}
static void xrstor_bad_header(void)
{
    vector_area[64] = ~0ul; // XSTATE_BV: components that are not there
    asm volatile("xrstor (%0)" ::"r"(vector_area), "a"(7), "d"(0) : "memory");
}
static void fxrstor_bad_mxcsr(void)
{
    ((unsigned *)vector_area)[6] = ~0u;
    asm volatile("fxrstor (%0)" ::"r"(vector_area) : "memory");
}
static void ldmxcsr_bad(void)
{
    unsigned value = ~0u;
    asm volatile("ldmxcsr %0" ::"m"(value));
}
static void sse_exception(void)
{
    unsigned value = 0;
    asm volatile("ldmxcsr %0\n xorps %%xmm0, %%xmm0\n divss %%xmm0, %%xmm0" ::"m"(value));
}
static void x87_exception(void)
{
    unsigned short value = 0;
    asm volatile("fldcw %0\n fld1\n fldz\n fdivrp\n fwait" ::"m"(value));
}
// An x87 exception that waits must not go off in the kernel, nor in another program.
static void x87_pending(void)
{
    unsigned short value = 0;
    asm volatile("fldcw %0\n fld1\n fldz\n fdivrp" ::"m"(value));
    for (int n = 0; n < 100; n++) call0(24);
    long page = map_at(0, 16 * PAGE, 3, 0);
    for (int n = 0; n < 16; n++) *(volatile char *)(page + n * 4096) = 1;
    asm volatile("fnclex\n fninit");
}
static void cpuid_storm(void)
{
    for (unsigned leaf = 0; leaf < 3000; leaf++) {
        unsigned a = leaf % 3 == 0   ? leaf / 3
                     : leaf % 3 == 1 ? 0x80000000 + leaf / 3
                                     : 0x40000000 + leaf / 3,
                 c = leaf;
        asm volatile("cpuid" : "+a"(a), "+c"(c)::"ebx", "edx");
    }
}
static void sysenter(void)
{
    asm volatile("mov %%rsp, %%rbp\n sysenter" ::: "memory");
}
static void clone_odd(void)
{
    // Each flag alone. (Below CLONE_VM is the signal at the child's end; with CLONE_VM two would run on one
    // stack.)
    for (u64 bit = 9; bit < 64; bit++) {
        long child = call6(56, 1ul << bit, 0, 0, 0, 0, 0);
        if (child == 0) leave(0);
    }
}
static void stack_overflow(void)
{
    asm volatile("1: push %%rax\n jmp 1b" ::: "memory");
}
static void bus_error(void)
{
    long file = call3(SysOpen, "/proc/self/exe", 0, 0);
    long page = call6(SysMmap, 0, 64 << 20, 1, 2, (u64)file, 0);
    (void)*(volatile char *)(page + (63 << 20));
}
static void write_read_only(void)
{
    long page = map_at(0, PAGE, 1, 0);
    (void)*(volatile char *)page;
    *(volatile char *)page = 1;
}
static void read_none(void)
{
    (void)*(volatile char *)map_at(0, PAGE, 0, 0);
}
static void unmap_self(void)
{
    call2(SysMunmap, 0x10000, 0x7ffffffef000ul - 0x10000);
}
static void unmap_stack(void)
{
    u64 here = (u64)__builtin_frame_address(0) & ~(PAGE - 1);
    asm volatile("syscall\n push %%rax" ::"a"(SysMunmap), "D"(here - 64 * PAGE),
                 "S"(0x7ffffffff000ul - here + 64 * PAGE)
                 : "rcx", "r11", "memory");
}

// Signal frames that were changed before the handler returned. Of MXCSR's bits and of XCOMP_BV QEMU lets pass
// what no processor does; the answer is theirs.
#define FRAME_CASE(name, change)                                                                             \
    static void name##_change(int signal, void *info, u64 *frame)                                            \
    {                                                                                                        \
        (void)signal, (void)info;                                                                            \
        u64 *state = (u64 *)frame[FrameVectorState];                                                         \
        (void)state;                                                                                         \
        change;                                                                                              \
    }                                                                                                        \
    static void name(void)                                                                                   \
    {                                                                                                        \
        handle_frames(name##_change, 0);                                                                     \
        call3(SysTgkill, call0(SysGetpid), call0(SysGetpid), FrameSignal);                                   \
    }
static u64 *state_before_hole(const u64 *state, u64 bytes)
{
    u64 *moved = (u64 *)(map_at(0x200000000000ul, PAGE, 3, 0x10) + (long)(PAGE - bytes));
    for (u64 n = 0; n < bytes / sizeof *moved; n++) moved[n] = state[n];
    return moved;
}
FRAME_CASE(frame_mxcsr, state[3] = ~0ul)
FRAME_CASE(frame_components, state[64] = ~0ul)
FRAME_CASE(frame_compacted, state[65] = 1ul << 63)
FRAME_CASE(frame_unaligned, frame[FrameVectorState] += 8)
FRAME_CASE(frame_state_in_hole, frame[FrameVectorState] = (u64)state_before_hole(state, 448))
FRAME_CASE(frame_header_in_hole, frame[FrameVectorState] = (u64)state_before_hole(state, 512))
FRAME_CASE(frame_state_in_kernel, frame[FrameVectorState] = 0xffff800000100000ul)
FRAME_CASE(frame_without_state, frame[FrameVectorState] = 0)
FRAME_CASE(frame_kernel_rip, frame[FrameInstruction] = 0xffffffff80100000ul)
FRAME_CASE(frame_odd_rip, frame[FrameInstruction] = 0x4141414141414141ul)
FRAME_CASE(frame_kernel_rsp, frame[FrameStackPointer] = 0xffffffff80200000ul)
FRAME_CASE(frame_kernel_cs, frame[FrameSegments] = 0x002b000000000010ul)
FRAME_CASE(frame_kernel_ss, frame[FrameSegments] = 0x0018000000000033ul)
FRAME_CASE(frame_trap_flag, frame[FrameProcessorFlags] |= 0x100)
FRAME_CASE(frame_all_flags, frame[FrameProcessorFlags] = ~0x40100ul)
FRAME_CASE(frame_mask, frame[FrameMask] = ~0ul)

static void return_from(u64 stack_pointer)
{
    asm volatile("mov %0, %%rsp\n syscall" ::"r"(stack_pointer), "a"(SysSigreturn) : "memory");
}
static void no_frame(void)
{
    return_from(0);
}
static void frame_in_kernel(void)
{
    return_from(0xffffffff80200000ul);
}
static void frame_of_zeros(void)
{
    return_from((u64)map_at(0, PAGE, 3, 0) + 16);
}
static void frame_across_hole(void)
{
    return_from((u64)map_at(0x200000000000ul, PAGE, 3, 0x10) + PAGE - 64);
}
static void ignore_frame(int signal, void *info, u64 *frame)
{
    (void)signal, (void)info, (void)frame;
}
// The handler's frame would be written where nothing is, or where the kernel is.
static void no_room(u64 stack_pointer)
{
    u64 pid = (u64)call0(SysGetpid);
    handle_frames(ignore_frame, 0);
    asm volatile("mov %0, %%rsp\n syscall" ::"r"(stack_pointer), "a"(SysTgkill), "D"(pid), "S"(pid),
                 "d"(FrameSignal)
                 : "memory", "rcx", "r11");
}
static void frame_without_room(void)
{
    no_room(64);
}
static void frame_onto_kernel(void)
{
    no_room(0xffffffff80200000ul);
}
static void frame_not_canonical(void)
{
    no_room(0x8000000000000000ul);
}

static void interrupt(unsigned vector)
{
    long page = map_at(0, PAGE, 7, 0);
    unsigned char *code = (unsigned char *)page;
    code[0] = 0xcd;
    code[1] = (unsigned char)vector;
    code[2] = 0xc3;
    asm volatile("call *%0" ::"r"(code) : "memory", "rax");
}

#define CASE(name, signal)                                                                                   \
    {                                                                                                        \
#name, signal, name                                                                                  \
    }
static const struct Case cases[] = {
    CASE(jump_direct_map, Segv),
    CASE(jump_kernel_text, Segv),
    CASE(jump_not_canonical, Segv),
    CASE(jump_far_not_canonical, Segv),
    CASE(jump_null, Segv),
    CASE(jump_top, Segv),
    CASE(jump_hole_at_end, Segv),
    CASE(read_direct_map, Segv),
    CASE(write_direct_map, Segv),
    CASE(write_kernel_text, Segv),
    CASE(read_frame_array, Segv),
    CASE(read_kernel_stacks, Segv),
    CASE(read_not_canonical, Segv),
    CASE(read_across_end, Segv),
    CASE(push_not_canonical, Any),
    CASE(push_kernel, Segv),
    CASE(push_null, Segv),
    CASE(stack_kernel_fault, Segv),
    CASE(stack_kernel_int3, Trap),
    CASE(stack_not_canonical_ud2, Ill),
    CASE(stack_null_divide, Fpe),
    CASE(stack_kernel_syscall, None),
    CASE(stack_not_canonical_syscall, None),
    CASE(ud2, Ill),
    CASE(int3, Trap),
    CASE(icebp, Any),
    CASE(hlt, Segv),
    CASE(cli, Segv),
    CASE(sti, Segv),
    CASE(in_port, Segv),
    CASE(out_port, Segv),
    CASE(ins_port, Segv),
    CASE(rdmsr, Segv),
    CASE(wrmsr, Segv),
    CASE(rdpmc, Segv),
    CASE(xsetbv, Segv),
    CASE(swapgs, Segv),
    CASE(sysret, Segv),
    CASE(read_cr0, Segv),
    CASE(write_cr3, Segv),
    CASE(read_dr7, Segv),
    CASE(write_dr0, Segv),
    CASE(lgdt, Segv),
    CASE(lldt, Segv),
    CASE(ltr, Segv),
    CASE(invlpg, Segv),
    CASE(wbinvd, Segv),
    CASE(clts, Segv),
    CASE(clac, Ill),
    CASE(stac, Ill),
    CASE(lmsw, Segv),
    CASE(load_kernel_ss, Segv),
    CASE(load_null_ss, Segv),
    CASE(load_kernel_ds, Segv),
    CASE(load_kernel_cs_by_retf, Segv),
    CASE(iret_to_kernel, Segv),
    CASE(iret_beyond_table, Segv),
    CASE(call_gate_absent, Segv),
    CASE(far_return, Any),
    CASE(iret_in_place, Any),
    CASE(far_call_in_place, Any),
    CASE(divide_by_zero, Fpe),
    CASE(divide_overflow, Fpe),
    CASE(single_step, Trap),
    CASE(into_invalid, Ill),
    CASE(bound_invalid, Ill),
    CASE(too_long, Segv),
    CASE(lock_nop, Ill),
    CASE(movaps_unaligned, Segv),
    CASE(single_step_syscall, Trap),
    CASE(odd_flags_syscall, None),
    CASE(odd_flags_fault, None),
    CASE(end_of_space_getpid, Segv),
    CASE(end_of_space_unknown, Segv),
    CASE(end_of_space_yield, Segv),
    CASE(end_of_space_straddles, Segv),
    CASE(code_across_hole, Segv),
    CASE(execute_data, Segv),
    CASE(execute_stack, Segv),
    CASE(write_text, Segv),
    CASE(set_fs_kernel, None),
    CASE(fs_base_kernel_then_read, Segv),
    CASE(gs_base_odd, None),
    CASE(gs_base_not_canonical, Segv),
    CASE(user_selectors, None),
    CASE(xrstor_bad_header, Segv),
    CASE(fxrstor_bad_mxcsr, Any),
    CASE(ldmxcsr_bad, Any),
    CASE(sse_exception, Any),
    CASE(x87_exception, Fpe),
    CASE(x87_pending, None),
    CASE(cpuid_storm, None),
    CASE(sysenter, Any),
    CASE(clone_odd, None),
    CASE(stack_overflow, Segv),
    CASE(bus_error, Bus),
    CASE(write_read_only, Segv),
    CASE(read_none, Segv),
    CASE(unmap_self, Segv),
    CASE(unmap_stack, Segv),
    CASE(alignment_check, Any),
    CASE(frame_mxcsr, Segv),
    CASE(frame_components, Segv),
    CASE(frame_compacted, Segv),
    CASE(frame_unaligned, Segv),
    CASE(frame_state_in_hole, Segv),
    CASE(frame_header_in_hole, Segv),
    CASE(frame_state_in_kernel, Segv),
    CASE(frame_without_state, None),
    CASE(frame_kernel_rip, Segv),
    CASE(frame_odd_rip, Segv),
    CASE(frame_kernel_rsp, Segv),
    CASE(frame_kernel_cs, Segv),
    CASE(frame_kernel_ss, Segv),
    CASE(frame_trap_flag, Trap),
    CASE(frame_all_flags, None),
    CASE(frame_mask, None),
    CASE(no_frame, Segv),
    CASE(frame_in_kernel, Segv),
    CASE(frame_of_zeros, Segv),
    CASE(frame_across_hole, Segv),
    CASE(frame_without_room, Segv),
    CASE(frame_onto_kernel, Segv),
    CASE(frame_not_canonical, Segv),
};
#define CASES (sizeof cases / sizeof *cases)

static int same(const char *one, const char *other)
{
    while (*one && *one == *other) one++, other++;
    return *one == *other;
}

static void list(void)
{
    for (unsigned i = 0; i < CASES; i++) {
        say(cases[i].name);
        say(" ");
        say_number((u64)cases[i].signal);
        say("\n");
    }
    for (unsigned vector = 0; vector < 256; vector++) {
        say("int-");
        say_number(vector);
        // Only breakpoint and overflow may be raised by programs; 0x80 is Linux's door for 32-bit programs.
        say(vector == 3 ? " 5\n" : " 11\n");
    }
}

int run(int argc, char **argv)
{
    if (argc < 2) return 1;
    if (same(argv[1], "list")) return list(), 0;
    if (argv[1][0] == 'i' && argv[1][3] == '-') {
        interrupt((unsigned)parse_number(argv[1] + 4));
        return 0;
    }
    for (unsigned i = 0; i < CASES; i++) {
        if (!same(argv[1], cases[i].name)) continue;
        cases[i].run();
        return 0;
    }
    return 99;
}
