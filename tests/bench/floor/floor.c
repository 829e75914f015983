// floor.c: the least a kernel can pay. A bare-metal image that measures in the same QEMU what a system call,
// a page fault, a CR3 load and an invlpg cost when the kernel does next to nothing. Not a kernel: no areas,
// no accounting, one list of free pages, page tables built beforehand.
#include "floor.h"

enum { WindowPages = 16384 };         // 64 MiB
static const u64 Window = 0x40000000; // at 1 GiB: where the faults happen
static const u64 Pool = 0x4000000;    // 64 to 128 MiB: the free pages

u64 ptes[WindowPages] __attribute__((aligned(4096)));
u64 free_head, user_rsp, kern_rsp, main_rsp;
static u64 window_directory[512] __attribute__((aligned(4096)));
static u8 kernel_stack[16384] __attribute__((aligned(16)));
static u8 user_stack[16384] __attribute__((aligned(16)));
static u32 tss[26];
static struct {
    u16 low, selector;
    u8 ist, type;
    u16 middle;
    u32 high, reserved;
} idt[32] __attribute__((aligned(16)));

// In ring 3: the same image, whose pages have the user bit.
#define DONE(v) __asm__ volatile("syscall" ::"a"(1), "b"(v) : "rcx", "r11", "memory")
static void user_calls(void)
{
    u64 t = rdtsc();
    for (int i = 0; i < 20000; i++) {
        u64 r = 0;
        __asm__ volatile("syscall" : "+a"(r)::"rcx", "r11", "memory");
    }
    DONE(rdtsc() - t);
}
static void user_touches(void)
{
    u64 t = rdtsc();
    for (u64 p = Window; p < Window + WindowPages * 4096UL; p += 4096) *(volatile u8 *)p = 1;
    DONE(rdtsc() - t);
}

static u64 median(u64 *v)
{
    for (int i = 1; i < Repetitions; i++)
        for (int j = i; j && v[j - 1] > v[j]; j--) {
            u64 x = v[j];
            v[j] = v[j - 1];
            v[j - 1] = x;
        }
    return v[Repetitions / 2];
}

static void wrmsr(u32 m, u64 v)
{
    __asm__ volatile("wrmsr" ::"c"(m), "a"((u32)v), "d"((u32)(v >> 32)));
}

static void load_cr3(void)
{
    __asm__ volatile("mov %0,%%cr3" ::"r"(pml4) : "memory");
}

static void set_gate(int n, char *handler)
{
    u64 a = (u64)handler;
    idt[n].low = a, idt[n].selector = 8, idt[n].ist = 0, idt[n].type = 0x8E;
    idt[n].middle = a >> 16, idt[n].high = a >> 32;
}

static void empty_window(void)
{
    free_head = 0;
    for (u64 i = 0; i < WindowPages; i++) {
        u64 *p = (u64 *)(Pool + i * 4096);
        *p = free_head, free_head = (u64)p, ptes[i] = 0;
    }
    load_cr3();
}

static void measure_calls(const char *name, char *entry)
{
    u64 v[Repetitions];
    wrmsr(0xC0000082, (u64)entry); // LSTAR
    for (int r = 0; r < Repetitions; r++) v[r] = enter_user(user_calls);
    report(name, median(v), 20000);
}

static void measure_faults(const char *name, char *handler)
{
    u64 v[Repetitions];
    set_gate(14, handler);
    for (int r = 0; r < Repetitions; r++) {
        empty_window();
        v[r] = enter_user(user_touches);
    }
    report(name, median(v), WindowPages);
}

// Under TCG a CR3 load costs what the emulated TLB has grown to.
static void measure_cr3(const char *name)
{
    u64 v[Repetitions];
    for (int r = 0; r < Repetitions; r++) {
        u64 a = rdtsc();
        for (int i = 0; i < 5000; i++) load_cr3();
        v[r] = rdtsc() - a;
    }
    report(name, median(v), 5000);
}

static void measure_invlpg(void)
{
    u64 v[Repetitions];
    for (int r = 0; r < Repetitions; r++) {
        u64 a = rdtsc();
        for (int i = 0; i < 5000; i++) __asm__ volatile("invlpg (%0)" ::"r"(Window + i * 4096UL) : "memory");
        v[r] = rdtsc() - a;
    }
    report("floor_invlpg", median(v), 5000);
}

static void measure_mapped(void)
{
    u64 v[Repetitions];
    for (int r = 0; r < Repetitions; r++) v[r] = enter_user(user_touches);
    report("floor_touch_mapped", median(v), WindowPages);
}

// `hz=N` on multiboot's command line (Multiboot 0.6.96, 3.3: flag 2, offset 16).
static void read_command_line(const u32 *information)
{
    if (!(information[0] & 4)) return;
    for (char *s = (char *)(u64)information[4]; *s; s++)
        if (s[0] == 'h' && s[1] == 'z' && s[2] == '=')
            for (hz = 0, s += 3; *s >= '0' && *s <= '9'; s++) hz = hz * 10 + (*s - '0');
}

static void prepare_processor(void)
{
    struct {
        u16 limit;
        u64 address;
    } __attribute__((packed)) idtr = {sizeof idt - 1, (u64)idt};
    u64 t = (u64)tss;
    tss[1] = (u32)(u64)(kernel_stack + sizeof kernel_stack), tss[25] = 104 << 16;
    gdt[6] = 103 | (t & 0xffffff) << 16 | 0x89UL << 40 | (t >> 24 & 0xff) << 56, gdt[7] = t >> 32;
    __asm__ volatile("lidt %0\n ltr %w1" ::"m"(idtr), "r"(0x30));
    user_rsp = (u64)(user_stack + sizeof user_stack - 8);
    kern_rsp = (u64)(kernel_stack + sizeof kernel_stack);
    wrmsr(0xC0000081, 0x001BUL << 48 | 0x0008UL << 32); // STAR: user 0x18 gives cs 0x2b, ss 0x23
    wrmsr(0xC0000084, 0x700);                           // FMASK
    for (u64 i = 0; i < WindowPages / 512; i++) window_directory[i] = (u64)(ptes + i * 512) | 7;
    pdpt[1] = (u64)window_directory | 7;
}

void main(u32 information)
{
    read_command_line((u32 *)(u64)information);
    prepare_processor();
    measure_calls("floor_syscall_full_frame", sys_std);
    measure_calls("floor_syscall_bare", sys_min);
    measure_cr3("floor_cr3_load_fresh");
    measure_faults("floor_fault_prezeroed", pf_none);
    measure_faults("floor_fault_stosq", pf_stosq);
    measure_faults("floor_fault_stosb", pf_stosb);
    measure_faults("floor_fault_mov", pf_mov);
    measure_faults("floor_fault_sse", pf_sse);
    measure_faults("floor_fault_avx", pf_avx);
    measure_mapped();
    measure_cr3("floor_cr3_load_after_64m_touch");
    measure_invlpg();
    print_text("MB_END\n");
    for (;;) outb(0xF4, 0); // isa-debug-exit
}
