// The frame of a signal on the stack has Linux's layout; a forged frame ends that program only, or is
// harmless; no room for a frame.
// libc: none
#include "handlers.h"

#define MAGIC1 0x46505853
#define MAGIC2 0x46505845

// What sw_reserved of the saved x87/SSE area says (asm/sigcontext.h).
struct Software {
    unsigned magic1, extended_size;
    unsigned long features;
    unsigned state_size, padding[7];
};

static unsigned long at_signal; // the stack pointer that was interrupted

static void look(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    long *registers = (long *)user->uc_mcontext.gregs;
    unsigned long frame = (unsigned long)__builtin_frame_address(0) + 8; // of the return address
    (void)signal;
    IS(frame % 16 == 8);
    IS(*(unsigned long *)frame == (unsigned long)restore_signal);
    IS((unsigned long)context == frame + 8);
    SAY("    siginfo is %ld bytes behind the context", (long)info - (long)context);
    IS((unsigned long)registers[REG_RSP] == at_signal);
    IS(at_signal - 128 > (unsigned long)user->uc_mcontext.fpregs);
    IS((unsigned long)user->uc_mcontext.fpregs % 64 == 0);
    IS((unsigned long)user->uc_mcontext.fpregs > (unsigned long)info);
    SAY("    flags %lx, link %s", user->uc_flags, user->uc_link ? "something" : "null");
    SAY("    cs %lx ss %lx", registers[REG_CSGSFS] & 0xffff, (unsigned long)registers[REG_CSGSFS] >> 48);
    SAY("    mask %lx, oldmask %lx", *(unsigned long *)&user->uc_sigmask,
        (unsigned long)registers[REG_OLDMASK]);
    SAY("    eflags, but for the arithmetic ones: %lx", (unsigned long)registers[REG_EFL] & ~0x8d5ul);
    char *state = (char *)user->uc_mcontext.fpregs;
    struct Software *software = (struct Software *)(state + 464);
    IS(software->magic1 == MAGIC1);
    IS(software->extended_size == software->state_size + 4);
    IS(*(unsigned *)(state + software->state_size) == MAGIC2);
    IS((software->features & 7) == 7);
    unsigned long bits = *(unsigned long *)(state + 512), compaction = *(unsigned long *)(state + 520);
    IS((bits & ~software->features) == 0 && compaction == 0);
    IS((unsigned long)state + software->state_size + 4 <= at_signal - 128);
    SAY("    control word %x, mxcsr %x", *(unsigned short *)state, *(unsigned *)(state + 24));
}

// --- forged frames: each is the whole of a child's end ---

static int forgery;
static void forge(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    ucontext_t *user = context;
    long *registers = (long *)user->uc_mcontext.gregs;
    char *state = (char *)user->uc_mcontext.fpregs;
    switch (forgery) {
    case 0:
        break;
    case 1:
        registers[REG_RIP] = (long)0x8000000000000000;
        break;
    case 2:
        registers[REG_RIP] = (long)0xffffffff81000000;
        break;
    case 3:
        registers[REG_RSP] = 0;
        break;
    case 4:
        registers[REG_CSGSFS] = (registers[REG_CSGSFS] & ~0xffffl) | 0x10; // the kernel's cs
        break;
    case 5:
        registers[REG_CSGSFS] = (registers[REG_CSGSFS] & 0xffffffffffffl) | 0x18l << 48; // the kernel's ss
        break;
    case 6:
        registers[REG_EFL] = ~0l; // IOPL, NT, RF, VM, TF …
        break;
    case 7:
        *(unsigned long *)(state + 512) = ~0ul; // XSTATE_BV
        break;
    case 8:
        *(unsigned long *)(state + 520) = 1ul << 63; // XCOMP_BV
        break;
    case 9:
        user->uc_mcontext.fpregs = (void *)0x1000;
        break;
    case 10:
        user->uc_mcontext.fpregs = (void *)0xffff888000000000;
        break;
    case 11:
        user->uc_mcontext.fpregs = (void *)(state + 1);
        break;
    case 12:
        user->uc_mcontext.fpregs = NULL;
        break;
    case 13:
        *(unsigned *)(state + 464) = 0; // no MAGIC1: only the first 512 bytes count
        break;
    case 14:
        memset(&user->uc_sigmask, 0xff, 8);
        break;
    case 15:
        user->uc_stack.ss_size = 1;
        user->uc_stack.ss_flags = 77;
        break;
    case 16:
        user->uc_flags = 0;
        break;
    case 17:
        registers[REG_EFL] |= 0x3000; // IOPL: whoever has it may turn interrupts off
        break;
    case 18:
        registers[REG_EFL] &= ~0x200l; // interrupts are off
        break;
    }
}

