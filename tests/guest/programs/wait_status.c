// wait4(2): the status of every kind of end: exits, each signal that kills, faults.
// libc: none
#include "handlers.h"

static int number;

static int leave_with(void)
{
    leave(number);
    return 0;
}
static int leave_thread(void)
{
    sys_exit(number);
    return 0;
}
static int kill_self(void)
{
    sys_kill(sys_getpid(), number);
    return 77;
}
static int wait_to_be_killed(void)
{
    for (;;) sys_pause();
    return 0;
}
static int read_null(void)
{
    return peek(NULL);
}
static int undefined(void)
{
    __asm__ volatile("ud2");
    return 0;
}
static int divide(void)
{
    __asm__ volatile("div %0" ::"r"(0ul), "a"(1ul), "d"(0ul));
    return 0;
}
static int breakpoint(void)
{
    __asm__ volatile("int3");
    return 0;
}

int main(void)
{
    SAY("exit");
    static const int codes[] = {0, 1, 2, 127, 128, 255, 256, 257, -1, 0x7fffff42};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; ++i) {
        number = codes[i];
        SAY("exit_group(%d), exit(%d)", number, number);
        show_end("    exit_group", start(leave_with));
        show_end("    exit", start(leave_thread));
    }
    SAY("its own signal");
    for (number = 1; number <= 64; ++number) {
        if (number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) continue;
        if (number == 32 || number == 33) continue;
        if (number > 36 && number < 63) continue;
        show_end(signal_name(number), start(kill_self));
    }
    SAY("its parent's signal");
    for (number = 1; number <= 15; ++number) {
        long child = start(wait_to_be_killed);
        SHOW(sys_kill(child, number));
        show_end(signal_name(number), child);
    }
    SAY("faults");
    show_end("null", start(read_null));
    show_end("ud2", start(undefined));
    show_end("divide", start(divide));
    show_end("int3", start(breakpoint));

    SAY("the parent's own children, in any order");
    long children[4];
    for (number = 0; number < 4; ++number) children[number] = start(leave_with);
    show_end("third", children[2]);
    show_end("first", children[0]);
    int statuses = 0, status;
    for (int i = 0; i < 2; ++i) {
        long ended = sys_wait4(-1, &status, 0, NULL);
        statuses |= 1 << WEXITSTATUS(status);
        if (ended != children[WEXITSTATUS(status)]) SAY("another process");
    }
    SAY("0x%x", (unsigned)statuses);
    SHOW(sys_wait4(-1, &status, 0, NULL));
    return 0;
}
