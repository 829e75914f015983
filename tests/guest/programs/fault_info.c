// What a handler learns of a fault: si_signo, si_code, si_addr; trap number, error code and address in
// its frame.
// libc: none
#include "handlers.h"

static const void *expected; // si_addr, when it is a place of ours
static volatile unsigned long resume;
static unsigned long kept_stack;

static const char *code_name(int signal, int code)
{
    static const struct {
        int signal, code;
        const char *name;
    } names[] = {
        {SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR"}, {SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR"},
        {SIGBUS, BUS_ADRERR, "BUS_ADRERR"},    {SIGBUS, BUS_ADRALN, "BUS_ADRALN"},
        {SIGFPE, FPE_INTDIV, "FPE_INTDIV"},    {SIGFPE, FPE_FLTDIV, "FPE_FLTDIV"},
        {SIGFPE, FPE_FLTINV, "FPE_FLTINV"},    {SIGFPE, FPE_FLTOVF, "FPE_FLTOVF"},
        {SIGFPE, FPE_FLTUND, "FPE_FLTUND"},    {SIGFPE, FPE_FLTRES, "FPE_FLTRES"},
        {SIGILL, ILL_ILLOPN, "ILL_ILLOPN"},    {SIGILL, ILL_ILLOPC, "ILL_ILLOPC"},
        {SIGTRAP, TRAP_BRKPT, "TRAP_BRKPT"},   {SIGTRAP, TRAP_TRACE, "TRAP_TRACE"},
        {SIGTRAP, SI_KERNEL, "SI_KERNEL"},     {SIGSEGV, SI_KERNEL, "SI_KERNEL"},
        {SIGSEGV, SI_USER, "SI_USER"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        if (names[i].signal == signal && names[i].code == code) return names[i].name;
    }
    return "another code";
}

static void tell_all(int signal, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    long *registers = (long *)user->uc_mcontext.gregs;
    const char *where = info->si_addr == expected                       ? "the place"
                        : info->si_addr == NULL                         ? "0"
                        : (long)info->si_addr == registers[REG_RIP]     ? "the instruction"
                        : (long)info->si_addr == registers[REG_RIP] - 1 ? "the instruction before"
                                                                        : "elsewhere";
    SAY("    %s %s at %s, trap %ld, error %lx, cr2 %s", signal_name(signal), code_name(signal, info->si_code),
        where, registers[REG_TRAPNO], registers[REG_ERR],
        signal == SIGSEGV && registers[REG_CR2] == (long)expected ? "the place" : "-");
    registers[REG_RIP] = (long)resume;
    registers[REG_RSP] = (long)kept_stack;
    registers[REG_EFL] &= ~0x100l; // no more single steps
}

// Runs the instructions; the handler leads to the label behind them.
#define FAULT(what, place, code, ...)                                                                        \
    do {                                                                                                     \
        SAY("%s", what);                                                                                     \
        expected = (const void *)(place);                                                                    \
        __asm__ volatile("lea 9f(%%rip), %%rax; mov %%rax, %0; mov %%rsp, %1\n" code "\n9:"                  \
                         : "=m"(resume), "=m"(kept_stack)                                                    \
                         : "m"(expected), ##__VA_ARGS__                                                      \
                         : "rax", "rcx", "rdx", "r8", "r9", "memory", "cc");                                 \
    } while (0)

#define LOAD_PLACE "mov %2, %%rcx\n"

int main(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (int i = 0; i < 5; ++i) handle(signals[i], tell_all, SA_SIGINFO, 0);
    char *page = map_at(BASE, 3 * PAGE, PROT_READ | PROT_WRITE);
    sys_mprotect(page + PAGE, PAGE, PROT_READ);
    sys_mprotect(page + 2 * PAGE, PAGE, PROT_NONE);

    FAULT("read null", 0, LOAD_PLACE "mov (%%rcx), %%rax");
    FAULT("write near null", 16, LOAD_PLACE "mov %%rax, (%%rcx)");
    FAULT("call null", 0, LOAD_PLACE "call *%%rcx");
    FAULT("read what is not mapped", BASE + GIB + 123, LOAD_PLACE "mov (%%rcx), %%al");
    FAULT("write what is read-only and not there", page + PAGE + 5, LOAD_PLACE "movb $1, (%%rcx)");
    (void)peek(page + PAGE);
    FAULT("write what is read-only and there", page + PAGE + 5, LOAD_PLACE "movb $1, (%%rcx)");
    FAULT("read what is PROT_NONE", page + 2 * PAGE + 8, LOAD_PLACE "mov (%%rcx), %%al");
    touch(page);
    FAULT("execute data", page, LOAD_PLACE "call *%%rcx");
    FAULT("write text", (char *)main, LOAD_PLACE "movb $1, (%%rcx)");
    FAULT("eight bytes across the end of a page", page + 3 * PAGE,
          LOAD_PLACE "mov -4096-4096-4096(%%rcx), %%rax; mov (%%rcx), %%rax");
    FAULT("read the kernel's memory", 0xffff888000000000, LOAD_PLACE "mov (%%rcx), %%rax");
    FAULT("write the kernel's memory", 0xffffffff81000000, LOAD_PLACE "mov %%rax, (%%rcx)");
    FAULT("jump there", 0xffffffff81000000, LOAD_PLACE "jmp *%%rcx");
    FAULT("non-canonical", 1, "mov $0x8000000000000000, %%rcx; mov (%%rcx), %%rax");
    FAULT("hlt", 1, "hlt");
    FAULT("rdmsr", 1, "mov $0xc0000080, %%ecx; rdmsr");
    FAULT("in", 1, "in $0x60, %%al");
    FAULT("int 13", 1, "int $13");
    FAULT("a bad selector", 1, "mov $0x7f8, %%eax; mov %%eax, %%fs");
    FAULT("ud2", 1, "ud2");
    FAULT("an undefined instruction", 1, ".byte 0x06");
    FAULT("division by zero", 1, "xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx");
    FAULT("division overflow", 1, "mov $1, %%edx; mov $1, %%ecx; div %%ecx");
    FAULT("int3", 1, "int3");
    FAULT("a single step", 1, "pushf; orl $0x100, (%%rsp); popf; nop; nop");
    unsigned short control = 0x37f & ~4;
    FAULT("x87 division by zero", 1, "fninit; fldcw %3; fld1; fldz; fdivrp; fwait", "m"(control));
    control = 0x37f & ~1;
    FAULT("x87 invalid operation", 1, "fninit; fldcw %3; fldz; fldz; fdivrp; fwait", "m"(control));
    __asm__ volatile("fninit");

    SAY("a file's pages past its end");
    long fd = sys_open("/proc/self/exe", O_RDONLY, 0);
    sys_mmap(BASE + GIB, 16 * MIB, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
    FAULT("read there", BASE + GIB + 16 * MIB - 10, LOAD_PLACE "mov (%%rcx), %%al");
    SAY("the kernel's own access is only an error");
    SHOW(sys_write(1, (char *)0x1000, 1));
    return 0;
}
