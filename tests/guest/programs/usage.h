// usage.h: page faults counted by getrusage(2).
#pragma once

#include <sys/resource.h>

#include "check.h"

static UNUSED long minor_faults(void)
{
    struct rusage usage;
    sys_getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

extern const char __executable_start[], etext[]; // the linker's

// Touches what counting itself needs: all of the program's text (Linux maps it sixteen pages at a time,
// others need not) and a piece of stack.
static UNUSED void WARM_UP(void)
{
    for (const char *page = __executable_start; page < etext; page += PAGE) (void)peek(page);
    volatile char stack[8192];
    stack[0] = stack[8191] = 1;
    for (int i = 0; i < 3; ++i) (void)minor_faults();
}

// How many minor faults the statement takes.
#define SHOW_FAULTS(statement)                                                                               \
    do {                                                                                                     \
        long before_ = minor_faults();                                                                       \
        statement;                                                                                           \
        long after_ = minor_faults();                                                                        \
        SAY("%s: %ld minor faults", #statement, after_ - before_);                                           \
    } while (0)
