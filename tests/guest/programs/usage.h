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

// How many minor faults the statement takes. The counting itself takes none once its code and stack have been
// touched, which WARM_UP() does.
#define WARM_UP()                                                                                            \
    do {                                                                                                     \
        for (int warm_ = 0; warm_ < 3; ++warm_) {                                                            \
            volatile char stack_[8192];                                                                      \
            stack_[0] = stack_[8191] = 1;                                                                    \
            (void)minor_faults();                                                                            \
        }                                                                                                    \
    } while (0)
#define SHOW_FAULTS(statement)                                                                               \
    do {                                                                                                     \
        long before_ = minor_faults();                                                                       \
        statement;                                                                                           \
        long after_ = minor_faults();                                                                        \
        SAY("%s: %ld minor faults", #statement, after_ - before_);                                           \
    } while (0)
