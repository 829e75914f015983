// Sets of signals as programs pass them.
#pragma once

#include "kernel/signal/signal_number.hpp"
#include "kernel/trap/user_copy.hpp"

namespace kernel {

inline constexpr uint64_t SignalSetSize = sizeof(uint64_t); // sizeof(sigset_t) in the kernel

// Invalid: a set of another size than the kernel's. BadAddress.
inline lib::Result<SignalSet> read_signal_set(mm::VirtAddr from, uint64_t size)
{
    if (size != SignalSetSize) return lib::Errno::Invalid;
    return SignalSet{TRY(read_user<uint64_t>(from))};
}

} // namespace kernel
