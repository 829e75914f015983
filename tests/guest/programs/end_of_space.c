// A system call whose return address is the end of user space: the fault that follows is the program's, not
// the kernel's.
// libc: none
// cases: return_over_end jump_to_end
#include "check.h"

static char other_stack[16384] __attribute__((aligned(16)));

// The last page becomes code that ends with a system call; the old stack, which may lie there, is left first.
static __attribute__((noreturn, noinline)) void at_the_end(void)
{
    char *last = END_OF_USER - PAGE;
    map_at(last, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    memcpy(END_OF_USER - 2, "\x0f\x05", 2); // syscall
    SAY("a call in the last two bytes");
    __asm__ volatile("mov $110, %%eax; jmp *%0" ::"r"(END_OF_USER - 2) : "memory");
    __builtin_unreachable();
}

int main(int argc, char **argv)
{
    if (same_text(argv[argc - 1], "jump_to_end")) {
        SAY("a jump");
        ((void (*)(void))END_OF_USER)();
    }
    __asm__ volatile("mov %0, %%rsp; xor %%ebp, %%ebp; call *%1" ::"r"(other_stack + sizeof other_stack),
                     "r"(at_the_end)
                     : "memory");
    __builtin_unreachable();
}