static int forged(void)
{
    handle(SIGUSR1, forge, SA_SIGINFO, 0);
    sys_kill(sys_getpid(), SIGUSR1);
    if (forgery == 14) SAY("    blocked: %lx", current_mask());
    if (forgery == 17) __asm__ volatile("cli");
    if (forgery == 18) {
        unsigned long flags;
        __asm__ volatile("pushfq; pop %0" : "=r"(flags));
        SAY("    interrupts are %s", flags & 0x200 ? "on" : "off");
    }
    return 44;
}
static int no_frame(void)
{
    __asm__ volatile("mov $15, %%eax; xor %%esp, %%esp; syscall" ::: "memory");
    return 1;
}
static int frame_in_kernel(void)
{
    __asm__ volatile("mov $15, %%eax; mov $0xffff888000000008, %%rsp; syscall" ::: "memory");
    return 1;
}
static int bad_stack(void)
{
    handle(SIGUSR1, look, SA_SIGINFO, 0);
    __asm__ volatile("mov %%rsp, %%rbx; mov $64, %%esp; syscall; mov %%rbx, %%rsp" ::"a"(SYS_kill),
                     "D"(sys_getpid()), "S"(SIGUSR1)
                     : "rbx", "rcx", "r11", "memory");
    return 1;
}
// The handler of the SIGSEGV that a bad stack causes runs where it can.
static char altstack[16 * PAGE];
static void caught(int signal, siginfo_t *info, void *context)
{
    (void)context;
    SAY("    %s, %s", signal_name(signal), info->si_code == SI_KERNEL ? "SI_KERNEL" : "another code");
    leave(33);
}
static int bad_stack_caught(void)
{
    stack_t stack = {altstack, 0, sizeof altstack};
    sys_sigaltstack(&stack, NULL);
    handle(SIGSEGV, caught, SA_SIGINFO | SA_ONSTACK, 0);
    return bad_stack();
}
static int no_restorer(void)
{
    struct KernelAction action = {(unsigned long)look, SA_SIGINFO, 0, 0};
    sys_rt_sigaction(SIGUSR1, &action, NULL, 8);
    sys_kill(sys_getpid(), SIGUSR1);
    return 1;
}

int main(void)
{
    handle(SIGUSR1, look, SA_SIGINFO, BIT(SIGHUP));
    block(BIT(SIGTERM));
    SAY("the frame");
    __asm__ volatile("mov %%rsp, %0; syscall"
                     : "=m"(at_signal)
                     : "a"(SYS_kill), "D"(sys_getpid()), "S"(SIGUSR1)
                     : "rcx", "r11", "memory");
    unblock(BIT(SIGTERM));
    SAY("forged ones");
    for (forgery = 0; forgery <= 18; ++forgery) {
        char name[] = "    00";
        name[4] = (char)('0' + forgery / 10), name[5] = (char)('0' + forgery % 10);
        show_end(name, start(forged));
    }
    show_end("    no frame", start(no_frame));
    show_end("    a frame in the kernel", start(frame_in_kernel));
    SAY("no room for a frame");
    show_end("    it", start(bad_stack));
    show_end("    caught", start(bad_stack_caught));
    SAY("no way back");
    show_end("    it", start(no_restorer));
    return 0;
}
