// handlers.h: signal handlers without a C library's wrapper: the kernel's own structure, and the way back.
#pragma once

#include <ucontext.h>

#include "children.h"

#define RESTORER 0x4000000ul

CALL4(rt_sigtimedwait, Pointer, Pointer, Pointer, size_t)
CALL2(rt_sigsuspend, Pointer, size_t)
CALL2(rt_sigpending, Pointer, size_t)
CALL3(rt_sigqueueinfo, long, long, Pointer)
CALL4(rt_tgsigqueueinfo, long, long, long, Pointer)
CALL2(sigaltstack, Pointer, Pointer)
CALL2(tkill, long, long)
CALL0(pause)
CALL1(alarm, long)
CALL3(setitimer, long, Pointer, Pointer)
CALL2(getitimer, long, Pointer)

void restore_signal(void);
__asm__(".globl restore_signal\n"
        "restore_signal:\n"
        "    mov $15, %eax\n" // rt_sigreturn
        "    syscall\n");

typedef void Handler(int, siginfo_t *, void *);

static UNUSED long handle(long signal, Handler *handler, unsigned long flags, unsigned long mask)
{
    struct KernelAction action = {(unsigned long)handler, flags | RESTORER, (unsigned long)restore_signal,
                                  mask};
    return sys_rt_sigaction(signal, &action, NULL, 8);
}

static UNUSED long by_default(long signal)
{
    struct KernelAction action = {(unsigned long)SIG_DFL, 0, 0, 0};
    return sys_rt_sigaction(signal, &action, NULL, 8);
}

static UNUSED unsigned long current_mask(void)
{
    unsigned long mask = 0;
    sys_rt_sigprocmask(SIG_BLOCK, NULL, &mask, 8);
    return mask;
}
static UNUSED unsigned long pending(void)
{
    unsigned long mask = 0;
    sys_rt_sigpending(&mask, 8);
    return mask;
}

// Sleeps until a signal that `mask` does not block has been handled.
static UNUSED long wait_with(unsigned long mask)
{
    return sys_rt_sigsuspend(&mask, 8);
}

// A value with a signal, as sigqueue(3) sends it.
static UNUSED long queue(long pid, int signal, int value)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = signal;
    info.si_code = SI_QUEUE;
    info.si_pid = (int)sys_getpid();
    info.si_value.sival_int = value;
    return sys_rt_sigqueueinfo(pid, signal, &info);
}
