// signals.h: the kernel's own forms of sigaction and sigset_t, which are not the C library's.
#pragma once

#include <signal.h>

#include "check.h"

struct KernelAction {
    unsigned long handler, flags, restorer, mask;
};

#define BIT(signal) (1ul << ((signal)-1))

static UNUSED long ignore(long signal)
{
    struct KernelAction action = {(unsigned long)SIG_IGN, 0, 0, 0};
    return sys_rt_sigaction(signal, &action, NULL, 8);
}

static UNUSED long block(unsigned long mask)
{
    return sys_rt_sigprocmask(SIG_BLOCK, &mask, NULL, 8);
}
static UNUSED long unblock(unsigned long mask)
{
    return sys_rt_sigprocmask(SIG_UNBLOCK, &mask, NULL, 8);
}
