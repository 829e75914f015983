// rseq(2) and signal handlers: a sequence that a handler came into is not gone on with; one that makes no
// sense is SIGSEGV.
// libc: none
#include "handlers.h"

#define SIGNATURE 0x53053053

struct Area {
    unsigned start, current;
    unsigned long sequence;
    unsigned flags, rest[3];
} __attribute__((aligned(32)));

struct Sequence {
    unsigned version, flags;
    unsigned long begin, length, abort;
} __attribute__((aligned(32)));

static struct Area area;
static struct Sequence sequence;
static volatile int handled;
static volatile unsigned long seen; // of the area, by the handler

static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    seen = ((volatile struct Area *)&area)->sequence;
    handled = 1;
}

// The sequence waits for a handler that never lets it go on: whoever comes out behind it was aborted.
static const char *run(void)
{
    unsigned long how;
    __asm__ volatile("lea 1f(%%rip), %%rax; mov %%rax, 8(%2)\n"
                     "lea 2f(%%rip), %%rcx; sub %%rax, %%rcx; mov %%rcx, 16(%2)\n"
                     "lea 3f(%%rip), %%rax; mov %%rax, 24(%2)\n"
                     "mov %2, 8(%1)\n"
                     "1: cmpl $0, %3; je 1b\n"
                     "mov $1, %0\n"
                     "2: jmp 4f\n"
                     ".long 0x53053053\n"
                     "3: mov $2, %0\n"
                     "4:"
                     : "=&r"(how)
                     : "r"(&area), "r"(&sequence), "m"(handled)
                     : "rax", "rcx", "memory", "cc");
    return how == 2 ? "aborted" : "went through";
}

static void soon(void)
{
    struct {
        struct timeval interval, value;
    } timer = {{0, 0}, {0, 20000}};
    handled = 0;
    sys_setitimer(0, &timer, NULL);
}

static int wrong_signature(void)
{
    sys_rseq(&area, sizeof area, 1, SIGNATURE);
    if (sys_rseq(&area, sizeof area, 0, SIGNATURE + 1) != 0) return 1;
    soon();
    run();
    return 2;
}
static int described_badly(void)
{
    sequence.version = 1;
    soon();
    run();
    return 2;
}
static int described_nowhere(void)
{
    area.sequence = 0x123000;
    soon();
    while (!handled) {}
    return 2;
}
// The SIGSEGV's handler cannot run either, though nothing blocks it.
static int described_nowhere_with_handler(void)
{
    handle(SIGSEGV, note, SA_SIGINFO | SA_NODEFER, 0);
    return described_nowhere();
}

int main(void)
{
    handle(SIGALRM, note, SA_SIGINFO, 0);
    SHOW(sys_rseq(&area, sizeof area, 0, SIGNATURE));
    SAY("in the middle");
    soon();
    SAY("    %s", run());
    IS(seen == 0 && area.sequence == 0);
    SAY("again");
    soon();
    SAY("    %s", run());
    SAY("outside: it is forgotten, and nothing happens");
    area.sequence = (unsigned long)&sequence;
    soon();
    while (!handled) {}
    IS(seen == 0 && area.sequence == 0);
    SAY("without any");
    soon();
    while (!handled) {}
    IS(seen == 0);
    SAY("wrong ones");
    show_end("    another signature", start(wrong_signature));
    show_end("    an unknown version", start(described_badly));
    show_end("    not mapped", start(described_nowhere));
    show_end("    not mapped, and SIGSEGV has a handler", start(described_nowhere_with_handler));
    return 0;
}
