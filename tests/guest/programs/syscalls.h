// syscalls.h: the system calls of Linux x86-64 as functions that return what the kernel returns (a negative
// errno for a failure), without the C library's own checks, caches or vDSO in between.
#pragma once

#include <stddef.h>
#include <sys/syscall.h>

static inline __attribute__((unused)) long system_call(long number, long a, long b, long c, long d, long e,
                                                       long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

// Declares sys_NAME with the given parameters, which are all passed as machine words.
#define CALL0(name)                                                                                          \
    static inline __attribute__((unused)) long sys_##name(void)                                              \
    {                                                                                                        \
        return system_call(SYS_##name, 0, 0, 0, 0, 0, 0);                                                    \
    }
#define CALL1(name, A)                                                                                       \
    static inline __attribute__((unused)) long sys_##name(A a)                                               \
    {                                                                                                        \
        return system_call(SYS_##name, (long)a, 0, 0, 0, 0, 0);                                              \
    }
#define CALL2(name, A, B)                                                                                    \
    static inline __attribute__((unused)) long sys_##name(A a, B b)                                          \
    {                                                                                                        \
        return system_call(SYS_##name, (long)a, (long)b, 0, 0, 0, 0);                                        \
    }
#define CALL3(name, A, B, C)                                                                                 \
    static inline __attribute__((unused)) long sys_##name(A a, B b, C c)                                     \
    {                                                                                                        \
        return system_call(SYS_##name, (long)a, (long)b, (long)c, 0, 0, 0);                                  \
    }
#define CALL4(name, A, B, C, D)                                                                              \
    static inline __attribute__((unused)) long sys_##name(A a, B b, C c, D d)                                \
    {                                                                                                        \
        return system_call(SYS_##name, (long)a, (long)b, (long)c, (long)d, 0, 0);                            \
    }
#define CALL5(name, A, B, C, D, E)                                                                           \
    static inline __attribute__((unused)) long sys_##name(A a, B b, C c, D d, E e)                           \
    {                                                                                                        \
        return system_call(SYS_##name, (long)a, (long)b, (long)c, (long)d, (long)e, 0);                      \
    }
#define CALL6(name, A, B, C, D, E, F)                                                                        \
    static inline __attribute__((unused)) long sys_##name(A a, B b, C c, D d, E e, F f)                      \
    {                                                                                                        \
        return system_call(SYS_##name, (long)a, (long)b, (long)c, (long)d, (long)e, (long)f);                \
    }

typedef const void *Pointer;

// files
CALL3(read, long, Pointer, size_t)
CALL3(write, long, Pointer, size_t)
CALL3(readv, long, Pointer, long)
CALL3(writev, long, Pointer, long)
CALL4(pread64, long, Pointer, size_t, long)
CALL3(open, Pointer, long, long)
CALL4(openat, long, Pointer, long, long)
CALL1(close, long)
CALL3(lseek, long, long, long)
CALL2(fstat, long, Pointer)
CALL2(stat, Pointer, Pointer)
CALL4(newfstatat, long, Pointer, Pointer, long)
CALL2(access, Pointer, long)
CALL3(readlink, Pointer, Pointer, long)
CALL3(ioctl, long, unsigned long, Pointer)
// memory
CALL6(mmap, Pointer, size_t, long, long, long, long)
CALL2(munmap, Pointer, size_t)
CALL3(mprotect, Pointer, size_t, long)
CALL5(mremap, Pointer, size_t, size_t, long, Pointer)
CALL3(madvise, Pointer, size_t, long)
CALL3(mincore, Pointer, size_t, Pointer)
CALL3(msync, Pointer, size_t, long)
CALL2(mlock, Pointer, size_t)
CALL3(mlock2, Pointer, size_t, long)
CALL2(munlock, Pointer, size_t)
CALL1(mlockall, long)
CALL0(munlockall)
CALL1(brk, Pointer)
// processes
CALL2(arch_prctl, long, Pointer)
CALL1(set_tid_address, Pointer)
CALL2(set_robust_list, Pointer, size_t)
CALL4(rseq, Pointer, size_t, long, long)
CALL4(prlimit64, long, long, Pointer, Pointer)
CALL2(getrlimit, long, Pointer)
CALL2(setrlimit, long, Pointer)
CALL0(getpid)
CALL0(getppid)
CALL0(gettid)
CALL0(getuid)
CALL0(geteuid)
CALL0(getgid)
CALL0(getegid)
CALL1(setuid, long)
CALL1(setgid, long)
CALL2(setreuid, long, long)
CALL2(setregid, long, long)
CALL3(setresuid, long, long, long)
CALL3(setresgid, long, long, long)
CALL1(setfsuid, long)
CALL1(setfsgid, long)
CALL2(setgroups, long, Pointer)
CALL2(getgroups, long, Pointer)
CALL1(uname, Pointer)
CALL1(sysinfo, Pointer)
CALL3(getrandom, Pointer, size_t, long)
CALL2(getrusage, long, Pointer)
CALL2(kill, long, long)
CALL3(tgkill, long, long, long)
CALL4(rt_sigaction, long, Pointer, Pointer, size_t)
CALL4(rt_sigprocmask, long, Pointer, Pointer, size_t)
CALL1(exit, long)
CALL1(exit_group, long)
CALL6(futex, Pointer, long, long, Pointer, Pointer, long)
CALL0(sched_yield)
// time
CALL2(clock_gettime, long, Pointer)
CALL2(clock_getres, long, Pointer)
CALL2(gettimeofday, Pointer, Pointer)
CALL1(time, Pointer)
CALL2(nanosleep, Pointer, Pointer)
CALL4(clock_nanosleep, long, long, Pointer, Pointer)
