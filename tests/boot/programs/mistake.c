/* Makes the mistake that its argument names: the tests read what the kernel says about it. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static const char constant[] = "constant";
static char variable[64] = "variable";

static int recurse(int depth)
{
    volatile char local[1000];
    local[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + local[0]; /* "< 0" never comes: the stack ends first */
}

/* Makes the mistake again that it was called for. */
static void handle(int signal)
{
    *(volatile char *)8 = (char)signal;
}

static void jump(const volatile void *to)
{
    ((void (*)(void))to)();
}

static void use_memory(const char *mistake)
{
    volatile char *area =
        mmap((void *)0x200000000000, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    volatile char *reserved =
        mmap((void *)0x210000000000, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (!strcmp(mistake, "null")) *(volatile char *)0 = 1;
    if (!strcmp(mistake, "member")) (void)((volatile char *)0)[20];
    if (!strcmp(mistake, "code")) *(volatile char *)recurse = 1;
    if (!strcmp(mistake, "constant")) *(volatile char *)constant = 1;
    if (!strcmp(mistake, "break")) ((volatile char *)sbrk(0))[0x100000] = 1;
    if (!strcmp(mistake, "stack")) recurse(0);
    if (!strcmp(mistake, "read_only")) area[5000] = 1;
    if (!strcmp(mistake, "reserved")) reserved[16] = 1;
    if (!strcmp(mistake, "past_end")) (void)area[65536 + 9];
    if (!strcmp(mistake, "kernel")) (void)*(volatile char *)0xffff800000000000;
    if (!strcmp(mistake, "run_data")) jump(variable);
    if (!strcmp(mistake, "run_null")) jump(0);
}

static void use_processor(const char *mistake)
{
    if (!strcmp(mistake, "pointer")) __asm__ volatile("mov (%0), %%al" ::"b"(0x4141414141414141) : "rax");
    if (!strcmp(mistake, "divide")) __asm__ volatile("div %0" ::"r"(0ul), "a"(1ul), "d"(0ul));
    if (!strcmp(mistake, "trap")) __builtin_trap();
    if (!strcmp(mistake, "halt")) __asm__ volatile("hlt");
    if (!strcmp(mistake, "int80")) __asm__ volatile("int $0x80");
}

static void use_signals(const char *mistake)
{
    if (!strcmp(mistake, "abort")) abort();
    if (!strcmp(mistake, "terminate")) kill(getpid(), SIGTERM);
    if (!strcmp(mistake, "in_handler")) {
        signal(SIGSEGV, handle);
        *(volatile char *)8 = 1;
    }
    if (!strcmp(mistake, "no_room")) {
        signal(SIGSEGV, handle);
        recurse(0);
    }
    if (!strcmp(mistake, "time")) {
        struct rlimit second = {1, 2};
        setrlimit(RLIMIT_CPU, &second);
        for (;;) {}
    }
}

int main(int argc, char **argv)
{
    use_memory(argv[argc - 1]);
    use_processor(argv[argc - 1]);
    use_signals(argv[argc - 1]);
    puts("no mistake was made");
    return 0;
}
