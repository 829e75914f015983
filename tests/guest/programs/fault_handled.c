// A program that pages for itself: its handler of SIGSEGV maps the page and goes on; a write barrier;
// faults in handlers, and faults that stay.
// libc: glibc musl none
#include "handlers.h"

static volatile int faults;
static char *const area = BASE;

static void map_page(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    char *page = (char *)((unsigned long)info->si_addr & ~(PAGE - 1ul));
    if (page < area || page >= area + 64 * PAGE) leave(100);
    ++faults;
    map_at(page, PAGE, PROT_READ | PROT_WRITE);
    for (long i = 0; i < PAGE; i += 8) *(long *)(page + i) = (page - area) / PAGE;
}

// Notes which pages were written, as a garbage collector's barrier.
static char dirty[64];
static void note_write(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    long page = ((char *)info->si_addr - area) / PAGE;
    dirty[page] = 1;
    ++faults;
    sys_mprotect(area + page * PAGE, PAGE, PROT_READ | PROT_WRITE);
}

static void fault_again(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    SAY("    %s", signal_name(signal));
    if (signal == SIGSEGV) __asm__ volatile("ud2");
    touch(NULL); // blocked now: the end
}
static void nothing(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
    if (++faults == 5) {
        SAY("    the same fault five times");
        leave(5);
    }
}

static int fault_in_handler(void)
{
    handle(SIGSEGV, fault_again, 0, 0);
    handle(SIGILL, fault_again, 0, 0);
    touch(NULL);
    return 0;
}
static int fault_stays(void)
{
    faults = 0;
    handle(SIGSEGV, nothing, 0, 0);
    touch(NULL);
    return 0;
}
static int fault_blocked(void)
{
    handle(SIGSEGV, nothing, 0, 0);
    block(BIT(SIGSEGV));
    touch(NULL);
    return 0;
}
static int fault_ignored(void)
{
    ignore(SIGSEGV);
    touch(NULL);
    return 0;
}
static int fault_in_fork(void)
{
    // The handler is the child's as well, and so is what it maps.
    faults = 0;
    sys_munmap(area, 64 * PAGE);
    long sum = 0;
    for (int i = 0; i < 8; ++i) sum += area[i * PAGE];
    return faults == 8 && sum == 28 ? 8 : 1;
}

int main(void)
{
    SAY("demand paging");
    handle(SIGSEGV, map_page, SA_SIGINFO, 0);
    long sum = 0;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 64; ++i) sum += *(volatile long *)(area + ((i * 37) % 64) * PAGE + 8 * i);
    }
    SAY("    sum %ld, %d faults", sum, faults);
    show_end("    in a child", start(fault_in_fork));
    IS(area[5 * PAGE] == 5);
    SAY("    the kernel does not ask the handler");
    sys_munmap(area, PAGE);
    faults = 0;
    SHOW(sys_write(1, area, 1));
    SHOW(faults);

    SAY("a write barrier");
    handle(SIGSEGV, note_write, SA_SIGINFO, 0);
    map_at(area, 64 * PAGE, PROT_READ);
    faults = 0;
    for (int i = 0; i < 64; ++i) sum += area[i * PAGE];
    SHOW(faults);
    for (int i = 0; i < 64; i += 5) area[i * PAGE] = area[i * PAGE + 1] = 1;
    int marked = 0;
    for (int i = 0; i < 64; ++i) marked += dirty[i];
    SAY("    %d faults, %d pages marked", faults, marked);

    SAY("faults that end the program");
    show_end("    in handlers", start(fault_in_handler));
    show_end("    not repaired", start(fault_stays));
    show_end("    blocked", start(fault_blocked));
    show_end("    ignored", start(fault_ignored));
    return 0;
}
