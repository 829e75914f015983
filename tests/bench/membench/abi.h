// abi.h: the Linux x86-64 system calls that membench uses, as plain `syscall` instructions, and the clock.
// Nothing of a C library is called, so the same program measures any kernel with this ABI (syscalls(2),
// asm/unistd_64.h).
#pragma once

typedef unsigned long u64;
typedef long s64;
typedef unsigned char u8;

#define PAGE 4096UL
#define MiB (1UL << 20)
#define NOINLINE __attribute__((noinline))
#define barrier() __asm__ volatile("" ::: "memory")

enum {
    SYS_read = 0,
    SYS_write = 1,
    SYS_open = 2,
    SYS_close = 3,
    SYS_lseek = 8,
    SYS_mmap = 9,
    SYS_mprotect = 10,
    SYS_munmap = 11,
    SYS_brk = 12,
    SYS_pipe = 22,
    SYS_msync = 26,
    SYS_madvise = 28,
    SYS_fork = 57,
    SYS_execve = 59,
    SYS_exit = 60,
    SYS_wait4 = 61,
    SYS_unlink = 87,
    SYS_getrusage = 98,
    SYS_sysinfo = 99,
    SYS_getppid = 110,
    SYS_prctl = 157,
    SYS_swapon = 167,
    SYS_clock_gettime = 228,
};
enum { P_NONE = 0, P_R = 1, P_W = 2, P_RW = 3 };
enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANON = 0x20, MAP_NORESERVE = 0x4000 };
enum { O_RDONLY = 0, O_RDWR = 2, O_CREAT = 0100, O_TRUNC = 01000, O_DIRECT = 040000 };
enum { MADV_NOHUGEPAGE = 15, MS_SYNC = 4, PR_SET_THP_DISABLE = 41 };
enum { CLOCK_MONOTONIC = 1, CLOCK_PROCESS_CPUTIME_ID = 2 };
enum { E_NOENT = 2, E_IO = 5, E_CHILD = 10, E_FAULT = 14, E_INVAL = 22, E_NOSYS = 38 };

static inline s64 sc6(s64 n, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
    s64 r;
    register u64 r10 __asm__("r10") = d;
    register u64 r8 __asm__("r8") = e;
    register u64 r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(r)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return r;
}
static inline s64 sc3(s64 n, u64 a, u64 b, u64 c)
{
    s64 r;
    __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return r;
}
#define sc0(n) sc3(n, 0, 0, 0)
#define sc1(n, a) sc3(n, (u64)(a), 0, 0)
#define sc2(n, a, b) sc3(n, (u64)(a), (u64)(b), 0)
#define is_error(r) ((u64)(r) > (u64)-4096)

static inline s64 map(u64 len, int prot, int flags, int fd)
{
    return sc6(SYS_mmap, 0, len, prot, flags, (u64)(s64)fd, 0);
}
static inline s64 map_anonymous(u64 len)
{
    return map(len, P_RW, MAP_PRIVATE | MAP_ANON, -1);
}
static inline s64 unmap(u64 a, u64 len)
{
    return sc2(SYS_munmap, a, len);
}
// Best effort: a kernel without huge pages refuses, and needs no telling.
static inline void no_huge_pages(u64 a, u64 len)
{
    sc3(SYS_madvise, a, len, MADV_NOHUGEPAGE);
}

static inline u64 rdtsc(void)
{
    unsigned lo, hi;
    __asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi)::"memory");
    return (u64)hi << 32 | lo;
}
