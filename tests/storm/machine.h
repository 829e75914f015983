// What the programs of this suite share: system calls without a C library (whose own memory a storm would
// tear down), seeded random numbers, and words on standard output.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint64_t u64;

enum {
    SysRead = 0,
    SysWrite = 1,
    SysOpen = 2,
    SysClose = 3,
    SysMmap = 9,
    SysMprotect = 10,
    SysMunmap = 11,
    SysBrk = 12,
    SysSigaction = 13,
    SysMremap = 25,
    SysMadvise = 28,
    SysMlock = 149,
    SysMunlockall = 152,
    SysArchPrctl = 158,
    SysExit = 231,
    SysGetpid = 39,
    SysUname = 63,
};

static inline long call6(long number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    long result;
    register u64 r10 asm("r10") = d;
    register u64 r8 asm("r8") = e;
    register u64 r9 asm("r9") = f;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}
#define call0(n) call6(n, 0, 0, 0, 0, 0, 0)
#define call1(n, a) call6(n, (u64)(a), 0, 0, 0, 0, 0)
#define call2(n, a, b) call6(n, (u64)(a), (u64)(b), 0, 0, 0, 0)
#define call3(n, a, b, c) call6(n, (u64)(a), (u64)(b), (u64)(c), 0, 0, 0)

static inline void leave(int status)
{
    for (;;) call1(SysExit, status);
}

static inline size_t length_of(const char *text)
{
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

static inline void say(const char *text)
{
    call3(SysWrite, 1, text, length_of(text));
}

static inline void say_number(u64 number)
{
    char text[24];
    char *at = text + sizeof text;
    *--at = '\0';
    do *--at = '0' + number % 10;
    while ((number /= 10) != 0);
    say(at);
}

static inline u64 parse_number(const char *text)
{
    u64 number = 0;
    for (; *text >= '0' && *text <= '9'; text++) number = number * 10 + (u64)(*text - '0');
    return number;
}

// xorshift64* (Vigna, 2014).
static u64 random_state = 1;

static inline u64 next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1d;
}
static inline u64 below(u64 limit)
{
    return (next_random() >> 11) % limit;
}
static inline int one_in(u64 n)
{
    return below(n) == 0;
}

// Where the kernel puts a program: argc and argv are on the stack (x86-64 ABI, 3.4.1).
int run(int argc, char **argv);

#define PROGRAM_START                                                                                        \
    asm(".globl _start\n_start:\n xor %ebp, %ebp\n mov (%rsp), %edi\n lea 8(%rsp), %rsi\n and $-16, %rsp\n"  \
        " call start_in_c\n");                                                                               \
    __attribute__((noreturn, used)) void start_in_c(int argc, char **argv)                                   \
    {                                                                                                        \
        leave(run(argc, argv));                                                                              \
        __builtin_unreachable();                                                                             \
    }
