// How a system call goes on that a signal has interrupted and that must not simply begin anew, because what
// counts is the time that was left then: it returns Errno::RestartBlock and leaves this in its thread. If no
// handler runs, the program is made to call restart_syscall(2), which calls `again`.
#pragma once

#include "lib/result.hpp"
#include "mm/address.hpp"

#include <cstdint>

namespace kernel {

struct CallRestart {
    using Again = lib::Result<int64_t> (*)(const CallRestart &);

    Again again = nullptr; // null: EINTR
    uint64_t deadline = 0; // on the clock of clock_nanoseconds()
    mm::VirtAddr address;  // nanosleep's remaining time, or futex's word
    uint32_t value = 0;    // what futex expects there, and by which bits it is woken
    uint32_t bits = 0;
    uint32_t flags = 0;
};

} // namespace kernel
